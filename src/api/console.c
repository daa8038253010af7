/* api/console.c: the console's door, its menu and the audit log. */
#include "api/app.h"
#include "api/tried.h"
#include "svc/account/account.h"
#include "svc/monitor/audit_log.h"
#include "svc/org/org.h"

struct console_in {
    sv password;
};
static const struct field console_in_fields[] = {
    FIELD(struct console_in, password, .need = true, .min = 1, .max = 1024, .doc = "the admin's own"),
};
static const struct schema console_in = SCHEMA("console_in", struct console_in, console_in_fields);

struct role_out {
    sv role;
};
static const struct field role_out_fields[] = {
    FIELD(struct role_out, role, .one_of = "operator|sub|super", .doc = "the admin's role"),
};
static const struct schema role_out = SCHEMA("role_out", struct role_out, role_out_fields);

struct menu_item_out {
    sv id, ja, en;
};
static const struct field menu_item_out_fields[] = {
    FIELD(struct menu_item_out, id, .doc = "the submenu"),
    FIELD(struct menu_item_out, ja, .doc = "its label in Japanese"),
    FIELD(struct menu_item_out, en, .doc = "its label in English"),
};
static const struct schema menu_item_out = SCHEMA("menu_item_out", struct menu_item_out, menu_item_out_fields);

struct menu_group_out {
    sv id, ja, en;
    struct list items;
};
static const struct field menu_group_out_fields[] = {
    FIELD(struct menu_group_out, id, .doc = "the menu"),
    FIELD(struct menu_group_out, ja, .doc = "its label in Japanese"),
    FIELD(struct menu_group_out, en, .doc = "its label in English"),
    FIELD(struct menu_group_out, items, .of = &menu_item_out, .doc = "its submenus within reach"),
};
static const struct schema menu_group_out = SCHEMA("menu_group_out", struct menu_group_out, menu_group_out_fields);

struct menus_out {
    sv role;
    struct list menus;
};
static const struct field menus_out_fields[] = {
    FIELD(struct menus_out, role, .doc = "the admin's role"),
    FIELD(struct menus_out, menus, .of = &menu_group_out, .doc = "only what the role reaches"),
};
static const struct schema menus_out = SCHEMA("menus_out", struct menus_out, menus_out_fields);

struct audit_query {
    int64_t before, limit;
};
static const struct field audit_query_fields[] = {
    FIELD(struct audit_query, before, .min = 1, .doc = "rows before this number; absent: the newest"),
    FIELD(struct audit_query, limit, .min = 1, .max = 200, .doc = "how many at most; 50 when absent"),
};
static const struct schema audit_query = SCHEMA("audit_query", struct audit_query, audit_query_fields);

struct audit_row_out {
    int64_t seq, count;
    time64 time;
    id64 actor, object;
    sv actor_name, channel, ip, act, object_name, result, detail;
};
static const struct field audit_row_out_fields[] = {
    FIELD(struct audit_row_out, seq, .doc = "number of the row, from 1 without a gap"),
    FIELD(struct audit_row_out, time, .doc = "when"),
    FIELD(struct audit_row_out, actor, .doc = "who; 0: nobody signed in, or the operator"),
    FIELD(struct audit_row_out, actor_name, .doc = "the actor's name, empty for 0"),
    FIELD(struct audit_row_out, channel, .doc = "W, MW …; empty: the operator's command line"),
    FIELD(struct audit_row_out, ip, .doc = "the client's address"),
    FIELD(struct audit_row_out, act, .doc = "what: an audit kind"),
    FIELD(struct audit_row_out, object, .doc = "on what; 0: nothing in particular"),
    FIELD(struct audit_row_out, object_name, .doc = "the object's name, where it is a member"),
    FIELD(struct audit_row_out, result, .doc = "ok, or the code of the refusal"),
    FIELD(struct audit_row_out, count, .doc = "how many equal refusals this row stands for"),
    FIELD(struct audit_row_out, detail, .doc = "JSON object as text, or empty"),
};
static const struct schema audit_row_out = SCHEMA("audit_row_out", struct audit_row_out, audit_row_out_fields);

struct audit_head_out {
    int64_t size;
    sv root;
};
static const struct field audit_head_out_fields[] = {
    FIELD(struct audit_head_out, size, .doc = "rows in the tree"),
    FIELD(struct audit_head_out, root, .doc = "its root, SHA-256 in hex"),
};
static const struct schema audit_head_out = SCHEMA("audit_head_out", struct audit_head_out, audit_head_out_fields);

struct audit_page_out {
    struct list rows;
    bool more;
    struct ref head;
};
static const struct field audit_page_out_fields[] = {
    FIELD(struct audit_page_out, rows, .of = &audit_row_out, .doc = "newest first"),
    FIELD(struct audit_page_out, more, .doc = "there are older ones"),
    FIELD(struct audit_page_out, head, .of = &audit_head_out, .doc = "the tree before this view's own row"),
};
static const struct schema audit_page_out = SCHEMA("audit_page_out", struct audit_page_out, audit_page_out_fields);

static bool console_open_prepare(struct ctx *x, struct call *c)
{
    const struct console_in *in = c->in;

    c->prepared = ANEW(x->arena, struct proof);
    return account_prove(x, SV(""), in->password, c->prepared);
}

static bool console_open(struct ctx *x, struct call *c, void *out)
{
    bool ok = account_console_open(x, c->prepared, c->set_adm);

    audit(x, AUDIT_CONSOLE_OPEN, x->actor.session, SV_NONE);
    ((struct role_out *)out)->role = sv_c(perm_role(x->actor.role)->id);
    return ok;
}

static bool console_end(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    c->clear_adm = true;
    return session_delete(x, c->console->id);
}

static bool console_menu(struct ctx *x, struct call *c, void *out)
{
    struct menus_out *o = out;
    struct menu_group_out *g = ANEWN(x->arena, struct menu_group_out, MENU_COUNT);
    struct menu_item_out *items = ANEWN(x->arena, struct menu_item_out, MENU_COUNT);
    size_t groups = 0, n = 0;

    (void)c;
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        const struct menu_def *d = menu_def((enum menu)m);
        if (!role_reaches(x->actor.role, (enum menu)m))
            continue;
        if (groups == 0 || !sv_equal(g[groups - 1].id, sv_c(d->group)))
            g[groups++] = (struct menu_group_out){sv_c(d->group), sv_c(d->group_ja), sv_c(d->group_en), {&items[n], 0}};
        items[n++] = (struct menu_item_out){sv_c(d->id), sv_c(d->ja), sv_c(d->en)};
        g[groups - 1].items.n++;
    }
    *o = (struct menus_out){sv_c(perm_role(x->actor.role)->id), {g, groups}};
    return true;
}

static void audit_row_fill(const struct audit_entry *e, struct audit_row_out *o)
{
    *o = (struct audit_row_out){
        .seq = e->seq,
        .count = e->count,
        .time = {e->time_ms},
        .actor = e->actor,
        .object = e->object,
        .actor_name = e->actor_name,
        .channel = sv_c(channel_name(e->channel)),
        .ip = e->ip,
        .act = e->act,
        .object_name = e->object_name,
        .result = e->result,
        .detail = e->detail,
    };
}

static bool console_audit_list(struct ctx *x, struct call *c, void *out)
{
    const struct audit_query *q = c->query;
    struct audit_page_out *o = out;
    struct audit_head_out *head = ANEW(x->arena, struct audit_head_out);
    struct audit_entries page = {0};

    if (!audit_log_page(x, q->before, q->limit ? q->limit : 50, &page, &o->more) ||
        !audit_log_head(x, &head->size, &head->root))
        return false;
    struct audit_row_out *v = ANEWN(x->arena, struct audit_row_out, page.n);
    for (size_t i = 0; i < page.n; i++)
        audit_row_fill(&page.v[i], &v[i]);
    o->rows = (struct list){v, page.n};
    o->head.v = head;
    audit(x, AUDIT_AUDIT_VIEW, ID_NONE,
          sv_printf(x->arena, "{\"before\":%" PRId64 ",\"rows\":%zu}", q->before, page.n));
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.open", .method = POST, .path = "/console/session", .who = WHO_ADMIN, .flags = OP_SLOW,
     .audit = AUDIT_CONSOLE_OPEN, .in = &console_in, .out = &role_out, .run = console_open,
     .prepare = console_open_prepare, .settle = tried_settle, .doc = "Opens the console for a signed-in admin, by the password once more."},
    {.name = "console.end", .method = DELETE_, .path = "/console/session", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_WRITE, .audit = AUDIT_CONSOLE_END, .out = &nothing_out, .run = console_end,
     .doc = "Closes the console; the member stays signed in."},
    {.name = "console.menu", .method = GET, .path = "/console/menu", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_QUICK, .audit = AUDIT_NONE, .out = &menus_out, .run = console_menu,
     .doc = "The submenus that the admin's role reaches."},
    {.name = "console.audit.list", .method = GET, .path = "/console/audit", .who = WHO_CONSOLE,
     .menu = M_AUDIT_CONSOLE, .flags = OP_READ, .audit = AUDIT_AUDIT_VIEW, .query = &audit_query,
     .out = &audit_page_out, .run = console_audit_list, .doc = "The audit log, newest first; the view is a row itself."},
};
/* clang-format on */
const struct op_table console_ops = {ops, COUNT(ops)};
