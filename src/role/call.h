/* role/call.h: an HTTP request as the edge hands it to a tenant's process: only what the tenant decides by.
 * Written by call_write(), read by call_read(), which refuses anything short, long or unknown. */
#ifndef ENGAWA_ROLE_CALL_H
#define ENGAWA_ROLE_CALL_H

#include "net/ipc.h"

enum call_method { CALL_GET = 1, CALL_POST, CALL_PUT, CALL_DELETE, CALL_PATCH };

struct http_call {
    enum call_method method;
    sv path;              /* below /t/<n>, begins with '/', percent-decoding left to the tenant; no query */
    sv query;             /* without '?', "" when none */
    sv ip;                /* the peer's address as text, v4-mapped written as IPv4 */
    sv sid, adm;          /* values of __Host-sid-<n> and __Host-adm-<n>, "" when absent */
    sv dev;               /* value of __Host-dev-<n>; on the way to control, before <n> is known: "<n>=<value>; …" of all */
    sv bearer;            /* value of Authorization: Bearer, "" when absent */
    sv origin;            /* Origin header */
    sv fetch_site;        /* Sec-Fetch-Site */
    sv own_origin;        /* scheme://host[:port] as configured, of the Host that was asked */
    sv files;             /* the origin that files are had from; "": own_origin itself */
    sv marked;            /* value of X-Engawa, "" when absent */
    sv content_type;
    sv language;          /* Accept-Language */
    sv agent;             /* User-Agent, at most 200 bytes */
    sv ticket;            /* WebSocket: from Sec-WebSocket-Protocol */
    sv none_match;        /* If-None-Match, "" when absent or longer than 256 */
    sv range;             /* Range, "" when absent or longer than 64 */
    sv head;              /* "1": the method is HEAD, `method` is CALL_GET */
    sv body;              /* at most CALL_BODY_MAX; that of an upload's part follows as REQ_PART frames */
};

#define CALL_BODY_MAX (48 * 1024)

/* Every field within its limit (call.c): call_write() asserts it. */
bool call_fits(const struct http_call *c);
void call_write(struct str *out, const struct http_call *c);
bool call_read(sv payload, struct http_call *out);

#endif
