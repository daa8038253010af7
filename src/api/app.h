/* api/app.h: every operation of the product, one table a domain, and the types of objects they name. */
#ifndef ENGAWA_API_APP_H
#define ENGAWA_API_APP_H

#include "core/chore.h"
#include "core/op.h"

const struct app *app(void);

extern const struct op_table account_ops, org_ops, talk_ops, console_ops, setting_ops, tenant_ops, rights_ops;
extern const struct chore chores[];
extern const size_t chore_count;
/* `engawad --describe`: all tables as JSON. */
void describe_tables(struct json *j);                     /* members of an object that the caller has opened */

extern const struct schema nothing_out;                                   /* {} */
extern const struct schema *const event_schemas[];        /* what events carry */
extern const size_t event_schema_count;

#endif
