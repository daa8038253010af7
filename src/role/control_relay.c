/* role/control_relay.c: operators' calls on their way to a tenant's process and the answers on their way back, with
 * back-pressure: while much waits for the operator, the tenant is not read. */
#include "role/control_ending.h"
#include "role/control_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#define ANSWER_MS  (10 * 60 * 1000)                       /* an export may take long; the operator can hang up */
#define LINK_MS    30000                                  /* a process must be there by then */
#define QUEUE_HIGH (1024 * 1024)
#define QUEUE_LOW  (256 * 1024)

struct relay *relay_new(struct control *c, const struct peer *from, const struct ipc_head *h, sv what, const struct tenant_row *t)
{
    struct relay *r = XNEW(struct relay);

    *r = (struct relay){.type = OP_CALL, .call = ++c->last_call, .conn = from->number, .conn_a = h->a, .tenant = t->number,
                        .uid = from->uid, .deadline_ms = clock_mono_ms() + LINK_MS, .next = c->relays};
    str_put(&r->what, what);
    str_put(&r->workgroup, t->workgroup);
    c->relays = r;
    return r;
}

static void send_to(struct control *c, struct relay *r, struct peer *tenant)
{
    ipc_put(&tenant->ipc, (struct ipc_head){.type = r->type, .a = r->call, .b = r->b}, str_sv(&r->frame));
    r->sent = true;
    r->deadline_ms = clock_mono_ms() + ANSWER_MS;
    str_release(&r->frame);
    peers_flush(&c->peers, tenant);
}

void relay_send(struct control *c, struct relay *r)
{
    struct peer *tenant = peers_find(&c->peers, ROLE_TENANT, r->tenant);
    const struct tenant_row *t = registry_find(c->registry, r->tenant);

    if (tenant)
        send_to(c, r, tenant);
    else if (t)
        control_start_tenant(c, t);
}

void relay_init_decoy(struct control *c, const struct tenant_row *t)
{
    const struct peer self = {.number = 0};
    const struct ipc_head h = {0};
    struct relay *r = relay_new(c, &self, &h, SV("tenant.init"), t);

    ipc_w_bytes(&r->frame, SV("tenant.init"));
    ipc_w_bytes(&r->frame, SV("decoy"));
    ipc_w_bytes(&r->frame, SV("{\"workgroup\":\"decoy\",\"company\":\"decoy\"}"));
    relay_send(c, r);
}

void relay_linked(struct control *c, struct peer *tenant)
{
    for (struct relay *r = c->relays; r; r = r->next)
        if (!r->sent && !r->done && r->tenant == tenant->number)
            send_to(c, r, tenant);
}

/* A tenant whose first member could not be made is taken back: nothing is in it. */
static void take_back(struct control *c, struct relay *r)
{
    struct tenant_row *t = registry_find(c->registry, r->tenant);
    struct peer *keyd = control_keyd(c);
    struct failure f = {0};

    if (!t || t->state != TENANT_OPENING)
        return;
    control_stop_tenant(c, t);
    if (keyd)
        ipc_put(&keyd->ipc, (struct ipc_head){.type = KEY_DESTROY, .b = (uint64_t)r->tenant}, SV_NONE);
    if (keyd) {
        c->keyd_owes++;
        peers_flush(&c->peers, keyd);
    }
    if (!registry_remove(c->registry, t, &f))
        log_put(LOG_ERROR, "tenant %" PRId64 ": %s", r->tenant, f.detail);
}

bool relay_take_back(struct control *c, struct tenant_row *t)
{
    struct relay r = {.tenant = t->number};

    for (const struct relay *at = c->relays; at; at = at->next)
        if (!at->done && at->tenant == t->number)
            return false;
    take_back(c, &r);
    return !registry_find(c->registry, r.tenant);
}

/* Its process, started for the operator alone, serves from now on. */
static void reopened(struct control *c, const struct tenant_row *t)
{
    struct peer *p = peers_find(&c->peers, ROLE_TENANT, t->number);

    if (!p)
        return;
    ipc_put(&p->ipc, (struct ipc_head){.type = CLOSED_KEPT}, SV_NONE);
    peers_flush(&c->peers, p);
}

/* Once, before the first piece of the answer leaves: the log, and what becomes of a tenant being opened. */
static enum err decided(struct control *c, struct relay *r, int status, const char *result)
{
    struct tenant_row *t = registry_find(c->registry, r->tenant);
    struct failure f = {0};

    if (r->answered)
        return E_NONE;
    r->answered = true;
    if (r->conn == 0) {                                   /* the decoy's tenant.init; a conflict: it was made before */
        bool made = status < 300 || status == err_def(E_CONFLICT)->status;
        if (!made || !t || !registry_state(c->registry, t, TENANT_DECOY, &f))
            log_put(LOG_ERROR, "the decoy cannot be made: %s", result);
        return E_NONE;
    }
    if (r->opening && status >= 300)
        take_back(c, r);
    else if (r->opening && t && !registry_state(c->registry, t, TENANT_OPEN, &f))
        return f.code ? f.code : E_INTERNAL;
    if (r->reopening && status < 300) {
        if (!t || t->state != TENANT_CLOSING)
            return E_ERASED;                              /* its time came while it was asked */
        if (!ending_reopen(c->registry, t, &f))
            return f.code ? f.code : E_INTERNAL;
        t->reopened_ms = t->closed_told_ms;
        reopened(c, t);
    }
    return ops_log(c, r->uid, str_sv(&r->what), str_sv(&r->workgroup), result);
}

static void refuse(struct control *c, struct relay *r, enum err e)
{
    struct peer *op = peers_find(&c->peers, ROLE_CTL, r->conn);
    bool cut = r->answered;                               /* part of an answer has left: only a hang-up tells */

    decided(c, r, err_def(e)->status, err_def(e)->code);
    r->done = true;
    if (op && cut)
        peers_drop(&c->peers, op);
    else if (op)
        ops_refuse(c, op, r->conn_a, e, NULL);
}

void relay_broken(struct control *c, int64_t tenant)
{
    for (struct relay *r = c->relays; r; r = r->next)
        if (r->sent && !r->done && r->tenant == tenant)
            refuse(c, r, E_RETRY);
}

void relay_answer(struct control *c, struct peer *tenant, const struct ipc_head *h, sv payload)
{
    struct relay *r = c->relays;
    char result[24] = "ok";

    while (r && (r->call != h->a || r->tenant != tenant->number || r->done))
        r = r->next;
    if (!r)
        return;
    if (h->b >= 300)
        snprintf(result, sizeof(result), "status %d", (int)(h->b & 0xFFF));
    enum err wrong = decided(c, r, (int)(h->b & 0xFFF), result);
    if (wrong) {
        r->answered = false;
        refuse(c, r, wrong);
        return;
    }
    struct peer *op = peers_find(&c->peers, ROLE_CTL, r->conn);
    r->done = !(h->flags & IPC_MORE);
    if (!op)
        return;
    ipc_put(&op->ipc, (struct ipc_head){.type = OP_ANSWER, .flags = h->flags & IPC_MORE, .a = r->conn_a, .b = h->b}, payload);
    peers_flush(&c->peers, op);
    if (!op->dead && ipc_queued(&op->ipc) > QUEUE_HIGH)
        peers_pause(&c->peers, tenant, true);
}

void relay_resume(struct control *c, struct peer *op)
{
    if (!op->dead && ipc_queued(&op->ipc) > QUEUE_LOW)
        return;
    for (struct relay *r = c->relays; r; r = r->next) {
        struct peer *tenant = r->conn == op->number ? peers_find(&c->peers, ROLE_TENANT, r->tenant) : NULL;
        if (tenant && tenant->paused)
            peers_pause(&c->peers, tenant, false);
    }
}

void relay_gone(struct control *c, int64_t conn)
{
    struct peer gone = {.number = conn, .dead = true};

    relay_resume(c, &gone);                               /* what still comes finds no operator and is dropped */
}

static void relay_free(struct relay *r)
{
    str_release(&r->what);
    str_release(&r->workgroup);
    str_release(&r->frame);
    xfree(r);
}

void relay_sweep(struct control *c, int64_t now_ms)
{
    for (struct relay **at = &c->relays; *at;) {
        struct relay *r = *at;
        if (!r->done && r->deadline_ms <= now_ms)
            refuse(c, r, E_RETRY);
        if (!r->done) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        relay_free(r);
    }
}

void relay_end(struct control *c)
{
    while (c->relays) {
        struct relay *r = c->relays;
        c->relays = r->next;
        relay_free(r);
    }
    str_release(&c->health.roles);
}
