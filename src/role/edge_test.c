/* role/edge_test.c: the edge as browsers and tenants see it: requests there and back, refusals, waking, WebSockets. */
#include "role/edge_rig.h"
#include "role/file_head.h"
#include "role/web_pack.h"

/* What tool/pack would have packed; role/web_pack_none.c gives way to it. */
const struct web_file web_files[] = {
    {"/assets/app-D34db33f.js", "text/javascript; charset=utf-8", "\"e2\"", (const unsigned char *)"alert(1)", 8,
     (const unsigned char *)"packed", 6, true},
    {"/index.html", "text/html; charset=utf-8", "\"e1\"", (const unsigned char *)"<html>", 6, NULL, 0, false},
};
const size_t web_file_count = 2;

TEST(edge_carries_a_request_to_the_tenant_and_back)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head = {0}, body = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "POST /t/4711/rooms/5/messages?x=1",
                "Cookie: a=b; " RIG_SID "\r\nX-Engawa: 1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                "User-Agent: T\r\n");
    browser_say(&b, SV("{}"));
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_INT(call.method, CALL_POST);
    CHECK_STR(call.path, SV("/rooms/5/messages"));
    CHECK_STR(call.query, SV("x=1"));
    CHECK_STR(call.sid, SV("abc"));
    CHECK_STR(call.adm, SV(""));
    CHECK_STR(call.ip, SV("127.0.0.1"));
    CHECK_STR(call.marked, SV("1"));
    CHECK_STR(call.agent, SV("T"));
    CHECK_STR(call.body, SV("{}"));
    CHECK(sv_starts(call.own_origin, SV("https://localhost:")));
    tenant_answers(&r, &h, RES_HTTP, 200, "Set-Cookie", "__Host-sid-4711=x; Secure", SV("{\"a\":1}"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("{\"a\":1}"));
    CHECK(says(&head, "\r\nSet-Cookie: __Host-sid-4711=x; Secure\r\n"));
    CHECK(says(&head, "\r\nCache-Control: no-store\r\n"));
    CHECK(says(&head, "\r\nContent-Type: application/json\r\n"));
    CHECK(says(&head, "default-src 'none'"));
    CHECK(says(&head, "X-Content-Type-Options: nosniff"));
    CHECK(!says(&head, "Strict-Transport-Security"));
    /* the connection goes on */
    browser_ask(&r, &b, "GET /healthz", "");
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("{\"status\":\"ok\"}"));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_refuses)
{
    static const struct {
        const char *line, *more, *code;
        int status;
    } t[] = {
        {"GET /t/4711/rooms?sid=1", "", "invalid_value", 400},
        {"GET /t/4711/rooms?a=1&access_token=x", "", "invalid_value", 400},
        {"GET /t/4711/ws?ticket=x", "", "invalid_value", 400},
        {"OPTIONS /t/4711/rooms", "", "method", 405},
        {"TRACE /", "", "method", 405},
        {"HEAD /t/4711/rooms", "", "method", 405},
        {"POST /t/4711/rooms?_method=DELETE", "", "method", 405},
        {"POST /t/4711/rooms", "X-HTTP-Method-Override: DELETE\r\n", "method", 405},
        {"POST /t/4711/rooms", "Content-Encoding: gzip\r\nContent-Length: 0\r\n", "invalid_value", 400},
        {"GET /t/4711/rooms", "Content-Length: 1\r\n", "invalid_value", 400},
        {"POST /t/4711/rooms", "Content-Length: 49153\r\n", "too_large", 413},
        {"POST /t/4711/rooms", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "invalid_value", 400},
        {"GET http://localhost/", "", "misdirected", 421},
        {"GET /healthz", "X-Forwarded-Host: evil.example\r\n", "misdirected", 421},
        {"GET /t/abc/rooms", "", "session_ended", 401},
        {"GET /t/0/rooms", "", "session_ended", 401},
        {"GET /t/04711/rooms", "", "session_ended", 401},
        {"GET /t/", "", "session_ended", 401},
        {"GET /w/acme/session", "", "method", 405},
        {"POST /w/acme/other", "", "not_found", 404},
        {"GET /.well-known/x", "", "not_found", 404},
        {"GET /.git/config.txt", "", "not_found", 404},
        {"POST /", "", "method", 405},
        {"GET /t/4711/ws", "Upgrade: websocket\r\n", "invalid_value", 400},
    };
    struct rig r;
    struct str head = {0}, body = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    for (size_t i = 0; i < COUNT(t); i++) {
        bool bodiless = sv_starts(sv_c(t[i].line), SV("HEAD"));
        if (bodiless)
            continue;                                     /* its length is said and no body comes: see edge_head */
        CHECK_INT_AT(i, ask_once(&r, t[i].line, t[i].more, &head, &body), t[i].status);
        CHECK_AT(i, sv_find(str_sv(&body), sv_c(t[i].code), NULL));
        CHECK_AT(i, says(&head, "\r\nX-Content-Type-Options: nosniff\r\n"));
        CHECK_AT(i, says(&head, "\r\nCache-Control: no-store\r\n"));
    }
    CHECK_INT(once(&r, SV("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), &head, &body), 421);
    CHECK_INT(once(&r, SV("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), &head, &body), 421);
    CHECK_INT(once(&r, SV("GET / HTTP/1.1\r\n\r\n"), &head, &body), 400);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_head)
{
    struct rig r;
    struct browser b;
    struct str head = {0};
    size_t at;

    rig_start(&r, "");
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "HEAD /t/4711/rooms", "Connection: close\r\n");
    CHECK(browser_ended(&b));
    CHECK(sv_starts(str_sv(&b.in), SV("HTTP/1.1 405 ")));
    CHECK(sv_find(str_sv(&b.in), SV("\r\n\r\n"), &at) && at + 4 == b.in.n);
    browser_close(&b);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "HEAD /", "Connection: close\r\n");
    CHECK(browser_ended(&b));
    CHECK(sv_starts(str_sv(&b.in), SV("HTTP/1.1 200 ")));
    CHECK(sv_find(str_sv(&b.in), SV("\r\nContent-Length: 6\r\n"), NULL));
    CHECK(sv_find(str_sv(&b.in), SV("\r\n\r\n"), &at) && at + 4 == b.in.n);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
}

TEST(edge_serves_the_web_client)
{
    struct rig r;
    struct str head = {0}, body = {0};

    rig_start(&r, "");
    CHECK_INT(ask_once(&r, "GET /", "", &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("<html>"));
    CHECK(says(&head, "\r\nCache-Control: no-cache\r\n"));
    CHECK(says(&head, "\r\nETag: \"e1\"\r\n"));
    CHECK_INT(ask_once(&r, "GET /talk/5", "", &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("<html>"));
    CHECK_INT(ask_once(&r, "GET /", "If-None-Match: W/\"x\", \"e1\"\r\n", &head, &body), 304);
    CHECK_INT(body.n, 0);
    CHECK_INT(ask_once(&r, "GET /assets/app-D34db33f.js", "", &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("alert(1)"));
    CHECK(says(&head, "immutable"));
    CHECK_INT(ask_once(&r, "GET /assets/app-D34db33f.js", "Accept-Encoding: gzip\r\n", &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("packed"));
    CHECK(says(&head, "\r\nContent-Encoding: gzip\r\n"));
    CHECK_INT(ask_once(&r, "GET /assets/none.js", "", &head, &body), 404);
    /* The pages of one tenant: served without asking it. */
    static const char *const pages[] = { "GET /t/4711/app", "GET /t/4711/app/", "GET /t/4711/app/talk/5" };
    for (size_t i = 0; i < COUNT(pages); i++) {
        CHECK_INT_AT(i, ask_once(&r, pages[i], "", &head, &body), 200);
        CHECK_STR_AT(i, str_sv(&body), SV("<html>"));
    }
    CHECK_INT(ask_once(&r, "POST /t/4711/app", "", &head, &body), 405);
    CHECK_INT(ask_once(&r, "GET /t/x/app", "", &head, &body), 401);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_answers_pipelined_requests_in_order)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head = {0}, body = {0}, two = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    str_printf(&two, "GET /t/4711/first HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", r.port);
    for (int i = 0; i < 5; i++)
        str_printf(&two, "GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", r.port);
    str_printf(&two, "GET /t/4711/second HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", r.port);
    browser_say(&b, str_sv(&two));
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.path, SV("/first"));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("1"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("1"));
    for (int i = 0; i < 5; i++) {
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), 200);
        CHECK_STR_AT(i, str_sv(&body), SV("{\"status\":\"ok\"}"));
    }
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.path, SV("/second"));
    tenant_answers(&r, &h, RES_HTTP, 404, NULL, NULL, SV("2"));
    CHECK_INT(browser_hears(&b, &head, &body), 404);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
    str_release(&two);
}

TEST(edge_wakes_a_tenant_and_lets_its_calls_wait)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head = {0}, body = {0};
    sv payload;

    rig_start(&r, "");
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/me", "Cookie: " RIG_SID "\r\n");
    REQUIRE(rig_wait(&r.control, TENANT_WAKE, &h, &payload));
    CHECK_INT(h.b, RIG_TENANT);
    rig_tenant(&r);
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.path, SV("/me"));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("{}"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    /* the name of a workgroup leads to the same place */
    browser_ask(&r, &b, "POST /w/acme/session", "Content-Length: 2\r\n");
    browser_say(&b, SV("{}"));
    REQUIRE(rig_wait(&r.control, NAME_FIND, &h, &payload));
    CHECK_STR(payload, SV("acme"));
    ipc_put(&r.control, (struct ipc_head){.type = NAME_FOUND, .conn = h.conn, .gen = h.gen, .b = RIG_TENANT}, SV_NONE);
    ipc_flush(&r.control);
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.path, SV("/session"));
    CHECK_STR(call.body, SV("{}"));
    tenant_answers(&r, &h, RES_HTTP, 401, NULL, NULL, SV("{}"));
    CHECK_INT(browser_hears(&b, &head, &body), 401);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

/* Date and request number are the only places that may differ. */
static void level(struct str *s, const char *before, size_t n)
{
    size_t at;

    if (sv_find(str_sv(s), sv_c(before), &at))
        memset(s->p + at + strlen(before), '#', n);
}

TEST(edge_does_not_tell_an_unknown_tenant_from_an_ended_session)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head[2] = {0}, body[2] = {0}, refusal = {0};
    sv payload;
    char ref[REF_CHARS + 1];

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/me", "Accept-Language: en\r\n");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    ref_new(ref);
    refusal_put(&refusal, E_SESSION_ENDED, language_english(call.language), ref, NULL);
    tenant_answers(&r, &h, RES_HTTP, 401, "Content-Type", "application/json", str_sv(&refusal));
    CHECK_INT(browser_hears(&b, &head[0], &body[0]), 401);
    browser_ask(&r, &b, "GET /t/4712/me", "Accept-Language: en\r\n");
    REQUIRE(rig_wait(&r.control, TENANT_WAKE, &h, &payload));
    CHECK_INT(h.b, 4712);
    ipc_put(&r.control, (struct ipc_head){.type = TENANT_UNKNOWN, .b = 4712}, SV_NONE);
    ipc_flush(&r.control);
    CHECK_INT(browser_hears(&b, &head[1], &body[1]), 401);
    for (int i = 0; i < 2; i++) {
        level(&head[i], "Date: ", 29);
        level(&body[i], "\"ref\":\"", REF_CHARS);
    }
    CHECK_STR(str_sv(&head[0]), str_sv(&head[1]));
    CHECK_STR(str_sv(&body[0]), str_sv(&body[1]));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    for (int i = 0; i < 2; i++) {
        str_release(&head[i]);
        str_release(&body[i]);
    }
    str_release(&refusal);
}

TEST(edge_gives_calls_to_an_unknown_tenant_to_the_decoy)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head = {0}, body = {0};
    sv payload;

    rig_start(&r, "");
    rig_tenant(&r);                                       /* it plays the decoy */
    REQUIRE(browser_open(&r, &b));
    for (int i = 0; i < 3; i++) {                         /* nothing of it stays: the next call asks again */
        browser_ask(&r, &b, "DELETE /t/4712/nonsense", "Cookie: __Host-sid-4712=abc\r\n");
        REQUIRE(rig_wait(&r.control, TENANT_WAKE, &h, &payload));
        CHECK_INT_AT(i, h.b, 4712);
        ipc_put(&r.control, (struct ipc_head){.type = TENANT_UNKNOWN, .a = RIG_TENANT, .b = 4712}, SV_NONE);
        ipc_flush(&r.control);
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        CHECK_INT_AT(i, call.method, CALL_DELETE);
        CHECK_STR_AT(i, call.path, SV("/nonsense"));
        CHECK_STR_AT(i, call.sid, SV("abc"));
        tenant_answers(&r, &h, RES_HTTP, 404, NULL, NULL, SV("{}"));
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), 404);
    }
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

TEST(edge_trusts_no_field_of_a_tenant)
{
    static const char *const t[][2] = {
        {"Set-Cookie", "__Host-sid-4712=x"}, {"Set-Cookie", "sid=x"},     {"Set-Cookie", "__Host-sid-4711x=x"},
        {"Location", "/a\r\nX: y"},          {"Content-Length", "3"},     {"Transfer-Encoding", "chunked"},
        {"Content-Security-Policy", "x"},    {"Content-Type ", "text/x"}, {"", ""},
    };
    struct rig r;
    struct browser b;
    struct ipc_head h, other;
    struct http_call call;
    struct str head = {0}, body = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    for (size_t i = 0; i < COUNT(t); i++) {
        browser_ask(&r, &b, "GET /t/4711/me", "");
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        tenant_answers(&r, &h, RES_HTTP, 200, t[i][0], t[i][1], SV("x"));
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), 500);
        CHECK_AT(i, sv_find(str_sv(&body), SV("internal"), NULL));
    }
    /* late answers, and those to a request that is not this connection's, are dropped */
    browser_ask(&r, &b, "GET /t/4711/me", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    other = h;
    other.gen++;
    tenant_answers(&r, &other, RES_HTTP, 200, NULL, NULL, SV("wrong"));
    other = h;
    other.a++;
    tenant_answers(&r, &other, RES_HTTP, 200, NULL, NULL, SV("wrong"));
    other = h;
    other.conn = 100000;
    tenant_answers(&r, &other, RES_HTTP, 200, NULL, NULL, SV("wrong"));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("right"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    CHECK_STR(str_sv(&body), SV("right"));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
}

/* A long answer is announced as a file is; a head that says that more of it follows unasked is none. */
TEST(edge_takes_no_answer_that_comes_unasked)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str p = {0}, head = {0}, body = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/export", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    ipc_w_u32(&p, 0);
    ipc_w_bytes(&p, SV("abc"));
    ipc_put(&r.tenant, (struct ipc_head){.type = RES_HTTP, .flags = IPC_MORE, .conn = h.conn, .gen = h.gen, .a = h.a, .b = 200}, str_sv(&p));
    ipc_put(&r.tenant, (struct ipc_head){.type = RES_BODY, .conn = h.conn, .gen = h.gen, .a = h.a}, SV("def"));
    CHECK_INT(ipc_flush(&r.tenant), 1);
    CHECK_INT(browser_hears(&b, &head, &body), 500);
    CHECK(sv_find(str_sv(&body), SV("internal"), NULL));
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&p);
    str_release(&head);
    str_release(&body);
}

static void tenant_file(struct rig *r, const struct ipc_head *asked, uint64_t size, const char *name, const char *value)
{
    struct file_head head = {.size = size};
    struct str p = {0};

    file_head_add(&head, sv_c(name), sv_c(value));
    file_head_write(&p, &head);
    tenant_says(r, RES_FILE, asked, asked->a, 200, str_sv(&p));
    str_release(&p);
}

static void tenant_piece(struct rig *r, const struct ipc_head *asked, sv bytes, bool last)
{
    ipc_put(&r->tenant, (struct ipc_head){.type = RES_BODY, .flags = last ? 0 : IPC_MORE, .conn = asked->conn, .gen = asked->gen, .a = asked->a},
            bytes);
    ENSURE(ipc_flush(&r->tenant) >= 0);
}

/* A file of 20 frames goes to a client that reads nothing at first: the edge asks for no more than it can keep, and other
 * clients are answered meanwhile. */
TEST(edge_asks_for_a_file_as_its_client_takes_it)
{
    enum { PIECE = 60000, PIECES = 200, AT_ONCE = 2 };
    struct rig r;
    struct browser b;
    struct ipc_head h, more;
    struct http_call call;
    struct str head = {0}, body = {0}, bytes = {0};
    int sent = 0, asked = 0;
    sv ignored;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/file", "If-None-Match: \"tag\"\r\n");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.none_match, SV("\"tag\""));
    for (int i = 0; i < PIECE; i++)
        str_char(&bytes, (char)('a' + i % 26));
    tenant_file(&r, &h, (uint64_t)PIECE * PIECES, "Content-Disposition", "attachment");
    /* As long as the kernel's buffers take it, the edge asks on; then it stops, and a poll of a second hears nothing. */
    for (;;) {
        struct pollfd p = {.fd = r.tenant.fd, .events = POLLIN};
        if (!ipc_queued(&r.tenant) && sent == asked && asked && poll(&p, 1, 1000) == 0)
            break;
        REQUIRE(rig_wait(&r.tenant, REQ_MORE, &more, &ignored));
        CHECK_INT((int64_t)more.b, AT_ONCE);
        CHECK(more.a == h.a && more.conn == h.conn && more.gen == h.gen);
        for (asked += AT_ONCE; sent < asked; sent++)
            tenant_piece(&r, &h, str_sv(&bytes), sent == PIECES - 1);
        REQUIRE(asked < PIECES);
    }
    CHECK_INT(once(&r, SV("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), &head, &body), 421);
    browser_read(&b);
    while (sent < PIECES) {
        struct pollfd p[] = {{.fd = r.tenant.fd, .events = POLLIN}, {.fd = b.fd, .events = POLLIN}};
        REQUIRE(ipc_flush(&r.tenant) >= 0);
        REQUIRE(SSL_pending(b.ssl) || poll(p, 2, RIG_WAIT_MS) > 0);
        if (SSL_pending(b.ssl) || p[1].revents)
            REQUIRE(browser_read(&b));
        else if (p[0].revents)
            REQUIRE(ipc_read(&r.tenant) >= 0);
        while (ipc_next(&r.tenant, &more, &ignored) > 0)
            for (int n = 0; n < AT_ONCE && sent < PIECES; n++, sent++)
                tenant_piece(&r, &h, str_sv(&bytes), sent == PIECES - 1);
    }
    REQUIRE(ipc_flush(&r.tenant) == 1);
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    CHECK(says(&head, "Content-Length: 12000000\r\n"));
    CHECK(says(&head, "Content-Disposition: attachment\r\n"));
    CHECK(says(&head, "Cache-Control: no-store\r\n"));
    CHECK(says(&head, "X-Content-Type-Options: nosniff\r\n"));
    CHECK_INT((int64_t)body.n, (int64_t)PIECE * PIECES);
    for (int i = 0; i < PIECES; i++)
        CHECK_AT(i, sv_equal(sv_n(body.p + (size_t)i * PIECE, PIECE), str_sv(&bytes)));
    browser_ask(&r, &b, "GET /t/4711/next", "");          /* the connection goes on */
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("next"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
    str_release(&bytes);
}

/* What a tenant must not do with a file: each time the client sees a cut answer, never one that looks whole. */
TEST(edge_cuts_a_file_without_form)
{
    static const struct {
        const char *first, *second;
        bool last;
    } t[] = {
        {"abc", "", true},                                /* it can no longer be read */
        {"abc", "de", true},                              /* ends too early */
        {"abc", "defgh", false},                          /* longer than it said */
        {"abc", "defg", false},                           /* says that more follows the end */
    };
    struct rig r;
    struct ipc_head h, more;
    struct http_call call;
    sv ignored;

    rig_start(&r, "");
    rig_tenant(&r);
    for (size_t i = 0; i < COUNT(t); i++) {
        struct browser b;
        REQUIRE(browser_open(&r, &b));
        browser_ask(&r, &b, "GET /t/4711/file", "");
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        tenant_file(&r, &h, 7, "Content-Type", "text/csv");
        REQUIRE(rig_wait(&r.tenant, REQ_MORE, &more, &ignored));
        tenant_piece(&r, &h, sv_c(t[i].first), false);
        tenant_piece(&r, &h, sv_c(t[i].second), t[i].last);
        CHECK_AT(i, browser_ended(&b));
        CHECK_AT(i, !sv_find(str_sv(&b.in), SV("abcdefg"), NULL));
        REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &more, &ignored));
        CHECK_AT(i, more.conn == h.conn && more.gen == h.gen);
        browser_close(&b);
    }
    /* A head that is none, and one with a header that a tenant must not say. */
    for (int bad = 0; bad < 2; bad++) {
        struct browser b;
        struct str head = {0}, body = {0};
        REQUIRE(browser_open(&r, &b));
        browser_ask(&r, &b, "GET /t/4711/file", "");
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        if (bad)
            tenant_file(&r, &h, 7, "Set-Cookie", "__Host-sid-1=x");
        else
            tenant_says(&r, RES_FILE, &h, h.a, 200, SV("no head"));
        CHECK_INT_AT(bad, browser_hears(&b, &head, &body), 500);
        browser_close(&b);
        str_release(&head);
        str_release(&body);
    }
    CHECK_INT(rig_stop(&r), 0);
}

/* A client that goes away before the head comes: the tenant hears that nobody will ask. */
TEST(edge_says_when_nobody_waits_for_a_file)
{
    struct rig r;
    struct browser b;
    struct ipc_head h, closed;
    struct http_call call;
    sv ignored;

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/file", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    struct ipc_head other = h;
    other.gen++;
    tenant_file(&r, &other, 7, "Content-Type", "text/csv");
    REQUIRE(rig_wait(&r.tenant, REQ_CLOSED, &closed, &ignored));
    CHECK(closed.conn == other.conn && closed.gen == other.gen);
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
}

TEST(edge_answers_for_a_lost_tenant)
{
    struct rig r;
    struct browser b, w;
    struct ipc_head h, wh;
    struct http_call call;
    struct str head = {0}, body = {0}, frame = {0};

    rig_start(&r, "");
    rig_tenant(&r);
    REQUIRE(browser_open(&r, &w));
    REQUIRE(browser_websocket(&r, &w, &wh));
    REQUIRE(browser_open(&r, &b));
    browser_ask(&r, &b, "GET /t/4711/me", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    ipc_close(&r.tenant);
    CHECK_INT(browser_hears(&b, &head, &body), 503);
    CHECK(sv_find(str_sv(&body), SV("\"retry\""), NULL));
    CHECK(says(&head, "\r\nRetry-After: "));
    CHECK_INT(browser_frame_in(&w, &frame), 8);
    CHECK(sv_starts(str_sv(&frame), SV("\x03\xf4")));     /* 1012 */
    CHECK_INT(browser_frame_in(&w, &frame), -1);
    /* the next process serves the same connection */
    browser_ask(&r, &b, "GET /t/4711/me", "");
    rig_tenant(&r);
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("{}"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    browser_close(&b);
    browser_close(&w);
    CHECK_INT(rig_stop(&r), 0);
    str_release(&head);
    str_release(&body);
    str_release(&frame);
}
