/* store/db_scratch_test.c: what db_test.h promises. */
#include "store/db_test.h"

#include "base/test.h"
#include "crypt/hash.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch scratch_new(void)
{
    struct scratch t = {.a = arena_new(64 * 1024)};

    crypt_warm();
    snprintf(t.dir, sizeof(t.dir), "/tmp/engawa-store-XXXXXX");
    ENSURE(mkdtemp(t.dir));
    memset(t.key.b, 7, 32);
    t.key.n = 32;
    return t;
}

void scratch_end(struct scratch *t)
{
    DIR *dir = opendir(t->dir);

    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            ENSURE(unlinkat(dirfd(dir), e->d_name, 0) == 0);
    if (dir)
        closedir(dir);
    ENSURE(rmdir(t->dir) == 0);
    arena_free(&t->a);
}

const char *scratch_path(struct scratch *t, const char *name)
{
    return sv_printf(t->a, "%s/%s", t->dir, name).p;
}

struct db_options scratch_options(struct scratch *t, const char *name)
{
    return (struct db_options){.path = scratch_path(t, name), .key = &t->key, .flags = DB_CREATE, .tenant = 1};
}

struct db *scratch_open_as(struct scratch *t, const struct db_options *o)
{
    struct db *d = db_open(o, &t->f);

    if (d)
        db_use(d, t->a, &t->f);
    return d;
}

struct db *scratch_open(struct scratch *t, const char *name)
{
    struct db_options o = scratch_options(t, name);
    struct db *d = scratch_open_as(t, &o);

    if (!d)
        die("scratch database: %s", t->f.detail);
    return d;
}

sv scratch_read(struct scratch *t, const char *name)
{
    FD fd = open(scratch_path(t, name), O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return SV_NONE;
    ENSURE(fstat(fd, &st) == 0);
    char *p = arena_alloc(t->a, (size_t)st.st_size);
    ENSURE(pread(fd, p, (size_t)st.st_size, 0) == st.st_size);
    return sv_n(p, (size_t)st.st_size);
}

void scratch_write(struct scratch *t, const char *name, sv bytes)
{
    FD fd = open(scratch_path(t, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    ENSURE(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
}
