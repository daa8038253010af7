/* role/edge_file.c: files and long answers on their way from a tenant to a client. The tenant says the size first and then sends what it is
 * asked for: FILE_PIECES frames at a time, and only when the client has taken most of the last ones. So a file of any
 * size costs at most FILE_LOW + FILE_PIECES frames here, however slowly it is read. */
#include "role/edge.h"

#include "base/log.h"
#include "role/file_head.h"

/* A tenant that does not keep to the form, or that can no longer read the file: an answer cut in the middle must not
 * look whole. */
static void cut(struct edge *e, struct conn *c)
{
    c->broken = true;
    conn_end(e, c);
}

_Static_assert(FILE_LOW + FILE_PIECES * IPC_PAYLOAD_MAX <= 200 * 1024, "with its connection an answer costs less than 256 KiB");

static void done(struct edge *e, struct conn *c, struct str *last)
{
    c->filing = false;
    tenant_let_go(c);
    reply_done(e, c, last);
}

static bool head_put(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload, struct str *out)
{
    struct file_head head;
    bool stored = false;

    if ((h->b != 200 && h->b != 206) || !file_head_read(payload, &head))
        return false;
    reply_begin(e, c, out, (int)h->b);
    for (size_t i = 0; i < head.n; i++) {
        const struct file_header *f = &head.headers[i];
        if (!tenant_header_ok(c, f->name, f->value) || !http_say(out, f->name, f->value))
            return false;
        stored |= sv_equal_nocase(f->name, SV("Cache-Control"));
    }
    if (!stored)
        http_say(out, SV("Cache-Control"), SV("no-store"));
    http_say_int(out, SV("Content-Length"), (int64_t)head.size);
    str_c(out, "\r\n");
    c->file_left = head.size;
    c->file_due = 0;
    return true;
}

void file_begin(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload)
{
    struct str out = {0};

    if (!head_put(e, c, h, payload, &out)) {
        log_put(LOG_ERROR, "tenant %" PRId64 ": a file without form", c->tenant->number);
        str_release(&out);
        tenant_forget(e, c);
        reply_error(e, c, E_INTERNAL);
        return;
    }
    if (c->file_left == 0 || c->head_only) {
        done(e, c, &out);
        return;
    }
    c->filing = true;
    conn_put_str(e, c, &out);
    conn_urgent(e, c);
    conn_deadline(e, c, ANSWER_MS);
    file_ask(e, c);
}

void file_body(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload)
{
    struct str out = {0};
    bool last = payload.n == c->file_left;

    if (payload.n == 0 || payload.n > c->file_left || c->file_due == 0 || last == !!(h->flags & IPC_MORE)) {
        cut(e, c);
        return;
    }
    c->file_left -= payload.n;
    c->file_due--;
    str_put(&out, payload);
    if (last) {
        done(e, c, &out);
        return;
    }
    conn_put_str(e, c, &out);
    conn_urgent(e, c);
    conn_deadline(e, c, ANSWER_MS);
}

void file_ask(struct edge *e, struct conn *c)
{
    struct ipc_head h = {.type = REQ_MORE, .conn = c->slot, .gen = c->gen, .a = c->request, .b = FILE_PIECES};

    (void)e;
    if (!c->filing || c->file_due || c->queued > FILE_LOW || c->tenant->link.fd < 0 || c->tenant->dead)
        return;
    c->file_due = FILE_PIECES;
    ipc_put(&c->tenant->link, h, SV_NONE);
}
