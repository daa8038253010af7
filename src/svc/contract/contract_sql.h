/* svc/contract/contract_sql.h: the statements of contract. */
#ifndef ENGAWA_SVC_CONTRACT_CONTRACT_SQL_H
#define ENGAWA_SVC_CONTRACT_CONTRACT_SQL_H

#include "svc/contract/contract.h"

bool contract_sql_open(struct ctx *x, sv workgroup, unsigned password_ops, bool *opened);
bool contract_sql_setting(struct ctx *x, int64_t id, sv key, sv value);
bool contract_sql_settings(struct ctx *x, struct setting_changes *out);
bool contract_sql_touches(struct ctx *x, struct setting_touches *out);
/* Rows of successful changes of settings below `before`; the detail is in `value`. */
bool contract_sql_pasts(struct ctx *x, int64_t from_ms, int64_t before, int64_t max, struct setting_pasts *out);

#endif
