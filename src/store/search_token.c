/* store/search_token.c: from a text to tokens, from a word to a question. A run of Latin letters and digits is a word: a
 * token of its own, and its first letters; anything else that is written is a token character by character and pair by
 * pair of neighbours. Blanks and marks part runs. Equal for both engines. */
#include "base/utf8.h"
#include "store/search.h"

#define WORD_MAX   64                                     /* characters of a word that count */
#define TERMS_MAX  16                                     /* of one word asked for; the comparison sees to the rest */
#define LABEL_BASE 0xE000                                 /* private use: a text's own are tokens of one or two characters */

enum sort { APART, LETTER, SIGN };

static const struct { uint32_t from, to; enum sort sort; } sorts[] = {
    { 0x0000, 0x002F, APART }, { 0x0030, 0x0039, LETTER }, { 0x003A, 0x0040, APART }, { 0x0041, 0x005A, LETTER },
    { 0x005B, 0x0060, APART }, { 0x0061, 0x007A, LETTER }, { 0x007B, 0x00A9, APART }, { 0x00AA, 0x00AA, LETTER },
    { 0x00AB, 0x00B4, APART }, { 0x00B5, 0x00B5, LETTER }, { 0x00B6, 0x00B9, APART }, { 0x00BA, 0x00BA, LETTER },
    { 0x00BB, 0x00BF, APART }, { 0x00C0, 0x00D6, LETTER }, { 0x00D7, 0x00D7, APART }, { 0x00D8, 0x00F6, LETTER },
    { 0x00F7, 0x00F7, APART }, { 0x00F8, 0x024F, LETTER }, { 0x2000, 0x206F, APART }, { 0x3000, 0x3004, APART },
    { 0x3008, 0x3020, APART }, { 0x3030, 0x3030, APART },  { 0x30FB, 0x30FB, APART }, { 0xFE00, 0xFE6F, APART },
    { 0xFEFF, 0xFEFF, APART }, { 0xFF5F, 0xFF65, APART },  { 0xFFE0, 0xFFFF, APART },
};

static enum sort sort_of(uint32_t c)
{
    for (size_t i = 0; i < COUNT(sorts) && c >= sorts[i].from; i++)
        if (c <= sorts[i].to)
            return sorts[i].sort;
    return SIGN;
}

/* The next run from *at on: its sort, where it begins and ends. */
static enum sort run_next(const struct folded *t, size_t *at, size_t *end)
{
    enum sort s = APART;

    while (*at < t->n && (s = sort_of(t->c[*at])) == APART)
        (*at)++;
    if (*at >= t->n)
        return APART;
    *end = *at + 1;
    while (*end < t->n && sort_of(t->c[*end]) == s)
        (*end)++;
    return s;
}

static void put(struct str *out, const struct folded *t, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        utf8_put(out, t->c[i]);
}

static void token(struct str *out, const struct folded *t, size_t from, size_t to)
{
    if (out->n)
        str_char(out, ' ');
    put(out, t, from, to);
}

static size_t word_end(size_t from, size_t end)
{
    return end - from > WORD_MAX ? from + WORD_MAX : end;
}

void search_tokens(struct str *out, const struct folded *t)
{
    enum sort s;

    for (size_t at = 0, end; (s = run_next(t, &at, &end)) != APART; at = end) {
        if (s == LETTER) {
            for (size_t n = 1; n <= SEARCH_FIRST && at + n < end; n++)
                token(out, t, at, at + n);
            token(out, t, at, word_end(at, end));
            continue;
        }
        for (size_t i = at; i < end; i++) {
            token(out, t, i, i + 1);
            if (i + 1 < end)
                token(out, t, i, i + 2);
        }
    }
}

/* A character that opens no token of a text, then letters and digits. */
static void label(struct str *out, char kind, int64_t id)
{
    utf8_put(out, LABEL_BASE + (uint32_t)(unsigned char)kind);
    str_printf(out, "%" PRIx64, id);
}

void search_label(struct str *out, char kind, int64_t id)
{
    if (out->n)
        str_char(out, ' ');
    label(out, kind, id);
}

static void also(struct str *query)
{
    if (query->n)
        str_c(query, " AND ");
}

static void term(struct str *query, const struct folded *t, size_t from, size_t to, bool begins)
{
    also(query);
    str_char(query, '"');
    put(query, t, from, to);
    str_c(query, begins ? "\"*" : "\"");
}

/* The last run of a word may go on in the text; a short one is a token as it stands, and one too long was cut. */
static bool may_go_on(const struct folded *w, size_t at, size_t end)
{
    return end == w->n && end - at > SEARCH_FIRST && end - at < WORD_MAX;
}

bool search_ask(struct str *query, const struct folded *w)
{
    size_t terms = 0;
    enum sort s;

    for (size_t at = 0, end; terms < TERMS_MAX && (s = run_next(w, &at, &end)) != APART; at = end) {
        if (s == LETTER || end - at == 1) {
            term(query, w, at, word_end(at, end), s == LETTER && may_go_on(w, at, end));
            terms++;
        }
        for (size_t i = at; s == SIGN && i + 1 < end && terms < TERMS_MAX; i++, terms++)
            term(query, w, i, i + 2, false);
    }
    return terms > 0;
}

void search_ask_labels(struct str *query, char kind, const int64_t *ids, size_t n)
{
    also(query);
    str_char(query, '(');
    for (size_t i = 0; i < n; i++) {
        str_c(query, i ? " OR \"" : "\"");
        label(query, kind, ids[i]);
        str_char(query, '"');
    }
    str_char(query, ')');
}

bool search_match(const struct folded *t, const struct folded *w, size_t from, size_t *at)
{
    bool run = w->n > 0 && sort_of(w->c[0]) == LETTER;

    for (size_t i = from; w->n > 0 && i + w->n <= t->n; i++) {
        size_t k = 0;
        if (t->c[i] != w->c[0] || (run && i > 0 && sort_of(t->c[i - 1]) == LETTER))
            continue;
        while (k < w->n && t->c[i + k] == w->c[k])
            k++;
        if (k == w->n) {
            *at = i;
            return true;
        }
    }
    return false;
}
