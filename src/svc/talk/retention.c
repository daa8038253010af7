/* svc/talk/retention.c: the period, and the night's erasing. */
#include "svc/talk/retention.h"
#include "base/clock.h"
#include "base/zone.h"
#include "core/policy.h"
#include "svc/talk/retention_sql.h"

#define PIECE 200                                         /* messages: some milliseconds */

int64_t talk_oldest_ms(const struct ctx *x)
{
    int64_t period = policy_ms(x->policy, "talk.retention");

    return period < 0 ? 0 : x->now_ms - period;
}

/* The tenant's first midnight from `ms` on: chores run then. */
static int64_t night_from(const struct ctx *x, int64_t ms)
{
    sv zone = policy_text(x->policy, "tenant.time_zone");

    return zone_day_start_ms(zone, zone_day(zone, ms - 1) + 1);
}

bool talk_retention_count(struct ctx *x, sv period, int64_t *messages, int64_t *from_ms)
{
    int64_t ms = 0;
    size_t i;

    *messages = 0;
    *from_ms = -1;
    ENSURE(policy_find(SV("talk.retention"), &i));
    if (!policy_check(i, period, &x->failure) || !duration_parse(period, &ms)) {
        x->failure.field = "period";
        return x->failure.code != E_NONE ? false : fail_field(&x->failure, "period", "no period");
    }
    if (ms < 0)
        return true;
    *from_ms = night_from(x, x->now_ms + RETENTION_WAIT_MS);
    return retention_sql_count(x, x->now_ms - ms, messages);
}

static void row(struct ctx *x, int64_t erased, int64_t below_ms)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_int(&j, "messages", erased);
    json_time(&j, "before", below_ms);
    json_close(&j);
    audit(x, AUDIT_TALK_ERASE, ID_NONE, str_sv(&s));
}

/* The last piece: what was hidden of what is gone goes too, and the row says how much the pieces erased. */
static bool run_end(struct ctx *x, int64_t below_ms)
{
    int64_t erased;

    if (!retention_sql_erased_take(x, &erased))
        return false;
    if (erased == 0)
        return true;
    row(x, erased, below_ms);
    return retention_sql_forget(x);
}

bool talk_retention_erase(struct ctx *x, bool *more)
{
    int64_t below_ms = talk_oldest_ms(x), changed_ms;
    struct list ids;
    const id64 *v;

    *more = false;
    if (!retention_sql_changed_ms(x, &changed_ms))
        return false;
    if (below_ms == 0 || x->now_ms < changed_ms + RETENTION_WAIT_MS)
        return run_end(x, below_ms);
    if (!retention_sql_oldest(x, below_ms, PIECE, &ids))
        return false;
    v = ids.v;
    for (size_t i = 0; i < ids.n; i++)
        if (!retention_sql_erase(x, v[i]))
            return false;
    *more = ids.n == PIECE;
    return retention_sql_erased_add(x, (int64_t)ids.n) && (*more || run_end(x, below_ms));
}
