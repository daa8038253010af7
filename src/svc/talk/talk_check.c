/* svc/talk/talk_check.c: counts against rows, and a word of each message looked for. */
#include "svc/talk/talk_check.h"
#include "base/utf8.h"
#include "svc/talk/retention.h"
#include "svc/talk/search.h"

#define WORD_CHARS 8
#define HITS       100

static void fault(struct ctx *x, struct talk_faults *out, size_t max, sv text)
{
    if (out->n < max)
        *PUSH(x->arena, out) = text;
}

/* Three columns each: what it is of, the count that stands there, the rows. */
static bool counts(struct ctx *x, struct rows r, const char *what, size_t max, struct talk_faults *out)
{
    while (out->n < max && rows_next(&r)) {
        int64_t of = row_int(&r, 0), said = row_int(&r, 1), there = row_int(&r, 2);
        fault(x, out, max, sv_printf(x->arena, "%s %" PRId64 ": it says %" PRId64 ", there are %" PRId64, what, of, said, there));
    }
    bool ok = rows_ok(&r) || out->n == max;
    rows_end(&r);
    return ok;
}

bool talk_check_counts(struct ctx *x, size_t max, struct talk_faults *out)
{
    return counts(x, db_query(x->db, "SELECT r.id, r.members, (SELECT COUNT(*) FROM room_member m WHERE m.room = r.id) AS n FROM room r"
                                     " WHERE r.members <> (SELECT COUNT(*) FROM room_member m WHERE m.room = r.id)"),
                  "members of room", max, out)
        && counts(x, db_query(x->db, "SELECT f.id, f.replies, (SELECT COUNT(*) FROM message a WHERE a.thread = f.id AND a.thread <> 0 AND a.gone_ms = 0) AS n"
                                     " FROM message f WHERE f.replies <> (SELECT COUNT(*) FROM message a WHERE a.thread = f.id AND a.thread <> 0 AND a.gone_ms = 0)"),
                  "replies to message", max, out)
        && counts(x, db_query(x->db, "SELECT (m.id >> 32), 1, 0 FROM message m WHERE NOT EXISTS (SELECT 1 FROM room r WHERE r.id = (m.id >> 32))"
                                     " GROUP BY (m.id >> 32)"),
                  "a room of messages:", max, out)
        && counts(x, db_query(x->db, "SELECT a.message, COUNT(*), 0 FROM reaction a WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = a.message)"
                                     " GROUP BY a.message"),
                  "reactions to message", max, out);
}

/* Letters that stand side by side, as far as a word of the index goes; n = 0: there are none that can be looked for. */
static sv word_of(sv text)
{
    size_t at = 0, begin = 0, n = 0;
    uint32_t c;

    while (n < WORD_CHARS) {
        size_t before = at;
        if (!utf8_next(text, &at, &c)) {
            at = before;
            break;
        }
        bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x3041 && c <= 0x30FA) || (c >= 0x4E00 && c <= 0x9FFF);
        if (letter && n++ == 0)
            begin = before;
        if (!letter && n >= 2) {
            at = before;
            break;
        }
        if (!letter)
            n = 0;
    }
    return n >= 2 ? sv_from(sv_upto(text, at), begin) : SV("");
}

struct said {
    id64 message, member;                                 /* member: one who may read it; ID_NONE: nobody */
    int64_t sent_ms;
    sv word;
};

static bool reader_of(struct ctx *x, struct said *s)
{
    ROWS r = db_query(x->db, "SELECT rm.member FROM room_member rm JOIN room r ON r.id = rm.room WHERE rm.room = $1 AND rm.first_seq <= $2"
                             " AND r.closed_ms = 0 AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.member = rm.member AND h.message = $3) LIMIT 1",
                      INT(s->message.n >> 32), INT(s->message.n & 0xFFFFFFFF), ID(s->message));

    s->member = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

/* A question of its moment alone: where more was said in it than one page holds, the next pages too. */
static bool found(struct ctx *x, const struct said *s, bool *there)
{
    struct talk_question q = {.words = sv_printf(x->arena, "\"%.*s\"", SV_ARG(s->word)), .from_ms = s->sent_ms, .to_ms = s->sent_ms + 1, .limit = HITS};
    struct talk_hits hits = {0};

    x->actor.member = s->member;
    do {
        hits = (struct talk_hits){0};
        if (!talk_search(x, &q, &hits))
            return false;
        for (size_t i = 0; i < hits.n && !*there; i++)
            *there = hits.v[i].message.room.n == s->message.n >> 32 && hits.v[i].message.seq == (s->message.n & 0xFFFFFFFF);
        q.before = hits.last;
    } while (!*there && hits.more);
    *there |= !hits.complete;                             /* the index has not come to it, which is no fault */
    return true;
}

/* The message at the row, in an arena of its own. */
static bool look(struct ctx *x, struct said *s, size_t max, struct talk_faults *out, int64_t *looked)
{
    struct arena *own = x->arena;
    bool there = false;

    x->arena = arena_new(16 * 1024);
    db_use(x->db, x->arena, &x->failure);
    bool ok = reader_of(x, s) && (!s->member.n || found(x, s, &there));
    arena_free(&x->arena);
    x->arena = own;
    db_use(x->db, own, &x->failure);
    *looked += ok && s->member.n;
    if (ok && s->member.n && !there)
        fault(x, out, max, sv_printf(x->arena, "message %" PRId64 " of room %" PRId64 " is not found by its own word", s->message.n & 0xFFFFFFFF, s->message.n >> 32));
    return ok;
}

/* From the moment on the next that has a word; false: none, or the engine's trouble. */
static bool next(struct ctx *x, int64_t from_ms, int64_t behind, struct arena *a, struct said *s)
{
    ROWS r = db_query(x->db, "SELECT id, sent_ms, text FROM message WHERE (sent_ms > $1 OR (sent_ms = $1 AND id > $2)) AND gone_ms = 0 AND kind = 1"
                             " ORDER BY sent_ms, id LIMIT 1", INT(from_ms), INT(behind));

    if (!rows_next(&r))
        return false;
    s->message = row_id(&r, 0);
    s->sent_ms = row_int(&r, 1);
    s->word = sv_dup(a, word_of(row_sealed(&r, 2, "message.text", s->message.n)));
    return rows_ok(&r);
}

static int64_t newest_ms(struct ctx *x)
{
    ROWS r = db_query(x->db, "SELECT MAX(sent_ms) FROM message");

    return rows_next(&r) ? row_int(&r, 0) : 0;
}

bool talk_check_search(struct ctx *x, int64_t sample, size_t max, struct talk_faults *out, int64_t *looked)
{
    struct arena *own = x->arena, *a = arena_new(64 * 1024);
    int64_t oldest = talk_oldest_ms(x), newest = newest_ms(x), step = 0, from = oldest, behind = -1;
    struct said s = {0};
    bool ok = true;

    *looked = 0;
    db_use(x->db, a, &x->failure);
    if (next(x, oldest, -1, a, &s) && sample > 0)
        step = (newest - s.sent_ms) / sample;
    while (ok && out->n < max && next(x, from, behind, a, &s)) {
        db_use(x->db, own, &x->failure);
        if (s.word.n)
            ok = look(x, &s, max, out, looked);
        behind = step > 0 ? -1 : s.message.n;
        from = s.sent_ms + step;
        arena_free(&a);
        a = arena_new(64 * 1024);
        db_use(x->db, a, &x->failure);
    }
    db_use(x->db, own, &x->failure);
    arena_free(&a);
    return ok && x->failure.code == E_NONE;
}
