/* svc/talk/talk_sql.c: rooms, members, messages and events in the store. */
#include "svc/talk/talk_sql.h"
#include "core/full_name.h"
#include "svc/talk/retention.h"
#include "svc/talk/search_sql.h"

#include <string.h>

/* TALK_MESSAGE_PLAIN, from the first column on. */
static void plain_read(struct rows *r, struct message *m)
{
    int64_t id = row_int(r, 0);
    sv key = row_blob(r, 2);

    *m = (struct message){.room = {id >> 32}, .seq = id & UINT32_MAX};
    m->flags = (unsigned)row_int(r, 1);
    if (key.n == sizeof(m->key))
        memcpy(m->key, key.p, key.n);
    m->author = row_id(r, 3);
    m->author_name = row_sealed(r, 4, "message.author_name", id);
    m->kind = (enum message_kind)row_int(r, 5);
    m->sent_ms = row_int(r, 6);
    m->text = row_sealed(r, 7, "message.text", id);
}

/* TALK_MESSAGE_MORE, from this column on. */
static bool more_read(struct ctx *x, struct rows *r, int col, struct message *m)
{
    sv content = row_sealed(r, col, "message.content", talk_message_id(m->room, m->seq).n);

    m->reply = row_int(r, col + 1);
    m->thread = row_int(r, col + 2) & UINT32_MAX;
    m->replies = row_int(r, col + 3);
    m->replied_ms = row_int(r, col + 4);
    m->edited_ms = row_int(r, col + 5);
    m->gone_ms = row_int(r, col + 6);
    m->pinned_ms = row_int(r, col + 7);
    m->pinned_by = row_id(r, col + 8);
    m->deadline_ms = row_int(r, col + 9);
    return content.n == 0 || talk_content_read(x, content, &m->content);
}

static bool message_read(struct ctx *x, struct rows *r, struct message *m)
{
    plain_read(r, m);
    return more_read(x, r, 8, m);
}

/* The answer of this mark or choice; a new one is added behind the others. */
static struct talk_answer *answer_of(struct ctx *x, struct talk_answers *all, sv mark, int64_t choice)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].choice == choice && sv_equal(all->v[i].mark, mark))
            return &all->v[i];
    struct talk_answer *a = PUSH(x->arena, all);
    a->mark = mark;
    a->choice = choice;
    return a;
}

static struct message *message_of(struct message *v, size_t n, id64 id)
{
    for (size_t i = 0; i < n; i++)
        if (talk_message_id(v[i].room, v[i].seq).n == id.n)
            return &v[i];
    return NULL;
}

/* Who reacted to these messages, and how; and who voted. Both come in the order of messages, marks and choices. */
static bool reactions_read(struct ctx *x, struct message *v, size_t n, id64 from, id64 to)
{
    ROWS r = db_query(x->db, "SELECT message, mark, member FROM reaction WHERE message >= $1 AND message <= $2"
                             " ORDER BY message, made_ms, mark, member", ID(from), ID(to));

    while (rows_next(&r)) {
        struct message *m = message_of(v, n, row_id(&r, 0));
        if (m)
            *PUSH(x->arena, &answer_of(x, &m->reactions, row_text(&r, 1), 0)->members) = row_id(&r, 2);
    }
    return rows_ok(&r);
}

static bool votes_read(struct ctx *x, struct message *v, size_t n, id64 from, id64 to)
{
    ROWS r = db_query(x->db, "SELECT message, choice, member FROM poll_vote WHERE message >= $1 AND message <= $2"
                             " ORDER BY message, choice, made_ms, member", ID(from), ID(to));

    while (rows_next(&r)) {
        struct message *m = message_of(v, n, row_id(&r, 0));
        if (m)
            *PUSH(x->arena, &answer_of(x, &m->votes, SV(""), row_int(&r, 1))->members) = row_id(&r, 2);
    }
    return rows_ok(&r);
}

/* The first and the last of those that have one of these flags; returns which flags any of them has. */
static unsigned flagged(const struct message *v, size_t n, unsigned flags, id64 *from, id64 *to)
{
    unsigned any = 0;

    *from = (id64){INT64_MAX};
    *to = ID_NONE;
    for (size_t i = 0; i < n; i++) {
        id64 id = talk_message_id(v[i].room, v[i].seq);
        if (!(v[i].flags & flags))
            continue;
        any |= v[i].flags & flags;
        from->n = id.n < from->n ? id.n : from->n;
        to->n = id.n > to->n ? id.n : to->n;
    }
    return any;
}

/* Of messages of one room that stand next to each other. */
static bool answers_read(struct ctx *x, struct message *v, size_t n)
{
    id64 from, to;
    unsigned any = flagged(v, n, MESSAGE_REACTED | MESSAGE_VOTED, &from, &to);

    return (!(any & MESSAGE_REACTED) || reactions_read(x, v, n, from, to)) &&
           (!(any & MESSAGE_VOTED) || votes_read(x, v, n, from, to));
}

/* What few messages have, of those that have it. */
static bool rest_read(struct ctx *x, struct message *v, size_t n)
{
    id64 from, to;

    if (!flagged(v, n, MESSAGE_MORE, &from, &to))
        return true;
    ROWS r = db_query(x->db, "SELECT id, " TALK_MESSAGE_MORE " FROM message WHERE id >= $1 AND id <= $2 AND (flags & $3) <> 0", ID(from),
                      ID(to), INT(MESSAGE_MORE));
    while (rows_next(&r)) {
        struct message *m = message_of(v, n, row_id(&r, 0));
        if (m && !more_read(x, &r, 1, m))
            return false;
    }
    return rows_ok(&r);
}

bool talk_sql_answers(struct ctx *x, struct message *m)
{
    return answers_read(x, m, 1);
}

bool talk_sql_member(struct ctx *x, id64 room, id64 member, struct membership *out)
{
    ROWS r = db_query(x->db, "SELECT rm.first_seq, r.kind FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 AND rm.room = $2 AND r.closed_ms = 0",
                      ID(member), ID(room));

    if (!rows_next(&r))
        return false;
    *out = (struct membership){.first_seq = row_int(&r, 0), .kind = (enum room_kind)row_int(&r, 1)};
    return true;
}

bool talk_sql_room(struct ctx *x, id64 room, struct room *out)
{
    ROWS r = db_query(x->db, "SELECT id, name, kind, version, members, closed_ms, made_by, history, photo_ms FROM room WHERE id = $1",
                      ID(room));

    if (!rows_next(&r))
        return false;
    *out = (struct room){
        .id = row_id(&r, 0),
        .name = row_text(&r, 1),
        .kind = (enum room_kind)row_int(&r, 2),
        .version = row_int(&r, 3),
        .members = row_int(&r, 4),
        .closed = row_int(&r, 5) != 0,
        .maker = row_id(&r, 6),
        .history = row_int(&r, 7) != 0,
        .photo_ms = row_int(&r, 8),
    };
    return true;
}

#define ROOM_COLS                                                                                                     \
    "r.id, r.name, r.kind, r.version, r.members, rm.first_seq, r.made_by, r.history, rm.read_seq, rm.muted,"          \
    " rm.pinned_ms, COALESCE((SELECT MIN(o.member) FROM room_member o WHERE o.room = r.id AND r.kind = 1"             \
    " AND o.member <> rm.member), 0), (SELECT COUNT(*) FROM mention n WHERE n.member = rm.member"                     \
    " AND n.message > (r.id * 4294967296) + rm.read_seq AND n.message >= (r.id * 4294967296) + rm.first_seq"          \
    " AND n.message < (r.id + 1) * 4294967296), rm.folder, r.photo_ms"

static void room_read(struct rows *r, struct room *out)
{
    *out = (struct room){
        .id = row_id(r, 0),
        .name = row_text(r, 1),
        .kind = (enum room_kind)row_int(r, 2),
        .version = row_int(r, 3),
        .members = row_int(r, 4),
        .first_seq = row_int(r, 5),
        .maker = row_id(r, 6),
        .history = row_int(r, 7) != 0,
        .read_seq = row_int(r, 8),
        .muted = row_int(r, 9) != 0,
        .pinned_ms = row_int(r, 10),
        .peer = row_id(r, 11),
        .mentions = row_int(r, 12),
        .folder = row_id(r, 13),
        .photo_ms = row_int(r, 14),
    };
}

bool talk_sql_room_of(struct ctx *x, id64 room, id64 member, struct room *out)
{
    ROWS r = db_query(x->db, "SELECT " ROOM_COLS " FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 AND rm.room = $2 AND r.closed_ms = 0",
                      ID(member), ID(room));

    if (!rows_next(&r))
        return false;
    room_read(&r, out);
    return rows_ok(&r);
}

bool talk_sql_rooms(struct ctx *x, struct rooms *out)
{
    ROWS r = db_query(x->db, "SELECT " ROOM_COLS " FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 AND r.closed_ms = 0 ORDER BY r.id",
                      ID(x->actor.member));

    while (rows_next(&r))
        room_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool talk_sql_last_seq(struct ctx *x, id64 room, int64_t *seq)
{
    int64_t erased = 0;
    ROWS r = db_query(x->db, "SELECT id FROM message WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1",
                      ID(talk_message_id(room, 0)), ID(talk_message_id((id64){room.n + 1}, 0)));
    ROWS gone = db_query(x->db, "SELECT last_seq FROM room WHERE id = $1", ID(room));

    *seq = rows_next(&r) ? (int64_t)(row_int(&r, 0) & UINT32_MAX) : 0;
    erased = rows_next(&gone) ? row_int(&gone, 0) : 0;
    *seq = *seq > erased ? *seq : erased;
    return rows_ok(&r) && rows_ok(&gone);
}

bool talk_sql_members(struct ctx *x, id64 room, struct list *ids)
{
    VEC(id64) v = {0};
    ROWS r = db_query(x->db, "SELECT member FROM room_member WHERE room = $1 ORDER BY member", ID(room));

    while (rows_next(&r))
        *PUSH(x->arena, &v) = row_id(&r, 0);
    *ids = (struct list){.v = v.v, .n = v.n};
    return rows_ok(&r);
}

bool talk_sql_members_from(struct ctx *x, id64 room, int64_t seq, struct list *ids)
{
    VEC(id64) v = {0};
    ROWS r = db_query(x->db, "SELECT member FROM room_member WHERE room = $1 AND first_seq <= $2 ORDER BY member", ID(room),
                      INT(seq));

    while (rows_next(&r))
        *PUSH(x->arena, &v) = row_id(&r, 0);
    *ids = (struct list){.v = v.v, .n = v.n};
    return rows_ok(&r);
}

bool talk_sql_messages(struct ctx *x, struct rows *r, struct messages *out)
{
    while (rows_next(r))
        if (!message_read(x, r, PUSH(x->arena, out)))
            return false;
    return rows_ok(r) && answers_read(x, out->v, out->n);
}

static bool any_hidden(struct ctx *x, id64 member, struct bind from, struct bind to, bool *any)
{
    ROWS r = db_query(x->db, "SELECT message FROM message_hidden WHERE member = $1 AND message >= $2 AND message < $3 LIMIT 1",
                      ID(member), from, to);

    *any = rows_next(&r);
    return rows_ok(&r);
}

/* Few rooms lose messages by age, and few members have hidden any: to ask that of each row takes a third of the engine's time. */
bool talk_sql_history(struct ctx *x, id64 room, id64 member, int64_t first, int64_t before, int64_t max,
                      struct messages *out)
{
#define HISTORY "SELECT " TALK_MESSAGE_PLAIN " FROM message WHERE id >= $1 AND id < $2"
#define NEWEST  " ORDER BY id DESC LIMIT $3"
    struct bind from = ID(talk_message_id(room, first)), to = ID(talk_message_id(room, before)), most = INT(max);
    int64_t oldest = talk_oldest_ms(x);
    bool hidden;

    if (!any_hidden(x, member, from, to, &hidden))
        return false;
    VEC_ROOM(x->arena, out, out->n + (size_t)max);
    ROWS r = !hidden && !oldest
                 ? db_query(x->db, HISTORY NEWEST, from, to, most)
                 : db_query(x->db, HISTORY " AND sent_ms >= $4 AND id NOT IN (SELECT message FROM message_hidden WHERE member = $5"
                                           " AND message >= $1 AND message < $2)" NEWEST,
                            from, to, most, INT(oldest), ID(member));

    while (rows_next(&r))
        plain_read(&r, PUSH(x->arena, out));
    return rows_ok(&r) && rest_read(x, out->v, out->n) && answers_read(x, out->v, out->n);
#undef HISTORY
#undef NEWEST
}

bool talk_sql_by_key(struct ctx *x, const unsigned char *key, id64 author, struct message *out, int64_t *said)
{
    ROWS r = db_query(x->db, "SELECT " TALK_MESSAGE_COLS ", said FROM message WHERE ckey = $1 AND author = $2",
                      BLOB(sv_n(key, TALK_KEY_BYTES)), ID(author));

    if (!rows_next(&r))
        return false;
    *said = row_int(&r, 18);
    return message_read(x, &r, out) && rows_ok(&r);
}

bool talk_sql_message_add(struct ctx *x, const struct message *m, int64_t said, bool *added)
{
    int64_t id = talk_message_id(m->room, m->seq).n;
    sv content = talk_content_text(x, &m->content);
    bool more = m->reply || m->thread || m->deadline_ms || content.n;
    sv key = sv_n(m->key, TALK_KEY_BYTES);

#ifdef MUTANT_REPEAT_IS_NEW
    key = sv_printf(x->arena, "%0*" PRId64, TALK_KEY_BYTES, id);
#endif
    if (!db_exec(x->db, "INSERT INTO message (id, ckey, author, author_name, kind, sent_ms, text, reply, thread, flags,"
                        " deadline_ms, content, said) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                        " ON CONFLICT (ckey, author) DO NOTHING",
                 INT(id), BLOB(key), ID(m->author),
                 SEALED("message.author_name", id, m->author_name), INT(m->kind), INT(m->sent_ms),
                 SEALED("message.text", id, m->text), INT(m->reply),
                 INT(m->thread ? talk_message_id(m->room, m->thread).n : 0), INT(m->flags | (more ? MESSAGE_MORE : 0)), INT(m->deadline_ms),
                 content.n ? SEALED("message.content", id, content) : NIL, INT(said)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool talk_sql_mention_add(struct ctx *x, id64 message, id64 member)
{
    return db_exec(x->db, "INSERT INTO mention (message, member) VALUES ($1, $2) ON CONFLICT (member, message) DO NOTHING",
                   ID(message), ID(member));
}

bool talk_sql_mention_unit(struct ctx *x, id64 message, id64 room, id64 unit)
{
    return db_exec(x->db, "INSERT INTO mention (message, member) SELECT CAST($1 AS BIGINT), um.member FROM unit_member um"
                          " JOIN room_member rm ON rm.member = um.member AND rm.room = $2 WHERE um.unit = $3"
                          " ON CONFLICT (member, message) DO NOTHING",
                   ID(message), ID(room), ID(unit));
}

bool talk_sql_mention_all(struct ctx *x, id64 message, id64 room)
{
    return db_exec(x->db, "INSERT INTO mention (message, member) SELECT CAST($1 AS BIGINT), rm.member FROM room_member rm"
                          " WHERE rm.room = $2 ON CONFLICT (member, message) DO NOTHING",
                   ID(message), ID(room));
}

bool talk_sql_thread_grew(struct ctx *x, id64 root, int64_t now_ms)
{
    return db_exec(x->db, "UPDATE message SET replies = replies + 1, replied_ms = $1" TALK_SET_MORE " WHERE id = $2", INT(now_ms), ID(root));
}

bool talk_sql_last_first(struct ctx *x, id64 room, int64_t *first)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MAX(first_seq), 0) FROM room_member WHERE room = $1", ID(room));

    *first = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool talk_sql_room_add(struct ctx *x, id64 room, enum room_kind kind, sv name, int64_t members)
{
    return db_exec(x->db, "INSERT INTO room (id, name, kind, made_ms, made_by, version, members)"
                          " VALUES ($1, $2, $3, $4, $5, 0, $6)",
                   ID(room), TEXT(name), INT(kind), INT(x->now_ms), ID(x->actor.member), INT(members));
}

bool talk_sql_room_key(struct ctx *x, id64 room, sv key)
{
    return db_exec(x->db, "UPDATE room SET made_key = $1 WHERE id = $2", TEXT(key), ID(room));
}

bool talk_sql_room_made(struct ctx *x, sv key, id64 *room)
{
    ROWS r = db_query(x->db, "SELECT id FROM room WHERE made_key = $1 AND closed_ms = 0 ORDER BY id LIMIT 1", TEXT(key));

    *room = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

bool talk_sql_seq_of_key(struct ctx *x, id64 room, const unsigned char *key, int64_t *seq)
{
    ROWS r = db_query(x->db, "SELECT id FROM message WHERE ckey = $1 AND id >= $2 AND id < $3 ORDER BY id LIMIT 1",
                      BLOB(sv_n(key, TALK_KEY_BYTES)), ID(talk_message_id(room, 0)), ID(talk_message_id((id64){room.n + 1}, 0)));

    *seq = rows_next(&r) ? row_int(&r, 0) & UINT32_MAX : 0;
    return rows_ok(&r);
}

bool talk_sql_member_add(struct ctx *x, id64 room, id64 member, int64_t first_seq, bool *added)
{
    if (!db_exec(x->db, "INSERT INTO room_member (room, member, first_seq, joined_pos, joined_ms)"
                        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member, room) DO NOTHING",
                 ID(room), ID(member), INT(first_seq), INT(x->tenant->pos), INT(x->now_ms)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool talk_sql_member_remove(struct ctx *x, id64 room, id64 member, bool *removed)
{
    if (!db_exec(x->db, "DELETE FROM room_member WHERE member = $1 AND room = $2", ID(member), ID(room)))
        return false;
    *removed = db_changes(x->db) == 1;
    return true;
}

bool talk_sql_room_changed(struct ctx *x, id64 room, int64_t by)
{
    return db_exec(x->db, "UPDATE room SET version = version + 1, members = members + $1 WHERE id = $2", INT(by),
                   ID(room));
}

bool talk_sql_room_rename(struct ctx *x, id64 room, sv name)
{
    return db_exec(x->db, "UPDATE room SET name = $1 WHERE id = $2", TEXT(name), ID(room));
}

bool talk_sql_room_close(struct ctx *x, id64 room, int64_t closed_ms)
{
    return db_exec(x->db, "UPDATE room SET closed_ms = $1 WHERE id = $2", INT(closed_ms), ID(room));
}

bool talk_sql_room_erase(struct ctx *x, id64 room)
{
    struct bind from = ID(talk_message_id(room, 0)), to = ID(talk_message_id((id64){room.n + 1}, 0));

    return search_sql_changed_room(x, room) && db_exec(x->db, "DELETE FROM message WHERE id >= $1 AND id < $2", from, to) &&
           db_exec(x->db, "DELETE FROM reaction WHERE message >= $1 AND message < $2", from, to) &&
           db_exec(x->db, "DELETE FROM poll_vote WHERE message >= $1 AND message < $2", from, to) &&
           db_exec(x->db, "DELETE FROM mention WHERE message >= $1 AND message < $2", from, to) &&
           db_exec(x->db, "DELETE FROM message_hidden WHERE message >= $1 AND message < $2", from, to) &&
           db_exec(x->db, "DELETE FROM saved WHERE message >= $1 AND message < $2", from, to) &&
           db_exec(x->db, "DELETE FROM later WHERE room = $1", ID(room)) &&
           db_exec(x->db, "DELETE FROM draft WHERE room = $1", ID(room)) &&
           db_exec(x->db, "DELETE FROM event WHERE object >= $1 AND object < $2", from, to) &&
           db_exec(x->db, "DELETE FROM event WHERE topic = $1", INT(topic_of_room(room))) &&
           db_exec(x->db, "DELETE FROM room_photo WHERE room = $1", ID(room)) &&
           db_exec(x->db, "DELETE FROM room_member WHERE room = $1", ID(room)) &&
           db_exec(x->db, "DELETE FROM room WHERE id = $1", ID(room));
}

bool talk_sql_rooms_of(struct ctx *x, id64 member, struct rooms *out)
{
    ROWS r = db_query(x->db, "SELECT r.id, r.kind, r.closed_ms FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 ORDER BY r.id",
                      ID(member));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct room){
            .id = row_id(&r, 0),
            .kind = (enum room_kind)row_int(&r, 1),
            .closed = row_int(&r, 2) != 0,
        };
    return rows_ok(&r);
}

bool talk_sql_notice_room(struct ctx *x, id64 member, id64 *room)
{
    ROWS r = db_query(x->db, "SELECT r.id FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 AND r.kind = $2",
                      ID(member), INT(ROOM_NOTICE));

    if (!rows_next(&r))
        return false;
    *room = row_id(&r, 0);
    return true;
}

bool talk_sql_language(struct ctx *x, id64 member, sv *out)
{
    ROWS r = db_query(x->db, "SELECT language FROM member WHERE id = $1 AND status <> 3", ID(member));

    if (!rows_next(&r))
        return false;
    *out = row_text(&r, 0);
    return true;
}

bool talk_sql_name(struct ctx *x, id64 member, sv *out)
{
    ROWS r = db_query(x->db, "SELECT family, given FROM member WHERE id = $1", ID(member));

    if (rows_next(&r))
        *out = full_name(x->arena, row_text(&r, 0), row_text(&r, 1));
    return rows_ok(&r);
}

bool talk_sql_read_all(struct ctx *x, id64 room, int64_t seq)
{
    return db_exec(x->db, "UPDATE room_member SET read_seq = $1 WHERE room = $2", INT(seq), ID(room));
}

bool talk_sql_read_up_to(struct ctx *x, id64 room, id64 member, int64_t seq)
{
    return db_exec(x->db, "UPDATE room_member SET read_seq = $1 WHERE room = $2 AND member = $3", INT(seq), ID(room),
                   ID(member));
}

bool talk_sql_member_exists(struct ctx *x, id64 member)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM member WHERE id = $1 AND status <> 3", ID(member));

    return rows_next(&r);
}

/* What was told to the member itself of a message is a room's all the same: it ends with the membership. Most of what lies
 * between is of other rooms: the list, made once, is asked before anything else of the event. */
#define EVENT_ROOM "CASE e.topic WHEN $2 THEN e.object / 4294967296 ELSE e.topic END"

bool talk_sql_events(struct ctx *x, int64_t since, int64_t max, struct tolds *out)
{
    ROWS r = db_query(x->db, "SELECT e.pos, e.topic, e.kind, e.data FROM event e WHERE e.pos > $1"
                             " AND (e.topic = $2 AND e.object = 0 OR " EVENT_ROOM " IN (SELECT room FROM room_member WHERE member = $3)"
                             " AND EXISTS (SELECT 1 FROM room_member rm JOIN room r ON r.id = rm.room WHERE rm.member = $3"
                             " AND rm.room = " EVENT_ROOM " AND rm.joined_pos < e.pos AND r.closed_ms = 0))"
                             " AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.member = $3"
                             " AND h.message = e.object) ORDER BY e.pos LIMIT $4",
                      INT(since), INT(topic_of_member(x->actor.member)), ID(x->actor.member), INT(max));

    while (rows_next(&r)) {
        struct told *t = PUSH(x->arena, out);
        t->pos = row_int(&r, 0);
        t->room = (id64){row_int(&r, 1) > 0 ? row_int(&r, 1) : 0};
        t->name = row_text(&r, 2);
        t->data = row_sealed(&r, 3, "event.data", t->pos);
    }
    return rows_ok(&r);
}

bool talk_sql_event_behind(struct ctx *x, int64_t since, int64_t *made_ms)
{
    ROWS r = db_query(x->db, "SELECT made_ms FROM event WHERE pos > $1 ORDER BY pos LIMIT 1", INT(since));

    *made_ms = rows_next(&r) ? row_int(&r, 0) : INT64_MAX;
    return rows_ok(&r);
}

bool talk_sql_event_range(struct ctx *x, int64_t *oldest, int64_t *newest)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MIN(pos), 0), COALESCE(MAX(pos), 0) FROM event");

    if (rows_next(&r)) {
        *oldest = row_int(&r, 0);
        *newest = row_int(&r, 1);
    }
    return rows_ok(&r);
}

bool talk_sql_events_forget(struct ctx *x, int64_t before_ms)
{
    return db_exec(x->db, "DELETE FROM event WHERE pos IN (SELECT pos FROM event WHERE made_ms < $1"
                          " AND pos < (SELECT MAX(pos) FROM event) ORDER BY pos LIMIT 5000)",
                   INT(before_ms));
}
