/* test/sim/sim.c: runs seeds, each twentieth twice, which must do the same; prints those that failed, and their number last.
 * usage: sim [SEEDS] [FIRST]             200 from 1; SEED=… in the environment: that one alone, with what its processes log */
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "sim.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EPOCH_US   INT64_C(1790000000000000)
#define LIVES      4
#define STEPS      900
#define LAST_STEPS 60000
#define ENOUGH     20                                      /* failed seeds */

struct world *world;
static struct world *base;                                /* as it is when a seed begins */
static char dir[64];

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t sim_random(uint64_t below)
{
    uint64_t z = world->random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

/* FNV-1a */
void sim_note(uint64_t what)
{
    for (int i = 0; i < 8; i++)
        world->hash = (world->hash ^ (what >> 8 * i & 255)) * 0x100000001b3u;
}

void sim_wrong(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(world->wrong, sizeof(world->wrong), fmt, ap);
    va_end(ap);
    _exit(EXIT_WRONG);
}

static int64_t now_us(void)
{
    return world->now_us;
}

/* ---- files: the base and its copy */

static void copy(const char *from, const char *to)
{
    char buf[65536];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n;

    ENSURE(in >= 0 && out >= 0);
    while ((n = read(in, buf, sizeof(buf))) > 0)
        ENSURE(write(out, buf, (size_t)n) == n);
    close(in);
    close(out);
}

static void empty(void)
{
    DIR *d = opendir(".");

    ENSURE(d);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.' && strcmp(e->d_name, "base") != 0)
            ENSURE(unlink(e->d_name) == 0);
    closedir(d);
}

/* ---- lives */

static void plan(void)
{
    struct sim_disk *d = &world->disk;

    d->cut_in = d->full_in = d->fsync_in = -1;
    d->full_for = 0;
    d->fsync_failed = false;
    if (world->last)
        return;
    switch (sim_random(6)) {
    case 0:
        d->fsync_in = (int64_t)sim_random(60);
        break;
    case 1:
        d->full_in = (int64_t)sim_random(1500);
        d->full_for = (int64_t)sim_random(300);
        break;
    case 2:
        break;                                            /* it ends in peace, or by a cut between two steps */
    default:
        d->cut_in = (int64_t)sim_random(sim_random(2) ? 4000 : 400);
    }
}

static void pass_time(void)
{
    world->now_us += (int64_t)sim_random(sim_random(10) ? 2000000 : 90000000);
    house_tick();
}

static void step(void)
{
    uint64_t what = sim_random(100);

    world->steps++;
    world->now_us += (int64_t)sim_random(3000);
    if (what < 40)
        client_step();
    else if (what < 78)
        (void)sched_step();
    else if (what < 94)
        house_drain();
    else if (what < 98)
        pass_time();
    else if (!world->last || what == 98)
        client_drop();
}

static void settle(void)
{
    for (int i = 0; i < LAST_STEPS && !clients_done(); i++)
        step();
    if (!clients_done())
        sim_wrong("not all came to rest in %d steps", LAST_STEPS);
    do
        house_drain();
    while (sched_step());
    house_drain();
    if (!clients_done())
        sim_wrong("a client was thrown out when all was done");
    clients_check();
    house_audited();
}

static _Noreturn void live(void)
{
    if (!getenv("SEED"))
        ENSURE(freopen("/dev/null", "w", stderr));        /* what the process logs of its faults */
    rand_test_seed(world->random | 1);
    clock_test_source(now_us);
    house_open();
    clients_begin();
    if (world->last) {
        settle();
    } else {
        uint64_t n = sim_random(STEPS);
        for (uint64_t i = 0; i < n; i++)
            step();
        if (sim_random(3) == 0)
            _exit(EXIT_CUT);
    }
    house_close();
    _exit(0);
}

/* The life's end, as it should have been; else why not. */
static const char *lived(int status)
{
    static char why[600];

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return NULL;
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CUT) {
        world->cuts++;
        return NULL;
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && world->disk.fsync_failed)
        return NULL;                                      /* what the disk did not take is not known: stop and recover */
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_WRONG)
        return world->wrong;
    snprintf(why, sizeof(why), "the process ended by %s %d", WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return why;
}

static const char *life(void)
{
    int status = 0;

    plan();
    sim_note((uint64_t)world->life);
    pid_t pid = fork();
    ENSURE(pid >= 0);
    if (pid == 0)
        live();
    ENSURE(waitpid(pid, &status, 0) == pid);
    const char *why = lived(status);
    if (!why)
        disk_tear();
    sim_note((uint64_t)status);
    return why;
}

static const char *run(uint64_t seed)
{
    const char *why = NULL;

    empty();
    copy("base/tenant.db", "tenant.db");
    memcpy(world, base, sizeof(*world));
    world->random = seed;
    world->hash = 0xcbf29ce484222325u;
    for (world->life = 0; world->life <= LIVES && !why; world->life++) {
        world->last = world->life == LIVES;
        why = life();
    }
    return why;
}

static void make_base(void)
{
    int status = 0;
    pid_t pid = fork();

    world->now_us = EPOCH_US;
    world->last = true;                                   /* without faults */
    plan();
    if (pid == 0) {
        clock_test_source(now_us);
        house_open();
        house_base();
        house_close();
        _exit(0);
    }
    ENSURE(pid > 0 && waitpid(pid, &status, 0) == pid);
    if (status != 0)
        die("the base: status %d %s", status, world->wrong);
    disk_tear();
    ENSURE(mkdir("base", 0700) == 0);
    copy("tenant.db", "base/tenant.db");
    memcpy(base, world, sizeof(*base));
}

static void *shared(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ENSURE(p != MAP_FAILED);
    return p;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t arg(int argc, char **argv, int i, int64_t otherwise)
{
    int64_t n;

    return i < argc && sv_int(sv_c(argv[i]), &n) && n > 0 ? n : otherwise;
}

int main(int argc, char **argv)
{
    int64_t seeds = arg(argc, argv, 1, 200), first = arg(argc, argv, 2, 1), failed = 0, ran = 0;
    int64_t steps = 0, cuts = 0, fulls = 0, fsyncs = 0, posts = 0, frames = 0, lived_us = 0;
    const char *only = getenv("SEED");
    double began;

    if (only && sv_int(sv_c(only), &first))
        seeds = 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(dir, sizeof(dir), "build/sim/run-XXXXXX");
    ENSURE(mkdtemp(dir) && chdir(dir) == 0);
    world = shared(sizeof(*world));
    base = shared(sizeof(*base));
    world->random = 1;
    make_base();
    began = seconds();
    for (int64_t s = first; s < first + seeds && failed < ENOUGH; s++) {
        const char *why = run((uint64_t)s);
        ran++;
        uint64_t hash = world->hash;
        if (!why && (only || s % 20 == 1)) {              /* the same again, to the same hash */
            why = run((uint64_t)s);
            if (!why && world->hash != hash)
                why = "the same seed did something else";
        }
        if (why) {
            failed++;
            printf("failed: seed %" PRId64 ", life %d, step %" PRId64 ", hash %016" PRIx64 ": %s\n", s, world->life - 1, world->steps, world->hash, why);
        }
        steps += world->steps;
        cuts += world->cuts;
        fulls += world->fulls;
        fsyncs += world->fsyncs;
        frames += world->frames;
        posts += (int64_t)world->posts_n;
        lived_us += world->now_us - EPOCH_US;
    }
    double took = seconds() - began;
    printf("%" PRId64 " seeds: %" PRId64 " steps, %" PRId64 " messages, %" PRId64 " frames, %" PRId64 " cuts, %" PRId64 " writes without room, %" PRId64 " failed fsyncs; %.0f s lived in %.1f s (%.0f x)\n",
           ran, steps, posts, frames, cuts, fulls, fsyncs, (double)lived_us / 1e6, took, (double)lived_us / 1e6 / took);
    printf("%" PRId64 " passed, %" PRId64 " failed\n", ran - failed, failed);
    empty();
    ENSURE(unlink("base/tenant.db") == 0 && rmdir("base") == 0 && chdir("../../..") == 0 && rmdir(dir) == 0);
    return failed > 0;
}
