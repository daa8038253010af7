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

bool contract_setting_store(struct ctx *x, size_t i, sv value)
{
    sv key = sv_c(policy_def(i)->key);

    if (!policy_check(i, value, &x->failure))
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
