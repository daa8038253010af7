/* svc/contract/contract_sql.c: the tenant's one row and its settings. */
#include "svc/contract/contract_sql.h"

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
