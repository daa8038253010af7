/* svc/monitor/audit_talk.c: receivers, derived from the membership at the time of the message. */
#include "svc/monitor/audit_talk.h"
#include "core/full_name.h"

#define NAMED 3                                           /* people who stand for a room without a name */

/* The version of the membership at which a message was sent; 0: the row is not one of a message that was stored. */
static int64_t membership_of(struct ctx *x, const struct audit_entry *e)
{
    struct json_value v;

    if (!sv_equal(e->act, SV("talk.post")) || !sv_equal(e->result, SV("ok")) || !json_read(x->arena, e->detail, &v, NULL))
        return 0;
    const struct json_value *version = json_get(&v, SV("membership"));
    return version && version->whole ? version->i : 0;
}

bool audit_talk_spans(struct ctx *x, id64 member, struct audit_spans *out)
{
    ROWS r = db_query(x->db, "SELECT room, from_version, until_version FROM room_span WHERE member = $1", ID(member));

    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct audit_span){row_id(&r, 0), row_int(&r, 1), row_int(&r, 2)};
    return rows_ok(&r);
}

bool audit_talk_received(struct ctx *x, const struct audit_entry *e, id64 member, const struct audit_spans *spans)
{
    int64_t version = e->actor.n == member.n ? 0 : membership_of(x, e);

    for (size_t i = 0; version && i < spans->n; i++) {
        const struct audit_span *s = &spans->v[i];
        if (s->room.n == e->room.n && s->from <= version && (s->until == 0 || s->until > version))
            return true;
    }
    return false;
}

bool audit_talk_receivers(struct ctx *x, const struct audit_entry *e, int64_t max, struct audit_people *out)
{
    int64_t version = membership_of(x, e);

    if (!version)
        return true;
    ROWS n = db_query(x->db, "SELECT COUNT(*) FROM room_span WHERE room = $1 AND from_version <= $2"
                             " AND (until_version = 0 OR until_version > $2) AND member <> $3",
                      ID(e->room), INT(version), ID(e->actor));
    out->all = rows_next(&n) ? row_int(&n, 0) : 0;
    if (!rows_ok(&n))
        return false;
    ROWS r = db_query(x->db, "SELECT s.member, COALESCE(m.family, ''), COALESCE(m.given, '') FROM room_span s"
                             " LEFT JOIN member m ON m.id = s.member WHERE s.room = $1 AND s.from_version <= $2"
                             " AND (s.until_version = 0 OR s.until_version > $2) AND s.member <> $3"
                             " ORDER BY m.family_reading, m.given_reading, s.member LIMIT $4",
                      ID(e->room), INT(version), ID(e->actor), INT(max));
    while (rows_next(&r))
        *PUSH(x->arena, out) = (struct audit_person){row_id(&r, 0), full_name(x->arena, row_text(&r, 1), row_text(&r, 2))};
    return rows_ok(&r);
}

sv audit_talk_room_name(struct ctx *x, const struct audit_entry *e)
{
    struct str s = STR_IN(x->arena);
    int n = 0;

    if (e->object_name.n || !e->room.n)
        return e->object_name;
    ROWS r = db_query(x->db, "SELECT m.family, m.given FROM room_span s JOIN member m ON m.id = s.member WHERE s.room = $1"
                             " AND s.until_version = 0 ORDER BY s.member LIMIT $2",
                      ID(e->room), INT(NAMED + 1));
    while (rows_next(&r)) {
        if (n == NAMED)
            str_put(&s, SV(" …"));
        else
            str_printf(&s, "%s%.*s", n ? "\u30fb" : "", SV_ARG(full_name(x->arena, row_text(&r, 0), row_text(&r, 1))));
        n++;
    }
    return str_sv(&s);
}
