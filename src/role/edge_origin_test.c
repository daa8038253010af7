/* role/edge_origin_test.c: the origin of files: from which certificate on it is one, what is had there, and that no cookie comes or goes. */
#include "role/edge_rig.h"

#include "role/file_head.h"

#define TICKET "/t/4711/file/abc"

/* A request of a host; the browser's connection goes on. */
static void ask(struct browser *b, const struct rig *r, const char *line, const char *host, const char *more)
{
    struct str s = {0};

    str_printf(&s, "%s HTTP/1.1\r\nHost: %s:%d\r\nCookie: " RIG_SID "; __Host-adm-4711=def; __Host-dev-4711=ghi\r\n%s\r\n", line, host, r->port, more);
    browser_say(b, str_sv(&s));
    str_release(&s);
}

/* From here on the certificate covers files.localhost: the edge says so by another answer to its name. */
static bool cover(struct rig *r, struct browser *b, struct str *head, struct str *body)
{
    int cert, key, status = 421;

    rig_certificate_of("DNS:localhost,DNS:files.localhost", &cert, &key);
    rig_give(r, SUP_LISTENER, LISTEN_CERT, 0, cert);
    rig_give(r, SUP_LISTENER, LISTEN_KEY, 0, key);
    for (int64_t until = clock_mono_ms() + RIG_WAIT_MS; status == 421 && clock_mono_ms() < until;) {
        browser_close(b);
        if (!browser_open(r, b))
            return false;
        ask(b, r, "GET /healthz", "files.localhost", "");
        status = browser_hears(b, head, body);
    }
    CHECK_INT(status, 404);
    return status == 404;
}

TEST(edge_gives_files_an_origin_of_their_own_from_the_certificate_on_that_covers_it)
{
    struct rig r;
    struct browser b;
    struct ipc_head h;
    struct http_call call;
    struct str head = {0}, body = {0}, policy = {0}, own = {0}, files = {0}, origin = {0};
    static const char *const cookies[] = {"__Host-sid-4711=x; Secure", ""};

    rig_start(&r, "");
    rig_tenant(&r);
    str_printf(&own, "https://localhost:%d", r.port);
    str_printf(&files, "https://files.localhost:%d", r.port);
    REQUIRE(browser_open(&r, &b));
    ask(&b, &r, "GET " TICKET, "localhost", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.files, SV(""));
    CHECK_STR(call.sid, SV("abc"));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("early"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    ask(&b, &r, "GET /healthz", "localhost", "");
    CHECK_INT(browser_hears(&b, &head, &body), 200);
    str_printf(&policy, "img-src 'self' blob: %.*s; media-src 'self' blob: %.*s; connect-src 'self' %.*s;", SV_ARG(str_sv(&files)),
               SV_ARG(str_sv(&files)), SV_ARG(str_sv(&files)));
    CHECK(sv_find(str_sv(&head), str_sv(&policy), NULL));  /* of pages that are open when the certificate comes */
    CHECK(!says(&head, "Access-Control-Allow-Origin"));

    REQUIRE(cover(&r, &b, &head, &body));
    ask(&b, &r, "GET " TICKET, "localhost", "");
    CHECK_INT(browser_hears(&b, &head, &body), 404);       /* no longer from the client's */
    ask(&b, &r, "GET /t/4711/me", "localhost", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    CHECK_STR(call.files, str_sv(&files));
    CHECK_STR(call.sid, SV("abc"));
    tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("{}"));
    CHECK_INT(browser_hears(&b, &head, &body), 200);

    static const char *const others[] = {"GET /t/4711/me", "GET /t/4711/files/1", "GET /t/4711/ws", "GET /", "GET /w/acme/session", "GET /t/4711/file", "GET /file/abc"};
    for (size_t i = 0; i < COUNT(others); i++) {
        ask(&b, &r, others[i], "files.localhost", "");
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), 404);
        CHECK_AT(i, says(&head, "default-src 'none'; frame-ancestors 'none'; sandbox\r\n"));
    }
    /* Nobody is known there, and nobody is made known. */
    for (size_t i = 0; i < COUNT(cookies); i++) {
        ask(&b, &r, "GET " TICKET, "files.localhost", "");
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        CHECK_STR(call.path, SV("/file/abc"));
        CHECK_STR(call.sid, SV(""));
        CHECK_STR(call.adm, SV(""));
        CHECK_STR(call.dev, SV(""));
        tenant_answers(&r, &h, RES_HTTP, 200, *cookies[i] ? "Set-Cookie" : NULL, cookies[i], SV("bytes"));
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), *cookies[i] ? 500 : 200);
        CHECK_AT(i, !says(&head, "Set-Cookie"));
        CHECK_AT(i, says(&head, "\r\nCross-Origin-Resource-Policy: cross-origin\r\n"));
    }
    struct file_head with = {0};
    file_head_add(&with, SV("Set-Cookie"), SV("__Host-sid-4711=x; Secure"));
    struct str form = {0};
    file_head_write(&form, &with);
    ask(&b, &r, "GET " TICKET, "files.localhost", "");
    REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
    tenant_says(&r, RES_FILE, &h, h.a, 200, str_sv(&form));
    CHECK_INT(browser_hears(&b, &head, &body), 500);
    CHECK(!says(&head, "Set-Cookie"));

    /* Its own pages may read what they ask for, no other site's. */
    static const char *const strangers[] = {"null", "https://evil.example", "https://files.localhost", "https://localhost.evil.example", "http://localhost"};
    for (size_t i = 0; i <= COUNT(strangers); i++) {
        str_reset(&origin);
        sv from = i < COUNT(strangers) ? sv_c(strangers[i]) : str_sv(&own);
        str_printf(&origin, "Origin: %.*s\r\n", SV_ARG(from));
        str_char(&origin, 0);
        ask(&b, &r, "GET " TICKET, "files.localhost", origin.p);
        REQUIRE(rig_tenant_gets(&r, REQ_HTTP, &h, &call));
        tenant_answers(&r, &h, RES_HTTP, 200, NULL, NULL, SV("bytes"));
        CHECK_INT_AT(i, browser_hears(&b, &head, &body), 200);
        CHECK_AT(i, says(&head, "\r\nVary: Origin\r\n"));
        CHECK_INT_AT(i, says(&head, "Access-Control-Allow-Origin"), i == COUNT(strangers));
    }
    browser_close(&b);
    CHECK_INT(rig_stop(&r), 0);
    struct str *all[] = {&head, &body, &policy, &own, &files, &origin, &form};
    for (size_t i = 0; i < COUNT(all); i++)
        str_release(all[i]);
}
