/* role/edge_part.c: parts of uploads on their way in: the head goes to the tenant as any call, and the body follows as it comes,
 * so that a part of any size costs a frame here. Until the tenant's process is there, and while it takes nothing, no more is read. */
#include "role/edge.h"

#define PIECE 60000

/* /t/<n>/uploads/<id>, whatever stands in place of both: the tenant decides. */
bool part_asked(const struct conn *c)
{
    sv rest = http_text(&c->in, c->http->path), part;
    static const char *const want[] = {"", "t", NULL, "uploads", NULL};
    size_t i = 0;

    if (c->http->method != HTTP_PUT || c->http->chunked)
        return false;
    for (; i < COUNT(want) && sv_cut(&rest, '/', &part); i++)
        if (want[i] && !sv_equal(part, sv_c(want[i])))
            return false;
    return i == COUNT(want) && !rest.p;
}

static void go_on(struct edge *e, struct conn *c)
{
    struct str go = {0};

    str_c(&go, "HTTP/1.1 100 Continue\r\n\r\n");
    conn_put_str(e, c, &go);
    conn_urgent(e, c);
}

void part_begin(struct edge *e, struct conn *c)
{
    size_t length = c->http->length;
    bool waits = c->http->waits;

    if (length > PART_MAX) {
        edge_bad_request(e, c, HTTP_TOO_LARGE);
        return;
    }
    c->streaming = true;
    c->body_left = length;
    edge_request(e, c);
    if (c->state != C_WAITING) {                          /* refused here */
        c->streaming = false;
        return;
    }
    if (waits)
        go_on(e, c);
    conn_urgent(e, c);                                    /* it is watched for reading again */
    part_more(e, c);
}

void part_more(struct edge *e, struct conn *c)
{
    struct tenant *t = c->tenant;

    while (c->streaming && t && t->link.fd >= 0 && !t->dead && (c->in.n || c->body_left == 0)) {
        if (link_full(t)) {                               /* what comes waits with its client: it is no longer read */
            t->parts_held = true;
            conn_urgent(e, c);
            return;
        }
        sv piece = sv_upto(sv_upto(str_sv(&c->in), PIECE), c->body_left);
        struct ipc_head h = {.type = REQ_PART, .conn = c->slot, .gen = c->gen, .a = c->request};
        c->body_left -= piece.n;
        c->streaming = c->body_left > 0;
        h.flags = c->streaming ? IPC_MORE : 0;
        ipc_put(&t->link, h, piece);
        str_drop(&c->in, piece.n);
        conn_deadline(e, c, c->streaming ? BODY_MS : ANSWER_MS);
        if (!c->streaming)
            c->keep = c->keep_then;
    }
}

void part_go_on(struct edge *e, struct conn *c)
{
    if (!c->streaming)
        return;
    part_more(e, c);
    conn_urgent(e, c);
}
