/* svc/account/device.c: device keys of the installed web app and the sessions that they begin. */
#include "base/rand.h"
#include "crypt/sign.h"
#include "svc/account/account_sql.h"

#define DEVICE_CLOCK_MS 300000                            /* how far the device's clock may be off */

bool account_device_enrol(struct ctx *x, sv point, id64 *id)
{
    struct credential c;

    if (point.n != 65 || point.p[0] != 4)
        return fail_field(&x->failure, "key", "not an uncompressed point");
    if (!account_sql_credential(x, SV(""), x->actor.member, &c))
        return fail(&x->failure, E_SESSION_ENDED, "no member %" PRId64, x->actor.member.n);
    if (c.app_suspended)
        return fail(&x->failure, E_APP_SUSPENDED, "the member's apps are stopped");
    if (template_refuses_app(x->actor.restricts, CH_MP))
        return fail(&x->failure, E_SERVICE_DISABLED, "the member's template forbids the mobile app");
    *id = rand_id();
    return account_sql_device_add(x, *id, point) && session_enrols(x, x->actor.session, *id);
}

sv account_device_text(struct arena *a, int64_t tenant, id64 device, int64_t time_ms)
{
    return sv_printf(a, "engawa device session 1\n%" PRId64 "\n%" PRId64 "\n%" PRId64 "\n", tenant, device.n, time_ms);
}

/* A key is as old and as idle as a session may become, whatever lives of its sessions. */
static bool in_use(struct ctx *x, const struct device *d)
{
    int64_t idle = policy_ms(x->policy, "account.idle_logout.mobile");

    return x->now_ms - d->made_ms <= SESSION_LIFE_DAYS * INT64_C(86400000) && x->now_ms - d->seen_ms <= idle;
}

/* Every refusal is the same: it tells nothing of devices and members. */
static bool proven(struct ctx *x, id64 device, int64_t time_ms, sv signature, struct device *d)
{
    if (!account_sql_device(x, device, d))
        return false;
    if (d->status != MEMBER_ACTIVE || d->start_ms > x->now_ms || time_ms <= d->used_ms)
        return false;
    if (!in_use(x, d) || time_ms < x->now_ms - DEVICE_CLOCK_MS || time_ms > x->now_ms + DEVICE_CLOCK_MS)
        return false;
    return p256_verify(d->point, account_device_text(x->arena, x->tenant->number, device, time_ms), signature);
}

bool account_device_session(struct ctx *x, id64 device, int64_t time_ms, sv signature, struct secret *token)
{
    struct credential c;
    struct device d;

    if (!proven(x, device, time_ms, signature, &d) || !account_sql_credential(x, SV(""), d.member, &c))
        return fail(&x->failure, E_SESSION_ENDED, "device %" PRId64 " gave no good proof", device.n);
    x->actor.channel = CH_MP;
    if (!account_network(x, d.member, c.role) || !account_app(x, c.app_suspended) || !account_template(x, d.member))
        return false;
    x->actor.member = d.member;
    x->actor.limited = (int)c.must;                       /* as limited as any other session of the member */
    token_new(token);
    return account_sql_device_used(x, device, time_ms) &&
           session_add(x, token, d.member, ID_NONE, false, &x->actor.session) &&
           session_of_device(x, x->actor.session, d.member, device) &&
           session_unproven(x, x->actor.session) && session_limit(x, x->actor.session, x->actor.limited) &&
           account_terms_ask(x) &&
           account_sql_member_seen(x, d.member, x->now_ms);
}

bool account_devices(struct ctx *x, id64 member, struct device_infos *out)
{
    return account_sql_devices(x, member, out);
}

/* A session that enrolled the key and has not passed on to it ends as well: it is of the same device. */
static bool drop(struct ctx *x, id64 member, id64 device)
{
    struct session_infos of = {0};

    if (!account_sql_device_sessions(x, device, member, &of))
        return false;
    for (size_t i = 0; i < of.n; i++)
        if (!session_delete(x, of.v[i].id))
            return false;
    return account_sql_device_drop(x, device);
}

bool account_device_drop(struct ctx *x, id64 member, id64 device)
{
    struct device d;

    if (!account_sql_device(x, device, &d) || d.member.n != member.n)
        return fail(&x->failure, E_NOT_FOUND, "no device %" PRId64 " of member %" PRId64, device.n, member.n);
    return drop(x, member, device);
}

bool account_devices_drop(struct ctx *x, id64 member, int64_t *n)
{
    struct device_infos all = {0};

    if (!account_sql_devices(x, member, &all))
        return false;
    *n = (int64_t)all.n;
    for (size_t i = 0; i < all.n; i++)
        if (!drop(x, member, all.v[i].id))
            return false;
    return true;
}
