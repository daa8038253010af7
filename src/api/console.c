/* api/console.c: the console's door, and its menu. */
#include "api/app.h"
#include "api/tried.h"
#include "svc/account/account.h"
#include "svc/org/org.h"

struct role_out {
    sv role;
};
static const struct field role_out_fields[] = {
    FIELD(struct role_out, role, .one_of = "operator|sub|super|custom", .doc = "the admin's role"),
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

static bool console_open(struct ctx *x, struct call *c, void *out)
{
    bool ok = account_console_open(x, c->prepared, c->set_adm);

    audit(x, AUDIT_CONSOLE_OPEN, x->actor.member, SV_NONE);    /* whose console: a session has no name */
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
        if (!reaches(x->actor.reach, (enum menu)m))
            continue;
        if (groups == 0 || !sv_equal(g[groups - 1].id, sv_c(d->group)))
            g[groups++] = (struct menu_group_out){sv_c(d->group), sv_c(d->group_ja), sv_c(d->group_en), {&items[n], 0}};
        items[n++] = (struct menu_item_out){sv_c(d->id), sv_c(d->ja), sv_c(d->en)};
        g[groups - 1].items.n++;
    }
    *o = (struct menus_out){sv_c(perm_role(x->actor.role)->id), {g, groups}};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.open", .method = POST, .path = "/console/session", .who = WHO_ADMIN, .flags = OP_SLOW,
     .audit = AUDIT_CONSOLE_OPEN, .in = &own_password_in, .out = &role_out, .run = console_open,
     .prepare = own_password_prepare, .settle = tried_settle, .doc = "Opens the console for a signed-in admin, by the password once more."},
    {.name = "console.end", .method = DELETE_, .path = "/console/session", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_WRITE, .audit = AUDIT_CONSOLE_END, .out = &nothing_out, .run = console_end,
     .doc = "Closes the console; the member stays signed in."},
    {.name = "console.menu", .method = GET, .path = "/console/menu", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_QUICK, .audit = AUDIT_NONE, .out = &menus_out, .run = console_menu,
     .doc = "The submenus that the admin's role reaches."},
};
/* clang-format on */
const struct op_table console_ops = {ops, COUNT(ops)};
