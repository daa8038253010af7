/* svc/monitor/audit_term_test.c: the term of the audit log: what is beyond it is absent at once and erased in pieces, the
 * tree goes on, and a shorter term waits for its announcement. */
#include "svc/monitor/audit_term.h"

#include "core/core_test.h"
#include "svc/monitor/audit_log.h"

#define DAY_MS INT64_C(86400000)

/* So many rows at the clock's time, through the writer's shape. */
static void rows(struct fixture *f, size_t n)
{
    struct audit_row *v = ANEWN(f->a, struct audit_row, n);
    struct tree t = f->t->tree;

    fixture_begin(f);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct audit_row){.kind = AUDIT_SETTING, .time_ms = f->x.now_ms, .ip = SV(""), .count = 1, .detail = SV("{}")};
    REQUIRE(audit_store(f->d, f->a, FIXTURE_TENANT, &t, v, n));
    REQUIRE(fixture_commit(f));
    f->t->tree = t;
}

static int64_t left(struct fixture *f)
{
    return FIXTURE_INT(f, "SELECT COUNT(*) FROM audit");
}

static int erase_all(struct fixture *f)
{
    bool more = true;
    int pieces = 0;

    for (; more && pieces < 100; pieces++)
        CHECK(audit_term_erase(&f->x, &more));
    return pieces;
}

TEST_BOTH(audit_term_erases_from_the_beginning_on_and_the_tree_goes_on)
{
    PROVES("AUD-02");
    struct tree gone;
    int64_t from;

    rows(f, 1201);
    f->x.now_ms += 100 * DAY_MS;
    rows(f, 30);
    CHECK_INT(erase_all(f), 1);
    CHECK_INT(left(f), 1231);
    f->x.now_ms += 81 * DAY_MS;
    struct sha256 root = tree_root(&f->t->tree);
    fixture_call(f);
    CHECK(audit_term_from(&f->x, &from));
    CHECK_INT(f->x.audits.n, 0);
    CHECK_INT(erase_all(f), 3);                           /* 500 rows a piece */
    CHECK_INT(left(f), 30);
    REQUIRE(f->x.audits.n == 1);                          /* one row for the night, with the number */
    CHECK(sv_find(f->x.audits.v[0].detail, SV("\"rows\":1201"), NULL));
    REQUIRE(audit_term_gone(&f->x, &gone));
    CHECK_INT((int64_t)gone.size, 1201);
    /* The rows that are left give the same root from there on. */
    ROWS r = db_query(f->d, "SELECT leaf FROM audit ORDER BY seq");
    while (rows_next(&r)) {
        struct sha256 leaf;
        memcpy(leaf.b, row_blob(&r, 0).p, sizeof(leaf.b));
        tree_add(&gone, &leaf);
    }
    CHECK(rows_ok(&r));
    struct sha256 again = tree_root(&gone);
    CHECK_BYTES(again.b, root.b, 32);
    fixture_call(f);
    CHECK_INT(erase_all(f), 1);
    CHECK_INT((int64_t)f->x.audits.n, 0);
}

TEST_BOTH(audit_term_shorter_waits_fourteen_days)
{
    PROVES("AUD-02");
    int64_t notice, from;

    rows(f, 5);
    f->x.now_ms += 20 * DAY_MS;
    CHECK(audit_term_look(&f->x, &notice, &from));
    CHECK_INT(notice, 0);
    fixture_setting(f, "plan.audit_days", "14");
    fixture_call(f);
    CHECK(audit_term_look(&f->x, &notice, &from));
    CHECK_INT(notice, 14);
    CHECK_INT(from, f->x.now_ms + 14 * DAY_MS);
    CHECK_INT((int64_t)f->x.audits.n, 1);
    fixture_call(f);
    CHECK(audit_term_look(&f->x, &notice, &from));        /* said once */
    CHECK_INT(notice, 0);
    erase_all(f);
    CHECK_INT(left(f), 5);
    f->x.now_ms += 14 * DAY_MS - 1;
    CHECK(audit_term_look(&f->x, &notice, &from));
    erase_all(f);
    CHECK_INT(left(f), 5);
    f->x.now_ms++;
    CHECK(audit_term_look(&f->x, &notice, &from));
    erase_all(f);
    CHECK_INT(left(f), 0);
    fixture_setting(f, "plan.audit_days", "365");         /* a longer one holds at once */
    fixture_call(f);
    CHECK(audit_term_look(&f->x, &notice, &from));
    CHECK(audit_term_from(&f->x, &from));
    CHECK(from <= f->x.now_ms - 365 * DAY_MS);
}

TEST_BOTH(audit_term_taken_back_is_announced_anew)
{
    int64_t notice, from;

    CHECK(audit_term_look(&f->x, &notice, &from));
    fixture_setting(f, "plan.audit_days", "30");
    CHECK(audit_term_look(&f->x, &notice, &from));
    CHECK_INT(notice, 30);
    fixture_setting(f, "plan.audit_days", "180");
    CHECK(audit_term_look(&f->x, &notice, &from));
    f->x.now_ms += 20 * DAY_MS;
    fixture_setting(f, "plan.audit_days", "30");
    CHECK(audit_term_look(&f->x, &notice, &from));
    CHECK_INT(notice, 30);
    CHECK_INT(from, f->x.now_ms + 14 * DAY_MS);
}

TEST_BOTH(audit_term_that_grows_while_rows_go_keeps_the_rest)
{
    PROVES("AUD-02");
    bool more = false;

    rows(f, 1201);
    f->x.now_ms += 181 * DAY_MS;
    rows(f, 30);
    fixture_call(f);
    CHECK(audit_term_erase(&f->x, &more));
    CHECK(more);
    CHECK_INT(left(f), 731);
    fixture_setting(f, "plan.audit_days", "365");
    CHECK_INT(erase_all(f), 1);
    CHECK_INT(left(f), 731);
    fixture_setting(f, "plan.audit_days", "180");         /* and as before it goes on */
    fixture_call(f);
    CHECK_INT(erase_all(f), 2);
    CHECK_INT(left(f), 30);
    REQUIRE(f->x.audits.n == 1);
    CHECK(sv_find(f->x.audits.v[0].detail, SV("\"rows\":701"), NULL));
}
