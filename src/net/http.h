/* net/http.h: a strict HTTP/1.1 request reader and a response writer that cannot be made to say two headers.
 *     struct http h; http_reset(&h);
 *     after each read into `in`: http_read(&h, &in, body_max) -> HTTP_MORE: read on · HTTP_DONE: use h, then
 *     str_drop(&in, http_used(&h)) and http_reset(&h) for the next request · anything else: answer and close
 * Closed grammar: CRLF line ends only, no folded lines, no blank before a colon, no control character, each header that
 * decides something at most once, exactly one Host, Content-Length or chunked but never both, no chunk extensions, no
 * trailers. Positions are offsets into `in`, which may move between calls; http_header() and the like give borrowed
 * text that is valid until `in` changes. A chunked body is unwrapped in place. Not thread-safe. */
#ifndef ENGAWA_NET_HTTP_H
#define ENGAWA_NET_HTTP_H

#include "base/str.h"

#define HTTP_LINE_MAX    8192                             /* request line with its CRLF */
#define HTTP_HEADERS_MAX 64
#define HTTP_HEAD_MAX    16384                            /* all header lines */

enum http_result {
    HTTP_MORE,
    HTTP_DONE,
    HTTP_CONTINUE,                                        /* head complete, the client waits for "100 Continue"; read on after
                                                             http_go_on(); comes once */
    HTTP_BAD,                                             /* 400 */
    HTTP_TOO_LARGE,                                       /* 413: line, headers or body */
    HTTP_BAD_METHOD,                                      /* 405: unknown, or an override of the method */
    HTTP_FOREIGN,                                         /* 421: absolute form */
};

enum http_method { HTTP_GET = 1, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_PATCH, HTTP_OPTIONS };

/* The headers that anything here looks at; all others are checked for form and forgotten. */
enum http_header {
    H_HOST, H_CONTENT_LENGTH, H_TRANSFER_ENCODING, H_CONNECTION, H_UPGRADE, H_EXPECT, H_COOKIE, H_AUTHORIZATION,
    H_ORIGIN, H_CONTENT_TYPE, H_CONTENT_ENCODING, H_ACCEPT_ENCODING, H_ACCEPT_LANGUAGE, H_USER_AGENT, H_IF_NONE_MATCH, H_RANGE,
    H_FETCH_SITE, H_ENGAWA, H_FORWARDED_HOST, H_FORWARDED,
    H_METHOD_OVERRIDE, H_HTTP_METHOD, H_METHOD_OVERRIDE2,
    H_WS_KEY, H_WS_VERSION, H_WS_PROTOCOL,
    H_COUNT
};

struct http_span {
    uint32_t at, n;
};

struct http {
    enum http_method method;
    struct http_span path, query;                         /* path begins with '/'; query without '?' */
    struct http_span head[H_COUNT];
    uint32_t seen;                                        /* bits 1 << http_header */
    uint32_t line, scan;                                  /* start of the line in work, how far it was looked at */
    uint32_t headers;                                     /* lines so far */
    uint32_t line_end;                                    /* end of the request line */
    uint32_t body_at, raw_at;                             /* chunked: what comes next in `in` */
    size_t   body_n, length;                              /* body so far; Content-Length */
    enum http_phase { HP_LINE, HP_HEADERS, HP_BODY, HP_CHUNK, HP_CHUNK_DATA, HP_CHUNK_END, HP_DONE } phase;
    bool chunked, close, waits;                           /* close: the client asked for it */
    size_t chunk_left;
};

void http_reset(struct http *h);
/* The head alone: HTTP_DONE when it is whole, whatever the length of its body; http_read() goes on from there. */
enum http_result http_head_read(struct http *h, struct str *in);
enum http_result http_read(struct http *h, struct str *in, size_t body_max);
void http_go_on(struct http *h);
size_t http_used(const struct http *h);                   /* bytes of `in` that belong to this request, after HTTP_DONE */

sv   http_text(const struct str *in, struct http_span s);
bool http_has(const struct http *h, enum http_header k);
sv   http_header(const struct http *h, const struct str *in, enum http_header k);   /* "" when absent */
sv   http_body(const struct http *h, const struct str *in);
/* One cookie's value; false when absent or there twice. */
bool http_cookie(sv cookies, sv name, sv *value);
/* Is `token` in a comma-separated list (any case), e.g. of Connection? Parameters after ';' are ignored. */
bool http_list_has(sv list, sv token);
/* May a body in this coding ("gzip", "br") be sent: Accept-Encoding names it or *, not with q=0? */
bool http_takes(sv accept_encoding, sv coding);
/* Does If-None-Match name this tag (with its quotes) or any? */
bool http_etag_has(sv none_match, sv etag);
/* Does one of the query's parameters bear this name (before '=')? No percent-decoding. */
bool http_query_has(sv query, sv name);
const char *http_method_name(enum http_method m);

/* ---- responses: http_answer() · http_say()/http_say_int() … · http_body_bytes() ---- */

void http_answer(struct str *out, int status);            /* status line */
/* False and nothing written: the name is no token or the value holds a control character. */
bool http_say(struct str *out, sv name, sv value);
void http_say_int(struct str *out, sv name, int64_t value);
/* Content-Length, the blank line and the body. `head`: the length is said, no body is sent. */
void http_body_bytes(struct str *out, sv body, bool head);
void http_body_none(struct str *out);                     /* 304, 101: the blank line alone */
const char *http_reason(int status);
/* Of a file of `size` bytes: a part (`n` > 0 from `from` on); none, the file is answered whole; none that it has (416), or
 * several. The last two say the whole. */
enum http_range { HTTP_RANGE_NONE, HTTP_RANGE_PART, HTTP_RANGE_OUT };
enum http_range http_range_read(sv range, int64_t size, int64_t *from, int64_t *n);
/* The value of Content-Disposition (RFC 6266, RFC 8187): `kind` is "attachment" or "inline". Characters that a file
 * name must not hold on some system become '_'; beside the name in UTF-8 stands one in ASCII for old clients. */
void http_disposition(struct str *out, const char *kind, sv name);

#endif
