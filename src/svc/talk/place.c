/* svc/talk/place.c: rooms of units and groups, and service notices. */
#include "svc/talk/place.h"
#include "base/utf8.h"
#include "svc/talk/folder_sql.h"
#include "svc/talk/keyword_sql.h"
#include "svc/talk/later_sql.h"
#include "svc/talk/message.h"
#include "svc/talk/room.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"

#include <stdlib.h>

#define MESSAGE_MAX 10000                                 /* characters, as of any message */

struct ids {
    id64 *v;
    size_t n;
};

static int by_id(const void *a, const void *b)
{
    const id64 *l = a, *r = b;

    return (l->n > r->n) - (l->n < r->n);
}

/* Those of them that are members, each once, in order. */
static struct ids living(struct ctx *x, const id64 *members, size_t n)
{
    struct ids all = {.v = ANEWN(x->arena, id64, n)};
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (talk_sql_member_exists(x, members[i]))
            all.v[all.n++] = members[i];
    if (all.n > 1)
        qsort(all.v, all.n, sizeof(*all.v), by_id);
    for (size_t i = 0; i < all.n; i++)
        if (i == 0 || all.v[i].n != all.v[kept - 1].n)
            all.v[kept++] = all.v[i];
    all.n = kept;
    return all;
}

static bool is_place(enum room_kind k)
{
    return k == ROOM_UNIT || k == ROOM_GROUP;
}

static bool find_place(struct ctx *x, id64 room, struct room *r)
{
    if (room.n > INT32_MAX || !talk_sql_room(x, room, r) || !is_place(r->kind))
        return fail(&x->failure, E_NOT_FOUND, "no place %" PRId64, room.n);
    return true;
}

/* What several people called their room is theirs. */
bool talk_place_any(struct ctx *x, id64 room, struct room *out, bool *there)
{
    *out = (struct room){.id = room};
    *there = talk_sql_room(x, room, out);
    if (*there && !is_place(out->kind))
        out->name = SV("");
    return x->failure.code == E_NONE;
}

static bool members_now(struct ctx *x, id64 room, struct ids *out)
{
    struct list l;

    if (!talk_room_members(x, room, &l))
        return false;
    *out = (struct ids){.v = arena_dup(x->arena, l.n ? l.v : "", l.n * sizeof(id64)), .n = l.n};
    return true;
}

/* What `all` holds and `without` does not; both are in order. */
static struct ids difference(struct ctx *x, struct ids all, struct ids without)
{
    struct ids out = {.v = ANEWN(x->arena, id64, all.n)};
    size_t k = 0;

    for (size_t i = 0; i < all.n; i++) {
        while (k < without.n && without.v[k].n < all.v[i].n)
            k++;
        if (k == without.n || without.v[k].n != all.v[i].n)
            out.v[out.n++] = all.v[i];
    }
    return out;
}

/* Connections of these members hear the room from now on, or no longer. The loop carries it out before any event of this
 * operation leaves. */
static bool show(struct ctx *x, id64 room, struct ids who)
{
    for (size_t i = 0; i < who.n; i++) {
        effect(x, EFF_TOPIC_JOIN, who.v[i].n, topic_of_room(room));
        if (!talk_tell_joined(x, room, who.v[i]))
            return false;
    }
    return true;
}

static bool hide(struct ctx *x, id64 room, struct ids who)
{
    for (size_t i = 0; i < who.n; i++) {
        effect(x, EFF_TOPIC_LEAVE, who.v[i].n, topic_of_room(room));
        if (!talk_tell_left(x, room, who.v[i]))
            return false;
    }
    return true;
}

/* Where the history of newcomers begins. */
static bool first_of(struct ctx *x, id64 room, int64_t *first)
{
    *first = 1;
    return policy_bool(x->policy, "room.history_for_newcomers") || talk_next_seq(x, room, first);
}

bool talk_place_open(struct ctx *x, enum room_kind kind, sv name, const id64 *members, size_t n, id64 *room)
{
    struct ids who = living(x, members, n);

    ENSURE(is_place(kind));
    if (!talk_room_id_new(x, room))
        return false;
    return talk_sql_room_add(x, *room, kind, name, 0) && talk_members_change(x, *room, who.v, who.n, 1, NULL, 0) &&
           show(x, *room, who);
}

bool talk_place_sync(struct ctx *x, id64 room, const id64 *members, size_t n)
{
    struct ids want = living(x, members, n), now, come, go;
    int64_t first;
    struct room r;

    if (!find_place(x, room, &r) || !members_now(x, room, &now))
        return false;
    come = difference(x, want, now);
    go = difference(x, now, want);
    if (come.n + go.n == 0)
        return true;
    if (!first_of(x, room, &first) || !talk_members_change(x, room, come.v, come.n, first, go.v, go.n))
        return false;
    return r.closed || (hide(x, room, go) && show(x, room, come));
}

bool talk_place_rename(struct ctx *x, id64 room, sv name)
{
    struct room r;

    if (!find_place(x, room, &r))
        return false;
    if (sv_equal(r.name, name))
        return true;
    return talk_sql_room_rename(x, room, name) && (r.closed || talk_tell_changed(x, room));
}

bool talk_place_close(struct ctx *x, id64 room)
{
    struct room r;
    struct ids now;

    if (!find_place(x, room, &r))
        return false;
    return r.closed ||
           (members_now(x, room, &now) && talk_sql_room_close(x, room, x->now_ms) && hide(x, room, now));
}

bool talk_place_restore(struct ctx *x, id64 room)
{
    struct room r;
    struct ids now;

    if (!find_place(x, room, &r))
        return false;
    return !r.closed || (members_now(x, room, &now) && talk_sql_room_close(x, room, 0) && show(x, room, now));
}

bool talk_place_erase(struct ctx *x, id64 room)
{
    return talk_place_close(x, room) && talk_sql_room_erase(x, room);
}

static bool notice_room(struct ctx *x, id64 member, id64 *room)
{
    struct ids one = {&member, 1};
    sv language = SV_NONE;

    if (talk_sql_notice_room(x, member, room))
        return true;
    if (!talk_room_id_new(x, room))
        return false;
    return talk_sql_language(x, member, &language) &&
           talk_sql_room_add(x, *room, ROOM_NOTICE, sv_equal(language, SV("en")) ? SV("Service notices") : SV("サービス通知"), 0) &&
           talk_members_change(x, *room, &member, 1, 1, NULL, 0) && show(x, *room, one);
}

static bool notice(struct ctx *x, id64 member, sv text, const struct talk_system *about)
{
    struct message m = {.text = utf8_upto(text, MESSAGE_MAX), .content = {.system = {about}}};

    if (!talk_sql_member_exists(x, member))
        return true;
    return notice_room(x, member, &m.room) && talk_say(x, &m) && talk_tell_posted(x, &m);
}

bool talk_notice(struct ctx *x, id64 member, sv text)
{
    return notice(x, member, text, NULL);
}

static bool notice_in(struct ctx *x, id64 member, sv ja, sv en, const struct talk_system *about)
{
    sv language = SV_NONE;

    if (!talk_sql_language(x, member, &language))
        return true;
    return notice(x, member, sv_equal(language, SV("en")) ? en : ja, about);
}

bool talk_notice_in(struct ctx *x, id64 member, sv ja, sv en)
{
    return notice_in(x, member, ja, en, NULL);
}

bool talk_notice_about(struct ctx *x, id64 member, sv ja, sv en, id64 message)
{
    const struct talk_system about = {.what = SV("reminder"), .room = talk_room_of(message), .seq = talk_seq_of(message)};

    return notice_in(x, member, ja, en, &about);
}

bool talk_member_gone(struct ctx *x, id64 member)
{
    struct ids one = {&member, 1};
    struct rooms all = {0};

    if (!talk_sql_rooms_of(x, member, &all))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct room *r = &all.v[i];
        if (!talk_members_change(x, r->id, NULL, 0, 0, &member, 1) || (!r->closed && !hide(x, r->id, one)) ||
            (r->kind == ROOM_NOTICE && !talk_sql_room_erase(x, r->id)))
            return false;
    }
    return later_sql_member_gone(x, member) && keyword_sql_member_gone(x, member) && folder_sql_member_gone(x, member);
}
