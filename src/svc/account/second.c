/* svc/account/second.c: the second step of signing in. */
#include "svc/account/second.h"
#include "base/fold.h"
#include "base/rand.h"
#include "core/perm.h"
#include "crypt/otp.h"
#include "svc/account/account_sql.h"

enum code_kind { CODE_SHEET = 1, CODE_SLIP = 2 };         /* stored numbers: never renumber */

struct app {
    sv secret, fresh;                                     /* "": none */
    int64_t made_ms, used, fresh_ms;
};

static bool mode_is(const struct ctx *x, const char *mode)
{
    return sv_equal(policy_text(x->policy, "account.two_step.mode"), sv_c(mode));
}

static bool app_of(struct ctx *x, id64 member, struct app *out)
{
    ROWS r = db_query(x->db, "SELECT secret, made_ms, used, fresh, fresh_ms FROM second_app WHERE member = $1", ID(member));

    *out = (struct app){0};
    if (rows_next(&r))
        *out = (struct app){
            .secret = row_sealed(&r, 0, "second_app.secret", member.n),
            .made_ms = row_int(&r, 1),
            .used = row_int(&r, 2),
            .fresh = row_sealed(&r, 3, "second_app.fresh", member.n),
            .fresh_ms = row_int(&r, 4),
        };
    return rows_ok(&r);
}

static bool app_put(struct ctx *x, id64 member, const struct app *a)
{
    return db_exec(x->db, "INSERT INTO second_app (member, secret, made_ms, used, fresh, fresh_ms) VALUES ($1, $2, $3, $4, $5, $6)"
                          " ON CONFLICT (member) DO UPDATE SET secret = $2, made_ms = $3, used = $4, fresh = $5, fresh_ms = $6",
                   ID(member), SEALED("second_app.secret", member.n, a->secret), INT(a->made_ms), INT(a->used),
                   SEALED("second_app.fresh", member.n, a->fresh), INT(a->fresh_ms));
}

static bool codes_drop(struct ctx *x, id64 member, enum code_kind kind)
{
    return db_exec(x->db, "DELETE FROM second_code WHERE member = $1 AND kind = $2", ID(member), INT(kind));
}

const char *second_way_name(enum second_way w)
{
    static const char *const names[] = {"", "app", "code", "slip", "device"};

    return w < COUNT(names) ? names[w] : "";
}

/* A browser that proved it is not asked again for as long as the setting says; a time that lies ahead says nothing. */
static bool remembered(struct ctx *x, id64 member, bool *yes)
{
    int64_t proven_ms, term = policy_ms(x->policy, "account.two_step.remember");

    if (!account_browser_proven(x, member, &proven_ms))
        return false;
    *yes = proven_ms > 0 && proven_ms <= x->now_ms && x->now_ms - proven_ms < term;
    return true;
}

bool second_due(struct ctx *x, const struct credential *c, enum second_due *due)
{
    bool admin = role_is_admin(c->role), known = false;
    struct app a;

    *due = SECOND_NONE;
    if (!app_of(x, c->member, &a) || !remembered(x, c->member, &known))
        return false;
    if (!admin && mode_is(x, "optional") && !a.secret.n)
        return true;
    if (!admin && mode_is(x, "new_device") && (known || (!c->second_seen && !a.secret.n)))
        return true;                                      /* the first device of all is a way from now on */
    *due = a.secret.n || c->second_seen ? SECOND_ASK : SECOND_ENROL;
    return true;
}

bool second_find(struct ctx *x, id64 member, struct second *out)
{
    struct credential c;
    struct app a;

    if (!app_of(x, member, &a) || !account_sql_credential(x, SV(""), member, &c))
        return false;
    ROWS r = db_query(x->db, "SELECT COUNT(*) FROM second_code WHERE member = $1 AND kind = $2", ID(member), INT(CODE_SHEET));
    *out = (struct second){
        .app_ms = a.secret.n ? a.made_ms : 0,
        .codes = rows_next(&r) ? row_int(&r, 0) : 0,
        .must = role_is_admin(c.role) || mode_is(x, "required"),
    };
    return rows_ok(&r);
}

int64_t second_remember_days(const struct ctx *x, const struct second *s)
{
    return s->must || !mode_is(x, "new_device") ? 0 : policy_ms(x->policy, "account.two_step.remember") / INT64_C(86400000);
}

/* ---- the app ---- */

bool second_app_begin(struct ctx *x, struct secret *out)
{
    struct app a;

    if (!app_of(x, x->actor.member, &a))
        return false;
    otp_new(out);
    a.fresh = secret_view(out);
    a.fresh_ms = x->now_ms;
    return app_put(x, x->actor.member, &a);
}

/* The fresh secret's first code: from now on it is the member's. */
static bool confirm(struct ctx *x, id64 member, const struct app *a, sv code)
{
    int64_t age = x->now_ms - a->fresh_ms;
    int64_t step = a->fresh.n && age >= 0 && age <= SECOND_FRESH_MS ? otp_step(a->fresh, code, x->now_ms, 0) : -1;
    struct app now = {.secret = a->fresh, .made_ms = x->now_ms, .used = step};

    return step >= 0 ? app_put(x, member, &now) : fail(&x->failure, E_CODE_WRONG, "not the fresh app's");
}

/* As a person writes a code: in any case and width, in groups or not; a zero for an O, a one for an I or an L. */
static sv plain(struct ctx *x, sv code)
{
    sv folded = fold(x->arena, sv_upto(code, 64));
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        if (c == 'o')
            c = '0';
        else if (c == 'i' || c == 'l')
            c = '1';
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            str_char(&s, c);
    }
    return str_sv(&s);
}

bool second_app_confirm(struct ctx *x, sv code)
{
    struct app a;

    return app_of(x, x->actor.member, &a) && confirm(x, x->actor.member, &a, plain(x, code));
}

bool second_app_drop(struct ctx *x)
{
    struct second s;

    if (!second_find(x, x->actor.member, &s))
        return false;
    if (s.must)
        return fail(&x->failure, E_LAST_WAY, "the last way of one who must have one");
    return db_exec(x->db, "DELETE FROM second_app WHERE member = $1", ID(x->actor.member)) &&
           codes_drop(x, x->actor.member, CODE_SHEET);
}

/* ---- codes on paper ---- */

static struct sha256 code_hash(struct ctx *x, id64 member, sv code)
{
    return sha256(sv_printf(x->arena, "engawa second step 1\n%" PRId64 "\n%.*s\n", member.n, SV_ARG(code)));
}

/* 80 random bits, as plain() leaves them; and in groups, as they are read. */
static sv code_new(struct ctx *x, sv *shown)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct str s = STR_IN(x->arena), groups = STR_IN(x->arena);
    SECRET bytes = {0};

    secret_random(&bytes, SECOND_CODE);
    for (size_t i = 0; i < SECOND_CODE; i++) {
        char c = digits[bytes.b[i] & 31];
        str_char(&s, c);
        if (i > 0 && i % 4 == 0)
            str_char(&groups, '-');
        str_char(&groups, c >= 'a' ? (char)(c - 'a' + 'A') : c);
    }
    *shown = str_sv(&groups);
    return str_sv(&s);
}

static bool code_add(struct ctx *x, id64 member, enum code_kind kind, int64_t until_ms, sv *shown)
{
    struct sha256 h = code_hash(x, member, code_new(x, shown));

    return db_exec(x->db, "INSERT INTO second_code (id, member, kind, hash, made_ms, until_ms) VALUES ($1, $2, $3, $4, $5, $6)",
                   ID(rand_id()), ID(member), INT(kind), BLOB(sv_n(h.b, 32)), INT(x->now_ms), INT(until_ms));
}

bool second_sheet(struct ctx *x, sv out[SECOND_CODES])
{
    if (!codes_drop(x, x->actor.member, CODE_SHEET))
        return false;
    for (size_t i = 0; i < SECOND_CODES; i++)
        if (!code_add(x, x->actor.member, CODE_SHEET, 0, &out[i]))
            return false;
    return true;
}

bool second_slip(struct ctx *x, id64 member, sv *code, int64_t *until_ms)
{
    *until_ms = x->now_ms + SECOND_SLIP_MS;
    return codes_drop(x, member, CODE_SLIP) && code_add(x, member, CODE_SLIP, *until_ms, code);
}

bool second_reset(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM second_app WHERE member = $1", ID(member)) &&
           db_exec(x->db, "DELETE FROM second_code WHERE member = $1", ID(member)) && account_sql_browsers_unproven(x, member);
}

/* Each code is worth one time. A slip whose end lies too far ahead was made while the clock was. */
static bool code_use(struct ctx *x, id64 member, sv code, enum second_way *way)
{
    struct sha256 h = code_hash(x, member, code);
    ROWS r = db_query(x->db, "SELECT id, kind FROM second_code WHERE member = $1 AND hash = $2"
                             " AND (until_ms = 0 OR (until_ms >= $3 AND until_ms <= $4))",
                      ID(member), BLOB(sv_n(h.b, 32)), INT(x->now_ms), INT(x->now_ms + 2 * SECOND_SLIP_MS));

    if (!rows_next(&r))
        return rows_ok(&r);
    id64 id = row_id(&r, 0);
    *way = row_int(&r, 1) == CODE_SLIP ? WAY_SLIP : WAY_CODE;
    rows_end(&r);
    return db_exec(x->db, "DELETE FROM second_code WHERE id = $1", ID(id));
}

/* ---- the proof ---- */

static bool app_use(struct ctx *x, id64 member, sv code, enum second_way *way)
{
    struct app a;

    if (!app_of(x, member, &a))
        return false;
    if (x->actor.second == SECOND_ENROL) {
        *way = confirm(x, member, &a, code) ? WAY_APP : WAY_NONE;
        if (x->failure.code == E_CODE_WRONG)
            failure_clear(&x->failure);
        return x->failure.code == E_NONE;
    }
    int64_t step = a.secret.n ? otp_step(a.secret, code, x->now_ms, a.used) : -1;
    if (step < 0)
        return true;
    *way = WAY_APP;
    return db_exec(x->db, "UPDATE second_app SET used = $1 WHERE member = $2", INT(step), ID(member));
}

static bool device_use(struct ctx *x, enum second_way *way)
{
    struct second_ask a;

    if (!second_asked(x, &a))
        return false;
    *way = a.session.n && a.answer == ANSWER_YES ? WAY_DEVICE : WAY_NONE;
    return true;
}

static bool look(struct ctx *x, sv code, enum second_way *way)
{
    sv c = plain(x, code);

    if (code.n == 0)
        return device_use(x, way);
    return c.n == OTP_DIGITS ? app_use(x, x->actor.member, c, way) : code_use(x, x->actor.member, c, way);
}

static bool wrong_so_far(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT second_wrong FROM session WHERE id = $1", ID(x->actor.session));

    *n = rows_next(&r) ? row_int(&r, 0) : SECOND_TRIES;
    return rows_ok(&r);
}

bool second_prove(struct ctx *x, sv code, struct second_try *t)
{
    id64 member = x->actor.member, session = x->actor.session;
    int64_t wrong;

    *t = (struct second_try){.tried = {.member = member}};
    if (!wrong_so_far(x, &wrong))
        return false;
    t->over = wrong + 1 >= SECOND_TRIES;
    bool open = lockout_begin_second(x, member, &t->tried.tried);
    if (x->failure.code != E_NONE || (open && !look(x, code, &t->way))) {
        lockout_undone(x, member, &t->tried.tried);
        return false;
    }
    if (t->way == WAY_NONE)
        return fail(&x->failure, t->over ? E_SESSION_ENDED : E_CODE_WRONG, "no way proves the second step");
    lockout_right(x, member, &t->tried.tried);
    t->over = false;
    return session_delete(x, session) && db_exec(x->db, "DELETE FROM second_ask WHERE session = $1", ID(session));
}

bool second_settle(struct ctx *x, const struct second_try *t)
{
    if (t->over)
        return session_delete(x, x->actor.session);
    return db_exec(x->db, "UPDATE session SET second_wrong = second_wrong + 1 WHERE id = $1", ID(x->actor.session));
}

/* ---- the word of another device ---- */

/* Those who are asked at each login, whatever device, have a way of their own. */
bool second_may_ask(struct ctx *x, bool *yes)
{
    struct second s;

    *yes = false;
    if (!second_find(x, x->actor.member, &s))
        return false;
    if (s.must || !mode_is(x, "new_device"))
        return true;
    ROWS r = db_query(x->db, "SELECT 1 FROM session WHERE member = $1 AND console = 0 AND second = 0 AND made_ms > 0 LIMIT 1",
                      ID(x->actor.member));
    *yes = rows_next(&r);
    return rows_ok(&r);
}

bool second_ask(struct ctx *x, struct second_ask *out)
{
    bool yes;

    if (!second_may_ask(x, &yes))
        return false;
    if (!yes)
        return fail(&x->failure, E_DENIED, "no other device may answer");
    if (!lockout_room(x, x->actor.member, SV("second ask"), SECOND_ASKS))
        return fail(&x->failure, E_TOO_MANY, "%d questions within the hour", SECOND_ASKS);
    *out = (struct second_ask){.session = x->actor.session, .number = 10 + (int64_t)(rand_u64() % 90), .made_ms = x->now_ms};
    return db_exec(x->db, "INSERT INTO second_ask (session, member, number, made_ms, answer) VALUES ($1, $2, $3, $4, 0)"
                          " ON CONFLICT (session) DO UPDATE SET number = $3, made_ms = $4, answer = 0",
                   ID(out->session), ID(x->actor.member), INT(out->number), INT(out->made_ms));
}

static bool one(struct rows r, struct second_ask *out)
{
    *out = (struct second_ask){0};
    if (rows_next(&r)) {
        *out = (struct second_ask){
            .session = row_id(&r, 0),
            .number = row_int(&r, 1),
            .made_ms = row_int(&r, 2),
            .answer = (enum second_answer)row_int(&r, 3),
            .ip = row_text(&r, 4),
        };
        out->agent = row_sealed(&r, 5, "session.agent", out->session.n);
    }
    bool ok = rows_ok(&r);
    rows_end(&r);
    return ok;
}

#define ASK "SELECT a.session, a.number, a.made_ms, a.answer, s.ip, s.agent FROM second_ask a JOIN session s ON s.id = a.session"

bool second_asked(struct ctx *x, struct second_ask *out)
{
    return one(db_query(x->db, ASK " WHERE a.session = $1", ID(x->actor.session)), out);
}

bool second_asking(struct ctx *x, struct second_ask *out)
{
    return one(db_query(x->db, ASK " WHERE a.member = $1 AND a.answer = 0 AND s.second <> 0 AND s.made_ms >= $2"
                                      " ORDER BY a.made_ms DESC, a.session LIMIT 1",
                           ID(x->actor.member), INT(x->now_ms - SECOND_MS)),
               out);
}

bool second_answer(struct ctx *x, id64 session, int64_t number, bool yes, bool *granted)
{
    struct second_ask a;

    if (!second_asking(x, &a))
        return false;
    if (!a.session.n || a.session.n != session.n)
        return fail(&x->failure, E_NOT_FOUND, "nobody waits for this answer");
    *granted = yes && number == a.number;
    return db_exec(x->db, "UPDATE second_ask SET answer = $1 WHERE session = $2", INT(*granted ? ANSWER_YES : ANSWER_NO), ID(session));
}

bool second_nightly(struct ctx *x)
{
    return db_exec(x->db, "DELETE FROM second_ask WHERE made_ms < $1", INT(x->now_ms - SECOND_MS)) &&
           db_exec(x->db, "DELETE FROM second_code WHERE until_ms > 0 AND until_ms < $1", INT(x->now_ms)) &&
           db_exec(x->db, "DELETE FROM session WHERE second <> 0 AND made_ms < $1", INT(x->now_ms - SECOND_MS));
}
