/* role/supervisor.c: starts the roles, wires them, starts again what ended, passes descriptors. It may be root, so it
 * parses nothing but its own configuration and fixed frames: what control says of a tenant is passed on unread. */
#include "role/supervisor_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "crypt/hash.h"
#include "role/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define QUICK_MS      10000                               /* a shorter life counts as a quick death */
#define BACKOFF_MS    100
#define BACKOFF_MAX   5000
#define STOP_MS       15000                               /* after SUP_STOP, then SIGKILL */
#define AGAIN_MS      5000                                /* a wake this close before a tenant's end starts it anew */
#define EMPTY_MS      60000                               /* before the store is asked again to let go of an erased company's objects */
#define LINES_MAX     4000
#define UID_INDEX_MAX 1000000

struct proc *proc_add(struct supervisor *s, enum role_id role, int64_t number)
{
    struct proc *p = XNEW(struct proc), **at = &s->first;

    *p = (struct proc){.role = role, .number = number, .ipc.fd = -1};
    while (*at)
        at = &(*at)->next;
    *at = p;                                              /* in the order of their start */
    return p;
}

static struct proc *proc_find(struct supervisor *s, enum role_id role, int64_t number)
{
    for (struct proc *p = s->first; p; p = p->next)
        if (p->role == role && p->number == number)
            return p;
    return NULL;
}

/* Out of the list; freed at the end of the turn, since the turn's events may still name it. */
void proc_remove(struct supervisor *s, struct proc *gone)
{
    for (struct proc **at = &s->first; *at; at = &(*at)->next) {
        if (*at != gone)
            continue;
        *at = gone->next;
        gone->next = s->gone;
        s->gone = gone;
        return;
    }
}

static void sweep(struct supervisor *s)
{
    while (s->gone) {
        struct proc *p = s->gone;
        s->gone = p->next;
        xfree((void *)(uintptr_t)p->lines.p);
        xfree(p);
    }
}

/* Sends what waits. Between SUP_GO and ROLE_READY nothing is sent: a role must find what comes later in its socket, where
 * its loop sees it, not read along with the frames of its start. */
static void flush(struct supervisor *s, struct proc *p)
{
    if (p->ipc.fd < 0 || p->held)
        return;
    int rc = ipc_flush(&p->ipc);
    if (rc >= 0)
        loop_mod(s->loop, p->ipc.fd, rc ? LOOP_READ : LOOP_READ | LOOP_WRITE, p);
}                                                         /* broken: its end is seen by SIGCHLD */

static void tell(struct supervisor *s, struct proc *p, struct ipc_head h, sv payload, int fd)
{
    if (p->ipc.fd < 0) {
        if (fd >= 0)
            close(fd);
        return;
    }
    if (fd >= 0)
        ipc_put_fd(&p->ipc, h, payload, fd);
    else
        ipc_put(&p->ipc, h, payload);
    flush(s, p);
}

static bool linked(const struct proc *a, const struct proc *b)
{
    return (roles[a->role].speaks_to & (1u << b->role)) && (roles[b->role].speaks_to & (1u << a->role));
}

/* Names the peer as SUP_PEER does. */
static struct ipc_head peer_head(const struct proc *peer)
{
    return (struct ipc_head){.type = SUP_PEER, .flags = IPC_FD, .a = (uint64_t)peer->role, .b = (uint64_t)peer->number};
}

static void link_both(struct supervisor *s, struct proc *a, struct proc *b)
{
    int pair[2];

    if (!ipc_pair(pair)) {
        log_put(LOG_ERROR, "no descriptors left for a link between %s and %s", roles[a->role].name, roles[b->role].name);
        return;
    }
    tell(s, a, peer_head(b), SV_NONE, pair[0]);
    tell(s, b, peer_head(a), SV_NONE, pair[1]);
}

static void pass_certificate(struct supervisor *s, struct proc *p)
{
    int cert = layout_certificate(s, CONFIG_TLS_CERT), key = layout_certificate(s, CONFIG_TLS_KEY);

    if (cert < 0 || key < 0) {
        fd_close(&cert);
        fd_close(&key);
        return;
    }
    tell(s, p, (struct ipc_head){.type = SUP_LISTENER, .flags = IPC_FD, .a = LISTEN_CERT}, SV_NONE, cert);
    tell(s, p, (struct ipc_head){.type = SUP_LISTENER, .flags = IPC_FD, .a = LISTEN_KEY}, SV_NONE, key);
}

/* The operator's own texts; an edge shows ours where none comes. */
static void pass_pages(struct supervisor *s, struct proc *p)
{
    for (uint64_t i = 0; i < PAGE_TEXTS; i++) {
        int fd = layout_page(s, (enum page_id)(i / 2), i % 2);
        if (fd >= 0)
            tell(s, p, (struct ipc_head){.type = SUP_LISTENER, .flags = IPC_FD, .a = LISTEN_PAGE + i}, SV_NONE, fd);
    }
}

static void pass_listeners(struct supervisor *s, struct proc *p)
{
    struct ipc_head h = {.type = SUP_LISTENER, .flags = IPC_FD, .a = LISTEN_HTTPS};

    if (p->role == ROLE_CONTROL) {
        h.a = LISTEN_CTL;
        tell(s, p, h, SV_NONE, fcntl(s->ctl, F_DUPFD_CLOEXEC, FD_HIGH));
        h.a = LISTEN_HEALTH;
        if (s->metrics >= 0)
            tell(s, p, h, SV_NONE, fcntl(s->metrics, F_DUPFD_CLOEXEC, FD_HIGH));
    }
    if (p->role != ROLE_EDGE)
        return;
    for (size_t i = 0; i < s->addresses; i++) {
        h.a = s->kinds[i];
        tell(s, p, h, SV_NONE, fcntl(s->listeners[p->number][i], F_DUPFD_CLOEXEC, FD_HIGH));
    }
    pass_certificate(s, p);
    pass_pages(s, p);
}

/* The edges of one start share it, so that a browser's TLS session goes on at whichever it meets next. */
static void pass_ticket_seed(struct supervisor *s, struct str *text)
{
    if (!s->seeded)
        rand_bytes(s->ticket_seed, sizeof(s->ticket_seed));
    s->seeded = true;
    str_c(text, "ticket_seed=");
    hex_put(text, sv_n(s->ticket_seed, sizeof(s->ticket_seed)));
    str_char(text, '\n');
}

/* Whose objects, and the secret, which stands in no other process. */
static void pass_store(const struct supervisor *s, const struct proc *p, struct str *text)
{
    char secret[STORE_SECRET_BYTES];

    str_printf(text, "tenant=%" PRId64 "\nstore_empty=%d\n", p->of, p->emptying);
    if (layout_store_secret(s, secret))
        str_printf(text, "store_secret=%s\n", secret);
    wipe(secret, sizeof(secret));
}

static void pass_config(struct supervisor *s, struct proc *p)
{
    struct str text = {0};

    config_write(&text, &s->config, p->role);
    if (p->role == ROLE_EDGE)
        str_printf(&text, "index=%" PRId64 "\n", p->number);
    if (p->role == ROLE_EDGE)
        pass_ticket_seed(s, &text);
    if (p->role == ROLE_CONTROL)
        str_printf(&text, "owner=%u\none_uid=%d\n", (unsigned)getuid(), s->root ? 0 : 1);
    if (p->role == ROLE_TENANT)
        str_printf(&text, "tenant=%" PRId64 "\nstores=%d\n", p->number, layout_stores(s));
    if (p->role == ROLE_STORE)
        pass_store(s, p, &text);
    str_put(&text, p->lines);
    tell(s, p, (struct ipc_head){.type = SUP_CONFIG}, str_sv(&text), -1);
    wipe(text.p, text.n);
    str_release(&text);
}

/* Starts p and gives it all that start_role() waits for. The disk is waited for while the program is loaded: before SUP_GO a role
 * touches nothing of its folder. */
bool proc_start(struct supervisor *s, struct proc *p, struct proc *client)
{
    p->start_at_ms = 0;
    if (!spawn(s, p))
        return false;
    pass_config(s, p);
    pass_listeners(s, p);
    for (struct proc *q = s->first; q; q = q->next)
        if (q != p && q->pid && linked(p, q))
            link_both(s, p, q);
    if (client)
        link_both(s, p, client);
    if (!layout_folder_durable(s, p))
        kill(p->pid, SIGKILL);                            /* it says nothing to anybody; its end is seen by SIGCHLD */
    else
        tell(s, p, (struct ipc_head){.type = SUP_GO}, SV_NONE, -1);
    p->held = ipc_queued(&p->ipc) == 0;
    return true;
}

static void give_up(struct supervisor *s)
{
    s->failed = s->stopping = true;
}

/* How long an ended role waits before it is started again: not at all, then 100 ms doubling to 5 s. */
static int64_t wait_ms(struct proc *p, int64_t now)
{
    p->deaths = now - p->started_ms < QUICK_MS ? p->deaths + 1 : 0;
    if (p->deaths <= 1)
        return 0;
    int64_t ms = (int64_t)BACKOFF_MS << (p->deaths - 2 < 6 ? p->deaths - 2 : 6);
    return ms < BACKOFF_MAX ? ms : BACKOFF_MAX;
}

static void tenant_ended(struct supervisor *s, struct proc *p, int status, int64_t now)
{
    struct proc *control = proc_find(s, ROLE_CONTROL, 0);
    bool again = p->asked_again && now - p->asked_again_ms < AGAIN_MS && !s->stopping;

    p->asked_again = false;
    if (control)
        tell(s, control, (struct ipc_head){.type = SUP_ENDED, .a = (uint64_t)status, .b = (uint64_t)p->number}, SV_NONE, -1);
    if (!again || !proc_start(s, p, NULL))
        proc_remove(s, p);
}

/* The process that removed them has ended. */
static void erased_objects(struct supervisor *s, int64_t number, bool all)
{
    struct proc *control = proc_find(s, ROLE_CONTROL, 0);

    if (!all)
        s->empty_again_ms = clock_mono_ms() + EMPTY_MS;
    else if (control && !proc_find(s, ROLE_TENANT, number) && layout_erase(s, number))
        tell(s, control, (struct ipc_head){.type = SUP_ERASED, .a = 1, .b = (uint64_t)number}, SV_NONE, -1);
}

static void ended(struct supervisor *s, struct proc *p, int status)
{
    int64_t now = clock_mono_ms();

    if (WIFSIGNALED(status) || WEXITSTATUS(status))
        log_put(s->stopping ? LOG_INFO : LOG_WARN, "%s %" PRId64 " (pid %d) ended: %s %d", roles[p->role].name, p->number,
                p->pid, WIFSIGNALED(status) ? "signal" : "status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    if (p->ipc.fd >= 0)
        loop_del(s->loop, p->ipc.fd);
    ipc_close(&p->ipc);
    p->pid = 0;
    memset(p->turns, 0, sizeof(p->turns));
    if (p->emptying)
        erased_objects(s, p->of, WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (helper_ended(s, p))
        return;
    if (p->role == ROLE_TENANT) {
        tenant_ended(s, p, status, now);
        return;
    }
    if (s->stopping)
        return;
    if (!s->up && !p->ready) {
        log_put(LOG_ERROR, "%s refuses to start", roles[p->role].name);
        give_up(s);
        return;
    }
    p->start_at_ms = now + wait_ms(p, now);
}

static void reap(struct supervisor *s)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        struct proc *p = s->first;
        while (p && p->pid != pid)
            p = p->next;
        if (p)
            ended(s, p, status);
    }
}

/* Control asks for a tenant. One that runs is left alone; but it may be ending just now, which SIGCHLD will tell. */
static void start_tenant(struct supervisor *s, const struct ipc_head *h, sv lines)
{
    int64_t number = (int64_t)h->b;

    if (number <= 0 || h->a > UID_INDEX_MAX || lines.n > LINES_MAX || s->stopping)
        return;
    reap(s);
    struct proc *p = proc_find(s, ROLE_TENANT, number);
    if (p) {
        p->asked_again = true;
        p->asked_again_ms = clock_mono_ms();
        return;
    }
    p = proc_add(s, ROLE_TENANT, number);
    p->uid_index = (int64_t)h->a;
    if (lines.n) {
        char *copy = xmalloc(lines.n);
        memcpy(copy, lines.p, lines.n);
        p->lines = sv_n(copy, lines.n);
    }
    if (!proc_start(s, p, NULL))
        proc_remove(s, p);
}

/* Nobody works in the folder any more: a process of it is told to stop, and control asks again. Its objects in the store go first:
 * erased_objects() does the rest. */
static void erase_tenant(struct supervisor *s, struct proc *control, int64_t number)
{
    struct proc *t = proc_find(s, ROLE_TENANT, number);
    bool gone = !t && !layout_stores(s) && layout_erase(s, number);

    if (!t && layout_stores(s) && clock_mono_ms() >= s->empty_again_ms && !s->stopping)
        helper_empty(s, number);
    if (t)
        tell(s, t, (struct ipc_head){.type = SUP_STOP}, SV_NONE, -1);
    tell(s, control, (struct ipc_head){.type = SUP_ERASED, .a = gone, .b = (uint64_t)number}, SV_NONE, -1);
}

static void became_ready(struct supervisor *s, struct proc *p)
{
    p->ready = true;
    p->held = false;
    flush(s, p);
    for (struct proc *q = s->first; q; q = q->next)
        if ((roles[q->role].one || q->role == ROLE_EDGE) && !q->ready)
            return;
    if (!s->up) {
        log_put(LOG_INFO, "serving at %.*s", SV_ARG(config_text(&s->config, CONFIG_LISTEN)));
        notify_manager(SV("READY=1"));
    }
    s->up = true;
}

/* The edge has no files, and asks by a name of which each character was looked at; it is looked at here once more. */
static void challenge(struct supervisor *s, struct proc *edge, const struct ipc_head *h, sv name)
{
    int fd = layout_challenge(s, name);
    struct ipc_head back = {.type = SUP_CHALLENGE, .flags = fd >= 0 ? IPC_FD : 0, .conn = h->conn, .gen = h->gen};

    tell(s, edge, back, SV_NONE, fd);
}

/* The tenant has no network: it gets the connection, and speaks on it. */
static void give_scanner(struct supervisor *s, struct proc *tenant)
{
    int fd = ipc_queued(&tenant->ipc) == 0 ? layout_scanner(s) : -1;      /* who does not take what it asked for gets no more */

    tell(s, tenant, (struct ipc_head){.type = SUP_SCANNER, .flags = fd >= 0 ? IPC_FD : 0}, SV_NONE, fd);
}

static void handle(struct supervisor *s, struct proc *p, const struct ipc_head *h, sv payload)
{
    if (h->type == ROLE_READY)
        became_ready(s, p);
    if (h->type == ROLE_CHALLENGE && p->role == ROLE_EDGE && p->ready)
        challenge(s, p, h, payload);
    if (p->role == ROLE_TENANT && p->ready)
        helper_asked(s, p, h);
    if (h->type == ROLE_SCAN_ASK && p->role == ROLE_TENANT && p->ready)
        give_scanner(s, p);
    if (p->role != ROLE_CONTROL)
        return;
    if (h->type == CTL_START_TENANT)
        start_tenant(s, h, payload);
    if (h->type == CTL_STOP_TENANT && h->b > 0 && h->b <= INT64_MAX) {
        struct proc *t = proc_find(s, ROLE_TENANT, (int64_t)h->b);
        if (t)
            tell(s, t, (struct ipc_head){.type = SUP_STOP}, SV_NONE, -1);
    }
    if (h->type == CTL_ERASE_TENANT && h->b > 0 && h->b <= INT64_MAX)
        erase_tenant(s, p, (int64_t)h->b);
#ifdef ENGAWA_TEST
    if (h->type == KEY_FAULT)
        fault_set(sv_cstr(s->arena, payload), (int64_t)h->b, FAULT_KILL);
#endif
}

/* A role's link. When it breaks, SIGCHLD brings the rest; until then it is not looked at again. */
static void serve(struct supervisor *s, struct proc *p, int events)
{
    struct ipc_head h;
    sv payload;
    int got = 0;

    if (events & LOOP_WRITE)
        flush(s, p);
    if (events & ~LOOP_WRITE)
        got = ipc_read(&p->ipc);
    while (got >= 0 && (got = ipc_next(&p->ipc, &h, &payload)) > 0)
        handle(s, p, &h, payload);
    if (got < 0 && p->ipc.fd >= 0) {
        loop_del(s->loop, p->ipc.fd);
        ipc_close(&p->ipc);
    }
}

static void stop_some(struct supervisor *s, bool served)
{
    for (struct proc *p = s->first; p; p = p->next)
        if (p->pid && (p->role == ROLE_EDGE || p->role == ROLE_TENANT) == served)
            tell(s, p, (struct ipc_head){.type = SUP_STOP}, SV_NONE, -1);
}

static void on_signal(struct supervisor *s)
{
    struct signalfd_siginfo si;

    while (read(s->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
        if (si.ssi_signo == SIGTERM || si.ssi_signo == SIGINT)
            s->stopping = true;
        if (si.ssi_signo == SIGHUP)
            for (struct proc *p = s->first; p; p = p->next)
                if (p->role == ROLE_EDGE && p->pid) {
                    pass_certificate(s, p);
                    pass_pages(s, p);
                }
    }
    reap(s);                                              /* SIGCHLDs may have become one */
}

/* Starts what is due; returns how long to wait. */
static int start_due(struct supervisor *s)
{
    int64_t now = clock_mono_ms(), next = -1;

    for (struct proc *p = s->first; p; p = p->next) {
        if (p->pid || p->role == ROLE_TENANT || p->role == ROLE_MEDIA || p->role == ROLE_STORE || s->stopping)
            continue;
        if (p->start_at_ms <= now && !proc_start(s, p, NULL))
            p->start_at_ms = now + BACKOFF_MAX;
        if (!p->pid && (next < 0 || p->start_at_ms - now < next))
            next = p->start_at_ms - now;
    }
    return (int)next;
}

static void turn(struct supervisor *s, int timeout)
{
    struct loop_event ev[64];
    int n = loop_wait(s->loop, ev, COUNT(ev), timeout);
    bool signals = false;

    for (int i = 0; i < n; i++) {
        struct proc *p = ev[i].what;
        if (ev[i].what == s)
            signals = true;
        else if (p->ipc.fd >= 0)
            serve(s, p, ev[i].events);
    }
    if (signals)
        on_signal(s);
    sweep(s);
}

static bool any(struct supervisor *s, bool served_only)
{
    for (struct proc *p = s->first; p; p = p->next)
        if (p->pid && (!served_only || p->role == ROLE_EDGE || p->role == ROLE_TENANT))
            return true;
    return false;
}

static void kill_late(struct supervisor *s, int64_t since)
{
    if (clock_mono_ms() - since < STOP_MS)
        return;
    for (struct proc *p = s->first; p; p = p->next)
        if (p->pid)
            kill(p->pid, SIGKILL);
}

/* Edges and tenants first: what they finish may need keyd and control. */
static void stop_all(struct supervisor *s)
{
    int64_t since = clock_mono_ms();

    stop_some(s, true);
    while (any(s, true)) {
        turn(s, 1000);
        kill_late(s, since);
    }
    stop_some(s, false);
    while (any(s, false)) {
        turn(s, 1000);
        kill_late(s, since);
    }
}

static void raise_limits(void)
{
    struct rlimit files, all = {RLIM_INFINITY, RLIM_INFINITY};

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        if (geteuid() == 0 && files.rlim_max < 65536)
            files.rlim_max = 65536;
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    setrlimit(RLIMIT_MEMLOCK, &all);                      /* refused to ordinary users: keyd locks less then */
}

static bool watch_signals(struct supervisor *s)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    s->loop = loop_new();
    return s->signals >= 0 && s->loop && loop_add(s->loop, s->signals, LOOP_READ, s);
}

static bool begin(struct supervisor *s, sv data_dir)
{
    static const enum role_id order[] = {ROLE_KEYD, ROLE_CONTROL, ROLE_EDGE, ROLE_OUT};

    if (!layout_open(s, data_dir) || !layout_listen(s) || !watch_signals(s))
        return false;
    FD cert = layout_certificate(s, CONFIG_TLS_CERT), key = layout_certificate(s, CONFIG_TLS_KEY);
    if (cert < 0 || key < 0)
        return false;
    for (size_t i = 0; i < COUNT(order); i++)
        for (size_t n = 0; n < (order[i] == ROLE_EDGE ? s->edges : 1); n++)
            proc_add(s, order[i], (int64_t)n);
    return true;
}

static void end(struct supervisor *s)
{
    while (s->first)
        proc_remove(s, s->first);
    sweep(s);
    loop_free(&s->loop);
    arena_free(&s->arena);                                /* descriptors, and with them the lock, end with the process */
}

int supervisor_main(sv data_dir)
{
    struct supervisor s = {.arena = arena_new(4096)};

    log_name("supervisor");
    sandbox_begin();
    raise_limits();
    if (begin(&s, data_dir)) {
        while (!s.stopping)
            turn(&s, start_due(&s));
        stop_all(&s);
    } else {
        s.failed = true;
    }
    end(&s);
    return s.failed ? 1 : 0;
}
