/* role/control_private.h: what the files of control share. */
#ifndef ENGAWA_ROLE_CONTROL_PRIVATE_H
#define ENGAWA_ROLE_CONTROL_PRIVATE_H

#include "base/json.h"
#include "role/control_registry.h"
#include "role/figures.h"
#include "role/peers.h"

/* An operator's call that a tenant answers. */
struct relay {
    uint64_t call;                                        /* our number for it on the tenant's link */
    int64_t conn;                                         /* the operator's connection (its peer's number); 0: control itself */
    uint64_t conn_a;                                      /* the operator's own number of the call */
    int64_t tenant, deadline_ms;
    uint32_t uid;
    uint16_t type;                                        /* of the frame to the tenant */
    uint64_t b;                                           /* of the frame */
    struct str what, workgroup, frame;                    /* own memory; `frame` waits for the tenant's link */
    bool sent, answered, opening, reopening;              /* opening: tenant.init; its refusal takes the tenant back */
    bool done;
    struct relay *next;
};

/* A health question that waits for the roles' answers. */
struct health {
    bool asked;
    uint64_t call;
    int64_t conn, deadline_ms;
    uint64_t conn_a;
    int wanted, got;
    uint64_t attempt;                                     /* 0; in test builds what is tried (role/attack.h) … */
    sv by;                                                /* … by this role; empty: by all */
    struct str roles;                                     /* JSON objects with commas */
};

struct watcher;                                           /* one who asks for figures */

/* A round of figures. */
struct round {
    bool asked;
    uint64_t call;
    int64_t deadline_ms;
    int wanted, got;
    struct figures figures;
};

/* How backups stand; control_alarm.c. */
struct alarm {
    int64_t rhythm_ms, drill_ms;                          /* of engawa.conf; rhythm 0: nobody waits for backups */
    int64_t looked_ms, backup_warned_ms, drill_warned_ms; /* wall clock; 0: not yet */
    struct backup_state state;
    bool missing, overdue;
};

struct control {
    struct start start;
    int metrics;                                          /* the listener; -1: none */
    struct watcher *watchers;
    struct round round;
    struct figures_seen *own_seen;                        /* of control itself, which has no link to itself */
    struct peers peers;
    struct registry *registry;
    int listener;
    int64_t last_conn;
    uint64_t last_call;
    struct relay *relays;
    struct health health;
    int64_t decoy_due_ms;                                 /* when the decoy is woken; 0: it was (monotonic) */
    int64_t round_ms;                                     /* when sleeping tenants are woken next (wall clock) */
    int64_t round_at;                                     /* within a round: the last tenant that was looked at; -1: none is on */
    int64_t head_due_ms;                                  /* monotonic; when the operators' log is to be signed; 0: it is */
    bool log_checked, log_cut;                            /* cut: it does not go on from the last signed head: not signed again */
    int64_t due_kept_ms, due_woke_ms;                     /* monotonic; of control_due.c: when moments were last kept, when tenants last woken */
    bool due_asked;                                       /* a tenant waits to hear that its moment is kept */
    struct alarm alarm;
    int64_t ending_at_ms, ending_again_ms;                /* of control_ending.c: when there is something to do (wall clock), but not before (monotonic) */
    int64_t master_ms, keys_day_ms, keys_looked_ms;       /* of control_keys.c: since when the master key is in use; when that was looked at (wall clock, monotonic) */
    int keyd_owes;                                        /* answers of keyd that nobody waits for: they come by themselves */
    bool stop;
};

/* control.c */
void control_start_tenant(struct control *c, const struct tenant_row *t);
void control_stop_tenant(struct control *c, const struct tenant_row *t);
void control_supervisor(struct control *c, struct ipc_head h, sv payload);
bool control_sign(struct control *c);                     /* the log's head, if it is due; false: not signed */
struct peer *control_keyd(struct control *c);             /* NULL: it is being started again */
/* For a blocking call: what keyd owes is heard first, for the call would take that for its answer. NULL: it does not answer. */
struct peer *control_keyd_quiet(struct control *c);

/* control_ending.c: companies that were cancelled. */
bool closed_heard(struct control *c, struct peer *tenant, const struct ipc_head *h);
void erased_heard(struct control *c, int64_t number, bool gone);
void endings_go_on(struct control *c);
int endings_patience(const struct control *c, int most);

/* control_keys.c: the age of the master key, as health and figures tell it. */
void keys_health(struct control *c, struct json *j);
void keys_tick(struct control *c);
bool key_overdue(const struct control *c);

/* control_due.c: the moments at which tenants' processes want to be awake. */
bool due_heard(struct control *c, struct peer *tenant, const struct ipc_head *h);
void due_ended(struct control *c, int64_t tenant, int status);
void due_go_on(struct control *c);                        /* keeps what was told, starts whose moment has come */
int due_patience(const struct control *c, int most);      /* ms until there is something to do */

/* control_relay.c: to a tenant and back. */
struct relay *relay_new(struct control *c, const struct peer *from, const struct ipc_head *h, sv what, const struct tenant_row *t);
void relay_init_decoy(struct control *c, const struct tenant_row *t);   /* so that the decoy answers as a tenant does */
void relay_send(struct control *c, struct relay *r);      /* now, or when the tenant's link comes */
/* A tenant that is half open, and nobody is at it any more: to take it back had failed. True: it is gone now. */
bool relay_take_back(struct control *c, struct tenant_row *t);
void relay_linked(struct control *c, struct peer *tenant);            /* sends what waited for it */
void relay_broken(struct control *c, int64_t tenant);                 /* its link is gone: answers what was sent */
void relay_answer(struct control *c, struct peer *tenant, const struct ipc_head *h, sv payload);
void relay_gone(struct control *c, int64_t conn);         /* the operator hung up: answers are dropped */
void relay_resume(struct control *c, struct peer *op);    /* the operator's queue is shorter: read its tenants again */
void relay_sweep(struct control *c, int64_t now_ms);      /* those out of time; frees finished ones */
void relay_end(struct control *c);                        /* frees all */

/* control_metrics.c: who watches asks here, by HTTP on a socket of its own */
void metrics_accept(struct control *c);
bool metrics_ready(struct control *c, void *what);        /* false: it is nobody who asks for figures */
void metrics_tell(struct control *c, struct peer *from, const struct ipc_head *h, sv payload);
void metrics_sweep(struct control *c, int64_t now_ms);
void metrics_end(struct control *c);

/* control_backup.c: the operations by which engawactl makes a backup. */
struct op_in;
bool backup_begin(struct op_in *o, struct json *out, bool *later);
bool backup_tenant(struct op_in *o, struct json *out, bool *later);
bool tenant_check(struct op_in *o, struct json *out, bool *later);
bool backup_done(struct op_in *o, struct json *out, bool *later);
bool backup_failed(struct op_in *o, struct json *out, bool *later);
bool drill_equal(struct op_in *o, struct json *out, bool *later);
bool drill_failed(struct op_in *o, struct json *out, bool *later);
bool backup_list(struct op_in *o, struct json *out, bool *later);

/* control_alarm.c: backups and drills that are missing. */
bool alarm_begin(struct control *c);                      /* false: engawa.conf says what cannot be; said */
void alarm_look(struct control *c, bool now);             /* about once a minute, or now; warns once a day */
void alarm_json(const struct control *c, struct json *out);       /* members of an object */
/* control_ending.c, control_keys.c */
bool ending_reopen_op(struct op_in *o, struct json *out, bool *later);
bool ending_certificate_op(struct op_in *o, struct json *out, bool *later);
bool keys_change_op(struct op_in *o, struct json *out, bool *later);
bool keys_copied_op(struct op_in *o, struct json *out, bool *later);
bool keys_forget_op(struct op_in *o, struct json *out, bool *later);
bool key_prepare_op(struct op_in *o, struct json *out, bool *later);
bool key_rotate_op(struct op_in *o, struct json *out, bool *later);
bool key_state_op(struct op_in *o, struct json *out, bool *later);
bool key_renew_op(struct op_in *o, struct json *out, bool *later);

/* control_ops.c: what operators call. */
struct op_in {
    struct control *c;
    struct peer *from;
    const struct ipc_head *h;
    const struct json_value *in;
    sv text;                                              /* the JSON as it came */
    struct arena *arena;
    struct failure failure;
};
bool ops_text(struct op_in *o, const char *name, size_t max, sv *out);   /* a field of the input; false: refused */
const char *ops_state(enum tenant_state s);

void ops_call(struct control *c, struct peer *from, const struct ipc_head *h, sv payload);
void ops_refuse(struct control *c, struct peer *to, uint64_t a, enum err e, const char *field);
void ops_health_tell(struct control *c, sv role);         /* one role's JSON object */
void ops_health_sweep(struct control *c, int64_t now_ms);
enum err ops_log(struct control *c, int64_t uid, sv what, sv workgroup, const char *result);   /* E_NONE, or why nothing stands there */

#endif
