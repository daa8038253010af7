/* role/peers.c: a list of links; there are few in these roles but for tenants, which come and go rarely. */
#include "role/peers.h"

#include "base/mem.h"

struct peer *peers_find(const struct peers *ps, enum role_id role, int64_t number)
{
    for (struct peer *p = ps->first; p; p = p->next)
        if (!p->dead && p->role == role && p->number == number)
            return p;
    return NULL;
}

struct peer *peers_add(struct peers *ps, enum role_id role, int64_t number, int fd)
{
    struct peer *old = peers_find(ps, role, number), *p = XNEW(struct peer);

    if (old)
        peers_drop(ps, old);
    *p = (struct peer){.role = role, .number = number, .next = ps->first};
    ps->first = p;
    ipc_init(&p->ipc, fd);
    if (!loop_add(ps->loop, fd, LOOP_READ, p))
        peers_drop(ps, p);
    return p;
}

void peers_take(struct peers *ps, struct start *s, size_t link)
{
    struct start_link *l = &s->links.v[link];

    if (l->fd < 0)
        return;
    peers_add(ps, l->role, l->number, l->fd);
    l->fd = -1;
}

void peers_flush(struct peers *ps, struct peer *p)
{
    int rc = p->dead ? 1 : ipc_flush(&p->ipc);

    if (rc < 0)
        peers_drop(ps, p);
    else if (!p->dead)
        loop_mod(ps->loop, p->ipc.fd, (p->paused ? 0 : LOOP_READ) | (rc ? 0 : LOOP_WRITE), p);
}

void peers_pause(struct peers *ps, struct peer *p, bool paused)
{
    if (p->paused == paused)
        return;
    p->paused = paused;
    peers_flush(ps, p);
}

void peers_drop(struct peers *ps, struct peer *p)
{
    if (p->dead)
        return;
    p->dead = true;
    loop_del(ps->loop, p->ipc.fd);
    ipc_close(&p->ipc);
}

void peers_sweep(struct peers *ps)
{
    for (struct peer **at = &ps->first; *at;) {
        struct peer *p = *at;
        if (!p->dead) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        xfree(p->seen);
        xfree(p);
    }
}

void peers_end(struct peers *ps)
{
    for (struct peer *p = ps->first; p; p = p->next)
        peers_drop(ps, p);
    peers_sweep(ps);
    loop_free(&ps->loop);
}
