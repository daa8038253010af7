/* role/file_head.h: how a tenant announces a file to the edge (RES_FILE): its size and the headers of the answer.
 * Written by file_head_write(), read by file_head_read(), which refuses anything short, long or unknown. */
#ifndef ENGAWA_ROLE_FILE_HEAD_H
#define ENGAWA_ROLE_FILE_HEAD_H

#include "net/ipc.h"

#define FILE_HEADERS_MAX 8

struct file_header {
    sv name, value;                                       /* at most 64 and 1024 bytes */
};

struct file_head {
    uint64_t size;                                        /* of the whole file, at most FILE_SIZE_MAX */
    struct file_header headers[FILE_HEADERS_MAX];
    size_t n;
};

#define FILE_SIZE_MAX (UINT64_C(1) << 40)

void file_head_add(struct file_head *h, sv name, sv value);
void file_head_write(struct str *out, const struct file_head *h);
bool file_head_read(sv payload, struct file_head *h);     /* its texts are borrowed from `payload` */

#endif
