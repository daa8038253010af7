/* svc/org/group.c: rules of groups. */
#include "svc/org/group.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "svc/org/group_sql.h"

static const char *const kinds[GROUP_KINDS] = {"", "internal", "external"};

const char *group_kind_name(enum group_kind k)
{
    return (unsigned)k < GROUP_KINDS ? kinds[k] : "";
}

bool group_kind_find(sv name, enum group_kind *out)
{
    for (unsigned k = GROUP_INTERNAL; k < GROUP_KINDS; k++)
        if (sv_equal(name, sv_c(kinds[k]))) {
            *out = (enum group_kind)k;
            return true;
        }
    return false;
}

int64_t group_in_force(const struct group *g)
{
    return g->functions & GROUP_TALK ? g->functions : 0;
}

static bool no_group(struct ctx *x, id64 id)
{
    return fail(&x->failure, E_NOT_FOUND, "no group %" PRId64, id.n);
}

bool group_find(struct ctx *x, id64 id, struct group *out)
{
    return group_sql_find(x, id, out) && out->deleted_ms == 0 ? true : no_group(x, id);
}

static bool can_return(const struct ctx *x, const struct group *g)
{
    return g->deleted_ms != 0 && g->deleted_ms + GROUP_KEPT_MS > x->now_ms;
}

bool group_gone_find(struct ctx *x, id64 id, struct group *out)
{
    return group_sql_find(x, id, out) && can_return(x, out) ? true : no_group(x, id);
}

bool group_people(struct ctx *x, id64 id, struct group_people *out)
{
    return group_sql_people(x, id, out);
}

bool group_masters(struct ctx *x, id64 id, struct group_people *out)
{
    if (!group_sql_people(x, id, out))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (!out->v[i].master) {
            out->n = i;                                   /* masters stand first */
            break;
        }
    return true;
}

/* ---- finding ---- */

static bool has_member_named(const struct group_names *names, id64 group, sv folded, struct arena *a)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->v[i].group.n == group.n && sv_find(fold(a, names->v[i].name), folded, NULL))
            return true;
    return false;
}

static void keep_matching(struct ctx *x, struct groups *all, const struct group_query *q, const struct group_names *names)
{
    sv looked = fold(x->arena, q->q);
    size_t kept = 0;
    bool master;

    for (size_t i = 0; i < all->n; i++) {
        struct group *g = &all->v[i];
        if (q->kind != GROUP_NONE && g->kind != q->kind)
            continue;
        if (q->member.n && !group_sql_member(x, g->id, q->member, &master))
            continue;
        if (looked.n && !sv_find(fold(x->arena, g->name), looked, NULL) &&
            !has_member_named(names, g->id, looked, x->arena))
            continue;
        all->v[kept++] = *g;
    }
    all->n = kept;
}

static void cut_page(struct groups *all, const struct group_query *q, bool *more)
{
    size_t from = 0;

    for (size_t i = 0; q->after.n && i < all->n; i++)
        if (all->v[i].id.n == q->after.n)
            from = i + 1;
    all->v = all->n ? all->v + from : all->v;
    all->n -= from;
    *more = (int64_t)all->n > q->limit;
    all->n = *more ? (size_t)q->limit : all->n;
}

bool group_search(struct ctx *x, const struct group_query *q, struct groups *out, int64_t *total, bool *more)
{
    struct group_names names = {0};

    if (q->gone ? !group_sql_gone(x, x->now_ms - GROUP_KEPT_MS, out) : !group_sql_all(x, out))
        return false;
    if (q->by_member && q->q.n && !group_sql_names(x, &names))
        return false;
    keep_matching(x, out, q, &names);
    *total = (int64_t)out->n;
    cut_page(out, q, more);
    return x->failure.code == E_NONE;
}

bool group_seen(struct ctx *x, id64 id, struct group *out, bool *mine, bool *master)
{
    *master = false;
    if (!group_find(x, id, out))
        return false;
    *mine = group_sql_member(x, id, x->actor.member, master);
    if (x->failure.code != E_NONE)
        return false;
    return *mine || out->public ? true : no_group(x, id);
}

bool group_seen_list(struct ctx *x, sv q, struct groups *out)
{
    const struct group_query query = {.q = q};
    const struct group_names nobody = {0};                /* names of members are no way to a group that one is not in */

    if (!group_sql_seen(x, x->actor.member, out))
        return false;
    keep_matching(x, out, &query, &nobody);
    return x->failure.code == E_NONE;
}

bool group_of_room(struct ctx *x, id64 room, struct group *out)
{
    return group_sql_of_room(x, room, out);
}

bool group_may_make(struct ctx *x)
{
    if (sv_equal(policy_text(x->policy, "addressbook.group.creators"), SV("members")) ||
        reaches(x->actor.reach, M_MEMBER_GROUP))
        return true;
    return fail(&x->failure, E_FORBIDDEN, "groups are made by admins");
}

/* ---- making and changing ---- */

/* "talk|note" as the setting has it. */
static int64_t functions_of(sv set)
{
    static const struct {
        const char *name;
        enum group_function f;
    } names[] = {
        {"talk", GROUP_TALK}, {"note", GROUP_NOTE}, {"event", GROUP_EVENT}, {"task", GROUP_TASK}, {"folder", GROUP_FOLDER},
    };
    int64_t sum = 0;
    sv part;

    while (sv_cut(&set, '|', &part))
        for (size_t i = 0; i < COUNT(names); i++)
            sum |= sv_equal(part, sv_c(names[i].name)) ? names[i].f : 0;
    return sum;
}

void group_defaults(struct ctx *x, struct group *g)
{
    g->functions = functions_of(policy_text(x->policy, "group.room.functions"));
    g->delegation = policy_bool(x->policy, "group.master_delegation");
    g->notify = policy_bool(x->policy, "group.notify_members");
    g->public = g->kind == GROUP_INTERNAL && policy_bool(x->policy, "group.public");
}

static bool record_sound(struct ctx *x, struct group *g)
{
    g->name = text_trim(g->name);
    g->functions &= GROUP_FUNCTIONS;
    if (g->name.n == 0 || utf8_count(g->name) > GROUP_NAME_MAX)
        return fail_field(&x->failure, "name", "empty or too long");
    if (utf8_count(g->description) > GROUP_TEXT_MAX)
        return fail_field(&x->failure, "description", "too long");
    if (g->kind == GROUP_EXTERNAL && g->public)
        return fail_field(&x->failure, "public", "a group with external users is never published");
    return true;
}

static bool has_master(struct ctx *x, id64 id)
{
    int64_t n;

    if (!group_sql_master_count(x, id, &n))
        return false;
    return n > 0 ? true : fail(&x->failure, E_LAST_MASTER, "group %" PRId64 " would have no master", id.n);
}

static bool put_in(struct ctx *x, id64 id, struct group_ids who, const char *field, bool *changed)
{
    bool added;

    for (size_t i = 0; i < who.n; i++) {
        if (!group_sql_member_is(x, who.v[i]))
            return fail_field(&x->failure, field, "no member %" PRId64, who.v[i].n);
        if (!group_sql_put(x, id, who.v[i], &added))
            return false;
        *changed |= added;
    }
    return true;
}

static bool make_masters(struct ctx *x, id64 id, struct group_ids masters, bool *changed)
{
    struct group_people now = {0};
    bool is;

    if (!group_masters(x, id, &now))
        return false;
    for (size_t i = 0; i < now.n; i++) {
        bool stays = false;
        for (size_t k = 0; k < masters.n; k++)
            stays |= masters.v[k].n == now.v[i].member.n;
        if (!stays && !group_sql_master(x, id, now.v[i].member, false))
            return false;
        *changed |= !stays;
    }
    for (size_t i = 0; i < masters.n; i++) {
        if (!group_sql_member(x, id, masters.v[i], &is))
            return fail_field(&x->failure, "masters", "%" PRId64 " is no member of the group", masters.v[i].n);
        if (!is && !group_sql_master(x, id, masters.v[i], true))
            return false;
        *changed |= !is;
    }
    return true;
}

bool group_add(struct ctx *x, struct group *g, struct group_ids masters, struct group_ids members)
{
    bool changed = false;

    if (!record_sound(x, g))
        return false;
    if (g->kind != GROUP_INTERNAL)
        return fail(&x->failure, E_NO_EXTERNAL, "talk with external users does not exist yet");
    g->id = rand_id();
    g->made_by = x->actor.member;
    g->made_ms = x->now_ms;
    return group_sql_add(x, g) && put_in(x, g->id, masters, "masters", &changed) &&
           put_in(x, g->id, members, "members", &changed) && make_masters(x, g->id, masters, &changed) &&
           has_master(x, g->id);
}

bool group_edit(struct ctx *x, const struct group *g)
{
    struct group now = *g;

    return record_sound(x, &now) && group_sql_edit(x, &now);
}

bool group_change_people(struct ctx *x, id64 id, const struct group_change *c, bool *changed)
{
    bool removed;

    *changed = false;
    if (!put_in(x, id, c->add, "add", changed))
        return false;
    for (size_t i = 0; i < c->remove.n; i++) {
        if (!group_sql_take(x, id, c->remove.v[i], &removed))
            return false;
        *changed |= removed;
    }
    return (c->masters.v == NULL || make_masters(x, id, c->masters, changed)) && has_master(x, id);
}

bool group_room_set(struct ctx *x, id64 id, id64 room)
{
    return group_sql_room(x, id, room);
}

/* ---- the end of a group ---- */

bool group_delete(struct ctx *x, id64 id)
{
    struct group g;

    return group_find(x, id, &g) && group_sql_deleted(x, id, x->now_ms);
}

bool group_restore(struct ctx *x, id64 id)
{
    struct group g;

    return group_gone_find(x, id, &g) && group_sql_deleted(x, id, 0);
}

bool group_expired(struct ctx *x, struct group *out)
{
    return group_sql_expired(x, x->now_ms - GROUP_KEPT_MS, out);
}

bool group_erase(struct ctx *x, id64 id)
{
    return group_sql_erase(x, id);
}

/* The group after `member` has left it, when it has no master any more: who follows, if anybody is left. */
static bool find_heir(struct ctx *x, const struct group *g, struct group_heirs *out)
{
    int64_t masters;
    id64 heir;

    if (!group_sql_master_count(x, g->id, &masters))
        return false;
    if (masters > 0 || !group_sql_oldest(x, g->id, &heir))
        return x->failure.code == E_NONE;
    *PUSH(x->arena, out) = (struct group_heir){.group = *g, .member = heir};
    return group_sql_master(x, g->id, heir, true);
}

bool group_member_gone(struct ctx *x, id64 member, struct group_heirs *out)
{
    struct groups all = {0};
    bool removed;

    if (!group_sql_of_member(x, member, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!group_sql_take(x, all.v[i].id, member, &removed) || !find_heir(x, &all.v[i], out))
            return false;
    return true;
}
