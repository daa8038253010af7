/* role/tenant_snapshot.c: a copy of the database for a backup, as snapshot.db beside it, under the tenant's own key: the
 * operator's program reads its bytes and opens nothing. On a thread of its own, one at a time; the writer goes on. A look
 * through all of it (tenant_check.c) takes the same way. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "role/backup_table.h"
#include "role/refusal.h"
#include "svc/file/place.h"

#include <sys/stat.h>
#include <unistd.h>

#define SNAPSHOT "snapshot.db"
#define LEFT_MS  3600000

struct snapshot {
    struct job job;                                       /* first */
    struct link *link;
    uint64_t a;
    bool look;                                            /* CHECK_TAKE */
    int64_t sample;
};

static void answer(struct snapshot *s, int status, sv json)
{
    struct ipc_head h = {.type = OP_ANSWER, .a = s->a, .b = (uint64_t)status};

    if (!atomic_load(&s->link->gone))
        ipc_shared_put(s->link->out, &h, json);
    link_unref(&s->link);
    xfree(s);
}

static void refuse(struct snapshot *s, const struct failure *f)
{
    struct str text = {0};
    char ref[REF_CHARS + 1];

    ref_new(ref);
    log_put(LOG_ERROR, "%s: %s (%s)", s->look ? "looking through the database" : "snapshot for a backup", f->detail, ref);
    refusal_put(&text, f->code, true, ref, NULL);
    answer(s, err_def(f->code)->status, str_sv(&text));
    str_release(&text);
}

void snapshot_take(struct house *h, struct link *l, const struct ipc_head *head)
{
    struct snapshot *s = XNEW(struct snapshot);
    struct failure f = {0};

    s->link = link_ref(l);
    s->a = head->a;
    s->look = head->type == CHECK_TAKE;
    s->sample = (int64_t)head->b;
    if (h->refused) {
        fail(&f, E_ROLLED_BACK, "the database was rolled back");
        refuse(s, &f);
        return;
    }
    if (!atomic_exchange(&h->copying, true)) {
        if (worker_put(h->copier, &s->job))
            return;
        atomic_store(&h->copying, false);
    }
    fail(&f, E_RETRY, "another one is being taken");
    refuse(s, &f);
}

/* Left by a backup that was broken off. A young one may be about to be read. */
void snapshot_forget(void)
{
    struct stat st;

    if (stat(SNAPSHOT, &st) == 0 && clock_ms() - (int64_t)st.st_mtim.tv_sec * 1000 > LEFT_MS)
        unlink(SNAPSHOT);
}

static bool go_on(void *house)
{
    return !atomic_load(&((struct house *)house)->ending);
}

#ifdef ENGAWA_TEST
/* For the test of those who compare: a copy that lost a letter, and is whole in every other way. */
static void alter(struct house *h, struct arena *a)
{
    const struct db_options o = {.path = SNAPSHOT, .key = &h->key, .cipher = h->cipher, .tenant = h->t->number};
    struct failure f = {0};
    struct db *d = db_open(&o, &f);

    ENSURE(d);
    db_use(d, a, &f);
    ENSURE(db_exec(d, "UPDATE room SET name = name || '.' WHERE id = (SELECT min(id) FROM room)"));
    db_close(&d);
}
#endif

/* What is said of the log and of the tables is read in the transaction that is copied: the copy itself is never asked. */
static bool take(struct house *h, struct db *d, struct arena *a, struct failure *f, struct json *j)
{
    const struct db_options to = {.path = SNAPSHOT, .key = &h->key, .tenant = h->t->number};
    struct str hex = STR_IN(a);
    struct db_tables tables;
    struct stat st;
    struct tree t;

    if (!db_hold(d) || !audit_load(d, &t) || !db_tables(d, a, go_on, h, &tables) || !db_copy(d, &to, go_on, h))
        return false;
#ifdef ENGAWA_TEST
    if (FAULT("snapshot.altered"))
        alter(h, a);
#endif
    if (stat(SNAPSHOT, &st) < 0)
        return fail(f, E_INTERNAL, "the copy is gone");
    struct ctx x = {.arena = a, .db = d, .tenant = h->t};
    int64_t objects, object_bytes;
    db_use(d, a, &x.failure);
    bool counted = place_count(&x, &objects, &object_bytes);
    db_use(d, a, f);
    if (!counted)
        return fail(f, x.failure.code, "%s", x.failure.detail);
    struct sha256 root = tree_root(&t);
    hex_put(&hex, sv_n(root.b, sizeof(root.b)));
    json_open(j, NULL);
    json_int(j, "bytes", st.st_size);
    json_int(j, "audit_rows", (int64_t)t.size);
    json_text(j, "audit_root", str_sv(&hex));
    json_int(j, "objects", objects);
    json_int(j, "object_bytes", object_bytes);
    backup_tables_json(j, &tables);
    json_close(j);
    return true;
}

/* A handle of its own, which ends with the copy: pages and memory that only a backup needs are given back. */
static struct db *handle(struct house *h, struct failure *f)
{
    const struct db_options o = {.path = "tenant.db", .key = &h->key, .cipher = h->cipher, .flags = DB_READ_ONLY, .tenant = h->t->number};

    return db_open(&o, f);
}

void snapshot_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;
    struct snapshot *s = (struct snapshot *)(void *)jobs[0];
    struct arena *a = arena_new(4096);
    struct str text = STR_IN(a);
    struct json j = JSON_TO(&text);
    struct failure f = {0};
    struct db *d = handle(h, &f);

    ENSURE(n == 1);
    if (d)
        db_use(d, a, &f);
    bool done = d && (s->look ? check_look(h, d, a, s->sample, &f, &j) : take(h, d, a, &f, &j));
    if (d)
        db_rollback(d);
    db_close(&d);
    atomic_store(&h->copying, false);
    if (done)
        answer(s, 200, str_sv(&text));
    else
        refuse(s, &f);
    arena_free(&a);
}
