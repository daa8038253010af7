/* api/group.c: groups: the console's page of them, and what members and masters see and do. What changes a group changes
 * its talk room in the same operation and, where the group says so, tells its members by one service notice each. */
#include "api/group.h"
#include "api/app.h"
#include "base/plain.h"
#include "svc/org/group.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

struct functions {
    bool talk, note, event, task, folder;
};
static const struct field functions_fields[] = {
    FIELD(struct functions, talk, .need = true, .doc = "the talk room; without it none of the others is in force"),
    FIELD(struct functions, note, .need = true, .doc = "notes"),
    FIELD(struct functions, event, .need = true, .doc = "events"),
    FIELD(struct functions, task, .need = true, .doc = "tasks"),
    FIELD(struct functions, folder, .need = true, .doc = "the folder"),
};
static const struct schema functions = SCHEMA("group_functions", struct functions, functions_fields);

struct advanced {
    bool delegation, notify, public;
};
static const struct field advanced_fields[] = {
    FIELD(struct advanced, delegation, .need = true, .doc = "masters may change the functions"),
    FIELD(struct advanced, notify, .need = true, .doc = "a change is told to all members by service notice"),
    FIELD(struct advanced, public, .need = true, .doc = "also who is no member finds the group"),
};
static const struct schema advanced = SCHEMA("group_advanced", struct advanced, advanced_fields);

struct person_out {
    id64 id;
    sv family, given;
    bool master;
};
static const struct field person_out_fields[] = {
    FIELD(struct person_out, id, .doc = "the member"),
    FIELD(struct person_out, family, .doc = "family name"),
    FIELD(struct person_out, given, .doc = "given name"),
    FIELD(struct person_out, master, .doc = "is it a master of the group?"),
};
static const struct schema person_out = SCHEMA("group_person", struct person_out, person_out_fields);

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
    FIELD(struct group_out, masters, .of = &person_out, .doc = "its masters"),
    FIELD(struct group_out, functions, .of = &functions, .doc = "what its room may do"),
    FIELD(struct group_out, advanced, .of = &advanced, .doc = "its settings"),
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
    FIELD(struct group_read_out, people, .of = &person_out, .doc = "its members, masters first, then by reading"),
};
static const struct schema group_read_out = SCHEMA("console_group_read", struct group_read_out, group_read_out_fields);

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
    FIELD(struct seen_out, masters, .of = &person_out, .doc = "its masters"),
    FIELD(struct seen_out, functions, .of = &functions, .doc = "what its room may do"),
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
    FIELD(struct seen_read_out, people, .of = &person_out, .doc = "its members, for its members; else empty"),
};
static const struct schema seen_read_out = SCHEMA("group_read_out", struct seen_read_out, seen_read_out_fields);

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

struct seen_query {
    sv q;
};
static const struct field seen_query_fields[] = {
    FIELD(struct seen_query, q, .max = 100, .doc = "part of the name; all when absent"),
};
static const struct schema seen_query = SCHEMA("group_query", struct seen_query, seen_query_fields);

#define PEOPLE_MAX 1000                                   /* in one call */

struct group_in {
    sv kind, name, description, publication;
    struct list masters, members, add, remove;
    struct ref functions, advanced;
};
static const struct field add_fields[] = {
    FIELD(struct group_in, kind, .need = true, .one_of = "internal|external", .doc = "its type, for ever"),
    FIELD(struct group_in, name, .need = true, .min = 1, .max = GROUP_NAME_MAX, .doc = "its name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "what it is for"),
    FIELD(struct group_in, masters, .need = true, .max = PEOPLE_MAX, .doc = "its masters, members too"),
    FIELD(struct group_in, members, .max = PEOPLE_MAX, .doc = "further members"),
    FIELD(struct group_in, functions, .of = &functions, .doc = "as the setting says when absent"),
    FIELD(struct group_in, advanced, .of = &advanced, .doc = "as the settings say when absent"),
};
static const struct schema add_in = SCHEMA("console_group_add", struct group_in, add_fields);
static const struct field edit_fields[] = {
    FIELD(struct group_in, name, .min = 1, .max = GROUP_NAME_MAX, .doc = "its new name"),
    FIELD(struct group_in, description, .max = GROUP_TEXT_MAX, .lines = true, .doc = "its new description"),
    FIELD(struct group_in, add, .max = PEOPLE_MAX, .doc = "members who come"),
    FIELD(struct group_in, remove, .max = PEOPLE_MAX, .doc = "members who go"),
    FIELD(struct group_in, masters, .max = PEOPLE_MAX, .doc = "all masters from now on, out of its members"),
    FIELD(struct group_in, functions, .of = &functions, .doc = "what its room may do"),
    FIELD(struct group_in, advanced, .of = &advanced, .doc = "its settings"),
};
static const struct schema edit_in = SCHEMA("console_group_edit", struct group_in, edit_fields);
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
    FIELD(struct group_in, functions, .of = &functions, .doc = "what its room may do: where that is delegated"),
};
static const struct schema change_in = SCHEMA("group_change", struct group_in, change_fields);

struct id_out {
    id64 id;
};
static const struct field id_out_fields[] = {FIELD(struct id_out, id, .doc = "the group")};
static const struct schema id_out = SCHEMA("group_id_out", struct id_out, id_out_fields);

/* ---- filling ---- */

static struct group_ids ids_of(struct list l)
{
    return (struct group_ids){.v = l.v, .n = l.n};
}

static int64_t sum_of(const struct functions *f)
{
    return (f->talk ? GROUP_TALK : 0) | (f->note ? GROUP_NOTE : 0) | (f->event ? GROUP_EVENT : 0) |
           (f->task ? GROUP_TASK : 0) | (f->folder ? GROUP_FOLDER : 0);
}

static struct ref functions_ref(struct ctx *x, int64_t sum)
{
    struct functions *f = ANEW(x->arena, struct functions);

    *f = (struct functions){
        .talk = sum & GROUP_TALK,
        .note = sum & GROUP_NOTE,
        .event = sum & GROUP_EVENT,
        .task = sum & GROUP_TASK,
        .folder = sum & GROUP_FOLDER,
    };
    return (struct ref){f};
}

static struct list people_list(struct ctx *x, const struct group_people *p)
{
    struct person_out *v = ANEWN(x->arena, struct person_out, p->n);

    for (size_t i = 0; i < p->n; i++)
        v[i] = (struct person_out){p->v[i].member, p->v[i].family, p->v[i].given, p->v[i].master};
    return (struct list){v, p->n};
}

static bool masters_list(struct ctx *x, id64 group, struct list *out)
{
    struct group_people p = {0};

    if (!group_masters(x, group, &p))
        return false;
    *out = people_list(x, &p);
    return true;
}

static bool group_fill(struct ctx *x, const struct group *g, struct group_out *o)
{
    struct advanced *a = ANEW(x->arena, struct advanced);

    *a = (struct advanced){.delegation = g->delegation, .notify = g->notify, .public = g->public};
    *o = (struct group_out){
        .id = g->id,
        .room = g->functions & GROUP_TALK ? g->room : ID_NONE,
        .kind = sv_c(group_kind_name(g->kind)),
        .name = g->name,
        .description = g->description,
        .members = g->members,
        .functions = functions_ref(x, g->functions),
        .advanced = {a},
        .made = {g->made_ms},
        .deleted = {g->deleted_ms ? g->deleted_ms : -1},
        .until = {g->deleted_ms ? g->deleted_ms + GROUP_KEPT_MS : -1},
    };
    return masters_list(x, g->id, &o->masters);
}

static bool seen_fill(struct ctx *x, const struct group *g, bool mine, bool master, struct seen_out *o)
{
    *o = (struct seen_out){
        .id = g->id,
        .room = mine && g->functions & GROUP_TALK ? g->room : ID_NONE,
        .name = g->name,
        .description = g->description,
        .role = sv_c(master ? "master" : mine ? "member" : "none"),
        .members = g->members,
        .functions = functions_ref(x, g->functions),
        .public = g->public,
        .may_functions = master && g->delegation,
    };
    return masters_list(x, g->id, &o->masters);
}

/* ---- room and notices ---- */

static bool member_ids(struct ctx *x, const struct group_people *p, struct group_ids *out)
{
    id64 *v = ANEWN(x->arena, id64, p->n);

    for (size_t i = 0; i < p->n; i++)
        v[i] = p->v[i].member;
    *out = (struct group_ids){v, p->n};
    return true;
}

/* The room has the group's name and members, and is there as long as the group is and talk is among its functions. */
static bool room_follow(struct ctx *x, id64 id)
{
    struct group_people p = {0};
    struct group_ids ids;
    struct group g;

    if (!group_find(x, id, &g) || !group_people(x, id, &p) || !member_ids(x, &p, &ids))
        return false;
    bool wanted = g.functions & GROUP_TALK;
    if (!g.room.n)
        return !wanted || (talk_place_open(x, ROOM_GROUP, g.name, ids.v, ids.n, &g.room) && group_room_set(x, id, g.room));
    return talk_place_sync(x, g.room, ids.v, ids.n) && talk_place_rename(x, g.room, g.name) &&
           (wanted ? talk_place_restore(x, g.room) : talk_place_close(x, g.room));
}

static bool holds(const struct group_people *p, id64 member)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].member.n == member.n)
            return true;
    return false;
}

/* One notice to each of `to` who is not among `but`, where the group says so. */
static bool tell(struct ctx *x, const struct group *g, const struct group_people *to, const struct group_people *but,
                 const char *ja, const char *en)
{
    for (size_t i = 0; g->notify && i < to->n; i++) {
        if (but && holds(but, to->v[i].member))
            continue;
        if (!talk_notice_in(x, to->v[i].member, sv_printf(x->arena, "グループ「%.*s」%s", SV_ARG(g->name), ja),
                            sv_printf(x->arena, "Group \"%.*s\": %s", SV_ARG(g->name), en)))
            return false;
    }
    return true;
}

/* ---- what changed ---- */

enum changed { CH_NAME = 1, CH_DESCRIPTION = 2, CH_FUNCTIONS = 4, CH_ADVANCED = 8, CH_PEOPLE = 16 };

static const struct {
    enum changed bit;
    const char *id, *ja, *en;
} parts[] = {
    {CH_NAME, "name", "名前", "name"},
    {CH_DESCRIPTION, "description", "説明", "description"},
    {CH_FUNCTIONS, "functions", "トークルーム機能", "talk-room functions"},
    {CH_ADVANCED, "advanced", "詳細設定", "settings"},
    {CH_PEOPLE, "people", "メンバー", "members"},
};

static sv names_of(struct ctx *x, int changed, bool english)
{
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < COUNT(parts); i++)
        if (changed & (int)parts[i].bit)
            str_printf(&s, "%s%s", s.n == 0 ? "" : english ? ", " : "、", english ? parts[i].en : parts[i].ja);
    return str_sv(&s);
}

static void ids_json(struct json *j, const char *name, struct list ids)
{
    const id64 *v = ids.v;

    if (ids.n == 0)
        return;
    json_list(j, name);
    for (size_t i = 0; i < ids.n; i++)
        json_id(j, NULL, v[i]);
    json_list_end(j);
}

static sv change_detail(struct ctx *x, const struct group *old, const struct group *now, int changed,
                        const struct group_in *in)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_list(&j, "changed");
    for (size_t i = 0; i < COUNT(parts); i++)
        if (changed & (int)parts[i].bit)
            json_text(&j, NULL, sv_c(parts[i].id));
    json_list_end(&j);
    if (changed & CH_NAME) {
        json_text(&j, "old", old->name);
        json_text(&j, "new", now->name);
    }
    if (changed & CH_FUNCTIONS) {
        json_int(&j, "old_functions", old->functions);
        json_int(&j, "new_functions", now->functions);
    }
    ids_json(&j, "added", in->add);
    ids_json(&j, "removed", in->remove);
    ids_json(&j, "masters", in->masters);
    json_close(&j);
    return str_sv(&text);
}

static int take(const struct group_in *in, struct group *g)
{
    const struct functions *f = in->functions.v;
    const struct advanced *a = in->advanced.v;
    const struct group old = *g;
    int changed = 0;

    if (in->name.p)
        g->name = text_trim(in->name);
    if (in->description.p)
        g->description = in->description;
    if (f)
        g->functions = sum_of(f);
    if (a) {
        g->delegation = a->delegation;
        g->notify = a->notify;
        g->public = a->public;
    }
    changed |= sv_equal(old.name, g->name) ? 0 : CH_NAME;
    changed |= sv_equal(old.description, g->description) ? 0 : CH_DESCRIPTION;
    changed |= old.functions == g->functions ? 0 : CH_FUNCTIONS;
    changed |= old.delegation == g->delegation && old.notify == g->notify && old.public == g->public ? 0 : CH_ADVANCED;
    return changed;
}

/* ---- acts that console and masters share ---- */

static bool make(struct ctx *x, struct group *g, struct group_ids masters, struct group_ids members)
{
    struct group_people me = {0}, all = {0};

    *PUSH(x->arena, &me) = (struct group_person){.member = x->actor.member};
    return group_add(x, g, masters, members) && room_follow(x, g->id) && group_people(x, g->id, &all) &&
           tell(x, g, &all, &me, "のメンバーになりました。", "you are a member now.");
}

static bool change(struct ctx *x, struct group g, const struct group_in *in)
{
    const struct group old = g;
    struct group_change people = {.add = ids_of(in->add), .remove = ids_of(in->remove), .masters = ids_of(in->masters)};
    struct group_people before = {0}, after = {0}, came = {0}, stayed = {0};
    int changed = take(in, &g);
    bool moved;

    if (!group_people(x, g.id, &before) || !group_edit(x, &g) || !group_change_people(x, g.id, &people, &moved) ||
        !room_follow(x, g.id) || !group_people(x, g.id, &after))
        return false;
    changed |= moved ? CH_PEOPLE : 0;
    audit(x, AUDIT_GROUP_EDIT, g.id, change_detail(x, &old, &g, changed, in));
    if (!changed)
        return true;
    for (size_t i = 0; i < after.n; i++)
        *PUSH(x->arena, holds(&before, after.v[i].member) ? &stayed : &came) = after.v[i];
    return tell(x, &g, &stayed, NULL,
                sv_printf(x->arena, "が変更されました。変更した項目: %.*s", SV_ARG(names_of(x, changed, false))).p,
                sv_printf(x->arena, "it was changed (%.*s).", SV_ARG(names_of(x, changed, true))).p) &&
           tell(x, &g, &came, NULL, "のメンバーになりました。", "you are a member now.") &&
           tell(x, &g, &before, &after, "のメンバーではなくなりました。", "you are no longer a member.");
}

static bool end(struct ctx *x, const struct group *g)
{
    struct group_people all = {0};

    audit(x, AUDIT_GROUP_DELETE, g->id, sv_printf(x->arena, "{\"members\":%" PRId64 "}", g->members));
    return group_people(x, g->id, &all) && group_delete(x, g->id) && (!g->room.n || talk_place_close(x, g->room)) &&
           tell(x, g, &all, NULL, "は削除されました。", "it was deleted.");
}

/* ---- the console ---- */

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
    o->people = people_list(x, &p);
    return true;
}

/* Whom an admin of groups can put into one: names and IDs, as colleagues see them. */
static bool console_people(struct ctx *x, struct call *c, void *out)
{
    const struct seen_query *q = c->query;
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

static sv add_detail(struct ctx *x, const struct group *g, const struct group_in *in)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "kind", sv_c(group_kind_name(g->kind)));
    json_text(&j, "name", g->name);
    ids_json(&j, "masters", in->masters);
    ids_json(&j, "members", in->members);
    json_close(&j);
    return str_sv(&text);
}

static bool console_group_add(struct ctx *x, struct call *c, void *out)
{
    const struct group_in *in = c->in;
    struct group g = {0};

    group_kind_find(in->kind, &g.kind);
    group_defaults(x, &g);
    take(in, &g);
    if (!in->description.p)
        g.description = SV("");
    bool ok = make(x, &g, ids_of(in->masters), ids_of(in->members));
    audit(x, AUDIT_GROUP_ADD, g.id, add_detail(x, &g, in));
    ((struct id_out *)out)->id = g.id;
    return ok;
}

static bool console_group_edit(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return group_find(x, c->object, &g) && change(x, g, c->in);
}

static bool console_group_delete(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return group_find(x, c->object, &g) && end(x, &g);
}

static bool console_group_restore(struct ctx *x, struct call *c, void *out)
{
    struct group_people all = {0};
    struct group g;

    (void)out;
    audit(x, AUDIT_GROUP_RESTORE, c->object, SV_NONE);
    return group_gone_find(x, c->object, &g) && group_restore(x, c->object) && room_follow(x, c->object) &&
           group_people(x, c->object, &all) && tell(x, &g, &all, NULL, "が復元されました。", "it was restored.");
}

/* ---- members and masters ---- */

static bool list(struct ctx *x, struct call *c, void *out)
{
    const struct seen_query *q = c->query;
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
    o->people = people_list(x, &p);
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
    take(in, &g);
    if (!in->description.p)
        g.description = SV("");
    if (in->publication.n)
        g.public = sv_equal(in->publication, SV("public"));
    masters[0] = x->actor.member;
    for (size_t i = 0; i < in->masters.n; i++)
        masters[i + 1] = ((const id64 *)in->masters.v)[i];
    bool ok = make(x, &g, (struct group_ids){masters, in->masters.n + 1}, ids_of(in->members));
    audit(x, AUDIT_GROUP_ADD, g.id, add_detail(x, &g, in));
    audit(x, AUDIT_ROOM_ADD, g.id, SV_NONE);              /* made from the address book: in the log of talk as well */
    ((struct id_out *)out)->id = g.id;
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
    return change(x, g, in);
}

static bool delete_own(struct ctx *x, struct call *c, void *out)
{
    struct group g;

    (void)out;
    return own(x, c->object, &g) && end(x, &g);
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
        if (!h->group.deleted_ms && !tell(x, &h->group, &one, NULL, "のグループマスターになりました。", "you are its master now."))
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
    {.name = "console.group.list", .method = GET, .path = "/console/groups", .who = WHO_CONSOLE, .menu = M_MEMBER_GROUP,
     .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &page_query, .out = &group_page_out,
     .run = console_group_list, .doc = "Groups by name, with masters and functions; q also finds by a member's name."},
    {.name = "console.group.gone", .method = GET, .path = "/console/gone-groups", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &page_query,
     .out = &group_page_out, .run = console_gone_list, .doc = "Deleted groups that can still be restored."},
    {.name = "console.group.people", .method = GET, .path = "/console/group-people", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_READ, .audit = AUDIT_NONE, .query = &seen_query, .out = &people_out,
     .run = console_people, .doc = "Members to choose from."},
    {.name = "console.group.read", .method = GET, .path = "/console/groups/:group", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .object = OBJ_GROUP, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ,
     .out = &group_read_out, .run = console_group_read, .doc = "A group and its members."},
    {.name = "console.group.add", .method = POST, .path = "/console/groups", .who = WHO_CONSOLE,
     .menu = M_MEMBER_GROUP, .flags = OP_WRITE, .audit = AUDIT_GROUP_ADD, .in = &add_in, .out = &id_out,
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
    {.name = "group.list", .method = GET, .path = "/groups", .who = WHO_MEMBER, .flags = OP_READ, .audit = AUDIT_NONE,
     .query = &seen_query, .out = &seen_list_out, .run = list, .doc = "Own groups and published ones, by name."},
    {.name = "group.read", .method = GET, .path = "/groups/:group", .who = WHO_MEMBER, .object = OBJ_GROUP,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &seen_read_out, .run = read_one,
     .doc = "A group; its members only for its members."},
    {.name = "group.make", .method = POST, .path = "/groups", .who = WHO_MEMBER, .flags = OP_WRITE,
     .audit = AUDIT_GROUP_ADD, .in = &make_in, .out = &id_out, .run = make_own,
     .doc = "Makes a group of which the maker is a master."},
    {.name = "group.change", .method = PUT, .path = "/groups/:group", .who = WHO_MEMBER, .object = OBJ_GROUP,
     .flags = OP_WRITE, .audit = AUDIT_GROUP_EDIT, .in = &change_in, .out = &nothing_out, .run = change_own,
     .doc = "A master changes the own group."},
    {.name = "group.delete", .method = DELETE_, .path = "/groups/:group", .who = WHO_MEMBER, .object = OBJ_GROUP,
     .flags = OP_WRITE, .audit = AUDIT_GROUP_DELETE, .out = &nothing_out, .run = delete_own,
     .doc = "A master deletes the own group."},
};
/* clang-format on */
const struct op_table group_ops = {ops, COUNT(ops)};
