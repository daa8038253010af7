/* net/ipc_shared.c: one pipe, many writers. A writer appends under the lock; the first that finds no flusher becomes
 * it, takes the whole buffer, writes it without the lock, and goes on until nothing was added meanwhile. */
#include "net/ipc.h"

#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

struct ipc_shared {
    int fd;
    pthread_mutex_t lock;
    struct str waiting, going;                            /* `going` belongs to the flusher */
    bool flushing, broken;
    unsigned held;
};

struct ipc_shared *ipc_shared_new(int fd)
{
    struct ipc_shared *s = XNEW(struct ipc_shared);

    s->fd = fd;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void ipc_shared_free(struct ipc_shared **s)
{
    if (!*s)
        return;
    pthread_mutex_destroy(&(*s)->lock);
    str_release(&(*s)->waiting);
    str_release(&(*s)->going);
    xfree(*s);
    *s = NULL;
}

/* Without the lock. False: the other end is gone, and whoever reads the link hears of it. Any other failure is heard by nobody,
 * and those who wait at the other end would wait for good: the process ends, and all links are made anew. */
static bool write_all(int fd, sv bytes)
{
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n >= 0) {
            bytes = sv_from(bytes, (size_t)n);
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            poll(&p, 1, -1);
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return false;
        } else if (errno != EINTR) {
            die("a link to another process fails: %s", strerror(errno));
        }
    }
    return true;
}

/* With the lock; releases it while it writes. */
static void flush(struct ipc_shared *s)
{
    s->flushing = true;
    while (s->waiting.n && !s->broken) {
        struct str now = s->waiting;
        s->waiting = s->going;
        s->going = now;
        pthread_mutex_unlock(&s->lock);
        bool sent = write_all(s->fd, str_sv(&now));
        pthread_mutex_lock(&s->lock);
        str_reset(&s->going);
        s->broken |= !sent;
    }
    s->flushing = false;
}

bool ipc_shared_put(struct ipc_shared *s, const struct ipc_head *h, sv payload)
{
    struct ipc_head head = *h;

    ENSURE(payload.n <= IPC_PAYLOAD_MAX);
    head.len = (uint32_t)payload.n;
    pthread_mutex_lock(&s->lock);
    if (!s->broken) {
        str_bytes(&s->waiting, &head, sizeof(head));
        str_put(&s->waiting, payload);
        if (!s->flushing && !s->held)
            flush(s);
    }
    bool ok = !s->broken;
    pthread_mutex_unlock(&s->lock);
    return ok;
}

void ipc_shared_hold(struct ipc_shared *s)
{
    pthread_mutex_lock(&s->lock);
    s->held++;
    pthread_mutex_unlock(&s->lock);
}

void ipc_shared_go(struct ipc_shared *s)
{
    pthread_mutex_lock(&s->lock);
    ENSURE(s->held > 0);
    if (--s->held == 0 && !s->flushing && s->waiting.n && !s->broken)
        flush(s);
    pthread_mutex_unlock(&s->lock);
}
