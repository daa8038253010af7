/* svc/org/rights_sql.c: admin roles and hand-overs in the store. That there is one super admin and one open hand-over is
 * the store's own rule (unique indexes member_super and handover_open). */
#include "svc/org/rights_sql.h"

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

bool rights_sql_holders(struct ctx *x, struct holders *out)
{
    ROWS r = db_query(x->db, "SELECT m.id, m.login, m.family, m.given, m.family_reading, m.given_reading, m.language,"
                             " m.role, m.role_paused, m.status, m.start_ms, m.role_by, m.role_ms, m.made_ms,"
                             " m.console_ms, b.family, b.given,"
                             " (SELECT MAX(s.seen_ms) FROM session s WHERE s.member = m.id AND s.console = 1),"
                             " m.leave_from_ms, m.leave_until_ms, m.leave_suspends, m.admin_role, COALESCE(a.name, ''),"
                             " COALESCE(a.menus, '')"
                             " FROM member m LEFT JOIN member b ON b.id = m.role_by LEFT JOIN admin_role a ON a.id = m.admin_role"
                             " WHERE m.role > $1 AND m.status <> $2"
                             " ORDER BY CASE WHEN m.role = $3 THEN 0 ELSE m.role END DESC, a.folded, m.family_reading,"
                             " m.given_reading, m.id",
                      INT(ROLE_MEMBER), INT(MEMBER_DELETED), INT(ROLE_CUSTOM));

    while (rows_next(&r)) {
        struct holder *h = PUSH(x->arena, out);
        struct leave leave = {row_int(&r, 18), row_int(&r, 19), row_int(&r, 20) != 0};
        h->id = row_id(&r, 0);
        h->login = row_text(&r, 1);
        h->family = row_text(&r, 2);
        h->given = row_text(&r, 3);
        h->family_reading = row_text(&r, 4);
        h->given_reading = row_text(&r, 5);
        h->language = row_text(&r, 6);
        h->role = (enum role)row_int(&r, 7);
        h->admin_role = row_id(&r, 21);
        h->admin_role_name = row_text(&r, 22);
        h->reach = reach_of(h->role, row_text(&r, 23));
        h->paused = row_int(&r, 8) != 0 || leave_suspended(&leave, x->now_ms);
        h->status = member_status_now((enum member_status)row_int(&r, 9), &leave, x->now_ms);
        h->start_ms = row_int(&r, 10);
        h->by = row_id(&r, 11);
        h->granted_ms = row_int(&r, 12) ? row_int(&r, 12) : row_int(&r, 13);
        h->console_ms = later(row_int(&r, 14), row_null(&r, 17) ? 0 : row_int(&r, 17));
        h->by_family = row_text(&r, 15);
        h->by_given = row_text(&r, 16);
    }
    return rows_ok(&r);
}

bool rights_sql_role(struct ctx *x, id64 member, enum role role, id64 custom, id64 by)
{
    return db_exec(x->db, "UPDATE member SET role = $1, admin_role = $2, role_by = $3, role_ms = $4, role_paused = 0 WHERE id = $5",
                   INT(role), ID(custom), ID(by), INT(x->now_ms), ID(member));
}

/* A leave that suspended and is over has had its effect; one to come has not. */
bool rights_sql_wake(struct ctx *x, id64 member)
{
    return db_exec(x->db, "UPDATE member SET role_paused = 0, role_by = $1, role_ms = $2,"
                          " leave_suspends = CASE WHEN leave_from_ms <= $2 THEN 0 ELSE leave_suspends END WHERE id = $3",
                   ID(x->actor.member), INT(x->now_ms), ID(member));
}

bool rights_sql_handover(struct ctx *x, struct handover *out)
{
    ROWS r = db_query(x->db, "SELECT h.id, h.from_member, h.to_member, h.until_ms, f.family, f.given, t.family, t.given"
                             " FROM handover h JOIN member f ON f.id = h.from_member JOIN member t ON t.id = h.to_member"
                             " WHERE h.state = $1 AND h.until_ms > $2",
                      INT(HANDOVER_OPEN), INT(x->now_ms));

    if (!rows_next(&r))
        return false;
    out->id = row_id(&r, 0);
    out->from = row_id(&r, 1);
    out->to = row_id(&r, 2);
    out->until_ms = row_int(&r, 3);
    out->from_family = row_text(&r, 4);
    out->from_given = row_text(&r, 5);
    out->to_family = row_text(&r, 6);
    out->to_given = row_text(&r, 7);
    return true;
}

bool rights_sql_handover_add(struct ctx *x, const struct handover *h)
{
    return db_exec(x->db, "INSERT INTO handover (id, from_member, to_member, made_ms, until_ms, state)"
                          " VALUES ($1, $2, $3, $4, $5, $6)",
                   ID(h->id), ID(h->from), ID(h->to), INT(x->now_ms), INT(h->until_ms), INT(HANDOVER_OPEN));
}

bool rights_sql_handover_expire(struct ctx *x)
{
    return db_exec(x->db, "UPDATE handover SET state = $1 WHERE state = $2 AND until_ms <= $3", INT(HANDOVER_ENDED),
                   INT(HANDOVER_OPEN), INT(x->now_ms));
}

bool rights_sql_handover_state(struct ctx *x, id64 id, enum handover_state s)
{
    return db_exec(x->db, "UPDATE handover SET state = $1 WHERE id = $2 AND state = $3", INT(s), ID(id),
                   INT(HANDOVER_OPEN)) &&
           db_changes(x->db) == 1;
}
