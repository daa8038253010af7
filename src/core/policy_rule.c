/* core/policy_rule.c: what must hold between settings of which each is allowed by itself. */
#include "core/policy.h"

static bool password_lengths(const struct policy *p)
{
    return policy_int(p, "account.password.min_length") <= policy_int(p, "account.password.max_length");
}

static const struct policy_rule rules[] = {
    {"account.password.min_length", "account.password.max_length", password_lengths},
};

const struct policy_rule *policy_broken(const struct policy *p)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (!rules[i].holds(p))
            return &rules[i];
    return NULL;
}
