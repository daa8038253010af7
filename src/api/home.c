/* api/home.c: the first page of the console: what waits for this admin, and how far the opening has come. */
#include "api/app.h"
#include "core/policy.h"
#include "svc/contract/home.h"

struct home_task_out {
    sv id, menu;
    int64_t count;
};
static const struct field home_task_out_fields[] = {
    FIELD(struct home_task_out, id, .one_of = "waiting|locked|not_started|never_seen|role_paused|handover", .doc = "what waits"),
    FIELD(struct home_task_out, menu, .doc = "the submenu where it is done"),
    FIELD(struct home_task_out, count, .doc = "how many"),
};
static const struct schema home_task_out = SCHEMA("home_task_out", struct home_task_out, home_task_out_fields);

struct home_step_out {
    sv id, menu;
    bool done;
};
static const struct field home_step_out_fields[] = {
    FIELD(struct home_step_out, id, .one_of = "company|unit|member|password|sub_admin", .doc = "the step"),
    FIELD(struct home_step_out, menu, .doc = "the submenu where it is done"),
    FIELD(struct home_step_out, done, .doc = "as the data tell"),
};
static const struct schema home_step_out = SCHEMA("home_step_out", struct home_step_out, home_step_out_fields);

struct home_out {
    struct list tasks, steps;
    sv malware_scanner;
};
static const struct field home_out_fields[] = {
    FIELD(struct home_out, tasks, .of = &home_task_out, .doc = "only what waits, and within reach"),
    FIELD(struct home_out, steps, .of = &home_step_out, .doc = "of the first day, in order, those within reach"),
    FIELD(struct home_out, malware_scanner, .one_of = "none|clamd", .doc = "as the operator has configured it; none: files pass unchecked"),
};
static const struct schema home_out = SCHEMA("home_out", struct home_out, home_out_fields);

static bool console_home(struct ctx *x, struct call *c, void *out)
{
    struct home_task_out *task = ANEWN(x->arena, struct home_task_out, 6);
    struct home_step_out *step = ANEWN(x->arena, struct home_step_out, 5);
    size_t tasks = 0, steps = 0;
    struct home h;

    (void)c;
    if (!contract_home(x, &h))
        return false;
    const struct {
        enum menu menu;
        sv id;
        int64_t count;
    } waits[] = {
        {M_MEMBER_INVITE, SV("waiting"), h.waiting},
        {M_MEMBER_MEMBER, SV("locked"), h.locked},
        {M_SECURITY_ADMINS, SV("handover"), h.handover},
        {M_SECURITY_ADMINS, SV("role_paused"), h.role_paused},
        {M_MEMBER_MEMBER, SV("never_seen"), h.never_seen},
        {M_MEMBER_MEMBER, SV("not_started"), h.not_started},
    };
    const struct {
        enum menu menu;
        sv id;
        bool done;
    } days[] = {
        {M_BASIC_COMPANY, SV("company"), h.company > 0},
        {M_MEMBER_UNIT, SV("unit"), h.units > 0},
        {M_MEMBER_MEMBER, SV("member"), h.members > 1},
        {M_SECURITY_ACCOUNT, SV("password"), h.password > 0},
        {M_SECURITY_ADMINS, SV("sub_admin"), h.sub_admins > 0},
    };
    for (size_t i = 0; i < COUNT(waits); i++)
        if (waits[i].count > 0 && reaches(x->actor.reach, waits[i].menu))
            task[tasks++] = (struct home_task_out){waits[i].id, sv_c(menu_def(waits[i].menu)->id), waits[i].count};
    for (size_t i = 0; i < COUNT(days); i++)
        if (reaches(x->actor.reach, days[i].menu))
            step[steps++] = (struct home_step_out){days[i].id, sv_c(menu_def(days[i].menu)->id), days[i].done};
    *(struct home_out *)out = (struct home_out){{task, tasks}, {step, steps}, policy_text(x->policy, "platform.malware.scanner")};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.home", .method = GET, .path = "/console/home", .who = WHO_CONSOLE, .menu = MENU_ANY, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &home_out, .run = console_home,
     .doc = "What waits for the admin, and how far the opening of the tenant has come."},
};
/* clang-format on */
const struct op_table home_ops = {ops, COUNT(ops)};
