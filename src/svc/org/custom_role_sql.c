/* svc/org/custom_role_sql.c: the company's own admin roles in the store. */
#include "svc/org/custom_role_sql.h"

#define ROLE_COLS                                                                                  \
    "a.id, a.name, a.menus,"                                                                       \
    " (SELECT COUNT(*) FROM member m WHERE m.admin_role = a.id AND m.admin_role <> 0 AND m.status <> 3)," \
    " (SELECT COUNT(*) FROM member m WHERE m.admin_role = a.id AND m.admin_role <> 0)"

static void role_read(struct rows *r, struct custom_role *out)
{
    *out = (struct custom_role){
        .id = row_id(r, 0),
        .name = row_text(r, 1),
        .menus = row_text(r, 2),
        .held = row_int(r, 3),
        .held_ever = row_int(r, 4),
    };
    out->reach = reach_of(ROLE_CUSTOM, out->menus);
}

bool custom_role_sql_list(struct ctx *x, struct custom_roles *out)
{
    ROWS r = db_query(x->db, "SELECT " ROLE_COLS " FROM admin_role a ORDER BY a.folded");

    while (rows_next(&r))
        role_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool custom_role_sql_find(struct ctx *x, id64 id, struct custom_role *out)
{
    ROWS r = db_query(x->db, "SELECT " ROLE_COLS " FROM admin_role a WHERE a.id = $1", ID(id));

    if (!rows_next(&r))
        return false;
    role_read(&r, out);
    return rows_ok(&r);
}

bool custom_role_sql_add(struct ctx *x, const struct custom_role *r, sv folded, bool *done)
{
    if (!db_exec(x->db, "INSERT INTO admin_role (id, name, folded, menus) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT (folded) DO NOTHING",
                 ID(r->id), TEXT(r->name), TEXT(folded), TEXT(r->menus)))
        return false;
    *done = db_changes(x->db) == 1;
    return true;
}

bool custom_role_sql_name_free(struct ctx *x, id64 but, sv folded)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM admin_role WHERE folded = $1 AND id <> $2", TEXT(folded), ID(but));

    return !rows_next(&r) && rows_ok(&r);
}

bool custom_role_sql_put(struct ctx *x, const struct custom_role *r, sv folded)
{
    return db_exec(x->db, "UPDATE admin_role SET name = $1, folded = $2, menus = $3 WHERE id = $4", TEXT(r->name), TEXT(folded),
                   TEXT(r->menus), ID(r->id));
}

bool custom_role_sql_delete(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET role = $1, admin_role = 0, role_paused = 0 WHERE admin_role = $2", INT(ROLE_MEMBER),
                   ID(id)) &&
           db_exec(x->db, "DELETE FROM admin_role WHERE id = $1", ID(id));
}

bool custom_role_sql_holders(struct ctx *x, id64 id, struct list *out)
{
    VEC(id64) v = {0};
    ROWS r = db_query(x->db, "SELECT id, leave_from_ms, leave_until_ms, leave_suspends FROM member"
                             " WHERE admin_role = $1 AND admin_role <> 0 AND role_paused = 0 AND status <> $2 ORDER BY id",
                      ID(id), INT(MEMBER_DELETED));

    while (rows_next(&r)) {
        struct leave leave = {row_int(&r, 1), row_int(&r, 2), row_int(&r, 3) != 0};
        if (!leave_suspended(&leave, x->now_ms))
            *PUSH(x->arena, &v) = row_id(&r, 0);
    }
    *out = (struct list){v.v, v.n};
    return rows_ok(&r);
}
