/* api/day.c: days in questions. */
#include "api/day.h"
#include "base/zone.h"
#include "core/policy.h"

bool query_day(struct ctx *x, sv date, const char *field, int64_t days, int64_t *ms)
{
    int64_t day;

    if (date.n == 0)
        return true;
    if (!date_parse(date, &day))
        return fail_field(&x->failure, field, "no day");
    *ms = zone_day_start_ms(policy_text(x->policy, "tenant.time_zone"), day + days);
    return true;
}
