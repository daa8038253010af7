/* svc/contract/contract_sql.c: the tenant's one row and its settings. */
#include "svc/contract/contract_sql.h"
#include "core/full_name.h"

bool contract_sql_open(struct ctx *x, sv workgroup, unsigned password_ops, bool *opened)
{
    if (!db_exec(x->db, "INSERT INTO tenant (id, workgroup, opened_ms, password_ops) VALUES (1, $1, $2, $3)"
                        " ON CONFLICT (id) DO NOTHING",
                 TEXT(workgroup), INT(x->now_ms), INT(password_ops)))
        return false;
    *opened = db_changes(x->db) == 1;
    return true;
}

bool contract_sql_setting(struct ctx *x, int64_t id, sv key, sv value)
{
    return db_exec(x->db, "INSERT INTO setting (id, key, value, changed_ms, changed_by) VALUES ($1, $2, $3, $4, $5)"
                          " ON CONFLICT (id) DO UPDATE SET value = excluded.value, changed_ms = excluded.changed_ms,"
                          " changed_by = excluded.changed_by",
                   INT(id), TEXT(key), SEALED("setting.value", id, value), INT(x->now_ms), ID(x->actor.member));
}

bool contract_sql_settings(struct ctx *x, struct setting_changes *out)
{
    ROWS r = db_query(x->db, "SELECT id, key, value FROM setting ORDER BY id");
    size_t i;

    while (rows_next(&r))
        if (policy_find(row_text(&r, 1), &i))
            *PUSH(x->arena, out) = (struct setting_change){i, row_sealed(&r, 2, "setting.value", row_int(&r, 0)), SV("")};
    return rows_ok(&r);
}

bool contract_sql_touches(struct ctx *x, struct setting_touches *out)
{
    ROWS r = db_query(x->db, "SELECT s.key, s.changed_ms, s.changed_by, COALESCE(m.family, ''), COALESCE(m.given, '')"
                             " FROM setting s LEFT JOIN member m ON m.id = s.changed_by ORDER BY s.id");
    size_t i;

    while (rows_next(&r))
        if (policy_find(row_text(&r, 0), &i))
            *PUSH(x->arena, out) = (struct setting_touch){i, row_int(&r, 1), row_id(&r, 2),
                                                          full_name(x->arena, row_text(&r, 3), row_text(&r, 4))};
    return rows_ok(&r);
}

bool contract_sql_pasts(struct ctx *x, int64_t from_ms, int64_t before, int64_t max, struct setting_pasts *out)
{
    ROWS r = db_query(x->db, "SELECT a.seq, a.time_ms, a.actor, a.channel, a.detail, COALESCE(m.family, ''),"
                             " COALESCE(m.given, '') FROM audit a LEFT JOIN member m ON m.id = a.actor"
                             " WHERE a.kind = 'setting.change' AND a.result = 'ok' AND a.seq < $1"
                             " AND a.time_ms >= $3 ORDER BY a.seq DESC LIMIT $2",
                      INT(before), INT(max), INT(from_ms));

    while (rows_next(&r)) {
        struct setting_past *p = PUSH(x->arena, out);
        p->seq = row_int(&r, 0);
        p->time_ms = row_int(&r, 1);
        p->by = row_id(&r, 2);
        p->channel = (enum channel)row_int(&r, 3);
        p->value = row_sealed(&r, 4, "audit.detail", p->seq);
        p->by_name = full_name(x->arena, row_text(&r, 5), row_text(&r, 6));
    }
    return rows_ok(&r);
}
