/* api/search.c: searching talk, and what a shorter period of keeping it would erase. */
#include "api/app.h"
#include "api/day.h"
#include "base/utf8.h"
#include "svc/talk/message.h"
#include "svc/talk/retention.h"
#include "svc/talk/search.h"
#include "svc/talk/talk_out.h"

#define SNIPPET       100                                 /* characters */
#define SNIPPET_AHEAD 30                                  /* of them before the first mark */

struct search_query {
    sv q, from, to, before;
    id64 sender, room;
    int64_t limit;
};
static const struct field search_query_fields[] = {
    FIELD(struct search_query, q, .max = TALK_SEARCH_CHARS,
          .doc = "words, all of which must be there; a phrase in quotes or 「」. Width, case and kana do not count. May be absent "
                 "beside sender or room"),
    FIELD(struct search_query, sender, .doc = "messages of this member alone"),
    FIELD(struct search_query, room, .doc = "in this room alone"),
    FIELD(struct search_query, from, .max = 10, .doc = "first day of the tenant, 2026-11-26"),
    FIELD(struct search_query, to, .max = 10, .doc = "last day"),
    FIELD(struct search_query, before, .max = 40, .doc = "`next` of the page before"),
    FIELD(struct search_query, limit, .min = 1, .max = 50, .doc = "how many at most; 20 when absent"),
};
static const struct schema search_query = SCHEMA("talk_search_query", struct search_query, search_query_fields);

static const struct field mark_out_fields[] = {
    FIELD(struct talk_mark, at, .doc = "first character, counted in code points from 0"),
    FIELD(struct talk_mark, length, .doc = "characters"),
};
static const struct schema mark_out = SCHEMA("talk_mark", struct talk_mark, mark_out_fields);

struct snippet_out {
    int64_t at;
    sv text;
};
static const struct field snippet_out_fields[] = {
    FIELD(struct snippet_out, at, .doc = "where in the text it begins"),
    FIELD(struct snippet_out, text, .doc = "the text about the first mark"),
};
static const struct schema snippet_out = SCHEMA("talk_snippet", struct snippet_out, snippet_out_fields);

struct hit_out {
    struct ref message, snippet;
    struct list marks;
};
static const struct field hit_out_fields[] = {
    FIELD(struct hit_out, message, .of = &talk_message_out, .doc = "the message"),
    FIELD(struct hit_out, marks, .of = &mark_out, .doc = "what was found in its text; none: it stands in what belongs to it"),
    FIELD(struct hit_out, snippet, .of = &snippet_out, .doc = "a part of a long text"),
};
static const struct schema hit_out = SCHEMA("talk_hit", struct hit_out, hit_out_fields);

struct search_out {
    struct list hits;
    sv next;
    bool complete;
};
static const struct field search_out_fields[] = {
    FIELD(struct search_out, hits, .of = &hit_out, .doc = "newest first"),
    FIELD(struct search_out, next, .sparse = true, .doc = "there are older ones: `before` of the next page"),
    FIELD(struct search_out, complete, .doc = "false: so much came in just now that not all of it was looked through"),
};
static const struct schema search_out = SCHEMA("talk_search_out", struct search_out, search_out_fields);

/* "1790000000000.30064771073": time and id of the last hit of a page. */
static bool before_read(struct ctx *x, sv text, struct search_at *out)
{
    sv rest = text, ms;
    id64 id;

    if (text.n == 0)
        return true;
    if (!sv_cut(&rest, '.', &ms) || !sv_int(ms, &out->sent_ms) || out->sent_ms <= 0 || out->sent_ms > INT64_MAX / 4 ||
        !sv_id(rest, &id))
        return fail_field(&x->failure, "before", "no `next` of a page");
    out->id = id.n;
    return true;
}

static sv cut(sv text, int64_t at, int64_t n)
{
    sv head = utf8_upto(text, (size_t)at);

    return utf8_upto(sv_from(text, head.n), (size_t)n);
}

static struct ref snippet(struct ctx *x, const struct talk_hit *h)
{
    struct snippet_out *s = ANEW(x->arena, struct snippet_out);
    int64_t all = (int64_t)utf8_count(h->message.text), first = h->n ? h->marks[0].at : 0;

    if (all > SNIPPET && first > SNIPPET_AHEAD)
        s->at = first - SNIPPET_AHEAD < all - SNIPPET ? first - SNIPPET_AHEAD : all - SNIPPET;
    s->text = cut(h->message.text, s->at, SNIPPET);
    return (struct ref){s};
}

static void hits_fill(struct ctx *x, const struct talk_hits *hits, struct search_out *o)
{
    struct hit_out *v = ANEWN(x->arena, struct hit_out, hits->n);

    for (size_t i = 0; i < hits->n; i++) {
        struct talk_message_out *m = ANEW(x->arena, struct talk_message_out);
        talk_message_fill(x, &hits->v[i].message, m);
        v[i] = (struct hit_out){{m}, snippet(x, &hits->v[i]), {hits->v[i].marks, hits->v[i].n}};
    }
    o->hits = (struct list){v, hits->n};
    o->complete = hits->complete;
    if (hits->more)
        o->next = sv_printf(x->arena, "%" PRId64 ".%" PRId64, hits->last.sent_ms, hits->last.id);
}

static bool search(struct ctx *x, struct call *c, void *out)
{
    const struct search_query *in = c->query;
    struct talk_question q = {.words = in->q, .sender = in->sender, .room = in->room, .limit = in->limit ? (size_t)in->limit : 20};
    struct talk_hits hits = {0};

    if (!query_day(x, in->from, "from", 0, &q.from_ms) || !query_day(x, in->to, "to", 1, &q.to_ms) ||
        !before_read(x, in->before, &q.before) || !talk_search(x, &q, &hits))
        return false;
    hits_fill(x, &hits, out);
    return true;
}

struct retention_query {
    sv period;
};
static const struct field retention_query_fields[] = {
    FIELD(struct retention_query, period, .need = true, .max = 10, .doc = "a value of talk.retention"),
};
static const struct schema retention_query = SCHEMA("retention_query", struct retention_query, retention_query_fields);

struct retention_out {
    int64_t messages;
    time64 from;
};
static const struct field retention_out_fields[] = {
    FIELD(struct retention_out, messages, .doc = "messages of today that are older: nobody could read them from the change on"),
    FIELD(struct retention_out, from, .null = true, .doc = "when erasing would begin, if the setting were changed now; null: never"),
};
static const struct schema retention_out = SCHEMA("retention_out", struct retention_out, retention_out_fields);

static bool retention(struct ctx *x, struct call *c, void *out)
{
    const struct retention_query *q = c->query;
    struct retention_out *o = out;

    return talk_retention_count(x, q->period, &o->messages, &o->from.ms);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.search", .method = GET, .path = "/search", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .flags = OP_READ | OP_WS, .audit = AUDIT_NONE,
     .query = &search_query, .out = &search_out, .run = search,
     .doc = "Messages of the own rooms that have all the words, newest first."},
    {.name = "console.talk.retention", .method = GET, .path = "/console/talk/retention", .who = WHO_CONSOLE,
     .menu = M_SERVICE_TALK, .flags = OP_READ, .audit = AUDIT_NONE, .query = &retention_query, .out = &retention_out,
     .run = retention, .doc = "How many messages a period of keeping talk would take away, and when they would be erased."},
};
/* clang-format on */
const struct op_table search_ops = {ops, COUNT(ops)};
