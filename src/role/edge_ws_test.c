/* role/edge_ws_test.c: WebSockets through the edge, and the fan-out's promises: order, removal, no doubles. */
#include "role/edge_rig.h"

static int code_of(const struct str *frame)
{
    return frame->n >= 2 ? (unsigned char)frame->p[0] << 8 | (unsigned char)frame->p[1] : 0;
}

TEST(edge_websocket_there_and_back)
{
    struct rig r;
    struct browser b;
    struct ipc_head h, m;
    struct str frame = {0};
    sv payload;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &b, &h));
    browser_frame(&b, 0x81, SV("{\"id\":\"1\",\"op\":\"x\"}"));
    REQUIRE(rig_wait(&r.tenant, REQ_WS_TEXT, &m, &payload));
    CHECK_INT(m.conn, h.conn);
    CHECK_INT(m.gen, h.gen);
    CHECK(m.a != 0);
    CHECK_STR(payload, SV("{\"id\":\"1\",\"op\":\"x\"}"));
    tenant_says(&r, RES_WS_TEXT, &m, m.a, 0, SV("{\"id\":\"1\"}"));
    CHECK_INT(browser_frame_in(&b, &frame), 1);
    CHECK_STR(str_sv(&frame), SV("{\"id\":\"1\"}"));
    browser_frame(&b, 0x89, SV("are you there"));
    CHECK_INT(browser_frame_in(&b, &frame), 10);
    CHECK_STR(str_sv(&frame), SV("are you there"));
    tenant_says(&r, RES_WS_CLOSE, &h, 0, 4401, SV("session ended"));
    CHECK_INT(browser_frame_in(&b, &frame), 8);
    CHECK_INT(code_of(&frame), 4401);
    CHECK_INT(browser_frame_in(&b, &frame), -1);
    REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &m, &payload));
    CHECK_INT(m.conn, h.conn);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&frame);
}

/* A browser that went away while its WebSocket opened: the tenant hears it once more when it has opened. */
TEST(edge_says_when_a_websocket_opens_for_nobody)
{
    struct rig r;
    struct browser b;
    struct ipc_head h, m;
    sv payload;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &b, &h));
    struct ipc_head other = h;
    other.gen++;
    tenant_says(&r, RES_WS_OPEN, &other, h.a, 403, SV_NONE);
    tenant_says(&r, RES_WS_OPEN, &other, h.a, 101, SV_NONE);
    REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &m, &payload));
    CHECK(m.conn == other.conn && m.gen == other.gen);
    browser_close(&b);
    REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &m, &payload));
    CHECK_INT(m.gen, h.gen);                              /* a refusal opens nothing, and is not answered */
    CHECK_INT(rig_stop(&r), 0);
}

TEST(edge_websocket_refusals)
{
    static const struct {
        const char *bytes;
        size_t n;
        int code;
    } t[] = {
        {"\x81\x02hi", 4, WS_PROTOCOL},
        {"\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14, WS_PROTOCOL},
        {"\xc1\x80\0\0\0\0", 6, WS_PROTOCOL},
        {"\x81\x81\0\0\0\0\xff", 7, WS_NOT_UTF8},
        {"\x81\xff\0\0\0\0\0\x01\0\x01\0\0\0\0", 14, WS_TOO_BIG},
        {"\x82\x80\0\0\0\0", 6, WS_NO_BINARY},
        {"\x88\x82\0\0\0\0\x03\xe8", 8, WS_NORMAL},
    };
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct str frame = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    for (size_t i = 0; i < COUNT(t); i++) {
        REQUIRE(browser_open(&r, &b));
        REQUIRE(browser_websocket(&r, &b, &h));
        browser_say(&b, sv_n(t[i].bytes, t[i].n));
        CHECK_INT_AT(i, browser_frame_in(&b, &frame), 8);
        CHECK_INT_AT(i, code_of(&frame), t[i].code);
        CHECK_INT_AT(i, browser_frame_in(&b, &frame), -1);
        browser_close(&b);
    }
    /* a flood of pings */
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &b, &h));
    for (int i = 0; i < 100; i++)
        browser_frame(&b, 0x89, SV(""));
    int pongs = 0, op;
    while ((op = browser_frame_in(&b, &frame)) == 10)
        pongs++;
    CHECK_INT(op, 8);
    CHECK_INT(code_of(&frame), WS_POLICY);
    CHECK_INT(pongs, 60);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&frame);
}

TEST(edge_websocket_of_another_site_is_refused)
{
    struct rig r;
    struct browser b;
    struct str head = {0}, body = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/ws",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: https://evil.example\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: engawa.v1, ticket.t1\r\n");
    CHECK_INT(browser_hears(&b, &head, &body), 403);
    CHECK(sv_find(str_sv(&body), SV("cross_site"), NULL));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_websocket_credit)
{
    struct rig r;
    struct browser b;
    struct ipc_head h, m;
    struct str frame = {0};
    sv payload;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &b, &h));
    for (int i = 0; i < 33; i++)
        browser_frame(&b, 0x81, SV("{\"id\":\"n\"}"));
    CHECK_INT(browser_frame_in(&b, &frame), 1);           /* nobody answered 32, the next one is refused */
    CHECK(sv_starts(str_sv(&frame), SV("{\"id\":\"n\",\"status\":429,\"error\":{\"code\":\"too_many\"")));
    for (int i = 0; i < 32; i++) {
        REQUIRE(rig_wait(&r.tenant, REQ_WS_TEXT, &m, &payload));
        tenant_says(&r, RES_WS_TEXT, &m, m.a, 0, SV("ok"));
        CHECK_INT_AT(i, browser_frame_in(&b, &frame), 1);
        CHECK_STR_AT(i, str_sv(&frame), SV("ok"));
    }
    browser_frame(&b, 0x81, SV("{}"));
    REQUIRE(rig_wait(&r.tenant, REQ_WS_TEXT, &m, &payload));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&frame);
}

/* Long answers stay with the tenant until they are asked for: one at a time, and no more than there were calls. */
TEST(edge_asks_for_long_answers_one_by_one)
{
    enum { CALLS = 8, LONG = 60000 };
    struct rig r;
    struct browser b;
    struct ipc_head h, m[CALLS], more;
    struct str frame = {0}, bytes = {0};
    sv payload;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &b, &h));
    tenant_says(&r, RES_WS_WAIT, &h, 99, 0, SV_NONE);     /* the answer to nothing */
    for (int i = 0; i < CALLS; i++) {
        browser_frame(&b, 0x81, SV("{}"));
        REQUIRE(rig_wait(&r.tenant, 0, &m[i], &payload));
        CHECK_INT_AT(i, m[i].type, REQ_WS_TEXT);
    }
    for (int i = 0; i < CALLS; i++)
        tenant_says(&r, RES_WS_WAIT, &m[i], m[i].a, 0, SV_NONE);
    for (int i = 0; i < LONG; i++)
        str_char(&bytes, (char)('a' + i % 26));
    for (int i = 0; i < CALLS; i++) {
        REQUIRE(rig_wait(&r.tenant, 0, &more, &payload));
        CHECK_INT_AT(i, more.type, REQ_MORE);
        CHECK_AT(i, more.a == 0 && more.b == 1 && more.conn == h.conn && more.gen == h.gen);
        struct pollfd p = {.fd = r.tenant.fd, .events = POLLIN};
        CHECK_INT_AT(i, poll(&p, 1, 50), 0);              /* none before that one has come */
        tenant_says(&r, RES_WS_TEXT, &m[i], m[i].a, 1, str_sv(&bytes));
        CHECK_INT_AT(i, browser_frame_in(&b, &frame), 1);
        CHECK_STR_AT(i, str_sv(&frame), str_sv(&bytes));
    }
    for (int i = 0; i < 32; i++)                          /* each has freed its credit */
        browser_frame(&b, 0x81, SV("{}"));
    for (int i = 0; i < 32; i++) {
        REQUIRE(rig_wait(&r.tenant, 0, &more, &payload));
        CHECK_INT_AT(i, more.type, REQ_WS_TEXT);
    }
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&frame);
    str_release(&bytes);
}

static void event(struct rig *r, uint64_t topic, int n)
{
    struct str s = {0};

    str_printf(&s, "%d:%d", (int)topic, n);
    ipc_put(&r->tenant, (struct ipc_head){.type = TOPIC_EVENT, .a = topic, .b = (uint64_t)n}, str_sv(&s));
    str_release(&s);
}

static void change(struct rig *r, const struct ipc_head *who, uint64_t topic, bool joins)
{
    ipc_put(&r->tenant, (struct ipc_head){.type = joins ? TOPIC_JOIN : TOPIC_LEAVE, .conn = who->conn, .gen = who->gen, .a = topic}, SV_NONE);
}

static void flush_all(struct rig *r)
{
    int64_t until = clock_mono_ms() + RIG_WAIT_MS;

    while (ipc_flush(&r->tenant) == 0 && clock_mono_ms() < until) {
        struct pollfd p = {.fd = r->tenant.fd, .events = POLLOUT};
        poll(&p, 1, 1000);
    }
}

/* The next text must be "topic:n"; then the one after it, … as `wanted` says ("1:2 1:3 9:9"). */
static void hears_all(size_t at, struct browser *b, const char *wanted)
{
    struct str frame = {0};
    sv rest = sv_c(wanted), part;

    while (sv_cut(&rest, ' ', &part)) {
        CHECK_INT_AT(at, browser_frame_in(b, &frame), 1);
        CHECK_STR_AT(at, str_sv(&frame), part);
    }
    str_release(&frame);
}

TEST(edge_topics_follow_the_stream)
{
    struct rig r;
    struct browser a, b;
    struct ipc_head ah, bh;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &a));
    REQUIRE(browser_open(&r, &b));
    REQUIRE(browser_websocket(&r, &a, &ah));
    REQUIRE(browser_websocket(&r, &b, &bh));
    /* all in one go, so that everything meets in the edge's queue */
    event(&r, 1, 1);                                      /* nobody */
    change(&r, &ah, 1, true);
    event(&r, 1, 2);                                      /* a */
    event(&r, 1, 3);
    change(&r, &bh, 1, true);
    change(&r, &bh, 1, true);                             /* twice is once */
    event(&r, 1, 4);                                      /* a b */
    change(&r, &ah, 2, true);
    event(&r, 2, 5);                                      /* a */
    event(&r, 1, 6);                                      /* a b */
    change(&r, &ah, 1, false);
    event(&r, 1, 7);                                      /* b */
    event(&r, 2, 8);                                      /* a */
    change(&r, &ah, 1, true);
    event(&r, 1, 9);                                      /* a b */
    change(&r, &bh, 2, false);                            /* was none */
    change(&r, &bh, 2, true);
    event(&r, 2, 10);                                     /* a b */
    flush_all(&r);
    hears_all(0, &a, "1:2 1:3 1:4 2:5 1:6 2:8 1:9 2:10");
    hears_all(1, &b, "1:4 1:6 1:7 1:9 2:10");
    /* one that is gone takes nothing from the others */
    browser_close(&a);
    event(&r, 1, 11);
    event(&r, 2, 12);
    flush_all(&r);
    hears_all(2, &b, "1:11 2:12");
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
}

#define ROOM    40
#define EVENTS  600

/* A room in which members come and go between events: each hears exactly what came while it was in, in order. */
TEST(edge_topic_members_hear_what_came_while_they_were_in)
{
    struct rig r;
    struct browser b[ROOM];
    struct ipc_head h[ROOM];
    bool in[ROOM] = {false};
    struct str wanted[ROOM] = {0};
    uint32_t seed = 12345;

    rig_start(&r, "edge_per_address=100\n");
    rig_tenant(&r);
    for (int i = 0; i < ROOM; i++) {
        REQUIRE(browser_open(&r, &b[i]));
        REQUIRE(browser_websocket(&r, &b[i], &h[i]));
    }
    for (int n = 0; n < EVENTS; n++) {
        seed = seed * 1664525 + 1013904223;
        int who = (int)(seed >> 16) % ROOM;
        if (seed >> 30 == 0) {
            in[who] = !in[who];
            change(&r, &h[who], 1, in[who]);
        }
        event(&r, 1, n);
        for (int i = 0; i < ROOM; i++)
            if (in[i])
                str_printf(&wanted[i], "1:%d ", n);
        if (n % 97 == 0)
            flush_all(&r);
    }
    for (int i = 0; i < ROOM; i++)                        /* a last word for all, so that nothing can come behind it */
        change(&r, &h[i], 99, true);
    event(&r, 99, 0);
    flush_all(&r);
    for (size_t i = 0; i < ROOM; i++) {
        str_c(&wanted[i], "99:0");
        str_char(&wanted[i], '\0');
        hears_all(i, &b[i], wanted[i].p);
        str_release(&wanted[i]);
    }
    for (int i = 0; i < ROOM; i++)
        browser_close(&b[i]);
    CHECK_INT(rig_stop(&r), 0);
}

TEST(edge_cuts_a_slow_client_and_no_other)
{
    struct rig r;
    struct browser slow, quick;
    struct ipc_head sh, qh, m;
    struct str text = {0}, frame = {0};
    sv payload;
    int got = 0, sent = 0;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &slow));
    REQUIRE(browser_open(&r, &quick));
    REQUIRE(browser_websocket(&r, &slow, &sh));
    REQUIRE(browser_websocket(&r, &quick, &qh));
    change(&r, &sh, 1, true);
    change(&r, &qh, 1, true);
    for (int i = 0; i < 60000; i++)
        str_char(&text, 'x');
    /* The slow one never reads: socket buffers take some megabytes, then its queue grows beyond its limit. */
    struct pollfd p = {.fd = r.tenant.fd, .events = POLLIN};
    while (sent < 1000 && poll(&p, 1, 0) == 0) {
        ipc_put(&r.tenant, (struct ipc_head){.type = TOPIC_EVENT, .a = 1, .b = 1}, str_sv(&text));
        flush_all(&r);
        sent++;
        CHECK_INT_AT(sent, browser_frame_in(&quick, &frame), 1);
        got += frame.n == text.n;
    }
    REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &m, &payload));
    CHECK_INT(m.conn, sh.conn);
    CHECK_INT(got, sent);
    int op, last = 0;
    while ((op = browser_frame_in(&slow, &frame)) == 1)
        CHECK_INT(frame.n, text.n);
    if (op == 8)
        last = code_of(&frame);
    CHECK_INT(last, WS_LATER);
    tenant_says(&r, TOPIC_EVENT, NULL, 1, 2, SV("after"));
    CHECK_INT(browser_frame_in(&quick, &frame), 1);
    CHECK_STR(str_sv(&frame), SV("after"));
    browser_close(&slow);
    browser_close(&quick);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&text);
    str_release(&frame);
}
