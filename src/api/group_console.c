/* api/group_console.c: the console's page of groups. */
#include "api/group_change.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

struct group_out {
    id64 id, room;
    sv kind, name, description;
    int64_t members;
    struct ref functions, advanced;
    struct list masters;
    time64 made, deleted, until;
};
static const struct field group_out_fields[] = {
    FIELD(struct group_out, id, .doc = "the group"),
    FIELD(struct group_out, kind, .one_of = "internal|external", .doc = "its type, fixed when it was made"),
    FIELD(struct group_out, name, .doc = "its name"),
    FIELD(struct group_out, description, .doc = "what it is for"),
    FIELD(struct group_out, members, .doc = "how many members"),
    FIELD(struct group_out, masters, .of = &group_person_out, .doc = "its masters"),
    FIELD(struct group_out, functions, .of = &group_functions, .doc = "what its room may do"),
    FIELD(struct group_out, advanced, .of = &group_advanced, .doc = "its settings"),
    FIELD(struct group_out, room, .doc = "its talk room; 0: none"),
    FIELD(struct group_out, made, .doc = "when it was made"),
    FIELD(struct group_out, deleted, .null = true, .doc = "when it was deleted"),
    FIELD(struct group_out, until, .null = true, .doc = "when nothing of a deleted one will be left"),
};
static const struct schema group_out = SCHEMA("console_group", struct group_out, group_out_fields);

struct group_page_out {
    struct list groups;
    bool more;
    int64_t total;
};
static const struct field group_page_out_fields[] = {
    FIELD(struct group_page_out, groups, .of = &group_out, .doc = "by name; deleted ones newest first"),
    FIELD(struct group_page_out, more, .doc = "there are further ones"),
    FIELD(struct group_page_out, total, .doc = "of all pages"),
};
static const struct schema group_page_out = SCHEMA("console_groups", struct group_page_out, group_page_out_fields);

struct group_read_out {
    struct ref group;
    struct list people;
};
static const struct field group_read_out_fields[] = {
    FIELD(struct group_read_out, group, .of = &group_out, .doc = "the group"),
    FIELD(struct group_read_out, people, .of = &group_person_out, .doc = "its members, masters first, then by reading"),
};
static const struct schema group_read_out = SCHEMA("console_group_read", struct group_read_out, group_read_out_fields);

struct page_query {
    sv q, kind;
    id64 member, after;
    int64_t limit;
};
static const struct field page_query_fields[] = {
    FIELD(struct page_query, q, .max = 100, .doc = "part of the group's name or of a member's"),
    FIELD(struct page_query, kind, .one_of = "internal|external", .doc = "only of this type"),
    FIELD(struct page_query, member, .doc = "only groups of this member"),
    FIELD(struct page_query, after, .doc = "continue behind this group"),
    FIELD(struct page_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema page_query = SCHEMA("console_group_query", struct page_query, page_query_fields);

struct found_out {
    id64 id;
    sv family, given, login;
};
static const struct field found_out_fields[] = {
    FIELD(struct found_out, id, .doc = "the member"),
    FIELD(struct found_out, family, .doc = "family name"),
    FIELD(struct found_out, given, .doc = "given name"),
    FIELD(struct found_out, login, .doc = "the part of the Engawa ID before @"),
};
static const struct schema found_out = SCHEMA("group_found", struct found_out, found_out_fields);

struct people_out {
    struct list people;
};
static const struct field people_out_fields[] = {
    FIELD(struct people_out, people, .of = &found_out, .doc = "by reading, the first twenty"),
};
static const struct schema people_out = SCHEMA("group_people", struct people_out, people_out_fields);

static const struct field add_fields[] = {
    FIELD(struct group_in, kind, .need = true, .one_of = "internal|external", .doc = "its type, for ever"),
    FIELD(struct group_in, name, .need = true, .min = 1, .max = GROUP_NAME_MAX, .doc = "its name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "what it is for"),
    FIELD(struct group_in, masters, .need = true, .max = PEOPLE_MAX, .doc = "its masters, members too"),
    FIELD(struct group_in, members, .max = PEOPLE_MAX, .doc = "further members"),
    FIELD(struct group_in, functions, .of = &group_functions, .doc = "as the setting says when absent"),
    FIELD(struct group_in, advanced, .of = &group_advanced, .doc = "as the settings say when absent"),
};
static const struct schema add_in = SCHEMA("console_group_add", struct group_in, add_fields);
static const struct field edit_fields[] = {
    FIELD(struct group_in, name, .min = 1, .max = GROUP_NAME_MAX, .doc = "its new name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "its new description"),
    FIELD(struct group_in, add, .max = PEOPLE_MAX, .doc = "members who come"),
    FIELD(struct group_in, remove, .max = PEOPLE_MAX, .doc = "members who go"),
    FIELD(struct group_in, masters, .max = PEOPLE_MAX, .doc = "all masters from now on, out of its members"),
    FIELD(struct group_in, functions, .of = &group_functions, .doc = "what its room may do"),
    FIELD(struct group_in, advanced, .of = &group_advanced, .doc = "its settings"),
};
static const struct schema edit_in = SCHEMA("console_group_edit", struct group_in, edit_fields);

static bool group_fill(struct ctx *x, const struct group *g, struct group_out *o)
{
    struct group_advanced *a = ANEW(x->arena, struct group_advanced);

    *a = (struct group_advanced){.delegation = g->delegation, .notify = g->notify, .public = g->public};
    *o = (struct group_out){
        .id = g->id,
        .room = g->functions & GROUP_TALK ? g->room : ID_NONE,
        .kind = sv_c(group_kind_name(g->kind)),
        .name = g->name,
        .description = g->description,
        .members = g->members,
        .functions = group_functions_ref(x, g->functions),
        .advanced = {a},
        .made = {g->made_ms},
        .deleted = {g->deleted_ms ? g->deleted_ms : -1},
        .until = {g->deleted_ms ? g->deleted_ms + GROUP_KEPT_MS : -1},
    };
    return group_masters_list(x, g->id, &o->masters);
}

static bool console_list(struct ctx *x, const struct page_query *q, bool gone, struct group_page_out *o)
{
    struct group_query query = {.q = q->q, .member = q->member, .after = q->after, .limit = q->limit ? q->limit : 100,
                                .gone = gone, .by_member = true};
    struct groups page = {0};

    group_kind_find(q->kind, &query.kind);
    if (!group_search(x, &query, &page, &o->total, &o->more))
        return false;
    struct group_out *v = ANEWN(x->arena, struct group_out, page.n);
    for (size_t i = 0; i < page.n; i++)
        if (!group_fill(x, &page.v[i], &v[i]))
            return false;
    o->groups = (struct list){v, page.n};
    return true;
}

static bool console_group_list(struct ctx *x, struct call *c, void *out)
{
    return console_list(x, c->query, false, out);
}

static bool console_gone_list(struct ctx *x, struct call *c, void *out)
{
    return console_list(x, c->query, true, out);
}

static bool console_group_read(struct ctx *x, struct call *c, void *out)
{
    struct group_read_out *o = out;
    struct group_out *go = ANEW(x->arena, struct group_out);
    struct group_people p = {0};
    struct group g;

    if (!group_find(x, c->object, &g) || !group_people(x, c->object, &p) || !group_fill(x, &g, go))
        return false;
    o->group.v = go;
    o->people = group_people_list(x, &p);
    return true;
}

/* Whom an admin of groups can put into one: names and IDs, as colleagues see them. */
static bool console_people(struct ctx *x, struct call *c, void *out)
{
    const struct group_seen_query *q = c->query;
    const struct member_query query = {.q = q ? q->q : SV_NONE, .limit = 20, .colleague = true};
    struct people_out *o = out;
    struct member_page page = {0};

    if (!org_member_search(x, &query, &page))
        return false;
    struct found_out *v = ANEWN(x->arena, struct found_out, page.members.n);
    for (size_t i = 0; i < page.members.n; i++)
        v[i] = (struct found_out){page.members.v[i].id, page.members.v[i].family, page.members.v[i].given,
                                  page.members.v[i].login};
    o->people = (struct list){v, page.members.n};
    return true;
}

static bool console_group_add(struct ctx *x, struct call *c, void *out)
{
    const struct group_in *in = c->in;
    struct group g = {0};

    group_kind_find(in->kind, &g.kind);
    group_defaults(x, &g);
    group_take(in, &g);
    if (!in->description.p)
        g.description = SV("");
    bool ok = group_make(x, &g, group_ids_of(in->masters), group_ids_of(in->members));
    audit(x, AUDIT_GROUP_ADD, g.id, group_add_detail(x, &g, in));
    ((struct group_id_out *)out)->id = g.id;
    return ok;
}

static bool console_group_edit(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return group_find(x, c->object, &g) && group_change_save(x, g, c->in);
}

static bool console_group_delete(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return group_find(x, c->object, &g) && group_end(x, &g);
}

static bool console_group_restore(struct ctx *x, struct call *c, void *out)
{
    struct group_people all = {0};
    struct group g;

    (void)out;
    audit(x, AUDIT_GROUP_RESTORE, c->object, SV_NONE);
    return group_gone_find(x, c->object, &g) && group_restore(x, c->object) && group_room_follow(x, c->object) &&
           group_people(x, c->object, &all) && group_tell(x, &g, &all, NULL, "が復元されました。", "it was restored.");
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.group.list", .method = GET, .path = "/console/groups", .who = WHO_CONSOLE, .menu = M_MEMBER_GROUP,
     .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &page_query, .out = &group_page_out,
     .run = console_group_list, .doc = "Groups by name, with masters and functions; q also finds by a member's name."},
    {.name = "console.group.gone", .method = GET, .path = "/console/gone-groups", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &page_query,
     .out = &group_page_out, .run = console_gone_list, .doc = "Deleted groups that can still be restored."},
    {.name = "console.group.people", .method = GET, .path = "/console/group-people", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_READ, .audit = AUDIT_NONE, .query = &group_seen_query, .out = &people_out,
     .run = console_people, .doc = "Members to choose from."},
    {.name = "console.group.read", .method = GET, .path = "/console/groups/:group", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .object = OBJ_GROUP, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ,
     .out = &group_read_out, .run = console_group_read, .doc = "A group and its members."},
    {.name = "console.group.add", .method = POST, .path = "/console/groups", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_WRITE, .audit = AUDIT_GROUP_ADD, .in = &add_in, .out = &group_id_out,
     .run = console_group_add, .doc = "Makes a group."},
    {.name = "console.group.edit", .method = PUT, .path = "/console/groups/:group", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .object = OBJ_GROUP, .flags = OP_WRITE, .audit = AUDIT_GROUP_EDIT, .in = &edit_in,
     .out = &nothing_out, .run = console_group_edit, .doc = "Changes what is given; a removed member loses access at once."},
    {.name = "console.group.delete", .method = DELETE_, .path = "/console/groups/:group", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .object = OBJ_GROUP, .flags = OP_WRITE, .audit = AUDIT_GROUP_DELETE,
     .out = &nothing_out, .run = console_group_delete, .doc = "Deletes a group; its room is gone for everybody at once."},
    {.name = "console.group.restore", .method = POST, .path = "/console/gone-groups/:gone/restore",
     .who = WHO_CONSOLE, .menu = M_MEMBER_GROUP, .object = OBJ_GONE_GROUP, .flags = OP_WRITE,
     .audit = AUDIT_GROUP_RESTORE, .out = &nothing_out, .run = console_group_restore,
     .doc = "Brings a group back with its room, within 30 days."},
};
/* clang-format on */
const struct op_table group_console_ops = {ops, COUNT(ops)};
