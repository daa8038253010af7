/* store/blob.c: a header of 16 bytes, then each chunk as an AEAD piece at a place that its number gives. */
#include "store/blob.h"
#include "base/fault.h"
#include "base/log.h"
#include "crypt/aead.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALED_CHUNK (BLOB_CHUNK + AEAD_EXTRA)
#define PART_TAIL    ".part"
#define PATH_BYTES   64

static void path_of(char out[PATH_BYTES], id64 id, const char *tail)
{
    snprintf(out, PATH_BYTES, "blobs/%02x/%" PRId64 "%s", (unsigned)(id.n & (BLOB_FOLDERS - 1)), id.n, tail);
}

static void folder_of(char out[PATH_BYTES], unsigned n)
{
    snprintf(out, PATH_BYTES, "blobs/%02x", n);
}

static bool trouble(struct failure *f, const char *what)
{
    int e = errno;

    if (e == ENOSPC || e == EDQUOT || e == EFBIG)
        return fail(f, E_STORAGE_FULL, "a blob: %s: %s", what, strerror(e));
    return fail(f, e == ENOENT ? E_NOT_FOUND : E_INTERNAL, "a blob: %s: %s", what, strerror(e));
}

/* What may or may not be on the disk is not guessed: the next process looks. */
static void sync_fd(int fd)
{
    if (fsync(fd) < 0)
        die("fsync of a blob: %s", strerror(errno));
}

static void sync_folder(int folder, const char *path)
{
    FD fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        sync_fd(fd);
}

static sv place(const struct blob *b, int64_t chunk, char out[96])
{
    int n = snprintf(out, 96, "engawa blob 1|%" PRId64 "|%" PRId64 "|%" PRId64, b->tenant, b->id.n, chunk);

    return sv_n(out, (size_t)n);
}

static int64_t offset_of(int64_t chunk)
{
    return BLOB_BEGIN + chunk * SEALED_CHUNK;
}

int64_t blob_sealed_size(int64_t size)
{
    int64_t chunks = (size + BLOB_CHUNK - 1) / BLOB_CHUNK;

    return BLOB_BEGIN + size + chunks * AEAD_EXTRA;
}

static bool write_at(int fd, sv bytes, int64_t at)
{
    while (bytes.n) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = sv_from(bytes, (size_t)n);
        at += n;
    }
    return true;
}

/* -1: an error; else how many bytes there were, at most n. */
static ssize_t read_at(int fd, char *to, size_t n, int64_t at)
{
    size_t have = 0;

    while (have < n) {
        ssize_t got = pread(fd, to + have, n - have, at + (int64_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static void header(const struct blob *b, unsigned char out[BLOB_BEGIN])
{
    memcpy(out, "EGWBLOB\1", 8);
    for (int i = 0; i < 8; i++)
        out[8 + i] = (unsigned char)((uint64_t)b->id.n >> (56 - 8 * i));
}

static bool header_right(const struct blob *b, int fd, struct failure *f)
{
    unsigned char want[BLOB_BEGIN], have[BLOB_BEGIN];

    header(b, want);
    if (read_at(fd, (char *)have, sizeof(have), 0) != BLOB_BEGIN || !secret_equal_bytes(sv_n(want, sizeof(want)), sv_n(have, sizeof(have))))
        return fail(f, E_INTERNAL, "blob %" PRId64 " has another header", b->id.n);
    return true;
}

/* ---- writing ---- */

static bool folders(const struct blob *b, struct failure *f)
{
    char path[PATH_BYTES];

    folder_of(path, (unsigned)(b->id.n & (BLOB_FOLDERS - 1)));
    if (mkdirat(b->folder, path, 0700) == 0 || errno == EEXIST)
        return true;
    if (mkdirat(b->folder, "blobs", 0700) < 0 && errno != EEXIST)
        return trouble(f, "its folder");
    if (mkdirat(b->folder, path, 0700) < 0 && errno != EEXIST)
        return trouble(f, "its folder");
    sync_folder(b->folder, ".");
    return true;
}

/* The file of a blob that is being written. It may have its name already: a process ended between the rename and the row that
 * says so. */
static int open_part(const struct blob *b, int64_t at, struct failure *f)
{
    char part[PATH_BYTES], name[PATH_BYTES];
    unsigned char head[BLOB_BEGIN];

    path_of(part, b->id, PART_TAIL);
    path_of(name, b->id, "");
    int fd = openat(b->folder, part, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && renameat(b->folder, name, b->folder, part) == 0)
        fd = openat(b->folder, part, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT || at > 0) {
        if (fd < 0)
            trouble(f, "open");
        return fd;
    }
    if (!folders(b, f))
        return -1;
    fd = openat(b->folder, part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    header(b, head);
    if (fd < 0 || !write_at(fd, sv_n(head, sizeof(head)), 0)) {
        trouble(f, "begin");
        fd_close(&fd);
    }
    return fd;
}

/* `room` is used again from chunk to chunk: to take as much memory anew each time costs more than to seal it. */
static bool put_chunk(const struct blob *b, int fd, int64_t chunk, sv plain, struct str *room, struct failure *f)
{
    char aad[96];

    str_reset(room);
#ifdef MUTANT_PLAINTEXT_BLOB
    (void)place(b, chunk, aad);
    str_bytes(room, "nonce.......", 12);
    str_put(room, plain);
    str_bytes(room, "tag.............", 16);
#else
    aead_seal(&b->key, place(b, chunk, aad), plain, room);
#endif
    if (!FAULT("blob.write") && write_at(fd, str_sv(room), offset_of(chunk)))
        return true;
    trouble(f, "write");
    return false;
}

static bool put_chunks(const struct blob *b, int fd, int64_t at, sv bytes, struct failure *f)
{
    struct str room = {0};
    bool ok = true;

    for (int64_t chunk = at / BLOB_CHUNK; ok && bytes.n; chunk++) {
        ok = put_chunk(b, fd, chunk, sv_upto(bytes, BLOB_CHUNK), &room, f);
        bytes = sv_from(bytes, BLOB_CHUNK);
    }
    str_release(&room);
    return ok;
}

bool blob_put(const struct blob *b, int64_t at, sv bytes, struct failure *f)
{
    char path[PATH_BYTES];

    ENSURE(at >= 0 && at % BLOB_CHUNK == 0 && (int64_t)bytes.n <= b->size - at);
    ENSURE(bytes.n % BLOB_CHUNK == 0 || at + (int64_t)bytes.n == b->size);
    FD fd = open_part(b, at, f);
    if (fd < 0 || !header_right(b, fd, f) || !put_chunks(b, fd, at, bytes, f))
        return false;
    sync_fd(fd);
    if (at == 0) {
        folder_of(path, (unsigned)(b->id.n & (BLOB_FOLDERS - 1)));
        sync_folder(b->folder, path);
        sync_folder(b->folder, "blobs");
    }
    (void)FAULT("blob.synced");
    return true;
}

bool blob_keep(const struct blob *b, struct failure *f)
{
    char part[PATH_BYTES], name[PATH_BYTES];

    path_of(part, b->id, PART_TAIL);
    path_of(name, b->id, "");
    (void)FAULT("blob.rename");
    if (renameat(b->folder, part, b->folder, name) < 0 && (errno != ENOENT || !blob_there(b)))
        return trouble(f, "rename");
    folder_of(part, (unsigned)(b->id.n & (BLOB_FOLDERS - 1)));
    sync_folder(b->folder, part);
    (void)FAULT("blob.renamed");
    return true;
}

/* ---- reading ---- */

/* Reads it into `room` and opens it there; `plain` is part of that, until the next one is read. */
static bool chunk_read(const struct blob *b, int fd, int64_t chunk, struct str *room, sv *plain, struct failure *f)
{
    int64_t left = b->size - chunk * BLOB_CHUNK;
    size_t want = (size_t)(left < BLOB_CHUNK ? left : BLOB_CHUNK) + AEAD_EXTRA;
    char aad[96], *sealed;

    str_reset(room);
    sealed = str_room(room, want);
    bool ok = read_at(fd, sealed, want, offset_of(chunk)) == (ssize_t)want;
#ifdef MUTANT_PLAINTEXT_BLOB
    ok = ok && place(b, chunk, aad).n > 0;
    *plain = sv_n(sealed + 12, want - AEAD_EXTRA);
#else
    ok = ok && aead_open_in(&b->key, place(b, chunk, aad), sealed, want, plain);
#endif
    return ok || fail(f, E_INTERNAL, "chunk %" PRId64 " of blob %" PRId64 " is not what was written", chunk, b->id.n);
}

bool blob_whole(const struct blob *b, struct sha256 *hash, struct str *head, struct failure *f)
{
    FD fd = open_part(b, 1, f);
    struct sha256_run *run;
    struct str room = {0};
    bool ok = fd >= 0 && header_right(b, fd, f);
    sv plain;

    if (!ok)
        return false;
    run = sha256_begin();
    for (int64_t chunk = 0; ok && chunk * BLOB_CHUNK < b->size; chunk++) {
        ok = chunk_read(b, fd, chunk, &room, &plain, f);
        if (ok)
            sha256_add(run, plain);
        if (ok && chunk == 0)
            str_put(head, sv_upto(plain, BLOB_HEAD));
    }
    *hash = sha256_end(&run);
    str_release(&room);
    return ok;
}

/* What comes from elsewhere is believed no more than what lies in the folder. */
static bool chunk_far(const struct blob *b, int64_t chunk, struct str *room, sv *plain, struct failure *f)
{
    int64_t left = b->size - chunk * BLOB_CHUNK;
    size_t want = (size_t)(left < BLOB_CHUNK ? left : BLOB_CHUNK) + AEAD_EXTRA;
    char aad[96], *sealed;
    sv got;

    if (!b->far->read(b->far->to, b->id, blob_sealed_size(b->size), offset_of(chunk), want, &got, f))
        return false;
    str_reset(room);
    sealed = str_room(room, want);
    ENSURE(got.n == want);
    memcpy(sealed, got.p, want);
    return aead_open_in(&b->key, place(b, chunk, aad), sealed, want, plain)
        || fail(f, E_INTERNAL, "chunk %" PRId64 " of blob %" PRId64 " in the store is not what was written", chunk, b->id.n);
}

bool blob_read(const struct blob *b, int64_t at, size_t max, struct arena *a, sv *out, struct failure *f)
{
    struct str room = STR_IN(a);
    char path[PATH_BYTES];
    sv plain;

    ENSURE(at >= 0 && at < b->size && max > 0);
    path_of(path, b->id, "");
    FD fd = openat(b->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && b->far) {
        if (!chunk_far(b, at / BLOB_CHUNK, &room, &plain, f))
            return false;
    } else if (fd < 0) {
        return trouble(f, "open");
    } else if (!header_right(b, fd, f) || !chunk_read(b, fd, at / BLOB_CHUNK, &room, &plain, f)) {
        return false;
    }
    *out = sv_upto(sv_from(plain, (size_t)(at % BLOB_CHUNK)), max);
    return true;
}

static int open_kept(const struct blob *b, struct failure *f)
{
    char path[PATH_BYTES];

    path_of(path, b->id, "");
    int fd = openat(b->folder, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        trouble(f, "open");
    return fd;
}

bool blob_patch(const struct blob *b, int64_t at, int64_t n, sv bytes, struct failure *f)
{
    FD fd = open_kept(b, f);
    bool ok = fd >= 0 && header_right(b, fd, f);
    struct str room = {0}, sealed = {0};

    ENSURE(at >= 0 && n >= 0 && n <= b->size - at && (int64_t)bytes.n <= n);
    while (ok && n > 0) {
        int64_t chunk = at / BLOB_CHUNK, skip = at % BLOB_CHUNK, here = BLOB_CHUNK - skip < n ? BLOB_CHUNK - skip : n;
        sv part = sv_upto(bytes, (size_t)here), plain;
        ok = chunk_read(b, fd, chunk, &room, &plain, f);
        if (ok) {
            char *to = room.p + (plain.p - room.p) + skip;
            memset(to, 0, (size_t)here);
            if (part.n)
                memcpy(to, part.p, part.n);
            ok = put_chunk(b, fd, chunk, plain, &sealed, f);
        }
        bytes = sv_from(bytes, part.n);
        at += here;
        n -= here;
    }
    str_release(&room);
    str_release(&sealed);
    return ok;
}

bool blob_patched(const struct blob *b, struct failure *f)
{
    FD fd = open_kept(b, f);

    if (fd >= 0)
        sync_fd(fd);
    return fd >= 0;
}

bool blob_there(const struct blob *b)
{
    char path[PATH_BYTES];
    struct stat st;

    path_of(path, b->id, "");
    return fstatat(b->folder, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_size == blob_sealed_size(b->size);
}

int blob_sealed(int folder, id64 id)
{
    char path[PATH_BYTES];

    path_of(path, id, "");
    return openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- the end ---- */

void blob_erase(int folder, id64 id)
{
    char path[PATH_BYTES];

    path_of(path, id, "");
    unlinkat(folder, path, 0);
    path_of(path, id, PART_TAIL);
    unlinkat(folder, path, 0);
}

bool blob_list(int folder, unsigned n, struct arena *a, struct blob_ids *out)
{
    char path[PATH_BYTES];

    folder_of(path, n);
    int fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    DIR *d = fdopendir(fd);
    if (!d) {
        fd_close(&fd);
        return false;
    }
    for (struct dirent *e; (e = readdir(d));) {
        sv name = sv_c(e->d_name);
        id64 id;
        if (sv_ends(name, SV(PART_TAIL)))
            name = sv_upto(name, name.n - (sizeof(PART_TAIL) - 1));
        if (sv_id(name, &id))
            *PUSH(a, out) = id;
    }
    closedir(d);
    return true;
}
