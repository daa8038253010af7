/* api/unit_room.c: where org's units and talk's rooms meet. */
#include "api/unit_room.h"
#include "svc/talk/place.h"

static bool open_room(struct ctx *x, const struct unit *u, const struct id_list *people)
{
    id64 room;

    return talk_place_open(x, ROOM_UNIT, u->name, people->v, people->n, &room) && unit_room_set(x, u->id, room);
}

static bool follow(struct ctx *x, const struct unit *u)
{
    struct id_list people = {0};

    if (!unit_room_people(x, u->id, &people))
        return false;
    if (u->room.n)
        return talk_place_sync(x, u->room, people.v, people.n);
    return people.n == 0 || !(u->functions & UNIT_TALK) || open_room(x, u, &people);
}

bool unit_rooms_follow(struct ctx *x, const struct id_list *changed)
{
    struct unit u;

    for (size_t i = 0; i < changed->n; i++)
        if (!unit_find(x, changed->v[i], &u) || !follow(x, &u))
            return false;
    return true;
}

bool unit_room_edited(struct ctx *x, const struct unit *before, const struct unit *after)
{
    bool was = before->functions & UNIT_TALK, is = after->functions & UNIT_TALK;

    if (before->room.n && !sv_equal(before->name, after->name) && !talk_place_rename(x, before->room, after->name))
        return false;
    if (was == is)
        return true;
    if (!before->room.n)
        return follow(x, after);
    return is ? talk_place_restore(x, before->room) : talk_place_close(x, before->room);
}

bool unit_rooms_close(struct ctx *x, const struct units *gone)
{
    for (size_t i = 0; i < gone->n; i++)
        if (gone->v[i].room.n && !talk_place_close(x, gone->v[i].room))
            return false;
    return true;
}

bool unit_rooms_open(struct ctx *x, const struct units *back)
{
    for (size_t i = 0; i < back->n; i++)
        if (back->v[i].room.n && back->v[i].functions & UNIT_TALK && !talk_place_restore(x, back->v[i].room))
            return false;
    return true;
}

bool unit_forget(struct ctx *x, bool *more)
{
    struct units old = {0};

    if (!unit_expired(x, &old))
        return false;
    *more = old.n > 1;
    if (old.n == 0)
        return true;
    const struct unit *u = &old.v[0];
    audit(x, AUDIT_UNIT_ERASE, u->id, SV_NONE);
    return (!u->room.n || talk_place_erase(x, u->room)) && unit_erase(x, u->id);
}
