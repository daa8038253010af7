/* core/audit_test.c: canonical bytes against the golden file, numbering and leaves in the store, and the gathering of
 * equal refusals. */
#include "core/core_test.h"

#include <stdio.h>
#include <string.h>

/* ---- the bytes under the hash ---- */

/* Readable: a piece a line, its length before it, the detail's hash in hex. */
static sv canonical_text(struct arena *a, sv bytes)
{
    struct str s = STR_IN(a);
    size_t at = 0;

    CHECK(sv_find(bytes, SV("\n"), &at));
    str_put(&s, sv_upto(bytes, at + 1));
    for (at++; at + 4 <= bytes.n;) {
        const unsigned char *p = (const unsigned char *)bytes.p + at;
        size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];

        at += 4;
        if (!CHECK(at + n <= bytes.n))
            break;
        str_printf(&s, "%zu ", n);
        if (at + n == bytes.n)
            hex_put(&s, sv_n(bytes.p + at, n));
        else
            str_put(&s, sv_n(bytes.p + at, n));
        str_char(&s, '\n');
        at += n;
    }
    CHECK_INT(at, bytes.n);
    return str_sv(&s);
}

TEST(audit_canonical_bytes_are_golden)
{
    struct arena *a = arena_new(4096);
    struct audit_row r = { .kind = AUDIT_MEMBER_SUSPEND, .seq = 42, .time_ms = 1764043417123, .actor = { 1234567890123 },
                           .channel = CH_MP, .ip = SV("2001:db8::7"), .object = { INT64_MAX }, .result = E_FORBIDDEN,
                           .count = 49, .detail = SV("{\"note\":\"縁側\"}") };
    struct str bytes = STR_IN(a);
    char golden[1024];
    FILE *f = fopen("test/golden/formats/audit-row-1.txt", "r");

    REQUIRE(f != NULL);
    size_t n = fread(golden, 1, sizeof(golden), f);
    fclose(f);
    struct sha256 detail = sha256(r.detail);
    audit_canonical(&bytes, FIXTURE_TENANT, &r, &detail);
    struct sha256 hash = sha256(str_sv(&bytes));
    struct str text = STR_IN(a);
    str_put(&text, canonical_text(a, str_sv(&bytes)));
    str_c(&text, "sha256 ");
    hex_put(&text, sv_n(hash.b, 32));
    str_char(&text, '\n');
    CHECK_STR(str_sv(&text), sv_n(golden, n));
    arena_free(&a);
}

/* Another value in any field gives other bytes: no two pieces run into each other. */
TEST(audit_canonical_bytes_tell_every_field)
{
    const struct audit_row base = { .kind = AUDIT_MSG_POST, .seq = 1, .time_ms = 11, .actor = { 1 }, .channel = CH_W,
                                    .ip = SV("1"), .object = { 11 }, .result = E_NONE, .count = 1 };
    struct audit_row r[9];
    struct sha256 hash[10], none = sha256(SV_NONE), other = sha256(SV("x"));
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(r); i++)
        r[i] = base;
    r[1].kind = AUDIT_ROOM_ADD;
    r[2].seq = 11;
    r[3].time_ms = 1;
    r[4].actor.n = 11;
    r[5].channel = CH_MW;
    r[6].ip = SV("11");
    r[7].result = E_DENIED;
    r[8].count = 11;
    for (size_t i = 0; i < COUNT(hash); i++) {
        struct str s = STR_IN(a);

        audit_canonical(&s, 7, i < COUNT(r) ? &r[i] : &base, i < COUNT(r) ? &none : &other);
        hash[i] = sha256(str_sv(&s));
        for (size_t k = 0; k < i; k++)
            CHECK_AT(i * 10 + k, memcmp(&hash[i], &hash[k], sizeof(hash[i])) != 0);
    }
    arena_free(&a);
}

TEST(audit_kinds_are_found_by_their_id)
{
    for (unsigned k = AUDIT_NONE + 1; k < AUDIT_COUNT; k++) {
        const struct audit_def *d = audit_def((enum audit_kind)k);
        enum audit_kind found = AUDIT_UNSET;

        CHECK_AT(k, audit_find(sv_c(d->id), &found));
        CHECK_INT_AT(k, found, k);
        CHECK_AT(k, d->log[0] && d->ja[0] && d->en[0]);
    }
    enum audit_kind found;
    CHECK(!audit_find(SV("none"), &found));
    CHECK(!audit_find(SV(""), &found));
}

/* ---- the store ---- */

static struct sha256 stored_leaf(struct rows *r)
{
    struct audit_row row = { .seq = row_int(r, 0), .time_ms = row_int(r, 1), .actor = row_id(r, 2),
                             .channel = (int)row_int(r, 3), .ip = row_text(r, 4), .object = row_id(r, 6),
                             .count = row_int(r, 8) };
    struct arena *a = arena_new(4096);
    struct str bytes = STR_IN(a);
    sv detail = row_sealed(r, 9, "audit.detail", row.seq), salt = row_blob(r, 11);
    struct sha256 hash = sha256(detail), leaf;

    CHECK(audit_find(row_text(r, 5), &row.kind));
    for (unsigned e = 0; e < E_COUNT; e++)
        if (sv_equal(row_text(r, 7), sv_c(err_def((enum err)e)->code)))
            row.result = (enum err)e;
    CHECK_STR(row_blob(r, 10), sv_n(hash.b, 32));
    CHECK_INT(salt.n, AUDIT_SALT);
    audit_canonical(&bytes, FIXTURE_TENANT, &row, &hash);
    str_put(&bytes, salt);
    leaf = tree_leaf(str_sv(&bytes));
    arena_free(&a);
    return leaf;
}

/* Every row of the table, in order: numbers without a gap, each leaf recomputed, and the root of all of them. */
static void check_store(struct fixture *f, int64_t rows)
{
    struct tree again = { 0 }, stored = { 0 };
    int64_t seq = 0;
    ROWS r = db_query(f->d, "SELECT seq, time_ms, actor, channel, ip, kind, object, result, count, detail, detail_hash,"
                            " salt, leaf FROM audit ORDER BY seq");

    while (rows_next(&r)) {
        struct sha256 leaf = stored_leaf(&r);

        CHECK_INT(row_int(&r, 0), ++seq);
        CHECK_STR_AT(seq, row_blob(&r, 12), sv_n(leaf.b, 32));
        tree_add(&again, &leaf);
    }
    CHECK(rows_ok(&r));
    CHECK_INT(seq, rows);
    CHECK(audit_load(f->d, &stored));
    struct sha256 one = tree_root(&again), two = tree_root(&stored);
    CHECK_INT(stored.size, rows);
    CHECK_BYTES(one.b, two.b, 32);
}

TEST_BOTH(audit_store_numbers_and_hashes)
{
    struct tree t;

    CHECK(audit_load(f->d, &t));
    CHECK_INT(t.size, 0);
    for (int batch = 1; batch <= 4; batch++) {
        fixture_call(f);
        for (int i = 0; i < batch; i++)
            audit(&f->x, i ? AUDIT_MSG_POST : AUDIT_SESSION_OPEN, (id64){ i }, i ? SV("{\"room\":\"7\"}") : SV_NONE);
        f->x.audits.v[0].result = E_SIGN_IN;
        fixture_begin(f);
        CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &t, f->x.audits.v, f->x.audits.n));
        CHECK_INT(f->x.audits.v[batch - 1].seq, t.size);
        CHECK(fixture_commit(f));
    }
    check_store(f, 10);
    fixture_restart(f);
    CHECK_INT(f->t->tree.size, 10);
    check_store(f, 10);
}

/* A batch that is rolled back leaves the store's tree where it was: the next one takes the same numbers. */
TEST_BOTH(audit_store_follows_a_rollback)
{
    struct tree t = f->t->tree, ahead = t;
    struct audit_row row = { .kind = AUDIT_SETTING, .time_ms = 1, .count = 1, .ip = SV("::1") };

    fixture_begin(f);
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &ahead, &row, 1));
    CHECK_INT(ahead.size, 1);
    fixture_rollback(f);
    check_store(f, 0);
    fixture_begin(f);
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &t, &row, 1));
    CHECK(fixture_commit(f));
    CHECK_INT(row.seq, 1);
    check_store(f, 1);
}

TEST_BOTH(audit_collects_who_acted_and_when)
{
    fixture_as(f, (id64){ 77 });
    audit(&f->x, AUDIT_PASSWORD, (id64){ 9 }, SV("{}"));
    REQUIRE(f->x.audits.n == 1);
    struct audit_row *r = &f->x.audits.v[0];
    CHECK_INT(r->kind, AUDIT_PASSWORD);
    CHECK_INT(r->time_ms, FIXTURE_NOW);
    CHECK_INT(r->actor.n, 77);
    CHECK_INT(r->object.n, 9);
    CHECK_INT(r->channel, CH_W);
    CHECK_STR(r->ip, SV("192.0.2.7"));
    CHECK_INT(r->count, 1);
}

/* ---- equal refusals ---- */

static struct audit_row refusal(int64_t actor, const char *ip, enum err result, int64_t object)
{
    return (struct audit_row){ .kind = AUDIT_CONSOLE_READ, .actor = { actor }, .channel = CH_W, .ip = sv_c(ip),
                               .object = { object }, .result = result, .count = 1 };
}

struct gathering {
    struct audit_gather *g;
    struct arena *a;
    struct audit_row due[64];
};

static struct gathering gathering_new(void)
{
    return (struct gathering){ .g = audit_gather_new(), .a = arena_new(4096) };
}

static void gathering_free(struct gathering *t)
{
    audit_gather_free(&t->g);
    CHECK(t->g == NULL);
    arena_free(&t->a);
}

static size_t due(struct gathering *t, int64_t now_ms)
{
    return audit_gather_due(t->g, now_ms, t->a, t->due, COUNT(t->due));
}

TEST(audit_gather_fifty_refusals_are_two_rows)
{
    struct gathering t = gathering_new();
    int64_t now = FIXTURE_NOW, rows = 0;

    PROVES("AUD-01");
    for (int i = 0; i < 50; i++, now += 1000) {
        char ip[16];
        snprintf(ip, sizeof(ip), "192.0.2.7");            /* a buffer of its own: nothing of it may be kept */
        struct audit_row r = refusal(5, ip, E_FORBIDDEN, 0);
        r.time_ms = now;
        rows += audit_gather_first(t.g, &r, now);
        memset(ip, 'x', sizeof(ip));
        CHECK_INT_AT(i, due(&t, now), 0);
    }
    CHECK_INT(rows, 1);
    CHECK_INT(due(&t, FIXTURE_NOW + 59999), 0);
    REQUIRE(due(&t, FIXTURE_NOW + 60000) == 1);
    CHECK_INT(t.due[0].count, 49);
    CHECK_INT(t.due[0].actor.n, 5);
    CHECK_INT(t.due[0].result, E_FORBIDDEN);
    CHECK_INT(t.due[0].kind, AUDIT_CONSOLE_READ);
    CHECK_INT(t.due[0].time_ms, FIXTURE_NOW + 49000);     /* of the last one */
    CHECK_STR(t.due[0].ip, SV("192.0.2.7"));
    CHECK_INT(due(&t, FIXTURE_NOW + 60000), 0);           /* once */
    CHECK_INT(due(&t, FIXTURE_NOW + 119999), 0);
    CHECK_INT(due(&t, FIXTURE_NOW + 120000), 0);          /* a quiet minute: no row, and forgotten */
    struct audit_row r = refusal(5, "192.0.2.7", E_FORBIDDEN, 0);
    CHECK(audit_gather_first(t.g, &r, FIXTURE_NOW + 120001));
    gathering_free(&t);
}

TEST(audit_gather_tells_refusals_apart)
{
    static const struct { int64_t actor; const char *ip; enum err result; int64_t object; bool first; } t[] = {
        { 1, "a", E_FORBIDDEN, 7, true },  { 1, "a", E_FORBIDDEN, 7, false }, { 1, "a", E_FORBIDDEN, 8, true },
        { 1, "b", E_FORBIDDEN, 7, true },  { 2, "a", E_FORBIDDEN, 7, true },  { 1, "a", E_DENIED, 7, true },
        { 1, "a", E_NOT_FOUND, 7, true },  { 1, "a", E_NOT_FOUND, 8, false }, /* guessing of ids is one thing */
        { 1, "a", E_NOT_FOUND, 9, false }, { 2, "a", E_NOT_FOUND, 9, true },
    };
    struct gathering g = gathering_new();

    for (size_t i = 0; i < COUNT(t); i++) {
        struct audit_row r = refusal(t[i].actor, t[i].ip, t[i].result, t[i].object);
        CHECK_INT_AT(i, audit_gather_first(g.g, &r, FIXTURE_NOW), t[i].first);
    }
    struct audit_row r = refusal(1, "a", E_FORBIDDEN, 7), other = r;
    other.kind = AUDIT_SETTING;
    CHECK(audit_gather_first(g.g, &other, FIXTURE_NOW));
    other = r;
    other.channel = CH_MW;
    CHECK(audit_gather_first(g.g, &other, FIXTURE_NOW));
    CHECK_INT(due(&g, FIXTURE_NOW + 60000), 2);
    CHECK_INT(g.due[0].count + g.due[1].count, 3);
    gathering_free(&g);
}

TEST(audit_gather_says_what_was_refused)
{
    struct gathering g = gathering_new();
    struct str text = STR_IN(g.a), longer = STR_IN(g.a);
    struct audit_row r = refusal(1, "a", E_NOT_YET, 0);

    str_c(&text, "{\"key\":\"a\"}");                      /* of the request alone: nothing of it may be kept */
    r.kind = AUDIT_SETTING;
    r.detail = str_sv(&text);
    CHECK(audit_gather_first(g.g, &r, FIXTURE_NOW));
    CHECK(!audit_gather_first(g.g, &r, FIXTURE_NOW));
    memset(text.p, 'x', text.n);
    r.detail = SV("{\"key\":\"b\"}");
    CHECK(audit_gather_first(g.g, &r, FIXTURE_NOW));      /* another setting is another refusal */
    r.detail = SV("{\"key\":\"a\"}");
    CHECK(!audit_gather_first(g.g, &r, FIXTURE_NOW));
    for (int i = 0; i < 5000; i++)
        str_char(&longer, 'y');
    r.detail = str_sv(&longer);
    CHECK(audit_gather_first(g.g, &r, FIXTURE_NOW));
    CHECK(!audit_gather_first(g.g, &r, FIXTURE_NOW));
    longer.p[4999] = 'z';
    CHECK(audit_gather_first(g.g, &r, FIXTURE_NOW));
    r = refusal(1, "a", E_NOT_FOUND, 7);                  /* guessing is one thing, whatever it says */
    r.detail = SV("1");
    CHECK(audit_gather_first(g.g, &r, FIXTURE_NOW));
    r.detail = SV("2");
    CHECK(!audit_gather_first(g.g, &r, FIXTURE_NOW));
    REQUIRE(due(&g, FIXTURE_NOW + 60000) == 3);
    CHECK_INT(g.due[0].count, 2);
    CHECK_STR(g.due[0].detail, SV("{\"key\":\"a\"}"));
    CHECK_STR(g.due[1].detail, SV(""));
    CHECK_STR(g.due[2].detail, SV(""));
    gathering_free(&g);
}

/* Nothing is lost when strangers fill the table: what finds no place is a row of its own, each time. */
TEST(audit_gather_full_table_writes_rows)
{
    struct gathering t = gathering_new();

    for (int64_t i = 1; i <= 1024; i++) {
        struct audit_row r = refusal(i, "a", E_DENIED, 0);
        CHECK_AT(i, audit_gather_first(t.g, &r, FIXTURE_NOW));
    }
    struct audit_row beyond = refusal(9999, "a", E_DENIED, 0), known = refusal(7, "a", E_DENIED, 0);
    CHECK(audit_gather_first(t.g, &beyond, FIXTURE_NOW));
    CHECK(audit_gather_first(t.g, &beyond, FIXTURE_NOW));
    CHECK(!audit_gather_first(t.g, &known, FIXTURE_NOW));
    CHECK_INT(due(&t, FIXTURE_NOW + 60000), 1);           /* and a quiet minute frees the others */
    CHECK(audit_gather_first(t.g, &beyond, FIXTURE_NOW + 60001));
    CHECK(!audit_gather_first(t.g, &beyond, FIXTURE_NOW + 60001));
    gathering_free(&t);
}

/* `max` rows at a time; the rest comes with the next call. */
TEST(audit_gather_due_is_bounded)
{
    struct gathering t = gathering_new();
    int64_t sum = 0;

    for (int i = 0; i < 2; i++)
        for (int64_t k = 1; k <= 100; k++) {
            struct audit_row r = refusal(k, "a", E_DENIED, 0);
            CHECK_INT_AT(k, audit_gather_first(t.g, &r, FIXTURE_NOW), i == 0);
        }
    for (size_t n; (n = due(&t, FIXTURE_NOW + 60000)) > 0;) {
        CHECK(n <= COUNT(t.due));
        for (size_t i = 0; i < n; i++)
            sum += t.due[i].count;
    }
    CHECK_INT(sum, 100);
    gathering_free(&t);
}

/* A clock that was set back holds no row for hours. */
TEST(audit_gather_clock_goes_back)
{
    struct gathering t = gathering_new();
    struct audit_row r = refusal(5, "a", E_FORBIDDEN, 0);

    CHECK(audit_gather_first(t.g, &r, FIXTURE_NOW));
    CHECK(!audit_gather_first(t.g, &r, FIXTURE_NOW - 3600000));
    REQUIRE(due(&t, FIXTURE_NOW - 3600000) == 1);
    CHECK_INT(t.due[0].count, 1);
    CHECK_INT(due(&t, FIXTURE_NOW - 3600000 + 59999), 0);
    CHECK(!audit_gather_first(t.g, &r, FIXTURE_NOW - 3600000 + 59999));
    CHECK_INT(due(&t, FIXTURE_NOW - 3600000 + 60000), 1);
    gathering_free(&t);
}
