/* svc/org/template_sql.c: permission templates in the store. */
#include "svc/org/template_sql.h"
#include "svc/org/org_sql.h"

/* Bound by its type: who has none directly. `$1`: types are in use. */
#define BY_TYPE " m.template = 0 AND m.permtype <> 0 AND $1 = 1 AND m.status <> 3"
#define TEMPLATE_COLS                                                                              \
    "t.id, t.name, t.restricts,"                                                                   \
    " (SELECT COUNT(*) FROM member m WHERE m.template = t.id AND m.template <> 0 AND m.status <> 3)," \
    " (SELECT COUNT(*) FROM label l WHERE l.template = t.id),"                                     \
    " (SELECT COUNT(*) FROM member m JOIN label l ON l.id = m.permtype WHERE l.template = t.id AND" BY_TYPE ")"

static void template_read(struct rows *r, struct template *out)
{
    *out = (struct template){
        .id = row_id(r, 0),
        .name = row_text(r, 1),
        .restricts = (cell_set)row_int(r, 2),
        .members = row_int(r, 3),
        .types = row_int(r, 4),
        .held = row_int(r, 3) + row_int(r, 5),
    };
}

bool template_sql_list(struct ctx *x, struct templates *out)
{
    ROWS r = db_query(x->db, "SELECT " TEMPLATE_COLS " FROM permission_template t ORDER BY t.folded",
                      INT(label_used(x, LABEL_PERMTYPE)));

    while (rows_next(&r))
        template_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool template_sql_find(struct ctx *x, id64 id, struct template *out)
{
    ROWS r = db_query(x->db, "SELECT " TEMPLATE_COLS " FROM permission_template t WHERE t.id = $2",
                      INT(label_used(x, LABEL_PERMTYPE)), ID(id));

    if (!rows_next(&r))
        return false;
    template_read(&r, out);
    return rows_ok(&r);
}

bool template_sql_basic_held(struct ctx *x, int64_t *out)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM member m LEFT JOIN label l ON l.id = m.permtype"
                             " WHERE m.template = 0 AND m.status <> 3 AND NOT ($1 = 1 AND COALESCE(l.template, 0) <> 0)",
                      INT(label_used(x, LABEL_PERMTYPE)));

    *out = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool template_sql_add(struct ctx *x, const struct template *t, sv folded, bool *done)
{
    if (!db_exec(x->db, "INSERT INTO permission_template (id, name, folded, restricts) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT (folded) DO NOTHING",
                 ID(t->id), TEXT(t->name), TEXT(folded), INT(t->restricts)))
        return false;
    *done = db_changes(x->db) == 1;
    return true;
}

bool template_sql_name_free(struct ctx *x, id64 but, sv folded)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM permission_template WHERE folded = $1 AND id <> $2", TEXT(folded), ID(but));

    return !rows_next(&r) && rows_ok(&r);
}

bool template_sql_put(struct ctx *x, const struct template *t, sv folded)
{
    return db_exec(x->db, "UPDATE permission_template SET name = $1, folded = $2, restricts = $3 WHERE id = $4", TEXT(t->name),
                   TEXT(folded), INT(t->restricts), ID(t->id));
}

bool template_sql_delete(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET template = 0 WHERE template = $1", ID(id)) &&
           db_exec(x->db, "UPDATE label SET template = 0 WHERE template = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM permission_template WHERE id = $1", ID(id));
}

bool template_sql_types(struct ctx *x, struct type_bindings *out)
{
    ROWS r = db_query(x->db, "SELECT id, template, name FROM label WHERE kind = $1 ORDER BY place, id", INT(LABEL_PERMTYPE));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct type_binding){.label = row_id(&r, 0), .template = row_id(&r, 1), .name = row_text(&r, 2)};
    return rows_ok(&r);
}

bool template_sql_of_type(struct ctx *x, id64 label, id64 *out)
{
    ROWS r = db_query(x->db, "SELECT template FROM label WHERE id = $1", ID(label));

    *out = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

bool template_sql_bind_type(struct ctx *x, id64 label, id64 template)
{
    return db_exec(x->db, "UPDATE label SET template = $1 WHERE id = $2", ID(template), ID(label));
}

bool template_sql_concerned(struct ctx *x, id64 label, int64_t *out)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM member m WHERE m.permtype = $2 AND" BY_TYPE, INT(label_used(x, LABEL_PERMTYPE)),
                      ID(label));

    *out = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool template_sql_bind_member(struct ctx *x, id64 member, id64 template)
{
    return db_exec(x->db, "UPDATE member SET template = $1 WHERE id = $2", ID(template), ID(member));
}

bool template_sql_of_member(struct ctx *x, id64 member, struct member_template *out)
{
    ROWS r = db_query(x->db, "SELECT m.template, COALESCE(l.template, 0) FROM member m LEFT JOIN label l ON l.id = m.permtype"
                             " WHERE m.id = $1",
                      ID(member));

    *out = (struct member_template){0};
    if (rows_next(&r)) {
        out->direct = row_id(&r, 0);
        out->by_type = row_id(&r, 1);
    }
    return rows_ok(&r);
}

bool template_sql_members(struct ctx *x, id64 id, const struct member *after, int64_t limit, struct members *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_BRIEF " FROM member m"
                             " WHERE m.template = $1 AND m.template <> 0 AND m.status <> 3"
                             " AND (m.family_reading, m.given_reading, m.id) > ($2, $3, $4)"
                             " ORDER BY m.family_reading, m.given_reading, m.id LIMIT $5",
                      ID(id), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id), INT(limit));

    return org_sql_brief(x, &r, out);
}
