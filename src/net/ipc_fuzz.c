/* net/ipc_fuzz.c: a peer may send anything: frames that are given out lie within what was sent and, put together
 * again, are what was sent; typed fields never read beyond a payload. */
#include "net/ipc.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void fields(sv payload)
{
    struct ipc_in in = IPC_IN(payload);
    uint32_t n = ipc_r_u32(&in);

    for (uint32_t i = 0; i < n && in.ok; i++) {
        sv name = ipc_r_bytes(&in, 64), value = ipc_r_bytes(&in, 4096);
        if (name.n > 64 || value.n > 4096 || name.n + value.n > payload.n)
            abort();
    }
    ipc_r_u8(&in);
    ipc_r_u64(&in);
    if (ipc_r_end(&in) && in.rest.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct ipc c;
    struct ipc_head h;
    struct str again = {0};
    sv payload;
    int fds[2], r;

    if (n > 60000 || !ipc_pair(fds))
        return 0;
    ipc_init(&c, fds[0]);
    if (n && send(fds[1], p, n, MSG_DONTWAIT) != (ssize_t)n)
        abort();
    close(fds[1]);
    do {
        while ((r = ipc_next(&c, &h, &payload)) > 0) {
            if (h.len != payload.n || h.len > IPC_PAYLOAD_MAX || h.type == 0 || (h.flags & IPC_FD))
                abort();
            str_bytes(&again, &h, sizeof(h));
            str_put(&again, payload);
            fields(payload);
        }
    } while (r == 0 && ipc_read(&c) > 0);
    if (again.n > n || !sv_equal(str_sv(&again), sv_n(p, again.n)))
        abort();
    str_release(&again);
    ipc_close(&c);
    return 0;
}
