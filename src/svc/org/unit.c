/* svc/org/unit.c: rules of the tree of units. */
#include "svc/org/unit.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "svc/org/unit_sql.h"

#include <stdlib.h>

int64_t unit_functions(const struct unit *u)
{
    return u->functions & UNIT_TALK ? u->functions : 0;
}

bool unit_find(struct ctx *x, id64 id, struct unit *out)
{
    if (unit_sql_find(x, id, out) && out->deleted_ms == 0)
        return true;
    return fail(&x->failure, E_NOT_FOUND, "no unit %" PRId64, id.n);
}

bool unit_list(struct ctx *x, struct units *out)
{
    return unit_sql_all(x, out);
}

static int by_id(const void *a, const void *b)
{
    const struct unit *l = a, *r = b;

    return (l->id.n > r->id.n) - (l->id.n < r->id.n);
}

const struct unit *unit_in(const struct units *sorted, id64 id)
{
    struct unit key = {.id = id};

    return sorted->n ? bsearch(&key, sorted->v, sorted->n, sizeof(key), by_id) : NULL;
}

/* The way up is bounded: a tree that a fault made endless ends here. */
int64_t unit_depth(const struct units *all, id64 id)
{
    const struct unit *u;
    int64_t depth = 0;

    while (depth <= UNIT_DEPTH_MAX && (u = unit_in(all, id))) {
        depth++;
        id = u->parent;
    }
    return depth;
}

bool unit_below(const struct units *all, id64 id, id64 top)
{
    const struct unit *u;

    for (int64_t steps = 0; steps <= UNIT_DEPTH_MAX && (u = unit_in(all, id)); steps++) {
        if (id.n == top.n)
            return true;
        id = u->parent;
    }
    return false;
}

/* How many levels `top` and what is below it take. */
static int64_t height(const struct units *all, id64 top)
{
    int64_t most = 0, above = unit_depth(all, top) - 1;

    for (size_t i = 0; i < all->n; i++)
        if (unit_below(all, all->v[i].id, top)) {
            int64_t h = unit_depth(all, all->v[i].id) - above;
            most = h > most ? h : most;
        }
    return most;
}

static void add_once(struct ctx *x, struct id_list *l, id64 id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].n == id.n)
            return;
    *PUSH(x->arena, l) = id;
}

static bool folded_has(struct ctx *x, const struct unit *u, sv folded_q)
{
    return sv_find(u->folded, folded_q, NULL) || sv_find(fold(x->arena, u->code), folded_q, NULL);
}

static bool name_has(struct ctx *x, const struct unit_name *n, sv folded_q)
{
    sv name = sv_printf(x->arena, "%.*s%.*s", SV_ARG(n->family), SV_ARG(n->given));
    sv reading = sv_printf(x->arena, "%.*s%.*s", SV_ARG(n->family_reading), SV_ARG(n->given_reading));

    return sv_find(fold(x->arena, name), folded_q, NULL) || sv_find(fold(x->arena, reading), folded_q, NULL);
}

bool unit_search(struct ctx *x, sv q, struct units *out)
{
    sv want = fold(x->arena, q);
    struct units all = {0};
    struct unit_names names = {0};
    size_t k = 0;

    if (!unit_sql_all(x, &all) || !unit_sql_names(x, &names))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        bool hit = folded_has(x, &all.v[i], want);
        for (; k < names.n && names.v[k].unit.n <= all.v[i].id.n; k++)    /* both lists go by unit */
            hit = hit || (names.v[k].unit.n == all.v[i].id.n && name_has(x, &names.v[k], want));
        if (hit)
            *PUSH(x->arena, out) = all.v[i];
    }
    return true;
}

bool unit_visible(struct ctx *x, id64 id)
{
    struct unit u;

    if (!unit_find(x, id, &u))
        return false;
    if ((u.public && org_field_visible(x, MF_UNIT)) || unit_sql_among(x, id, x->actor.member))
        return true;
    return fail(&x->failure, E_NOT_FOUND, "unit %" PRId64 " is not published", id.n);
}

/* Marks the units whose people the acting member belongs to. */
static bool mark_own(struct ctx *x, const struct units *all, bool *own)
{
    struct unit_posts posts = {0};

    if (!unit_sql_posts(x, x->actor.member, &posts))
        return false;
    for (size_t i = 0; i < posts.n; i++) {
        const struct unit *u = unit_in(all, posts.v[i].unit);
        for (int64_t steps = 0; u && steps <= UNIT_DEPTH_MAX; steps++) {
            own[u - all->v] = true;
            u = unit_in(all, u->parent);
        }
    }
    return true;
}

bool unit_visible_list(struct ctx *x, sv q, struct units *out)
{
    sv want = fold(x->arena, q);
    struct units all = {0};

    if (!org_field_visible(x, MF_UNIT))
        return true;
    if (!unit_sql_all(x, &all))
        return false;
    bool *seen = ANEWN(x->arena, bool, all.n);
    if (!mark_own(x, &all, seen))
        return false;
    for (size_t i = 0; i < all.n; i++)
        seen[i] = seen[i] || all.v[i].public;
    for (size_t i = 0; i < all.n; i++) {
        if (!seen[i] || !folded_has(x, &all.v[i], want))
            continue;
        const struct unit *up = unit_in(&all, all.v[i].parent);
        for (int64_t steps = 0; up && !seen[up - all.v] && steps <= UNIT_DEPTH_MAX; steps++)
            up = unit_in(&all, up->parent);
        struct unit *u = PUSH(x->arena, out);
        *u = all.v[i];
        u->parent = up ? up->id : ID_NONE;
    }
    return true;
}

static bool code_sound(sv code)
{
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
              c == '-'))
            return false;
    }
    return code.n >= 1 && code.n <= UNIT_CODE_MAX;
}

static bool record_sound(struct ctx *x, const struct unit *u)
{
    if (fold(x->arena, u->name).n == 0 || utf8_count(u->name) > UNIT_NAME_MAX)
        return fail_field(&x->failure, "name", "blank or too long");
    if (!code_sound(u->code))
        return fail_field(&x->failure, "code", "not of a-z A-Z 0-9 . _ -");
    if (utf8_count(u->description) > UNIT_TEXT_MAX)
        return fail_field(&x->failure, "description", "too long");
    return true;
}

/* "talk|note" as a setting has it. */
static int64_t functions_of(sv set)
{
    static const struct { const char *name; enum unit_function f; } names[] = {
        {"talk", UNIT_TALK}, {"note", UNIT_NOTE}, {"event", UNIT_EVENT}, {"task", UNIT_TASK}, {"folder", UNIT_FOLDER},
    };
    int64_t sum = 0;
    sv part;

    while (sv_cut(&set, '|', &part))
        for (size_t i = 0; i < COUNT(names); i++)
            sum |= sv_equal(part, sv_c(names[i].name)) ? names[i].f : 0;
    return sum;
}

static bool taken(struct ctx *x)
{
    return fail(&x->failure, E_CODE_TAKEN, "another unit has the code");
}

bool unit_add(struct ctx *x, struct unit *u)
{
    struct units all = {0};
    struct unit parent;
    bool added;

    u->name = text_trim(u->name);
    if (!record_sound(x, u) || (u->parent.n && !unit_find(x, u->parent, &parent)) || !unit_sql_all(x, &all))
        return false;
    if (unit_depth(&all, u->parent) >= UNIT_DEPTH_MAX)
        return fail(&x->failure, E_UNIT_DEPTH, "below %" PRId64, u->parent.n);
    if (!unit_sql_last_place(x, u->parent, &u->place))
        return false;
    u->place++;
    u->id = rand_id();
    u->public = policy_bool(x->policy, "orgunit.public");
    u->functions = functions_of(policy_text(x->policy, "orgunit.room.functions"));
    u->delegation = policy_bool(x->policy, "orgunit.leader_delegation");
    u->notify = policy_bool(x->policy, "orgunit.notify_members");
    if (!unit_sql_add(x, u, &added))
        return false;
    return added ? true : taken(x);
}

bool unit_edit(struct ctx *x, const struct unit *u)
{
    struct unit now = *u, before;
    struct unit_post post;

    now.name = text_trim(u->name);
    now.functions &= UNIT_FUNCTIONS;
    if (!unit_find(x, u->id, &before) || !record_sound(x, &now))
        return false;
    if (u->leader.n && !unit_sql_post(x, u->leader, u->id, &post))
        return fail_field(&x->failure, "leader", "not a member of the unit");
    if (!unit_sql_code_free(x, u->code, u->id))
        return taken(x);
    return unit_sql_edit(x, &now);
}

bool unit_functions_by_leader(struct ctx *x, id64 id, int64_t functions)
{
    struct unit u;

    if (!unit_find(x, id, &u))
        return false;
    if (!u.delegation || u.leader.n != x->actor.member.n)
        return fail(&x->failure, E_DENIED, "not delegated to member %" PRId64, x->actor.member.n);
    return unit_sql_functions(x, id, functions & UNIT_FUNCTIONS);
}

bool unit_among(struct ctx *x, id64 unit, id64 member, bool *yes)
{
    *yes = unit_sql_among(x, unit, member);
    return x->failure.code == E_NONE;
}

bool unit_room_people(struct ctx *x, id64 unit, struct id_list *out)
{
    return unit_sql_people(x, unit, ID_NONE, out);
}

bool unit_room_set(struct ctx *x, id64 unit, id64 room)
{
    return unit_sql_room(x, unit, room);
}

bool unit_of_room(struct ctx *x, id64 room, struct unit *out)
{
    return unit_sql_of_room(x, room, out);
}

/* ---- moving */

/* May `id` stand below `parent`? */
static bool place_sound(struct ctx *x, const struct units *all, id64 id, id64 parent)
{
    if (parent.n && !unit_in(all, parent))
        return fail(&x->failure, E_NOT_FOUND, "no unit %" PRId64, parent.n);
    if (unit_below(all, parent, id))
        return fail(&x->failure, E_UNIT_CYCLE, "%" PRId64 " is %" PRId64 " or below it", parent.n, id.n);
    if (unit_depth(all, parent) + height(all, id) > UNIT_DEPTH_MAX)
        return fail(&x->failure, E_UNIT_DEPTH, "%" PRId64 " below %" PRId64, id.n, parent.n);
    return true;
}

/* The units above one place that are not above the other: their people differ. */
static void only_above(struct ctx *x, const struct units *all, id64 here, id64 there, struct id_list *out)
{
    const struct unit *u = unit_in(all, here);

    for (int64_t steps = 0; u && steps <= UNIT_DEPTH_MAX; steps++) {
        if (!unit_below(all, there, u->id))
            add_once(x, out, u->id);
        u = unit_in(all, u->parent);
    }
}

bool unit_move(struct ctx *x, id64 id, id64 parent, id64 before, struct id_list *changed)
{
    struct units all = {0};
    int64_t place;

    if (!unit_sql_all(x, &all))
        return false;
    const struct unit *u = unit_in(&all, id), *next = unit_in(&all, before);
    if (!u)
        return fail(&x->failure, E_NOT_FOUND, "no unit %" PRId64, id.n);
    if (!place_sound(x, &all, id, parent))
        return false;
    if (before.n && (!next || next->parent.n != parent.n || before.n == id.n))
        return fail_field(&x->failure, "before", "no other unit of this parent");
    if (next) {
        place = next->place;
        if (!unit_sql_make_place(x, parent, place))
            return false;
    } else {
        if (!unit_sql_last_place(x, parent, &place))
            return false;
        place++;
    }
    only_above(x, &all, u->parent, parent, changed);
    only_above(x, &all, parent, u->parent, changed);
    return unit_sql_move(x, id, parent, place);
}

static bool holds(const struct id_list *sorted, id64 id)
{
    size_t lo = 0, hi = sorted->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (sorted->v[mid].n < id.n)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < sorted->n && sorted->v[lo].n == id.n;
}

/* Counts, for each of the moved people, the rooms of `above` in which they are only by what moves. */
static bool count_rooms(struct ctx *x, const struct units *all, const struct id_list *above, id64 moved,
                        const struct id_list *people, int64_t *counts, struct units *rooms)
{
    for (size_t i = 0; i < above->n; i++) {
        const struct unit *u = unit_in(all, above->v[i]);
        struct id_list others = {0};
        bool any = false;
        if (!(u->functions & UNIT_TALK))
            continue;
        if (!unit_sql_people(x, u->id, moved, &others))
            return false;
        for (size_t k = 0; k < people->n; k++)
            if (!holds(&others, people->v[k])) {
                counts[k]++;
                any = true;
            }
        if (any)
            *PUSH(x->arena, rooms) = *u;
    }
    return true;
}

bool unit_move_plan(struct ctx *x, id64 id, id64 parent, struct unit_move_plan *out)
{
    struct units all = {0};
    struct id_list people = {0}, from = {0}, to = {0};

    if (!unit_sql_all(x, &all))
        return false;
    const struct unit *u = unit_in(&all, id);
    if (!u)
        return fail(&x->failure, E_NOT_FOUND, "no unit %" PRId64, id.n);
    if (!place_sound(x, &all, id, parent) || !unit_sql_people(x, id, ID_NONE, &people))
        return false;
    only_above(x, &all, u->parent, parent, &from);
    only_above(x, &all, parent, u->parent, &to);
    int64_t *leaves = ANEWN(x->arena, int64_t, people.n), *joins = ANEWN(x->arena, int64_t, people.n);
    if (!count_rooms(x, &all, &from, id, &people, leaves, &out->leaves) ||
        !count_rooms(x, &all, &to, id, &people, joins, &out->joins))
        return false;
    for (size_t i = 0; i < people.n; i++)
        if (leaves[i] || joins[i])
            *PUSH(x->arena, &out->movers) = (struct unit_mover){people.v[i], leaves[i], joins[i]};
    return true;
}

/* ---- deleting and restoring */

#define GONE_MARK "deleted:"                              /* no code has a colon */

static sv code_before(sv code)
{
    size_t at;

    if (!sv_starts(code, SV(GONE_MARK)))
        return code;
    code = sv_from(code, sizeof(GONE_MARK) - 1);
    return sv_find(code, SV(":"), &at) ? sv_from(code, at + 1) : code;
}

bool unit_delete(struct ctx *x, id64 id, struct units *gone)
{
    struct id_list people = {0};
    struct units all = {0};
    struct unit u;

    if (!unit_find(x, id, &u) || !unit_sql_people(x, id, ID_NONE, &people) || !unit_sql_all(x, &all))
        return false;
    if (people.n)
        return fail_count(&x->failure, E_UNIT_HAS_MEMBERS, (int64_t)people.n, "unit %" PRId64, id.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct unit *v = &all.v[i];
        if (!unit_below(&all, v->id, id))
            continue;
        *PUSH(x->arena, gone) = *v;
        if (!unit_sql_delete(x, v->id, sv_printf(x->arena, GONE_MARK "%" PRId64 ":%.*s", v->id.n, SV_ARG(v->code))))
            return false;
    }
    return true;
}

static int64_t kept_from(const struct ctx *x)
{
    return x->now_ms > UNIT_KEPT_MS ? x->now_ms - UNIT_KEPT_MS : 1;
}

bool unit_gone_find(struct ctx *x, id64 id, struct unit *out)
{
    if (unit_sql_find(x, id, out) && out->deleted_ms && out->deleted_ms >= kept_from(x)) {
        out->code = code_before(out->code);
        return true;
    }
    return fail(&x->failure, E_NOT_FOUND, "no deleted unit %" PRId64, id.n);
}

bool unit_gone_list(struct ctx *x, struct units *out)
{
    if (!unit_sql_gone(x, kept_from(x), INT64_MAX, out))
        return false;
    for (size_t i = 0; i < out->n; i++)
        out->v[i].code = code_before(out->v[i].code);
    return true;
}

bool unit_expired(struct ctx *x, struct units *out)
{
    return unit_sql_gone(x, 1, kept_from(x), out);
}

bool unit_erase(struct ctx *x, id64 id)
{
    return unit_sql_erase(x, id);
}

bool unit_restore(struct ctx *x, id64 id, struct units *back)
{
    struct units all = {0}, batch = {0};
    struct unit top;

    if (!unit_gone_find(x, id, &top) || !unit_sql_all(x, &all) || !unit_sql_gone_with(x, top.deleted_ms, &batch))
        return false;
    if (!unit_in(&all, top.parent))
        top.parent = ID_NONE;
    if (unit_depth(&all, top.parent) + height(&batch, id) > UNIT_DEPTH_MAX)
        return fail(&x->failure, E_UNIT_DEPTH, "below %" PRId64, top.parent.n);
    if (!unit_sql_last_place(x, top.parent, &top.place))
        return false;
    for (size_t i = 0; i < batch.n; i++) {
        struct unit v = batch.v[i];
        if (!unit_below(&batch, v.id, id))
            continue;
        v.code = code_before(v.code);
        if (v.id.n == id.n) {
            v.parent = top.parent;
            v.place = top.place + 1;
        }
        if (!unit_sql_code_free(x, v.code, v.id))
            return taken(x);
        if (!unit_sql_restore(x, &v))
            return false;
        *PUSH(x->arena, back) = v;
    }
    return true;
}
