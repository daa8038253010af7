/* role/status.h: the status page: from what probes found, and what the operator said, to a page that stands for itself. What was
 * found is kept as periods, three months long; a run of probes makes the last period of a service longer or begins another.
 *     status_read() -> status_add() for each service -> status_forget() -> status_write(), status_page(), status_json()
 * No data of tenants comes in. */
#ifndef ENGAWA_ROLE_STATUS_H
#define ENGAWA_ROLE_STATUS_H

#include "base/str.h"
#include "base/vec.h"

#define STATUS_KEPT_MS (INT64_C(92) * 86400000)           /* three months */
#define STATUS_GAP_MS  (INT64_C(5) * 60000)               /* longer without a probe: what was between is not known */
#define STATUS_SLOW_MS 3000

enum status_service { SERVICE_WEB, SERVICE_SIGN_IN, SERVICE_TALK, SERVICES };
enum status_state { STATE_GOOD, STATE_SLOW, STATE_PARTLY, STATE_DOWN, STATE_MAINTENANCE, STATES };

struct period {
    int64_t from_ms, until_ms;
    enum status_service service;
    enum status_state state;
};

struct status_note {
    int64_t from_ms, until_ms;
    bool maintenance;
    int service;                                          /* -1: all of them */
    sv ja, en;
};

struct status {
    struct arena *arena;
    VEC(struct period) periods;                           /* by their beginnings */
    VEC(struct status_note) notes;
};

const char *status_service_id(enum status_service s);     /* "web" */
bool status_service_read(sv id, int *out);                /* "" is -1 */
const char *status_state_id(enum status_state s);

/* Two tries of a probe: did they succeed, how long did the slower one take? */
enum status_state status_of_tries(int good, int64_t slowest_ms);

/* Lines of tabs; false: one that is none, at *line. */
bool status_read(struct status *s, sv history, sv notes, int *line);
void status_add(struct status *s, enum status_service service, enum status_state found, int64_t now_ms);
void status_forget(struct status *s, int64_t now_ms);
void status_write(const struct status *s, struct str *history);
void status_note_write(struct str *out, const struct status_note *n);

void status_page(const struct status *s, int64_t now_ms, bool english, struct str *out);
void status_json(const struct status *s, int64_t now_ms, struct str *out);
extern const char status_css[];

#endif
