/* role/start.h: how every role but the supervisor begins, and how it hears from the supervisor later.
 *     start_role() -> start_take_link()/start_take_listener() … -> start_confine() -> start_ready()
 *                  -> loop over s->sup.fd: start_next()
 * start_role() blocks until SUP_GO; nothing a stranger sent has been read by then. Descriptors are the caller's once
 * taken. After start_confine() the role is confined: files it needs (certificates by their descriptors, packed files)
 * are read before. Not thread-safe: one thread, normally the role's main loop, uses it. */
#ifndef ENGAWA_ROLE_START_H
#define ENGAWA_ROLE_START_H

#include "base/json.h"
#include "base/vec.h"
#include "role/config.h"
#include "role/figures.h"
#include "role/sandbox.h"

enum listener_kind {                                      /* field a of SUP_LISTENER */
    LISTEN_HTTPS,                                         /* a listening TCP socket, non-blocking */
    LISTEN_CTL,                                           /* control's operator socket */
    LISTEN_HEALTH,                                        /* where figures are asked for; control's */
    LISTEN_PLAIN,                                         /* an edge's, without TLS: challenges and redirects */
    LISTEN_CERT,                                          /* no listener: the certificate chain, open for reading */
    LISTEN_KEY,                                           /* its private key, open for reading; follows LISTEN_CERT */
    LISTEN_PAGE,                                          /* no listener: the operator's own text of a public page, open for reading; + page * 2 + english */
};

struct start_link {
    enum role_id role;
    int64_t number;                                       /* a tenant's number, an edge's index, else 0 */
    int fd;                                               /* -1: taken */
};

struct start_listener {
    enum listener_kind kind;
    int fd;                                               /* -1: taken */
};

struct start {
    enum role_id role;
    struct config config;
    struct ipc sup;                                       /* descriptor 3: wait for it with LOOP_READ */
    VEC(struct start_link) links;
    VEC(struct start_listener) listeners;
    enum sandbox_level level;                             /* from start_confine() on */
    bool confined;
    bool proven;                                          /* the self-test saw every forbidden call refused */
    int statm;                                            /* its own use of memory, opened before it was confined */
    struct arena *arena;                                  /* lives as long as the role */
};

/* False: this process was not started by a supervisor (a message on stderr says why). */
bool start_role(enum role_id role, struct start *s);

int start_take_link(struct start *s, enum role_id role, int64_t number);   /* -1: none */
int start_take_first(struct start *s, enum role_id role); /* the first of that role, whatever its number; -1: none */
int start_take_listener(struct start *s, enum listener_kind kind);         /* the next of that kind; -1: none left */

/* Warms the libraries, confines the process and tries what is forbidden. False: `sandbox = strict` and the level or the
 * self-test fell short; the caller returns 1 from its main. Afterwards the role opens what it has in its folder. */
bool start_confine(struct start *s);

/* Tells the supervisor that this role serves; confines first where that was not done yet. A role that returns 1 before
 * this refuses to start, and at the start of the installation the supervisor then gives up. */
bool start_ready(struct start *s);

/* A file of ACME challenges: its name (RFC 8555, 8.3: base64url) and how large it may be. */
#define CHALLENGE_NAME  128
#define CHALLENGE_BYTES 1024
bool challenge_name(sv name);

enum news {
    NEWS_NONE,
    NEWS_LINK,                                            /* role, number, fd: replaces an older link of the same peer */
    NEWS_LISTENER,                                        /* kind, fd: e.g. a renewed certificate, then its key */
    NEWS_CHALLENGE,                                       /* an edge's; conn, gen, fd: -1: there is no such file */
    NEWS_ENDED,                                           /* control only: tenant `number` ended, `status` as wait() says */
    NEWS_ERASED,                                          /* control only: the folder of tenant `number` is gone, if `status` is 1 */
    NEWS_STOP,                                            /* finish what is acknowledged, then exit 0 */
    NEWS_SCANNER,                                         /* fd: a connection to the scanner for malware; -1: it cannot be reached */
    NEWS_GONE,                                            /* the supervisor is dead: as NEWS_STOP, at once */
};

struct start_news {
    enum news what;
    enum role_id role;
    enum listener_kind kind;
    int64_t number;
    uint32_t conn, gen;
    int fd, status;
};

/* Call when s->sup.fd is readable, until it returns false (nothing more now); not again after NEWS_GONE. `fd` is the caller's. */
bool start_next(struct start *s, struct start_news *out);

void start_end(struct start *s);                          /* before the role's main returns: closes, frees */

/* The fields every role's health object begins with: role, number or index, pid, uid, sandbox, proven, version. The
 * caller has opened the object and adds its own. `attempt`: HEALTH_ASK's b, of test builds alone (role/attack.h). */
void start_health(const struct start *s, struct json *j, uint64_t attempt);
/* The same for an answer to HEALTH_ASK with nothing to add, put into `to`. */
/* What every role tells of itself in FIGURES_TELL; the caller adds its own. */
void start_figures(const struct start *s, struct str *payload);
void start_figures_tell(const struct start *s, struct ipc *to, const struct ipc_head *ask);
void start_health_tell(const struct start *s, struct ipc *to, const struct ipc_head *ask);

#endif
