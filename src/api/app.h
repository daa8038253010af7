/* api/app.h: every operation of the product, one table a domain, and the types of objects they name. */
#ifndef ENGAWA_API_APP_H
#define ENGAWA_API_APP_H

#include "core/op.h"

const struct app *app(void);

extern const struct op_table account_ops, org_ops, talk_ops, console_ops, tenant_ops;
/* `engawad --describe`: all tables as JSON. */
void describe(struct str *out);

extern const struct schema nothing_out;                                   /* {} */

#endif
