/* role/ctl_restore.c: engawactl backup verify and restore: one way for both, piece by piece into a folder, each database opened
 * with its own key, looked through, and its log compared with the heads that were signed. Restoring keeps the folder and
 * gives it its name when all is whole; verifying throws each piece away when it was looked at. */
#include "role/ctl_backup.h"

#include "role/config.h"
#include "role/control_registry.h"
#include "role/headlog.h"
#include "role/keys_file.h"
#include "svc/monitor/audit_check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_FILE_MAX 8192
#define CONF_MAX        (64 * 1024)

struct restoring {
    struct ctl *c;
    bool keep;                                            /* restoring, not verifying */
    int dir;                                              /* the folder that is filled */
    const char *path;                                     /* its name, for the engine */
    unsigned char id[BACKUP_ID];
    struct secret master;
    struct keystore *keys;
    struct headlog *heads;
    struct backup_in *in;
    enum db_cipher cipher;
    VEC(struct backup_tenant) found;
    size_t registered;                                    /* tenants that the registry names */
    size_t pieces;
    int64_t bytes;
    int fd;                                               /* the piece that is written */
    const char *at;                                       /* its path */
    int rc;
};

static bool fault(struct restoring *r, int rc)
{
    r->rc = rc;
    return false;
}

/* ---- folders ---- */

static void remove_tree(int dir, const char *name)
{
    FD sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int copy = sub < 0 ? -1 : dup(sub);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);

    for (struct dirent *e; d && (e = readdir(d));)
        if (!sv_equal(sv_c(e->d_name), SV(".")) && !sv_equal(sv_c(e->d_name), SV("..")) && unlinkat(sub, e->d_name, 0) < 0)
            remove_tree(sub, e->d_name);
    if (d)
        closedir(d);
    unlinkat(dir, name, AT_REMOVEDIR);
}

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
            return fault(r, ctl_write_trouble(r->c, name));
    return true;
}

/* ---- what is in a piece ---- */

static bool altered(struct restoring *r, sv what, const char *how, int64_t at)
{
    return fault(r, at ? ctl_trouble(r->c, CTL_REFUSED, "altered", "%.*s: %s %" PRId64, SV_ARG(what), how, at)
                       : ctl_trouble(r->c, CTL_REFUSED, "altered", "%.*s: %s", SV_ARG(what), how));
}

static void last_head(struct restoring *r, int64_t number, uint64_t *size, struct sha256 *root, bool *broken)
{
    struct head h = {0};

    headlog_last(r->heads, r->keys, number, &h, broken);
    *size = h.size;
    memcpy(root->b, h.root, sizeof(root->b));
}

static bool key_of(struct restoring *r, int64_t number, sv what, struct secret *key)
{
    return keystore_get(r->keys, number, key)
        || fault(r, ctl_trouble(r->c, CTL_REFUSED, "missing_key", "%.*s: its key is not in " KEYS_NAME
                                ": take the newest copy; if the tenant was deleted since, nothing opens it any more", SV_ARG(what)));
}

static bool log_whole(struct restoring *r, struct db *d, int64_t number, sv what)
{
    struct ctx x = {.arena = arena_new(64 * 1024), .db = d};
    struct audit_check k = {0};
    struct sha256 root;
    struct str hex = STR_IN(r->c->arena);
    uint64_t size;
    bool broken = false;

    db_use(d, x.arena, &x.failure);
    last_head(r, number, &size, &root, &broken);
    bool ok = db_check(d) && audit_check(&x, number, size, &root, &k);
    if (!ok)
        altered(r, what, sv_cstr(r->c->arena, sv_c(x.failure.detail)), 0);
    else if (broken)
        ok = altered(r, what, "the last signed head of its log is not authentic", 0);
    else if (k.wrong)
        ok = altered(r, what, "a row of its log is missing or was altered: row", k.wrong);
    else if (!k.tree || !k.head)
        ok = altered(r, what, "its log is not the one that was signed", 0);
    hex_put(&hex, sv_n(k.root.b, sizeof(k.root.b)));
    *PUSH(r->c->arena, &r->found) = (struct backup_tenant){.number = number, .audit_rows = k.rows, .audit_root = str_sv(&hex)};
    arena_free(&x.arena);
    return ok;
}

static bool tenant_whole(struct restoring *r, sv name, int64_t number)
{
    struct failure f = {0};
    SECRET key = {0};

    if (!key_of(r, number, name, &key))
        return false;
    struct db_options o = {.path = sv_cstr(r->c->arena, sv_printf(r->c->arena, "%s/%.*s", r->path, SV_ARG(name))), .key = &key,
                           .cipher = r->cipher, .tenant = number};
    struct db *d = db_open(&o, &f);
    if (!d)
        return altered(r, name, f.detail, 0);
    bool ok = log_whole(r, d, number, name);
    db_close(&d);
    if (ok)
        ctl_progress(r->c, "  %.*s  %.*s, whole, %" PRId64 " rows of the log", SV_ARG(name), SV_ARG(ctl_size(r->c->arena, r->in->bytes)),
                     r->found.v[r->found.n - 1].audit_rows);
    return ok;
}

/* The registry opens in the folder it lies in. */
static bool registry_whole(struct restoring *r)
{
    struct failure f = {0};
    struct ops_check check = {0};
    struct sha256 root;
    SECRET key = {0};
    uint64_t size;
    bool broken = false;
    FD here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), there = openat(r->dir, "registry", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (!key_of(r, REGISTRY_TENANT, SV("registry/registry.db"), &key))
        return false;
    if (here < 0 || there < 0 || fchdir(there) < 0)
        return fault(r, ctl_write_trouble(r->c, SV("registry")));
    struct registry *reg = registry_open(&key, r->cipher, &f);
    last_head(r, REGISTRY_TENANT, &size, &root, &broken);
    bool ok = reg && registry_log_check(reg, size, &root, &check, &f);
    for (struct tenant_row *t = reg ? registry_next(reg, NULL) : NULL; t; t = registry_next(reg, t))
        r->registered += t->state != TENANT_OPENING && t->state != TENANT_DECOY_NEW;
    registry_close(&reg);
    if (fchdir(here) < 0)
        return fault(r, ctl_write_trouble(r->c, SV(".")));
    if (!ok)
        return altered(r, SV("registry/registry.db"), f.detail, 0);
    if (check.wrong || !check.head || broken)
        return altered(r, SV("registry/registry.db"), "the operators' log is not the one that was signed; row", check.wrong);
    ctl_progress(r->c, "  registry/registry.db  whole, %" PRId64 " rows of the operators' log", check.rows);
    return true;
}

static bool conf_whole(struct restoring *r)
{
    char *text = arena_alloc(r->c->arena, CONF_MAX);
    struct config conf = {0};
    int line;
    FD fd = openat(r->dir, "engawa.conf", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, CONF_MAX);

    if (n < 0 || !config_read(&conf, r->c->arena, sv_n(text, (size_t)n), true, &line))
        return altered(r, SV("engawa.conf"), "it cannot be read", 0);
    r->cipher = config_is(&conf, CONFIG_CIPHER, SV("aegis256")) ? DB_AEGIS256 : DB_AES256;
    return true;
}

static bool heads_whole(struct restoring *r)
{
    const char *why;
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    r->heads = keys < 0 ? NULL : headlog_open(keys, &why);
    return r->heads || altered(r, SV("keys/heads.log"), "it is damaged", 0);
}

static bool piece_whole(struct restoring *r, sv name)
{
    sv rest = sv_from(name, strlen("tenants/")), number;
    id64 id;

    if (sv_equal(name, SV("engawa.conf")))
        return conf_whole(r);
    if (sv_equal(name, SV("keys/heads.log")))
        return heads_whole(r);
    if (!r->heads)
        return altered(r, name, "pieces stand in another order than a backup has", 0);
    if (sv_equal(name, SV("registry/registry.db")))
        return registry_whole(r);
    if (!sv_cut(&rest, '/', &number) || !sv_equal(rest, SV("tenant.db")))
        return true;
    return sv_id(number, &id) ? tenant_whole(r, name, id.n) : altered(r, name, "no number", 0);
}

/* ---- piece after piece ---- */

static bool damaged(struct restoring *r)
{
    bool inside = r->in->name.n > 0;

    return fault(r, ctl_trouble(r->c, CTL_REFUSED, "damaged", "damaged at byte %" PRId64 ", %s %s: %s", r->in->at,
                                inside ? "in" : r->at ? "behind" : "at", r->at ? r->at : "its beginning", r->in->why));
}

static bool piece_begin(struct restoring *r, sv name)
{
    if (!name_ok(name))
        return altered(r, name, "no name of a piece", 0);
    r->at = sv_cstr(r->c->arena, name);
    if (!parents(r, name))
        return false;
    r->fd = openat(r->dir, r->at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return r->fd >= 0 || fault(r, ctl_write_trouble(r->c, name));
}

static bool piece_bytes(struct restoring *r, sv bytes)
{
    while (bytes.n) {
        ssize_t n = write(r->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fault(r, ctl_write_trouble(r->c, sv_c(r->at)));
        bytes = sv_from(bytes, (size_t)n);
    }
    return true;
}

static bool piece_end(struct restoring *r)
{
    bool synced = fsync(r->fd) == 0;

    fd_close(&r->fd);
    if (!synced)
        return fault(r, ctl_write_trouble(r->c, sv_c(r->at)));
    r->pieces++;
    r->bytes += r->in->bytes;
    if (!piece_whole(r, sv_c(r->at)))
        return false;
    if (!r->keep && sv_starts(sv_c(r->at), SV("tenants/")))
        unlinkat(r->dir, r->at, 0);
    return true;
}

static const struct backup_tenant *found(const struct restoring *r, int64_t number)
{
    for (size_t i = 0; i < r->found.n; i++)
        if (r->found.v[i].number == number)
            return &r->found.v[i];
    return NULL;
}

/* The manifest says how many rows each log had, and their root, as the tenant's own process saw them. */
static bool manifest_holds(struct restoring *r, sv text)
{
    struct json_value v = {0};
    const struct json_value *list;
    size_t n = 0;

    if (!json_read(r->c->arena, text, &v, NULL) || !(list = json_get(&v, SV("tenants"))))
        return altered(r, SV("the manifest"), "it has no form", 0);
    for (const struct json_value *t = list->child; t; t = t->next, n++) {
        const struct json_value *number = json_get(t, SV("number")), *rows = json_get(t, SV("audit_rows")), *root = json_get(t, SV("audit_root"));
        id64 id = ID_NONE;
        const struct backup_tenant *f = number && sv_id(number->text, &id) ? found(r, id.n) : NULL;
        if (!f || !rows || !root || rows->i != f->audit_rows || !sv_equal(root->text, f->audit_root))
            return altered(r, sv_printf(r->c->arena, "tenants/%" PRId64, id.n), "its log is another than was saved, or it is missing", 0);
    }
    if (n != r->found.n || n != r->registered)
        return altered(r, SV("the manifest"), "it names other tenants than the backup holds", 0);
    return true;
}

static bool unpack(struct restoring *r)
{
    sv payload = SV("");

    for (;;) {
        bool ok;
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
        case BACKUP_END:
            return manifest_holds(r, payload);
        default:
            return damaged(r);
        }
        if (!ok)
            return false;
    }
}

/* ---- keys ---- */

static bool first_line(struct restoring *r, sv path, sv *out)
{
    sv text;

    if (!ctl_file(r->c->arena, path, SECRET_FILE_MAX, &text))
        return fault(r, CTL_FILE);
    return sv_cut(&text, '\n', out) || (*out = SV(""), true);
}

/* Of a recovery file by its passphrase, or of a copy of master.key. */
static bool master_get(struct restoring *r)
{
    struct ctl *c = r->c;
    sv given = ctl_value(c, "--key"), phrase_file = ctl_value(c, "--passphrase-file"), file, phrase;
    sv path = given.p ? given : sv_printf(c->arena, "%.*s/keys/master.key", SV_ARG(c->data));
    const char *name, *why = "";

    if (!ctl_file(c->arena, path, SECRET_FILE_MAX, &file))
        return fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: the installation's master key is needed: --key FILE names a copy of "
                                    "keys/master.key or a recovery file", SV_ARG(path)));
    if (recovery_is(file)) {
        if (!phrase_file.p)
            return fault(r, ctl_trouble(c, CTL_FILE, "passphrase", "%.*s is a recovery file: --passphrase-file is missing", SV_ARG(path)));
        if (!first_line(r, phrase_file, &phrase))
            return false;
        return recovery_get(file, phrase, &r->master, &why)
            || fault(r, ctl_trouble(c, CTL_REFUSED, "wrong_key", "%.*s: %s", SV_ARG(path), why));
    }
    FD folder = ctl_folder_of(c->arena, path, &name);
    return keystore_master_read(folder, name, &r->master, &why)
        || fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: %s", SV_ARG(path), why));
}

/* The wrapped keys go into keys/ of the folder that is filled. */
static bool keys_get(struct restoring *r, sv backup)
{
    struct ctl *c = r->c;
    sv path = ctl_value(c, "--keys"), file;
    size_t slash = backup.n;
    const char *why = "";

    while (slash && backup.p[slash - 1] != '/')
        slash--;
    if (!path.p)
        path = sv_printf(c->arena, "%.*s" KEYS_NAME, SV_ARG(sv_upto(backup, slash)));
    if (!ctl_file(c->arena, path, KEYS_FILE_MAX, &file))
        return fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: the copy of the keys that was written with the newest backup is needed: "
                                    "--keys FILE", SV_ARG(path)));
    if (mkdirat(r->dir, "keys", 0700) < 0)
        return fault(r, ctl_write_trouble(c, SV("keys")));
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys < 0 || !keys_spread(file, keys, &why))
        return fault(r, ctl_trouble(c, CTL_REFUSED, "damaged", "%.*s: %s", SV_ARG(path), keys < 0 ? strerror(errno) : why));
    for (size_t i = 0; i < 3; i++) {
        static const char *const own[] = {"pepper.key", "sign.key", "backup.key"};
        if (faccessat(keys, own[i], F_OK, 0) < 0)         /* keyd would make a new one, with which nothing old agrees */
            return fault(r, ctl_trouble(c, CTL_REFUSED, "missing_key", "%.*s: %s is not in it", SV_ARG(path), own[i]));
    }
    r->keys = keystore_open_with(dup(keys), &r->master, &why);
    return r->keys || fault(r, ctl_trouble(c, CTL_REFUSED, "wrong_key", "%.*s: %s: the master key is of another installation", SV_ARG(path), why));
}

/* ---- the backup ---- */

/* A folder stands for the newest whole backup in it. */
static sv newest(struct restoring *r, sv path)
{
    DIR *d = opendir(sv_cstr(r->c->arena, path));
    sv best = SV("");

    for (struct dirent *e; d && (e = readdir(d));) {
        sv name = sv_c(e->d_name);
        if (sv_starts(name, SV("engawa-")) && sv_ends(name, SV(BACKUP_TAIL)) && sv_compare(name, best) > 0)
            best = sv_dup(r->c->arena, name);
    }
    if (d)
        closedir(d);
    return d && best.n ? sv_printf(r->c->arena, "%.*s/%.*s", SV_ARG(path), SV_ARG(best)) : d ? SV_NONE : path;
}

static bool source(struct restoring *r, sv from)
{
    sv path = newest(r, from);
    SECRET key = {0};

    if (!path.p)
        return fault(r, ctl_trouble(r->c, CTL_FILE, "no_backup", "%.*s holds no backup", SV_ARG(from)));
    int fd = open(sv_cstr(r->c->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault(r, ctl_trouble(r->c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(path), strerror(errno)));
    if (!backup_id_read(fd, r->id)) {
        close(fd);
        return fault(r, ctl_trouble(r->c, CTL_REFUSED, "not_a_backup", "%.*s: damaged at byte 0, at its beginning: it does not begin as a backup does",
                                    SV_ARG(path)));
    }
    if (!master_get(r) || !keys_get(r, path)) {
        close(fd);
        return false;
    }
    keystore_backup(r->keys, sv_n(r->id, sizeof(r->id)), &key);
    r->in = backup_in_new(fd, r->id, &key);
    ctl_progress(r->c, "%.*s", SV_ARG(path));
    return true;
}

static void done_with(struct restoring *r)
{
    fd_close(&r->fd);
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
    json_int(&j, "tenants", (int64_t)r->found.n);
    json_close(&j);
    ctl_print(r->c, str_sv(&text));
    return CTL_DONE;
}

int ctl_backup_verify(struct ctl *c)
{
    struct restoring r = {.c = c, .dir = -1, .fd = -1, .rc = CTL_DONE};
    sv scratch = ctl_value(c, "--scratch");
    char *path = sv_cstr(c->arena, sv_printf(c->arena, "%.*s/engawa-verify-XXXXXX", SV_ARG(scratch.p ? scratch : SV("/var/tmp"))));

    crypt_warm();
    umask(077);
    signal(SIGXFSZ, SIG_IGN);
    if (!mkdtemp(path))
        return ctl_write_trouble(c, sv_c(path));
    r.path = path;
    r.dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = r.dir >= 0 && source(&r, ctl_value(c, "BACKUP")) && unpack(&r);
    done_with(&r);
    fd_close(&r.dir);
    remove_tree(AT_FDCWD, path);
    return ok ? report(&r) : r.rc;
}

/* ---- restoring ---- */

/* False where there is something: nothing is ever written over. */
static bool free_place(struct restoring *r, sv to)
{
    DIR *d = opendir(sv_cstr(r->c->arena, to));
    bool empty = true;

    if (!d)
        return errno == ENOENT || fault(r, ctl_trouble(r->c, CTL_FILE, "not_empty", "%.*s: %s", SV_ARG(to), strerror(errno)));
    for (struct dirent *e; (e = readdir(d));)
        empty &= sv_equal(sv_c(e->d_name), SV(".")) || sv_equal(sv_c(e->d_name), SV(".."));
    closedir(d);
    return empty || fault(r, ctl_trouble(r->c, CTL_FILE, "not_empty", "%.*s is not empty: name a new folder, nothing is overwritten", SV_ARG(to)));
}

static bool finish(struct restoring *r, sv to)
{
    static const char *const more[] = {"tls", "run", "tenants", "registry"};
    const char *why = "";
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (keys < 0 || !keystore_master_write(keys, &r->master, &why))
        return fault(r, ctl_trouble(r->c, CTL_FILE, "unwritable", "keys: %s", why));
    for (size_t i = 0; i < COUNT(more); i++)
        if (mkdirat(r->dir, more[i], 0700) < 0 && errno != EEXIST)
            return fault(r, ctl_write_trouble(r->c, sv_c(more[i])));
    if (fsync(r->dir) < 0 || rename(r->path, sv_cstr(r->c->arena, to)) < 0)
        return fault(r, ctl_write_trouble(r->c, to));
    return true;
}

int ctl_restore(struct ctl *c)
{
    struct restoring r = {.c = c, .keep = true, .dir = -1, .fd = -1, .rc = CTL_DONE};
    sv to = ctl_value(c, "--to");

    while (to.n > 1 && to.p[to.n - 1] == '/')
        to.n--;
    r.path = sv_cstr(c->arena, sv_printf(c->arena, "%.*s" PART_TAIL, SV_ARG(to)));
    crypt_warm();
    umask(077);
    signal(SIGXFSZ, SIG_IGN);
    if (!free_place(&r, to))
        return r.rc;
    remove_tree(AT_FDCWD, r.path);                        /* of a restore that was broken off */
    if (mkdir(r.path, 0700) < 0)
        return ctl_write_trouble(c, sv_c(r.path));
    r.dir = open(r.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = r.dir >= 0 && source(&r, ctl_value(c, "--from")) && unpack(&r) && finish(&r, to);
    done_with(&r);
    fd_close(&r.dir);
    if (!ok) {
        remove_tree(AT_FDCWD, r.path);
        return r.rc;
    }
    report(&r);
    ctl_progress(c, "Restored to %.*s. Put the certificate and its key where its engawa.conf says (tls/ is not in a backup), look at "
                    "listen and origin there, then: engawad --data %.*s", SV_ARG(to), SV_ARG(to));
    return CTL_DONE;
}

/* ---- the recovery file ---- */

int ctl_key_export(struct ctl *c)
{
    struct restoring r = {.c = c, .dir = -1, .fd = -1, .rc = CTL_DONE};
    struct str out = STR_IN(c->arena);
    sv to = ctl_value(c, "--to"), phrase;
    const char *name;

    crypt_warm();
    umask(077);
    FD folder = ctl_folder_of(c->arena, to, &name);
    if (folder < 0)
        return ctl_write_trouble(c, to);
    if (faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return ctl_trouble(c, CTL_FILE, "exists", "%.*s is there already, and is not overwritten", SV_ARG(to));
    if (!first_line(&r, ctl_value(c, "--passphrase-file"), &phrase) || !master_get(&r))
        return r.rc;
    if (phrase.n < 12)
        return ctl_trouble(c, CTL_FILE, "passphrase", "a passphrase of 12 characters at least: this file opens the whole installation");
    recovery_put(&r.master, phrase, &out);
    secret_wipe(&r.master);
    if (!ctl_file_put(folder, name, str_sv(&out), 0600))
        return ctl_write_trouble(c, to);
    ctl_progress(c, "%.*s opens with the passphrase alone. Keep it and backups at different places.", SV_ARG(to));
    return CTL_DONE;
}
