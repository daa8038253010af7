/* svc/talk/keyword.c: the words of a member's own. */
#include "svc/talk/keyword.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "store/search.h"
#include "svc/talk/keyword_sql.h"

static bool wrong(struct ctx *x, const char *why)
{
    return fail_field(&x->failure, "words", "%s", why);
}

/* A word as search takes it: two that fold to the same are one. */
static bool word_right(struct ctx *x, sv word)
{
    struct folded f = fold_places(x->arena, word);
    struct str query = STR_IN(x->arena);

    if (word.n == 0 || utf8_count(word) > TALK_KEYWORD_CHARS)
        return wrong(x, "empty or too long");
    return search_ask(&query, &f) || wrong(x, "nothing in it that could be looked for");
}

static bool folded_same(const struct folded *a, const struct folded *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (a->c[i] != b->c[i])
            return false;
    return a->n == b->n;
}

static bool words_right(struct ctx *x, struct keywords *words)
{
    struct folded *f = ANEWN(x->arena, struct folded, words->n + 1);

    if (words->n > TALK_KEYWORDS_MAX)
        return wrong(x, "too many");
    for (size_t i = 0; i < words->n; i++) {
        words->v[i] = text_trim(words->v[i]);
        if (!word_right(x, words->v[i]))
            return false;
        f[i] = fold_places(x->arena, words->v[i]);
        for (size_t k = 0; k < i; k++)
            if (folded_same(&f[k], &f[i]))
                return wrong(x, "the same twice");
    }
    return true;
}

bool talk_keywords_set(struct ctx *x, struct keywords *words)
{
    return words_right(x, words) && keyword_sql_put(x, words);
}

bool talk_keywords(struct ctx *x, struct keywords *out)
{
    return keyword_sql_read(x, out);
}
