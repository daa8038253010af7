/* net/ipc.c: frames over a stream socket pair, and descriptors that travel with them.
 * A descriptor is sent with the first byte of its frame, in a sendmsg() of its own start, so that the receiver finds
 * it queued no later than the frame. Bytes before that frame go first. */
#include "net/ipc.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD        sizeof(struct ipc_head)
#define SEND_BUFFER (1024 * 1024)
#define KEEP_BYTES  (64 * 1024)                           /* an empty buffer above this is given back */

struct ipc_out_fd {
    struct ipc_out_fd *next;
    size_t at;                                            /* where its frame begins in `out` */
    int fd;
};

void ipc_init(struct ipc *c, int fd)
{
    int size = SEND_BUFFER;

    *c = (struct ipc){.fd = fd};
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

void ipc_close(struct ipc *c)
{
    while (c->fds_out) {
        struct ipc_out_fd *o = c->fds_out;
        c->fds_out = o->next;
        fd_close(&o->fd);
        xfree(o);
    }
    for (size_t i = 0; i < c->fds_in_n; i++)
        fd_close(&c->fds_in[i]);
    str_release(&c->in);
    str_release(&c->out);
    if (c->fd >= 0)
        fd_close(&c->fd);
    *c = (struct ipc){.fd = -1};
}

bool ipc_pair(int fds[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0;
}

/* ---- writing ---- */

static void put(struct str *out, const struct ipc_head *h, sv payload)
{
    struct ipc_head head = *h;

    ENSURE(payload.n <= IPC_PAYLOAD_MAX);
    head.len = (uint32_t)payload.n;
    str_bytes(out, &head, HEAD);
    str_put(out, payload);
}

void ipc_put(struct ipc *c, struct ipc_head h, sv payload)
{
    h.flags &= (uint16_t)~IPC_FD;
    if (c->fd >= 0)
        put(&c->out, &h, payload);
}

void ipc_put_fd(struct ipc *c, struct ipc_head h, sv payload, int fd)
{
    struct ipc_out_fd **at = &c->fds_out;

    if (c->fd < 0) {
        fd_close(&fd);
        return;
    }
    while (*at)
        at = &(*at)->next;
    *at = XNEW(struct ipc_out_fd);
    **at = (struct ipc_out_fd){.at = c->out.n, .fd = fd};
    h.flags |= IPC_FD;
    put(&c->out, &h, payload);
}

size_t ipc_queued(const struct ipc *c)
{
    return c->out.n - c->sent;
}

/* One sendmsg() of out[sent … upto); a descriptor goes with its first byte. */
static ssize_t send_piece(struct ipc *c, size_t upto, int fd)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec bytes = {.iov_base = c->out.p + c->sent, .iov_len = upto - c->sent};
    struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};

    if (fd >= 0) {
        m.msg_control = control.room;
        m.msg_controllen = sizeof(control.room);
        struct cmsghdr *k = CMSG_FIRSTHDR(&m);
        k->cmsg_level = SOL_SOCKET;
        k->cmsg_type = SCM_RIGHTS;
        k->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(k), &fd, sizeof(int));
    }
    return sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void fd_gone(struct ipc *c)
{
    struct ipc_out_fd *o = c->fds_out;

    c->fds_out = o->next;
    fd_close(&o->fd);
    xfree(o);
}

static void all_gone(struct ipc *c)
{
    c->sent = 0;
    if (c->out.cap > KEEP_BYTES)
        str_release(&c->out);
    else
        str_reset(&c->out);
}

int ipc_flush(struct ipc *c)
{
    if (c->fd < 0)
        return -1;
    while (c->sent < c->out.n) {
        struct ipc_out_fd *o = c->fds_out;
        bool now = o && o->at == c->sent;
        size_t upto = c->out.n;
        if (now && o->next)
            upto = o->next->at;
        else if (o && !now)
            upto = o->at;
        ssize_t n = send_piece(c, upto, now ? o->fd : -1);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
        if (now && n > 0)
            fd_gone(c);
        c->sent += (size_t)n;
    }
    all_gone(c);
    return 1;
}

/* ---- reading ---- */

static bool take_fds(struct ipc *c, struct msghdr *m)
{
    for (struct cmsghdr *k = CMSG_FIRSTHDR(m); k; k = CMSG_NXTHDR(m, k)) {
        if (k->cmsg_level != SOL_SOCKET || k->cmsg_type != SCM_RIGHTS)
            continue;
        size_t n = (k->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(k) + i * sizeof(int), sizeof(int));
            if (c->fds_in_n == COUNT(c->fds_in)) {
                fd_close(&fd);
                return false;
            }
            c->fds_in[c->fds_in_n++] = fd;
        }
    }
    return !(m->msg_flags & MSG_CTRUNC);
}

/* Moves what is not consumed to the front, and gives a large buffer back. */
static void settle(struct ipc *c)
{
    if (c->in_at == c->in.n && c->in.cap > 2 * (IPC_READ_BYTES + IPC_PAYLOAD_MAX))
        str_release(&c->in);
    else
        str_drop(&c->in, c->in_at);
    c->in_at = 0;
}

int ipc_read(struct ipc *c)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(16 * sizeof(int))];
    } control;

    if (c->fd < 0)
        return -1;
    settle(c);
    struct iovec bytes = {.iov_base = str_room(&c->in, IPC_READ_BYTES), .iov_len = IPC_READ_BYTES};
    struct msghdr m = {.msg_iov = &bytes,
                       .msg_iovlen = 1,
                       .msg_control = control.room,
                       .msg_controllen = sizeof(control.room)};
    ssize_t n = recvmsg(c->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (!take_fds(c, &m) || n == 0)
        return -1;
    str_grew(&c->in, (size_t)n);
    return 1;
}

int ipc_next(struct ipc *c, struct ipc_head *h, sv *payload)
{
    size_t have = c->in.n - c->in_at;
    int untaken = ipc_take_fd(c);                         /* else the next frame's would be mistaken for it */

    if (untaken >= 0)
        fd_close(&untaken);
    if (have < HEAD)
        return 0;
    memcpy(h, c->in.p + c->in_at, HEAD);
    if (h->len > IPC_PAYLOAD_MAX || (h->flags & ~(IPC_FD | IPC_MORE)) || h->type == 0)
        return -1;
    if (have - HEAD < h->len)
        return 0;
    if ((h->flags & IPC_FD) && c->fds_in_n == 0)
        return -1;
    *payload = sv_n(c->in.p + c->in_at + HEAD, h->len);
    c->in_at += HEAD + h->len;
    c->fd_due = h->flags & IPC_FD;
    return 1;
}

int ipc_take_fd(struct ipc *c)
{
    if (!c->fd_due || c->fds_in_n == 0)
        return -1;
    int fd = c->fds_in[0];
    c->fd_due = false;
    c->fds_in_n--;
    memmove(c->fds_in, c->fds_in + 1, c->fds_in_n * sizeof(int));
    return fd;
}

/* ---- a blocking call ---- */

static bool await(struct ipc *c, short events, int64_t until)
{
    struct pollfd p = {.fd = c->fd, .events = events};
    int64_t left = until - clock_mono_ms();

    return left > 0 && poll(&p, 1, (int)left) >= 0;
}

static bool send_all(struct ipc *c, int64_t until)
{
    int r;

    while ((r = ipc_flush(c)) == 0)
        if (!await(c, POLLOUT, until))
            return false;
    return r > 0;
}

static bool wait_next(struct ipc *c, int64_t until, struct ipc_head *rh, sv *reply)
{
    for (;;) {
        int r = ipc_next(c, rh, reply);
        if (r != 0)
            return r > 0;
        r = ipc_read(c);
        if (r < 0 || (r == 0 && !await(c, POLLIN, until)))
            return false;
    }
}

bool ipc_call(struct ipc *c, struct ipc_head h, sv payload, int timeout_ms, struct ipc_head *rh, sv *reply)
{
    int64_t until = clock_mono_ms() + timeout_ms;

    ipc_put(c, h, payload);
    return send_all(c, until) && wait_next(c, until, rh, reply) && rh->a == h.a;
}

bool ipc_send(struct ipc *c, struct ipc_head h, sv payload, int timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    int r;

    ipc_put(c, h, payload);
    while ((r = ipc_flush(c)) == 0)
        if (!await(c, POLLOUT, until))
            return false;
    return r > 0;
}

bool ipc_wait(struct ipc *c, int timeout_ms, struct ipc_head *rh, sv *reply)
{
    return wait_next(c, clock_mono_ms() + timeout_ms, rh, reply);
}

/* ---- typed fields ---- */

void ipc_w_u8(struct str *s, uint8_t v)
{
    str_bytes(s, &v, sizeof(v));
}

void ipc_w_u32(struct str *s, uint32_t v)
{
    str_bytes(s, &v, sizeof(v));
}

void ipc_w_u64(struct str *s, uint64_t v)
{
    str_bytes(s, &v, sizeof(v));
}

void ipc_w_bytes(struct str *s, sv v)
{
    ENSURE(v.n <= UINT32_MAX);
    ipc_w_u32(s, (uint32_t)v.n);
    str_put(s, v);
}

static void take(struct ipc_in *in, void *to, size_t n)
{
    if (!in->ok || in->rest.n < n) {
        in->ok = false;
        in->rest = SV_NONE;
        memset(to, 0, n);
        return;
    }
    memcpy(to, in->rest.p, n);
    in->rest = sv_from(in->rest, n);
}

uint8_t ipc_r_u8(struct ipc_in *in)
{
    uint8_t v;

    take(in, &v, sizeof(v));
    return v;
}

uint32_t ipc_r_u32(struct ipc_in *in)
{
    uint32_t v;

    take(in, &v, sizeof(v));
    return v;
}

uint64_t ipc_r_u64(struct ipc_in *in)
{
    uint64_t v;

    take(in, &v, sizeof(v));
    return v;
}

sv ipc_r_bytes(struct ipc_in *in, size_t max)
{
    uint32_t n = ipc_r_u32(in);

    if (!in->ok || n > max || n > in->rest.n) {
        in->ok = false;
        in->rest = SV_NONE;
        return SV("");
    }
    sv v = sv_upto(in->rest, n);
    in->rest = sv_from(in->rest, n);
    return v;
}

bool ipc_r_end(const struct ipc_in *in)
{
    return in->ok && in->rest.n == 0;
}
