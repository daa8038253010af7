/* role/media.c: the dialogue with the tenant, and which module reads what. */
#include "role/media.h"

#include "base/log.h"
#include "base/metadata.h"
#include "role/sandbox_private.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define WAIT_MS 60000

/* ---- limits ---- */

static int link_fd = -1;                                  /* to the tenant */
static volatile sig_atomic_t speaking;                    /* in the middle of a frame: nothing is said between */
static volatile sig_atomic_t spent;                       /* the processor's time of this work is over */

/* Milliseconds of the processor << 32 | KiB of memory at most. */
static uint64_t figures(void)
{
    struct rusage u;

    if (getrusage(RUSAGE_SELF, &u) != 0)
        return 0;
    int64_t ms = (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
    return (uint64_t)ms << 32 | (uint32_t)u.ru_maxrss;
}

/* The last word, wherever the work is stuck: in no library's loop is there a place to look at a clock. */
static _Noreturn void end_spent(void)
{
    struct ipc_head h = {.type = MEDIA_END, .a = MEDIA_TOO_MUCH, .b = figures()};

    if (write(link_fd, &h, sizeof(h)) != sizeof(h))
        _exit(1);
    _exit(0);
}

static void on_spent(int sig)
{
    (void)sig;
    if (!speaking)
        end_spent();
    spent = 1;
}

static void speak(bool now)
{
    speaking = now;
    if (!now && spent)
        end_spent();
}

static void limit(int what, rlim_t n, rlim_t most)
{
    const struct rlimit l = {n, most};

    setrlimit((__rlimit_resource_t)what, &l);
}

/* What any work has at most: before the first byte comes. */
static void limits(void)
{
    struct sigaction sa = {.sa_handler = on_spent};

    sigaction(SIGXCPU, &sa, NULL);
    limit(RLIMIT_CPU, MEDIA_CPU_S, MEDIA_CPU_S);
    if (!SANITIZED)
        limit(RLIMIT_DATA, MEDIA_MEMORY, MEDIA_MEMORY);
    limit(RLIMIT_NOFILE, 64, 64);
}

/* Where nothing but names is wanted nobody can lift them again. */
static void limits_of_names(const struct media *m)
{
    bool alone = m->want == MEDIA_WANT_NAMES;

    limit(RLIMIT_CPU, MEDIA_NAMES_CPU_S, alone ? MEDIA_NAMES_CPU_S + 1 : MEDIA_CPU_S);
    if (!SANITIZED)
        limit(RLIMIT_DATA, MEDIA_NAMES_MEMORY, alone ? MEDIA_NAMES_MEMORY : MEDIA_MEMORY);
}

/* ---- reading ---- */

/* The window in which a place lies: who goes to and fro there asks once. */
static bool fetch(struct media *m, int64_t at)
{
    at -= at % MEDIA_READ_MAX;
    int64_t left = m->source.size - at;
    size_t n = (size_t)(left < MEDIA_READ_MAX ? left : MEDIA_READ_MAX);
    struct ipc_head h;
    sv payload;

    m->window_n = 0;
    if (m->gone)
        return false;
    speak(true);
    m->gone = !ipc_send(&m->link, (struct ipc_head){.type = MEDIA_READ, .a = (uint64_t)at, .b = n}, SV_NONE, WAIT_MS) || !ipc_wait(&m->link, WAIT_MS, &h, &payload) || h.type != MEDIA_DATA || payload.n != n;
    if (!m->gone) {
        memcpy(m->window, payload.p, n);
        m->window_at = at;
        m->window_n = n;
    }
    speak(false);
    return !m->gone;
}

static bool read_source(void *from, int64_t at, size_t n, unsigned char *to)
{
    struct media *m = from;

    while (n) {
        if (at < m->window_at || at >= m->window_at + (int64_t)m->window_n)
            if (!fetch(m, at))
                return false;
        size_t skip = (size_t)(at - m->window_at), have = m->window_n - skip;
        if (have > n)
            have = n;
        memcpy(to, m->window + skip, have);
        to += have;
        at += (int64_t)have;
        n -= have;
    }
    return true;
}

/* ---- saying ---- */

static void say(struct media *m, struct ipc_head h, sv payload)
{
    speak(true);
    if (!m->gone && !ipc_send(&m->link, h, payload, WAIT_MS))
        m->gone = true;
    speak(h.flags & IPC_MORE);
}

static void say_pieces(struct media *m, struct ipc_head h, sv bytes)
{
    do {
        sv piece = sv_upto(bytes, MEDIA_READ_MAX);
        bytes = sv_from(bytes, MEDIA_READ_MAX);
        h.flags = bytes.n ? IPC_MORE : 0;
        say(m, h, piece);
    } while (bytes.n);
}

void media_say_facts(struct media *m, uint32_t width, uint32_t height, uint32_t pages)
{
    say(m, (struct ipc_head){.type = MEDIA_FACTS, .a = (uint64_t)width << 32 | height, .b = pages}, SV_NONE);
}

void media_say_picture(struct media *m, enum media_picture kind, uint32_t width, uint32_t height, sv bytes)
{
    say_pieces(m, (struct ipc_head){.type = MEDIA_PICTURE, .a = kind, .b = (uint64_t)width << 32 | height}, bytes);
}

void media_say_text(struct media *m, sv text)
{
    while (text.n && m->text_n < MEDIA_TEXT_MAX) {
        sv piece = sv_upto(sv_upto(text, MEDIA_READ_MAX), MEDIA_TEXT_MAX - m->text_n);
        say(m, (struct ipc_head){.type = MEDIA_TEXT}, piece);
        m->text_n += piece.n;
        text = sv_from(text, piece.n);
    }
}

void media_say_name(struct media *m, sv name)
{
    const struct ipc_head h = {.type = MEDIA_NAME};

    if (ipc_queued(&m->link) >= MEDIA_READ_MAX) {         /* many go at once */
        say(m, h, sv_upto(name, 4096));
        return;
    }
    speak(true);
    ipc_put(&m->link, h, sv_upto(name, 4096));
    speak(false);
}

void media_say_named(struct media *m)
{
    say(m, (struct ipc_head){.type = MEDIA_NAMED}, SV_NONE);
    limit(RLIMIT_CPU, MEDIA_CPU_S, MEDIA_CPU_S);          /* where it may: other work has limits of its own */
    if (!SANITIZED)
        limit(RLIMIT_DATA, MEDIA_MEMORY, MEDIA_MEMORY);
}

/* ---- the task ---- */

static enum media_verdict clean(struct media *m, const char **why)
{
    struct patches found;

    if (!metadata_find(m->arena, m->type, &m->source, &found, why))
        return MEDIA_STRANGE;
    for (size_t i = 0; i < found.n; i++)
        say(m, (struct ipc_head){.type = MEDIA_PATCH, .a = (uint64_t)found.v[i].at, .b = (uint64_t)found.v[i].n}, found.v[i].bytes);
    if (found.frames > MEDIA_FRAMES) {
        *why = "too many frames";
        return MEDIA_TOO_MUCH;
    }
    return MEDIA_DONE;
}

/* Text as it stands. */
static enum media_verdict plain(struct media *m, const char **why)
{
    int64_t n = m->source.size < MEDIA_TEXT_MAX ? m->source.size : MEDIA_TEXT_MAX;
    unsigned char *to = arena_alloc(m->arena, (size_t)n + 1);

    (void)why;
    if (m->want & MEDIA_WANT_TEXT && read_source(m, 0, (size_t)n, to))
        media_say_text(m, sv_n(to, (size_t)n));
    return MEDIA_DONE;
}

static enum media_verdict look(struct media *m, const char **why)
{
    enum media_verdict v = m->want & MEDIA_WANT_CLEAN ? clean(m, why) : MEDIA_DONE;

    if (m->want & MEDIA_WANT_MARK)
        return media_mark(m, why);
    if (v != MEDIA_DONE)
        return v;
    if (sv_starts(m->type, SV("image/")) && m->want & (MEDIA_WANT_PICTURES | MEDIA_WANT_FACE))
        return media_vips(m, why);
    if (m->want & MEDIA_WANT_CARD)
        return media_card(m, why);
    if (sv_equal(m->type, SV("application/pdf")))
        return media_pdf(m, why);
    if (sv_equal(m->type, SV("text/plain")))
        return plain(m, why);
    if (m->want & (MEDIA_WANT_NAMES | MEDIA_WANT_TEXT) && sv_starts(m->type, SV("application/"))) {
        if (m->want & MEDIA_WANT_NAMES)
            limits_of_names(m);
        return media_archive(m, why);
    }
    return MEDIA_DONE;
}

static bool task(struct media *m)
{
    struct ipc_head h;
    sv payload;

    if (!ipc_wait(&m->link, WAIT_MS, &h, &payload) || h.type != MEDIA_TASK || h.b == 0 || h.b > INT64_MAX)
        return false;
    sv rest = sv_dup(m->arena, payload);
    if (!sv_cut(&rest, '\n', &m->type))
        return false;
    m->mark = rest;
    m->want = (unsigned)h.a;
    m->page = h.conn;
    m->source = (struct source){.size = (int64_t)h.b, .from = m, .read = read_source};
    return true;
}

int media_main(void)
{
    static struct media m;
    const char *why = "";
    struct start s;

    if (!start_role(ROLE_MEDIA, &s))
        return 1;
    media_vips_warm();
    setlocale(LC_CTYPE, "C.UTF-8");                       /* names in archives are not turned into what a machine's locale has */
    limits();
    if (!start_ready(&s))
        return 1;
    m.arena = arena_new(64 * 1024);
    m.start = &s;
    link_fd = start_take_first(&s, ROLE_TENANT);
    ipc_init(&m.link, link_fd);
    if (task(&m)) {
        enum media_verdict v = look(&m, &why);
        say(&m, (struct ipc_head){.type = MEDIA_END, .a = v, .b = figures()}, why ? sv_c(why) : SV(""));
    }
    return 0;                                             /* what it holds ends with it */
}
