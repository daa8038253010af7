/* role/edge_part_test.c: parts of uploads for a tenant that takes nothing for a while. */
#include "role/edge_rig.h"
#include "role/figures.h"

enum { CLIENTS = 40, PART = 1024 * 1024, HELD_MAX = 16 * 1024 * 1024 };

struct sender {
    struct browser b;
    size_t left;
    uint32_t conn;
    size_t got;
    bool whole;
};

/* As much of its part as the connection takes now. */
static bool sends(struct sender *s, const char *bytes)
{
    bool any = false;

    while (s->left) {
        int n = SSL_write(s->b.ssl, bytes, (int)(s->left < 16384 ? s->left : 16384));
        if (n <= 0)
            break;
        s->left -= (size_t)n;
        any = true;
    }
    return any;
}

static uint64_t bytes_in(struct rig *r)
{
    struct figures f = {0};
    struct figures_seen *seen = NULL;
    struct ipc_head h;
    sv payload;

    ipc_put(&r->control, (struct ipc_head){.type = FIGURES_ASK, .a = 1}, SV_NONE);
    ENSURE(ipc_flush(&r->control) == 1 && rig_wait(&r->control, FIGURES_TELL, &h, &payload));
    ENSURE(figures_take(&f, &seen, payload));
    xfree(seen);
    return f.total[FIGURE_BYTES][0];
}

static void opens(struct rig *r, struct sender *s, int i)
{
    struct str head = {0};
    struct ipc_head h;
    struct http_call call;

    REQUIRE(browser_open(r, &s->b));
    SSL_set_mode(s->b.ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    str_printf(&head, "PUT /t/4711/uploads/%d HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: %d\r\n\r\n", i, r->port, PART);
    browser_say(&s->b, str_sv(&head));
    str_release(&head);
    REQUIRE(rig_tenant_gets(r, REQ_HTTP, &h, &call));
    s->conn = h.conn;
    s->left = PART;
    REQUIRE(fcntl(s->b.fd, F_SETFL, O_NONBLOCK) == 0);
}

static bool all_send(struct sender *s, const char *bytes)
{
    bool any = false;

    for (int i = 0; i < CLIENTS; i++)
        any |= sends(&s[i], bytes);
    return any;
}

/* What the tenant's link brings now. */
static size_t takes(struct rig *r, struct sender *s, const char *bytes)
{
    struct ipc_head h;
    sv payload;
    size_t whole = 0;

    ENSURE(ipc_read(&r->tenant) >= 0);
    while (ipc_next(&r->tenant, &h, &payload) > 0) {
        if (h.type != REQ_PART)
            continue;
        for (int i = 0; i < CLIENTS; i++)
            if (s[i].conn == h.conn) {
                CHECK(!s[i].whole && memcmp(payload.p, bytes, payload.n) == 0);
                s[i].got += payload.n;
                s[i].whole = !(h.flags & IPC_MORE);
                whole += s[i].whole;
            }
    }
    return whole;
}

/* The edge keeps what a link may hold and then reads its clients no more; when the tenant takes something again, all comes whole. */
TEST(edge_reads_no_parts_for_a_tenant_that_takes_none)
{
    struct rig r;
    struct sender s[CLIENTS] = {0};
    char *bytes = xcalloc(1, PART);
    uint64_t before, now;

    memset(bytes, 'x', PART);
    rig_start(&r, "edge_per_address=1000\nedge_rate=100000\nedge_burst=100000\n");
    rig_tenant(&r);
    for (int i = 0; i < CLIENTS; i++)
        opens(&r, &s[i], i);
    before = bytes_in(&r);
    do {                                                  /* until the edge has read nothing more between two looks */
        while (all_send(s, bytes))
            continue;
        now = before;
        before = bytes_in(&r);
        struct pollfd p[CLIENTS];
        for (int i = 0; i < CLIENTS; i++)
            p[i] = (struct pollfd){.fd = s[i].left ? s[i].b.fd : -1, .events = POLLOUT};
        if (poll(p, CLIENTS, 500) > 0)
            now = 0;
    } while (now != before);
    CHECK(before > HELD_MAX);
    CHECK(before < HELD_MAX + 4 * 1024 * 1024);
    for (size_t whole = 0; whole < CLIENTS;) {
        struct pollfd p = {.fd = r.tenant.fd, .events = POLLIN};
        all_send(s, bytes);
        REQUIRE(poll(&p, 1, RIG_WAIT_MS) == 1);
        whole += takes(&r, s, bytes);
    }
    for (int i = 0; i < CLIENTS; i++) {
        CHECK_INT_AT(i, (int64_t)s[i].got, PART);
        browser_close(&s[i].b);
    }
    CHECK_INT(rig_stop(&r), 0);
    xfree(bytes);
}
