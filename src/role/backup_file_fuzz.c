/* role/backup_file_fuzz.c: a reader that takes any bytes: it ends, and calls nothing whole that was not sealed. The second
 * half of the targets, what stands in engawa.keys, is read from the same bytes. */
#include "role/backup_file.h"
#include "role/keys_file.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct secret key = {.n = 32};
    unsigned char id[BACKUP_ID];
    int fd = memfd_create("backup", MFD_CLOEXEC);
    const char *why;
    sv payload;

    if (fd < 0 || write(fd, p, n) != (ssize_t)n)
        abort();
    if (backup_id_read(fd, id)) {
        struct backup_in *in = backup_in_new(dup(fd), id, &key);
        enum backup_kind k;
        while ((k = backup_next(in, &payload)) != BACKUP_END && k != BACKUP_DAMAGED)
            continue;
        if (k == BACKUP_END)                              /* nobody guesses a tag */
            abort();
        backup_in_free(&in);
    }
    close(fd);
    if (keys_spread(sv_n(p, n), -1, &why) && n != 41)
        abort();
    return 0;
}
