/* base/zone.h: days of a time zone. A zone is an IANA name; its rule is the one that holds from now on (zone.def), which
 * is enough for days to come and those just past. An unknown name is UTC. */
#ifndef ENGAWA_BASE_ZONE_H
#define ENGAWA_BASE_ZONE_H

#include "base/str.h"

bool    zone_known(sv name);
int64_t zone_offset_ms(sv name, int64_t ms);              /* what is added to UTC at that moment */
/* A day as days since 1970-01-01 (base/clock.h), by the zone's own calendar. */
int64_t zone_day(sv name, int64_t ms);
int64_t zone_day_start_ms(sv name, int64_t day);          /* its first moment */

/* "2026-11-25" <-> days. False: not of this form, or no day of the calendar. */
bool date_parse(sv s, int64_t *day);
sv   date_text(struct arena *a, int64_t day);

#endif
