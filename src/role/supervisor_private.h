/* role/supervisor_private.h: what the files of the supervisor share. */
#ifndef ENGAWA_ROLE_SUPERVISOR_PRIVATE_H
#define ENGAWA_ROLE_SUPERVISOR_PRIVATE_H

#include "net/loop.h"
#include "net/tls.h"
#include "role/page.h"
#include "role/roles.h"
#include "role/start.h"

#include <sys/types.h>

#define EDGES_MAX 64
#define MEDIA_MAX 2                                       /* files that are looked at at a time, of all tenants */
#define FETCH_MAX 4                                       /* pages that are fetched; they wait more than they work */
#define STORE_MAX 16                                      /* ways to the store; one that is idle ends by itself */
#define STORE_SECRET_BYTES 256
#define FD_HIGH 16                                        /* the supervisor's own descriptors stand above a child's 0 … 3 */

/* Processes that a tenant is given for one thing, or for some of a kind, and that end with it. */
enum helper { HELPER_MEDIA, HELPER_FETCH, HELPER_STORE, HELPERS };

/* A process that runs, or will be started again at `start_at_ms`. */
struct proc {
    enum role_id role;
    int64_t number;                                       /* tenant's number, edge's index */
    int64_t of;                                           /* stores: the number of the tenant whose objects it may name */
    bool emptying;                                        /* … which are to go: nobody asks it for anything */
    int64_t uid_index;                                    /* tenants: said by control */
    sv lines;                                             /* tenants: what follows SUP_CONFIG; own memory */
    pid_t pid;                                            /* 0: not running */
    struct ipc ipc;
    bool ready, asked_again, held;                        /* held: SUP_GO was sent, ROLE_READY did not come yet */
    int deaths;                                           /* quick ones in a row */
    int64_t started_ms, start_at_ms, asked_again_ms;      /* monotonic */
    int64_t turns[HELPERS];                               /* a tenant that waits for one: its place; 0: it does not */
    struct proc *next;
};

struct supervisor {
    struct arena *arena;
    struct config config;
    struct loop *loop;
    int dir, exe, null, signals, lock;                    /* lock stays open and locked */
    int listeners[EDGES_MAX][16];                         /* per edge, one socket per address */
    enum listener_kind kinds[16];                         /* of each address */
    size_t addresses, edges;
    int ctl, metrics;                                     /* the operator socket; where figures are asked for, -1: nowhere */
    bool root, stopping, up, failed;                      /* up: every role of the start was ready */
    int64_t uid_base, tenant_uid, kill_at_ms;
    int exes[ROLE_COUNT];                                 /* programs of their own; -1: engawad itself */
    int64_t last_turn, last_helper;                       /* the last numbers given */
    unsigned char ticket_seed[TLS_TICKET_SEED];
    bool seeded;
    int64_t empty_again_ms;                               /* monotonic: the store did not let go of an erased company's objects; not before */
    struct proc *first, *gone;
};

/* supervisor_layout.c: reads the configuration, makes folders, lock, listeners. False: a message was logged. */
bool layout_open(struct supervisor *s, sv data_dir);
int  layout_folder(struct supervisor *s, const struct proc *p);   /* the role's own folder, made where missing; -1 */
bool layout_folder_durable(struct supervisor *s, const struct proc *p);   /* before the role may store anything in it */
bool layout_erase(struct supervisor *s, int64_t number);   /* the tenant's folder with all that is in it; gone already: true */
bool layout_listen(struct supervisor *s);
int  layout_certificate(struct supervisor *s, enum config_id which);   /* open for reading; -1: logged */
int  layout_page(struct supervisor *s, enum page_id page, bool english);   /* the operator's own text of it; -1: none */
/* A connection to the daemon that looks for malware, non-blocking; -1: it cannot be reached. Nothing is said on it here. */
int  layout_scanner(const struct supervisor *s);
/* supervisor_store.c. The operator's store for files: is there one; may it be as it is said; what stands in the file of its secret?
 * False of the latter two: logged. */
bool layout_stores(const struct supervisor *s);
bool layout_store_check(const struct supervisor *s);
bool layout_store_secret(const struct supervisor *s, char out[STORE_SECRET_BYTES]);
int  layout_challenge(struct supervisor *s, sv name);     /* a file of the folder of challenges, open for reading; -1: none */
uid_t layout_uid(const struct supervisor *s, const struct proc *p);    /* whose process it is */

/* supervisor.c: the list of processes; proc_start() links `client` alone to it, or, NULL, those of its row. False: logged. */
struct proc *proc_add(struct supervisor *s, enum role_id role, int64_t number);
bool proc_start(struct supervisor *s, struct proc *p, struct proc *client);
void proc_remove(struct supervisor *s, struct proc *p);

/* supervisor_helper.c */
void helper_asked(struct supervisor *s, struct proc *tenant, const struct ipc_head *h);   /* it asks for one, or for something else */
bool helper_empty(struct supervisor *s, int64_t number);  /* a process that removes all objects of a tenant: false: none can be started */
bool helper_ended(struct supervisor *s, struct proc *p);  /* true: it was one; it is removed, and the next in the row gets another */

/* supervisor_spawn.c: p's process by exec of our own program, its link in p->ipc. False: logged. */
bool spawn(struct supervisor *s, struct proc *p);

#endif
