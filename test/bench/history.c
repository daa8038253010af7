/* test/bench/history.c: the last 50 messages of a room, of 10,000 rooms and 1,000,000 messages, as the operation talk.history
 * answers them (visibility of the room, rows, JSON), beside what the bare engine needs to step through the same rows; by
 * one thread and by two, with either cipher, from a cache that holds few of the rooms and for rooms that are read again.
 *
 * usage: history [MESSAGES [aes256|aegis256]]      a hundred to a room; both ciphers where none is named */
#include "api/app.h"
#include "base/rand.h"
#include "core/gate.h"
#include "core/schema_sql.h"
#include "svc/talk/message.h"
#include "svc/talk/talk_sql.h"
#include "row.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MEMBERS 50
#define OWN     200                                       /* rooms of a member */
#define ROOMS   (MEMBERS * OWN)
#define RUN     10                                        /* messages that come to a room one after the other */
#define CHECKPOINT 32                                     /* groups of messages */
#define ASKED   20000
#define PAGE    50
#define NAME    "build/bench-history.db"

struct reader {
    struct ctx x;
    struct db *db;
    size_t rooms, asked;
    uint64_t state;
    double cpu_ms, *times;
    int64_t bytes;
    bool (*ask)(struct reader *r, size_t room);
};

static struct {
    struct ctx x;
    struct db *db;
    struct secret key;
    struct tenant *tenant;
    id64 rooms[ROOMS], members[MEMBERS];
    const struct op *op;
} b;

static double ms_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *l, const void *r)
{
    double a = *(const double *)l, c = *(const double *)r;

    return (a > c) - (a < c);
}

static void call(struct ctx *x, struct db *d)
{
    arena_free(&x->arena);
    x->arena = arena_new(16 * 1024);                      /* as a request's */
    x->db = d;
    memset(&x->events, 0, sizeof(x->events));
    memset(&x->audits, 0, sizeof(x->audits));
    memset(&x->effects, 0, sizeof(x->effects));
    failure_clear(&x->failure);
    db_use(d, x->arena, &x->failure);
}

static void need(const struct ctx *x, bool ok)
{
    if (!ok)
        die("bench: %s", x->failure.detail);
}

static struct db *opened(struct ctx *x, enum db_cipher cipher, int flags)
{
    const struct db_options o = {.path = NAME, .key = &b.key, .cipher = cipher, .flags = flags, .tenant = 1};
    struct db *d = db_open(&o, &x->failure);

    need(x, d != NULL);
    return d;
}

static void gone(void)
{
    unlink(NAME);
    unlink(NAME "-wal");
    unlink(NAME "-shm");
}

static void house_made(enum db_cipher cipher)
{
    struct ctx *x = &b.x;

    gone();
    secret_random(&b.key, 32);
    b.db = opened(x, cipher, DB_CREATE);
    call(x, b.db);
    need(x, migrate(b.db, tenant_migrations, tenant_migration_count));
    x->tenant = b.tenant = tenant_new(1);
    x->now_ms = INT64_C(1790000000000);
    need(x, db_exec(b.db, "INSERT INTO tenant (id, workgroup, opened_ms, password_ops) VALUES (1, 'bench', $1, 2)", INT(x->now_ms)));
    need(x, tenant_load(b.tenant, x));
    x->policy = tenant_policy(b.tenant);
}

/* The log is moved into the store now and then: after each group the making would take half as long again. */
static void committed(void)
{
    static size_t groups;
    struct ctx *x = &b.x;

    need(x, db_commit(b.db));
    for (size_t i = 0; i < x->effects.n; i++)
        if (x->effects.v[i].kind == EFF_SEQ)
            tenant_seq_set(b.tenant, x->effects.v[i].a, x->effects.v[i].b);
    if (++groups % CHECKPOINT == 0)
        db_checkpoint(b.db, true);
}

static void people_made(void)
{
    struct ctx *x = &b.x;

    need(x, db_begin(b.db));
    for (size_t i = 0; i < MEMBERS; i++) {
        b.members[i] = rand_id();
        need(x, db_exec(b.db, "INSERT INTO member (id, login, family, given, family_reading, given_reading, role, status, language,"
                              " start_ms, made_ms, seen_ms, password) VALUES ($1, $2, 'm', '', 'm', '', 0, 1, 'ja', 0, 0, 0, '')",
                        ID(b.members[i]), TEXT(sv_printf(x->arena, "m%zu", i))));
    }
    for (size_t i = 0; i < ROOMS; i++)                    /* of 10,000 random ids of 31 bits two may be the same */
        if (!talk_room_add(x, SV("間"), &b.members[i / OWN], 1, &b.rooms[i])) {
            failure_clear(&x->failure);
            need(x, talk_room_add(x, SV("間"), &b.members[i / OWN], 1, &b.rooms[i]));
        }
    committed();
}

/* 43 characters, 129 bytes. */
static sv sentence(struct arena *a)
{
    static const char *const words[] = {"会議", "資料", "明日", "午後", "確認", "お願い", "縁側", "予定", "変更", "連絡"};
    struct str s = STR_IN(a);

    while (s.n < 123)
        str_c(&s, words[rand_below(COUNT(words))]);
    str_c(&s, "です");
    return str_sv(&s);
}

/* Rooms get their messages in turn, a few at a time: a page of the store holds what came together. */
static void talk_made(size_t messages)
{
    struct ctx *x = &b.x;
    size_t done = 0;

    while (done < messages) {
        for (size_t from = 0; from < ROOMS && done < messages; from += 100) {
            call(x, b.db);
            need(x, db_begin(b.db));
            for (size_t i = 0; i < 100 * RUN; i++, done++) {
                struct message m = {.room = b.rooms[from + i / RUN], .author = b.members[(from + i / RUN) / OWN],
                                    .author_name = SV(""), .kind = MESSAGE_TEXT, .text = sentence(x->arena)};
                bool repeat;
                m.sent_ms = x->now_ms - (int64_t)(messages - done) * 1000;
                for (size_t k = 0; k < 8; k++)
                    m.key[k] = (unsigned char)(done >> (56 - 8 * k));
                need(x, talk_import(x, &m, &repeat));
            }
            committed();
        }
    }
    db_checkpoint(b.db, true);
}

static bool answered(struct reader *r, struct call *c, void *out)
{
    MOMENT m = moment_begin(r->db);

    return m.open && gate_run(&r->x, app(), c, NULL, NULL) && b.op->run(&r->x, c, out);
}

static bool ask_service(struct reader *r, size_t room)
{
    static const struct { int64_t before, after, around, limit; } newest;
    struct call c = {.op = b.op, .object_text = sv_printf(r->x.arena, "%" PRId64, b.rooms[room].n), .query = &newest};
    struct str text = STR_IN(r->x.arena);
    struct json j = JSON_TO(&text);
    void *out = arena_alloc(r->x.arena, b.op->out->size);

    r->x.actor.member = b.members[room / OWN];
    if (!answered(r, &c, out))
        return false;
    schema_write(&j, NULL, b.op->out, out);
    r->bytes += (int64_t)text.n;
    return true;
}

/* The machine's own limit: no rights, no values taken out, nothing written. */
static bool ask_engine(struct reader *r, size_t room)
{
    ROWS rows = db_query(r->db, "SELECT id, author, author_name, kind, sent_ms, text, content FROM message WHERE id >= $1 AND id < $2"
                                " ORDER BY id DESC LIMIT $3",
                         ID(talk_message_id(b.rooms[room], 0)), ID(talk_message_id(b.rooms[room], UINT32_MAX)), INT(PAGE + 1));
    size_t n = 0;

    while (rows_next(&rows))
        n++;
    r->bytes += (int64_t)n;
    return rows_ok(&rows);
}

/* No system call: the kernel's random bytes would be counted with the request. */
static size_t room_next(struct reader *r)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(r->state >> 33) % r->rooms;
}

static void *asked(void *p)
{
    struct reader *r = p;
    double from = ms_of(CLOCK_THREAD_CPUTIME_ID);

    for (size_t i = 0; i < r->asked; i++) {
        double at = ms_of(CLOCK_MONOTONIC);
        call(&r->x, r->db);
        need(&r->x, r->ask(r, room_next(r)));
        r->times[i] = ms_of(CLOCK_MONOTONIC) - at;
    }
    r->cpu_ms = ms_of(CLOCK_THREAD_CPUTIME_ID) - from;
    return NULL;
}

struct figures {
    double cpu_us, per_s, p99_ms;                         /* CPU of one request; by the clock */
};

static struct figures told(const char *name, enum db_cipher cipher, size_t threads, size_t rooms, bool (*ask)(struct reader *, size_t), double limit)
{
    struct reader r[2] = {0};
    pthread_t t[2];
    double from, wall, cpu = 0, *times = calloc(ASKED * 2, sizeof(*times));

    for (size_t i = 0; i < threads; i++) {
        r[i].x = (struct ctx){.tenant = b.tenant, .policy = b.x.policy, .now_ms = b.x.now_ms};
        r[i].db = opened(&r[i].x, cipher, DB_READ_ONLY);
        r[i].rooms = rooms;
        r[i].state = rand_u64();
        r[i].ask = ask;
        r[i].times = times + ASKED * i;
        r[i].asked = ASKED / 10;
        asked(&r[i]);                                     /* warm: statements, the upper pages */
        r[i].asked = ASKED;
        r[i].bytes = 0;
    }
    from = ms_of(CLOCK_MONOTONIC);
    for (size_t i = 0; i < threads; i++)
        ENSURE(pthread_create(&t[i], NULL, asked, &r[i]) == 0);
    for (size_t i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    wall = ms_of(CLOCK_MONOTONIC) - from;
    for (size_t i = 0; i < threads; i++) {
        cpu += r[i].cpu_ms;
        arena_free(&r[i].x.arena);
        db_close(&r[i].db);
    }
    cpu = cpu * 1e3 / (double)(ASKED * threads);
    qsort(times, ASKED * threads, sizeof(*times), by_value);
    printf("%-46s %6.1f us of CPU, %6.0f/s a core  p50 %.3f p99 %.3f ms, %6.0f/s by the clock", name, cpu, 1e6 / cpu,
           times[ASKED * threads / 2], times[ASKED * threads * 99 / 100], (double)(ASKED * threads) / wall * 1e3);
    if (limit > 0)
        printf(", %.2f x", cpu / limit);
    printf(", %.0f bytes\n", (double)r[0].bytes / ASKED);
    struct figures f = {cpu, (double)(ASKED * threads) / wall * 1e3, times[ASKED * threads * 99 / 100]};
    free(times);
    return f;
}

static void cipher_told(const char *name, enum db_cipher cipher, size_t messages)
{
    struct figures limit, limit_two, two;
    char note[80];

    house_made(cipher);
    people_made();
    talk_made(messages);
    printf("last %d of a room, %d rooms, %zu messages, %s\n", PAGE, ROOMS, messages, name);
    limit = told("bare engine, any room", cipher, 1, ROOMS, ask_engine, 0);
    told("talk.history, any room", cipher, 1, ROOMS, ask_service, limit.cpu_us);
    limit_two = told("bare engine, any room, two threads", cipher, 2, ROOMS, ask_engine, 0);
    two = told("talk.history, any room, two threads", cipher, 2, ROOMS, ask_service, limit_two.cpu_us);
    if (cipher == DB_AES256) {
        snprintf(note, sizeof(note), "two threads; %.0f µs of CPU a request, the engine alone %.0f", two.cpu_us, limit_two.cpu_us);
        bench_row("history.rate", two.per_s, limit_two.per_s, note);
        bench_row("history.p99", two.p99_ms, limit_two.p99_ms, "");
    }
    limit = told("bare engine, 100 rooms again and again", cipher, 1, 100, ask_engine, 0);
    told("talk.history, 100 rooms again and again", cipher, 1, 100, ask_service, limit.cpu_us);
    db_close(&b.db);
    tenant_free(&b.tenant);
    gone();
}

int main(int argc, char **argv)
{
    size_t messages = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;

    setvbuf(stdout, NULL, _IOLBF, 0);                     /* each line as it is known: making the rooms takes minutes */

    b.op = op_by_name(app(), SV("talk.history"));
    ENSURE(b.op);
    if (argc < 3 || strcmp(argv[2], "aes256") == 0)
        cipher_told("AES-256", DB_AES256, messages);
    if (argc < 3 || strcmp(argv[2], "aegis256") == 0)
        cipher_told("AEGIS-256", DB_AEGIS256, messages);
    return 0;
}
