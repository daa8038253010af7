/* api/group_change.c: what a change of a group does to its room, its members and the log. */
#include "api/group_change.h"
#include "base/plain.h"
#include "svc/talk/place.h"

static const struct field functions_fields[] = {
    FIELD(struct group_functions, talk, .need = true, .doc = "the talk room; without it none of the others is in force"),
    FIELD(struct group_functions, note, .need = true, .doc = "notes"),
    FIELD(struct group_functions, event, .need = true, .doc = "events"),
    FIELD(struct group_functions, task, .need = true, .doc = "tasks"),
    FIELD(struct group_functions, folder, .need = true, .doc = "the folder"),
};
const struct schema group_functions = SCHEMA("group_functions", struct group_functions, functions_fields);

static const struct field advanced_fields[] = {
    FIELD(struct group_advanced, delegation, .need = true, .doc = "masters may change the functions"),
    FIELD(struct group_advanced, notify, .need = true, .doc = "a change is told to all members by service notice"),
    FIELD(struct group_advanced, public, .need = true, .doc = "also who is no member finds the group"),
};
const struct schema group_advanced = SCHEMA("group_advanced", struct group_advanced, advanced_fields);

static const struct field person_out_fields[] = {
    FIELD(struct group_person_out, id, .doc = "the member"),
    FIELD(struct group_person_out, family, .doc = "family name"),
    FIELD(struct group_person_out, given, .doc = "given name"),
    FIELD(struct group_person_out, master, .doc = "is it a master of the group?"),
};
const struct schema group_person_out = SCHEMA("group_person", struct group_person_out, person_out_fields);

static const struct field id_out_fields[] = {FIELD(struct group_id_out, id, .doc = "the group")};
const struct schema group_id_out = SCHEMA("group_id_out", struct group_id_out, id_out_fields);

static const struct field seen_query_fields[] = {
    FIELD(struct group_seen_query, q, .max = 100, .doc = "part of the name; all when absent"),
};
const struct schema group_seen_query = SCHEMA("group_query", struct group_seen_query, seen_query_fields);

struct group_ids group_ids_of(struct list l)
{
    return (struct group_ids){.v = l.v, .n = l.n};
}

static int64_t sum_of(const struct group_functions *f)
{
    return (f->talk ? GROUP_TALK : 0) | (f->note ? GROUP_NOTE : 0) | (f->event ? GROUP_EVENT : 0) |
           (f->task ? GROUP_TASK : 0) | (f->folder ? GROUP_FOLDER : 0);
}

struct ref group_functions_ref(struct ctx *x, int64_t sum)
{
    struct group_functions *f = ANEW(x->arena, struct group_functions);

    *f = (struct group_functions){
        .talk = sum & GROUP_TALK,
        .note = sum & GROUP_NOTE,
        .event = sum & GROUP_EVENT,
        .task = sum & GROUP_TASK,
        .folder = sum & GROUP_FOLDER,
    };
    return (struct ref){f};
}

struct list group_people_list(struct ctx *x, const struct group_people *p)
{
    struct group_person_out *v = ANEWN(x->arena, struct group_person_out, p->n);

    for (size_t i = 0; i < p->n; i++)
        v[i] = (struct group_person_out){p->v[i].member, p->v[i].family, p->v[i].given, p->v[i].master};
    return (struct list){v, p->n};
}

bool group_masters_list(struct ctx *x, id64 group, struct list *out)
{
    struct group_people p = {0};

    if (!group_masters(x, group, &p))
        return false;
    *out = group_people_list(x, &p);
    return true;
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

bool group_room_follow(struct ctx *x, id64 id)
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

bool group_tell(struct ctx *x, const struct group *g, const struct group_people *to, const struct group_people *but,
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

int group_take(const struct group_in *in, struct group *g)
{
    const struct group_functions *f = in->functions.v;
    const struct group_advanced *a = in->advanced.v;
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

sv group_add_detail(struct ctx *x, const struct group *g, const struct group_in *in)
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

/* ---- acts that console and masters share ---- */

bool group_make(struct ctx *x, struct group *g, struct group_ids masters, struct group_ids members)
{
    struct group_people me = {0}, all = {0};

    *PUSH(x->arena, &me) = (struct group_person){.member = x->actor.member};
    return group_add(x, g, masters, members) && group_room_follow(x, g->id) && group_people(x, g->id, &all) &&
           group_tell(x, g, &all, &me, "のメンバーになりました。", "you are a member now.");
}

bool group_change_save(struct ctx *x, struct group g, const struct group_in *in)
{
    const struct group old = g;
    struct group_change people = {.add = group_ids_of(in->add), .remove = group_ids_of(in->remove), .masters = group_ids_of(in->masters)};
    struct group_people before = {0}, after = {0}, came = {0}, stayed = {0};
    int changed = group_take(in, &g);
    bool moved;

    if (!group_people(x, g.id, &before) || !group_edit(x, &g) || !group_change_people(x, g.id, &people, &moved) ||
        !group_room_follow(x, g.id) || !group_people(x, g.id, &after))
        return false;
    changed |= moved ? CH_PEOPLE : 0;
    audit(x, AUDIT_GROUP_EDIT, g.id, change_detail(x, &old, &g, changed, in));
    if (!changed)
        return true;
    for (size_t i = 0; i < after.n; i++)
        *PUSH(x->arena, holds(&before, after.v[i].member) ? &stayed : &came) = after.v[i];
    return group_tell(x, &g, &stayed, NULL,
                sv_printf(x->arena, "が変更されました。変更した項目: %.*s", SV_ARG(names_of(x, changed, false))).p,
                sv_printf(x->arena, "it was changed (%.*s).", SV_ARG(names_of(x, changed, true))).p) &&
           group_tell(x, &g, &came, NULL, "のメンバーになりました。", "you are a member now.") &&
           group_tell(x, &g, &before, &after, "のメンバーではなくなりました。", "you are no longer a member.");
}

bool group_end(struct ctx *x, const struct group *g)
{
    struct group_people all = {0};

    audit(x, AUDIT_GROUP_DELETE, g->id, sv_printf(x->arena, "{\"members\":%" PRId64 "}", g->members));
    return group_people(x, g->id, &all) && group_delete(x, g->id) && (!g->room.n || talk_place_close(x, g->room)) &&
           group_tell(x, g, &all, NULL, "は削除されました。", "it was deleted.");
}
