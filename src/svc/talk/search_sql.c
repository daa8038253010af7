/* svc/talk/search_sql.c: what stands in the index, and what is still to be put there. */
#include "svc/talk/search_sql.h"
#include "core/scan.h"

struct rows search_sql_hold(struct ctx *x)
{
    struct rows r = db_query(x->db, "SELECT id FROM search_format");

    (void)rows_next(&r);
    return r;
}

bool search_sql_rooms(struct ctx *x, struct search_rooms *out)
{
#ifdef MUTANT_SEARCH_IGNORES_RIGHTS
    ROWS r = db_query(x->db, "SELECT id, 1 FROM room ORDER BY id");
#else
    ROWS r = db_query(x->db, "SELECT r.id, rm.first_seq FROM room_member rm JOIN room r ON r.id = rm.room"
                             " WHERE rm.member = $1 AND r.closed_ms = 0 ORDER BY rm.room",
                      ID(x->actor.member));
#endif

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct search_room){row_int(&r, 0), row_int(&r, 1)};
    return rows_ok(&r);
}

/* The rows are those of another domain: what is written in files stands with their bytes, and is searched here; not of a file that
 * nobody can have. */
static bool read_files(struct ctx *x, id64 message, struct search_words *out)
{
    ROWS r = db_query(x->db, "SELECT t.id, t.words FROM stored s JOIN blob_text t ON t.id = s.blob JOIN blob_file b ON b.id = s.blob"
                             " WHERE s.message = $1 AND b.scan < $2 ORDER BY s.id", ID(message), INT(SCAN_HELD));

    while (rows_next(&r))
        *PUSH(x->arena, out) = row_sealed(&r, 1, "blob_text.words", row_id(&r, 0).n);
    return rows_ok(&r);
}

bool search_sql_read(struct ctx *x, id64 message, id64 member, struct search_text *out)
{
    ROWS r = db_query(x->db, "SELECT kind, author, sent_ms, gone_ms, text, content FROM message WHERE id = $1"
                             " AND NOT EXISTS (SELECT 1 FROM message_hidden h WHERE h.member = $2 AND h.message = message.id)",
                      ID(message), ID(member));

    *out = (struct search_text){.there = false};
    if (!rows_next(&r))
        return rows_ok(&r);
    *out = (struct search_text){
        .there = row_int(&r, 0) != MESSAGE_SYSTEM && row_int(&r, 3) == 0,
        .author = row_id(&r, 1),
        .sent_ms = row_int(&r, 2),
    };
    if (!out->there)
        return rows_ok(&r);
    out->text = row_sealed(&r, 4, "message.text", message.n);
    return talk_content_read(x, row_sealed(&r, 5, "message.content", message.n), &out->content) && rows_ok(&r) &&
           (out->content.files.n == 0 || read_files(x, message, &out->files));
}

bool search_sql_at(struct ctx *x, int64_t n, id64 *message, int64_t *sent_ms)
{
    ROWS r = db_query(x->db, "SELECT message, sent_ms FROM search_place WHERE n = $1", INT(n));
    bool there = rows_next(&r);

    *message = there ? row_id(&r, 0) : ID_NONE;
    *sent_ms = there ? row_int(&r, 1) : 0;
    return rows_ok(&r);
}

bool search_sql_block(struct ctx *x, int64_t block, sv *rooms)
{
    ROWS r = db_query(x->db, "SELECT rooms FROM search_block WHERE id = $1", INT(block));

    *rooms = rows_next(&r) ? row_blob(&r, 0) : SV_NONE;
    return rows_ok(&r);
}

bool search_sql_block_set(struct ctx *x, int64_t block, sv rooms)
{
    return db_exec(x->db, "INSERT INTO search_block (id, rooms) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET rooms = excluded.rooms",
                   INT(block), BLOB(rooms));
}

bool search_sql_list(struct ctx *x, int64_t id, sv *list)
{
    ROWS r = db_query(x->db, "SELECT list FROM search_list WHERE id = $1", INT(id));

    *list = rows_next(&r) ? row_blob(&r, 0) : SV_NONE;
    return rows_ok(&r);
}

struct rows search_sql_lists_between(struct ctx *x, int64_t first, int64_t last)
{
    return db_query(x->db, "SELECT id, list FROM search_list WHERE id >= $1 AND id <= $2 ORDER BY id", INT(first), INT(last));
}

bool search_sql_list_set(struct ctx *x, int64_t id, sv list)
{
    return db_exec(x->db, "INSERT INTO search_list (id, list) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET list = excluded.list",
                   INT(id), BLOB(list));
}

bool search_sql_list_none(struct ctx *x, int64_t id)
{
    return db_exec(x->db, "DELETE FROM search_list WHERE id = $1", INT(id));
}

bool search_sql_lists(struct ctx *x, int64_t from, int64_t below, size_t max, struct search_list_rows *out)
{
    ROWS r = db_query(x->db, "SELECT id, list FROM search_list WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3", INT(from),
                      INT(below), INT((int64_t)max));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct search_list_row){row_int(&r, 0), row_blob(&r, 1)};
    return rows_ok(&r);
}

int64_t search_room_id(int64_t group, uint16_t mark)
{
    return group << 16 | mark;
}

bool search_sql_numbers(struct ctx *x, int64_t id, sv *numbers)
{
    ROWS r = db_query(x->db, "SELECT numbers FROM search_room WHERE id = $1", INT(id));

    *numbers = rows_next(&r) ? row_blob(&r, 0) : SV_NONE;
    return rows_ok(&r);
}

struct rows search_sql_numbers_mine(struct ctx *x, int64_t first)
{
    return db_query(x->db, "SELECT s.numbers FROM room_member rm JOIN search_room s ON s.id = $1 + (rm.room & 65535)"
                           " WHERE rm.member = $2",
                    INT(first), ID(x->actor.member));
}

bool search_sql_numbers_set(struct ctx *x, int64_t id, sv numbers)
{
    return db_exec(x->db, "INSERT INTO search_room (id, numbers) VALUES ($1, $2)"
                          " ON CONFLICT (id) DO UPDATE SET numbers = excluded.numbers",
                   INT(id), BLOB(numbers));
}

bool search_sql_before(struct ctx *x, int64_t upto, int64_t *n, int64_t *sent_ms)
{
    ROWS r = db_query(x->db, "SELECT n, sent_ms FROM search_place WHERE n <= $1 ORDER BY n DESC LIMIT 1", INT(upto));
    bool there = rows_next(&r);

    *n = there ? row_int(&r, 0) : -1;
    *sent_ms = there ? row_int(&r, 1) : 0;
    return rows_ok(&r);
}

bool search_sql_any_todo(struct ctx *x, bool *any)
{
    ROWS r = db_query(x->db, "SELECT message FROM search_todo LIMIT 1");

    *any = rows_next(&r);
    return rows_ok(&r);
}

static bool todos_read(struct ctx *x, struct rows *r, struct search_todos *out)
{
    while (rows_next(r))
        *PUSH(x->arena, out) = (struct search_todo){row_id(r, 0), row_int(r, 1), row_int(r, 2) != 0};
    return rows_ok(r);
}

bool search_sql_todo_of(struct ctx *x, const struct search_room *of, size_t max, struct search_todos *out)
{
    id64 room = {of->id};
    ROWS r = db_query(x->db, "SELECT message, sent_ms, known FROM search_todo WHERE message >= $1 AND message < $2"
                             " ORDER BY message DESC LIMIT $3",
                      ID(talk_message_id(room, of->first_seq)), ID(talk_message_id((id64){room.n + 1}, 0)), INT((int64_t)max));

    return todos_read(x, &r, out);
}

bool search_sql_todo(struct ctx *x, size_t max, struct search_todos *out)
{
    ROWS r = db_query(x->db, "SELECT message, sent_ms, known FROM search_todo ORDER BY sent_ms, message LIMIT $1", INT((int64_t)max));

    return todos_read(x, &r, out);
}

bool search_sql_new(struct ctx *x, id64 message, int64_t sent_ms)
{
    return db_exec(x->db, "INSERT INTO search_todo (message, sent_ms, known) VALUES ($1, $2, 0) ON CONFLICT (message) DO NOTHING",
                   ID(message), INT(sent_ms));
}

bool search_sql_changed(struct ctx *x, id64 message)
{
    return db_exec(x->db, "INSERT INTO search_todo (message, sent_ms, known) SELECT id, sent_ms, 1 FROM message WHERE id = $1"
                          " ON CONFLICT (message) DO NOTHING",
                   ID(message));
}

bool search_sql_changed_room(struct ctx *x, id64 room)
{
    return db_exec(x->db, "INSERT INTO search_todo (message, sent_ms, known) SELECT id, sent_ms, 1 FROM message"
                          " WHERE id >= $1 AND id < $2 ON CONFLICT (message) DO NOTHING",
                   ID(talk_message_id(room, 0)), ID(talk_message_id((id64){room.n + 1}, 0)));
}

bool search_sql_done(struct ctx *x, id64 message)
{
    return db_exec(x->db, "DELETE FROM search_todo WHERE message = $1", ID(message));
}

bool search_sql_last(struct ctx *x, int64_t from, int64_t below, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT n FROM search_place WHERE n >= $1 AND n < $2 ORDER BY n DESC LIMIT 1", INT(from), INT(below));

    *n = rows_next(&r) ? row_int(&r, 0) : -1;
    return rows_ok(&r);
}

bool search_sql_number(struct ctx *x, int64_t from, int64_t below, id64 message, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT n FROM search_place WHERE n >= $1 AND n < $2 AND message = $3", INT(from), INT(below),
                      ID(message));

    *n = rows_next(&r) ? row_int(&r, 0) : -1;
    return rows_ok(&r);
}

bool search_sql_place(struct ctx *x, int64_t n, id64 message, int64_t sent_ms)
{
    return db_exec(x->db, "INSERT INTO search_place (n, message, sent_ms) VALUES ($1, $2, $3)", INT(n), ID(message), INT(sent_ms));
}

bool search_sql_newest(struct ctx *x, int64_t *ms)
{
    ROWS r = db_query(x->db, "SELECT newest_ms FROM search_format WHERE id = 1");

    *ms = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool search_sql_newest_set(struct ctx *x, int64_t ms)
{
    return db_exec(x->db, "UPDATE search_format SET newest_ms = $1 WHERE id = 1", INT(ms));
}

bool search_sql_unplace(struct ctx *x, int64_t n)
{
    return db_exec(x->db, "DELETE FROM search_place WHERE n = $1", INT(n));
}

bool search_sql_version(struct ctx *x, int64_t *version)
{
    ROWS r = db_query(x->db, "SELECT version FROM search_format WHERE id = 1");

    *version = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool search_sql_removed_add(struct ctx *x)
{
    return db_exec(x->db, "UPDATE search_format SET removed = removed + 1 WHERE id = 1");
}

bool search_sql_removed(struct ctx *x, int64_t *n)
{
    ROWS r = db_query(x->db, "SELECT removed FROM search_format WHERE id = 1");

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool search_sql_removed_none(struct ctx *x)
{
    return db_exec(x->db, "UPDATE search_format SET removed = 0 WHERE id = 1");
}

bool search_sql_anew(struct ctx *x, int64_t version)
{
    return db_exec(x->db, "UPDATE search_format SET version = $1, newest_ms = 0 WHERE id = 1", INT(version));
}

static bool any_left(struct ctx *x, bool *any)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM search_list UNION ALL SELECT 1 FROM search_room UNION ALL SELECT 1 FROM search_hole"
                             " UNION ALL SELECT 1 FROM search_place UNION ALL SELECT 1 FROM search_block LIMIT 1");

    *any = rows_next(&r);
    return rows_ok(&r);
}

/* Rows of some 200 pages. */
bool search_sql_drop(struct ctx *x, bool *more)
{
    return db_exec(x->db, "DELETE FROM search_list WHERE id IN (SELECT id FROM search_list ORDER BY id LIMIT 1000)") &&
           db_exec(x->db, "DELETE FROM search_room WHERE id IN (SELECT id FROM search_room ORDER BY id LIMIT 500)") &&
           db_exec(x->db, "DELETE FROM search_hole WHERE n IN (SELECT n FROM search_hole ORDER BY n LIMIT 1000)") &&
           db_exec(x->db, "DELETE FROM search_place WHERE n IN (SELECT n FROM search_place ORDER BY n LIMIT 2000)") &&
           db_exec(x->db, "DELETE FROM search_block WHERE id IN (SELECT id FROM search_block ORDER BY id LIMIT 100)") &&
           any_left(x, more);
}

/* The time behind so many messages from `ms` on; less than `ms`: none is left. */
static bool time_behind(struct ctx *x, int64_t ms, size_t max, int64_t *out)
{
    ROWS r = db_query(x->db, "SELECT MAX(sent_ms) FROM (SELECT sent_ms FROM message WHERE sent_ms >= $1 ORDER BY sent_ms LIMIT $2) m",
                      INT(ms), INT((int64_t)max));

    *out = rows_next(&r) && !row_null(&r, 0) ? row_int(&r, 0) : ms - 1;
    return rows_ok(&r);
}

bool search_sql_again(struct ctx *x, size_t max, bool *more)
{
    int64_t from, last;

    if (!search_sql_newest(x, &from) || !time_behind(x, from, max, &last))
        return false;
    *more = last >= from;
    return db_exec(x->db, "INSERT INTO search_todo (message, sent_ms, known) SELECT id, sent_ms, 0 FROM message"
                          " WHERE sent_ms >= $1 AND sent_ms <= $2 AND kind <> $3 ON CONFLICT (message) DO NOTHING",
                   INT(from), INT(last), INT(MESSAGE_SYSTEM)) &&
           search_sql_newest_set(x, last + 1);
}
