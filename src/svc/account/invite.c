/* svc/account/invite.c: invitation links, and who waits. */
#include "svc/account/invite.h"
#include "base/rand.h"
#include "svc/account/account_sql.h"

bool invite_enabled(const struct ctx *x)
{
    return policy_bool(x->policy, "member.invite.enabled");
}

bool invite_by_all(const struct ctx *x)
{
    return sv_equal(policy_text(x->policy, "member.invite.by"), SV("all"));
}

bool invite_make(struct ctx *x, struct secret *token, int64_t *until_ms)
{
    if (!invite_enabled(x))
        return fail(&x->failure, E_INVITE_ENDED, "invitations are off");
    token_new(token);
    struct sha256 hash = token_hash(secret_view(token));
    *until_ms = x->now_ms + INVITE_MS;
    return db_exec(x->db, "INSERT INTO invitation (id, member, hash, made_ms, until_ms, used) VALUES ($1, $2, $3, $4, $5, 0)",
                   ID(rand_id()), ID(x->actor.member), BLOB(sv_n(hash.b, 32)), INT(x->now_ms), INT(*until_ms)) &&
           db_exec(x->db, "DELETE FROM invitation WHERE id IN (SELECT id FROM invitation WHERE member = $1"
                          " ORDER BY made_ms DESC, id LIMIT 1000 OFFSET $2)",
                   ID(x->actor.member), INT(INVITES_EACH));
}

sv invite_url(struct ctx *x, const struct secret *token)
{
    return sv_printf(x->arena, "%.*s/t/%" PRId64 "/join#%.*s", SV_ARG(x->actor.origin), x->tenant->number,
                     SV_ARG(secret_view(token)));
}

/* Of a link that is there: whoever made it would be given one today. */
static bool may_invite(struct ctx *x, id64 member, bool *may)
{
    struct credential c;
    struct admins all = {0};

    *may = false;
    if (invite_by_all(x)) {
        *may = account_sql_credential(x, SV(""), member, &c) && c.status == MEMBER_ACTIVE;
        return x->failure.code == E_NONE;
    }
    if (!account_admins(x, M_MEMBER_INVITE, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        *may |= all.v[i].n == member.n;
    return true;
}

static void invitation_read(struct rows *r, struct invitation *out)
{
    *out = (struct invitation){row_id(r, 0), row_id(r, 1), row_int(r, 2), row_int(r, 3), row_int(r, 4)};
}

#define INVITATION_COLS "id, member, made_ms, until_ms, used"

static bool by_hash(struct ctx *x, struct sha256 hash, struct invitation *out)
{
    ROWS r = db_query(x->db, "SELECT " INVITATION_COLS " FROM invitation WHERE hash = $1 AND until_ms >= $2", BLOB(sv_n(hash.b, 32)),
                      INT(x->now_ms));

    if (!rows_next(&r))
        return false;
    invitation_read(&r, out);
    return rows_ok(&r);
}

bool invite_find(struct ctx *x, sv token, struct invitation *out)
{
    bool may = false;

    if (invite_enabled(x) && token_well_formed(token) && by_hash(x, token_hash(token), out) &&
        out->until_ms - x->now_ms <= 2 * INVITE_MS &&     /* more: it was made while the clock was ahead */
        may_invite(x, out->member, &may) && may)
        return true;
    return fail(&x->failure, E_INVITE_ENDED, "no such invitation");
}

bool invite_find_id(struct ctx *x, id64 id, struct invitation *out)
{
    ROWS r = db_query(x->db, "SELECT " INVITATION_COLS " FROM invitation WHERE id = $1 AND until_ms >= $2", ID(id), INT(x->now_ms));

    if (!rows_next(&r))
        return fail(&x->failure, E_NOT_FOUND, "no invitation %" PRId64, id.n);
    invitation_read(&r, out);
    return rows_ok(&r);
}

bool invite_list(struct ctx *x, struct invitations *out)
{
    ROWS r = db_query(x->db, "SELECT " INVITATION_COLS " FROM invitation WHERE until_ms >= $1 ORDER BY made_ms DESC, id", INT(x->now_ms));

    while (rows_next(&r))
        invitation_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool invite_used(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE invitation SET used = used + 1 WHERE id = $1", ID(id));
}

bool invite_revoke(struct ctx *x, id64 id)
{
    return db_exec(x->db, "DELETE FROM invitation WHERE id = $1", ID(id));
}

static bool room(struct ctx *x, bool *yes)
{
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM invited");

    *yes = rows_next(&r) && row_int(&r, 0) < INVITED_MOST;
    return rows_ok(&r);
}

bool invited_add(struct ctx *x, struct invited *w)
{
    bool yes;

    w->id = rand_id();
    w->made_ms = x->now_ms;
    if (!room(x, &yes))
        return false;
    if (!yes)
        return fail(&x->failure, E_TOO_MANY, "%d persons wait", INVITED_MOST);
    if (!db_exec(x->db, "INSERT INTO invited (id, inviter, login, family, given, family_reading, given_reading, language, password,"
                        " made_ms, rejected_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (login) DO NOTHING",
                 ID(w->id), ID(w->inviter), TEXT(w->login), TEXT(w->family), TEXT(w->given), TEXT(w->family_reading),
                 TEXT(w->given_reading), TEXT(w->language), SEALED("invited.password", w->id.n, w->stored), INT(w->made_ms)))
        return false;
    return db_changes(x->db) == 1 ? true : fail(&x->failure, E_LOGIN_TAKEN, "somebody who waits has the login");
}

#define INVITED_COLS "id, inviter, login, family, given, family_reading, given_reading, language, made_ms"

static void invited_read(struct rows *r, struct invited *out)
{
    *out = (struct invited){
        .id = row_id(r, 0),
        .inviter = row_id(r, 1),
        .login = row_text(r, 2),
        .family = row_text(r, 3),
        .given = row_text(r, 4),
        .family_reading = row_text(r, 5),
        .given_reading = row_text(r, 6),
        .language = row_text(r, 7),
        .made_ms = row_int(r, 8),
    };
}

bool invited_find(struct ctx *x, id64 id, struct invited *out)
{
    ROWS r = db_query(x->db, "SELECT " INVITED_COLS ", password FROM invited WHERE id = $1 AND rejected_ms = 0", ID(id));

    if (!rows_next(&r))
        return fail(&x->failure, E_NOT_FOUND, "nobody waits as %" PRId64, id.n);
    invited_read(&r, out);
    out->stored = row_sealed(&r, 9, "invited.password", out->id.n);
    return rows_ok(&r);
}

bool invited_credential(struct ctx *x, sv login, id64 id, struct invited *out)
{
    ROWS r = db_query(x->db, "SELECT id, password FROM invited WHERE login = $1 OR id = $2", TEXT(login), ID(id));

    if (!rows_next(&r))
        return false;
    out->id = row_id(&r, 0);
    out->stored = row_sealed(&r, 1, "invited.password", out->id.n);
    return rows_ok(&r);
}

bool invited_list(struct ctx *x, struct inviteds *out)
{
    ROWS r = db_query(x->db, "SELECT " INVITED_COLS " FROM invited WHERE rejected_ms = 0 ORDER BY made_ms, id");

    while (rows_next(&r))
        invited_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool invited_reject(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE invited SET rejected_ms = $1 WHERE id = $2", INT(x->now_ms), ID(id));
}

bool invited_drop(struct ctx *x, id64 id)
{
    return account_sql_tries_clear(x, id) && db_exec(x->db, "DELETE FROM invited WHERE id = $1", ID(id));
}

bool invite_nightly(struct ctx *x)
{
    int64_t since_ms = x->now_ms - INVITED_KEPT_MS;

    return db_exec(x->db, "DELETE FROM invitation WHERE until_ms < $1", INT(x->now_ms)) &&
           db_exec(x->db, "DELETE FROM login_failure WHERE member IN (SELECT id FROM invited WHERE rejected_ms > 0 AND rejected_ms <= $1)",
                   INT(since_ms)) &&
           db_exec(x->db, "DELETE FROM invited WHERE rejected_ms > 0 AND rejected_ms <= $1", INT(since_ms));
}
