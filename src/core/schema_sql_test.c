/* core/schema_sql_test.c: shipped lines never change (test/golden/formats/schema-1.sql holds them all), and the columns
 * that are named sealed are BLOBs of the newest schema. */
#include "core/core_test.h"
#include "core/schema_sql.h"

#include <stdio.h>
#include <string.h>

/* "1: CREATE TABLE …", a line each: what the golden file must begin with. */
static sv lines(struct arena *a, const struct migration *list, size_t n)
{
    struct str s = STR_IN(a);

    for (size_t i = 0; i < n; i++)
        str_printf(&s, "%d: %s\n", list[i].n, list[i].sql);
    return str_sv(&s);
}

/* The first line of `golden` that the list does not have as it was shipped; 0: all of them are unchanged. */
static int first_changed(struct arena *a, sv golden, const struct migration *list, size_t n)
{
    sv have = lines(a, list, n), shipped, now;

    for (int i = 1; sv_cut(&golden, '\n', &shipped) && shipped.n; i++)
        if (!sv_cut(&have, '\n', &now) || !sv_equal(now, shipped))
            return i;
    return 0;
}

static sv golden(struct arena *a)
{
    FILE *f = fopen("test/golden/formats/schema-1.sql", "r");
    char *text = arena_alloc(a, 256 * 1024);
    size_t n = f ? fread(text, 1, 256 * 1024, f) : 0;

    CHECK(n > 0 && n < 256 * 1024);
    if (f)
        fclose(f);
    return sv_n(text, n);
}

TEST(schema_sql_shipped_lines_are_unchanged)
{
    struct arena *a = arena_new(256 * 1024);
    sv shipped = golden(a);

    CHECK_INT(first_changed(a, shipped, tenant_migrations, tenant_migration_count), 0);
    CHECK_STR(lines(a, tenant_migrations, tenant_migration_count), shipped);      /* and no line is without its proof */
    arena_free(&a);
}

/* The check above can fail: a line that is changed, moved or gone is found. */
TEST(schema_sql_changed_line_is_found)
{
    struct arena *a = arena_new(256 * 1024);
    struct migration list[256];
    sv shipped = golden(a);
    size_t n = tenant_migration_count;

    REQUIRE(n <= COUNT(list));
    for (size_t i = 0; i < n; i++) {
        memcpy(list, tenant_migrations, n * sizeof(*list));
        list[i].sql = sv_printf(a, "%s ", list[i].sql).p;
        CHECK_INT_AT(i, first_changed(a, shipped, list, n), i + 1);
    }
    memcpy(list, tenant_migrations, n * sizeof(*list));
    CHECK_INT(first_changed(a, shipped, list, n - 1), n);
    arena_free(&a);
}

/* Numbers without a gap, and the whole list runs twice without a change. */
TEST(schema_sql_runs_once)
{
    struct fixture *f = fixture_new(false);
    sv before = db_digest(f->d);

    CHECK_INT(FIXTURE_INT(f, "SELECT n FROM schema_version"), tenant_migration_count);
    CHECK(migrate(f->d, tenant_migrations, tenant_migration_count));
    CHECK_STR(db_digest(f->d), before);
    CHECK(!migrate(f->d, tenant_migrations, tenant_migration_count - 1));         /* a newer database is refused */
    CHECK_INT(f->x.failure.code, E_INTERNAL);
    fixture_free(&f);
}

static const struct { const char *table, *column; } sealed[] = {
    { "member", "password" },
    { "invited", "password" }, { "session", "agent" }, { "setting", "value" }, { "message", "author_name" },
    { "message", "text" }, { "message", "content" }, { "event", "data" }, { "audit", "detail" }, { "file", "query" }, { "file_part", "data" },
    { "member", "profile" }, { "member", "presence" },
    { "photo", "data" }, { "stored", "name" }, { "stored", "hash" }, { "blob_file", "key" }, { "link_preview", "title" }, { "link_preview", "words" }, { "link_preview", "site" }, { "link_preview", "picture" }, { "password_before", "password" }, { "member_access", "agent" }, { "device", "agent" },
    { "second_app", "secret" }, { "second_app", "fresh" },
};

/* The type of a column in the CREATE TABLE of its table or where it was added, "" when there is none. */
static sv type_of(const char *table, const char *column)
{
    struct arena *a = arena_new(4096);
    sv head = sv_printf(a, "CREATE TABLE %s (", table), found = SV_NONE, part;
    sv later = sv_printf(a, "ALTER TABLE %s ADD COLUMN %s ", table, column);
    size_t at;

    for (size_t i = 0; i < tenant_migration_count; i++) {
        sv rest = sv_c(tenant_migrations[i].sql);
        if (sv_find(rest, later, &at)) {
            found = sv_from(rest, at + later.n);
            if (sv_find(found, SV(";"), &at))
                found = sv_upto(found, at);
            if (sv_find(found, SV(" DEFAULT"), &at))
                found = sv_upto(found, at);
        }
        if (!sv_starts(rest, head))
            continue;
        rest = sv_from(rest, head.n);
        while (sv_cut(&rest, ',', &part)) {
            part = sv_trim(part);
            if (sv_find(part, SV(" "), &at) && sv_equal(sv_upto(part, at), sv_c(column)))
                found = sv_from(part, at + 1);
            if (sv_ends(found, SV("NULL)")))              /* the last of its table */
                found.n--;
        }
    }
    arena_free(&a);
    return found;
}

TEST(schema_sql_sealed_columns_are_blobs)
{
    for (size_t i = 0; i < COUNT(sealed); i++) {
        sv type = type_of(sealed[i].table, sealed[i].column);
        if (!sv_equal(type, SV("BLOB")))                  /* where a row may have none, it is NULL: nothing would not unseal */
            CHECK_STR_AT(i, type, SV("BLOB NOT NULL"));
    }
    CHECK_STR(type_of("member", "login"), SV("TEXT NOT NULL UNIQUE"));
    CHECK_STR(type_of("member", "none"), SV(""));
}

/* Every "table.column" that a SEALED() of core and svc names is one of the list, and every one of the list is named. */
static void collect(sv source, bool *used)
{
    sv mark = SV("SEALED(\"");
    size_t at, end;

    while (sv_find(source, mark, &at)) {
        sv name = sv_from(source, at + mark.n);
        bool known = false;

        source = name;
        if (!CHECK(sv_find(name, SV("\""), &end)))
            return;
        name = sv_upto(name, end);
        for (size_t i = 0; i < COUNT(sealed); i++) {
            size_t n = strlen(sealed[i].table);
            if (name.n > n && sv_equal(sv_upto(name, n), sv_c(sealed[i].table)) && name.p[n] == '.' &&
                sv_equal(sv_from(name, n + 1), sv_c(sealed[i].column)))
                used[i] = known = true;
        }
        if (!CHECK(known))
            printf("    %.*s\n", SV_ARG(name));
    }
}

TEST(schema_sql_sealed_columns_are_those_in_use)
{
    static const char *const files[] = {
        "src/core/access.c", "src/core/audit.c", "src/core/event.c", "src/core/file.c", "src/core/session_row.c", "src/svc/org/org_sql.c", "src/svc/account/account_sql.c",
        "src/svc/talk/talk_sql.c", "src/svc/org/profile_sql.c", "src/svc/contract/contract_sql.c", "src/svc/monitor/audit_log_sql.c", "src/svc/file/stored_sql.c",
        "src/svc/talk/preview.c", "src/svc/account/second.c", "src/svc/account/invite.c",
    };
    bool used[COUNT(sealed)] = { false };
    struct arena *a = arena_new(256 * 1024);
    char *text = arena_alloc(a, 256 * 1024);

    for (size_t i = 0; i < COUNT(files); i++) {
        FILE *f = fopen(files[i], "r");

        if (!CHECK_AT(i, f != NULL))
            continue;
        size_t n = fread(text, 1, 256 * 1024, f);
        fclose(f);
        CHECK_AT(i, n > 0 && n < 256 * 1024);
        collect(sv_n(text, n), used);
    }
    for (size_t i = 0; i < COUNT(sealed); i++)
        CHECK_AT(i, used[i]);
    arena_free(&a);
}
