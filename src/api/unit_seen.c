/* api/unit_seen.c: what members see of units, and what a leader may do. */
#include "api/unit_change.h"
#include "api/unit_people.h"
#include "api/unit_room.h"

struct unit_query {
    sv q;
    int64_t limit;
};
static const struct field unit_query_fields[] = {
    FIELD(struct unit_query, q, .max = 80, .doc = "part of a name or unit ID; absent: all"),
    FIELD(struct unit_query, limit, .min = 1, .max = 10000, .doc = "how many at most: for suggestions; all when absent"),
};
static const struct schema unit_query = SCHEMA("unit_query", struct unit_query, unit_query_fields);

struct seen_out {
    id64 id, parent;
    sv name;
    int64_t place, members;
};
static const struct field unit_seen_out_fields[] = {
    FIELD(struct seen_out, id, .doc = "the unit"),
    FIELD(struct seen_out, parent, .doc = "the next unit above it that the caller may see; 0: none"),
    FIELD(struct seen_out, place, .doc = "order among the units of one parent"),
    FIELD(struct seen_out, name, .doc = "its name"),
    FIELD(struct seen_out, members, .doc = "how many belong to it, without those below"),
};
static const struct schema unit_seen_out = SCHEMA("unit_seen_out", struct seen_out, unit_seen_out_fields);
struct units_seen_out {
    struct list units;
};
static const struct field units_seen_out_fields[] = {
    FIELD(struct units_seen_out, units, .of = &unit_seen_out, .doc = "in no particular order: see parent and place"),
};
static const struct schema units_seen_out = SCHEMA("units_seen_out", struct units_seen_out, units_seen_out_fields);

struct unit_read_out {
    id64 id, leader, room;
    sv name, description, leader_name;
    int64_t members;
    bool talk, note, event, task, folder, may_change;
};
static const struct field unit_read_out_fields[] = {
    FIELD(struct unit_read_out, id, .doc = "the unit"),
    FIELD(struct unit_read_out, name, .doc = "its name"),
    FIELD(struct unit_read_out, description, .doc = "what it does"),
    FIELD(struct unit_read_out, members, .doc = "how many belong to it, without those below"),
    FIELD(struct unit_read_out, leader, .doc = "its leader; 0: none, or units are not shown"),
    FIELD(struct unit_read_out, leader_name, .doc = "the leader's name, or empty"),
    FIELD(struct unit_read_out, room, .doc = "its talk room, where the caller is in it; else 0"),
    FIELD(struct unit_read_out, talk, .doc = "in force?"),
    FIELD(struct unit_read_out, note, .doc = "in force?"),
    FIELD(struct unit_read_out, event, .doc = "in force?"),
    FIELD(struct unit_read_out, task, .doc = "in force?"),
    FIELD(struct unit_read_out, folder, .doc = "in force?"),
    FIELD(struct unit_read_out, may_change, .doc = "may the caller, as its leader, change the functions?"),
};
static const struct schema unit_read_out = SCHEMA("unit_read_out", struct unit_read_out, unit_read_out_fields);

static const struct field person_out_fields[] = {
    FIELD(struct unit_person_out, id, .doc = "the member"),
    FIELD(struct unit_person_out, family, .doc = "family name"),
    FIELD(struct unit_person_out, given, .doc = "given name"),
    FIELD(struct unit_person_out, family_reading, .doc = "its reading"),
    FIELD(struct unit_person_out, given_reading, .doc = "its reading"),
    FIELD(struct unit_person_out, title_name, .doc = "its title here; empty: none, or titles are not shown"),
    FIELD(struct unit_person_out, leader, .doc = "does it lead the unit?"),
};
static const struct schema unit_person_out = SCHEMA("unit_person_out", struct unit_person_out, person_out_fields);
static const struct field unit_people_out_fields[] = {
    FIELD(struct unit_people_out, members, .of = &unit_person_out, .doc = "sorted by reading; none where units are not shown"),
    FIELD(struct unit_people_out, more, .doc = "there are further ones"),
};
static const struct schema unit_people_out = SCHEMA("unit_people_out", struct unit_people_out, unit_people_out_fields);

struct functions_in {
    bool talk, note, event, task, folder;
};
static const struct field unit_functions_in_fields[] = {
    FIELD(struct functions_in, talk, .need = true, .doc = "off: the other four are not in force"),
    FIELD(struct functions_in, note, .need = true, .doc = "talk-room function"),
    FIELD(struct functions_in, event, .need = true, .doc = "talk-room function"),
    FIELD(struct functions_in, task, .need = true, .doc = "talk-room function"),
    FIELD(struct functions_in, folder, .need = true, .doc = "talk-room function"),
};
static const struct schema unit_functions_in = SCHEMA("unit_functions_in", struct functions_in, unit_functions_in_fields);

static bool seen_list(struct ctx *x, struct call *c, void *out)
{
    const struct unit_query *q = c->query;
    struct units all = {0};

    if (!unit_visible_list(x, q->q, &all))
        return false;
    if (q->limit && (int64_t)all.n > q->limit)
        all.n = (size_t)q->limit;
    struct seen_out *v = ANEWN(x->arena, struct seen_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct seen_out){all.v[i].id, all.v[i].parent, all.v[i].name, all.v[i].place, all.v[i].members};
    ((struct units_seen_out *)out)->units = (struct list){v, all.n};
    return true;
}

static bool seen_read(struct ctx *x, struct call *c, void *out)
{
    struct unit_read_out *o = out;
    struct unit u;
    bool among_them;

    if (!unit_find(x, c->object, &u) || !unit_among(x, u.id, x->actor.member, &among_them))
        return false;
    int64_t now = unit_functions(&u);
    bool leads = u.leader.n == x->actor.member.n;
    id64 leader = leads || org_field_visible(x, MF_UNIT) ? u.leader : ID_NONE;
    *o = (struct unit_read_out){
        .id = u.id,
        .leader = leader,
        .room = now & UNIT_TALK && among_them ? u.room : ID_NONE,
        .name = u.name,
        .description = u.description,
        .members = u.members,
        .talk = now & UNIT_TALK,
        .note = now & UNIT_NOTE,
        .event = now & UNIT_EVENT,
        .task = now & UNIT_TASK,
        .folder = now & UNIT_FOLDER,
        .may_change = u.delegation && leads,
    };
    return unit_leader_name(x, leader, &o->leader_name);
}

static bool seen_people(struct ctx *x, struct call *c, void *out)
{
    return unit_people_page(x, c, true, out);
}

static bool op_unit_functions(struct ctx *x, struct call *c, void *out)
{
    const struct functions_in *in = c->in;
    struct unit before, after;
    struct unit_changes changes = {0};

    (void)out;
    if (!unit_find(x, c->object, &before))
        return false;
    after = before;
    after.functions = unit_functions_sum(in->talk, in->note, in->event, in->task, in->folder);
    unit_note_changes(x, &changes, &before, &after);
    audit(x, AUDIT_UNIT_EDIT, c->object, unit_changes_detail(x, &changes));
    return unit_functions_by_leader(x, c->object, after.functions) && unit_room_edited(x, &before, &after) &&
           unit_tell_members(x, &after, &changes);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "unit.list", .method = GET, .path = "/units", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_READ, .audit = AUDIT_NONE,
     .query = &unit_query, .out = &units_seen_out, .run = seen_list,
     .doc = "Units that the caller may see: list, search and suggestions; none where units are not shown."},
    {.name = "unit.read", .method = GET, .path = "/units/:unit", .who = WHO_MEMBER, .service = SERVICE_NONE, .object = OBJ_UNIT,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &unit_read_out, .run = seen_read, .doc = "A unit as members see it."},
    {.name = "unit.people", .method = GET, .path = "/units/:unit/members", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_UNIT,
     .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_page_query, .out = &unit_people_out, .run = seen_people,
     .doc = "Members of a unit, page by page."},
    {.name = "unit.functions", .method = PUT, .path = "/units/:unit/functions", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_UNIT,
     .flags = OP_WRITE, .audit = AUDIT_UNIT_EDIT, .in = &unit_functions_in, .out = &nothing_out,
     .run = op_unit_functions, .doc = "The leader changes the talk-room functions of the own unit."},
};
/* clang-format on */
const struct op_table unit_seen_ops = {ops, COUNT(ops)};
