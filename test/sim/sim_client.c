/* test/sim/sim_client.c: members at their devices: each writes into the rooms, one message at a time in each, repeats what was not
 * acknowledged under the same key, loses its connection and resumes from the position it holds. What it is told is held
 * against what anybody was told before. */
#include "base/json.h"
#include "role/call.h"
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ORIGIN "https://sim.example"
#define KEY    "%08x-0000-7000-8000-%012x"

static struct sim_client *at(uint32_t conn)
{
    if (conn >= CLIENTS)
        sim_wrong("a frame for connection %" PRIu32, conn);
    return &world->clients[conn];
}

static int room_at(int64_t id)
{
    for (int i = 0; i < ROOMS; i++)
        if (world->rooms[i] == id)
            return i;
    sim_wrong("room %" PRId64 " is nobody's", id);
}

static int64_t number(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    if (!f || f->type != JSON_NUMBER)
        sim_wrong("no number %s", name);
    return f->i;
}

static sv text(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_TEXT ? f->text : SV_NONE;
}

/* ---- what is told */

/* A message as anybody is told of it: always the same number for the same key. */
static void told(struct sim_client *c, const struct json_value *m)
{
    id64 room = ID_NONE;
    int64_t seq = number(m, "seq");
    sv key = text(m, "key");
    char expected[40];
    int n = 0;

    if (!sv_equal(text(m, "kind"), SV("text")))
        return;                                           /* that the room was made */
    for (size_t i = key.n > 12 ? key.n - 12 : 0; i < key.n; i++)
        n = n * 16 + (key.p[i] <= '9' ? key.p[i] - '0' : key.p[i] - 'a' + 10);
    snprintf(expected, sizeof(expected), KEY, (unsigned)n, (unsigned)n);
    if (!sv_equal(key, sv_c(expected)) || n < 0 || (size_t)n >= world->posts_n || !sv_id(text(m, "room"), &room))
        sim_wrong("nobody wrote %.*s", SV_ARG(key));
    struct sim_post *post = &world->posts[n];
    int r = room_at(room.n);
    if (post->room != r || seq < 1 || seq >= SEQS)
        sim_wrong("message %d stands at %" PRId64 " of room %d", n, seq, r);
    if ((post->seq && post->seq != seq) || (world->truth[r][seq] && world->truth[r][seq] != n + 1))
        sim_wrong("message %d is %" PRId64 " and %" PRId64 " of room %d, where message %d was told", n, post->seq, seq, r, world->truth[r][seq] - 1);
    snprintf(expected, sizeof(expected), "m%d", n);
    if (!sv_equal(text(m, "text"), sv_c(expected)))
        sim_wrong("message %d says %.*s", n, SV_ARG(text(m, "text")));
    post->seq = seq;
    world->truth[r][seq] = (uint16_t)(n + 1);
    c->seen[r][seq] = (uint16_t)(n + 1);
    sim_note((uint64_t)seq << 32 | (uint64_t)n << 8 | (uint64_t)r);
}

static void event(struct sim_client *c, const struct json_value *e)
{
    sv name = text(e, "event");
    int64_t pos = json_get(e, SV("pos")) ? number(e, "pos") : 0;

    if (sv_equal(name, SV("talk.message.posted")))
        told(c, json_get(e, SV("data")));
    if (pos > 0) {
        if (c->state == ON && pos <= c->pos)
            sim_wrong("event %" PRId64 " was told before", pos);
        c->live = pos > c->live ? pos : c->live;
        if (c->state == ON)
            c->pos = pos;
    }
}

/* ---- what is asked */

static void http(uint32_t i, enum frame_type type, const char *path, sv ticket)
{
    struct sim_client *c = &world->clients[i];
    struct http_call call = {.method = type == REQ_HTTP ? CALL_POST : CALL_GET, .path = sv_c(path), .ip = SV("192.0.2.1"), .sid = sv_c(c->sid), .origin = SV(ORIGIN),
                             .own_origin = SV(ORIGIN), .fetch_site = SV("same-origin"), .marked = SV("1"), .ticket = ticket};
    struct str s = {0};

    call_write(&s, &call);
    house_frame(type, i, c->gen, 1, str_sv(&s));
    str_release(&s);
}

PRINTF(2, 3) static void say(uint32_t i, const char *fmt, ...)
{
    char words[400];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(words, sizeof(words), fmt, ap);
    va_end(ap);
    house_frame(REQ_WS_TEXT, i, world->clients[i].gen, 2, sv_c(words));
}

static void post(uint32_t i, int room, int n)
{
    world->clients[i].waits[room] = n + 1;
    say(i, "{\"id\":\"p%d\",\"op\":\"talk.post\",\"params\":{\"room\":\"%" PRId64 "\"},\"body\":{\"key\":\"" KEY "\",\"text\":\"m%d\"}}",
        n, world->rooms[room], (unsigned)n, (unsigned)n, n);
}

/* The message that is due in a room: the oldest that was not acknowledged, else a new one. -1: none is. */
static int due(uint32_t i, int room)
{
    struct sim_client *c = &world->clients[i];

    if (c->waits[room])
        return -1;
    for (size_t n = 0; n < world->posts_n; n++)
        if (world->posts[n].client == (int)i && world->posts[n].room == room && !world->posts[n].acked)
            return (int)n;
    if (world->last || world->posts_n == POSTS)
        return -1;
    world->posts[world->posts_n] = (struct sim_post){.client = (int)i, .room = room, .nth = ++c->posts[room]};
    return (int)world->posts_n++;
}

static void act(uint32_t i)
{
    struct sim_client *c = &world->clients[i];
    int room = (int)sim_random(ROOMS), n;

    switch (sim_random(world->last ? 6 : 8)) {
    case 6:                                               /* what was acknowledged is sent again: the same message is answered */
        if (world->posts_n > 0) {
            n = (int)sim_random(world->posts_n);
            if (world->posts[n].client == (int)i && !c->waits[world->posts[n].room])
                post(i, world->posts[n].room, n);
        }
        break;
    case 7:
        say(i, "{\"id\":\"r\",\"op\":\"talk.read\",\"params\":{\"room\":\"%" PRId64 "\"},\"body\":{\"seq\":%d}}", world->rooms[room], 1);
        break;
    default:
        n = due(i, room);
        if (n >= 0)
            post(i, room, n);
    }
}

void client_step(void)
{
    uint32_t i = (uint32_t)sim_random(CLIENTS);
    struct sim_client *c = &world->clients[i];

    if (c->state == OFF) {
        c->state = ASKED_TICKET;
        http(i, REQ_HTTP, "/ws-ticket", SV(""));
    } else if (c->state == ON) {
        act(i);
    }
}

static void disconnect(uint32_t i)
{
    struct sim_client *c = &world->clients[i];

    c->gen++;
    c->state = OFF;
    memset(c->topics, 0, sizeof(c->topics));
    memset(c->waits, 0, sizeof(c->waits));
}

void client_drop(void)
{
    uint32_t i = (uint32_t)sim_random(CLIENTS);

    if (world->clients[i].state == OFF)
        return;
    house_frame(REQ_CLOSED, i, world->clients[i].gen, 0, SV(""));
    disconnect(i);
}

void clients_begin(void)
{
    for (uint32_t i = 0; i < CLIENTS; i++)
        disconnect(i);
}

/* ---- answers */

static void answered_http(uint32_t i, const struct ipc_head *h, sv payload, struct arena *a)
{
    struct sim_client *c = &world->clients[i];
    struct ipc_in in = IPC_IN(payload);
    uint32_t n = ipc_r_u32(&in);
    struct json_value v;
    const char *why;

    for (uint32_t k = 0; k < n; k++) {
        sv name = ipc_r_bytes(&in, 100), value = ipc_r_bytes(&in, 1000), rest;
        if (sv_equal(name, SV("Set-Cookie")) && sv_starts(value, SV("__Host-sid-")) && sv_cut(&value, '=', &rest) && sv_cut(&value, ';', &rest))
            snprintf(c->sid, sizeof(c->sid), "%.*s", SV_ARG(rest));
    }
    sv body = ipc_r_bytes(&in, IPC_PAYLOAD_MAX);
    if (h->a == 0)
        return;                                           /* the base's log-in */
    if (h->b != 200 || c->state != ASKED_TICKET || !json_read(a, body, &v, &why)) {
        if (h->b != 200 && h->b != 503 && h->b != 507 && h->b != 429)
            sim_wrong("a ticket gave %" PRIu64 " %.*s", h->b, SV_ARG(body));
        c->state = OFF;
        return;
    }
    c->state = ASKED_OPEN;
    http(i, REQ_WS_OPEN, "/ws", text(&v, "ticket"));
}

static void synced(struct sim_client *c, const struct json_value *body)
{
    const struct json_value *events = json_get(body, SV("events")), *reset = json_get(body, SV("reset"));

    if (reset && reset->type == JSON_BOOL && reset->yes)
        sim_wrong("a client that was away for moments is told to begin anew");
    for (const struct json_value *e = events ? events->child : NULL; e; e = e->next)
        event(c, e);
    int64_t pos = number(body, "pos");
    c->pos = pos > c->live ? pos : c->live;
    c->state = ON;
}

static void acked(struct sim_client *c, int n, const struct json_value *body)
{
    told(c, body);
    world->posts[n].acked = true;
}

static void answered(uint32_t i, const struct json_value *v)
{
    struct sim_client *c = &world->clients[i];
    sv id = text(v, "id");
    int64_t status = number(v, "status"), n = 0;
    const struct json_value *body = json_get(v, SV("body"));

    sim_note((uint64_t)status << 16 | (uint64_t)id.p[0]);
    if (status != 200 && status != 503 && status != 507 && status != 429)
        sim_wrong("%.*s gave %" PRId64, SV_ARG(id), status);
    if (id.p[0] == 's' && status == 200) {
        synced(c, body);
    } else if (id.p[0] == 's') {
        house_frame(REQ_CLOSED, i, c->gen, 0, SV(""));
        disconnect(i);
    } else if (id.p[0] == 'p') {
        if (!sv_int(sv_from(id, 1), &n) || n < 0 || (size_t)n >= world->posts_n)
            sim_wrong("an answer to %.*s", SV_ARG(id));
        c->waits[world->posts[n].room] = 0;
        if (status == 200)
            acked(c, (int)n, body);
    }
}

static void heard(uint32_t i, sv payload, struct arena *a)
{
    struct json_value v;
    const char *why;

    if (!json_read(a, payload, &v, &why))
        sim_wrong("no JSON: %s", why);
    if (json_get(&v, SV("id")))
        answered(i, &v);
    else
        event(&world->clients[i], &v);
}

static void topic(struct sim_client *c, int64_t from, int64_t to)
{
    size_t i = 0;

    while (i < TOPICS && c->topics[i] != from)
        i++;
    if (i < TOPICS)
        c->topics[i] = to;
    else if (to)
        sim_wrong("more topics than there are");
}

static bool hears(const struct sim_client *c, int64_t wanted)
{
    for (size_t i = 0; i < TOPICS; i++)
        if (c->topics[i] == wanted)
            return true;
    return false;
}

void client_frame(const struct ipc_head *h, sv payload)
{
    struct arena *a = arena_new(4096);

    if (h->type == TOPIC_EVENT) {
        for (uint32_t i = 0; i < CLIENTS; i++)
            if (hears(&world->clients[i], (int64_t)h->a))
                heard(i, payload, a);
    } else if (at(h->conn)->gen == h->gen || (h->type == RES_HTTP && h->a == 0)) {
        struct sim_client *c = at(h->conn);
        if (h->type == RES_HTTP) {
            answered_http(h->conn, h, payload, a);
        } else if (h->type == RES_WS_OPEN && h->b == 101) {
            c->state = ASKED_SYNC;
            c->live = 0;
        } else if (h->type == RES_WS_OPEN) {
            c->state = OFF;
        } else if (h->type == TOPIC_JOIN) {
            topic(c, 0, (int64_t)h->a);
        } else if (h->type == TOPIC_LEAVE) {
            topic(c, (int64_t)h->a, 0);
        } else if (h->type == RES_WS_TEXT) {
            heard(h->conn, payload, a);
        } else if (h->type == RES_WS_WAIT) {
            house_frame(REQ_MORE, h->conn, h->gen, 0, SV(""));
        } else if (h->type == RES_WS_CLOSE) {
            disconnect(h->conn);
        }
        if (h->type == RES_WS_OPEN && h->b == 101)
            say(h->conn, "{\"id\":\"s\",\"op\":\"sync\",\"params\":{\"since\":%" PRId64 "}}", c->pos);
    }
    arena_free(&a);
}

/* ---- the end */

bool clients_done(void)
{
    for (int i = 0; i < CLIENTS; i++)
        if (world->clients[i].state != ON)
            return false;
    for (size_t n = 0; n < world->posts_n; n++)
        if (!world->posts[n].acked)
            return false;
    return true;
}

void clients_check(void)
{
    int last[CLIENTS][ROOMS] = {{0}}, n = 0;

    for (int r = 0; r < ROOMS; r++)
        for (int seq = 1; seq < SEQS; seq++) {
            int post = world->truth[r][seq] - 1;
            if (post < 0)
                continue;
            struct sim_post *m = &world->posts[post];
            n++;
            if (m->nth != last[m->client][r] + 1)
                sim_wrong("message %d of client %d in room %d stands behind its message %d", m->nth, m->client, r, last[m->client][r]);
            last[m->client][r] = m->nth;
            for (int i = 0; i < CLIENTS; i++)
                if (world->clients[i].seen[r][seq] != post + 1)
                    sim_wrong("client %d was told %d as message %d of room %d, others %d", i, world->clients[i].seen[r][seq] - 1, seq, r, post);
        }
    if ((size_t)n != world->posts_n)
        sim_wrong("%d messages of %zu", n, world->posts_n);
}
