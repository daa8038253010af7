/* role/figures.h: figures for whoever watches the installation (Prometheus' text format).
 *     a role: figures_put() … into the payload of FIGURES_TELL
 *     control: figures_take() for each role's payload -> figures_write()
 * The table figures.def is all there is: a payload names its rows and values by number, so no process can bring in a name. */
#ifndef ENGAWA_ROLE_FIGURES_H
#define ENGAWA_ROLE_FIGURES_H

#include "net/ipc.h"

enum figure {
#define FIGURE(name, text, kind, label, values, help) FIGURE_##name,
#include "role/figures.def"
#undef FIGURE
    FIGURES
};

#define FIGURE_VALUES 24                                  /* most values of a label, with what a histogram needs */

/* Bounds of the histograms: microseconds, and operations. A histogram's values: as many counts as there are bounds, one more for
 * what is beyond, the sum. */
#define TIME_BUCKETS 13
#define SIZE_BUCKETS 7
extern const uint64_t figure_times_us[TIME_BUCKETS], figure_sizes[SIZE_BUCKETS];
size_t figure_time_bucket(uint64_t us);
size_t figure_size_bucket(uint64_t n);
size_t figure_status(int status);                         /* the label's value for an HTTP status */

/* Appends one value to a payload. */
void figures_put(struct str *payload, enum figure f, size_t value, uint64_t n);

/* What was added by counters since control began, and what is now. */
struct figures {
    uint64_t total[FIGURES][FIGURE_VALUES];               /* counters: for good */
    uint64_t now[FIGURES][FIGURE_VALUES];                 /* gauges: of this round */
};

/* What one process has told before; NULL at first, its owner frees it (xfree). */
struct figures_seen;

void figures_begin(struct figures *f);                    /* a new round */
/* False: the payload has no form. *seen is made when it is needed. */
bool figures_take(struct figures *f, struct figures_seen **seen, sv payload);
void figures_write(const struct figures *f, struct str *out);

#endif
