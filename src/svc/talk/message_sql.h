/* svc/talk/message_sql.h: the statements of svc/talk/message.c. */
#ifndef ENGAWA_SVC_TALK_MESSAGE_SQL_H
#define ENGAWA_SVC_TALK_MESSAGE_SQL_H

#include "svc/talk/message.h"

bool message_sql_edit(struct ctx *x, const struct message *m);             /* text, content, edited_ms */
bool message_sql_content(struct ctx *x, const struct message *m);
bool message_sql_empty(struct ctx *x, const struct message *m);            /* nothing is left but that it was there */
bool message_sql_flag(struct ctx *x, id64 message, unsigned flags);
bool message_sql_mentions_forget(struct ctx *x, id64 message);
bool message_sql_thread_shrank(struct ctx *x, id64 root);
bool message_sql_hide(struct ctx *x, id64 message);
bool message_sql_reaction(struct ctx *x, id64 message, sv mark, bool on);
bool message_sql_reacted(struct ctx *x, id64 message, id64 member, sv mark, int64_t made_ms);
bool message_sql_votes_forget(struct ctx *x, id64 message);                /* of the acting member */
bool message_sql_vote(struct ctx *x, id64 message, int64_t choice);
bool message_sql_voted(struct ctx *x, id64 message, id64 member, int64_t choice, int64_t made_ms);
bool message_sql_pin(struct ctx *x, id64 message, int64_t pinned_ms, id64 by);
bool message_sql_pins(struct ctx *x, id64 room, int64_t first_seq, struct messages *out);
bool message_sql_thread(struct ctx *x, id64 root, int64_t before, int64_t max, struct messages *out);
bool message_sql_gone_since(struct ctx *x, id64 room, int64_t upto, int64_t since_ms, bool *any);
bool message_sql_after(struct ctx *x, id64 room, int64_t after, int64_t max, struct messages *out);

#endif
