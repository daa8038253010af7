/* role/edge_test.c: the edge as browsers and tenants see it: requests there and back, refusals, waking, WebSockets. */
#include "role/edge_rig.h"

static bool says(const struct str *head, const char *what)
{
    return sv_find(str_sv(head), sv_c(what), NULL);
}

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
