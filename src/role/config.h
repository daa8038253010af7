/* role/config.h: "key = value" lines: the installation's engawa.conf, and what a role gets of it in SUP_CONFIG.
 * One table (config_keys) names every key, its default, who may see it and what it is for; a key that is not in the
 * table is refused in the file. Values are text of one line; lists are separated by commas. */
#ifndef ENGAWA_ROLE_CONFIG_H
#define ENGAWA_ROLE_CONFIG_H

#include "role/proto.h"

enum config_id {
    CONFIG_LISTEN,         /* "0.0.0.0:8443,[::]:8443": where the edges listen */
    CONFIG_HTTP,           /* "0.0.0.0:80": plain HTTP, for ACME challenges and redirects; "none" */
    CONFIG_ACME,           /* folder of the challenges, relative to the data directory or absolute */
    CONFIG_ORIGIN,         /* "https://chat.example.com,https://localhost:8443": own origins, the first is the main one */
    CONFIG_FILES,          /* auto | none: whether files are had from an origin of their own */
    CONFIG_TLS_CERT,       /* path of the certificate chain (PEM), relative to the data directory or absolute */
    CONFIG_TLS_KEY,
    CONFIG_METRICS,        /* "socket": run/metrics.sock; "127.0.0.1:9464"; "none" */
    CONFIG_EDGES,          /* number of edge processes; 0: one per core */
    CONFIG_SANDBOX,        /* best | strict: refuse to start below the full level */
    CONFIG_CIPHER,         /* aes256 | aegis256 */
    CONFIG_UID_BASE,       /* started by root: uid of the first role */
    CONFIG_TENANT_UID,     /* … and of the first tenant */
    CONFIG_LOG,            /* error | warn | info | debug */
    CONFIG_TENANT_IDLE,    /* seconds after which a tenant's process without work ends */
    CONFIG_PASSWORD_PASSES, /* Argon2id passes of new tenants' passwords; 0: measured when a tenant is opened */
    CONFIG_KEY_DAYS,       /* days after which another master key is due */
    CONFIG_ZONE,           /* time zone of new tenants, e.g. Asia/Tokyo */
    CONFIG_OPERATOR,       /* who offers this installation: stands in the public texts */
    CONFIG_CONTACT,        /* where people turn to: the same */
    CONFIG_TERMS,          /* version of the terms of use, which members accept; "none": nobody is asked */
    CONFIG_PRIVACY,        /* … of the privacy policy, shown on its page */
    CONFIG_SENDING,        /* … of the notice of outside sending */
    CONFIG_SECURITY,       /* where weaknesses are reported: a mail address or a URL; "": nowhere */
    CONFIG_SECURITY_POLICY, /* URL of what reporters should know; "" */
    CONFIG_BACKUP,         /* "P1D": an alarm is raised when no backup was made in that rhythm; "none" */
    CONFIG_DRILL,          /* days after which a restore drill is overdue */
    CONFIG_SCANNER,        /* none | clamd: what looks for malware in files */
    CONFIG_SCANNER_SOCKET, /* where clamd listens: the path of a socket */
    CONFIG_SCANNER_FAIL,   /* hold | refuse: files while it does not answer */
    CONFIG_STORE_ENDPOINT, /* "https://s3.example.com": where files of members go; "": they stay in the data directory */
    CONFIG_STORE_BUCKET,
    CONFIG_STORE_REGION,
    CONFIG_STORE_PREFIX,   /* "engawa/": of every object's name */
    CONFIG_STORE_KEY,      /* the access key's id */
    CONFIG_STORE_SECRET_FILE, /* path of the file with its secret */
    CONFIG_STORE_PLAIN,    /* yes: http without TLS to another machine */
    CONFIG_EDGE_CONNECTIONS, /* most connections of one edge */
    CONFIG_EDGE_PER_ADDRESS, /* … of one address (IPv6: of one /64) at one edge */
    CONFIG_EDGE_RATE,      /* requests and messages of one address per second … */
    CONFIG_EDGE_BURST,     /* … and how many at once */
#ifdef ENGAWA_TEST
    CONFIG_TEST_OUT,
    CONFIG_TEST_AUTHORITY,
#endif
    /* not in the file: said by the supervisor or control */
    CONFIG_TICKET_SEED,    /* edges: 160 hex digits of one start, so that they take each other's TLS tickets */
    CONFIG_INDEX,          /* an edge's index, from 0 */
    CONFIG_TENANT,         /* a tenant's number */
    CONFIG_WORKGROUP,      /* its name for signing in */
    CONFIG_OWNER,          /* control: uid of the user who started the supervisor */
    CONFIG_ONE_UID,        /* control: 1 when all roles share one uid */
    CONFIG_STORES,         /* tenant: 1: there is a store for its files */
    CONFIG_STORE_SECRET,   /* store: what stands in the file */
    CONFIG_STORE_EMPTY,    /* store: 1: all objects of this tenant are to go */
    CONFIG_SUSPENDED,      /* tenant: 1: started for its operator alone, nobody else is served */
    CONFIG_DECOY,          /* tenant: 1: nobody can sign in here (it answers for unknown names) */
    CONFIG_COUNT
};

struct config_key {
    const char *key, *value;                              /* value: the default */
    unsigned roles;                                       /* bits 1 << role_id of who may see it */
    bool file;                                            /* may stand in engawa.conf */
    const char *doc;
};
extern const struct config_key config_keys[CONFIG_COUNT];

struct config {
    sv v[CONFIG_COUNT];                                   /* SV_NONE: not said */
};

/* Adds the lines of `text` to c; values are copied into `a`. Blank lines and those that begin with '#' are passed over.
 * False: a line without '=', or a key that is unknown or (`file`) does not belong into the file; *line is its number. */
bool config_read(struct config *c, struct arena *a, sv text, bool file, int *line);
void config_write(struct str *out, const struct config *c, enum role_id role);   /* what that role may see */
void config_write_file(struct str *out, const struct config *c);                 /* a whole engawa.conf with comments */

/* The setting of core/policy.def whose value for all tenants this key is; NULL: none. */
const char *config_setting(enum config_id k);

/* The first key whose value is none of the words that it may have, which are then in *allowed ("best|strict"); NULL: there is none. */
const char *config_wrong(const struct config *c, const char **allowed);

sv   config_text(const struct config *c, enum config_id k);                      /* or the default */
bool config_int(const struct config *c, enum config_id k, int64_t min, int64_t max, int64_t *out);
bool config_is(const struct config *c, enum config_id k, sv value);

#ifdef ENGAWA_TEST
/* The authority whose certificates are believed beside the machine's, as PEM; NULL: none. */
const char *config_test_authority(const struct config *c, struct arena *a);
#endif

#endif
