/* role/keystore.c: files that hold one wrapped key each. Opened keys live in one locked page that no dump shows. */
#include "role/keystore_private.h"

#include "base/mem.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "role/backup_file.h"
#include "role/bytes.h"

#include <dirent.h>
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
#define NEW_TAIL ".new"

static void head_put(struct str *out, char kind)
{
    str_c(out, "EGWKEY");
    str_char(out, kind);
    str_char(out, VERSION);
}

/* The bytes of a file that another one has taken the place of, as far as the disk lets us: a copy-on-write one does not. */
void key_overwrite(int fd)
{
    SECRET noise = {0};
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return;
    for (off_t at = 0; at < st.st_size; at += SECRET_MAX) {
        secret_random(&noise, SECRET_MAX);
        if (pwrite(fd, noise.b, SECRET_MAX, at) != SECRET_MAX)
            return;
    }
    fsync(fd);
}

bool key_file_put(int dir, const char *name, sv bytes, mode_t mode)
{
    char temp[64];
    FD before = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

    snprintf(temp, sizeof(temp), "%s" NEW_TAIL, name);
    unlinkat(dir, temp, 0);
    FD fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    bool done = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
    if (!done || renameat(dir, temp, dir, name) < 0) {
        int why = errno;
        key_overwrite(fd);
        unlinkat(dir, temp, 0);
        errno = why;
        return false;
    }
    if (fsync(dir) < 0)
        return false;
    key_overwrite(before);
    return true;
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

bool key_master_put(int dir, const char *name, const struct secret *key)
{
    unsigned char bytes[HEAD_BYTES + KEY_BYTES];
    struct str head = {0};

    head_put(&head, 'm');
    memcpy(bytes, head.p, HEAD_BYTES);
    memcpy(bytes + HEAD_BYTES, key->b, KEY_BYTES);
    bool done = key_file_put(dir, name, sv_n(bytes, sizeof(bytes)), 0400);
    wipe(bytes, sizeof(bytes));
    str_release(&head);
    return done;
}

bool keystore_master_write(int dir, const struct secret *key, const char **why)
{
    struct stat st;

    *why = "master.key exists already";
    if (fstatat(dir, "master.key", &st, AT_SYMLINK_NOFOLLOW) == 0)
        return false;
    *why = "master.key cannot be written";
    return key_master_put(dir, "master.key", key);
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

bool key_put(struct keystore *k, const char *name, char kind, int64_t number, const struct secret *key)
{
    struct str file = {0}, bound = {0};

    bound_put(&file, kind, number);
    bound_put(&bound, kind, number);
    aead_wrap(k->rotating ? &k->next : &k->master, str_sv(&bound), key, &file);
    bool done = file.n == WRAPPED_BYTES && key_file_put(k->dir, name, str_sv(&file), 0600);
    str_release(&bound);
    str_release(&file);
    return done;
}

static bool unwrapped(const struct secret *master, sv bound, sv piece, struct secret *out)
{
    return aead_unwrap(master, bound, piece, out) && out->n == KEY_BYTES;
}

int key_get(const struct keystore *k, const char *name, char kind, int64_t number, struct secret *out, bool *by_next, const char **why)
{
    unsigned char bytes[WRAPPED_BYTES];
    struct str bound = {0};
    int got = file_get(k->dir, name, bytes, sizeof(bytes), why);

    bound_put(&bound, kind, number);
    *by_next = false;
    if (got == 1) {
        sv piece = sv_n(bytes + bound.n, sizeof(bytes) - bound.n);
        *why = "a key file is not authentic";
        bool whose = memcmp(bytes, bound.p, bound.n) == 0;
        *by_next = whose && k->rotating && unwrapped(&k->next, str_sv(&bound), piece, out);
        got = *by_next || (whose && unwrapped(&k->master, str_sv(&bound), piece, out));
    }
    str_release(&bound);
    return got;
}

/* A key of the installation itself: made at the first start. */
static bool own_key(struct keystore *k, const char *name, char kind, struct secret *key, const char **why)
{
    bool by_next;
    int got = key_get(k, name, kind, 0, key, &by_next, why);

    if (got >= 0)
        return got == 1;
    *why = "a key file cannot be written";
    secret_random(key, KEY_BYTES);
    return key_put(k, name, kind, 0, key);
}

/* A rotation that a crash broke off goes on: files are wrapped by either key. */
static bool going_on(struct keystore *k, const char **why)
{
    struct stat st;

    if (fstatat(k->dir, "master.next", &st, AT_SYMLINK_NOFOLLOW) < 0)
        return true;
    k->rotating = keystore_master_read(k->dir, "master.next", &k->next, why);
    return k->rotating;
}

/* What was being written when keyd died holds a key as its place does, and nobody would ever look at it again. */
static void forget_broken(int dir)
{
    int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    int64_t number;
    char kind;

    if (!d)
        fd_close(&copy);
    for (struct dirent *e; d && (e = readdir(d));) {
        sv name = sv_c(e->d_name);
        if (sv_ends(name, SV(NEW_TAIL)) && keystore_name(sv_upto(name, name.n - strlen(NEW_TAIL)), &kind, &number))
            key_remove(dir, e->d_name);
    }
    if (d)
        closedir(d);
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
    forget_broken(dir);
    if (!going_on(k, why) || !own_key(k, "pepper.key", 'p', &k->pepper, why) || !own_key(k, "sign.key", 's', &k->seed, why)
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
    secret_wipe(&(*k)->next);
    secret_wipe(&(*k)->pepper);
    secret_wipe(&(*k)->seed);
    secret_wipe(&(*k)->backup);
    munmap(*k, sizeof(**k));
    *k = NULL;
}

void key_name(char out[KEY_NAME], char kind, int64_t number)
{
    snprintf(out, KEY_NAME, "%c-%" PRId64 ".key", kind, number);
}

bool keystore_name(sv name, char *kind, int64_t *number)
{
    static const struct {
        const char *name;
        char kind;
    } own[] = {{"pepper.key", 'p'}, {"sign.key", 's'}, {"backup.key", 'b'}, {"epoch.key", 'e'}};
    sv middle = name.n > 6 ? sv_upto(sv_from(name, 2), name.n - 6) : SV(""), part;
    int64_t ms;

    *number = 0;
    for (size_t i = 0; i < COUNT(own); i++)
        if (sv_equal(name, sv_c(own[i].name)))
            return *kind = own[i].kind, true;
    if (name.n >= KEY_NAME || middle.n == 0 || !sv_ends(name, SV(".key")) || name.p[1] != '-')
        return false;
    *kind = name.p[0];
    if (*kind == 'o')
        return sv_cut(&middle, '-', &part) && sv_int(part, number) && *number >= 0 && sv_int(middle, &ms) && ms >= 0;
    return (*kind == 't' || *kind == 'n' || *kind == 'x') && sv_int(middle, number) && *number >= 0;
}

bool keystore_make(struct keystore *k, int64_t number)
{
    char name[KEY_NAME];
    struct stat st;
    int64_t ms;
    SECRET key = {0};

    key_name(name, 't', number);
    if (number < 0 || fstatat(k->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || keystore_gone(k, number, &ms)) {
        errno = EEXIST;
        return false;
    }
    secret_random(&key, KEY_BYTES);
    return key_put(k, name, 't', number, &key);
}

bool keystore_get(struct keystore *k, int64_t number, struct secret *out)
{
    char name[KEY_NAME];
    const char *why;
    int64_t ms;
    bool by_next;

    key_name(name, 't', number);
    return !keystore_gone(k, number, &ms) && key_get(k, name, 't', number, out, &by_next, &why) == 1;
}

bool key_remove(int dir, const char *name)
{
    FD fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return false;
    key_overwrite(fd);
    return unlinkat(dir, name, 0) == 0 && fsync(dir) == 0;
}

bool keystore_destroy(struct keystore *k, int64_t number)
{
    char name[KEY_NAME];

    key_name(name, 't', number);
    return key_remove(k->dir, name);
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
