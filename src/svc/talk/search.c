/* svc/talk/search.c: from a question to hits: what the index gives and what it does not know yet, looked at one by one. */
#include "svc/talk/search.h"
#include "base/utf8.h"
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/retention.h"
#include "svc/talk/search_block.h"
#include "svc/talk/search_packed.h"
#include "svc/talk/search_part.h"
#include "svc/talk/search_place.h"
#include "svc/talk/talk_sql.h"

#include <stdlib.h>
#include <string.h>

#define LABELS_MAX 8                                      /* so few rooms are asked for in the index itself */
#define TODO_MAX   4000                                   /* new messages that one search looks through */

struct look {
    struct ctx *x;
    const struct talk_question *q;
    struct search_rooms rooms;                            /* where to look, by id */
    uint64_t marks[(UINT16_MAX + 1) / 64];                /* of these rooms, a bit each */
    struct search_block block;
    struct folded words[TALK_SEARCH_WORDS];
    size_t n_words;
    int64_t from_ms, below_ms;                            /* sent from … on, before …; below_ms INT64_MAX: any */
    struct search_todos todo;                             /* new messages of the rooms, by id */
    bool made;                                            /* the index is of this version */
    struct search_at *found;                              /* the best so far, in order; room for q->limit + 1 */
    size_t n;
    struct folded text;                                   /* of the message looked at last */
};

/* ---- the question ---- */

static const struct { const char *open, *close; } quotes[] = {
    { "\"", "\"" }, { "「", "」" }, { "“", "”" }, { "＂", "＂" }, { "『", "』" },
};

/* A phrase at the beginning of the rest, as far as its closing quote or the end. */
static bool phrase_cut(sv *rest, sv *phrase)
{
    for (size_t i = 0; i < COUNT(quotes); i++) {
        size_t end;
        if (!sv_starts(*rest, sv_c(quotes[i].open)))
            continue;
        *phrase = sv_from(*rest, strlen(quotes[i].open));
        if (!sv_find(*phrase, sv_c(quotes[i].close), &end))
            end = phrase->n;
        *rest = sv_from(*phrase, end + strlen(quotes[i].close));
        *phrase = sv_upto(*phrase, end);
        return true;
    }
    return false;
}

static bool blank_at(sv s, size_t *after)
{
    uint32_t c;

    *after = 0;
    return utf8_next(s, after, &c) && (c <= 0x20 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B));
}

static bool quote_at(sv s)
{
    for (size_t i = 0; i < COUNT(quotes); i++)
        if (sv_starts(s, sv_c(quotes[i].open)))
            return true;
    return false;
}

static sv word_cut(sv *rest)
{
    size_t at = 0, after, word = 0;
    uint32_t c;

    while (at < rest->n && !blank_at(sv_from(*rest, at), &after) && !(at && quote_at(sv_from(*rest, at))))
        utf8_next(*rest, &at, &c);
    word = at;
    sv cut = sv_upto(*rest, word);
    *rest = sv_from(*rest, word);
    return cut;
}

/* Without blanks at both ends. */
static struct folded trimmed(struct folded f)
{
    while (f.n && f.c[f.n - 1] == ' ')
        f.n--;
    if (f.n && f.c[0] == ' ') {
        f.c++;
        f.at++;
        f.end++;
        f.n--;
    }
    return f;
}

static bool no_question(struct ctx *x, const char *why)
{
    return fail_field(&x->failure, "q", "%s", why);
}

/* All words with their part of the index's question; one in which nothing can be looked for says nothing. */
static bool words_read(struct look *l, struct str *query)
{
    struct ctx *x = l->x;
    sv rest = l->q->words, word;
    size_t after;

    if (utf8_count(rest) > TALK_SEARCH_CHARS)
        return no_question(x, "too long");
    while (rest.n) {
        if (blank_at(rest, &after)) {
            rest = sv_from(rest, after);
            continue;
        }
        if (!phrase_cut(&rest, &word))
            word = word_cut(&rest);
        struct folded f = trimmed(fold_places(x->arena, word));
        if (!search_ask(query, &f))
            continue;
        if (l->n_words == TALK_SEARCH_WORDS)
            return no_question(x, "too many words");
        l->words[l->n_words++] = f;
    }
    return l->n_words || (l->q->words.n == 0 && (l->q->sender.n || l->q->room.n)) ||
           no_question(x, "nothing that could be looked for");
}

/* ---- where to look ---- */

static int by_room(const void *a, const void *b)
{
    const struct search_room *l = a, *r = b;

    return (l->id > r->id) - (l->id < r->id);
}

static const struct search_room *room_of(const struct look *l, id64 message)
{
    struct search_room key = {talk_room_of(message).n, 0};

    return l->rooms.n ? bsearch(&key, l->rooms.v, l->rooms.n, sizeof(key), by_room) : NULL;
}

static bool rooms_read(struct look *l)
{
    const struct search_room *one;

    if (!search_sql_rooms(l->x, &l->rooms))
        return false;
    if (l->q->room.n) {
        one = l->q->room.n > INT32_MAX ? NULL : room_of(l, talk_message_id(l->q->room, 0));
        if (!one)
            return fail(&l->x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", l->q->room.n);
        l->rooms.v[0] = *one;
        l->rooms.n = 1;
    }
    for (size_t i = 0; i < l->rooms.n; i++) {
        uint16_t mark = search_block_mark((id64){l->rooms.v[i].id});
        l->marks[mark / 64] |= UINT64_C(1) << mark % 64;
    }
    l->marks[0] |= 1;                                     /* of what is not known */
    l->block.at = -1;
    return true;
}

/* Whether the number may be of one of these rooms. */
static bool may_be(struct look *l, int64_t n, bool *may)
{
    uint16_t mark;

    if (!search_block_get(l->x, &l->block, n, &mark))
        return false;
    *may = l->marks[mark / 64] >> mark % 64 & 1;
    return true;
}

static void times_read(struct look *l)
{
    int64_t oldest = talk_oldest_ms(l->x);

    l->from_ms = l->q->from_ms > oldest ? l->q->from_ms : oldest;
    l->below_ms = l->q->to_ms ? l->q->to_ms : INT64_MAX;
    if (l->q->before.sent_ms && l->q->before.sent_ms + 1 < l->below_ms)
        l->below_ms = l->q->before.sent_ms + 1;
}

/* ---- one message ---- */

static bool before(struct search_at a, struct search_at b)
{
    return a.sent_ms != b.sent_ms ? a.sent_ms > b.sent_ms : a.id > b.id;
}

static bool full(const struct look *l)
{
    return l->n == l->q->limit + 1;
}

static void keep(struct look *l, struct search_at at)
{
    size_t i = full(l) ? l->n - 1 : l->n;

    if (full(l) && !before(at, l->found[i]))
        return;
    l->n = i + 1;
    while (i > 0 && before(at, l->found[i - 1])) {
        l->found[i] = l->found[i - 1];
        i--;
    }
    l->found[i] = at;
}

static bool all_match(struct look *l, sv text)
{
    size_t at;

    if (l->n_words == 0)
        return true;
    l->text = fold_places(l->x->arena, text);
    for (size_t i = 0; i < l->n_words; i++)
        if (!search_match(&l->text, &l->words[i], 0, &at))
            return false;
    return true;
}

/* Whether the member may see it stands before any look at what it says. */
static bool look_at(struct look *l, id64 message)
{
    const struct search_room *room = room_of(l, message);
    struct search_text t;

    if (!room || talk_seq_of(message) < room->first_seq)
        return true;
    if (!search_sql_read(l->x, message, l->x->actor.member, &t))
        return false;
    struct search_at at = {t.sent_ms, message.n};
    if (!t.there || !search_has_words(&t) || t.sent_ms < l->from_ms || t.sent_ms >= l->below_ms ||
        (l->q->sender.n && t.author.n != l->q->sender.n) || (l->q->before.sent_ms && !before(l->q->before, at)) ||
        (full(l) && !before(at, l->found[l->n - 1])))
        return true;
    if (all_match(l, search_whole(l->x->arena, &t)))
        keep(l, at);
    return true;
}

/* ---- what is new, and what the index knows ---- */

static int by_message(const void *a, const void *b)
{
    const struct search_todo *l = a, *r = b;

    return (l->message.n > r->message.n) - (l->message.n < r->message.n);
}

static bool look_at_new(struct look *l, bool *complete)
{
    int64_t version;
    bool any;

    if (!search_sql_version(l->x, &version) || !search_sql_any_todo(l->x, &any))
        return false;
    *complete = l->made = version == SEARCH_VERSION;
    for (size_t i = 0; any && i < l->rooms.n; i++) {
        if (!search_sql_todo_of(l->x, &l->rooms.v[i], TODO_MAX + 1 - l->todo.n, &l->todo))
            return false;
        if (l->todo.n > TODO_MAX) {
            *complete = any = false;
            l->todo.n--;
        }
    }
    if (l->todo.n > 1)
        qsort(l->todo.v, l->todo.n, sizeof(*l->todo.v), by_message);
    for (size_t i = 0; i < l->todo.n; i++)
        if (!look_at(l, l->todo.v[i].message))
            return false;
    return true;
}

static bool is_new(const struct look *l, id64 message)
{
    struct search_todo key = {.message = message};

    return l->todo.n && bsearch(&key, l->todo.v, l->todo.n, sizeof(key), by_message);
}

static void labels(const struct look *l, struct str *query)
{
    int64_t ids[LABELS_MAX];

    if (l->q->sender.n)
        search_ask_labels(query, SEARCH_AUTHOR, &l->q->sender.n, 1);
    if (l->rooms.n > LABELS_MAX)
        return;
    for (size_t i = 0; i < l->rooms.n; i++)
        ids[i] = l->rooms.v[i].id;
    search_ask_labels(query, SEARCH_ROOM, ids, l->rooms.n);
}

/* *end: no message can come any more that has a place on the page. */
static bool number(struct look *l, int64_t n, bool *end)
{
    int64_t sent_ms;
    id64 message;

    if (!search_sql_at(l->x, n, &message, &sent_ms))
        return false;
    *end = message.n && full(l) && search_newest_ms(n, sent_ms) < l->found[l->n - 1].sent_ms;
    return *end || message.n == 0 || is_new(l, message) || look_at(l, message);
}

static bool look_through(struct look *l, sv query, struct search_range in)
{
    ROWS r = search_find(l->x->db, query, in.from, in.below);

    for (bool end = false; !end && rows_next(&r);) {
        int64_t n = row_int(&r, 0);
        bool may;
        if (!may_be(l, n, &may) || (may && !number(l, n, &end)))
            return false;
    }
    return rows_ok(&r);
}

static void keys(struct look *l, sv query, struct search_packed *p)
{
    struct str author = STR_IN(l->x->arena);

    search_keys_of(&p->keys, query);
    if (l->q->sender.n == 0 || p->keys.n == SEARCH_KEYS)
        return;
    search_label(&author, SEARCH_AUTHOR, l->q->sender.n);
    p->keys.v[p->keys.n++] = search_key(str_sv(&author));
}

static bool look_through_part(struct look *l, const struct search_set *found, int64_t first, struct search_range in, bool *end)
{
    for (size_t at = SEARCH_PART; !*end && search_set_below(found, &at);) {
        int64_t n = first + (int64_t)at;
        if (n >= in.from && n < in.below && !number(l, n, end))
            return false;
    }
    return true;
}

/* What was packed, the newest first: one part, then twice as many each time as far as a span goes, for a page of what is
 * frequent is full soon, and what is rare is read with few steps. */
static bool look_through_packed(struct look *l, struct search_packed *p, struct search_range in)
{
    int64_t below = search_pack_below(&p->pack), part = p->pack.part, lowest = in.from / part, first;
    bool end = false;

    below = in.below < below ? in.below : below;
    for (int64_t last = (below - 1) / part, many = 1; below > 0 && last >= lowest && !end; last = first - 1) {
        first = last % SEARCH_SPAN < many ? last - last % SEARCH_SPAN : last - many + 1;
        first = first < lowest ? lowest : first;
        if (!search_packed_parts(l->x, p, first, last))
            return false;
        for (int64_t i = last; i >= first && !end; i--)
            if (!look_through_part(l, &p->found[i - first], i * part, in, &end))
                return false;
        many = many < SEARCH_SPAN ? many * 2 : many;
    }
    return true;
}

static bool look_into_index(struct look *l, sv words)
{
    struct search_packed *p = ANEW(l->x->arena, struct search_packed);
    struct str query = STR_IN(l->x->arena);
    struct search_range live, fresh;

    p->rooms = &l->rooms;
    search_packed_begin(p);
    keys(l, words, p);
    str_put(&query, words);
    labels(l, &query);
    if (!search_pack_read(l->x, &p->pack) || !search_live(l->x, l->from_ms, l->below_ms, &live))
        return false;
    fresh = live;
    fresh.from = search_pack_below(&p->pack) > live.from ? search_pack_below(&p->pack) : live.from;
    return look_through(l, str_sv(&query), fresh) && look_through_packed(l, p, live) &&
           look_through(l, str_sv(&query), search_late(l->from_ms, l->below_ms));
}

/* ---- what is shown of a hit ---- */

static int by_place(const void *a, const void *b)
{
    const struct talk_mark *l = a, *r = b;

    return l->at != r->at ? (l->at > r->at) - (l->at < r->at) : (l->length < r->length) - (l->length > r->length);
}

/* Marks that touch or overlap are one. */
static size_t joined(struct talk_mark *v, size_t n)
{
    size_t to = 0;

    if (n == 0)
        return 0;
    qsort(v, n, sizeof(*v), by_place);
    for (size_t i = 1; i < n; i++) {
        int64_t end = v[to].at + v[to].length, other = v[i].at + v[i].length;
        if (v[i].at > end)
            v[++to] = v[i];
        else if (other > end)
            v[to].length = other - v[to].at;
    }
    return to + 1;
}

static void mark(struct look *l, struct talk_hit *h)
{
    struct folded text = fold_places(l->x->arena, h->message.text);
    VEC(struct talk_mark) marks = {0};

    for (size_t i = 0; i < l->n_words; i++) {
        const struct folded *w = &l->words[i];
        for (size_t at = 0; marks.n < TALK_SEARCH_MARKS && search_match(&text, w, at, &at); at += w->n)
            *PUSH(l->x->arena, &marks) = (struct talk_mark){text.at[at], text.end[at + w->n - 1] - text.at[at]};
    }
    h->n = joined(marks.v, marks.n);
    h->marks = marks.v;
}

/* Read once more as the room's history reads it: what cannot be read there is not shown here. */
static bool show(struct look *l, struct talk_hits *out)
{
    struct ctx *x = l->x;

    out->more = full(l);
    for (size_t i = 0; i < l->n && i < l->q->limit; i++) {
        id64 id = {l->found[i].id};
        struct messages one = {0};
        int64_t seq = talk_seq_of(id);
        if (!talk_sql_history(x, talk_room_of(id), x->actor.member, seq, seq + 1, 1, &one))
            return false;
        out->last = l->found[i];
        if (one.n == 0)
            continue;
        struct talk_hit *h = PUSH(x->arena, out);
        h->message = one.v[0];
        mark(l, h);
    }
    return true;
}

bool talk_search(struct ctx *x, const struct talk_question *q, struct talk_hits *out)
{
    struct look *l = ANEW(x->arena, struct look);
    struct str query = STR_IN(x->arena);

    ROWS as_it_is = search_sql_hold(x);                   /* packing moves numbers from one place to another */

    if (as_it_is.failed)
        return false;
    l->x = x;
    l->q = q;
    l->found = ANEWN(x->arena, struct search_at, q->limit + 1);
    if (!words_read(l, &query) || !rooms_read(l))
        return false;
    times_read(l);
    out->complete = true;
    if (l->rooms.n == 0)
        return true;
    return look_at_new(l, &out->complete) && (!l->made || look_into_index(l, str_sv(&query))) && show(l, out);
}
