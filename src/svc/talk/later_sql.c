/* svc/talk/later_sql.c: what waits for its moment, and what is kept at hand. */
#include "svc/talk/later_sql.h"

#include <string.h>

#define LATER_COLS "id, member, kind, room, message, due_ms, key, text, content, failed"

static bool read_all(struct ctx *x, struct rows *r, struct laters *out)
{
    while (rows_next(r)) {
        struct later *l = PUSH(x->arena, out);
        sv key = row_blob(r, 6);
        *l = (struct later){.id = row_id(r, 0), .member = row_id(r, 1), .kind = (enum later_kind)row_int(r, 2), .room = row_id(r, 3),
                            .message = row_id(r, 4), .due_ms = row_int(r, 5), .failed = row_text(r, 9)};
        if (key.n == sizeof(l->key))
            memcpy(l->key, key.p, key.n);
        l->text = row_sealed(r, 7, "later.text", l->id.n);
        if (!talk_content_read(x, row_sealed(r, 8, "later.content", l->id.n), &l->content))
            return false;
    }
    return rows_ok(r);
}

bool later_sql_add(struct ctx *x, const struct later *l)
{
    sv content = talk_content_text(x, &l->content);

    return db_exec(x->db, "INSERT INTO later (id, member, kind, room, message, due_ms, made_ms, key, text, content, failed)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')",
                   ID(l->id), ID(l->member), INT(l->kind), ID(l->room), ID(l->message), INT(l->due_ms), INT(x->now_ms),
                   BLOB(((sv){(const char *)l->key, sizeof(l->key)})), SEALED("later.text", l->id.n, l->text),
                   content.n ? SEALED("later.content", l->id.n, content) : NIL);
}

bool later_sql_by_key(struct ctx *x, const unsigned char key[TALK_KEY_BYTES], struct laters *out)
{
    ROWS r = db_query(x->db, "SELECT " LATER_COLS " FROM later WHERE member = $1 AND key = $2 AND kind = 1", ID(x->actor.member),
                      BLOB(((sv){(const char *)key, TALK_KEY_BYTES})));

    return read_all(x, &r, out);
}

bool later_sql_count(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM later WHERE member = $1 AND kind <> 3", ID(x->actor.member));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool later_sql_list(struct ctx *x, struct laters *out)
{
    ROWS r = db_query(x->db, "SELECT " LATER_COLS " FROM later WHERE member = $1 AND kind <> 3 ORDER BY due_ms, id",
                      ID(x->actor.member));

    return read_all(x, &r, out);
}

bool later_sql_find(struct ctx *x, id64 later, struct laters *out)
{
    ROWS r = db_query(x->db, "SELECT " LATER_COLS " FROM later WHERE id = $1", ID(later));

    return read_all(x, &r, out);
}

bool later_sql_first(struct ctx *x, struct laters *out)
{
    ROWS r = db_query(x->db, "SELECT " LATER_COLS " FROM later WHERE failed = '' ORDER BY due_ms, id LIMIT 2");

    return read_all(x, &r, out);
}

bool later_sql_delete(struct ctx *x, id64 later)
{
    return db_exec(x->db, "DELETE FROM later WHERE id = $1", ID(later));
}

bool later_sql_unremind(struct ctx *x, id64 message)
{
    return db_exec(x->db, "DELETE FROM later WHERE member = $1 AND message = $2 AND kind = 2", ID(x->actor.member), ID(message));
}

bool later_sql_failed(struct ctx *x, id64 later, sv code)
{
    return db_exec(x->db, "UPDATE later SET failed = $1 WHERE id = $2", TEXT(code), ID(later));
}

bool later_sql_member_gone(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM later WHERE member = $1", ID(member)) && db_exec(x->db, "DELETE FROM saved WHERE member = $1", ID(member)) &&
           db_exec(x->db, "DELETE FROM draft WHERE member = $1", ID(member));
}

/* A draft is sealed under its room: a member has one in each. */
bool draft_sql_put(struct ctx *x, id64 room, sv text)
{
    if (!text.n)
        return db_exec(x->db, "DELETE FROM draft WHERE member = $1 AND room = $2", ID(x->actor.member), ID(room));
    return db_exec(x->db, "INSERT INTO draft (member, room, text, changed_ms) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (member, room) DO UPDATE SET text = excluded.text, changed_ms = excluded.changed_ms",
                   ID(x->actor.member), ID(room), SEALED("draft.text", room.n, text), INT(x->now_ms));
}

bool draft_sql_list(struct ctx *x, struct drafts *out)
{
    ROWS r = db_query(x->db, "SELECT d.room, d.text, d.changed_ms FROM draft d JOIN room_member rm ON rm.member = d.member"
                             " AND rm.room = d.room WHERE d.member = $1 ORDER BY d.room",
                      ID(x->actor.member));

    while (rows_next(&r)) {
        id64 room = row_id(&r, 0);
        *PUSH(x->arena, out) = (struct draft){room, row_sealed(&r, 1, "draft.text", room.n), row_int(&r, 2)};
    }
    return rows_ok(&r);
}

bool saved_sql_put(struct ctx *x, id64 message, bool on)
{
    if (!on)
        return db_exec(x->db, "DELETE FROM saved WHERE member = $1 AND message = $2", ID(x->actor.member), ID(message));
    return db_exec(x->db, "INSERT INTO saved (member, message, saved_ms) VALUES ($1, $2, $3) ON CONFLICT (member, message) DO NOTHING",
                   ID(x->actor.member), ID(message), INT(x->now_ms));
}

bool saved_sql_count(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM saved WHERE member = $1", ID(x->actor.member));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool saved_sql_ids(struct ctx *x, struct list *out)
{
    struct {
        id64 *v;
        size_t n, cap;
    } all = {0};
    ROWS r = db_query(x->db, "SELECT message FROM saved WHERE member = $1 ORDER BY saved_ms DESC, message DESC", ID(x->actor.member));

    while (rows_next(&r))
        *PUSH(x->arena, &all) = row_id(&r, 0);
    *out = (struct list){all.v, all.n};
    return rows_ok(&r);
}
