/* svc/org/template.c: rules of permission templates. */
#include "base/fold.h"
#include "base/plain.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "core/session.h"
#include "svc/org/template_sql.h"

bool template_list(struct ctx *x, struct templates *out)
{
    return template_sql_list(x, out);
}

bool template_find(struct ctx *x, id64 id, struct template *out)
{
    if (template_sql_find(x, id, out))
        return true;
    return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "no permission template %" PRId64, id.n);
}

bool template_basic_held(struct ctx *x, int64_t *out)
{
    return template_sql_basic_held(x, out);
}

/* Sessions of all whom a change may concern. */
static bool bind(struct ctx *x)
{
    return session_restrict(x, label_used(x, LABEL_PERMTYPE));
}

static bool name_sound(struct ctx *x, sv name, sv folded)
{
    if (folded.n == 0 || utf8_count(name) > TEMPLATE_NAME_MAX || !text_plain(name))
        return fail_field(&x->failure, "name", "blank, too long, or no plain text");
    if (sv_equal(folded, fold(x->arena, SV("基本設定"))) || sv_equal(folded, fold(x->arena, SV("Basic settings"))))
        return fail(&x->failure, E_NAME_TAKEN, "the name of the basic template");
    return true;
}

static bool wish(struct ctx *x, sv name, cell_set restricts, struct template *t, sv *folded)
{
    t->name = text_trim(name);
    t->restricts = restricts;
    *folded = fold(x->arena, t->name);
    if (!name_sound(x, t->name, *folded))
        return false;
    if (restricts & CELL_BIT(CELL_TALK_MOBILE) && !(restricts & CELL_BIT(CELL_MOBILE_APP)))
        return fail_field(&x->failure, "restricts", "a mobile app without talk");
    return true;
}

static bool taken(struct ctx *x)
{
    return x->failure.code == E_NONE && fail(&x->failure, E_NAME_TAKEN, "a permission template has the name");
}

bool template_add(struct ctx *x, sv name, cell_set restricts, struct template *out)
{
    struct templates all = {0};
    bool added;
    sv folded;

    *out = (struct template){.id = rand_id()};
    if (!wish(x, name, restricts, out, &folded) || !template_sql_list(x, &all))
        return false;
    if (all.n >= TEMPLATES_MAX)
        return fail_field(&x->failure, "name", "%zu templates are enough", all.n);
    return template_sql_add(x, out, folded, &added) && (added || taken(x));
}

bool template_put(struct ctx *x, id64 id, sv name, cell_set restricts, struct template *before, struct template *after)
{
    sv folded;

    if (!template_find(x, id, before))
        return false;
    *after = *before;
    if (!wish(x, name, restricts, after, &folded))
        return false;
    if (!template_sql_name_free(x, id, folded))
        return taken(x);
    return template_sql_put(x, after, folded) && (before->restricts == restricts || bind(x));
}

bool template_delete(struct ctx *x, id64 id, bool confirmed, struct template *before)
{
    if (!template_find(x, id, before))
        return false;
    if ((before->held || before->types) && !confirmed)
        return fail_count(&x->failure, E_TEMPLATE_USED, before->held ? before->held : before->types, "template %" PRId64, id.n);
    return template_sql_delete(x, id) && bind(x);
}

static bool template_there(struct ctx *x, id64 id)
{
    struct template t;

    return id.n == 0 || template_find(x, id, &t);
}

bool template_bind_type(struct ctx *x, struct type_binding *b, bool confirmed)
{
    b->before = ID_NONE;
    b->concerned = 0;
    if (!label_check(x, LABEL_PERMTYPE, b->label) || !template_there(x, b->template) || !template_sql_of_type(x, b->label, &b->before) ||
        !template_sql_concerned(x, b->label, &b->concerned))
        return false;
    if (b->before.n && b->before.n != b->template.n && !confirmed)
        return fail_count(&x->failure, E_TEMPLATE_OTHER, b->concerned, "the type has template %" PRId64, b->before.n);
    return template_sql_bind_type(x, b->label, b->template) && bind(x);
}

bool template_of_types(struct ctx *x, struct type_bindings *out)
{
    return template_sql_types(x, out);
}

bool template_bind_member(struct ctx *x, id64 member, id64 template, id64 *before)
{
    struct member_template was;

    *before = ID_NONE;
    if (!org_member_reachable(x, member) || !template_there(x, template) || !template_sql_of_member(x, member, &was))
        return false;
    *before = was.direct;
    return template_sql_bind_member(x, member, template) && session_restrict_member(x, member);
}

bool template_of_member(struct ctx *x, id64 member, struct member_template *out)
{
    if (!template_sql_of_member(x, member, out))
        return false;
    out->has = out->direct.n ? out->direct : label_used(x, LABEL_PERMTYPE) ? out->by_type : ID_NONE;
    return true;
}

bool template_members(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more)
{
    struct member from = {0};
    struct template t;

    if (!template_find(x, id, &t) || (after.n && !org_member_find(x, after, &from)))
        return false;
    if (!template_sql_members(x, id, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}
