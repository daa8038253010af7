/* role/tenant_renew.c: the database goes under another data key while it is used. The writer copies it, piece by piece between its
 * batches, into a file under the new key, which follows what is written; when all is copied, nothing is written any more, the file
 * gets its name, and the process makes way for the next one, which puts it in place. Until the file has its name the old one is
 * the truth, from then on the new one; keyd keeps both keys until the next process has opened it. */
#include "role/tenant.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "role/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATABASE "tenant.db"
#define PART     "tenant.next.part"
#define NEXT     "tenant.next.db"

/* ---- while it is used ---- */

static void run_nothing(struct request *r)
{
    (void)r;
}

static void give_up(struct house *h, const char *why)
{
    log_put(LOG_ERROR, "the database stays under the key it has: %s", why);
    db_follow_end(&h->renewal, false);
    atomic_store(&h->renewing, false);
}

/* What was acknowledged is in the copy; what comes now is refused, and asked again of the next process. */
static void hand_over(struct house *h)
{
    FD dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)FAULT("renew.copied");
    if (!db_follow_end(&h->renewal, true)) {
        give_up(h, "the copy cannot be stored");
        return;
    }
    (void)FAULT("renew.stored");
    if (dir < 0 || rename(PART, NEXT) < 0 || fsync(dir) < 0)
        die("the database under the other key cannot be named: %s", strerror(errno));   /* the next process sees which it is */
    (void)FAULT("renew.named");
    atomic_store(&h->renewed, true);
    log_put(LOG_INFO, "the database is under another key");
}

/* Writer, behind its batch. While a backup copies, the last step waits: the process would take the backup along. */
void renew_piece(struct house *h)
{
    struct arena *a;
    struct failure f = {0};

    if (!h->renewal || atomic_load(&h->renewed) || atomic_load(&h->copying))
        return;
    a = arena_new(4096);
    db_use(h->write_db, a, &f);
    int more = db_follow(h->renewal);
    (void)FAULT("renew.piece");
    if (more < 0)
        give_up(h, f.detail);
    else if (more == 0)
        hand_over(h);
    else
        call_internal(h, run_nothing, NULL);              /* the queue is full: its own jobs bring the next piece */
    arena_free(&a);
}

static void run_begin(struct request *r)
{
    struct house *h = r->house;
    struct secret *key = r->internal_arg;
    const struct db_options to = {.path = PART, .key = key, .tenant = h->t->number};

    if (!h->renewal && !atomic_load(&h->renewed))
        h->renewal = db_follow_begin(h->write_db, &to);
    if (!h->renewal) {
        log_put(LOG_ERROR, "the database stays under the key it has: %s", r->x.failure.detail);
        atomic_store(&h->renewing, false);
    }
    failure_clear(&r->x.failure);
    secret_wipe(key);
    xfree(key);
}

/* On the slow queue: keyd is asked. The copy begins when what waits for the writer is done. */
static void run_key(struct request *r)
{
    struct house *h = r->house;
    struct secret *key = XNEW(struct secret);

    if (keyd_next(h->keyd, key) && call_internal(h, run_begin, key))
        return;
    secret_wipe(key);
    xfree(key);
    atomic_store(&h->renewing, false);
}

static bool begin(struct house *h)
{
    struct request *r;

    if (atomic_exchange(&h->renewing, true))
        return true;
    r = request_new(h, DOOR_INTERNAL, NULL, NULL);
    r->internal = run_key;
    if (worker_put(h->slow, &r->job))
        return true;
    request_free(&r);
    atomic_store(&h->renewing, false);
    return false;
}

void renew_take(struct house *h, struct link *l, uint64_t a)
{
    enum err e = h->refused ? E_ROLLED_BACK : begin(h) ? E_NONE : E_RETRY;
    struct ipc_head head = {.type = OP_ANSWER, .a = a, .b = e ? (uint64_t)err_def(e)->status : 200};
    struct str text = {0};
    char ref[REF_CHARS + 1];

    if (e) {
        ref_new(ref);
        log_put(LOG_ERROR, "another data key: %s (%s)", err_def(e)->code, ref);
        refusal_put(&text, e, true, ref, NULL);
    } else {
        str_c(&text, "{}");
    }
    ipc_shared_put(l->out, &head, str_sv(&text));
    str_release(&text);
}

/* Main thread: pieces go on where nobody writes, and one that was broken off begins anew. */
void renew_tick(struct house *h)
{
    if (atomic_load(&h->renewing) && !atomic_load(&h->renewed))
        call_internal(h, run_nothing, NULL);
    else if (h->renew_wanted && begin(h))
        h->renew_wanted = false;
}

/* ---- at the start ---- */

/* The old log belongs to the old file: beside the new one it would be taken for its own. */
static void put_in_place(void)
{
    FD dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (access(NEXT, F_OK) < 0)
        return;
    (void)FAULT("renew.place");
    unlink(DATABASE "-wal");
    unlink(DATABASE "-shm");
    (void)FAULT("renew.unlogged");
    if (dir < 0 || fsync(dir) < 0 || rename(NEXT, DATABASE) < 0 || fsync(dir) < 0)
        die("the database under the other key cannot be put in place: %s", strerror(errno));
    (void)FAULT("renew.placed");
}

static bool opens(struct house *h, const struct secret *key)
{
    struct failure f = {0};
    const struct db_options o = {.path = DATABASE, .key = key, .cipher = h->cipher, .flags = DB_READ_ONLY, .tenant = h->t->number};
    struct db *d = db_open(&o, &f);
    bool ok = d != NULL;

    db_close(&d);
    return ok;
}

void renew_settle(struct house *h)
{
    SECRET next = {0};

    put_in_place();
    if (unlink(PART) < 0 && errno != ENOENT)
        log_put(LOG_WARN, PART ": %s", strerror(errno));
    if (access(DATABASE, F_OK) < 0 || !keyd_renewed(h->keyd, &next))
        return;
    if (!opens(h, &next)) {                               /* it was broken off */
        h->renew_wanted = true;
        return;
    }
    (void)FAULT("renew.opened");
    if (!keyd_promote(h->keyd))
        die("keyd does not put the database's key in place");
    h->key = next;
}
