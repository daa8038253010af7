/* svc/talk/gallery_sql.c: the statements. */
#include "svc/talk/gallery_sql.h"

#define COLS  "SELECT id, author, author_name, sent_ms, text, content FROM message WHERE "
#define FILES "id IN (SELECT s.message FROM stored s WHERE s.message >= $1 AND s.message < $2 AND substr(s.type, 1, 6) "
/* What is read in the room too, and asked for. */
#define SEEN  " AND gone_ms = 0 AND sent_ms >= $4 AND sent_ms < $5 AND (CAST($6 AS BIGINT) = 0 OR author = $6)"                            \
              " AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.member = $3 AND h.message = message.id) ORDER BY id DESC LIMIT $7"

bool gallery_sql_messages(struct ctx *x, id64 room, int64_t first_seq, const struct gallery_question *q, struct messages *out)
{
    id64 from = talk_message_id(room, first_seq), to = q->before ? talk_message_id(room, q->before) : talk_message_id((id64){room.n + 1}, 0);
#define BINDS ID(from), ID(to), ID(x->actor.member), INT(q->from_ms), INT(q->to_ms ? q->to_ms : INT64_MAX), ID(q->by), INT((int64_t)q->limit + 1)
    ROWS r = q->kind == GALLERY_PHOTO  ? db_query(x->db, COLS FILES "IN ('image/', 'video/'))" SEEN, BINDS)
             : q->kind == GALLERY_FILE ? db_query(x->db, COLS FILES "NOT IN ('image/', 'video/'))" SEEN, BINDS)
                                       : db_query(x->db, COLS "(flags & 16) <> 0 AND id >= $1 AND id < $2" SEEN, BINDS);
#undef BINDS

    while (rows_next(&r)) {
        struct message *m = PUSH(x->arena, out);
        int64_t id = row_int(&r, 0);
        *m = (struct message){.room = room, .seq = id & UINT32_MAX, .author = row_id(&r, 1), .sent_ms = row_int(&r, 3)};
        m->author_name = row_sealed(&r, 2, "message.author_name", id);
        m->text = row_sealed(&r, 4, "message.text", id);
        sv content = row_sealed(&r, 5, "message.content", id);
        if (content.n && !talk_content_read(x, content, &m->content))
            return false;
    }
    return rows_ok(&r);
}

bool gallery_sql_looked(struct ctx *x, id64 *upto)
{
    ROWS r = db_query(x->db, "SELECT message FROM link_look WHERE id = 1");

    *upto = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

bool gallery_sql_looked_set(struct ctx *x, id64 upto)
{
    return db_exec(x->db, "UPDATE link_look SET message = $1 WHERE id = 1", ID(upto));
}

bool gallery_sql_unlooked(struct ctx *x, id64 after, int64_t max, struct messages *out)
{
    ROWS r = db_query(x->db, "SELECT id, kind, flags, text FROM message WHERE id > $1 ORDER BY id LIMIT $2", ID(after), INT(max));

    while (rows_next(&r)) {
        int64_t id = row_int(&r, 0);
        *PUSH(x->arena, out) = (struct message){.room = {id >> 32}, .seq = id & UINT32_MAX, .kind = (enum message_kind)row_int(&r, 1),
                                                .flags = (unsigned)row_int(&r, 2), .text = row_sealed(&r, 3, "message.text", id)};
    }
    return rows_ok(&r);
}
