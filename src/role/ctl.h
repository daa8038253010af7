/* role/ctl.h: engawactl's parts: a table of commands (prog/engawactl.c) drives arguments, help and calls.
 *     ctl_main() finds the row, reads its flags into JSON, calls its operation over DIR/run/ctl.sock, prints the answer;
 *     a row with `run` does it itself.
 * Exit codes: 0 done · 1 the server refused, or what was looked at is not whole · 2 wrong use · 3 no server · 4 a file of this machine. Secrets come from files,
 * never from arguments. */
#ifndef ENGAWA_ROLE_CTL_H
#define ENGAWA_ROLE_CTL_H

#include "base/json.h"
#include "base/vec.h"
#include "net/ipc.h"

enum ctl_exit { CTL_DONE, CTL_REFUSED, CTL_USAGE, CTL_NO_SERVER, CTL_FILE };

enum ctl_type {
    CTL_TEXT,                                             /* JSON text */
    CTL_NUMBER,                                           /* JSON integer */
    CTL_LIST,                                             /* array of texts, separated by commas */
    CTL_SECRET_FILE,                                      /* JSON text: the first line of that file ("-": standard input) */
    CTL_LOCAL,                                            /* not sent: for the row's own function */
    CTL_SWITCH,                                           /* not sent, no value */
    CTL_FIXED,                                            /* JSON text: the flag's name itself; not an argument */
};

struct ctl_flag {
    const char *name;                                     /* "--login"; without dashes: an argument by its place */
    const char *field;                                    /* "login", "admin.login": one level of objects at most */
    enum ctl_type type;
    bool need;
    const char *doc;
};

#define CTL_FLAGS 20

struct ctl;

struct ctl_command {
    const char *name;                                     /* "tenant open" */
    const char *op;                                       /* NULL: `run` alone */
    bool tenant;                                          /* needs --tenant: that tenant's process answers */
    int (*run)(struct ctl *c);                            /* NULL: call op and print */
    const char *doc;
    struct ctl_flag flags[CTL_FLAGS];
};

/* A trouble that is not said but told later, by who held it back. */
struct held_trouble {
    const char *code;                                     /* NULL: none came; the first one stays */
    char sentence[600];
};

struct ctl {
    struct arena *arena;
    const struct ctl_command *command;
    sv data, tenant;                                      /* --data, --tenant */
    bool json;
    sv values[CTL_FLAGS];                                 /* as given; SV_NONE: not given */
    struct held_trouble *hold;                            /* NULL: troubles are said */
    sv refused;                                           /* the code with which control refused last (ctl_own); said */
    struct ipc ipc;
    bool connected;
    uint64_t calls;
};

int ctl_main(const struct ctl_command *commands, size_t n, int argc, char **argv);

sv   ctl_value(const struct ctl *c, const char *flag);    /* SV_NONE: not given */
bool ctl_given(const struct ctl *c, const char *flag);
PRINTF(1, 2) int ctl_complain(const char *fmt, ...);      /* to stderr; returns CTL_FILE */
bool ctl_file(struct arena *a, sv path, size_t max, sv *out);   /* the whole file; false: said why */

/* Flags as a JSON object. False: said what is wrong. */
bool ctl_json(struct ctl *c, struct str *out);

/* Calls an operation (workgroup "": control's own) and gathers the whole answer into `out` (NULL: pieces go to standard
 * output when the call succeeds). `status` as HTTP. Returns CTL_DONE, CTL_REFUSED (the error's JSON is in `error`) or
 * CTL_NO_SERVER (said). */
int ctl_call(struct ctl *c, sv op, sv workgroup, sv json, struct str *out, struct str *error);
int ctl_refused(const struct ctl *c, sv error);           /* prints an error's JSON; returns CTL_REFUSED */
/* Members of an answer; absent or of another kind: "", -1, false. */
sv      ctl_text_of(const struct json_value *v, const char *name);
int64_t ctl_number_of(const struct json_value *v, const char *name);
bool    ctl_yes_of(const struct json_value *v, const char *name);
void ctl_print(const struct ctl *c, sv json);             /* as it is with --json, else as lines and columns */

int ctl_open(struct ctl *c);                              /* ctl_open.c: a new tenant, its link and slip */
int ctl_init(struct ctl *c);                              /* ctl_init.c: a new data directory */
int ctl_backup(struct ctl *c);                            /* ctl_backup.c: a copy of a house in use */
int ctl_backup_verify(struct ctl *c);                     /* ctl_restore.c */
int ctl_restore(struct ctl *c);
int ctl_tenant_check(struct ctl *c);                      /* ctl_check.c */
int ctl_drill(struct ctl *c);                             /* ctl_drill.c */
int ctl_key_export(struct ctl *c);                        /* ctl_key_store.c */
int ctl_key_copy(struct ctl *c);
int ctl_key_rotate(struct ctl *c);
int ctl_key_renew(struct ctl *c);
int ctl_erasure(struct ctl *c);                           /* ctl_erasure.c */
int ctl_import_line(struct ctl *c);                       /* ctl_import.c */
int ctl_import_mattermost(struct ctl *c);                 /* ctl_mattermost.c: engawactl alone links it */
int ctl_import_slack(struct ctl *c);                      /* ctl_slack.c: engawactl alone links it */
int ctl_verify(struct ctl *c);                            /* refused: the log is not whole */
int ctl_audit_inclusion(struct ctl *c);                   /* ctl_audit.c: proofs for one who may not see the whole log */
int ctl_audit_consistency(struct ctl *c);
int ctl_status_page(struct ctl *c);                       /* ctl_status.c */
int ctl_status_note(struct ctl *c);
int ctl_raw(struct ctl *c);                               /* "call OP JSON" */
int ctl_export(struct ctl *c);                            /* an operation whose answer is a stream of text */

#endif
