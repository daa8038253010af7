/* role/roles.c: the table of processes. A pair of roles is linked when both rows name each other in speaks_to. */
#include "role/roles.h"

#define BIT(r) (1u << (r))

/* clang-format off */
const struct role_def roles[ROLE_COUNT] = {
    /*                    name          main          network      files           folder      holds                                     speaks to                                                        one */
    [ROLE_SUPERVISOR] = { "supervisor", NULL,         NET_NONE,    FILES_NONE,     "",         "listeners' descriptors",                 0,                                                               false },
    [ROLE_EDGE]       = { "edge",       edge_main,    NET_LISTEN,  FILES_NONE,     "",         "TLS key, packed web files",              BIT(ROLE_CONTROL) | BIT(ROLE_TENANT),                            true  },
    [ROLE_CONTROL]    = { "control",    control_main, NET_NONE,    FILES_OWN,      "registry", "registry of tenants, operator log",      BIT(ROLE_EDGE) | BIT(ROLE_KEYD) | BIT(ROLE_TENANT) | BIT(ROLE_OUT), true  },
    [ROLE_KEYD]       = { "keyd",       keyd_main,    NET_NONE,    FILES_OWN,      "keys",     "master key, pepper key, signing key",    BIT(ROLE_CONTROL) | BIT(ROLE_TENANT),                            true  },
    [ROLE_TENANT]     = { "tenant",     tenant_main,  NET_NONE,    FILES_OWN,      "tenants",  "one tenant's data and data key",         BIT(ROLE_EDGE) | BIT(ROLE_CONTROL) | BIT(ROLE_KEYD),             false },
    [ROLE_OUT]        = { "out",        out_main,     NET_CONNECT, FILES_RESOLVER, "",         "nothing",                                BIT(ROLE_CONTROL),                                               true  },
};
/* clang-format on */

bool role_find(sv name, enum role_id *out)
{
    for (size_t i = 0; i < COUNT(roles); i++) {
        if (!roles[i].name || !sv_equal(name, sv_c(roles[i].name)))
            continue;
        *out = (enum role_id)i;
        return true;
    }
    return false;
}

const char *role_net_name(enum role_net n)
{
    static const char *const names[] = {"none", "accepts", "connects"};

    return names[n];
}

const char *role_files_name(enum role_files f)
{
    static const char *const names[] = {"none", "its own folder", "resolver files, CA bundle"};

    return names[f];
}
