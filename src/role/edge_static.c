/* role/edge_static.c: the web client's files, packed into the program, and the page for every path of the client. */
#include "role/edge.h"
#include "role/web_files.h"

/* A path whose last part has no dot is a page of the client. */
static bool is_page(sv path)
{
    while (path.n && path.p[path.n - 1] != '/')
        if (path.p[--path.n] == '.')
            return false;
    return true;
}

static bool same_etag(sv asked, const char *etag)
{
    sv rest = asked, part;

    while (sv_cut(&rest, ',', &part)) {
        part = sv_trim(part);
        if (sv_starts(part, SV("W/")))
            part = sv_from(part, 2);
        if (sv_equal(part, sv_c(etag)) || sv_equal(part, SV("*")))
            return true;
    }
    return false;
}

/* The smallest form that the client takes. */
static sv form_of(const struct web_file *f, sv accepts, sv *coding)
{
    *coding = SV("");
    if (f->br && http_takes(accepts, SV("br"))) {
        *coding = SV("br");
        return sv_n(f->br, f->br_n);
    }
    if (f->gzip && http_takes(accepts, SV("gzip"))) {
        *coding = SV("gzip");
        return sv_n(f->gzip, f->gzip_n);
    }
    return sv_n(f->plain, f->plain_n);
}

static void send_file(struct edge *e, struct conn *c, const struct web_file *f)
{
    bool same = same_etag(http_header(c->http, &c->in, H_IF_NONE_MATCH), f->etag);
    sv coding, bytes = form_of(f, http_header(c->http, &c->in, H_ACCEPT_ENCODING), &coding);
    struct str out = {0};

    reply_begin(e, c, &out, same ? 304 : 200);
    http_say(&out, SV("ETag"), sv_c(f->etag));
    http_say(&out, SV("Cache-Control"), f->forever ? SV("public, max-age=31536000, immutable") : SV("no-cache"));
    http_say(&out, SV("Vary"), SV("Accept-Encoding"));
    if (same) {
        http_body_none(&out);
        reply_done(e, c, &out);
        return;
    }
    http_say(&out, SV("Content-Type"), sv_c(f->type));
    if (coding.n)
        http_say(&out, SV("Content-Encoding"), coding);
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
