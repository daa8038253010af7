/* core/template.c: the cells of permission templates and what is asked of them. */
#include "core/template.h"

static const struct cell_def cells[CELLS] = {
#define GROUP(id, ja, en)
#define MENU(name, id, group, super, sub, op, custom, ja, en)
#define CELL(name, bit, key, service, client, what) [bit] = {key, SERVICE_##service, CLIENT_##client, CELL_##what},
#include "core/perm.def"
#undef CELL
#undef MENU
#undef GROUP
};

const char *service_name(enum service s)
{
    static const char *const names[SERVICES] = {
        [SERVICE_UNSET] = "", [SERVICE_NONE] = "none", [SERVICE_BOARD] = "board", [SERVICE_TALK] = "talk", [SERVICE_CALENDAR] = "calendar",
        [SERVICE_DRIVE] = "drive", [SERVICE_TASK] = "task", [SERVICE_SURVEY] = "survey", [SERVICE_ADDRESS] = "addressbook",
    };

    ENSURE((unsigned)s < SERVICES);
    return names[s];
}

const char *client_kind_name(enum client_kind k)
{
    static const char *const names[] = {
        [CLIENT_ANY] = "any", [CLIENT_MOBILE] = "mobile", [CLIENT_BROWSER] = "browser", [CLIENT_PC] = "pc",
    };

    ENSURE((unsigned)k < COUNT(names));
    return names[k];
}

const struct cell_def *cell_def(enum cell c)
{
    ENSURE((unsigned)c < CELLS);
    return &cells[c];
}

bool cell_find(sv key, enum cell *out)
{
    for (unsigned c = 0; c < CELLS; c++)
        if (sv_equal(key, sv_c(cells[c].key))) {
            *out = (enum cell)c;
            return true;
        }
    return false;
}

enum client_kind client_kind(enum channel c)
{
    switch (c) {
    case CH_MA:
    case CH_MP:
        return CLIENT_MOBILE;
    case CH_PA:
    case CH_DX:
        return CLIENT_PC;
    default:
        return CLIENT_BROWSER;
    }
}

static bool has(cell_set s, enum cell_what what, enum service service, enum client_kind client)
{
    for (unsigned c = 0; c < CELLS; c++)
        if (s & CELL_BIT(c) && cells[c].what == what && cells[c].service == service &&
            (cells[c].client == client || cells[c].client == CLIENT_ANY))
            return true;
    return false;
}

/* A service without a switch for the PC app obeys that of the browser. */
static bool has_own_switch(enum service service, enum client_kind client)
{
    return has(~(cell_set)0, CELL_ACCESS, service, client);
}

bool template_refuses(cell_set s, enum service service, enum channel c)
{
    enum client_kind client = client_kind(c);

    if (service == SERVICE_NONE)
        return false;
    return has(s, CELL_ACCESS, service, has_own_switch(service, client) ? client : CLIENT_BROWSER);
}

bool template_refuses_app(cell_set s, enum channel c)
{
    return s & CELL_BIT(CELL_MOBILE_APP) && client_kind(c) == CLIENT_MOBILE;
}

bool template_keeps_files(cell_set s, enum service service, enum channel c)
{
    return client_kind(c) == CLIENT_MOBILE && has(s, CELL_DOWNLOAD, service, CLIENT_MOBILE);
}
