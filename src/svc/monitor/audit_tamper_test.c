/* svc/monitor/audit_tamper_test.c: A28 in the store: whoever changes the rows of the log, by hand or by the rules of its
 * hashing, is found at the first row; what fits by itself does not fit the head that was signed. TAMPERINGS=1000 SEED=n. */
#include "svc/monitor/audit_check.h"

#include "core/core_test.h"

#include <stdlib.h>
#include <string.h>

#define LOG_ROWS 160

enum kind { EDIT, DELETE, INSERT, REORDER, TRUNCATE, REHASH, FORK, ROLLBACK, KINDS };
static const char *const names[KINDS] = {"edit", "delete", "insert", "reorder", "truncate", "edit hashed anew", "fork", "rollback"};

/* What the check has to say: the row, or that the rows do not give the tree, or that the tree does not give the head. */
struct want {
    int64_t wrong;
    bool tree, head;
};

static void rows_add(struct fixture *f, struct tree *t, size_t n, const char *detail)
{
    struct audit_row *v = ANEWN(f->a, struct audit_row, n);

    for (size_t i = 0; i < n; i++)
        v[i] = (struct audit_row){.kind = AUDIT_SETTING, .time_ms = f->x.now_ms + (int64_t)i, .ip = SV("127.0.0.1"), .object = {(int64_t)i + 5},
                                  .count = 1, .detail = sv_c(detail)};
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, t, v, n));
}

/* The tree of the first n rows. */
static struct tree tree_of(struct fixture *f, int64_t n)
{
    struct tree t = {0};
    ROWS r = db_query(f->d, "SELECT leaf FROM audit WHERE seq <= $1 ORDER BY seq", INT(n));

    while (rows_next(&r)) {
        struct sha256 leaf;
        memcpy(leaf.b, row_blob(&r, 0).p, sizeof(leaf.b));
        tree_add(&t, &leaf);
    }
    return t;
}

static bool edit(struct fixture *f, int64_t at, uint64_t column)
{
    switch (column % 11) {
    case 0:
        return db_exec(f->d, "UPDATE audit SET time_ms = time_ms + 1 WHERE seq = $1", INT(at));
    case 1:
        return db_exec(f->d, "UPDATE audit SET actor = actor + 1 WHERE seq = $1", INT(at));
    case 2:
        return db_exec(f->d, "UPDATE audit SET channel = channel + 1 WHERE seq = $1", INT(at));
    case 3:
        return db_exec(f->d, "UPDATE audit SET ip = '127.0.0.2' WHERE seq = $1", INT(at));
    case 4:
        return db_exec(f->d, "UPDATE audit SET kind = 'member.add' WHERE seq = $1", INT(at));
    case 5:
        return db_exec(f->d, "UPDATE audit SET object = object + 1 WHERE seq = $1", INT(at));
    case 6:
        return db_exec(f->d, "UPDATE audit SET result = 'forbidden' WHERE seq = $1", INT(at));
    case 7:
        return db_exec(f->d, "UPDATE audit SET count = count + 1 WHERE seq = $1", INT(at));
    case 8:
        return db_exec(f->d, "UPDATE audit SET detail = $1 WHERE seq = $2", SEALED("audit.detail", at, SV("{\"a\":2}")), INT(at));
    case 9:
        return db_exec(f->d, "UPDATE audit SET salt = $1 WHERE seq = $2", BLOB(SV("0123456789abcdef")), INT(at));
    default:
        return db_exec(f->d, "UPDATE audit SET leaf = $1 WHERE seq = $2", BLOB(SV("0123456789abcdef0123456789abcdef")), INT(at));
    }
}

/* Room for one row at `at`, filled by a copy of the row before it or, at the first place, behind it. */
static bool insert(struct fixture *f, int64_t at)
{
    return db_exec(f->d, "UPDATE audit SET seq = -seq WHERE seq >= $1", INT(at))
        && db_exec(f->d, "UPDATE audit SET seq = -seq + 1 WHERE seq < 0")
        && db_exec(f->d, "INSERT INTO audit (seq, time_ms, actor, channel, ip, kind, object, result, count, detail, detail_hash, salt, leaf, log)"
                         " SELECT $1, time_ms, actor, channel, ip, kind, object, result, count, detail, detail_hash, salt, leaf, log"
                         " FROM audit WHERE seq = $2", INT(at), INT(at > 1 ? at - 1 : LOG_ROWS));
}

static bool swap(struct fixture *f, int64_t a, int64_t b)
{
    return db_exec(f->d, "UPDATE audit SET seq = -1 WHERE seq = $1", INT(a))
        && db_exec(f->d, "UPDATE audit SET seq = $1 WHERE seq = $2", INT(a), INT(b))
        && db_exec(f->d, "UPDATE audit SET seq = $1 WHERE seq = -1", INT(b));
}

static bool cut(struct fixture *f, int64_t from)
{
    return db_exec(f->d, "DELETE FROM audit WHERE seq >= $1", INT(from));
}

static bool tree_set(struct fixture *f, const struct tree *t)
{
    struct str frontier = STR_IN(f->a);

    tree_put(t, &frontier);
    return db_exec(f->d, "UPDATE audit_tree SET size = $1, frontier = $2 WHERE id = 1", INT((int64_t)t->size), BLOB(str_sv(&frontier)));
}

/* An altered row whose leaf is right again: the tree that stands in the store is not. */
static bool rehash(struct fixture *f, int64_t at)
{
    struct sha256 detail = sha256(SV("{\"a\":2}"));
    struct audit_row row = {.seq = at, .time_ms = 77, .kind = AUDIT_SETTING, .ip = SV("127.0.0.1"), .count = 1};
    struct str bytes = STR_IN(f->a);

    audit_canonical(&bytes, FIXTURE_TENANT, &row, &detail);
    str_put(&bytes, SV("0123456789abcdef"));
    struct sha256 leaf = tree_leaf(str_sv(&bytes));
    return db_exec(f->d, "UPDATE audit SET time_ms = 77, actor = 0, channel = 0, object = 0, detail = $1, detail_hash = $2, salt = $3, leaf = $4 WHERE seq = $5",
                   SEALED("audit.detail", at, SV("{\"a\":2}")), BLOB(sv_n(detail.b, 32)), BLOB(SV("0123456789abcdef")), BLOB(sv_n(leaf.b, 32)), INT(at));
}

static struct want tamper(struct fixture *f, enum kind kind, int64_t at, uint64_t die)
{
    int64_t other = 1 + (int64_t)(die % LOG_ROWS);
    struct tree t;

    switch (kind) {
    case EDIT:
        CHECK(edit(f, at, die));
        return (struct want){.wrong = at};
    case DELETE:
        CHECK(db_exec(f->d, "DELETE FROM audit WHERE seq = $1", INT(at)));
        return (struct want){.wrong = at == LOG_ROWS ? 0 : at};
    case INSERT:
        CHECK(insert(f, at));
        return (struct want){.wrong = at};
    case REORDER:
        other = other == at ? at % LOG_ROWS + 1 : other;
        CHECK(swap(f, at, other));
        return (struct want){.wrong = at < other ? at : other};
    case TRUNCATE:
        CHECK(cut(f, at));
        return (struct want){0};
    case REHASH:
        CHECK(rehash(f, at));
        return (struct want){0};
    case FORK:
        t = tree_of(f, at - 1);
        CHECK(cut(f, at));
        rows_add(f, &t, (size_t)(LOG_ROWS - at + 1), "{\"a\":3}");
        return (struct want){.tree = true};
    default:
        t = tree_of(f, at - 1);
        CHECK(cut(f, at) && tree_set(f, &t));
        return (struct want){.tree = true};
    }
}

/* A sealed detail that stands in another row does not open: the failure names the row. */
static int64_t row_named(const struct fixture *f, const struct audit_check *c)
{
    const char *row = f->x.failure.code == E_NONE ? NULL : strstr(f->x.failure.detail, "of row ");

    return c->wrong ? c->wrong : row ? strtoll(row + 7, NULL, 10) : 0;
}

TEST_BOTH(audit_tampered_with_in_the_store_is_found_at_its_row)
{
    int64_t times = (int64_t)test_env("TAMPERINGS", 96);
    uint64_t seed = test_seed(), s = seed;
    struct tree t = f->t->tree;
    int found[KINDS] = {0};

    PROVES("B12.03");
    fixture_begin(f);
    rows_add(f, &t, LOG_ROWS, "{\"a\":1}");
    CHECK(fixture_commit(f));
    struct sha256 head = tree_root(&t);
    CHECK_INT(t.size, LOG_ROWS);
    for (int64_t n = 0; n < times; n++) {
        enum kind kind = (enum kind)(n % KINDS);
        int64_t at = 1 + (int64_t)test_number(&s, LOG_ROWS);
        struct audit_check c;

        fixture_begin(f);
        struct want want = tamper(f, kind, at, test_number(&s, UINT64_MAX));
        fixture_call(f);
        bool ok = audit_check(&f->x, FIXTURE_TENANT, LOG_ROWS, &head, &c);
        bool as_wanted = ok || want.wrong ? row_named(f, &c) == want.wrong && c.tree == want.tree && !c.head : false;
        if (!as_wanted)
            CHECK_STR(sv_printf(f->a, "%s at row %" PRId64 ", seed %" PRIu64, names[kind], at, seed), SV("found"));
        found[kind] += as_wanted;
        fixture_rollback(f);
    }
    for (size_t k = 0; k < KINDS; k++)
        CHECK_AT(k, found[k] >= times / KINDS);
    struct audit_check c;
    fixture_call(f);
    CHECK(audit_check(&f->x, FIXTURE_TENANT, LOG_ROWS, &head, &c));
    CHECK(c.wrong == 0 && c.tree && c.head);              /* and untouched it is right */
}
