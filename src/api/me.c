/* api/me.c: the acting member and its tenant in one answer. */
#include "api/me.h"
#include "api/app.h"
#include "core/session.h"
#include "core/tenant.h"
#include "svc/account/account.h"
#include "svc/account/invite.h"
#include "svc/org/here.h"
#include "svc/org/org.h"

struct me {
    id64 id, tenant;
    sv login, family, given, family_reading, given_reading, role, language, workgroup, company, must_change, terms, terms_before, channel, second;
    struct ref password;
    bool here_shown, talk, may_invite;
    int64_t offline_days;
};
static const struct field me_fields[] = {
    FIELD(struct me, id, .doc = "the member"),
    FIELD(struct me, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct me, family, .doc = "family name"),
    FIELD(struct me, given, .doc = "given name"),
    FIELD(struct me, family_reading, .doc = "its reading"),
    FIELD(struct me, given_reading, .doc = "its reading"),
    FIELD(struct me, role, .one_of = "member|operator|sub|super|custom", .doc = "what the console offers"),
    FIELD(struct me, language, .one_of = "ja|en", .doc = "language of the screens"),
    FIELD(struct me, tenant, .doc = "the tenant's number, as in /t/<n>/"),
    FIELD(struct me, workgroup, .doc = "the part of the Engawa ID behind @"),
    FIELD(struct me, company, .doc = "the company's name"),
    FIELD(struct me, must_change, .one_of = "|first|forced|requested|format|expired",
          .doc = "not empty: this session may only set a new password or end"),
    FIELD(struct me, channel, .doc = "of this session: W browser, MW mobile browser, MP installed web app …"),
    FIELD(struct me, second, .one_of = "|ask|enrol", .doc = "not empty: this session may only prove its second step or end; nearly nothing else is told"),
    FIELD(struct me, terms, .doc = "not empty: this session may only accept this version of the terms of use or end"),
    FIELD(struct me, terms_before, .doc = "where terms is not empty: the version that the member has accepted before, or empty"),
    FIELD(struct me, here_shown, .doc = "colleagues see whether the member is here"),
    FIELD(struct me, talk, .doc = "the member's permission template lets this client use talk"),
    FIELD(struct me, may_invite, .doc = "every member may make invitation links"),
    FIELD(struct me, password, .of = &password_rules_out, .doc = "what a new password must be"),
    FIELD(struct me, offline_days, .doc = "how long a client keeps, sealed, what it was told, without reaching the server; 0: nothing"),
};
const struct schema me_out = SCHEMA("me_out", struct me, me_fields);

void *me_new(struct ctx *x)
{
    return ANEW(x->arena, struct me);
}

/* Of a session that waits for its second step: what leads on, and nothing that a password alone should show. */
static void me_waiting(struct ctx *x, struct me *me)
{
    *me = (struct me){
        .second = x->actor.second == SECOND_ENROL ? SV("enrol") : SV("ask"),
        .id = x->actor.member,
        .tenant = {x->tenant->number},
        .role = SV("member"),
        .language = SV("ja"),
        .channel = sv_c(channel_name(x->actor.channel)),
        .password = {password_rules_fill(x)},
    };
}

bool me_fill(struct ctx *x, void *out)
{
    struct me *me = out;
    struct member m;
    bool hidden;
    cell_set restricts;
    sv before = SV("");
    int64_t at_ms;

    if (x->actor.second) {
        me_waiting(x, me);
        return true;
    }
    if (x->actor.terms_due && !account_terms_last(x, &before, &at_ms))
        return false;
    if (!org_member_find(x, x->actor.member, &m) || !org_here_hidden(x, m.id, &hidden) ||
        !session_restricts_of(x, m.id, &restricts))
        return false;
    *me = (struct me){
        .id = m.id,
        .login = m.login,
        .family = m.family,
        .given = m.given,
        .family_reading = m.family_reading,
        .given_reading = m.given_reading,
        .role = sv_c(perm_role(m.role_paused ? ROLE_MEMBER : m.role)->id),
        .language = m.language,
        .tenant = {x->tenant->number},
        .workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup)),
        .company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name")),
        .must_change = sv_c(must_change_name((enum must_change)x->actor.limited)),
        .channel = sv_c(channel_name(x->actor.channel)),
        .terms = x->actor.terms_due ? sv_dup(x->arena, account_terms_version(x)) : SV(""),
        .terms_before = before,
        .password = {password_rules_fill(x)},
        .talk = !template_refuses(restricts, SERVICE_TALK, x->actor.channel),
        .here_shown = !hidden,
        .may_invite = invite_enabled(x) && invite_by_all(x),
        .offline_days = policy_int(x->policy, "mobile.offline_days"),
    };
    return true;
}
