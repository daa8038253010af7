/* role/edge.h: the inside of the edge: the process that speaks with browsers. It knows connections, tenants' numbers
 * and topics; sessions, rooms and people are the tenants' business.
 *     edge.c         start, loop, listeners, news from the supervisor, control
 *     edge_conn.c    a connection's life: handshake, reading, deadlines   edge_out.c  the way out
 *     edge_http.c    a request: limits, routing, answers   edge_reply.c  headers of every answer   edge_static.c  files
 *     edge_file.c    files and long answers: asked for piece by piece as the client takes them   edge_part.c  parts of uploads on their way in
 *     edge_tenant.c  links to tenants: waking, waiting, what they answer
 *     edge_ws.c      WebSockets: opening, messages, closing
 *     edge_topic.c   fan-out
 *     edge_plain.c   without TLS: ACME challenges, redirects
 *     edge_page.c    the public texts, security.txt
 *     edge_limit.c   rates and counts by address   edge_figures.c  what it tells of itself
 * One thread. A connection that ends is marked C_DEAD, leaves every list at once, and is freed at the end of the
 * turn, because events already read from the loop may still point at it. */
#ifndef ENGAWA_ROLE_EDGE_H
#define ENGAWA_ROLE_EDGE_H

#include "base/map.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/ws.h"
#include "role/call.h"
#include "role/page.h"
#include "role/refusal.h"
#include "role/start.h"

#define WHEEL_SLOTS      128                              /* seconds; longer than every deadline below */
#define HANDSHAKE_MS     10000
#define REQUEST_MS       10000                            /* first byte to end of headers */
#define BODY_MS          30000
#define IDLE_MS          60000
#define ANSWER_MS        60000                            /* a tenant's answer */
#define WAKE_MS          10000                            /* a tenant's start */
#define WS_PING_MS       30000
#define WS_GONE_MS       60000
#define CLOSING_MS       5000
#define OUT_MAX          (1024 * 1024)                    /* a slow client is cut */
#define PART_MAX         (1024 * 1024)                    /* a part of an upload, which is not gathered here */
#define FILE_PIECES      2                                /* RES_BODY frames asked for at once: 120 KB */
#define FILE_LOW         (64 * 1024)                      /* … when no more than this waits for the client: a whole answer costs less than 256 KiB */
#define WS_IN_FLIGHT     32
#define TENANT_IN_FLIGHT 4096
#define TENANT_WAITING   256                              /* requests that wait for one tenant's start */
#define LINK_QUEUE_MAX   (16 * 1024 * 1024)
#define PINGS_MAX        60                               /* control frames of a client within 10 s */
#define SLICE_FLUSH      256                              /* fan-out: connections written to per turn */
#define SLICE_QUEUE      4096                             /* … and deliveries queued per turn */

struct thing {                                            /* what the loop's events point at */
    enum { T_LISTENER, T_SUPERVISOR, T_CONTROL, T_TENANT, T_CONN, T_PLAIN } kind;
};

/* Bytes on their way out, shared by every connection that gets them. */
struct batch {
    uint32_t refs;
    sv view;
    struct str own;                                       /* what `view` shows, unless that is packed data */
};

enum conn_state {
    C_HANDSHAKE,
    C_HTTP,                                               /* reads a request */
    C_WAITING,                                            /* one is with a tenant or with control */
    C_WS_OPENING,
    C_WS,
    C_CLOSING,                                            /* sends what is queued, then ends */
    C_DEAD,
};

struct topic;
struct tenant;
struct plain;

struct conn_topic {
    struct topic *topic;
    size_t at;                                            /* its place in topic->members */
};

struct conn {
    struct thing thing;
    enum conn_state state;
    int fd, watched;
    uint32_t slot, gen;
    struct tls_conn *tls;
    uint64_t addr;                                        /* key of its address in the limits */
    char ip[46];

    struct str in;
    struct http *http;                                    /* only while a request is read */
    struct ws ws;

    struct batch **q;                                     /* ring of cap q_cap, a power of two */
    uint32_t q_at, q_n, q_cap;
    size_t q_off, queued;                                 /* of the first batch; in all */
    size_t pending;                                       /* TLS has begun to write these first bytes */
    bool blocked;                                         /* the socket is full */
    bool broken;                                          /* TLS failed: no good-bye */
    bool shut;                                            /* C_CLOSING: all is said, the client's end is awaited */
    bool in_urgent, in_dirty;
    struct conn *next_urgent, *next_dirty, *next_dead;

    /* the request in work */
    struct tenant *tenant;
    uint64_t request;
    sv own_origin;                                        /* of the Host that was asked; lives as long as the edge */
    const struct origin *origin;                          /* the same; NULL: none of ours */
    bool at_files;                                        /* the Host was that of its files … */
    bool own_page;                                        /* … and who asks is a page of ours */
    bool keep, head_only, english;
    bool streaming, keep_then;                            /* the body goes on as it comes; and then the connection is kept */
    uint64_t body_left;                                   /* bytes of it that did not go on yet */
    bool filing;                                          /* a file or a long answer is on its way: */
    uint64_t file_left;                                   /* bytes of it that the tenant has not sent */
    uint32_t file_due;                                    /* frames that it was asked for */
    char ref[REF_CHARS + 1];
    int64_t asked_us;                                     /* when the request was whole; 0: it is answered */
    struct str early;                                     /* while control finds the name: the call without its tenant */
    char ws_key[24];

    /* WebSocket */
    struct conn_topic *topics;
    size_t topics_n, topics_cap;
    uint32_t in_flight;
    uint32_t answers_waiting;                             /* long answers that the tenant keeps */
    bool answer_due;                                      /* one of them is on its way */
    int64_t heard_ms, pinged_ms, pings_from_ms;
    uint32_t pings;

    int64_t deadline;
    int64_t wheel_s;                                      /* its slot's second; 0: in none */
    struct conn *wheel_prev, *wheel_next;
};

/* A run of the tenant's stream: one topic's text for its members, or a change of the members. */
struct run {
    struct run *next;
    enum { RUN_EVENT, RUN_JOIN, RUN_LEAVE } kind;
    uint64_t topic;
    uint32_t conn, gen;
    struct batch *batch;
};

struct topic {
    uint64_t id;
    struct tenant *tenant;
    struct conn **members;
    size_t n, cap;
};

struct waiting {                                          /* a call that waits for its tenant's link */
    uint32_t slot, gen;
    uint64_t request;
    uint16_t type;
    struct str call;
};

struct tenant {
    struct thing thing;
    int64_t number;
    struct ipc link;                                      /* fd -1: no link */
    int watched;
    bool woken;                                           /* control was asked */
    bool parts_held;                                      /* bodies of parts wait until it takes something */
    struct waiting *waiting;
    size_t waiting_n;
    uint32_t in_flight;
    struct map topics;
    struct run *first, *last;
    size_t run_at;                                        /* the first run's next member */
    bool in_runs;
    struct tenant *next_run;
    struct tenant *next;
    bool dead;                                            /* the link ended in this turn: to be dropped */
};

struct edge_figures {
    uint64_t accepted, resumed, handshakes, requests, messages, deliveries, bytes_in, bytes_out;
    uint64_t refused, slow_cut, dropped, wakes;
    uint64_t status[FIGURE_VALUES], times[TIME_BUCKETS + 2];
};

/* An origin of ours. Files are had from another one, which takes no cookie and on which nothing runs: what is in a file can
 * never act as the client (spec FIL-12). */
struct origin {
    sv own;                                               /* "https://host:port" */
    struct str files;                                     /* the one of its files … */
    bool apart;                                           /* … which they are had from; else from `own` */
    struct str csp;                                       /* the policy of the client's pages */
};

struct edge_limits {
    int64_t connections, per_address, rate, burst;
};

struct edge {
    struct start start;
    struct loop *loop;
    struct thing supervisor, control_thing;
    struct listener {
        struct thing thing;
        int fd;
        bool plain;
    } *listeners;
    struct plain *plains;
    size_t listeners_n;
    bool listening, stopping;
    struct ipc control;
    int control_watched;
    struct tls *tls;
    int64_t certificate_end_ms, warned_ms;                /* warned: when the log last said that it ends soon */
    unsigned char ticket_seed[TLS_TICKET_SEED];
    struct str chain;                                     /* a renewed chain that waits for its key */
    int64_t now_ms;                                       /* monotonic; read once a turn */
    int64_t stop_by_ms;

    struct conn **slots;
    uint32_t *free_slots;
    size_t slots_n, slots_cap, free_n, conns;
    struct conn *wheel[WHEEL_SLOTS];
    int64_t wheel_s;                                      /* the last second that was looked at */
    struct conn *urgent, *urgent_last, *dirty, *dirty_last, *dead;

    struct map tenants;
    struct tenant *all_tenants;
    struct tenant *runs, *runs_last;
    uint64_t requests;                                    /* request numbers */

    struct edge_limits limits;
    struct map by_address;                                /* address -> connections (as a number) */
    struct rate *rates;
    size_t rates_n;

    struct origin *origins;
    size_t origins_n;
    struct str pages[PAGE_TEXTS];                         /* the operator's own texts; empty: ours */
    char date[64];
    int64_t date_s;
    struct edge_figures figures;
    char scratch[TLS_WRITE_MAX];
    char reading[TLS_WRITE_MAX];
};

/* edge_conn.c */
void conn_new(struct edge *e, int fd, uint64_t addr, const char *ip);
void conn_ready(struct edge *e, struct conn *c, int events);
void conn_put(struct edge *e, struct conn *c, struct batch *b);        /* takes its own reference */
void conn_put_str(struct edge *e, struct conn *c, struct str *s);      /* takes the bytes */
void conn_urgent(struct edge *e, struct conn *c);         /* to be written in this turn */
void conn_dirty(struct edge *e, struct conn *c);          /* to be written in its turn of the fan-out */
size_t conn_flush_all(struct edge *e);                    /* deliveries that still wait */
void conn_deadline(struct edge *e, struct conn *c, int64_t ms);        /* from now on */
void conn_tick(struct edge *e);
void conn_finish(struct edge *e, struct conn *c);         /* C_CLOSING: what is queued goes out first */
void conn_drop_queue(struct conn *c);                     /* but what TLS has begun */
void conn_end(struct edge *e, struct conn *c);            /* C_DEAD */
void conn_bury(struct edge *e);
void conn_next_request(struct edge *e, struct conn *c);   /* after an answer */
struct conn *conn_find(const struct edge *e, uint32_t slot, uint32_t gen);
struct batch *batch_of(struct str *own);                  /* takes the bytes */
struct batch *batch_view(sv bytes);
void batch_drop(struct batch **b);

/* edge_http.c */
void edge_request(struct edge *e, struct conn *c);
void edge_bad_request(struct edge *e, struct conn *c, enum http_result r);
void edge_name_found(struct edge *e, uint32_t slot, uint32_t gen, int64_t number);

/* edge_reply.c */
void reply_begin(struct edge *e, struct conn *c, struct str *out, int status);   /* status line, headers of every answer */
void reply_error(struct edge *e, struct conn *c, enum err code);
void reply_error_wait(struct edge *e, struct conn *c, enum err code, int seconds);   /* with Retry-After */
void reply_done(struct edge *e, struct conn *c, struct str *out);      /* sends; on to the next request, or closes */

/* edge_origin.c */
void origins_read(struct edge *e);                        /* at each certificate: files have an origin of their own where it covers that */
const struct origin *origin_of_host(const struct edge *e, sv host, bool *files);   /* NULL: none of ours; *files: of its files */

/* edge_plain.c */
void plain_new(struct edge *e, int fd, uint64_t addr);
void plain_ready(struct edge *e, struct plain *p);
void plain_challenge(struct edge *e, uint32_t slot, uint32_t gen, int fd);   /* takes fd */
void plain_tick(struct edge *e);

/* edge_figures.c */
void edge_answered(struct edge *e, struct conn *c, int status);        /* the head of an answer is on its way */
void edge_figures(struct edge *e, const struct ipc_head *ask);
void edge_certificate_tick(struct edge *e);               /* says once a day that it ends soon */

/* edge_static.c */
void static_serve(struct edge *e, struct conn *c, sv path);

/* edge_page.c */
void page_take(struct edge *e, size_t text, int fd);      /* the operator's own text number `text`; takes fd */
bool page_serve(struct edge *e, struct conn *c, sv path); /* false: the path is none of a public text */
void security_serve(struct edge *e, struct conn *c);      /* /.well-known/security.txt */
bool file_read(int fd, struct str *out);                  /* edge.c; false: not readable, or too large */

/* edge_file.c */
void file_begin(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload);   /* RES_FILE */
void file_body(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload);    /* a piece of it */
void file_ask(struct edge *e, struct conn *c);            /* for more, when the client has taken enough */

/* edge_part.c */
bool part_asked(const struct conn *c);                    /* the head is that of a part of an upload */
void part_begin(struct edge *e, struct conn *c);          /* from the head on */
void part_more(struct edge *e, struct conn *c);           /* what came of the body goes on */
void part_go_on(struct edge *e, struct conn *c);          /* the tenant takes something again */

/* edge_tenant.c */
struct tenant *tenant_of(struct edge *e, int64_t number); /* made when new */
void tenant_link(struct edge *e, int64_t number, int fd);
void tenant_send(struct edge *e, struct conn *c, struct tenant *t, uint16_t type, const struct http_call *call);
void tenant_ready(struct edge *e, struct tenant *t, int events);
void tenant_unknown(struct edge *e, int64_t number, int64_t decoy);   /* 0: no decoy */
void tenant_flush_all(struct edge *e);
void tenant_sweep(struct edge *e);
void tenant_forget(struct edge *e, struct conn *c);       /* its request or WebSocket is gone */
void tenant_let_go(struct conn *c);                       /* its answer is whole */
bool link_full(const struct tenant *t);                   /* it takes nothing, and enough waits for it */
bool tenant_header_ok(const struct conn *c, sv name, sv value);     /* may the tenant of its request say this there? */
void link_watch(struct edge *e, struct ipc *link, int *watched, void *what);

/* edge_ws.c */
void ws_ask(struct edge *e, struct conn *c, struct tenant *t, struct http_call *call);
void ws_opened(struct edge *e, struct conn *c);
void ws_input(struct edge *e, struct conn *c, char *p, size_t n);
void ws_end(struct edge *e, struct conn *c, uint16_t code, sv reason);
void ws_expired(struct edge *e, struct conn *c);
void ws_text(struct edge *e, struct conn *c, const struct ipc_head *h, sv payload);      /* RES_WS_TEXT */
void ws_waits(struct edge *e, struct conn *c);            /* RES_WS_WAIT */
void ws_more(struct conn *c);                             /* asks for the next that waits, when the client has taken enough */

/* edge_topic.c */
void topic_event(struct edge *e, struct tenant *t, uint64_t topic, sv text);
void topic_change(struct edge *e, struct tenant *t, uint64_t topic, const struct conn *c, bool join);
void topic_pass(struct edge *e);                          /* a slice of the fan-out */
bool topic_waiting(const struct edge *e);
void topic_leave_all(struct conn *c);
void topic_clear(struct edge *e, struct tenant *t);       /* its link is gone */

/* edge_limit.c */
void limit_new(struct edge *e);
uint64_t limit_key(const void *sockaddr);
bool limit_connect(struct edge *e, uint64_t addr);        /* false: too many of this address */
void limit_disconnect(struct edge *e, uint64_t addr);
bool limit_pass(struct edge *e, uint64_t addr);           /* one request or message */

#endif
