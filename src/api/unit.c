/* api/unit.c: org units in the console: the tree and what stands in it. */
#include "api/app.h"
#include "api/unit_change.h"
#include "api/unit_people.h"
#include "api/unit_room.h"
#include "base/plain.h"

#define MOVERS_SHOWN 200

struct unit_find_query {
    sv q;
};
static const struct field unit_find_query_fields[] = {
    FIELD(struct unit_find_query, q, .max = 80, .doc = "part of a unit's name or ID, or of a member's name; absent: all"),
};
static const struct schema unit_find_query = SCHEMA("unit_find_query", struct unit_find_query, unit_find_query_fields);

struct unit_row_out {
    id64 id, parent, leader;
    int64_t place, members;
    sv code, name;
    bool public, talk;
};
static const struct field unit_row_out_fields[] = {
    FIELD(struct unit_row_out, id, .doc = "the unit"),
    FIELD(struct unit_row_out, parent, .doc = "the unit above it; 0: none"),
    FIELD(struct unit_row_out, place, .doc = "order among the units of one parent"),
    FIELD(struct unit_row_out, code, .doc = "its ID, chosen by the admin"),
    FIELD(struct unit_row_out, name, .doc = "its name"),
    FIELD(struct unit_row_out, members, .doc = "how many belong to it, without those below"),
    FIELD(struct unit_row_out, leader, .doc = "its leader; 0: none"),
    FIELD(struct unit_row_out, public, .doc = "is it published?"),
    FIELD(struct unit_row_out, talk, .doc = "has it a talk room?"),
};
static const struct schema unit_row_out = SCHEMA("unit_row_out", struct unit_row_out, unit_row_out_fields);

struct units_out {
    struct list units;
};
static const struct field console_units_out_fields[] = {
    FIELD(struct units_out, units, .of = &unit_row_out, .doc = "in no particular order: see parent and place"),
};
static const struct schema console_units_out = SCHEMA("console_units_out", struct units_out, console_units_out_fields);

struct unit_out {
    id64 id, parent, leader, room;
    int64_t members, people;
    sv code, name, description, leader_name;
    bool public, talk, note, event, task, folder, delegation, notify;
};
static const struct field console_unit_out_fields[] = {
    FIELD(struct unit_out, id, .doc = "the unit"),
    FIELD(struct unit_out, parent, .doc = "the unit above it; 0: none"),
    FIELD(struct unit_out, code, .doc = "its ID, chosen by the admin"),
    FIELD(struct unit_out, name, .doc = "its name"),
    FIELD(struct unit_out, description, .doc = "what it does"),
    FIELD(struct unit_out, members, .doc = "how many belong to it, without those below"),
    FIELD(struct unit_out, people, .doc = "how many belong to it or below: they are in its room"),
    FIELD(struct unit_out, leader, .doc = "its leader; 0: none"),
    FIELD(struct unit_out, leader_name, .doc = "the leader's name, or empty"),
    FIELD(struct unit_out, public, .doc = "do all members find it?"),
    FIELD(struct unit_out, talk, .doc = "talk-room function; off: the other four are not in force"),
    FIELD(struct unit_out, note, .doc = "talk-room function"),
    FIELD(struct unit_out, event, .doc = "talk-room function"),
    FIELD(struct unit_out, task, .doc = "talk-room function"),
    FIELD(struct unit_out, folder, .doc = "talk-room function"),
    FIELD(struct unit_out, delegation, .doc = "may the leader change the functions?"),
    FIELD(struct unit_out, notify, .doc = "are the members told of changes?"),
    FIELD(struct unit_out, room, .doc = "its talk room; 0: none"),
};
static const struct schema console_unit_out = SCHEMA("console_unit_out", struct unit_out, console_unit_out_fields);

static const struct field unit_edit_in_fields[] = {
    FIELD(struct unit_out, name, .need = true, .min = 1, .max = UNIT_NAME_MAX, .doc = "its name"),
    FIELD(struct unit_out, code, .need = true, .min = 1, .max = UNIT_CODE_MAX, .doc = "a-z A-Z 0-9 . _ -, one of its kind"),
    FIELD(struct unit_out, description, .max = UNIT_TEXT_MAX, .lines = true, .doc = "what it does"),
    FIELD(struct unit_out, leader, .doc = "a member of the unit; absent: none"),
    FIELD(struct unit_out, public, .need = true, .doc = "do all members find it?"),
    FIELD(struct unit_out, talk, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, note, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, event, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, task, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, folder, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, delegation, .need = true, .doc = "may the leader change the functions?"),
    FIELD(struct unit_out, notify, .need = true, .doc = "are the members told of changes?"),
};
static const struct schema unit_edit_in = SCHEMA("unit_edit_in", struct unit_out, unit_edit_in_fields);

struct unit_add_in {
    sv name, code, description;
    id64 parent;
};
static const struct field unit_add_in_fields[] = {
    FIELD(struct unit_add_in, name, .need = true, .min = 1, .max = UNIT_NAME_MAX, .doc = "its name"),
    FIELD(struct unit_add_in, code, .need = true, .min = 1, .max = UNIT_CODE_MAX, .doc = "a-z A-Z 0-9 . _ -, one of its kind"),
    FIELD(struct unit_add_in, description, .max = UNIT_TEXT_MAX, .lines = true, .doc = "what it does"),
    FIELD(struct unit_add_in, parent, .doc = "the unit above it; absent: none"),
};
static const struct schema unit_add_in = SCHEMA("unit_add_in", struct unit_add_in, unit_add_in_fields);

struct unit_id_out {
    id64 id;
};
static const struct field unit_id_out_fields[] = {FIELD(struct unit_id_out, id, .doc = "the unit")};
static const struct schema unit_id_out = SCHEMA("unit_id_out", struct unit_id_out, unit_id_out_fields);

struct unit_move_in {
    id64 parent, before;
};
static const struct field unit_move_in_fields[] = {
    FIELD(struct unit_move_in, parent, .doc = "the unit that it comes under; absent: the top"),
    FIELD(struct unit_move_in, before, .doc = "the unit of this parent that it stands before; absent: last"),
};
static const struct schema unit_move_in = SCHEMA("unit_move_in", struct unit_move_in, unit_move_in_fields);
static const struct field unit_move_query_fields[] = {
    FIELD(struct unit_move_in, parent, .doc = "the unit that it would come under; absent: the top"),
};
static const struct schema unit_move_query = SCHEMA("unit_move_query", struct unit_move_in, unit_move_query_fields);

struct unit_name_out {
    id64 id;
    sv name;
};
static const struct field unit_name_out_fields[] = {
    FIELD(struct unit_name_out, id, .doc = "the unit"),
    FIELD(struct unit_name_out, name, .doc = "its name"),
};
static const struct schema unit_name_out = SCHEMA("unit_name_out", struct unit_name_out, unit_name_out_fields);

struct unit_mover_out {
    id64 id;
    sv family, given;
    int64_t leaves, joins;
};
static const struct field unit_mover_out_fields[] = {
    FIELD(struct unit_mover_out, id, .doc = "the member"),
    FIELD(struct unit_mover_out, family, .doc = "family name"),
    FIELD(struct unit_mover_out, given, .doc = "given name"),
    FIELD(struct unit_mover_out, leaves, .doc = "how many rooms it would leave"),
    FIELD(struct unit_mover_out, joins, .doc = "how many rooms it would join"),
};
static const struct schema unit_mover_out = SCHEMA("unit_mover_out", struct unit_mover_out, unit_mover_out_fields);

struct unit_plan_out {
    struct list leaves, joins, members;
    int64_t total;
};
static const struct field unit_plan_out_fields[] = {
    FIELD(struct unit_plan_out, leaves, .of = &unit_name_out, .doc = "units whose rooms members would leave"),
    FIELD(struct unit_plan_out, joins, .of = &unit_name_out, .doc = "units whose rooms members would join"),
    FIELD(struct unit_plan_out, members, .of = &unit_mover_out, .doc = "whose rooms change: the first 200"),
    FIELD(struct unit_plan_out, total, .doc = "how many members' rooms change"),
};
static const struct schema unit_plan_out = SCHEMA("unit_plan_out", struct unit_plan_out, unit_plan_out_fields);

static const struct field console_person_out_fields[] = {
    FIELD(struct unit_person_out, id, .doc = "the member"),
    FIELD(struct unit_person_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct unit_person_out, family, .doc = "family name"),
    FIELD(struct unit_person_out, given, .doc = "given name"),
    FIELD(struct unit_person_out, family_reading, .doc = "its reading"),
    FIELD(struct unit_person_out, given_reading, .doc = "its reading"),
    FIELD(struct unit_person_out, status, .one_of = "active|suspended|not_started", .doc = "may it sign in?"),
    FIELD(struct unit_person_out, main, .doc = "is this its main unit?"),
    FIELD(struct unit_person_out, title, .doc = "its title here; 0: none"),
    FIELD(struct unit_person_out, title_name, .doc = "the title's name, or empty"),
    FIELD(struct unit_person_out, leader, .doc = "does it lead the unit?"),
};
static const struct schema console_person_out =
    SCHEMA("console_unit_person_out", struct unit_person_out, console_person_out_fields);

static const struct field console_people_out_fields[] = {
    FIELD(struct unit_people_out, members, .of = &console_person_out, .doc = "sorted by reading"),
    FIELD(struct unit_people_out, more, .doc = "there are further ones"),
};
static const struct schema console_people_out =
    SCHEMA("console_unit_people_out", struct unit_people_out, console_people_out_fields);

struct unit_member_in {
    id64 member, title;
    bool main;
};
static const struct field unit_member_in_fields[] = {
    FIELD(struct unit_member_in, member, .need = true, .doc = "the member"),
    FIELD(struct unit_member_in, main, .doc = "this becomes its main unit; a first unit always is"),
    FIELD(struct unit_member_in, title, .doc = "its title here; absent: none"),
};
static const struct schema unit_member_in = SCHEMA("unit_member_in", struct unit_member_in, unit_member_in_fields);

struct unit_members_in {
    struct list put, remove;
};
static const struct field unit_members_in_fields[] = {
    FIELD(struct unit_members_in, put, .of = &unit_member_in, .max = 200, .doc = "added, or given another title"),
    FIELD(struct unit_members_in, remove, .max = 200, .doc = "who leaves the unit"),
};
static const struct schema unit_members_in = SCHEMA("unit_members_in", struct unit_members_in, unit_members_in_fields);

struct candidate_out {
    id64 id;
    sv login, family, given;
};
static const struct field candidate_out_fields[] = {
    FIELD(struct candidate_out, id, .doc = "the member"),
    FIELD(struct candidate_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct candidate_out, family, .doc = "family name"),
    FIELD(struct candidate_out, given, .doc = "given name"),
};
static const struct schema candidate_out = SCHEMA("unit_candidate_out", struct candidate_out, candidate_out_fields);

struct candidates_out {
    struct list members;
};
static const struct field candidates_out_fields[] = {
    FIELD(struct candidates_out, members, .of = &candidate_out, .doc = "the first 20, sorted by reading"),
};
static const struct schema candidates_out = SCHEMA("unit_candidates_out", struct candidates_out, candidates_out_fields);

struct unit_gone_out {
    id64 id;
    sv code, name, parent_name;
    time64 deleted, until;
};
static const struct field unit_gone_out_fields[] = {
    FIELD(struct unit_gone_out, id, .doc = "the unit"),
    FIELD(struct unit_gone_out, code, .doc = "the ID it had"),
    FIELD(struct unit_gone_out, name, .doc = "its name"),
    FIELD(struct unit_gone_out, parent_name, .doc = "name of the unit above it that comes back with it, or empty"),
    FIELD(struct unit_gone_out, deleted, .doc = "when it was deleted"),
    FIELD(struct unit_gone_out, until, .doc = "when its data are erased"),
};
static const struct schema unit_gone_out = SCHEMA("unit_gone_out", struct unit_gone_out, unit_gone_out_fields);
static const struct field units_gone_out_fields[] = {
    FIELD(struct units_out, units, .of = &unit_gone_out, .doc = "newest first"),
};
static const struct schema units_gone_out = SCHEMA("units_gone_out", struct units_out, units_gone_out_fields);

/* ---- helpers */

static void row_fill(const struct unit *u, struct unit_row_out *o)
{
    *o = (struct unit_row_out){
        .id = u->id,
        .parent = u->parent,
        .leader = u->leader,
        .place = u->place,
        .members = u->members,
        .code = u->code,
        .name = u->name,
        .public = u->public,
        .talk = u->functions & UNIT_TALK,
    };
}

static struct list names_of(struct ctx *x, const struct units *units)
{
    struct unit_name_out *v = ANEWN(x->arena, struct unit_name_out, units->n);

    for (size_t i = 0; i < units->n; i++)
        v[i] = (struct unit_name_out){units->v[i].id, units->v[i].name};
    return (struct list){v, units->n};
}

/* {"units":[{"code":…,"name":…},…]} */
static sv units_detail(struct ctx *x, const struct units *units)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_list(&j, "units");
    for (size_t i = 0; i < units->n; i++) {
        json_open(&j, NULL);
        json_id(&j, "id", units->v[i].id);
        json_text(&j, "code", units->v[i].code);
        json_text(&j, "name", units->v[i].name);
        json_close(&j);
    }
    json_list_end(&j);
    json_close(&j);
    return str_sv(&text);
}

/* ---- the console */

static bool unit_rows(struct ctx *x, const struct units *all, struct units_out *o)
{
    struct unit_row_out *v = ANEWN(x->arena, struct unit_row_out, all->n);

    for (size_t i = 0; i < all->n; i++)
        row_fill(&all->v[i], &v[i]);
    o->units = (struct list){v, all->n};
    return true;
}

static bool console_list(struct ctx *x, struct call *c, void *out)
{
    const struct unit_find_query *q = c->query;
    struct units all = {0};

    return (q->q.n ? unit_search(x, q->q, &all) : unit_list(x, &all)) && unit_rows(x, &all, out);
}

static bool console_read(struct ctx *x, struct call *c, void *out)
{
    struct unit_out *o = out;
    struct id_list people = {0};
    struct unit u;

    if (!unit_find(x, c->object, &u) || !unit_room_people(x, c->object, &people))
        return false;
    *o = (struct unit_out){
        .id = u.id,
        .parent = u.parent,
        .leader = u.leader,
        .room = u.room,
        .members = u.members,
        .people = (int64_t)people.n,
        .code = u.code,
        .name = u.name,
        .description = u.description,
        .public = u.public,
        .talk = u.functions & UNIT_TALK,
        .note = u.functions & UNIT_NOTE,
        .event = u.functions & UNIT_EVENT,
        .task = u.functions & UNIT_TASK,
        .folder = u.functions & UNIT_FOLDER,
        .delegation = u.delegation,
        .notify = u.notify,
    };
    return unit_leader_name(x, u.leader, &o->leader_name);
}

static bool console_people(struct ctx *x, struct call *c, void *out)
{
    return unit_people_page(x, c, false, out);
}

static bool op_unit_add(struct ctx *x, struct call *c, void *out)
{
    const struct unit_add_in *in = c->in;
    struct unit u = {.name = in->name, .code = in->code, .description = in->description, .parent = in->parent};
    bool ok = unit_add(x, &u);
    struct units one = {&u, 1, 1};

    audit(x, AUDIT_UNIT_ADD, u.id, units_detail(x, &one));
    ((struct unit_id_out *)out)->id = u.id;
    return ok;
}

static bool op_unit_edit(struct ctx *x, struct call *c, void *out)
{
    const struct unit_out *in = c->in;
    struct unit before, after;
    struct unit_changes changes = {0};

    (void)out;
    if (!unit_find(x, c->object, &before))
        return false;
    after = before;
    after.name = text_trim(in->name);
    after.code = in->code;
    after.description = in->description;
    after.leader = in->leader;
    after.public = in->public;
    after.functions = unit_functions_sum(in->talk, in->note, in->event, in->task, in->folder);
    after.delegation = in->delegation;
    after.notify = in->notify;
    unit_note_changes(x, &changes, &before, &after);
    audit(x, AUDIT_UNIT_EDIT, c->object, unit_changes_detail(x, &changes));
    return unit_edit(x, &after) && unit_room_edited(x, &before, &after) && unit_tell_members(x, &after, &changes);
}

static bool op_unit_move(struct ctx *x, struct call *c, void *out)
{
    const struct unit_move_in *in = c->in;
    struct id_list changed = {0};
    struct unit u;

    (void)out;
    if (!unit_find(x, c->object, &u))
        return false;
    audit(x, AUDIT_UNIT_MOVE, c->object,
          sv_printf(x->arena, "{\"parent\":{\"old\":\"%" PRId64 "\",\"new\":\"%" PRId64 "\"}}", u.parent.n, in->parent.n));
    return unit_move(x, c->object, in->parent, in->before, &changed) && unit_rooms_follow(x, &changed);
}

static bool op_unit_move_plan(struct ctx *x, struct call *c, void *out)
{
    const struct unit_move_in *q = c->query;
    struct unit_plan_out *o = out;
    struct unit_move_plan plan = {0};

    if (!unit_move_plan(x, c->object, q->parent, &plan))
        return false;
    size_t n = plan.movers.n < MOVERS_SHOWN ? plan.movers.n : MOVERS_SHOWN;
    struct unit_mover_out *v = ANEWN(x->arena, struct unit_mover_out, n);
    for (size_t i = 0; i < n; i++) {
        const struct unit_mover *m = &plan.movers.v[i];
        struct member who;
        if (!org_member_find(x, m->member, &who))
            return false;
        v[i] = (struct unit_mover_out){m->member, who.family, who.given, m->leaves, m->joins};
    }
    *o = (struct unit_plan_out){names_of(x, &plan.leaves), names_of(x, &plan.joins), {v, n}, (int64_t)plan.movers.n};
    return true;
}

static bool op_unit_members(struct ctx *x, struct call *c, void *out)
{
    const struct unit_members_in *in = c->in;
    const struct unit_member_in *put = in->put.v;
    const id64 *gone = in->remove.v;
    struct id_list changed = {0};
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    (void)out;
    json_open(&j, NULL);
    json_list(&j, "put");
    for (size_t i = 0; i < in->put.n; i++)
        json_id(&j, NULL, put[i].member);
    json_list_end(&j);
    json_list(&j, "removed");
    for (size_t i = 0; i < in->remove.n; i++)
        json_id(&j, NULL, gone[i]);
    json_list_end(&j);
    json_close(&j);
    audit(x, AUDIT_UNIT_MEMBERS, c->object, str_sv(&text));
    for (size_t i = 0; i < in->remove.n; i++)
        if (!unit_member_remove(x, c->object, gone[i], &changed))
            return false;
    for (size_t i = 0; i < in->put.n; i++)
        if (!unit_member_put(x, c->object, put[i].member, put[i].main, put[i].title, &changed))
            return false;
    return unit_rooms_follow(x, &changed);
}

static bool op_unit_delete(struct ctx *x, struct call *c, void *out)
{
    struct units gone = {0};

    (void)out;
    bool ok = unit_delete(x, c->object, &gone) && unit_rooms_close(x, &gone);
    audit(x, AUDIT_UNIT_DELETE, c->object, units_detail(x, &gone));
    return ok;
}

static const struct unit *among(const struct units *v, id64 id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].id.n == id.n)
            return &v->v[i];
    return NULL;
}

static bool gone_list(struct ctx *x, struct call *c, void *out)
{
    struct units all = {0};

    (void)c;
    if (!unit_gone_list(x, &all))
        return false;
    struct unit_gone_out *v = ANEWN(x->arena, struct unit_gone_out, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct unit *u = &all.v[i], *up = among(&all, u->parent);
        v[i] = (struct unit_gone_out){
            .id = u->id,
            .code = u->code,
            .name = u->name,
            .parent_name = up && up->deleted_ms == u->deleted_ms ? up->name : SV(""),
            .deleted = {u->deleted_ms},
            .until = {u->deleted_ms + UNIT_KEPT_MS},
        };
    }
    ((struct units_out *)out)->units = (struct list){v, all.n};
    return true;
}

static bool op_unit_restore(struct ctx *x, struct call *c, void *out)
{
    struct units back = {0};

    (void)out;
    bool ok = unit_restore(x, c->object, &back) && unit_rooms_open(x, &back);
    audit(x, AUDIT_UNIT_RESTORE, c->object, units_detail(x, &back));
    return ok;
}

#define CANDIDATES 20

static bool op_candidates(struct ctx *x, struct call *c, void *out)
{
    const struct unit_find_query *q = c->query;
    struct candidates_out *o = out;
    struct member_page page = {0};
    struct member_query query = {.q = q->q, .limit = CANDIDATES};

    if (!org_member_search(x, &query, &page))
        return false;
    struct candidate_out *v = ANEWN(x->arena, struct candidate_out, page.members.n);
    for (size_t i = 0; i < page.members.n; i++) {
        const struct member *m = &page.members.v[i];
        v[i] = (struct candidate_out){m->id, m->login, m->family, m->given};
    }
    o->members = (struct list){v, page.members.n};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.unit.list", .method = GET, .path = "/console/units", .who = WHO_CONSOLE, .menu = M_MEMBER_UNIT,
     .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_find_query, .out = &console_units_out, .run = console_list,
     .doc = "All units, or those that a search finds."},
    {.name = "console.unit.read", .method = GET, .path = "/console/units/:unit", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_READ, .audit = AUDIT_NONE, .out = &console_unit_out,
     .run = console_read, .doc = "A unit with its functions."},
    {.name = "console.unit.people", .method = GET, .path = "/console/units/:unit/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_page_query,
     .out = &console_people_out, .run = console_people, .doc = "Members of a unit, page by page."},
    {.name = "console.unit.add", .method = POST, .path = "/console/units", .who = WHO_CONSOLE, .menu = M_MEMBER_UNIT,
     .flags = OP_WRITE, .audit = AUDIT_UNIT_ADD, .in = &unit_add_in, .out = &unit_id_out, .run = op_unit_add,
     .doc = "Makes a unit; what it does not say comes from the settings."},
    {.name = "console.unit.edit", .method = PUT, .path = "/console/units/:unit", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_WRITE, .audit = AUDIT_UNIT_EDIT, .in = &unit_edit_in,
     .out = &nothing_out, .run = op_unit_edit, .doc = "Changes a unit; its members are told where it says so."},
    {.name = "console.unit.move_plan", .method = GET, .path = "/console/units/:unit/move", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_move_query,
     .out = &unit_plan_out, .run = op_unit_move_plan, .doc = "Whose rooms a move would change; moves nothing."},
    {.name = "console.unit.move", .method = POST, .path = "/console/units/:unit/move", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_WRITE, .audit = AUDIT_UNIT_MOVE, .in = &unit_move_in,
     .out = &nothing_out, .run = op_unit_move, .doc = "Moves a unit with everything below it."},
    {.name = "console.unit.members", .method = POST, .path = "/console/units/:unit/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_WRITE, .audit = AUDIT_UNIT_MEMBERS,
     .in = &unit_members_in, .out = &nothing_out, .run = op_unit_members, .doc = "Members join, change or leave a unit."},
    {.name = "console.unit.candidates", .method = GET, .path = "/console/unit-candidates", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_find_query, .out = &candidates_out,
     .run = op_candidates, .doc = "Members to be added to a unit, by part of a name."},
    {.name = "console.unit.delete", .method = DELETE_, .path = "/console/units/:unit", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .object = OBJ_UNIT, .flags = OP_WRITE, .audit = AUDIT_UNIT_DELETE, .out = &nothing_out,
     .run = op_unit_delete, .doc = "Deletes a unit without members, and everything below it."},
    {.name = "console.unit.gone", .method = GET, .path = "/console/former-units", .who = WHO_CONSOLE,
     .menu = M_MEMBER_UNIT, .flags = OP_READ, .audit = AUDIT_NONE, .out = &units_gone_out, .run = gone_list,
     .doc = "Deleted units that can be restored."},
    {.name = "console.unit.restore", .method = POST, .path = "/console/former-units/:formerunit/restore",
     .who = WHO_CONSOLE, .menu = M_MEMBER_UNIT, .object = OBJ_FORMER_UNIT, .flags = OP_WRITE,
     .audit = AUDIT_UNIT_RESTORE, .out = &nothing_out, .run = op_unit_restore,
     .doc = "Restores a unit with what was deleted below it, and with what was said in their rooms."},
};
/* clang-format on */
const struct op_table unit_ops = {ops, COUNT(ops)};
