/* svc/org/org_sql.c: members in the store. A deleted member keeps its id and names for old messages; login and
 * password are gone. */
#include "svc/org/org_sql.h"

#define MEMBER_COLS "id, login, family, given, family_reading, given_reading, role, status, language, start_ms, seen_ms,"\
                    " role_paused"

static void member_read(struct rows *r, struct member *m)
{
    *m = (struct member){
        .id = row_id(r, 0),
        .login = row_text(r, 1),
        .family = row_text(r, 2),
        .given = row_text(r, 3),
        .family_reading = row_text(r, 4),
        .given_reading = row_text(r, 5),
        .role = (enum role)row_int(r, 6),
        .status = (enum member_status)row_int(r, 7),
        .language = row_text(r, 8),
        .start_ms = row_int(r, 9),
        .seen_ms = row_int(r, 10),
        .role_paused = row_int(r, 11) != 0,
    };
}

bool org_sql_find(struct ctx *x, id64 id, struct member *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_COLS " FROM member WHERE id = $1 AND status <> $2", ID(id),
                      INT(MEMBER_DELETED));

    if (!rows_next(&r))
        return false;
    member_read(&r, out);
    return true;
}

bool org_sql_list(struct ctx *x, const struct member *after, int64_t limit, struct members *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_COLS " FROM member WHERE status <> $1"
                             " AND (family_reading, given_reading, id) > ($2, $3, $4)"
                             " ORDER BY family_reading, given_reading, id LIMIT $5",
                      INT(MEMBER_DELETED), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id),
                      INT(limit));

    while (rows_next(&r))
        member_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool org_sql_add(struct ctx *x, const struct member *m, sv password_hash)
{
    return db_exec(x->db, "INSERT INTO member (id, login, family, given, family_reading, given_reading, role, status,"
                          " language, start_ms, made_ms, seen_ms, password)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)"
                          " ON CONFLICT (login) DO NOTHING",
                   ID(m->id), TEXT(m->login), TEXT(m->family), TEXT(m->given), TEXT(m->family_reading),
                   TEXT(m->given_reading), INT(m->role), INT(m->status), TEXT(m->language), INT(m->start_ms),
                   INT(x->now_ms), SEALED("member.password", m->id.n, password_hash)) &&
           db_changes(x->db) == 1;
}

bool org_sql_status(struct ctx *x, id64 id, enum member_status s)
{
    return db_exec(x->db, "UPDATE member SET status = $1,"
                          " role_paused = CASE WHEN $1 <> $2 AND role > $3 THEN 1 ELSE role_paused END WHERE id = $4",
                   INT(s), INT(MEMBER_ACTIVE), INT(ROLE_MEMBER), ID(id));
}

bool org_sql_role(struct ctx *x, id64 id, enum role role)
{
    return db_exec(x->db, "UPDATE member SET role = $1, role_paused = 0 WHERE id = $2", INT(role), ID(id));
}

bool org_sql_delete(struct ctx *x, id64 id)
{
    sv gone = sv_printf(x->arena, "deleted:%" PRId64, id.n);

    return db_exec(x->db, "UPDATE member SET status = $1, login = $2, password = $3,"
                          " role_paused = CASE WHEN role > $4 THEN 1 ELSE 0 END WHERE id = $5",
                   INT(MEMBER_DELETED), TEXT(gone), SEALED("member.password", id.n, SV("")), INT(ROLE_MEMBER), ID(id));
}
