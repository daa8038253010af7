/* api/second.c: the second step of signing in: proving it, having a way, the word of another device, and an admin's help. */
#include "api/app.h"
#include "api/me.h"
#include "api/tried.h"
#include "core/tenant.h"
#include "crypt/otp.h"
#include "svc/account/second.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

struct waiting_out {
    sv step, login, answer;
    bool app, codes, device;
    int64_t number, remember_days;
};
static const struct field waiting_out_fields[] = {
    FIELD(struct waiting_out, step, .one_of = "ask|enrol", .doc = "ask: a way of the member's is to be shown; enrol: it has none and registers its app"),
    FIELD(struct waiting_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct waiting_out, app, .doc = "it has an authenticator app"),
    FIELD(struct waiting_out, codes, .doc = "it has a sheet of codes that is not used up"),
    FIELD(struct waiting_out, device, .doc = "another device of the member may answer"),
    FIELD(struct waiting_out, remember_days, .doc = "for how long this browser may be remembered; 0: it is asked each time"),
    FIELD(struct waiting_out, number, .doc = "which the other device was asked for; 0: it was not asked"),
    FIELD(struct waiting_out, answer, .one_of = "|yes|no", .doc = "what it said"),
};
static const struct schema waiting_out = SCHEMA("second_waiting_out", struct waiting_out, waiting_out_fields);

struct prove_in {
    sv code;
    bool remember;
};
static const struct field prove_in_fields[] = {
    FIELD(struct prove_in, code, .max = 64, .doc = "digits of the app, a code of the sheet or of a slip; absent: another device has answered"),
    FIELD(struct prove_in, remember, .doc = "this browser is not asked again for as long as the settings allow"),
};
static const struct schema prove_in = SCHEMA("second_prove_in", struct prove_in, prove_in_fields);

struct code_out {
    sv code;
};
static const struct field code_out_fields[] = {FIELD(struct code_out, code, .doc = "good once")};
static const struct schema code_out = SCHEMA("second_code_out", struct code_out, code_out_fields);

struct proven_out {
    struct ref me;
    struct list codes;
};
static const struct field proven_out_fields[] = {
    FIELD(struct proven_out, me, .of = &me_out, .doc = "who is signed in now"),
    FIELD(struct proven_out, codes, .of = &code_out, .doc = "where an app was registered with it: a sheet of codes for the day it is lost, shown this once"),
};
static const struct schema proven_out = SCHEMA("second_proven_out", struct proven_out, proven_out_fields);

struct secret_out {
    sv secret, uri;
};
static const struct field secret_out_fields[] = {
    FIELD(struct secret_out, secret, .doc = "for being typed into the app, base32"),
    FIELD(struct secret_out, uri, .doc = "the same for its camera"),
};
static const struct schema secret_out = SCHEMA("second_secret_out", struct secret_out, secret_out_fields);

struct confirm_in {
    sv code;
};
static const struct field confirm_in_fields[] = {
    FIELD(struct confirm_in, code, .need = true, .min = 1, .max = 64, .doc = "the app's digits"),
};
static const struct schema confirm_in = SCHEMA("second_confirm_in", struct confirm_in, confirm_in_fields);

struct sheet_out {
    struct list codes;
};
static const struct field sheet_out_fields[] = {
    FIELD(struct sheet_out, codes, .of = &code_out, .doc = "shown this once; those of the sheet before are worth nothing"),
};
static const struct schema sheet_out = SCHEMA("second_sheet_out", struct sheet_out, sheet_out_fields);

struct mine_out {
    time64 app;
    int64_t codes;
    bool must;
    sv mode;
};
static const struct field mine_out_fields[] = {
    FIELD(struct mine_out, app, .null = true, .doc = "when the authenticator app was registered"),
    FIELD(struct mine_out, codes, .doc = "codes of the sheet that are left"),
    FIELD(struct mine_out, must, .doc = "the member is asked at each login, whatever it chooses"),
    FIELD(struct mine_out, mode, .one_of = "required|new_device|optional", .doc = "who is asked, in this company"),
};
static const struct schema mine_out = SCHEMA("second_out", struct mine_out, mine_out_fields);

struct asking {
    id64 session;
    sv ip, agent;
    time64 time;
};
static const struct field asking_fields[] = {
    FIELD(struct asking, session, .doc = "that waits"),
    FIELD(struct asking, ip, .doc = "its address"),
    FIELD(struct asking, agent, .doc = "what the client there calls itself"),
    FIELD(struct asking, time, .doc = "when it asked"),
};
const struct schema second_asking_out = SCHEMA("second_asking", struct asking, asking_fields);

struct asking_out {
    struct ref asking;
};
static const struct field asking_out_fields[] = {
    FIELD(struct asking_out, asking, .of = &second_asking_out, .null = true, .doc = "a login of the member's that waits for this device's word"),
};
static const struct schema asking_out = SCHEMA("second_asking_out", struct asking_out, asking_out_fields);

struct answer_in {
    id64 session;
    int64_t number;
    bool yes;
};
static const struct field answer_in_fields[] = {
    FIELD(struct answer_in, session, .need = true, .doc = "as asked"),
    FIELD(struct answer_in, yes, .need = true, .doc = "it is the member's own login"),
    FIELD(struct answer_in, number, .min = 0, .max = 99, .doc = "yes: the number that the other screen shows"),
};
static const struct schema answer_in = SCHEMA("second_answer_in", struct answer_in, answer_in_fields);

struct answer_out {
    bool granted;
};
static const struct field answer_out_fields[] = {FIELD(struct answer_out, granted, .doc = "false: refused, or the number was another one")};
static const struct schema answer_out = SCHEMA("second_answer_out", struct answer_out, answer_out_fields);

struct slip_out {
    sv code;
    time64 until;
};
static const struct field slip_out_fields[] = {
    FIELD(struct slip_out, code, .doc = "good once, told this once"),
    FIELD(struct slip_out, until, .doc = "when it ends"),
};
static const struct schema slip_out = SCHEMA("second_slip_out", struct slip_out, slip_out_fields);

struct operator_slip_in {
    sv login;
};
static const struct field operator_slip_in_fields[] = {
    FIELD(struct operator_slip_in, login, .need = true, .min = 1, .max = 64, .doc = "the part of the Engawa ID before @"),
};
static const struct schema operator_slip_in = SCHEMA("second_operator_slip_in", struct operator_slip_in, operator_slip_in_fields);

/* ---- the session that waits ---- */

static bool waiting(struct ctx *x)
{
    return x->actor.second ? true : fail(&x->failure, E_NOT_FOUND, "this session waits for nothing");
}

static bool second_read(struct ctx *x, struct call *c, void *out)
{
    struct waiting_out *o = out;
    struct second_ask a;
    struct second s;
    struct member m;
    bool device;

    (void)c;
    if (!waiting(x) || !second_find(x, x->actor.member, &s) || !second_asked(x, &a) || !second_may_ask(x, &device) ||
        !org_member_find(x, x->actor.member, &m))
        return false;
    *o = (struct waiting_out){
        .step = x->actor.second == SECOND_ENROL ? SV("enrol") : SV("ask"),
        .login = m.login,
        .app = s.app_ms > 0,
        .codes = s.codes > 0,
        .device = device,
        .number = a.number,
        .remember_days = second_remember_days(x, &s),
        .answer = a.answer == ANSWER_YES ? SV("yes") : a.answer == ANSWER_NO ? SV("no") : SV(""),
    };
    return true;
}

static struct list codes_out(struct ctx *x, const sv *codes)
{
    struct code_out *v = ANEWN(x->arena, struct code_out, SECOND_CODES);

    for (size_t i = 0; i < SECOND_CODES; i++)
        v[i].code = codes[i];
    return (struct list){v, SECOND_CODES};
}

static bool second_prove_run(struct ctx *x, struct call *c, void *out)
{
    const struct prove_in *in = c->in;
    struct second_try *t = ANEW(x->arena, struct second_try);
    struct proven_out *o = out;
    bool enrols = x->actor.second == SECOND_ENROL;
    sv sheet[SECOND_CODES];

    if (!waiting(x))
        return false;
    c->prepared = t;
    bool ok = second_prove(x, in->code, t);
    if (ok) {
        x->actor.second = SECOND_NONE;
        ok = account_enter(x, in->remember ? BROWSER_PROVEN : BROWSER_FORGET, c->set_sid, c->set_dev);
    }
    audit(x, AUDIT_SECOND_STEP, ok ? x->actor.session : x->actor.member,
          ok ? sv_printf(x->arena, "{\"way\":\"%s\",\"remembered\":%s}", second_way_name(t->way), in->remember ? "true" : "false") : SV_NONE);
    if (!ok)
        return false;
    if (enrols && t->way == WAY_APP) {
        if (!second_sheet(x, sheet))
            return false;
        o->codes = codes_out(x, sheet);
    }
    void *me = me_new(x);
    o->me.v = me;
    return me_fill(x, me);
}

static bool second_prove_settle(struct ctx *x, struct call *c)
{
    const struct second_try *t = c->prepared;

    return !t || (tried(x, &t->tried) && (t->way != WAY_NONE || second_settle(x, t)));
}

/* What the app shows for the account: the company, and the Engawa ID. */
static bool secret_fill(struct ctx *x, struct secret_out *o)
{
    struct str text = STR_IN(x->arena), uri = STR_IN(x->arena);
    SECRET secret = {0};
    struct member m;

    if (!org_member_find(x, x->actor.member, &m) || !second_app_begin(x, &secret))
        return false;
    base32_put(&text, secret_view(&secret));
    otp_uri(&uri, secret_view(&secret), policy_text(x->policy, "tenant.company_name"),
            sv_printf(x->arena, "%.*s@%.*s", SV_ARG(m.login), SV_ARG(str_sv(&x->tenant->workgroup))));
    *o = (struct secret_out){str_sv(&text), str_sv(&uri)};
    return true;
}

static bool second_enrol(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    audit(x, AUDIT_SECOND_APP, x->actor.member, SV("{\"step\":\"begun\"}"));
    if (x->actor.second != SECOND_ENROL)
        return fail(&x->failure, E_DENIED, "no first login");
    return secret_fill(x, out);
}

static bool second_ask_run(struct ctx *x, struct call *c, void *out)
{
    struct str text = STR_IN(x->arena);
    struct second_ask a;

    audit(x, AUDIT_SECOND_ASK, x->actor.session, SV_NONE);
    if (!waiting(x) || !second_ask(x, &a))
        return false;
    struct json j = JSON_TO(&text);
    const struct asking told = {.session = a.session, .ip = x->actor.ip, .agent = x->actor.agent, .time = {a.made_ms}};
    schema_write(&j, NULL, &second_asking_out, &told);
    event_self(x, EV_SECOND_ASK, x->actor.member, str_sv(&text));
    return second_read(x, c, out);
}

/* ---- a member's own ways ---- */

static bool mine(struct ctx *x, struct call *c, void *out)
{
    struct mine_out *o = out;
    struct second s;

    (void)c;
    if (!second_find(x, x->actor.member, &s))
        return false;
    *o = (struct mine_out){{s.app_ms ? s.app_ms : -1}, s.codes, s.must, sv_dup(x->arena, policy_text(x->policy, "account.two_step.mode"))};
    return true;
}

static bool app_begin(struct ctx *x, struct call *c, void *out)
{
    audit(x, AUDIT_SECOND_APP, x->actor.member, SV("{\"step\":\"begun\"}"));
    return account_admit(x, c->prepared) && secret_fill(x, out);
}

static bool sheet_fill(struct ctx *x, struct sheet_out *o)
{
    sv sheet[SECOND_CODES];

    if (!second_sheet(x, sheet))
        return false;
    o->codes = codes_out(x, sheet);
    return true;
}

static bool app_confirm(struct ctx *x, struct call *c, void *out)
{
    const struct confirm_in *in = c->in;

    audit(x, AUDIT_SECOND_APP, x->actor.member, SV("{\"step\":\"registered\"}"));
    return second_app_confirm(x, in->code) && sheet_fill(x, out) &&
           talk_notice_in(x, x->actor.member, SV("2段階認証の認証アプリを登録しました。心当たりがないときは、管理者に連絡してください。"),
                          SV("An authenticator app was registered for your login. If it was not you, please tell your administrator."));
}

static bool app_drop(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_SECOND_APP, x->actor.member, SV("{\"step\":\"removed\"}"));
    return account_admit(x, c->prepared) && second_app_drop(x) &&
           talk_notice_in(x, x->actor.member, SV("2段階認証の認証アプリの登録を解除しました。心当たりがないときは、管理者に連絡してください。"),
                          SV("Your authenticator app was removed. If it was not you, please tell your administrator."));
}

static bool sheet(struct ctx *x, struct call *c, void *out)
{
    audit(x, AUDIT_SECOND_CODES, x->actor.member, SV_NONE);
    return account_admit(x, c->prepared) && sheet_fill(x, out) &&
           talk_notice_in(x, x->actor.member, SV("2段階認証の予備コードを作りました。前の予備コードは使えません。心当たりがないときは、管理者に連絡してください。"),
                          SV("New backup codes were made for your login; earlier ones are void. If it was not you, please tell your administrator."));
}

static bool asking(struct ctx *x, struct call *c, void *out)
{
    struct asking_out *o = out;
    struct second_ask a;

    (void)c;
    if (!second_asking(x, &a))
        return false;
    if (a.session.n) {
        struct asking *v = ANEW(x->arena, struct asking);
        *v = (struct asking){.session = a.session, .ip = a.ip, .agent = a.agent, .time = {a.made_ms}};
        o->asking.v = v;
    }
    return true;
}

static bool answer(struct ctx *x, struct call *c, void *out)
{
    const struct answer_in *in = c->in;
    struct answer_out *o = out;

    bool ok = second_answer(x, in->session, in->number, in->yes, &o->granted);
    audit(x, AUDIT_SECOND_ANSWER, in->session, o->granted ? SV("{\"granted\":true}") : SV("{\"granted\":false}"));
    return ok;
}

/* ---- an admin's help ---- */

static bool slip(struct ctx *x, struct call *c, void *out)
{
    struct slip_out *o = out;
    struct member m;

    audit(x, AUDIT_SECOND_SLIP, c->object, SV_NONE);
    return org_member_target(x, c->object, &m) && second_slip(x, c->object, &o->code, &o->until.ms) &&
           talk_notice_in(x, c->object, SV("管理者が、2段階認証の1回限りのコードを発行しました。心当たりがないときは、管理者に連絡してください。"),
                          SV("An administrator made a one-time code for your login. If you did not ask for it, please tell your administrator."));
}

static bool reset(struct ctx *x, struct call *c, void *out)
{
    struct member m;

    (void)out;
    audit(x, AUDIT_SECOND_RESET, c->object, SV_NONE);
    return org_member_target(x, c->object, &m) && second_reset(x, c->object) &&
           talk_notice_in(x, c->object, SV("管理者が、2段階認証の登録を解除しました。次のログインには、管理者が渡すコードが必要です。"),
                          SV("An administrator removed your two-step verification. Your next login needs a code from your administrator."));
}

static bool operator_slip(struct ctx *x, struct call *c, void *out)
{
    const struct operator_slip_in *in = c->in;
    struct slip_out *o = out;
    struct member m = {0};
    bool found = org_member_named(x, in->login, &m);

    audit(x, AUDIT_SECOND_SLIP, m.id, SV_NONE);
    return found && second_slip(x, m.id, &o->code, &o->until.ms);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "second.read", .method = GET, .path = "/session/second", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_QUICK | OP_BEFORE_SECOND,
     .audit = AUDIT_NONE, .out = &waiting_out, .run = second_read, .doc = "What the session waits for after the password."},
    {.name = "second.prove", .method = POST, .path = "/session/second", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_BEFORE_SECOND,
     .audit = AUDIT_SECOND_STEP, .in = &prove_in, .out = &proven_out, .run = second_prove_run, .settle = second_prove_settle,
     .doc = "The second step: a new session begins. After five wrong codes the one that waits ends."},
    {.name = "second.enrol", .method = POST, .path = "/session/second/app", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_BEFORE_SECOND,
     .audit = AUDIT_SECOND_APP, .out = &secret_out, .run = second_enrol, .doc = "At a first login: a secret for the authenticator app, whose first code proves the step."},
    {.name = "second.ask", .method = POST, .path = "/session/second/ask", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_BEFORE_SECOND,
     .audit = AUDIT_SECOND_ASK, .out = &waiting_out, .run = second_ask_run, .doc = "Asks the member's other devices, which need the number that is answered."},
    {.name = "me.second", .method = GET, .path = "/me/second", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_QUICK, .audit = AUDIT_NONE,
     .out = &mine_out, .run = mine, .doc = "The ways that the member has for its second step."},
    {.name = "me.second.app", .method = POST, .path = "/me/second/app", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_SLOW, .audit = AUDIT_SECOND_APP,
     .in = &own_password_in, .out = &secret_out, .run = app_begin, .prepare = own_password_prepare, .settle = tried_settle,
     .doc = "A secret for the authenticator app; it counts from its first code on."},
    {.name = "me.second.app.confirm", .method = PUT, .path = "/me/second/app", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE, .audit = AUDIT_SECOND_APP,
     .in = &confirm_in, .out = &sheet_out, .run = app_confirm, .doc = "Its first code: the app is registered, and a sheet of codes is given with it."},
    {.name = "me.second.app.drop", .method = POST, .path = "/me/second/app/remove", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_SLOW, .audit = AUDIT_SECOND_APP,
     .in = &own_password_in, .out = &nothing_out, .run = app_drop, .prepare = own_password_prepare, .settle = tried_settle,
     .doc = "The app and the sheet are worth nothing any more; refused where the step is required."},
    {.name = "me.second.codes", .method = POST, .path = "/me/second/codes", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_SLOW, .audit = AUDIT_SECOND_CODES,
     .in = &own_password_in, .out = &sheet_out, .run = sheet, .prepare = own_password_prepare, .settle = tried_settle, .doc = "A new sheet of codes."},
    {.name = "me.second.asking", .method = GET, .path = "/me/second/asking", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_QUICK, .audit = AUDIT_NONE,
     .out = &asking_out, .run = asking, .doc = "A login of the member's on another device that waits for this one's word."},
    {.name = "me.second.answer", .method = POST, .path = "/me/second/asking", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE, .audit = AUDIT_SECOND_ANSWER,
     .in = &answer_in, .out = &answer_out, .run = answer, .doc = "This device's word: with the number that the other one shows, or a refusal."},
    {.name = "console.member.second_slip", .method = POST, .path = "/console/members/:member/second-slip", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_SECOND_SLIP, .out = &slip_out, .run = slip,
     .doc = "One code for the member's second step, told this once; an earlier one is void."},
    {.name = "console.member.second_reset", .method = DELETE_, .path = "/console/members/:member/second", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_SECOND_RESET, .out = &nothing_out, .run = reset,
     .doc = "The member's app, sheet, slip and remembered devices are worth nothing any more."},
    {.name = "member.second_slip", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_SECOND_SLIP, .in = &operator_slip_in,
     .out = &slip_out, .run = operator_slip, .doc = "One code for a member's second step, told this once."},
};
/* clang-format on */
const struct op_table second_ops = {ops, COUNT(ops)};
