/* role/edge_http.c: one whole request: its limits, and where it goes. */
#include "role/edge.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 100
#define BROWSER_COOKIE "__Host-dev-"

/* Parameters that look like a secret: it would end in histories and logs (security B4.09). */
static bool secret_in_query(sv query)
{
    static const char *const names[] = {"sid", "adm", "token", "access_token", "ticket", "session", "password", "api_key", "bearer"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (http_query_has(query, sv_c(names[i])))
            return true;
    return sv_find(query, SV("__Host-"), NULL);
}

static enum call_method call_method_of(enum http_method m)
{
    switch (m) {
    case HTTP_GET:
        return CALL_GET;
    case HTTP_POST:
        return CALL_POST;
    case HTTP_PUT:
        return CALL_PUT;
    case HTTP_DELETE:
        return CALL_DELETE;
    case HTTP_PATCH:
        return CALL_PATCH;
    default:
        return 0;
    }
}

static sv header(const struct conn *c, enum http_header k)
{
    return http_header(c->http, &c->in, k);
}

static sv cookie(const struct conn *c, const char *prefix, int64_t number)
{
    char name[48];
    sv value = SV("");

    snprintf(name, sizeof(name), "%s%" PRId64, prefix, number);
    return http_cookie(header(c, H_COOKIE), sv_c(name), &value) ? value : SV("");
}

/* "Bearer x", any case of the first word. */
static sv bearer(sv authorization)
{
    sv rest = authorization, word;

    if (!sv_cut(&rest, ' ', &word) || !sv_equal_nocase(word, SV("bearer")))
        return SV("");
    return sv_trim(rest);
}

static bool call_fill(struct conn *c, struct http_call *call, sv path)
{
    *call = (struct http_call){
        .method = call_method_of(c->http->method),
        .path = path,
        .query = http_text(&c->in, c->http->query),
        .ip = sv_c(c->ip),
        .sid = SV(""),
        .adm = SV(""),
        .dev = SV(""),
        .bearer = bearer(header(c, H_AUTHORIZATION)),
        .origin = header(c, H_ORIGIN),
        .fetch_site = header(c, H_FETCH_SITE),
        .own_origin = c->own_origin,
        .files = c->origin->apart ? str_sv(&c->origin->files) : SV(""),
        .marked = header(c, H_ENGAWA),
        .content_type = header(c, H_CONTENT_TYPE),
        .language = sv_upto(header(c, H_ACCEPT_LANGUAGE), 256),
        .agent = sv_upto(header(c, H_USER_AGENT), 200),
        .ticket = SV(""),
        .none_match = header(c, H_IF_NONE_MATCH),
        .range = header(c, H_RANGE),
        .head = c->http->method == HTTP_HEAD ? SV("1") : SV(""),
        .body = http_body(c->http, &c->in),
    };
    if (call->range.n > 64)
        call->range = SV("");                             /* several, or none that says where */
    if (call->none_match.n > 256)
        call->none_match = SV("");                        /* no tag of ours is that long: the answer comes whole */
    return call_fits(call);
}

static bool asks_websocket(const struct conn *c)
{
    return http_has(c->http, H_UPGRADE) || http_has(c->http, H_WS_KEY);
}

/* Below a tenant's number stands its API, and under /app the pages of the client: a link of one tenant opens there. What
 * /setup and /join show comes from behind the #, which no server sees. */
static bool is_page_of_tenant(sv path)
{
    return sv_equal(path, SV("/app")) || sv_starts(path, SV("/app/")) || sv_equal(path, SV("/setup")) ||
           sv_equal(path, SV("/join"));
}

/* /t/<n>/<path>; `rest` is what follows "/t/". A number that is none is answered as any foreign one. */
static void to_tenant(struct edge *e, struct conn *c, sv rest)
{
    struct http_call call;
    id64 number;
    sv part, path = rest;

    sv_cut(&path, '/', &part);
    path = path.p ? sv_n(path.p - 1, path.n + 1) : SV("/");
    if (!sv_id(part, &number)) {
        reply_error(e, c, E_SESSION_ENDED);
        return;
    }
    if (is_page_of_tenant(path)) {
        static_serve(e, c, path);
        return;
    }
    if (!call_fill(c, &call, path)) {
        reply_error(e, c, E_TOO_LARGE);
        return;
    }
    if (!c->at_files) {                                   /* a browser may send them to another port of the same address */
        call.sid = cookie(c, "__Host-sid-", number.n);
        call.adm = cookie(c, "__Host-adm-", number.n);
        call.dev = cookie(c, BROWSER_COOKIE, number.n);
    }
    if (!call_fits(&call))
        call.sid = call.adm = call.dev = SV("");                     /* no cookie of ours is that long */
    if (call.head.n && sv_starts(path, SV("/file/")))
        call.method = CALL_GET;                           /* of a file alone; the tenant knows that no bytes are wanted */
    if (!call.method)
        reply_error(e, c, E_METHOD);
    else if (asks_websocket(c) && !c->streaming)
        ws_ask(e, c, tenant_of(e, number.n), &call);
    else
        tenant_send(e, c, tenant_of(e, number.n), REQ_HTTP, &call);
}

/* The marks of known browsers of every tenant, since the number is not known yet: "<n>=<value>; …". */
static void browsers(const struct conn *c, struct str *out)
{
    sv rest = header(c, H_COOKIE), part;

    while (sv_cut(&rest, ';', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, SV(BROWSER_COOKIE)) || out->n + part.n > 2000)
            continue;
        str_put(out, sv_from(part, strlen(BROWSER_COOKIE)));
        str_c(out, "; ");
    }
}

/* What may be asked before the number is known. */
static bool early_path(sv tail, sv *path)
{
    if (sv_equal(tail, SV("session")))
        *path = SV("/session");
    else if (sv_equal(tail, SV("forgot")))
        *path = SV("/forgot");
    else
        return false;
    return true;
}

/* /w/<name>/session and /w/<name>/forgot: control knows the number behind the name; the call waits here for it. */
static void to_name(struct edge *e, struct conn *c, sv rest)
{
    struct http_call call;
    sv name, path, tail = rest;

    sv_cut(&tail, '/', &name);
    if (!early_path(tail, &path) || name.n == 0 || name.n > NAME_MAX_BYTES) {
        reply_error(e, c, E_NOT_FOUND);
        return;
    }
    if (c->http->method != HTTP_POST) {
        reply_error(e, c, E_METHOD);
        return;
    }
    if (e->control.fd < 0) {
        reply_error_wait(e, c, E_RETRY, 1);
        return;
    }
    if (!call_fill(c, &call, path)) {
        reply_error(e, c, E_TOO_LARGE);
        return;
    }
    struct str known = {0};
    browsers(c, &known);
    call.dev = str_sv(&known);
    call_write(&c->early, &call);
    str_release(&known);
    c->state = C_WAITING;
    c->request = ++e->requests;
    conn_deadline(e, c, WAKE_MS);
    ipc_put(&e->control, (struct ipc_head){.type = NAME_FIND, .conn = c->slot, .gen = c->gen}, name);
}

void edge_name_found(struct edge *e, uint32_t slot, uint32_t gen, int64_t number)
{
    struct conn *c = conn_find(e, slot, gen);
    struct http_call call;
    char name[24];
    sv one = SV("");

    if (!c || c->state != C_WAITING || c->early.n == 0 || number <= 0)
        return;
    struct str text = c->early;
    c->early = (struct str){0};
    ENSURE(call_read(str_sv(&text), &call));
    snprintf(name, sizeof(name), "%" PRId64, number);
    call.dev = http_cookie(call.dev, sv_c(name), &one) && one.n <= 128 ? one : SV("");
    tenant_send(e, c, tenant_of(e, number), REQ_HTTP, &call);
    str_release(&text);
}

/* Files alone are had from their origin, and from no other while they have one. */
static bool right_origin(const struct conn *c, sv path)
{
    sv rest = sv_starts(path, SV("/t/")) ? sv_from(path, 3) : SV(""), number;

    sv_cut(&rest, '/', &number);
    return sv_starts(rest, SV("file/")) ? c->at_files || !c->origin->apart : !c->at_files;
}

static void healthz(struct edge *e, struct conn *c)
{
    struct str out = {0};

    reply_begin(e, c, &out, 200);
    http_say(&out, SV("Cache-Control"), SV("no-store"));
    http_say(&out, SV("Content-Type"), SV("application/json"));
    http_body_bytes(&out, SV("{\"status\":\"ok\"}"), c->head_only);
    reply_done(e, c, &out);
}

static void route(struct edge *e, struct conn *c)
{
    sv path = http_text(&c->in, c->http->path), query = http_text(&c->in, c->http->query);
    bool reads = c->http->method == HTTP_GET || c->http->method == HTTP_HEAD, ignored;

    c->origin = origin_of_host(e, header(c, H_HOST), &c->at_files);
    c->own_origin = c->origin ? c->origin->own : SV_NONE;
    c->own_page = c->origin && sv_equal(header(c, H_ORIGIN), c->own_origin);
    if (!c->origin || (http_has(c->http, H_FORWARDED_HOST) && !origin_of_host(e, header(c, H_FORWARDED_HOST), &ignored))) {
        c->keep = false;
        reply_error(e, c, E_MISDIRECTED);
    } else if (!limit_pass(e, c->addr)) {
        reply_error_wait(e, c, E_TOO_MANY, 1);
    } else if (!right_origin(c, path)) {
        reply_error(e, c, E_NOT_FOUND);
    } else if (secret_in_query(query)) {
        reply_error(e, c, E_INVALID_VALUE);
    } else if (c->http->method == HTTP_OPTIONS || http_query_has(query, SV("_method"))) {
        reply_error(e, c, E_METHOD);
    } else if (http_has(c->http, H_CONTENT_ENCODING)) {
        reply_error(e, c, E_INVALID_VALUE);               /* no compressed bodies: no bombs */
    } else if (sv_starts(path, SV("/t/"))) {
        to_tenant(e, c, sv_from(path, 3));
    } else if (sv_starts(path, SV("/w/"))) {
        to_name(e, c, sv_from(path, 3));
    } else if (sv_equal(path, SV("/healthz")) && reads) {
        healthz(e, c);
    } else if (sv_equal(path, SV("/.well-known/security.txt")) && reads) {
        security_serve(e, c);
    } else if (sv_starts(path, SV("/.well-known"))) {
        reply_error(e, c, E_NOT_FOUND);
    } else if (!reads || !page_serve(e, c, path)) {
        static_serve(e, c, path);
    }
}

void edge_request(struct edge *e, struct conn *c)
{
    size_t used = http_used(c->http);

    e->figures.requests++;
    c->asked_us = clock_mono_us();
    c->keep = !c->http->close && !c->streaming;           /* what comes of a body that nobody wants is no request */
    c->keep_then = !c->http->close;
    c->head_only = c->http->method == HTTP_HEAD;
    c->filing = false;
    c->own_origin = SV_NONE;
    c->origin = NULL;
    c->at_files = c->own_page = false;
    c->english = language_english(header(c, H_ACCEPT_LANGUAGE));
    route(e, c);
    if (c->state == C_DEAD)
        return;
    str_drop(&c->in, used);
    xfree(c->http);
    c->http = NULL;
}

void edge_bad_request(struct edge *e, struct conn *c, enum http_result r)
{
    c->keep = false;
    c->head_only = false;
    c->own_origin = SV_NONE;
    c->origin = NULL;
    c->at_files = c->own_page = false;
    c->english = c->http && language_english(header(c, H_ACCEPT_LANGUAGE));
    reply_error(e, c, r == HTTP_TOO_LARGE    ? E_TOO_LARGE
                    : r == HTTP_BAD_METHOD   ? E_METHOD
                    : r == HTTP_FOREIGN      ? E_MISDIRECTED
                                             : E_INVALID_VALUE);
}
