/* svc/talk/talk_sql.c: rooms, members, messages and events in the store. */
#include "svc/talk/talk_sql.h"

#include <string.h>

#define MSG_COLS "id, ckey, author, author_name, kind, sent_ms, text"     /* the order message_read() reads in */

static void message_read(struct rows *r, struct message *m)
{
    int64_t id = row_int(r, 0);
    sv key = row_blob(r, 1);

    *m = (struct message){
        .room = {id >> 32},
        .seq = id & UINT32_MAX,
        .author = row_id(r, 2),
        .author_name = row_sealed(r, 3, "message.author_name", id),
        .kind = (enum message_kind)row_int(r, 4),
        .sent_ms = row_int(r, 5),
        .text = row_sealed(r, 6, "message.text", id),
    };
    if (key.n == sizeof(m->key))
        memcpy(m->key, key.p, key.n);
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
    ROWS r = db_query(x->db, "SELECT id, name, kind, version, members, closed_ms FROM room WHERE id = $1", ID(room));

    if (!rows_next(&r))
        return false;
    *out = (struct room){
        .id = row_id(&r, 0),
        .name = row_text(&r, 1),
        .kind = (enum room_kind)row_int(&r, 2),
        .version = row_int(&r, 3),
        .members = row_int(&r, 4),
        .closed = row_int(&r, 5) != 0,
    };
    return true;
}

bool talk_sql_rooms(struct ctx *x, struct rooms *out)
{
    ROWS r = db_query(x->db, "SELECT r.id, r.name, r.kind, r.version, r.members, rm.first_seq FROM room_member rm"
                             " JOIN room r ON r.id = rm.room WHERE rm.member = $1 AND r.closed_ms = 0 ORDER BY r.id",
                      ID(x->actor.member));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct room){
            .id = row_id(&r, 0),
            .name = row_text(&r, 1),
            .kind = (enum room_kind)row_int(&r, 2),
            .version = row_int(&r, 3),
            .members = row_int(&r, 4),
            .first_seq = row_int(&r, 5),
        };
    return rows_ok(&r);
}

bool talk_sql_last_seq(struct ctx *x, id64 room, int64_t *seq)
{
    ROWS r = db_query(x->db, "SELECT id FROM message WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1",
                      ID(talk_message_id(room, 0)), ID(talk_message_id((id64){room.n + 1}, 0)));

    *seq = rows_next(&r) ? (int64_t)(row_int(&r, 0) & UINT32_MAX) : 0;
    return rows_ok(&r);
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

bool talk_sql_history(struct ctx *x, id64 room, int64_t first, int64_t before, int64_t max, struct messages *out)
{
    ROWS r = db_query(x->db, "SELECT " MSG_COLS " FROM message WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                      ID(talk_message_id(room, first)), ID(talk_message_id(room, before)), INT(max));

    while (rows_next(&r))
        message_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool talk_sql_by_key(struct ctx *x, const unsigned char *key, id64 author, struct message *out)
{
    ROWS r = db_query(x->db, "SELECT " MSG_COLS " FROM message WHERE ckey = $1 AND author = $2",
                      BLOB(sv_n(key, TALK_KEY_BYTES)), ID(author));

    if (!rows_next(&r))
        return false;
    message_read(&r, out);
    return rows_ok(&r);
}

bool talk_sql_message_add(struct ctx *x, const struct message *m, bool *added)
{
    int64_t id = talk_message_id(m->room, m->seq).n;

    if (!db_exec(x->db, "INSERT INTO message (id, ckey, author, author_name, kind, sent_ms, text)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (ckey, author) DO NOTHING",
                 INT(id), BLOB(sv_n(m->key, TALK_KEY_BYTES)), ID(m->author),
                 SEALED("message.author_name", id, m->author_name), INT(m->kind), INT(m->sent_ms),
                 SEALED("message.text", id, m->text)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool talk_sql_room_add(struct ctx *x, id64 room, enum room_kind kind, sv name, int64_t members)
{
    return db_exec(x->db, "INSERT INTO room (id, name, kind, made_ms, made_by, version, members)"
                          " VALUES ($1, $2, $3, $4, $5, 1, $6)",
                   ID(room), TEXT(name), INT(kind), INT(x->now_ms), ID(x->actor.member), INT(members));
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
    return db_exec(x->db, "DELETE FROM message WHERE id >= $1 AND id < $2", ID(talk_message_id(room, 0)),
                   ID(talk_message_id((id64){room.n + 1}, 0))) &&
           db_exec(x->db, "DELETE FROM event WHERE topic = $1", INT(topic_of_room(room))) &&
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

bool talk_sql_member_exists(struct ctx *x, id64 member)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM member WHERE id = $1 AND status <> 3", ID(member));

    return rows_next(&r);
}

bool talk_sql_events(struct ctx *x, int64_t since, int64_t max, struct tolds *out)
{
    ROWS r = db_query(x->db, "SELECT e.pos, e.topic, e.kind, e.data FROM event e WHERE e.pos > $1"
                             " AND (e.topic = $2 OR EXISTS (SELECT 1 FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $3 AND rm.room = e.topic AND rm.joined_pos < e.pos"
                             " AND r.closed_ms = 0)) ORDER BY e.pos LIMIT $4",
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
