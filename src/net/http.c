/* net/http.c: the request reader: a line at a time, then the body. Each byte is looked at once; what is accepted is
 * the narrow grammar of the header, so that no other reader of the same bytes can see another request in them. */
#include "net/http.h"

#include <string.h>

/* clang-format off */
static const struct { const char *name; enum http_method method; } methods[] = {
    {"GET", HTTP_GET}, {"HEAD", HTTP_HEAD}, {"POST", HTTP_POST}, {"PUT", HTTP_PUT}, {"DELETE", HTTP_DELETE},
    {"PATCH", HTTP_PATCH}, {"OPTIONS", HTTP_OPTIONS},
};

static const char *const names[H_COUNT] = {
    [H_HOST] = "host", [H_CONTENT_LENGTH] = "content-length", [H_TRANSFER_ENCODING] = "transfer-encoding",
    [H_CONNECTION] = "connection", [H_UPGRADE] = "upgrade", [H_EXPECT] = "expect", [H_COOKIE] = "cookie",
    [H_AUTHORIZATION] = "authorization", [H_ORIGIN] = "origin", [H_CONTENT_TYPE] = "content-type",
    [H_CONTENT_ENCODING] = "content-encoding", [H_ACCEPT_ENCODING] = "accept-encoding", [H_ACCEPT_LANGUAGE] = "accept-language",
    [H_USER_AGENT] = "user-agent", [H_IF_NONE_MATCH] = "if-none-match", [H_RANGE] = "range",
    [H_FETCH_SITE] = "sec-fetch-site", [H_ENGAWA] = "x-engawa", [H_FORWARDED_HOST] = "x-forwarded-host",
    [H_FORWARDED] = "forwarded", [H_METHOD_OVERRIDE] = "x-http-method-override", [H_HTTP_METHOD] = "x-http-method",
    [H_METHOD_OVERRIDE2] = "x-method-override", [H_WS_KEY] = "sec-websocket-key",
    [H_WS_VERSION] = "sec-websocket-version", [H_WS_PROTOCOL] = "sec-websocket-protocol",
};
/* clang-format on */

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Not strchr() alone: that finds the NUL at the end of every set. */
static bool is_one_of(unsigned char c, const char *set)
{
    return c && strchr(set, c);
}

static bool is_token(unsigned char c)
{
    return is_alnum(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
}

static int hex(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void http_reset(struct http *h)
{
    *h = (struct http){0};
}

/* The next line of `in` without its CRLF. 1; 0: not there yet; -1: a bare CR or LF. */
static int next_line(struct http *h, const struct str *in, sv *line)
{
    while (h->scan < in->n) {
        char c = in->p[h->scan];
        if (c == '\n')
            return -1;                                    /* a right one was taken together with its CR */
        if (c != '\r') {
            h->scan++;
            continue;
        }
        if (h->scan + 1 == in->n)
            return 0;
        if (in->p[h->scan + 1] != '\n')
            return -1;
        *line = sv_n(in->p + h->line, h->scan - h->line);
        h->scan += 2;
        h->line = h->scan;
        return 1;
    }
    return 0;
}

static struct http_span span(const struct str *in, sv s)
{
    return (struct http_span){.at = (uint32_t)(s.p - in->p), .n = (uint32_t)s.n};
}

/* ---- the request line ---- */

/* pchar, "/" and "?" of RFC 3986; a percent sign needs two hex digits and never makes a control character. */
static bool target_ok(sv t)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c == '%') {
            int a = i + 2 < t.n ? hex((unsigned char)t.p[i + 1]) : -1;
            int b = i + 2 < t.n ? hex((unsigned char)t.p[i + 2]) : -1;
            if (a < 0 || b < 0 || a * 16 + b < 0x20 || a * 16 + b == 0x7F)
                return false;
            i += 2;
        } else if (!is_alnum(c) && !is_one_of(c, "-._~!$&'()*+,;=:@/?")) {
            return false;
        }
    }
    return true;
}

/* No "." or ".." segment, written plainly or with percent signs. */
static bool path_ok(sv path)
{
    sv rest = sv_from(path, 1), part;

    while (sv_cut(&rest, '/', &part)) {
        size_t dots = 0, at = 0;
        while (at < part.n) {
            size_t step = part.p[at] == '.' ? 1 : at + 3 <= part.n && sv_equal_nocase(sv_n(part.p + at, 3), SV("%2e")) ? 3 : 0;
            if (!step)
                break;
            at += step;
            dots++;
        }
        if (at == part.n && (dots == 1 || dots == 2))
            return false;
    }
    return true;
}

static enum http_result read_target(struct http *h, const struct str *in, sv t)
{
    size_t q;

    if (sv_starts(t, SV("http://")) || sv_starts(t, SV("https://")))
        return HTTP_FOREIGN;
    if (t.n == 0 || t.p[0] != '/' || !target_ok(t))
        return HTTP_BAD;
    sv path = t, query = sv_from(t, t.n);
    if (sv_find(t, SV("?"), &q)) {
        path = sv_upto(t, q);
        query = sv_from(t, q + 1);
    }
    h->path = span(in, path);
    h->query = span(in, query);
    return path_ok(path) ? HTTP_MORE : HTTP_BAD;
}

static enum http_result read_line(struct http *h, const struct str *in, sv line)
{
    sv rest = line, method, target;

    if (!sv_cut(&rest, ' ', &method) || !sv_cut(&rest, ' ', &target) || !sv_equal(rest, SV("HTTP/1.1")))
        return HTTP_BAD;
    for (size_t i = 0; i < method.n; i++)
        if (!is_token((unsigned char)method.p[i]))
            return HTTP_BAD;
    for (size_t i = 0; i < COUNT(methods); i++)
        if (sv_equal(method, sv_c(methods[i].name)))
            h->method = methods[i].method;
    if (!h->method)
        return method.n ? HTTP_BAD_METHOD : HTTP_BAD;
    h->line_end = h->line;
    h->phase = HP_HEADERS;
    return read_target(h, in, target);
}

/* ---- headers ---- */

static bool value_ok(sv v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

static sv blanks_off(sv v)
{
    while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
        v = sv_from(v, 1);
    while (v.n && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
        v.n--;
    return v;
}

static enum http_result read_header(struct http *h, const struct str *in, sv line)
{
    size_t n = 0;

    if (++h->headers > HTTP_HEADERS_MAX)
        return HTTP_TOO_LARGE;
    while (n < line.n && is_token((unsigned char)line.p[n]))
        n++;
    if (n == 0 || n == line.n || line.p[n] != ':')
        return HTTP_BAD;                                  /* also folded lines and a blank before the colon */
    sv name = sv_upto(line, n), value = blanks_off(sv_from(line, n + 1));
    if (!value_ok(value))
        return HTTP_BAD;
    for (unsigned k = 0; k < H_COUNT; k++) {
        if (!sv_equal_nocase(name, sv_c(names[k])))
            continue;
        if (h->seen & 1u << k)
            return HTTP_BAD;
        h->seen |= 1u << k;
        h->head[k] = span(in, value);
    }
    return HTTP_MORE;
}

/* ---- what the headers say together ---- */

static bool length_ok(sv v, size_t *out)
{
    *out = 0;
    if (v.n == 0 || v.n > 15 || (v.n > 1 && v.p[0] == '0'))
        return false;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
        *out = *out * 10 + (size_t)(v.p[i] - '0');
    }
    return true;
}

static bool host_ok(sv v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!is_alnum((unsigned char)v.p[i]) && !is_one_of((unsigned char)v.p[i], "-._:[]"))
            return false;
    return v.n > 0 && v.n <= 262;
}

static enum http_result head_done(struct http *h, const struct str *in)
{
    bool sized = http_has(h, H_CONTENT_LENGTH);

    h->chunked = http_has(h, H_TRANSFER_ENCODING);
    if (!http_has(h, H_HOST) || !host_ok(http_header(h, in, H_HOST)) || (sized && h->chunked))
        return HTTP_BAD;
    if (h->chunked && !sv_equal_nocase(http_header(h, in, H_TRANSFER_ENCODING), SV("chunked")))
        return HTTP_BAD;
    if (sized && !length_ok(http_header(h, in, H_CONTENT_LENGTH), &h->length))
        return HTTP_BAD;
    if (http_has(h, H_METHOD_OVERRIDE) || http_has(h, H_HTTP_METHOD) || http_has(h, H_METHOD_OVERRIDE2))
        return HTTP_BAD_METHOD;
    if ((h->chunked || h->length) && (h->method == HTTP_GET || h->method == HTTP_HEAD))
        return HTTP_BAD;                                  /* a body that many readers would not look for */
    if (http_has(h, H_EXPECT)) {
        if (!sv_equal_nocase(http_header(h, in, H_EXPECT), SV("100-continue")))
            return HTTP_BAD;
        h->waits = h->chunked || h->length > 0;
    }
    h->close = http_list_has(http_header(h, in, H_CONNECTION), SV("close"));
    h->body_at = h->raw_at = h->line;
    h->phase = h->chunked ? HP_CHUNK : HP_BODY;
    return HTTP_MORE;
}

static enum http_result read_head(struct http *h, const struct str *in)
{
    sv line;
    int got;
    enum http_result r = HTTP_MORE;

    while (r == HTTP_MORE && h->phase <= HP_HEADERS && (got = next_line(h, in, &line)) != 0) {
        if (got < 0)
            return HTTP_BAD;
        if (h->phase == HP_LINE)
            r = h->line > HTTP_LINE_MAX ? HTTP_TOO_LARGE : read_line(h, in, line);
        else if (h->line - h->line_end > HTTP_HEAD_MAX)
            return HTTP_TOO_LARGE;
        else if (line.n)
            r = read_header(h, in, line);
        else
            r = head_done(h, in);
    }
    if (r == HTTP_MORE && h->phase == HP_LINE && h->scan > HTTP_LINE_MAX)
        return HTTP_TOO_LARGE;
    if (r == HTTP_MORE && h->phase == HP_HEADERS && h->scan - h->line_end > HTTP_HEAD_MAX)
        return HTTP_TOO_LARGE;
    return r;
}

/* ---- chunks ---- */

/* "1a2b\r\n" at p: 1 and its length, 0 not whole yet, -1 wrong. No extension, no leading zero, at most 6 digits. */
static int chunk_size(const char *p, size_t n, size_t *size, size_t *used)
{
    size_t i = 0;

    *size = 0;
    for (; i < n && hex((unsigned char)p[i]) >= 0; i++) {
        if (i == 6 || (i == 1 && *size == 0))
            return -1;
        *size = *size * 16 + (size_t)hex((unsigned char)p[i]);
    }
    if (i == n)
        return 0;
    if (i == 0 || p[i] != '\r' || (i + 1 < n && p[i + 1] != '\n'))
        return -1;
    *used = i + 2;
    return i + 1 < n;
}

static int end_of_line(const char *p, size_t n)
{
    if ((n > 0 && p[0] != '\r') || (n > 1 && p[1] != '\n'))
        return -1;
    return n > 1;
}

/* One step of the chunked body at *raw: 1 went on, 0 needs bytes, -1 wrong. */
static int chunk_step(struct http *h, struct str *in, size_t *raw, size_t body_max)
{
    char *p = in->p + *raw;
    size_t n = in->n - *raw, used = 0;
    int r = 1;

    switch (h->phase) {
    case HP_CHUNK:
        r = chunk_size(p, n, &h->chunk_left, &used);
        if (r > 0)
            h->phase = h->chunk_left ? HP_CHUNK_DATA : HP_DONE;
        if (r > 0 && h->phase == HP_DONE) {               /* the blank line after "0" is still to come */
            r = end_of_line(p + used, n - used);
            h->phase = r > 0 ? HP_DONE : HP_CHUNK;
            used += 2;
        }
        break;
    case HP_CHUNK_DATA:
        used = n < h->chunk_left ? n : h->chunk_left;
        if (h->body_n + used > body_max)
            return -2;
        memmove(in->p + h->body_at + h->body_n, p, used);
        h->body_n += used;
        h->chunk_left -= used;
        h->phase = h->chunk_left ? HP_CHUNK_DATA : HP_CHUNK_END;
        r = used > 0;
        break;
    case HP_CHUNK_END:
        r = end_of_line(p, n);
        used = 2;
        if (r > 0)
            h->phase = HP_CHUNK;
        break;
    default:
        return 0;
    }
    if (r > 0)
        *raw += used;
    return r;
}

static enum http_result read_chunks(struct http *h, struct str *in, size_t body_max)
{
    size_t raw = h->raw_at;
    int r;

    while (h->phase != HP_DONE && (r = chunk_step(h, in, &raw, body_max)) != 0)
        if (r < 0)
            return r == -2 ? HTTP_TOO_LARGE : HTTP_BAD;
    /* Close the gap that the unwrapped framing left, once per call. */
    size_t to = h->body_at + h->body_n;
    memmove(in->p + to, in->p + raw, in->n - raw);
    in->n -= raw - to;
    h->raw_at = (uint32_t)to;
    return h->phase == HP_DONE ? HTTP_DONE : HTTP_MORE;
}

enum http_result http_head_read(struct http *h, struct str *in)
{
    enum http_result r = h->phase <= HP_HEADERS ? read_head(h, in) : HTTP_MORE;

    return r == HTTP_MORE && h->phase > HP_HEADERS ? HTTP_DONE : r;
}

enum http_result http_read(struct http *h, struct str *in, size_t body_max)
{
    enum http_result head = http_head_read(h, in);

    if (head != HTTP_DONE)
        return head;
    if (h->length > body_max)
        return HTTP_TOO_LARGE;
    if (h->phase == HP_BODY) {
        h->body_n = in->n - h->body_at < h->length ? in->n - h->body_at : h->length;
        if (h->body_n == h->length)
            h->phase = HP_DONE;
    } else if (h->chunked && h->phase != HP_DONE) {
        enum http_result r = read_chunks(h, in, body_max);
        if (r != HTTP_DONE && r != HTTP_MORE)
            return r;
    }
    if (h->phase == HP_DONE)
        return HTTP_DONE;
    return h->waits && in->n == h->body_at ? HTTP_CONTINUE : HTTP_MORE;
}

void http_go_on(struct http *h)
{
    h->waits = false;
}

size_t http_used(const struct http *h)
{
    return h->body_at + h->body_n;
}
