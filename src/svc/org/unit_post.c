/* svc/org/unit_post.c: who belongs to which unit, with which title, and where in the first place. */
#include "svc/org/label.h"
#include "svc/org/unit_sql.h"

bool unit_members(struct ctx *x, id64 unit, id64 after, int64_t limit, struct unit_people *out, bool *more)
{
    struct member from = {0};

    if (after.n && !org_member_find(x, after, &from))
        return false;
    if (!unit_sql_members(x, unit, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool unit_posts(struct ctx *x, id64 member, struct unit_posts *out)
{
    return unit_sql_posts(x, member, out);
}

/* The unit and those above it: their people change when one joins or leaves it. */
static void above(struct ctx *x, const struct units *all, id64 unit, struct id_list *out)
{
    const struct unit *u = unit_in(all, unit);

    for (int64_t steps = 0; u && steps <= UNIT_DEPTH_MAX; steps++) {
        size_t i = 0;
        while (i < out->n && out->v[i].n != u->id.n)
            i++;
        if (i == out->n)
            *PUSH(x->arena, out) = u->id;
        u = unit_in(all, u->parent);
    }
}

static bool leave(struct ctx *x, const struct units *all, id64 member, id64 unit, struct id_list *changed)
{
    above(x, all, unit, changed);
    return unit_sql_post_remove(x, member, unit) && unit_sql_leader_gone(x, unit, member);
}

static const struct unit_post *post_in(const struct unit_post *v, size_t n, id64 unit)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].unit.n == unit.n)
            return &v[i];
    return NULL;
}

/* Exactly one of them is the main one: its index, or n when the list is none that a member can have. */
static size_t main_of(const struct unit_post *posts, size_t n)
{
    size_t main = n;

    for (size_t i = 0; i < n; i++) {
        if (post_in(posts, i, posts[i].unit) || (posts[i].main && main < n))
            return n;
        main = posts[i].main ? i : main;
    }
    return main == n ? 0 : main;
}

bool unit_posts_set(struct ctx *x, id64 member, const struct unit_post *posts, size_t n, struct id_list *changed)
{
    struct unit_posts old = {0};
    struct units all = {0};
    struct member m;
    size_t main = main_of(posts, n);

    if (!org_member_find(x, member, &m) || !unit_list(x, &all) || !unit_sql_posts(x, member, &old))
        return false;
    if (n > UNIT_POSTS_MAX || (n && main == n))
        return fail_field(&x->failure, "units", "a unit twice, two main ones, or too many");
    for (size_t i = 0; i < n; i++) {
        if (!unit_in(&all, posts[i].unit))
            return fail(&x->failure, E_NOT_FOUND, "no unit %" PRId64, posts[i].unit.n);
        if (!label_check(x, LABEL_TITLE, posts[i].title))
            return false;
    }
    for (size_t i = 0; i < old.n; i++)
        if (!post_in(posts, n, old.v[i].unit) && !leave(x, &all, member, old.v[i].unit, changed))
            return false;
    for (size_t i = 0; i < n; i++) {
        struct unit_post p = posts[i];
        p.main = i == main;
        if (!post_in(old.v, old.n, p.unit))
            above(x, &all, p.unit, changed);
        if (!unit_sql_post_put(x, member, &p))
            return false;
    }
    return true;
}

bool unit_member_put(struct ctx *x, id64 unit, id64 member, bool main, id64 title, struct id_list *changed)
{
    struct unit_posts old = {0};
    struct units all = {0};
    struct member m;
    struct unit u;

    if (!unit_find(x, unit, &u) || !org_member_find(x, member, &m) || !label_check(x, LABEL_TITLE, title) ||
        !unit_list(x, &all) || !unit_sql_posts(x, member, &old))
        return false;
    const struct unit_post *had = post_in(old.v, old.n, unit);
    if (!had && old.n >= UNIT_POSTS_MAX)
        return fail_field(&x->failure, "member", "is in %zu units", old.n);
    struct unit_post p = {.unit = unit, .title = title, .main = main || old.n == 0 || (had && had->main)};
    if (!had)
        above(x, &all, unit, changed);
    return unit_sql_post_put(x, member, &p) && (!p.main || unit_sql_post_main(x, member, unit));
}

bool unit_member_remove(struct ctx *x, id64 unit, id64 member, struct id_list *changed)
{
    struct unit_posts rest = {0};
    struct units all = {0};
    struct unit_post p;

    if (!unit_sql_post(x, member, unit, &p))
        return fail(&x->failure, E_NOT_FOUND, "member %" PRId64 " is not in the unit", member.n);
    if (!unit_list(x, &all) || !leave(x, &all, member, unit, changed))
        return false;
    if (!p.main)
        return true;
    if (!unit_sql_posts(x, member, &rest))
        return false;
    return rest.n == 0 || unit_sql_post_main(x, member, rest.v[0].unit);
}
