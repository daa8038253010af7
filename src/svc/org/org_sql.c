/* svc/org/org_sql.c: members in the store. A deleted member keeps its row for MEMBER_RESTORE_MS, its ID with it; then
 * everything personal is erased and only the id is left, for what the member wrote. */
#include "svc/org/org_sql.h"

#define MEMBER_COLS "id, login, family, given, family_reading, given_reading, role, status, language, start_ms, seen_ms,"\
                    " role_paused, nickname, employee_number, profile, grade, permtype, photo_ms, presence, leave_from_ms,"\
                    " leave_until_ms, leave_suspends, deleted_ms, made_ms, admin_role,"\
                    " COALESCE((SELECT a.menus FROM admin_role a WHERE a.id = member.admin_role), ''),"\
                    " COALESCE((SELECT a.name FROM admin_role a WHERE a.id = member.admin_role), ''), app_suspended"

/* A sealed column that came to the table later is empty, unsealed, until it is written. */
static sv sealed_later(struct rows *r, int col, const char *column, int64_t id)
{
    return row_blob(r, col).n ? row_sealed(r, col, column, id) : SV("");
}

bool org_sql_brief(struct ctx *x, struct rows *r, struct members *out)
{
    while (rows_next(r))
        *PUSH(x->arena, out) = (struct member){
            .id = row_id(r, 0),
            .login = row_text(r, 1),
            .family = row_text(r, 2),
            .given = row_text(r, 3),
            .family_reading = row_text(r, 4),
            .given_reading = row_text(r, 5),
        };
    return rows_ok(r);
}

static void member_read(struct ctx *x, struct rows *r, struct member *m)
{
    int64_t id = row_int(r, 0);

    *m = (struct member){
        .id = {id},
        .login = row_text(r, 1),
        .family = row_text(r, 2),
        .given = row_text(r, 3),
        .family_reading = row_text(r, 4),
        .given_reading = row_text(r, 5),
        .role = (enum role)row_int(r, 6),
        .stored_status = (enum member_status)row_int(r, 7),
        .language = row_text(r, 8),
        .start_ms = row_int(r, 9),
        .seen_ms = row_int(r, 10),
        .nickname = row_text(r, 12),
        .employee_number = row_text(r, 13),
        .grade = row_id(r, 15),
        .permtype = row_id(r, 16),
        .photo_ms = row_int(r, 17),
        .presence = sealed_later(r, 18, "member.presence", id),
        .leave = {row_int(r, 19), row_int(r, 20), row_int(r, 21) != 0},
        .deleted_ms = row_int(r, 22),
        .made_ms = row_int(r, 23),
        .admin_role = row_id(r, 24),
        .admin_role_name = row_text(r, 26),
        .app_suspended = row_int(r, 27) != 0,
    };
    m->reach = reach_of(m->role, row_text(r, 25));
    m->status = member_status_now(m->stored_status, &m->leave, x->now_ms);
    m->role_paused = row_int(r, 11) != 0 || (m->role > ROLE_MEMBER && leave_suspended(&m->leave, x->now_ms));
    org_profile_read(x, sealed_later(r, 14, "member.profile", id), m);
}

bool org_sql_find(struct ctx *x, id64 id, struct member *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_COLS " FROM member WHERE id = $1", ID(id));

    if (!rows_next(&r))
        return false;
    member_read(x, &r, out);
    return rows_ok(&r);
}

bool org_sql_list(struct ctx *x, const struct member *after, int64_t limit, struct members *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_COLS " FROM member WHERE status <> $1"
                             " AND (family_reading, given_reading, id) > ($2, $3, $4)"
                             " ORDER BY family_reading, given_reading, id LIMIT $5",
                      INT(MEMBER_DELETED), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id),
                      INT(limit));

    while (rows_next(&r))
        member_read(x, &r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool org_sql_count(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM member WHERE status <> $1", INT(MEMBER_DELETED));

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool org_sql_seats(struct ctx *x, int64_t *used, int64_t *booked)
{
    ROWS r = db_query(x->db, "SELECT COUNT(CASE WHEN start_ms <= $1 THEN 1 END), COUNT(*) FROM member WHERE status <> $2",
                      INT(x->now_ms), INT(MEMBER_DELETED));

    *used = *booked = 0;
    if (rows_next(&r)) {
        *used = row_int(&r, 0);
        *booked = row_int(&r, 1);
    }
    return rows_ok(&r);
}

#define SCAN_COLS "m.id, m.status, m.leave_from_ms, m.leave_until_ms, m.leave_suspends, m.start_ms, m.deleted_ms, m.folded,"\
                  " m.profile"
#define SCAN_ORDER " ORDER BY m.family_reading, m.given_reading, m.id"

struct member_scan org_sql_scan(struct ctx *x, id64 unit, bool deleted)
{
    struct rows r;

    if (deleted)
        r = db_query(x->db, "SELECT " SCAN_COLS " FROM member m WHERE m.status = $1" SCAN_ORDER, INT(MEMBER_DELETED));
    else if (unit.n)
        r = db_query(x->db, "SELECT " SCAN_COLS " FROM unit_member um JOIN member m ON m.id = um.member"
                            " WHERE um.unit = $1 AND m.status <> $2" SCAN_ORDER,
                     ID(unit), INT(MEMBER_DELETED));
    else
        r = db_query(x->db, "SELECT " SCAN_COLS " FROM member m WHERE m.status <> $1" SCAN_ORDER, INT(MEMBER_DELETED));
    return (struct member_scan){r};
}

bool org_sql_scan_next(struct member_scan *s, struct member_row *out)
{
    struct rows *r = &s->rows;

    if (!rows_next(r))
        return false;
    *out = (struct member_row){
        .id = row_id(r, 0),
        .status = (enum member_status)row_int(r, 1),
        .leave = {row_int(r, 2), row_int(r, 3), row_int(r, 4) != 0},
        .start_ms = row_int(r, 5),
        .deleted_ms = row_int(r, 6),
    };
    return true;
}

sv org_sql_scan_folded(const struct member_scan *s)
{
    return row_text(&s->rows, 7);
}

sv org_sql_scan_profile(struct member_scan *s, const struct member_row *row)
{
    return sealed_later(&s->rows, 8, "member.profile", row->id.n);
}

bool org_sql_add(struct ctx *x, struct member *m, sv password_hash)
{
    return db_exec(x->db, "INSERT INTO member (id, login, family, given, family_reading, given_reading, role, status,"
                          " language, start_ms, made_ms, seen_ms, password, nickname, employee_number, profile, folded,"
                          " grade, permtype)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, $15, $16, $17, $18)"
                          " ON CONFLICT (login) DO NOTHING",
                   ID(m->id), TEXT(m->login), TEXT(m->family), TEXT(m->given), TEXT(m->family_reading),
                   TEXT(m->given_reading), INT(m->role), INT(m->stored_status), TEXT(m->language), INT(m->start_ms),
                   INT(x->now_ms), SEALED("member.password", m->id.n, password_hash), TEXT(m->nickname),
                   TEXT(m->employee_number), SEALED("member.profile", m->id.n, org_profile_write(x, m)),
                   TEXT(org_folded(x, m)), ID(m->grade), ID(m->permtype)) &&
           db_changes(x->db) == 1;
}

bool org_sql_edit(struct ctx *x, struct member *m)
{
    return db_exec(x->db, "UPDATE member SET family = $1, given = $2, family_reading = $3, given_reading = $4,"
                          " nickname = $5, employee_number = $6, language = $7, profile = $8, folded = $9, grade = $10,"
                          " permtype = $11 WHERE id = $12",
                   TEXT(m->family), TEXT(m->given), TEXT(m->family_reading), TEXT(m->given_reading), TEXT(m->nickname),
                   TEXT(m->employee_number), TEXT(m->language),
                   SEALED("member.profile", m->id.n, org_profile_write(x, m)), TEXT(org_folded(x, m)), ID(m->grade),
                   ID(m->permtype), ID(m->id));
}

bool org_sql_number_taken(struct ctx *x, sv employee_number, id64 but)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM member WHERE employee_number = $1 AND id <> $2", TEXT(employee_number), ID(but));

    return rows_next(&r);
}

bool org_sql_login_owner(struct ctx *x, sv login, id64 *id)
{
    ROWS r = db_query(x->db, "SELECT id FROM member WHERE login = $1", TEXT(login));

    if (!rows_next(&r))
        return false;
    *id = row_id(&r, 0);
    return true;
}

bool org_sql_login_held(struct ctx *x, sv login, id64 but)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM login_held WHERE login = $1 AND until_ms > $2 AND (member <> $3 OR $3 = 0)",
                      TEXT(login), INT(x->now_ms), ID(but));

    return rows_next(&r);
}

bool org_sql_login_hold(struct ctx *x, sv login, id64 member, int64_t until_ms)
{
    return db_exec(x->db, "INSERT INTO login_held (login, until_ms, member) VALUES ($1, $2, $3)"
                          " ON CONFLICT (login) DO UPDATE SET until_ms = excluded.until_ms, member = excluded.member",
                   TEXT(login), INT(until_ms), ID(member));
}

bool org_sql_login_free(struct ctx *x, sv login)
{
    return db_exec(x->db, "DELETE FROM login_held WHERE login = $1", TEXT(login));
}

bool org_sql_rename(struct ctx *x, id64 id, sv login)
{
    struct member m;

    if (!org_sql_find(x, id, &m))
        return false;
    m.login = login;
    return db_exec(x->db, "UPDATE member SET login = $1, folded = $2 WHERE id = $3", TEXT(login),
                   TEXT(org_folded(x, &m)), ID(id));
}

bool org_sql_label_exists(struct ctx *x, id64 label, int64_t kind)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM label WHERE id = $1 AND kind = $2", ID(label), INT(kind));

    return rows_next(&r);
}

/* An admin role loses its force by a suspension until the super admin confirms it. */
bool org_sql_status(struct ctx *x, id64 id, enum member_status s)
{
    return db_exec(x->db, "UPDATE member SET status = $1,"
                          " role_paused = CASE WHEN $1 <> $2 AND role > $3 THEN 1 ELSE role_paused END WHERE id = $4",
                   INT(s), INT(MEMBER_ACTIVE), INT(ROLE_MEMBER), ID(id));
}

bool org_sql_leave(struct ctx *x, id64 id, const struct leave *l)
{
    return db_exec(x->db, "UPDATE member SET leave_from_ms = $1, leave_until_ms = $2, leave_suspends = $3 WHERE id = $4",
                   INT(l->from_ms), INT(l->until_ms), INT(l->suspends), ID(id));
}

bool org_sql_role_pause(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET role_paused = 1 WHERE id = $1 AND role > $2", ID(id), INT(ROLE_MEMBER));
}

bool org_sql_start(struct ctx *x, id64 id, int64_t start_ms)
{
    return db_exec(x->db, "UPDATE member SET start_ms = $1 WHERE id = $2", INT(start_ms), ID(id));
}

bool org_sql_role(struct ctx *x, id64 id, enum role role)
{
    return db_exec(x->db, "UPDATE member SET role = $1, admin_role = 0, role_paused = 0 WHERE id = $2", INT(role), ID(id));
}

bool org_sql_delete(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET status = $1, deleted_ms = $2, password = $3, leave_from_ms = 0,"
                          " leave_until_ms = 0, leave_suspends = 0,"
                          " role_paused = CASE WHEN role > $4 THEN 1 ELSE 0 END WHERE id = $5",
                   INT(MEMBER_DELETED), INT(x->now_ms), SEALED("member.password", id.n, SV("")), INT(ROLE_MEMBER), ID(id)) &&
           db_exec(x->db, "DELETE FROM unit_member WHERE member = $1", ID(id)) &&
           db_exec(x->db, "UPDATE unit SET leader = 0 WHERE leader = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM group_member WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM link WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM invitation WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM device WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM known_browser WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM second_app WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM second_code WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM second_ask WHERE member = $1", ID(id)) &&
           db_exec(x->db, "UPDATE member SET second_seen = 0 WHERE id = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM password_before WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM login_failure WHERE member = $1", ID(id));
}

bool org_sql_restore(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET status = $1, deleted_ms = 0 WHERE id = $2", INT(MEMBER_ACTIVE), ID(id));
}

bool org_sql_erase(struct ctx *x, id64 id)
{
    sv gone = sv_printf(x->arena, "deleted:%" PRId64, id.n);

    return db_exec(x->db, "UPDATE member SET login = $1, family = '', given = '', family_reading = '', given_reading = '',"
                          " nickname = '', employee_number = '', profile = $2, presence = $3, folded = '', grade = 0,"
                          " permtype = 0, template = 0, photo_ms = 0, role = $4, admin_role = 0, role_paused = 0, seen_ms = 0 WHERE id = $5",
                   TEXT(gone), SEALED("member.profile", id.n, SV("")), SEALED("member.presence", id.n, SV("")),
                   INT(ROLE_MEMBER), ID(id)) &&
           db_exec(x->db, "DELETE FROM photo WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM terms_accepted WHERE member = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM member_access WHERE member = $1", ID(id));
}

bool org_sql_leaves_over(struct ctx *x)
{
    return db_exec(x->db, "UPDATE member SET leave_from_ms = 0, leave_until_ms = 0, leave_suspends = 0"
                          " WHERE leave_from_ms > 0 AND leave_until_ms > 0 AND leave_until_ms <= $1",
                   INT(x->now_ms));
}

static bool ids_of(struct ctx *x, struct rows r, struct list *out)
{
    VEC(id64) v = {0};

    while (rows_next(&r))
        *PUSH(x->arena, &v) = row_id(&r, 0);
    bool ok = rows_ok(&r);
    rows_end(&r);
    *out = (struct list){v.v, v.n};
    return ok;
}

bool org_sql_due(struct ctx *x, struct list *lifted, struct list *suspend, struct list *erase)
{
    return ids_of(x, db_query(x->db, "SELECT id FROM member WHERE leave_suspends = 1 AND leave_from_ms > 0"
                                     " AND leave_until_ms > 0 AND leave_until_ms <= $1",
                              INT(x->now_ms)),
                  lifted) &&
           ids_of(x, db_query(x->db, "SELECT id FROM member WHERE status = $1 AND leave_suspends = 1 AND leave_from_ms > 0"
                                     " AND leave_from_ms <= $2 AND (leave_until_ms = 0 OR leave_until_ms > $2)",
                              INT(MEMBER_ACTIVE), INT(x->now_ms)),
                  suspend) &&
           ids_of(x, db_query(x->db, "SELECT id FROM member WHERE status = $1 AND deleted_ms <= $2 AND login NOT LIKE 'deleted:%'",
                              INT(MEMBER_DELETED), INT(x->now_ms - MEMBER_RESTORE_MS)),
                  erase);
}

bool org_sql_held_over(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM login_held WHERE until_ms <= $1", INT(x->now_ms));
}
