/* core/marks.h: how far members have read, gathered in memory until the writer takes them, once a second: many marks of
 * one member in one room are one row. A process that is killed loses the last second of them, and nobody misses it.
 *     marks_put() from any thread … marks_take() on the writer */
#ifndef ENGAWA_CORE_MARKS_H
#define ENGAWA_CORE_MARKS_H

#include "base/arena.h"

#define MARKS_MAX 8192

struct mark {
    int64_t room, member, seq;
};

struct marks;

struct marks *marks_new(void);
void   marks_free(struct marks **m);
bool   marks_put(struct marks *m, int64_t room, int64_t member, int64_t seq);   /* false: full, the writer is behind */
size_t marks_count(struct marks *m);
size_t marks_take(struct marks *m, struct arena *a, struct mark **out);         /* all of them; none are left */

#endif
