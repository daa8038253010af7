/* svc/account/account_sql.c: credentials and sessions in the store. */
#include "svc/account/account_sql.h"
#include "base/rand.h"
#include "core/access.h"

#define TRIES_MS   (INT64_C(30) * 86400000)               /* a source that was quiet so long begins anew */
#define BROWSER_MS (INT64_C(180) * 86400000)              /* unseen for so long, a browser is a stranger again */

bool account_sql_credential(struct ctx *x, sv login, id64 member, struct credential *out)
{
    ROWS r = db_query(x->db, "SELECT id, password, status, role, start_ms, leave_from_ms, leave_until_ms, leave_suspends,"
                             " CASE WHEN password_ms > 0 THEN password_ms ELSE made_ms END, must_change, second_seen,"
                             " app_suspended FROM member"
                             " WHERE (login = $1 OR id = $2) AND status <> $3",
                      TEXT(login), ID(member), INT(MEMBER_DELETED));

    if (!rows_next(&r))
        return false;
    out->member = row_id(&r, 0);
    out->stored = row_sealed(&r, 1, "member.password", out->member.n);
    struct leave leave = {row_int(&r, 5), row_int(&r, 6), row_int(&r, 7) != 0};
    out->status = member_status_now((enum member_status)row_int(&r, 2), &leave, x->now_ms);
    out->role = (enum role)row_int(&r, 3);
    out->start_ms = row_int(&r, 4);
    out->password_ms = row_int(&r, 8);
    out->must = (enum must_change)row_int(&r, 9);
    out->second_seen = row_int(&r, 10) != 0;
    out->app_suspended = row_int(&r, 11) != 0;
    return rows_ok(&r);
}

bool account_sql_password(struct ctx *x, id64 member, sv stored, enum must_change must)
{
    return db_exec(x->db, "UPDATE member SET password = $1, password_ms = $2, must_change = $3 WHERE id = $4",
                   SEALED("member.password", member.n, stored), INT(x->now_ms), INT(must), ID(member));
}

bool account_sql_app_suspend(struct ctx *x, id64 member, bool on)
{
    return db_exec(x->db, "UPDATE member SET app_suspended = $1 WHERE id = $2", INT(on), ID(member));
}

bool account_sql_must(struct ctx *x, id64 member, enum must_change must)
{
    return db_exec(x->db, "UPDATE member SET must_change = $1 WHERE id = $2", INT(must), ID(member));
}

bool account_sql_before_add(struct ctx *x, id64 member, sv stored, int64_t set_ms)
{
    id64 id = rand_id();

    return db_exec(x->db, "INSERT INTO password_before (id, member, set_ms, password) VALUES ($1, $2, $3, $4)", ID(id),
                   ID(member), INT(set_ms), SEALED("password_before.password", id.n, stored));
}

bool account_sql_before(struct ctx *x, id64 member, int64_t max, struct hashes *out)
{
    ROWS r = db_query(x->db, "SELECT id, password FROM password_before WHERE member = $1 ORDER BY set_ms DESC, id LIMIT $2",
                      ID(member), INT(max));

    while (rows_next(&r))
        *PUSH(x->arena, out) = row_sealed(&r, 1, "password_before.password", row_int(&r, 0));
    return rows_ok(&r);
}

bool account_sql_before_limit(struct ctx *x, id64 member, int64_t keep)
{
    return db_exec(x->db, "DELETE FROM password_before WHERE id IN (SELECT id FROM password_before WHERE member = $1"
                          " ORDER BY set_ms DESC, id LIMIT 1000 OFFSET $2)",
                   ID(member), INT(keep));
}

bool account_sql_console_seen(struct ctx *x)
{
    return db_exec(x->db, "UPDATE member SET console_ms = $1 WHERE id = $2", INT(x->now_ms), ID(x->actor.member));
}

bool account_sql_sessions(struct ctx *x, id64 member, struct session_infos *out)
{
    ROWS r = db_query(x->db, "SELECT id, channel, ip, agent, made_ms, seen_ms,"
                             " CASE WHEN seen_ip = '' THEN ip ELSE seen_ip END FROM session"
                             " WHERE member = $1 AND console = 0 AND second = 0 AND made_ms > 0 ORDER BY seen_ms DESC, id",
                      ID(member));

    while (rows_next(&r)) {
        struct session_info *s = PUSH(x->arena, out);
        s->id = row_id(&r, 0);
        s->channel = (enum channel)row_int(&r, 1);
        s->ip = row_text(&r, 2);
        s->agent = row_sealed(&r, 3, "session.agent", s->id.n);
        s->made_ms = row_int(&r, 4);
        s->seen_ms = row_int(&r, 5);
        s->seen_ip = row_text(&r, 6);
    }
    return rows_ok(&r);
}

bool account_sql_seen(struct ctx *x, const struct session_seen *s)
{
    struct str ip = STR_IN(x->arena);

    if (s->known)
        ip_put(&ip, s->ip);
    return db_exec(x->db, "UPDATE session SET seen_ms = $1, seen_ip = $3 WHERE id = $2 AND seen_ms < $1", INT(s->ms), ID(s->session),
                   TEXT(str_sv(&ip))) &&
           db_exec(x->db, "UPDATE member SET seen_ms = $1 WHERE seen_ms < $1"
                          " AND id = (SELECT member FROM session WHERE id = $2)",
                   INT(s->ms), ID(s->session)) &&
           access_note(x, s->session, s->ms, str_sv(&ip));
}

bool account_sql_member_seen(struct ctx *x, id64 member, int64_t seen_ms)
{
    return db_exec(x->db, "UPDATE member SET seen_ms = $1 WHERE id = $2", INT(seen_ms), ID(member));
}

bool account_sql_device_add(struct ctx *x, id64 device, sv point)
{
    return db_exec(x->db, "INSERT INTO device (id, member, point, made_ms, used_ms, agent, seen_ms) VALUES ($1, $2, $3, $4, 0, $5, $4)",
                   ID(device), ID(x->actor.member), BLOB(point), INT(x->now_ms), SEALED("device.agent", device.n, x->actor.agent));
}

bool account_sql_device(struct ctx *x, id64 device, struct device *out)
{
    ROWS r = db_query(x->db, "SELECT d.id, d.member, d.point, d.used_ms, m.status, m.start_ms, m.leave_from_ms,"
                             " m.leave_until_ms, m.leave_suspends, d.made_ms,"
                             " COALESCE((SELECT MAX(s.seen_ms) FROM session s WHERE s.member = d.member AND s.device = d.id), 0)"
                             " FROM device d"
                             " JOIN member m ON m.id = d.member WHERE d.id = $1",
                      ID(device));

    if (!rows_next(&r))
        return false;
    struct leave leave = {row_int(&r, 6), row_int(&r, 7), row_int(&r, 8) != 0};
    *out = (struct device){
        .id = row_id(&r, 0),
        .member = row_id(&r, 1),
        .point = row_blob(&r, 2),
        .used_ms = row_int(&r, 3),
        .status = member_status_now((enum member_status)row_int(&r, 4), &leave, x->now_ms),
        .start_ms = row_int(&r, 5),
        .made_ms = row_int(&r, 9),
        .seen_ms = row_int(&r, 10),
    };
    if (!out->seen_ms)                                    /* enrolled before sessions knew their key */
        out->seen_ms = out->used_ms ? out->used_ms : out->made_ms;
    return rows_ok(&r);
}

bool account_sql_device_used(struct ctx *x, id64 device, int64_t time_ms)
{
    return db_exec(x->db, "UPDATE device SET used_ms = $1, seen_ms = $2, agent = $3 WHERE id = $4", INT(time_ms), INT(x->now_ms),
                   SEALED("device.agent", device.n, x->actor.agent), ID(device));
}

/* Last used: by a signature, or in a session that the key began. */
bool account_sql_devices(struct ctx *x, id64 member, struct device_infos *out)
{
    ROWS r = db_query(x->db, "SELECT d.id, d.agent, d.made_ms, CASE WHEN d.seen_ms > 0 THEN d.seen_ms ELSE d.made_ms END,"
                             " COALESCE((SELECT MAX(s.seen_ms) FROM session s WHERE s.member = d.member AND s.device = d.id), 0)"
                             " FROM device d WHERE d.member = $1 ORDER BY d.made_ms DESC, d.id",
                      ID(member));

    while (rows_next(&r)) {
        struct device_info *d = PUSH(x->arena, out);
        int64_t signed_ms = row_int(&r, 3), used_ms = row_int(&r, 4);
        d->id = row_id(&r, 0);
        d->agent = row_blob(&r, 1).n ? row_sealed(&r, 1, "device.agent", d->id.n) : SV("");       /* enrolled before it was kept */
        d->made_ms = row_int(&r, 2);
        d->seen_ms = used_ms > signed_ms ? used_ms : signed_ms;
    }
    return rows_ok(&r);
}

bool account_sql_session_of(struct ctx *x, id64 session, id64 member)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM session WHERE id = $1 AND member = $2 AND console = 0 AND second = 0 AND made_ms > 0",
                      ID(session),
                      ID(member));

    return rows_next(&r);
}

bool account_sql_device_sessions(struct ctx *x, id64 device, id64 member, struct session_infos *out)
{
    ROWS r = db_query(x->db, "SELECT id FROM session WHERE member = $1 AND device = $2", ID(member), ID(device));

    while (rows_next(&r))
        PUSH(x->arena, out)->id = row_id(&r, 0);
    return rows_ok(&r);
}

bool account_sql_device_drop(struct ctx *x, id64 device)
{
    return db_exec(x->db, "DELETE FROM device WHERE id = $1", ID(device));
}

bool account_sql_about(struct ctx *x, id64 member, struct password_about *out, sv *profile)
{
    ROWS r = db_query(x->db, "SELECT login, nickname, family, given, family_reading, given_reading, employee_number, profile"
                             " FROM member WHERE id = $1",
                      ID(member));

    if (!rows_next(&r))
        return false;
    *out = (struct password_about){
        .login = row_text(&r, 0),
        .nickname = row_text(&r, 1),
        .family = row_text(&r, 2),
        .given = row_text(&r, 3),
        .family_reading = row_text(&r, 4),
        .given_reading = row_text(&r, 5),
        .employee_number = row_text(&r, 6),
    };
    if (row_blob(&r, 7).n)                                /* a record that was never filled is no sealed piece */
        *profile = row_sealed(&r, 7, "member.profile", member.n);
    return rows_ok(&r);
}

bool account_sql_link_add(struct ctx *x, const struct password_link *l, struct sha256 hash)
{
    return db_exec(x->db, "INSERT INTO link (id, kind, member, hash, made_ms, until_ms, used_ms, made_by)"
                          " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
                   ID(l->id), INT(l->kind), ID(l->member), BLOB(sv_n(hash.b, 32)), INT(x->now_ms), INT(l->until_ms),
                   ID(x->actor.member));
}

bool account_sql_link(struct ctx *x, struct sha256 hash, struct password_link *out)
{
    ROWS r = db_query(x->db, "SELECT id, member, kind, until_ms FROM link WHERE hash = $1 AND used_ms = 0",
                      BLOB(sv_n(hash.b, 32)));

    if (!rows_next(&r))
        return false;
    *out = (struct password_link){row_id(&r, 0), row_id(&r, 1), (enum link_kind)row_int(&r, 2), row_int(&r, 3)};
    return rows_ok(&r);
}

bool account_sql_link_drop(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM link WHERE member = $1", ID(member));
}

bool account_sql_tries(struct ctx *x, id64 member, sv source, struct try_row *out)
{
    ROWS r = db_query(x->db, "SELECT failures, pauses, paused_until_ms, last_ms FROM login_failure"
                             " WHERE member = $1 AND source = $2",
                      ID(member), TEXT(source));

    if (rows_next(&r))
        *out = (struct try_row){row_int(&r, 0), row_int(&r, 1), row_int(&r, 2), row_int(&r, 3)};
    return rows_ok(&r);
}

bool account_sql_tries_put(struct ctx *x, id64 member, sv source, const struct try_row *row)
{
    return db_exec(x->db, "INSERT INTO login_failure (member, source, failures, pauses, paused_until_ms, last_ms)"
                          " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (member, source) DO UPDATE SET failures = $3,"
                          " pauses = $4, paused_until_ms = $5, last_ms = $6",
                   ID(member), TEXT(source), INT(row->failures), INT(row->pauses), INT(row->paused_until_ms),
                   INT(row->last_ms));
}

bool account_sql_tries_drop(struct ctx *x, id64 member, sv source)
{
    return db_exec(x->db, "DELETE FROM login_failure WHERE member = $1 AND source = $2", ID(member), TEXT(source));
}

bool account_sql_tries_clear(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM login_failure WHERE member = $1", ID(member));
}

bool account_sql_locked(struct ctx *x, id64 member, bool *locked)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM login_failure WHERE member = $1 AND paused_until_ms > $2 LIMIT 1", ID(member),
                      INT(x->now_ms));

    *locked = rows_next(&r);
    return rows_ok(&r);
}

bool account_sql_browser(struct ctx *x, id64 member, struct sha256 hash)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM known_browser WHERE hash = $1 AND member = $2 AND seen_ms > $3",
                      BLOB(sv_n(hash.b, 32)), ID(member), INT(x->now_ms - BROWSER_MS));

    return rows_next(&r);
}

bool account_sql_browser_keep(struct ctx *x, id64 member, struct sha256 hash, enum browser_proof proof)
{
    return db_exec(x->db, "INSERT INTO known_browser (id, member, hash, made_ms, seen_ms, proven_ms) VALUES ($1, $2, $3, $4, $4, $5)"
                          " ON CONFLICT (hash) DO UPDATE SET seen_ms = $4, proven_ms = CASE WHEN $6 = 0 THEN known_browser.proven_ms"
                          " ELSE $5 END",
                   ID(rand_id()), ID(member), BLOB(sv_n(hash.b, 32)), INT(x->now_ms), INT(proof == BROWSER_FORGET ? 0 : x->now_ms),
                   INT(proof != BROWSER_AS_IT_IS));
}

bool account_sql_browser_proven(struct ctx *x, id64 member, struct sha256 hash, int64_t *proven_ms)
{
    ROWS r = db_query(x->db, "SELECT proven_ms FROM known_browser WHERE hash = $1 AND member = $2", BLOB(sv_n(hash.b, 32)), ID(member));

    *proven_ms = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool account_sql_browsers_unproven(struct ctx *x, id64 member)
{
    return db_exec(x->db, "UPDATE known_browser SET proven_ms = 0 WHERE member = $1 AND proven_ms > 0", ID(member));
}

bool account_sql_second_seen(struct ctx *x, id64 member, bool seen)
{
    return db_exec(x->db, "UPDATE member SET second_seen = $1 WHERE id = $2 AND second_seen <> $1", INT(seen), ID(member));
}

bool account_sql_browsers_limit(struct ctx *x, id64 member, int64_t keep)
{
    return db_exec(x->db, "DELETE FROM known_browser WHERE id IN (SELECT id FROM known_browser WHERE member = $1"
                          " ORDER BY seen_ms DESC, id LIMIT 1000 OFFSET $2)",
                   ID(member), INT(keep));
}

bool account_sql_browsers_drop(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM known_browser WHERE member = $1", ID(member));
}

bool account_sql_admins(struct ctx *x, enum menu reach, struct admins *out)
{
    ROWS r = db_query(x->db, "SELECT m.id, m.role, m.leave_from_ms, m.leave_until_ms, m.leave_suspends, COALESCE(a.menus, '')"
                             " FROM member m LEFT JOIN admin_role a ON a.id = m.admin_role"
                             " WHERE m.role > $1 AND m.role_paused = 0 AND m.status = $2 ORDER BY m.id",
                      INT(ROLE_MEMBER), INT(MEMBER_ACTIVE));

    while (rows_next(&r)) {
        struct leave leave = {row_int(&r, 2), row_int(&r, 3), row_int(&r, 4) != 0};
        if (!leave_suspended(&leave, x->now_ms) && reaches(reach_of((enum role)row_int(&r, 1), row_text(&r, 5)), reach))
            *PUSH(x->arena, out) = row_id(&r, 0);
    }
    return rows_ok(&r);
}

bool account_sql_links_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM link WHERE until_ms < $1", INT(x->now_ms));
}

/* What counts over all sources (source '') stays until it is right or lifted: it is what "in a row" means. */
bool account_sql_tries_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM login_failure WHERE (source <> '' OR member = 0) AND last_ms < $1"
                          " AND paused_until_ms < $2",
                   INT(x->now_ms - TRIES_MS), INT(x->now_ms));
}

bool account_sql_browsers_forget(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM known_browser WHERE seen_ms < $1", INT(x->now_ms - BROWSER_MS));
}

bool account_sql_terms_accepted(struct ctx *x, sv version, bool *yes)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM terms_accepted WHERE member = $1 AND version = $2", ID(x->actor.member), TEXT(version));

    *yes = rows_next(&r);
    return rows_ok(&r);
}

bool account_sql_terms_accept(struct ctx *x, sv version)
{
    return db_exec(x->db, "INSERT INTO terms_accepted (member, version, accepted_ms) VALUES ($1, $2, $3)", ID(x->actor.member),
                   TEXT(version), INT(x->now_ms));
}

bool account_sql_terms_last(struct ctx *x, sv *version, int64_t *at_ms)
{
    ROWS r = db_query(x->db, "SELECT version, accepted_ms FROM terms_accepted WHERE member = $1"
                             " ORDER BY accepted_ms DESC, version DESC LIMIT 1",
                      ID(x->actor.member));
    bool any = rows_next(&r);

    *version = any ? row_text(&r, 0) : SV("");
    *at_ms = any ? row_int(&r, 1) : 0;
    return rows_ok(&r);
}
