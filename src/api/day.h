/* api/day.h: days in questions: of the tenant's calendar, "2026-11-26". */
#ifndef ENGAWA_API_DAY_H
#define ENGAWA_API_DAY_H

#include "core/ctx.h"

/* When the day begins, or the one `days` behind it; an empty text leaves *ms alone. E_INVALID_VALUE: no day. */
bool query_day(struct ctx *x, sv date, const char *field, int64_t days, int64_t *ms);

#endif
