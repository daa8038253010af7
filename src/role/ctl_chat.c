/* role/ctl_chat.c: what `import slack` and `import mattermost` do once their files are read. */
#include "role/ctl_chat.h"

#include "base/utf8.h"
#include "role/ctl_people.h"

#define BATCH_MAX   40000
#define BATCH_ROWS  400
#define MEMBERS_MAX 500                                   /* of a room */

struct carried {
    int64_t room, added, present;
    size_t members;
    bool carries;                                         /* somebody is in it, and somebody said something */
};

struct carry {
    struct ctl *c;
    struct chat_import *in;
    struct ctl_people people;
    sv *ids;                                              /* of the export's people: the member's id, "": none */
    int64_t room;                                         /* --room; 0: each channel has its own */
    struct carried *done;                                 /* as in->rooms */
    size_t memberless, left_out, unreadable;
    bool dry;
};

/* ---- who is who */

static sv named(const struct carry *y, const struct chat_person *p)
{
    const sv called[] = {p->name, p->login, p->mail, p->id};

    for (size_t i = 0; i < y->people.named.n; i++)
        for (size_t k = 0; k < COUNT(called); k++)
            if (called[k].n && sv_equal(y->people.named.v[i].name, called[k]))
                return y->people.named.v[i].id.n ? y->people.named.v[i].id : SV("-");
    return SV("");
}

/* By mail address, which an Engawa ID looks like; by login; by being called so. */
static sv member_of(const struct carry *y, const struct chat_person *p)
{
    sv id = named(y, p);
    size_t at;

    if (id.n || p->program)
        return sv_equal(id, SV("-")) ? SV("") : id;       /* "-": the names file says, no member */
    for (size_t way = 0; way < 2; way++) {
        sv login = p->login;
        if (way == 0 && (!sv_find(p->mail, SV("@"), &at) || !sv_equal_nocase(sv_from(p->mail, at + 1), y->c->tenant)))
            continue;
        if (way == 0)
            login = sv_upto(p->mail, at);
        for (size_t i = 0; login.n && i < y->people.members.n; i++)
            if (sv_equal_nocase(y->people.members.v[i].login, login))
                return y->people.members.v[i].id;
    }
    return ctl_people_named(&y->people, p->name);
}

/* Who is nobody of the export's: a program, which may call itself as a member is called. Only the names file makes it one. */
static sv program(const struct carry *y, sv name)
{
    return member_of(y, &(struct chat_person){.name = name, .program = true});
}

static int find_people(struct carry *y)
{
    int rc = ctl_people_find(&y->people);

    y->ids = ANEWN(y->c->arena, sv, y->in->people.n + 1);
    for (size_t i = 0; rc == CTL_DONE && i < y->in->people.n; i++)
        y->ids[i] = member_of(y, &y->in->people.v[i]);
    return rc;
}

/* ---- rooms */

static bool is_called(const struct chat_room *r, sv name)
{
    if (sv_starts(name, SV("#")))
        name = sv_from(name, 1);
    return sv_equal(r->name, name) || sv_equal(r->id, name);
}

/* Lets go of the channels that are not meant. */
static int choose(struct carry *y)
{
    sv want = ctl_value(y->c, "--channel");
    size_t n = 0;

    for (size_t i = 0; i < y->in->rooms.n; i++)
        if (!want.p || is_called(&y->in->rooms.v[i], want))
            y->in->rooms.v[n++] = y->in->rooms.v[i];
    y->in->rooms.n = n;
    if (want.p && n == 0)
        return ctl_complain("the export has no channel \"%.*s\"", SV_ARG(want)), CTL_USAGE;
    if (ctl_given(y->c, "--room") && n != 1)
        return ctl_complain("--room takes one channel: name it by --channel"), CTL_USAGE;
    y->done = ANEWN(y->c->arena, struct carried, n + 1);
    return CTL_DONE;
}

static void members_json(struct carry *y, const struct chat_room *r, struct json *j, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < r->members.n; i++) {
        sv id = y->ids[r->members.v[i]];
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)         /* two of the export may be the same member */
            before = sv_equal(y->ids[r->members.v[k]], id);
        if (!id.n || before)
            continue;
        if (*n == MEMBERS_MAX) {
            y->left_out++;
            continue;
        }
        ++*n;
        if (j)
            json_text(j, NULL, id);
    }
}

static sv room_name(struct arena *a, const struct chat_room *r)
{
    sv name = sv_trim(utf8_upto(ctl_plain(a, r->name, false), 100));

    return name.n ? name : SV("?");
}

static int room_find(struct carry *y, const struct chat_room *r, struct carried *d)
{
    struct arena *a = y->c->arena;
    struct str body = STR_IN(a);
    struct json j = JSON_TO(&body);
    struct json_value v = {0};

    d->room = y->room;
    json_open(&j, NULL);
    json_text(&j, "name", room_name(a, r));
    json_text(&j, "key", chat_room_key(a, y->in->source, r->id));
    json_list(&j, "members");
    members_json(y, r, &j, &d->members);
    json_list_end(&j);
    json_close(&j);
    d->carries = r->messages.n && (y->room || d->members);
    y->memberless += r->messages.n && !d->carries;
    if (y->room || y->dry || !d->carries)
        return CTL_DONE;
    int rc = ctl_ask(y->c, SV("room.add"), str_sv(&body), &v);
    if (rc == CTL_DONE && !sv_int(ctl_text_of(&v, "id"), &d->room))
        return ctl_complain("the server named no room"), CTL_NO_SERVER;
    return rc;
}

/* ---- messages */

static void message_json(struct carry *y, int64_t room, struct json *j, const struct chat_message *m)
{
    struct arena *a = y->c->arena;
    sv id = m->person != CHAT_NONE ? y->ids[m->person] : program(y, m->sender_name);

    json_open(j, NULL);
    json_text(j, "key", chat_message_key(a, y->in->source, room, m->at_us, m->id, m->part));
    if (id.n)
        json_text(j, "sender", id);
    else
        json_text(j, "sender_name", utf8_upto(ctl_plain(a, m->sender_name, false), 100));
    json_text(j, "kind", SV("text"));
    json_text(j, "text", ctl_plain(a, m->text, true));
    if (m->root.n)
        json_text(j, "reply_key", chat_message_key(a, y->in->source, room, m->root_us, m->root, 0));
    json_int(j, "sent", m->at_us / 1000);
    json_close(j);
}

static int send_batch(struct carry *y, struct carried *d, sv messages)
{
    struct json_value v = {0};
    const struct json_value *added, *present;
    sv body = sv_printf(y->c->arena, "{\"room\":\"%" PRId64 "\",\"messages\":[%.*s]}", d->room, SV_ARG(messages));
    int rc = ctl_ask(y->c, SV("talk.import"), body, &v);

    if (rc != CTL_DONE)
        return rc;
    added = json_get(&v, SV("added"));
    present = json_get(&v, SV("present"));
    d->added += added && added->whole ? added->i : 0;
    d->present += present && present->whole ? present->i : 0;
    return rc;
}

/* As many as fit into one call, from *at on. */
static int send_some(struct carry *y, const struct chat_room *r, struct carried *d, size_t *at)
{
    struct str batch = STR_IN(y->c->arena), one = STR_IN(y->c->arena);
    size_t rows = 0;

    for (; *at < r->messages.n && rows < BATCH_ROWS; ++*at) {
        struct json j = JSON_TO(&one);
        str_reset(&one);
        message_json(y, d->room, &j, &r->messages.v[*at]);
        if (rows && batch.n + one.n > BATCH_MAX)
            break;
        if (rows++)
            str_char(&batch, ',');
        str_put(&batch, str_sv(&one));
    }
    return send_batch(y, d, str_sv(&batch));
}

static int send_room(struct carry *y, const struct chat_room *r, struct carried *d)
{
    struct arena *whole = y->c->arena;
    int rc = CTL_DONE;

    for (size_t at = 0; at < r->messages.n && rc == CTL_DONE;) {
        y->c->arena = arena_new(256 * 1024);              /* a long history needs no more memory than a short one */
        rc = send_some(y, r, d, &at);
        arena_free(&y->c->arena);
        y->c->arena = whole;
    }
    return rc;
}

/* ---- the report */

static void rooms_report(const struct carry *y, struct json *j)
{
    json_list(j, "rooms");
    for (size_t i = 0; i < y->in->rooms.n; i++) {
        const struct carried *d = &y->done[i];
        json_open(j, NULL);
        json_text(j, "channel", room_name(y->c->arena, &y->in->rooms.v[i]));
        if (d->room)
            json_id(j, "room", (id64){d->room});
        else
            json_text(j, "room", d->carries ? SV("its own") : SV("none"));
        json_int(j, "members", (int64_t)d->members);
        json_int(j, "messages", (int64_t)y->in->rooms.v[i].messages.n);
        if (!y->dry) {
            json_int(j, "added", d->added);
            json_int(j, "already_there", d->present);
        }
        json_close(j);
    }
    json_list_end(j);
}

static void report(struct carry *y)
{
    struct str text = STR_IN(y->c->arena);
    struct json j = JSON_TO(&text);
    int64_t added = 0, present = 0;

    for (size_t i = 0; i < y->in->rooms.n; i++) {
        added += y->done[i].added;
        present += y->done[i].present;
    }
    json_open(&j, NULL);
    json_bool(&j, "dry_run", y->dry);
    if (!y->dry) {
        json_int(&j, "added", added);
        json_int(&j, "already_there", present);
    }
#define PRINT(name) json_int(&j, #name, y->in->counts.name);
    CHAT_COUNTS(PRINT)
#undef PRINT
    json_int(&j, "rooms_without_members", (int64_t)y->memberless);
    json_int(&j, "members_left_out", (int64_t)y->left_out);
    json_int(&j, "unreadable_files", (int64_t)y->unreadable);
    json_list(&j, "not_members");
    for (size_t i = 0; i < y->in->people.n; i++)
        if (!y->ids[i].n)
            json_text(&j, NULL, ctl_plain(y->c->arena, y->in->people.v[i].name, false));
    json_list_end(&j);
    rooms_report(y, &j);
    json_close(&j);
    ctl_print(y->c, str_sv(&text));
}

int ctl_chat_carry(struct ctl *c, struct chat_import *in, size_t unreadable)
{
    struct carry y = {.c = c, .in = in, .people.c = c, .unreadable = unreadable, .dry = ctl_given(c, "--dry-run")};

    if (ctl_given(c, "--room") && (!sv_int(ctl_value(c, "--room"), &y.room) || y.room <= 0))
        return ctl_complain("--room is the number of a room"), CTL_USAGE;
    int rc = choose(&y);
    if (rc == CTL_DONE && !ctl_people_names(&y.people))
        rc = CTL_FILE;
    if (rc == CTL_DONE)
        rc = find_people(&y);
    for (size_t i = 0; i < in->rooms.n && rc == CTL_DONE; i++) {
        rc = room_find(&y, &in->rooms.v[i], &y.done[i]);
        if (rc == CTL_DONE && y.done[i].carries && !y.dry)
            rc = send_room(&y, &in->rooms.v[i], &y.done[i]);
    }
    if (rc == CTL_DONE)
        report(&y);
    return rc;
}
