/* api/app.h: every operation of the product, one table a domain, and the types of objects they name. */
#ifndef ENGAWA_API_APP_H
#define ENGAWA_API_APP_H

#include "core/chore.h"
#include "core/op.h"

const struct app *app(void);

extern const struct op_table profile_ops, account_ops, second_ops, link_ops, invite_ops, org_ops, member_list_ops, member_ops, talk_ops, console_ops;
extern const struct op_table setting_ops, file_ops, photo_ops;
extern const struct op_table message_ops, room_ops, read_ops, here_ops, later_ops, keyword_ops, search_ops, folder_ops, gallery_ops;
extern const struct op_table home_ops, closing_ops, storage_ops, export_ops;
extern const struct op_table tenant_ops;
extern const struct op_table rights_ops;
extern const struct op_table admin_role_ops;
extern const struct op_table group_ops;
extern const struct op_table group_console_ops;
extern const struct op_table unit_ops;
extern const struct op_table unit_post_ops;
extern const struct op_table unit_seen_ops;
extern const struct op_table label_ops;
extern const struct op_table template_ops;
extern const struct op_table import_ops;
extern const struct op_table audit_ops;
extern const struct op_table device_ops;
extern const struct chore chores[];
extern const size_t chore_count;
/* `engawad --describe`: all tables as JSON. */
void describe_tables(struct json *j);                     /* members of an object that the caller has opened */

/* Writer, before a member is deleted: it is in no group and no room any more. */
bool member_leaves(struct ctx *x, id64 member);

extern const struct schema password_rules_out;            /* what a password must be */
const void *password_rules_fill(struct ctx *x);
extern const struct schema nothing_out;                                   /* {} */
extern const struct schema *const event_schemas[];        /* what events carry */
extern const size_t event_schema_count;

#endif
