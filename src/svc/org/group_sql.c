/* svc/org/group_sql.c: groups and their people in the store. */
#include "svc/org/group_sql.h"
#include "base/fold.h"
#include "core/member_state.h"

#define GROUP_COLS                                                                                          \
    "g.id, g.kind, g.name, g.description, g.public, g.functions, g.delegation, g.notify, g.room, g.made_ms," \
    " g.made_by, g.deleted_ms, (SELECT COUNT(*) FROM group_member c WHERE c.grp = g.id)"

static void group_read(struct rows *r, struct group *g)
{
    *g = (struct group){
        .id = row_id(r, 0),
        .kind = (enum group_kind)row_int(r, 1),
        .name = row_text(r, 2),
        .description = row_text(r, 3),
        .public = row_int(r, 4) != 0,
        .functions = row_int(r, 5),
        .delegation = row_int(r, 6) != 0,
        .notify = row_int(r, 7) != 0,
        .room = row_id(r, 8),
        .made_ms = row_int(r, 9),
        .made_by = row_id(r, 10),
        .deleted_ms = row_int(r, 11),
        .members = row_int(r, 12),
    };
}

static bool read_all(struct ctx *x, struct rows *r, struct groups *out)
{
    while (rows_next(r))
        group_read(r, PUSH(x->arena, out));
    return rows_ok(r);
}

static bool read_one(struct rows *r, struct group *out)
{
    if (!rows_next(r))
        return false;
    group_read(r, out);
    return rows_ok(r);
}

bool group_sql_find(struct ctx *x, id64 id, struct group *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.id = $1", ID(id));

    return read_one(&r, out);
}

bool group_sql_of_room(struct ctx *x, id64 room, struct group *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.room = $1 AND g.deleted_ms = 0", ID(room));

    return read_one(&r, out);
}

bool group_sql_all(struct ctx *x, struct groups *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.deleted_ms = 0 ORDER BY g.folded, g.id");

    return read_all(x, &r, out);
}

bool group_sql_gone(struct ctx *x, int64_t since_ms, struct groups *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.deleted_ms > $1"
                             " ORDER BY g.deleted_ms DESC, g.id",
                      INT(since_ms));

    return read_all(x, &r, out);
}

bool group_sql_seen(struct ctx *x, id64 member, struct groups *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.deleted_ms = 0 AND (g.public = 1"
                             " OR EXISTS (SELECT 1 FROM group_member gm WHERE gm.member = $1 AND gm.grp = g.id))"
                             " ORDER BY g.folded, g.id",
                      ID(member));

    return read_all(x, &r, out);
}

bool group_sql_expired(struct ctx *x, int64_t until_ms, struct group *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM groups_ g WHERE g.deleted_ms <> 0 AND g.deleted_ms <= $1"
                             " ORDER BY g.id LIMIT 1",
                      INT(until_ms));

    return read_one(&r, out);
}

bool group_sql_people(struct ctx *x, id64 id, struct group_people *out)
{
    ROWS r = db_query(x->db, "SELECT m.id, m.family, m.given, gm.master FROM group_member gm"
                             " JOIN member m ON m.id = gm.member WHERE gm.grp = $1 AND m.status <> $2"
                             " ORDER BY gm.master DESC, m.family_reading, m.given_reading, m.id",
                      ID(id), INT(MEMBER_DELETED));

    while (rows_next(&r)) {
        struct group_person *p = PUSH(x->arena, out);
        p->member = row_id(&r, 0);
        p->family = row_text(&r, 1);
        p->given = row_text(&r, 2);
        p->master = row_int(&r, 3) != 0;
    }
    return rows_ok(&r);
}

bool group_sql_member(struct ctx *x, id64 id, id64 member, bool *master)
{
    ROWS r = db_query(x->db, "SELECT master FROM group_member WHERE member = $1 AND grp = $2", ID(member), ID(id));

    if (!rows_next(&r))
        return false;
    *master = row_int(&r, 0) != 0;
    return rows_ok(&r);
}

bool group_sql_of_member(struct ctx *x, id64 member, struct groups *out)
{
    ROWS r = db_query(x->db, "SELECT " GROUP_COLS " FROM group_member gm JOIN groups_ g ON g.id = gm.grp"
                             " WHERE gm.member = $1 ORDER BY g.id",
                      ID(member));

    return read_all(x, &r, out);
}

bool group_sql_oldest(struct ctx *x, id64 id, id64 *member)
{
    ROWS r = db_query(x->db, "SELECT gm.member FROM group_member gm JOIN member m ON m.id = gm.member"
                             " WHERE gm.grp = $1 AND m.status <> $2 ORDER BY gm.joined_ms, gm.member LIMIT 1",
                      ID(id), INT(MEMBER_DELETED));

    if (!rows_next(&r))
        return false;
    *member = row_id(&r, 0);
    return rows_ok(&r);
}

bool group_sql_names(struct ctx *x, struct group_names *out)
{
    ROWS r = db_query(x->db, "SELECT gm.grp, m.family, m.given, m.family_reading, m.given_reading FROM group_member gm"
                             " JOIN member m ON m.id = gm.member WHERE m.status <> $1 ORDER BY gm.grp",
                      INT(MEMBER_DELETED));

    while (rows_next(&r)) {
        struct group_name *n = PUSH(x->arena, out);
        n->group = row_id(&r, 0);
        n->name = sv_printf(x->arena, "%.*s%.*s\n%.*s%.*s", SV_ARG(row_text(&r, 1)), SV_ARG(row_text(&r, 2)),
                            SV_ARG(row_text(&r, 3)), SV_ARG(row_text(&r, 4)));
    }
    return rows_ok(&r);
}

bool group_sql_member_is(struct ctx *x, id64 member)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM member WHERE id = $1 AND status <> $2", ID(member), INT(MEMBER_DELETED));

    return rows_next(&r);
}

bool group_sql_add(struct ctx *x, const struct group *g)
{
    return db_exec(x->db, "INSERT INTO groups_ (id, kind, name, description, folded, public, functions, delegation,"
                          " notify, room, made_ms, made_by, deleted_ms)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, 0)",
                   ID(g->id), INT(g->kind), TEXT(g->name), TEXT(g->description), TEXT(fold(x->arena, g->name)),
                   INT(g->public), INT(g->functions), INT(g->delegation), INT(g->notify), INT(x->now_ms),
                   ID(x->actor.member));
}

bool group_sql_edit(struct ctx *x, const struct group *g)
{
    return db_exec(x->db, "UPDATE groups_ SET name = $1, description = $2, folded = $3, public = $4, functions = $5,"
                          " delegation = $6, notify = $7 WHERE id = $8",
                   TEXT(g->name), TEXT(g->description), TEXT(fold(x->arena, g->name)), INT(g->public),
                   INT(g->functions), INT(g->delegation), INT(g->notify), ID(g->id));
}

bool group_sql_deleted(struct ctx *x, id64 id, int64_t deleted_ms)
{
    return db_exec(x->db, "UPDATE groups_ SET deleted_ms = $1 WHERE id = $2", INT(deleted_ms), ID(id));
}

bool group_sql_room(struct ctx *x, id64 id, id64 room)
{
    return db_exec(x->db, "UPDATE groups_ SET room = $1 WHERE id = $2", ID(room), ID(id));
}

bool group_sql_put(struct ctx *x, id64 id, id64 member, bool *added)
{
    if (!db_exec(x->db, "INSERT INTO group_member (grp, member, master, joined_ms) VALUES ($1, $2, 0, $3)"
                        " ON CONFLICT (member, grp) DO NOTHING",
                 ID(id), ID(member), INT(x->now_ms)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool group_sql_take(struct ctx *x, id64 id, id64 member, bool *removed)
{
    if (!db_exec(x->db, "DELETE FROM group_member WHERE member = $1 AND grp = $2", ID(member), ID(id)))
        return false;
    *removed = db_changes(x->db) == 1;
    return true;
}

bool group_sql_master(struct ctx *x, id64 id, id64 member, bool master)
{
    return db_exec(x->db, "UPDATE group_member SET master = $1 WHERE member = $2 AND grp = $3", INT(master), ID(member),
                   ID(id));
}

bool group_sql_master_count(struct ctx *x, id64 id, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM group_member WHERE grp = $1 AND master = 1", ID(id));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool group_sql_erase(struct ctx *x, id64 id)
{
    return db_exec(x->db, "DELETE FROM group_member WHERE grp = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM groups_ WHERE id = $1", ID(id));
}
