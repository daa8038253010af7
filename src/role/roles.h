/* role/roles.h: the processes are a table. The supervisor starts the rows by exec of its own program; each role
 * confines itself from its row. `engawad --describe` prints it. */
#ifndef ENGAWA_ROLE_ROLES_H
#define ENGAWA_ROLE_ROLES_H

#include "role/proto.h"

#define ENGAWA_VERSION "0.1.0"

enum role_net { NET_NONE, NET_LISTEN, NET_CONNECT };
enum role_files { FILES_NONE, FILES_OWN, FILES_RESOLVER, FILES_FONTS };   /* FILES_OWN: the folder it is started in */

struct role_def {
    const char *name;
    enum role_net net;
    enum role_files files;
    const char *folder;                                   /* below the data directory; "": none; tenants add their number */
    const char *holds;                                    /* for the reader of --describe */
    unsigned speaks_to;                                   /* bits 1 << role_id; both sides name each other */
    bool one;                                             /* started with the installation (edges: as many as configured) */
    const char *program;                                  /* beside engawad; NULL: engawad itself */
};

extern const struct role_def roles[ROLE_COUNT];           /* rows without a name are no processes */

bool role_find(sv name, enum role_id *out);
const char *role_net_name(enum role_net n);
const char *role_files_name(enum role_files f);

int supervisor_main(sv data_dir);                         /* role/supervisor.c */
int edge_main(void);
int control_main(void);
int keyd_main(void);
int tenant_main(void);
int out_main(void);

#endif
