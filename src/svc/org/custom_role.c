/* svc/org/custom_role.c: rules of the company's own admin roles. */
#include "svc/org/custom_role.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "core/session.h"
#include "svc/org/custom_role_sql.h"

bool custom_role_list(struct ctx *x, struct custom_roles *out)
{
    return custom_role_sql_list(x, out);
}

bool custom_role_find(struct ctx *x, id64 id, struct custom_role *out)
{
    return custom_role_sql_find(x, id, out) ? true : fail(&x->failure, E_NOT_FOUND, "no admin role %" PRId64, id.n);
}

bool custom_role_editable(const struct ctx *x, const struct custom_role *r)
{
    return r->held_ever == 0 || x->actor.role == ROLE_SUPER_ADMIN;
}

static bool built_in_name(struct arena *a, sv folded)
{
    for (unsigned r = ROLE_NONE; r < ROLES; r++) {
        const struct perm_role *p = perm_role((enum role)r);
        if (sv_equal(folded, fold(a, sv_c(p->id))) || sv_equal(folded, fold(a, sv_c(p->ja))) ||
            sv_equal(folded, fold(a, sv_c(p->en))))
            return true;
    }
    return false;
}

static bool name_sound(struct ctx *x, sv name, sv folded)
{
    if (folded.n == 0 || utf8_count(name) > CUSTOM_ROLE_NAME_MAX || !text_plain(name))
        return fail_field(&x->failure, "name", "blank, too long, or no plain text");
    if (built_in_name(x->arena, folded))
        return fail(&x->failure, E_NAME_TAKEN, "the name of a built-in role");
    return true;
}

/* Every submenu once, in the order of the console. */
static bool menus_of(struct ctx *x, const struct custom_role_wish *w, struct custom_role *r)
{
    struct str ids = STR_IN(x->arena);
    struct reach wanted = {0};

    for (size_t i = 0; i < w->n; i++)
        if (!reach_add(&wanted, w->menus[i]))
            return fail_field(&x->failure, "menus", "%.*s is nothing that a custom role may reach", SV_ARG(w->menus[i]));
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (reaches(wanted, (enum menu)m))
            str_printf(&ids, "%s%s", ids.n ? " " : "", menu_def((enum menu)m)->id);
    if (ids.n == 0)
        return fail_field(&x->failure, "menus", "a role that reaches nothing");
    r->menus = str_sv(&ids);
    r->reach = reach_of(ROLE_CUSTOM, r->menus);
    return true;
}

/* The role as it is to be; r->reach is its reach of before. */
static bool wish(struct ctx *x, const struct custom_role_wish *w, struct custom_role *r, sv *folded)
{
    struct reach before = r->reach;

    r->name = text_trim(w->name);
    *folded = fold(x->arena, r->name);
    if (!name_sound(x, r->name, *folded) || !menus_of(x, w, r))
        return false;
    if (reach_gains_sensitive(before, r->reach) && !w->confirmed)
        return fail(&x->failure, E_CONFIRM, "the danger of the role was not confirmed");
    return true;
}

static bool taken(struct ctx *x)
{
    return x->failure.code == E_NONE ? fail(&x->failure, E_NAME_TAKEN, "an admin role has the name") : false;
}

bool custom_role_add(struct ctx *x, const struct custom_role_wish *w, struct custom_role *out)
{
    struct custom_roles all = {0};
    bool added;
    sv folded;

    *out = (struct custom_role){.id = rand_id()};
    if (!wish(x, w, out, &folded) || !custom_role_sql_list(x, &all))
        return false;
    if (all.n >= CUSTOM_ROLES_MAX)
        return fail_field(&x->failure, "name", "%zu roles are enough", all.n);
    return custom_role_sql_add(x, out, folded, &added) && (added || taken(x));
}

static bool may_edit(struct ctx *x, const struct custom_role *r)
{
    return custom_role_editable(x, r) ? true : fail(&x->failure, E_DENIED, "a role that is held is the super admin's to change");
}

static bool bind_holders(struct ctx *x, const struct custom_role *r)
{
    struct grant g = {ROLE_CUSTOM, r->reach};
    struct list held;

    if (!custom_role_sql_holders(x, r->id, &held))
        return false;
    for (size_t i = 0; i < held.n; i++)
        if (!session_role_member(x, ((const id64 *)held.v)[i], g))
            return false;
    return true;
}

bool custom_role_put(struct ctx *x, id64 id, const struct custom_role_wish *w, struct custom_role *before, struct custom_role *after)
{
    sv folded;

    if (!custom_role_find(x, id, before))
        return false;
    *after = *before;
    if (!may_edit(x, before) || !wish(x, w, after, &folded))
        return false;
    if (!custom_role_sql_name_free(x, id, folded))
        return taken(x);
    bool same = reach_contains(before->reach, after->reach) && reach_contains(after->reach, before->reach);
    return custom_role_sql_put(x, after, folded) && (same || bind_holders(x, after));
}

bool custom_role_delete(struct ctx *x, id64 id, struct custom_role *before)
{
    if (!custom_role_find(x, id, before) || !may_edit(x, before))
        return false;
    if (before->held > 0)
        return fail_count(&x->failure, E_ROLE_HELD, before->held, "admin role %" PRId64, id.n);
    return custom_role_sql_delete(x, id);
}
