/* svc/monitor/audit_check_test.c: each way of changing a log is found, at its row. */
#include "svc/monitor/audit_check.h"

#include "core/core_test.h"
#include "svc/monitor/audit_term.h"

#define DAY_MS INT64_C(86400000)

static void rows(struct fixture *f, size_t n)
{
    struct audit_row *v = ANEWN(f->a, struct audit_row, n);
    struct tree t = f->t->tree;

    fixture_begin(f);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct audit_row){.kind = AUDIT_SETTING, .time_ms = f->x.now_ms, .ip = SV("127.0.0.1"), .count = 1, .detail = SV("{}")};
    REQUIRE(audit_store(f->d, f->a, FIXTURE_TENANT, &t, v, n));
    REQUIRE(fixture_commit(f));
    f->t->tree = t;
}

static struct audit_check check(struct fixture *f, uint64_t size, const struct sha256 *root)
{
    struct audit_check out = {0};

    fixture_call(f);
    CHECK(audit_check(&f->x, FIXTURE_TENANT, size, root, &out));
    return out;
}

TEST_BOTH(audit_check_finds_what_was_changed)
{
    struct sha256 head, other = {{1}};

    rows(f, 700);
    head = tree_root(&f->t->tree);
    rows(f, 1500);
    struct audit_check c = check(f, 700, &head);
    CHECK_INT(c.rows, 2200);
    CHECK(c.wrong == 0 && c.tree && c.head);
    CHECK(!check(f, 700, &other).head);
    CHECK(!check(f, 701, &head).head);
    CHECK(!check(f, 2201, &head).head);                   /* signed beyond what is there */
    fixture_begin(f);
    CHECK(db_exec(f->d, "UPDATE audit SET object = 7 WHERE seq = 1500"));
    CHECK_INT(check(f, 700, &head).wrong, 1500);
    CHECK(db_exec(f->d, "UPDATE audit SET object = 0 WHERE seq = 1500"));
    CHECK_INT(check(f, 700, &head).wrong, 0);
    CHECK(db_exec(f->d, "UPDATE audit SET detail = $1 WHERE seq = 3", SEALED("audit.detail", 3, SV("{ }"))));
    CHECK_INT(check(f, 700, &head).wrong, 3);
    CHECK(db_exec(f->d, "UPDATE audit SET detail = $1 WHERE seq = 3", SEALED("audit.detail", 3, SV("{}"))));
    CHECK(db_exec(f->d, "DELETE FROM audit WHERE seq = 2200"));
    c = check(f, 700, &head);
    CHECK(c.wrong == 0 && !c.tree);                       /* the end is cut off */
    CHECK(db_exec(f->d, "DELETE FROM audit WHERE seq = 12"));
    CHECK_INT(check(f, 700, &head).wrong, 12);
    db_rollback(f->d);
}

TEST_BOTH(audit_check_goes_on_from_rows_that_were_erased)
{
    bool more = true;

    rows(f, 600);
    struct sha256 early = tree_root(&f->t->tree);
    f->x.now_ms += 200 * DAY_MS;
    rows(f, 40);
    struct sha256 late = tree_root(&f->t->tree);
    while (more) {
        fixture_call(f);
        REQUIRE(audit_term_erase(&f->x, &more));
    }
    struct audit_check c = check(f, 640, &late);
    CHECK_INT(c.rows, 640);
    CHECK(c.wrong == 0 && c.tree && c.head);
    CHECK(check(f, 600, &early).head);
}
