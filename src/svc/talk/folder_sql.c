/* svc/talk/folder_sql.c: folders of the room list, in the store. Which room is in which stands in room_member: it ends with
 * the membership. */
#include "svc/talk/folder_sql.h"

bool folder_sql_list(struct ctx *x, struct folders *out)
{
    ROWS r = db_query(x->db, "SELECT id, name FROM room_folder WHERE member = $1 ORDER BY place, id", ID(x->actor.member));

    while (rows_next(&r)) {
        id64 id = row_id(&r, 0);
        *PUSH(x->arena, out) = (struct folder){id, row_sealed(&r, 1, "room_folder.name", id.n)};
    }
    return rows_ok(&r);
}

bool folder_sql_add(struct ctx *x, const struct folder *f, int64_t place)
{
    return db_exec(x->db, "INSERT INTO room_folder (id, member, name, place) VALUES ($1, $2, $3, $4)", ID(f->id),
                   ID(x->actor.member), SEALED("room_folder.name", f->id.n, f->name), INT(place));
}

bool folder_sql_rename(struct ctx *x, const struct folder *f)
{
    return db_exec(x->db, "UPDATE room_folder SET name = $1 WHERE id = $2 AND member = $3",
                   SEALED("room_folder.name", f->id.n, f->name), ID(f->id), ID(x->actor.member));
}

bool folder_sql_place(struct ctx *x, id64 folder, int64_t place)
{
    return db_exec(x->db, "UPDATE room_folder SET place = $1 WHERE id = $2 AND member = $3", INT(place), ID(folder),
                   ID(x->actor.member));
}

bool folder_sql_delete(struct ctx *x, id64 folder)
{
    return db_exec(x->db, "UPDATE room_member SET folder = 0 WHERE member = $1 AND folder = $2", ID(x->actor.member), ID(folder)) &&
           db_exec(x->db, "DELETE FROM room_folder WHERE id = $1 AND member = $2", ID(folder), ID(x->actor.member));
}

bool folder_sql_put(struct ctx *x, id64 room, id64 folder)
{
    return db_exec(x->db, "UPDATE room_member SET folder = $1 WHERE member = $2 AND room = $3", ID(folder), ID(x->actor.member),
                   ID(room));
}

bool folder_sql_member_gone(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM room_folder WHERE member = $1", ID(member));
}
