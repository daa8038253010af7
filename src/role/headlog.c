/* role/headlog.c: an append-only file of fixed records, and the last head of each tenant in memory. */
#include "role/headlog.h"

#include "base/map.h"
#include "base/mem.h"
#include "crypt/hash.h"
#include "role/bytes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION 1
#define CHECKED 121                                       /* bytes before the check */

struct headlog {
    int fd;
    off_t end;                                            /* after the last whole record */
    struct map last;                                      /* tenant -> struct head */
};

void head_bytes(struct str *out, const struct head *h)
{
    str_c(out, "engawa head 1\n");
    be64_put(out, (uint64_t)h->tenant);
    be64_put(out, h->size);
    str_bytes(out, h->root, sizeof(h->root));
    be64_put(out, h->time_ms);
}

static void record_put(struct str *out, const struct head *h)
{
    str_char(out, VERSION);
    be64_put(out, (uint64_t)h->tenant);
    be64_put(out, h->size);
    str_bytes(out, h->root, sizeof(h->root));
    be64_put(out, h->time_ms);
    str_bytes(out, h->signature, sizeof(h->signature));
    struct sha256 check = sha256(str_sv(out));
    str_bytes(out, check.b, HEAD_RECORD - CHECKED);
}

static bool record_get(const unsigned char *p, struct head *h)
{
    struct sha256 check = sha256(sv_n(p, CHECKED));

    if (p[0] != VERSION || memcmp(p + CHECKED, check.b, HEAD_RECORD - CHECKED) != 0)
        return false;
    h->tenant = (int64_t)be64_get(p + 1);
    h->size = be64_get(p + 9);
    memcpy(h->root, p + 17, sizeof(h->root));
    h->time_ms = be64_get(p + 49);
    memcpy(h->signature, p + 57, sizeof(h->signature));
    return true;
}

static void remember(struct headlog *l, const struct head *h)
{
    struct head *at = map_get(&l->last, (uint64_t)h->tenant);

    if (!at) {
        at = XNEW(struct head);
        map_put(&l->last, (uint64_t)h->tenant, at);
    }
    *at = *h;
}

/* Reads all records. A record that does not check is torn when it is the last, else the file is damaged. */
static bool load(struct headlog *l, const char **why)
{
    unsigned char p[HEAD_RECORD];
    struct stat st;
    struct head h = {0};

    *why = "heads.log cannot be read";
    if (fstat(l->fd, &st) < 0)
        return false;
    while (st.st_size - l->end >= HEAD_RECORD) {
        if (pread(l->fd, p, sizeof(p), l->end) != (ssize_t)sizeof(p))
            return false;
        if (!record_get(p, &h)) {
            *why = "heads.log is damaged";
            if (st.st_size - l->end >= 2 * HEAD_RECORD)
                return false;
            break;
        }
        remember(l, &h);
        l->end += HEAD_RECORD;
    }
    return l->end == st.st_size || (ftruncate(l->fd, l->end) == 0 && fsync(l->fd) == 0);
}

struct headlog *headlog_open(int dir, const char **why)
{
    struct headlog *l = XNEW(struct headlog);

    map_init(&l->last, 0);
    *why = "heads.log cannot be opened";
    l->fd = openat(dir, "heads.log", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (l->fd < 0 || !load(l, why) || fsync(dir) < 0)
        headlog_close(&l);
    return l;
}

void headlog_close(struct headlog **l)
{
    struct map_slot slot;

    if (!*l)
        return;
    for (size_t at = 0; map_next(&(*l)->last, &at, &slot);)
        xfree(slot.value);
    map_release(&(*l)->last);
    fd_close(&(*l)->fd);
    xfree(*l);
    *l = NULL;
}

static bool authentic(const struct keystore *k, const struct head *h)
{
    unsigned char public_key[SIGN_PUBLIC];
    struct str data = {0};

    keystore_public(k, public_key);
    head_bytes(&data, h);
    bool good = sign_verify(sv_n(public_key, sizeof(public_key)), str_sv(&data), sv_n(h->signature, sizeof(h->signature)));
    str_release(&data);
    return good;
}

bool headlog_last(struct headlog *l, const struct keystore *k, int64_t tenant, struct head *out, bool *broken)
{
    const struct head *h = map_get(&l->last, (uint64_t)tenant);

    *broken = h && !authentic(k, h);
    if (!h || *broken)
        return false;
    *out = *h;
    return true;
}

static bool append(struct headlog *l, const struct head *h)
{
    struct str record = {0};

    record_put(&record, h);
    bool done = record.n == HEAD_RECORD && pwrite(l->fd, record.p, record.n, l->end) == (ssize_t)record.n;
    str_release(&record);
    if (!done)
        return false;
    if (fsync(l->fd) < 0)
        die("heads.log: fsync failed");                   /* what is on the disk is unknown: begin anew from it */
    l->end += HEAD_RECORD;
    remember(l, h);
    return true;
}

bool headlog_sign(struct headlog *l, const struct keystore *k, struct head *h)
{
    struct head last = {0};
    struct str data = {0};
    bool broken;
    bool known = headlog_last(l, k, h->tenant, &last, &broken);
    bool same = known && h->size == last.size;

    if (broken || (known && h->size < last.size) || (same && memcmp(h->root, last.root, sizeof(h->root)) != 0))
        return false;
    head_bytes(&data, h);
    keystore_sign(k, str_sv(&data), h->signature);
    str_release(&data);
    return same || append(l, h);
}
