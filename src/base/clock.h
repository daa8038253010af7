/* base/clock.h: the two clocks, and time as text.
 * clock_ms() is UTC and may jump; durations and deadlines use clock_mono_ms(). Above net/ nobody calls these:
 * a request carries its one reading in ctx. A test build adds an offset that an operator's test operation sets. */
#ifndef ENGAWA_BASE_CLOCK_H
#define ENGAWA_BASE_CLOCK_H

#include "base/str.h"

int64_t clock_ms(void);                                   /* since 1970-01-01 UTC */
int64_t clock_mono_ms(void);                              /* since some start; never goes back */
int64_t clock_mono_us(void);

#ifdef ENGAWA_TEST
void clock_test_offset(int64_t ms);                       /* added to clock_ms() from now on: limits of the product hang
                                                             on it, those of the process on the monotonic clock */
void clock_test_still(bool still);                        /* clock_ms() stands at what it says, and only the offset moves it */
void clock_test_source(int64_t (*us)(void));              /* both clocks are this from now on (a simulation's); before any thread */
#endif

/* "2026-11-25T04:03:37.123Z" */
void time_put(struct str *out, int64_t ms);
sv   time_text(struct arena *a, int64_t ms);
bool time_read(sv text, int64_t *ms);                     /* what time_put() writes, and nothing else */

/* Days since 1970-01-01 of a civil date (proleptic Gregorian), and back. */
int64_t days_from_date(int year, int month, int day);
void    date_from_days(int64_t days, int *year, int *month, int *day);

/* ISO 8601 durations of the settings: PnD, PnM (30 days), PnY (365 days), PTnH, PTnM, PTnS, each once and
 * in this order; "none" is -1. False when malformed. */
bool duration_parse(sv s, int64_t *ms);

#endif
