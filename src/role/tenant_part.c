/* role/tenant_part.c: parts of uploads on their way in. The call has passed the gate before its body comes; the body gathers with
 * its request, goes to the disk on a thread of its own and then to the writer. No two parts of one upload are at work at a time,
 * and few of one member: what gathers here has a bound. */
#include "role/tenant.h"
#include "base/mem.h"

#define PARTS_MAX        32                               /* of a tenant: as many MiB */
#define PARTS_OF_MEMBER  4
#define PART_MAX         (1024 * 1024)

struct parts {
    pthread_mutex_t lock;
    struct request *at[PARTS_MAX];                        /* from the head to the answer; borrowed */
};

struct parts *parts_new(void)
{
    struct parts *p = XNEW(struct parts);

    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void parts_free(struct parts **pp)
{
    struct parts *p = *pp;

    *pp = NULL;
    if (!p)
        return;
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (p->at[i] && p->at[i]->part_coming) {
            struct request *r = p->at[i];
            request_free(&r);
        }
    pthread_mutex_destroy(&p->lock);
    xfree(p);
}

size_t parts_count(struct parts *p)
{
    size_t n = 0;

    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < PARTS_MAX; i++)
        n += p->at[i] != NULL;
    pthread_mutex_unlock(&p->lock);
    return n;
}

/* With the lock. Where there is room for it; PARTS_MAX: nowhere, and the failure says why. */
static size_t room_for(struct parts *p, struct request *r)
{
    size_t free_at = PARTS_MAX, of_member = 0;

    for (size_t i = 0; i < PARTS_MAX; i++) {
        const struct request *other = p->at[i];
        if (!other) {
            free_at = i;
            continue;
        }
        of_member += other->x.actor.member.n == r->x.actor.member.n;
        if (sv_equal(other->call.object_text, r->call.object_text)) {
            fail(&r->x.failure, E_UPLOAD_STATE, "another part of the upload is at work");
            return PARTS_MAX;
        }
    }
    if (free_at == PARTS_MAX || of_member >= PARTS_OF_MEMBER) {
        fail(&r->x.failure, E_TOO_MANY, "%zu parts of the member are at work", of_member);
        return PARTS_MAX;
    }
    return free_at;
}

bool part_wait(struct request *r)
{
    struct parts *p = r->house->parts;

    pthread_mutex_lock(&p->lock);
    size_t i = room_for(p, r);
    if (i < PARTS_MAX) {
        p->at[i] = r;
        r->part = r->part_coming = true;
    }
    pthread_mutex_unlock(&p->lock);
    return i < PARTS_MAX;
}

void part_done(struct request *r)
{
    struct parts *p = r->house->parts;

    if (!r->part)
        return;
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (p->at[i] == r)
            p->at[i] = NULL;
    pthread_mutex_unlock(&p->lock);
}

/* The request whose body is still coming on this connection. */
static struct request *coming(struct parts *p, const struct link *l, uint32_t conn, uint32_t gen)
{
    struct request *found = NULL;

    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < PARTS_MAX && !found; i++) {
        struct request *r = p->at[i];
        if (r && r->part_coming && r->link == l && r->conn == conn && r->gen == gen)
            found = r;
    }
    pthread_mutex_unlock(&p->lock);
    return found;
}

void part_bytes(struct house *h, const struct link *l, const struct ipc_head *head, sv payload)
{
    struct request *r = coming(h->parts, l, head->conn, head->gen);

    if (!r || r->a != head->a)
        return;                                           /* refused before its body came */
    if (r->body.n == 0 && head->flags & IPC_MORE)
        str_room(&r->body, PART_MAX);                     /* addresses for all of it at once: memory it takes as it comes */
    if (r->body.n + payload.n > PART_MAX)
        fail(&r->x.failure, E_TOO_LARGE, "a part of more than %d bytes", PART_MAX);
    else
        str_put(&r->body, payload);
    if (head->flags & IPC_MORE && r->x.failure.code == E_NONE)
        return;
    r->part_coming = false;
    r->call.body = str_sv(&r->body);
    if (r->x.failure.code == E_NONE) {
        if (worker_put(h->filer, &r->job))
            return;                                       /* another thread's from here on */
        fail(&r->x.failure, E_TOO_MANY, "the queue of parts is full");
    }
    reply(r);
    request_free(&r);
}

void part_closed(struct house *h, const struct link *l, uint32_t conn, uint32_t gen)
{
    struct request *r = coming(h->parts, l, conn, gen);

    request_free(&r);
}

void parts_drop_link(struct house *h, const struct link *l)
{
    struct request *gone[PARTS_MAX];
    size_t n = 0;

    pthread_mutex_lock(&h->parts->lock);
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (h->parts->at[i] && h->parts->at[i]->part_coming && h->parts->at[i]->link == l)
            gone[n++] = h->parts->at[i];
    pthread_mutex_unlock(&h->parts->lock);
    for (size_t i = 0; i < n; i++)
        request_free(&gone[i]);
}
