/* role/tenant.h: one tenant's process, seen by its own files (role/tenant*.c); nobody else includes this.
 * The main thread reads frames, passes the gate and runs quick reads; the reader runs other reads; the slow queue hashes
 * passwords and asks keyd; the writer runs everything that writes, in batches with one COMMIT. Replies, events and
 * changes of topics leave in commit order over one pipe per edge. */
#ifndef ENGAWA_ROLE_TENANT_H
#define ENGAWA_ROLE_TENANT_H

#include "core/gate.h"
#include "core/sched.h"
#include "net/loop.h"
#include "role/call.h"
#include "role/figures.h"
#include "role/proto.h"

#include <pthread.h>

/* The way to a peer: an edge or control. Read by the main thread alone, written by any thread. */
struct link {
    _Atomic int refs;
    _Atomic bool gone;
    enum role_id role;
    int64_t number;                                       /* an edge's index */
    struct ipc in;
    struct ipc_shared *out;
};

enum door { DOOR_HTTP, DOOR_WS, DOOR_WS_OPEN, DOOR_OPERATOR, DOOR_INTERNAL };

struct file_head;
struct house;
struct start;

struct request {
    struct job job;                                       /* first: a job is its request */
    _Atomic int refs;                                     /* a file's lives on until its last piece */
    struct house *house;
    struct arena *arena;
    struct ctx x;
    struct call call;
    enum door door;
    struct link *link;                                    /* a reference; NULL: internal */
    uint32_t conn, gen;
    uint64_t a;                                           /* the edge's or control's number of the request */
    sv ws_id;
    struct session *session, *console;                    /* references */
    struct policy *policy;                                /* a reference */
    struct secret sid, adm, dev, ticket;                  /* wiped with the request */
    void *out;
    bool read;                                            /* has run on a reader: only its audit row is to be written */
    bool refused;                                         /* by the gate: only its audit row is to be written */
    bool settled;                                         /* refused by its run, and its settle left something */
    bool looked;                                          /* its `look` has run */
    bool prepared_late;                                   /* waited too long for the slow queue */
    int64_t queued_mono_ms;
    sv ws_ticket, ws_origin;                              /* DOOR_WS_OPEN */
    unsigned file_asked;                                  /* OP_FILE, a long answer; with the lock of `files`: pieces that the edge waits for */
    uint64_t file_turn;                                   /* grows each time the edge asks */
    struct request *file_next;                            /* the next answer that waits for the same WebSocket */
    bool file_moved;                                      /* the reader's: it left the folder meanwhile, and is read from the store from here on */
    bool file_busy, file_gone;                            /* somebody is at work on it; nobody waits any more */
    int64_t file_at, file_end;                            /* the reader's: how far it is, and where it ends */
    bool part, part_coming;                               /* OP_BODY: among the parts; its bytes are still coming */
    struct str body;                                      /* what came of them; or the answer that waits */
    void (*internal)(struct request *r);                  /* DOOR_INTERNAL: runs in a savepoint of its own */
    void *internal_arg;
    void (*after)(struct request *r, bool committed);     /* set by `internal`: when the batch stands, or is undone */
};

struct house {
    struct tenant *t;
    const struct app *app;
    struct secret key;
    enum db_cipher cipher;
    struct db *main_db, *read_db, *slow_db, *file_db, *look_db, *fetch_db, *remote_db, *move_db, *write_db, *check_db;    /* each of one thread, opened on first need */
    struct worker *reader, *slow, *filer, *looker, *fetcher, *writer, *checkpointer, *copier, *remote, *mover;   /* remote, mover: NULL where there is no store for files */
    struct job checkpoint_job;
    _Atomic bool checkpointing;
    int64_t wal_copied;                                   /* the writer's: pages of the log when the last checkpoint began */
    _Atomic bool suspended;                               /* only its operator is served */
    bool refused;                                         /* its database was rolled back: nobody is served, nothing is written */
    _Atomic bool copying;                                 /* a snapshot holds pages of the WAL */
    struct audit_gather *gather;                          /* writer */
    struct str origin;                                    /* the main one: links that the operator asks for begin with it */
    struct conns *conns;
    struct files *files;
    struct parts *parts;
    struct ipc_shared *supervisor;                        /* asks it for processes */
    struct media_way *media, *fetch;                      /* the looker's, the fetcher's */
    pthread_mutex_t store_lock;                           /* one asks at a time */
    struct media_way *store;
    struct store_way *remote_way, *look_way, *move_way, *copy_way;    /* each of one thread; NULL where there is no store for files */
    _Atomic bool moving, move_left;                       /* a file is being sent, or an object removed; there may be more */
    _Atomic int64_t move_at_ms, move_wait_ms;             /* not before; how long is waited when it fails again */
    id64 move_after;                                      /* mover: the store does not take this one: those behind it first */
    id64 move_before;                                     /* … and how far those were looked through that were there before the store; INT64_MAX: all */
    struct keyd *keyd;
    pthread_mutex_t links_lock;
    struct link *links[64];
    struct link *control;
    _Atomic int64_t posts, reads, refusals, batches;      /* counters for health */
    _Atomic uint64_t groups[SIZE_BUCKETS + 2];            /* of the writer, by their size; then their sum */
    int64_t signed_size, signed_ms;                       /* main thread: the last head that was asked for */
    _Atomic bool signing;
    _Atomic int64_t audit_size;                           /* of the tree as committed */
    _Atomic int64_t chores_at_ms;                         /* when the next round is due; 0: look now */
    _Atomic int64_t chores_began_ms;                      /* the round that runs */
    _Atomic bool chores_running;
    _Atomic bool due_running;
    struct db_follow *renewal;                            /* writer: the copy under another key */
    _Atomic bool renewing, renewed;                       /* renewed: nothing is written any more, the process makes way */
    bool renew_wanted;                                    /* main thread: one was broken off */
    struct due due;                                       /* writer */
    int64_t due_told_ms, due_kept_ms;                     /* main thread: the next moment as control was told, and as it keeps it; -1: neither */
    int64_t closed_kept_ms;                               /* main thread: control knows that it is closed since then */
    bool index_due;                                       /* writer: the search index has something to do */
    _Atomic int previews;                                 /* pages on their way */
    bool scans;                                           /* a scanner for malware is configured */
    _Atomic bool scanning;                                /* it is being asked, and those that are held are being looked at */
    int64_t scanned_ms;                                   /* main thread: when that last began */
    _Atomic int makings;                                  /* files in making */
    _Atomic bool makings_left;                            /* there may be some of the process before this one */
    pthread_mutex_t makings_lock;
    struct making *makings_all, *makings_waiting;         /* waiting: for the next tick */
    _Atomic bool ending;                                  /* nothing new begins in the background */
};

/* tenant_request.c */
struct request *request_new(struct house *h, enum door door, struct link *l, const struct ipc_head *head);
struct request *request_ref(struct request *r);
void request_free(struct request **r);                    /* gives a reference back */
struct db *house_db(struct house *h, struct db **slot, bool read_only);    /* opens on first need; dies when it cannot */
struct link *link_ref(struct link *l);
void link_unref(struct link **l);

/* tenant_call.c: from a frame to an operation that runs */
void call_http(struct house *h, struct link *l, const struct ipc_head *head, sv payload);
void call_ws_open(struct house *h, struct link *l, const struct ipc_head *head, sv payload);
void call_ws_text(struct house *h, struct link *l, const struct ipc_head *head, sv payload);
void call_operator(struct house *h, struct link *l, const struct ipc_head *head, sv payload);
bool call_internal(struct house *h, void (*run)(struct request *), void *arg);   /* on the writer; false: its queue is full */
bool call_internal_on(struct house *h, struct worker *w, void (*run)(struct request *), void *arg);
void call_run_read(struct request *r, struct db *db);     /* runs, answers, frees */
void call_prepare(struct request *r);                     /* on the slow queue, or that of parts; goes on to the writer */
void call_look(struct request *r);                        /* on the queue of files that are looked at; goes on to the writer */
bool call_look_first(struct request *r);                  /* `run` asked for it; false: it did not, or that was done. It is answered, or on the way */

/* tenant_rollback.c */
void refuse_rollback(struct house *h);                    /* sets h->refused */
bool refused(struct request *r);                          /* true: answered, freed */

/* tenant_writer.c */
void writer_run(void *house, struct job **jobs, size_t n);
void checkpoint_run(void *house, struct job **jobs, size_t n);

/* tenant_check.c: the whole of it looked through; `sample` as talk_check_search() */
bool check_look(struct house *h, struct db *d, struct arena *a, int64_t sample, struct failure *f, struct json *j);

/* tenant_snapshot.c: a copy for a backup, or a look through what would be copied */
void snapshot_take(struct house *h, struct link *l, const struct ipc_head *head);
void snapshot_forget(void);                               /* one that nobody fetched */
void snapshot_run(void *house, struct job **jobs, size_t n);

/* tenant_renew.c: another data key */
void renew_take(struct house *h, struct link *l, uint64_t a);
void renew_tick(struct house *h);
void renew_piece(struct house *h);                        /* writer, between its batches */
void renew_settle(struct house *h);                       /* before the database is opened: which key it is */

/* tenant_index.c: the search index */
void index_look(struct house *h);                         /* any thread: has the writer look whether there is something to do */
void index_piece(struct house *h);                        /* writer, between its batches: a transaction of its own */

/* tenant_reply.c */
void reply(struct request *r);                            /* by x.failure or out; once */
void reply_stream(void *request, sv piece);               /* operator's exports */
void reply_frame(struct request *r, enum frame_type type, uint64_t b, uint16_t flags, sv payload);   /* to who asked */
void reply_text(struct request *r, struct str *out);      /* the text that answers by WebSocket */
void reply_whole(struct request *r, enum frame_type type, int status, const struct file_head *h, sv body);   /* RES_HTTP, RES_WS_OPEN */
void send_event(struct house *h, const struct event *e);  /* to every edge */

/* tenant_file.c: files and long answers on their way out */
struct files *files_new(void);
void files_free(struct files **f);
size_t files_count(struct files *f);
size_t files_waiting(struct files *f);                    /* bytes of answers */
void file_reply(struct request *r);                       /* by call.file */
void file_answer(struct request *r, struct file_head *h, sv body);   /* too long for one frame; status 200 */
void file_text(struct request *r, sv text);               /* the same for a WebSocket */
void file_more(struct house *h, const struct link *l, const struct ipc_head *head);   /* REQ_MORE */
bool file_first(struct request *r);                       /* true: its first bytes are fetched from the store; then it is answered */
void file_prime(struct request *r, struct db *db, const struct blob_far *far);   /* the thread for that */
void file_run(struct request *r, struct db *db, const struct blob_far *far);          /* on a reader: as many pieces as were asked for */
void file_closed(struct house *h, const struct link *l, uint32_t conn, uint32_t gen);
void files_drop_link(struct house *h, const struct link *l);

/* tenant_part.c: parts of uploads on their way in; the main thread's, but for part_done() */
struct parts *parts_new(void);
void parts_free(struct parts **p);
size_t parts_count(struct parts *p);
bool part_wait(struct request *r);                        /* its body may come from now on; false: in its failure */
void part_done(struct request *r);                        /* any thread, before the answer or where there is none */
void part_bytes(struct house *h, const struct link *l, const struct ipc_head *head, sv payload);      /* REQ_PART */
void part_closed(struct house *h, const struct link *l, uint32_t conn, uint32_t gen);
void parts_drop_link(struct house *h, const struct link *l);

/* tenant_media.c: strangers' files are read by processes of their own */
struct media_way *media_way_new(struct ipc_shared *supervisor);   /* a thread's own; the way to the supervisor is shared, and borrowed */
void media_way_close(struct media_way *w);                /* who waits there waits no longer */
void media_way_free(struct media_way **w);
void media_given(struct media_way *w, enum frame_type what, int fd);   /* main thread: the supervisor has given it; takes fd, -1: there is none */
/* The way's thread: asks the supervisor, and waits for what it gives. False: nothing came; *fd may be -1. */
bool media_ask(struct media_way *w, enum frame_type ask, enum frame_type what, int timeout_ms, int *fd);
bool media_look(void *way, struct arena *a, const struct media_task *task, struct media_found *out, struct failure *f);   /* core/tenant.h */

/* tenant_preview.c: pages that members link to are fetched by processes of their own */
void preview_start(struct house *h, id64 message, sv url);   /* writer, after COMMIT */
void preview_run(void *house, struct job **jobs, size_t n);  /* the thread that fetches */

/* tenant_scan.c: files are looked through for malware by the daemon of the operator */
bool scanner_look(void *way, struct arena *a, const struct scan_task *task, struct scan_found *out, struct failure *f);   /* core/tenant.h */
sv   scanner_signatures(void *way, struct arena *a);      /* the same */
void scan_tick(struct house *h);                          /* main thread: it is asked for its signatures, and those that are held are looked at again */

/* tenant_store.c: files in the operator's store */
struct store_way;
struct store_way *store_way_new(struct house *h, size_t windows);
void store_way_rest(struct store_way *w);                 /* its thread: gives back the process and what was read */
void store_way_free(struct store_way **w);
const struct blob_far *store_far(const struct store_way *w);   /* NULL: NULL */
bool store_there(struct store_way *w, id64 id, int64_t size, bool *there, struct failure *f);   /* its thread; false: the store does not answer */
void stores_open(struct house *h, bool stores);
void stores_close(struct house *h);
void store_quiet(struct house *h);
void remote_run(void *house, struct job **jobs, size_t n);   /* the thread that reads for those who download */
void move_run(void *house, struct job **jobs, size_t n);
void move_tick(struct house *h);                          /* main thread */

/* tenant_health.c: answers to HEALTH_ASK and FIGURES_ASK, by the main thread */
void health_tell(struct house *h, const struct start *s, struct link *l, const struct ipc_head *ask);
void figures_tell(struct house *h, const struct start *s, struct link *l, const struct ipc_head *ask);

/* tenant_chore.c: nightly work */
/* What the main thread knows from one tick to the next. */
struct ticks {
    int64_t sign_ms, forget_ms, active_ms, asked_ms, released_ms;
    int64_t asked;                                        /* requests by asked_ms */
    bool idle;                                            /* long enough to end as soon as the log is signed */
};
void tick_run(struct house *h, struct ticks *t);
void reads_store(struct house *h);                        /* has the writer store how far members have read */
void chores_tick(struct house *h);
void due_tell(struct house *h);                           /* control keeps the next moment, and starts the process for it */
bool due_settled(struct house *h);                        /* nothing is due now, and the next moment is kept: the process may end */
void closed_tell(struct house *h);                        /* main thread: control keeps that the tenant is closed, and ends the process */
void closed_kept(struct house *h, int64_t ms);            /* 0: it is open again, and served */
bool closed_settled(struct house *h);
void due_tick(struct house *h);                           /* what members wanted to happen now */

void here_tick(struct house *h);                          /* any thread: who came and went is told */

/* tenant_make.c: files made in the background */
void making_start(struct house *h, id64 file);            /* writer, after COMMIT */
void makings_tick(struct house *h);                       /* main thread */
void makings_end(struct house *h);                        /* after the last worker */

/* tenant_conn.c: the WebSockets of this tenant and what they hear */
struct conns *conns_new(struct here *here);
void conns_free(struct conns **c);
void conn_open(struct request *r);                        /* writer, after COMMIT: ticket, answer, topics */
struct session *conn_caller(struct conns *c, struct request *r);   /* a reference; fills the actor's address and agent */
void conn_closed(struct conns *c, const struct link *l, uint32_t conn, uint32_t gen);
void conns_drop_link(struct conns *c, const struct link *l);
void conns_topic(struct conns *c, int64_t member, int64_t topic, bool join);
/* One connection alone, if it is still there. */
void conn_topic(struct conns *c, const struct link *l, uint32_t conn, uint32_t gen, int64_t topic, bool join);
void conn_here(struct request *r, enum here_state s);      /* what the connection at hand says of itself */
void conn_watch(struct request *r, sv members);            /* whom it watches from now on */
void conns_close_ended(struct conns *c);                  /* those whose session has ended: close code 4401 */
void conns_close_restricted(struct conns *c);             /* those whose template is another one now: 4404, and they come back */
void conns_check(struct house *h, int64_t now_ms);        /* idle and absolute ends */
size_t conns_count(struct conns *c);

/* tenant_keyd.c */
struct keyd *keyd_new(int fd);
void keyd_free(struct keyd **k);
void keyd_replace(struct keyd *k, int fd);                /* keyd was restarted */
bool keyd_data_key(struct keyd *k, struct secret *key);
bool keyd_next(struct keyd *k, struct secret *key);        /* the key that is to take its place */
bool keyd_renewed(struct keyd *k, struct secret *key);     /* the same, where there may be none */
bool keyd_promote(struct keyd *k);
bool keyd_pepper(void *keyd, const struct secret *prehash, struct secret *out);
bool keyd_sign(struct keyd *k, uint64_t size, const struct sha256 *root, int64_t time_ms, unsigned char sig[64]);
bool keyd_last_head(struct keyd *k, uint64_t *size, struct sha256 *root);

#endif
