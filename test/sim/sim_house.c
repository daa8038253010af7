/* test/sim/sim_house.c: the tenant's process without its loop: role/tenant.c as it stands, opened as tenant_main() does it, with an
 * edge and a control at the other ends of two pipes in the same thread. */
#include "role/tenant.c" /* its static functions are what a process runs */

#include "role/call.h"
#include "sim.h"
#include "svc/talk/talk.h"

#include <unistd.h>

#define ORIGIN   "https://sim.example"
#define PASSWORD "engawa no hidamari 2026"

static struct {
    struct house h;
    struct start s;
    struct loop *loop;
    struct ticks ticks;
    struct ipc edge, control;                             /* the far ends */
    int64_t last_pos;                                     /* of the events on the edge's pipe */
    struct str answer;                                    /* control's: of the call at hand */
    int64_t status;
    bool ended;                                           /* what left before is still on the pipes */
} p;

static void start_words(struct config *c)
{
    c->v[CONFIG_TENANT] = SV("4711");
    c->v[CONFIG_ORIGIN] = SV(ORIGIN);
    c->v[CONFIG_PASSWORD_PASSES] = SV("2");
    c->v[CONFIG_TERMS] = SV("none");
}

static void join(enum role_id role, struct ipc *far)
{
    int fds[2];

    ENSURE(ipc_pair(fds));
    link_add(&p.h, p.loop, role, 0, fds[0]);
    ipc_init(far, fds[1]);
}

void house_open(void)
{
    disk_begin();
    start_words(&p.s.config);
    house_begin(&p.h, &p.s);
    ENSURE(keyd_data_key(p.h.keyd, &p.h.key));
    open_database(&p.h);
    refuse_rollback(&p.h);
    if (p.h.refused)
        sim_wrong("the database is taken for an older one");
    p.loop = loop_new();
    join(ROLE_EDGE, &p.edge);
    join(ROLE_CONTROL, &p.control);
    p.ticks.active_ms = clock_mono_ms();
    p.last_pos = 0;
}

void house_close(void)
{
    house_end(&p.h);
    p.ended = true;
    house_drain();
    ipc_close(&p.edge);
    ipc_close(&p.control);
    loop_free(&p.loop);
}

void house_frame(enum frame_type type, uint32_t conn, uint32_t gen, uint64_t a, sv payload)
{
    struct ipc_head head = {.len = (uint32_t)payload.n, .type = (uint16_t)type, .conn = conn, .gen = gen, .a = a};

    if (!p.ended && !frame(&p.h, &p.s, p.h.links[0], &head, payload))
        sim_wrong("a frame %d is unknown", (int)type);
}

static void edge_heard(const struct ipc_head *head, sv payload)
{
    world->frames++;
    if (head->type == TOPIC_EVENT && head->b > 0) {
        if ((int64_t)head->b <= p.last_pos)
            sim_wrong("event %" PRIu64 " behind event %" PRId64, head->b, p.last_pos);
        p.last_pos = (int64_t)head->b;
    }
    client_frame(head, payload);
}

static void control_heard(const struct ipc_head *head, sv payload)
{
    struct ipc_head kept = {.type = DUE_KEPT, .a = head->a};

    if (head->type == DUE_TELL && !p.ended) {
        (void)frame(&p.h, &p.s, p.h.control, &kept, SV(""));
    } else if (head->type == OP_ANSWER) {
        str_put(&p.answer, payload);
        if (!(head->flags & IPC_MORE))
            p.status = (int64_t)head->b;
    }
}

static void drain(struct ipc *far, void (*heard)(const struct ipc_head *, sv))
{
    struct ipc_head head;
    sv payload;

    while (ipc_read(far) > 0)
        while (ipc_next(far, &head, &payload) == 1)
            heard(&head, payload);
}

void house_drain(void)
{
    drain(&p.edge, edge_heard);
    drain(&p.control, control_heard);
}

void house_tick(void)
{
    tick_run(&p.h, &p.ticks);
}

/* ---- the base: without faults, so whatever is not as it should be ends it */

static sv operators(struct arena *a, const char *op, sv body)
{
    struct str s = STR_IN(a);
    struct ipc_head head = {.type = OP_CALL, .a = 1};

    ipc_w_bytes(&s, sv_c(op));
    ipc_w_bytes(&s, SV("sim"));
    ipc_w_bytes(&s, body);
    str_reset(&p.answer);
    p.status = 0;
    if (!frame(&p.h, &p.s, p.h.control, &head, str_sv(&s)))
        sim_wrong("no operator's call");
    while (p.status == 0) {
        if (!sched_step() && p.status == 0) {
            house_drain();
            if (p.status == 0)
                sim_wrong("%s is not answered", op);
        }
        house_drain();
    }
    if (p.status != 200)
        sim_wrong("%s gave %" PRId64 " %.*s", op, p.status, SV_ARG(str_sv(&p.answer)));
    return str_sv(&p.answer);
}

static int64_t id_in(struct arena *a, sv json, const char *name)
{
    struct json_value v;
    const char *why = "";
    id64 id = ID_NONE;

    if (!json_read(a, json, &v, &why) || !json_get(&v, sv_c(name)) || !sv_id(json_get(&v, sv_c(name))->text, &id))
        sim_wrong("no %s in %.*s: %s", name, SV_ARG(sv_upto(json, 200)), why);
    return id.n;
}

void house_base(void)
{
    struct arena *a = arena_new(4096);
    struct str members = STR_IN(a);

    operators(a, "tenant.init", SV("{\"workgroup\":\"sim\",\"company\":\"縁側商事\",\"admin\":{\"login\":\"chief\",\"family\":\"森下\",\"password\":\"" PASSWORD "\"}}"));
    for (int i = 0; i < CLIENTS; i++) {
        sv body = sv_printf(a, "{\"login\":\"m%d\",\"family\":\"柳\",\"password\":\"" PASSWORD "\"}", i);
        world->clients[i].member = id_in(a, operators(a, "member.add", body), "id");
        str_printf(&members, "%s\"%" PRId64 "\"", i ? "," : "", world->clients[i].member);
    }
    for (int i = 0; i < ROOMS; i++)
        world->rooms[i] = id_in(a, operators(a, "room.add", sv_printf(a, "{\"name\":\"店 %d\",\"members\":[%.*s]}", i, SV_ARG(str_sv(&members)))), "id");
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct http_call c = {.method = CALL_POST, .path = SV("/session"), .ip = SV("192.0.2.1"), .origin = SV(ORIGIN), .own_origin = SV(ORIGIN),
                              .fetch_site = SV("same-origin"), .marked = SV("1"), .content_type = SV("application/json")};
        struct str s = STR_IN(a);
        c.body = sv_printf(a, "{\"id\":\"m%" PRIu32 "\",\"password\":\"" PASSWORD "\",\"client\":\"web\"}", i);
        call_write(&s, &c);
        house_frame(REQ_HTTP, i, 0, 0, str_sv(&s));
        while (sched_step() || !world->clients[i].sid[0])
            house_drain();
        house_drain();
    }
    arena_free(&a);
}

/* ---- the end */

static int64_t first(struct ctx *x, struct rows r)
{
    int64_t n = rows_next(&r) ? row_int(&r, 0) : -1;

    if (!rows_ok(&r))
        sim_wrong("the last look: %s", x->failure.detail);
    rows_end(&r);
    return n;
}

void house_audited(void)
{
    struct arena *a = arena_new(4096);
    struct ctx x = {.arena = a, .tenant = p.h.t, .db = p.h.write_db};

    db_use(x.db, a, &x.failure);
    if (!db_check(x.db))
        sim_wrong("the database is not whole: %s", x.failure.detail);
    int64_t messages = first(&x, db_query(x.db, "SELECT COUNT(*) FROM message WHERE kind = $1", INT(MESSAGE_TEXT)));
    int64_t rows = first(&x, db_query(x.db, "SELECT COUNT(*) FROM audit WHERE kind = 'talk.post' AND result = 'ok'"));
    int64_t twice = first(&x, db_query(x.db, "SELECT COUNT(*) FROM (SELECT object FROM audit WHERE kind = 'talk.post' AND result = 'ok'"
                                             " GROUP BY object HAVING COUNT(*) > 1) AS t"));
    if (messages != rows || twice != 0)
        sim_wrong("%" PRId64 " messages, %" PRId64 " rows in the log, %" PRId64 " of them more than once", messages, rows, twice);
    if (p.h.t->tree.size < (uint64_t)world->signed_size)
        sim_wrong("a head of %" PRId64 " rows was signed, there are %" PRIu64, world->signed_size, p.h.t->tree.size);
    arena_free(&a);
}
