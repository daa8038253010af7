/* api/unit.c: org units: the console's tree and what stands in it, what members see of it, and what a leader may do. */
#include "api/app.h"
#include "api/unit_room.h"
#include "base/plain.h"
#include "core/full_name.h"
#include "svc/org/label.h"
#include "svc/org/unit.h"
#include "svc/talk/place.h"

#define PAGE 100
#define MOVERS_SHOWN 200

struct unit_query {
    sv q;
    int64_t limit;
};
static const struct field unit_query_fields[] = {
    FIELD(struct unit_query, q, .max = 80, .doc = "part of a name or unit ID; absent: all"),
    FIELD(struct unit_query, limit, .min = 1, .max = 10000, .doc = "how many at most: for suggestions; all when absent"),
};
static const struct schema unit_query = SCHEMA("unit_query", struct unit_query, unit_query_fields);

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

static const struct field unit_functions_in_fields[] = {
    FIELD(struct unit_out, talk, .need = true, .doc = "off: the other four are not in force"),
    FIELD(struct unit_out, note, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, event, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, task, .need = true, .doc = "talk-room function"),
    FIELD(struct unit_out, folder, .need = true, .doc = "talk-room function"),
};
static const struct schema unit_functions_in = SCHEMA("unit_functions_in", struct unit_out, unit_functions_in_fields);

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

struct unit_page_query {
    id64 after;
    int64_t limit;
};
static const struct field unit_page_query_fields[] = {
    FIELD(struct unit_page_query, after, .doc = "continue behind this member"),
    FIELD(struct unit_page_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema unit_page_query = SCHEMA("unit_page", struct unit_page_query, unit_page_query_fields);

struct unit_person_out {
    id64 id, title;
    sv login, family, given, family_reading, given_reading, status, title_name;
    bool main, leader;
};
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

struct unit_people_out {
    struct list members;
    bool more;
};
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

struct post_out {
    id64 unit, title;
    sv name, title_name;
    bool main;
};
static const struct field post_out_fields[] = {
    FIELD(struct post_out, unit, .doc = "the unit"),
    FIELD(struct post_out, name, .doc = "its name"),
    FIELD(struct post_out, main, .doc = "is it the main one?"),
    FIELD(struct post_out, title, .doc = "the title there; 0: none"),
    FIELD(struct post_out, title_name, .doc = "the title's name, or empty"),
};
static const struct schema unit_post_out = SCHEMA("unit_post_out", struct post_out, post_out_fields);

struct member_units_out {
    struct list units;
    sv role, permtype_name;
    id64 permtype;
};
static const struct field member_units_out_fields[] = {
    FIELD(struct member_units_out, units, .of = &unit_post_out, .doc = "the main one first"),
    FIELD(struct member_units_out, role, .doc = "admin role: to be looked at again after a change"),
    FIELD(struct member_units_out, permtype, .doc = "permission type: to be looked at again; 0: none"),
    FIELD(struct member_units_out, permtype_name, .doc = "its name, or empty"),
};
static const struct schema member_units_out = SCHEMA("member_units_out", struct member_units_out, member_units_out_fields);

struct post_in {
    id64 unit, title;
    bool main;
};
static const struct field unit_post_in_fields[] = {
    FIELD(struct post_in, unit, .need = true, .doc = "the unit"),
    FIELD(struct post_in, main, .doc = "the main one; without any the first is it"),
    FIELD(struct post_in, title, .doc = "the title there; absent: none"),
};
static const struct schema unit_post_in = SCHEMA("unit_post_in", struct post_in, unit_post_in_fields);

struct member_units_in {
    struct list units;
};
static const struct field member_units_in_fields[] = {
    FIELD(struct member_units_in, units, .of = &unit_post_in, .need = true, .max = UNIT_POSTS_MAX,
          .doc = "all of them: what is not here is left"),
};
static const struct schema member_units_in = SCHEMA("member_units_in", struct member_units_in, member_units_in_fields);

/* What members see. */
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
static const struct field units_seen_out_fields[] = {
    FIELD(struct units_out, units, .of = &unit_seen_out, .doc = "in no particular order: see parent and place"),
};
static const struct schema units_seen_out = SCHEMA("units_seen_out", struct units_out, units_seen_out_fields);

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

/* ---- helpers */

static const struct {
    enum unit_function f;
    const char *name;
} functions[] = {
    {UNIT_TALK, "talk"}, {UNIT_NOTE, "note"}, {UNIT_EVENT, "event"}, {UNIT_TASK, "task"}, {UNIT_FOLDER, "folder"},
};

static sv functions_text(struct ctx *x, int64_t sum)
{
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < COUNT(functions); i++)
        if (sum & functions[i].f)
            str_printf(&s, "%s%s", s.n ? "|" : "", functions[i].name);
    return s.n ? str_sv(&s) : SV("{}");
}

static int64_t functions_in(const struct unit_out *in)
{
    return (in->talk ? UNIT_TALK : 0) | (in->note ? UNIT_NOTE : 0) | (in->event ? UNIT_EVENT : 0) |
           (in->task ? UNIT_TASK : 0) | (in->folder ? UNIT_FOLDER : 0);
}

static sv person_name(struct ctx *x, const struct member *m)
{
    return full_name(x->arena, m->family, m->given);
}

static bool leader_name(struct ctx *x, id64 leader, sv *out)
{
    struct member m;

    *out = SV("");
    if (leader.n == 0)
        return true;
    if (!org_member_find(x, leader, &m))
        return false;
    *out = person_name(x, &m);
    return true;
}

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

/* What an edit changed: for the audit row with old and new value, for the notice by label. */
struct change {
    const char *key, *ja, *en;
    sv old, new;
};
struct changes {
    struct change *v;
    size_t n, cap;
};

static void note_text(struct ctx *x, struct changes *c, const char *key, const char *ja, const char *en, sv old, sv new)
{
    if (!sv_equal(old, new))
        *PUSH(x->arena, c) = (struct change){key, ja, en, old, new};
}

static sv yes(bool b)
{
    return b ? SV("true") : SV("false");
}

static sv id_text(struct ctx *x, id64 id)
{
    return sv_printf(x->arena, "%" PRId64, id.n);
}

static void note_changes(struct ctx *x, struct changes *c, const struct unit *a, const struct unit *b)
{
    note_text(x, c, "name", "名前", "name", a->name, b->name);
    note_text(x, c, "code", "組織 ID", "unit ID", a->code, b->code);
    note_text(x, c, "description", "説明", "description", a->description, b->description);
    note_text(x, c, "leader", "組織長", "unit leader", id_text(x, a->leader), id_text(x, b->leader));
    note_text(x, c, "public", "組織公開", "publication", yes(a->public), yes(b->public));
    note_text(x, c, "functions", "トークルーム機能", "talk-room functions", functions_text(x, a->functions),
              functions_text(x, b->functions));
    note_text(x, c, "delegation", "組織長への権限付与", "delegation to the leader", yes(a->delegation), yes(b->delegation));
    note_text(x, c, "notify", "変更のお知らせ", "notice of changes", yes(a->notify), yes(b->notify));
}

static sv changes_detail(struct ctx *x, const struct changes *c)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    for (size_t i = 0; i < c->n; i++) {
        json_open(&j, c->v[i].key);
        json_text(&j, "old", c->v[i].old);
        json_text(&j, "new", c->v[i].new);
        json_close(&j);
    }
    json_close(&j);
    return str_sv(&text);
}

/* One notice to each member of the unit for all that one save changed. */
static bool tell_members(struct ctx *x, const struct unit *u, const struct changes *c)
{
    struct str ja = STR_IN(x->arena), en = STR_IN(x->arena);
    struct unit_people page = {0};
    id64 after = ID_NONE;
    bool more = true;

    if (!u->notify || c->n == 0)
        return true;
    str_printf(&ja, "組織「%.*s」の設定が変更されました。変更された項目: ", SV_ARG(u->name));
    str_printf(&en, "The settings of the unit “%.*s” were changed: ", SV_ARG(u->name));
    for (size_t i = 0; i < c->n; i++) {
        str_printf(&ja, "%s%s", i ? "、" : "", c->v[i].ja);
        str_printf(&en, "%s%s", i ? ", " : "", c->v[i].en);
    }
    while (more) {
        page.n = 0;
        if (!unit_members(x, u->id, after, 500, &page, &more))
            return false;
        for (size_t i = 0; i < page.n; i++)
            if (!talk_notice_in(x, page.v[i].m.id, str_sv(&ja), str_sv(&en)))
                return false;
        after = page.n ? page.v[page.n - 1].m.id : ID_NONE;
    }
    return true;
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
    return leader_name(x, u.leader, &o->leader_name);
}

/* A page of the unit's members; the console's and the members' answers are cut from the same struct. */
static bool people_page(struct ctx *x, struct call *c, bool colleague, struct unit_people_out *o)
{
    const struct unit_page_query *q = c->query;
    struct unit_people page = {0};
    struct unit u;

    if (colleague && !org_field_visible(x, MF_UNIT))
        return true;                                      /* who is where is nobody's to read */
    if (!unit_find(x, c->object, &u) ||
        !unit_members(x, c->object, q->after, q->limit ? q->limit : PAGE, &page, &o->more))
        return false;
    struct unit_person_out *v = ANEWN(x->arena, struct unit_person_out, page.n);
    for (size_t i = 0; i < page.n; i++) {
        const struct unit_person *p = &page.v[i];
        v[i] = (struct unit_person_out){
            .id = p->m.id,
            .title = p->title,
            .login = p->m.login,
            .family = p->m.family,
            .given = p->m.given,
            .family_reading = p->m.family_reading,
            .given_reading = p->m.given_reading,
            .status = sv_c(org_member_state(&p->m, x->now_ms)),
            .title_name = p->title_name,
            .main = p->main,
            .leader = p->m.id.n == u.leader.n,
        };
        if (colleague && !org_field_visible(x, MF_TITLE))
            v[i].title_name = SV("");
    }
    o->members = (struct list){v, page.n};
    return true;
}

static bool console_people(struct ctx *x, struct call *c, void *out)
{
    return people_page(x, c, false, out);
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
    struct changes changes = {0};

    (void)out;
    if (!unit_find(x, c->object, &before))
        return false;
    after = before;
    after.name = text_trim(in->name);
    after.code = in->code;
    after.description = in->description;
    after.leader = in->leader;
    after.public = in->public;
    after.functions = functions_in(in);
    after.delegation = in->delegation;
    after.notify = in->notify;
    note_changes(x, &changes, &before, &after);
    audit(x, AUDIT_UNIT_EDIT, c->object, changes_detail(x, &changes));
    return unit_edit(x, &after) && unit_room_edited(x, &before, &after) && tell_members(x, &after, &changes);
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

/* ---- a member's units */

static bool units_of(struct ctx *x, id64 member, struct member_units_out *o)
{
    struct unit_posts posts = {0};
    struct label type;
    struct member m;

    if (!org_member_find(x, member, &m) || !unit_posts(x, member, &posts) || !label_of(x, member, LABEL_PERMTYPE, &type))
        return false;
    struct post_out *v = ANEWN(x->arena, struct post_out, posts.n);
    for (size_t i = 0; i < posts.n; i++)
        v[i] = (struct post_out){posts.v[i].unit, posts.v[i].title, posts.v[i].unit_name, posts.v[i].title_name,
                                 posts.v[i].main};
    *o = (struct member_units_out){{v, posts.n}, sv_c(perm_role(m.role)->id), type.name, type.id};
    return true;
}

static bool member_units(struct ctx *x, struct call *c, void *out)
{
    return units_of(x, c->object, out);
}

static void posts_list(struct json *j, const char *name, const struct unit_posts *posts)
{
    json_list(j, name);
    for (size_t i = 0; i < posts->n; i++)
        json_text(j, NULL, posts->v[i].unit_name);
    json_list_end(j);
}

static bool op_member_units(struct ctx *x, struct call *c, void *out)
{
    const struct member_units_in *in = c->in;
    const struct post_in *v = in->units.v;
    struct unit_post *posts = ANEWN(x->arena, struct unit_post, in->units.n);
    struct unit_posts old = {0}, new = {0};
    struct id_list changed = {0};
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    for (size_t i = 0; i < in->units.n; i++)
        posts[i] = (struct unit_post){.unit = v[i].unit, .title = v[i].title, .main = v[i].main};
    bool ok = unit_posts(x, c->object, &old) && unit_posts_set(x, c->object, posts, in->units.n, &changed) &&
              unit_rooms_follow(x, &changed) && unit_posts(x, c->object, &new);
    json_open(&j, NULL);
    posts_list(&j, "old", &old);
    posts_list(&j, "new", &new);
    json_close(&j);
    audit(x, AUDIT_MEMBER_UNITS, c->object, str_sv(&text));
    return ok && units_of(x, c->object, out);
}

/* ---- members */

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
    ((struct units_out *)out)->units = (struct list){v, all.n};
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
    return leader_name(x, leader, &o->leader_name);
}

static bool seen_people(struct ctx *x, struct call *c, void *out)
{
    return people_page(x, c, true, out);
}

static bool op_unit_functions(struct ctx *x, struct call *c, void *out)
{
    struct unit before, after;
    struct changes changes = {0};

    (void)out;
    if (!unit_find(x, c->object, &before))
        return false;
    after = before;
    after.functions = functions_in(c->in);
    note_changes(x, &changes, &before, &after);
    audit(x, AUDIT_UNIT_EDIT, c->object, changes_detail(x, &changes));
    return unit_functions_by_leader(x, c->object, after.functions) && unit_room_edited(x, &before, &after) &&
           tell_members(x, &after, &changes);
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
    {.name = "console.member.units", .method = GET, .path = "/console/members/:member/units", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_NONE, .out = &member_units_out,
     .run = member_units, .doc = "Units of a member."},
    {.name = "console.member.units_put", .method = PUT, .path = "/console/members/:member/units", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_UNITS,
     .in = &member_units_in, .out = &member_units_out, .run = op_member_units,
     .doc = "Gives a member other units; rooms of those it leaves are closed to it at once."},
    {.name = "unit.list", .method = GET, .path = "/units", .who = WHO_MEMBER, .flags = OP_READ, .audit = AUDIT_NONE,
     .query = &unit_query, .out = &units_seen_out, .run = seen_list,
     .doc = "Units that the caller may see: list, search and suggestions; none where units are not shown."},
    {.name = "unit.read", .method = GET, .path = "/units/:unit", .who = WHO_MEMBER, .object = OBJ_UNIT,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &unit_read_out, .run = seen_read, .doc = "A unit as members see it."},
    {.name = "unit.people", .method = GET, .path = "/units/:unit/members", .who = WHO_MEMBER, .object = OBJ_UNIT,
     .flags = OP_READ, .audit = AUDIT_NONE, .query = &unit_page_query, .out = &unit_people_out, .run = seen_people,
     .doc = "Members of a unit, page by page."},
    {.name = "unit.functions", .method = PUT, .path = "/units/:unit/functions", .who = WHO_MEMBER, .object = OBJ_UNIT,
     .flags = OP_WRITE, .audit = AUDIT_UNIT_EDIT, .in = &unit_functions_in, .out = &nothing_out,
     .run = op_unit_functions, .doc = "The leader changes the talk-room functions of the own unit."},
};
/* clang-format on */
const struct op_table unit_ops = {ops, COUNT(ops)};
