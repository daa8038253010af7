/* role/ctl_whole.c: whether what came out of a backup is what was put in: pages, logs against the heads that were signed, tables
 * against the digests of the moment that was copied. */
#include "role/ctl_restore.h"

#include "base/clock.h"
#include "role/backup_table.h"
#include "role/config.h"
#include "role/control_ending.h"
#include "svc/monitor/audit_check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CONF_MAX (64 * 1024)

bool restoring_fault(struct restoring *r, int rc)
{
    r->rc = rc;
    return false;
}

bool restoring_altered(struct restoring *r, sv what, const char *how, int64_t at)
{
    r->wrong_at = what;
    return restoring_fault(r, at ? ctl_trouble(r->c, CTL_REFUSED, "altered", "%.*s: %s %" PRId64, SV_ARG(what), how, at)
                       : ctl_trouble(r->c, CTL_REFUSED, "altered", "%.*s: %s", SV_ARG(what), how));
}

static void last_head(struct restoring *r, int64_t number, uint64_t *size, struct sha256 *root, bool *broken)
{
    struct head h = {0};

    headlog_last(r->heads, r->keys, number, &h, broken);
    *size = h.size;
    memcpy(root->b, h.root, sizeof(root->b));
}

static sv root_text(struct restoring *r, const struct sha256 *root)
{
    struct str hex = STR_IN(r->c->arena);

    hex_put(&hex, sv_n(root->b, sizeof(root->b)));
    return str_sv(&hex);
}

static sv workgroup_of(const struct restoring *r, int64_t number)
{
    for (size_t i = 0; i < r->registered.n; i++)
        if (r->registered.v[i].number == number)
            return r->registered.v[i].workgroup;
    return SV("");
}

static bool key_of(struct restoring *r, int64_t number, sv what, struct secret *key)
{
    return keystore_get(r->keys, number, key)
        || restoring_fault(r, ctl_trouble(r->c, CTL_REFUSED, "missing_key", "%.*s: its key is not in " KEYS_NAME
                                ": take the newest copy; if the tenant was deleted since, nothing opens it any more", SV_ARG(what)));
}

/* A database as it lies there: nothing has written to it, and no migration brought it to a newer form. */
static bool tables_of(struct restoring *r, struct db *d, struct restored *t)
{
    struct arena *a = arena_new(64 * 1024);
    struct failure f = {0};

    arena_free(&r->tables_arena);
    r->tables_arena = arena_new(16 * 1024);
    db_use(d, a, &f);
    bool ok = db_tables(d, r->tables_arena, NULL, NULL, &r->tables);
    for (size_t i = 0; ok && i < r->tables.n; i++)
        t->rows += r->tables.v[i].rows;
    if (!ok)
        restoring_altered(r, sv_c(r->at), sv_cstr(r->c->arena, sv_c(f.detail)), 0);
    arena_free(&a);
    t->tables = r->tables.n;
    return ok;
}

static bool log_whole(struct restoring *r, struct db *d, int64_t number, sv what, struct restored *t)
{
    struct ctx x = {.arena = arena_new(64 * 1024), .db = d};
    struct audit_check k = {0};
    struct sha256 root;
    uint64_t size;
    bool broken = false;

    db_use(d, x.arena, &x.failure);
    last_head(r, number, &size, &root, &broken);
    bool ok = db_check(d) && audit_check(&x, number, size, &root, &k);
    if (!ok)
        restoring_altered(r, what, sv_cstr(r->c->arena, sv_c(x.failure.detail)), 0);
    else if (broken)
        ok = restoring_altered(r, what, "the last signed head of its log is not authentic", 0);
    else if (k.wrong)
        ok = restoring_altered(r, what, "a row of its log is missing or was altered: row", k.wrong);
    else if (!k.tree || !k.head)
        ok = restoring_altered(r, what, "its log is not the one that was signed", 0);
    t->audit_rows = k.rows;
    t->audit_root = root_text(r, &k.root);
    arena_free(&x.arena);
    return ok;
}

/* By the tenant's key, or by one beside it: a backup is older than the newest copy of the keys. What opened it is its key here. */
static struct db *tenant_db(struct restoring *r, sv name, int64_t number)
{
    struct failure f = {0}, other = {0};
    SECRET key = {0};

    if (!key_of(r, number, name, &key))
        return NULL;
    struct db_options o = {.path = sv_cstr(r->c->arena, sv_printf(r->c->arena, "%s/%.*s", r->path, SV_ARG(name))), .key = &key,
                           .cipher = r->cipher, .tenant = number};
    struct db *d = db_open(&o, &f);
    if (d)
        return d;
    if (keystore_next(r->keys, number, &key))
        d = db_open(&o, &other);
    for (size_t i = 0; !d && keystore_old(r->keys, number, i, &key); i++)
        d = db_open(&o, &other);
    if (!d) {
        restoring_altered(r, name, sv_cstr(r->c->arena, sv_c(f.detail)), 0);
    } else if (!keystore_put(r->keys, number, &key)) {
        restoring_fault(r, ctl_write_trouble(r->c, SV("keys")));
        db_close(&d);
    }
    return d;
}

/* Nothing of a company whose key was destroyed for good is restored, however old the backup is. */
static bool erased(struct restoring *r, int64_t number)
{
    int64_t ms;

    if (!keystore_gone(r->keys, number, &ms))
        return false;
    for (size_t i = 0; i < r->gone.n; i++)
        if (r->gone.v[i] == number)
            return true;
    *PUSH(r->c->arena, &r->gone) = number;
    ctl_progress(r->c, "  tenants/%" PRId64 "  its key was destroyed for good: nothing opens it, and it is left out", number);
    return true;
}

/* Whose piece it is, when it is of one of those. */
static bool erased_piece(struct restoring *r, sv name, int64_t *number)
{
    sv rest = name, part;
    id64 id;

    if (!sv_cut(&rest, '/', &part) || !sv_equal(part, SV("tenants")) || !sv_cut(&rest, '/', &part) || !sv_id(part, &id))
        return false;
    *number = id.n;
    return erased(r, id.n);
}

static bool left_out(struct restoring *r, sv name, int64_t number)
{
    if (unlinkat(r->dir, r->at, 0) < 0)
        return restoring_fault(r, ctl_write_trouble(r->c, name));
    unlinkat(r->dir, sv_cstr(r->c->arena, sv_printf(r->c->arena, "tenants/%" PRId64, number)), AT_REMOVEDIR);   /* when it is empty */
    return true;
}

static bool tenant_whole(struct restoring *r, sv name, int64_t number)
{
    struct db *d = tenant_db(r, name, number);

    if (!d)
        return false;
    struct restored *t = PUSH(r->c->arena, &r->found);
    *t = (struct restored){.number = number, .workgroup = workgroup_of(r, number)};
    bool ok = log_whole(r, d, number, name, t) && tables_of(r, d, t);
    db_close(&d);
    if (ok)
        ctl_progress(r->c, "  %.*s  %.*s, whole, %" PRId64 " rows of the log", SV_ARG(name), SV_ARG(ctl_size(r->c->arena, r->in->bytes)),
                     t->audit_rows);
    return ok;
}

static bool registry_tables(struct restoring *r, const struct secret *key, struct restored *t)
{
    struct failure f = {0};
    struct db_options o = {.path = sv_cstr(r->c->arena, sv_printf(r->c->arena, "%s/registry/registry.db", r->path)), .key = key, .cipher = r->cipher};
    struct db *d = db_open(&o, &f);

    if (!d)
        return restoring_altered(r, SV("registry/registry.db"), f.detail, 0);
    bool ok = tables_of(r, d, t);
    db_close(&d);
    return ok;
}

static void tenants_named(struct restoring *r, struct registry *reg)
{
    for (struct tenant_row *t = registry_next(reg, NULL); t; t = registry_next(reg, t))
        if (t->state != TENANT_OPENING && t->state != TENANT_DECOY_NEW && t->state != TENANT_ERASING)
            *PUSH(r->c->arena, &r->registered) = (struct backup_tenant){.number = t->number, .workgroup = sv_dup(r->c->arena, t->workgroup)};
}

static bool ops_log_whole(struct restoring *r, struct registry *reg, struct restored *t, struct failure *f)
{
    struct ops_check check = {0};
    struct sha256 root;
    uint64_t size;
    bool broken = false;

    last_head(r, REGISTRY_TENANT, &size, &root, &broken);
    if (!registry_log_check(reg, size, &root, &check, f))
        return restoring_altered(r, SV("registry/registry.db"), f->detail, 0);
    if (check.wrong || !check.head || broken)
        return restoring_altered(r, SV("registry/registry.db"), "the operators' log is not the one that was signed; row", check.wrong);
    registry_log_head(reg, &size, &root);
    t->audit_rows = check.rows;
    t->audit_root = root_text(r, &root);
    return true;
}

/* What the copy of the keys says to be destroyed is so here too. */
static bool without_gone(struct restoring *r, struct registry *reg, struct failure *f)
{
    struct tenant_row *next, *t = registry_next(reg, NULL);
    int64_t ms;

    for (; t; t = next) {
        next = registry_next(reg, t);
        if (keystore_gone(r->keys, t->number, &ms) && !ending_gone(reg, t->number, ms, f))
            return restoring_altered(r, SV("registry/registry.db"), f->detail, 0);
    }
    return true;
}

/* The registry opens in the folder it lies in. */
static bool registry_whole(struct restoring *r)
{
    struct failure f = {0};
    SECRET key = {0};
    FD here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), there = openat(r->dir, "registry", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct restored *t = PUSH(r->c->arena, &r->found);

    *t = (struct restored){.number = REGISTRY_TENANT, .workgroup = SV("")};
    if (!key_of(r, REGISTRY_TENANT, SV("registry/registry.db"), &key) || !registry_tables(r, &key, t))
        return false;
    if (here < 0 || there < 0 || fchdir(there) < 0)
        return restoring_fault(r, ctl_write_trouble(r->c, SV("registry")));
    struct registry *reg = registry_open(&key, r->cipher, &f);
    bool ok = reg ? ops_log_whole(r, reg, t, &f) : restoring_altered(r, SV("registry/registry.db"), f.detail, 0);
    ok = ok && without_gone(r, reg, &f);
    if (ok)
        tenants_named(r, reg);
    registry_close(&reg);
    if (fchdir(here) < 0)
        return restoring_fault(r, ctl_write_trouble(r->c, SV(".")));
    if (ok)
        ctl_progress(r->c, "  registry/registry.db  whole, %" PRId64 " rows of the operators' log", t->audit_rows);
    return ok;
}

static bool conf_whole(struct restoring *r)
{
    char *text = arena_alloc(r->c->arena, CONF_MAX);
    struct config conf = {0};
    int line;
    FD fd = openat(r->dir, "engawa.conf", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, CONF_MAX);

    if (n < 0 || !config_read(&conf, r->c->arena, sv_n(text, (size_t)n), true, &line))
        return restoring_altered(r, SV("engawa.conf"), "it cannot be read", 0);
    r->cipher = config_is(&conf, CONFIG_CIPHER, SV("aegis256")) ? DB_AEGIS256 : DB_AES256;
    return true;
}

static bool heads_whole(struct restoring *r)
{
    const char *why;
    FD keys = openat(r->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    r->heads = keys < 0 ? NULL : headlog_open(keys, &why);
    return r->heads || restoring_altered(r, SV("keys/heads.log"), "it is damaged", 0);
}

bool restoring_piece(struct restoring *r, sv name)
{
    sv rest = sv_from(name, strlen("tenants/")), number;
    int64_t gone;
    id64 id;

    if (sv_equal(name, SV("engawa.conf")))
        return conf_whole(r);
    if (sv_equal(name, SV("keys/heads.log")))
        return heads_whole(r);
    if (!r->heads)
        return restoring_altered(r, name, "pieces stand in another order than a backup has", 0);
    if (sv_equal(name, SV("registry/registry.db")))
        return registry_whole(r);
    if (erased_piece(r, name, &gone))
        return left_out(r, name, gone);
    if (!sv_cut(&rest, '/', &number) || !sv_equal(rest, SV("tenant.db")))
        return true;
    return sv_id(number, &id) ? tenant_whole(r, name, id.n) : restoring_altered(r, name, "no number", 0);
}

/* What the tenant's own process (of the registry: control) saw in its tables when it made the copy. */
bool restoring_tables(struct restoring *r, sv said)
{
    int64_t gone;

    if (r->at && erased_piece(r, sv_c(r->at), &gone))     /* of one that is left out */
        return true;
    struct arena *a = arena_new(64 * 1024);
    struct json_value v = {0};
    struct table_fault wrong = {0};
    struct restored *t = r->found.n ? &r->found.v[r->found.n - 1] : NULL;

    bool read = t && !t->compared && json_read(a, said, &v, NULL);
    bool ok = read && backup_tables_equal(a, json_get(&v, SV("tables")), &r->tables, &wrong);
    if (ok) {
        t->compared = true;
    } else if (!read) {
        restoring_altered(r, sv_c(r->at), "what was said of its tables has no form", 0);
    } else {
        r->wrong_table = sv_dup(r->c->arena, wrong.table);
        r->wrong_at = sv_c(r->at);
        restoring_fault(r, ctl_trouble(r->c, CTL_REFUSED, "altered", "%s: table %.*s: %s (%" PRId64 " rows, %" PRId64 " when it was copied)", r->at,
                                       SV_ARG(wrong.table), wrong.how, wrong.found, wrong.said));
    }
    arena_free(&a);
    return ok;
}

static const struct restored *found(const struct restoring *r, int64_t number)
{
    for (size_t i = 0; i < r->found.n; i++)
        if (r->found.v[i].number == number)
            return &r->found.v[i];
    return NULL;
}

static bool head_equal(const struct json_value *said, const struct restored *f)
{
    const struct json_value *rows = json_get(said, SV("audit_rows")), *root = json_get(said, SV("audit_root"));

    return f && rows && rows->whole && root && root->type == JSON_TEXT && rows->i == f->audit_rows && sv_equal(root->text, f->audit_root);
}

/* The manifest says how many rows each log had, and their root, as the process whose it is saw them. */
bool restoring_manifest(struct restoring *r, sv text)
{
    struct json_value v = {0};
    const struct json_value *list, *registry, *begun, *version;
    size_t n = 0, left_out = 0;

    if (!json_read(r->c->arena, text, &v, NULL) || !(list = json_get(&v, SV("tenants"))))
        return restoring_altered(r, SV("the manifest"), "it has no form", 0);
    begun = json_get(&v, SV("begun"));
    version = json_get(&v, SV("version"));
    r->version = version && version->type == JSON_TEXT ? version->text : SV("?");
    if (!begun || begun->type != JSON_TEXT || !time_read(begun->text, &r->begun_ms))
        return restoring_altered(r, SV("the manifest"), "it does not say when it was begun", 0);
    for (const struct json_value *t = list->child; t; t = t->next, n++) {
        const struct json_value *number = json_get(t, SV("number"));
        id64 id = ID_NONE;
        if (number && sv_id(number->text, &id) && erased(r, id.n)) {
            left_out++;
            continue;
        }
        if (!number || !sv_id(number->text, &id) || !head_equal(t, found(r, id.n)))
            return restoring_altered(r, sv_printf(r->c->arena, "tenants/%" PRId64, id.n), "its log is another than was saved, or it is missing", 0);
    }
    registry = json_get(&v, SV("registry"));
    if (r->in->version >= 2 && !head_equal(registry, found(r, REGISTRY_TENANT)))
        return restoring_altered(r, SV("registry/registry.db"), "the operators' log is another than was saved", 0);
    n -= left_out;
    if (n + 1 != r->found.n || n != r->registered.n)
        return restoring_altered(r, SV("the manifest"), "it names other tenants than the backup holds", 0);
    for (size_t i = 0; r->in->version >= 2 && i < r->found.n; i++)
        if (!r->found.v[i].compared)
            return restoring_altered(r, SV("the manifest"), "nothing was said of the tables of a database", 0);
    return true;
}
