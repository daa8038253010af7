/* role/control_due.c: a tenant's process ends when nobody uses it, although something may wait for its moment there: a
 * message to be sent, a reminder. It has told the moment, the registry keeps it over every restart, and from here the
 * process is started when it has come. What it does then, and whether anything is due by its own clock, it sees itself. */
#include "role/control_private.h"

#include "base/clock.h"
#include "base/log.h"

#define KEEP_MS      1000                                 /* of many tenants' moments one transaction */
#define WAKE_MS      1000
#define WAKE_AT_ONCE 4                                    /* in WAKE_MS: a thousand at one moment do not start at once */
#define AGAIN_MS     60000                                /* one that did not start, or ended without saying when it wants to be awake */

bool due_heard(struct control *c, struct peer *tenant, const struct ipc_head *h)
{
    struct tenant_row *t = registry_find(c->registry, tenant->number);

    if (h->a > INT64_MAX)
        return false;
    if (!t)
        return true;
    t->due_told_ms = (int64_t)h->a;
    t->due_asked = c->due_asked = true;
    return true;
}

/* Killed, it may have taken on something and not have told it: it is started to look. */
void due_ended(struct control *c, int64_t tenant, int status)
{
    struct tenant_row *t = registry_find(c->registry, tenant);
    int64_t look_ms = clock_ms() + AGAIN_MS;

    log_put(LOG_DEBUG, "tenant %" PRId64 " ended with %d", tenant, status);
    if (!t || !status || (t->due_told_ms && t->due_told_ms < look_ms))
        return;
    t->due_told_ms = look_ms;
    c->due_asked = true;
}

static void answer(struct control *c)
{
    for (struct peer *p = c->peers.first; p; p = p->next) {
        struct tenant_row *t = p->role == ROLE_TENANT && !p->dead ? registry_find(c->registry, p->number) : NULL;
        if (!t || !t->due_asked)
            continue;
        t->due_asked = false;
        ipc_put(&p->ipc, (struct ipc_head){.type = DUE_KEPT, .a = (uint64_t)t->due_ms}, SV_NONE);
        peers_flush(&c->peers, p);
    }
}

static void keep(struct control *c)
{
    struct failure f = {0};
    int64_t now = clock_mono_ms();

    if (!c->due_asked || now - c->due_kept_ms < KEEP_MS)
        return;
    c->due_kept_ms = now;
    if (!registry_due_keep(c->registry, &f)) {
        log_put(LOG_ERROR, "the tenants' moments are not kept: %s", f.detail);
        return;                                           /* again in KEEP_MS; no process that waits for it ends */
    }
    c->due_asked = false;
    answer(c);
}

static bool sleeps(const struct tenant_row *t)
{
    return !t->running && t->state == TENANT_OPEN && (!t->woken_ms || clock_mono_ms() - t->woken_ms >= AGAIN_MS);
}

static void wake(struct control *c)
{
    int64_t now = clock_mono_ms(), now_ms = clock_ms();
    struct tenant_row *t;

    if (now - c->due_woke_ms < WAKE_MS)
        return;
    for (int i = 0; i < WAKE_AT_ONCE && (t = registry_due(c->registry, sleeps)) && t->due_ms <= now_ms; i++) {
        t->woken_ms = c->due_woke_ms = now;
        control_start_tenant(c, t);
    }
}

void due_go_on(struct control *c)
{
    keep(c);
    wake(c);
}

int due_patience(const struct control *c, int most)
{
    const struct tenant_row *t = registry_due(c->registry, sleeps);
    int64_t ms = t ? t->due_ms - clock_ms() : most, paced = c->due_woke_ms + WAKE_MS - clock_mono_ms();

    if (ms < paced)
        ms = paced;
    if (c->due_asked && ms > KEEP_MS / 4)
        ms = KEEP_MS / 4;
    return ms < 0 ? 0 : ms < most ? (int)ms : most;
}
