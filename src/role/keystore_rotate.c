/* role/keystore_rotate.c: another master key, file by file. At any moment each file opens by the old one or by the next one, and
 * both are there until the last file is done. */
#include "role/keystore_private.h"

#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "crypt/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_AT_ONCE 16                                  /* then keyd answers who asks */

/* A hash of 256 random bits gives nothing of them away. */
void keystore_id(const struct secret *master, char out[KEY_ID])
{
    struct str s = {0};

    str_c(&s, "engawa master key 1\n");
    str_put(&s, secret_view(master));
    struct sha256 h = sha256(str_sv(&s));
    wipe(s.p, s.n);
    str_release(&s);
    for (size_t i = 0; i < KEY_ID / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", h.b[i]);
}

/* Of an installation from before the file was there: the key is as old as its own file. */
static int64_t made_ms(struct keystore *k)
{
    struct stat st;
    int64_t ms;

    if (key_get_ms(k, "epoch.key", 'e', 0, &ms))
        return ms;
    if (fstatat(k->dir, "master.key", &st, AT_SYMLINK_NOFOLLOW) < 0)
        return 0;
    ms = (int64_t)st.st_mtim.tv_sec * 1000;
    return key_put_ms(k, "epoch.key", 'e', 0, ms) ? ms : 0;
}

struct pass {
    int max;                                              /* so many are wrapped anew */
    int64_t done, left;                                         /* … and so many by the old key are left */
    bool broken, unwritten;
};

static void one(struct keystore *k, const char *name, struct pass *p)
{
    SECRET key = {0};
    const char *why;
    int64_t number;
    bool by_next;
    char kind;

    if (!keystore_name(sv_c(name), &kind, &number))
        return;
    int got = key_get(k, name, kind, number, &key, &by_next, &why);
    if (got == 0) {
        log_put(LOG_ERROR, "key store: %s: %s: both master keys stay until it is mended or removed", name, why);
        p->broken = true;
    }
    if (got != 1 || by_next)
        return;
    p->left++;
    if (p->max-- <= 0 || p->unwritten)
        return;
    p->unwritten = !key_put(k, name, kind, number, &key);
    p->left -= !p->unwritten;
    p->done += !p->unwritten;
    (void)FAULT("keys.rotate.wrapped");
}

static void pass(struct keystore *k, struct pass *p)
{
    int copy = openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);

    p->broken = d == NULL;
    if (!d)
        fd_close(&copy);
    for (struct dirent *e; d && (e = readdir(d));)
        one(k, e->d_name, p);
    if (d)
        closedir(d);
}

bool keystore_rotating(const struct keystore *k)
{
    return k->rotating;
}

void keystore_state(struct keystore *k, struct keystore_state *out)
{
    struct pass p = {0};

    *out = (struct keystore_state){.rotating = k->rotating, .made_ms = made_ms(k)};
    keystore_id(k->rotating ? &k->next : &k->master, out->id);
    if (k->rotating)
        pass(k, &p);
    out->left = p.left;
}

bool keystore_prepare(struct keystore *k, const char **why)
{
    SECRET key = {0};

    *why = "another master key is being put in place";
    if (k->rotating)
        return false;
    *why = "master.new cannot be written";
    secret_random(&key, 32);
    return key_master_put(k->dir, "master.new", &key);
}

bool keystore_rotate(struct keystore *k, const char **why)
{
    *why = "another master key is being put in place";
    if (k->rotating)
        return false;
    if (!keystore_master_read(k->dir, "master.new", &k->next, why))
        return false;
    *why = "master.next cannot be written";
    (void)FAULT("keys.rotate.begin");
    if (renameat(k->dir, "master.new", k->dir, "master.next") < 0 || fsync(k->dir) < 0)
        return false;
    k->rotating = true;
    (void)FAULT("keys.rotate.begun");
    return true;
}

/* The old key's bytes go when nothing needs them any more. */
static bool finish(struct keystore *k, int64_t now_ms)
{
    FD old = openat(k->dir, "master.key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (!key_put_ms(k, "epoch.key", 'e', 0, now_ms))
        return false;
    (void)FAULT("keys.rotate.wrapped_all");
    if (old < 0 || fchmod(old, 0600) < 0)
        return false;
    FD out = openat(k->dir, "master.key", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (out < 0 || renameat(k->dir, "master.next", k->dir, "master.key") < 0 || fsync(k->dir) < 0)
        return false;
    (void)FAULT("keys.rotate.done");
    key_overwrite(out);
    k->master = k->next;
    secret_wipe(&k->next);
    k->rotating = false;
    return true;
}

bool keystore_rotate_step(struct keystore *k, int64_t now_ms)
{
    struct pass p = {.max = FILES_AT_ONCE};

    pass(k, &p);
    if (p.left || p.done || p.broken || p.unwritten)      /* renaming, one pass may miss a file: the last one renames nothing */
        return !p.broken && !p.unwritten;
    return finish(k, now_ms);
}
