/* api/link.c: ways to a new password beside changing one's own: the setup slip, the report of a forgotten one, and what an
 * admin or the operator does about a member's. */
#include "api/app.h"
#include "api/tried.h"
#include "core/tenant.h"
#include "svc/account/account.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

struct link_in {
    sv token;
};
static const struct field link_in_fields[] = {
    FIELD(struct link_in, token, .need = true, .min = 1, .max = 64, .doc = "what stands behind the # of the link"),
};
static const struct schema link_in = SCHEMA("link_in", struct link_in, link_in_fields);

struct rules_out {
    int64_t min, max, generations;
    sv format;
};
static const struct field rules_out_fields[] = {
    FIELD(struct rules_out, min, .doc = "characters at least"),
    FIELD(struct rules_out, max, .doc = "characters at most"),
    FIELD(struct rules_out, format, .one_of = "none|alnum|alnum_special", .doc = "which characters it needs"),
    FIELD(struct rules_out, generations, .doc = "how many of the last passwords are refused"),
};
const struct schema password_rules_out = SCHEMA("password_rules_out", struct rules_out, rules_out_fields);

const void *password_rules_fill(struct ctx *x)
{
    struct password_rules r = account_password_rules(x);
    struct rules_out *o = ANEW(x->arena, struct rules_out);

    *o = (struct rules_out){r.min, r.max, r.generations, sv_dup(x->arena, r.format)};
    return o;
}

struct link_out {
    sv kind, login, family, given, language, workgroup, company;
    time64 until;
    struct ref rules;
};
static const struct field link_out_fields[] = {
    FIELD(struct link_out, kind, .one_of = "setup|reset", .doc = "first password, or a forgotten one"),
    FIELD(struct link_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct link_out, family, .doc = "family name"),
    FIELD(struct link_out, given, .doc = "given name"),
    FIELD(struct link_out, language, .one_of = "ja|en", .doc = "the member's language"),
    FIELD(struct link_out, workgroup, .doc = "the part of the Engawa ID behind @"),
    FIELD(struct link_out, company, .doc = "the company's name"),
    FIELD(struct link_out, until, .doc = "when the link ends"),
    FIELD(struct link_out, rules, .of = &password_rules_out, .doc = "what the password must be"),
};
static const struct schema link_out = SCHEMA("link_out", struct link_out, link_out_fields);

struct link_use_in {
    sv token, password, client;
};
static const struct field link_use_in_fields[] = {
    FIELD(struct link_use_in, token, .need = true, .min = 1, .max = 64, .doc = "what stands behind the # of the link"),
    FIELD(struct link_use_in, password, .need = true, .min = 1, .max = 1024, .doc = "the new one"),
    FIELD(struct link_use_in, client, .need = true, .min = 1, .max = 32, .doc = "the registered client: web, mobile-web"),
};
static const struct schema link_use_in = SCHEMA("link_use_in", struct link_use_in, link_use_in_fields);

struct link_use_out {
    bool signed_in;
    time64 start;
};
static const struct field link_use_out_fields[] = {
    FIELD(struct link_use_out, signed_in, .doc = "false: the start date lies ahead"),
    FIELD(struct link_use_out, start, .null = true, .doc = "when the member may sign in, where that lies ahead"),
};
static const struct schema link_use_out = SCHEMA("link_use_out", struct link_use_out, link_use_out_fields);

struct forgot_in {
    sv id;
};
static const struct field forgot_in_fields[] = {
    FIELD(struct forgot_in, id, .need = true, .min = 1, .max = 64, .doc = "the part of the Engawa ID before @"),
};
static const struct schema forgot_in = SCHEMA("forgot_in", struct forgot_in, forgot_in_fields);

struct force_in {
    sv password;
};
static const struct field force_in_fields[] = {
    FIELD(struct force_in, password, .min = 1, .max = 1024, .doc = "to be changed at the next sign-in; absent: one is made"),
};
static const struct schema force_in = SCHEMA("password_force_in", struct force_in, force_in_fields);

struct force_out {
    sv password;
};
static const struct field force_out_fields[] = {
    FIELD(struct force_out, password, .doc = "the one that was made, this once; else empty"),
};
static const struct schema force_out = SCHEMA("password_force_out", struct force_out, force_out_fields);

struct forced {
    sv stored, shown;
};

struct made_link_out {
    sv link;
    time64 until;
};
static const struct field made_link_out_fields[] = {
    FIELD(struct made_link_out, link, .doc = "shown this once; earlier ones are worth nothing"),
    FIELD(struct made_link_out, until, .doc = "when it ends"),
};
static const struct schema made_link_out = SCHEMA("made_link_out", struct made_link_out, made_link_out_fields);

/* By id or by login: one of the two. */
struct of_member_in {
    id64 member;
    sv login, kind;
};
static const struct field of_member_in_fields[] = {
    FIELD(struct of_member_in, member, .doc = "the member"),
    FIELD(struct of_member_in, login, .max = 64, .doc = "or the part of its Engawa ID before @"),
};
static const struct schema of_member_in = SCHEMA("of_member_in", struct of_member_in, of_member_in_fields);
static const struct field operator_link_in_fields[] = {
    FIELD(struct of_member_in, member, .doc = "the member"),
    FIELD(struct of_member_in, login, .max = 64, .doc = "or the part of its Engawa ID before @"),
    FIELD(struct of_member_in, kind, .one_of = "setup|reset", .doc = "72 hours, or ten minutes; setup when absent"),
};
static const struct schema operator_link_in = SCHEMA("operator_link_in", struct of_member_in, operator_link_in_fields);

static bool link_read(struct ctx *x, struct call *c, void *out)
{
    const struct link_in *in = c->in;
    struct link_out *o = out;
    struct password_link l;
    struct member m;

    if (!account_link_find(x, in->token, &l) || !org_member_find(x, l.member, &m))
        return false;
    *o = (struct link_out){
        .kind = l.kind == LINK_RESET ? SV("reset") : SV("setup"),
        .login = m.login,
        .family = m.family,
        .given = m.given,
        .language = m.language,
        .workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup)),
        .company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name")),
        .until = {l.until_ms},
        .rules = {password_rules_fill(x)},
    };
    return true;
}

#define LINK_TRIES 30                                       /* passwords in an hour, by whoever holds the link */

/* What is refused of a password tells about the ones before: not as often as somebody likes. */
static bool link_tried(struct ctx *x, id64 member)
{
    struct try_row row = {0};

    tries_get(x->tenant->tries, member, SV("link"), &row);
    if (x->now_ms - row.last_ms > INT64_C(3600000))
        row.failures = 0;
    if (row.failures >= LINK_TRIES)
        return fail(&x->failure, E_TOO_MANY, "%d passwords by a link within the hour", LINK_TRIES);
    row.failures++;
    row.last_ms = x->now_ms;
    tries_set(x->tenant->tries, member, SV("link"), &row);
    return true;
}

static bool link_use_prepare(struct ctx *x, struct call *c)
{
    const struct link_use_in *in = c->in;
    struct password_link l;
    sv *stored = ANEW(x->arena, sv);

    c->prepared = stored;
    if (!channel_of_client(in->client, &x->actor.channel))
        return fail(&x->failure, E_UNKNOWN_CLIENT, "no client of ours by that name");
    return account_link_find(x, in->token, &l) && link_tried(x, l.member) &&
           account_password_new(x, "password", l.member, in->password, stored);
}

/* The link stands for the first step alone: a second one, where it is set, is asked as at any sign-in. */
static bool link_use(struct ctx *x, struct call *c, void *out)
{
    const struct link_use_in *in = c->in;
    struct link_use_out *o = out;
    struct password_link l;
    struct member m;

    if (!account_link_find(x, in->token, &l) || !org_member_find(x, l.member, &m))
        return false;
    audit(x, AUDIT_PASSWORD_LINK, l.member, l.kind == LINK_RESET ? SV("{\"kind\":\"reset\"}") : SV("{\"kind\":\"setup\"}"));
    if (!account_link_use(x, in->token, *(const sv *)c->prepared) ||
        !talk_notice_in(x, l.member, SV("案内のリンクからパスワードが設定されました。心当たりがないときは、管理者に連絡してください。"),
                        SV("Your password was set by a link. If it was not you, please tell your administrator.")))
        return false;
    struct proof p = {.member = l.member, .right = true, .format = true, .stored = *(const sv *)c->prepared};
    o->signed_in = m.start_ms <= x->now_ms;
    o->start = (time64){o->signed_in ? -1 : m.start_ms};
    return !o->signed_in || account_sign_in(x, &p, c->set_sid, c->set_dev);
}

/* The same answer and the same work for an id that nobody has: then the notices are written and taken back. */
static bool forgot(struct ctx *x, struct call *c, void *out)
{
    const struct forgot_in *in = c->in;
    id64 member = ID_NONE;
    bool wanted;

    (void)out;
    if (!account_forgot(x, in->id, &member, &wanted))
        return false;
    c->repeat = !wanted;                                  /* over the limit, or nobody: no row of its own either */
    if (wanted)
        audit(x, AUDIT_PASSWORD_FORGOT, member, SV_NONE);
    sv who = member_called(x, member);
    size_t events = x->events.n, effects = x->effects.n;
    TX tx = tx_begin(x->db);
    bool told = tell_admins(
        x, M_MEMBER_MEMBER, ID_NONE,
        sv_printf(x->arena, "%.*s さんから、パスワードを忘れたとの連絡がありました。本人に確認のうえ、管理者画面の「メンバー」で"
                            "「初回ログインのご案内」を作って渡してください。", SV_ARG(who)),
        sv_printf(x->arena, "%.*s reports a forgotten password. Please make sure that it is the person, then make a setup slip"
                            " in the console under Members.", SV_ARG(who)));
    if (told && wanted)
        return tx_commit(&tx);
    x->events.n = events;
    x->effects.n = effects;
    return told;
}

/* The parameter is looked at by the gate only where the operation runs: an id that is none is as absent as any other. */
static bool force_prepare(struct ctx *x, struct call *c)
{
    const struct force_in *in = c->in;
    struct forced *p = ANEW(x->arena, struct forced);
    SECRET made = {0};
    struct member m;
    id64 member;

    c->prepared = p;
    if (!sv_id(c->object_text, &member))
        return fail(&x->failure, E_NOT_FOUND, "not an id");
    /* Whose password it is comes first: what is refused of a password tells about the ones before. */
    if (!org_member_target(x, member, &m))
        return false;
    if (in->password.n)
        return account_password_new(x, "password", member, in->password, &p->stored);
    if (!account_password_make(x, &made))
        return false;
    p->shown = sv_dup(x->arena, secret_view(&made));
    return account_hash(x, p->shown, &p->stored);
}

static bool force(struct ctx *x, struct call *c, void *out)
{
    const struct forced *p = c->prepared;
    struct force_out *o = out;
    struct member m;

    audit(x, AUDIT_PASSWORD_FORCE, c->object, SV_NONE);
    o->password = p->shown;
    return org_member_target(x, c->object, &m) && account_password_set(x, c->object, p->stored, MUST_FORCED) &&
           account_vouched(x, c->object) &&
           talk_notice_in(x, c->object, SV("管理者がパスワードを変更しました。次のログインで新しいパスワードを設定してください。"),
                          SV("An administrator changed your password. Please set a new one at your next login."));
}

static bool request(struct ctx *x, struct call *c, void *out)
{
    sv page = sv_printf(x->arena, "%.*s/t/%" PRId64 "/app/settings", SV_ARG(x->actor.origin), x->tenant->number);
    struct member m;

    (void)out;
    audit(x, AUDIT_PASSWORD_REQUEST, c->object, SV_NONE);
    return org_member_target(x, c->object, &m) && account_password_request(x, c->object) &&
           talk_notice_in(
               x, c->object,
               sv_printf(x->arena, "管理者から、パスワードを変更するようお願いがありました。こちらから変更できます。\n%.*s",
                         SV_ARG(page)),
               sv_printf(x->arena, "Your administrator asks you to change your password. You can do so here.\n%.*s",
                         SV_ARG(page)));
}

static bool unlock(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_UNLOCK, c->object, SV_NONE);
    return account_unlock(x, c->object);
}

static bool make_link(struct ctx *x, id64 member, enum link_kind kind, struct made_link_out *o)
{
    SECRET token = {0};

    if (!account_setup_link(x, member, kind, &token, &o->until.ms))
        return false;
    o->link = account_link_url(x, &token);
    return true;
}

static bool setup_link(struct ctx *x, struct call *c, void *out)
{
    struct member m;

    audit(x, AUDIT_SETUP_LINK, c->object, SV_NONE);
    return org_member_target(x, c->object, &m) && make_link(x, c->object, LINK_SETUP, out);
}

/* The member that the operator means; the row of what is done to it is written also where there is none. */
static bool meant(struct ctx *x, const struct of_member_in *in, enum audit_kind kind, struct member *m)
{
    bool found = false;

    if (!in->member.n == !in->login.n)
        fail_field(&x->failure, "member", "its id or its login");
    else
        found = in->login.n ? org_member_named(x, in->login, m) : org_member_find(x, in->member, m);
    audit(x, kind, found ? m->id : in->member, SV_NONE);
    return found;
}

static bool op_link(struct ctx *x, struct call *c, void *out)
{
    const struct of_member_in *in = c->in;
    struct member m;

    return meant(x, in, AUDIT_SETUP_LINK, &m) &&
           make_link(x, m.id, sv_equal(in->kind, SV("reset")) ? LINK_RESET : LINK_SETUP, out);
}

static bool op_unlock(struct ctx *x, struct call *c, void *out)
{
    const struct of_member_in *in = c->in;
    struct member m;

    (void)out;
    return meant(x, in, AUDIT_MEMBER_UNLOCK, &m) && account_unlock(x, m.id);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "link.read", .method = POST, .path = "/link", .who = WHO_PUBLIC, .flags = OP_READ, .audit = AUDIT_NONE,
     .in = &link_in, .out = &link_out, .run = link_read, .doc = "Whose password a link sets, and what it must be."},
    {.name = "link.use", .method = POST, .path = "/link/password", .who = WHO_PUBLIC, .flags = OP_SLOW,
     .audit = AUDIT_PASSWORD_LINK, .in = &link_use_in, .out = &link_use_out, .run = link_use, .prepare = link_use_prepare,
     .doc = "Sets the password, once, and signs in; every other session of the member ends."},
    {.name = "password.forgot", .method = POST, .path = "/forgot", .who = WHO_PUBLIC, .flags = OP_WRITE,
     .audit = AUDIT_PASSWORD_FORGOT, .in = &forgot_in, .out = &nothing_out, .run = forgot,
     .doc = "Tells the admins, who give a setup slip; reached as POST /w/<workgroup>/forgot. One answer for everybody."},
    {.name = "console.member.password", .method = POST, .path = "/console/members/:member/password", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_SLOW, .audit = AUDIT_PASSWORD_FORCE, .in = &force_in,
     .out = &force_out, .run = force, .prepare = force_prepare,
     .doc = "Sets a member's password, or makes one and tells it this once; its sessions end and it changes it at the next sign-in."},
    {.name = "console.member.request_password", .method = POST, .path = "/console/members/:member/request-password",
     .who = WHO_CONSOLE, .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE,
     .audit = AUDIT_PASSWORD_REQUEST, .out = &nothing_out, .run = request,
     .doc = "Asks the member to change the password; the next sign-in demands it."},
    {.name = "console.member.unlock", .method = POST, .path = "/console/members/:member/unlock", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_UNLOCK,
     .out = &nothing_out, .run = unlock, .doc = "Wrong tries are forgotten: the right password works again."},
    {.name = "console.member.setup_link", .method = POST, .path = "/console/members/:member/setup-link",
     .who = WHO_CONSOLE, .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_SETUP_LINK,
     .out = &made_link_out, .run = setup_link, .doc = "A link by which the member sets a password, for the printed slip."},
    {.name = "member.link", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_SETUP_LINK, .in = &operator_link_in,
     .out = &made_link_out, .run = op_link, .doc = "A link by which the member sets a password, told this once."},
    {.name = "member.unlock", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_MEMBER_UNLOCK, .in = &of_member_in,
     .out = &nothing_out, .run = op_unlock, .doc = "Wrong tries are forgotten: the right password works again."},
};
/* clang-format on */
const struct op_table link_ops = {ops, COUNT(ops)};
