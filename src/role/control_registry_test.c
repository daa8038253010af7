/* role/control_registry_test.c: tenants by number and by name over restarts, and the operators' log. */
#include "base/fault.h"
#include "base/test.h"
#include "crypt/hash.h"
#include "role/control_registry.h"
#include "store/db_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    char path[40];
    int back;
    struct secret key;
    struct failure f;
};

static struct registry *place_open(struct place *p)
{
    return registry_open(&p->key, DB_AES256, &p->f);
}

static struct place place_new(void)
{
    struct place p = {.path = "/tmp/engawa-registry-XXXXXX"};

    crypt_warm();
    secret_random(&p.key, 32);
    p.back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(mkdtemp(p.path) && chdir(p.path) == 0);
    return p;
}

static void place_free(struct place *p)
{
    unlink("registry.db");
    unlink("registry.db-wal");
    unlink("registry.db-shm");
    CHECK_INT(fchdir(p->back), 0);
    CHECK_INT(rmdir(p->path), 0);
    close(p->back);
}

TEST(workgroup_names)
{
    static const struct { const char *in, *out; } t[] = {
        {"ofuna", "ofuna"}, {"Ofuna-2.co.jp", "ofuna-2.co.jp"}, {"a1", "a1"}, {"a", NULL}, {"", NULL}, {"-ab", NULL}, {"ab-", NULL},
        {".ab", NULL}, {"a b", NULL}, {"大船", NULL}, {"a/b", NULL}, {"a\nb", NULL},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        char out[WORKGROUP_MAX + 1];
        bool good = workgroup_read(sv_c(t[i].in), out);
        CHECK_INT_AT(i, good, t[i].out != NULL);
        if (good)
            CHECK_STR_AT(i, sv_c(out), sv_c(t[i].out));
    }
}

TEST(registry_over_restarts)
{
    struct place p = place_new();
    struct tenant_row a = {.number = 11, .workgroup = SV("ofuna"), .company = SV("大船店"), .opened_ms = 5, .state = TENANT_OPENING};
    struct tenant_row b = {.number = 12, .workgroup = SV("zushi"), .company = SV("逗子店"), .state = TENANT_OPEN};
    struct tenant_row d = {.number = 13, .workgroup = SV(""), .company = SV(""), .state = TENANT_DECOY_NEW}, *t;

    struct registry *r = place_open(&p);
    REQUIRE(r != NULL);
    CHECK(registry_add(r, &a, &p.f) && registry_add(r, &b, &p.f) && registry_add(r, &d, &p.f));
    CHECK(!registry_add(r, &(struct tenant_row){.number = 14, .workgroup = SV("zushi"), .company = SV("x")}, &p.f));
    CHECK_INT(p.f.code, E_CONFLICT);
    failure_clear(&p.f);
    CHECK(registry_state(r, registry_find(r, 11), TENANT_OPEN, &p.f));
    CHECK(registry_remove(r, registry_find(r, 12), &p.f));
    registry_close(&r);

    r = place_open(&p);
    REQUIRE(r != NULL);
    t = registry_find_name(r, SV("OFUNA"));
    REQUIRE(t != NULL);
    CHECK_INT(t->number, 11);
    CHECK_INT(t->state, TENANT_OPEN);
    CHECK_INT(t->opened_ms, 5);
    CHECK_STR(t->company, SV("大船店"));
    CHECK(!registry_find(r, 12));
    CHECK(!registry_find_name(r, SV("zushi")));
    CHECK(!registry_find_name(r, SV("")));
    CHECK(registry_decoy(r) && registry_decoy(r)->number == 13);
    t = registry_next(r, NULL);
    CHECK(t && t->number == 11);
    t = registry_next(r, t);
    CHECK(t && t->number == 13 && !registry_next(r, t));
    registry_close(&r);
    place_free(&p);
}

TEST(registry_refuses_another_key)
{
    struct place p = place_new();
    struct registry *r = place_open(&p);

    REQUIRE(r != NULL);
    registry_close(&r);
    secret_random(&p.key, 32);
    r = place_open(&p);
    CHECK(r == NULL);
    CHECK(p.f.code != E_NONE);
    registry_close(&r);
    place_free(&p);
}

TEST(operators_log)
{
    struct place p = place_new();
    struct arena *a = arena_new(4096);
    struct ops_row row = {.uid = 1000, .what = SV("tenant.open"), .workgroup = SV("ofuna"), .result = SV("ok")};
    size_t n = 0;

    struct registry *r = place_open(&p);
    REQUIRE(r != NULL);
    CHECK(registry_log(r, &row, &p.f) && registry_log(r, &row, &p.f));
    registry_close(&r);
    r = place_open(&p);
    REQUIRE(r != NULL);
    row.result = SV("conflict");
    CHECK(registry_log(r, &row, &p.f));
    struct ops_row *rows = registry_log_read(r, a, 0, 2, &n, &p.f);
    REQUIRE(n == 2);
    CHECK_INT(rows[0].seq, 3);
    CHECK_STR(rows[0].result, SV("conflict"));
    CHECK_INT(rows[1].seq, 2);
    CHECK_INT(rows[1].uid, 1000);
    rows = registry_log_read(r, a, 2, 9, &n, &p.f);
    CHECK_INT(n, 1);
    CHECK_INT(rows[0].seq, 1);
    registry_close(&r);
    arena_free(&a);
    place_free(&p);
}

/* What somebody with the file's key does behind the program's back. */
static void tamper(struct place *p, const char *sql)
{
    struct db_options o = {.path = "registry.db", .key = &p->key, .cipher = DB_AES256};
    struct arena *a = arena_new(4096);
    struct db *d = db_open(&o, &p->f);

    REQUIRE(d != NULL);
    db_use(d, a, &p->f);
    CHECK(db_run_text(d, sql));
    db_close(&d);
    arena_free(&a);
}

TEST(operators_log_shows_what_is_missing_or_altered)
{
    static const struct { const char *sql; int64_t wrong; bool missing, head; } t[] = {
        {"SELECT 1", 0, false, true},
        {"DELETE FROM ops_log WHERE seq = 3", 3, true, false},
        {"DELETE FROM ops_log WHERE seq = 1", 1, true, false},
        {"DELETE FROM ops_log WHERE seq = 5", 5, true, false},
        {"UPDATE ops_log SET result = 'ok' WHERE seq = 4", 4, false, false},
        {"UPDATE ops_log SET uid = 0 WHERE seq = 2", 2, false, false},
        {"UPDATE ops_log SET seq = -7 WHERE seq = 2", 1, true, false},
        {"DELETE FROM ops_log WHERE seq = 3; UPDATE ops_log SET seq = seq - 1 WHERE seq > 3", 3, false, false},
        /* The whole tree made anew, as a program of the attacker's could: only the signed head tells. */
        {"UPDATE ops_log SET result = 'ok', leaf = NULL WHERE seq = 4; UPDATE ops_log SET leaf = NULL;"
         " UPDATE ops_tree SET size = 0, frontier = ''", 0, false, false},
    };

    PROVES("PLT-22");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct place p = place_new();
        struct ops_row row = {.uid = 1000, .what = SV("tenant.open"), .workgroup = SV("ofuna"), .result = SV("conflict")};
        struct ops_check check;
        struct sha256 root;
        uint64_t size;

        struct registry *r = place_open(&p);
        REQUIRE(r != NULL);
        for (int k = 0; k < 5; k++)
            CHECK(registry_log(r, &row, &p.f));
        registry_log_head(r, &size, &root);
        CHECK_INT(size, 5);
        registry_close(&r);
        tamper(&p, t[i].sql);
        r = place_open(&p);
        REQUIRE(r != NULL);
        CHECK(registry_log_check(r, size, &root, &check, &p.f));
        CHECK_INT_AT(i, check.wrong, t[i].wrong);
        CHECK_INT_AT(i, check.missing, t[i].missing);
        CHECK_INT_AT(i, check.head, t[i].head);
        registry_close(&r);
        place_free(&p);
    }
}

/* More than the check looks at in one go: a copy of the first row's text, with leaves of their own. */
TEST(operators_log_is_checked_to_its_end)
{
    static const struct { const char *sql; int64_t wrong; bool missing; } t[] = {
        {"SELECT 1", 0, false},
        {"UPDATE ops_log SET uid = 0 WHERE seq = 1001", 1001, false},
        {"DELETE FROM ops_log WHERE seq = 500", 500, true},
        {"DELETE FROM ops_log WHERE seq = 501", 501, true},
        {"DELETE FROM ops_log WHERE seq > 1000", 1001, true},
    };

    PROVES("PLT-22");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct place p = place_new();
        struct ops_row row = {.uid = 1000, .what = SV("tenant.open"), .workgroup = SV("ofuna"), .result = SV("ok")};
        struct ops_check check;
        struct sha256 root;
        uint64_t size;

        struct registry *r = place_open(&p);
        REQUIRE(r != NULL);
        CHECK(registry_log(r, &row, &p.f));
        registry_close(&r);
        tamper(&p, "INSERT INTO ops_log (seq, time_ms, uid, what, workgroup, result)"
                   " WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)"
                   " SELECT i, time_ms, uid, what, workgroup, result FROM n, ops_log WHERE seq = 1;"
                   " UPDATE ops_log SET leaf = NULL; UPDATE ops_tree SET size = 0, frontier = ''");
        r = place_open(&p);                               /* plants the leaves */
        REQUIRE(r != NULL);
        registry_log_head(r, &size, &root);
        CHECK_INT(size, 1100);
        registry_close(&r);
        tamper(&p, t[i].sql);
        r = place_open(&p);
        REQUIRE(r != NULL);
        CHECK(registry_log_check(r, size, &root, &check, &p.f));
        CHECK_INT_AT(i, check.wrong, t[i].wrong);
        CHECK_INT_AT(i, check.missing, t[i].missing);
        registry_close(&r);
        place_free(&p);
    }
}

TEST(operators_log_that_cannot_be_written)
{
    struct place p = place_new();
    struct ops_row row = {.uid = 1, .what = SV("health"), .workgroup = SV(""), .result = SV("ok")};
    struct sha256 root;
    uint64_t size;

    struct registry *r = place_open(&p);
    REQUIRE(r != NULL);
    fault_set("disk.full", 1, FAULT_FAIL);
    CHECK(!registry_log(r, &row, &p.f));
    CHECK(p.f.code != E_NONE);
    fault_clear();
    failure_clear(&p.f);
    CHECK(registry_log(r, &row, &p.f));
    registry_log_head(r, &size, &root);
    CHECK_INT(size, 1);                                   /* the one refused left nothing */
    registry_close(&r);
    place_free(&p);
}

static bool sleeps(const struct tenant_row *t)
{
    return !t->running;
}

TEST(moments_are_kept_and_the_first_is_found)
{
    struct place p = place_new();
    struct registry *r = place_open(&p);
    static const struct { int64_t number, due_ms; const char *name; } t[] = {{11, 3000, "eins"}, {12, 1000, "zwei"}, {13, 2000, "drei"},
                                                                  {14, 0, "vier"}};

    for (size_t i = 0; i < COUNT(t); i++) {
        struct tenant_row row = {.number = t[i].number, .workgroup = sv_c(t[i].name), .company = SV("x")};
        REQUIRE(registry_add(r, &row, &p.f));
        registry_find(r, t[i].number)->due_told_ms = t[i].due_ms;
    }
    CHECK(!registry_due(r, sleeps));                      /* told is not kept */
    CHECK(registry_due_keep(r, &p.f));
    CHECK_INT(registry_due(r, sleeps)->number, 12);
    registry_find(r, 12)->due_told_ms = 0;
    registry_close(&r);                                   /* what was told since is forgotten, what was kept is not */
    r = place_open(&p);
    REQUIRE(r);
    CHECK_INT(registry_due(r, sleeps)->number, 12);
    registry_find(r, 12)->running = true;
    CHECK_INT(registry_due(r, sleeps)->number, 13);
    registry_find(r, 13)->due_told_ms = 0;
    CHECK(registry_due_keep(r, &p.f));
    CHECK_INT(registry_due(r, sleeps)->number, 11);
    registry_close(&r);
    place_free(&p);
}

TEST(registry_knows_how_backups_and_drills_ended)
{
    struct place p = place_new();
    struct registry *r = place_open(&p);
    struct arena *a = arena_new(4096);
    struct backup_state s;
    size_t n;

    REQUIRE(r != NULL);
    CHECK(registry_backup_state(r, &s, &p.f) && !s.begun_ms && !s.failed && !s.drill_ms && !s.equal_ms);
    const struct backup_row rows[] = {
        {.begun_ms = 10, .ended_ms = 20, .bytes = 5, .tenants = 2, .why = SV(""), .id = SV("aa")},
        {.begun_ms = 30, .ended_ms = 31, .why = SV("full"), .id = SV("")},
        {.begun_ms = 5, .ended_ms = 6, .bytes = 4, .tenants = 1, .why = SV(""), .id = SV("")},      /* of before ids were kept */
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_AT(i, registry_backup_add(r, &rows[i], &p.f));
    CHECK(registry_backup_state(r, &s, &p.f) && s.begun_ms == 10 && s.ended_ms == 20 && s.bytes == 5 && s.failed);
    const struct drill_row good = {.ended_ms = 40, .backup_ms = 0, .equal = true, .place = SV(""), .id = SV("aa")};
    const struct drill_row bad = {.ended_ms = 50, .backup_ms = 5, .place = SV("registry/registry.db"), .id = SV("bb")};
    const struct drill_row foreign = {.ended_ms = 60, .backup_ms = 10, .equal = true, .place = SV(""), .id = SV("cc")};
    const struct drill_row never_made = {.ended_ms = 60, .backup_ms = 30, .equal = true, .place = SV(""), .id = SV("dd")};
    CHECK(registry_drill_add(r, &good, &p.f) && registry_drill_add(r, &bad, &p.f));
    CHECK(!registry_drill_add(r, &foreign, &p.f));        /* an id is known of that one, and it is another */
    CHECK_INT(p.f.code, E_NOT_FOUND);
    failure_clear(&p.f);
    CHECK(!registry_drill_add(r, &never_made, &p.f));
    failure_clear(&p.f);
    registry_close(&r);
    r = place_open(&p);
    CHECK(registry_backup_state(r, &s, &p.f) && s.drill_ms == 50 && !s.drill_equal && s.equal_ms == 40);
    const struct backup_row *got = registry_backups(r, a, 10, &n, &p.f);
    REQUIRE(n == 3);
    CHECK(got[0].begun_ms == 30 && sv_equal(got[0].why, SV("full")) && !got[0].drill_ms);
    CHECK(got[1].begun_ms == 10 && got[1].drill_ms == 40 && got[1].drill_equal);
    CHECK(got[2].begun_ms == 5 && got[2].drill_ms == 50 && !got[2].drill_equal);
    const struct backup_row whole = {.begun_ms = 70, .ended_ms = 80, .bytes = 5, .tenants = 2, .why = SV(""), .id = SV("ee")};
    CHECK(registry_backup_add(r, &whole, &p.f) && registry_backup_state(r, &s, &p.f) && !s.failed);
    registry_close(&r);
    arena_free(&a);
    place_free(&p);
}
