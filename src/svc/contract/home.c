/* svc/contract/home.c: the counts, each a statement of its own over what other domains keep. */
#include "svc/contract/home.h"

static bool count(struct rows rows, int64_t *out)
{
    ROWS r = rows;

    if (rows_next(&r))
        *out = row_int(&r, 0);
    return rows_ok(&r);
}

static bool waiting(struct ctx *x, struct home *out)
{
    return count(db_query(x->db, "SELECT COUNT(DISTINCT f.member) FROM login_failure f JOIN member m ON m.id = f.member"
                                 " WHERE f.paused_until_ms > $1 AND m.status = $2",
                          INT(x->now_ms), INT(MEMBER_ACTIVE)), &out->locked) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM member WHERE status = $1 AND start_ms > $2", INT(MEMBER_ACTIVE),
                          INT(x->now_ms)), &out->not_started) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM member WHERE status = $1 AND start_ms <= $2 AND seen_ms = 0",
                          INT(MEMBER_ACTIVE), INT(x->now_ms)), &out->never_seen) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM member WHERE status = $1 AND role_paused = 1 AND NOT (leave_suspends = 1"
                                 " AND leave_from_ms > 0 AND leave_from_ms <= $2"
                                 " AND (leave_until_ms = 0 OR leave_until_ms > $2))",
                          INT(MEMBER_ACTIVE), INT(x->now_ms)), &out->role_paused) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM invited WHERE rejected_ms = 0"), &out->waiting) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM handover WHERE state = 1 AND until_ms > $1", INT(x->now_ms)),
                 &out->handover);
}

static bool opening(struct ctx *x, struct home *out)
{
    return count(db_query(x->db, "SELECT COUNT(*) FROM member WHERE status = $1", INT(MEMBER_ACTIVE)), &out->members) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM unit WHERE deleted_ms = 0"), &out->units) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM member WHERE status = $1 AND role = $2", INT(MEMBER_ACTIVE),
                          INT(ROLE_SUB_ADMIN)), &out->sub_admins) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM setting WHERE changed_by <> 0 AND key LIKE 'tenant.%'"), &out->company) &&
           count(db_query(x->db, "SELECT COUNT(*) FROM setting WHERE changed_by <> 0 AND key LIKE 'account.%'"),
                 &out->password);
}

bool contract_home(struct ctx *x, struct home *out)
{
    *out = (struct home){0};
    return waiting(x, out) && opening(x, out);
}
