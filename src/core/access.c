/* core/access.c: access records in the store. */
#include "core/access.h"
#include "base/rand.h"
#include "base/zone.h"
#include "core/policy.h"

#define KEPT_MS (ACCESS_DAYS * INT64_C(86400000))

static bool row_of(struct ctx *x, id64 session, int64_t day, sv ip, id64 *id)
{
    ROWS r = db_query(x->db, "SELECT id FROM member_access WHERE session = $1 AND local_day = $2 AND ip = $3", ID(session), INT(day),
                      TEXT(ip));

    *id = rows_next(&r) ? row_id(&r, 0) : ID_NONE;
    return rows_ok(&r);
}

/* The clock may have gone back: a row begins where it was used first and ends where last. */
static bool row_moves(struct ctx *x, id64 id, int64_t ms)
{
    return db_exec(x->db, "UPDATE member_access SET first_ms = CASE WHEN first_ms > $1 THEN $1 ELSE first_ms END,"
                          " last_ms = CASE WHEN last_ms < $1 THEN $1 ELSE last_ms END WHERE id = $2",
                   INT(ms), ID(id));
}

static bool row_begins(struct ctx *x, id64 session, int64_t day, int64_t ms, sv ip)
{
    ROWS r = db_query(x->db, "SELECT member, channel, agent FROM session WHERE id = $1 AND console = 0 AND second = 0", ID(session));
    id64 id = rand_id();

    if (!rows_next(&r))
        return rows_ok(&r);
    id64 member = row_id(&r, 0);
    int64_t channel = row_int(&r, 1);
    sv agent = row_sealed(&r, 2, "session.agent", session.n);
    if (!rows_ok(&r))
        return false;
    rows_end(&r);
    return db_exec(x->db, "INSERT INTO member_access (id, member, session, local_day, channel, ip, agent, first_ms, last_ms)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
                   ID(id), ID(member), ID(session), INT(day), INT(channel), TEXT(ip),
                   SEALED("member_access.agent", id.n, agent), INT(ms));
}

bool access_note(struct ctx *x, id64 session, int64_t ms, sv ip)
{
    int64_t day = zone_day(policy_text(x->policy, "tenant.time_zone"), ms);
    id64 id;

    if (!row_of(x, session, day, ip, &id))
        return false;
    return id.n ? row_moves(x, id, ms) : row_begins(x, session, day, ms, ip);
}

bool access_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM member_access WHERE last_ms < $1", INT(x->now_ms - KEPT_MS));
}

/* What the night has not erased yet is not shown either. */
bool access_list(struct ctx *x, id64 member, id64 after, int64_t after_ms, int64_t max, struct accesses *out)
{
    ROWS r = db_query(x->db, "SELECT a.id, a.session, a.channel, a.ip, a.agent, a.first_ms, a.last_ms,"
                             " CASE WHEN s.id IS NULL OR s.made_ms = 0 THEN 0 ELSE 1 END"
                             " FROM member_access a LEFT JOIN session s ON s.id = a.session"
                             " WHERE a.member = $1 AND a.last_ms >= $2 AND ($3 = 0 OR (a.first_ms, a.id) < ($4, $3))"
                             " ORDER BY a.first_ms DESC, a.id DESC LIMIT $5",
                      ID(member), INT(x->now_ms - KEPT_MS), ID(after), INT(after_ms), INT(max));

    while (rows_next(&r)) {
        struct access *a = PUSH(x->arena, out);
        a->id = row_id(&r, 0);
        a->session = row_id(&r, 1);
        a->channel = (enum channel)row_int(&r, 2);
        a->ip = row_text(&r, 3);
        a->agent = row_sealed(&r, 4, "member_access.agent", a->id.n);
        a->first_ms = row_int(&r, 5);
        a->last_ms = row_int(&r, 6);
        a->open = row_int(&r, 7) != 0;
    }
    return rows_ok(&r);
}
