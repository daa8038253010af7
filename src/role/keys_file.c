/* role/keys_file.c: keys on their way to another machine, always wrapped. */
#include "role/keys_file.h"

#include "base/rand.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "crypt/password.h"
#include "role/keystore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC    "EGWKEYS\1"
#define RECOVERY "EGWRECO\1"
#define MAGIC_N  8
#define KEY_MAX  512
#define NAME_N   KEY_NAME
#define DIGEST_N 32
#define BOUND_N  (MAGIC_N + PASSPHRASE_SALT)

/* Names of keyd's wrapped keys alone: never master.key. */
static bool wrapped_name(sv name)
{
    int64_t number;
    char kind;

    return keystore_name(name, &kind, &number);
}

static bool one(int dir, const char *name, struct str *out)
{
    char bytes[KEY_MAX];
    struct stat st;
    FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT;                           /* destroyed just now */
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > KEY_MAX)
        return false;
    ssize_t n = read(fd, bytes, sizeof(bytes));
    if (n != st.st_size)
        return false;
    str_char(out, (char)strlen(name));
    str_c(out, name);
    str_char(out, (char)(n >> 8));
    str_char(out, (char)n);
    str_bytes(out, bytes, (size_t)n);
    return true;
}

bool keys_gather(int dir, struct str *out, const char **why)
{
    int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    bool ok = d != NULL;

    str_bytes(out, MAGIC, MAGIC_N);
    for (struct dirent *e; ok && (e = readdir(d));)
        if (wrapped_name(sv_c(e->d_name)))
            ok = one(dir, e->d_name, out);
    if (d)
        closedir(d);
    else
        fd_close(&copy);
    str_char(out, 0);
    struct sha256 digest = sha256(str_sv(out));
    str_bytes(out, digest.b, DIGEST_N);
    *why = ok ? NULL : "a key file cannot be read";
    return ok;
}

static bool spread_one(int dir, sv name, sv bytes)
{
    char path[NAME_N];

    memcpy(path, name.p, name.n);
    path[name.n] = 0;
    FD fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
}

bool keys_spread(sv file, int dir, const char **why)
{
    *why = "it is no copy of keys, or it was changed";
    if (file.n < MAGIC_N + 1 + DIGEST_N || memcmp(file.p, MAGIC, MAGIC_N) != 0)
        return false;
    sv rest = sv_from(sv_upto(file, file.n - DIGEST_N), MAGIC_N);
    struct sha256 digest = sha256(sv_upto(file, file.n - DIGEST_N));
    if (memcmp(digest.b, file.p + file.n - DIGEST_N, DIGEST_N) != 0)
        return false;
    while (rest.n && rest.p[0]) {
        size_t n = (unsigned char)rest.p[0];
        if (n >= NAME_N || rest.n < n + 3)
            return false;
        sv name = sv_upto(sv_from(rest, 1), n);
        size_t size = (size_t)(unsigned char)rest.p[n + 1] << 8 | (unsigned char)rest.p[n + 2];
        if (!wrapped_name(name) || rest.n < n + 3 + size)
            return false;
        if (!spread_one(dir, name, sv_upto(sv_from(rest, n + 3), size))) {
            *why = "a key file cannot be written";
            return false;
        }
        rest = sv_from(rest, n + 3 + size);
    }
    return rest.n == 1;
}

void recovery_put(const struct secret *master, sv passphrase, struct str *out)
{
    unsigned char salt[PASSPHRASE_SALT];
    SECRET key = {0};

    rand_bytes(salt, sizeof(salt));
    if (!passphrase_key(passphrase, salt, &key))
        die("out of memory (Argon2id)");
    str_bytes(out, RECOVERY, MAGIC_N);
    str_bytes(out, salt, sizeof(salt));
    sv bound = sv_dup(out->arena, str_sv(out));
    aead_wrap(&key, bound, master, out);
}

bool recovery_is(sv file)
{
    return file.n >= MAGIC_N && memcmp(file.p, RECOVERY, MAGIC_N) == 0;
}

bool recovery_get(sv file, sv passphrase, struct secret *master, const char **why)
{
    SECRET key = {0};

    *why = "it is no recovery file";
    if (!recovery_is(file) || file.n != BOUND_N + 32 + AEAD_EXTRA)
        return false;
    *why = "no memory for the passphrase's key";
    if (!passphrase_key(passphrase, (const unsigned char *)file.p + MAGIC_N, &key))
        return false;
    *why = "another passphrase, or the file was changed";
    return aead_unwrap(&key, sv_upto(file, BOUND_N), sv_from(file, BOUND_N), master) && master->n == 32;
}
