/* core/network.c: the address list and who is exempt from it. */
#include "core/network.h"

struct network_asker network_asker(id64 member, enum role role, enum channel channel, sv ip)
{
    struct network_asker a = {.member = member, .role = role, .channel = channel};

    a.known = ip_parse(ip, &a.ip);
    return a;
}

bool network_limited(const struct policy *p)
{
    return sv_equal(policy_text(p, "network.ip.mode"), SV("list"));
}

static bool exempt(const struct policy *p, const struct network_asker *a)
{
    char id[24];

    if (a->channel == CH_MA && policy_bool(p, "network.ip.exempt_mobile_app"))
        return true;
    if (a->role == ROLE_SUPER_ADMIN && policy_bool(p, "network.ip.exempt_super_admin"))
        return true;
    int n = snprintf(id, sizeof(id), "%" PRId64, a->member.n);
    return policy_has(p, "network.ip.exempt_members", sv_n(id, (size_t)n));
}

enum network_verdict network_allows(const struct policy *p, const struct network_asker *a)
{
    if (!network_limited(p) || (a->known && policy_in_ranges(p, "network.ip.allowed", a->ip)))
        return NETWORK_LISTED;
    return exempt(p, a) ? NETWORK_EXEMPT : NETWORK_REFUSED;
}

bool network_setting(size_t i)
{
    return sv_starts(sv_c(policy_def(i)->key), SV("network.ip."));
}

bool network_exempts_super(size_t i)
{
    return sv_equal(sv_c(policy_def(i)->key), SV("network.ip.exempt_super_admin"));
}

bool network_closed(const struct policy *p)
{
    return network_limited(p) && policy_ranges(p, "network.ip.allowed") == 0;
}
