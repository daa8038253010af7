/* role/call_test.c: a call is read as it was written, and nothing short, long or unknown is read at all. */
#include "role/call.h"

#include "base/test.h"

static const struct http_call full = {
    .method = CALL_POST,
    .path = {"/rooms/1", 8},
    .query = {"a=b", 3},
    .ip = {"192.0.2.1", 9},
    .sid = {"s", 1},
    .adm = {"ad", 2},
    .bearer = {"bea", 3},
    .origin = {"orig", 4},
    .dev = {"device", 6},
    .fetch_site = {"fetch", 5},
    .own_origin = {"https:", 6},
    .files = {"files.", 6},
    .marked = {"1", 1},
    .content_type = {"type", 4},
    .language = {"ja", 2},
    .agent = {"agent", 5},
    .ticket = {"ticket", 6},
    .none_match = {"\"etag\"", 6},
    .range = {"bytes=0-1", 9},
    .head = {"1", 1},
    .body = {"{}\0\xff", 4},
};

TEST(call_is_read_as_written)
{
    struct str s = {0};
    struct http_call c;

    call_write(&s, &full);
    REQUIRE(call_read(str_sv(&s), &c));
    CHECK_INT(c.method, CALL_POST);
    CHECK_STR(c.path, full.path);
    CHECK_STR(c.query, full.query);
    CHECK_STR(c.ip, full.ip);
    CHECK_STR(c.sid, full.sid);
    CHECK_STR(c.adm, full.adm);
    CHECK_STR(c.dev, full.dev);
    CHECK_STR(c.bearer, full.bearer);
    CHECK_STR(c.origin, full.origin);
    CHECK_STR(c.fetch_site, full.fetch_site);
    CHECK_STR(c.own_origin, full.own_origin);
    CHECK_STR(c.files, full.files);
    CHECK_STR(c.marked, full.marked);
    CHECK_STR(c.content_type, full.content_type);
    CHECK_STR(c.language, full.language);
    CHECK_STR(c.agent, full.agent);
    CHECK_STR(c.ticket, full.ticket);
    CHECK_STR(c.none_match, full.none_match);
    CHECK_STR(c.range, full.range);
    CHECK_STR(c.head, full.head);
    CHECK_STR(c.body, full.body);
    str_release(&s);
}

TEST(call_refuses_short_long_and_unknown)
{
    struct str s = {0};
    struct http_call c;

    call_write(&s, &full);
    for (size_t cut = 0; cut < s.n; cut++)
        CHECK_AT(cut, !call_read(sv_upto(str_sv(&s), cut), &c));
    str_char(&s, 'x');
    CHECK(!call_read(str_sv(&s), &c));
    s.n--;
    for (int method = 0; method < 256; method++) {
        s.p[1] = (char)method;
        CHECK_INT_AT(method, call_read(str_sv(&s), &c), method >= CALL_GET && method <= CALL_PATCH);
    }
    s.p[1] = CALL_GET;
    s.p[0] = 1;
    CHECK(!call_read(str_sv(&s), &c));
    s.p[0] = 4;
    CHECK(call_read(str_sv(&s), &c));
    s.p[6] = 'x';                                         /* the path's first character */
    CHECK(!call_read(str_sv(&s), &c));
    str_release(&s);
}

TEST(call_limits)
{
    struct str s = {0}, big = {0};
    struct http_call c = full, back;

    while (big.n < CALL_BODY_MAX + 1)
        str_char(&big, 'x');
    c.body = sv_upto(str_sv(&big), CALL_BODY_MAX);
    c.path = (sv){"/", 1};
    CHECK(call_fits(&c));
    call_write(&s, &c);
    CHECK(s.n <= IPC_PAYLOAD_MAX);
    CHECK(call_read(str_sv(&s), &back));
    c.body.n++;
    CHECK(!call_fits(&c));
    c.body.n = 0;
    c.agent = sv_upto(str_sv(&big), 201);
    CHECK(!call_fits(&c));
    str_release(&s);
    str_release(&big);
}
