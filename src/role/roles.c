/* role/roles.c: the table of processes. A pair of roles is linked when both rows name each other in speaks_to. */
#include "role/roles.h"

#define BIT(r) (1u << (r))

/* clang-format off */
const struct role_def roles[ROLE_COUNT] = {
    /*                    name          network      files           folder      holds                                     speaks to                                                        one    program */
    [ROLE_SUPERVISOR] = { "supervisor", NET_NONE,    FILES_NONE,     "",         "listeners' descriptors",                 0,                                                               false, NULL },
    [ROLE_EDGE]       = { "edge",       NET_LISTEN,  FILES_NONE,     "",         "TLS key, packed web files",              BIT(ROLE_CONTROL) | BIT(ROLE_TENANT),                            true,  NULL },
    [ROLE_CONTROL]    = { "control",    NET_NONE,    FILES_OWN,      "registry", "registry of tenants, operator log",      BIT(ROLE_EDGE) | BIT(ROLE_KEYD) | BIT(ROLE_TENANT) | BIT(ROLE_OUT), true,  NULL },
    [ROLE_KEYD]       = { "keyd",       NET_NONE,    FILES_OWN,      "keys",     "master key, pepper key, signing key",    BIT(ROLE_CONTROL) | BIT(ROLE_TENANT),                            true,  NULL },
    [ROLE_TENANT]     = { "tenant",     NET_NONE,    FILES_OWN,      "tenants",  "one tenant's data and data key",         BIT(ROLE_EDGE) | BIT(ROLE_CONTROL) | BIT(ROLE_KEYD),             false, NULL },
    [ROLE_OUT]        = { "out",        NET_CONNECT, FILES_RESOLVER, "",         "nothing",                                BIT(ROLE_CONTROL),                                               true,  NULL },
    [ROLE_FETCH]      = { "fetch",      NET_CONNECT, FILES_RESOLVER, "",         "one page that somebody has linked to",  0,                                                               false, "engawa-fetch" },
    [ROLE_STORE]      = { "store",      NET_CONNECT, FILES_RESOLVER, "",         "the key of the operator's object store", 0,                                                               false, "engawa-store" },
    [ROLE_MEDIA]      = { "media",      NET_NONE,    FILES_FONTS,    "",         "one file that somebody sent",            0,                                                               false, "engawa-media" },
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
    static const char *const names[] = {"none", "its own folder", "resolver files, CA bundle", "fonts"};

    return names[f];
}
