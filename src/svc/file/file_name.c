/* svc/file/file_name.c: cleaning of names, and what they end in. */
#include "svc/file/file_name.h"
#include "base/fold.h"
#include "base/utf8.h"

#define ENDING_MAX 12                                     /* ".tar.gz": kept when a long name is cut */

/* Letters that are not seen, turn the direction, or end a line. */
static bool unseen(uint32_t c)
{
    return utf8_is_control(c) || c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

/* What some system takes for more than a letter of a name. */
static bool special(uint32_t c)
{
    return c < 0x80 && c && sv_find(SV("\"<>:|?*"), sv_n(&(char){(char)c}, 1), NULL);
}

static sv last_part(sv name)
{
    size_t at = name.n;

    while (at && name.p[at - 1] != '/' && name.p[at - 1] != '\\')
        at--;
    return sv_from(name, at);
}

/* Without blanks and dots at its end; dots at its beginning would hide it. */
static sv ends_off(sv name)
{
    size_t before;

    do {
        before = name.n;
        name = sv_trim(name);
        while (name.n && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
            name.n--;
        while (name.n && (name.p[0] == '.' || name.p[0] == ' '))
            name = sv_from(name, 1);
    } while (name.n != before);
    return name;
}

/* "con", "Nul.txt", "COM1": what a Windows machine opens is no file. */
static bool reserved(sv name)
{
    static const char *const names[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    sv stem = name;
    size_t dot;

    if (sv_find(name, SV("."), &dot))
        stem = sv_upto(name, dot);
    stem = sv_trim(stem);
    for (size_t i = 0; i < COUNT(names); i++)
        if (sv_equal_nocase(stem, sv_c(names[i])))
            return true;
    return stem.n == 4 && stem.p[3] >= '0' && stem.p[3] <= '9' &&
           (sv_equal_nocase(sv_upto(stem, 3), SV("com")) || sv_equal_nocase(sv_upto(stem, 3), SV("lpt")));
}

/* Where the ending begins; name.n: it has none that is short enough to be one. */
static size_t ending_at(sv name)
{
    size_t at = name.n;

    while (at > 0 && name.n - at < ENDING_MAX && name.p[at - 1] != '.')
        at--;
    return at > 0 && name.p[at - 1] == '.' ? at - 1 : name.n;
}

static sv shorten(struct arena *a, sv name)
{
    size_t dot = ending_at(name);

    if (utf8_count(name) <= FILE_NAME_MAX)
        return name;
    return sv_printf(a, "%.*s%.*s", SV_ARG(utf8_upto(name, FILE_NAME_MAX - ENDING_MAX)), SV_ARG(sv_from(name, dot)));
}

static sv cleaned(struct arena *a, sv name)
{
    struct str s = STR_IN(a);
    uint32_t c;

    name = last_part(name);
    for (size_t at = 0; utf8_next(name, &at, &c);)
        if (!unseen(c))
            utf8_put(&s, special(c) ? '_' : c);
    name = ends_off(shorten(a, ends_off(str_sv(&s))));      /* where it was cut may be another blank */
    if (name.n == 0)
        return SV("file");
    return reserved(name) ? sv_printf(a, "_%.*s", SV_ARG(name)) : name;
}

/* What one pass uncovers the next one takes: a clean name stays as it is. */
sv file_name_clean(struct arena *a, sv name)
{
    sv before;

    do {
        before = name;
        name = cleaned(a, name);
    } while (!sv_equal(name, before));
    return name;
}

/* ---- what it ends in ---- */

static bool in_set(sv set, sv word)
{
    sv part;

    while (word.n && sv_cut(&set, '|', &part))
        if (sv_equal(part, word))
            return true;
    return false;
}

static bool ends_in(sv name, sv set)
{
    size_t at;

    while (name.n && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
        name.n--;
    for (at = name.n; at && name.p[at - 1] != '.'; at--)
        continue;
    return at > 0 && in_set(set, sv_from(name, at));
}

/* As written, and up to each place at which some system would let the name end: a stream (::$DATA), an escaped NUL, a semicolon. */
bool file_name_limited(struct arena *a, sv name, sv extensions)
{
    struct str seen = STR_IN(a);
    uint32_t c;

    for (size_t at = 0; utf8_next(name, &at, &c);)
        if (c == 0 || !unseen(c))                         /* a full stop of another script; a NUL, where a program of C sees its end */
            utf8_put(&seen, c == 0x3002 || c == 0xFF61 ? '.' : c == 0 ? ';' : c);
    sv n = fold(a, last_part(str_sv(&seen)));
    if (ends_in(n, extensions))
        return true;
    for (size_t i = 0; i < n.n; i++)
        if ((n.p[i] == ':' || n.p[i] == ';' || sv_starts(sv_from(n, i), SV("%00"))) && ends_in(sv_upto(n, i), extensions))
            return true;
    return false;
}
