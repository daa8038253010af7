/* api/admin_role.c: セキュリティ > 管理者権限: which roles there are, what each reaches, and those of the company's own making. */
#include "api/app.h"
#include "svc/org/custom_role.h"
#include "svc/org/rights.h"

struct role_menu {
    sv id;
};
static const struct field role_menu_fields[] = {FIELD(struct role_menu, id, .need = true, .min = 1, .max = 64, .doc = "a submenu")};
static const struct schema role_menu = SCHEMA("role_menu", struct role_menu, role_menu_fields);

struct role_row {
    sv id, ja, en;
    bool builtin, editable;
    int64_t held;
    struct list menus;
};
static const struct field role_row_fields[] = {
    FIELD(struct role_row, id, .doc = "the role"),
    FIELD(struct role_row, ja, .doc = "its name in Japanese"),
    FIELD(struct role_row, en, .doc = "its name in English; a role of the company's own has one name"),
    FIELD(struct role_row, builtin, .doc = "exists from the opening on and cannot be changed"),
    FIELD(struct role_row, editable, .doc = "the caller may change and delete it: it is no built-in one, and nobody holds it or the super admin asks"),
    FIELD(struct role_row, held, .doc = "how many members hold it"),
    FIELD(struct role_row, menus, .of = &role_menu, .doc = "the submenus that it reaches"),
};
static const struct schema role_row = SCHEMA("role_row_out", struct role_row, role_row_fields);

struct matrix_row {
    sv id, ja, en, group_ja, group_en;
    bool super, sub, operator, custom, sensitive;
};
static const struct field matrix_row_fields[] = {
    FIELD(struct matrix_row, id, .doc = "the submenu"),
    FIELD(struct matrix_row, ja, .doc = "its label in Japanese"),
    FIELD(struct matrix_row, en, .doc = "its label in English"),
    FIELD(struct matrix_row, group_ja, .doc = "the menu's label in Japanese"),
    FIELD(struct matrix_row, group_en, .doc = "the menu's label in English"),
    FIELD(struct matrix_row, super, .doc = "the super admin reaches it"),
    FIELD(struct matrix_row, sub, .doc = "sub admins reach it"),
    FIELD(struct matrix_row, operator, .doc = "operator admins reach it"),
    FIELD(struct matrix_row, custom, .doc = "a role of the company's own may reach it"),
    FIELD(struct matrix_row, sensitive, .doc = "who gives it must have confirmed its danger"),
};
static const struct schema matrix_row = SCHEMA("role_matrix_row", struct matrix_row, matrix_row_fields);

struct roles_out {
    struct list roles, menus;
};
static const struct field roles_out_fields[] = {
    FIELD(struct roles_out, roles, .of = &role_row, .doc = "the built-in ones, widest reach first, then the company's own by name"),
    FIELD(struct roles_out, menus, .of = &matrix_row, .doc = "the same the other way: who reaches each submenu"),
};
static const struct schema roles_out = SCHEMA("roles_out", struct roles_out, roles_out_fields);

struct role_in {
    sv name;
    struct list menus;
    bool confirmed;
};
static const struct field role_add_in_fields[] = {
    FIELD(struct role_in, name, .need = true, .min = 1, .max = CUSTOM_ROLE_NAME_MAX, .doc = "one in the company; width and case do not count"),
    FIELD(struct role_in, menus, .need = true, .max = 200, .of = &role_menu, .doc = "what the role is to reach"),
    FIELD(struct role_in, confirmed, .doc = "the danger of strong menus was read and confirmed"),
};
static const struct schema role_add_in = SCHEMA("role_add_in", struct role_in, role_add_in_fields);
static const struct field role_put_in_fields[] = {
    FIELD(struct role_in, name, .min = 1, .max = CUSTOM_ROLE_NAME_MAX, .doc = "absent: as it is"),
    FIELD(struct role_in, menus, .need = true, .max = 200, .of = &role_menu, .doc = "what the role is to reach"),
    FIELD(struct role_in, confirmed, .doc = "the danger of strong menus was read and confirmed"),
};
static const struct schema role_put_in = SCHEMA("role_put_in", struct role_in, role_put_in_fields);

static struct list menus_json(struct ctx *x, struct reach reach)
{
    struct role_menu *v = ANEWN(x->arena, struct role_menu, MENU_COUNT);
    size_t n = 0;

    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (reaches(reach, (enum menu)m))
            v[n++].id = sv_c(menu_def((enum menu)m)->id);
    return (struct list){v, n};
}

static struct role_row built_in_json(struct ctx *x, enum role r, const struct holders *all)
{
    int64_t held = 0;

    for (size_t i = 0; i < all->n; i++)
        held += all->v[i].role == r;
    return (struct role_row){sv_c(perm_role(r)->id), sv_c(perm_role(r)->ja), sv_c(perm_role(r)->en), true, false, held,
                             menus_json(x, reach_of(r, SV_NONE))};
}

static struct role_row own_json(struct ctx *x, const struct custom_role *r)
{
    return (struct role_row){sv_printf(x->arena, "%" PRId64, r->id.n), r->name, r->name, false, custom_role_editable(x, r), r->held,
                             menus_json(x, r->reach)};
}

static struct list matrix(struct ctx *x)
{
    struct matrix_row *v = ANEWN(x->arena, struct matrix_row, MENU_COUNT);
    size_t n = 0;

    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        const struct menu_def *d = menu_def((enum menu)m);
        v[n++] = (struct matrix_row){sv_c(d->id), sv_c(d->ja), sv_c(d->en), sv_c(d->group_ja), sv_c(d->group_en), d->super, d->sub,
                                     d->operator_admin, d->custom, menu_sensitive((enum menu)m)};
    }
    return (struct list){v, n};
}

static bool role_list(struct ctx *x, struct call *c, void *out)
{
    struct custom_roles own = {0};
    struct holders all = {0};
    size_t n = 0;

    (void)c;
    if (!custom_role_list(x, &own) || !rights_holders(x, &all))
        return false;
    struct role_row *v = ANEWN(x->arena, struct role_row, ROLES + own.n);
    for (unsigned r = ROLE_SUPER_ADMIN; r > ROLE_MEMBER; r--)
        v[n++] = built_in_json(x, (enum role)r, &all);
    for (size_t i = 0; i < own.n; i++)
        v[n++] = own_json(x, &own.v[i]);
    ((struct roles_out *)out)->roles = (struct list){v, n};
    ((struct roles_out *)out)->menus = matrix(x);
    return true;
}

/* Every submenu named is one of the role's, each once, and none is left out. */
static bool role_has_just(enum role r, const struct role_menu *v, size_t n)
{
    struct reach has = reach_of(r, SV_NONE);
    bool named[MENU_COUNT] = {false};
    enum menu m;

    for (size_t i = 0; i < n; i++) {
        if (!menu_find(v[i].id, &m) || named[m])
            return false;
        named[m] = true;
    }
    for (unsigned k = MENU_ANY + 1; k < MENU_COUNT; k++)
        if (named[k] != reaches(has, (enum menu)k))
            return false;
    return true;
}

static struct custom_role_wish wish_of(struct ctx *x, const struct role_in *in)
{
    const struct role_menu *v = in->menus.v;
    sv *ids = ANEWN(x->arena, sv, in->menus.n + 1);

    for (size_t i = 0; i < in->menus.n; i++)
        ids[i] = v[i].id;
    return (struct custom_role_wish){in->name, ids, in->menus.n, in->confirmed};
}

static void detail_menus(struct json *j, const char *name, sv ids)
{
    sv id;

    json_list(j, name);
    while (sv_cut(&ids, ' ', &id))
        json_text(j, NULL, id);
    json_list_end(j);
}

/* A role before and after; NULL: there was none, or is none. */
static sv role_detail(struct ctx *x, const struct custom_role *old, const struct custom_role *new, bool confirmed)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    if (old) {
        json_text(&j, "old_name", old->name);
        detail_menus(&j, "old", old->menus);
    }
    if (new) {
        json_text(&j, "new_name", new->name);
        detail_menus(&j, "new", new->menus);
        json_bool(&j, "confirmed", confirmed);
    }
    json_close(&j);
    return str_sv(&text);
}

static bool role_add(struct ctx *x, struct call *c, void *out)
{
    const struct role_in *in = c->in;
    struct custom_role_wish w = wish_of(x, in);
    struct custom_role r;

    bool ok = custom_role_add(x, &w, &r);
    audit(x, AUDIT_ROLE_ADD, r.id, role_detail(x, NULL, &r, in->confirmed));
    if (ok)
        *(struct role_row *)out = own_json(x, &r);
    return ok;
}

static bool own_put(struct ctx *x, struct call *c, id64 id, void *out)
{
    const struct role_in *in = c->in;
    struct custom_role_wish w = wish_of(x, in);
    struct custom_role before = {0}, after = {0};

    if (w.name.n == 0 && custom_role_find(x, id, &before))
        w.name = before.name;
    bool ok = custom_role_put(x, id, &w, &before, &after);
    audit(x, AUDIT_ROLE_EDIT, id, role_detail(x, &before, &after, in->confirmed));
    if (ok)
        *(struct role_row *)out = own_json(x, &after);
    return ok;
}

/* The super admin learns that the role is built in; for others no role that may have holders is theirs to change. */
static bool built_in_put(struct ctx *x, struct call *c, void *out)
{
    const struct role_in *in = c->in;
    struct holders all = {0};
    enum role r = ROLE_NONE;

    perm_role_find(c->object_text, &r);
    audit(x, AUDIT_ROLE_EDIT, ID_NONE, sv_printf(x->arena, "{\"role\":\"%s\"}", perm_role(r)->id));
    if (x->actor.role != ROLE_SUPER_ADMIN)
        return fail(&x->failure, E_DENIED, "a built-in role");
    if (in->name.n || !role_has_just(r, in->menus.v, in->menus.n))
        return fail(&x->failure, E_BUILTIN_ROLE, "%s is built in", perm_role(r)->id);
    if (!rights_holders(x, &all))
        return false;
    *(struct role_row *)out = built_in_json(x, r, &all);
    return true;
}

static bool role_put(struct ctx *x, struct call *c, void *out)
{
    id64 id;

    return sv_id(c->object_text, &id) ? own_put(x, c, id, out) : built_in_put(x, c, out);
}

static bool role_delete(struct ctx *x, struct call *c, void *out)
{
    struct custom_role before = {0};
    id64 id = ID_NONE;

    (void)out;
    if (!sv_id(c->object_text, &id)) {
        audit(x, AUDIT_ROLE_DELETE, ID_NONE, sv_printf(x->arena, "{\"role\":\"%.*s\"}", SV_ARG(c->object_text)));
        return fail(&x->failure, x->actor.role == ROLE_SUPER_ADMIN ? E_BUILTIN_ROLE : E_DENIED, "a built-in role");
    }
    bool ok = custom_role_delete(x, id, &before);
    audit(x, AUDIT_ROLE_DELETE, id, role_detail(x, &before, NULL, false));
    return ok;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.role.list", .method = GET, .path = "/console/roles", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_READ, .audit = AUDIT_NONE, .out = &roles_out, .run = role_list,
     .doc = "The roles with the submenus that each reaches."},
    {.name = "console.role.add", .method = POST, .path = "/console/roles", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_ROLE_ADD, .in = &role_add_in, .out = &role_row,
     .run = role_add, .doc = "Makes a role of the company's own, which nobody holds yet."},
    {.name = "console.role.put", .method = PUT, .path = "/console/roles/:role", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_ROLE, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_ROLE_EDIT,
     .in = &role_put_in, .out = &role_row, .run = role_put,
     .doc = "Says what a role reaches; a built-in role takes only what it has, one that somebody holds is the super admin's to change."},
    {.name = "console.role.delete", .method = DELETE_, .path = "/console/roles/:role", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_ROLE, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_ROLE_DELETE,
     .out = &nothing_out, .run = role_delete, .doc = "Deletes a role of the company's own that nobody holds."},
};
/* clang-format on */
const struct op_table admin_role_ops = {ops, COUNT(ops)};
