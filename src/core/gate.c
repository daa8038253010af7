/* core/gate.c: the gate's steps as a table. */
#include "core/gate.h"
#include "core/member_state.h"
#include "core/network.h"

struct entry {
    struct ctx *x;
    const struct op *op;
    const struct credentials *cr;
    struct session *session, *console;
};

static bool tenant_state(struct entry *e)
{
    /* Before tenant.init there is nobody to be asked for: only the operator may act. */
    if (e->x->tenant->opened || e->cr->operator)
        return true;
    return fail(&e->x->failure, e->op->who == WHO_PUBLIC ? E_SIGN_IN : E_SESSION_ENDED, "the tenant is not open");
}

static void actor_of(struct actor *a, const struct session *s, const struct policy *p, int64_t now_ms)
{
    struct grant g = session_grant(s);

    a->member = s->member;
    a->session = s->id;
    a->role = g.role;
    a->reach = g.reach;
    a->channel = s->channel;
    a->proof_ms = s->proof_ms;
    a->limited = session_limited(p, s, now_ms);
    a->restricts = atomic_load(&s->restricts);
    a->second = (int)s->second;
    a->terms_due = s->terms_due;
    a->english = s->english;
}

static bool session_step(struct entry *e)
{
    struct ctx *x = e->x;

    if (e->cr->operator != (e->op->who == WHO_OPERATOR))
        return fail(&x->failure, E_NOT_FOUND, "%s is %sthe operator's", e->op->name, e->cr->operator ? "not " : "");
    if (e->op->who == WHO_OPERATOR) {
        x->actor.operator = true;
        return true;
    }
    if (e->op->who == WHO_PUBLIC)
        return true;
    e->session = e->cr->session ? session_ref(e->cr->session)
                                : session_find(x, x->tenant->sessions, e->cr->sid, false);
    if (!e->session || !session_check(x, e->session))
        return false;
    actor_of(&x->actor, e->session, x->policy, x->now_ms);
    return true;
}

/* A session whose second step is not proven may prove it and end, nothing else; what it must do after that is not asked yet. */
static bool second_step(struct entry *e)
{
#ifdef MUTANT_SECOND_STEP_SKIPPED
    return true;
#endif
    if (!e->session || !e->x->actor.second || e->op->flags & OP_BEFORE_SECOND)
        return true;
    return fail(&e->x->failure, E_SECOND_STEP, "the second step first");
}

/* A session that must set a new password first may do that and sign out, nothing else. */
static bool password_step(struct entry *e)
{
    if (!e->session || e->x->actor.second || !e->x->actor.limited || e->op->flags & OP_LIMITED)
        return true;
    return fail(&e->x->failure, E_PASSWORD_CHANGE, "a new password first: %s",
                must_change_name((enum must_change)e->x->actor.limited));
}

/* A session that has not accepted the terms of use may do that and sign out. A password that is due comes first, and its step
 * lets no more through. */
static bool terms_step(struct entry *e)
{
    if (!e->session || e->x->actor.second || !e->x->actor.terms_due || e->x->actor.limited || e->op->flags & OP_BEFORE_TERMS)
        return true;
    return fail(&e->x->failure, E_TERMS, "the terms first");
}

/* A session that moves to where it may not be used is refused there, and goes on where it may. */
static bool network_step(struct entry *e)
{
    struct ctx *x = e->x;

    if (!e->session)
        return true;
    struct network_asker a = network_asker(x->actor.member, x->actor.role, x->actor.channel, x->actor.ip);
    if (network_allows(x->policy, &a) == NETWORK_REFUSED)
        return fail(&x->failure, E_IP_NOT_ALLOWED, "not from %.*s", SV_ARG(x->actor.ip));
    session_used_from(e->session, x->actor.ip);
    return true;
}

/* Sessions of stopped apps have ended and none begins; one that there is all the same (a restored store's) is told why. */
static bool app_step(struct entry *e)
{
    if (!e->session || !e->session->app_suspended)
        return true;
    return fail(&e->x->failure, E_APP_SUSPENDED, "the member's apps are stopped");
}

/* By the session's channel: what a client calls itself counts for nothing (B5.13). */
static bool template_step(struct entry *e)
{
    const struct actor *a = &e->x->actor;

#ifdef MUTANT_TEMPLATE_SKIPPED
    return true;
#endif
    if (!e->session || e->op->flags & OP_ALWAYS)
        return true;
    if (template_refuses_app(a->restricts, a->channel))
        return fail(&e->x->failure, E_SERVICE_DISABLED, "the member's template forbids the mobile app");
    if (e->op->who == WHO_MEMBER && template_refuses(a->restricts, e->op->service, a->channel))
        return fail(&e->x->failure, E_SERVICE_DISABLED, "the member's template forbids the service on %s", channel_name(a->channel));
    return true;
}

static bool submenu(struct entry *e)
{
    struct ctx *x = e->x;

#ifdef MUTANT_MISSING_GATE_ROW
    if (e->op->who == WHO_CONSOLE)
        return true;
#endif
    if (e->op->who == WHO_ADMIN)
        return role_is_admin(x->actor.role) ? true : fail(&x->failure, E_FORBIDDEN, "no admin");
    if (e->op->who != WHO_CONSOLE)
        return true;
    if (!reaches(x->actor.reach, e->op->menu))
        return fail(&x->failure, E_FORBIDDEN, "role %s does not reach %s", perm_role(x->actor.role)->id, e->op->name);
    if ((e->op->flags & OP_SUPER) && x->actor.role != ROLE_SUPER_ADMIN)
        return fail(&x->failure, E_FORBIDDEN, "%s is the super admin's", e->op->name);
    e->console = session_find(x, x->tenant->sessions, e->cr->adm, true);
    if (!e->console || !session_check(x, e->console))
        return false;
    if (e->console->parent.n != e->session->id.n)
        return fail(&x->failure, E_REAUTH, "the console session belongs to another session");
    x->actor.console = true;
    x->actor.proof_ms = e->console->proof_ms;
    return true;
}

static bool proof(struct entry *e)
{
    int64_t age = e->x->now_ms - e->x->actor.proof_ms;    /* below 0: the clock went back since */

    if (!(e->op->flags & OP_FRESH) || (age <= PROOF_MS && age >= -PROOF_MS))
        return true;
    return fail(&e->x->failure, E_REAUTH, "the password was proven too long ago");
}

static const struct {
    const char *name;
    bool (*pass)(struct entry *e);
} steps[] = {
    {"tenant state", tenant_state},
    {"session and channel", session_step},
    {"second step", second_step},
    {"password to be changed", password_step},
    {"terms to be accepted", terms_step},
    {"network rule", network_step},
    {"app suspension", app_step},
    {"permission template", template_step},
    {"console submenu", submenu},
    {"step-up proof", proof},
};

bool gate_enter(struct ctx *x, const struct op *op, const struct credentials *cr, struct session **session,
                struct session **console)
{
    struct entry e = {.x = x, .op = op, .cr = cr};
    bool ok = true;

    for (size_t i = 0; ok && i < COUNT(steps); i++)
        ok = steps[i].pass(&e);
    *session = e.session;
    *console = e.console;
    return ok;
}

bool gate_run(struct ctx *x, const struct app *app, struct call *c, struct session *session, struct session *console)
{
    if (atomic_load(&x->tenant->closed_ms) && c->op->who != WHO_OPERATOR)
        return fail(&x->failure, c->op->who == WHO_PUBLIC ? E_SIGN_IN : E_SESSION_ENDED, "the tenant was closed while the call waited");
    if (session && atomic_load(&session->ended))
        return fail(&x->failure, E_SESSION_ENDED, "the session ended while the call waited");
    if (console && atomic_load(&console->ended))
        return fail(&x->failure, E_REAUTH, "the console session ended while the call waited");
    if (c->op->object == OBJ_NONE || c->op->who == WHO_OPERATOR)
        return true;
    const struct object_def *o = &app->objects[c->op->object];
    if (!o->text && !sv_id(c->object_text, &c->object))
        return fail(&x->failure, E_NOT_FOUND, "not an id");
    return o->visible(x, c);
}

bool gate_same_site(struct ctx *x, sv origin, sv own_origin, sv fetch_site, sv marked)
{
    bool from_us = origin.n ? sv_equal(origin, own_origin) : sv_equal(fetch_site, SV("same-origin"));

    if (fetch_site.n && !sv_equal(fetch_site, SV("same-origin")))
        from_us = false;
    if (!from_us || !sv_equal(marked, SV("1")))
        return fail(&x->failure, E_CROSS_SITE, "origin, Sec-Fetch-Site or X-Engawa does not fit");
    return true;
}

size_t gate_steps(void)
{
    return COUNT(steps);
}

const char *gate_step_name(size_t i)
{
    return steps[i].name;
}
