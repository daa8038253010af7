/* store/db_vfs.c: SQLite's "unix" file system with names left as they are given, below SQLite3MC's encryption.
 * SQLite makes every name absolute and looks at each parent folder; a tenant's process may not see the parents
 * of its own folder, and has no need to: it lives in it and names its files relatively. */
#include "store/db_sqlite.h"

#include "base/fault.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OURS "engawa"
#define ENCRYPTED "multipleciphers-" OURS

static sqlite3_vfs ours;

static int name_as_given(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    (void)vfs;
    int n = snprintf(out, (size_t)room, "%s", name);
    return n < 0 || n >= room ? SQLITE_CANTOPEN : SQLITE_OK;
}

static int (*real_open)(sqlite3_vfs *, sqlite3_filename, sqlite3_file *, int, int *);

/* The folder of a file, so that a new name in it is durable. */
static bool folder_synced(const char *name)
{
    char dir[512];
    const char *slash = strrchr(name, '/');
    int n = slash ? snprintf(dir, sizeof(dir), "%.*s", (int)(slash - name), name) : snprintf(dir, sizeof(dir), ".");
    FD fd = n > 0 && n < (int)sizeof(dir) ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    return fd >= 0 && fsync(fd) == 0;
}

/* The engine syncs the folder of a new log too, and does not look whether that failed. */
static int opened(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *got)
{
    int as = flags, rc = real_open(vfs, name, f, flags, &as);

    if (got)
        *got = as;
    /* Where a file does not open for writing at this moment the engine takes it for reading, for as long as it is open. */
    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_READWRITE) && (as & SQLITE_OPEN_READONLY)) {
        f->pMethods->xClose(f);
        f->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_WAL) && (flags & SQLITE_OPEN_CREATE) && !folder_synced(name)) {
        f->pMethods->xClose(f);
        f->pMethods = NULL;
        return SQLITE_IOERR_DIR_FSYNC;
    }
    return rc;
}

#ifdef ENGAWA_TEST
/* Fault points below the engine: a full disk, a failing write, a failing fsync. Databases and their WAL have
 * different methods, so each set of methods met gets a copy with ours in it. */
struct methods {
    sqlite3_io_methods ours;                              /* first: what a file points to */
    const sqlite3_io_methods *real;
};

static struct methods methods[4];
static pthread_mutex_t methods_lock = PTHREAD_MUTEX_INITIALIZER;

static const sqlite3_io_methods *real(const sqlite3_file *f)
{
    return ((const struct methods *)(const void *)f->pMethods)->real;
}

static int faulty_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (FAULT("disk.full"))
        return SQLITE_FULL;
    if (FAULT("disk.write"))
        return SQLITE_IOERR_WRITE;
    return real(f)->xWrite(f, p, n, at);
}

static int faulty_sync(sqlite3_file *f, int flags)
{
    if (FAULT("disk.fsync"))
        return SQLITE_IOERR_FSYNC;
    int rc = real(f)->xSync(f, flags);
    (void)FAULT("disk.synced");
    return rc;
}

static const sqlite3_io_methods *faulty(const sqlite3_io_methods *from)
{
    const sqlite3_io_methods *out = from;

    pthread_mutex_lock(&methods_lock);
    for (size_t i = 0; i < COUNT(methods) && out == from; i++) {
        if (!methods[i].real) {
            methods[i] = (struct methods){.ours = *from, .real = from};
            methods[i].ours.xWrite = faulty_write;
            methods[i].ours.xSync = faulty_sync;
        }
        if (methods[i].real == from)
            out = &methods[i].ours;
    }
    pthread_mutex_unlock(&methods_lock);
    return out;
}

static int faulty_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *got)
{
    int rc = opened(vfs, name, f, flags, got);

    if (rc == SQLITE_OK && f->pMethods)
        f->pMethods = faulty(f->pMethods);
    return rc;
}
#endif

#ifdef ENGAWA_TEST
/* The engine's own allocations: it is told that there is no memory left, and tells us. */
static sqlite3_mem_methods memory;

static void *scarce_malloc(int n)
{
    return FAULT("memory.engine") ? NULL : memory.xMalloc(n);
}

static void *scarce_realloc(void *p, int n)
{
    return FAULT("memory.engine") ? NULL : memory.xRealloc(p, n);
}

static void make_memory_scarce(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory) != SQLITE_OK)
        die("SQLite does not say how it allocates");
    sqlite3_mem_methods ours_too = memory;
    ours_too.xMalloc = scarce_malloc;
    ours_too.xRealloc = scarce_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours_too) != SQLITE_OK)
        die("SQLite takes no allocator of ours");
}
#endif

static void start(void)
{
#ifdef ENGAWA_TEST
    make_memory_scarce();
#endif
    if (sqlite3_initialize() != SQLITE_OK)
        die("SQLite does not start");
    sqlite3_vfs *theirs = sqlite3_vfs_find("unix");
    if (!theirs)
        die("SQLite has no file system");
    ours = *theirs;
    ours.pNext = NULL;
    ours.zName = OURS;
    ours.xFullPathname = name_as_given;
    real_open = ours.xOpen;
    ours.xOpen = opened;
#ifdef ENGAWA_TEST
    ours.xOpen = faulty_open;
#endif
    if (sqlite3_vfs_register(&ours, 0) != SQLITE_OK || sqlite3mc_vfs_create(OURS, 1) != SQLITE_OK
        || !sqlite3_vfs_find(ENCRYPTED))
        die("SQLite takes no file system of ours");
    if (!db_page_cipher())
        die("SQLite takes no cipher of ours");
}

const char *db_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start);
    return ENCRYPTED;
}
