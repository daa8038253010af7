/* test/sim/sim_disk.c: around the database's file system, below its encryption: real files in a folder of the seed's, and beside them what each
 * sector may hold if the power goes now. Deleting and cutting a file short are taken for durable at once, which is kinder than
 * a disk; SQLite does neither to a file whose content it still needs. */
#include "sim.h"
#include "store/db_sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct methods {
    sqlite3_io_methods ours;                              /* first: what a file points to */
    const sqlite3_io_methods *real;
};

static struct methods methods[4];
static int (*real_open)(sqlite3_vfs *, sqlite3_filename, sqlite3_file *, int, int *);
static int (*real_delete)(sqlite3_vfs *, const char *, int);
static struct {
    const sqlite3_file *f;
    const sqlite3_io_methods *real;
    uint32_t file;
} open_files[64];

static size_t place_of(const sqlite3_file *f)
{
    size_t i = 0;

    while (i < COUNT(open_files) && open_files[i].f != f)
        i++;
    ENSURE(i < COUNT(open_files));
    return i;
}

/* The file points to its own methods for one call of them: they look there for what lies below. */
static const sqlite3_io_methods *inside(sqlite3_file *f)
{
    return f->pMethods = open_files[place_of(f)].real;
}

#define REAL(name, method, params, ...)              \
    static int name params                           \
    {                                                \
        const sqlite3_io_methods *ours = f->pMethods; \
        int rc = inside(f)->method(f, __VA_ARGS__);  \
        f->pMethods = ours;                          \
        return rc;                                   \
    }
REAL(real_read, xRead, (sqlite3_file *f, void *p, int n, sqlite3_int64 at), p, n, at)
REAL(real_write, xWrite, (sqlite3_file *f, const void *p, int n, sqlite3_int64 at), p, n, at)
REAL(real_truncate, xTruncate, (sqlite3_file *f, sqlite3_int64 size), size)
REAL(real_size, xFileSize, (sqlite3_file *f, sqlite3_int64 *size), size)

static uint32_t named(const char *name)
{
    uint32_t i = 0;

    while (i < FILES && world->disk.files[i].name[0] && strcmp(world->disk.files[i].name, name) != 0)
        i++;
    ENSURE(i < FILES);
    if (!world->disk.files[i].name[0])
        snprintf(world->disk.files[i].name, sizeof(world->disk.files[i].name), "%s", name);
    return i;
}

static struct sim_file *file_of(const sqlite3_file *f, uint32_t *at)
{
    *at = open_files[place_of(f)].file;
    return &world->disk.files[*at];
}

/* All that was written to it is on the disk now. */
static void settle(uint32_t file, int64_t size)
{
    struct sim_disk *d = &world->disk;
    size_t n = 0;

    for (size_t i = 0; i < d->versions_n; i++)
        if (d->versions[i].file != file)
            d->versions[n++] = d->versions[i];
    d->versions_n = n;
    d->files[file].size = size;
    d->files[file].dirty = false;
    memset(d->files[file].touched, 0, sizeof(d->files[file].touched));
}

static void keep(sqlite3_file *f, uint32_t file, uint32_t sector)
{
    struct sim_version *v = &world->disk.versions[world->disk.versions_n++];

    v->file = file;
    v->sector = sector;
    int rc = real_read(f, v->b, SECTOR, (int64_t)sector * SECTOR);   /* fills what is beyond the end with zeros */
    ENSURE(rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ);
}

static int64_t size_of(sqlite3_file *f)
{
    sqlite3_int64 n = 0;

    int rc = real_size(f, &n);
    ENSURE(rc == SQLITE_OK);
    return n;
}

static void count_down(void)
{
    struct sim_disk *d = &world->disk;

    if (d->cut_in >= 0 && d->cut_in-- == 0)
        _exit(EXIT_CUT);
}

static bool no_room(void)
{
    struct sim_disk *d = &world->disk;

    if (d->full_in < 0 || d->full_in-- > 0)
        return false;
    if (d->full_for-- > 0)
        d->full_in = 0;
    d->full_happened = true;
    world->fulls++;
    return true;
}

static int sim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    uint32_t file, first = (uint32_t)(at / SECTOR), last = (uint32_t)((at + n - 1) / SECTOR);
    struct sim_file *of = file_of(f, &file);
    struct sim_disk *d = &world->disk;

    count_down();
    if (no_room())
        return SQLITE_FULL;
    ENSURE(last < FILE_SECTORS);
    if (d->versions_n + 2u * (last - first + 1) > VERSIONS)
        settle(file, size_of(f));                         /* a disk writes back what it has no room to keep */
    if (d->versions_n + 2u * (last - first + 1) > VERSIONS)
        for (uint32_t i = 0; i < FILES; i++)
            if (i != file)
                settle(i, d->files[i].size);
    for (uint32_t s = first; s <= last; s++)
        if (!(of->touched[s / 8] & 1u << s % 8)) {
            of->touched[s / 8] |= (uint8_t)(1u << s % 8);
            keep(f, file, s);
        }
    of->dirty = true;
    int rc = real_write(f, p, n, at);
    for (uint32_t s = first; s <= last; s++)
        keep(f, file, s);
    return rc;
}

static int sim_sync(sqlite3_file *f, int flags)
{
    struct sim_disk *d = &world->disk;
    uint32_t file;

    (void)flags;
    (void)file_of(f, &file);
    count_down();
    if (d->fsync_in >= 0 && d->fsync_in-- == 0) {
        d->fsync_failed = true;
        world->fsyncs++;
        return SQLITE_IOERR_FSYNC;
    }
    settle(file, size_of(f));
    return SQLITE_OK;
}

static int sim_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    uint32_t file;

    (void)file_of(f, &file);
    count_down();
    int rc = real_truncate(f, size);
    settle(file, size);
    return rc;
}

static int sim_close(sqlite3_file *f)
{
    const sqlite3_io_methods *m = inside(f);

    open_files[place_of(f)].f = NULL;
    return m->xClose(f);
}

static const sqlite3_io_methods *wrap(sqlite3_file *f)
{
    const sqlite3_io_methods *theirs = f->pMethods;
    size_t i = 0;

    while (i < COUNT(methods) && methods[i].real && methods[i].real != f->pMethods)
        i++;
    ENSURE(i < COUNT(methods));
    if (!methods[i].real) {
        methods[i] = (struct methods){.ours = *f->pMethods, .real = f->pMethods};
        methods[i].ours.xWrite = sim_write;
        methods[i].ours.xSync = sim_sync;
        methods[i].ours.xTruncate = sim_truncate;
        methods[i].ours.xClose = sim_close;
    }
    f->pMethods = &methods[i].ours;
    return theirs;
}

static int sim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *got)
{
    int rc = real_open(vfs, name, f, flags, got);
    size_t i = 0;

    if (rc != SQLITE_OK || !f->pMethods || !name)
        return rc;
    const sqlite3_io_methods *theirs = wrap(f);
    while (i < COUNT(open_files) && open_files[i].f)
        i++;
    ENSURE(i < COUNT(open_files));
    open_files[i].f = f;
    open_files[i].real = theirs;
    open_files[i].file = named(name);
    struct sim_file *of = &world->disk.files[open_files[i].file];
    if (!of->dirty)
        of->size = size_of(f);
    return rc;
}

static int sim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    count_down();
    settle(named(name), 0);
    return real_delete(vfs, name, sync);
}

void disk_begin(void)
{
    ENSURE(db_vfs());
    sqlite3_vfs *theirs = sqlite3_vfs_find("engawa");
    ENSURE(theirs && theirs->xOpen != sim_open);
    real_open = theirs->xOpen;
    real_delete = theirs->xDelete;
    theirs->xOpen = sim_open;
    theirs->xDelete = sim_delete;
}

/* Each sector holds one of its versions; the file is as long as it was when it was synced, or as long as it is. */
static void tear(uint32_t file)
{
    struct sim_disk *d = &world->disk;
    int fd = open(d->files[file].name, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return;                                           /* never made */
    off_t size = lseek(fd, 0, SEEK_END);
    for (size_t i = 0; i < d->versions_n; i++) {
        if (d->versions[i].file != file)
            continue;
        uint32_t sector = d->versions[i].sector;
        size_t n = 0, pick;
        for (size_t k = i; k < d->versions_n; k++)
            n += d->versions[k].file == file && d->versions[k].sector == sector;
        pick = sim_random(n);
        for (size_t k = i; k < d->versions_n; k++)
            if (d->versions[k].file == file && d->versions[k].sector == sector) {
                if (pick-- == 0)
                    ENSURE(pwrite(fd, d->versions[k].b, SECTOR, (off_t)sector * SECTOR) == SECTOR);
                d->versions[k].file = FILES;              /* done */
            }
    }
    if (size > d->files[file].size && sim_random(2))
        size = (off_t)d->files[file].size;
    ENSURE(ftruncate(fd, size) == 0);
    close(fd);
}

void disk_tear(void)
{
    struct sim_disk *d = &world->disk;

    for (uint32_t i = 0; i < FILES; i++)
        if (d->files[i].name[0] && d->files[i].dirty)
            tear(i);
    memset(d->files, 0, sizeof(d->files));
    d->versions_n = 0;
}
