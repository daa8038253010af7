/* svc/contract/contract.h: the life of a tenant and its settings: opening, company, changes of settings. */
#ifndef ENGAWA_SVC_CONTRACT_CONTRACT_H
#define ENGAWA_SVC_CONTRACT_CONTRACT_H

#include "core/ctx.h"

/* Writer, once: E_CONFLICT when the tenant is open already. `password_ops`: Argon2id passes measured here. */
bool contract_open(struct ctx *x, sv workgroup, unsigned password_ops);

/* Checks and stores a setting; it holds from the reply on. E_INVALID_VALUE with field "value". */
bool contract_setting_store(struct ctx *x, size_t i, sv value);
/* {"key":…,"old":…,"new":…} for the audit row, from before the change. */
sv contract_setting_change(struct ctx *x, size_t i, sv value);

#endif
