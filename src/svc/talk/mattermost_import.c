/* svc/talk/mattermost_import.c: channels and users first, then posts with their replies inside. */
#include "svc/talk/mattermost_import.h"

#include "base/utf8.h"
#include "crypt/hash.h"

#include <stdlib.h>
#include <string.h>

/* Who said something in one millisecond of a room: the first text, and how many there are. */
struct told {
    uint64_t text;
    size_t n;
};

struct reader {
    struct arena *arena;
    struct chat_import *out;
    struct chat_index people, rooms;                      /* by username; by team and name, or by members */
    struct chat_index posts, others;                      /* by room, time and user: place in `told`; those further ones by text, too */
    VEC(struct told) told;
    struct arena *scratch;                                /* a line's */
    bool version;
};

/* ---- text */

/* "**bold**" -> "*bold*", outside of code. */
static void text_put(struct str *out, sv s)
{
    bool block = false, code = false;

    while (s.n) {
        if (!code && sv_starts(s, SV("```"))) {
            block = !block;
            str_c(out, "```");
            s = sv_from(s, 3);
            continue;
        }
        if (!block && s.p[0] == '`')
            code = !code;
        if (s.p[0] == '\n')
            code = false;
        if (!block && !code && sv_starts(s, SV("**")))
            s = sv_from(s, 1);
        str_char(out, s.p[0]);
        s = sv_from(s, 1);
    }
}

static void count_lost(struct chat_counts *c, const struct json_value *p)
{
    const struct json_value *edit = json_get(p, SV("edit_at"));

    for (const struct json_value *e = chat_list(p, "reactions"); e; e = e->next)
        c->reactions++;
    c->edits += edit && edit->whole && edit->i > 0;
    c->pins += chat_yes(p, "is_pinned");
}

static void files_put(struct reader *r, struct str *text, const struct json_value *p)
{
    for (const struct json_value *e = chat_list(p, "attachments"); e; e = e->next) {
        sv rest = chat_text(e, "path"), part, name = SV("");
        while (sv_cut(&rest, '/', &part))
            name = part;
        r->out->counts.files++;
        chat_file_line(text, name);
    }
}

/* Of what other programs wrote: their cards. */
static void cards_put(struct reader *r, struct str *text, const struct json_value *props)
{
    bool empty = text->n == 0;

    for (const struct json_value *e = chat_list(props, "attachments"); e; e = e->next) {
        sv t = chat_text(e, "text");
        r->out->counts.attachments++;
        if (!empty)
            continue;
        if (!t.n)
            t = chat_text(e, "fallback");
        if (text->n && t.n)
            str_char(text, '\n');
        text_put(text, t);
    }
}

/* ---- posts */

/* Which of the texts that a user posted in this millisecond of the room: 0 for all but a program that is very quick. */
static size_t which(struct reader *r, sv place, sv text)
{
    struct sha256 h = sha256(text);
    size_t at = chat_index_get(&r->posts, place), n;
    struct told now = {.n = 1};

    memcpy(&now.text, h.b, sizeof(now.text));
    if (at == CHAT_NONE) {
        chat_index_put(&r->posts, place, r->told.n);
        *PUSH(r->arena, &r->told) = now;
        return 0;
    }
    if (r->told.v[at].text == now.text)
        return 0;
    sv other = sv_printf(r->scratch, "%.*s %016" PRIx64, SV_ARG(place), now.text);
    n = chat_index_get(&r->others, other);
    if (n == CHAT_NONE) {
        n = r->told.v[at].n++;
        chat_index_put(&r->others, other, n);
    }
    return n;
}

/* A post has no id in the export. Its time and user stay when it is edited, its text does not: an edited one is the same. */
static sv source_id(struct reader *r, size_t room, int64_t ms, sv user, sv text)
{
    sv place = sv_printf(r->scratch, "%zu %" PRId64 " %.*s", room, ms, SV_ARG(user));

    return sv_printf(r->arena, "%" PRId64 " %.*s %zu", ms, SV_ARG(user), which(r, place, text));
}

/* Returns the message's id, "" when there is none. */
static sv post_read(struct reader *r, size_t room, const struct json_value *p, sv root)
{
    const struct json_value *at = json_get(p, SV("create_at")), *props = json_get(p, SV("props"));
    struct chat_counts *c = &r->out->counts;
    struct str text = STR_IN(r->arena);
    sv user = chat_text(p, "user"), as = chat_text(props, "override_username"), message = chat_text(p, "message");

    if (p->type != JSON_OBJECT || !at || !at->whole || at->i <= 0 || at->i > INT64_C(9999999999999)) {
        c->unknown_lines++;
        return SV("");
    }
    if (sv_starts(chat_text(p, "type"), SV("system_"))) {
        c->system_lines++;
        return SV("");
    }
    text_put(&text, message);
    cards_put(r, &text, props);
    files_put(r, &text, p);
    count_lost(c, p);
    if (text.n == 0) {
        c->unknown_lines++;
        return SV("");
    }
    struct chat_message m = {
        .at_us = at->i * 1000,
        .person = as.n ? CHAT_NONE : chat_index_get(&r->people, user),
        .id = source_id(r, room, at->i, user, str_sv(&text)),
        .root = root,
        .text = str_sv(&text),
    };
    m.sender_name = as.n ? sv_dup(r->arena, as) : m.person != CHAT_NONE ? r->out->people.v[m.person].name : sv_dup(r->arena, user);
    chat_message_add(r->arena, r->out, &r->out->rooms.v[room], m);
    return m.id;
}

static void thread_read(struct reader *r, size_t room, const struct json_value *p)
{
    sv root = post_read(r, room, p, SV(""));

    for (const struct json_value *e = chat_list(p, "replies"); e; e = e->next) {
        r->out->counts.threads_flattened += root.n == 0;
        post_read(r, room, e, root);
    }
}

/* ---- rooms and people */

static size_t room_at(struct reader *r, sv id, sv name, bool direct)
{
    size_t at = chat_index_get(&r->rooms, id);

    if (at != CHAT_NONE)
        return at;
    at = r->out->rooms.n;
    struct chat_room *room = PUSH(r->arena, &r->out->rooms);
    room->id = sv_dup(r->arena, id);
    room->name = sv_dup(r->arena, name);
    room->direct = direct;
    chat_index_put(&r->rooms, id, at);
    return at;
}

static sv channel_id(struct arena *a, sv team, sv name)
{
    return sv_printf(a, "%.*s/%.*s", SV_ARG(team), SV_ARG(name));
}

static int by_name(const void *a, const void *b)
{
    const sv *l = a, *r = b;

    return sv_compare(*l, *r);
}

/* A direct channel is its members; CHAT_NONE: it names none. */
static size_t direct_at(struct reader *r, const struct json_value *p, struct arena *scratch)
{
    struct str id = STR_IN(scratch);
    VEC(sv) names = {0};

    const struct json_value *e = chat_list(p, "channel_members");
    for (e = e ? e : chat_list(p, "members"); e; e = e->next) {
        sv name = e->type == JSON_TEXT ? e->text : chat_text(e, "username");
        if (name.n)
            *PUSH(scratch, &names) = name;
    }
    if (!names.n)
        return CHAT_NONE;
    qsort(names.v, names.n, sizeof(*names.v), by_name);
    for (size_t i = 0; i < names.n; i++)
        str_printf(&id, "%s%.*s", i ? "," : "@", SV_ARG(names.v[i]));
    size_t at = room_at(r, str_sv(&id), sv_from(str_sv(&id), 1), true);
    for (size_t i = 0; i < names.n; i++)
        chat_member_add(r->arena, &r->out->rooms.v[at], chat_index_get(&r->people, names.v[i]));
    return at;
}

static void channel_read(struct reader *r, const struct json_value *c, struct arena *scratch)
{
    sv name = chat_text(c, "name"), shown = chat_text(c, "display_name");

    if (name.n)
        room_at(r, channel_id(scratch, chat_text(c, "team"), name), shown.n ? shown : name, false);
    else
        r->out->counts.unknown_lines++;
}

static void user_read(struct reader *r, const struct json_value *u, struct arena *scratch)
{
    struct arena *a = r->arena;
    sv login = chat_text(u, "username"), first = chat_text(u, "first_name"), last = chat_text(u, "last_name");
    size_t person = r->out->people.n;

    if (!login.n || chat_index_get(&r->people, login) != CHAT_NONE) {
        r->out->counts.unknown_lines++;
        return;
    }
    struct chat_person *p = PUSH(a, &r->out->people);
    p->id = p->login = sv_dup(a, login);
    p->mail = sv_dup(a, chat_text(u, "email"));
    p->name = last.n && first.n ? sv_printf(a, "%.*s %.*s", SV_ARG(last), SV_ARG(first)) : sv_dup(a, last.n ? last : first);
    if (!p->name.n)
        p->name = sv_dup(a, chat_text(u, "nickname"));
    if (!p->name.n)
        p->name = p->login;
    chat_index_put(&r->people, login, person);
    for (const struct json_value *t = chat_list(u, "teams"); t; t = t->next)
        for (const struct json_value *c = chat_list(t, "channels"); c; c = c->next) {
            size_t at = chat_index_get(&r->rooms, channel_id(scratch, chat_text(t, "name"), chat_text(c, "name")));
            if (at != CHAT_NONE)
                chat_member_add(a, &r->out->rooms.v[at], person);
        }
}

static void line_read(struct reader *r, sv line, struct arena *scratch)
{
    static const char *const passed[] = {"version", "emoji", "role", "scheme", "team", "bot"};
    struct json_value v = {0};
    bool good = utf8_valid(line) && json_read(scratch, line, &v, NULL) && v.type == JSON_OBJECT;
    sv type = good ? chat_text(&v, "type") : SV("");
    const struct json_value *o = type.n ? json_get(&v, type) : NULL;
    size_t at = CHAT_NONE;

    for (size_t i = 0; i < COUNT(passed); i++)
        if (sv_equal(type, sv_c(passed[i]))) {
            r->version = r->version || i == 0;
            return;
        }
    if (!o || o->type != JSON_OBJECT)
        r->out->counts.unknown_lines++;
    else if (sv_equal(type, SV("channel")))
        channel_read(r, o, scratch);
    else if (sv_equal(type, SV("user")))
        user_read(r, o, scratch);
    else if (sv_equal(type, SV("direct_channel")))
        direct_at(r, o, scratch);
    else if (sv_equal(type, SV("post"))) {
        sv name = chat_text(o, "channel");
        thread_read(r, room_at(r, channel_id(scratch, chat_text(o, "team"), name), name, false), o);
    } else if (sv_equal(type, SV("direct_post")) && (at = direct_at(r, o, scratch)) != CHAT_NONE)
        thread_read(r, at, o);
    else
        r->out->counts.unknown_lines++;
}

bool mattermost_import_read(struct arena *a, sv file, struct chat_import *out)
{
    struct reader r = {.arena = a, .out = out};
    sv line;

    *out = (struct chat_import){.source = "mattermost"};
    chat_index_init(&r.people, a);
    chat_index_init(&r.rooms, a);
    chat_index_init(&r.posts, a);
    chat_index_init(&r.others, a);
    if (sv_starts(file, SV("\xEF\xBB\xBF")))
        file = sv_from(file, 3);
    while (sv_cut(&file, '\n', &line)) {
        if (!sv_trim(line).n)
            continue;
        r.scratch = arena_new(16 * 1024);
        line_read(&r, line, r.scratch);
        arena_free(&r.scratch);
    }
    chat_import_finish(a, out);
    map_release(&r.people.map);
    map_release(&r.rooms.map);
    map_release(&r.posts.map);
    map_release(&r.others.map);
    return r.version;
}
