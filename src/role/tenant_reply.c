/* role/tenant_reply.c: from a result or a failure to the frames that carry it. */
#include "role/tenant.h"
#include "base/log.h"
#include "role/file_head.h"
#include "role/refusal.h"

#define BODY_PIECE  FILE_PIECE_MAX
#define WS_AT_ONCE  2048                                  /* the edge keeps as many of them as a client may have calls in flight */
#define COOKIE_DAYS 180
#define KNOWN_BROWSER_DAYS 400                            /* browsers keep none longer */

static void error_json(struct request *r, struct json *j, const char *name)
{
    const struct err_def *e = err_def(r->x.failure.code);
    char ref[REF_CHARS + 1];

    ref_new(ref);
    json_open(j, name);
    json_text(j, "code", sv_c(e->code));
    json_text(j, "message", sv_c(r->x.actor.english ? e->en : e->ja));
    json_text(j, "ref", sv_c(ref));
    if (r->x.failure.field)
        json_text(j, "field", sv_c(r->x.failure.field));
    if (r->x.failure.count)
        json_int(j, "count", r->x.failure.count);
    if (r->x.failure.full) {
        json_int(j, "used", r->x.failure.used);
        json_int(j, "left", r->x.failure.left);
    }
    json_close(j);
    log_put(r->x.failure.code == E_INTERNAL ? LOG_ERROR : LOG_DEBUG, "%s %s %s: %s", ref,
            r->call.op ? r->call.op->name : "-", e->code, r->x.failure.detail);
}

/* {"error":{…}}, or within a WebSocket's answer the member of that name. */
static void answer_json(struct request *r, struct json *j, const char *name)
{
    if (r->x.failure.code != E_NONE && !name) {
        json_open(j, NULL);
        error_json(r, j, "error");
        json_close(j);
    } else if (r->x.failure.code != E_NONE)
        error_json(r, j, name);
    else if (r->call.op->out)
        schema_write(j, name, r->call.op->out, r->out);
    else {
        json_open(j, name);
        json_close(j);
    }
}

/* `days` 0: as long as the browser runs. */
static sv cookie(struct request *r, const char *kind, const struct secret *token, const char *same_site, int days)
{
    sv value = token ? secret_view(token) : SV("");
    sv life = !token ? SV("; Max-Age=0") : days ? sv_printf(r->arena, "; Max-Age=%d", days * 86400) : SV("");

    return sv_printf(r->arena, "__Host-%s-%" PRId64 "=%.*s; Path=/; Secure; HttpOnly; SameSite=%s%.*s", kind,
                     r->house->t->number, SV_ARG(value), same_site, SV_ARG(life));
}
_Static_assert(COOKIE_DAYS == SESSION_LIFE_DAYS, "the cookie lives as long as a session can");

static void headers(struct request *r, struct file_head *h)
{
    const struct call *c = &r->call;
    bool ok = r->x.failure.code == E_NONE;

    file_head_add(h, SV("Content-Type"), SV("application/json"));
    if (ok && (r->sid.n || c->clear_sid))
        file_head_add(h, SV("Set-Cookie"), cookie(r, "sid", r->sid.n ? &r->sid : NULL, "Lax", COOKIE_DAYS));
    if (ok && (r->adm.n || c->clear_adm))
        file_head_add(h, SV("Set-Cookie"), cookie(r, "adm", r->adm.n ? &r->adm : NULL, "Strict", 0));
    if (ok && r->dev.n)
        file_head_add(h, SV("Set-Cookie"), cookie(r, "dev", &r->dev, "Strict", KNOWN_BROWSER_DAYS));
    if (r->x.failure.code == E_TOO_MANY || r->x.failure.code == E_RETRY)
        file_head_add(h, SV("Retry-After"), SV("3"));
    /* What the browser kept of a session that ended; not "storage": another tenant may be open beside this one. */
    if (ok && c->clear_sid && !r->sid.n)
        file_head_add(h, SV("Clear-Site-Data"), SV("\"cache\""));
}

static int status_of(const struct request *r)
{
    return r->x.failure.code == E_NONE ? 200 : err_def(r->x.failure.code)->status;
}

void reply_frame(struct request *r, enum frame_type type, uint64_t b, uint16_t flags, sv payload)
{
    struct ipc_head h = {.type = (uint16_t)type, .flags = flags, .conn = r->conn, .gen = r->gen, .a = r->a, .b = b};

    if (!atomic_load(&r->link->gone))
        ipc_shared_put(r->link->out, &h, payload);
}

void reply_whole(struct request *r, enum frame_type type, int status, const struct file_head *h, sv body)
{
    struct str s = STR_IN(r->arena);

    ipc_w_u32(&s, (uint32_t)h->n);
    for (size_t i = 0; i < h->n; i++) {
        ipc_w_bytes(&s, h->headers[i].name);
        ipc_w_bytes(&s, h->headers[i].value);
    }
    ipc_w_bytes(&s, body);
    reply_frame(r, type, (uint64_t)status, 0, str_sv(&s));
}

static void reply_http(struct request *r, enum frame_type type)
{
    struct str body = STR_IN(r->arena);
    struct json j = JSON_TO(&body);
    struct file_head h = {0};

    answer_json(r, &j, NULL);
    headers(r, &h);
    if (r->x.failure.code == E_NONE && body.n > BODY_PIECE)
        file_answer(r, &h, str_sv(&body));
    else
        reply_whole(r, type, status_of(r), &h, str_sv(&body));
}

void reply_text(struct request *r, struct str *out)
{
    struct json j = JSON_TO(out);

    json_open(&j, NULL);
    json_text(&j, "id", r->ws_id);
    json_int(&j, "status", status_of(r));
    answer_json(r, &j, r->x.failure.code == E_NONE ? "body" : "error");
    json_close(&j);
}

static void reply_ws(struct request *r)
{
    struct str s = STR_IN(r->arena);

    reply_text(r, &s);
    if (s.n <= WS_AT_ONCE) {
        reply_frame(r, RES_WS_TEXT, 0, 0, str_sv(&s));
        return;
    }
    if (s.n <= IPC_PAYLOAD_MAX) {
        file_text(r, str_sv(&s));
        return;
    }
    /* A long answer belongs on HTTP, which has pieces: the client asks there. */
    fail(&r->x.failure, E_TOO_LARGE, "answer of %zu bytes by WebSocket", s.n);
    reply_ws(r);
}

static void reply_operator(struct request *r)
{
    struct str s = STR_IN(r->arena);
    struct json j = JSON_TO(&s);

    if (r->x.failure.code == E_NONE && !r->call.op->out) {   /* the stream was the answer */
        reply_frame(r, OP_ANSWER, 200, 0, SV(""));
        return;
    }
    answer_json(r, &j, NULL);
    sv rest = str_sv(&s);
    do {
        sv piece = sv_upto(rest, BODY_PIECE);
        rest = sv_from(rest, piece.n);
        reply_frame(r, OP_ANSWER, (uint64_t)status_of(r), rest.n ? IPC_MORE : 0, piece);
    } while (rest.n);
}

void reply_stream(void *request, sv piece)
{
    struct request *r = request;

    while (piece.n) {
        sv part = sv_upto(piece, BODY_PIECE);
        reply_frame(r, OP_ANSWER, 200, IPC_MORE, part);
        piece = sv_from(piece, part.n);
    }
}

void reply(struct request *r)
{
    part_done(r);                                         /* first: who has the answer may send the next part at once */
    switch (r->door) {
    case DOOR_HTTP:
        if (r->x.failure.code == E_NONE && r->call.op->flags & OP_FILE)
            file_reply(r);
        else
            reply_http(r, RES_HTTP);
        break;
    case DOOR_WS:
        reply_ws(r);
        break;
    case DOOR_WS_OPEN:
        reply_http(r, RES_WS_OPEN);
        break;
    case DOOR_OPERATOR:
        reply_operator(r);
        break;
    case DOOR_INTERNAL:
        break;
    }
}

void send_event(struct house *h, const struct event *e)
{
    struct ipc_head head = {.type = TOPIC_EVENT, .a = (uint64_t)e->topic, .b = (uint64_t)e->pos};
    struct str s = {0};

    event_text(&s, e);
    pthread_mutex_lock(&h->links_lock);
    for (size_t i = 0; i < COUNT(h->links); i++)
        if (h->links[i] && !atomic_load(&h->links[i]->gone))
            ipc_shared_put(h->links[i]->out, &head, str_sv(&s));
    pthread_mutex_unlock(&h->links_lock);
    str_release(&s);
}
