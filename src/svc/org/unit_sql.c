/* svc/org/unit_sql.c: units and posts in the store. A deleted unit keeps its row for UNIT_KEPT_MS; its code gets a mark
 * that no code can have, so that another unit may take it. */
#include "svc/org/unit_sql.h"
#include "base/fold.h"

#define UNIT_COLS                                                                                       \
    "u.id, u.parent, u.leader, u.room, u.code, u.name, u.place, u.functions, u.made_ms, u.deleted_ms, " \
    "u.public, u.delegation, u.notify, u.folded"

static void unit_read(struct rows *r, struct unit *u)
{
    *u = (struct unit){
        .id = row_id(r, 0),
        .parent = row_id(r, 1),
        .leader = row_id(r, 2),
        .room = row_id(r, 3),
        .code = row_text(r, 4),
        .name = row_text(r, 5),
        .place = row_int(r, 6),
        .functions = row_int(r, 7),
        .made_ms = row_int(r, 8),
        .deleted_ms = row_int(r, 9),
        .public = row_int(r, 10) != 0,
        .delegation = row_int(r, 11) != 0,
        .notify = row_int(r, 12) != 0,
        .folded = row_text(r, 13),
    };
}

bool unit_sql_find(struct ctx *x, id64 id, struct unit *out)
{
    ROWS r = db_query(x->db, "SELECT " UNIT_COLS ", u.description,"
                             " (SELECT COUNT(*) FROM unit_member um WHERE um.unit = u.id) FROM unit u WHERE u.id = $1",
                      ID(id));

    if (!rows_next(&r))
        return false;
    unit_read(&r, out);
    out->description = row_text(&r, 14);
    out->members = row_int(&r, 15);
    return rows_ok(&r);
}

bool unit_sql_of_room(struct ctx *x, id64 room, struct unit *out)
{
    ROWS r = db_query(x->db, "SELECT " UNIT_COLS ", u.description FROM unit u WHERE u.room = $1 AND u.deleted_ms = 0",
                      ID(room));

    if (!rows_next(&r))
        return false;
    unit_read(&r, out);
    out->description = row_text(&r, 14);
    return rows_ok(&r);
}

bool unit_sql_all(struct ctx *x, struct units *out)
{
    ROWS r = db_query(x->db, "SELECT " UNIT_COLS ", (SELECT COUNT(*) FROM unit_member um WHERE um.unit = u.id)"
                             " FROM unit u WHERE u.deleted_ms = 0 ORDER BY u.id");

    while (rows_next(&r)) {
        struct unit *u = PUSH(x->arena, out);
        unit_read(&r, u);
        u->members = row_int(&r, 14);
    }
    return rows_ok(&r);
}

bool unit_sql_gone(struct ctx *x, int64_t from_ms, int64_t to_ms, struct units *out)
{
    ROWS r = db_query(x->db, "SELECT " UNIT_COLS " FROM unit u WHERE u.deleted_ms >= $1 AND u.deleted_ms < $2"
                             " ORDER BY u.deleted_ms DESC, u.id",
                      INT(from_ms), INT(to_ms));

    while (rows_next(&r))
        unit_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool unit_sql_gone_with(struct ctx *x, int64_t deleted_ms, struct units *out)
{
    ROWS r = db_query(x->db, "SELECT " UNIT_COLS " FROM unit u WHERE u.deleted_ms = $1 ORDER BY u.id", INT(deleted_ms));

    while (rows_next(&r))
        unit_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool unit_sql_last_place(struct ctx *x, id64 parent, int64_t *place)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MAX(place), 0) FROM unit WHERE parent = $1 AND deleted_ms = 0", ID(parent));

    *place = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

bool unit_sql_add(struct ctx *x, const struct unit *u, bool *added)
{
    if (!db_exec(x->db, "INSERT INTO unit (id, parent, code, name, description, folded, place, public, functions,"
                        " delegation, notify, leader, room, made_ms, deleted_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, 0)"
                        " ON CONFLICT (code) DO NOTHING",
                 ID(u->id), ID(u->parent), TEXT(u->code), TEXT(u->name), TEXT(u->description),
                 TEXT(fold(x->arena, u->name)), INT(u->place), INT(u->public), INT(u->functions), INT(u->delegation),
                 INT(u->notify), INT(x->now_ms)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool unit_sql_code_free(struct ctx *x, sv code, id64 but)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM unit WHERE code = $1 AND id <> $2", TEXT(code), ID(but));

    return !rows_next(&r) && rows_ok(&r);
}

bool unit_sql_edit(struct ctx *x, const struct unit *u)
{
    return db_exec(x->db, "UPDATE unit SET code = $1, name = $2, description = $3, folded = $4, public = $5,"
                          " functions = $6, delegation = $7, notify = $8, leader = $9 WHERE id = $10",
                   TEXT(u->code), TEXT(u->name), TEXT(u->description), TEXT(fold(x->arena, u->name)), INT(u->public),
                   INT(u->functions), INT(u->delegation), INT(u->notify), ID(u->leader), ID(u->id));
}

bool unit_sql_functions(struct ctx *x, id64 id, int64_t functions)
{
    return db_exec(x->db, "UPDATE unit SET functions = $1 WHERE id = $2", INT(functions), ID(id));
}

bool unit_sql_room(struct ctx *x, id64 id, id64 room)
{
    return db_exec(x->db, "UPDATE unit SET room = $1 WHERE id = $2", ID(room), ID(id));
}

bool unit_sql_make_place(struct ctx *x, id64 parent, int64_t place)
{
    return db_exec(x->db, "UPDATE unit SET place = place + 1 WHERE parent = $1 AND place >= $2 AND deleted_ms = 0",
                   ID(parent), INT(place));
}

bool unit_sql_move(struct ctx *x, id64 id, id64 parent, int64_t place)
{
    return db_exec(x->db, "UPDATE unit SET parent = $1, place = $2 WHERE id = $3", ID(parent), INT(place), ID(id));
}

bool unit_sql_delete(struct ctx *x, id64 id, sv code)
{
    return db_exec(x->db, "UPDATE unit SET deleted_ms = $1, code = $2, leader = 0 WHERE id = $3", INT(x->now_ms),
                   TEXT(code), ID(id));
}

bool unit_sql_restore(struct ctx *x, const struct unit *u)
{
    return db_exec(x->db, "UPDATE unit SET deleted_ms = 0, code = $1, parent = $2, place = $3 WHERE id = $4",
                   TEXT(u->code), ID(u->parent), INT(u->place), ID(u->id));
}

bool unit_sql_erase(struct ctx *x, id64 id)
{
    return db_exec(x->db, "DELETE FROM unit WHERE id = $1 AND deleted_ms > 0", ID(id));
}

bool unit_sql_leader_gone(struct ctx *x, id64 unit, id64 member)
{
    return db_exec(x->db, "UPDATE unit SET leader = 0 WHERE id = $1 AND leader = $2", ID(unit), ID(member));
}

#define BELOW                                                                               \
    "WITH RECURSIVE below (id) AS (SELECT u.id FROM unit u WHERE u.id = $1 UNION ALL"       \
    " SELECT u.id FROM unit u JOIN below b ON u.parent = b.id WHERE u.deleted_ms = 0 AND u.id <> $2)"

bool unit_sql_people(struct ctx *x, id64 top, id64 without, struct id_list *out)
{
    ROWS r = db_query(x->db, BELOW " SELECT DISTINCT um.member FROM unit_member um JOIN below b ON um.unit = b.id"
                                   " ORDER BY um.member",
                      ID(top), ID(without));

    while (rows_next(&r))
        *PUSH(x->arena, out) = row_id(&r, 0);
    return rows_ok(&r);
}

bool unit_sql_among(struct ctx *x, id64 top, id64 member)
{
    ROWS r = db_query(x->db, BELOW " SELECT 1 FROM unit_member um JOIN below b ON um.unit = b.id WHERE um.member = $3",
                      ID(top), ID(ID_NONE), ID(member));

    return rows_next(&r);
}

bool unit_sql_members(struct ctx *x, id64 unit, const struct member *after, int64_t limit, struct unit_people *out)
{
    ROWS r = db_query(x->db, "SELECT m.id, m.login, m.family, m.given, m.family_reading, m.given_reading, m.role,"
                             " m.status, m.start_ms, um.main, um.title, COALESCE(l.name, '')"
                             " FROM unit_member um JOIN member m ON m.id = um.member LEFT JOIN label l ON l.id = um.title"
                             " WHERE um.unit = $1 AND (m.family_reading, m.given_reading, m.id) > ($2, $3, $4)"
                             " ORDER BY m.family_reading, m.given_reading, m.id LIMIT $5",
                      ID(unit), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id), INT(limit));

    while (rows_next(&r)) {
        struct unit_person *p = PUSH(x->arena, out);
        p->m = (struct member){
            .id = row_id(&r, 0),
            .login = row_text(&r, 1),
            .family = row_text(&r, 2),
            .given = row_text(&r, 3),
            .family_reading = row_text(&r, 4),
            .given_reading = row_text(&r, 5),
            .role = (enum role)row_int(&r, 6),
            .status = (enum member_status)row_int(&r, 7),
            .start_ms = row_int(&r, 8),
        };
        p->main = row_int(&r, 9) != 0;
        p->title = row_id(&r, 10);
        p->title_name = row_text(&r, 11);
    }
    return rows_ok(&r);
}

bool unit_sql_names(struct ctx *x, struct unit_names *out)
{
    ROWS r = db_query(x->db, "SELECT um.unit, m.family, m.given, m.family_reading, m.given_reading"
                             " FROM unit_member um JOIN member m ON m.id = um.member ORDER BY um.unit");

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct unit_name){row_id(&r, 0), row_text(&r, 1), row_text(&r, 2), row_text(&r, 3),
                                                  row_text(&r, 4)};
    return rows_ok(&r);
}

static void post_read(struct rows *r, struct unit_post *p)
{
    *p = (struct unit_post){
        .unit = row_id(r, 0),
        .title = row_id(r, 1),
        .main = row_int(r, 2) != 0,
        .unit_name = row_text(r, 3),
        .title_name = row_text(r, 4),
    };
}

#define POST_COLS "um.unit, um.title, um.main, u.name, COALESCE(l.name, '')"

bool unit_sql_posts(struct ctx *x, id64 member, struct unit_posts *out)
{
    ROWS r = db_query(x->db, "SELECT " POST_COLS " FROM unit_member um JOIN unit u ON u.id = um.unit"
                             " LEFT JOIN label l ON l.id = um.title WHERE um.member = $1"
                             " ORDER BY um.main DESC, u.name, u.id",
                      ID(member));

    while (rows_next(&r))
        post_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool unit_sql_post(struct ctx *x, id64 member, id64 unit, struct unit_post *out)
{
    ROWS r = db_query(x->db, "SELECT " POST_COLS " FROM unit_member um JOIN unit u ON u.id = um.unit"
                             " LEFT JOIN label l ON l.id = um.title WHERE um.member = $1 AND um.unit = $2",
                      ID(member), ID(unit));

    if (!rows_next(&r))
        return false;
    post_read(&r, out);
    return rows_ok(&r);
}

bool unit_sql_post_put(struct ctx *x, id64 member, const struct unit_post *p)
{
    return db_exec(x->db, "INSERT INTO unit_member (unit, member, main, title) VALUES ($1, $2, $3, $4)"
                          " ON CONFLICT (member, unit) DO UPDATE SET main = $3, title = $4",
                   ID(p->unit), ID(member), INT(p->main), ID(p->title));
}

bool unit_sql_post_remove(struct ctx *x, id64 member, id64 unit)
{
    return db_exec(x->db, "DELETE FROM unit_member WHERE member = $1 AND unit = $2", ID(member), ID(unit));
}

bool unit_sql_post_main(struct ctx *x, id64 member, id64 unit)
{
    return db_exec(x->db, "UPDATE unit_member SET main = CASE WHEN unit = $1 THEN 1 ELSE 0 END WHERE member = $2",
                   ID(unit), ID(member));
}
