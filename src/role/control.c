/* role/control.c: maps names to tenants, has their processes started when somebody asks for them, and serves the
 * operators' socket. It holds the registry's database and no tenant's key. */
#include "role/control_private.h"

#include "api/app.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "role/keyc.h"
#include "role/roles.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define DAY_MS         INT64_C(86400000)
#define ROUND_MS       (INT64_C(15) * 3600000 + 5 * 60000)
#define FIRST_ROUND_MS 600000
#define SIGN_AGAIN_MS  10000
#define DECOY_MS       1000
#define KEYD_MS        10000
#define ROUND_STARTS   4                                  /* at a time: about a second */

struct peer *control_keyd(struct control *c)
{
    return peers_find(&c->peers, ROLE_KEYD, 0);
}

/* keyd signs whatever is larger. That the rows go on from those signed before is seen here, once: a log that lost some and
 * has grown since would else get a head again. */
static bool log_goes_on(struct control *c, struct peer *keyd)
{
    struct failure f = {0};
    struct ops_check check;
    struct sha256 root;
    uint64_t size;

    if (!c->log_checked) {
        if (!keyc_last_head(&keyd->ipc, &size, &root) || !registry_log_check(c->registry, size, &root, &check, &f))
            return false;
        c->log_cut = check.wrong || !check.head;
        c->log_checked = true;
    }
    if (c->log_cut)
        log_put(LOG_ERROR, "the operators' log is not the one that was signed: engawactl log verify");
    return !c->log_cut;
}

bool control_sign(struct control *c)
{
    int64_t now = clock_mono_ms();
    struct sha256 root;
    uint64_t size;

    if (!c->head_due_ms || now < c->head_due_ms)
        return !c->head_due_ms;
    struct peer *keyd = control_keyd_quiet(c);
    registry_log_head(c->registry, &size, &root);
    bool done = keyd && log_goes_on(c, keyd) && (size == 0 || keyc_sign(&keyd->ipc, size, &root, clock_ms()));
    if (!done && !c->log_cut)
        log_put(LOG_ERROR, "the head of the operators' log is not signed: %" PRIu64 " rows", size);
    c->head_due_ms = done ? 0 : now + SIGN_AGAIN_MS;
    return done;
}

static void tell_supervisor(struct control *c, struct ipc_head h, sv payload)
{
    ipc_put(&c->start.sup, h, payload);
    int rc = ipc_flush(&c->start.sup);
    loop_mod(c->peers.loop, c->start.sup.fd, rc ? LOOP_READ : LOOP_READ | LOOP_WRITE, &c->start);
}

void control_supervisor(struct control *c, struct ipc_head h, sv payload)
{
    tell_supervisor(c, h, payload);
}

void control_start_tenant(struct control *c, const struct tenant_row *t)
{
    struct str lines = {0};

    str_printf(&lines, "workgroup=%.*s\n", SV_ARG(t->workgroup));
    if (t == registry_decoy(c->registry))
        str_c(&lines, "decoy=1\n");
    if (t->state == TENANT_SUSPENDED || t->state == TENANT_CLOSING)
        str_c(&lines, "suspended=1\n");
    tell_supervisor(c, (struct ipc_head){.type = CTL_START_TENANT, .a = (uint64_t)t->uid_index, .b = (uint64_t)t->number}, str_sv(&lines));
    str_release(&lines);
}

void control_stop_tenant(struct control *c, const struct tenant_row *t)
{
    tell_supervisor(c, (struct ipc_head){.type = CTL_STOP_TENANT, .b = (uint64_t)t->number}, SV_NONE);
}

/* Unknown, suspended and half-open ones go to the decoy, which costs the same. */
static void name_find(struct control *c, struct peer *edge, const struct ipc_head *h, sv name)
{
    const struct tenant_row *t = registry_find_name(c->registry, name);

    if (!t || t->state != TENANT_OPEN)
        t = registry_decoy(c->registry);
    ipc_put(&edge->ipc, (struct ipc_head){.type = NAME_FOUND, .conn = h->conn, .gen = h->gen, .a = h->a, .b = (uint64_t)t->number}, SV_NONE);
    peers_flush(&c->peers, edge);
}

static void tenant_wake(struct control *c, struct peer *edge, const struct ipc_head *h)
{
    const struct tenant_row *t = h->b <= INT64_MAX ? registry_find(c->registry, (int64_t)h->b) : NULL;

    if (t && (t->state == TENANT_OPEN || t->state == TENANT_DECOY || t->state == TENANT_DECOY_NEW)) {
        control_start_tenant(c, t);
        return;
    }
    const struct tenant_row *decoy_row = registry_decoy(c->registry);
    ipc_put(&edge->ipc,
            (struct ipc_head){.type = TENANT_UNKNOWN, .a = decoy_row ? (uint64_t)decoy_row->number : 0, .b = h->b},
            SV_NONE);
    peers_flush(&c->peers, edge);
}

static bool handle(struct control *c, struct peer *p, const struct ipc_head *h, sv payload)
{
    switch (p->role) {
    case ROLE_EDGE:
        if (h->type == NAME_FIND)
            return name_find(c, p, h, payload), true;
        if (h->type == TENANT_WAKE)
            return tenant_wake(c, p, h), true;
        break;
    case ROLE_TENANT:
        if (h->type == OP_ANSWER)
            return relay_answer(c, p, h, payload), true;
        if (h->type == DUE_TELL)
            return due_heard(c, p, h);
        if (h->type == TENANT_CLOSED)
            return closed_heard(c, p, h);
        break;
    case ROLE_CTL:
        if (h->type == OP_CALL)
            return ops_call(c, p, h, payload), true;
        return false;
    case ROLE_KEYD:
        if (h->type == KEY_DESTROY + KEY_ANSWER)
            return c->keyd_owes -= c->keyd_owes > 0, true;
        if (h->type > KEY_ANSWER && h->type < KEY_ANSWER + FRAME_TYPES)
            return true;                                  /* nobody waited for it any longer */
        break;
    default:
        break;
    }
    if (h->type == FIGURES_TELL)
        return metrics_tell(c, p, h, payload), true;
    if (h->type != HEALTH_TELL)
        return false;
    if (p->role == ROLE_KEYD)
        c->keyd_owes -= c->keyd_owes > 0;
    if (c->health.asked && h->a == c->health.call)
        ops_health_tell(c, payload);
    return true;
}

struct peer *control_keyd_quiet(struct control *c)
{
    struct peer *keyd = control_keyd(c);
    struct ipc_head h;
    sv payload;

    while (keyd && c->keyd_owes > 0)
        if (!ipc_wait(&keyd->ipc, KEYD_MS, &h, &payload) || !handle(c, keyd, &h, payload))
            return NULL;
    return keyd;
}

static void dropped(struct control *c, struct peer *p)
{
    struct tenant_row *t = p->role == ROLE_TENANT ? registry_find(c->registry, p->number) : NULL;

    p->told = true;
    if (t)
        t->running = t->due_asked = false;                               /* first: a tenant whose opening failed is taken back below */
    if (p->role == ROLE_CTL)
        relay_gone(c, p->number);
    if (p->role == ROLE_TENANT)
        relay_broken(c, p->number);
}

static void serve(struct control *c, struct peer *p, int events)
{
    struct ipc_head h;
    sv payload;
    int got = 0;

    if (p->dead)
        return;
    if (events & LOOP_WRITE)
        peers_flush(&c->peers, p);
    if (p->role == ROLE_CTL)
        relay_resume(c, p);
    if (!p->dead && !p->paused)
        got = ipc_read(&p->ipc);
    while (!p->dead && got >= 0 && (got = ipc_next(&p->ipc, &h, &payload)) > 0)
        if (!handle(c, p, &h, payload))
            got = -1;
    if (got < 0)
        peers_drop(&c->peers, p);
    if (p->dead)
        dropped(c, p);
}

/* Links that broke while something was written to them: nobody reads the end of those any more. One that was replaced has
 * left its place to the new one. */
static void sweep(struct control *c)
{
    for (struct peer *p = c->peers.first; p; p = p->next)
        if (p->dead && !p->told && !peers_find(&c->peers, p->role, p->number))
            dropped(c, p);
    peers_sweep(&c->peers);
}

/* The socket's mode admits its owner and root; the kernel says who it is. */
static void accept_operator(struct control *c)
{
    struct ucred who;
    socklen_t n = sizeof(who);
    int64_t owner = 0;
    int fd = accept4(c->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0)
        return;
    config_int(&c->start.config, CONFIG_OWNER, 0, UINT32_MAX, &owner);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0 || (who.uid != 0 && who.uid != owner)) {
        log_put(LOG_WARN, "operator socket: uid %u refused", who.uid);
        close(fd);
        return;
    }
    peers_add(&c->peers, ROLE_CTL, ++c->last_conn, fd)->uid = who.uid;
}

static void hear(struct control *c)
{
    struct start_news n;
    struct tenant_row *t;

    while (!c->stop && start_next(&c->start, &n)) {
        if (n.what == NEWS_LINK) {
            struct peer *p = peers_add(&c->peers, n.role, n.number, n.fd);
            t = n.role == ROLE_TENANT ? registry_find(c->registry, n.number) : NULL;
            if (t)
                t->running = true;
            if (t)
                t->due_asked = false;
            if (n.role == ROLE_TENANT)
                relay_linked(c, p);
            if (n.role == ROLE_KEYD) {
                c->keyd_owes = 0;
                c->head_due_ms = clock_mono_ms();
            }
        }
        if (n.what == NEWS_ENDED)
            due_ended(c, n.number, n.status);
        if (n.what == NEWS_ERASED)
            erased_heard(c, n.number, n.status != 0);
        c->stop = n.what == NEWS_STOP || n.what == NEWS_GONE;
    }
}

/* ---- the daily round: a tenant that nobody uses does its nightly work too ---- */

/* The next five past midnight in Tokyo, where most tenants are. A tenant elsewhere does it some hours after its own
 * midnight, or at once when somebody uses it before. */
static int64_t next_round_ms(int64_t now_ms)
{
    int64_t at = now_ms - now_ms % DAY_MS + ROUND_MS;

    return at > now_ms ? at : at + DAY_MS;
}

static const struct tenant_row *round_next(struct control *c)
{
    const struct tenant_row *t = registry_next(c->registry, NULL);

    while (t && t->number != c->round_at && c->round_at)
        t = registry_next(c->registry, t);
    return c->round_at && t ? registry_next(c->registry, t) : t;
}

/* Some at a time: a process costs little, a thousand starts at once do not. One that was removed meanwhile ends the round
 * early; the next comes tomorrow. */
static void round_go_on(struct control *c)
{
    const struct tenant_row *t = NULL;
    int started = 0;

    if (c->round_at < 0) {
        if (clock_ms() < c->round_ms)
            return;
        c->round_at = 0;
    }
    while (started < ROUND_STARTS && (t = round_next(c))) {
        c->round_at = t->number;
        if (t->running || t->state != TENANT_OPEN)
            continue;
        control_start_tenant(c, t);
        started++;
    }
    if (t)
        return;
    c->round_at = -1;
    c->round_ms = next_round_ms(clock_ms());
}

/* Awake, so that an unknown name takes no longer than a known one; but where it is not made anew, behind those whom the start
 * itself keeps waiting: until then all tenants sleep, and who asks for an unknown name wakes it as any other. */
static void wake_decoy(struct control *c)
{
    const struct tenant_row *t = registry_decoy(c->registry);

    if (!c->decoy_due_ms || (t->state != TENANT_DECOY_NEW && clock_mono_ms() < c->decoy_due_ms))
        return;
    c->decoy_due_ms = 0;
    if (t->state == TENANT_DECOY_NEW)
        relay_init_decoy(c, t);
    else
        control_start_tenant(c, t);
}

static int patience(const struct control *c)
{
    return c->decoy_due_ms || c->relays || c->head_due_ms || c->health.asked || c->watchers ? 250 : c->round_at >= 0 ? 1000 : 60000;
}

static void run(struct control *c)
{
    c->head_due_ms = clock_mono_ms();                     /* what a crash left unsigned */
    c->decoy_due_ms = clock_mono_ms() + DECOY_MS;
    wake_decoy(c);
    c->round_at = -1;
    c->round_ms = clock_ms() + FIRST_ROUND_MS;            /* after an installation was off at that hour */
    while (!c->stop) {
        struct loop_event ev[32];
        int n = loop_wait(c->peers.loop, ev, COUNT(ev), endings_patience(c, due_patience(c, patience(c))));
        for (int i = 0; i < n && !c->stop; i++) {
            if (ev[i].what == &c->start)
                hear(c);
            else if (ev[i].what == &c->listener)
                accept_operator(c);
            else if (ev[i].what == &c->metrics)
                metrics_accept(c);
            else if (!metrics_ready(c, ev[i].what))
                serve(c, ev[i].what, ev[i].events);
        }
        if (ipc_queued(&c->start.sup))
            tell_supervisor(c, (struct ipc_head){0}, SV_NONE);
        relay_sweep(c, clock_mono_ms());
        ops_health_sweep(c, clock_mono_ms());
        metrics_sweep(c, clock_mono_ms());
        alarm_look(c, false);
        wake_decoy(c);
        round_go_on(c);
        due_go_on(c);
        endings_go_on(c);
        keys_tick(c);
        control_sign(c);
        sweep(c);
    }
}

/* The registry's key is made with the registry, never for one that is there already. */
static bool registry_key(struct control *c, struct secret *key)
{
    struct peer *keyd = control_keyd(c);
    bool full;

    if (!keyd)
        return false;
    if (keyc_get(&keyd->ipc, REGISTRY_TENANT, key))
        return true;
    if (access("registry.db", F_OK) == 0 || errno != ENOENT) {
        log_put(LOG_ERROR, "keyd gives no key for the registry.db that is here");
        return false;
    }
    return keyc_make(&keyd->ipc, REGISTRY_TENANT, &full) && keyc_get(&keyd->ipc, REGISTRY_TENANT, key);
}

static bool decoy(struct control *c, struct failure *f)
{
    struct tenant_row row = {.number = rand_id().n, .state = TENANT_DECOY_NEW, .workgroup = SV(""), .company = SV(""), .opened_ms = clock_ms()};
    struct peer *keyd = control_keyd(c);
    bool full;

    if (registry_decoy(c->registry))
        return true;
    return keyd && keyc_make(&keyd->ipc, row.number, &full) && registry_add(c->registry, &row, f);
}

/* Tenants that a crash left half open: nobody can have used them. */
static void take_back_half_open(struct control *c)
{
    struct tenant_row *next, *t = registry_next(c->registry, NULL);
    struct peer *keyd = control_keyd(c);
    struct failure f = {0};

    for (; t; t = next) {
        next = registry_next(c->registry, t);
        if (t->state != TENANT_OPENING)
            continue;
        if (keyd)
            keyc_destroy(&keyd->ipc, t->number);
        registry_remove(c->registry, t, &f);
    }
}

static bool begin(struct control *c)
{
    struct failure f = {0};
    SECRET key = {0};

    c->listener = c->metrics = -1;
    if (!start_role(ROLE_CONTROL, &c->start))
        return false;
    ops_check(app());                                     /* for all tenants: they run this program too, and start while somebody waits */
    c->listener = start_take_listener(&c->start, LISTEN_CTL);
    c->metrics = start_take_listener(&c->start, LISTEN_HEALTH);
    c->peers.loop = loop_new();
    loop_add(c->peers.loop, c->start.sup.fd, LOOP_READ, &c->start);
    loop_add(c->peers.loop, c->listener, LOOP_READ, &c->listener);
    if (c->metrics >= 0)
        loop_add(c->peers.loop, c->metrics, LOOP_READ, &c->metrics);
    for (size_t i = 0; i < c->start.links.n; i++)
        peers_take(&c->peers, &c->start, i);
    if (!start_confine(&c->start) || !registry_key(c, &key))
        return false;
    c->registry = registry_open(&key, config_is(&c->start.config, CONFIG_CIPHER, SV("aegis256")) ? DB_AEGIS256 : DB_AES256, &f);
    if (!c->registry || !decoy(c, &f)) {
        log_put(LOG_ERROR, "registry: %s", f.detail);
        return false;
    }
    take_back_half_open(c);
    if (!alarm_begin(c))
        return false;
    for (struct peer *p = c->peers.first; p; p = p->next) {
        struct tenant_row *t = p->role == ROLE_TENANT ? registry_find(c->registry, p->number) : NULL;
        if (t)
            t->running = true;
    }
    return start_ready(&c->start);
}

int control_main(void)
{
    struct control c = {0};

    bool begun = begin(&c);
    if (begun)
        run(&c);
    relay_end(&c);
    metrics_end(&c);
    registry_close(&c.registry);
    fd_close(&c.listener);
    peers_end(&c.peers);
    start_end(&c.start);
    return begun ? 0 : 1;
}
