/* role/tenant_writer.c: the one writer: what waits becomes one transaction with a savepoint each; audit rows are numbered
 * after the last RELEASE; only after COMMIT do replies, events and changes of topics leave, in order. */
#include "role/tenant.h"
#include "base/fault.h"
#include "base/log.h"
#include "store/blob.h"

#define WAL_PAGES_PASSIVE 2000                            /* written since the last checkpoint began */
#define WAL_PAGES_RESTART 8000

/* The operation's rows: those it collected, and at least one of the kind that its row in the table names. */
static void default_row(struct request *r)
{
    const struct op *op = r->call.op;
    enum audit_kind kind = op->audit;

    if (r->x.failure.code != E_NONE && kind == AUDIT_NONE && (op->who == WHO_CONSOLE || op->who == WHO_ADMIN))
        kind = AUDIT_CONSOLE_READ;
    if (kind == AUDIT_NONE || r->call.repeat)
        return;
    for (size_t i = 0; i < r->x.audits.n; i++)
        if (r->x.audits.v[i].kind == kind)
            return;
    audit(&r->x, kind, r->call.object, SV_NONE);
}

/* Events get their places, and the operation is a part of the batch. */
static bool keep(struct request *r, struct tx *tx)
{
    struct house *h = r->house;
    int64_t pos = h->t->pos;

    if (!event_store(&r->x, &h->t->pos) || !tx_commit(tx)) {
        h->t->pos = pos;
        return false;
    }
    for (size_t i = 0; i < r->x.effects.n; i++)
        if (r->x.effects.v[i].kind == EFF_SEQ)
            tenant_seq_set(h->t, r->x.effects.v[i].a, r->x.effects.v[i].b);
    return true;
}

static bool run_one(struct request *r)
{
    struct house *h = r->house;
    TX tx = tx_begin(h->write_db);

    if (r->read)                                          /* may the caller still have what was found? */
        return gate_run(&r->x, h->app, &r->call, r->session, r->console) && keep(r, &tx);
    r->out = r->call.op->out ? arena_alloc(r->arena, r->call.op->out->size) : NULL;
    /* A read that failed on the way and was taken for "none" is a failure all the same: nothing of it is kept. */
    return gate_run(&r->x, h->app, &r->call, r->session, r->console) && r->call.op->run(&r->x, &r->call, r->out) &&
           (!r->call.op->settle || r->call.op->settle(&r->x, &r->call)) && r->x.failure.code == E_NONE && keep(r, &tx);
}

/* What stays of an operation that was refused: its savepoint is rolled back, this one is its own. The failure stays the
 * answer. A row that is written here tells of something done. */
static void settle(struct request *r)
{
    struct failure refusal = r->x.failure;
    size_t rows = r->x.audits.n;
    TX tx = tx_begin(r->x.db);

    failure_clear(&r->x.failure);
    r->x.events.n = r->x.effects.n = 0;
    r->settled = r->call.op->settle(&r->x, &r->call) && keep(r, &tx);
    if (!r->settled) {
        log_put(LOG_ERROR, "%s was refused and left nothing: %s", r->call.op->name, r->x.failure.detail);
        r->x.events.n = r->x.effects.n = 0;
        r->x.audits.n = rows;
    }
    r->x.failure = refusal;
}

static void run_request(struct request *r)
{
    r->x.db = r->house->write_db;
    r->x.far = NULL;                                      /* it waits for no store */
    db_use(r->x.db, r->arena, &r->x.failure);
    if (r->door == DOOR_WS_OPEN)
        return;                                           /* after COMMIT */
    if (r->internal) {
        TX tx = tx_begin(r->x.db);
        r->internal(r);
        if (r->x.failure.code == E_NONE && !keep(r, &tx) && r->x.failure.code == E_NONE)
            fail(&r->x.failure, E_INTERNAL, "work of the house failed without saying why");
        if (r->x.failure.code != E_NONE) {                /* its savepoint is rolled back, and so are its rows */
            log_put(LOG_ERROR, "work of the house: %s", r->x.failure.detail);
            r->x.audits.n = r->x.events.n = r->x.effects.n = 0;
        }
        return;
    }
    if (!r->refused && !run_one(r)) {
        if (r->call.look && !r->looked) {                 /* after COMMIT: it comes again */
            r->x.audits.n = 0;
            return;
        }
        if (r->x.failure.code == E_NONE)
            fail(&r->x.failure, E_INTERNAL, "%s failed without saying why", r->call.op->name);
    }
    default_row(r);
    for (size_t i = 0; i < r->x.audits.n; i++)
        r->x.audits.v[i].result = r->x.failure.code;
    if (!r->refused && r->call.op->settle && r->x.failure.code != E_NONE)
        settle(r);
}

/* Bad input and broken parts are no acts; of equal refusals only the first is a row at once. */
static bool row_wanted(struct request *r, const struct audit_row *row)
{
    if (r->x.failure.code == E_NONE || row->result == E_NONE)
        return true;
    int status = err_def(row->result)->status;
    if (status != 401 && status != 403 && status != 404 && status != 409)
        return false;
    return audit_gather_first(r->house->gather, row, r->x.now_ms);
}

static bool store_rows(struct house *h, struct request **rs, size_t n, struct arena *a, struct tree *t)
{
    VEC(struct audit_row) rows = {0};

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rs[i]->x.audits.n; k++)
            if (row_wanted(rs[i], &rs[i]->x.audits.v[k]))
                *PUSH(a, &rows) = rs[i]->x.audits.v[k];
#ifdef MUTANT_SKIPPED_AUDIT
    rows.n = 0;
#endif
    if (rows.n == 0)
        return true;
    return !FAULT("audit.store") && audit_store(h->write_db, a, h->t->number, t, rows.v, rows.n);
}

static void carry_out(struct house *h, struct request *r)
{
    for (size_t i = 0; i < r->x.effects.n; i++) {
        const struct effect *e = &r->x.effects.v[i];
        switch (e->kind) {
        case EFF_SEQ:
            break;                                        /* done after RELEASE */
        case EFF_TOPIC_JOIN:
        case EFF_TOPIC_LEAVE:
#ifdef MUTANT_EVENT_AFTER_REMOVAL
            if (e->kind == EFF_TOPIC_LEAVE)
                break;
#endif
            conns_topic(h->conns, e->a, e->b, e->kind == EFF_TOPIC_JOIN);
#ifdef MUTANT_OPEN_AFTER_REMOVAL
            break;
#endif
            if (e->kind == EFF_TOPIC_LEAVE && e->b > 0)   /* who has it open has it open no more */
                conns_topic(h->conns, e->a, topic_of_open((id64){e->b}), false);
            break;
        case EFF_OPEN:
        case EFF_CLOSE:
            if (r->door == DOOR_WS)
                conn_topic(h->conns, r->link, r->conn, r->gen, e->b, e->kind == EFF_OPEN);
            break;
        case EFF_HERE:
            conn_here(r, (enum here_state)e->b);
            break;
        case EFF_WATCH:
            conn_watch(r, e->text);
            break;
        case EFF_HERE_HIDE:
            here_hide(h->t->here, (id64){e->a}, e->b != 0);
            break;
        case EFF_SESSION_FRESH:
            sessions_fresh(h->t->sessions, (id64){e->a}, e->b);
            break;
        case EFF_TRIES_FORGET:
            tries_forget(h->t->tries, (id64){e->a});
            break;
        case EFF_SESSION_END:
#ifdef MUTANT_SESSION_OUTLIVES_LOG_OUT
            break;
#endif
            sessions_end(h->t->sessions, (id64){e->a});
            conns_close_ended(h->conns);
            break;
        case EFF_MEMBER_END:
            sessions_end_member(h->t->sessions, (id64){e->a}, (id64){e->b});
            conns_close_ended(h->conns);
            here_tick(h);                                 /* who may not work any more is not seen for another second */
            break;
        case EFF_MEMBER_APPS:
            sessions_end_apps(h->t->sessions, (id64){e->a});
            conns_close_ended(h->conns);
            here_tick(h);
            break;
        case EFF_MEMBER_ROLE:
            sessions_role_effect(h->t->sessions, e);
            break;
        case EFF_RESTRICTS:
            sessions_restrict_effect(h->t->sessions, e);
            conns_close_restricted(h->conns);
            break;
        case EFF_MEMBER_RESTRICTS:
            sessions_restrict_member(h->t->sessions, (id64){e->a}, (cell_set)e->b);
            conns_close_restricted(h->conns);
            break;
        case EFF_TERMS:
            sessions_terms_member(h->t->sessions, (id64){e->a});
            break;
        case EFF_MEMBER_LANGUAGE:
            sessions_language_member(h->t->sessions, (id64){e->a}, e->b != 0);
            break;
        case EFF_FILE:
            making_start(h, (id64){e->a});
            break;
        case EFF_PREVIEW:
            preview_start(h, (id64){e->a}, e->text);
            break;
        case EFF_STORE:
            atomic_store(&h->move_left, true);
            break;
        case EFF_BLOB_ERASE:
            blob_erase(h->t->folder, (id64){e->a});
            break;
        case EFF_SETTING:
            tenant_setting(h->t, (size_t)e->a, e->text);
            atomic_store(&h->chores_at_ms, 0);            /* midnight may have moved */
            break;
        case EFF_CLOSED:                                  /* the next tick tells control; open again, it waits for control's word */
            atomic_store(&h->t->closed_ms, e->a);
            atomic_store(&h->suspended, true);
            break;
        case EFF_OPENED:
            tenant_load(h->t, &r->x);
            break;
        }
    }
}

static void tell(struct house *h, struct request *r)
{
    for (size_t i = 0; i < r->x.events.n; i++)
        send_event(h, &r->x.events.v[i]);
    r->x.events.n = 0;
}

static void finish(struct house *h, struct request *r)
{
    if (!r->refused && call_look_first(r))
        return;
    bool ok = r->x.failure.code == E_NONE;

    if (r->door == DOOR_WS_OPEN) {
        conn_open(r);
        request_free(&r);
        return;
    }
    if (ok || r->settled)
        carry_out(h, r);
    if (ok && !r->internal && r->call.op->stream) {
        r->prepared_late = true;
        if (worker_put(h->slow, &r->job))
            return;
        fail(&r->x.failure, E_TOO_MANY, "the slow queue is full");
    }
    if (ok && !r->internal && r->call.make) {
        tell(h, r);                                       /* it is another thread's after that */
        if (worker_put(h->looker, &r->job))
            return;
        fail(&r->x.failure, E_TOO_MANY, "the queue of pictures is full");
    }
    if (ok && !r->internal && r->call.file.far) {
        tell(h, r);
        if (file_first(r))
            return;
    }
#ifdef MUTANT_REPLY_BEFORE_COMMIT
    if (r->door != DOOR_WS)
#endif
        reply(r);
    if (r->after)
        r->after(r, true);
    if (ok || r->settled)
        tell(h, r);
    if (!r->internal)
        atomic_fetch_add(&h->posts, 1);
    request_free(&r);
}

/* COMMIT failed or the engine rolled back: nothing of the batch happened, and nobody was told otherwise. */
static void undo(struct house *h, struct request **rs, size_t n, enum err why)
{
    struct ctx x = {.tenant = h->t, .db = h->write_db, .arena = rs[0]->arena};

    log_put(LOG_ERROR, "a batch of %zu was rolled back", n);
    db_rollback(h->write_db);
    db_use(h->write_db, x.arena, &x.failure);
    if (!tenant_load(h->t, &x))
        die("the store does not answer after a rolled back batch: %s", x.failure.detail);
    for (size_t i = 0; i < n; i++) {
        bool full = why == E_STORAGE_FULL || rs[i]->x.failure.code == E_STORAGE_FULL;
        failure_clear(&rs[i]->x.failure);
        fail(&rs[i]->x.failure, full ? E_STORAGE_FULL : E_RETRY, "the batch was rolled back");
        if (!rs[i]->internal)
            reply(rs[i]);
        if (rs[i]->after)
            rs[i]->after(rs[i], false);
        request_free(&rs[i]);
    }
}

static void checkpoint(struct house *h)
{
    int64_t pages = db_wal_pages(h->write_db);

    if (pages < h->wal_copied)                            /* it has started over */
        h->wal_copied = 0;
    if (pages >= WAL_PAGES_RESTART && !atomic_load(&h->copying)) {   /* else it would wait for the copy, and all with it */
        db_checkpoint(h->write_db, true);
        h->wal_copied = 0;
    } else if (pages - h->wal_copied >= WAL_PAGES_PASSIVE && !atomic_exchange(&h->checkpointing, true)) {
        h->wal_copied = pages;
        if (!worker_put(h->checkpointer, &h->checkpoint_job))
            atomic_store(&h->checkpointing, false);
    }
}

void checkpoint_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;

    (void)jobs;
    (void)n;
    db_checkpoint(house_db(h, &h->check_db, false), false);
    atomic_store(&h->checkpointing, false);
}

/* What a batch sends to an edge goes as one write. Holds references, since a link may be replaced meanwhile. */
static size_t hold(struct house *h, struct link **held)
{
    size_t n = 0;

    pthread_mutex_lock(&h->links_lock);
    for (size_t i = 0; i < COUNT(h->links); i++)
        if (h->links[i])
            held[n++] = link_ref(h->links[i]);
    pthread_mutex_unlock(&h->links_lock);
    for (size_t i = 0; i < n; i++)
        ipc_shared_hold(held[i]->out);
    return n;
}

static void let_go(struct link **held, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ipc_shared_go(held[i]->out);
        link_unref(&held[i]);
    }
}

/* The database is another file from now on, and this process does not write to it. */
static void refuse_all(struct request **rs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fail(&rs[i]->x.failure, E_RETRY, "the process makes way for the next one");
        if (!rs[i]->internal)
            reply(rs[i]);
        if (rs[i]->after)
            rs[i]->after(rs[i], false);
        request_free(&rs[i]);
    }
}

void writer_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;
    struct request **rs = (struct request **)jobs;        /* a job is the first field of its request */
    struct arena *a = arena_new(4096);
    struct link *held[COUNT(h->links)];
    struct failure f = {0};
    struct tree t;
    bool ok;

    if (atomic_load(&h->renewed)) {
        refuse_all(rs, n);
        arena_free(&a);
        return;
    }
    house_db(h, &h->write_db, false);
    t = h->t->tree;
    db_use(h->write_db, a, &f);
    ok = db_begin(h->write_db);
    for (size_t i = 0; ok && i < n; i++) {
        run_request(rs[i]);
        ok = db_in_transaction(h->write_db);
    }
    db_use(h->write_db, a, &f);
    ok = ok && store_rows(h, rs, n, a, &t);
#ifdef MUTANT_REPLY_BEFORE_COMMIT
    for (size_t i = 0; ok && i < n; i++)
        if (rs[i]->door == DOOR_WS)
            reply(rs[i]);
#endif
    ok = ok && !FAULT("writer.before_commit") && db_commit(h->write_db);
    if (ok)
        (void)FAULT("writer.after_commit");
    if (!ok) {
        undo(h, rs, n, f.code);
        arena_free(&a);
        return;
    }
    h->t->tree = t;
    atomic_store(&h->audit_size, (int64_t)t.size);
    atomic_fetch_add(&h->batches, 1);
    atomic_fetch_add(&h->groups[figure_size_bucket(n)], 1);
    atomic_fetch_add(&h->groups[SIZE_BUCKETS + 1], n);
    size_t links = hold(h, held);
    for (size_t i = 0; i < n; i++) {
        db_use(h->write_db, rs[i]->arena, &rs[i]->x.failure);
        finish(h, rs[i]);
    }
    let_go(held, links);
    index_piece(h);
    renew_piece(h);
    db_use(h->write_db, a, &f);
    if (!atomic_load(&h->renewed))
        checkpoint(h);
    arena_free(&a);
}
