/* role/edge_static.c: the web client's files, packed into the program, and the page for every path of the client. */
#include "role/edge.h"
#include "role/web_pack.h"

static const struct web_file *web_file_find(sv path)
{
    size_t low = 0, high = web_file_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = sv_compare(path, sv_c(web_files[mid].path));
        if (order == 0)
            return &web_files[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

/* A path without a dot is a page of the client: no file (/x.php), nothing hidden (/.git/config). */
static bool is_page(sv path)
{
    return !sv_find(path, SV("."), NULL);
}

static void send_file(struct edge *e, struct conn *c, const struct web_file *f)
{
    bool same = http_etag_has(http_header(c->http, &c->in, H_IF_NONE_MATCH), sv_c(f->etag));
    bool gzip = f->gzip && http_takes(http_header(c->http, &c->in, H_ACCEPT_ENCODING), SV("gzip"));
    sv bytes = gzip ? sv_n(f->gzip, f->gzip_size) : sv_n(f->data, f->size);
    struct str out = {0};

    reply_begin(e, c, &out, same ? 304 : 200);
    http_say(&out, SV("ETag"), sv_c(f->etag));
    http_say(&out, SV("Cache-Control"), f->immutable ? SV("public, max-age=31536000, immutable") : SV("no-cache"));
    http_say(&out, SV("Vary"), SV("Accept-Encoding"));
    if (same) {
        http_body_none(&out);
        reply_done(e, c, &out);
        return;
    }
    http_say(&out, SV("Content-Type"), sv_c(f->type));
    if (gzip)
        http_say(&out, SV("Content-Encoding"), SV("gzip"));
    http_body_bytes(&out, bytes, true);
    conn_put_str(e, c, &out);
    if (!c->head_only) {
        struct batch *b = batch_view(bytes);              /* packed data: shown, never copied */
        conn_put(e, c, b);
        batch_drop(&b);
    }
    reply_done(e, c, &out);
}

void static_serve(struct edge *e, struct conn *c, sv path)
{
    const struct web_file *f = web_file_find(path);

    if (!f && is_page(path))
        f = web_file_find(SV("/index.html"));
    if (!f)
        reply_error(e, c, E_NOT_FOUND);
    else if (c->http->method != HTTP_GET && c->http->method != HTTP_HEAD)
        reply_error(e, c, E_METHOD);
    else
        send_file(e, c, f);
}
