/* role/ctl_keys.c: the keys that open a backup: the master key of a file or of a recovery file, the wrapped ones of engawa.keys. */
#include "role/ctl_restore.h"

#include "role/keys_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_FILE_MAX 8192

static bool first_line(struct restoring *r, sv path, sv *out)
{
    sv text;

    if (!ctl_file(r->c->arena, path, SECRET_FILE_MAX, &text))
        return restoring_fault(r, CTL_FILE);
    return sv_cut(&text, '\n', out) || (*out = SV(""), true);
}

/* Of a recovery file by its passphrase, or of a copy of master.key. */
bool restoring_master(struct restoring *r)
{
    struct ctl *c = r->c;
    sv given = ctl_value(c, "--key"), phrase_file = ctl_value(c, "--passphrase-file"), file, phrase;
    sv path = given.p ? given : sv_printf(c->arena, "%.*s/keys/master.key", SV_ARG(c->data));
    const char *name, *why = "";

    if (!ctl_file(c->arena, path, SECRET_FILE_MAX, &file))
        return restoring_fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: the installation's master key is needed: --key FILE names a copy of "
                                    "keys/master.key or a recovery file", SV_ARG(path)));
    if (recovery_is(file)) {
        if (!phrase_file.p)
            return restoring_fault(r, ctl_trouble(c, CTL_FILE, "passphrase", "%.*s is a recovery file: --passphrase-file is missing", SV_ARG(path)));
        if (!first_line(r, phrase_file, &phrase))
            return false;
        return recovery_get(file, phrase, &r->master, &why)
            || restoring_fault(r, ctl_trouble(c, CTL_REFUSED, "wrong_key", "%.*s: %s", SV_ARG(path), why));
    }
    FD folder = ctl_folder_of(c->arena, path, &name);
    return keystore_master_read(folder, name, &r->master, &why)
        || restoring_fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: %s", SV_ARG(path), why));
}

/* Who can write to the place of the backups cannot have a company left out: only keyd says that its keys were destroyed. */
static bool gone_authentic(struct restoring *r, int keys)
{
    int copy = openat(keys, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    int64_t number, ms;
    bool ok = d != NULL;
    char kind;

    if (!d)
        fd_close(&copy);
    for (struct dirent *e; ok && (e = readdir(d));)
        if (keystore_name(sv_c(e->d_name), &kind, &number) && kind == 'x')
            ok = keystore_gone(r->keys, number, &ms) && ms;
    if (d)
        closedir(d);
    return ok || restoring_fault(r, ctl_trouble(r->c, CTL_REFUSED, "damaged", KEYS_NAME ": what says that a company's keys were destroyed is not "
                                                "authentic"));
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
        return restoring_fault(r, ctl_trouble(c, CTL_FILE, "no_keys", "%.*s: the copy of the keys that was written with the newest backup is needed: "
                                    "--keys FILE", SV_ARG(path)));
    if (mkdirat(r->dir, "keys", 0700) < 0)
        return restoring_fault(r, ctl_write_trouble(c, SV("keys")));
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys < 0 || !keys_spread(file, keys, &why))
        return restoring_fault(r, ctl_trouble(c, CTL_REFUSED, "damaged", "%.*s: %s", SV_ARG(path), keys < 0 ? strerror(errno) : why));
    for (size_t i = 0; i < 3; i++) {
        static const char *const own[] = {"pepper.key", "sign.key", "backup.key"};
        if (faccessat(keys, own[i], F_OK, 0) < 0)         /* keyd would make a new one, with which nothing old agrees */
            return restoring_fault(r, ctl_trouble(c, CTL_REFUSED, "missing_key", "%.*s: %s is not in it", SV_ARG(path), own[i]));
    }
    r->keys = keystore_open_with(dup(keys), &r->master, &why);
    return (r->keys && gone_authentic(r, keys)) || r->rc != CTL_DONE || restoring_fault(r, ctl_trouble(c, CTL_REFUSED, "wrong_key", "%.*s: %s: the master key is of another installation", SV_ARG(path), why));
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

bool restoring_source(struct restoring *r, sv from)
{
    sv path = newest(r, from);
    SECRET key = {0};

    if (!path.p)
        return restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "no_backup", "%.*s holds no backup", SV_ARG(from)));
    int fd = open(sv_cstr(r->c->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return restoring_fault(r, ctl_trouble(r->c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(path), strerror(errno)));
    if (!backup_id_read(fd, r->id)) {
        close(fd);
        return restoring_fault(r, ctl_trouble(r->c, CTL_REFUSED, "not_a_backup", "%.*s: damaged at byte 0, at its beginning: it does not begin as a backup does",
                                    SV_ARG(path)));
    }
    if (!restoring_master(r) || !keys_get(r, path)) {
        close(fd);
        return false;
    }
    keystore_backup(r->keys, sv_n(r->id, sizeof(r->id)), &key);
    r->in = backup_in_new(fd, r->id, &key);
    r->file = path;
    ctl_progress(r->c, "%.*s", SV_ARG(path));
    return true;
}

int ctl_passphrase(struct ctl *c, sv path, sv *out)
{
    struct restoring r = {.c = c, .rc = CTL_DONE};

    if (!first_line(&r, path, out))
        return r.rc;
    return out->n >= 12 ? CTL_DONE
                        : ctl_trouble(c, CTL_FILE, "passphrase", "a passphrase of 12 characters at least: this file opens the whole installation");
}
