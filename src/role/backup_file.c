/* role/backup_file.c: writing and reading the records of a backup. */
#include "role/backup_file.h"

#include "base/mem.h"
#include "crypt/aead.h"
#include "role/bytes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAGIC      "EGWBACK"
#define MAGIC_N    8                                      /* with the version */
#define HEAD_N     (MAGIC_N + BACKUP_ID)
#define LENGTH_N   4
#define DIGEST_N   32
#define MANIFEST_N (16 * 1024 * 1024)                     /* some hundred bytes a tenant */
#define SEALED_MIN (AEAD_EXTRA + 1)
#define SEALED_MAX (AEAD_EXTRA + 1 + MANIFEST_N)

struct backup_out {
    int fd;
    struct secret key;
    unsigned char id[BACKUP_ID];
    uint64_t record;
    int64_t bytes, piece_bytes;
    struct sha256_run *digest;
    struct str plain, sealed;
};

void backup_file_key(const struct secret *backup_key, sv id, struct secret *out)
{
    struct str text = {0};

    str_c(&text, "engawa backup 1\n");
    str_put(&text, id);
    hmac_secret(backup_key, str_sv(&text), out);
    str_release(&text);
}

static void bound_put(struct str *out, int version, const unsigned char id[BACKUP_ID], uint64_t record)
{
    str_printf(out, "engawa backup %d\n", version);
    str_bytes(out, id, BACKUP_ID);
    be64_put(out, record);
}

/* ---- writing ---- */

static bool put_all(struct backup_out *o, sv bytes)
{
    while (bytes.n) {
        ssize_t n = write(o->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }
        bytes = sv_from(bytes, (size_t)n);
        o->bytes += n;
    }
    return true;
}

static bool record(struct backup_out *o, char kind, sv payload)
{
    struct str bound = {0};

    str_reset(&o->plain);
    str_reset(&o->sealed);
    str_char(&o->plain, kind);
    str_put(&o->plain, payload);
    uint32_t n = (uint32_t)(o->plain.n + AEAD_EXTRA);
    for (int shift = 24; shift >= 0; shift -= 8)
        str_char(&o->sealed, (char)(n >> shift));
    bound_put(&bound, BACKUP_VERSION, o->id, o->record++);
    aead_seal(&o->key, str_sv(&bound), str_sv(&o->plain), &o->sealed);
    str_release(&bound);
    return put_all(o, str_sv(&o->sealed));
}

struct backup_out *backup_out_new(int fd, const unsigned char id[BACKUP_ID], const struct secret *key)
{
    struct backup_out *o = XNEW(struct backup_out);
    const char version = BACKUP_VERSION;

    o->fd = fd;
    o->key = *key;
    memcpy(o->id, id, BACKUP_ID);
    if (!put_all(o, SV(MAGIC)) || !put_all(o, sv_n(&version, 1)) || !put_all(o, sv_n(id, BACKUP_ID)))
        backup_out_free(&o);
    return o;
}

bool backup_piece(struct backup_out *o, sv name)
{
    ENSURE(name.n && name.n <= BACKUP_NAME && !o->digest);
    o->digest = sha256_begin();
    o->piece_bytes = 0;
    return record(o, 'P', name);
}

bool backup_data(struct backup_out *o, sv bytes)
{
    while (bytes.n) {
        sv part = sv_upto(bytes, BACKUP_DATA);
        sha256_add(o->digest, part);
        o->piece_bytes += (int64_t)part.n;
        if (!record(o, 'D', part))
            return false;
        bytes = sv_from(bytes, part.n);
    }
    return true;
}

bool backup_piece_end(struct backup_out *o)
{
    struct sha256 digest = sha256_end(&o->digest);
    struct str end = {0};

    be64_put(&end, (uint64_t)o->piece_bytes);
    str_bytes(&end, digest.b, sizeof(digest.b));
    bool ok = record(o, 'E', str_sv(&end));
    str_release(&end);
    return ok;
}

bool backup_tables(struct backup_out *o, sv json)
{
    ENSURE(!o->digest && json.n <= BACKUP_TABLES_N);
    return record(o, 'T', json);
}

bool backup_out_end(struct backup_out *o, sv manifest)
{
    ENSURE(!o->digest && manifest.n <= MANIFEST_N);
    return record(o, 'Z', manifest) && fsync(o->fd) == 0;
}

int64_t backup_out_bytes(const struct backup_out *o)
{
    return o->bytes;
}

void backup_out_free(struct backup_out **op)
{
    struct backup_out *o = *op;

    *op = NULL;
    if (!o)
        return;
    sha256_end(&o->digest);
    secret_wipe(&o->key);
    fd_close(&o->fd);
    str_release(&o->plain);
    str_release(&o->sealed);
    xfree(o);
}

/* ---- reading ---- */

struct reader {
    struct backup_in in;                                  /* first */
    int fd;
    struct secret key;
    unsigned char id[BACKUP_ID];
    uint64_t record;
    int64_t next;
    struct sha256_run *digest;
    struct str sealed, plain, name;
    bool over;
};

/* As many bytes as there are, n at most. */
static size_t get(int fd, void *to, size_t n, int64_t at)
{
    size_t got = 0;

    while (got < n) {
        ssize_t r = pread(fd, (char *)to + got, n - got, (off_t)at + (off_t)got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            break;
        got += (size_t)r;
    }
    return got;
}

/* 0: of no version that is known here. */
static int head_read(int fd, unsigned char id[BACKUP_ID])
{
    unsigned char head[HEAD_N];

    if (get(fd, head, sizeof(head), 0) != sizeof(head) || memcmp(head, MAGIC, MAGIC_N - 1) != 0 || head[MAGIC_N - 1] > BACKUP_VERSION)
        return 0;
    memcpy(id, head + MAGIC_N, BACKUP_ID);
    return head[MAGIC_N - 1];
}

bool backup_id_read(int fd, unsigned char id[BACKUP_ID])
{
    return head_read(fd, id) > 0;
}

struct backup_in *backup_in_new(int fd, const unsigned char id[BACKUP_ID], const struct secret *key)
{
    struct reader *r = XNEW(struct reader);
    unsigned char said[BACKUP_ID];

    r->fd = fd;
    r->in.version = head_read(fd, said);
    r->key = *key;
    memcpy(r->id, id, BACKUP_ID);
    r->next = HEAD_N;
    r->in.name = SV("");
    return &r->in;
}

static enum backup_kind damaged(struct reader *r, const char *why)
{
    r->in.why = why;
    r->over = true;
    return BACKUP_DAMAGED;
}

static const char *record_read(struct reader *r)
{
    unsigned char length[LENGTH_N];
    struct str bound = {0};
    size_t got = get(r->fd, length, sizeof(length), r->next);
    size_t n = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | length[3];

    r->in.at = r->record ? r->next : 0;                   /* the first opens only when what stands before it is right */
    if (got < sizeof(length))
        return "the file ends too early: the backup was cut off";
    if (n < SEALED_MIN || n > SEALED_MAX)
        return "a record's length is not possible";
    str_reset(&r->sealed);
    str_reset(&r->plain);
    if (get(r->fd, str_room(&r->sealed, n), n, r->next + LENGTH_N) < n)
        return "the file ends too early: the backup was cut off, or a record's length was changed";
    str_grew(&r->sealed, n);
    bound_put(&bound, r->in.version, r->id, r->record);
    bool ok = aead_open(&r->key, str_sv(&bound), str_sv(&r->sealed), &r->plain);
    str_release(&bound);
    if (!ok)
        return r->record ? "a record is not the one that was written" : "the first record does not open: another key, or the beginning was changed";
    r->record++;
    r->next += (int64_t)(LENGTH_N + n);
    return NULL;
}

static enum backup_kind piece_end(struct reader *r, sv said)
{
    struct sha256 digest = sha256_end(&r->digest);

    if (said.n != 8 + DIGEST_N || be64_get((const unsigned char *)said.p) != (uint64_t)r->in.bytes
        || memcmp(said.p + 8, digest.b, DIGEST_N) != 0)
        return damaged(r, "the piece has another digest than was written");
    return BACKUP_PIECE_END;
}

enum backup_kind backup_next(struct backup_in *in, sv *payload)
{
    struct reader *r = (struct reader *)in;
    char byte;

    if (r->over)
        return damaged(r, "it was read to its end");
    if (!r->digest)
        r->in.name = SV("");
    const char *why = record_read(r);
    if (why)
        return damaged(r, why);
    *payload = sv_from(str_sv(&r->plain), 1);
    switch (r->plain.p[0]) {
    case 'P':
        if (r->digest || payload->n == 0 || payload->n > BACKUP_NAME)
            break;
        r->digest = sha256_begin();
        str_reset(&r->name);
        str_put(&r->name, *payload);
        r->in.name = str_sv(&r->name);
        r->in.bytes = 0;
        return BACKUP_PIECE;
    case 'D':
        if (!r->digest)
            break;
        sha256_add(r->digest, *payload);
        r->in.bytes += (int64_t)payload->n;
        return BACKUP_BYTES;
    case 'E':
        if (!r->digest)
            break;
        return piece_end(r, *payload);
    case 'T':
        if (r->digest || r->in.version < 2 || payload->n > BACKUP_TABLES_N)
            break;
        return BACKUP_TABLES;
    case 'Z':
        if (r->digest)
            break;
        r->over = true;
        if (get(r->fd, &byte, 1, r->next) == 1)
            return damaged(r, "bytes follow behind its end");
        return BACKUP_END;
    }
    return damaged(r, "a record stands where none of its kind may be");
}

void backup_in_free(struct backup_in **in)
{
    struct reader *r = (struct reader *)*in;

    *in = NULL;
    if (!r)
        return;
    sha256_end(&r->digest);
    secret_wipe(&r->key);
    fd_close(&r->fd);
    str_release(&r->sealed);
    if (r->plain.p)
        wipe(r->plain.p, r->plain.cap);
    str_release(&r->plain);
    str_release(&r->name);
    xfree(r);
}
