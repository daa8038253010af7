/* net/http_test.c: what the request reader takes, what it refuses, whole and byte by byte. */
#include "net/http.h"

#include "base/test.h"

#include <string.h>

#define HOST "Host: a.example\r\n"
#define BODY_MAX 100

/* Feeds `text` in pieces of `step` bytes, as a connection would; the last result. */
static enum http_result feed(struct http *h, struct str *in, sv text, size_t step)
{
    enum http_result r = HTTP_MORE;

    http_reset(h);
    str_reset(in);
    for (size_t at = 0; at < text.n && r == HTTP_MORE; at += step) {
        str_put(in, sv_upto(sv_from(text, at), step));
        r = http_read(h, in, BODY_MAX);
    }
    return r;
}

TEST(http_takes_and_refuses)
{
    static const struct {
        const char *in;
        enum http_result r;
    } t[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", HTTP_DONE},
        {"GET /a/b?c=d&e HTTP/1.1\r\n" HOST "Accept: */*\r\n\r\n", HTTP_DONE},
        {"GET /%e3%81%82 HTTP/1.1\r\n" HOST "\r\n", HTTP_DONE},
        {"GET / HTTP/1.1\r\nhost:a\r\nX-Y:\r\n\r\n", HTTP_DONE},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", HTTP_DONE},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", HTTP_DONE},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", HTTP_DONE},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", HTTP_DONE},
        /* one Host */
        {"GET / HTTP/1.1\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", HTTP_BAD},
        /* two readers must not see two bodies */
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "X:\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nabcde", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 03\r\n\r\nabc", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551619\r\n\r\nabc", HTTP_BAD},
        /* lines */
        {"GET / HTTP/1.1\n" HOST "\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A: b\nC: d\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A : b\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A: b\x01\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "A: b\x7f\r\n\r\n", HTTP_BAD},
        {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        /* the request line */
        {"GET / HTTP/1.0\r\n" HOST "\r\n", HTTP_BAD},
        {"GET / HTTP/2.0\r\n" HOST "\r\n", HTTP_BAD},
        {"GET / http/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET  / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET / HTTP/1.1 \r\n" HOST "\r\n", HTTP_BAD},
        {"GET /\r\n" HOST "\r\n", HTTP_BAD},
        {"GET a HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET * HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a#b HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a\\b HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a%0d%0aX HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a%00 HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a%g0 HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a%4 HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a/../b HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /a/%2e%2E HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /. HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET /\xe3\x81\x82 HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"GET http://a.example/ HTTP/1.1\r\n" HOST "\r\n", HTTP_FOREIGN},
        {"GET https://evil/ HTTP/1.1\r\n" HOST "\r\n", HTTP_FOREIGN},
        {"TRACE / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD_METHOD},
        {"CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD_METHOD},
        {"get / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD_METHOD},
        {"BREW / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD_METHOD},
        {"G(T / HTTP/1.1\r\n" HOST "\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "X-HTTP-Method-Override: DELETE\r\n\r\n", HTTP_BAD_METHOD},
        /* chunks that lie */
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n+2\r\nab\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n02\r\nab\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2 \r\nab\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\nab\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n\r\n", HTTP_BAD},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", HTTP_BAD},
        {"HEAD / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HTTP_BAD},
        /* too much */
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n", HTTP_TOO_LARGE},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 999999999999\r\n\r\n", HTTP_TOO_LARGE},
        {"POST / HTTP/1.1\r\n" HOST "Expect: tea\r\nContent-Length: 1\r\n\r\n", HTTP_BAD},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nab", HTTP_MORE},
        {"GET / HTTP/1.1\r\n" HOST "\r", HTTP_MORE},
    };
    struct http h;
    struct str in = {0};

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, feed(&h, &in, sv_c(t[i].in), 4096), t[i].r);
        CHECK_INT_AT(i, feed(&h, &in, sv_c(t[i].in), 1), t[i].r);
        CHECK_INT_AT(i, feed(&h, &in, sv_c(t[i].in), 7), t[i].r);
    }
    str_release(&in);
}

TEST(http_gives_the_parts)
{
    struct http h;
    struct str in = {0};
    sv two = SV("POST /t/1/x?q=1 HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                "3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    sv value;

    for (size_t step = 1; step < 200; step += 13) {
        http_reset(&h);
        str_reset(&in);
        enum http_result r = HTTP_MORE;
        for (size_t at = 0; at < two.n; at += step) {
            str_put(&in, sv_upto(sv_from(two, at), step));
            if (r == HTTP_MORE)
                r = http_read(&h, &in, BODY_MAX);
        }
        CHECK_INT_AT(step, r, HTTP_DONE);
        CHECK_STR_AT(step, http_text(&in, h.path), SV("/t/1/x"));
        CHECK_STR_AT(step, http_text(&in, h.query), SV("q=1"));
        CHECK_STR_AT(step, http_body(&h, &in), SV("abc0123456789"));
        CHECK_AT(step, h.close);
        CHECK_AT(step, http_cookie(http_header(&h, &in, H_COOKIE), SV("b"), &value) && sv_equal(value, SV("2")));
        str_drop(&in, http_used(&h));
        http_reset(&h);
        CHECK_INT_AT(step, http_read(&h, &in, BODY_MAX), HTTP_DONE);
        CHECK_STR_AT(step, http_text(&in, h.path), SV("/next"));
        CHECK_INT_AT(step, http_used(&h), in.n);
    }
    str_release(&in);
}

static enum http_result with_filling(size_t line, size_t headers, size_t each)
{
    struct http h;
    struct str in = {0}, text = {0};

    str_c(&text, "GET /");
    for (size_t i = 0; i < line; i++)
        str_char(&text, 'a');
    str_c(&text, " HTTP/1.1\r\n" HOST);
    for (size_t i = 0; i < headers; i++) {
        str_printf(&text, "x%zu: ", i);
        for (size_t k = 0; k < each; k++)
            str_char(&text, 'v');
        str_c(&text, "\r\n");
    }
    str_c(&text, "\r\n");
    enum http_result r = feed(&h, &in, str_sv(&text), 1000);
    str_release(&in);
    str_release(&text);
    return r;
}

TEST(http_refuses_nul_everywhere)
{
    static const char text[] = "GET /a HTTP/1.1\r\nHost: a.example\r\nA: b\r\n\r\n";
    struct http h;
    struct str in = {0}, with = {0};

    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        str_reset(&with);
        str_bytes(&with, text, sizeof(text) - 1);
        with.p[i] = '\0';
        CHECK_AT(i, feed(&h, &in, str_sv(&with), 4096) != HTTP_DONE);
    }
    str_release(&in);
    str_release(&with);
}

TEST(http_limits)
{
    CHECK_INT(with_filling(8192 - 16, 0, 0), HTTP_DONE);  /* "GET /" " HTTP/1.1" CRLF: 16 */
    CHECK_INT(with_filling(8192 - 15, 0, 0), HTTP_TOO_LARGE);
    CHECK_INT(with_filling(100000, 0, 0), HTTP_TOO_LARGE);
    CHECK_INT(with_filling(0, 63, 10), HTTP_DONE);        /* and Host: 64 */
    CHECK_INT(with_filling(0, 64, 10), HTTP_TOO_LARGE);
    CHECK_INT(with_filling(0, 10, 1600), HTTP_DONE);
    CHECK_INT(with_filling(0, 11, 1600), HTTP_TOO_LARGE);
}

TEST(http_chunked_body_limit)
{
    struct http h;
    struct str in = {0}, text = {0};

    str_c(&text, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; i++)
        str_c(&text, "1\r\nx\r\n");
    size_t full = text.n;
    str_c(&text, "0\r\n\r\n");
    CHECK_INT(feed(&h, &in, str_sv(&text), 5), HTTP_DONE);
    CHECK_INT(http_body(&h, &in).n, 100);
    text.n = full;
    str_c(&text, "1\r\nx\r\n0\r\n\r\n");
    CHECK_INT(feed(&h, &in, str_sv(&text), 5), HTTP_TOO_LARGE);
    str_release(&in);
    str_release(&text);
}

TEST(http_continue)
{
    struct http h;
    struct str in = {0};

    CHECK_INT(feed(&h, &in, SV("POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"), 4096), HTTP_CONTINUE);
    http_go_on(&h);
    str_put(&in, SV("ab"));
    CHECK_INT(http_read(&h, &in, BODY_MAX), HTTP_DONE);
    CHECK_STR(http_body(&h, &in), SV("ab"));
    str_release(&in);
}

TEST(http_lists)
{
    sv v;

    CHECK(http_list_has(SV("keep-alive, Upgrade"), SV("upgrade")));
    CHECK(!http_list_has(SV("upgraded"), SV("upgrade")));
    CHECK(!http_list_has(SV(""), SV("upgrade")));
    CHECK(http_takes(SV("gzip, deflate, br"), SV("gzip")));
    CHECK(http_takes(SV("*"), SV("gzip")));
    CHECK(http_takes(SV("gzip;q=0.5"), SV("gzip")));
    CHECK(!http_takes(SV("gzip;q=0"), SV("gzip")));
    CHECK(!http_takes(SV("gzip;q=0.000, *"), SV("gzip")));
    CHECK(!http_takes(SV("identity"), SV("gzip")));
    CHECK(!http_takes(SV(""), SV("gzip")));
    CHECK(!http_cookie(SV("a=1; a=2"), SV("a"), &v));     /* two of a name: none counts */
    CHECK(!http_cookie(SV("aa=1"), SV("a"), &v));
    CHECK(http_cookie(SV("x=; a="), SV("a"), &v) && v.n == 0);
    CHECK(http_query_has(SV("a=1&sid=2"), SV("sid")));
    CHECK(http_query_has(SV("SID"), SV("sid")));
    CHECK(!http_query_has(SV("a=sid"), SV("sid")));
}

TEST(http_no_header_says_two)
{
    struct str out = {0};

    CHECK(!http_say(&out, SV("Location"), SV("/a\r\nSet-Cookie: x=1")));
    CHECK(!http_say(&out, SV("Location"), SV("/a\nb")));
    CHECK(!http_say(&out, SV("A b"), SV("x")));
    CHECK(!http_say(&out, SV("A:"), SV("x")));
    CHECK(!http_say(&out, SV(""), SV("x")));
    CHECK_INT(out.n, 0);
    http_answer(&out, 200);
    CHECK(http_say(&out, SV("A"), SV("b")));
    http_body_bytes(&out, SV("abc"), false);
    CHECK_STR(str_sv(&out), SV("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\nabc"));
    str_release(&out);
}
