/* store/db_wal.c: tells a log that ends where the power went from one that was damaged later.
 * After a crash the engine reads its log (-wal) up to the first frame that does not check, and takes the rest for what
 * was never finished. One flipped bit would so undo, in silence, all that was committed after it. But a transaction is
 * begun only when the one before it is durable: a frame that follows a commit, and belongs to it by its check, proves
 * that all before it had been there whole. Then the database is refused. What can be damaged unseen is the last
 * transaction of the log alone: it looks as if it had never been finished.
 * Frames are as in SQLite's file format: page number, size after commit (0: no commit), two salts, check, page. */
#include "store/db_sqlite.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEADER 32
#define FRAME 24
#define MAGIC 0x377f0682u                                 /* the lowest bit: checks are made of big-endian words */
#define PAGE_MAX 65536

struct check {
    uint32_t a, b;
};

struct wal {
    int fd;
    bool big_endian;
    size_t page;
    unsigned char salts[8];                               /* of the frames that belong to this log */
    unsigned char bytes[FRAME + PAGE_MAX];                /* the frame read last */
};

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t word(const struct wal *w, const unsigned char *p)
{
    return w->big_endian ? be32(p) : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static struct check check_on(const struct wal *w, struct check c, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        c.a += word(w, p + i) + c.b;
        c.b += word(w, p + i + 4) + c.a;
    }
    return c;
}

static struct check stored(const unsigned char *p)
{
    return (struct check){be32(p), be32(p + 4)};
}

/* False: the header does not check. Frames are looked at all the same: who wrote one had the header before it. */
static bool header(struct wal *w, const unsigned char *h, struct check *last)
{
    uint32_t magic = be32(h);

    w->big_endian = magic & 1;
    w->page = be32(h + 8);
    memcpy(w->salts, h + 16, sizeof(w->salts));
    *last = stored(h + 24);
    struct check c = check_on(w, (struct check){0}, h, 24);
    if ((magic & ~1u) == MAGIC && w->page >= 512 && w->page <= PAGE_MAX && c.a == last->a && c.b == last->b)
        return true;
    w->big_endian = false;
    w->page = 4096;                                       /* what the engine makes by itself, on machines of today */
    return false;
}

static bool frame_read(struct wal *w, off_t at)
{
    ssize_t n = (ssize_t)(FRAME + w->page);

    return pread(w->fd, w->bytes, (size_t)n, at) == n;
}

static bool follows(const struct wal *w, struct check last)
{
    struct check c = check_on(w, check_on(w, last, w->bytes, 8), w->bytes + FRAME, w->page), s = stored(w->bytes + 16);

    return memcmp(w->bytes + 8, w->salts, sizeof(w->salts)) == 0 && c.a == s.a && c.b == s.b;
}

/* Where the damage is; 0: there is none that anything proves. */
static off_t damage(struct wal *w)
{
    unsigned char h[HEADER];
    struct check last;
    bool committed = false;

    if (pread(w->fd, h, sizeof(h), 0) != (ssize_t)sizeof(h))
        return 0;
    bool headed = header(w, h, &last);
    off_t bad = headed ? 0 : 1;
    for (off_t at = HEADER; frame_read(w, at); at += (off_t)(FRAME + w->page)) {
        if (!headed && at == HEADER)
            memcpy(w->salts, w->bytes + 8, sizeof(w->salts));
        bool good = follows(w, last);
        if (bad && committed && good)
            return bad;
        if (!bad && !good)
            bad = at;
        /* A frame of an earlier round of the log is no commit of this one. */
        committed = be32(w->bytes + 4) > 0 && memcmp(w->bytes + 8, w->salts, sizeof(w->salts)) == 0;
        last = stored(w->bytes + 16);
    }
    return 0;
}

bool db_wal_whole(struct db *d, const char *path)
{
    char name[512];
    struct wal *w = NULL;
    off_t bad = 0, before;

    if (snprintf(name, sizeof(name), "%s-wal", path) >= (int)sizeof(name))
        return fail(d->f, E_INTERNAL, "database refused: its name is too long");
    FD fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT || fail(d->f, E_INTERNAL, "the log of the database does not open: %s", strerror(errno));
    w = XNEW(struct wal);
    w->fd = fd;
    /* Another handle may be writing at this moment; what it had not finished is finished at the next look. */
    do {
        before = bad;
        bad = damage(w);
    } while (bad && bad != before);
    xfree(w);
    return !bad || fail(d->f, E_INTERNAL, "database refused: its log is damaged at byte %jd, and what was committed later is lost",
                        (intmax_t)bad);
}
