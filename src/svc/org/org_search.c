/* svc/org/org_search.c: pages of members. Without a question the index gives the page; with one, all members are looked
 * at once in their order: their open fields are folded already, the sealed ones are read only where they decide. */
#include "svc/org/org.h"
#include "svc/org/org_sql.h"

#define SCRATCH (128 * 1024)

static bool filtered(struct ctx *x, enum member_filter f, const struct member_row *r)
{
    enum member_status now = member_status_now(r->status, &r->leave, x->now_ms);

    switch (f) {
    case FILTER_ACTIVE:
        return now == MEMBER_ACTIVE && r->start_ms <= x->now_ms;
    case FILTER_NOT_STARTED:
        return now == MEMBER_ACTIVE && r->start_ms > x->now_ms;
    case FILTER_SUSPENDED:
        return now == MEMBER_SUSPENDED;
    case FILTER_ON_LEAVE:
        return leave_lasts(&r->leave, x->now_ms);
    case FILTER_DELETED:
        return x->now_ms - r->deleted_ms < MEMBER_RESTORE_MS;
    case FILTER_NONE:
        break;
    }
    return true;
}

/* The sealed fields are opened only where the open ones do not decide. */
static bool matches(struct ctx *x, const struct member_match *match, struct member_scan *s, const struct member_row *r)
{
    if (match->n == 0)
        return true;
    sv folded = org_sql_scan_folded(s);
    return org_match(x, match, folded, SV("")) || org_match(x, match, folded, org_sql_scan_profile(s, r));
}

/* What was read of a row is not needed behind it: memory that is used again stays in the processor's cache. */
static void scratch_renew(struct ctx *x, struct arena **scratch)
{
    arena_free(scratch);
    *scratch = x->arena = arena_new(SCRATCH);
    db_use(x->db, *scratch, &x->failure);
}

/* The ids of the page, one more than its limit when there are more, and how many match altogether. */
static bool scan(struct ctx *x, const struct member_query *q, struct list *ids, int64_t *total)
{
    struct arena *mine = x->arena, *scratch = NULL;
    id64 *page = ANEWN(mine, id64, (size_t)q->limit + 1);
    bool behind = q->after.n == 0;
    struct member_match match;
    struct member_row r;
    size_t n = 0;

    org_match_begin(x, q->q, q->colleague, &match);
    struct member_scan s = org_sql_scan(x, q->unit, q->filter == FILTER_DELETED);
    scratch_renew(x, &scratch);
    for (*total = 0; org_sql_scan_next(&s, &r);) {
        bool hit = filtered(x, q->filter, &r) && matches(x, &match, &s, &r);
        *total += hit;
        if (hit && behind && (int64_t)n <= q->limit)
            page[n++] = r.id;
        behind = behind || r.id.n == q->after.n;
        if (arena_bytes(scratch) > SCRATCH * 3 / 2)
            scratch_renew(x, &scratch);
    }
    bool ok = rows_ok(&s.rows);
    rows_end(&s.rows);
    x->arena = mine;
    db_use(x->db, mine, &x->failure);
    arena_free(&scratch);
    *ids = (struct list){page, n};
    if (ok && !behind)
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64 " to continue behind", q->after.n);
    return ok;
}

bool org_member_search(struct ctx *x, const struct member_query *q, struct member_page *out)
{
    struct list ids;

    *out = (struct member_page){0};
    if (!q->q.n && q->filter == FILTER_NONE && !q->unit.n)
        return org_member_list(x, q->after, q->limit, &out->members, &out->more) && org_sql_count(x, &out->total);
    if (!scan(x, q, &ids, &out->total))
        return false;
    out->more = (int64_t)ids.n > q->limit;
    for (size_t i = 0; i < ids.n - out->more; i++)
        if (!org_sql_find(x, ((const id64 *)ids.v)[i], PUSH(x->arena, &out->members)))
            return x->failure.code == E_NONE ? fail(&x->failure, E_RETRY, "a member went while it was read") : false;
    return true;
}
