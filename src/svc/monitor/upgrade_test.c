/* svc/monitor/upgrade_test.c: A18: databases as earlier versions left them (test/golden/formats/tenant-<n>.db, frozen, with rows in
 * every table of that time) are brought to the newest form: nothing in them is lost or altered, and a kill at any statement
 * leaves the old form or the new one. A new fixture is made by UPDATE_FIXTURES=1; one that is there is never written again. */
#include "base/fault.h"
#include "core/core_test.h"
#include "core/schema_sql.h"
#include "crypt/hash.h"
#include "store/column_fixture.h"
#include "svc/monitor/audit_check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define GOLDEN_TENANT 42
#define GOLDEN "test/golden/formats/tenant-%d.db"

static const int versions[] = { 1, 15, 72, 104 };

struct place {
    struct arena *a;
    struct failure f;
    struct secret key;
    char path[64];
};

static struct place place_new(void)
{
    struct place p = { .a = arena_new(256 * 1024), .key.n = 32 };

    crypt_warm();
    for (size_t i = 0; i < 32; i++)
        p.key.b[i] = (unsigned char)i;
    snprintf(p.path, sizeof(p.path), "build/unit-upgrade-%d.db", (int)getpid());
    return p;
}

static void place_clear(struct place *p)
{
    unlink(p->path);
    unlink(sv_cstr(p->a, sv_printf(p->a, "%s-wal", p->path)));
    unlink(sv_cstr(p->a, sv_printf(p->a, "%s-shm", p->path)));
}

static void place_end(struct place *p)
{
    place_clear(p);
    arena_free(&p->a);
}

static struct db *place_open(struct place *p)
{
    const struct db_options o = { .path = p->path, .key = &p->key, .flags = DB_CREATE, .tenant = GOLDEN_TENANT };
    struct db *d = db_open(&o, &p->f);

    if (d)
        db_use(d, p->a, &p->f);
    return d;
}

static sv file_of(struct arena *a, const char *path)
{
    FD fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t most = 1024 * 1024;
    char *bytes = fd < 0 ? NULL : arena_alloc(a, most);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, most);

    return n > 0 ? sv_n(bytes, (size_t)n) : SV_NONE;
}

static bool file_put(const char *path, sv bytes, int flags)
{
    FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | flags, 0644);

    return fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;
}

/* A copy of a fixture, opened. */
static struct db *place_at(struct place *p, int version)
{
    char path[64];

    snprintf(path, sizeof(path), GOLDEN, version);
    place_clear(p);
    return CHECK_AT(version, file_put(p->path, file_of(p->a, path), 0)) ? place_open(p) : NULL;
}

static int64_t first(struct rows r)
{
    int64_t n = rows_next(&r) ? row_int(&r, 0) : -1;

    rows_end(&r);
    return n;
}
#define NUMBER(d, ...) first(db_query((d), __VA_ARGS__))

/* ---- how the fixtures were made: what is inserted when the schema is at this version ---- */

#define MS "1700000000000"
#define LIFE(rows) CHECK(db_exec(d, rows))

static void life_1(struct db *d)
{
    LIFE("INSERT INTO tenant VALUES (1, 'kaede', " MS ", 2)");
}

static void life_15(struct db *d)
{
    LIFE("INSERT INTO member VALUES (11, 'mori', '森', '真由', 'モリ', 'マユ', 4, 1, 'ja', 0, " MS ", " MS ", x'6162'),"
         " (12, 'oka', '岡', '健', 'オカ', 'ケン', 1, 1, 'ja', 0, " MS ", 0, x'6364'), (13, 'abe', '阿部', '', '', '', 1, 2, 'en', 0, " MS ", 0, x'6566')");
    LIFE("INSERT INTO session VALUES (21, randomblob(32), 11, 0, 0, 1, '192.0.2.1', x'4d6f7a', " MS ", " MS ", " MS ")");
    LIFE("INSERT INTO setting VALUES (31, 'tenant.company_name', CAST('楓商事' AS BLOB), " MS ", 11)");
    LIFE("INSERT INTO room VALUES (101, '総務 縁側', 2, " MS ", 11, 3, 3), (102, '', 1, " MS ", 12, 2, 2)");
    LIFE("INSERT INTO room_member VALUES (101, 11, 1, 1, " MS "), (101, 12, 1, 2, " MS "), (101, 13, 1, 3, " MS "), (102, 11, 1, 4, " MS "), (102, 12, 1, 4, " MS ")");
    LIFE("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO message (id, ckey, author, author_name, kind, sent_ms, text)"
         " SELECT (101 << 32) + i, randomblob(16), 11 + i % 2, CAST('森' AS BLOB), 1, " MS " + i * 1000, CAST('縁側の朝 ' || i AS BLOB) FROM n");
    LIFE("INSERT INTO message (id, ckey, author, author_name, kind, sent_ms, text) VALUES ((102 << 32) + 1, randomblob(16), 12, CAST('岡' AS BLOB), 1, " MS ", CAST('明日の会議' AS BLOB))");
    LIFE("INSERT INTO event SELECT id & 4294967295, sent_ms, 101, 'talk.message.posted', CAST('{}' AS BLOB) FROM message WHERE id < (102 << 32)");
    LIFE("INSERT INTO device VALUES (41, 12, randomblob(64), " MS ", 0)");
}

static void life_72(struct db *d)
{
    LIFE("UPDATE member SET nickname = 'まゆ', employee_number = 'A-1', profile = CAST('{\"mail\":\"m@example.com\"}' AS BLOB), grade = 52, photo_ms = 5 WHERE id = 11");
    LIFE("INSERT INTO photo VALUES (11, 'image/png', randomblob(300))");
    LIFE("INSERT INTO login_held (login, until_ms, member) VALUES ('old', " MS ", 12)");
    LIFE("INSERT INTO label VALUES (51, 1, '課長', 1), (52, 2, '一級', 1)");
    LIFE("INSERT INTO unit VALUES (61, 0, 'U1', '本社', '', '本社', 1, 1, 0, 0, 0, 11, 0, " MS ", 0), (62, 61, 'U2', '総務', '', '総務', 1, 1, 0, 0, 0, 0, 0, " MS ", 0)");
    LIFE("INSERT INTO unit_member VALUES (62, 11, 1, 51), (62, 12, 1, 0)");
    LIFE("INSERT INTO groups_ VALUES (71, 1, '登山部', '', '登山部', 1, 0, 0, 0, 0, " MS ", 11, 0)");
    LIFE("INSERT INTO group_member (grp, member, master, joined_ms) VALUES (71, 11, 1, " MS "), (71, 12, 0, " MS ")");
    LIFE("INSERT INTO link VALUES (81, 1, 13, randomblob(32), " MS ", " MS ", 0, 11)");
    LIFE("INSERT INTO password_before VALUES (82, 11, " MS ", x'6768')");
    LIFE("INSERT INTO login_failure VALUES (13, '198.51.100.0/24', 3, 1, " MS ", " MS ")");
    LIFE("INSERT INTO known_browser VALUES (83, 11, randomblob(32), " MS ", " MS ")");
    LIFE("INSERT INTO handover VALUES (84, 11, 12, " MS ", " MS ", 2)");
    LIFE("INSERT INTO file VALUES (85, 1, '名簿.csv', 11, " MS ", " MS ", 2, 3, 4, randomblob(32), CAST('{}' AS BLOB))");
    LIFE("INSERT INTO file_part VALUES (85, 1, x'61626364')");
    LIFE("INSERT INTO chore VALUES ('audit.erase', " MS ")");
}

static void life_104(struct db *d)
{
    LIFE("UPDATE message SET reply = 3, edited_ms = " MS " WHERE id = (101 << 32) + 7");
    LIFE("INSERT INTO mention VALUES ((101 << 32) + 5, 12)");
    LIFE("INSERT INTO reaction VALUES ((101 << 32) + 5, 12, '👍', " MS ")");
    LIFE("INSERT INTO poll_vote VALUES ((101 << 32) + 6, 12, 1, " MS ")");
    LIFE("INSERT INTO message_hidden VALUES (12, (101 << 32) + 8)");
    LIFE("INSERT INTO later VALUES (91, 11, 1, 101, 0, " MS ", " MS ", randomblob(16), CAST('あとで' AS BLOB), NULL, '')");
    LIFE("INSERT INTO saved VALUES (11, (101 << 32) + 5, " MS ")");
    LIFE("INSERT INTO draft VALUES (11, 102, CAST('下書き' AS BLOB), " MS ")");
}

/* Rows of the log, as they were written before it had columns for searching. */
static bool log_add(struct db *d, struct arena *a, struct tree *t, int n)
{
    bool ok = true;

    for (int i = 0; ok && i < n; i++) {
        struct audit_row r = { .kind = i % 3 ? AUDIT_MSG_POST : AUDIT_MEMBER_SUSPEND, .seq = (int64_t)t->size + 1, .time_ms = INT64_C(1700000000000) + i,
                               .actor = { 11 }, .channel = CH_W, .ip = SV("192.0.2.1"), .object = { 12 }, .count = 1, .detail = SV("{\"room\":\"101\"}") };
        struct sha256 detail = sha256(r.detail);
        struct str bytes = STR_IN(a), frontier = STR_IN(a);
        unsigned char salt[AUDIT_SALT];

        memset(salt, i, sizeof(salt));
        audit_canonical(&bytes, GOLDEN_TENANT, &r, &detail);
        str_bytes(&bytes, salt, sizeof(salt));
        struct sha256 leaf = tree_leaf(str_sv(&bytes));
        tree_add(t, &leaf);
        tree_put(t, &frontier);
        ok = db_exec(d, "INSERT INTO audit (seq, time_ms, actor, channel, ip, kind, object, result, count, detail, detail_hash, salt, leaf)"
                        " VALUES ($1, $2, 11, $3, '192.0.2.1', $4, 12, 'ok', 1, $5, $6, $7, $8)",
                     INT(r.seq), INT(r.time_ms), INT(r.channel), TEXT(sv_c(audit_def(r.kind)->id)), BLOB(r.detail), BLOB(sv_n(detail.b, 32)),
                     BLOB(sv_n(salt, sizeof(salt))), BLOB(sv_n(leaf.b, 32)))
          && db_exec(d, "UPDATE audit_tree SET size = $1, frontier = $2", INT((int64_t)t->size), BLOB(str_sv(&frontier)));
    }
    return ok;
}

static void (*const lives[COUNT(versions)])(struct db *d) = { life_1, life_15, life_72, life_104 };

static void live(struct db *d, struct place *p, size_t i)
{
    struct tree t = { 0 };

    REQUIRE(migrate(d, tenant_migrations, (size_t)versions[i]));
    lives[i](d);
    if (versions[i] >= 15)
        CHECK(audit_load(d, &t) && log_add(d, p->a, &t, 12));
    CHECK_STR(sv_c(p->f.detail), SV(""));
}

TEST(upgrade_fixtures_are_made_once)
{
    struct place p = place_new();

    for (size_t i = 0; i < COUNT(versions); i++) {
        char path[64];
        snprintf(path, sizeof(path), GOLDEN, versions[i]);
        bool there = access(path, R_OK) == 0;
        CHECK_AT(i, there || getenv("UPDATE_FIXTURES"));
        if (there || !getenv("UPDATE_FIXTURES"))
            continue;
        struct db *d = place_open(&p);
        REQUIRE(d != NULL);
        for (size_t k = 0; k <= i; k++)
            live(d, &p, k);
        if (versions[i] >= 70)
            CHECK(db_exec(d, "UPDATE audit SET log = CASE WHEN kind LIKE 'talk.%' THEN 'talk' ELSE 'adm' END"));
        db_checkpoint(d, true);
        db_close(&d);
        CHECK_AT(i, file_put(path, file_of(p.a, p.path), O_EXCL));
        place_clear(&p);
    }
    place_end(&p);
}

/* ---- nothing is lost ---- */

/* Columns that a migration means to change: what was made from rows, and marks in them. */
static const struct { const char *table, *column; } changed[] = {
    { "message", "flags" }, { "search_format", NULL }, { "search_place", NULL }, { "search_todo", NULL }, { "search_pack", NULL },
    { "schema_version", NULL }, { "audit", "log" },
};

static bool meant(sv table, sv column)
{
    for (size_t i = 0; i < COUNT(changed); i++)
        if (sv_equal(table, sv_c(changed[i].table)) && (!changed[i].column || sv_equal(column, sv_c(changed[i].column))))
            return true;
    return sv_starts(table, SV("talk_search"));
}

struct kept {
    sv table;
    struct columns columns;                               /* of then */
    struct sha256 digest;
    int64_t rows;
};
struct kept_all {
    struct kept *v;
    size_t n, cap;
};

static void keep(struct db *d, struct place *p, struct kept_all *out)
{
    ROWS r = db_query(d, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");

    while (rows_next(&r)) {
        struct kept k = { .table = row_text(&r, 0) };
        struct columns all = { 0 };
        if (meant(k.table, SV("")))
            continue;
        CHECK(columns_of(d, p->a, k.table, &all));
        for (size_t i = 0; i < all.n; i++)
            if (!meant(k.table, all.v[i]))
                *PUSH(p->a, &k.columns) = all.v[i];
        CHECK(columns_digest(d, p->a, k.table, &k.columns, &k.digest, &k.rows));
        *PUSH(p->a, out) = k;
    }
}

static void log_is_whole(struct db *d, struct place *p)
{
    struct ctx x = { .arena = p->a, .db = d };
    struct audit_check k;
    struct sha256 root = { { 0 } };

    db_use(d, p->a, &x.failure);
    CHECK(audit_check(&x, GOLDEN_TENANT, 0, &root, &k));
    CHECK(!k.wrong && k.tree);
    db_use(d, p->a, &p->f);
}

TEST(upgrade_A18_every_row_of_every_earlier_version_is_there)
{
    for (size_t i = 0; i < COUNT(versions); i++) {
        struct place p = place_new();
        struct db *d = place_at(&p, versions[i]);
        struct kept_all all = { 0 };
        int64_t rows = 0, filled = 0;

        REQUIRE(d != NULL);
        CHECK_INT(NUMBER(d, "SELECT n FROM schema_version"), versions[i]);
        keep(d, &p, &all);
        REQUIRE(migrate(d, tenant_migrations, tenant_migration_count));
        CHECK_INT(NUMBER(d, "SELECT n FROM schema_version"), tenant_migration_count);
        for (size_t k = 0; k < all.n; k++) {
            struct sha256 now;
            int64_t n;
            CHECK_AT(versions[i], columns_digest(d, p.a, all.v[k].table, &all.v[k].columns, &now, &n));
            if (!CHECK_INT_AT(versions[i], n, all.v[k].rows) || !CHECK_AT(versions[i], memcmp(now.b, all.v[k].digest.b, sizeof(now.b)) == 0))
                printf("    table %.*s\n", SV_ARG(all.v[k].table));
            rows += n;
            filled += n > 0;
        }
        CHECK_AT(versions[i], versions[i] == 1 ? rows == 1 : rows > 100 && filled * 10 >= (int64_t)all.n * 9);
        CHECK(db_check(d));
        CHECK_INT(NUMBER(d, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        log_is_whole(d, &p);
        struct ctx x = { .arena = p.a, .db = d, .tenant = tenant_new(GOLDEN_TENANT) };
        db_use(d, p.a, &x.failure);
        CHECK_AT(versions[i], tenant_load(x.tenant, &x));
        struct tenant *t = (struct tenant *)(uintptr_t)x.tenant;
        tenant_free(&t);
        if (versions[i] >= 15) {                          /* what was made from the rows of then */
            CHECK_INT_AT(versions[i], NUMBER(d, "SELECT count(*) FROM room_span"), 5);
            CHECK_INT_AT(versions[i], NUMBER(d, "SELECT count(*) FROM search_todo"), 41);
            CHECK_INT_AT(versions[i], NUMBER(d, "SELECT count(*) FROM audit WHERE log = ''"), 0);
            CHECK_INT_AT(versions[i], NUMBER(d, "SELECT read_seq FROM room_member WHERE room = 101 AND member = 11"), 40);
        }
        db_close(&d);
        place_end(&p);
    }
}

/* ---- a kill at any statement ---- */

/* The n-th passing of the point from now on is the last. False: there was none any more. */
static bool killed(struct place *p, const char *point, int64_t n)
{
    int status = 0;

    fflush(NULL);
    pid_t pid = fork();
    ENSURE(pid >= 0);
    if (pid == 0) {
        struct db *d = place_open(p);
        fault_set(point, n, FAULT_KILL);
        _exit(d && migrate(d, tenant_migrations, tenant_migration_count) ? 0 : 1);
    }
    ENSURE(waitpid(pid, &status, 0) == pid);
    bool dead = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    CHECK(dead || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return dead;
}

/* want[v]: everything in the database when line v is the last. */
static void each_line(struct place *p, int version, sv *want)
{
    struct db *d = place_at(p, version);

    REQUIRE(d != NULL);
    for (size_t v = (size_t)version; v <= tenant_migration_count; v++) {
        CHECK_AT(v, migrate(d, tenant_migrations, v));
        want[v] = db_digest(d);
    }
    db_close(&d);
}

/* Each process goes on from what the one before it left; n begins anew when a line was finished. */
static int64_t kill_at_each(struct place *p, int version, const char *point)
{
    sv *want = ANEWN(p->a, sv, tenant_migration_count + 1);
    int64_t kills = 0, before = version, n = 1;
    struct db *d;

    each_line(p, version, want);
    d = place_at(p, version);
    db_close(&d);
    while (killed(p, point, n)) {
        kills++;
        d = place_open(p);
        if (!CHECK_AT(kills, d != NULL))
            return kills;
        int64_t v = NUMBER(d, "SELECT n FROM schema_version");
        if (CHECK_AT(before, v >= before && v <= before + 1))
            CHECK_STR_AT(v, db_digest(d), want[v]);
        n = v > before ? 1 + (n > 1) : n + 1;             /* at the first point of the next line it was killed just now */
        before = v;
        db_close(&d);
    }
    d = place_open(p);
    CHECK_INT(NUMBER(d, "SELECT n FROM schema_version"), tenant_migration_count);
    CHECK_STR(db_digest(d), want[tenant_migration_count]);
    CHECK(db_check(d));
    db_close(&d);
    return kills;
}

/* From the first version on where long runs are asked for; a fork is what takes the time. */
static void killed_at_each(const char *point, int64_t least)
{
    struct rlimit none = { 0, 0 };
    struct place p = place_new();

    setrlimit(RLIMIT_CORE, &none);
    CHECK(kill_at_each(&p, getenv("ENGAWA_KILLS") ? 1 : 104, point) >= least);
    place_end(&p);
}

TEST(upgrade_A18_killed_at_any_statement_it_is_the_old_form_or_the_new)
{
    killed_at_each("migrate.statement", 30);
}

TEST(upgrade_A18_killed_before_any_commit_it_is_the_old_form_or_the_new)
{
    killed_at_each("commit.before", 20);
}

TEST(upgrade_A18_killed_after_any_commit_it_is_the_old_form_or_the_new)
{
    killed_at_each("commit.after", 20);
}

/* ---- no way back ---- */

TEST(upgrade_A18_an_older_program_refuses_a_newer_database)
{
    struct place p = place_new();
    struct db *d = place_at(&p, 72);

    REQUIRE(d != NULL && migrate(d, tenant_migrations, tenant_migration_count));
    sv before = db_digest(d);
    for (size_t known = 1; known < tenant_migration_count; known += 7) {
        failure_clear(&p.f);
        CHECK_AT(known, !migrate(d, tenant_migrations, known));
        CHECK_INT_AT(known, p.f.code, E_INTERNAL);
        CHECK_STR_AT(known, sv_c(p.f.detail), sv_printf(p.a, "database has schema %zu, this program knows %zu", tenant_migration_count, known));
    }
    failure_clear(&p.f);
    CHECK_STR(db_digest(d), before);
    db_close(&d);
    place_end(&p);
}
