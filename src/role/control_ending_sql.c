/* role/control_ending_sql.c: tables `ending`, `keys_place` and `keys_change` of the registry. */
#include "role/control_ending.h"

#include "base/vec.h"
#include "role/bytes.h"
#include "role/control_registry_private.h"

#define ENDING_COLUMNS "number, name_hash, opened_ms, closed_ms, erase_ms, key_ms, key_change, files_ms, proof_ms, proof"

/* With the random number before it, a list of names tells nothing without the record. */
struct sha256 ending_name(int64_t number, sv workgroup)
{
    struct str s = {0};

    str_c(&s, "engawa ending 1\n");
    be64_put(&s, (uint64_t)number);
    str_put(&s, workgroup);
    struct sha256 h = sha256(str_sv(&s));
    str_release(&s);
    return h;
}

static bool set_state(struct registry *r, int64_t number, enum tenant_state state)
{
    return db_exec(r->db, "UPDATE tenant SET state = $1 WHERE number = $2", INT(state), INT(number));
}

static bool store(struct registry *r, const struct tenant_row *t, int64_t closed_ms, int64_t erase_ms)
{
    struct sha256 h = ending_name(t->number, t->workgroup);

    return db_exec(r->db, "INSERT INTO ending (" ENDING_COLUMNS ") VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, '') ON CONFLICT (number) DO NOTHING",
                   INT(t->number), BLOB(sv_n(h.b, sizeof(h.b))), INT(t->opened_ms), INT(closed_ms), INT(erase_ms));
}

bool ending_close(struct registry *r, struct tenant_row *t, int64_t closed_ms, struct failure *f)
{
    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && store(r, t, closed_ms, closed_ms + ENDING_MS) && set_state(r, t->number, TENANT_CLOSING)))
        return false;
    t->state = TENANT_CLOSING;
    return true;
}

bool ending_reopen(struct registry *r, struct tenant_row *t, struct failure *f)
{
    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && db_exec(r->db, "DELETE FROM ending WHERE number = $1", INT(t->number))
                         && set_state(r, t->number, TENANT_OPEN)))
        return false;
    t->state = TENANT_OPEN;
    return true;
}

bool ending_erasing(struct registry *r, struct tenant_row *t, struct failure *f)
{
    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && set_state(r, t->number, TENANT_ERASING)))
        return false;
    t->state = TENANT_ERASING;
    return true;
}

static bool changed(struct registry *r)
{
    return db_exec(r->db, "UPDATE keys_change SET n = n + 1 WHERE id = 1");
}

bool ending_key(struct registry *r, int64_t number, int64_t now_ms, struct failure *f)
{
    registry_begin(r, f);
    return registry_commit(r, db_begin(r->db) && changed(r)
                           && db_exec(r->db, "UPDATE ending SET key_ms = $1, key_change = (SELECT n FROM keys_change WHERE id = 1)"
                                             " WHERE number = $2 AND key_ms = 0", INT(now_ms), INT(number)));
}

bool ending_files(struct registry *r, int64_t number, int64_t now_ms, struct failure *f)
{
    struct tenant_row *t = registry_find(r, number);

    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && db_exec(r->db, "DELETE FROM tenant WHERE number = $1", INT(number))
                         && db_exec(r->db, "UPDATE ending SET files_ms = $1 WHERE number = $2", INT(now_ms), INT(number))))
        return false;
    if (t)
        registry_let_go(r, t);
    return true;
}

bool ending_proof(struct registry *r, int64_t number, int64_t now_ms, sv proof, struct failure *f)
{
    registry_begin(r, f);
    return registry_commit(r, db_begin(r->db) && db_exec(r->db, "UPDATE ending SET proof_ms = $1, proof = $2 WHERE number = $3",
                                                         INT(now_ms), TEXT(proof), INT(number)));
}

bool ending_gone(struct registry *r, int64_t number, int64_t gone_ms, struct failure *f)
{
    struct tenant_row *t = registry_find(r, number);

    registry_begin(r, f);
    if (!registry_commit(r, db_begin(r->db) && (!t || store(r, t, 0, gone_ms)) && changed(r)
                         && db_exec(r->db, "UPDATE ending SET key_ms = $1, files_ms = $1, key_change = (SELECT n FROM keys_change WHERE id = 1)"
                                           " WHERE number = $2", INT(gone_ms), INT(number))
                         && db_exec(r->db, "DELETE FROM tenant WHERE number = $1", INT(number))))
        return false;
    if (t)
        registry_let_go(r, t);
    return true;
}

static struct ending *read_row(struct rows *t, struct ending *e)
{
    *e = (struct ending){row_int(t, 0), row_int(t, 2), row_int(t, 3), row_int(t, 4), row_int(t, 5), row_int(t, 6), row_int(t, 7), row_int(t, 8),
                         row_blob(t, 1), row_text(t, 9)};
    return e;
}

struct ending *ending_find(struct registry *r, struct arena *a, int64_t number, struct failure *f)
{
    struct ending *e = NULL;

    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT " ENDING_COLUMNS " FROM ending WHERE number = $1", INT(number));
    if (rows_next(&t))
        e = read_row(&t, ANEW(a, struct ending));
    return rows_ok(&t) ? e : NULL;
}

/* Few, and asked by a person. */
struct ending *ending_find_name(struct registry *r, struct arena *a, sv workgroup, struct failure *f)
{
    struct ending *e = ANEW(a, struct ending);
    char name[WORKGROUP_MAX + 1];

    if (!workgroup_read(workgroup, name))
        return NULL;
    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT " ENDING_COLUMNS " FROM ending ORDER BY closed_ms DESC, number");
    while (rows_next(&t)) {
        struct sha256 h = ending_name(row_int(&t, 0), sv_c(name));
        if (sv_equal(row_blob(&t, 1), sv_n(h.b, sizeof(h.b))))
            return read_row(&t, e);
    }
    (void)rows_ok(&t);
    return NULL;
}

struct ending *endings_open(struct registry *r, struct arena *a, size_t *n, struct failure *f)
{
    VEC(struct ending) out = {0};

    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT " ENDING_COLUMNS " FROM ending WHERE proof_ms = 0 ORDER BY erase_ms, number");
    while (rows_next(&t))
        read_row(&t, PUSH(a, &out));
    *n = rows_ok(&t) ? out.n : 0;
    return out.v;
}

bool keys_change(struct registry *r, int64_t *n, struct failure *f)
{
    registry_begin(r, f);
    ROWS t = db_query(r->db, "SELECT n FROM keys_change WHERE id = 1");
    *n = rows_next(&t) ? row_int(&t, 0) : 0;
    return rows_ok(&t);
}

bool keys_changed(struct registry *r, struct failure *f)
{
    registry_begin(r, f);
    return registry_commit(r, db_begin(r->db) && changed(r));
}

bool keys_place_put(struct registry *r, sv path, int64_t change, int64_t now_ms, sv why, struct failure *f)
{
    registry_begin(r, f);
    if (why.n)
        return registry_commit(r, db_begin(r->db)
                               && db_exec(r->db, "UPDATE keys_place SET tried_ms = $2, why = $3 WHERE path = $1", TEXT(path), INT(now_ms), TEXT(why)));
    return registry_commit(r, db_begin(r->db)
                           && db_exec(r->db, "INSERT INTO keys_place (path, keys_change, copied_ms, tried_ms, why) VALUES ($1, $2, $3, $3, '')"
                                             " ON CONFLICT (path) DO UPDATE SET keys_change = excluded.keys_change,"
                                             " copied_ms = excluded.copied_ms, tried_ms = excluded.tried_ms, why = ''",
                                      TEXT(path), INT(change), INT(now_ms)));
}

bool keys_place_forget(struct registry *r, sv path, bool *was, struct failure *f)
{
    registry_begin(r, f);
    bool done = db_begin(r->db) && db_exec(r->db, "DELETE FROM keys_place WHERE path = $1", TEXT(path));
    *was = done && db_changes(r->db) == 1;
    return registry_commit(r, done);
}

struct keys_place *keys_places(struct registry *r, struct arena *a, size_t *n, struct failure *f)
{
    VEC(struct keys_place) out = {0};

    registry_begin(r, f);
    db_use(r->db, a, f);
    ROWS t = db_query(r->db, "SELECT path, why, keys_change, copied_ms, tried_ms FROM keys_place ORDER BY path");
    while (rows_next(&t))
        *PUSH(a, &out) = (struct keys_place){row_text(&t, 0), row_text(&t, 1), row_int(&t, 2), row_int(&t, 3), row_int(&t, 4)};
    *n = rows_ok(&t) ? out.n : 0;
    return out.v;
}
