/* role/tenant_store.c: files in the operator's S3-compatible store. A process that holds the operator's key and may reach the store
 * alone is asked for by each thread that has something to do with it: the one that sends and removes, the one that reads for those who
 * download, the one that looks at files, the one that looks through all of it. No other thread waits for the store.
 * What is read is read ahead, a window at a time; what comes is still sealed, and believed no more than a file of the folder. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/bucket.h"
#include "svc/file/place.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#define GIVEN_MS   10000                                  /* for a process to be free */
#define ANSWER_MS  (BUCKET_MS + 10000)                    /* beyond what the process itself takes */
#define SEND_MS    INT64_C(7200000)                       /* for a file; the process gives up before, when nothing moves */
#define SLICE_MS   100                                    /* how soon the end of this process is seen */
#define AWAY_MS    5000                                   /* a store that did not answer is left alone so long */
#define AGAIN_MS   1000                                   /* before what could not be sent is tried again; twice as long each time … */
#define AGAIN_MAX  300000                                 /* … up to this */

struct window {
    id64 id;
    int64_t at;
    struct str bytes;
    uint64_t turn;
};

struct store_way {
    struct house *house;
    struct ipc link;                                      /* fd -1: no process yet */
    int64_t again_ms;                                     /* not asked before */
    struct blob_far far;
    uint64_t turn;
    size_t n;
    struct window windows[];
};

static bool read_far(void *to, id64 id, int64_t size, int64_t at, size_t n, sv *out, struct failure *f);

struct store_way *store_way_new(struct house *h, size_t windows)
{
    struct store_way *w = xcalloc(1, sizeof(*w) + windows * sizeof(w->windows[0]));

    w->house = h;
    w->link.fd = -1;
    w->n = windows;
    w->far = (struct blob_far){.to = w, .read = read_far};
    return w;
}

const struct blob_far *store_far(const struct store_way *w)
{
    return w ? &w->far : NULL;
}

void store_way_rest(struct store_way *w)
{
    if (!w)
        return;
    ipc_close(&w->link);
    w->again_ms = 0;
    for (size_t i = 0; i < w->n; i++) {
        str_release(&w->windows[i].bytes);
        w->windows[i] = (struct window){0};
    }
}

void store_way_free(struct store_way **wp)
{
    struct store_way *w = *wp;

    *wp = NULL;
    store_way_rest(w);
    xfree(w);
}

/* ---- asking ---- */

/* One after the other: what the supervisor gives goes to whoever asked. */
static bool process(struct store_way *w)
{
    struct house *h = w->house;
    int fd = -1;

    pthread_mutex_lock(&h->store_lock);
    bool given = !atomic_load(&h->ending) && media_ask(h->store, ROLE_STORE_ASK, SUP_PEER, GIVEN_MS, &fd);
    pthread_mutex_unlock(&h->store_lock);
    if (given && fd >= 0)
        ipc_init(&w->link, fd);
    return given && fd >= 0;
}

static bool hear(struct store_way *w, int64_t until_ms, struct ipc_head *h, sv *payload)
{
    struct pollfd fd = {.fd = w->link.fd, .events = POLLIN};
    int got;

    while ((got = ipc_next(&w->link, h, payload)) == 0 && clock_mono_ms() < until_ms && !atomic_load(&w->house->ending))
        if (poll(&fd, 1, SLICE_MS) > 0 && ipc_read(&w->link) < 0)
            return false;
    return got > 0;
}

/* `file`, -1: none, stays the caller's. False: the process ended, or said what nobody says. */
static bool converse(struct store_way *w, struct ipc_head order, int file, struct str *body, struct ipc_head *end)
{
    int64_t until = clock_mono_ms() + (order.type == STORE_PUT ? SEND_MS : ANSWER_MS);
    int copy = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, 0);
    sv payload;

    if (copy >= 0) {
        order.flags = IPC_FD;
        ipc_put_fd(&w->link, order, SV_NONE, copy);
    } else {
        ipc_put(&w->link, order, SV_NONE);
    }
    if (ipc_flush(&w->link) < 0)
        return false;
    for (size_t most = order.type == STORE_GET ? order.conn : 0;;) {
        if (!hear(w, until, end, &payload))
            return false;
        if (end->type == STORE_DATA && body && payload.n <= most - body->n) {
            str_put(body, payload);
            continue;
        }
        if (end->type != STORE_END || end->a >= BUCKET_ENDS)
            return false;
        if (end->a != BUCKET_DONE)
            log_put(end->a == BUCKET_NONE ? LOG_INFO : LOG_WARN, "the store for files: status %u %.*s", end->conn, SV_ARG(sv_upto(payload, 200)));
        return end->a != BUCKET_DONE || order.type != STORE_GET || body->n == most;
    }
}

/* A process that was idle may have ended just now: another one is asked, once. */
static enum bucket_end ask(struct store_way *w, struct ipc_head order, int file, struct str *body, int64_t *size)
{
    struct ipc_head end = {0};
    bool answered = false, fresh = false;

    if (clock_ms() < w->again_ms)
        return BUCKET_AWAY;
    while (!answered && !fresh) {
        fresh = w->link.fd < 0;
        if (fresh && !process(w))
            break;
        if (body)
            str_reset(body);
        answered = converse(w, order, file, body, &end);
        if (!answered)
            ipc_close(&w->link);
    }
    if (!answered)
        log_put(LOG_WARN, "the store for files: no process answered");
    enum bucket_end how = answered ? (enum bucket_end)end.a : BUCKET_AWAY;
    if (how == BUCKET_AWAY || how == BUCKET_REFUSED)
        w->again_ms = clock_ms() + AWAY_MS;
    if (size)
        *size = (int64_t)end.b;
    return how;
}

static bool failed(struct failure *f, enum bucket_end how, id64 id)
{
    if (how == BUCKET_AWAY || how == BUCKET_REFUSED)
        return fail(f, E_STORE_AWAY, how == BUCKET_AWAY ? "the store does not answer" : "the store does not take the key");
    return fail(f, E_INTERNAL, "blob %" PRId64 " %s", id.n, how == BUCKET_NONE ? "is not in the store" : "comes from the store in another length");
}

/* ---- reading ---- */

static struct window *window_of(struct store_way *w, id64 id, int64_t at)
{
    struct window *oldest = &w->windows[0];

    for (size_t i = 0; i < w->n; i++) {
        struct window *v = &w->windows[i];
        if (v->id.n == id.n && v->at == at && v->bytes.n)
            return v;
        if (v->turn < oldest->turn)
            oldest = v;
    }
    str_reset(&oldest->bytes);
    oldest->id = id;
    oldest->at = at;
    return oldest;
}

static bool read_far(void *to, id64 id, int64_t size, int64_t at, size_t n, sv *out, struct failure *f)
{
    struct store_way *w = to;
    int64_t from = at - (at - BLOB_BEGIN) % BUCKET_READ_MAX;
    size_t all = size - from < BUCKET_READ_MAX ? (size_t)(size - from) : BUCKET_READ_MAX;
    struct window *v = window_of(w, id, from);

    ENSURE(at >= BLOB_BEGIN && at + (int64_t)n <= from + (int64_t)all);
    v->turn = ++w->turn;
    if (v->bytes.n == 0) {
        const struct ipc_head order = {.type = STORE_GET, .a = (uint64_t)id.n, .b = (uint64_t)from, .conn = (uint32_t)all};
        enum bucket_end how = ask(w, order, -1, &v->bytes, NULL);
        if (how != BUCKET_DONE) {
            str_reset(&v->bytes);
            return failed(f, how, id);
        }
    }
    *out = sv_n(v->bytes.p + (at - from), n);
    return true;
}

bool store_there(struct store_way *w, id64 id, int64_t size, bool *there, struct failure *f)
{
    int64_t found = 0;
    enum bucket_end how = ask(w, (struct ipc_head){.type = STORE_LOOK, .a = (uint64_t)id.n}, -1, NULL, &found);

    *there = how == BUCKET_DONE && found == blob_sealed_size(size);
    return how == BUCKET_DONE || how == BUCKET_NONE || failed(f, how, id);
}

static void rest(struct request *r)
{
    struct store_way *const *w = r->internal_arg;

    store_way_rest(*w);
}

void store_quiet(struct house *h)
{
    if (h->remote && worker_started(h->remote))
        call_internal_on(h, h->remote, rest, &h->remote_way);
    if (h->look_way && worker_started(h->looker))
        call_internal_on(h, h->looker, rest, &h->look_way);
}

void remote_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;

    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        if (r->internal) {
            r->internal(r);
            request_free(&r);
        } else if (r->file_busy) {
            file_run(r, house_db(h, &h->remote_db, true), store_far(h->remote_way));
        } else {
            file_prime(r, house_db(h, &h->remote_db, true), store_far(h->remote_way));
        }
    }
}

/* ---- sending, and what is to go ---- */

static void run_move(struct request *r);

static void next(struct house *h)
{
    if (!call_internal_on(h, h->mover, run_move, NULL))
        atomic_store(&h->moving, false);
}

/* Nothing is lost by waiting: what was not sent lies in the folder. */
static void later(struct house *h)
{
    int64_t wait = atomic_load(&h->move_wait_ms);

    atomic_store(&h->move_at_ms, clock_ms() + wait);
    atomic_store(&h->move_wait_ms, wait * 2 < AGAIN_MAX ? wait * 2 : AGAIN_MAX);
    atomic_store(&h->moving, false);
}

static void moved(struct request *r, bool committed)
{
    struct house *h = r->house;

    if (!committed || r->x.failure.code != E_NONE) {
        h->move_before = ID_NONE;                         /* the mover rests: it is ours */
        later(h);
        return;
    }
    atomic_store(&h->move_wait_ms, AGAIN_MS);
    next(h);
}

struct keep {
    id64 id;
    enum kept { LEAVES, SENT, DROPPED, LOST } what;
};

static void run_keep(struct request *r)
{
    struct keep *k = r->internal_arg;
    bool (*const does[])(struct ctx *x, id64 blob) = {[LEAVES] = place_leaves, [SENT] = place_sent, [DROPPED] = place_dropped, [LOST] = place_lost};

    if (!does[k->what](&r->x, k->id))
        log_put(LOG_ERROR, "where a file lies cannot be kept: %s", r->x.failure.detail);
    r->after = moved;
    xfree(k);
}

static void keep(struct house *h, id64 id, enum kept what)
{
    struct keep *k = XNEW(struct keep);

    k->id = id;
    k->what = what;
    if (call_internal(h, run_keep, k))
        return;
    xfree(k);
    later(h);
}

static void drop_object(struct house *h, id64 id)
{
    if (ask(h->move_way, (struct ipc_head){.type = STORE_DROP, .a = (uint64_t)id.n}, -1, NULL, NULL) == BUCKET_DONE)
        keep(h, id, DROPPED);
    else
        later(h);
}

/* It lies there when the store has taken the bytes under their hash, and says how many it has. */
static bool sent(struct house *h, const struct placed *p, int file)
{
    int64_t size = blob_sealed_size(p->size), found = -1;
    enum bucket_end how = ask(h->move_way, (struct ipc_head){.type = STORE_PUT, .a = (uint64_t)p->id.n, .b = (uint64_t)size}, file, NULL, NULL);

    if (how == BUCKET_DONE) {
        (void)FAULT("store.put");
        how = ask(h->move_way, (struct ipc_head){.type = STORE_LOOK, .a = (uint64_t)p->id.n}, -1, NULL, &found);
    }
    if (how == BUCKET_NONE || how == BUCKET_STRANGE)      /* not this one: it holds up no other */
        h->move_after = p->id;
    if (how != BUCKET_DONE)
        return false;
    if (found != size)
        log_put(LOG_ERROR, "the store for files has %" PRId64 " bytes of blob %" PRId64 ", which has %" PRId64, found, p->id.n, size);
    return found == size;
}

/* One that the folder has not: a backup was made while it was sent, and this is what was restored. Or it is lost. */
static void look_for(struct house *h, const struct placed *p)
{
    struct failure f = {0};
    bool there = false;

    if (!store_there(h->move_way, p->id, p->size, &there, &f)) {
        later(h);
        return;
    }
    if (!there)
        log_put(LOG_ERROR, "blob %" PRId64 " cannot be sent: it is not in the folder, or of another length", p->id.n);
    keep(h, p->id, there ? SENT : LOST);
}

static void send_file(struct house *h, const struct placed *p)
{
    FD file = blob_sealed(h->t->folder, p->id);
    struct stat st;

    if (file < 0 || fstat(file, &st) < 0 || st.st_size != blob_sealed_size(p->size)) {
        look_for(h, p);
    } else if (sent(h, p, file)) {
        ipc_close(&h->move_way->link);                    /* others may wait for a process */
        keep(h, p->id, SENT);
    } else {
        later(h);
    }
}

static void run_move(struct request *r)
{
    struct house *h = r->house;
    struct placed p = {0};
    bool there = false, drop, old = false;
    id64 before = ID_NONE;

    atomic_store(&h->move_left, false);                   /* before it is looked for: what is committed after that says so */
    r->x.db = house_db(h, &h->move_db, true);
    db_use(r->x.db, r->arena, &r->x.failure);
    bool ok = place_to_drop(&r->x, &p.id, &drop) && (drop || place_to_send(&r->x, h->move_after, &p, &there)) &&
              (drop || there || h->move_before.n == INT64_MAX || place_before(&r->x, h->move_before, &before, &old));
    if (!ok)
        log_put(LOG_ERROR, "what is to be sent cannot be looked up: %s", r->x.failure.detail);
    atomic_store(&h->move_left, !ok || drop || there || old);
    if (!ok || atomic_load(&h->ending))
        later(h);
    else if (drop)
        drop_object(h, p.id);
    else if (there)
        send_file(h, &p);
    else if (old) {
        h->move_before = before;
        keep(h, before, LEAVES);
    } else {
        h->move_before = (id64){INT64_MAX};
        store_way_rest(h->move_way);
        atomic_store(&h->moving, false);
    }
}

void move_run(void *house, struct job **jobs, size_t n)
{
    (void)house;
    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        r->internal(r);
        request_free(&r);
    }
}

void move_tick(struct house *h)
{
    if (!h->t->stores || !atomic_load(&h->move_left) || clock_ms() < atomic_load(&h->move_at_ms) || atomic_exchange(&h->moving, true))
        return;
    next(h);
}

/* ---- with the process ---- */

#define REMOTE_WINDOWS 16                                 /* downloads that are read ahead for, 1 MiB each */

void stores_open(struct house *h, bool stores)
{
    pthread_mutex_init(&h->store_lock, NULL);
    h->store = media_way_new(h->supervisor);
    if (!stores)
        return;
    h->t->stores = true;
    h->remote_way = store_way_new(h, REMOTE_WINDOWS);
    h->look_way = store_way_new(h, 2);
    h->move_way = store_way_new(h, 0);
    h->copy_way = store_way_new(h, 0);
    h->remote = worker_new("remote", 4096, 16, remote_run, h);
    h->mover = worker_new("mover", 4, 1, move_run, h);
    atomic_store(&h->move_left, true);
    atomic_store(&h->move_wait_ms, AGAIN_MS);
}

void stores_close(struct house *h)
{
    media_way_free(&h->store);
    store_way_free(&h->remote_way);
    store_way_free(&h->look_way);
    store_way_free(&h->move_way);
    store_way_free(&h->copy_way);
    pthread_mutex_destroy(&h->store_lock);
}
