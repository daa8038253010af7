/* api/app.c: the list of tables and the visibility of objects. */
#include "api/app.h"
#include "core/policy.h"
#include "svc/account/account.h"
#include "svc/account/invite.h"
#include "api/export.h"
#include "api/stored.h"
#include "svc/file/stored.h"
#include "svc/monitor/audit_download.h"
#include "svc/org/custom_role.h"
#include "svc/org/group.h"
#include "svc/org/label.h"
#include "svc/org/member_import.h"
#include "svc/org/org.h"
#include "svc/org/template.h"
#include "svc/org/unit.h"
#include "svc/talk/folder.h"
#include "svc/talk/later.h"
#include "svc/talk/message.h"

const struct schema nothing_out = {.name = "nothing"};

static bool room_visible(struct ctx *x, const struct call *c)
{
    return talk_room_visible(x, c->object);
}

static bool message_visible(struct ctx *x, const struct call *c)
{
    return talk_message_visible(x, c->object);
}

static bool session_visible(struct ctx *x, const struct call *c)
{
    return account_session_owned(x, c->object);
}

static bool member_visible(struct ctx *x, const struct call *c)
{
    struct member m;

    return org_member_find(x, c->object, &m);
}

static bool former_member_visible(struct ctx *x, const struct call *c)
{
    struct member m;

    if (!org_member_find_any(x, c->object, &m))
        return false;
    return m.status == MEMBER_DELETED ? true : fail(&x->failure, E_NOT_FOUND, "the member is not deleted");
}

/* A setting of a menu that the admin does not reach is as absent as one that does not exist. */
static bool setting_visible(struct ctx *x, const struct call *c)
{
    size_t i;

    if (policy_find(c->object_text, &i) && policy_reached(i, x->actor.reach))
        return true;
    return fail(&x->failure, E_NOT_FOUND, "no such setting within reach");
}

static bool invitation_visible(struct ctx *x, const struct call *c)
{
    struct invitation i;

    return invite_find_id(x, c->object, &i);
}

static bool invited_visible(struct ctx *x, const struct call *c)
{
    struct invited w;

    return invited_find(x, c->object, &w);
}

static bool import_visible(struct ctx *x, const struct call *c)
{
    return member_import_visible(x, c->object);
}

static bool role_visible(struct ctx *x, const struct call *c)
{
    struct custom_role own;
    enum role r;
    id64 id;

    if (perm_role_find(c->object_text, &r) ? role_is_admin(r) && r != ROLE_CUSTOM
                                           : sv_id(c->object_text, &id) && custom_role_find(x, id, &own))
        return true;
    return fail(&x->failure, E_NOT_FOUND, "no such admin role");
}

/* The console sees every group, a member its own and the published ones. */
static bool group_visible(struct ctx *x, const struct call *c)
{
    struct group g;
    bool mine, master;

    return c->op->who == WHO_CONSOLE ? group_find(x, c->object, &g) : group_seen(x, c->object, &g, &mine, &master);
}

static bool gone_group_visible(struct ctx *x, const struct call *c)
{
    struct group g;

    return group_gone_find(x, c->object, &g);
}

/* An admin sees every unit, but only through the console. */
static bool unit_seen(struct ctx *x, const struct call *c)
{
    struct unit u;

    return x->actor.console ? unit_find(x, c->object, &u) : unit_visible(x, c->object);
}

static bool former_unit_seen(struct ctx *x, const struct call *c)
{
    struct unit u;

    return unit_gone_find(x, c->object, &u);
}

static bool label_seen(struct ctx *x, const struct call *c)
{
    struct label l;

    return label_find(x, c->object, &l);
}

/* A log that the role does not reach is refused as an operation would be: that it exists is no secret. */
static bool log_visible(struct ctx *x, const struct call *c)
{
    const struct audit_log_def *d = audit_log_def(c->object_text);

    if (!d)
        return fail(&x->failure, E_NOT_FOUND, "no such log");
    return reaches(x->actor.reach, d->menu) ? true : fail(&x->failure, E_FORBIDDEN, "the role does not reach this log");
}

/* A log's file, while it is kept, for those who reach its log. */
static bool file_visible(struct ctx *x, const struct call *c)
{
    const struct audit_log_def *d;
    struct file f;

    if (!file_find(x, c->object, &f))
        return false;
    d = audit_download_log(x, &f);
    return d && reaches(x->actor.reach, d->menu) ? true : fail(&x->failure, E_NOT_FOUND, "a file of no log within reach");
}

static bool later_visible(struct ctx *x, const struct call *c)
{
    struct later l;

    return talk_later_find(x, c->object, &l);
}

static bool talk_folder_visible(struct ctx *x, const struct call *c)
{
    struct folder f;

    return talk_folder_find(x, c->object, &f);
}

static bool upload_visible(struct ctx *x, const struct call *c)
{
    struct stored s;

    if (!stored_own(x, c->object, &s))
        return false;
    return !s.room.n || !template_refuses(x->actor.restricts, SERVICE_TALK, x->actor.channel) ||
           fail(&x->failure, E_SERVICE_DISABLED, "an upload of talk");
}

static bool template_visible(struct ctx *x, const struct call *c)
{
    struct template t;

    return template_find(x, c->object, &t);
}

static const struct object_def objects[OBJECTS] = {
    [OBJ_ROOM] = {":room", false, room_visible},
    [OBJ_MESSAGE] = {":message", false, message_visible},
    [OBJ_SESSION] = {":session", false, session_visible},
    [OBJ_MEMBER] = {":member", false, member_visible},
    [OBJ_FORMER_MEMBER] = {":leaver", false, former_member_visible},
    [OBJ_SETTING] = {":setting", true, setting_visible},
    [OBJ_TEMPLATE] = {":template", false, template_visible},
    [OBJ_INVITATION] = {":invitation", false, invitation_visible},
    [OBJ_INVITED] = {":invited", false, invited_visible},
    [OBJ_IMPORT] = {":import", false, import_visible},
    [OBJ_ROLE] = {":role", true, role_visible},
    [OBJ_GROUP] = {":group", false, group_visible},
    [OBJ_GONE_GROUP] = {":gone", false, gone_group_visible},
    [OBJ_UNIT] = {":unit", false, unit_seen},
    [OBJ_FORMER_UNIT] = {":formerunit", false, former_unit_seen},
    [OBJ_LABEL] = {":label", false, label_seen},
    [OBJ_LATER] = {":later", false, later_visible},
    [OBJ_TALK_FOLDER] = {":talkfolder", false, talk_folder_visible},
    [OBJ_LOG] = {":log", true, log_visible},
    [OBJ_FILE] = {":file", false, file_visible},
    [OBJ_UPLOAD] = {":upload", false, upload_visible},
    [OBJ_STORED] = {":stored", false, file_seen},
    [OBJ_EXPORT] = {":export", false, export_visible},
    [OBJ_TICKET] = {":ticket", true, file_ticket_good},
};

static const struct op_table *const tables[] = {
    &account_ops, &second_ops, &link_ops, &invite_ops, &profile_ops, &org_ops, &member_list_ops, &member_ops, &talk_ops, &message_ops, &room_ops,
    &read_ops, &here_ops, &later_ops, &keyword_ops, &search_ops, &folder_ops, &gallery_ops, &file_ops, &photo_ops, &storage_ops, &export_ops,
    &console_ops, &setting_ops, &home_ops, &closing_ops, &tenant_ops, &rights_ops, &admin_role_ops, &group_console_ops, &group_ops,
    &unit_ops, &unit_post_ops, &unit_seen_ops, &label_ops, &template_ops, &import_ops, &audit_ops, &device_ops,
};
static const struct file_maker *const makers[] = {&audit_download_maker, &export_maker};

const struct app *app(void)
{
    static struct app all = {.tables = tables, .n_tables = COUNT(tables), .objects = objects, .chores = chores, .due = talk_later_due,
                             .makers = makers, .n_makers = COUNT(makers)};

    all.n_chores = chore_count;
    return &all;
}
