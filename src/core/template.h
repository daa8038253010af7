/* core/template.h: permission templates (ACC-32…38): which services a member may use with which kind of client, and what its
 * mobile app may not take out. A template is the set of cells (core/perm.def) that it restricts; 0, as of 基本設定, restricts
 * nothing. Which one a member has: bound to the member, else to its permission type, else 基本設定 (svc/org/template.h). */
#ifndef ENGAWA_CORE_TEMPLATE_H
#define ENGAWA_CORE_TEMPLATE_H

#include "core/channel.h"

/* What an operation of members belongs to. NONE: to no service that a template knows (the account, アドレス帳, メール). */
enum service {
    SERVICE_UNSET, SERVICE_NONE, SERVICE_BOARD, SERVICE_TALK, SERVICE_CALENDAR, SERVICE_DRIVE, SERVICE_TASK, SERVICE_SURVEY,
    SERVICE_ADDRESS, SERVICES
};

/* Of a browser on a phone: BROWSER; of Drive explorer: PC; of the API: BROWSER (spec, overview 4). */
enum client_kind { CLIENT_ANY, CLIENT_MOBILE, CLIENT_BROWSER, CLIENT_PC };

const char *service_name(enum service s);                 /* "none", "talk" …; "" for SERVICE_UNSET */
const char *client_kind_name(enum client_kind k);         /* "any", "mobile" … */

enum cell_what { CELL_ACCESS, CELL_DOWNLOAD };

enum cell {
#define GROUP(id, ja, en)
#define MENU(name, id, group, super, sub, op, custom, ja, en)
#define CELL(name, bit, key, service, client, what) CELL_##name = bit,
#include "core/perm.def"
#undef CELL
#undef MENU
#undef GROUP
    CELLS = 20
};

typedef uint32_t cell_set;                                /* of cells that are restricted */
#define CELL_BIT(cell) (UINT32_C(1) << (cell))

struct cell_def {
    const char *key;                                      /* of its row in policy.def: labels, and whether anything obeys it */
    enum service service;
    enum client_kind client;
    enum cell_what what;
};
const struct cell_def *cell_def(enum cell c);
bool cell_find(sv key, enum cell *out);

enum client_kind client_kind(enum channel c);

bool template_refuses(cell_set s, enum service service, enum channel c);
bool template_refuses_app(cell_set s, enum channel c);    /* the whole mobile app */
bool template_keeps_files(cell_set s, enum service service, enum channel c);   /* ACC-35: the client gets no original */

#endif
