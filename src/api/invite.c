/* api/invite.c: メンバー > メンバーの招待: links, the page behind one, and who waits for approval. */
#include "api/invite.h"
#include "api/app.h"
#include "api/tried.h"
#include "svc/account/invite.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

#define TRIES_HERE 30                                     /* in an hour: by one link from one address or network */
#define TRIES_LINK 300                                    /* and by one link from everywhere */

/* ---- the link ---- */

struct invite_made_out {
    sv link;
    time64 until;
};
static const struct field invite_made_out_fields[] = {
    FIELD(struct invite_made_out, link, .doc = "shown this once"),
    FIELD(struct invite_made_out, until, .doc = "when it ends"),
};
static const struct schema invite_made_out = SCHEMA("invite_made_out", struct invite_made_out, invite_made_out_fields);

static bool make(struct ctx *x, struct invite_made_out *o)
{
    SECRET token = {0};

    if (!invite_make(x, &token, &o->until.ms))
        return false;
    o->link = invite_url(x, &token);
    return true;
}

static bool console_invite_make(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    audit(x, AUDIT_INVITE_MAKE, ID_NONE, SV_NONE);
    return make(x, out);
}

/* An admin invites in the console, under the same setting as everybody elsewhere. */
static bool member_invite_make(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    audit(x, AUDIT_INVITE_MAKE, ID_NONE, SV_NONE);
    if (!invite_by_all(x))
        return fail(&x->failure, E_FORBIDDEN, "members do not invite here");
    return make(x, out);
}

static bool invite_revoke_run(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_INVITE_REVOKE, c->object, SV_NONE);
    return invite_revoke(x, c->object);
}

/* ---- the page behind it ---- */

struct invitation_in {
    sv token;
};
static const struct field invitation_in_fields[] = {
    FIELD(struct invitation_in, token, .need = true, .min = 1, .max = 64, .doc = "what stands behind the # of the link"),
};
static const struct schema invitation_in = SCHEMA("invitation_in", struct invitation_in, invitation_in_fields);

struct invitation_page {
    sv inviter, workgroup, company;
    time64 until;
    struct ref rules;
};
static const struct field invitation_page_fields[] = {
    FIELD(struct invitation_page, inviter, .doc = "who invites"),
    FIELD(struct invitation_page, workgroup, .doc = "the part of the Engawa ID behind @"),
    FIELD(struct invitation_page, company, .doc = "the company's name"),
    FIELD(struct invitation_page, until, .doc = "when the link ends"),
    FIELD(struct invitation_page, rules, .of = &password_rules_out, .doc = "what the password must be"),
};
static const struct schema invitation_page_out = SCHEMA("invitation_page_out", struct invitation_page, invitation_page_fields);

struct invite_use_in {
    sv token, login, family, given, family_reading, given_reading, password;
};
static const struct field invite_use_in_fields[] = {
    FIELD(struct invite_use_in, token, .need = true, .min = 1, .max = 64, .doc = "what stands behind the # of the link"),
    FIELD(struct invite_use_in, login, .need = true, .min = 1, .max = 64, .doc = "the wished one: 1 … 40 of a-z 0-9 . _ -"),
    FIELD(struct invite_use_in, family, .need = true, .min = 1, .max = 80, .doc = "family name"),
    FIELD(struct invite_use_in, given, .need = true, .min = 1, .max = 80, .doc = "given name"),
    FIELD(struct invite_use_in, family_reading, .max = 80, .doc = "its reading"),
    FIELD(struct invite_use_in, given_reading, .max = 80, .doc = "its reading"),
    FIELD(struct invite_use_in, password, .need = true, .min = 1, .max = 1024, .doc = "by the rules that invite.read gives"),
};
static const struct schema invite_use_in = SCHEMA("invite_use_in", struct invite_use_in, invite_use_in_fields);

struct invite_use_out {
    sv state;
};
static const struct field invite_use_out_fields[] = {
    FIELD(struct invite_use_out, state, .one_of = "member|waiting", .doc = "member: may log in now; waiting: for an admin's approval"),
};
static const struct schema invite_use_out = SCHEMA("invite_use_out", struct invite_use_out, invite_use_out_fields);

static sv full_name(struct ctx *x, sv family, sv given)
{
    return sv_printf(x->arena, "%.*s%s%.*s", SV_ARG(family), given.n ? " " : "", SV_ARG(given));
}

static bool invite_read(struct ctx *x, struct call *c, void *out)
{
    const struct invitation_in *in = c->in;
    struct invitation_page *o = out;
    struct invitation i;
    struct member m;

    if (!invite_find(x, in->token, &i) || !org_member_find(x, i.member, &m))
        return false;
    *o = (struct invitation_page){
        .inviter = full_name(x, m.family, m.given),
        .workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup)),
        .company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name")),
        .until = {i.until_ms},
        .rules = {password_rules_fill(x)},
    };
    return true;
}

/* Whoever holds a link learns which IDs are taken, one try at a time: not as often as somebody likes. */
static bool use_tried(struct ctx *x, id64 invitation)
{
    bool here = lockout_room(x, invitation, sv_printf(x->arena, "invite %.*s", SV_ARG(tries_source(x->arena, x->actor.ip))), TRIES_HERE);

    if (here && lockout_room(x, invitation, SV("invite"), TRIES_LINK))
        return true;
    return fail(&x->failure, E_TOO_MANY, "too many tries by an invitation within the hour");
}

static bool use_prepare(struct ctx *x, struct call *c)
{
    const struct invite_use_in *in = c->in;
    struct password_about about = {
        .login = in->login, .family = in->family, .given = in->given, .family_reading = in->family_reading,
        .given_reading = in->given_reading,
    };
    struct invitation i;
    sv *stored = ANEW(x->arena, sv);

    c->prepared = stored;
    return invite_find(x, in->token, &i) && use_tried(x, i.id) && org_login_check(x, in->login) &&
           account_password_check(x, "password", in->password, &about) && account_hash(x, in->password, stored);
}

static struct member record_of(const struct invited *w)
{
    return (struct member){
        .login = w->login, .family = w->family, .given = w->given, .family_reading = w->family_reading,
        .given_reading = w->given_reading, .language = w->language, .role = ROLE_MEMBER,
    };
}

/* Makes a member of one who waits; its password is the one that was given then. */
static bool admit(struct ctx *x, const struct invited *w, id64 *member)
{
    struct member m = record_of(w);
    bool ok = org_member_add(x, &m, w->stored);

    *member = ok ? m.id : ID_NONE;
    return ok;
}

static bool seat_free(struct ctx *x, bool *yes)
{
    *yes = org_seats_for(x, 1, 0);
    if (!*yes && x->failure.code == E_SEATS)
        failure_clear(&x->failure);
    return x->failure.code == E_NONE;
}

static sv person_detail(struct ctx *x, sv login, id64 by, const char *state)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_text(&j, "login", login);
    json_id(&j, "inviter", by);
    if (state)
        json_text(&j, "state", sv_c(state));
    json_close(&j);
    return str_sv(&s);
}

static bool tell_waiting(struct ctx *x, const struct invited *w)
{
    sv who = full_name(x, w->family, w->given);

    return tell_admins(x, M_MEMBER_INVITE, ID_NONE,
                       sv_printf(x->arena, "%.*s さん (%.*s) が招待リンクから登録し、承認を待っています。管理者画面の「メンバーの招待」で"
                                           "承認または却下できます。", SV_ARG(who), SV_ARG(w->login)),
                       sv_printf(x->arena, "%.*s (%.*s) has registered by an invitation and waits for approval. You can approve or"
                                           " reject in the console under Invitations.", SV_ARG(who), SV_ARG(w->login)));
}

static bool enter(struct ctx *x, const struct invitation *i, struct invited *w, struct invite_use_out *o)
{
    struct member m = record_of(w);
    bool at_once = policy_bool(x->policy, "member.invite.auto_approve");
    id64 id = ID_NONE;

    w->inviter = i->member;
    /* Trimmed, and in the form that the record has; with no seat left everybody waits (CON-05). */
    bool ok = org_member_check(x, &m) && (!at_once || seat_free(x, &at_once));
    w->family = m.family, w->given = m.given, w->family_reading = m.family_reading, w->given_reading = m.given_reading;
    ok = ok && (at_once ? admit(x, w, &id) : invited_add(x, w) && tell_waiting(x, w)) && invite_used(x, i->id);
    o->state = at_once ? SV("member") : SV("waiting");
    audit(x, AUDIT_INVITE_USE, at_once ? id : ok ? w->id : ID_NONE, person_detail(x, w->login, i->member, ok ? o->state.p : NULL));
    return ok;
}

/* The settings may have changed while the password was hashed: those that are stored count. */
static bool invite_use(struct ctx *x, struct call *c, void *out)
{
    const struct invite_use_in *in = c->in;
    const struct policy *then = x->policy;
    struct policy *now = policy_new();
    struct invitation i;
    struct invited w = {
        .login = in->login, .family = in->family, .given = in->given, .family_reading = in->family_reading,
        .given_reading = in->given_reading, .language = x->actor.english ? SV("en") : SV("ja"), .stored = *(const sv *)c->prepared,
    };
    bool ok = contract_settings_stored(x, now);

    x->policy = now;
    ok = ok && invite_find(x, in->token, &i) && enter(x, &i, &w, out);
    x->policy = then;
    policy_unref(&now);
    return ok;
}

/* ---- the console's page ---- */

struct invitation_out {
    id64 id, by;
    sv by_name;
    time64 made, until;
    int64_t used;
};
static const struct field invitation_out_fields[] = {
    FIELD(struct invitation_out, id, .doc = "names the link when it is revoked"),
    FIELD(struct invitation_out, by, .doc = "who made it"),
    FIELD(struct invitation_out, by_name, .doc = "that member's name"),
    FIELD(struct invitation_out, made, .doc = "when"),
    FIELD(struct invitation_out, until, .doc = "when it ends"),
    FIELD(struct invitation_out, used, .doc = "how many have registered by it"),
};
static const struct schema invitation_out = SCHEMA("invitation_out", struct invitation_out, invitation_out_fields);

struct invited_out {
    id64 id, inviter;
    sv login, family, given, family_reading, given_reading, inviter_name;
    time64 made;
};
static const struct field invited_out_fields[] = {
    FIELD(struct invited_out, id, .doc = "names the person when approved or rejected"),
    FIELD(struct invited_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct invited_out, family, .doc = "family name"),
    FIELD(struct invited_out, given, .doc = "given name"),
    FIELD(struct invited_out, family_reading, .doc = "its reading"),
    FIELD(struct invited_out, given_reading, .doc = "its reading"),
    FIELD(struct invited_out, inviter, .doc = "whose link it was"),
    FIELD(struct invited_out, inviter_name, .doc = "that member's name; empty: deleted long ago"),
    FIELD(struct invited_out, made, .doc = "when the person registered"),
};
static const struct schema invited_out = SCHEMA("invited_out", struct invited_out, invited_out_fields);

struct invites_out {
    bool enabled;
    struct list links, waiting;
    int64_t seats_used, seats;
};
static const struct field invites_out_fields[] = {
    FIELD(struct invites_out, enabled, .doc = "links can be made and opened"),
    FIELD(struct invites_out, links, .of = &invitation_out, .doc = "those that are not over, the newest first"),
    FIELD(struct invites_out, waiting, .of = &invited_out, .doc = "who came first stands first"),
    FIELD(struct invites_out, seats_used, .doc = "members that count for the plan"),
    FIELD(struct invites_out, seats, .doc = "the plan's seats; -1: no limit"),
};
static const struct schema invites_out = SCHEMA("invites_out", struct invites_out, invites_out_fields);

static sv name_of(struct ctx *x, id64 member)
{
    struct member m;

    if (org_member_find_any(x, member, &m))
        return full_name(x, m.family, m.given);
    if (x->failure.code == E_NOT_FOUND)
        failure_clear(&x->failure);
    return SV("");
}

static bool invite_list_run(struct ctx *x, struct call *c, void *out)
{
    struct invites_out *o = out;
    struct invitations links = {0};
    struct inviteds waiting = {0};

    (void)c;
    if (!invite_list(x, &links) || !invited_list(x, &waiting) || !org_seats(x, &o->seats_used, &o->seats))
        return false;
    struct invitation_out *l = ANEWN(x->arena, struct invitation_out, links.n);
    for (size_t k = 0; k < links.n; k++) {
        const struct invitation *i = &links.v[k];
        l[k] = (struct invitation_out){i->id, i->member, name_of(x, i->member), {i->made_ms}, {i->until_ms}, i->used};
    }
    struct invited_out *p = ANEWN(x->arena, struct invited_out, waiting.n);
    for (size_t k = 0; k < waiting.n; k++) {
        const struct invited *w = &waiting.v[k];
        p[k] = (struct invited_out){
            .id = w->id, .inviter = w->inviter, .login = w->login, .family = w->family, .given = w->given,
            .family_reading = w->family_reading, .given_reading = w->given_reading, .inviter_name = name_of(x, w->inviter),
            .made = {w->made_ms},
        };
    }
    o->enabled = invite_enabled(x);
    o->links = (struct list){l, links.n};
    o->waiting = (struct list){p, waiting.n};
    return x->failure.code == E_NONE;
}

static bool approve(struct ctx *x, const struct invited *w)
{
    id64 member;
    bool ok = admit(x, w, &member) && invited_drop(x, w->id);

    audit(x, AUDIT_INVITE_APPROVE, ok ? member : w->id, person_detail(x, w->login, w->inviter, NULL));
    return ok;
}

static bool invited_approve_run(struct ctx *x, struct call *c, void *out)
{
    struct invited w;

    (void)out;
    if (!invited_find(x, c->object, &w)) {
        audit(x, AUDIT_INVITE_APPROVE, c->object, SV_NONE);
        return false;
    }
    return approve(x, &w);
}

static bool invited_reject_run(struct ctx *x, struct call *c, void *out)
{
    struct invited w;

    (void)out;
    bool ok = invited_find(x, c->object, &w);
    audit(x, AUDIT_INVITE_REJECT, c->object, ok ? person_detail(x, w.login, w.inviter, NULL) : SV_NONE);
    return ok && invited_reject(x, w.id);
}

static bool turned_on(const struct setting_changes *c)
{
    for (size_t k = 0; k < c->n; k++)
        if (sv_equal(sv_c(policy_def(c->v[k].i)->key), SV("member.invite.auto_approve")))
            return sv_equal(c->v[k].value, SV("true"));
    return false;
}

/* Could this one become a member now? Whose ID is taken meanwhile goes on waiting. */
static bool could(struct ctx *x, const struct invited *w, bool *yes)
{
    struct member m = record_of(w);

    *yes = org_member_check(x, &m);
    if (!*yes && x->failure.code == E_LOGIN_TAKEN)
        failure_clear(&x->failure);
    return x->failure.code == E_NONE && (!*yes || seat_free(x, yes));
}

bool invited_follow(struct ctx *x, const struct setting_changes *c)
{
    struct inviteds waiting = {0};

    if (!turned_on(c))
        return true;
    if (!invited_list(x, &waiting))
        return false;
    if (waiting.n && !c->confirmed)
        return fail_count(&x->failure, E_WAITING, (int64_t)waiting.n, "%zu wait for approval", waiting.n);
    for (size_t k = 0; k < waiting.n; k++) {
        struct invited w;
        bool yes;
        if (!could(x, &waiting.v[k], &yes) || (yes && (!invited_find(x, waiting.v[k].id, &w) || !approve(x, &w))))
            return false;
    }
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "invite.read", .method = POST, .path = "/invitation", .who = WHO_PUBLIC, .flags = OP_READ, .audit = AUDIT_NONE,
     .in = &invitation_in, .out = &invitation_page_out, .run = invite_read, .doc = "Who invites to which company, and what the password must be."},
    {.name = "invite.use", .method = POST, .path = "/invitation/use", .who = WHO_PUBLIC, .flags = OP_SLOW, .audit = AUDIT_INVITE_USE,
     .in = &invite_use_in, .out = &invite_use_out, .run = invite_use, .prepare = use_prepare,
     .doc = "Registers by an invitation link: a member at once, or one who waits for approval (member.invite.auto_approve)."},
    {.name = "invite.make", .method = POST, .path = "/invitations", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_WRITE, .audit = AUDIT_INVITE_MAKE,
     .out = &invite_made_out, .run = member_invite_make, .doc = "A link that invites to the company, where all members may (member.invite.by)."},
    {.name = "console.invite.list", .method = GET, .path = "/console/invitations", .who = WHO_CONSOLE, .menu = M_MEMBER_INVITE,
     .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .out = &invites_out, .run = invite_list_run,
     .doc = "The invitation links that are good, and who waits for approval."},
    {.name = "console.invite.make", .method = POST, .path = "/console/invitations", .who = WHO_CONSOLE, .menu = M_MEMBER_INVITE,
     .flags = OP_WRITE, .audit = AUDIT_INVITE_MAKE, .out = &invite_made_out, .run = console_invite_make,
     .doc = "A link that invites to the company, good for seven days; told this once."},
    {.name = "console.invite.revoke", .method = DELETE_, .path = "/console/invitations/:invitation", .who = WHO_CONSOLE,
     .menu = M_MEMBER_INVITE, .object = OBJ_INVITATION, .flags = OP_WRITE, .audit = AUDIT_INVITE_REVOKE, .out = &nothing_out,
     .run = invite_revoke_run, .doc = "The link is worth nothing from now on."},
    {.name = "console.invited.approve", .method = POST, .path = "/console/invited/:invited/approve", .who = WHO_CONSOLE,
     .menu = M_MEMBER_INVITE, .object = OBJ_INVITED, .flags = OP_WRITE, .audit = AUDIT_INVITE_APPROVE, .out = &nothing_out,
     .run = invited_approve_run, .doc = "The person is a member from now on, and takes a seat."},
    {.name = "console.invited.reject", .method = POST, .path = "/console/invited/:invited/reject", .who = WHO_CONSOLE,
     .menu = M_MEMBER_INVITE, .object = OBJ_INVITED, .flags = OP_WRITE, .audit = AUDIT_INVITE_REJECT, .out = &nothing_out,
     .run = invited_reject_run, .doc = "The person does not become a member; what it told is erased seven days later."},
};
/* clang-format on */
const struct op_table invite_ops = {ops, COUNT(ops)};
