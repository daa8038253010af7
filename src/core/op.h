/* core/op.h: the operation table: the only way in. HTTP, WebSocket and the operator's command line are doors to it.
 * A row without a permission (WHO_UNSET; a member's without a service, too), without an audit kind (AUDIT_UNSET) or with a
 * contradiction does not start: ops_check(). The domain tables stand in src/api/, one file a domain. */
#ifndef ENGAWA_CORE_OP_H
#define ENGAWA_CORE_OP_H

#include "core/ctx.h"
#include "core/schema.h"
#include "core/template.h"

enum method { NO_METHOD, GET, POST, PUT, DELETE_ };

enum who {
    WHO_UNSET,
    WHO_PUBLIC,                                           /* no session */
    WHO_MEMBER,                                           /* any signed-in member */
    WHO_CONSOLE,                                          /* an admin whose role reaches `menu`, with a console session */
    WHO_ADMIN,                                            /* an admin without a console session yet: opening the console */
    WHO_OPERATOR,                                         /* the installation's operator, by the command line only */
};

enum object {
    OBJ_NONE,
    OBJ_ROOM,
    OBJ_MESSAGE,                                          /* room << 32 | seq */
    OBJ_SESSION,
    OBJ_MEMBER,
    OBJ_FORMER_MEMBER,                                    /* deleted, and still to be restored */
    OBJ_SETTING,
    OBJ_INVITATION,
    OBJ_INVITED,                                          /* who came by one, and waits */
    OBJ_ROLE,
    OBJ_GROUP,
    OBJ_GONE_GROUP,
    OBJ_UNIT,
    OBJ_FORMER_UNIT,                                      /* the same */
    OBJ_LABEL,
    OBJ_TEMPLATE,
    OBJ_IMPORT,
    OBJ_TALK_FOLDER,                                      /* of the caller's room list */
    OBJ_LATER,                                            /* what waits for its moment */
    OBJ_LOG,                                              /* of the audit */
    OBJ_FILE,                                             /* of a log */
    OBJ_UPLOAD,                                           /* of the caller's */
    OBJ_STORED,                                           /* of a message */
    OBJ_EXPORT,                                           /* of a room, the caller's */
    OBJ_TICKET,                                           /* to one of them */
    OBJECTS
};

enum op_flags {
    OP_QUICK = 1,                                         /* a read of microseconds: on the main thread */
    OP_READ = 2,                                          /* on a reader; its audit row, if any, by the writer, before the answer */
    OP_WRITE = 4,                                         /* on the writer, in its own savepoint */
    OP_SLOW = 8,                                          /* `prepare` on the slow queue first, then as OP_WRITE */
    OP_WS = 16,                                           /* also by WebSocket */
    OP_RETRY_SAFE = 32,                                   /* carries its own key: may be sent again */
    OP_FRESH = 64,                                        /* needs a password proven within PROOF_MS */
    OP_LIMITED = 4096,                                    /* also for a session that must set a new password first */
    OP_BEFORE_TERMS = 2048,                               /* also for a session that has not accepted the terms of use */
    OP_BEFORE_SECOND = 32768,                             /* also for a session whose second step is not proven */
    OP_ALWAYS = 65536,                                    /* also in a mobile app that the permission template forbids */
    OP_TEST = 128,                                        /* only in test builds */
    OP_SUPER = 1024,                                      /* of the console's: the super admin's alone */
    OP_LIVE = 512,                                        /* on the writer for its place in the order alone: stores nothing, has no row */
    OP_OWN = 8192,                                        /* writes what the caller alone ever sees and has not said: no row */
    OP_BODY = 16384,                                      /* takes bytes, c->body, and no struct; PUT by HTTP alone; `prepare` on a queue of its own */
    OP_FILE = 256,                                        /* answers bytes, c->file, and no struct; GET by HTTP alone */
};

/* What an OP_FILE operation answers: all of it in `bytes`, or pieces that `piece` fetches as the client takes them. A
 * piece is read on a reader's thread, after `run` has returned and its transaction has ended: `state` lives in the
 * request's arena, `out` in the arena of the ctx given. */
#define FILE_PIECE_MAX 60000                              /* of a frame */
#define FILE_READ_MAX  65536                              /* of what is read at once: a chunk of a blob */
struct file_out {
    sv name;                                              /* the client saves under it */
    const char *type;                                     /* content type */
    bool strange;                                         /* a member sent it: nothing in it may run; ranges are given */
    int64_t keep_s;                                       /* how long the client may keep it; 0: see etag */
    bool far;                                             /* it lies in the operator's store: read by a thread that may wait for it */
    bool parts;                                           /* saved, and ranges are given: what broke off goes on */
    bool shown;                                           /* a picture of a page: not saved, kept privately by its ETag */
    sv etag;                                              /* without quotes; "": never kept (no-store) */
    int64_t size;
    sv bytes;
    bool (*piece)(struct ctx *x, void *state, int64_t at, sv *out);   /* 1 … FILE_READ_MAX bytes from `at` on */
    void *state;
};

struct chore;
struct file_maker;

struct call {
    const struct op *op;
    id64 object;                                          /* of the object parameter, when the type has ids */
    sv object_text;                                       /* the parameter as it came */
    const void *in;                                       /* the body's struct, or NULL */
    const void *query;                                    /* the query's struct, or NULL */
    void *prepared;                                       /* what `prepare` left */
    struct session *session, *console;                    /* the caller's, borrowed; NULL where there is none */
    struct secret *set_sid, *set_adm, *set_dev, *ticket;  /* tokens that leave with the reply: filled by the handler */
    bool clear_sid, clear_adm;                            /* cookies to end */
    bool look;                                            /* set by `prepare`, or by a `run` that refuses: `look` comes before the writer */
    void *make;                                           /* OP_FILE: set by `run`: `make` comes before the answer, and reads this */
    bool repeat;                                          /* a retry of what is done: no second audit row */
    struct file_out file;                                 /* OP_FILE: filled by the handler */
    sv none_match;                                        /* OP_FILE: the tags that the client has */
    sv range;                                             /* OP_FILE: which part of it */
    bool head;                                            /* OP_FILE: no bytes of it are wanted */
    sv body;                                              /* OP_BODY */
    void (*stream)(void *to, sv piece);                   /* operator's exports write their text here */
    void *stream_to;
};

struct op {
    const char *name;
    enum method method;                                   /* NO_METHOD: not by HTTP (operator) */
    const char *path;                                     /* "/rooms/:room/messages"; at most one parameter */
    enum who who;
    enum menu menu;                                       /* WHO_CONSOLE */
    enum service service;                                 /* WHO_MEMBER: whose switch of the permission template it obeys */
    enum object object;
    int flags;
    enum audit_kind audit;
    const struct schema *query, *in, *out;
    bool (*run)(struct ctx *x, struct call *c, void *out);
    bool (*prepare)(struct ctx *x, struct call *c);       /* OP_SLOW: no writing, may take long: on the slow queue */
    bool (*look)(struct ctx *x, struct call *c);          /* where a stranger's file is to be read: on a queue of its own, may take a minute;
                                                             then `run` on the writer, whatever else it would be */
    bool (*make)(struct ctx *x, struct call *c);          /* OP_FILE: after COMMIT, on the queue of `look`: the bytes are made for this one answer */
    bool (*settle)(struct ctx *x, struct call *c);        /* after run, also when it refused: what a try leaves behind */
    bool (*stream)(struct ctx *x, struct call *c);        /* operator: after COMMIT, on the slow queue, by c->stream */
    const char *doc;
};

struct op_table {
    const struct op *ops;
    size_t n;
};

/* One type of object: is `id` one that this caller may see? False with E_NOT_FOUND, whatever the reason. */
struct object_def {
    const char *param;                                    /* ":room" */
    bool text;                                            /* the parameter is a text, no id */
    bool (*visible)(struct ctx *x, const struct call *c);
};

/* What the api floor hands to the loop: every table of operations and the objects. */
/* What has come due, from one call to the next. */
struct due {
    id64 what;                                            /* the last one that was begun */
    enum err failed;                                      /* why it could not be done; E_NONE: it was, or nothing was begun */
    int64_t next_ms;                                      /* when to come again; INT64_MAX: nothing waits */
};

struct app {
    const struct op_table *const *tables;
    size_t n_tables;
    const struct object_def *objects;                     /* OBJECTS of them; OBJ_NONE is empty */
    const struct chore *chores;                           /* nightly work */
    size_t n_chores;
    bool (*due)(struct ctx *x, struct due *d);            /* does the first thing that has come due, on the writer */
    const struct file_maker *const *makers;                     /* of files that are made in the background */
    size_t n_makers;
};

const struct op *op_at(const struct app *app, size_t i);  /* NULL beyond the last */
const struct op *op_by_name(const struct app *app, sv name);
/* The operation of a request line; fills c->op, c->object_text. NULL with E_NOT_FOUND or E_METHOD. */
const struct op *op_by_path(const struct app *app, struct ctx *x, enum method m, sv path, struct call *c);
const char *method_name(enum method m);
/* Ends the process with the row's name when a row is incomplete or contradicts itself, or when two rows have one name or
 * take one path by the same method. */
void ops_check(const struct app *app);

#endif
