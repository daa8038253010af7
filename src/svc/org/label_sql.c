/* svc/org/label_sql.c: labels in the store. */
#include "svc/org/label_sql.h"
#include "svc/org/org_sql.h"

#define HOLDERS                                                                                              \
    " (SELECT COUNT(DISTINCT m.id) FROM member m LEFT JOIN unit_member um ON um.member = m.id"               \
    " WHERE m.status <> 3 AND (um.title = l.id OR m.grade = l.id OR m.permtype = l.id))"
#define LABEL_COLS "l.id, l.kind, l.name, l.place,"

static void label_read(struct rows *r, struct label *l)
{
    *l = (struct label){
        .id = row_id(r, 0),
        .kind = (enum label_kind)row_int(r, 1),
        .name = row_text(r, 2),
        .place = row_int(r, 3),
        .holders = row_int(r, 4),
    };
}

bool label_sql_find(struct ctx *x, id64 id, struct label *out)
{
    ROWS r = db_query(x->db, "SELECT " LABEL_COLS HOLDERS " FROM label l WHERE l.id = $1", ID(id));

    if (!rows_next(&r))
        return false;
    label_read(&r, out);
    return rows_ok(&r);
}

bool label_sql_of(struct ctx *x, id64 member, id64 *grade, id64 *permtype)
{
    ROWS r = db_query(x->db, "SELECT grade, permtype FROM member WHERE id = $1", ID(member));

    if (!rows_next(&r))
        return false;
    *grade = row_id(&r, 0);
    *permtype = row_id(&r, 1);
    return rows_ok(&r);
}

/* Holders of all labels by one pass over members and posts each, not one a label. */
bool label_sql_list(struct ctx *x, struct labels *out)
{
    ROWS r = db_query(x->db, "SELECT " LABEL_COLS " COALESCE(h.n, 0) FROM label l LEFT JOIN"
                             " (SELECT held.label AS label, COUNT(DISTINCT held.member) AS n FROM"
                             " (SELECT title AS label, member FROM unit_member WHERE title <> 0"
                             " UNION ALL SELECT grade, id FROM member WHERE grade <> 0 AND status <> 3"
                             " UNION ALL SELECT permtype, id FROM member WHERE permtype <> 0 AND status <> 3) held"
                             " GROUP BY held.label) h ON h.label = l.id ORDER BY l.kind, l.place, l.id");

    while (rows_next(&r))
        label_read(&r, PUSH(x->arena, out));
    return rows_ok(&r);
}

bool label_sql_last_place(struct ctx *x, enum label_kind k, int64_t *place, int64_t *count)
{
    ROWS r = db_query(x->db, "SELECT COALESCE(MAX(place), 0), COUNT(*) FROM label WHERE kind = $1", INT(k));

    *place = *count = 0;
    if (rows_next(&r)) {
        *place = row_int(&r, 0);
        *count = row_int(&r, 1);
    }
    return rows_ok(&r);
}

bool label_sql_add(struct ctx *x, const struct label *l, bool *added)
{
    if (!db_exec(x->db, "INSERT INTO label (id, kind, name, place) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT (kind, name) DO NOTHING",
                 ID(l->id), INT(l->kind), TEXT(l->name), INT(l->place)))
        return false;
    *added = db_changes(x->db) == 1;
    return true;
}

bool label_sql_name_free(struct ctx *x, const struct label *l)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM label WHERE kind = $1 AND name = $2 AND id <> $3", INT(l->kind),
                      TEXT(l->name), ID(l->id));

    return !rows_next(&r) && rows_ok(&r);
}

bool label_sql_rename(struct ctx *x, id64 id, sv name)
{
    return db_exec(x->db, "UPDATE label SET name = $1 WHERE id = $2", TEXT(name), ID(id));
}

bool label_sql_make_place(struct ctx *x, enum label_kind k, int64_t place)
{
    return db_exec(x->db, "UPDATE label SET place = place + 1 WHERE kind = $1 AND place >= $2", INT(k), INT(place));
}

bool label_sql_place(struct ctx *x, id64 id, int64_t place)
{
    return db_exec(x->db, "UPDATE label SET place = $1 WHERE id = $2", INT(place), ID(id));
}

bool label_sql_delete(struct ctx *x, id64 id)
{
    return db_exec(x->db, "UPDATE member SET grade = 0 WHERE grade = $1", ID(id)) &&
           db_exec(x->db, "UPDATE member SET permtype = 0 WHERE permtype = $1", ID(id)) &&
           db_exec(x->db, "DELETE FROM label WHERE id = $1", ID(id));
}

bool label_sql_holders(struct ctx *x, id64 id, const struct member *after, int64_t limit, struct members *out)
{
    ROWS r = db_query(x->db, "SELECT " MEMBER_BRIEF " FROM member m"
                             " WHERE m.status <> 3 AND (m.grade = $1 OR m.permtype = $1 OR EXISTS"
                             " (SELECT 1 FROM unit_member um WHERE um.member = m.id AND um.title = $1))"
                             " AND (m.family_reading, m.given_reading, m.id) > ($2, $3, $4)"
                             " ORDER BY m.family_reading, m.given_reading, m.id LIMIT $5",
                      ID(id), TEXT(after->family_reading), TEXT(after->given_reading), ID(after->id), INT(limit));

    return org_sql_brief(x, &r, out);
}
