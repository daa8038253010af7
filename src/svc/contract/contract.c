/* svc/contract/contract.c: rules of opening and of changing settings. */
#include "svc/contract/contract.h"
#include "base/json.h"
#include "svc/contract/contract_sql.h"

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

bool contract_setting_store(struct ctx *x, size_t i, sv value)
{
    sv key = sv_c(policy_def(i)->key);

    if (!policy_check(i, value, &x->failure) || !agrees(x, i, value))
        return false;
    /* The row's number is the key's hash: the order of policy.def may change, the stored row may not. */
    if (!contract_sql_setting(x, (int64_t)(sv_hash(key, 0) >> 1), key, value))
        return false;
    effect_text(x, EFF_SETTING, (int64_t)i, value);
    return true;
}

sv contract_setting_change(struct ctx *x, size_t i, sv value)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_text(&j, "key", sv_c(policy_def(i)->key));
    json_text(&j, "old", policy_value(x->policy, i));
    json_text(&j, "new", value);
    json_close(&j);
    return str_sv(&s);
}
