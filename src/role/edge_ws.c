/* role/edge_ws.c: WebSockets: the handshake, messages to the tenant under the credit limits, pings, closing. */
#include "role/edge.h"

#include "base/json.h"
#include "base/mem.h"

#include <string.h>

#define SUBPROTOCOL "engawa.v1"

/* "engawa.v1, ticket.<ticket>" */
static bool protocols(sv list, sv *ticket)
{
    sv rest = list, part;
    bool ours = false;

    while (sv_cut(&rest, ',', &part)) {
        part = sv_trim(part);
        ours |= sv_equal(part, SV(SUBPROTOCOL));
        if (sv_starts(part, SV("ticket.")))
            *ticket = sv_from(part, sizeof("ticket.") - 1);
    }
    return ours;
}

void ws_ask(struct edge *e, struct conn *c, struct tenant *t, struct http_call *call)
{
    sv key = http_header(c->http, &c->in, H_WS_KEY);
    bool good = call->method == CALL_GET && sv_equal(call->path, SV("/ws")) && ws_key_ok(key)
             && http_list_has(http_header(c->http, &c->in, H_CONNECTION), SV("upgrade"))
             && sv_equal_nocase(http_header(c->http, &c->in, H_UPGRADE), SV("websocket"))
             && sv_equal(http_header(c->http, &c->in, H_WS_VERSION), SV("13"))
             && protocols(http_header(c->http, &c->in, H_WS_PROTOCOL), &call->ticket);

    if (!good || !call_fits(call)) {
        reply_error(e, c, E_INVALID_VALUE);
        return;
    }
    if (!sv_equal(call->origin, c->own_origin)) {         /* a page of another site has no business here */
        reply_error(e, c, E_CROSS_SITE);
        return;
    }
    memcpy(c->ws_key, key.p, sizeof(c->ws_key));
    tenant_send(e, c, t, REQ_WS_OPEN, call);
}

void ws_opened(struct edge *e, struct conn *c)
{
    struct str out = {0}, accept = {0};

    ws_accept_key(&accept, sv_n(c->ws_key, sizeof(c->ws_key)));
    c->keep = true;
    reply_begin(e, c, &out, 101);
    http_say(&out, SV("Upgrade"), SV("websocket"));
    http_say(&out, SV("Connection"), SV("Upgrade"));
    http_say(&out, SV("Sec-WebSocket-Accept"), str_sv(&accept));
    http_say(&out, SV("Sec-WebSocket-Protocol"), SV(SUBPROTOCOL));
    http_body_none(&out);
    str_release(&accept);
    conn_put_str(e, c, &out);
    c->tenant->in_flight -= c->tenant->in_flight > 0;
    c->state = C_WS;
    c->request = 0;
    c->heard_ms = c->pings_from_ms = e->now_ms;
    conn_deadline(e, c, WS_PING_MS);
    conn_urgent(e, c);
    if (c->in.n) {                                        /* frames that came with the request */
        struct str early = c->in;
        c->in = (struct str){0};
        ws_input(e, c, early.p, early.n);
        str_release(&early);
    }
}

void ws_end(struct edge *e, struct conn *c, uint16_t code, sv reason)
{
    struct str out = {0};

    if (c->state != C_WS)
        return;
    ws_put_close(&out, code, reason);
    conn_finish(e, c);
    conn_put_str(e, c, &out);
}

/* Over a limit: the answer says so, under the id that the client gave its request. */
static void too_many(struct edge *e, struct conn *c, sv text)
{
    struct arena *a = arena_new(4096);
    struct json_value v;
    struct str body = STR_IN(a), out = {0};
    struct json j = JSON_TO(&body);
    const struct json_value *id = json_read(a, text, &v, NULL) ? json_get(&v, SV("id")) : NULL;

    e->figures.refused++;
    ref_new(c->ref);
    json_open(&j, NULL);
    if (id && id->type == JSON_TEXT && id->text.n <= 64)
        json_text(&j, "id", id->text);
    json_int(&j, "status", err_def(E_TOO_MANY)->status);
    struct str error = STR_IN(a);
    refusal_put(&error, E_TOO_MANY, c->english, c->ref, NULL);
    sv inner = sv_from(str_sv(&error), sizeof("{\"error\":") - 1);
    json_raw(&j, "error", sv_upto(inner, inner.n - 1));
    json_close(&j);
    ws_put_text(&out, str_sv(&body));
    arena_free(&a);
    conn_put_str(e, c, &out);
    conn_urgent(e, c);
}

static void message(struct edge *e, struct conn *c, sv text)
{
    struct tenant *t = c->tenant;

    e->figures.messages++;
    if (text.n > IPC_PAYLOAD_MAX) {
        ws_end(e, c, WS_TOO_BIG, SV(""));
        return;
    }
    if (c->in_flight >= WS_IN_FLIGHT || t->in_flight >= TENANT_IN_FLIGHT || link_full(t)
        || !limit_pass(e, c->addr)) {
        too_many(e, c, text);
        return;
    }
    c->in_flight++;
    t->in_flight++;
    ipc_put(&t->link, (struct ipc_head){.type = REQ_WS_TEXT, .conn = c->slot, .gen = c->gen, .a = ++e->requests}, text);
}

void ws_more(struct conn *c)
{
    struct ipc_head h = {.type = REQ_MORE, .conn = c->slot, .gen = c->gen, .b = 1};

    if (!c->answers_waiting || c->answer_due || c->queued > FILE_LOW || c->tenant->link.fd < 0 || c->tenant->dead)
        return;
    c->answers_waiting--;
    c->answer_due = true;
    ipc_put(&c->tenant->link, h, SV_NONE);
}

void ws_waits(struct edge *e, struct conn *c)
{
    if (c->answers_waiting >= c->in_flight) {             /* more answers than calls */
        e->figures.dropped++;
        return;
    }
    c->answers_waiting++;
    ws_more(c);
}

void ws_text(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload)
{
    struct str out = {0};

    if (h->a && c->in_flight) {
        c->in_flight--;
        c->tenant->in_flight -= c->tenant->in_flight > 0;
    }
    if (h->b)
        c->answer_due = false;
    ws_put_text(&out, payload);
    conn_put_str(e, c, &out);
    conn_urgent(e, c);
}

/* Pings and pongs beyond any sense. */
static bool flooding(struct edge *e, struct conn *c)
{
    if (e->now_ms - c->pings_from_ms > 10000) {
        c->pings_from_ms = e->now_ms;
        c->pings = 0;
    }
    return ++c->pings > PINGS_MAX;
}

static void act(struct edge *e, struct conn *c, enum ws_result r, sv payload)
{
    struct str out = {0};

    switch (r) {
    case WS_TEXT:
        message(e, c, payload);
        break;
    case WS_PING:
    case WS_PONG:
        if (flooding(e, c)) {
            ws_end(e, c, WS_POLICY, SV("too many pings"));
        } else if (r == WS_PING) {
            ws_put_pong(&out, payload);
            conn_put_str(e, c, &out);
            conn_urgent(e, c);
        }
        break;
    case WS_CLOSE:
        ws_end(e, c, c->ws.code, SV(""));
        break;
    case WS_BAD:
        ws_end(e, c, c->ws.code, SV(""));
        break;
    case WS_MORE:
        break;
    }
}

/* Takes frames from p; true when more may follow. */
static size_t frames(struct edge *e, struct conn *c, char *p, size_t n)
{
    size_t at = 0, used;
    sv payload;

    do {
        enum ws_result r = ws_next(&c->ws, p + at, n - at, &used, &payload);
        at += used;
        act(e, c, r, payload);
    } while (used && at < n && c->state == C_WS);
    return at;
}

void ws_input(struct edge *e, struct conn *c, char *p, size_t n)
{
    size_t used;

    c->heard_ms = e->now_ms;
    if (c->in.n == 0) {                                   /* mostly: whole frames, straight from where they were read */
        used = frames(e, c, p, n);
        if (c->state == C_WS && used < n)
            str_bytes(&c->in, p + used, n - used);
        return;
    }
    str_bytes(&c->in, p, n);
    used = frames(e, c, c->in.p, c->in.n);
    if (c->state == C_WS)
        str_drop(&c->in, used);
}

void ws_expired(struct edge *e, struct conn *c)
{
    int64_t silent = e->now_ms - c->heard_ms;
    struct str out = {0};

    if (silent >= WS_GONE_MS) {
        conn_end(e, c);
        return;
    }
    if (silent < WS_PING_MS) {
        conn_deadline(e, c, WS_PING_MS - silent);
        return;
    }
    ws_put_ping(&out, SV(""));
    conn_put_str(e, c, &out);
    conn_urgent(e, c);
    conn_deadline(e, c, WS_GONE_MS - silent);
}
