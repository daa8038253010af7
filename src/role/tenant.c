/* role/tenant.c: the loop of a tenant's process: links and frames. The rest stands in tenant_*.c. */
#include "role/tenant.h"
#include "api/app.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/schema_sql.h"
#include "crypt/password.h"
#include "role/roles.h"
#include "role/start.h"
#include "svc/file/scan.h"

#include <stdio.h>

#define TICK_MS          1000
#define QUEUE_WRITER     4096
#define QUEUE_READER     4096
#define QUEUE_SLOW       32
#define QUEUE_FETCHER    64
#define QUEUE_LOOK       128                              /* a room full of pictures that are marked one by one */

static void slow_run(void *house, struct job **jobs, size_t n)
{
    (void)house;
    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        if (r->internal) {
            r->internal(r);
            request_free(&r);
        } else {
            call_prepare(r);
        }
    }
}

static void looker_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;

    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        r->x.far = store_far(h->look_way);
        if (r->internal) {
            r->x.db = house_db(h, &h->look_db, true);
            r->internal(r);
            request_free(&r);
        } else {
            call_look(r);
        }
    }
}

static void reader_run(void *house, struct job **jobs, size_t n)
{
    struct house *h = house;

    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        if (r->internal) {
            r->x.db = house_db(h, &h->read_db, true);
            db_use(r->x.db, r->arena, &r->x.failure);
            r->internal(r);
            request_free(&r);
        } else if (r->file_busy)
            file_run(r, house_db(h, &h->read_db, true), NULL);
        else
            call_run_read(r, house_db(h, &h->read_db, true));
    }
}

/* Links */

static void link_add(struct house *h, struct loop *loop, enum role_id role, int64_t number, int fd)
{
    struct link *l = XNEW(struct link), *before = NULL;

    l->refs = 1;
    l->role = role;
    l->number = number;
    ipc_init(&l->in, fd);
    l->out = ipc_shared_new(fd);
    if (role == ROLE_EDGE) {
        ENSURE(number >= 0 && (size_t)number < COUNT(h->links));
        pthread_mutex_lock(&h->links_lock);
        before = h->links[number];
        h->links[number] = l;
        pthread_mutex_unlock(&h->links_lock);
    } else {
        before = h->control;
        h->control = l;
        h->due_told_ms = h->due_kept_ms = -1;             /* this one may not have heard it */
    }
    if (before) {
        if (!atomic_exchange(&before->gone, true))
            loop_del(loop, before->in.fd);
        conns_drop_link(h->conns, before);
        files_drop_link(h, before);
        parts_drop_link(h, before);
        link_unref(&before);
    }
    loop_add(loop, fd, LOOP_READ, l);
}

static void link_lost(struct house *h, struct loop *loop, struct link *l)
{
    if (!atomic_exchange(&l->gone, true))
        loop_del(loop, l->in.fd);
    conns_drop_link(h->conns, l);
    files_drop_link(h, l);
    parts_drop_link(h, l);
}

static bool frame(struct house *h, const struct start *s, struct link *l, const struct ipc_head *head, sv payload)
{
    if (l->role == ROLE_CONTROL) {
        if (head->type == OP_CALL)
            call_operator(h, l, head, payload);
        else if (head->type == HEALTH_ASK)
            health_tell(h, s, l, head);
        else if (head->type == DUE_KEPT)
            h->due_kept_ms = (int64_t)head->a;
        else if (head->type == CLOSED_KEPT)
            closed_kept(h, (int64_t)head->a);
        else if (head->type == FIGURES_ASK)
            figures_tell(h, s, l, head);
        else if (head->type == SNAPSHOT_TAKE || head->type == CHECK_TAKE)
            snapshot_take(h, l, head);
        else if (head->type == RENEW_TAKE)
            renew_take(h, l, head->a);
        else
            return false;
        return true;
    }
    switch (head->type) {
    case REQ_HTTP:
        call_http(h, l, head, payload);
        return true;
    case REQ_PART:
        part_bytes(h, l, head, payload);
        return true;
    case REQ_WS_OPEN:
        call_ws_open(h, l, head, payload);
        return true;
    case REQ_WS_TEXT:
        call_ws_text(h, l, head, payload);
        return true;
    case REQ_MORE:
        file_more(h, l, head);
        return true;
    case REQ_CLOSED:
        conn_closed(h->conns, l, head->conn, head->gen);
        file_closed(h, l, head->conn, head->gen);
        part_closed(h, l, head->conn, head->gen);
        return true;
    default:
        return false;
    }
}

static void link_read(struct house *h, const struct start *s, struct loop *loop, struct link *l)
{
    struct ipc_head head;
    sv payload;
    int more, got = ipc_read(&l->in);

    while ((more = ipc_next(&l->in, &head, &payload)) == 1)
        if (!frame(h, s, l, &head, payload)) {
            more = -1;
            break;
        }
    if (got < 0 || more < 0)
        link_lost(h, loop, l);
}

/* Start and end */

static void open_database(struct house *h)
{
    struct arena *a = arena_new(4096);
    struct ctx x = {.arena = a, .tenant = h->t};

    x.db = house_db(h, &h->write_db, false);
    db_use(x.db, a, &x.failure);
    if (!migrate(x.db, tenant_migrations, tenant_migration_count) || !tenant_load(h->t, &x))
        die("the database cannot be used: %s", x.failure.detail);
    atomic_store(&h->audit_size, (int64_t)h->t->tree.size);
    if (atomic_load(&h->t->closed_ms))
        h->suspended = true;
    bool held;
    id64 first;
    atomic_store(&h->t->scan_left, scan_held_next(&x, ID_NONE, &first, &held) && held);
    arena_free(&a);
}

/* 0: each tenant measures for itself. */
static unsigned passes(const struct config *c)
{
    int64_t n;

    if (!config_int(c, CONFIG_PASSWORD_PASSES, 0, PASSWORD_OPS_MAX, &n) || (n > 0 && n < PASSWORD_OPS_MIN))
        die("password_passes is 0 or a number from %d to %d", PASSWORD_OPS_MIN, PASSWORD_OPS_MAX);
    return (unsigned)n;
}

/* What the installation's configuration says of settings. */
static void settings_of(const struct config *c, struct policy *p)
{
    size_t n;

    for (enum config_id k = 0; k < CONFIG_COUNT; k++)
        if (config_keys[k].roles & (1u << ROLE_TENANT) && policy_find(sv_c(config_setting(k)), &n))
            policy_set(p, n, config_text(c, k));
}

static void house_begin(struct house *h, struct start *s)
{
    sv origins = config_text(&s->config, CONFIG_ORIGIN), main_origin;
    id64 number;

    if (sv_cut(&origins, ',', &main_origin))
        str_put(&h->origin, sv_trim(main_origin));
    if (!sv_id(config_text(&s->config, CONFIG_TENANT), &number))
        die("no tenant's number in the configuration");
    h->app = app();
    h->cipher = config_is(&s->config, CONFIG_CIPHER, SV("aegis256")) ? DB_AEGIS256 : DB_AES256;
    h->suspended = config_is(&s->config, CONFIG_SUSPENDED, SV("1"));
    h->t = tenant_new(number.n);
    h->t->password_ops = passes(&s->config);
    settings_of(&s->config, h->t->installation);
    pthread_mutex_init(&h->links_lock, NULL);
    pthread_mutex_init(&h->makings_lock, NULL);
    h->conns = conns_new(h->t->here);
    h->files = files_new();
    h->parts = parts_new();
    h->gather = audit_gather_new();
    h->keyd = keyd_new(start_take_link(s, ROLE_KEYD, 0));
    h->t->pepper = keyd_pepper;
    h->t->pepper_to = h->keyd;
    h->writer = worker_new("writer", QUEUE_WRITER, 64, writer_run, h);
    h->reader = worker_new("reader", QUEUE_READER, 16, reader_run, h);
    h->slow = worker_new("slow", QUEUE_SLOW, 1, slow_run, h);
    h->filer = worker_new("files", QUEUE_SLOW, 1, slow_run, h);
    h->looker = worker_new("media", QUEUE_LOOK, 1, looker_run, h);
    h->fetcher = worker_new("fetch", QUEUE_FETCHER, 1, preview_run, h);
    h->supervisor = ipc_shared_new(s->sup.fd);
    stores_open(h, config_is(&s->config, CONFIG_STORES, SV("1")));
    h->media = media_way_new(h->supervisor);
    h->fetch = media_way_new(h->supervisor);
    h->t->media = media_look;
    h->t->media_to = h->media;
    h->t->scan = scanner_look;
    h->t->signatures = scanner_signatures;
    h->scans = config_is(&s->config, CONFIG_SCANNER, SV("clamd"));
    h->t->scan_to = h->media;
    h->checkpointer = worker_new("checkpoint", 1, 1, checkpoint_run, h);
    h->copier = worker_new("copy", 1, 1, snapshot_run, h);
}

static void house_end(struct house *h)
{
    atomic_store(&h->ending, true);
    media_way_close(h->media);
    media_way_close(h->fetch);
    media_way_close(h->store);
    worker_end(h->copier);
    if (h->t->stores) {
        worker_end(h->mover);
        worker_end(h->remote);
    }
    worker_end(h->fetcher);
    worker_end(h->reader);
    worker_end(h->slow);
    worker_end(h->filer);
    worker_end(h->looker);
    reads_store(h);                                       /* what the last second gathered */
    worker_end(h->writer);
    worker_end(h->checkpointer);
    worker_free(&h->reader);
    worker_free(&h->slow);
    worker_free(&h->filer);
    worker_free(&h->looker);
    worker_free(&h->fetcher);
    worker_free(&h->remote);
    worker_free(&h->mover);
    worker_free(&h->writer);
    worker_free(&h->checkpointer);
    worker_free(&h->copier);
    makings_end(h);
    db_follow_end(&h->renewal, false);
    db_close(&h->main_db);
    db_close(&h->read_db);
    db_close(&h->slow_db);
    db_close(&h->file_db);
    db_close(&h->look_db);
    db_close(&h->fetch_db);
    db_close(&h->remote_db);
    db_close(&h->move_db);
    db_close(&h->check_db);
    db_close(&h->write_db);
    for (size_t i = 0; i < COUNT(h->links); i++)
        link_unref(&h->links[i]);
    link_unref(&h->control);
    files_free(&h->files);
    parts_free(&h->parts);
    media_way_free(&h->media);
    media_way_free(&h->fetch);
    stores_close(h);
    ipc_shared_free(&h->supervisor);
    conns_free(&h->conns);
    audit_gather_free(&h->gather);
    keyd_free(&h->keyd);
    tenant_free(&h->t);
    str_release(&h->origin);
    secret_wipe(&h->key);
}

/* False: it is time to end. */
static bool supervisor_news(struct house *h, struct start *s, struct loop *loop)
{
    struct start_news n;

    while (start_next(s, &n))
        switch (n.what) {
        case NEWS_LINK:
            if (n.role == ROLE_KEYD)
                keyd_replace(h->keyd, n.fd);
            else if (n.role == ROLE_MEDIA)
                media_given(h->media, SUP_PEER, n.fd);
            else if (n.role == ROLE_FETCH)
                media_given(h->fetch, SUP_PEER, n.fd);
            else if (n.role == ROLE_STORE)
                media_given(h->store, SUP_PEER, n.fd);
            else
                link_add(h, loop, n.role, n.number, n.fd);
            break;
        case NEWS_SCANNER:
            media_given(h->media, SUP_SCANNER, n.fd);
            break;
        case NEWS_STOP:
        case NEWS_GONE:
            return false;
        default:
            break;
        }
    return true;
}

static bool busy(struct house *h)
{
    return conns_count(h->conns) || files_count(h->files) || parts_count(h->parts) || atomic_load(&h->makings) || atomic_load(&h->previews) || atomic_load(&h->copying) || atomic_load(&h->renewing) || worker_waiting(h->writer) || worker_waiting(h->slow) || worker_waiting(h->reader) || worker_waiting(h->looker)
        || (h->t->stores && !h->suspended && (worker_waiting(h->remote) || atomic_load(&h->moving) || atomic_load(&h->move_left)));
}

static void serve(struct house *h, struct start *s, struct loop *loop)
{
    struct loop_event ev[64];
    struct ticks t = {.active_ms = clock_mono_ms()};
    int64_t next = clock_mono_ms() + TICK_MS, idle_s = 600;

    config_int(&s->config, CONFIG_TENANT_IDLE, 1, 86400, &idle_s);
    for (;;) {
        int64_t now = clock_mono_ms(), wait = next > now ? next - now : 0;
        int n = loop_wait(loop, ev, COUNT(ev), (int)wait);
        for (int i = 0; i < n; i++) {
            t.active_ms = clock_mono_ms();
            if (ev[i].what == s) {
                if (!supervisor_news(h, s, loop))
                    return;
                break;                                    /* a replaced link may stand among the other events */
            } else {
                link_read(h, s, loop, ev[i].what);
            }
        }
        if (atomic_load(&h->renewed))
            return;                                       /* the next process goes on */
        now = clock_mono_ms();
        if (now < next)
            continue;
        next = now + TICK_MS;
        /* Before the tick, which itself gives the writer something to do. */
        if (busy(h) || h->refused)                        /* it says so until somebody has looked */
            t.active_ms = now;
        t.idle = now - t.active_ms > idle_s * 1000 && (h->suspended || due_settled(h)) && closed_settled(h);
        if (t.idle && !atomic_load(&h->signing) && atomic_load(&h->audit_size) == h->signed_size)
            return;                                       /* the next request starts it again */
        tick_run(h, &t);
    }
}

int tenant_main(void)
{
    static struct house house;
    struct house *h = &house;
    struct start s;

    if (!start_role(ROLE_TENANT, &s))
        return 1;
    house_begin(h, &s);
    if (!start_ready(&s))
        return 1;
    if (!keyd_data_key(h->keyd, &h->key))
        die("keyd gave no key");
    hmac_secret(&h->key, SV("engawa file ticket 1"), &h->t->file_key);
    renew_settle(h);
    open_database(h);
    refuse_rollback(h);
    snapshot_forget();
    if (!h->refused) {
        atomic_store(&h->makings_left, h->t->opened);
        makings_tick(h);
    }
    struct loop *loop = loop_new();
    loop_add(loop, s.sup.fd, LOOP_READ, &s);
    for (size_t i = 0; i < s.links.n; i++)
        if (s.links.v[i].fd >= 0) {
            link_add(h, loop, s.links.v[i].role, s.links.v[i].number, s.links.v[i].fd);
            s.links.v[i].fd = -1;
        }
    serve(h, &s, loop);
    house_end(h);
    loop_free(&loop);
    start_end(&s);
    return 0;
}
