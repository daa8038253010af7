/* role/control_registry.c: tables `tenant` and `ops_log`, and the tenants in memory by number and by name. */
#include "role/control_registry_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/vec.h"
#include "role/bytes.h"
#include "store/migrate.h"

#include <string.h>

static const struct migration migrations[] = {
    {1, "CREATE TABLE tenant (number BIGINT PRIMARY KEY, workgroup TEXT NOT NULL UNIQUE, company TEXT NOT NULL,"
        " state SMALLINT NOT NULL, uid_index BIGINT NOT NULL UNIQUE, opened_ms BIGINT NOT NULL)"},
    {2, "CREATE TABLE ops_log (seq BIGINT PRIMARY KEY, time_ms BIGINT NOT NULL, uid BIGINT NOT NULL, what TEXT NOT NULL,"
        " workgroup TEXT NOT NULL, result TEXT NOT NULL)"},
    {3, "ALTER TABLE ops_log ADD COLUMN leaf BLOB"},
    {4, "CREATE TABLE ops_tree (id BIGINT PRIMARY KEY, size BIGINT NOT NULL, frontier BLOB NOT NULL);"
        " INSERT INTO ops_tree (id, size, frontier) VALUES (1, 0, '')"},
    {5, "ALTER TABLE tenant ADD COLUMN due_ms BIGINT NOT NULL DEFAULT 0"},
    {6, "CREATE TABLE backup (begun_ms BIGINT PRIMARY KEY, ended_ms BIGINT NOT NULL, bytes BIGINT NOT NULL, tenants BIGINT NOT NULL)"},
    /* why: "": it was made whole; else the code of what went wrong. */
    {7, "ALTER TABLE backup ADD COLUMN why TEXT NOT NULL DEFAULT ''; ALTER TABLE backup ADD COLUMN id TEXT NOT NULL DEFAULT '';"
        " CREATE TABLE drill (ended_ms BIGINT PRIMARY KEY, backup_ms BIGINT NOT NULL, equal SMALLINT NOT NULL, place TEXT NOT NULL)"},
    /* What stays of a tenant that was cancelled, first without its end; places of copies of the keys; how often those changed. */
    {8, "CREATE TABLE ending (number BIGINT PRIMARY KEY, name_hash BLOB NOT NULL, opened_ms BIGINT NOT NULL, closed_ms BIGINT NOT NULL,"
        " erase_ms BIGINT NOT NULL, key_ms BIGINT NOT NULL, key_change BIGINT NOT NULL, files_ms BIGINT NOT NULL, proof_ms BIGINT NOT NULL,"
        " proof TEXT NOT NULL)"},
    {9, "CREATE TABLE keys_place (path TEXT PRIMARY KEY, keys_change BIGINT NOT NULL, copied_ms BIGINT NOT NULL, tried_ms BIGINT NOT NULL,"
        " why TEXT NOT NULL)"},
    {10, "CREATE TABLE keys_change (id BIGINT PRIMARY KEY, n BIGINT NOT NULL); INSERT INTO keys_change (id, n) VALUES (1, 0)"},
};

struct held {                                             /* a row and its place in both maps */
    struct tenant_row row;
    struct held *same_hash;
    char text[];                                          /* workgroup, then company */
};

bool workgroup_read(sv text, char *out)
{
    if (text.n < 2 || text.n > WORKGROUP_MAX)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        bool inner = (c == '-' || c == '.') && i > 0 && i + 1 < text.n;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !inner)
            return false;
        out[i] = c;
    }
    out[text.n] = 0;
    return true;
}

void registry_begin(struct registry *r, struct failure *f)
{
    arena_free(&r->arena);
    r->arena = arena_new(4096);
    db_use(r->db, r->arena, f);
}

static struct held *hold(struct registry *r, const struct tenant_row *row)
{
    struct held *h = xcalloc(1, sizeof(*h) + row->workgroup.n + row->company.n);

    h->row = *row;
    memcpy(h->text, row->workgroup.p ? row->workgroup.p : "", row->workgroup.n);
    memcpy(h->text + row->workgroup.n, row->company.p ? row->company.p : "", row->company.n);
    h->row.workgroup = sv_n(h->text, row->workgroup.n);
    h->row.company = sv_n(h->text + row->workgroup.n, row->company.n);
    uint64_t hash = sv_hash(h->row.workgroup, r->seed);
    h->same_hash = map_get(&r->by_name, hash);
    map_put(&r->by_name, hash, h);
    map_put(&r->by_number, (uint64_t)row->number, h);
    if (row->uid_index > r->last_uid_index)
        r->last_uid_index = row->uid_index;
    return h;
}

static void let_go(struct registry *r, struct held *h)
{
    uint64_t hash = sv_hash(h->row.workgroup, r->seed);
    struct held *first = map_get(&r->by_name, hash);

    if (first == h && h->same_hash)
        map_put(&r->by_name, hash, h->same_hash);
    else if (first == h)
        map_del(&r->by_name, hash);
    else
        for (; first; first = first->same_hash)
            if (first->same_hash == h)
                first->same_hash = h->same_hash;
    map_del(&r->by_number, (uint64_t)h->row.number);
    xfree(h);
}

bool registry_commit(struct registry *r, bool done)
{
    if (done && db_commit(r->db))
        return true;
    if (db_in_transaction(r->db))
        db_rollback(r->db);
    return false;
}

static void text_put(struct str *out, sv text)
{
    be64_put(out, text.n);
    str_put(out, text);
}

static struct sha256 leaf_of(struct arena *a, const struct ops_row *row)
{
    struct str s = STR_IN(a);

    str_c(&s, "engawa ops 1\n");
    be64_put(&s, (uint64_t)row->seq);
    be64_put(&s, (uint64_t)row->time_ms);
    be64_put(&s, (uint64_t)row->uid);
    text_put(&s, row->what);
    text_put(&s, row->workgroup);
    text_put(&s, row->result);
    return tree_leaf(str_sv(&s));
}

static bool store_tree(struct registry *r, const struct tree *t)
{
    struct str frontier = STR_IN(r->arena);

    tree_put(t, &frontier);
    return db_exec(r->db, "UPDATE ops_tree SET size = $1, frontier = $2 WHERE id = 1", INT((int64_t)t->size),
                   BLOB(str_sv(&frontier)));
}

#define CHECK_ROWS  500                                    /* of the operators' log, checked in one go */
#define OPS_COLUMNS "seq, time_ms, uid, what, workgroup, result"

static struct ops_row ops_row_read(struct rows *t)
{
    return (struct ops_row){row_int(t, 0), row_int(t, 1), row_int(t, 2), row_text(t, 3), row_text(t, 4), row_text(t, 5)};
}

/* Rows from before the log was a tree become its first leaves. */
static bool plant(struct registry *r)
{
    VEC(struct ops_row) old = {0};
    bool ok;

    ROWS t = db_query(r->db, "SELECT " OPS_COLUMNS " FROM ops_log WHERE leaf IS NULL ORDER BY seq");
    while (rows_next(&t))
        *PUSH(r->arena, &old) = ops_row_read(&t);
    ok = rows_ok(&t);
    for (size_t i = 0; ok && i < old.n; i++) {
        struct sha256 leaf = leaf_of(r->arena, &old.v[i]);
        tree_add(&r->tree, &leaf);
        ok = db_exec(r->db, "UPDATE ops_log SET leaf = $1 WHERE seq = $2", BLOB(sv_n(leaf.b, sizeof(leaf.b))), INT(old.v[i].seq));
    }
    return ok && store_tree(r, &r->tree);
}

static bool load_tree(struct registry *r)
{
    bool ok = false;
    ROWS t = db_query(r->db, "SELECT size, frontier FROM ops_tree WHERE id = 1");

    if (rows_next(&t))
        ok = tree_get(&r->tree, (uint64_t)row_int(&t, 0), row_blob(&t, 1));
    if (!rows_ok(&t) || !ok)
        return false;
    return r->tree.size || (db_begin(r->db) && registry_commit(r, plant(r)));
}

static bool load(struct registry *r)
{
    ROWS t = db_query(r->db, "SELECT number, workgroup, company, state, uid_index, opened_ms, due_ms FROM tenant");
    while (rows_next(&t)) {
        struct tenant_row row = {.number = row_int(&t, 0), .workgroup = row_text(&t, 1), .company = row_text(&t, 2)};
        row.state = (enum tenant_state)row_int(&t, 3);
        row.uid_index = row_int(&t, 4);
        row.opened_ms = row_int(&t, 5);
        row.due_ms = row.due_told_ms = row_int(&t, 6);
        hold(r, &row);
    }
    if (!rows_ok(&t))
        return false;
    return load_tree(r);
}

struct registry *registry_open(const struct secret *key, enum db_cipher cipher, struct failure *f)
{
    struct db_options o = {.path = "registry.db", .key = key, .cipher = cipher, .flags = DB_CREATE};
    struct registry *r = XNEW(struct registry);

    r->seed = rand_u64();
    r->last_uid_index = -1;
    map_init(&r->by_number, r->seed);
    map_init(&r->by_name, r->seed);
    r->db = db_open(&o, f);
    if (r->db) {
        registry_begin(r, f);
        if (migrate(r->db, migrations, COUNT(migrations)) && load(r))
            return r;
    }
    registry_close(&r);
    return NULL;
}

void registry_close(struct registry **r)
{
    struct map_slot slot;

    if (!*r)
        return;
    for (size_t at = 0; map_next(&(*r)->by_number, &at, &slot);)
        xfree(slot.value);
    map_release(&(*r)->by_number);
    map_release(&(*r)->by_name);
    db_close(&(*r)->db);
    arena_free(&(*r)->arena);
    xfree(*r);
    *r = NULL;
}

struct tenant_row *registry_find(const struct registry *r, int64_t number)
{
    struct held *h = map_get(&r->by_number, (uint64_t)number);

    return h ? &h->row : NULL;
}

struct tenant_row *registry_find_name(const struct registry *r, sv workgroup)
{
    char name[WORKGROUP_MAX + 1];

    if (!workgroup_read(workgroup, name))
        return NULL;
    struct held *h = map_get(&r->by_name, sv_hash(sv_c(name), r->seed));
    while (h && !sv_equal(h->row.workgroup, sv_c(name)))
        h = h->same_hash;
    return h ? &h->row : NULL;
}

struct tenant_row *registry_next(const struct registry *r, const struct tenant_row *after)
{
    const struct tenant_row *best = NULL;
    struct map_slot slot;

    for (size_t at = 0; map_next(&r->by_number, &at, &slot);) {   /* few, and asked by a person */
        const struct held *h = slot.value;
        if ((!after || h->row.uid_index > after->uid_index) && (!best || h->row.uid_index < best->uid_index))
            best = &h->row;
    }
    return best ? registry_find(r, best->number) : NULL;
}

struct tenant_row *registry_decoy(const struct registry *r)
{
    for (struct tenant_row *t = registry_next(r, NULL); t; t = registry_next(r, t))
        if (t->state == TENANT_DECOY || t->state == TENANT_DECOY_NEW)
            return t;
    return NULL;
}

struct tenant_row *registry_add(struct registry *r, const struct tenant_row *row, struct failure *f)
{
    struct tenant_row t = *row;

    registry_begin(r, f);
    t.uid_index = r->last_uid_index + 1;
    if (t.state != TENANT_DECOY_NEW && registry_find_name(r, t.workgroup)) {
        fail(f, E_CONFLICT, "the workgroup's name is taken");
        return NULL;
    }
    bool done = db_begin(r->db)
             && db_exec(r->db, "INSERT INTO tenant (number, workgroup, company, state, uid_index, opened_ms)"
                               " VALUES ($1, $2, $3, $4, $5, $6)",
                        INT(t.number), TEXT(t.workgroup), TEXT(t.company), INT(t.state), INT(t.uid_index), INT(t.opened_ms));
    return registry_commit(r, done) ? &hold(r, &t)->row : NULL;
}

bool registry_state(struct registry *r, struct tenant_row *row, enum tenant_state state, struct failure *f)
{
    registry_begin(r, f);
    bool done = db_begin(r->db)
             && db_exec(r->db, "UPDATE tenant SET state = $1 WHERE number = $2", INT(state), INT(row->number));
    if (!registry_commit(r, done))
        return false;
    row->state = state;
    return true;
}

void registry_let_go(struct registry *r, struct tenant_row *row)
{
    let_go(r, map_get(&r->by_number, (uint64_t)row->number));
}

bool registry_remove(struct registry *r, struct tenant_row *row, struct failure *f)
{
    registry_begin(r, f);
    bool done = db_begin(r->db) && db_exec(r->db, "DELETE FROM tenant WHERE number = $1", INT(row->number));
    if (!registry_commit(r, done))
        return false;
    registry_let_go(r, row);
    return true;
}

static bool keep_all(struct registry *r)
{
    struct map_slot slot;

    for (size_t at = 0; map_next(&r->by_number, &at, &slot);) {
        const struct tenant_row *t = &((const struct held *)slot.value)->row;
        if (t->due_told_ms != t->due_ms
            && !db_exec(r->db, "UPDATE tenant SET due_ms = $1 WHERE number = $2", INT(t->due_told_ms), INT(t->number)))
            return false;
    }
    return true;
}

bool registry_due_keep(struct registry *r, struct failure *f)
{
    struct map_slot slot;
    bool differs = false;

    for (size_t at = 0; map_next(&r->by_number, &at, &slot);) {
        const struct tenant_row *t = &((const struct held *)slot.value)->row;
        differs |= t->due_told_ms != t->due_ms;
    }
    if (!differs)
        return true;
    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && keep_all(r)))
        return false;
    for (size_t at = 0; map_next(&r->by_number, &at, &slot);) {
        struct tenant_row *t = &((struct held *)slot.value)->row;
        t->due_ms = t->due_told_ms;
    }
    return true;
}

struct tenant_row *registry_due(const struct registry *r, bool (*fits)(const struct tenant_row *))
{
    struct tenant_row *first = NULL;
    struct map_slot slot;

    for (size_t at = 0; map_next(&r->by_number, &at, &slot);) {
        struct tenant_row *t = &((struct held *)slot.value)->row;
        if (t->due_ms && fits(t) && (!first || t->due_ms < first->due_ms))
            first = t;
    }
    return first;
}

bool registry_log(struct registry *r, const struct ops_row *row, struct failure *f)
{
    struct tree t = r->tree;
    struct ops_row o = *row;

    registry_begin(r, f);
    if (FAULT("ops_log.store"))
        return fail(f, E_STORAGE_FULL, "the operators' log cannot be written");
    o.seq = (int64_t)t.size + 1;
    o.time_ms = clock_ms();
    struct sha256 leaf = leaf_of(r->arena, &o);
    tree_add(&t, &leaf);
    bool done = db_begin(r->db)
             && db_exec(r->db, "INSERT INTO ops_log (" OPS_COLUMNS ", leaf) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        INT(o.seq), INT(o.time_ms), INT(o.uid), TEXT(o.what), TEXT(o.workgroup), TEXT(o.result),
                        BLOB(sv_n(leaf.b, sizeof(leaf.b))))
             && store_tree(r, &t);
    if (!registry_commit(r, done))
        return false;
    r->tree = t;
    return true;
}

void registry_log_head(const struct registry *r, uint64_t *size, struct sha256 *root)
{
    *size = r->tree.size;
    *root = tree_root(&r->tree);
}

static bool equal(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* Rows from behind the tree's last on; *at: its root when it has `size` rows. */
static bool check_stretch(struct registry *r, struct tree *t, uint64_t size, struct sha256 *at, struct ops_check *out, size_t *got)
{
    ROWS s = db_query(r->db, "SELECT " OPS_COLUMNS ", leaf FROM ops_log WHERE seq >= $1 ORDER BY seq LIMIT $2",
                      INT(t->size ? (int64_t)t->size + 1 : INT64_MIN), INT(CHECK_ROWS));

    for (*got = 0; !out->wrong && rows_next(&s); (*got)++) {
        struct ops_row row = ops_row_read(&s);
        struct sha256 leaf = leaf_of(r->arena, &row);
        sv stored = row_blob(&s, 6);
        out->missing = row.seq != (int64_t)t->size + 1;
        if (out->missing || !sv_equal(stored, sv_n(leaf.b, sizeof(leaf.b))))
            out->wrong = (int64_t)t->size + 1;
        else
            tree_add(t, &leaf);
        if (t->size == size)
            *at = tree_root(t);
    }
    return rows_ok(&s);
}

bool registry_log_check(struct registry *r, uint64_t size, const struct sha256 *root, struct ops_check *out, struct failure *f)
{
    struct tree t = {0};
    struct sha256 at = tree_root(&t);

    *out = (struct ops_check){.head = size == 0};
    for (size_t got = CHECK_ROWS; got == CHECK_ROWS && !out->wrong;) {
        registry_begin(r, f);                             /* an arena of this stretch alone */
        if (!check_stretch(r, &t, size, &at, out, &got))
            return false;
    }
    uint64_t known = size > r->tree.size ? size : r->tree.size;
    out->rows = (int64_t)t.size;
    if (!out->wrong && t.size < known) {
        out->wrong = (int64_t)t.size + 1;
        out->missing = true;
    }
    out->head = size == 0 || (t.size >= size && equal(&at, root));
    return true;
}

struct ops_row *registry_log_read(struct registry *r, struct arena *a, int64_t before, int64_t max, size_t *n, struct failure *f)
{
    VEC(struct ops_row) out = {0};

    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT " OPS_COLUMNS " FROM ops_log WHERE seq < $1"
                             " ORDER BY seq DESC LIMIT $2", INT(before ? before : INT64_MAX), INT(max));
    while (rows_next(&t))
        *PUSH(a, &out) = ops_row_read(&t);
    *n = rows_ok(&t) ? out.n : 0;
    return out.v;
}

bool registry_copy(struct registry *r, const struct secret *key, struct arena *a, struct db_tables *tables, struct failure *f)
{
    const struct db_options to = {.path = "snapshot.db", .key = key};

    registry_begin(r, f);
    bool done = db_hold(r->db) && db_tables(r->db, a, NULL, NULL, tables) && db_copy(r->db, &to, NULL, NULL);
    db_rollback(r->db);
    return done;
}

bool registry_backup_add(struct registry *r, const struct backup_row *row, struct failure *f)
{
    registry_begin(r, f);
    return registry_commit(r, db_begin(r->db)
                           && db_exec(r->db, "INSERT INTO backup (begun_ms, ended_ms, bytes, tenants, why, id) VALUES ($1, $2, $3, $4, $5, $6)"
                                             " ON CONFLICT (begun_ms) DO NOTHING",
                                      INT(row->begun_ms), INT(row->ended_ms), INT(row->bytes), INT(row->tenants), TEXT(row->why), TEXT(row->id)));
}

struct backup_row *registry_backups(struct registry *r, struct arena *a, int64_t max, size_t *n, struct failure *f)
{
    VEC(struct backup_row) out = {0};

    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT b.begun_ms, b.ended_ms, b.bytes, b.tenants, b.why, d.ended_ms, d.equal FROM backup b"
                             " LEFT JOIN drill d ON d.ended_ms = (SELECT max(ended_ms) FROM drill WHERE backup_ms = b.begun_ms)"
                             " ORDER BY b.begun_ms DESC LIMIT $1", INT(max));
    while (rows_next(&t))
        *PUSH(a, &out) = (struct backup_row){row_int(&t, 0), row_int(&t, 1), row_int(&t, 2), row_int(&t, 3), row_text(&t, 4),
                                             SV(""), row_int(&t, 5), row_int(&t, 6) != 0};
    *n = rows_ok(&t) ? out.n : 0;
    return out.v;
}

/* 0: none of ours. */
static bool backup_of(struct registry *r, const struct drill_row *row, int64_t *begun_ms)
{
    ROWS t = db_query(r->db, "SELECT begun_ms FROM backup WHERE why = '' AND (id = $1 OR (id = '' AND begun_ms = $2))", TEXT(row->id),
                      INT(row->backup_ms));

    *begun_ms = rows_next(&t) ? row_int(&t, 0) : 0;
    return rows_ok(&t);
}

bool registry_drill_add(struct registry *r, const struct drill_row *row, struct failure *f)
{
    int64_t begun_ms;

    registry_begin(r, f);
    if (!backup_of(r, row, &begun_ms))
        return false;
    if (!begun_ms)
        return fail(f, E_NOT_FOUND, "no backup of this installation");
    return registry_commit(r, db_begin(r->db)
                           && db_exec(r->db, "INSERT INTO drill (ended_ms, backup_ms, equal, place) VALUES ($1, $2, $3, $4)"
                                             " ON CONFLICT (ended_ms) DO UPDATE SET equal = $3, place = $4 WHERE drill.equal = 1",
                                      INT(row->ended_ms), INT(begun_ms), INT(row->equal), TEXT(row->place)));
}

bool registry_backup_state(struct registry *r, struct backup_state *out, struct failure *f)
{
    *out = (struct backup_state){0};
    registry_begin(r, f);
    ROWS b = db_query(r->db, "SELECT begun_ms, ended_ms, bytes FROM backup WHERE why = '' ORDER BY begun_ms DESC LIMIT 1");
    if (rows_next(&b)) {
        out->begun_ms = row_int(&b, 0);
        out->ended_ms = row_int(&b, 1);
        out->bytes = row_int(&b, 2);
    }
    if (!rows_ok(&b))
        return false;
    ROWS t = db_query(r->db, "SELECT count(*) FROM backup WHERE why <> '' AND begun_ms > $1", INT(out->begun_ms));
    out->failed = rows_next(&t) && row_int(&t, 0) > 0;
    ROWS e = db_query(r->db, "SELECT max(ended_ms) FROM drill WHERE equal = 1");
    out->equal_ms = rows_next(&e) ? row_int(&e, 0) : 0;
    ROWS d = db_query(r->db, "SELECT ended_ms, equal FROM drill ORDER BY ended_ms DESC LIMIT 1");
    if (rows_next(&d)) {
        out->drill_ms = row_int(&d, 0);
        out->drill_equal = row_int(&d, 1) != 0;
    }
    return rows_ok(&t) && rows_ok(&e) && rows_ok(&d);
}
