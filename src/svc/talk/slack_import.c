/* svc/talk/slack_import.c: a conversation is a folder, a day a file, a message an object of its array. */
#include "svc/talk/slack_import.h"

#include "base/utf8.h"

struct reader {
    struct arena *arena;
    struct arena *scratch;                                /* of the current file */
    struct chat_import *out;
    struct chat_index people, rooms, names;               /* by id; by folder; names: of channels, by id */
    size_t unreadable;
};

/* Messages of nobody: the sentence is Slack's own. */
static const char *const system_subtypes[] = {
    "channel_", "group_", "bot_add", "bot_remove", "bot_enable", "bot_disable", "pinned_item", "unpinned_item", "tombstone",
    "reminder_add", "reminder_delete", "huddle_thread", "sh_room_", "app_conversation_", "assistant_app_thread", "document_mention",
    "file_mention", "joiner_notification", "ekm_access_denied", "channel_canvas_updated", "reply_broadcast",
};
static const char *const person_subtypes[] = {
    "", "bot_message", "file_share", "me_message", "thread_broadcast", "file_comment", "slackbot_response",
};

bool slack_time(sv ts, int64_t *us)
{
    size_t dot;
    int64_t s, f = 0;

    if (!sv_find(ts, SV("."), &dot))
        dot = ts.n;
    sv whole = sv_upto(ts, dot), part = sv_from(ts, dot + 1);
    if (whole.n == 0 || whole.n > 10 || part.n > 6 || whole.p[0] == '-' || !sv_int(whole, &s))
        return false;
    for (size_t i = 0; i < 6; i++) {
        if (i < part.n && (part.p[i] < '0' || part.p[i] > '9'))
            return false;
        f = f * 10 + (i < part.n ? part.p[i] - '0' : 0);
    }
    *us = s * 1000000 + f;
    return true;
}

static bool take(sv *s, sv what)
{
    if (!sv_starts(*s, what))
        return false;
    *s = sv_from(*s, what.n);
    return true;
}

/* ---- text */

static void unescape(struct str *out, sv s)
{
    while (s.n) {
        if (take(&s, SV("&amp;")))
            str_char(out, '&');
        else if (take(&s, SV("&lt;")))
            str_char(out, '<');
        else if (take(&s, SV("&gt;")))
            str_char(out, '>');
        else {
            str_char(out, s.p[0]);
            s = sv_from(s, 1);
        }
    }
}

static void mention(const struct reader *r, struct str *out, sv id, sv label)
{
    size_t at = chat_index_get(&r->people, id);
    sv name = at != CHAT_NONE ? r->out->people.v[at].name : label.n ? label : id;

    str_char(out, '@');
    str_put(out, sv_starts(name, SV("@")) ? sv_from(name, 1) : name);
}

static void channel(const struct reader *r, struct str *out, sv id, sv label)
{
    size_t at = chat_index_get(&r->names, id);

    str_char(out, '#');
    unescape(out, label.n ? label : at != CHAT_NONE ? r->out->rooms.v[at].name : id);
}

/* "<!here>", "<!subteam^S1|@x>", "<!date^…|18 November>" */
static void special(struct str *out, sv what, sv label)
{
    size_t at;

    if (label.n && (sv_starts(what, SV("date^")) || sv_starts(label, SV("@")))) {
        unescape(out, label);
        return;
    }
    str_char(out, '@');
    unescape(out, label.n ? label : sv_find(what, SV("^"), &at) ? sv_from(what, at + 1) : what);
}

static void link_put(struct str *out, sv url, sv label)
{
    sv bare = url;
    bool same = sv_equal(label, url);

    if (take(&bare, SV("mailto:")) || take(&bare, SV("tel:")))
        url = bare;
    else if (!take(&bare, SV("https://")))
        take(&bare, SV("http://"));
    unescape(out, url);
    if (!label.n || same || sv_equal(label, bare))
        return;
    str_c(out, " (");
    unescape(out, label);
    str_char(out, ')');
}

/* What stands between "<" and ">". */
static void reference(const struct reader *r, struct str *out, sv inside)
{
    size_t bar;
    sv label = SV(""), what = inside;

    if (sv_find(inside, SV("|"), &bar)) {
        what = sv_upto(inside, bar);
        label = sv_from(inside, bar + 1);
    }
    if (take(&what, SV("@")))
        mention(r, out, what, label);
    else if (take(&what, SV("#")))
        channel(r, out, what, label);
    else if (take(&what, SV("!")))
        special(out, what, label);
    else
        link_put(out, what, label);
}

static void text_put(const struct reader *r, struct str *out, sv s)
{
    size_t at, end;

    while (sv_find(s, SV("<"), &at)) {
        unescape(out, sv_upto(s, at));
        s = sv_from(s, at);
        if (!sv_find(s, SV(">"), &end) || end == 1) {
            str_char(out, '<');                           /* never of Slack: it writes &lt; */
            s = sv_from(s, 1);
            if (!sv_find(s, SV(">"), NULL))
                break;
            continue;
        }
        reference(r, out, sv_n(s.p + 1, end - 1));
        s = sv_from(s, end + 1);
    }
    unescape(out, s);
}

/* ---- messages */

static bool any_of(sv subtype, const char *const *v, size_t n, bool begins)
{
    for (size_t i = 0; i < n; i++)
        if (begins ? sv_starts(subtype, sv_c(v[i])) : sv_equal(subtype, sv_c(v[i])))
            return true;
    return false;
}

static void count_lost(struct chat_counts *c, const struct json_value *m)
{
    const struct json_value *edited = json_get(m, SV("edited")), *pinned = json_get(m, SV("pinned_to"));

    for (const struct json_value *e = chat_list(m, "reactions"); e; e = e->next) {
        const struct json_value *n = json_get(e, SV("count"));
        c->reactions += n && n->whole && n->i > 0 && n->i < 1000000 ? n->i : 1;
    }
    c->edits += edited && edited->type == JSON_OBJECT;
    c->pins += pinned && pinned->type == JSON_ARRAY && pinned->child;
}

/* Bots often say all they have in attachments. */
static void attachments_put(struct reader *r, struct str *text, const struct json_value *m)
{
    static const char *const parts[] = {"pretext", "title", "text", "fallback"};
    bool empty = text->n == 0;

    for (const struct json_value *e = chat_list(m, "attachments"); e; e = e->next) {
        bool said = false;
        r->out->counts.attachments++;
        for (size_t i = 0; empty && i < COUNT(parts) && !(said && i == COUNT(parts) - 1); i++) {
            sv t = chat_text(e, parts[i]);
            if (!t.n)
                continue;
            if (text->n)
                str_char(text, '\n');
            text_put(r, text, t);
            said = true;
        }
    }
}

static void files_put(struct reader *r, struct str *text, const struct json_value *m)
{
    for (const struct json_value *e = chat_list(m, "files"); e; e = e->next) {
        sv name = chat_text(e, "name");
        r->out->counts.files++;
        chat_file_line(text, name.n ? name : chat_text(e, "title"));
    }
}

static sv sender_name(const struct json_value *m)
{
    static const char *const profile[] = {"display_name", "real_name", "name"};
    const struct json_value *of = json_get(m, SV("user_profile")), *bot = json_get(m, SV("bot_profile"));
    sv name = chat_text(m, "username");

    for (size_t i = 0; !name.n && i < COUNT(profile); i++)
        name = chat_text(of, profile[i]);
    if (!name.n)
        name = chat_text(bot, "name");
    if (!name.n)
        name = chat_text(m, "user");
    return name.n ? name : chat_text(m, "bot_id");
}

static void message_read(struct reader *r, struct chat_room *room, const struct json_value *m)
{
    struct chat_counts *c = &r->out->counts;
    struct chat_message out = {0};
    struct str text = STR_IN(r->arena);
    sv ts = chat_text(m, "ts"), subtype = chat_text(m, "subtype"), thread = chat_text(m, "thread_ts");

    if (m->type != JSON_OBJECT || !sv_equal(chat_text(m, "type"), SV("message")) || !slack_time(ts, &out.at_us)) {
        c->unknown_lines++;
        return;
    }
    if (any_of(subtype, system_subtypes, COUNT(system_subtypes), true)) {
        c->system_lines++;
        return;
    }
    text_put(r, &text, chat_text(m, "text"));
    attachments_put(r, &text, m);
    files_put(r, &text, m);
    if (!any_of(subtype, person_subtypes, COUNT(person_subtypes), false) || text.n == 0)
        c->unknown_lines++;
    count_lost(c, m);
    out.person = chat_index_get(&r->people, chat_text(m, "user"));
    sv name = chat_text(m, "username");
    if (!name.n && out.person != CHAT_NONE)
        name = r->out->people.v[out.person].name;
    out.sender_name = name.n ? sv_dup(r->arena, name) : sv_dup(r->arena, sender_name(m));
    out.id = sv_dup(r->arena, ts);
    out.root = thread.n && !sv_equal(thread, ts) ? sv_dup(r->arena, thread) : SV("");
    out.text = str_sv(&text);
    chat_message_add(r->arena, r->out, room, out);
}

/* ---- lists */

static bool json_of(struct reader *r, sv bytes, struct json_value *v)
{
    take(&bytes, SV("\xEF\xBB\xBF"));
    return utf8_valid(bytes) && json_read(r->scratch, bytes, v, NULL) && v->type == JSON_ARRAY;
}

static void user_read(struct reader *r, const struct json_value *v)
{
    const struct json_value *profile = json_get(v, SV("profile"));
    struct chat_person p = {.id = chat_text(v, "id"), .login = chat_text(v, "name"), .mail = chat_text(profile, "email")};

    if (!p.id.n)
        return;
    p.name = chat_text(profile, "display_name");
    if (!p.name.n)
        p.name = chat_text(profile, "real_name");
    if (!p.name.n)
        p.name = chat_text(v, "real_name");
    if (!p.name.n)
        p.name = p.login.n ? p.login : p.id;
    chat_index_put(&r->people, p.id, r->out->people.n);
    *PUSH(r->arena, &r->out->people) = (struct chat_person){sv_dup(r->arena, p.id), sv_dup(r->arena, p.login),
                                                            sv_dup(r->arena, p.mail), sv_dup(r->arena, p.name),
                                                            chat_yes(v, "is_bot")};
}

static size_t room_add(struct reader *r, sv id, sv name, bool direct)
{
    struct chat_room *room = PUSH(r->arena, &r->out->rooms);
    size_t at = r->out->rooms.n - 1;

    room->id = sv_dup(r->arena, id);
    room->name = sv_dup(r->arena, name);
    room->direct = direct;
    chat_index_put(&r->names, id, at);
    return at;
}

static void channel_read(struct reader *r, const struct json_value *v, bool direct)
{
    sv id = chat_text(v, "id"), name = chat_text(v, "name");

    if (!id.n)
        id = name;
    if (!id.n || chat_index_get(&r->names, id) != CHAT_NONE)
        return;
    size_t at = room_add(r, id, name.n ? name : id, direct);
    chat_index_put(&r->rooms, name, at);                  /* the folder of a channel has its name, of direct ones its id */
    chat_index_put(&r->rooms, id, at);
    for (const struct json_value *e = chat_list(v, "members"); e; e = e->next)
        if (e->type == JSON_TEXT)
            chat_member_add(r->arena, &r->out->rooms.v[at], chat_index_get(&r->people, e->text));
}

static bool file_read(struct reader *r, const struct slack_file *f, struct json_value *v)
{
    arena_free(&r->scratch);
    r->scratch = arena_new(64 * 1024);
    if (json_of(r, f->bytes, v))
        return true;
    r->unreadable++;
    return false;
}

/* An archive that was packed again may have all in one folder: what stands before "users.json". */
static bool find_prefix(const struct slack_file *files, size_t n, sv *prefix)
{
    bool found = false;

    for (size_t i = 0; i < n; i++) {
        sv name = files[i].name;
        if (!sv_ends(name, SV("users.json")) || (name.n > 10 && name.p[name.n - 11] != '/'))
            continue;
        if (!found || name.n - 10 < prefix->n)
            *prefix = sv_upto(name, name.n - 10);
        found = true;
    }
    return found;
}

/* False: there is no such file. */
static bool list_read(struct reader *r, const struct slack_file *files, size_t n, sv prefix, const char *name, struct json_value *v)
{
    for (size_t i = 0; i < n; i++) {
        sv own = files[i].name;
        if (take(&own, prefix) && sv_equal(own, sv_c(name)))
            return file_read(r, &files[i], v);
    }
    return false;
}

static void day_read(struct reader *r, const struct slack_file *f, sv folder)
{
    struct json_value v = {0};
    size_t at = chat_index_get(&r->rooms, folder);

    if (!file_read(r, f, &v))
        return;
    if (at == CHAT_NONE) {
        at = room_add(r, folder, folder, false);
        chat_index_put(&r->rooms, folder, at);
    }
    for (const struct json_value *m = v.child; m; m = m->next)
        message_read(r, &r->out->rooms.v[at], m);
}

static bool read_all(struct reader *r, const struct slack_file *files, size_t n)
{
    static const struct { const char *name; bool direct; } lists[] = {
        {"channels.json", false}, {"groups.json", false}, {"mpims.json", true}, {"dms.json", true},
    };
    struct json_value v = {0};
    sv prefix = SV("");
    size_t slash;
    bool any = false;

    if (!find_prefix(files, n, &prefix) || !list_read(r, files, n, prefix, "users.json", &v))
        return false;
    for (const struct json_value *u = v.child; u; u = u->next)
        user_read(r, u);
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (!list_read(r, files, n, prefix, lists[i].name, &v))
            continue;
        any = true;
        for (const struct json_value *e = v.child; e; e = e->next)
            channel_read(r, e, lists[i].direct);
    }
    for (size_t i = 0; any && i < n; i++) {
        sv name = files[i].name;
        if (take(&name, prefix) && sv_find(name, SV("/"), &slash) && slash > 0 && sv_ends(name, SV(".json")) &&
            !sv_find(sv_from(name, slash + 1), SV("/"), NULL))
            day_read(r, &files[i], sv_upto(name, slash));
    }
    return any;
}

bool slack_import_read(struct arena *a, const struct slack_file *files, size_t n, struct chat_import *out, size_t *unreadable)
{
    struct reader r = {.arena = a, .scratch = arena_new(4096), .out = out};

    *out = (struct chat_import){.source = "slack"};
    chat_index_init(&r.people, a);
    chat_index_init(&r.rooms, a);
    chat_index_init(&r.names, a);
    bool ok = read_all(&r, files, n);
    if (ok)
        chat_import_finish(a, out);
    *unreadable = r.unreadable;
    map_release(&r.people.map);
    map_release(&r.rooms.map);
    map_release(&r.names.map);
    arena_free(&r.scratch);
    return ok;
}
