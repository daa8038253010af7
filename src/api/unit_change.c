/* api/unit_change.c: one list of what differs, read by the log and by the members. */
#include "api/unit_change.h"
#include "svc/talk/place.h"

static const struct {
    enum unit_function f;
    const char *name;
} functions[] = {
    {UNIT_TALK, "talk"}, {UNIT_NOTE, "note"}, {UNIT_EVENT, "event"}, {UNIT_TASK, "task"}, {UNIT_FOLDER, "folder"},
};

int64_t unit_functions_sum(bool talk, bool note, bool event, bool task, bool folder)
{
    return (talk ? UNIT_TALK : 0) | (note ? UNIT_NOTE : 0) | (event ? UNIT_EVENT : 0) | (task ? UNIT_TASK : 0) |
           (folder ? UNIT_FOLDER : 0);
}

static sv functions_text(struct ctx *x, int64_t sum)
{
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < COUNT(functions); i++)
        if (sum & functions[i].f)
            str_printf(&s, "%s%s", s.n ? "|" : "", functions[i].name);
    return s.n ? str_sv(&s) : SV("{}");
}

static void note_text(struct ctx *x, struct unit_changes *c, const char *key, const char *ja, const char *en, sv old, sv new)
{
    if (!sv_equal(old, new))
        *PUSH(x->arena, c) = (struct unit_change){key, ja, en, old, new};
}

static sv yes(bool b)
{
    return b ? SV("true") : SV("false");
}

static sv id_text(struct ctx *x, id64 id)
{
    return sv_printf(x->arena, "%" PRId64, id.n);
}

void unit_note_changes(struct ctx *x, struct unit_changes *c, const struct unit *a, const struct unit *b)
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

sv unit_changes_detail(struct ctx *x, const struct unit_changes *c)
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

bool unit_tell_members(struct ctx *x, const struct unit *u, const struct unit_changes *c)
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
