/* svc/org/member_import_sql.c: uploads are rows of `file` (rows_: its parts, size: bytes so far, query: bytes to come). */
#include "svc/org/member_import_sql.h"

/* A part has no id of its own: what it is sealed with is made of the file's and its number. */
static int64_t part_row(id64 file, int64_t seq)
{
    return file.n ^ seq;
}

bool member_import_sql_add(struct ctx *x, const struct import_file *f)
{
    sv expected = sv_printf(x->arena, "%" PRId64, f->expected);

    return db_exec(x->db, "INSERT INTO file (id, kind, name, made_by, made_ms, until_ms, state, rows_, size, hash, query)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9)",
                   ID(f->id), INT(IMPORT_FILE_KIND), TEXT(f->name), ID(x->actor.member), INT(x->now_ms),
                   INT(x->now_ms + IMPORT_LIFE_MS), INT(IMPORT_OPEN), BLOB(SV("")), SEALED("file.query", f->id.n, expected));
}

bool member_import_sql_find(struct ctx *x, id64 id, struct import_file *out)
{
    ROWS r = db_query(x->db, "SELECT name, state, rows_, size, query FROM file WHERE id = $1 AND kind = $2 AND made_by = $3"
                             " AND until_ms > $4",
                      ID(id), INT(IMPORT_FILE_KIND), ID(x->actor.member), INT(x->now_ms));

    if (!rows_next(&r))
        return false;
    *out = (struct import_file){.id = id, .name = row_text(&r, 0), .state = (enum import_state)row_int(&r, 1),
                                .parts = row_int(&r, 2), .size = row_int(&r, 3)};
    return sv_int(row_sealed(&r, 4, "file.query", id.n), &out->expected);
}

bool member_import_sql_part(struct ctx *x, id64 id, int64_t seq, sv bytes)
{
    return db_exec(x->db, "INSERT INTO file_part (file, seq, data) VALUES ($1, $2, $3)", ID(id), INT(seq),
                   SEALED("file_part.data", part_row(id, seq), bytes)) &&
           db_exec(x->db, "UPDATE file SET rows_ = rows_ + 1, size = size + $1 WHERE id = $2", INT((int64_t)bytes.n), ID(id));
}

bool member_import_sql_same_part(struct ctx *x, id64 id, int64_t seq, sv bytes)
{
    ROWS r = db_query(x->db, "SELECT data FROM file_part WHERE file = $1 AND seq = $2", ID(id), INT(seq));

    return rows_next(&r) && sv_equal(row_sealed(&r, 0, "file_part.data", part_row(id, seq)), bytes);
}

bool member_import_sql_bytes(struct ctx *x, const struct import_file *f, sv *out)
{
    struct str s = STR_IN(x->arena);
    ROWS r = db_query(x->db, "SELECT data, seq FROM file_part WHERE file = $1 ORDER BY seq", ID(f->id));

    str_room(&s, (size_t)f->size);
    while (rows_next(&r))
        str_put(&s, row_sealed(&r, 0, "file_part.data", part_row(f->id, row_int(&r, 1))));
    *out = str_sv(&s);
    return rows_ok(&r);
}

bool member_import_sql_done(struct ctx *x, id64 id, int64_t rows, sv hash)
{
    return db_exec(x->db, "DELETE FROM file_part WHERE file = $1", ID(id)) &&
           db_exec(x->db, "UPDATE file SET state = $1, rows_ = $2, hash = $3 WHERE id = $4", INT(IMPORT_DONE), INT(rows),
                   BLOB(hash), ID(id));
}

bool member_import_sql_units(struct ctx *x, struct import_names *out)
{
    ROWS r = db_query(x->db, "SELECT id, parent, code, name FROM unit WHERE deleted_ms = 0");

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct import_name){.id = row_id(&r, 0), .parent = row_id(&r, 1), .code = row_text(&r, 2),
                                                    .name = row_text(&r, 3)};
    return rows_ok(&r);
}

bool member_import_sql_labels(struct ctx *x, struct import_names *out)
{
    ROWS r = db_query(x->db, "SELECT id, kind, name FROM label");

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct import_name){.id = row_id(&r, 0), .kind = row_int(&r, 1), .name = row_text(&r, 2)};
    return rows_ok(&r);
}

bool member_import_sql_mark(struct ctx *x, id64 member, id64 import)
{
    return db_exec(x->db, "UPDATE member SET import = $1 WHERE id = $2", ID(import), ID(member));
}

bool member_import_sql_post(struct ctx *x, id64 member, const struct import_post *p, bool main)
{
    return db_exec(x->db, "INSERT INTO unit_member (unit, member, main, title) VALUES ($1, $2, $3, $4)", ID(p->unit),
                   ID(member), INT(main), ID(p->title));
}

bool member_import_sql_people(struct ctx *x, id64 import, const struct member *after, int64_t limit, struct members *out)
{
    ROWS r = db_query(x->db, "SELECT id, login, family, given, family_reading, given_reading, start_ms FROM member"
                             " WHERE import = $1 AND status = $2 AND password_ms = 0"
                             " AND (family_reading, given_reading, id) > ($3, $4, $5)"
                             " ORDER BY family_reading, given_reading, id LIMIT $6",
                      ID(import), INT(MEMBER_ACTIVE), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id),
                      INT(limit));

    while (rows_next(&r)) {
        struct member *m = PUSH(x->arena, out);
        m->id = row_id(&r, 0);
        m->login = row_text(&r, 1);
        m->family = row_text(&r, 2);
        m->given = row_text(&r, 3);
        m->family_reading = row_text(&r, 4);
        m->given_reading = row_text(&r, 5);
        m->start_ms = row_int(&r, 6);
    }
    return rows_ok(&r);
}
