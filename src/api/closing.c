/* api/closing.c: Engawa の解約: what stands in the way, the cancellation itself, and the operator's way back. */
#include "api/app.h"
#include "base/json.h"
#include "core/tenant.h"
#include "svc/contract/closing.h"

struct closing_out {
    sv workgroup, company;
    int64_t active, suspended, not_started, days;
    time64 erase;
};
static const struct field closing_out_fields[] = {
    FIELD(struct closing_out, workgroup, .doc = "what is typed to confirm"),
    FIELD(struct closing_out, company, .doc = "the company's name"),
    FIELD(struct closing_out, active, .doc = "other members in use: they are deleted first"),
    FIELD(struct closing_out, suspended, .doc = "… suspended ones"),
    FIELD(struct closing_out, not_started, .doc = "… whose start date lies ahead"),
    FIELD(struct closing_out, days, .doc = "from the cancellation to the erasure"),
    FIELD(struct closing_out, erase, .doc = "when all would be erased, were it cancelled now"),
};
static const struct schema closing_out = SCHEMA("closing_out", struct closing_out, closing_out_fields);

struct close_in {
    sv workgroup;
    bool security, moved, told;
};
static const struct field close_in_fields[] = {
    FIELD(struct close_in, workgroup, .need = true, .min = 1, .max = 63, .doc = "the tenant's name, typed"),
    FIELD(struct close_in, security, .need = true, .doc = "the security department knows"),
    FIELD(struct close_in, moved, .need = true, .doc = "what is still needed was saved elsewhere"),
    FIELD(struct close_in, told, .need = true, .doc = "the members were told"),
};
static const struct schema close_in = SCHEMA("close_in", struct close_in, close_in_fields);

struct closed_out {
    sv workgroup, company;
    time64 closed, erase;
};
static const struct field closed_out_fields[] = {
    FIELD(struct closed_out, workgroup, .doc = "what was cancelled"),
    FIELD(struct closed_out, company, .doc = "the company's name"),
    FIELD(struct closed_out, closed, .doc = "since when nobody is served"),
    FIELD(struct closed_out, erase, .doc = "from when on nothing brings the data back"),
};
static const struct schema closed_out = SCHEMA("closed_out", struct closed_out, closed_out_fields);

/* Only in the browser: the channel is the session's own. */
static bool in_browser(struct ctx *x)
{
    return x->actor.channel == CH_W || fail(&x->failure, E_FORBIDDEN, "channel %s", channel_name(x->actor.channel));
}

static bool cancellation_read(struct ctx *x, struct call *c, void *out)
{
    struct closing_out *o = out;
    struct closing_left left;

    (void)c;
    if (!in_browser(x) || !closing_left(x, &left))
        return false;
    *o = (struct closing_out){.active = left.active, .suspended = left.suspended, .not_started = left.not_started, .days = ENDING_DAYS};
    o->workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup));
    o->company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name"));
    o->erase.ms = x->now_ms + ENDING_MS;
    return true;
}

static bool ticked(struct ctx *x, const struct close_in *in)
{
    const char *open = !in->security ? "security" : !in->moved ? "moved" : !in->told ? "told" : NULL;

    return !open || fail_field(&x->failure, open, "not ticked");
}

static bool cancel(struct ctx *x, struct call *c, void *out)
{
    const struct close_in *in = c->in;
    struct closed_out *o = out;

    audit(x, AUDIT_TENANT_CLOSE, ID_NONE, SV_NONE);
    if (!in_browser(x) || !ticked(x, in) || !closing_close(x, in->workgroup))
        return false;
    o->workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup));
    o->company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name"));
    o->closed.ms = x->now_ms;
    o->erase.ms = x->now_ms + ENDING_MS;
    c->clear_sid = c->clear_adm = true;
    return true;
}

struct reopened_out {
    bool was;
};
static const struct field reopened_out_fields[] = {
    FIELD(struct reopened_out, was, .doc = "it was closed"),
};
static const struct schema reopened_out = SCHEMA("reopened_out", struct reopened_out, reopened_out_fields);

struct reopen_in {
    sv workgroup, reason, reference;
};
static const struct field reopen_in_fields[] = {
    FIELD(struct reopen_in, workgroup, .max = 63, .doc = "the tenant's name"),
    FIELD(struct reopen_in, reason, .need = true, .one_of = "consent|safe_operation|problem|request|order|protection", .doc = "why the operator does it"),
    FIELD(struct reopen_in, reference, .need = true, .min = 1, .max = 200, .doc = "who asked, by which letter or ticket"),
};
static const struct schema reopen_in = SCHEMA("reopen_in", struct reopen_in, reopen_in_fields);

/* The reason is in the tenant's own log too, where its super admin reads it. */
static bool reopen(struct ctx *x, struct call *c, void *out)
{
    const struct reopen_in *in = c->in;
    struct reopened_out *o = out;
    struct str detail = STR_IN(x->arena);
    struct json j = JSON_TO(&detail);

    json_open(&j, NULL);
    json_text(&j, "reason", in->reason);
    json_text(&j, "reference", in->reference);
    json_close(&j);
    audit(x, AUDIT_TENANT_REOPEN, ID_NONE, str_sv(&detail));
    if (!closing_reopen(x, &o->was))
        return false;
    c->repeat = !o->was;
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.cancellation.read", .method = GET, .path = "/console/cancellation", .who = WHO_CONSOLE, .menu = M_BASIC_CANCEL,
     .flags = OP_READ | OP_SUPER, .audit = AUDIT_CONSOLE_READ, .out = &closing_out, .run = cancellation_read,
     .doc = "What stands in the way of a cancellation, and when all would be erased."},
    {.name = "console.cancellation", .method = POST, .path = "/console/cancellation", .who = WHO_CONSOLE, .menu = M_BASIC_CANCEL,
     .flags = OP_WRITE | OP_FRESH | OP_SUPER, .audit = AUDIT_TENANT_CLOSE, .in = &close_in, .out = &closed_out, .run = cancel,
     .doc = "Cancels Engawa: nobody is served from the reply on, and seven days later all data are erased."},
    {.name = "tenant.reopen", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_TENANT_REOPEN, .in = &reopen_in, .out = &reopened_out,
     .run = reopen, .doc = "Takes a cancellation back."},
};
/* clang-format on */
const struct op_table closing_ops = {ops, COUNT(ops)};
