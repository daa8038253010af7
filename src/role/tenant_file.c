/* role/tenant_file.c: files that leave by OP_FILE operations, and long answers of all others. A short one is the body of an
 * ordinary answer. A longer one is announced, and waits in `files` until the edge has taken the last piece: each time the edge
 * asks, a reader's thread fetches as many pieces of a file as were asked for, with an arena of their own; those of an answer lie
 * ready. Who does not read costs the edge a few pieces, and us no more than ANSWERS_OF_MEMBER. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"
#include "net/http.h"
#include "role/file_head.h"

#define PIECES_WAITING_MAX 64
#define ANSWERS_OF_MEMBER  (16 * 1024 * 1024)             /* bytes of answers that wait; of nobody's too */
#define ANSWERS_MAX        (64 * 1024 * 1024)             /* of all */
#define REFUSAL_MAX        1024                           /* what stands in the place of one that made way */

#define SPARE_MAX 2
#define READ_ROOM (FILE_READ_MAX + 16 * 1024)             /* a chunk, and what its reading takes beside */

struct files {
    pthread_mutex_t lock;
    struct map by_place;                                  /* requests; each holds a reference */
    size_t waiting;                                       /* bytes of answers */
    uint64_t turns;
    struct arena *spare[SPARE_MAX];                       /* while files are on their way: to map a piece's room anew costs more than to open it */
};

static uint64_t place(const struct link *l, uint32_t conn)
{
    return (uint64_t)l->number << 32 | conn;
}

struct files *files_new(void)
{
    struct files *f = XNEW(struct files);

    pthread_mutex_init(&f->lock, NULL);
    map_init(&f->by_place, rand_u64());
    return f;
}

size_t files_waiting(struct files *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->waiting;
    pthread_mutex_unlock(&f->lock);
    return n;
}

size_t files_count(struct files *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->by_place.n;
    pthread_mutex_unlock(&f->lock);
    return n;
}

/* With the lock. From here on nobody is told anything of it. */
static void out_of(struct files *f, struct request *r)
{
    struct request *first = map_get(&f->by_place, place(r->link, r->conn)), **at = &first;

    while (*at != r)
        at = &(*at)->file_next;
    *at = r->file_next;
    r->file_next = NULL;
    if (first)
        map_put(&f->by_place, place(r->link, r->conn), first);
    else
        map_del(&f->by_place, place(r->link, r->conn));
    f->waiting -= r->body.n;
    r->file_gone = true;
}

/* All that waits for one place, from `r` on. Their references go to `gone`, but for one that a reader is at work on. With the lock. */
static void take_out(struct files *f, struct request *r, struct request **gone)
{
    for (struct request *next; r; r = next) {
        next = r->file_next;
        out_of(f, r);
        if (r->file_busy)
            continue;
        r->file_next = *gone;
        *gone = r;
    }
}

static void give_back(struct request *gone)
{
    for (struct request *r; (r = gone);) {
        gone = r->file_next;
        request_free(&r);
    }
}

void file_closed(struct house *h, const struct link *l, uint32_t conn, uint32_t gen)
{
    struct request *gone = NULL;

    pthread_mutex_lock(&h->files->lock);
    struct request *r = map_get(&h->files->by_place, place(l, conn));
    if (r && r->gen == gen)
        take_out(h->files, r, &gone);
    pthread_mutex_unlock(&h->files->lock);
    give_back(gone);
}

void files_drop_link(struct house *h, const struct link *l)
{
    struct files *f = h->files;
    struct request *gone = NULL;
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&f->lock);
    struct request **places = xcalloc(f->by_place.n + 1, sizeof(struct request *));
    while (map_next(&f->by_place, &at, &slot))
        if (((struct request *)slot.value)->link == l)
            places[n++] = slot.value;
    for (size_t i = 0; i < n; i++)
        take_out(f, places[i], &gone);
    pthread_mutex_unlock(&f->lock);
    give_back(gone);
    xfree(places);
}

void files_free(struct files **fp)
{
    struct files *f = *fp;
    struct map_slot slot;
    size_t at = 0;

    *fp = NULL;
    if (!f)
        return;
    while (map_next(&f->by_place, &at, &slot))
        give_back(slot.value);
    map_release(&f->by_place);
    for (size_t i = 0; i < SPARE_MAX; i++)
        arena_free(&f->spare[i]);
    pthread_mutex_destroy(&f->lock);
    xfree(f);
}

/* ---- the answer's head ---- */

static void headers(struct request *r, struct file_head *h)
{
    const struct file_out *f = &r->call.file;
    struct str name = STR_IN(r->arena);

    http_disposition(&name, f->shown ? "inline" : "attachment", f->name);
    file_head_add(h, SV("Content-Type"), sv_c(f->type));
    file_head_add(h, SV("Content-Disposition"), str_sv(&name));
    if (f->etag.n) {
        file_head_add(h, SV("ETag"), sv_printf(r->arena, "\"%.*s\"", SV_ARG(f->etag)));
        file_head_add(h, SV("Cache-Control"), f->parts ? SV("no-store") : SV("private, no-cache"));
    } else if (f->keep_s > 0) {
        file_head_add(h, SV("Cache-Control"), sv_printf(r->arena, "private, max-age=%" PRId64, f->keep_s));
    } else {
        file_head_add(h, SV("Cache-Control"), SV("no-store"));
    }
    if (f->strange)
        file_head_add(h, SV("Content-Security-Policy"), SV("default-src 'none'; sandbox"));
}

/* Which part of it: only of what is shown in place. The status of the answer. */
static int part_of(struct request *r, struct file_head *h)
{
    const struct file_out *f = &r->call.file;
    enum http_range is = HTTP_RANGE_NONE;
    int64_t n = f->size;

    r->file_at = 0;
    if (f->strange && (f->shown || f->parts) && f->piece) {
        file_head_add(h, SV("Accept-Ranges"), SV("bytes"));
        is = http_range_read(r->call.range, f->size, &r->file_at, &n);
    }
    r->file_end = r->file_at + n;
    h->size = (uint64_t)n;
    if (is == HTTP_RANGE_NONE)
        return 200;
    file_head_add(h, SV("Content-Range"),
                  is == HTTP_RANGE_PART ? sv_printf(r->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, r->file_at, r->file_end - 1, f->size)
                                        : sv_printf(r->arena, "bytes */%" PRId64, f->size));
    return is == HTTP_RANGE_PART ? 206 : 416;
}

/* All of it in one frame; or nothing, when the client has it already. */
static void answer_at_once(struct request *r, const struct file_head *h, int status)
{
    reply_whole(r, RES_HTTP, status, h, status == 200 ? r->call.file.bytes : SV(""));
}

/* It waits here from now on, behind what waits for the same WebSocket; what waited for another connection in its place goes.
 * False: its edge is gone. */
static bool wait_here(struct request *r)
{
    struct files *f = r->house->files;
    struct request *gone = NULL;

    pthread_mutex_lock(&f->lock);                         /* before the edge hears of it: it asks at once */
    bool there = !atomic_load(&r->link->gone);            /* else files_drop_link() has passed: nobody would take it out */
    struct request *first = there ? map_get(&f->by_place, place(r->link, r->conn)) : NULL;
    if (first && (first->gen != r->gen || r->door != DOOR_WS)) {
        take_out(f, first, &gone);
        first = NULL;
    }
    if (there) {
        r->file_turn = ++f->turns;
        f->waiting += r->body.n;
        request_ref(r);
    }
    if (there && !first)
        map_put(&f->by_place, place(r->link, r->conn), r);
    for (; first; first = first->file_next)
        if (!first->file_next) {
            first->file_next = r;
            break;
        }
    pthread_mutex_unlock(&f->lock);
    give_back(gone);
    return there;
}

static void announce(struct request *r, int status, const struct file_head *h)
{
    struct str s = {0};

    file_head_write(&s, h);
    reply_frame(r, RES_FILE, (uint64_t)status, 0, str_sv(&s));
    str_release(&s);
}

void file_reply(struct request *r)
{
    const struct file_out *f = &r->call.file;
    struct file_head h = {0};

    ENSURE(f->size >= 0 && (f->piece || (int64_t)f->bytes.n == f->size));
    headers(r, &h);
    int status = part_of(r, &h);
    if (status == 416) {
        answer_at_once(r, &h, status);
        return;
    }
    if (f->etag.n && http_etag_has(r->call.none_match, sv_printf(r->arena, "\"%.*s\"", SV_ARG(f->etag)))) {
        answer_at_once(r, &h, 304);
        return;
    }
    if (f->size == 0 || (!f->piece && f->bytes.n <= FILE_PIECE_MAX)) {
        answer_at_once(r, &h, 200);
        return;
    }
    if (!f->piece && !r->call.head) {
        file_answer(r, &h, f->bytes);
        return;
    }
    if (r->call.head || wait_here(r))
        announce(r, status, &h);
}

/* ---- long answers ---- */

/* With the lock. Whose answer is to give way so that `n` bytes more of that member's find room: the one of which nothing was asked
 * for longest, first among the member's own. NULL: there is room, or nothing that could make some. */
static struct request *to_give_way(const struct files *f, id64 member, size_t n)
{
    struct request *own = NULL, *any = NULL;
    struct map_slot slot;
    size_t at = 0, of_member = 0;

    if (f->waiting + n <= ANSWERS_OF_MEMBER)
        return NULL;
    while (map_next(&f->by_place, &at, &slot))
        for (struct request *r = slot.value; r; r = r->file_next) {
            bool is_own = r->x.actor.member.n == member.n;
            of_member += is_own ? r->body.n : 0;
            if (r->body.n <= REFUSAL_MAX)
                continue;
            if (!any || r->file_turn < any->file_turn)
                any = r;
            if (is_own && (!own || r->file_turn < own->file_turn))
                own = r;
        }
    if (of_member + n > ANSWERS_OF_MEMBER && own)
        return own;
    return f->waiting + n > ANSWERS_MAX ? any : NULL;
}

/* With the lock. In its place a refusal waits: its edge counts answers. */
static void refuse_instead(struct files *f, struct request *r)
{
    struct str s = STR_IN(r->arena);

    failure_clear(&r->x.failure);
    fail(&r->x.failure, E_TOO_MANY, "%zu bytes of answers wait", f->waiting);
    reply_text(r, &s);
    ENSURE(s.n <= REFUSAL_MAX);
    f->waiting -= r->body.n;
    str_release(&r->body);
    str_put(&r->body, str_sv(&s));
    f->waiting += r->body.n;
}

static void make_room(struct files *f, id64 member, size_t n)
{
    struct request *r, *gone = NULL;

    pthread_mutex_lock(&f->lock);
    while ((r = to_give_way(f, member, n))) {
        if (r->door == DOOR_WS) {
            refuse_instead(f, r);
            continue;
        }
        request_ref(r);
        take_out(f, r, &gone);
        reply_frame(r, RES_BODY, 0, 0, SV(""));           /* its client sees a cut answer */
        request_free(&r);
    }
    pthread_mutex_unlock(&f->lock);
    give_back(gone);
}

/* The rest of its request's memory is given back now. */
static struct request *answer_of(struct request *r, sv body)
{
    struct ipc_head head = {.conn = r->conn, .gen = r->gen, .a = r->a};
    struct request *w = request_new(r->house, r->door, r->link, &head);

    w->call.op = r->call.op;
    w->x.actor.member = r->x.actor.member;
    w->x.actor.english = r->x.actor.english;
    w->session = r->session ? session_ref(r->session) : NULL;
    w->console = r->console ? session_ref(r->console) : NULL;
    w->ws_id = sv_dup(w->arena, r->ws_id);
    str_put(&w->body, body);
    make_room(r->house->files, w->x.actor.member, body.n);
    return w;
}

void file_answer(struct request *r, struct file_head *h, sv body)
{
    struct request *w = answer_of(r, body);

    w->call.file.bytes = str_sv(&w->body);
    w->file_end = (int64_t)body.n;
    h->size = body.n;
    if (wait_here(w))
        announce(w, 200, h);
    request_free(&w);
}

void file_text(struct request *r, sv text)
{
    struct request *w = answer_of(r, text);

    if (wait_here(w))
        reply_frame(w, RES_WS_WAIT, 0, 0, SV(""));
    request_free(&w);
}

/* The next answer that waits for the WebSocket. */
static void text_more(struct files *f, const struct link *l, const struct ipc_head *head)
{
    pthread_mutex_lock(&f->lock);
    struct request *r = map_get(&f->by_place, place(l, head->conn));
    if (r && r->gen == head->gen && r->door == DOOR_WS)
        out_of(f, r);
    else
        r = NULL;
    pthread_mutex_unlock(&f->lock);
    if (r && !(r->session && atomic_load(&r->session->ended)))     /* else its close is on the way */
        reply_frame(r, RES_WS_TEXT, 1, 0, str_sv(&r->body));
    request_free(&r);
}

/* ---- the pieces ---- */

/* The edge cuts its connection: what came so far must not pass for the whole. */
static void give_up(struct request *r, const char *why)
{
    log_put(LOG_WARN, "%s: a file ends at %" PRId64 " of %" PRId64 " bytes: %s", r->call.op->name, r->file_at,
            r->file_end, why);
    reply_frame(r, RES_BODY, 0, 0, SV(""));
}

void file_more(struct house *h, const struct link *l, const struct ipc_head *head)
{
    struct request *r, *gone = NULL, *ready = NULL;
    bool full = false;

    if (head->a == 0) {
        text_more(h->files, l, head);
        return;
    }
    pthread_mutex_lock(&h->files->lock);
    r = map_get(&h->files->by_place, place(l, head->conn));
    if (r && r->gen == head->gen && r->a == head->a && head->b <= PIECES_WAITING_MAX &&
        r->file_asked + head->b <= PIECES_WAITING_MAX) {
        r->file_asked += (unsigned)head->b;
        r->file_turn = ++h->files->turns;
        if (r->body.n) {                                  /* it lies ready */
            r->file_busy = true;
            ready = r;
        } else if (!r->file_busy) {
            r->file_busy = true;                          /* before the reader sees it */
            full = !worker_put(r->call.file.far ? h->remote : h->reader, &r->job);
            if (full) {                                   /* else it is the reader's by now */
                r->file_busy = false;
                take_out(h->files, r, &gone);
            }
        }
    }
    pthread_mutex_unlock(&h->files->lock);
    if (ready)
        file_run(ready, NULL, NULL);
    if (full)
        give_up(r, "the readers' queue is full");
    give_back(gone);
}

static bool piece(struct request *r, struct ctx *x, sv *out)
{
    const struct file_out *f = &r->call.file;

    if ((r->session && atomic_load(&r->session->ended)) || (r->console && atomic_load(&r->console->ended)))
        return fail(&x->failure, E_SESSION_ENDED, "the session ended");
    if (!f->piece) {
        *out = sv_upto(sv_from(f->bytes, (size_t)r->file_at), FILE_PIECE_MAX);
        return true;
    }
    if (!f->piece(x, f->state, r->file_at, out))
        return false;
    *out = sv_upto(*out, (size_t)(r->file_end - r->file_at));
    if (out->n == 0 || out->n > FILE_READ_MAX)
        return fail(&x->failure, E_INTERNAL, "a piece of %zu bytes", out->n);
    return true;
}

/* What is read at once and not sent yet: a chunk of a blob is opened once, and is more than a frame. */
struct reading {
    struct arena *arena;
    sv rest;
};

static bool read_more(struct request *r, struct db *db, const struct blob_far *far, struct reading *in)
{
    if (in->arena)
        arena_again(in->arena);
    else
        in->arena = arena_new(db ? READ_ROOM : 256);
    struct ctx x = {.arena = in->arena, .db = db, .tenant = r->x.tenant, .policy = r->policy, .actor = r->x.actor, .now_ms = clock_ms(), .far = far};

    if (db)                                               /* an answer needs none */
        db_use(db, in->arena, &x.failure);
    if (piece(r, &x, &in->rest))
        return true;
    r->file_moved = !far && x.failure.code == E_STORE_AWAY;
    if (r->file_moved)
        return false;
    give_up(r, x.failure.detail);
    return false;
}

/* With the lock, both: the room of those who read from the disk goes from one to the next. */
static struct arena *spare_take(struct files *f)
{
    struct arena *a = NULL;

    for (size_t i = 0; i < SPARE_MAX && !a; i++) {
        a = f->spare[i];
        f->spare[i] = NULL;
    }
    return a;
}

static void spare_give(struct files *f, struct arena **a)
{
    for (size_t i = 0; i < SPARE_MAX; i++) {
        if (f->by_place.n == 0)
            arena_free(&f->spare[i]);
        else if (*a && !f->spare[i]) {
            arena_again(*a);
            f->spare[i] = *a;
            *a = NULL;
        }
    }
}

/* One frame; false: it was the last, or there will be no more. */
static bool send_frame(struct request *r, struct db *db, const struct blob_far *far, struct reading *in)
{
    if (in->rest.n == 0 && !read_more(r, db, far, in))
        return false;
    sv bytes = sv_upto(in->rest, FILE_PIECE_MAX);
    in->rest = sv_from(in->rest, bytes.n);
    r->file_at += (int64_t)bytes.n;
    bool more = r->file_at < r->file_end;
    reply_frame(r, RES_BODY, 0, more ? IPC_MORE : 0, bytes);
    return more;
}

/* With the lock: it goes on where the store is waited for, with the frame that was asked for. */
static bool go_far(struct request *r)
{
    r->file_moved = false;
    r->file_asked++;
    r->call.file.far = true;
    return worker_put(r->house->remote, &r->job);
}

void file_run(struct request *r, struct db *db, const struct blob_far *far)
{
    struct files *f = r->house->files;
    struct reading in = {0};
    bool more = true, gone_on = false;

    pthread_mutex_lock(&f->lock);
    if (db)
        in.arena = spare_take(f);
    while (more && !r->file_gone && r->file_asked) {
        r->file_asked--;
        pthread_mutex_unlock(&f->lock);
        more = send_frame(r, db, far, &in);
        pthread_mutex_lock(&f->lock);
    }
    if (r->file_moved && !r->file_gone) {
        gone_on = go_far(r);
        if (!gone_on)
            give_up(r, "the queue of the store is full");
    }
    bool over = !gone_on && (!more || r->file_gone);
    if (over && !r->file_gone)
        out_of(f, r);
    if (!gone_on)
        r->file_busy = false;                             /* else it is the other thread's by now */
    if (db)
        spare_give(f, &in.arena);
    pthread_mutex_unlock(&f->lock);
    arena_free(&in.arena);
    if (over)
        request_free(&r);
}

/* ---- what lies in the operator's store ---- */

bool file_first(struct request *r)
{
    return r->x.failure.code == E_NONE && !r->internal && r->call.file.far && !r->call.head && worker_put(r->house->remote, &r->job);
}

/* Its first bytes are there before it is announced: a store that does not answer is an error, and no file that ends early. */
void file_prime(struct request *r, struct db *db, const struct blob_far *far)
{
    struct arena *a = arena_new(READ_ROOM);
    struct ctx x = {.arena = a, .db = db, .tenant = r->x.tenant, .policy = r->policy, .actor = r->x.actor, .now_ms = clock_ms(), .far = far};
    struct file_head h = {0};
    sv bytes;

    db_use(db, a, &x.failure);
    if (part_of(r, &h) != 416 && r->file_at < r->file_end && !piece(r, &x, &bytes))
        fail(&r->x.failure, x.failure.code, "%s", x.failure.detail);
    arena_free(&a);
    reply(r);
    request_free(&r);
}
