/* net/http_disposition.c: the name under which a client saves a file, in a header (RFC 6266, RFC 8187). */
#include "net/http.h"

#include "base/utf8.h"

#include <string.h>

#define NAME_MAX_CHARS 100
#define ENDING_MAX     12                                 /* ".csv": kept when a long name is cut */

/* What a path, a shell, a terminal or a reader's eye could take for something else. */
static bool harmless(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c < 0x80 && strchr("\"\\/:*?<>|%", (int)c)))
        return false;
    return !(c >= 0x200B && c <= 0x200F) && !(c >= 0x2028 && c <= 0x202E) && !(c >= 0x2060 && c <= 0x206F) && c != 0xFEFF;
}

static void clean(struct str *out, sv name)
{
    uint32_t c;

    for (size_t at = 0; utf8_next(name, &at, &c);)
        utf8_put(out, harmless(c) ? c : '_');
}

/* A long name loses its middle, never its ending. */
static void shorten(struct str *out, sv name)
{
    size_t dot = name.n;
    sv ending = SV("");

    if (utf8_count(name) <= NAME_MAX_CHARS) {
        clean(out, name);
        return;
    }
    while (dot > 0 && name.n - dot < ENDING_MAX && name.p[dot - 1] != '.')
        dot--;
    if (dot > 0 && name.p[dot - 1] == '.')
        ending = sv_from(name, dot - 1);
    clean(out, utf8_upto(name, NAME_MAX_CHARS - ENDING_MAX));
    clean(out, ending);
}

static void put_ascii(struct str *out, sv name)
{
    uint32_t c;

    for (size_t at = 0; utf8_next(name, &at, &c);)
        str_char(out, c < 0x80 ? (char)c : '_');
}

void http_disposition(struct str *out, const char *kind, sv name)
{
    struct str own = {0};

    ENSURE(utf8_valid(name));
    shorten(&own, name);
    str_printf(out, "%s; filename=\"", kind);
    put_ascii(out, str_sv(&own));
    str_c(out, "\"; filename*=UTF-8''");
    str_percent(out, str_sv(&own), "!#$&+-.^_`|~");          /* attr-char of RFC 5987 */
    str_release(&own);
}
