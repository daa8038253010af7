/* role/keystore_life.c: a tenant's keys after the first: another one takes its place, all are destroyed. */
#include "role/keystore_private.h"

#include "base/fault.h"
#include "role/bytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_BYTES 32

bool key_put_ms(struct keystore *k, const char *name, char kind, int64_t number, int64_t ms)
{
    struct str s = {0};
    SECRET moment = {0};

    be64_put(&s, (uint64_t)ms);
    while (s.n < KEY_BYTES)
        str_char(&s, 0);
    bool done = secret_set(&moment, str_sv(&s)) && key_put(k, name, kind, number, &moment);
    str_release(&s);
    return done;
}

bool key_get_ms(const struct keystore *k, const char *name, char kind, int64_t number, int64_t *ms)
{
    SECRET moment = {0};
    const char *why;
    bool by_next;
    uint64_t n = 0;

    if (key_get(k, name, kind, number, &moment, &by_next, &why) != 1)
        return false;
    for (size_t i = 0; i < 8; i++)
        n = n << 8 | moment.b[i];
    *ms = (int64_t)n;
    return true;
}

bool key_nth(const struct keystore *k, char kind, int64_t number, size_t i, char name[KEY_NAME])
{
    int copy = openat(k->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    bool found = false;
    int64_t n;
    char its;

    if (!d)
        fd_close(&copy);
    for (struct dirent *e; d && !found && (e = readdir(d));) {
        if (!keystore_name(sv_c(e->d_name), &its, &n) || its != kind || (number >= 0 && n != number) || i--)
            continue;
        memcpy(name, e->d_name, strlen(e->d_name) + 1);   /* keystore_name() has seen that it fits */
        found = true;
    }
    if (d)
        closedir(d);
    return found;
}

/* ---- destroyed ---- */

bool keystore_gone(struct keystore *k, int64_t number, int64_t *ms)
{
    char name[KEY_NAME];
    struct stat st;

    key_name(name, 'x', number);
    return fstatat(k->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (key_get_ms(k, name, 'x', number, ms) || (*ms = 0, true));
}

static bool absent(struct keystore *k, char kind, int64_t number)
{
    char name[KEY_NAME];

    for (int i = 0; key_nth(k, kind, number, 0, name); i++)
        if (i > 1000 || !key_remove(k->dir, name))
            return false;
    return true;
}

/* First what says that it is so: whoever comes between finds no key any more, and the rest is done the next time. */
bool keystore_erase(struct keystore *k, int64_t number, int64_t now_ms)
{
    char name[KEY_NAME];
    int64_t ms;

#ifdef MUTANT_KEY_KEPT
    (void)now_ms;
    return number > 0;
#endif
    key_name(name, 'x', number);
    if (number <= 0 || (!keystore_gone(k, number, &ms) && !key_put_ms(k, name, 'x', number, now_ms)))
        return false;
    (void)FAULT("keys.erase.said");
    bool done = absent(k, 't', number) && absent(k, 'n', number) && absent(k, 'o', number);
    (void)FAULT("keys.erase.done");
    return done;
}

/* ---- another data key ---- */

bool keystore_next(struct keystore *k, int64_t number, struct secret *out)
{
    char name[KEY_NAME];
    const char *why;
    int64_t ms;
    bool by_next;

    key_name(name, 'n', number);
    return !keystore_gone(k, number, &ms) && key_get(k, name, 'n', number, out, &by_next, &why) == 1;
}

bool keystore_renew(struct keystore *k, int64_t number)
{
    char name[KEY_NAME];
    SECRET key = {0};

    if (number < 0 || keystore_next(k, number, &key))
        return number >= 0;
    if (!keystore_get(k, number, &key))
        return false;
    key_name(name, 'n', number);
    secret_random(&key, KEY_BYTES);
    return key_put(k, name, 'n', number, &key);
}

/* The old one is kept under its own name first, then the new one stands in its place: each step may be done twice. */
bool keystore_promote(struct keystore *k, int64_t number, int64_t now_ms)
{
    SECRET before = {0}, next = {0};
    char name[KEY_NAME];

    if (!keystore_next(k, number, &next) || !keystore_get(k, number, &before))
        return false;
    if (!secret_equal(&before, &next)) {
        snprintf(name, sizeof(name), "o-%" PRId64 "-%" PRId64 ".key", number, now_ms);
        if (!key_put(k, name, 'o', number, &before))
            return false;
        (void)FAULT("keys.promote.kept");
        key_name(name, 't', number);
        if (!key_put(k, name, 't', number, &next))
            return false;
    }
    (void)FAULT("keys.promote.stored");
    key_name(name, 'n', number);
    return key_remove(k->dir, name);
}

bool keystore_old(struct keystore *k, int64_t number, size_t i, struct secret *out)
{
    char name[KEY_NAME];
    const char *why;
    int64_t ms;
    bool by_next;

    return !keystore_gone(k, number, &ms) && key_nth(k, 'o', number, i, name)
        && key_get(k, name, 'o', number, out, &by_next, &why) == 1;
}

bool keystore_put(struct keystore *k, int64_t number, const struct secret *key)
{
    char name[KEY_NAME];

    key_name(name, 't', number);
    return key_put(k, name, 't', number, key);
}

size_t keystore_forget_old(struct keystore *k, int64_t before_ms)
{
    char name[KEY_NAME];
    size_t n = 0;

    for (size_t i = 0; key_nth(k, 'o', -1, i, name);) {
        sv middle = sv_upto(sv_from(sv_c(name), 2), strlen(name) - 6), part;
        int64_t ms;
        if (sv_cut(&middle, '-', &part) && sv_int(middle, &ms) && ms < before_ms && key_remove(k->dir, name))
            n++;
        else
            i++;
    }
    return n;
}
