/* store/search_fuzz.c: whatever is a text and whatever is looked for in it: where the comparison finds the word, the text
 * has every token that is asked for; and a question holds no character that the engine's language would read. */
#include "base/utf8.h"
#include "store/search.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool has(sv tokens, sv token, bool begins)
{
    sv one;

    while (sv_cut(&tokens, ' ', &one))
        if (begins ? sv_starts(one, token) : sv_equal(one, token))
            return true;
    return false;
}

/* "a" AND "bc"*: each of them is one of the tokens? */
static bool all_there(sv tokens, sv query)
{
    bool all = true;

    while (query.n) {
        size_t end;
        if (query.p[0] != '"' || !sv_find(sv_from(query, 1), SV("\""), &end))
            abort();
        sv token = sv_upto(sv_from(query, 1), end);
        query = sv_from(query, end + 2);
        bool begins = sv_starts(query, SV("*"));
        query = sv_from(query, begins);
        for (size_t i = 0; i < token.n; i++)
            if ((unsigned char)token.p[i] < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyz0123456789", token.p[i]))
                abort();
        if (token.n == 0 || (query.n && !sv_starts(query, SV(" AND "))))
            abort();
        query = sv_from(query, query.n ? 5 : 0);
        all &= has(tokens, token, begins);
    }
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    sv text = sv_n(p, n), word = SV("");
    struct str tokens = STR_IN(a), query = STR_IN(a);
    size_t cut, at;

    if (sv_find(text, SV("\n"), &cut)) {
        word = sv_trim(sv_upto(text, cut));
        text = sv_from(text, cut + 1);
    }
    if (n < 4096 && utf8_valid(text) && utf8_valid(word)) {
        struct folded t = fold_places(a, text), w = fold_places(a, word);
        search_tokens(&tokens, &t);
        if (search_ask(&query, &w)) {
            bool there = all_there(str_sv(&tokens), str_sv(&query));
            if (search_match(&t, &w, 0, &at) && !there)
                abort();
        }
    }
    arena_free(&a);
    return 0;
}
