/* core/tenant.c: the tenant's memory, its loading, and the tickets of WebSockets. */
#include "core/tenant.h"
#include "base/mem.h"
#include "base/rand.h"

#include <fcntl.h>
#include <string.h>

#define TICKETS 4096

struct ticket {
    struct session *session;                              /* NULL: free */
    struct sha256 hash, origin;
    int64_t until_ms;
};

struct ticket_box {
    pthread_mutex_t lock;
    struct ticket at[TICKETS];
    size_t next;
};

struct tenant *tenant_new(int64_t number)
{
    struct tenant *t = XNEW(struct tenant);

    t->number = number;
    t->folder = AT_FDCWD;
    t->sessions = sessions_new();
    t->tries = tries_new();
    t->marks = marks_new();
    t->here = here_new();
    t->policy_now = policy_new();
    t->installation = policy_new();
    t->tickets = XNEW(struct ticket_box);
    pthread_mutex_init(&t->policy_lock, NULL);
    pthread_mutex_init(&t->tickets->lock, NULL);
    pthread_mutex_init(&t->scan_lock, NULL);
    map_init(&t->seqs, rand_u64());
    typing_init(&t->typing);
    return t;
}

static void seqs_forget(struct tenant *t)
{
    struct map_slot slot;
    size_t at = 0;

    while (map_next(&t->seqs, &at, &slot))
        xfree(slot.value);
    map_release(&t->seqs);
}

void tenant_free(struct tenant **tp)
{
    struct tenant *t = *tp;

    *tp = NULL;
    if (!t)
        return;
    seqs_forget(t);
    typing_release(&t->typing);
    for (size_t i = 0; i < TICKETS; i++)
        session_unref(&t->tickets->at[i].session);
    pthread_mutex_destroy(&t->tickets->lock);
    xfree(t->tickets);
    sessions_free(&t->sessions);
    tries_free(&t->tries);
    marks_free(&t->marks);
    here_free(&t->here);
    policy_unref(&t->policy_now);
    policy_unref(&t->installation);
    str_release(&t->workgroup);
    secret_wipe(&t->file_key);
    pthread_mutex_destroy(&t->policy_lock);
    pthread_mutex_destroy(&t->scan_lock);
    xfree(t);
}

bool tenant_signatures(struct tenant *t, struct arena *a, sv *by)
{
    pthread_mutex_lock(&t->scan_lock);
    bool asked = t->scan_asked;
    *by = sv_dup(a, sv_c(t->scan_by));
    pthread_mutex_unlock(&t->scan_lock);
    return asked;
}

void tenant_signatures_set(struct tenant *t, sv by)
{
    by = sv_upto(by, SCAN_BY_MAX);
    pthread_mutex_lock(&t->scan_lock);
    t->scan_asked = true;
    if (by.n) {
        memcpy(t->scan_by, by.p, by.n);
        t->scan_by[by.n] = 0;
    }
    pthread_mutex_unlock(&t->scan_lock);
}

static bool load_settings(struct tenant *t, struct ctx *x)
{
    struct policy *p = policy_copy(t->installation), *before;
    ROWS r = db_query(x->db, "SELECT id, key, value FROM setting ORDER BY id");
    size_t i;

    while (rows_next(&r))
        if (policy_find(row_text(&r, 1), &i))
            policy_set(p, i, row_sealed(&r, 2, "setting.value", row_int(&r, 0)));
    pthread_mutex_lock(&t->policy_lock);
    before = t->policy_now;
    t->policy_now = p;
    pthread_mutex_unlock(&t->policy_lock);
    policy_unref(&before);
    return rows_ok(&r);
}

static bool load_tenant(struct tenant *t, struct ctx *x)
{
    ROWS r = db_query(x->db, "SELECT workgroup, password_ops, closed_ms FROM tenant WHERE id = 1");

    t->opened = rows_next(&r);
    if (t->opened) {
        sv name = row_text(&r, 0);
        if (!sv_equal(name, str_sv(&t->workgroup))) {     /* others may be reading it */
            str_reset(&t->workgroup);
            str_put(&t->workgroup, name);
        }
        t->password_ops = (unsigned)row_int(&r, 1);
        atomic_store(&t->closed_ms, row_int(&r, 2));
    }
    return rows_ok(&r);
}

static bool load_pos(struct tenant *t, struct ctx *x)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MAX(pos), 0) FROM event");

    if (rows_next(&r))
        t->pos = row_int(&r, 0);
    return rows_ok(&r);
}

bool tenant_load(struct tenant *t, struct ctx *x)
{
    seqs_forget(t);
    return load_tenant(t, x) && load_settings(t, x) && load_pos(t, x) && audit_load(x->db, &t->tree);
}

struct policy *tenant_policy(struct tenant *t)
{
    pthread_mutex_lock(&t->policy_lock);
    struct policy *p = policy_ref(t->policy_now);
    pthread_mutex_unlock(&t->policy_lock);
    return p;
}

void tenant_setting(struct tenant *t, size_t i, sv value)
{
    struct policy *before, *p;

    pthread_mutex_lock(&t->policy_lock);
    before = t->policy_now;
    p = policy_copy(before);
    policy_set(p, i, value);
    t->policy_now = p;
    pthread_mutex_unlock(&t->policy_lock);
    policy_unref(&before);
}

bool tenant_seq(struct tenant *t, int64_t room, int64_t *seq)
{
    int64_t *box = map_get(&t->seqs, (uint64_t)room);

    if (box)
        *seq = *box;
    return box != NULL;
}

void tenant_seq_set(struct tenant *t, int64_t room, int64_t seq)
{
    int64_t *box = map_get(&t->seqs, (uint64_t)room);

    if (!box) {
        box = XNEW(int64_t);
        map_put(&t->seqs, (uint64_t)room, box);
    }
    *box = seq;
}

bool ticket_new(struct tenant *t, struct session *s, sv origin, int64_t now_ms, struct secret *ticket)
{
    struct ticket_box *box = t->tickets;

    token_new(ticket);
    pthread_mutex_lock(&box->lock);
    struct ticket *one = &box->at[box->next++ % TICKETS];  /* the oldest gives way */
    session_unref(&one->session);
    *one = (struct ticket){
        .session = session_ref(s),
        .hash = token_hash(secret_view(ticket)),
        .origin = sha256(origin),
        .until_ms = now_ms + TICKET_SECONDS * 1000,
    };
    pthread_mutex_unlock(&box->lock);
    return true;
}

struct session *ticket_use(struct tenant *t, sv text, sv origin, int64_t now_ms)
{
    struct ticket_box *box = t->tickets;
    struct session *s = NULL;

    if (!token_well_formed(text))
        return NULL;
    struct sha256 h = token_hash(text), o = sha256(origin);
    pthread_mutex_lock(&box->lock);
    for (size_t i = 0; i < TICKETS; i++) {
        struct ticket *one = &box->at[i];
        if (!one->session || !secret_equal_bytes(sv_n(one->hash.b, 32), sv_n(h.b, 32)))
            continue;
        bool good = now_ms <= one->until_ms && secret_equal_bytes(sv_n(one->origin.b, 32), sv_n(o.b, 32)) &&
                    !atomic_load(&one->session->ended);
        s = good ? session_ref(one->session) : NULL;
        session_unref(&one->session);
        *one = (struct ticket){0};
        break;
    }
    pthread_mutex_unlock(&box->lock);
    return s;
}
