/* svc/talk/retention_sql.c: messages that go for good. */
#include "svc/talk/retention_sql.h"
#include "svc/talk/message.h"
#include "svc/talk/search_sql.h"

bool retention_sql_count(struct ctx *x, int64_t below_ms, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM message WHERE sent_ms < $1", INT(below_ms));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool retention_sql_changed_ms(struct ctx *x, int64_t *ms)
{
    ROWS r = db_query(x->db, "SELECT changed_ms FROM setting WHERE key = 'talk.retention'");

    *ms = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool retention_sql_oldest(struct ctx *x, int64_t below_ms, size_t max, struct list *ids)
{
    VEC(id64) v = {0};
    ROWS r = db_query(x->db, "SELECT id FROM message WHERE sent_ms < $1 ORDER BY sent_ms LIMIT $2", INT(below_ms),
                      INT((int64_t)max));

    while (rows_next(&r))
        *PUSH(x->arena, &v) = row_id(&r, 0);
    *ids = (struct list){v.v, v.n};
    return rows_ok(&r);
}

bool retention_sql_erase(struct ctx *x, id64 message)
{
    return search_sql_changed(x, message) &&
           db_exec(x->db, "DELETE FROM reaction WHERE message = $1", ID(message)) &&
           db_exec(x->db, "DELETE FROM poll_vote WHERE message = $1", ID(message)) &&
           db_exec(x->db, "DELETE FROM mention WHERE message = $1", ID(message)) &&
           db_exec(x->db, "DELETE FROM saved WHERE message = $1", ID(message)) &&
           db_exec(x->db, "UPDATE room SET last_seq = $1 WHERE id = $2 AND last_seq < $1", INT(talk_seq_of(message)),
                   ID(talk_room_of(message))) &&
           db_exec(x->db, "DELETE FROM message WHERE id = $1", ID(message));
}

bool retention_sql_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM message_hidden WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = message_hidden.message)");
}

bool retention_sql_erased_add(struct ctx *x, int64_t n)
{
    return db_exec(x->db, "UPDATE retention_run SET erased = erased + $1 WHERE id = 1", INT(n));
}

bool retention_sql_erased_take(struct ctx *x, int64_t *n)
{
    {
        ROWS r = db_query(x->db, "SELECT erased FROM retention_run WHERE id = 1");
        *n = rows_next(&r) ? row_int(&r, 0) : 0;
        if (!rows_ok(&r))
            return false;
    }
    return db_exec(x->db, "UPDATE retention_run SET erased = 0 WHERE id = 1");
}
