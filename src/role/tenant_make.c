/* role/tenant_make.c: files that are made in the background: a reader makes a piece of text, the writer stores it, and only
 * after its COMMIT the reader goes on. Between two pieces others have their turn on both threads. A making that a crash or
 * a rolled back batch broke off begins anew at the next start. */
#include "role/tenant.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/file.h"

struct making {
    struct house *house;
    const struct file_maker *maker;
    struct arena *a;                                      /* file and state */
    struct file file;
    void *state;
    struct str text;                                      /* made and not yet stored */
    struct sha256_run *hash;
    int64_t seq;
    bool end, failed;
};

static void making_free(struct making *m)
{
    struct arena *a = m->a;

    atomic_fetch_sub(&m->house->makings, 1);
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

static void run_store(struct request *r);
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

static void run_piece(struct request *r)
{
    struct making *m = r->internal_arg;

    while (!m->failed && !m->end && m->text.n < FILE_PART)
        m->failed = !make_piece(m, r);
    if (m->failed)
        log_put(LOG_ERROR, "file %" PRId64 " cannot be made: %s", m->file.id.n, r->x.failure.detail);
    if (!call_internal(m->house, run_store, m))
        making_free(m);
}

static bool to_reader(struct making *m)
{
    struct request *r;

    if (atomic_load(&m->house->ending))
        return false;
    r = request_new(m->house, DOOR_INTERNAL, NULL, NULL);
    r->internal = run_piece;
    r->internal_arg = m;
    if (worker_put(m->house->reader, &r->job))
        return true;
    request_free(&r);
    return false;
}

static bool store_parts(struct making *m, struct ctx *x)
{
    while (m->text.n >= FILE_PART || (m->end && m->text.n)) {
        sv part = sv_upto(str_sv(&m->text), FILE_PART);
        if (!file_part(x, m->file.id, m->seq++, part))
            return false;
        str_drop(&m->text, part.n);
    }
    return true;
}

/* On the writer; after the batch stored() hears whether it stands. */
static void run_store(struct request *r)
{
    struct making *m = r->internal_arg;
    struct ctx *x = &r->x;

    r->after = stored;
    if (m->failed) {
        file_finish(x, m->file.id, FILE_FAILED, 0, 0, SV(""));
    } else if (store_parts(m, x) && m->end) {
        struct sha256 hash = sha256_end(&m->hash);
        m->file.hash = sv_n(hash.b, sizeof(hash.b));
        m->file.state = FILE_READY;
        if (file_finish(x, m->file.id, FILE_READY, m->file.rows, m->file.size, m->file.hash))
            m->maker->ready(x, &m->file);
        m->file.hash = SV("");
    } else if (x->failure.code == E_NONE) {
        file_progress(x, m->file.id, m->file.rows, m->file.size);
    }
}

static void stored(struct request *r, bool committed)
{
    struct making *m = r->internal_arg;

    if (!committed || r->x.failure.code != E_NONE || m->failed || m->end || !to_reader(m))
        making_free(m);
}

void making_start(struct house *h, id64 file)
{
    struct arena *a = arena_new(8 * 1024);
    struct making *m = ANEW(a, struct making);

    atomic_fetch_add(&h->makings, 1);
    m->house = h;
    m->a = a;
    m->file.id = file;
    m->hash = sha256_begin();
    if (!to_reader(m))
        making_free(m);
}

static void run_resume(struct request *r)
{
    struct file_set all = {0};

    if (!file_in_making(&r->x, &all))
        return;
    for (size_t i = 0; i < all.n; i++) {
        if (!file_restart(&r->x, all.v[i].id))
            return;
        effect(&r->x, EFF_FILE, all.v[i].id.n, 0);
    }
}

void makings_resume(struct house *h)
{
    call_internal(h, run_resume, NULL);
}
