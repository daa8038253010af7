/* svc/talk/message_sql.c: changes of messages, pins and threads in the store. */
#include "svc/talk/message_sql.h"
#include "svc/talk/retention.h"
#include "svc/talk/talk_sql.h"
#include "svc/talk/url.h"

static struct bind content_of(struct ctx *x, const struct message *m, int64_t id)
{
    sv content = talk_content_text(x, &m->content);

    return content.n ? SEALED("message.content", id, content) : NIL;
}

bool message_sql_edit(struct ctx *x, const struct message *m)
{
    int64_t id = talk_message_id(m->room, m->seq).n;

    return db_exec(x->db, "UPDATE message SET text = $1, content = $2, edited_ms = $3, flags = (flags & $5) | $6 WHERE id = $4",
                   SEALED("message.text", id, m->text), content_of(x, m, id), INT(m->edited_ms), INT(id), INT(~(int64_t)MESSAGE_LINKED),
                   INT(MESSAGE_MORE | talk_linked(m->kind, m->text)));
}

bool message_sql_content(struct ctx *x, const struct message *m)
{
    int64_t id = talk_message_id(m->room, m->seq).n;

    return db_exec(x->db, "UPDATE message SET content = $1" TALK_SET_MORE " WHERE id = $2", content_of(x, m, id), INT(id));
}

bool message_sql_empty(struct ctx *x, const struct message *m)
{
    int64_t id = talk_message_id(m->room, m->seq).n;

    return db_exec(x->db, "UPDATE message SET text = $1, content = NULL, gone_ms = $2, edited_ms = 0, pinned_ms = 0,"
                          " pinned_by = 0, flags = $4, deadline_ms = 0, reply = 0 WHERE id = $3",
                   SEALED("message.text", id, SV("")), INT(m->gone_ms), INT(id), INT(MESSAGE_MORE)) &&
           db_exec(x->db, "DELETE FROM reaction WHERE message = $1", INT(id)) &&
           db_exec(x->db, "DELETE FROM poll_vote WHERE message = $1", INT(id)) &&
           message_sql_mentions_forget(x, (id64){id});
}

bool message_sql_flag(struct ctx *x, id64 message, unsigned flags)
{
    return db_exec(x->db, "UPDATE message SET flags = flags | $1 WHERE id = $2", INT(flags), ID(message));
}

bool message_sql_mentions_forget(struct ctx *x, id64 message)
{
    return db_exec(x->db, "DELETE FROM mention WHERE message = $1", ID(message));
}

bool message_sql_thread_shrank(struct ctx *x, id64 root)
{
    return db_exec(x->db, "UPDATE message SET replies = replies - 1 WHERE id = $1 AND replies > 0", ID(root));
}

bool message_sql_hide(struct ctx *x, id64 message)
{
    return db_exec(x->db, "INSERT INTO message_hidden (member, message) VALUES ($1, $2)"
                          " ON CONFLICT (member, message) DO NOTHING",
                   ID(x->actor.member), ID(message));
}

bool message_sql_reacted(struct ctx *x, id64 message, id64 member, sv mark, int64_t made_ms)
{
    return db_exec(x->db, "INSERT INTO reaction (message, member, mark, made_ms) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (message, mark, member) DO NOTHING",
                   ID(message), ID(member), TEXT(mark), INT(made_ms));
}

bool message_sql_reaction(struct ctx *x, id64 message, sv mark, bool on)
{
    return on ? message_sql_reacted(x, message, x->actor.member, mark, x->now_ms)
              : db_exec(x->db, "DELETE FROM reaction WHERE message = $1 AND member = $2 AND mark = $3", ID(message),
                        ID(x->actor.member), TEXT(mark));
}

bool message_sql_votes_forget(struct ctx *x, id64 message)
{
    return db_exec(x->db, "DELETE FROM poll_vote WHERE message = $1 AND member = $2", ID(message), ID(x->actor.member));
}

bool message_sql_voted(struct ctx *x, id64 message, id64 member, int64_t choice, int64_t made_ms)
{
    return db_exec(x->db, "INSERT INTO poll_vote (message, member, choice, made_ms) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (message, choice, member) DO NOTHING",
                   ID(message), ID(member), INT(choice), INT(made_ms));
}

bool message_sql_vote(struct ctx *x, id64 message, int64_t choice)
{
    return message_sql_voted(x, message, x->actor.member, choice, x->now_ms);
}

bool message_sql_pin(struct ctx *x, id64 message, int64_t pinned_ms, id64 by)
{
    return db_exec(x->db, "UPDATE message SET pinned_ms = $1, pinned_by = $2" TALK_SET_MORE " WHERE id = $3", INT(pinned_ms), ID(by),
                   ID(message));
}

/* What the member deleted for itself and what is beyond its period is not there: neither shown nor counted. */
#define SHOWN " AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.member = $1 AND h.message = message.id)"          \
              " AND sent_ms >= $2"
#define SHOWN_BINDS ID(x->actor.member), INT(talk_oldest_ms(x))

bool message_sql_pins(struct ctx *x, id64 room, int64_t first_seq, struct messages *out)
{
    ROWS r = db_query(x->db, "SELECT " TALK_MESSAGE_COLS " FROM message WHERE pinned_ms <> 0 AND id >= $3 AND id < $4" SHOWN
                             " ORDER BY pinned_ms DESC, id",
                      SHOWN_BINDS, ID(talk_message_id(room, first_seq)), ID(talk_message_id((id64){room.n + 1}, 0)));

    return talk_sql_messages(x, &r, out);
}

bool message_sql_thread(struct ctx *x, id64 root, int64_t before, int64_t max, struct messages *out)
{
    ROWS r = db_query(x->db, "SELECT " TALK_MESSAGE_COLS " FROM message WHERE thread = $3 AND thread <> 0 AND id < $4" SHOWN
                             " ORDER BY id DESC LIMIT $5",
                      SHOWN_BINDS, ID(root), ID(talk_message_id(talk_room_of(root), before)), INT(max));

    return talk_sql_messages(x, &r, out);
}

bool message_sql_gone_since(struct ctx *x, id64 room, int64_t upto, int64_t since_ms, bool *any)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM message WHERE id > $1 AND id <= $2 AND gone_ms >= $3 LIMIT 1", ID(talk_message_id(room, 0)),
                      ID(talk_message_id(room, upto)), INT(since_ms));

    *any = rows_next(&r);
    return rows_ok(&r);
}

bool message_sql_after(struct ctx *x, id64 room, int64_t after, int64_t max, struct messages *out)
{
    ROWS r = db_query(x->db, "SELECT " TALK_MESSAGE_COLS " FROM message WHERE id > $3 AND id < $4" SHOWN " ORDER BY id LIMIT $5",
                      SHOWN_BINDS, ID(talk_message_id(room, after)), ID(talk_message_id((id64){room.n + 1}, 0)), INT(max));

    return talk_sql_messages(x, &r, out);
}
