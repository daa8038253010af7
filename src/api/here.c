/* api/here.c: saying that one is here, hearing who else is, and not being seen. */
#include "api/app.h"
#include "svc/org/here.h"

struct here_in {
    bool away;
};
static const struct field here_in_fields[] = {
    FIELD(struct here_in, away, .need = true, .doc = "true: the app is open, and nobody uses it"),
};
static const struct schema here_in = SCHEMA("here_in", struct here_in, here_in_fields);

struct watch_in {
    struct list members;
};
static const struct field watch_in_fields[] = {
    FIELD(struct watch_in, members, .need = true, .max = HERE_WATCH_MAX, .doc = "whom this connection has on its screen; [] nobody any more"),
};
static const struct schema watch_in = SCHEMA("watch_in", struct watch_in, watch_in_fields);

struct watch_out {
    struct list here;
};
static const struct field watch_out_fields[] = {
    FIELD(struct watch_out, here, .of = &here_out, .doc = "of these those that are here now; the others are gone"),
};
static const struct schema watch_out = SCHEMA("watch_out", struct watch_out, watch_out_fields);

struct show_in {
    bool shown;
};
static const struct field show_in_fields[] = {
    FIELD(struct show_in, shown, .need = true, .doc = "colleagues see whether the member is here"),
};
static const struct schema show_in = SCHEMA("here_show_in", struct show_in, show_in_fields);

static bool say(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return org_here_say(x, ((const struct here_in *)c->in)->away);
}

static bool watch(struct ctx *x, struct call *c, void *out)
{
    const struct watch_in *in = c->in;

    return org_here_watch(x, in->members.v, in->members.n, &((struct watch_out *)out)->here);
}

static bool show(struct ctx *x, struct call *c, void *out)
{
    const struct show_in *in = c->in;

    (void)out;
    audit(x, AUDIT_ME_HERE, x->actor.member, in->shown ? SV("{\"shown\":true}") : SV("{\"shown\":false}"));
    return org_here_show(x, in->shown);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "me.here", .method = PUT, .path = "/me/here", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_LIVE | OP_WS,
     .audit = AUDIT_NONE, .in = &here_in, .out = &nothing_out, .run = say,
     .doc = "This connection is in use, or no longer: those who watch the member hear of it within a second; never stored."},
    {.name = "member.watch", .method = PUT, .path = "/watched-members", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_LIVE | OP_WS,
     .audit = AUDIT_NONE, .in = &watch_in, .out = &watch_out, .run = watch,
     .doc = "This connection shows these members, and no others: it hears who of them comes and goes."},
    {.name = "me.here.show", .method = PUT, .path = "/me/here/shown", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_ME_HERE, .in = &show_in, .out = &nothing_out, .run = show,
     .doc = "Whether colleagues see that the member is here."},
};
/* clang-format on */
const struct op_table here_ops = {ops, COUNT(ops)};
