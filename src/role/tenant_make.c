/* role/tenant_make.c: files that are made in the background: a reader makes a piece of text, the writer stores it, and only
 * after its COMMIT the reader goes on. Between two pieces others have their turn on both threads. What finds a queue full, or
 * whose batch was undone, goes on at the next tick; a making that a crash broke off begins anew at the next start. One that
 * fails says so in its file. */
#include "role/tenant.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/file.h"

struct making {
    struct house *house;
    id64 id;                                              /* of the file */
    struct making *next_of_all, *next;                    /* next: of those that wait for a tick */
    const struct file_maker *maker;
    struct arena *a;                                      /* file and state */
    struct file file;
    void *state;
    struct str text;                                      /* made and not yet stored */
    struct sha256_run *hash;
    struct sha256 sum;                                    /* of all of it */
    int64_t seq, stored_seq;
    size_t stored_n;
    bool end, failed, told;                               /* told: nothing happened since it was stored */
};

static void making_free(struct making *m)
{
    struct arena *a = m->a;
    struct house *h = m->house;
    struct making **at = &h->makings_all;

    pthread_mutex_lock(&h->makings_lock);
    while (*at != m)
        at = &(*at)->next_of_all;
    *at = m->next_of_all;
    pthread_mutex_unlock(&h->makings_lock);
    atomic_fetch_sub(&h->makings, 1);
    sha256_end(&m->hash);
    str_release(&m->text);
    arena_free(&a);
}

static const struct file_maker *maker_of(const struct house *h, enum file_kind kind)
{
    for (size_t i = 0; i < h->app->n_makers; i++)
        if (h->app->makers[i]->kind == kind)
            return h->app->makers[i];
    return NULL;
}

static bool is_made(struct house *h, id64 file)
{
    bool found = false;

    pthread_mutex_lock(&h->makings_lock);
    for (const struct making *m = h->makings_all; m && !found; m = m->next_of_all)
        found = m->id.n == file.n;
    pthread_mutex_unlock(&h->makings_lock);
    return found;
}

static void run_store(struct request *r);
static void run_piece(struct request *r);
static void stored(struct request *r, bool committed);

/* The reader, with an arena of this piece alone; the first time it reads the file's row, for good. */
static bool make_piece(struct making *m, struct request *r)
{
    struct ctx *x = &r->x;
    bool ok = true;

    if (!m->maker) {
        x->arena = m->a;
        db_use(x->db, m->a, &x->failure);
        ok = file_find(x, m->file.id, &m->file);
        m->maker = ok ? maker_of(m->house, m->file.kind) : NULL;
        if (m->maker) {
            m->state = arena_alloc(m->a, m->maker->state_size);
            ok = m->maker->begin(x, &m->file, m->state);
        }
        x->arena = r->arena;
        db_use(x->db, r->arena, &x->failure);
    }
    if (!ok || !m->maker)
        return false;
    size_t before = m->text.n;
    ok = m->maker->piece(x, m->state, &m->text, &m->file.rows, &m->end);
    sha256_add(m->hash, sv_from(str_sv(&m->text), before));
    m->file.size += (int64_t)(m->text.n - before);
    return ok;
}

static bool to_reader(struct making *m)
{
    struct house *h = m->house;

    return call_internal_on(h, m->maker && m->maker->looks ? h->looker : h->reader, run_piece, m);
}

/* A queue that is full, or a batch that was undone: the next tick goes on. At the end of the process the file stays in
 * making, and the next process begins it anew. */
static void wait_for_tick(struct making *m)
{
    struct house *h = m->house;

    if (atomic_load(&h->ending)) {
        making_free(m);
        return;
    }
    pthread_mutex_lock(&h->makings_lock);
    m->next = h->makings_waiting;
    h->makings_waiting = m;
    pthread_mutex_unlock(&h->makings_lock);
}

static bool to_store(const struct making *m)
{
    return m->failed || m->end || m->text.n >= FILE_PART || (!m->told && m->maker && m->maker->full && m->maker->full(m->state));
}

/* One piece a job: between two of them others have their turn. */
static void go_on(struct making *m)
{
    bool put = false;

    if (to_store(m))
        put = call_internal(m->house, run_store, m);
    else if (!atomic_load(&m->house->ending))
        put = to_reader(m);
    if (!put)
        wait_for_tick(m);
}

static void run_piece(struct request *r)
{
    struct making *m = r->internal_arg;

    m->told = false;
    db_use(r->x.db, r->arena, &r->x.failure);
    m->failed = !make_piece(m, r) || r->x.failure.code != E_NONE;
    if (m->failed)
        log_put(LOG_ERROR, "file %" PRId64 " cannot be made: %s", m->file.id.n, r->x.failure.detail);
    go_on(m);
}

/* What is stored is forgotten only after COMMIT: `stored_n` bytes in parts before `stored_seq`. */
static bool store_parts(struct making *m, struct ctx *x)
{
    m->stored_n = 0;
    m->stored_seq = m->seq;
    while (m->text.n - m->stored_n >= FILE_PART || (m->end && m->text.n > m->stored_n)) {
        sv part = sv_upto(sv_from(str_sv(&m->text), m->stored_n), FILE_PART);
        if (!file_part(x, m->file.id, m->stored_seq++, part))
            return false;
        m->stored_n += part.n;
    }
    return true;
}

static bool store_end(struct making *m, struct ctx *x)
{
    if (m->hash)                                          /* ended once, however often it is stored */
        m->sum = sha256_end(&m->hash);
    m->file.hash = sv_n(m->sum.b, sizeof(m->sum.b));
    m->file.state = FILE_READY;
    return file_finish(x, m->file.id, FILE_READY, m->file.rows, m->file.size, m->file.hash) && m->maker->ready(x, &m->file);
}

/* On the writer; after the batch stored() hears whether it stands. */
static void run_store(struct request *r)
{
    struct making *m = r->internal_arg;
    struct ctx *x = &r->x;
    bool ok;

    r->after = stored;
    if (m->failed)
        ok = file_restart(x, m->file.id) && file_finish(x, m->file.id, FILE_FAILED, 0, 0, SV(""));
    else
        ok = (!m->maker->found || m->maker->found(x, &m->file, m->state)) && store_parts(m, x) &&
             (m->end ? store_end(m, x) : file_progress(x, m->file.id, m->file.rows, m->file.size));
    if (!ok && x->failure.code == E_NONE)
        fail(&x->failure, E_INTERNAL, "file %" PRId64 " cannot be stored", m->file.id.n);
}

static void stored(struct request *r, bool committed)
{
    struct making *m = r->internal_arg;
    bool stands = committed && r->x.failure.code == E_NONE;

    if (!committed || (!stands && m->failed)) {
        wait_for_tick(m);
        return;
    }
    if (stands && (m->failed || m->end)) {
        making_free(m);
        return;
    }
    if (stands) {
        str_drop(&m->text, m->stored_n);
        m->seq = m->stored_seq;
        m->told = true;
    } else {
        m->failed = true;
    }
    go_on(m);
}

void making_start(struct house *h, id64 file)
{
    if (is_made(h, file))
        return;
    struct arena *a = arena_new(8 * 1024);
    struct making *m = ANEW(a, struct making);

    atomic_fetch_add(&h->makings, 1);
    m->house = h;
    m->a = a;
    m->id = m->file.id = file;
    m->hash = sha256_begin();
    pthread_mutex_lock(&h->makings_lock);
    m->next_of_all = h->makings_all;
    h->makings_all = m;
    pthread_mutex_unlock(&h->makings_lock);
    go_on(m);
}

static void resumed(struct request *r, bool committed)
{
    if (!committed || r->x.failure.code != E_NONE)
        atomic_store(&r->house->makings_left, true);
}

/* Those that the last process left unfinished. */
static void run_resume(struct request *r)
{
    struct file_set all = {0};

    r->after = resumed;
    if (!file_in_making(&r->x, &all))
        return;
    for (size_t i = 0; i < all.n; i++) {
        if (!maker_of(r->house, all.v[i].kind) || is_made(r->house, all.v[i].id))
            continue;
        if (!file_restart(&r->x, all.v[i].id))
            return;
        effect(&r->x, EFF_FILE, all.v[i].id.n, 0);
    }
}

static struct making *take_waiting(struct house *h)
{
    pthread_mutex_lock(&h->makings_lock);
    struct making *all = h->makings_waiting;
    h->makings_waiting = NULL;
    pthread_mutex_unlock(&h->makings_lock);
    return all;
}

void makings_tick(struct house *h)
{
    if (atomic_exchange(&h->makings_left, false) && !call_internal(h, run_resume, NULL))
        atomic_store(&h->makings_left, true);
    for (struct making *m = take_waiting(h), *next; m; m = next) {
        next = m->next;
        go_on(m);
    }
}

void makings_end(struct house *h)
{
    for (struct making *m = take_waiting(h), *next; m; m = next) {
        next = m->next;
        making_free(m);
    }
}
