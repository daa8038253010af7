/* role/ctl_backup.c: engawactl backup: a copy of a house in use. Heads of the logs first, then the registry, then tenant after
 * tenant: each database is as of one moment, and holds whatever had been acknowledged and signed before. What is read here
 * is encrypted under keys that this program does not have. The file has its name only when it was read again whole. */
#include "role/ctl_backup.h"

#include "base/clock.h"
#include "base/rand.h"
#include "role/headlog.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADS_MAX (512u * 1024 * 1024)
#define CONF_MAX  (64 * 1024)
#define DEPTH_MAX 6

struct making {
    struct ctl *c;
    int data, target;                                     /* folders: the installation's, the backup's */
    const char *name, *part;
    unsigned char id[BACKUP_ID];
    struct secret key;
    struct backup_out *out;
    int64_t begun_ms;
    sv cipher, version;
    struct backup_tenant registry;                        /* of the operators' log */
    VEC(struct backup_tenant) tenants;
    int rc;                                               /* what is wrong */
};

/* ---- what both directions use ---- */

static void error_object(struct json *j, const char *code, const char *sentence)
{
    json_open(j, "error");
    json_text(j, "code", sv_c(code));
    json_text(j, "message", sv_c(sentence));
    json_close(j);
}

int ctl_trouble(const struct ctl *c, int exit_code, const char *code, const char *fmt, ...)
{
    struct str text = {0}, json = {0};
    char sentence[600];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(sentence, sizeof(sentence), fmt, ap);
    va_end(ap);
    if (c->hold) {
        if (!c->hold->code) {
            c->hold->code = code;
            memcpy(c->hold->sentence, sentence, sizeof(sentence));
        }
        return exit_code;
    }
    if (c->json) {
        struct json j = JSON_TO(&json);
        json_open(&j, NULL);
        error_object(&j, code, sentence);
        json_close(&j);
        printf("%.*s\n", SV_ARG(str_sv(&json)));
    }
    fprintf(stderr, "engawactl: %s (%s)\n", sentence, code);
    str_release(&text);
    str_release(&json);
    return exit_code;
}

int ctl_write_trouble(const struct ctl *c, sv path)
{
    int e = errno;
    bool full = e == ENOSPC || e == EDQUOT || e == EFBIG;

    return ctl_trouble(c, CTL_FILE, full ? "full" : "unwritable", "%.*s: %s%s", SV_ARG(path), strerror(e),
                       full ? ": make room there, or write to another place" : "");
}

void ctl_progress(const struct ctl *c, const char *fmt, ...)
{
    va_list ap;

    if (c->json)
        return;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

sv ctl_size(struct arena *a, int64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    double n = (double)bytes / 1024;
    size_t u = 0;

    for (; n >= 1024 && u + 1 < COUNT(units); u++)
        n /= 1024;
    return sv_printf(a, "%.1f %s", n, units[u]);
}

bool ctl_file_put(int dir, const char *name, sv bytes, mode_t mode)
{
    struct arena *a = arena_new(1024);
    const char *part = sv_cstr(a, sv_printf(a, "%s" PART_TAIL, name));
    bool ok = false;

    unlinkat(dir, part, 0);
    FD fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd >= 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n >= 0 && n < (ssize_t)bytes.n)
            errno = ENOSPC;
        ok = n == (ssize_t)bytes.n && fsync(fd) == 0 && renameat(dir, part, dir, name) == 0 && fsync(dir) == 0;
        int e = errno;
        if (!ok)
            unlinkat(dir, part, 0);
        errno = e;
    }
    arena_free(&a);
    return ok;
}

void ctl_remove_tree(int dir, const char *name)
{
    FD sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int copy = sub < 0 ? -1 : dup(sub);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);

    for (struct dirent *e; d && (e = readdir(d));)
        if (!sv_equal(sv_c(e->d_name), SV(".")) && !sv_equal(sv_c(e->d_name), SV("..")) && unlinkat(sub, e->d_name, 0) < 0)
            ctl_remove_tree(sub, e->d_name);
    if (d)
        closedir(d);
    unlinkat(dir, name, AT_REMOVEDIR);
}

int ctl_folder_of(struct arena *a, sv path, const char **name)
{
    size_t slash = path.n;

    while (slash && path.p[slash - 1] != '/')
        slash--;
    *name = sv_cstr(a, sv_from(path, slash));
    return open(slash ? sv_cstr(a, sv_upto(path, slash)) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- pieces ---- */

static bool fault(struct making *m, int rc)
{
    m->rc = rc;
    return false;
}

static bool written(struct making *m, bool ok)
{
    return ok || fault(m, ctl_write_trouble(m->c, sv_c(m->part)));
}

static bool piece(struct making *m, sv name, sv bytes)
{
    return written(m, backup_piece(m->out, name) && backup_data(m->out, bytes) && backup_piece_end(m->out));
}

/* A file of a role's folder is read as bytes; the role may not lead us elsewhere, by a link of either kind. */
static int open_plain(int dir, const char *path, struct stat *st)
{
    int fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return -1;
    if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_nlink == 1)
        return fd;
    close(fd);
    errno = EPERM;
    return -1;
}

static bool copy(struct making *m, int fd, sv name)
{
    char *buffer = arena_alloc(m->c->arena, BACKUP_DATA);
    bool ok = backup_piece(m->out, name);
    ssize_t n = 0;

    while (ok && (n = read(fd, buffer, BACKUP_DATA)) > 0)
        ok = backup_data(m->out, sv_n(buffer, (size_t)n));
    if (n < 0)
        return fault(m, ctl_trouble(m->c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(name), strerror(errno)));
    return written(m, ok && backup_piece_end(m->out));
}

static bool piece_of(struct making *m, int dir, const char *path, sv name)
{
    struct stat st;
    FD fd = open_plain(dir, path, &st);

    if (fd < 0)
        return fault(m, ctl_trouble(m->c, CTL_FILE, "unreadable", "%s: %s", path, strerror(errno)));
    return copy(m, fd, name);
}

/* ---- the house ---- */

static bool call(struct making *m, const char *op, sv json, struct json_value *out)
{
    int rc = ctl_own(m->c, op, json, out);

    return rc == CTL_DONE || fault(m, rc);
}

static bool begin(struct making *m, struct json_value *answer)
{
    struct str json = STR_IN(m->c->arena), id = STR_IN(m->c->arena);
    sv key;

    rand_bytes(m->id, sizeof(m->id));
    hex_put(&id, sv_n(m->id, sizeof(m->id)));
    str_printf(&json, "{\"id\":\"%.*s\"}", SV_ARG(str_sv(&id)));
    m->begun_ms = clock_ms();
    if (!call(m, "backup.begin", str_sv(&json), answer))
        return false;
    if (!hex_read(m->c->arena, ctl_text_of(answer, "key"), &key) || !secret_set(&m->key, key) || key.n != 32)
        return fault(m, ctl_trouble(m->c, CTL_NO_SERVER, "unreadable", "the server gave no key for the backup"));
    m->cipher = ctl_text_of(answer, "cipher");
    m->version = ctl_text_of(answer, "version");
    return true;
}

/* Files beside the database, whatever they are: made before the copy, they are in it or wanted by nobody. */
static bool others(struct making *m, int folder, sv under, int depth)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    bool ok = true;

    for (struct dirent *e; d && ok && (e = readdir(d));) {
        sv name = sv_c(e->d_name), path = sv_printf(m->c->arena, "%.*s/%s", SV_ARG(under), e->d_name);
        struct stat st;
        bool database = depth == 0 && (sv_starts(name, SV("tenant.")) || sv_starts(name, SV("snapshot.db")));
        if (name.p[0] == '.' || database || path.n > BACKUP_NAME || fstatat(folder, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
            FD sub = openat(folder, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            ok = sub < 0 || others(m, sub, path, depth + 1);
        } else if (S_ISREG(st.st_mode)) {
            FD fd = open_plain(folder, e->d_name, &st);
            ok = fd < 0 || copy(m, fd, path);             /* gone meanwhile: nobody wants it any more */
        }
    }
    if (d)
        closedir(d);
    return ok;
}

/* What the process whose database it is saw in its tables; nobody who has the backup alone could say it. */
static bool tables(struct making *m, const struct json_value *answer)
{
    const struct json_value *list = json_get(answer, SV("tables"));
    struct str text = STR_IN(m->c->arena);
    struct json j = JSON_TO(&text);

    if (!list || list->type != JSON_ARRAY)
        return fault(m, ctl_trouble(m->c, CTL_NO_SERVER, "unreadable", "the server said nothing of the tables"));
    json_open(&j, NULL);
    json_raw(&j, "tables", json_write(m->c->arena, list));
    json_close(&j);
    return written(m, backup_tables(m->out, str_sv(&text)));
}

static bool tenant(struct making *m, const struct json_value *row, size_t i, size_t n)
{
    sv number = ctl_text_of(row, "number"), workgroup = ctl_text_of(row, "workgroup"), folder_name;
    struct backup_tenant *t = PUSH(m->c->arena, &m->tenants);
    struct json_value answer = {0};
    id64 id;

    if (!sv_id(number, &id))
        return fault(m, ctl_trouble(m->c, CTL_NO_SERVER, "unreadable", "the server named no tenant's number"));
    if (!call(m, "backup.tenant", sv_printf(m->c->arena, "{\"number\":\"%.*s\"}", SV_ARG(number)), &answer))
        return false;
    *t = (struct backup_tenant){.number = id.n, .workgroup = workgroup, .audit_rows = ctl_number_of(&answer, "audit_rows"),
                                .audit_root = ctl_text_of(&answer, "audit_root"), .objects = ctl_number_of(&answer, "objects"),
                                .object_bytes = ctl_number_of(&answer, "object_bytes")};
    folder_name = sv_printf(m->c->arena, "tenants/%.*s", SV_ARG(number));
    FD folder = openat(m->data, sv_cstr(m->c->arena, folder_name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return fault(m, ctl_trouble(m->c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(folder_name), strerror(errno)));
    bool ok = piece_of(m, folder, "snapshot.db", sv_printf(m->c->arena, "%.*s/tenant.db", SV_ARG(folder_name)))
           && tables(m, &answer) && others(m, folder, folder_name, 0);
    unlinkat(folder, "snapshot.db", 0);
    if (ok)
        ctl_progress(m->c, "  %zu/%zu  %.*s  %.*s, %" PRId64 " rows of the log", i, n,
                     SV_ARG(workgroup.n ? workgroup : SV("(unknown names)")),
                     SV_ARG(ctl_size(m->c->arena, ctl_number_of(&answer, "bytes"))), t->audit_rows);
    return ok;
}

static bool tenants(struct making *m, const struct json_value *answer)
{
    const struct json_value *list = json_get(answer, SV("tenants"));
    size_t n = 0, i = 0;

    for (const struct json_value *t = list ? list->child : NULL; t; t = t->next)
        n++;
    for (const struct json_value *t = list ? list->child : NULL; t; t = t->next)
        if (!tenant(m, t, ++i, n))
            return false;
    return true;
}

static bool registry(struct making *m, const struct json_value *answer)
{
    const struct json_value *said = json_get(answer, SV("registry"));
    FD folder = openat(m->data, "registry", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool ok = piece_of(m, folder, "snapshot.db", SV("registry/registry.db")) && tables(m, said);

    m->registry = (struct backup_tenant){.audit_rows = ctl_number_of(said, "audit_rows"), .audit_root = ctl_text_of(said, "audit_root")};
    unlinkat(folder, "snapshot.db", 0);
    return ok;
}

static void manifest(struct making *m, struct str *out)
{
    struct json j = JSON_TO(out);

    json_open(&j, NULL);
    json_text(&j, "version", m->version);
    json_text(&j, "cipher", m->cipher);
    json_time(&j, "begun", m->begun_ms);
    json_time(&j, "ended", clock_ms());
    json_open(&j, "registry");
    json_int(&j, "audit_rows", m->registry.audit_rows);
    json_text(&j, "audit_root", m->registry.audit_root);
    json_close(&j);
    json_list(&j, "tenants");
    for (size_t i = 0; i < m->tenants.n; i++) {
        json_open(&j, NULL);
        json_id(&j, "number", (id64){m->tenants.v[i].number});
        json_text(&j, "workgroup", m->tenants.v[i].workgroup);
        json_int(&j, "audit_rows", m->tenants.v[i].audit_rows);
        json_text(&j, "audit_root", m->tenants.v[i].audit_root);
        if (m->tenants.v[i].objects) {
            json_int(&j, "objects", m->tenants.v[i].objects);
            json_int(&j, "object_bytes", m->tenants.v[i].object_bytes);
        }
        json_close(&j);
    }
    json_list_end(&j);
    json_close(&j);
}

/* ---- the file ---- */

/* Every record and digest once more from the disk, before it may be called a backup. */
static bool read_again(struct making *m)
{
    int fd = openat(m->target, m->part, O_RDONLY | O_CLOEXEC);
    struct backup_in *in = fd < 0 ? NULL : backup_in_new(fd, m->id, &m->key);
    enum backup_kind kind = BACKUP_DAMAGED;
    sv payload;

    while (in && (kind = backup_next(in, &payload)) != BACKUP_END && kind != BACKUP_DAMAGED)
        continue;
    bool ok = kind == BACKUP_END;
    if (!ok)
        fault(m, ctl_trouble(m->c, CTL_FILE, "damaged", "%s does not read back as it was written: %s. Look at that disk", m->part,
                             in ? in->why : strerror(errno)));
    if (in)
        backup_in_free(&in);
    return ok;
}

static bool target_of(struct making *m)
{
    sv to = ctl_value(m->c, "--to");
    struct stat st;

    if (stat(sv_cstr(m->c->arena, to), &st) == 0 && S_ISDIR(st.st_mode)) {
        struct str time = STR_IN(m->c->arena), name = STR_IN(m->c->arena);
        time_put(&time, clock_ms());                      /* 2026-11-26T17:40:11.000Z */
        str_c(&name, "engawa-");
        for (size_t i = 0; i < 19; i++)
            if (time.p[i] != '-' && time.p[i] != ':')
                str_char(&name, time.p[i]);
        str_c(&name, "Z" BACKUP_TAIL);
        to = sv_printf(m->c->arena, "%.*s/%.*s", SV_ARG(to), SV_ARG(str_sv(&name)));
    }
    m->target = ctl_folder_of(m->c->arena, to, &m->name);
    if (m->target < 0)
        return fault(m, ctl_write_trouble(m->c, to));
    if (!m->name[0] || faccessat(m->target, m->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return fault(m, ctl_trouble(m->c, CTL_FILE, "exists", "%.*s is there already, and is not overwritten", SV_ARG(to)));
    m->part = sv_cstr(m->c->arena, sv_printf(m->c->arena, "%s" PART_TAIL, m->name));
    return true;
}

static bool part_new(struct making *m)
{
    unlinkat(m->target, m->part, 0);                      /* of a backup that was broken off */
    int fd = openat(m->target, m->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    m->out = fd < 0 ? NULL : backup_out_new(fd, m->id, &m->key);
    return written(m, m->out != NULL);
}

static bool heads_read(struct making *m, sv *heads)
{
    sv path = sv_printf(m->c->arena, "%.*s/keys/heads.log", SV_ARG(m->c->data));

    if (!ctl_file(m->c->arena, path, HEADS_MAX, heads))
        return fault(m, CTL_FILE);
    *heads = sv_upto(*heads, heads->n - heads->n % HEAD_RECORD);   /* one that was just being written is signed later */
    return true;
}

static bool conf_read(struct making *m, sv *conf)
{
    return ctl_file(m->c->arena, sv_printf(m->c->arena, "%.*s/engawa.conf", SV_ARG(m->c->data)), CONF_MAX, conf) || fault(m, CTL_FILE);
}

/* The keys' copy is always the newest: what was destroyed is gone from it, here and at every other place that is known. */
static bool keys_put(struct making *m)
{
    struct str keys = STR_IN(m->c->arena);
    sv to = ctl_value(m->c, "--keys-to");
    int64_t change;
    FD elsewhere = to.p ? open(sv_cstr(m->c->arena, to), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (to.p && elsewhere < 0)
        return fault(m, ctl_write_trouble(m->c, to));
    int rc = ctl_keys_gather(m->c, &keys, &change);
    if (rc == CTL_DONE)
        rc = ctl_keys_put(m->c, to.p ? elsewhere : m->target, str_sv(&keys), change);
    return rc == CTL_DONE || fault(m, rc);
}

static bool fill(struct making *m)
{
    struct json_value answer = {0};
    struct str last = STR_IN(m->c->arena);
    sv heads, conf;

    if (!conf_read(m, &conf) || !heads_read(m, &heads) || !begin(m, &answer) || !part_new(m))
        return false;
    if (!piece(m, SV("engawa.conf"), conf) || !piece(m, SV("keys/heads.log"), heads) || !registry(m, &answer) || !tenants(m, &answer))
        return false;
    manifest(m, &last);
    return written(m, backup_out_end(m->out, str_sv(&last)));
}

/* Keys first: no backup stands anywhere without them. */
static bool publish(struct making *m)
{
    if (!read_again(m) || !keys_put(m))
        return false;
    if (renameat2(m->target, m->part, m->target, m->name, RENAME_NOREPLACE) == 0
        || (errno == EINVAL && renameat(m->target, m->part, m->target, m->name) == 0))
        return fsync(m->target) == 0 || fault(m, ctl_write_trouble(m->c, sv_c(m->name)));
    return fault(m, ctl_write_trouble(m->c, sv_c(m->name)));
}

/* So that the installation raises an alarm today, and not when a day has passed without a backup. */
static void tell_failed(struct making *m, sv why)
{
    struct str text = STR_IN(m->c->arena), error = STR_IN(m->c->arena);

    ctl_call(m->c, SV("backup.failed"), SV(""),
             sv_printf(m->c->arena, "{\"begun\":%" PRId64 ",\"why\":\"%.*s\"}", m->begun_ms, SV_ARG(why)), &text, &error);
}

/* The backup is whole, whatever comes now: what is not reached is said, and what went wrong with saying it. One object by --json. */
static void report(struct making *m, int64_t bytes, struct held_trouble *why)
{
    struct json_value answer = {0};
    struct str id = STR_IN(m->c->arena), text = STR_IN(m->c->arena);
    struct json j = JSON_TO(&text);
    size_t left;

    hex_put(&id, sv_n(m->id, sizeof(m->id)));
    call(m, "backup.done", sv_printf(m->c->arena, "{\"id\":\"%.*s\",\"begun\":%" PRId64 ",\"bytes\":%" PRId64 ",\"tenants\":%zu}",
                                     SV_ARG(str_sv(&id)), m->begun_ms, bytes, m->tenants.n), &answer);
    json_open(&j, NULL);
    json_text(&j, "file", sv_c(m->name));
    json_int(&j, "bytes", bytes);
    json_int(&j, "tenants", (int64_t)m->tenants.n);
    int64_t objects = 0, object_bytes = 0;
    for (size_t i = 0; i < m->tenants.n; i++) {
        objects += m->tenants.v[i].objects;
        object_bytes += m->tenants.v[i].object_bytes;
    }
    json_int(&j, "objects", objects);
    json_int(&j, "object_bytes", object_bytes);
    if (!m->c->json)
        printf("%s: whole, %.*s, %zu tenants\n"
               "It opens with " KEYS_NAME " and a copy of keys/master.key (or a recovery file: engawactl key export), which is not in it.\n",
               m->name, SV_ARG(ctl_size(m->c->arena, bytes)), m->tenants.n);
    if (objects && !m->c->json)
        printf("%" PRId64 " files (%.*s) lie in the store of engawa.conf and are not in it: the bucket is kept by its own means (versions, a copy).\n",
               objects, SV_ARG(ctl_size(m->c->arena, object_bytes)));
    json_list(&j, "unreached");
    ctl_keys_spread(m->c, false, &left, &j);
    json_list_end(&j);
    if (why->code)
        error_object(&j, why->code, why->sentence);
    json_close(&j);
    if (m->c->json)
        ctl_print(m->c, str_sv(&text));
    if (why->code)
        fprintf(stderr, "engawactl: %s (%s)\n", why->sentence, why->code);
}

/* One at a time: the tenants' copies have one name. */
static bool alone(struct making *m, int *lock)
{
    *lock = openat(m->data, "run/backup.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*lock < 0)
        return fault(m, ctl_trouble(m->c, CTL_FILE, "unreadable", "%.*s/run: %s", SV_ARG(m->c->data), strerror(errno)));
    return flock(*lock, LOCK_EX | LOCK_NB) == 0
        || fault(m, ctl_trouble(m->c, CTL_FILE, "busy", "another backup of this installation is being made: wait for its end"));
}

/* What went wrong is said when the installation has heard of it. One that was not to begin is none that failed. */
static int failed(struct making *m, const struct held_trouble *why)
{
    sv code = why->code ? sv_c(why->code) : m->c->refused.n ? m->c->refused : SV("refused");

    if (m->rc != CTL_NO_SERVER && !sv_equal(code, SV("busy")) && !sv_equal(code, SV("exists")))
        tell_failed(m, code);
    if (why->code)
        return ctl_trouble(m->c, m->rc, why->code, "%s", why->sentence);
    struct str text = STR_IN(m->c->arena);
    struct json j = JSON_TO(&text);
    json_open(&j, NULL);
    error_object(&j, m->rc == CTL_NO_SERVER ? "no_server" : m->rc == CTL_FILE ? "unreadable" : "refused", "it is said on the standard error");
    json_close(&j);
    if (m->c->json)
        ctl_print(m->c, str_sv(&text));
    return m->rc;
}

int ctl_backup(struct ctl *c)
{
    struct making m = {.c = c, .rc = CTL_DONE, .target = -1, .begun_ms = clock_ms()};
    struct held_trouble why = {0};
    FD data = open(sv_cstr(c->arena, c->data), O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock = -1;

    crypt_warm();
    umask(077);
    signal(SIGXFSZ, SIG_IGN);                             /* a limit of file sizes is said as a full disk is */
    m.data = data;
    if (data < 0)
        return ctl_trouble(c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(c->data), strerror(errno));
    c->hold = &why;
    bool ok = target_of(&m) && alone(&m, &lock) && fill(&m) && publish(&m);
    int64_t bytes = m.out ? backup_out_bytes(m.out) : 0;
    bool begun = m.out != NULL;
    backup_out_free(&m.out);
    secret_wipe(&m.key);
    if (!ok && begun)
        unlinkat(m.target, m.part, 0);
    if (ok)
        report(&m, bytes, &why);
    c->hold = NULL;
    if (!ok)
        m.rc = failed(&m, &why);
    fd_close(&m.target);
    return m.rc;
}
