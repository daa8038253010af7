/* role/ctl_restore.c: piece after piece, and engawactl backup verify and restore. Restoring keeps the folder and gives it its name
 * when all is whole; verifying throws each piece away when it was looked at. */
#include "role/ctl_restore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ---- */

/* What a piece may be called, whoever sealed it: plain names below the folders that a backup fills. */
static bool name_ok(sv name)
{
    sv rest = name, part;
    int parts = 0;

    for (; sv_cut(&rest, '/', &part); parts++) {
        if (!part.n || part.p[0] == '.')
            return false;
        for (size_t i = 0; i < part.n; i++) {
            char ch = part.p[i];
            if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') && !(ch >= '0' && ch <= '9') && ch != '.' && ch != '-' && ch != '_')
                return false;
        }
    }
    return sv_equal(name, SV("engawa.conf")) || sv_equal(name, SV("keys/heads.log")) || sv_equal(name, SV("registry/registry.db"))
        || (parts >= 3 && sv_starts(name, SV("tenants/")));
}

static bool parents(struct restoring *r, sv name)
{
    for (size_t i = 1; i < name.n; i++)
        if (name.p[i] == '/' && mkdirat(r->dir, sv_cstr(r->c->arena, sv_upto(name, i)), 0700) < 0 && errno != EEXIST)
            return restoring_fault(r, ctl_write_trouble(r->c, name));
    return true;
}

/* ---- piece after piece ---- */

static bool damaged(struct restoring *r)
{
    bool inside = r->in->name.n > 0;

    r->wrong_at = r->at ? sv_c(r->at) : SV("");
    r->wrong_byte = r->in->at;
    return restoring_fault(r, ctl_trouble(r->c, CTL_REFUSED, "damaged", "damaged at byte %" PRId64 ", %s %s: %s", r->in->at,
                                inside ? "in" : r->at ? "behind" : "at", r->at ? r->at : "its beginning", r->in->why));
}

static bool piece_begin(struct restoring *r, sv name)
{
    if (!name_ok(name))
        return restoring_altered(r, name, "no name of a piece", 0);
    r->at = sv_cstr(r->c->arena, name);
    if (!parents(r, name))
        return false;
    r->fd = openat(r->dir, r->at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return r->fd >= 0 || restoring_fault(r, ctl_write_trouble(r->c, name));
}

static bool piece_bytes(struct restoring *r, sv bytes)
{
    while (bytes.n) {
        ssize_t n = write(r->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return restoring_fault(r, ctl_write_trouble(r->c, sv_c(r->at)));
        bytes = sv_from(bytes, (size_t)n);
    }
    return true;
}

static bool piece_end(struct restoring *r)
{
    bool synced = fsync(r->fd) == 0;

    fd_close(&r->fd);
    if (!synced)
        return restoring_fault(r, ctl_write_trouble(r->c, sv_c(r->at)));
    r->pieces++;
    r->bytes += r->in->bytes;
    if (!restoring_piece(r, sv_c(r->at)))
        return false;
    if (!r->keep && sv_starts(sv_c(r->at), SV("tenants/")))
        unlinkat(r->dir, r->at, 0);                       /* gone already, it may be */
    return true;
}

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

bool restoring_unpack(struct restoring *r)
{
    sv payload = SV("");

    for (;;) {
        bool ok;
        if (stopped)
            return restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "broken_off", "broken off"));
        switch (backup_next(r->in, &payload)) {
        case BACKUP_PIECE:
            ok = piece_begin(r, payload);
            break;
        case BACKUP_BYTES:
            ok = piece_bytes(r, payload);
            break;
        case BACKUP_PIECE_END:
            ok = piece_end(r);
            break;
        case BACKUP_TABLES:
            ok = restoring_tables(r, payload);
            break;
        case BACKUP_END:
            return restoring_manifest(r, payload);
        default:
            return damaged(r);
        }
        if (!ok)
            return false;
    }
}

/* From before the first folder is made: who breaks it off leaves nothing behind. */
static void begin_quietly(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction on = {.sa_handler = stop};

    crypt_warm();
    umask(077);
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < COUNT(signals); i++)
        sigaction(signals[i], &on, NULL);
}

const char *restoring_scratch(struct ctl *c, const char *name)
{
    sv scratch = ctl_value(c, "--scratch");
    char *path = sv_cstr(c->arena, sv_printf(c->arena, "%.*s/%s", SV_ARG(scratch.p ? scratch : SV("/var/tmp")), name));

    begin_quietly();
    if (mkdtemp(path))
        return path;
    ctl_write_trouble(c, sv_c(path));
    return NULL;
}

bool restoring_begin(struct restoring *r, struct ctl *c, const char *path)
{
    *r = (struct restoring){.c = c, .path = path, .fd = -1, .rc = CTL_DONE, .wrong_byte = -1};
    r->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return r->dir >= 0 || restoring_fault(r, ctl_write_trouble(c, sv_c(path)));
}

void restoring_remove(const char *path)
{
    ctl_remove_tree(AT_FDCWD, path);
}

void restoring_end(struct restoring *r)
{
    fd_close(&r->fd);
    fd_close(&r->dir);
    arena_free(&r->tables_arena);
    if (r->in)
        backup_in_free(&r->in);
    headlog_close(&r->heads);
    keystore_close(&r->keys);
    secret_wipe(&r->master);
}

static int report(struct restoring *r)
{
    struct str text = STR_IN(r->c->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_bool(&j, "whole", true);
    json_int(&j, "pieces", (int64_t)r->pieces);
    json_int(&j, "bytes", r->bytes);
    json_int(&j, "tenants", (int64_t)r->registered.n);
    json_int(&j, "erased", (int64_t)r->gone.n);
    json_close(&j);
    ctl_print(r->c, str_sv(&text));
    return CTL_DONE;
}

int ctl_backup_verify(struct ctl *c)
{
    struct restoring r = {0};
    const char *path = restoring_scratch(c, "engawa-verify-XXXXXX");

    if (!path)
        return CTL_FILE;
    bool ok = restoring_begin(&r, c, path) && restoring_source(&r, ctl_value(c, "BACKUP")) && restoring_unpack(&r);
    restoring_end(&r);
    restoring_remove(path);
    return ok ? report(&r) : r.rc;
}

/* ---- restoring ---- */

/* False where there is something: nothing is ever written over. */
static bool free_place(struct restoring *r, sv to)
{
    DIR *d = opendir(sv_cstr(r->c->arena, to));
    bool empty = true;

    if (!d)
        return errno == ENOENT || restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "not_empty", "%.*s: %s", SV_ARG(to), strerror(errno)));
    for (struct dirent *e; (e = readdir(d));)
        empty &= sv_equal(sv_c(e->d_name), SV(".")) || sv_equal(sv_c(e->d_name), SV(".."));
    closedir(d);
    return empty || restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "not_empty", "%.*s is not empty: name a new folder, nothing is overwritten", SV_ARG(to)));
}

static bool finish(struct restoring *r, sv to)
{
    static const char *const more[] = {"tls", "run", "tenants", "registry"};
    const char *why = "";
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (keys < 0 || !keystore_master_write(keys, &r->master, &why))
        return restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "unwritable", "keys: %s", why));
    for (size_t i = 0; i < COUNT(more); i++)
        if (mkdirat(r->dir, more[i], 0700) < 0 && errno != EEXIST)
            return restoring_fault(r, ctl_write_trouble(r->c, sv_c(more[i])));
    if (fsync(r->dir) < 0 || rename(r->path, sv_cstr(r->c->arena, to)) < 0)
        return restoring_fault(r, ctl_write_trouble(r->c, to));
    return true;
}

int ctl_restore(struct ctl *c)
{
    struct restoring r = {.c = c};
    sv to = ctl_value(c, "--to");

    while (to.n > 1 && to.p[to.n - 1] == '/')
        to.n--;
    const char *path = sv_cstr(c->arena, sv_printf(c->arena, "%.*s" PART_TAIL, SV_ARG(to)));
    begin_quietly();
    if (!free_place(&r, to))
        return r.rc;
    restoring_remove(path);                               /* of a restore that was broken off */
    if (mkdir(path, 0700) < 0)
        return ctl_write_trouble(c, sv_c(path));
    bool ok = restoring_begin(&r, c, path);
    r.keep = true;
    ok = ok && restoring_source(&r, ctl_value(c, "--from")) && restoring_unpack(&r) && finish(&r, to);
    restoring_end(&r);
    if (!ok) {
        restoring_remove(path);
        return r.rc;
    }
    report(&r);
    ctl_progress(c, "Restored to %.*s. Put the certificate and its key where its engawa.conf says (tls/ is not in a backup), look at "
                    "listen and origin there, then: engawad --data %.*s", SV_ARG(to), SV_ARG(to));
    return CTL_DONE;
}
