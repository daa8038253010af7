/* api/group.c: groups as members and masters see and change them, and what others tell groups. */
#include "api/group.h"
#include "api/group_change.h"
#include "svc/talk/place.h"

/* As a member sees a group. */
struct seen_out {
    id64 id, room;
    sv name, description, role;
    int64_t members;
    struct ref functions;
    struct list masters;
    bool public, may_functions;
};
static const struct field seen_out_fields[] = {
    FIELD(struct seen_out, id, .doc = "the group"),
    FIELD(struct seen_out, name, .doc = "its name"),
    FIELD(struct seen_out, description, .doc = "what it is for"),
    FIELD(struct seen_out, members, .doc = "how many members"),
    FIELD(struct seen_out, masters, .of = &group_person_out, .doc = "its masters"),
    FIELD(struct seen_out, functions, .of = &group_functions, .doc = "what its room may do"),
    FIELD(struct seen_out, role, .one_of = "none|member|master", .doc = "what the asking member is in it"),
    FIELD(struct seen_out, room, .doc = "its talk room, for its members; 0: none"),
    FIELD(struct seen_out, public, .doc = "also who is no member finds it"),
    FIELD(struct seen_out, may_functions, .doc = "may the asking member change the functions?"),
};
static const struct schema seen_out = SCHEMA("group_out", struct seen_out, seen_out_fields);

struct seen_list_out {
    struct list groups;
    bool may_make;
};
static const struct field seen_list_out_fields[] = {
    FIELD(struct seen_list_out, groups, .of = &seen_out, .doc = "own and published ones, by name"),
    FIELD(struct seen_list_out, may_make, .doc = "may the asking member make groups?"),
};
static const struct schema seen_list_out = SCHEMA("groups_out", struct seen_list_out, seen_list_out_fields);

struct seen_read_out {
    struct ref group;
    struct list people;
};
static const struct field seen_read_out_fields[] = {
    FIELD(struct seen_read_out, group, .of = &seen_out, .doc = "the group"),
    FIELD(struct seen_read_out, people, .of = &group_person_out, .doc = "its members, for its members; else empty"),
};
static const struct schema seen_read_out = SCHEMA("group_read_out", struct seen_read_out, seen_read_out_fields);

static const struct field make_fields[] = {
    FIELD(struct group_in, kind, .one_of = "internal|external", .doc = "internal when absent"),
    FIELD(struct group_in, name, .need = true, .min = 1, .max = GROUP_NAME_MAX, .doc = "its name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "what it is for"),
    FIELD(struct group_in, masters, .max = PEOPLE_MAX, .doc = "masters beside the maker"),
    FIELD(struct group_in, members, .max = PEOPLE_MAX, .doc = "further members"),
    FIELD(struct group_in, publication, .one_of = "public|members", .doc = "who finds it; as the setting says when absent"),
};
static const struct schema make_in = SCHEMA("group_make", struct group_in, make_fields);
static const struct field change_fields[] = {
    FIELD(struct group_in, name, .min = 1, .max = GROUP_NAME_MAX, .doc = "its new name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "its new description"),
    FIELD(struct group_in, add, .max = PEOPLE_MAX, .doc = "members who come"),
    FIELD(struct group_in, remove, .max = PEOPLE_MAX, .doc = "members who go"),
    FIELD(struct group_in, masters, .max = PEOPLE_MAX, .doc = "all masters from now on, out of its members"),
    FIELD(struct group_in, functions, .of = &group_functions, .doc = "what its room may do: where that is delegated"),
};
static const struct schema change_in = SCHEMA("group_change", struct group_in, change_fields);

static bool seen_fill(struct ctx *x, const struct group *g, bool mine, bool master, struct seen_out *o)
{
    *o = (struct seen_out){
        .id = g->id,
        .room = mine && g->functions & GROUP_TALK ? g->room : ID_NONE,
        .name = g->name,
        .description = g->description,
        .role = sv_c(master ? "master" : mine ? "member" : "none"),
        .members = g->members,
        .functions = group_functions_ref(x, g->functions),
        .public = g->public,
        .may_functions = master && g->delegation,
    };
    return group_masters_list(x, g->id, &o->masters);
}

static bool list(struct ctx *x, struct call *c, void *out)
{
    const struct group_seen_query *q = c->query;
    struct seen_list_out *o = out;
    struct groups all = {0};
    struct group g;
    bool mine, master;

    if (!group_seen_list(x, q->q, &all))
        return false;
    struct seen_out *v = ANEWN(x->arena, struct seen_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        if (!group_seen(x, all.v[i].id, &g, &mine, &master) || !seen_fill(x, &g, mine, master, &v[i]))
            return false;
    o->groups = (struct list){v, all.n};
    o->may_make = group_may_make(x);
    failure_clear(&x->failure);                           /* that somebody may not make groups is no failure here */
    return true;
}

static bool read_one(struct ctx *x, struct call *c, void *out)
{
    struct seen_read_out *o = out;
    struct seen_out *go = ANEW(x->arena, struct seen_out);
    struct group_people p = {0};
    struct group g;
    bool mine, master;

    if (!group_seen(x, c->object, &g, &mine, &master) || !seen_fill(x, &g, mine, master, go) ||
        (mine && !group_people(x, c->object, &p)))
        return false;
    o->group.v = go;
    o->people = group_people_list(x, &p);
    return true;
}

static bool make_own(struct ctx *x, struct call *c, void *out)
{
    const struct group_in *in = c->in;
    struct group g = {.kind = GROUP_INTERNAL};
    id64 *masters = ANEWN(x->arena, id64, in->masters.n + 1);

    if (!group_may_make(x))
        return false;
    group_kind_find(in->kind, &g.kind);
    group_defaults(x, &g);
    group_take(in, &g);
    if (!in->description.p)
        g.description = SV("");
    if (in->publication.n)
        g.public = sv_equal(in->publication, SV("public"));
    masters[0] = x->actor.member;
    for (size_t i = 0; i < in->masters.n; i++)
        masters[i + 1] = ((const id64 *)in->masters.v)[i];
    bool ok = group_make(x, &g, (struct group_ids){masters, in->masters.n + 1}, group_ids_of(in->members));
    audit(x, AUDIT_GROUP_ADD, g.id, group_add_detail(x, &g, in));
    audit(x, AUDIT_ROOM_ADD, g.id, SV_NONE);              /* made from the address book: in the log of talk as well */
    ((struct group_id_out *)out)->id = g.id;
    return ok;
}

/* A master of it: E_DENIED for whoever else sees it. */
static bool own(struct ctx *x, id64 id, struct group *g)
{
    bool mine, master;

    if (!group_seen(x, id, g, &mine, &master))
        return false;
    return master ? true : fail(&x->failure, E_DENIED, "no master of group %" PRId64, id.n);
}

static bool change_own(struct ctx *x, struct call *c, void *out)
{
    const struct group_in *in = c->in;
    struct group g;

    (void)out;
    if (!own(x, c->object, &g))
        return false;
    if (in->functions.v && !g.delegation)
        return fail(&x->failure, E_DENIED, "the functions are not delegated to masters");
    return group_change_save(x, g, in);
}

static bool delete_own(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return own(x, c->object, &g) && group_end(x, &g);
}

/* ---- what others tell ---- */

bool groups_member_gone(struct ctx *x, id64 member)
{
    struct group_heirs heirs = {0};

    if (!group_member_gone(x, member, &heirs))
        return false;
    for (size_t i = 0; i < heirs.n; i++) {
        const struct group_heir *h = &heirs.v[i];
        struct group_people one = {0};

        *PUSH(x->arena, &one) = (struct group_person){.member = h->member};
        audit(x, AUDIT_GROUP_MASTER, h->group.id,
              sv_printf(x->arena, "{\"old\":\"%" PRId64 "\",\"new\":\"%" PRId64 "\"}", member.n, h->member.n));
        if (!h->group.deleted_ms && !group_tell(x, &h->group, &one, NULL, "のグループマスターになりました。", "you are its master now."))
            return false;
    }
    return true;
}

bool groups_erase(struct ctx *x, bool *more)
{
    struct group g;

    *more = group_expired(x, &g);
    if (!*more)
        return true;
    audit(x, AUDIT_GROUP_ERASE, g.id, SV_NONE);
    return (!g.room.n || talk_place_erase(x, g.room)) && group_erase(x, g.id);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "group.list", .method = GET, .path = "/groups", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_READ, .audit = AUDIT_NONE,
     .query = &group_seen_query, .out = &seen_list_out, .run = list, .doc = "Own groups and published ones, by name."},
    {.name = "group.read", .method = GET, .path = "/groups/:group", .who = WHO_MEMBER, .service = SERVICE_NONE, .object = OBJ_GROUP,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &seen_read_out, .run = read_one,
     .doc = "A group; its members only for its members."},
    {.name = "group.make", .method = POST, .path = "/groups", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_GROUP_ADD, .in = &make_in, .out = &group_id_out, .run = make_own,
     .doc = "Makes a group of which the maker is a master."},
    {.name = "group.change", .method = PUT, .path = "/groups/:group", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_GROUP,
     .flags = OP_WRITE, .audit = AUDIT_GROUP_EDIT, .in = &change_in, .out = &nothing_out, .run = change_own,
     .doc = "A master changes the own group."},
    {.name = "group.delete", .method = DELETE_, .path = "/groups/:group", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_GROUP,
     .flags = OP_WRITE, .audit = AUDIT_GROUP_DELETE, .out = &nothing_out, .run = delete_own,
     .doc = "A master deletes the own group."},
};
/* clang-format on */
const struct op_table group_ops = {ops, COUNT(ops)};
