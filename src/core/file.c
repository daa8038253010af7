/* core/file.c: rows of `file` and `file_part`. */
#include "core/file.h"
#include "base/rand.h"

#define FORGET_PARTS 50                                   /* 3 MB a piece: some milliseconds of the writer */

#define FILE_COLS "id, kind, name, made_by, made_ms, until_ms, state, rows_, size, hash, query"

static void file_read(struct rows *r, struct file *f)
{
    f->id = row_id(r, 0);
    f->kind = (enum file_kind)row_int(r, 1);
    f->name = row_text(r, 2);
    f->made_by = row_id(r, 3);
    f->made_ms = row_int(r, 4);
    f->until_ms = row_int(r, 5);
    f->state = (enum file_state)row_int(r, 6);
    f->rows = row_int(r, 7);
    f->size = row_int(r, 8);
    f->hash = row_blob(r, 9);
    f->query = row_sealed(r, 10, "file.query", f->id.n);
}

/* Parts have no id: what they are sealed with is made of the file's and their number. */
static int64_t part_row(id64 file, int64_t seq)
{
    return file.n ^ seq;
}

bool file_add(struct ctx *x, struct file *f)
{
    f->id = rand_id();
    f->made_by = x->actor.member;
    f->made_ms = x->now_ms;
    f->until_ms = x->now_ms + FILE_LIFE_MS;
    f->state = FILE_MAKING;
    f->rows = f->size = 0;
    f->hash = SV("");
    return db_exec(x->db, "INSERT INTO file (id, kind, name, made_by, made_ms, until_ms, state, rows_, size, hash, query)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9)",
                   ID(f->id), INT(f->kind), TEXT(f->name), ID(f->made_by), INT(f->made_ms), INT(f->until_ms), INT(f->state),
                   BLOB(f->hash), SEALED("file.query", f->id.n, f->query));
}

bool file_part(struct ctx *x, id64 file, int64_t seq, sv bytes)
{
    ENSURE(bytes.n > 0 && bytes.n <= FILE_PART);
    return db_exec(x->db, "INSERT INTO file_part (file, seq, data) VALUES ($1, $2, $3)", ID(file), INT(seq),
                   SEALED("file_part.data", part_row(file, seq), bytes));
}

bool file_progress(struct ctx *x, id64 file, int64_t rows, int64_t size)
{
    return db_exec(x->db, "UPDATE file SET rows_ = $2, size = $3 WHERE id = $1", ID(file), INT(rows), INT(size));
}

bool file_finish(struct ctx *x, id64 file, enum file_state state, int64_t rows, int64_t size, sv hash)
{
    return db_exec(x->db, "UPDATE file SET state = $2, rows_ = $3, size = $4, hash = $5 WHERE id = $1", ID(file), INT(state),
                   INT(rows), INT(size), BLOB(hash));
}

bool file_restart(struct ctx *x, id64 file)
{
    return db_exec(x->db, "DELETE FROM file_part WHERE file = $1", ID(file)) && file_progress(x, file, 0, 0);
}

bool file_over(struct ctx *x, id64 file)
{
    return db_exec(x->db, "UPDATE file SET until_ms = $2 WHERE id = $1", ID(file), INT(x->now_ms));
}

bool file_find(struct ctx *x, id64 file, struct file *out)
{
    ROWS r = db_query(x->db, "SELECT " FILE_COLS " FROM file WHERE id = $1 AND until_ms > $2", ID(file), INT(x->now_ms));

    if (!rows_next(&r))
        return rows_ok(&r) ? fail(&x->failure, E_NOT_FOUND, "no such file") : false;
    file_read(&r, out);
    return rows_ok(&r);
}

bool file_list(struct ctx *x, enum file_kind kind, struct file_set *out)
{
    ROWS r = db_query(x->db, "SELECT " FILE_COLS " FROM file WHERE kind = $1 AND until_ms > $2 ORDER BY made_ms DESC, id",
                      INT(kind), INT(x->now_ms));

    while (rows_next(&r))
        file_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool file_in_making(struct ctx *x, struct file_set *out)
{
    ROWS r = db_query(x->db, "SELECT " FILE_COLS " FROM file WHERE state = $1 AND until_ms > $2 ORDER BY made_ms",
                      INT(FILE_MAKING), INT(x->now_ms));

    while (rows_next(&r))
        file_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool file_piece(struct ctx *x, void *file, int64_t at, sv *out)
{
    const struct file *f = file;
    int64_t seq = at / FILE_PART;
    ROWS r = db_query(x->db, "SELECT data FROM file_part WHERE file = $1 AND seq = $2", ID(f->id), INT(seq));

    if (rows_next(&r)) {
        *out = sv_from(row_sealed(&r, 0, "file_part.data", part_row(f->id, seq)), (size_t)(at % FILE_PART));
        return rows_ok(&r);
    }
    return rows_ok(&r) ? fail(&x->failure, E_INTERNAL, "part %" PRId64 " of a file is missing", seq) : false;
}

/* The next file whose time is over. False in *found: there is none. */
static bool over(struct ctx *x, id64 *file, int64_t *first, bool *found)
{
    ROWS r = db_query(x->db, "SELECT f.id, COALESCE(MIN(p.seq), 0) FROM file f LEFT JOIN file_part p ON p.file = f.id"
                             " WHERE f.until_ms <= $1 GROUP BY f.id ORDER BY f.id LIMIT 1",
                      INT(x->now_ms));

    *found = rows_next(&r);
    if (*found) {
        *file = row_id(&r, 0);
        *first = row_int(&r, 1);
    }
    return rows_ok(&r);
}

bool file_forget(struct ctx *x, bool *more)
{
    int64_t first;
    id64 file;

    if (!over(x, &file, &first, more))
        return false;
    if (!*more)
        return true;
    if (!db_exec(x->db, "DELETE FROM file_part WHERE file = $1 AND seq < $2", ID(file), INT(first + FORGET_PARTS)))
        return false;
    if (db_changes(x->db) == FORGET_PARTS)
        return true;
    return db_exec(x->db, "DELETE FROM file WHERE id = $1", ID(file));
}
