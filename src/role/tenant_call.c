/* role/tenant_call.c: from a frame to an operation: which one, may this caller, is the input sound, on which thread. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "role/refusal.h"

#define SLOW_WAIT_MS 3000

static void done(struct request *r)
{
    if (file_first(r))
        return;
    reply(r);
    request_free(&r);
}

static bool audited_refusal(const struct request *r)
{
    int status = err_def(r->x.failure.code)->status;

    if (!r->call.op || !(status == 401 || status == 403 || status == 404 || status == 409))
        return false;
    return r->x.actor.member.n != 0 || r->call.op->who == WHO_PUBLIC;
}

/* A refusal that is to be a row goes through the writer first; any other is answered now. */
static void refuse(struct request *r)
{
    atomic_fetch_add(&r->house->refusals, 1);
    r->refused = true;
    if (!audited_refusal(r) || !worker_put(r->house->writer, &r->job))
        done(r);
}

static void to_writer(struct request *r)
{
    if (worker_put(r->house->writer, &r->job))
        return;
    fail(&r->x.failure, E_TOO_MANY, "the writer's queue is full");
    done(r);
}

static void too_slow(struct request *r)
{
    fail(&r->x.failure, E_TOO_MANY, "a slow queue is full");
    done(r);
}

void call_prepare(struct request *r)
{
    const struct op *op = r->call.op;

    r->x.db = house_db(r->house, op->flags & OP_BODY ? &r->house->file_db : &r->house->slow_db, true);
    db_use(r->x.db, r->arena, &r->x.failure);
    if (r->prepared_late) {                               /* after COMMIT: the stream of an export */
        op->stream(&r->x, &r->call);
        done(r);
        return;
    }
    if (!(op->flags & OP_BODY) && clock_mono_ms() - r->queued_mono_ms > SLOW_WAIT_MS) {
        too_slow(r);
        return;
    }
    if (!op->prepare(&r->x, &r->call))
        refuse(r);
    else if (!r->call.look)
        to_writer(r);
    else if (!worker_put(r->house->looker, &r->job))
        too_slow(r);
}

/* Its row is on the disk. While the picture is made and while it leaves, its session may end. */
static void make_file(struct request *r)
{
    struct ctx *x = &r->x;

    session_unref(&r->session);                           /* of a cookie, if any: here the ticket's counts */
    r->session = session_by_id(x, x->tenant->sessions, x->actor.session);
    r->call.session = r->session;
    if (!r->session && err_def(x->failure.code)->status < 500)
        failure_clear(&x->failure);
    if (!r->session || (r->call.op->make(x, &r->call) && atomic_load(&r->session->ended)))
        fail(&x->failure, E_NOT_FOUND, "the session of the ticket ended meanwhile");
    done(r);
}

void call_look(struct request *r)
{
    r->x.db = house_db(r->house, &r->house->look_db, true);
    db_use(r->x.db, r->arena, &r->x.failure);
    if (r->call.make) {
        make_file(r);
        return;
    }
    r->looked = true;
    if (r->call.op->look(&r->x, &r->call))
        to_writer(r);
    else
        refuse(r);
}

bool call_look_first(struct request *r)
{
    if (!r->call.look || r->looked)
        return false;
    failure_clear(&r->x.failure);
    r->x.audits.n = r->x.events.n = r->x.effects.n = 0;
    if (!worker_put(r->house->looker, &r->job))
        too_slow(r);
    return true;
}

static bool answered(struct request *r)
{
    MOMENT m = moment_begin(r->x.db);                     /* what the gate saw is what the operation sees */

    return m.open && gate_run(&r->x, r->house->app, &r->call, r->session, r->console) &&
           r->call.op->run(&r->x, &r->call, r->out) && r->x.failure.code == E_NONE;
}

void call_run_read(struct request *r, struct db *db)
{
    const struct op *op = r->call.op;

    r->x.db = db;
    r->x.far = NULL;
    db_use(db, r->arena, &r->x.failure);
    atomic_fetch_add(&r->house->reads, 1);
    r->out = op->out ? arena_alloc(r->arena, op->out->size) : NULL;
    if (!answered(r)) {
        if (!call_look_first(r))
            refuse(r);
    } else if (op->audit != AUDIT_NONE) {
        r->read = true;
        to_writer(r);                                     /* its row is written before its answer leaves */
    } else {
        done(r);
    }
}

/* The row's flag alone decides. */
static void run(struct request *r)
{
    const struct op *op = r->call.op;
    struct house *h = r->house;

    if (op->flags & OP_BODY) {
        if (!part_wait(r))
            refuse(r);
    } else if (op->flags & OP_SLOW) {
        r->queued_mono_ms = clock_mono_ms();
        if (!worker_put(h->slow, &r->job))
            too_slow(r);
    } else if (op->flags & OP_WRITE) {
        to_writer(r);
    } else if (op->flags & OP_READ) {
        if (!worker_put(h->reader, &r->job)) {
            fail(&r->x.failure, E_TOO_MANY, "the readers' queue is full");
            done(r);
        }
    } else {
        call_run_read(r, house_db(h, &h->main_db, true));
    }
}

static bool enter(struct request *r, const struct credentials *cr)
{
    r->x.db = house_db(r->house, &r->house->main_db, true);
    db_use(r->x.db, r->arena, &r->x.failure);
    bool ok = gate_enter(&r->x, r->call.op, cr, &r->session, &r->console);
    r->call.session = r->session;
    r->call.console = r->console;
    return ok;
}

static bool read_struct(struct request *r, const struct schema *s, const struct json_value *v, const void **out)
{
    void *to = arena_alloc(r->arena, s->size);

    *out = to;
    return schema_read(r->arena, s, v, to, &r->x.failure);
}

static bool read_body(struct request *r, sv body)
{
    const struct schema *s = r->call.op->in;
    struct json_value v = {.type = JSON_OBJECT};
    const char *why = NULL;

    if (!s)
        return body.n == 0 || sv_equal(body, SV("{}")) ? true : fail_field(&r->x.failure, "body", "none is expected");
    if (body.n == 0 || !json_read(r->arena, body, &v, &why))
        return fail_field(&r->x.failure, "body", "%s", why ? why : "missing");
    return read_struct(r, s, &v, &r->call.in);
}

static bool read_query(struct request *r, sv query)
{
    const struct schema *s = r->call.op->query;
    void *to;

    if (!s)
        return query.n == 0 ? true : fail_field(&r->x.failure, "query", "none is expected");
    r->call.query = to = arena_alloc(r->arena, s->size);
    return schema_read_query(r->arena, s, query, to, &r->x.failure);
}

static enum method method_of(enum call_method m)
{
    static const enum method of[] = {[CALL_GET] = GET, [CALL_POST] = POST, [CALL_PUT] = PUT, [CALL_DELETE] = DELETE_};

    return (unsigned)m < COUNT(of) ? of[m] : NO_METHOD;
}

static void caller(struct request *r, const struct http_call *hc)
{
    r->x.actor.ip = sv_dup(r->arena, hc->ip);
    r->x.actor.agent = sv_dup(r->arena, utf8_valid(hc->agent) ? hc->agent : SV("?"));
    r->x.actor.origin = sv_dup(r->arena, hc->origin);
    r->x.actor.files = sv_dup(r->arena, hc->files);
    r->x.actor.browser = sv_dup(r->arena, hc->dev);
    r->x.actor.english = language_english(hc->language);
}

static bool same_site(struct request *r, const struct http_call *hc)
{
    if (hc->method == CALL_GET)
        return true;
    bool json = sv_starts(hc->content_type, SV("application/json"));
    if (r->call.op->flags & OP_BODY && json)
        return fail_field(&r->x.failure, "body", "bytes are expected");
    if (r->call.op->flags & OP_BODY ? !sv_equal(hc->content_type, SV("application/octet-stream")) : hc->body.n && !json)
        return fail(&r->x.failure, E_CROSS_SITE, "a content type of a form or of none");
    return gate_same_site(&r->x, hc->origin, hc->own_origin, hc->fetch_site, hc->marked);
}

/* HEAD is for files that a ticket opens; a body that follows is for parts of uploads, and they come by no other way. */
static bool shape_right(struct request *r, const struct http_call *hc, bool follows)
{
    const struct op *op = r->call.op;

    if (hc->head.n && !(op->flags & OP_FILE && op->who == WHO_PUBLIC))
        return fail(&r->x.failure, E_METHOD, "HEAD is not answered there");
    if (follows != !!(op->flags & OP_BODY))
        return follows ? fail(&r->x.failure, E_TOO_LARGE, "a body that follows") : fail_field(&r->x.failure, "body", "no bytes follow");
    return true;
}

/* While the tenant is suspended its process may run for its operator (a backup); and one that was closed this second is still
 * asked: the answer is the decoy's, which knows nobody. */
static bool nobody_served(struct request *r, const struct http_call *hc)
{
    const struct op *op;

    if (refused(r))
        return true;
    if (!r->house->suspended)
        return false;
    op = r->door == DOOR_HTTP ? op_by_path(r->house->app, &r->x, method_of(hc->method), hc->path, &r->call) : NULL;
    failure_clear(&r->x.failure);
    fail(&r->x.failure, op && op->who == WHO_PUBLIC ? E_SIGN_IN : E_SESSION_ENDED, "the tenant is suspended");
    done(r);
    return true;
}

void call_http(struct house *h, struct link *l, const struct ipc_head *head, sv payload)
{
    struct request *r = request_new(h, DOOR_HTTP, l, head);
    struct http_call hc;

    if (!call_read(sv_dup(r->arena, payload), &hc)) {
        fail(&r->x.failure, E_INTERNAL, "malformed call from an edge");
        done(r);
        return;
    }
    caller(r, &hc);
    if (nobody_served(r, &hc))
        return;
    struct credentials cr = {.sid = hc.sid, .adm = hc.adm};
    r->call.none_match = hc.none_match;
    r->call.range = hc.range;
    r->call.head = hc.head.n > 0;
    if (op_by_path(h->app, &r->x, method_of(hc.method), hc.path, &r->call) && shape_right(r, &hc, head->flags & IPC_MORE) && same_site(r, &hc) && enter(r, &cr) &&
        read_query(r, hc.query) && read_body(r, hc.body))
        run(r);
    else
        refuse(r);
}

void call_ws_open(struct house *h, struct link *l, const struct ipc_head *head, sv payload)
{
    struct request *r = request_new(h, DOOR_WS_OPEN, l, head);
    struct http_call hc;

    if (!call_read(sv_dup(r->arena, payload), &hc)) {
        fail(&r->x.failure, E_INTERNAL, "malformed call from an edge");
        done(r);
        return;
    }
    caller(r, &hc);
    if (nobody_served(r, &hc))
        return;
    r->ws_ticket = hc.ticket;
    r->ws_origin = hc.origin;
    if (!sv_equal(hc.origin, hc.own_origin)) {
        fail(&r->x.failure, E_CROSS_SITE, "a WebSocket from another origin");
        done(r);
        return;
    }
    to_writer(r);
}

/* The object's parameter stands among `params`; what is left is read as the query. */
static bool read_params(struct request *r, const struct json_value *params)
{
    const struct op *op = r->call.op;
    const char *name = op->object == OBJ_NONE ? "" : r->house->app->objects[op->object].param + 1;
    struct json_value rest = {.type = JSON_OBJECT}, **tail = &rest.child;

    if (params && params->type != JSON_OBJECT)
        return fail_field(&r->x.failure, "params", "not an object");
    for (const struct json_value *c = params ? params->child : NULL; c; c = c->next) {
        if (op->object != OBJ_NONE && sv_equal(c->name, sv_c(name))) {
            if (c->type != JSON_TEXT)
                return fail_field(&r->x.failure, "params", "the object is no text");
            r->call.object_text = c->text;
            continue;
        }
        *tail = arena_dup(r->arena, c, sizeof(*c));
        (*tail)->next = NULL;
        tail = &(*tail)->next;
    }
    if (!op->query)
        return rest.child ? fail_field(&r->x.failure, "params", "unknown parameter") : true;
    return read_struct(r, op->query, &rest, &r->call.query);
}

static bool read_message(struct request *r, sv text, const struct json_value **params, const struct json_value **body)
{
    struct json_value *v = ANEW(r->arena, struct json_value);
    const struct json_value *id, *op;
    const char *why;

    if (!json_read(r->arena, text, v, &why))
        return fail_field(&r->x.failure, "message", "%s", why);
    id = json_get(v, SV("id"));
    op = json_get(v, SV("op"));
    if (!id || id->type != JSON_TEXT || id->text.n > 64 || !op || op->type != JSON_TEXT)
        return fail_field(&r->x.failure, "message", "id or op");
    r->ws_id = id->text;
    for (const struct json_value *c = v->child; c; c = c->next)
        if (!sv_equal(c->name, SV("id")) && !sv_equal(c->name, SV("op")) && !sv_equal(c->name, SV("params")) &&
            !sv_equal(c->name, SV("body")))
            return fail_field(&r->x.failure, "message", "unknown field");
    *params = json_get(v, SV("params"));
    *body = json_get(v, SV("body"));
    const struct op *found = op_by_name(r->house->app, op->text);
    if (!found || !(found->flags & OP_WS))
        return fail(&r->x.failure, E_NOT_FOUND, "no such operation by WebSocket");
    r->call.op = found;
    return true;
}

static bool read_ws_body(struct request *r, const struct json_value *body)
{
    if (!r->call.op->in)
        return !body || !body->child ? true : fail_field(&r->x.failure, "body", "none is expected");
    return body ? read_struct(r, r->call.op->in, body, &r->call.in) : fail_field(&r->x.failure, "body", "missing");
}

void call_ws_text(struct house *h, struct link *l, const struct ipc_head *head, sv payload)
{
    struct request *r = request_new(h, DOOR_WS, l, head);
    const struct json_value *params = NULL, *body = NULL;
    struct credentials cr = {.session = conn_caller(h->conns, r)};

    if (!cr.session) {                                    /* closed in the meantime: nobody waits for an answer */
        request_free(&r);
        return;
    }
    if (read_message(r, sv_dup(r->arena, payload), &params, &body) && enter(r, &cr) && read_params(r, params) &&
        read_ws_body(r, body))
        run(r);
    else
        refuse(r);
    session_unref(&cr.session);
}

void call_operator(struct house *h, struct link *l, const struct ipc_head *head, sv payload)
{
    struct request *r = request_new(h, DOOR_OPERATOR, l, head);
    struct ipc_in in = IPC_IN(sv_dup(r->arena, payload));
    struct credentials cr = {.operator = true};
    sv name = ipc_r_bytes(&in, 64), body;

    ipc_r_bytes(&in, 64);                                 /* the workgroup: control has routed by it */
    body = ipc_r_bytes(&in, IPC_PAYLOAD_MAX);
    r->x.actor.english = true;
    if (refused(r))
        return;
    r->x.actor.origin = sv_dup(r->arena, str_sv(&h->origin));
    r->call.op = ipc_r_end(&in) ? op_by_name(h->app, name) : NULL;
    if (!r->call.op || r->call.op->who != WHO_OPERATOR) {
        r->call.op = NULL;
        fail(&r->x.failure, E_NOT_FOUND, "no such operation of the operator's");
        done(r);
        return;
    }
    if (enter(r, &cr) && read_body(r, body))
        run(r);
    else
        refuse(r);
}

bool call_internal_on(struct house *h, struct worker *w, void (*internal)(struct request *), void *arg)
{
    struct request *r = request_new(h, DOOR_INTERNAL, NULL, NULL);

    r->internal = internal;
    r->internal_arg = arg;
    if (worker_put(w, &r->job))
        return true;
    request_free(&r);
    return false;
}

bool call_internal(struct house *h, void (*internal)(struct request *), void *arg)
{
    return call_internal_on(h, h->writer, internal, arg);
}
