/* svc/contract/contract.c: rules of opening and of changing settings. */
#include "svc/contract/contract.h"
#include "base/json.h"
#include "core/network.h"
#include "core/session.h"
#include "svc/contract/contract_sql.h"

#define HISTORY_PAGE 200

bool contract_open(struct ctx *x, sv workgroup, unsigned password_ops)
{
    bool opened = false;

    if (!contract_sql_open(x, workgroup, password_ops, &opened))
        return false;
    return opened ? true : fail(&x->failure, E_CONFLICT, "the tenant is open already");
}

/* As the settings would be: with those that this operation has stored before, and with this one. */
static bool agrees(struct ctx *x, size_t i, sv value)
{
    struct policy *p = policy_copy(x->policy);

    for (size_t k = 0; k < x->effects.n; k++)
        if (x->effects.v[k].kind == EFF_SETTING)
            policy_set(p, (size_t)x->effects.v[k].a, x->effects.v[k].text);
    policy_set(p, i, value);
    bool ok = policy_agrees(p, &x->failure);
    policy_unref(&p);
    return ok;
}

static bool store(struct ctx *x, size_t i, sv value)
{
    sv key = sv_c(policy_def(i)->key);

    /* The row's number is the key's hash: the order of policy.def may change, the stored row may not. */
    if (!contract_sql_setting(x, (int64_t)(sv_hash(key, 0) >> 1), key, value))
        return false;
    effect_text(x, EFF_SETTING, (int64_t)i, value);
    return !sv_equal(key, SV("member.permtype.enabled")) || session_restrict(x, sv_equal(value, SV("true")));
}

bool contract_setting_store(struct ctx *x, size_t i, sv value)
{
    return policy_check(i, value, &x->failure) && agrees(x, i, value) && store(x, i, value);
}

bool contract_setting_open(size_t i, struct failure *f)
{
    /* The name by which people sign in stands in the installation's registry too: it is no mere value. */
    if (sv_equal(sv_c(policy_def(i)->key), SV("tenant.workgroup_name")))
        return fail(f, E_DENIED, "the workgroup's name is not changed as a setting");
    if (sv_starts(sv_c(policy_def(i)->key), SV("template.")) && policy_obeyed(i))
        return fail(f, E_DENIED, "it is a permission template's, not the company's");
    /* Kept with each member (api/device.c): nobody's apps are stopped by a tenant's value. */
    if (sv_equal(sv_c(policy_def(i)->key), SV("member.app_suspended")))
        return fail(f, E_DENIED, "apps are stopped member by member");
    return policy_obeyed(i) ? true : fail(f, E_NOT_YET, "nothing obeys %s", policy_def(i)->key);
}

/* {"key":…,"old":…,"new":…} for the audit row. A secret's values are in no row. */
static sv change_detail(struct ctx *x, const struct setting_change *c)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_text(&j, "key", sv_c(policy_def(c->i)->key));
    if (!policy_secret(c->i)) {
        json_text(&j, "old", c->old);
        json_text(&j, "new", c->value);
    }
    json_close(&j);
    return str_sv(&s);
}

bool contract_settings_stored(struct ctx *x, struct policy *p)
{
    struct setting_changes all = {0};

    if (!contract_sql_settings(x, &all))
        return false;
    for (size_t k = 0; k < all.n; k++)
        policy_set(p, all.v[k].i, all.v[k].value);
    return true;
}

/* Which of the changes is to blame when the whole does not agree: the one without which it would. */
static bool all_agree(struct ctx *x, const struct policy *p, const struct setting_changes *c)
{
    if (policy_agrees(p, &x->failure))
        return true;
    for (size_t k = 0; k < c->n; k++) {
        struct policy *without = policy_copy(p);
        struct failure other = {0};
        policy_set(without, c->v[k].i, c->v[k].old);
        bool blamed = policy_agrees(without, &other);
        policy_unref(&without);
        if (blamed) {
            x->failure.field = policy_def(c->v[k].i)->key;
            break;
        }
    }
    return false;
}

static bool among(const struct setting_changes *c, size_t i)
{
    for (size_t k = 0; k < c->n; k++)
        if (c->v[k].i == i)
            return true;
    return false;
}

/* What changes with the others, where nobody said otherwise. */
static void follow(struct ctx *x, struct policy *p, struct setting_changes *c)
{
    for (size_t k = 0, n = c->n; k < n; k++) {
        struct setting_change more = {0};
        if (!policy_follows(p, c->v[k].i, &more.i, &more.value) || among(c, more.i))
            continue;
        more.old = sv_dup(x->arena, policy_value(p, more.i));
        policy_set(p, more.i, more.value);
        audit(x, AUDIT_SETTING, ID_NONE, change_detail(x, &more));
        *PUSH(x->arena, c) = more;
    }
}

static bool changes_sound(struct ctx *x, struct policy *p, struct setting_changes *c)
{
    size_t kept = 0;

    for (size_t k = 0; k < c->n; k++) {
        struct setting_change *one = &c->v[k];
        one->old = sv_dup(x->arena, policy_value(p, one->i));
        audit(x, AUDIT_SETTING, ID_NONE, change_detail(x, one));
        if (!contract_setting_open(one->i, &x->failure))
            return false;
        if (!policy_check(one->i, one->value, &x->failure)) {
            x->failure.field = policy_def(one->i)->key;
            return false;
        }
        if (sv_equal(one->old, one->value)) {
            x->audits.n--;                                /* as wanted already: nothing changed */
            continue;
        }
        policy_set(p, one->i, one->value);
        c->v[kept++] = *one;
    }
    c->n = kept;
    follow(x, p, c);
    return all_agree(x, p, c);
}

static bool of_network(const struct setting_changes *c)
{
    for (size_t k = 0; k < c->n; k++)
        if (network_setting(c->v[k].i))
            return true;
    return false;
}

/* Who may come in with the settings as they would be: somebody, and who makes them so. */
static bool network_sound(struct ctx *x, const struct policy *p, const struct setting_changes *c)
{
    struct network_asker me = network_asker(x->actor.member, x->actor.role, x->actor.channel, x->actor.ip);

    for (size_t k = 0; k < c->n; k++)
        if (network_exempts_super(c->v[k].i) && x->actor.role != ROLE_SUPER_ADMIN)
            return fail(&x->failure, E_FORBIDDEN, "the super admin's alone");
    if (network_closed(p))
        return fail(&x->failure, E_NETWORK_EMPTY, "a list without an address");
    if (!c->confirmed && network_allows(p, &me) == NETWORK_REFUSED)
        return fail(&x->failure, E_LOCK_OUT, "not from %.*s any more", SV_ARG(x->actor.ip));
    return true;
}

bool contract_settings_change(struct ctx *x, struct setting_changes *c)
{
    struct policy *p = policy_new();
    bool ok = contract_settings_stored(x, p) && changes_sound(x, p, c);

    if (ok && of_network(c))
        ok = network_sound(x, p, c) && session_end_outside(x, p);
    policy_unref(&p);
    for (size_t k = 0; ok && k < c->n; k++)
        ok = store(x, c->v[k].i, c->v[k].value);
    return ok;
}

bool contract_setting_touches(struct ctx *x, struct setting_touches *out)
{
    return contract_sql_touches(x, out);
}

static sv text_of(const struct json_value *object, sv name)
{
    const struct json_value *v = json_get(object, name);

    return v && v->type == JSON_TEXT ? v->text : SV("");
}

/* The key stands in the sealed detail, which no SQL compares: rows of the kind are read until enough are found. */
bool contract_setting_history(struct ctx *x, size_t i, int64_t from_ms, int64_t before, size_t limit, struct setting_pasts *out,
                              int64_t *next)
{
    sv key = sv_c(policy_def(i)->key);

    *next = before ? before : INT64_MAX;
    for (size_t looked = 0; looked < HISTORY_LOOKS; looked += HISTORY_PAGE) {
        struct setting_pasts page = {0};
        if (!contract_sql_pasts(x, from_ms, *next, HISTORY_PAGE, &page))
            return false;
        for (size_t k = 0; k < page.n; k++) {
            struct json_value detail;
            if (!json_read(x->arena, page.v[k].value, &detail, NULL) || !sv_equal(text_of(&detail, SV("key")), key))
                continue;
            if (out->n == limit) {
                *next = out->v[limit - 1].seq;
                return true;
            }
            page.v[k].old = text_of(&detail, SV("old"));
            page.v[k].value = text_of(&detail, SV("new"));
            *PUSH(x->arena, out) = page.v[k];
        }
        *next = page.n < HISTORY_PAGE ? 0 : page.v[page.n - 1].seq;
        if (*next == 0)
            break;
    }
    return true;
}
