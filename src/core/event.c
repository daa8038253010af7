/* core/event.c: collecting, storing and writing events. */
#include "core/event.h"
#include "core/ctx.h"

static const struct event_def defs[EV_COUNT] = {
#define EVENT(n, id, to_, notify_, audited_, schema_, doc_) \
    [EV_##n] = {.name = id, .schema = schema_, .doc = doc_, .to = to_, .notify = notify_, .audited = audited_},
#include "core/events.def"
#undef EVENT
};

const struct event_def *event_def(enum event_kind k)
{
    ENSURE((unsigned)k < EV_COUNT);
    return &defs[k];
}

bool event_find(sv name, enum event_kind *out)
{
    for (unsigned k = 0; k < EV_COUNT; k++)
        if (sv_equal(name, sv_c(defs[k].name))) {
            *out = (enum event_kind)k;
            return true;
        }
    return false;
}

int64_t topic_of_room(id64 room)
{
    return room.n;
}

int64_t topic_of_open(id64 room)
{
    return room.n | INT64_C(1) << 40;
}

int64_t topic_of_member(id64 member)
{
    return (int64_t)((uint64_t)member.n | UINT64_C(1) << 63);
}

int64_t topic_of_watch(id64 member)
{
    return member.n | INT64_C(1) << 62;
}

void event_room(struct ctx *x, enum event_kind k, id64 room, sv data)
{
    ENSURE(event_def(k)->to == TO_ROOM);
    *PUSH(x->arena, &x->events) =
        (struct event){.kind = k, .topic = topic_of_room(room), .room = room, .data = data};
}

void event_member(struct ctx *x, enum event_kind k, id64 member, sv data)
{
    ENSURE(event_def(k)->to == TO_MEMBER);
    *PUSH(x->arena, &x->events) = (struct event){.kind = k, .topic = topic_of_member(member), .data = data};
}

void event_open(struct ctx *x, enum event_kind k, id64 room, sv data)
{
    ENSURE(event_def(k)->to == TO_OPEN);
    *PUSH(x->arena, &x->events) =
        (struct event){.kind = k, .topic = topic_of_open(room), .room = room, .data = data};
}

void event_self(struct ctx *x, enum event_kind k, id64 member, sv data)
{
    ENSURE(event_def(k)->to == TO_SELF);
    *PUSH(x->arena, &x->events) = (struct event){.kind = k, .topic = topic_of_member(member), .data = data};
}

void event_watched(struct ctx *x, enum event_kind k, id64 member, sv data)
{
    ENSURE(event_def(k)->to == TO_WATCH);
    *PUSH(x->arena, &x->events) = (struct event){.kind = k, .topic = topic_of_watch(member), .data = data};
}

void event_object(struct ctx *x, id64 object)
{
    ENSURE(x->events.n);
    x->events.v[x->events.n - 1].object = object;
}

bool event_forget(struct ctx *x, id64 object)
{
    return db_exec(x->db, "DELETE FROM event WHERE object = $1 AND object <> 0", ID(object));
}

bool event_store(struct ctx *x, int64_t *pos)
{
    for (size_t i = 0; i < x->events.n; i++) {
        struct event *e = &x->events.v[i];
        if (event_def(e->kind)->to >= TO_OPEN)
            continue;
        e->pos = *pos + 1;
        if (!db_exec(x->db, "INSERT INTO event (pos, made_ms, topic, kind, data, object) VALUES ($1, $2, $3, $4, $5, $6)",
                     INT(e->pos), INT(x->now_ms), INT(e->topic), TEXT(sv_c(event_def(e->kind)->name)),
                     SEALED("event.data", e->pos, e->data), ID(e->object)))
            return false;
        *pos = e->pos;
    }
    return true;
}

void event_text(struct str *out, const struct event *e)
{
    struct json j = JSON_TO(out);

    json_open(&j, NULL);
    json_text(&j, "event", sv_c(event_def(e->kind)->name));
    if (e->pos)
        json_int(&j, "pos", e->pos);
    if (e->room.n)
        json_id(&j, "room", e->room);
    json_raw(&j, "data", e->data);
    json_close(&j);
}
