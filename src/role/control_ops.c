/* role/control_ops.c: the operators' calls that control answers itself; a call with a workgroup goes to that tenant.
 * Each is in the operators' log before its answer leaves. */
#include "role/control_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/vec.h"
#include "crypt/hash.h"
#include "role/keyc.h"
#include "role/roles.h"

#include <stdio.h>
#include <unistd.h>

#define HEALTH_MS 2000
#define NAME_MAX_BYTES 200
#define PIECE 60000

struct own_op {
    const char *name;
    /* True: `out` holds the answer, or (later) it comes by itself. False: o->failure. */
    bool (*run)(struct op_in *o, struct json *out, bool *later);
    bool changes;                                         /* not begun before it stands in the log */
};

enum err ops_log(struct control *c, int64_t uid, sv what, sv workgroup, const char *result)
{
    struct failure f = {0};
    const struct ops_row row = {.uid = uid, .what = what, .workgroup = workgroup, .result = sv_c(result)};

    if (registry_log(c->registry, &row, &f)) {
        c->head_due_ms = clock_mono_ms();
        return E_NONE;
    }
    log_put(LOG_ERROR, "operators' log: %s", f.detail);
    return f.code ? f.code : E_INTERNAL;
}

/* In pieces that fit into frames. */
static void answer(struct control *c, struct peer *to, uint64_t a, int status, sv text)
{
    do {
        sv piece = sv_upto(text, PIECE);
        text = sv_from(text, piece.n);
        ipc_put(&to->ipc, (struct ipc_head){.type = OP_ANSWER, .flags = text.n ? IPC_MORE : 0, .a = a, .b = (uint64_t)status}, piece);
    } while (text.n);
    peers_flush(&c->peers, to);
}

void ops_refuse(struct control *c, struct peer *to, uint64_t a, enum err e, const char *field)
{
    struct str text = {0};
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_open(&j, "error");
    json_text(&j, "code", sv_c(err_def(e)->code));
    json_text(&j, "message", sv_c(err_def(e)->en));
    if (field)
        json_text(&j, "field", sv_c(field));
    json_close(&j);
    json_close(&j);
    answer(c, to, a, err_def(e)->status, str_sv(&text));
    str_release(&text);
}

bool ops_text(struct op_in *o, const char *name, size_t max, sv *out)
{
    const struct json_value *v = json_get(o->in, sv_c(name));

    if (!v || v->type != JSON_TEXT || v->text.n == 0 || v->text.n > max)
        return fail_field(&o->failure, name, "missing or too long");
    *out = v->text;
    return true;
}

static bool tenant_in(struct op_in *o, struct tenant_row **out)
{
    sv name;

    if (!ops_text(o, "workgroup", WORKGROUP_MAX, &name))
        return false;
    *out = registry_find_name(o->c->registry, name);
    return *out || fail(&o->failure, E_NOT_FOUND, "no such workgroup");
}

const char *ops_state(enum tenant_state s)
{
    static const char *const states[] = {"open", "suspended", "decoy", "opening", "decoy", "closing", "erasing"};

    return states[s];
}

static void tenant_json(struct json *j, const char *name, const struct tenant_row *t)
{
    json_open(j, name);
    json_id(j, "number", (id64){t->number});
    json_text(j, "workgroup", t->workgroup);
    json_text(j, "company", t->company);
    json_text(j, "state", sv_c(ops_state(t->state)));
    json_time(j, "opened", t->opened_ms);
    json_bool(j, "running", t->running);
    json_close(j);
}

static bool tenant_list(struct op_in *o, struct json *out, bool *later)
{
    (void)later;
    json_open(out, NULL);
    json_list(out, "tenants");
    for (struct tenant_row *t = registry_next(o->c->registry, NULL); t; t = registry_next(o->c->registry, t))
        if (t != registry_decoy(o->c->registry))
            tenant_json(out, NULL, t);
    json_list_end(out);
    json_close(out);
    return true;
}

static bool tenant_set(struct op_in *o, struct json *out, enum tenant_state from, enum tenant_state to)
{
    struct tenant_row *t;

    if (!tenant_in(o, &t))
        return false;
    if (t->state != from && t->state != to)
        return fail(&o->failure, E_CONFLICT, "state %d", t->state);
    bool changes = t->state != to;
    if (!registry_state(o->c->registry, t, to, &o->failure))
        return false;
    if (to == TENANT_SUSPENDED || changes)                /* one that an operator's call has started serves nobody */
        control_stop_tenant(o->c, t);
    tenant_json(out, NULL, t);
    return true;
}

static bool tenant_suspend(struct op_in *o, struct json *out, bool *later)
{
    (void)later;
    return tenant_set(o, out, TENANT_OPEN, TENANT_SUSPENDED);
}

static bool tenant_resume(struct op_in *o, struct json *out, bool *later)
{
    (void)later;
    return tenant_set(o, out, TENANT_SUSPENDED, TENANT_OPEN);
}

/* Key, row, process, first member, in this order; only the last can be refused by what the operator said, and then all of
 * it is taken back. A crash in between leaves a tenant "opening", which nobody can reach. */
static bool tenant_open(struct op_in *o, struct json *out, bool *later)
{
    struct tenant_row row = {.number = rand_id().n, .state = TENANT_OPENING, .opened_ms = clock_ms()}, *t;
    char name[WORKGROUP_MAX + 1];
    struct peer *keyd;
    sv workgroup;

    (void)out;
    if (!ops_text(o, "workgroup", WORKGROUP_MAX, &workgroup) || !ops_text(o, "company", NAME_MAX_BYTES, &row.company))
        return false;
    if (!workgroup_read(workgroup, name))
        return fail_field(&o->failure, "workgroup", "letters, digits, - and .");
    row.workgroup = sv_c(name);
    if (!json_get(o->in, SV("admin")))                    /* a tenant without a member could never be entered */
        return fail_field(&o->failure, "admin", "missing");
    t = registry_find_name(o->c->registry, row.workgroup);
    if (t && !(t->state == TENANT_OPENING && relay_take_back(o->c, t)))
        return fail(&o->failure, E_CONFLICT, "the workgroup's name is taken");
    keyd = control_keyd_quiet(o->c);
    bool full = false;
    if (!keyd || !keyc_make(&keyd->ipc, row.number, &full))
        return fail(&o->failure, full ? E_STORAGE_FULL : E_RETRY, "keyd makes no key");
    t = registry_add(o->c->registry, &row, &o->failure);
    if (!t)
        return false;
    struct relay *r = relay_new(o->c, o->from, o->h, SV("tenant.open"), t);
    r->opening = true;
    ipc_w_bytes(&r->frame, SV("tenant.init"));
    ipc_w_bytes(&r->frame, t->workgroup);
    ipc_w_bytes(&r->frame, o->text);
    relay_send(o->c, r);
    *later = true;
    return true;
}

static bool log_list(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *before = json_get(o->in, SV("before")), *limit = json_get(o->in, SV("limit"));
    int64_t max = limit && limit->whole && limit->i > 0 && limit->i <= 1000 ? limit->i : 100;
    size_t n = 0;

    (void)later;
    const struct ops_row *rows = registry_log_read(o->c->registry, o->arena, before && before->whole ? before->i : 0, max, &n, &o->failure);
    if (o->failure.code)
        return false;
    json_open(out, NULL);
    json_list(out, "rows");
    for (size_t i = 0; i < n; i++) {
        json_open(out, NULL);
        json_int(out, "seq", rows[i].seq);
        json_time(out, "time", rows[i].time_ms);
        json_int(out, "uid", rows[i].uid);
        json_text(out, "what", rows[i].what);
        json_text(out, "workgroup", rows[i].workgroup);
        json_text(out, "result", rows[i].result);
        json_close(out);
    }
    json_list_end(out);
    json_close(out);
    return true;
}

/* Every row against its leaf, and the tree against the last head that keyd has signed. */
static bool log_verify(struct op_in *o, struct json *out, bool *later)
{
    struct ops_check check;
    struct sha256 root;
    uint64_t size;

    (void)later;
    control_sign(o->c);
    struct peer *keyd = control_keyd_quiet(o->c);
    if (!keyd || !keyc_last_head(&keyd->ipc, &size, &root))
        return fail(&o->failure, E_RETRY, "keyd does not answer");
    if (!registry_log_check(o->c->registry, size, &root, &check, &o->failure))
        return false;
    json_open(out, NULL);
    json_bool(out, "whole", !check.wrong && check.head);
    json_int(out, "rows", check.rows);
    json_int(out, "signed", (int64_t)size);
    if (check.wrong)
        json_int(out, check.missing ? "missing" : "altered", check.wrong);
    json_bool(out, "head", check.head);
    json_close(out);
    return true;
}

static uint64_t attempt(const struct health *q, enum role_id role)
{
    return q->by.n == 0 || sv_equal(q->by, sv_c(roles[role].name)) ? q->attempt : 0;
}

/* A test asks the roles to try what they must not (role/attack.h). */
static void attempt_read(struct op_in *o, struct health *q)
{
#ifdef ENGAWA_TEST
    const struct json_value *n = json_get(o->in, SV("attack")), *by = json_get(o->in, SV("by"));

    q->attempt = n && n->whole ? (uint64_t)n->i : 0;
    for (size_t i = 0; by && by->type == JSON_TEXT && i < ROLE_COUNT; i++)
        if (roles[i].name && sv_equal(by->text, sv_c(roles[i].name)))
            q->by = sv_c(roles[i].name);
#else
    (void)o;
    (void)q;
#endif
}

static void health_end(struct control *c)
{
    struct health *q = &c->health;
    struct peer *op = peers_find(&c->peers, ROLE_CTL, q->conn);
    struct str text = {0}, own = {0};
    struct json j = JSON_TO(&text), o = JSON_TO(&own);

    json_open(&o, NULL);
    start_health(&c->start, &o, attempt(q, ROLE_CONTROL));
    json_close(&o);
    json_open(&j, NULL);
    json_text(&j, "version", SV(ENGAWA_VERSION));
    json_text(&j, "uids", config_is(&c->start.config, CONFIG_ONE_UID, SV("1")) ? SV("one uid") : SV("one each"));
    json_int(&j, "supervisor", getppid());
    json_int(&j, "unanswered", q->wanted - q->got);
    json_text(&j, "malware_scanner", config_text(&c->start.config, CONFIG_SCANNER));
    alarm_json(c, &j);
    keys_health(c, &j);
    json_list(&j, "roles");
    json_raw(&j, NULL, str_sv(&own));
    if (q->roles.n)
        json_raw(&j, NULL, str_sv(&q->roles));
    json_list_end(&j);
    json_close(&j);
    q->asked = false;
    if (op)
        answer(c, op, q->conn_a, 200, str_sv(&text));
    str_release(&own);
    str_release(&text);
    str_release(&q->roles);
}

static bool health(struct op_in *o, struct json *out, bool *later)
{
    struct health *q = &o->c->health;

    (void)out;
    if (q->asked)
        return fail(&o->failure, E_RETRY, "asked just now");
    *q = (struct health){.asked = true, .call = ++o->c->last_call, .conn = o->from->number, .conn_a = o->h->a,
                         .deadline_ms = clock_mono_ms() + HEALTH_MS};
    attempt_read(o, q);
    for (struct peer *p = o->c->peers.first; p; p = p->next) {
        if (p->dead || p->role == ROLE_CTL)
            continue;
        ipc_put(&p->ipc, (struct ipc_head){.type = HEALTH_ASK, .a = q->call, .b = attempt(q, p->role)}, SV_NONE);
        peers_flush(&o->c->peers, p);
        o->c->keyd_owes += p->role == ROLE_KEYD;
        q->wanted++;
    }
    *later = true;
    return true;
}

void ops_health_tell(struct control *c, sv role)
{
    if (c->health.roles.n)
        str_char(&c->health.roles, ',');
    str_put(&c->health.roles, role);
    c->health.got++;
}

void ops_health_sweep(struct control *c, int64_t now_ms)
{
    struct health *q = &c->health;

    if (q->asked && (q->got >= q->wanted || q->deadline_ms <= now_ms))
        health_end(c);
}

static bool audit_key(struct op_in *o, struct json *out, bool *later)
{
    struct peer *keyd = control_keyd_quiet(o->c);
    struct str hex = STR_IN(o->arena);
    sv key;

    (void)later;
    if (!keyd || !keyc_public(&keyd->ipc, o->arena, &key))
        return fail(&o->failure, E_RETRY, "keyd does not answer");
    hex_put(&hex, key);
    json_open(out, NULL);
    json_text(out, "key", str_sv(&hex));
    json_close(out);
    return true;
}

#ifdef ENGAWA_TEST
/* control's own clock: each process has one. */
static bool test_clock(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *v = json_get(o->in, SV("value"));

    (void)later;
    if (!v || v->type != JSON_NUMBER || !v->whole)
        return fail_field(&o->failure, "value", "no number of ms");
    clock_test_offset(v->i);
    json_open(out, NULL);
    json_close(out);
    return true;
}

static bool test_fault(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *n = json_get(o->in, SV("n"));
    sv name;

    (void)later;
    if (!ops_text(o, "name", 39, &name) || !n || !n->whole)
        return fail_field(&o->failure, "n", "no number");
    const struct json_value *role = json_get(o->in, SV("role"));
    struct peer *keyd = control_keyd_quiet(o->c);
    if (role && sv_equal(role->text, SV("supervisor")))
        control_supervisor(o->c, (struct ipc_head){.type = KEY_FAULT, .b = (uint64_t)n->i}, name);
    else if (role && sv_equal(role->text, SV("keyd")))
        return keyd && keyc_fault(&keyd->ipc, name, n->i) && (json_open(out, NULL), json_close(out), true);
    else
        fault_set(sv_cstr(o->arena, name), n->i, role ? FAULT_KILL : FAULT_FAIL);
    json_open(out, NULL);
    json_close(out);
    return true;
}
#endif

/* Only for its row in the log: the status page lies elsewhere. */
static bool status_note(struct op_in *o, struct json *out, bool *later)
{
    (void)o;
    (void)later;
    json_open(out, NULL);
    json_close(out);
    return true;
}

/* clang-format off */
static const struct own_op own_ops[] = {
    { "audit.key",      audit_key, false },
    { "backup.begin",   backup_begin, true },
    { "backup.done",    backup_done, false },
    { "backup.failed",  backup_failed, false },
    { "backup.list",    backup_list, false },
    { "backup.tenant",  backup_tenant, false },
    { "drill.equal",    drill_equal, false },
    { "drill.failed",   drill_failed, false },
    { "health",         health, false },
    { "key.prepare",    key_prepare_op, true },
    { "key.renew",      key_renew_op, true },
    { "key.rotate",     key_rotate_op, true },
    { "key.state",      key_state_op, false },
    { "keys.change",    keys_change_op, false },
    { "keys.copied",    keys_copied_op, false },
    { "keys.forget",    keys_forget_op, true },
    { "log.list",       log_list, false },
    { "log.verify",     log_verify, false },
    { "status.note",    status_note, false },
    { "tenant.check",   tenant_check, false },
    { "tenant.erasure", ending_certificate_op, false },
    { "tenant.list",    tenant_list, false },
    { "tenant.open",    tenant_open, true },
    { "tenant.reopen",  ending_reopen_op, true },
    { "tenant.resume",  tenant_resume, true },
    { "tenant.suspend", tenant_suspend, true },
#ifdef ENGAWA_TEST
    { "test.clock",     test_clock, false },
    { "test.fault",     test_fault, false },
#endif
};
/* clang-format on */

static void own_call(struct op_in *o, sv name)
{
    const struct own_op *op = NULL;
    struct str text = STR_IN(o->arena);
    struct json out = JSON_TO(&text);
    const struct json_value *w = json_get(o->in, SV("workgroup"));
    sv workgroup = w && w->type == JSON_TEXT ? sv_upto(w->text, WORKGROUP_MAX) : SV("");
    bool later = false;

    for (size_t i = 0; i < COUNT(own_ops); i++)
        if (sv_equal(name, sv_c(own_ops[i].name)))
            op = &own_ops[i];
    enum err unlogged = op && op->changes ? ops_log(o->c, o->from->uid, name, workgroup, "begun") : E_NONE;
    if (unlogged) {
        ops_refuse(o->c, o->from, o->h->a, unlogged, NULL);
        return;
    }
    bool done = op ? op->run(o, &out, &later) : fail(&o->failure, E_NOT_FOUND, "no such operation");
    enum err e = o->failure.code ? o->failure.code : E_INTERNAL;
    if (!done)
        log_put(LOG_INFO, "operator %u: %s: %s", o->from->uid, op ? op->name : "-", o->failure.detail);
    bool begun = op && op->changes && done && later;      /* in the log already */
    if (!begun)
        unlogged = ops_log(o->c, o->from->uid, name, workgroup, !done ? err_def(e)->code : later ? "begun" : "ok");
    if (unlogged)
        ops_refuse(o->c, o->from, o->h->a, unlogged, NULL);
    else if (!done)
        ops_refuse(o->c, o->from, o->h->a, e, o->failure.field);
    else if (!later)
        answer(o->c, o->from, o->h->a, 200, str_sv(&text));
}

static void tenant_call(struct op_in *o, sv name, sv workgroup)
{
    struct tenant_row *t = registry_find_name(o->c->registry, workgroup);
    enum err e = !t ? E_NOT_FOUND : t->state == TENANT_OPENING ? E_CONFLICT : t->state == TENANT_ERASING ? E_ERASED : E_NONE;

    enum err unlogged = ops_log(o->c, o->from->uid, name, sv_upto(workgroup, WORKGROUP_MAX), e ? err_def(e)->code : "begun");
    if (unlogged)
        e = unlogged;
    if (e) {
        ops_refuse(o->c, o->from, o->h->a, e, NULL);
        return;
    }
    struct relay *r = relay_new(o->c, o->from, o->h, name, t);
    ipc_w_bytes(&r->frame, name);
    ipc_w_bytes(&r->frame, t->workgroup);
    ipc_w_bytes(&r->frame, o->text);
    relay_send(o->c, r);
}

void ops_call(struct control *c, struct peer *from, const struct ipc_head *h, sv payload)
{
    struct ipc_in in = IPC_IN(payload);
    sv name = ipc_r_bytes(&in, 64), workgroup = ipc_r_bytes(&in, WORKGROUP_MAX), text = ipc_r_bytes(&in, IPC_PAYLOAD_MAX);
    struct json_value v = {0};
    struct op_in o = {.c = c, .from = from, .h = h, .in = &v, .text = text, .arena = arena_new(16 * 1024)};

    if (!ipc_r_end(&in))
        peers_drop(&c->peers, from);
    else if (!json_read(o.arena, text, &v, NULL) || v.type != JSON_OBJECT)
        ops_refuse(c, from, h->a, E_INVALID_VALUE, NULL);
    else if (workgroup.n)
        tenant_call(&o, name, workgroup);
    else
        own_call(&o, name);
    arena_free(&o.arena);
}
