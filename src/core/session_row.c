/* core/session_row.c: the rows of sessions, on the writer: they begin, are limited and end. The map hears of it after COMMIT. */
#include "base/rand.h"
#include "core/access.h"
#include "core/network.h"
#include "core/session.h"
#include "core/tenant.h"

static bool end_one_row(struct ctx *x, id64 session)
{
    if (!db_exec(x->db, "DELETE FROM session WHERE id = $1 OR parent = $1", ID(session)))
        return false;
    effect(x, EFF_SESSION_END, session.n, 0);
    return true;
}

static bool end_all(struct ctx *x, struct rows r, bool (*end)(struct ctx *, id64))
{
    VEC(id64) old = {0};

    while (rows_next(&r))
        *PUSH(x->arena, &old) = row_id(&r, 0);
    bool ok = rows_ok(&r);
    rows_end(&r);
    for (size_t i = 0; ok && i < old.n; i++)
        ok = end(x, old.v[i]);
    return ok;
}

/* Makes room for one more: the sessions beyond the limit end, those unused longest first. */
static bool end_oldest(struct ctx *x, id64 member)
{
    return end_all(x, db_query(x->db, "SELECT id FROM session WHERE member = $1 AND console = 0 AND second = 0"
                                      " ORDER BY seen_ms DESC, id LIMIT 1000 OFFSET $2",
                               ID(member), INT(SESSIONS_PER_MEMBER - 1)),
                   session_delete);
}

/* A session has one console session at a time. */
static bool end_console_of(struct ctx *x, id64 member, id64 parent)
{
    return end_all(x, db_query(x->db, "SELECT id FROM session WHERE member = $1 AND parent = $2 AND console = 1",
                               ID(member), ID(parent)),
                   end_one_row);
}

static bool insert(struct ctx *x, const struct secret *token, id64 member, id64 parent, bool console, id64 *id)
{
    struct sha256 h = token_hash(secret_view(token));

    *id = rand_id();
    return db_exec(x->db, "INSERT INTO session (id, hash, member, parent, console, channel, ip, agent, made_ms, seen_ms,"
                          " proof_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9)",
                   ID(*id), BLOB(sv_n(h.b, 32)), ID(member), ID(parent), INT(console), INT(x->actor.channel),
                   TEXT(x->actor.ip), SEALED("session.agent", id->n, x->actor.agent), INT(x->now_ms));
}

bool session_add(struct ctx *x, const struct secret *token, id64 member, id64 parent, bool console, id64 *id)
{
    return (console ? end_console_of(x, member, parent) : end_oldest(x, member)) && insert(x, token, member, parent, console, id) &&
           (console || access_note(x, *id, x->now_ms, x->actor.ip));
}

/* Who knows the password alone can begin as many as it likes: they push out each other and nobody else. */
bool session_add_waiting(struct ctx *x, const struct secret *token, id64 member, enum second_due second, int limited, id64 *id)
{
    return end_all(x, db_query(x->db, "SELECT id FROM session WHERE member = $1 AND second <> 0 ORDER BY made_ms DESC, id"
                                      " LIMIT 1000 OFFSET $2",
                               ID(member), INT(SECOND_WAITING - 1)),
                   end_one_row) &&
           insert(x, token, member, ID_NONE, false, id) &&
           db_exec(x->db, "UPDATE session SET second = $1, limited = $2 WHERE id = $3", INT(second), INT(limited), ID(*id));
}

static bool end_device_of(struct ctx *x, id64 session)
{
    return db_exec(x->db, "DELETE FROM device WHERE id = (SELECT device FROM session WHERE id = $1)", ID(session));
}

bool session_delete(struct ctx *x, id64 session)
{
    return end_device_of(x, session) && end_one_row(x, session);
}

bool session_enrols(struct ctx *x, id64 session, id64 device)
{
    return end_device_of(x, session) &&
           db_exec(x->db, "UPDATE session SET device = $1 WHERE id = $2", ID(device), ID(session));
}

bool session_of_device(struct ctx *x, id64 session, id64 member, id64 device)
{
    return end_all(x, db_query(x->db, "SELECT id FROM session WHERE member = $1 AND device = $2", ID(member), ID(device)),
                   end_one_row) &&
           db_exec(x->db, "UPDATE session SET device = $1 WHERE id = $2", ID(device), ID(session));
}

bool session_limit(struct ctx *x, id64 session, int limited)
{
    return db_exec(x->db, "UPDATE session SET limited = $1 WHERE id = $2", INT(limited), ID(session));
}

bool session_terms(struct ctx *x, id64 session)
{
    return db_exec(x->db, "UPDATE session SET terms_due = 1 WHERE id = $1", ID(session));
}

bool session_terms_accepted(struct ctx *x, id64 member)
{
    if (!db_exec(x->db, "UPDATE session SET terms_due = 0 WHERE member = $1 AND terms_due = 1", ID(member)))
        return false;
    effect(x, EFF_TERMS, member.n, 0);
    return true;
}

bool session_unproven(struct ctx *x, id64 session)
{
    return db_exec(x->db, "UPDATE session SET proof_ms = 0 WHERE id = $1", ID(session));
}

bool session_fresh(struct ctx *x, id64 session)
{
    if (!session_limit(x, session, MUST_NOT))
        return false;
    effect(x, EFF_SESSION_FRESH, session.n, x->now_ms);
    return true;
}

bool session_delete_member(struct ctx *x, id64 member, id64 but)
{
    if (!db_exec(x->db, "DELETE FROM session WHERE member = $1 AND id <> $2 AND parent <> $3", ID(member), ID(but),
                 INT(but.n ? but.n : -1)) ||
        !db_exec(x->db, "DELETE FROM device WHERE member = $1"                    /* they would begin sessions anew */
                        " AND id <> COALESCE((SELECT device FROM session WHERE id = $2), 0)",
                 ID(member), ID(but)))
        return false;
    effect(x, EFF_MEMBER_END, member.n, but.n);
    return true;
}

bool session_delete_apps(struct ctx *x, id64 member)
{
    if (!db_exec(x->db, "DELETE FROM session WHERE member = $1 AND channel IN ($2, $3, $4, $5)", ID(member), INT(CH_MA), INT(CH_MP),
                 INT(CH_PA), INT(CH_DX)))
        return false;
    effect(x, EFF_MEMBER_APPS, member.n, 0);
    return true;
}

/* A session that was never made is beyond every life; its row stays to say that the member is suspended. */
bool session_suspend_member(struct ctx *x, id64 member)
{
    if (!db_exec(x->db, "UPDATE session SET made_ms = 0 WHERE member = $1", ID(member)) ||
        !db_exec(x->db, "DELETE FROM device WHERE member = $1", ID(member)))
        return false;
    effect(x, EFF_MEMBER_END, member.n, 0);
    return true;
}

bool session_restricts_of(struct ctx *x, id64 member, cell_set *out)
{
    ROWS r = db_query(x->db, "SELECT " RESTRICTS " FROM member m" RESTRICTS_JOIN " WHERE m.id = $2",
                      INT(policy_bool(x->policy, "member.permtype.enabled")), ID(member));

    *out = rows_next(&r) ? (cell_set)row_int(&r, 0) : 0;
    return rows_ok(&r);
}

/* Of all who are restricted: a change of a template is rare, and tells whom it concerns by itself. */
bool session_restrict(struct ctx *x, bool types)
{
    VEC(struct restricted) all = {0};
    ROWS r = db_query(x->db, "SELECT m.id, " RESTRICTS " FROM member m" RESTRICTS_JOIN
                             " WHERE " RESTRICTS " <> 0 ORDER BY m.id",
                      INT(types));

    while (rows_next(&r))
        *PUSH(x->arena, &all) = (struct restricted){row_id(&r, 0), (cell_set)row_int(&r, 1)};
    if (!rows_ok(&r))
        return false;
    effect_text(x, EFF_RESTRICTS, 0, sv_dup(x->arena, sv_n((const char *)all.v, all.n * sizeof(*all.v))));
    return true;
}

bool session_restrict_member(struct ctx *x, id64 member)
{
    cell_set cells;

    if (!session_restricts_of(x, member, &cells))
        return false;
    effect(x, EFF_MEMBER_RESTRICTS, member.n, cells);
    return true;
}

bool session_role_member(struct ctx *x, id64 member, struct grant g)
{
    if (!db_exec(x->db, "DELETE FROM session WHERE member = $1 AND console = 1", ID(member)))
        return false;
    effect_text(x, EFF_MEMBER_ROLE, member.n, sv_dup(x->arena, sv_n((const char *)&g, sizeof(g))));
    return true;
}

/* What the map knows is newer than the rows by a minute at most. */
static bool store_used_from(struct ctx *x, struct sessions *s)
{
    struct sessions_used all = sessions_used(s, x->arena);
    bool ok = true;

    for (size_t i = 0; ok && i < all.n; i++) {
        struct str ip = STR_IN(x->arena);
        ip_put(&ip, all.v[i].ip);
        ok = db_exec(x->db, "UPDATE session SET seen_ip = $1 WHERE id = $2 AND seen_ip <> $1", TEXT(str_sv(&ip)), ID(all.v[i].session));
    }
    return ok;
}

bool session_end_outside(struct ctx *x, const struct policy *p)
{
    VEC(id64) outside = {0};

    if (!store_used_from(x, x->tenant->sessions))
        return false;
    ROWS r = db_query(x->db, "SELECT s.id, s.member, s.channel, CASE WHEN s.seen_ip = '' THEN s.ip ELSE s.seen_ip END,"
                             " CASE WHEN m.role_paused <> 0 THEN $1 ELSE m.role END"
                             " FROM session s JOIN member m ON m.id = s.member WHERE s.console = 0 ORDER BY s.id",
                      INT(ROLE_MEMBER));
    while (rows_next(&r)) {
        struct network_asker a = network_asker(row_id(&r, 1), (enum role)row_int(&r, 4), (enum channel)row_int(&r, 2), row_text(&r, 3));
        if (network_allows(p, &a) == NETWORK_REFUSED)
            *PUSH(x->arena, &outside) = row_id(&r, 0);
    }
    bool ok = rows_ok(&r);
    rows_end(&r);
    for (size_t i = 0; ok && i < outside.n; i++)
        ok = end_one_row(x, outside.v[i]);
    return ok;
}
