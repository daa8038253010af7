/* net/loop.c: epoll, level-triggered. */
#include "net/loop.h"

#include "base/mem.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BATCH 256

struct loop {
    int fd;
    struct epoll_event got[BATCH];
};

struct loop *loop_new(void)
{
    struct loop *l = XNEW(struct loop);

    l->fd = epoll_create1(EPOLL_CLOEXEC);
    if (l->fd < 0)
        die("epoll_create1: errno %d", errno);
    return l;
}

void loop_free(struct loop **l)
{
    if (!*l)
        return;
    fd_close(&(*l)->fd);
    xfree(*l);
    *l = NULL;
}

static struct epoll_event wish(int events, void *what)
{
    struct epoll_event e = {.data.ptr = what};

    if (events & LOOP_READ)
        e.events |= EPOLLIN | EPOLLRDHUP;
    if (events & LOOP_WRITE)
        e.events |= EPOLLOUT;
    if (events & LOOP_SHARED)
        e.events = (e.events & ~(uint32_t)EPOLLRDHUP) | EPOLLEXCLUSIVE;
    return e;
}

bool loop_add(struct loop *l, int fd, int events, void *what)
{
    struct epoll_event e = wish(events, what);

    if (epoll_ctl(l->fd, EPOLL_CTL_ADD, fd, &e) == 0)
        return true;
    ENSURE(errno == ENOSPC || errno == ENOMEM);           /* anything else is a mistake of the caller */
    return false;
}

void loop_mod(struct loop *l, int fd, int events, void *what)
{
    struct epoll_event e = wish(events, what);

    ENSURE(epoll_ctl(l->fd, EPOLL_CTL_MOD, fd, &e) == 0);
}

void loop_del(struct loop *l, int fd)
{
    struct epoll_event none = {0};

    ENSURE(epoll_ctl(l->fd, EPOLL_CTL_DEL, fd, &none) == 0);
}

static int seen(uint32_t events)
{
    int out = 0;

    if (events & (EPOLLIN | EPOLLRDHUP))
        out |= LOOP_READ;
    if (events & EPOLLOUT)
        out |= LOOP_WRITE;
    if (events & (EPOLLERR | EPOLLHUP))
        out |= LOOP_GONE;
    return out;
}

int loop_wait(struct loop *l, struct loop_event *out, int max, int timeout_ms)
{
    int n = epoll_wait(l->fd, l->got, max < BATCH ? max : BATCH, timeout_ms);

    ENSURE(n >= 0 || errno == EINTR);
    for (int i = 0; i < n; i++)
        out[i] = (struct loop_event){.what = l->got[i].data.ptr, .events = seen(l->got[i].events)};
    return n < 0 ? 0 : n;
}
