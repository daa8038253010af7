/* net/ipc.h: frames between the roles over a stream socket pair (facts: doc/formats.md).
 *     ipc_init() -> ipc_put() … ipc_flush() · ipc_read() -> ipc_next() … -> ipc_close()
 * A frame is a 32-byte header in native order and `len` bytes of payload, at most IPC_PAYLOAD_MAX. A peer that
 * sends more, or a header with unknown flags, is broken: ipc_next() says so and the owner closes it. The receiver
 * trusts no field. A frame with IPC_FD carries one descriptor. ipc is not thread-safe; ipc_shared is. */
#ifndef ENGAWA_NET_IPC_H
#define ENGAWA_NET_IPC_H

#include "base/str.h"

#define IPC_PAYLOAD_MAX 65000
#define IPC_READ_BYTES  (128 * 1024)

enum { IPC_FD = 1, IPC_MORE = 2 };                        /* flags: carries a descriptor; more of the same answer follows */

struct ipc_head {
    uint32_t len;
    uint16_t type, flags;
    uint32_t conn, gen;                                   /* the edge's slot and its generation */
    uint64_t a, b;                                        /* meaning by type: role/proto.h */
};

struct ipc {
    int fd;                                               /* -1: closed */
    struct str in, out;
    size_t in_at;                                         /* consumed of `in` */
    int fds_in[16];
    size_t fds_in_n;
    bool fd_due;                                          /* the frame given out last brought the first of them */
    struct ipc_out_fd *fds_out;                           /* descriptors waiting with their place in `out` */
    size_t sent;                                          /* bytes of `out` already gone */
};

void ipc_init(struct ipc *c, int fd);                     /* takes fd, makes it non-blocking, 1 MiB of send buffer */
void ipc_close(struct ipc *c);                            /* also unread descriptors; fine on a closed one */
bool ipc_pair(int fds[2]);                                /* socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC) */

void ipc_put(struct ipc *c, struct ipc_head h, sv payload);          /* h.len is set here; queued until flush */
void ipc_put_fd(struct ipc *c, struct ipc_head h, sv payload, int fd);   /* takes fd */
size_t ipc_queued(const struct ipc *c);                   /* bytes not yet sent: for limits */
int  ipc_flush(struct ipc *c);                            /* 1 all gone, 0 the rest waits for LOOP_WRITE, -1 broken */
int  ipc_read(struct ipc *c);                             /* one read: 1 something, 0 nothing there, -1 end or broken */
/* Next whole frame: 1, 0 none yet, -1 malformed. `payload` is valid until the next ipc_read(). */
int  ipc_next(struct ipc *c, struct ipc_head *h, sv *payload);
int  ipc_take_fd(struct ipc *c);                          /* the last frame's, once; -1: it brought none. Not taken: closed */

/* A blocking call for processes that have nothing else to do meanwhile (the tenant's start, engawactl):
 * sends one frame and waits for one with the same `a`; others are refused. False: broken or out of time. */
bool ipc_call(struct ipc *c, struct ipc_head h, sv payload, int timeout_ms, struct ipc_head *rh, sv *reply);
bool ipc_wait(struct ipc *c, int timeout_ms, struct ipc_head *rh, sv *reply);   /* blocks for the next frame, whatever it answers */
bool ipc_send(struct ipc *c, struct ipc_head h, sv payload, int timeout_ms);    /* blocks until it is gone, and all before it */

/* The same pipe written by several threads: whoever finds no flusher becomes it and writes until the buffer is empty,
 * blocking with poll() when the socket is full. */
struct ipc_shared;
struct ipc_shared *ipc_shared_new(int fd);                /* does not own fd */
void ipc_shared_free(struct ipc_shared **s);
bool ipc_shared_put(struct ipc_shared *s, const struct ipc_head *h, sv payload);   /* false: broken */
/* Between the two, frames are gathered and leave in one piece: for the replies of a whole batch. Calls nest. */
void ipc_shared_hold(struct ipc_shared *s);
void ipc_shared_go(struct ipc_shared *s);

/* Typed fields of a payload. Writers append to a str; a reader that runs short stays !ok and gives zeros. */
void ipc_w_u8(struct str *s, uint8_t v);
void ipc_w_u32(struct str *s, uint32_t v);
void ipc_w_u64(struct str *s, uint64_t v);
void ipc_w_bytes(struct str *s, sv v);                    /* u32 length, bytes */

struct ipc_in {
    sv rest;
    bool ok;
};
#define IPC_IN(payload) ((struct ipc_in){.rest = (payload), .ok = true})
uint8_t  ipc_r_u8(struct ipc_in *in);
uint32_t ipc_r_u32(struct ipc_in *in);
uint64_t ipc_r_u64(struct ipc_in *in);
sv       ipc_r_bytes(struct ipc_in *in, size_t max);      /* borrowed; longer than max: !ok */
bool     ipc_r_end(const struct ipc_in *in);              /* ok and nothing left */

#endif
