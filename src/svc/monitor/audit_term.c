/* svc/monitor/audit_term.c: the term, its announcement, and rows that go. */
#include "svc/monitor/audit_term.h"
#include "base/zone.h"
#include "core/policy.h"
#include "svc/monitor/audit_term_sql.h"

#define DAY_MS     INT64_C(86400000)
#define PIECE_ROWS 500

static int64_t midnight(struct ctx *x)
{
    sv zone = policy_text(x->policy, "tenant.time_zone");

    return zone_day_start_ms(zone, zone_day(zone, x->now_ms));
}

static int64_t days_in_force(struct ctx *x, const struct audit_term *t)
{
    int64_t wanted = policy_int(x->policy, "plan.audit_days");

    return t->days > wanted ? t->days : wanted;           /* a shorter one waits for its announcement */
}

bool audit_term_from(struct ctx *x, int64_t *ms)
{
    struct audit_term t;

    if (!audit_term_sql_read(x, &t))
        return false;
    *ms = midnight(x) - days_in_force(x, &t) * DAY_MS;
    return true;
}

bool audit_term_gone(struct ctx *x, struct tree *tree)
{
    struct audit_term t;

    if (!audit_term_sql_read(x, &t))
        return false;
    return tree_get(tree, (uint64_t)t.gone, t.frontier) ? true
                                                        : fail(&x->failure, E_INTERNAL, "the frontier of what is gone is damaged");
}

static void announce(struct ctx *x, const struct audit_term *t, int64_t holds_from_ms)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_int(&j, "old", t->days);
    json_int(&j, "new", t->next_days);
    json_time(&j, "from", holds_from_ms);
    json_close(&j);
    audit(x, AUDIT_AUDIT_TERM, ID_NONE, str_sv(&s));
}

bool audit_term_look(struct ctx *x, int64_t *notice_days, int64_t *holds_from_ms)
{
    int64_t wanted = policy_int(x->policy, "plan.audit_days");
    struct audit_term t;

    *notice_days = 0;
    if (!audit_term_sql_read(x, &t))
        return false;
    if (wanted >= t.days) {
        t.days = wanted;
        t.next_days = t.notice_ms = 0;
    } else if (t.next_days != wanted) {
        t.next_days = *notice_days = wanted;
        t.notice_ms = x->now_ms;
        *holds_from_ms = x->now_ms + TERM_NOTICE_DAYS * DAY_MS;
        announce(x, &t, *holds_from_ms);
    } else if (x->now_ms - t.notice_ms >= TERM_NOTICE_DAYS * DAY_MS) {
        t.days = wanted;
        t.next_days = t.notice_ms = 0;
    }
    return audit_term_sql_write(x, &t);
}

/* The last row that is beyond the term of now. */
static bool last_over(struct ctx *x, const struct audit_term *t, int64_t from_ms, int64_t *seq)
{
    struct tree now;
    int64_t first;

    if (!audit_term_sql_first_kept(x, t->gone, from_ms, &first) || !audit_load(x->db, &now))
        return false;
    if (first > (int64_t)now.size)
        first = (int64_t)now.size + 1;                    /* rows of this very batch have no number yet */
    *seq = first - 1;
    return true;
}

/* How far this night goes, and the row that says so. A term that grew in the middle of it ends it. */
static bool begin(struct ctx *x, struct audit_term *t)
{
    int64_t from_ms = midnight(x) - days_in_force(x, t) * DAY_MS, last;
    bool goes_on = t->target > t->gone;

    if (!last_over(x, t, from_ms, &last))
        return false;
    if (!goes_on || last < t->target)
        t->target = last;
    if (goes_on || t->target <= t->gone)
        return true;
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);
    json_open(&j, NULL);
    json_int(&j, "rows", t->target - t->gone);
    json_time(&j, "before", from_ms);
    json_close(&j);
    audit(x, AUDIT_AUDIT_ERASE, ID_NONE, str_sv(&s));
    return true;
}

bool audit_term_erase(struct ctx *x, bool *more)
{
    struct str frontier = STR_IN(x->arena);
    struct leaves leaves = {0};
    struct audit_term t;
    struct tree tree;

    *more = false;
    if (!audit_term_sql_read(x, &t) || !tree_get(&tree, (uint64_t)t.gone, t.frontier))
        return x->failure.code ? false : fail(&x->failure, E_INTERNAL, "the frontier of what is gone is damaged");
    if (!begin(x, &t))
        return false;
    int64_t upto = t.target - t.gone > PIECE_ROWS ? t.gone + PIECE_ROWS : t.target;
    if (upto <= t.gone)
        return audit_term_sql_write(x, &t);
    if (!audit_term_sql_leaves(x, t.gone, upto, &leaves))
        return false;
    if ((int64_t)leaves.n != upto - t.gone)
        return fail(&x->failure, E_INTERNAL, "rows of the audit are missing");
    for (size_t i = 0; i < leaves.n; i++)
        tree_add(&tree, &leaves.v[i]);
    tree_put(&tree, &frontier);
    t.gone = upto;
    t.frontier = str_sv(&frontier);
    *more = t.gone < t.target;
    return audit_term_sql_delete(x, upto) && audit_term_sql_write(x, &t);
}
