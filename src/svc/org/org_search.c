/* svc/org/org_search.c: pages of members. Without a question the index gives the page; with one, all members are looked
 * at once in their order: their open fields are folded already, the sealed ones are read only where they decide. */
#include "svc/org/org.h"
#include "svc/org/org_sql.h"

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
    return org_match(x, match, r->folded, SV("")) || org_match(x, match, r->folded, org_sql_scan_profile(s, r));
}

/* The ids of the page, one more than its limit when there are more, and how many match altogether. */
static bool scan(struct ctx *x, const struct member_query *q, struct list *ids, int64_t *total)
{
    struct member_scan s = org_sql_scan(x, q->unit, q->filter == FILTER_DELETED);
    id64 *page = ANEWN(x->arena, id64, (size_t)q->limit + 1);
    bool behind = q->after.n == 0;
    struct member_match match;
    struct member_row r;
    size_t n = 0;

    org_match_begin(x, q->q, q->colleague, &match);
    for (*total = 0; org_sql_scan_next(&s, &r);) {
        bool hit = filtered(x, q->filter, &r) && matches(x, &match, &s, &r);
        *total += hit;
        if (hit && behind && (int64_t)n <= q->limit)
            page[n++] = r.id;
        behind = behind || r.id.n == q->after.n;
    }
    bool ok = rows_ok(&s.rows);
    rows_end(&s.rows);
    *ids = (struct list){page, n};
    if (ok && !behind)
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64 " to continue behind", q->after.n);
    return ok;
}

/* A scan leaves much behind: it gets an arena of its own, and only the page is read into the request's. */
static bool scan_apart(struct ctx *x, const struct member_query *q, struct list *ids, int64_t *total)
{
    struct arena *mine = x->arena, *apart = arena_new(256 * 1024);
    struct list found = {0};

    x->arena = apart;
    db_use(x->db, apart, &x->failure);
    bool ok = scan(x, q, &found, total);
    x->arena = mine;
    db_use(x->db, mine, &x->failure);
    *ids = (struct list){arena_dup(mine, found.v, found.n * sizeof(id64)), found.n};
    arena_free(&apart);
    return ok;
}

bool org_member_search(struct ctx *x, const struct member_query *q, struct member_page *out)
{
    struct list ids;

    *out = (struct member_page){0};
    if (!q->q.n && q->filter == FILTER_NONE && !q->unit.n)
        return org_member_list(x, q->after, q->limit, &out->members, &out->more) && org_sql_count(x, &out->total);
    if (!scan_apart(x, q, &ids, &out->total))
        return false;
    out->more = (int64_t)ids.n > q->limit;
    for (size_t i = 0; i < ids.n - out->more; i++)
        if (!org_sql_find(x, ((const id64 *)ids.v)[i], PUSH(x->arena, &out->members)))
            return x->failure.code == E_NONE ? fail(&x->failure, E_RETRY, "a member went while it was read") : false;
    return true;
}
