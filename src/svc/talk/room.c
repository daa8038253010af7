/* svc/talk/room.c: rooms that members make themselves, and the membership of all rooms. */
#include "svc/talk/room.h"
#include "svc/talk/room_sql.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"

/* A row of the log: who came or went, and the version of the membership from then on. */
static void membership_row(struct ctx *x, enum audit_kind kind, id64 room, const id64 *who, size_t n, int64_t version)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_list(&j, "members");
    for (size_t i = 0; i < n; i++)
        json_id(&j, NULL, who[i]);
    json_list_end(&j);
    json_int(&j, "membership", version);
    json_close(&j);
    audit(x, kind, room, str_sv(&text));
}

static bool absent(struct ctx *x, id64 room)
{
    return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
}

bool talk_members_change(struct ctx *x, id64 room, const id64 *come, size_t n_come, int64_t first, const id64 *go,
                         size_t n_go)
{
    struct room r;
    bool done;

    if (n_come + n_go == 0)
        return true;
    if (!talk_sql_room_changed(x, room, (int64_t)n_come - (int64_t)n_go))
        return false;
    if (!talk_sql_room(x, room, &r))
        return absent(x, room);
    for (size_t i = 0; i < n_go; i++)
        if (!talk_sql_member_remove(x, room, go[i], &done) || !room_sql_span_end(x, room, go[i], r.version))
            return false;
    for (size_t i = 0; i < n_come; i++)
        if (!talk_sql_member_add(x, room, come[i], first, &done) || !room_sql_span_begin(x, room, come[i], r.version))
            return false;
    if (r.kind == ROOM_NOTICE)
        return true;                                      /* nobody came: the server has somewhere to write */
    if (n_go)
        membership_row(x, AUDIT_ROOM_LEAVE, room, go, n_go, r.version);
    if (n_come)
        membership_row(x, AUDIT_ROOM_JOIN, room, come, n_come, r.version);
    return true;
}

/* A room of several people that the acting member is in. */
static bool find(struct ctx *x, id64 room, struct room *r)
{
    struct membership me;

    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, &me) || !talk_sql_room(x, room, r))
        return absent(x, room);
    if (r->kind != ROOM_SEVERAL)
        return fail(&x->failure, E_DENIED, "the members of this room follow from elsewhere");
    return true;
}

static bool find_made(struct ctx *x, id64 room, struct room *r)
{
    if (!find(x, room, r))
        return false;
    return r->maker.n == x->actor.member.n || fail(&x->failure, E_DENIED, "only its maker");
}

/* A line of the server's in the room, heard by who is in it now. */
static bool line(struct ctx *x, id64 room, const char *what, const id64 *members, size_t n, sv name)
{
    const struct talk_system system = {.what = sv_c(what), .actor = x->actor.member, .members = {members, n}, .name = name};
    struct message m = {.room = room, .kind = MESSAGE_SYSTEM, .text = SV(""), .content = {.system = {&system}}};

    return talk_say(x, &m) && talk_tell_posted(x, &m);
}

/* They hear of the room from now on. */
static bool show(struct ctx *x, id64 room, const id64 *who, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        effect(x, EFF_TOPIC_JOIN, who[i].n, topic_of_room(room));
        if (!talk_tell_joined(x, room, who[i]))
            return false;
    }
    return true;
}

static bool hide(struct ctx *x, id64 room, id64 member)
{
    effect(x, EFF_TOPIC_LEAVE, member.n, topic_of_room(room));
    return talk_tell_left(x, room, member);
}

/* Somebody who can be talked with: a member that works here. */
static bool active(struct ctx *x, id64 member)
{
    bool is;

    if (!room_sql_active(x, member, &is))
        return false;
    return is || fail_field(&x->failure, "members", "no member %" PRId64, member.n);
}

static bool open_room(struct ctx *x, id64 room, enum room_kind kind, sv name, const id64 *who, size_t n)
{
    if (!talk_sql_room_add(x, room, kind, name, 0))
        return false;
    audit(x, AUDIT_ROOM_ADD, room, SV_NONE);
    return talk_members_change(x, room, who, n, 1, NULL, 0);
}

bool talk_direct_of(struct ctx *x, const id64 both[2], id64 *room, bool *made)
{
    *made = false;
    if (both[0].n == both[1].n)
        return fail_field(&x->failure, "members", "nobody else");
    if (!room_sql_direct(x, both[0], both[1], room))
        return false;
    if (room->n)
        return true;                                      /* also where one of them works here no more */
    if (!active(x, both[0]) || !active(x, both[1]))
        return false;
    *made = true;
    if (!talk_room_id_new(x, room))
        return false;
    return open_room(x, *room, ROOM_DIRECT, SV(""), both, 2) && show(x, *room, both, 2);
}

bool talk_direct(struct ctx *x, id64 peer, id64 *room, bool *made)
{
    const id64 both[] = {x->actor.member, peer};

    return talk_direct_of(x, both, room, made);
}

/* Those of them that are not in `have`, each once. */
static bool fresh(struct ctx *x, const id64 *have, size_t n_have, const id64 *v, size_t n, id64 **out, size_t *n_out)
{
    *out = ANEWN(x->arena, id64, n + 1);
    *n_out = 0;
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < n_have && !there; k++)
            there = have[k].n == v[i].n;
        for (size_t k = 0; k < *n_out && !there; k++)
            there = (*out)[k].n == v[i].n;
        if (there)
            continue;
        if (!active(x, v[i]))
            return false;
        (*out)[(*n_out)++] = v[i];
    }
    return true;
}

bool talk_several(struct ctx *x, sv name, bool history, const id64 *members, size_t n, id64 *room)
{
    const id64 me = x->actor.member;
    id64 *others;
    size_t n_others;

    if (!fresh(x, &me, 1, members, n, &others, &n_others))
        return false;
    if (n_others + 1 > TALK_ROOM_MEMBERS_MAX)
        return fail_field(&x->failure, "members", "%zu members", n_others + 1);
    others[n_others] = me;
    if (!talk_room_id_new(x, room))
        return false;
    return open_room(x, *room, ROOM_SEVERAL, name, others, n_others + 1) && room_sql_history(x, *room, history) &&
           show(x, *room, others, n_others + 1) && line(x, *room, "created", others, n_others, name);
}

bool talk_invite(struct ctx *x, id64 room, const id64 *members, size_t n, size_t *came)
{
    struct list have = {0};
    int64_t first = 1;
    struct room r;
    id64 *come;
    size_t n_come;

    *came = 0;
    if (!find(x, room, &r) || !talk_room_members(x, room, &have) ||
        !fresh(x, have.v, have.n, members, n, &come, &n_come))
        return false;
    if (have.n + n_come > TALK_ROOM_MEMBERS_MAX)
        return fail_field(&x->failure, "members", "%zu members", have.n + n_come);
    *came = n_come;
    if (n_come == 0)
        return true;
    if (!r.history && !talk_next_seq(x, room, &first))
        return false;
    return talk_members_change(x, room, come, n_come, first, NULL, 0) && show(x, room, come, n_come) &&
           line(x, room, "joined", come, n_come, SV(""));
}

static bool go(struct ctx *x, id64 room, id64 member, const char *what)
{
    return talk_members_change(x, room, NULL, 0, 0, &member, 1) && hide(x, room, member) &&
           line(x, room, what, &member, 1, SV(""));
}

bool talk_leave(struct ctx *x, id64 room)
{
    struct room r;

    return find(x, room, &r) && go(x, room, x->actor.member, "left");
}

bool talk_remove(struct ctx *x, id64 room, id64 member)
{
    struct membership of;
    struct room r;

    if (!find_made(x, room, &r))
        return false;
    if (member.n == x->actor.member.n || !talk_sql_member(x, room, member, &of))
        return x->failure.code == E_NONE && fail_field(&x->failure, "member", "not in the room, or oneself");
    return go(x, room, member, "removed");
}

bool talk_rename(struct ctx *x, id64 room, sv name)
{
    struct room r;

    if (!find(x, room, &r))
        return false;
    if (sv_equal(r.name, name))
        return true;
    return talk_sql_room_rename(x, room, name) && talk_tell_changed(x, room) &&
           line(x, room, "renamed", NULL, 0, name);
}

/* Of two people each sees the other one's; the server has none. */
static bool find_pictured(struct ctx *x, id64 room, struct room *r)
{
    if (!talk_room_find(x, room, r))
        return false;
    return (r->kind != ROOM_DIRECT && r->kind != ROOM_NOTICE) || fail(&x->failure, E_DENIED, "such a room has no picture of its own");
}

bool talk_photo_put(struct ctx *x, id64 room, const struct photo *p)
{
    struct room r;

    return find_pictured(x, room, &r) && room_sql_photo_put(x, room, p) &&
           room_sql_photo_ms_set(x, room, photo_next(x, r.photo_ms)) && talk_tell_changed(x, room) &&
           line(x, room, "photo", NULL, 0, SV(""));
}

bool talk_photo_delete(struct ctx *x, id64 room)
{
    struct room r;

    if (!find_pictured(x, room, &r))
        return false;
    if (!r.photo_ms)
        return true;
    return room_sql_photo_delete(x, room) && room_sql_photo_ms_set(x, room, 0) && talk_tell_changed(x, room) &&
           line(x, room, "photo_removed", NULL, 0, SV(""));
}

bool talk_photo_find(struct ctx *x, id64 room, struct photo *out, int64_t *version)
{
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    *version = r.photo_ms;
    return room_sql_photo_find(x, room, out) ? true : fail(&x->failure, E_NOT_FOUND, "no picture of room %" PRId64, room.n);
}

bool talk_history_set(struct ctx *x, id64 room, bool history)
{
    struct room r;

    return find_made(x, room, &r) && room_sql_history(x, room, history);
}

bool talk_prefs(struct ctx *x, id64 room, bool muted, bool pinned)
{
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    return room_sql_prefs(x, room, muted, !pinned ? 0 : r.pinned_ms ? r.pinned_ms : x->now_ms) &&
           talk_tell_prefs(x, room);
}
