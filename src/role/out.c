/* role/out.c: the process that will speak to the outside: mail, push, webhooks. Today it tells its health. */
#include "net/loop.h"
#include "role/peers.h"
#include "role/roles.h"
#include "role/start.h"

struct out {
    struct start start;
    struct peers peers;
    bool stop;
};

static void hear(struct out *o)
{
    struct start_news n;

    while (!o->stop && start_next(&o->start, &n)) {
        if (n.what == NEWS_LINK)
            peers_add(&o->peers, n.role, n.number, n.fd);
        o->stop = n.what == NEWS_STOP || n.what == NEWS_GONE;
    }
}

static void serve(struct out *o, struct peer *p)
{
    struct ipc_head h;
    sv payload;
    int got = ipc_read(&p->ipc);

    while (got >= 0 && (got = ipc_next(&p->ipc, &h, &payload)) > 0) {
        if (h.type == HEALTH_ASK && p->role == ROLE_CONTROL)
            start_health_tell(&o->start, &p->ipc, &h);
        else if (h.type == FIGURES_ASK && p->role == ROLE_CONTROL)
            start_figures_tell(&o->start, &p->ipc, &h);
        else
            got = -1;
    }
    if (got < 0)
        peers_drop(&o->peers, p);
    else
        peers_flush(&o->peers, p);
}

int out_main(void)
{
    struct out o = {0};

    if (!start_role(ROLE_OUT, &o.start))
        return 1;
    o.peers.loop = loop_new();
    loop_add(o.peers.loop, o.start.sup.fd, LOOP_READ, &o.start);
    for (size_t i = 0; i < o.start.links.n; i++)
        peers_take(&o.peers, &o.start, i);
    bool ready = start_ready(&o.start);
    while (ready && !o.stop) {
        struct loop_event ev[8];
        int n = loop_wait(o.peers.loop, ev, COUNT(ev), -1);
        for (int i = 0; i < n && !o.stop; i++) {
            if (ev[i].what == &o.start)
                hear(&o);
            else
                serve(&o, ev[i].what);
        }
        peers_sweep(&o.peers);
    }
    peers_end(&o.peers);
    start_end(&o.start);
    return ready ? 0 : 1;
}
