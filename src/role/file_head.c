/* role/file_head.c: a version byte, the size, the number of headers, and each as name and value. */
#include "role/file_head.h"

#define VERSION   1
#define NAME_MAX_BYTES  64
#define VALUE_MAX_BYTES 1024

void file_head_add(struct file_head *h, sv name, sv value)
{
    ENSURE(h->n < FILE_HEADERS_MAX && name.n <= NAME_MAX_BYTES && value.n <= VALUE_MAX_BYTES);
    h->headers[h->n++] = (struct file_header){name, value};
}

void file_head_write(struct str *out, const struct file_head *h)
{
    ipc_w_u8(out, VERSION);
    ipc_w_u64(out, h->size);
    ipc_w_u8(out, (uint8_t)h->n);
    for (size_t i = 0; i < h->n; i++) {
        ipc_w_bytes(out, h->headers[i].name);
        ipc_w_bytes(out, h->headers[i].value);
    }
}

bool file_head_read(sv payload, struct file_head *h)
{
    struct ipc_in in = IPC_IN(payload);

    if (ipc_r_u8(&in) != VERSION)
        return false;
    *h = (struct file_head){.size = ipc_r_u64(&in), .n = 0};
    size_t n = ipc_r_u8(&in);
    if (!in.ok || n > FILE_HEADERS_MAX || h->size > FILE_SIZE_MAX)
        return false;
    for (; h->n < n; h->n++) {
        h->headers[h->n].name = ipc_r_bytes(&in, NAME_MAX_BYTES);
        h->headers[h->n].value = ipc_r_bytes(&in, VALUE_MAX_BYTES);
    }
    return ipc_r_end(&in);
}
