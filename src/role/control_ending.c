/* role/control_ending.c: the end of a company, step by step: each is in the registry before the next begins, and each may be done
 * twice, so that whatever dies in between, the next start goes on where it stood. The key goes first: from then on nothing that is
 * left of the company can be read, here or in a backup. */
#include "role/control_ending.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "crypt/hash.h"
#include "role/control_private.h"
#include "role/keyc.h"
#include "role/roles.h"

#define AGAIN_MS   1000
#define KEYD_MS    5000                                   /* what keyd does not do is said each time */
#define LOOK_MS    3600000                                /* at places that could not be reached */
#define DAY_MS     INT64_C(86400000)
#define TENANT_ACT (-1)                                   /* the uid of a row that no operator caused */

/* ---- closing, told by the tenant ---- */

/* By the clock here: what a tenant's process says of the time moves the end by a day at most. */
static int64_t believed(int64_t told_ms)
{
    int64_t now = clock_ms();

    return told_ms > now ? now : told_ms < now - DAY_MS ? now - DAY_MS : told_ms;
}

bool closed_heard(struct control *c, struct peer *tenant, const struct ipc_head *h)
{
    struct tenant_row *t = registry_find(c->registry, tenant->number);
    struct failure f = {0};

    if (h->a > INT64_MAX || h->a == 0)
        return false;
    if (t && t->reopened_ms == (int64_t)h->a)             /* told once more before it was taken back, and heard behind that */
        return true;
    if (t)
        t->closed_told_ms = (int64_t)h->a;
    if (t && (t->state == TENANT_OPEN || t->state == TENANT_SUSPENDED)) {
        if (ops_log(c, TENANT_ACT, SV("tenant.close"), t->workgroup, "ok"))
            return true;                                  /* it tells again */
        (void)FAULT("ending.heard");
        if (!ending_close(c->registry, t, believed((int64_t)h->a), &f)) {
            log_put(LOG_ERROR, "tenant %" PRId64 " is closed, and it is not kept: %s", t->number, f.detail);
            return true;
        }
        (void)FAULT("ending.closed");
        c->ending_at_ms = 0;
        control_stop_tenant(c, t);
    }
    ipc_put(&tenant->ipc, (struct ipc_head){.type = CLOSED_KEPT, .a = h->a}, SV_NONE);
    peers_flush(&c->peers, tenant);
    return true;
}

/* ---- erasing ---- */

static bool in_use(const struct control *c, const struct tenant_row *t)
{
    for (const struct relay *r = c->relays; r; r = r->next)
        if (r->tenant == t->number && !r->done)
            return true;
    return t->running;
}

/* 0: go on at once; else how long to wait (ms). */
static int64_t end_key(struct control *c, const struct ending *e)
{
    struct tenant_row *t = registry_find(c->registry, e->number);
    struct failure f = {0};

    if (t && t->state != TENANT_ERASING) {
        if (in_use(c, t) && t->state == TENANT_CLOSING && !t->running)
            return AGAIN_MS;                              /* it is just being reopened */
        if (ops_log(c, TENANT_ACT, SV("tenant.erase"), t->workgroup, "begun") || !ending_erasing(c->registry, t, &f))
            return AGAIN_MS;
        (void)FAULT("ending.erasing");
    }
    if (t && in_use(c, t)) {
        control_stop_tenant(c, t);
        return AGAIN_MS;
    }
    struct peer *keyd = control_keyd_quiet(c);
    if (!keyd || !keyc_erase(&keyd->ipc, e->number)) {
        log_put(LOG_ERROR, "the key of tenant %" PRId64 " is not destroyed yet: keyd does not do it", e->number);
        return KEYD_MS;
    }
    (void)FAULT("ending.key_gone");
    if (!ending_key(c->registry, e->number, clock_ms(), &f))
        return AGAIN_MS;
    (void)FAULT("ending.key_kept");
    return 0;
}

static int64_t end_files(struct control *c, const struct ending *e)
{
    control_supervisor(c, (struct ipc_head){.type = CTL_ERASE_TENANT, .b = (uint64_t)e->number}, SV_NONE);
    return AGAIN_MS;
}

void erased_heard(struct control *c, int64_t number, bool gone)
{
    struct arena *a = arena_new(4096);
    struct failure f = {0};
    const struct ending *e = ending_find(c->registry, a, number, &f);

    (void)FAULT("ending.files_gone");
    if (gone && e && e->key_ms && !e->files_ms && ending_files(c->registry, number, clock_ms(), &f)) {
        (void)FAULT("ending.files_kept");
        c->ending_at_ms = c->ending_again_ms = 0;
    }
    arena_free(&a);
}

/* ---- the proof ---- */

/* Places of copies, and whether what lies there still holds the key. */
static bool copies_json(struct control *c, struct arena *a, const struct ending *e, struct json *j, const char *name, size_t *left)
{
    struct failure f = {0};
    size_t n = 0;
    const struct keys_place *p = keys_places(c->registry, a, &n, &f);

    *left = 0;
    json_list(j, name);
    for (size_t i = 0; i < n; i++) {
        bool replaced = p[i].change >= e->key_change;
        *left += !replaced;
        json_open(j, NULL);
        json_text(j, "place", p[i].path);
        json_bool(j, "replaced", replaced);
        json_time(j, "copied", p[i].copied_ms);
        json_text(j, "why", replaced ? SV("") : p[i].why.n ? p[i].why : SV("not written since"));
        json_close(j);
    }
    json_list_end(j);
    return f.code == E_NONE;
}

static int64_t prove(struct control *c, struct arena *a, const struct ending *e)
{
    struct str text = STR_IN(a), hex = STR_IN(a);
    struct json j = JSON_TO(&text);
    struct failure f = {0};
    size_t left;
    int64_t now = clock_ms(), wait = e->key_ms + ENDING_PROOF_MS - now;

    json_open(&j, NULL);
    bool ok = copies_json(c, a, e, &j, "copies", &left);
    json_int(&j, "left", (int64_t)left);
    json_close(&j);
    if (!ok)
        return AGAIN_MS;
    if (left && wait > 0)
        return wait < LOOK_MS ? wait : LOOK_MS;
    hex_put(&hex, e->name_hash);
    if (ops_log(c, TENANT_ACT, SV("tenant.erased"), str_sv(&hex), left ? "a copy of the keys was not reached" : "ok"))
        return AGAIN_MS;
    (void)FAULT("ending.proof_said");
    if (!ending_proof(c->registry, e->number, now, str_sv(&text), &f))
        return AGAIN_MS;
    log_put(left ? LOG_WARN : LOG_INFO, "tenant %" PRId64 " is erased%s", e->number,
            left ? ", but a place of copies of the keys was not reached in seven days: engawactl tenant erasure names it" : "");
    return 0;
}

/* ---- the job ---- */

static int64_t step(struct control *c, struct arena *a, const struct ending *e)
{
    const struct tenant_row *t = registry_find(c->registry, e->number);
    int64_t now = clock_ms();
    bool begun = !t || t->state == TENANT_ERASING;        /* then no clock that went back stops it half way */

    if (!e->key_ms)
        return now < e->erase_ms && !begun ? e->erase_ms - now : end_key(c, e);
    return e->files_ms ? prove(c, a, e) : end_files(c, e);
}

/* When something can be done next, by the wall clock; not before `again`, by the steady one. */
void endings_go_on(struct control *c)
{
    struct failure f = {0};
    int64_t next = INT64_MAX;
    size_t n = 0;

    if (clock_ms() < c->ending_at_ms || clock_mono_ms() < c->ending_again_ms)
        return;
    struct arena *a = arena_new(8 * 1024);
    const struct ending *e = endings_open(c->registry, a, &n, &f);
    bool soon = f.code != E_NONE;
    for (size_t i = 0; i < n; i++) {
        int64_t wait = step(c, a, &e[i]);
        soon |= wait <= AGAIN_MS;
        if (wait > AGAIN_MS && clock_ms() + wait < next)
            next = clock_ms() + wait;
    }
    c->ending_at_ms = soon ? 0 : next;
    c->ending_again_ms = soon ? clock_mono_ms() + AGAIN_MS / 4 : 0;
    arena_free(&a);
}

int endings_patience(const struct control *c, int most)
{
    int64_t ms = c->ending_at_ms == INT64_MAX ? most : c->ending_at_ms - clock_ms(), again = c->ending_again_ms - clock_mono_ms();

    if (c->ending_again_ms && ms < again)
        ms = again;
    return ms < 0 ? 0 : ms < most ? (int)ms : most;
}

/* ---- what operators ask for ---- */

static bool by_name(struct op_in *o, struct tenant_row **t, struct ending **e)
{
    sv name;

    if (!ops_text(o, "workgroup", WORKGROUP_MAX, &name))
        return false;
    *t = registry_find_name(o->c->registry, name);
    *e = *t ? ending_find(o->c->registry, o->arena, (*t)->number, &o->failure)
            : ending_find_name(o->c->registry, o->arena, name, &o->failure);
    if (o->failure.code)
        return false;
    return *t || *e || fail(&o->failure, E_NOT_FOUND, "no such workgroup");
}

/* One of the reasons that the law allows, and who asked: in the operators' log before anything is done. */
static bool reason_logged(struct op_in *o, sv workgroup)
{
    static const char *const reasons[] = {"consent", "safe_operation", "problem", "request", "order", "protection"};
    sv reason, reference;
    bool known = false;

    if (!ops_text(o, "reason", 20, &reason) || !ops_text(o, "reference", 200, &reference))
        return false;
    for (size_t i = 0; i < COUNT(reasons); i++)
        known |= sv_equal(reason, sv_c(reasons[i]));
    if (!known)
        return fail_field(&o->failure, "reason", "none of the six");
    enum err unlogged = ops_log(o->c, o->from->uid, SV("tenant.reopen"), workgroup,
                                sv_cstr(o->arena, sv_printf(o->arena, "%.*s: %.*s", SV_ARG(reason), SV_ARG(reference))));
    return !unlogged || fail(&o->failure, unlogged, "it cannot be written down");
}

bool ending_reopen_op(struct op_in *o, struct json *out, bool *later)
{
    struct tenant_row *t;
    struct ending *e;

    (void)out;
    if (!by_name(o, &t, &e))
        return false;
    if (!t || t->state == TENANT_ERASING || (e && clock_ms() >= e->erase_ms))
        return fail(&o->failure, E_ERASED, "the time is over");
    if (t->state != TENANT_CLOSING)
        return fail(&o->failure, E_CONFLICT, "state %s", ops_state(t->state));
    if (!reason_logged(o, t->workgroup))
        return false;
    struct relay *r = relay_new(o->c, o->from, o->h, SV("tenant.reopen"), t);
    r->reopening = true;
    ipc_w_bytes(&r->frame, SV("tenant.reopen"));
    ipc_w_bytes(&r->frame, t->workgroup);
    ipc_w_bytes(&r->frame, o->text);
    relay_send(o->c, r);
    *later = true;
    return true;
}

static void time_or_null(struct json *j, const char *name, int64_t ms)
{
    if (ms)
        json_time(j, name, ms);
    else
        json_null(j, name);
}

/* What can be shown to whoever asks: hashes, dates, and the head of the log in which the rows stand. */
bool ending_certificate_op(struct op_in *o, struct json *out, bool *later)
{
    struct str hash = STR_IN(o->arena), root = STR_IN(o->arena);
    struct tenant_row *t;
    struct ending *e;
    struct sha256 head;
    uint64_t size;
    size_t left;

    (void)later;
    if (!by_name(o, &t, &e))
        return false;
    if (!e)
        return fail(&o->failure, E_CONFLICT, "it was not cancelled");
    hex_put(&hash, e->name_hash);
    registry_log_head(o->c->registry, &size, &head);
    hex_put(&root, sv_n(head.b, sizeof(head.b)));
    json_open(out, NULL);
    json_text(out, "state", e->proof_ms ? SV("proven") : e->files_ms ? SV("erased") : e->key_ms ? SV("erasing") : SV("closing"));
    json_id(out, "number", (id64){e->number});
    json_text(out, "name_hash", str_sv(&hash));
    json_time(out, "opened", e->opened_ms);
    time_or_null(out, "closed", e->closed_ms);
    json_time(out, "erase", e->erase_ms);
    time_or_null(out, "key_destroyed", e->key_ms);
    time_or_null(out, "files_removed", e->files_ms);
    time_or_null(out, "proven", e->proof_ms);
    if (e->proof_ms)
        json_raw(out, "proof", e->proof);
    else if (e->key_ms && !copies_json(o->c, o->arena, e, out, "copies", &left))
        return fail(&o->failure, E_INTERNAL, "the places of copies cannot be read");
    json_int(out, "log_rows", (int64_t)size);
    json_text(out, "log_root", str_sv(&root));
    json_close(out);
    return true;
}
