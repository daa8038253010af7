/* svc/talk/read.c: how far members have read. */
#include "svc/talk/read.h"
#include "base/utf8.h"
#include "svc/talk/message.h"
#include "svc/talk/place.h"
#include "svc/talk/read_out.h"
#include "svc/talk/talk_sql.h"

static bool spans_read(struct ctx *x, id64 room, struct talk_spans *out)
{
    ROWS r = db_query(x->db, "SELECT first_seq, read_seq, COUNT(*) FROM room_member WHERE room = $1 AND read_seq > 0"
                             " GROUP BY first_seq, read_seq ORDER BY read_seq, first_seq",
                      ID(room));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct talk_span){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2)};
    return rows_ok(&r);
}

bool talk_reads(struct ctx *x, id64 room, struct talk_spans *out)
{
    return talk_room_visible(x, room) && spans_read(x, room, out);
}

bool talk_read(struct ctx *x, id64 room, int64_t seq)
{
    if (!talk_room_visible(x, room))
        return false;
    return marks_put(x->tenant->marks, room.n, x->actor.member.n, seq) ||
           fail(&x->failure, E_TOO_MANY, "%d marks wait", MARKS_MAX);
}

/* Never beyond what is there, never backwards. */
static bool store(struct ctx *x, struct mark *m, bool *moved)
{
    int64_t last;

    if (!talk_sql_last_seq(x, (id64){m->room}, &last))
        return false;
    m->seq = m->seq < last ? m->seq : last;
    if (!db_exec(x->db, "UPDATE room_member SET read_seq = $1, read_ms = $2 WHERE member = $3 AND room = $4 AND read_seq < $1",
                 INT(m->seq), INT(x->now_ms), INT(m->member), INT(m->room)))
        return false;
    *moved = db_changes(x->db) == 1;
    return true;
}

static bool tell_room(struct ctx *x, id64 room)
{
    struct talk_spans spans = {0};

    if (!spans_read(x, room, &spans))
        return false;
    talk_tell_reads(x, room, &spans);
    return true;
}

/* The store did not take them: they wait for the next second. False, for the one who asks to return. */
static bool put_back(struct ctx *x, const struct mark *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        marks_put(x->tenant->marks, v[i].room, v[i].member, v[i].seq);
    return false;
}

bool talk_reads_store(struct ctx *x)
{
    struct mark *v;
    size_t n = marks_take(x->tenant->marks, x->arena, &v);
    VEC(int64_t) rooms = {0};

    for (size_t i = 0; i < n; i++) {
        bool moved, known = false;
        if (!store(x, &v[i], &moved))
            return put_back(x, v, n);
        if (!moved)
            continue;
        talk_tell_own_read(x, (id64){v[i].room}, (id64){v[i].member}, v[i].seq);
        for (size_t k = 0; k < rooms.n; k++)
            known |= rooms.v[k] == v[i].room;
        if (!known)
            *PUSH(x->arena, &rooms) = v[i].room;
    }
    for (size_t i = 0; i < rooms.n; i++)
        if (!tell_room(x, (id64){rooms.v[i]}))
            return false;
    return true;
}

bool talk_open(struct ctx *x, id64 room, bool open)
{
    if (!talk_room_visible(x, room))
        return false;
    effect(x, open ? EFF_OPEN : EFF_CLOSE, room.n, topic_of_open(room));
    return true;
}

bool talk_typing(struct ctx *x, id64 room)
{
    struct membership me;

    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, &me))
        return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
    if (me.kind == ROOM_NOTICE)
        return fail(&x->failure, E_DENIED, "nobody writes there");
    if (typing_due(&x->tenant->typing, room, x->actor.member, x->now_ms))
        talk_tell_typing(x, room);
    return true;
}

static bool message_of(struct ctx *x, id64 message, struct message *m)
{
    return talk_message(x, talk_room_of(message), talk_seq_of(message), m);
}

static bool readers_read(struct ctx *x, const struct message *m, struct list *read, struct list *unread)
{
    VEC(id64) is = {0}, is_not = {0};
    ROWS r = db_query(x->db, "SELECT rm.member, rm.read_seq FROM room_member rm JOIN member p ON p.id = rm.member"
                             " WHERE rm.room = $1 AND rm.first_seq <= $2 AND rm.member <> $3"
                             " ORDER BY p.family_reading, p.given_reading, p.id",
                      ID(m->room), INT(m->seq), ID(m->author));

    while (rows_next(&r)) {
        if (row_int(&r, 1) >= m->seq)
            *PUSH(x->arena, &is) = row_id(&r, 0);
        else
            *PUSH(x->arena, &is_not) = row_id(&r, 0);
    }
    *read = (struct list){is.v, is.n};
    *unread = (struct list){is_not.v, is_not.n};
    return rows_ok(&r);
}

bool talk_readers(struct ctx *x, id64 message, struct list *read, struct list *unread)
{
    struct message m;

    return message_of(x, message, &m) && readers_read(x, &m, read, unread);
}

/* One reminder an hour. */
static bool may_remind(struct ctx *x, id64 message)
{
    if (!db_exec(x->db, "UPDATE message SET reminded_ms = $1 WHERE id = $2 AND reminded_ms <= $3", INT(x->now_ms),
                 ID(message), INT(x->now_ms - TALK_REMIND_MS)))
        return false;
    return db_changes(x->db) == 1 || fail(&x->failure, E_TOO_MANY, "reminded within the hour");
}

bool talk_remind(struct ctx *x, id64 message, int64_t *reminded)
{
    struct list read = {0}, unread = {0};
    struct message m;
    struct room r;
    sv name = SV("");

    if (!message_of(x, message, &m) || !talk_room_find(x, m.room, &r))
        return false;
    if (m.author.n != x->actor.member.n || m.gone_ms)
        return fail(&x->failure, E_DENIED, "another's message, or nothing is left of it");
    if (!readers_read(x, &m, &read, &unread) || !talk_sql_name(x, m.author, &name))
        return false;
    *reminded = (int64_t)unread.n;
    if (unread.n == 0)
        return true;
    if (!may_remind(x, message))
        return false;
    sv words = utf8_upto(m.text, 80), room = r.name.n ? r.name : name;
    sv ja = sv_printf(x->arena, "まだ読んでいないメッセージがあります。\n%.*sさん (%.*s): %.*s", SV_ARG(name), SV_ARG(room),
                      SV_ARG(words));
    sv en = sv_printf(x->arena, "There is a message that you have not read yet.\n%.*s (%.*s): %.*s", SV_ARG(name),
                      SV_ARG(room), SV_ARG(words));
    for (size_t i = 0; i < unread.n; i++)
        if (!talk_notice_in(x, ((const id64 *)unread.v)[i], ja, en))
            return false;
    return true;
}
