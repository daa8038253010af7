/* api/keyword.c: the words of a member's own that it is told of. */
#include "api/app.h"
#include "svc/talk/keyword.h"

struct keyword {
    sv word;
};
static const struct field keyword_fields[] = {
    FIELD(struct keyword, word, .need = true, .min = 1, .max = TALK_KEYWORD_CHARS, .doc = "as it is written; width, case and kana do not count"),
};
static const struct schema keyword = SCHEMA("keyword", struct keyword, keyword_fields);

struct keyword_list {
    struct list words;
};
static const struct field keywords_in_fields[] = {
    FIELD(struct keyword_list, words, .need = true, .max = TALK_KEYWORDS_MAX, .of = &keyword, .doc = "all of them; none: no more alerts"),
};
static const struct schema keywords_in = SCHEMA("keywords_in", struct keyword_list, keywords_in_fields);
static const struct field keywords_out_fields[] = {
    FIELD(struct keyword_list, words, .of = &keyword, .doc = "the caller's own, in their order"),
};
static const struct schema keywords_out = SCHEMA("keywords", struct keyword_list, keywords_out_fields);

static void fill(struct ctx *x, const struct keywords *all, struct keyword_list *o)
{
    struct keyword *v = ANEWN(x->arena, struct keyword, all->n + 1);

    for (size_t i = 0; i < all->n; i++)
        v[i].word = all->v[i];
    o->words = (struct list){v, all->n};
}

static bool keywords_set(struct ctx *x, struct call *c, void *out)
{
    const struct keyword_list *in = c->in;
    const struct keyword *v = in->words.v;
    struct keywords all = {0};
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    for (size_t i = 0; i < in->words.n; i++)
        *PUSH(x->arena, &all) = v[i].word;
    audit(x, AUDIT_KEYWORDS, x->actor.member, SV_NONE);   /* that they changed; never what they are, nor how many */
    if (!talk_keywords_set(x, &all))
        return false;
    fill(x, &all, out);
    schema_write(&j, NULL, &keywords_out, out);
    event_self(x, EV_KEYWORDS, x->actor.member, str_sv(&text));
    return true;
}

static bool keywords(struct ctx *x, struct call *c, void *out)
{
    struct keywords all = {0};

    (void)c;
    if (!talk_keywords(x, &all))
        return false;
    fill(x, &all, out);
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.keywords.set", .method = PUT, .path = "/keywords", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_WRITE | OP_WS,
     .audit = AUDIT_KEYWORDS, .in = &keywords_in, .out = &keywords_out, .run = keywords_set,
     .doc = "The caller's own words: what others write with one of them is for the caller as if it were named there."},
    {.name = "talk.keywords", .method = GET, .path = "/keywords", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS, .audit = AUDIT_NONE,
     .out = &keywords_out, .run = keywords, .doc = "The caller's own words; nobody else is told of them."},
};
/* clang-format on */
const struct op_table keyword_ops = {ops, COUNT(ops)};
