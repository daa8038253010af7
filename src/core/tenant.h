/* core/tenant.h: what one tenant's process keeps in memory beside its database.
 *     tenant_new() -> tenant_load() -> requests … -> tenant_free()
 * Fields marked "writer" belong to the writer's thread alone; the others are safe from any thread. */
#ifndef ENGAWA_CORE_TENANT_H
#define ENGAWA_CORE_TENANT_H

#include "base/map.h"
#include "core/here.h"
#include "core/marks.h"
#include "core/media.h"
#include "core/scan.h"
#include "core/session.h"
#include "core/tree.h"
#include "core/tries.h"
#include "core/typing.h"

#include <pthread.h>

struct ticket_box;

struct tenant {
    int64_t number;
    struct str workgroup;                                 /* "" until tenant.init */
    bool opened;
    _Atomic int64_t closed_ms;                            /* cancelled then: nobody but the operator is served; 0: not */
    unsigned password_ops;                                /* before the opening: what the configuration says, 0: nothing */
    struct sessions *sessions;
    struct ticket_box *tickets;
    struct tries *tries;                                  /* to sign in; counted on the slow queue before the hash */
    struct marks *marks;                                  /* how far members have read, not stored yet */
    struct here *here;                                    /* who is here now */
    pthread_mutex_t policy_lock;
    struct policy *policy_now;
    struct policy *installation;                          /* what engawa.conf says of settings; the rest at its defaults; set before tenant_load() */
    struct tree tree;                                     /* writer */
    int64_t pos;                                          /* writer */
    struct typing typing;                                 /* writer */
    _Atomic int64_t due_ms;                               /* when something comes due next (app.due); 0: look; INT64_MAX: nothing waits */
    int folder;                                           /* where its blobs lie: a descriptor, or AT_FDCWD */
    struct secret file_key;                               /* of tickets to files; set before the first request */
    bool stores;                                          /* the operator has a store for files; set before the first request */
    id64 files_looked;                                    /* writer: how far the night has looked through files, */
    unsigned blobs_looked;                                /* and through the folders of blobs */
    struct map seqs;                                      /* writer: room -> its last seq */
    /* keyd's HMAC over the pepper; called on the slow queue only. */
    bool (*pepper)(void *to, const struct secret *prehash, struct secret *out);
    void *pepper_to;
    /* A process of its own reads a stranger's file; blocks, on the queue of files that are looked at alone. False: none was free in
     * time, or the file could not be read. */
    bool (*media)(void *to, struct arena *a, const struct media_task *task, struct media_found *out, struct failure *f);
    void *media_to;
    /* The scanner for malware looks at a file; blocks, on the same queue. False: the file could not be read; a scanner that does
     * not answer is SCAN_HELD. */
    bool (*scan)(void *to, struct arena *a, const struct scan_task *task, struct scan_found *out, struct failure *f);
    /* Which signatures the scanner has now; blocks, on the same queue. "": it does not answer. */
    sv (*signatures)(void *to, struct arena *a);
    void *scan_to;
    _Atomic bool scan_left;                               /* there may be files that are held */
    pthread_mutex_t scan_lock;
    char scan_by[SCAN_BY_MAX + 1];                        /* tenant_signatures() */
    bool scan_asked;
    id64 malware_of;                                      /* writer: about whose upload the administrators were told last, */
    int64_t malware_ms;                                   /* and when */
};

struct tenant *tenant_new(int64_t number);
void tenant_free(struct tenant **t);
/* Reads settings, tree and position from the store; also after a failed COMMIT, when memory is ahead of the store. */
bool tenant_load(struct tenant *t, struct ctx *x);

struct policy *tenant_policy(struct tenant *t);           /* a reference: policy_unref() it */
void tenant_setting(struct tenant *t, size_t i, sv value);   /* after COMMIT */

/* The scanner's signatures as far as they are known; "": it has not answered yet. False: it was not asked yet. */
bool tenant_signatures(struct tenant *t, struct arena *a, sv *by);
void tenant_signatures_set(struct tenant *t, sv by);      /* ""; it did not answer: what was known stays */

/* Last seq of a room, from memory or, the first time, from `ask` (writer). */
bool tenant_seq(struct tenant *t, int64_t room, int64_t *seq);       /* false: not known yet */
void tenant_seq_set(struct tenant *t, int64_t room, int64_t seq);

/* One-time tickets for a WebSocket: <= TICKET_SECONDS, bound to session and Origin. */
#define TICKET_SECONDS 30
bool ticket_new(struct tenant *t, struct session *s, sv origin, int64_t now_ms, struct secret *ticket);
/* The session of a ticket, which is used up by asking: NULL when unknown, old, or of another origin. */
struct session *ticket_use(struct tenant *t, sv ticket, sv origin, int64_t now_ms);

#endif
