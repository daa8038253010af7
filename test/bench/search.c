/* test/bench/search.c: searching a tenant of 1,000,000 messages in 10,000 rooms as a member of 200 of them, by questions of
 * one, two and more characters taken from the texts, each beside what the same machine needs to read a page of messages by
 * their numbers; and what the index costs.
 *
 * usage: search TEXTS [MESSAGES [STORE]]    a line a sentence (search_bench.mjs makes them); without a file it does nothing.
 * STORE is kept, and asked again as it is where it is there already: its key is no secret. */
#include "base/rand.h"
#include "base/utf8.h"
#include "core/schema_sql.h"
#include "core/tenant.h"
#include "store/search.h"
#include "svc/talk/message.h"
#include "svc/talk/search.h"
#include "svc/talk/search_pack.h"
#include "svc/talk/search_sql.h"
#include "svc/talk/talk_sql.h"
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROOMS   10000
#define OWN     200
#define ASKED   1000
#define PAGE    20
#define BATCH   256
#define CHECKPOINT 32                                     /* groups of messages, or pieces of the index */
#define NAME    "build/bench-search.db"                   /* where none is named */

static struct {
    struct ctx x;
    struct arena *a;
    struct db *write, *read;
    const char *name;
    struct secret key;
    sv *lines;
    size_t n_lines;
    id64 rooms[ROOMS], me;
} b;

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *l, const void *r)
{
    double a = *(const double *)l, c = *(const double *)r;

    return (a > c) - (a < c);
}

static int64_t file_bytes(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 ? st.st_size : 0;
}

static void call(struct db *d)
{
    arena_free(&b.x.arena);
    b.x.arena = arena_new(64 * 1024);
    b.x.db = d;
    b.x.events.n = b.x.audits.n = b.x.effects.n = 0;
    b.x.events.v = NULL;
    b.x.audits.v = NULL;
    b.x.effects.v = NULL;
    b.x.events.cap = b.x.audits.cap = b.x.effects.cap = 0;
    failure_clear(&b.x.failure);
    db_use(d, b.x.arena, &b.x.failure);
}

static void need(bool ok)
{
    if (!ok)
        die("bench: %s", b.x.failure.detail);
}

/* The log is moved into the store now and then: after each group the making would take half as long again. */
static void commit(void)
{
    static size_t groups;

    need(db_commit(b.write));
    for (size_t i = 0; i < b.x.effects.n; i++)
        if (b.x.effects.v[i].kind == EFF_SEQ)
            tenant_seq_set(b.x.tenant, b.x.effects.v[i].a, b.x.effects.v[i].b);
    if (++groups % CHECKPOINT == 0)
        db_checkpoint(b.write, true);
}

static void lines_read(const char *name)
{
    FILE *f = fopen(name, "r");
    int64_t bytes = file_bytes(name);
    char *text = arena_alloc(b.a, (size_t)bytes + 1);
    sv rest, line;

    if (!f || fread(text, 1, (size_t)bytes, f) != (size_t)bytes)
        die("bench: %s cannot be read", name);
    fclose(f);
    b.lines = ANEWN(b.a, sv, (size_t)bytes / 8 + 1);
    rest = sv_n(text, (size_t)bytes);
    while (sv_cut(&rest, '\n', &line))
        if (line.n >= 8)
            b.lines[b.n_lines++] = line;
    ENSURE(b.n_lines > 1000);
}

/* Nothing of it is there any more. */
static void removed(void)
{
    static const char *const behind[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < COUNT(behind); i++)
        unlink(sv_cstr(b.a, sv_printf(b.a, "%s%s", b.name, behind[i])));
}

static void opened(void)
{
    struct db_options o = {.path = b.name, .key = &b.key, .flags = DB_CREATE, .tenant = 1};

    ENSURE(secret_set(&b.key, SV("the key of a benchmark, 32 bytes")));
    b.write = db_open(&o, &b.x.failure);
    need(b.write != NULL);
    call(b.write);
    need(migrate(b.write, tenant_migrations, tenant_migration_count));
    b.x.tenant = tenant_new(1);
    b.x.now_ms = INT64_C(1790000000000);
    need(db_exec(b.write, "INSERT INTO tenant (id, workgroup, opened_ms, password_ops) VALUES (1, 'bench', $1, 2)"
                          " ON CONFLICT (id) DO NOTHING", INT(b.x.now_ms)));
    need(tenant_load(b.x.tenant, &b.x));
    b.x.policy = tenant_policy(b.x.tenant);
    o.flags = DB_READ_ONLY;
    b.read = db_open(&o, &b.x.failure);
    need(b.read != NULL);
}

static void house_made(void)
{
    b.me = rand_id();
    need(db_exec(b.write, "INSERT INTO member (id, login, family, given, family_reading, given_reading, role, status, language,"
                          " start_ms, made_ms, seen_ms, password) VALUES ($1, 'me', 'm', '', 'm', '', 0, 1, 'ja', 0, 0, 0, '')", ID(b.me)));
    need(db_begin(b.write));
    for (size_t i = 0; i < ROOMS; i++) {
        const id64 members[] = {b.me};
        need(talk_room_add(&b.x, SV("間"), members, i < OWN ? 1 : 0, &b.rooms[i]));
    }
    commit();
}

/* In a store that is there already; false: it is made now. */
static bool house_found(void)
{
    ROWS r = db_query(b.write, "SELECT room, member FROM room_member ORDER BY room");

    for (size_t n = 0; n < OWN && rows_next(&r); n++) {
        b.rooms[n] = row_id(&r, 0);
        b.me = row_id(&r, 1);
    }
    need(rows_ok(&r));
    return b.me.n != 0;
}

/* The writer's pieces by what they do. */
enum { SAID, TOKENS, OF_ROOMS, CLEARED, ANEW_MADE, KINDS };
struct pieces {
    VEC(double) ms, cpu_ms;
};
static struct {
    struct pieces of[KINDS];
    double wall, cpu;
} made;

static int piece_next(void)
{
    struct search_pack p;
    int64_t version, left;

    call(b.write);
    need(search_sql_version(&b.x, &version) && search_pack_read(&b.x, &p) && search_pack_room(&b.x, &p, &left));
    if (version != SEARCH_VERSION)
        return ANEW_MADE;
    if (left > 0)
        return SAID;
    return p.step == 0 ? TOKENS : p.step <= search_pack_steps(&p) ? OF_ROOMS : CLEARED;
}

/* As between the writer's batches: a piece is a transaction; the checkpoint is another thread's. */
static void indexed(void)
{
    static size_t pieces;

    for (bool more = true; more;) {
        int kind = piece_next();
        double from = now_ms(), cpu = cpu_ms();
        call(b.write);
        need(db_begin(b.write));
        need(talk_search_index(&b.x, &more));
        need(db_commit(b.write));
        double ms = now_ms() - from, of_cpu = cpu_ms() - cpu;
        *PUSH(b.a, &made.of[kind].ms) = ms;
        *PUSH(b.a, &made.of[kind].cpu_ms) = of_cpu;
        made.wall += ms;
        made.cpu += of_cpu;
        if (++pieces % CHECKPOINT == 0)
            db_checkpoint(b.write, true);
    }
}

/* One or two sentences each, a second apart from the next. */
static void talk_made(size_t messages)
{
    for (size_t i = 0; i < messages;) {
        call(b.write);
        need(db_begin(b.write));
        for (size_t n = 0; n < BATCH && i < messages; n++, i++) {
            sv one = b.lines[rand_below(b.n_lines)], two = rand_below(3) ? SV("") : b.lines[rand_below(b.n_lines)];
            struct message m = {.room = b.rooms[rand_below(ROOMS)], .author_name = SV(""), .kind = MESSAGE_TEXT};
            bool repeat;
            m.text = sv_printf(b.x.arena, "%.*s%.*s", SV_ARG(one), SV_ARG(two));
            m.sent_ms = b.x.now_ms - (int64_t)(messages - i) * 1000;
            memcpy(m.key, &i, sizeof(i));
            need(talk_import(&b.x, &m, &repeat));
        }
        commit();
        indexed();
    }
}

static void pieces_told(const char *name, struct pieces *p)
{
    size_t n = p->ms.n;

    if (n == 0)
        return;
    qsort(p->ms.v, n, sizeof(double), by_value);
    qsort(p->cpu_ms.v, n, sizeof(double), by_value);
    printf("%6zu pieces, %-24s p50 %7.1f   p99 %7.1f   longest %7.1f ms   of CPU %7.1f %7.1f %7.1f\n", n, name, p->ms.v[n / 2],
           p->ms.v[n * 99 / 100], p->ms.v[n - 1], p->cpu_ms.v[n / 2], p->cpu_ms.v[n * 99 / 100], p->cpu_ms.v[n - 1]);
}

static void index_told(size_t messages)
{
    static const char *const names[] = {"what was said", "tokens of a part packed", "rooms of a part packed", "a part cleared", "made anew"};
    ROWS r = db_query(b.write, "SELECT (SELECT COALESCE(SUM(LENGTH(block)), 0) FROM talk_search_data) +"
                               " (SELECT COALESCE(SUM(LENGTH(list)), 0) FROM search_list) +"
                               " (SELECT COALESCE(SUM(LENGTH(numbers)), 0) FROM search_room), (SELECT COUNT(*) FROM search_place)");

    if (made.of[SAID].ms.n > 1)
        printf("index, made as the messages come: %.1f s, %.0f messages/s, %.1f us of CPU each\n", made.wall / 1e3,
               (double)messages / made.wall * 1e3, made.cpu * 1e3 / (double)messages);
    for (size_t i = 0; i < KINDS && made.of[SAID].ms.n > 1; i++)
        pieces_told(names[i], &made.of[i]);
    if (rows_next(&r))
        printf("index %.1f MB for %" PRId64 " messages, %.0f bytes each; file %.1f MB\n", (double)row_int(&r, 0) / 1e6, row_int(&r, 1),
               (double)row_int(&r, 0) / (double)row_int(&r, 1), (double)file_bytes(b.name) / 1e6);
}

/* Characters of a random place of a text: no blanks or marks in them. */
static sv piece(size_t chars)
{
    for (;;) {
        sv line = b.lines[rand_below(b.n_lines)];
        size_t all = utf8_count(line), at = 0, n = 0;
        uint32_t c;
        if (all < chars)
            continue;
        line = sv_from(line, utf8_upto(line, rand_below(all - chars + 1)).n);
        while (n < chars && utf8_next(line, &at, &c) && ((c >= 0x3041 && c <= 0x30FE && c != 0x30FB) || (c >= 0x4E00 && c < 0xA000)))
            n++;
        if (n == chars)
            return utf8_upto(line, chars);
    }
}

static double times[ASKED], cpus[ASKED];

static void told(const char *name, double limit, double hits)
{
    qsort(times, ASKED, sizeof(*times), by_value);
    qsort(cpus, ASKED, sizeof(*cpus), by_value);
    printf("%-44s p50 %7.3f ms   p99 %7.3f ms   of CPU %7.3f %7.3f", name, times[ASKED / 2], times[ASKED * 99 / 100], cpus[ASKED / 2],
           cpus[ASKED * 99 / 100]);
    if (limit > 0)
        printf("   %.1f x   %.1f hits", times[ASKED / 2] / limit, hits / ASKED);
    printf("\n");
}

struct limit {
    double p50, p99;
};

/* The machine's own limit: a page of messages, read by their numbers, all of different rooms. */
static struct limit limit_read(void)
{
    for (size_t i = 0; i < ASKED; i++) {
        double from, cpu;
        call(b.read);
        cpu = cpu_ms();
        from = now_ms();
        for (size_t k = 0; k < PAGE; k++) {
            struct messages one = {0};
            int64_t seq = 1 + (int64_t)rand_below(20);
            need(talk_sql_history(&b.x, b.rooms[rand_below(OWN)], b.me, seq, seq + 1, 1, &one));
        }
        times[i] = now_ms() - from;
        cpus[i] = cpu_ms() - cpu;
    }
    told("reading a page of 20 messages by their numbers", 0, 0);
    return (struct limit){times[ASKED / 2], times[ASKED * 99 / 100]};
}

/* p99 in ms. */
static double asked(const char *name, size_t from_chars, size_t to_chars, id64 room, const char *behind, double limit)
{
    double hits = 0;

    for (size_t i = 0; i < ASKED; i++) {
        struct talk_question q = {.room = room, .limit = PAGE};
        struct talk_hits found = {0};
        double from, cpu;
        call(b.read);
        q.words = sv_printf(b.x.arena, "%.*s%s", SV_ARG(piece(from_chars)), behind);
        if (to_chars > from_chars) {
            sv p = piece(from_chars + rand_below(to_chars - from_chars + 1));
            q.words = sv_printf(b.x.arena, "%.*s%s", SV_ARG(p), behind);
        }
        b.x.actor.member = b.me;
        cpu = cpu_ms();
        from = now_ms();
        need(talk_search(&b.x, &q, &found));
        times[i] = now_ms() - from;
        cpus[i] = cpu_ms() - cpu;
        hits += (double)found.n;
    }
    told(name, limit, hits);
    return times[ASKED * 99 / 100];
}

int main(int argc, char **argv)
{
    size_t messages = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000000;
    struct limit limit;
    double one = 0, two = 0, more = 0;

    if (argc < 2)
        return 0;
    b.a = arena_new(1 << 20);
    b.name = argc > 3 ? argv[3] : NAME;
    if (argc < 4)
        removed();
    opened();
    lines_read(argv[1]);
    if (!house_found()) {
        house_made();
        talk_made(messages);
    }
    indexed();
    db_checkpoint(b.write, true);
    printf("searching %zu messages of %zu different sentences in %d rooms, as a member of %d; AES-256\n", messages, b.n_lines, ROOMS, OWN);
    index_told(messages);
    limit = limit_read();
    for (int warm = 0; warm < 2; warm++) {
        printf("%s:\n", warm ? "again, other questions" : "first");
        one = asked("1 character", 1, 1, ID_NONE, "", limit.p50);
        two = asked("2 characters", 2, 2, ID_NONE, "", limit.p50);
        more = asked("3 to 8 characters", 3, 8, ID_NONE, "", limit.p50);
    }
    bench_row("search.one", one, limit.p99, "");
    bench_row("search.two", two, limit.p99, "");
    bench_row("search.more", more, limit.p99, "");
    asked("2 characters, one room", 2, 2, b.rooms[7], "", limit.p50);
    asked("two words of 2 characters", 2, 2, ID_NONE, " する", limit.p50);
    asked("2 characters and a word that is nowhere", 2, 2, ID_NONE, " 鑿罅", limit.p50);
    db_close(&b.read);
    db_close(&b.write);
    if (argc < 4)
        removed();
    return 0;
}
