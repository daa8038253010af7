/* role/keystore.c: files that hold one wrapped key each. Opened keys live in one locked page that no dump shows. */
#include "role/keystore.h"

#include "base/mem.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "role/backup_file.h"
#include "role/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32
#define HEAD_BYTES 8
#define WRAPPED_BYTES (HEAD_BYTES + 8 + KEY_BYTES + AEAD_EXTRA)
#define VERSION 1

struct keystore {
    int dir;
    struct secret master, pepper, seed, backup;
};

static void head_put(struct str *out, char kind)
{
    str_c(out, "EGWKEY");
    str_char(out, kind);
    str_char(out, VERSION);
}

/* Writes a file so that after a crash either all of it is there or nothing. `mode`: 0400 or 0600. */
static bool file_put(int dir, const char *name, sv bytes, mode_t mode)
{
    char temp[64];

    snprintf(temp, sizeof(temp), "%s.new", name);
    unlinkat(dir, temp, 0);
    FD fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    bool done = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
    if (!done || renameat(dir, temp, dir, name) < 0) {
        int why = errno;
        unlinkat(dir, temp, 0);
        errno = why;
        return false;
    }
    return fsync(dir) == 0;
}

/* Reads a file of exactly n bytes, owned by this user; -1 absent, 0 not as it should be, 1 read. */
static int file_get(int dir, const char *name, unsigned char *out, size_t n, const char **why)
{
    struct stat st;
    FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        *why = errno == ENOENT ? "a key file is missing" : "a key file cannot be opened";
        return errno == ENOENT ? -1 : 0;
    }
    *why = "a key file may be read by its group or by others";
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077))
        return 0;
    *why = "a key file has a wrong length";
    return st.st_size == (off_t)n && read(fd, out, n) == (ssize_t)n;
}

bool keystore_master_write(int dir, const struct secret *key, const char **why)
{
    unsigned char bytes[HEAD_BYTES + KEY_BYTES];
    struct str head = {0};
    struct stat st;

    *why = "master.key exists already";
    if (fstatat(dir, "master.key", &st, AT_SYMLINK_NOFOLLOW) == 0)
        return false;
    *why = "master.key cannot be written";
    head_put(&head, 'm');
    memcpy(bytes, head.p, HEAD_BYTES);
    memcpy(bytes + HEAD_BYTES, key->b, KEY_BYTES);
    bool done = file_put(dir, "master.key", sv_n(bytes, sizeof(bytes)), 0400);
    wipe(bytes, sizeof(bytes));
    str_release(&head);
    return done;
}

bool keystore_master_new(int dir, const char **why)
{
    SECRET key = {0};

    secret_random(&key, KEY_BYTES);
    return keystore_master_write(dir, &key, why);
}

bool keystore_master_read(int dir, const char *name, struct secret *out, const char **why)
{
    unsigned char bytes[HEAD_BYTES + KEY_BYTES];
    struct str head = {0};

    bool done = file_get(dir, name, bytes, sizeof(bytes), why) == 1;
    head_put(&head, 'm');
    if (done && memcmp(bytes, head.p, HEAD_BYTES) != 0) {
        *why = "it is no master key";
        done = false;
    }
    if (done)
        secret_set(out, sv_n(bytes + HEAD_BYTES, KEY_BYTES));
    wipe(bytes, sizeof(bytes));
    str_release(&head);
    return done;
}

static void bound_put(struct str *out, char kind, int64_t number)
{
    head_put(out, kind);
    be64_put(out, (uint64_t)number);
}

static bool wrapped_put(struct keystore *k, const char *name, char kind, int64_t number, const struct secret *key)
{
    struct str file = {0}, bound = {0};

    bound_put(&file, kind, number);
    bound_put(&bound, kind, number);
    aead_wrap(&k->master, str_sv(&bound), key, &file);
    bool done = file.n == WRAPPED_BYTES && file_put(k->dir, name, str_sv(&file), 0600);
    str_release(&bound);
    str_release(&file);
    return done;
}

/* As file_get(). */
static int wrapped_get(const struct keystore *k, const char *name, char kind, int64_t number, struct secret *out, const char **why)
{
    unsigned char bytes[WRAPPED_BYTES];
    struct str bound = {0};
    int got = file_get(k->dir, name, bytes, sizeof(bytes), why);

    bound_put(&bound, kind, number);
    if (got == 1) {
        *why = "a key file is not authentic";
        got = memcmp(bytes, bound.p, bound.n) == 0
           && aead_unwrap(&k->master, str_sv(&bound), sv_n(bytes + bound.n, sizeof(bytes) - bound.n), out)
           && out->n == KEY_BYTES;
    }
    str_release(&bound);
    return got;
}

/* A key of the installation itself: made at the first start. */
static bool own_key(struct keystore *k, const char *name, char kind, struct secret *key, const char **why)
{
    int got = wrapped_get(k, name, kind, 0, key, why);

    if (got >= 0)
        return got == 1;
    *why = "a key file cannot be written";
    secret_random(key, KEY_BYTES);
    return wrapped_put(k, name, kind, 0, key);
}

struct keystore *keystore_open_with(int dir, const struct secret *master, const char **why)
{
    struct keystore *k = mmap(NULL, sizeof(*k), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (k == MAP_FAILED) {
        *why = "no memory";
        return NULL;
    }
    mlock(k, sizeof(*k));                                 /* where the limit allows it */
    madvise(k, sizeof(*k), MADV_DONTDUMP);
    k->dir = dir;
    k->master = *master;
    if (!own_key(k, "pepper.key", 'p', &k->pepper, why) || !own_key(k, "sign.key", 's', &k->seed, why)
        || !own_key(k, "backup.key", 'b', &k->backup, why))
        keystore_close(&k);
    return k;
}

struct keystore *keystore_open(int dir, const char **why)
{
    SECRET master = {0};

    return keystore_master_read(dir, "master.key", &master, why) ? keystore_open_with(dir, &master, why) : NULL;
}

void keystore_close(struct keystore **k)
{
    if (!*k)
        return;
    secret_wipe(&(*k)->master);
    secret_wipe(&(*k)->pepper);
    secret_wipe(&(*k)->seed);
    secret_wipe(&(*k)->backup);
    munmap(*k, sizeof(**k));
    *k = NULL;
}

static void file_name(char out[40], int64_t number)
{
    snprintf(out, 40, "t-%" PRId64 ".key", number);
}

bool keystore_make(struct keystore *k, int64_t number)
{
    char name[40];
    struct stat st;
    SECRET key = {0};

    file_name(name, number);
    if (number < 0 || fstatat(k->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    secret_random(&key, KEY_BYTES);
    return wrapped_put(k, name, 't', number, &key);
}

bool keystore_get(struct keystore *k, int64_t number, struct secret *out)
{
    char name[40];
    const char *why;

    file_name(name, number);
    return wrapped_get(k, name, 't', number, out, &why) == 1;
}

bool keystore_destroy(struct keystore *k, int64_t number)
{
    char name[40];
    SECRET noise = {0};

    file_name(name, number);
    FD fd = openat(k->dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    secret_random(&noise, SECRET_MAX);
    for (off_t at = 0; at < WRAPPED_BYTES; at += SECRET_MAX)
        if (pwrite(fd, noise.b, SECRET_MAX, at) != SECRET_MAX)
            return false;
    return fsync(fd) == 0 && unlinkat(k->dir, name, 0) == 0 && fsync(k->dir) == 0;
}

void keystore_pepper(const struct keystore *k, int64_t number, sv prehash, struct secret *out)
{
    struct str data = {0};

    be64_put(&data, (uint64_t)number);
    str_put(&data, prehash);
    hmac_secret(&k->pepper, str_sv(&data), out);
    wipe(data.p, data.n);
    str_release(&data);
}

void keystore_backup(const struct keystore *k, sv id, struct secret *out)
{
    backup_file_key(&k->backup, id, out);
}

void keystore_sign(const struct keystore *k, sv data, unsigned char out[SIGN_BYTES])
{
    sign_bytes(&k->seed, data, out);
}

void keystore_public(const struct keystore *k, unsigned char out[SIGN_PUBLIC])
{
    sign_public(&k->seed, out);
}
