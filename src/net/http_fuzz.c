/* net/http_fuzz.c: the request reader says the same of a request that comes whole and of one that comes in pieces, and
 * what it takes has the form that the header promises. The first byte is the size of the pieces. */
#include "net/http.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MAX 300

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static enum http_result feed(struct http *h, struct str *in, sv text, size_t step)
{
    enum http_result r = HTTP_MORE;

    http_reset(h);
    for (size_t at = 0; at < text.n && (r == HTTP_MORE || r == HTTP_CONTINUE); at += step) {
        if (r == HTTP_CONTINUE)
            http_go_on(h);
        str_put(in, sv_upto(sv_from(text, at), step));
        r = http_read(h, in, BODY_MAX);
        if (h->scan > in->n || http_used(h) > in->n)
            abort();
    }
    return r;
}

static void sound(const struct http *h, const struct str *in)
{
    sv path = http_text(in, h->path), head = sv_upto(str_sv(in), h->line);
    sv host = http_header(h, in, H_HOST);

    if (path.n == 0 || path.p[0] != '/' || host.n == 0 || h->method == 0 || h->body_n > BODY_MAX)
        abort();
    if (http_has(h, H_CONTENT_LENGTH) && http_has(h, H_TRANSFER_ENCODING))
        abort();
    if (http_used(h) > in->n || !sv_ends(head, SV("\r\n\r\n")))
        abort();
    for (size_t i = 0; i < head.n; i++)                   /* every LF has its CR and every CR its LF */
        if ((head.p[i] == '\n' && head.p[i - 1] != '\r') || (head.p[i] == '\r' && head.p[i + 1] != '\n'))
            abort();
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= ' ' || (unsigned char)path.p[i] >= 0x7F)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct http whole, pieces;
    struct str a = {0}, b = {0};
    sv text, value;

    if (n < 2)
        return 0;
    text = sv_n(p + 1, n - 1);
    enum http_result r = feed(&whole, &a, text, text.n), s = feed(&pieces, &b, text, 1u + p[0]);
    if (r == HTTP_DONE) {
        sound(&whole, &a);
        if (s != HTTP_DONE || !sv_equal(http_body(&whole, &a), http_body(&pieces, &b))
            || !sv_equal(http_text(&a, whole.path), http_text(&b, pieces.path)) || whole.close != pieces.close)
            abort();
        http_cookie(http_header(&whole, &a, H_COOKIE), SV("a"), &value);
        http_list_has(http_header(&whole, &a, H_CONNECTION), SV("close"));
        http_takes(http_header(&whole, &a, H_ACCEPT_ENCODING), SV("gzip"));
    } else if (r != HTTP_MORE && r != HTTP_CONTINUE && s == HTTP_DONE) {
        /* In pieces a request may end before what is wrong behind it has come; alone it must be sound. */
        sound(&pieces, &b);
    }
    str_release(&a);
    str_release(&b);
    return 0;
}
