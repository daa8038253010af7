/* api/device.c: メンバー > メンバー: the apps, accesses and devices of a member, and what is done when one is lost. Each act is
 * an operation of its own and does the same when it is sent again; none of them gives an admin more reach (ACC-08). */
#include "api/app.h"
#include "core/access.h"
#include "svc/account/account.h"
#include "svc/monitor/audit_log.h"
#include "svc/org/org.h"

#include <stdlib.h>

#define PAGE      50
#define LOST_ROWS 20                                      /* of one kind of act */
#define LOST_MS   (INT64_C(7) * 86400000)                 /* how long acts belong to a loss that was told */

/* ---- apps ---- */

struct app_in {
    bool suspended;
};
static const struct field app_in_fields[] = {
    FIELD(struct app_in, suspended, .need = true, .doc = "true: stopped; false: they may be used again"),
};
static const struct schema app_in = SCHEMA("member_app_in", struct app_in, app_in_fields);

static bool member_app(struct ctx *x, struct call *c, void *out)
{
    const struct app_in *in = c->in;
    bool was = false;

    (void)out;
    bool ok = org_member_reachable(x, c->object) && account_app_suspend(x, c->object, in->suspended, &was);
    sv old = ok ? was ? SV("\"old\":true,") : SV("\"old\":false,") : SV("");            /* refused, it was not looked at */
    audit(x, AUDIT_MEMBER_APP, c->object,
          sv_printf(x->arena, "{\"key\":\"%s\",%.*s\"new\":%s}", "member.app_suspended", SV_ARG(old), in->suspended ? "true" : "false"));
    return ok;
}

/* ---- accesses ---- */

struct access_query {
    id64 after;
    int64_t began;
};
static const struct field access_query_fields[] = {
    FIELD(struct access_query, after, .doc = "the last one of the page before, with its `first`"),
    FIELD(struct access_query, began, .min = 0, .max = INT64_MAX, .doc = "its `first` in ms of UTC"),
};
static const struct schema access_query = SCHEMA("access_query", struct access_query, access_query_fields);

struct access_out {
    id64 id, session;
    sv channel, agent, ip;
    time64 first, last;
    bool open, current;
};
static const struct field access_out_fields[] = {
    FIELD(struct access_out, id, .doc = "the record"),
    FIELD(struct access_out, session, .doc = "the session that it is of"),
    FIELD(struct access_out, channel, .doc = "W browser, MW mobile browser, MP installed web app …"),
    FIELD(struct access_out, agent, .doc = "what the client called itself when it signed in"),
    FIELD(struct access_out, ip, .doc = "the address; empty: it was not known"),
    FIELD(struct access_out, first, .doc = "the first activity of that day from there"),
    FIELD(struct access_out, last, .doc = "and the last, to the minute"),
    FIELD(struct access_out, open, .doc = "the session has not ended"),
    FIELD(struct access_out, current, .doc = "it is the session that asks"),
};
static const struct schema access_out = SCHEMA("access_out", struct access_out, access_out_fields);

struct accesses_out {
    struct list accesses;
    int64_t days;
    bool more;
};
static const struct field accesses_out_fields[] = {
    FIELD(struct accesses_out, accesses, .of = &access_out, .doc = "those that began last come first"),
    FIELD(struct accesses_out, days, .doc = "so long they are kept"),
    FIELD(struct accesses_out, more, .doc = "others follow"),
};
static const struct schema accesses_out = SCHEMA("accesses_out", struct accesses_out, accesses_out_fields);

static bool accesses_of(struct ctx *x, id64 member, const struct access_query *q, struct accesses_out *o)
{
    struct accesses all = {0};

    if (!access_list(x, member, q->after, q->began, PAGE + 1, &all))
        return false;
    *o = (struct accesses_out){.days = ACCESS_DAYS, .more = all.n > PAGE};
    size_t n = o->more ? PAGE : all.n;
    struct access_out *v = ANEWN(x->arena, struct access_out, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct access_out){
            .id = all.v[i].id,
            .session = all.v[i].session,
            .channel = sv_c(channel_name(all.v[i].channel)),
            .agent = all.v[i].agent,
            .ip = all.v[i].ip,
            .first = {all.v[i].first_ms},
            .last = {all.v[i].last_ms},
            .open = all.v[i].open,
            .current = all.v[i].session.n == x->actor.session.n,
        };
    o->accesses = (struct list){v, n};
    return true;
}

static bool own_accesses(struct ctx *x, struct call *c, void *out)
{
    return accesses_of(x, x->actor.member, c->query, out);
}

static bool member_accesses(struct ctx *x, struct call *c, void *out)
{
    return accesses_of(x, c->object, c->query, out);
}

struct session_end_in {
    id64 session;
};
static const struct field session_end_in_fields[] = {
    FIELD(struct session_end_in, session, .need = true, .doc = "one of the member's"),
};
static const struct schema session_end_in = SCHEMA("member_session_in", struct session_end_in, session_end_in_fields);

static bool member_session_end(struct ctx *x, struct call *c, void *out)
{
    const struct session_end_in *in = c->in;
    sv which = sv_printf(x->arena, "{\"session\":\"%" PRId64 "\"}", in->session.n);

    (void)out;
    audit(x, AUDIT_MEMBER_LOGOUT, c->object, which);
    audit(x, AUDIT_SESSION_FORCED, c->object, which);
    return org_member_reachable(x, c->object) && account_session_of(x, in->session, c->object) && session_delete(x, in->session);
}

/* ---- devices ---- */

struct device_info_out {
    id64 id;
    sv agent;
    time64 made, seen;
};
static const struct field device_info_out_fields[] = {
    FIELD(struct device_info_out, id, .doc = "the device's key"),
    FIELD(struct device_info_out, agent, .doc = "what the app called itself when it signed last; empty: not known"),
    FIELD(struct device_info_out, made, .doc = "when it was enrolled"),
    FIELD(struct device_info_out, seen, .doc = "last activity"),
};
static const struct schema device_info_out = SCHEMA("member_device_out", struct device_info_out, device_info_out_fields);

struct devices_out {
    struct list devices;
};
static const struct field devices_out_fields[] = {
    FIELD(struct devices_out, devices, .of = &device_info_out, .doc = "those enrolled last come first"),
};
static const struct schema devices_out = SCHEMA("member_devices_out", struct devices_out, devices_out_fields);

static bool member_devices(struct ctx *x, struct call *c, void *out)
{
    struct device_infos all = {0};

    if (!account_devices(x, c->object, &all))
        return false;
    struct device_info_out *v = ANEWN(x->arena, struct device_info_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct device_info_out){all.v[i].id, all.v[i].agent, {all.v[i].made_ms}, {all.v[i].seen_ms}};
    ((struct devices_out *)out)->devices = (struct list){v, all.n};
    return true;
}

struct device_drop_in {
    id64 device;
};
static const struct field device_drop_in_fields[] = {
    FIELD(struct device_drop_in, device, .doc = "one of the member's; absent: all of them"),
};
static const struct schema device_drop_in = SCHEMA("member_device_in", struct device_drop_in, device_drop_in_fields);

static bool member_device_drop(struct ctx *x, struct call *c, void *out)
{
    const struct device_drop_in *in = c->in;
    int64_t n = 1;

    (void)out;
    bool ok = org_member_reachable(x, c->object) &&
              (in->device.n ? account_device_drop(x, c->object, in->device) : account_devices_drop(x, c->object, &n));
    audit(x, AUDIT_MEMBER_DEVICE, c->object,
          in->device.n ? sv_printf(x->arena, "{\"device\":\"%" PRId64 "\"}", in->device.n)
                       : sv_printf(x->arena, "{\"devices\":%" PRId64 "}", ok ? n : 0));
    return ok;
}

/* ---- a lost device ---- */

struct lost_in {
    sv device;
};
static const struct field lost_in_fields[] = {
    FIELD(struct lost_in, device, .need = true, .one_of = "phone|computer", .doc = "what was lost"),
};
static const struct schema lost_in = SCHEMA("member_lost_in", struct lost_in, lost_in_fields);

/* Only its row: what is done about it are operations of their own, and their rows behind this one are the record. */
static bool member_lost(struct ctx *x, struct call *c, void *out)
{
    const struct lost_in *in = c->in;

    (void)out;
    audit(x, AUDIT_MEMBER_LOST, c->object, sv_printf(x->arena, "{\"device\":\"%.*s\"}", SV_ARG(in->device)));
    return org_member_reachable(x, c->object);
}

struct lost_row_out {
    int64_t seq;
    time64 time;
    sv act, by, result, detail;
};
static const struct field lost_row_out_fields[] = {
    FIELD(struct lost_row_out, seq, .doc = "number of its row in the audit log"),
    FIELD(struct lost_row_out, time, .doc = "when"),
    FIELD(struct lost_row_out, act, .doc = "kind of the row"),
    FIELD(struct lost_row_out, by, .doc = "name of who did it; empty: the operator"),
    FIELD(struct lost_row_out, result, .doc = "ok, or why it was refused"),
    FIELD(struct lost_row_out, detail, .doc = "JSON, as in the log"),
};
static const struct schema lost_row_out = SCHEMA("member_lost_row_out", struct lost_row_out, lost_row_out_fields);

struct lost_out {
    struct list rows;
};
static const struct field lost_out_fields[] = {
    FIELD(struct lost_out, rows, .of = &lost_row_out,
          .doc = "the latest report of a loss and what was done to the account within 7 days behind it, oldest first; none: no report"),
};
static const struct schema lost_out = SCHEMA("member_lost_out", struct lost_out, lost_out_fields);

static bool rows_of(struct ctx *x, enum audit_kind kind, id64 member, int64_t max, struct audit_entries *out)
{
    const struct audit_query q = {.log = audit_log_def(SV("console")), .object = member, .act = sv_c(audit_def(kind)->id)};
    int64_t next;

    return audit_log_search(x, &q, 0, max, out, &next);
}

static int by_seq(const void *a, const void *b)
{
    const struct lost_row_out *l = a, *r = b;

    return (l->seq > r->seq) - (l->seq < r->seq);
}

static bool lost_read(struct ctx *x, struct call *c, void *out)
{
    static const enum audit_kind acts[] = {AUDIT_MEMBER_APP, AUDIT_MEMBER_LOGOUT, AUDIT_MEMBER_DEVICE, AUDIT_PASSWORD_FORCE,
                                           AUDIT_MEMBER_SUSPEND};
    struct audit_entries all = {0};
    VEC(struct lost_row_out) rows = {0};
    struct lost_out *o = out;

    if (!rows_of(x, AUDIT_MEMBER_LOST, c->object, 1, &all))
        return false;
    for (size_t i = 0; all.n && i < COUNT(acts); i++)
        if (!rows_of(x, acts[i], c->object, LOST_ROWS, &all))
            return false;
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].seq >= all.v[0].seq && all.v[i].time_ms < all.v[0].time_ms + LOST_MS)
            *PUSH(x->arena, &rows) = (struct lost_row_out){.seq = all.v[i].seq, .time = {all.v[i].time_ms}, .act = all.v[i].act,
                                                           .by = all.v[i].actor_name, .result = all.v[i].result, .detail = all.v[i].detail};
    if (rows.n)
        qsort(rows.v, rows.n, sizeof(*rows.v), by_seq);
    o->rows = (struct list){rows.v, rows.n};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "access.list", .method = GET, .path = "/accesses", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_READ, .audit = AUDIT_NONE,
     .query = &access_query, .out = &accesses_out, .run = own_accesses,
     .doc = "From where and with what the member worked, of the last 90 days."},
    {.name = "console.member.accesses", .method = GET, .path = "/console/members/:member/accesses", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &access_query,
     .out = &accesses_out, .run = member_accesses, .doc = "From where and with what a member worked, of the last 90 days."},
    {.name = "console.member.session_end", .method = POST, .path = "/console/members/:member/session-end", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_LOGOUT, .in = &session_end_in,
     .out = &nothing_out, .run = member_session_end, .doc = "Ends one session of the member, with the device key that it hangs on."},
    {.name = "console.member.devices", .method = GET, .path = "/console/members/:member/devices", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .out = &devices_out,
     .run = member_devices, .doc = "The devices with the installed web app."},
    {.name = "console.member.device_drop", .method = POST, .path = "/console/members/:member/device-drop", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_DEVICE, .in = &device_drop_in,
     .out = &nothing_out, .run = member_device_drop,
     .doc = "Removes one device's key, or all of the member's: they begin no session any more, and those they began end."},
    {.name = "console.member.lost", .method = POST, .path = "/console/members/:member/lost", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_LOST, .in = &lost_in,
     .out = &nothing_out, .run = member_lost, .doc = "A device is lost: the record of what is done about it begins."},
    {.name = "console.member.lost_read", .method = GET, .path = "/console/members/:member/lost", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .out = &lost_out, .run = lost_read,
     .doc = "What was done about the device that was lost last: who, when, what, with which result."},
    {.name = "console.member.app", .method = PUT, .path = "/console/members/:member/app", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_APP, .in = &app_in,
     .out = &nothing_out, .run = member_app,
     .doc = "Stops the member's apps, or lets them be used again: their sessions end and none begins; the browser goes on."},
};
/* clang-format on */
const struct op_table device_ops = {ops, COUNT(ops)};
