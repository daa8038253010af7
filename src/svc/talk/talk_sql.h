/* svc/talk/talk_sql.h: the statements of talk. Those that return bool for "found" leave x->failure alone when nothing
 * was found. */
#ifndef ENGAWA_SVC_TALK_TALK_SQL_H
#define ENGAWA_SVC_TALK_TALK_SQL_H

#include "svc/talk/talk.h"

/* A message in two parts: what each has, and what few have. Taking a value out of a row is what a page of history costs,
 * so it leaves out the second part of those without MESSAGE_MORE. Who writes one of these columns sets the flag. In each
 * part the last column of the table comes first: SQLite looks through a row's head as far as a column needs it, and
 * going on where it stopped, column by column, takes longer than going there at once. */
#define TALK_MESSAGE_PLAIN "id, flags, ckey, author, author_name, kind, sent_ms, text"
#define TALK_MESSAGE_MORE                                                                                             \
    "content, reply, thread, replies, replied_ms, edited_ms, gone_ms, pinned_ms, pinned_by, deadline_ms"
#define TALK_SET_MORE ", flags = flags | 8"
/* What talk_sql_messages() reads, in this order. */
#define TALK_MESSAGE_COLS TALK_MESSAGE_PLAIN ", " TALK_MESSAGE_MORE

struct membership {
    int64_t first_seq;
    enum room_kind kind;                                  /* of the room */
};
bool talk_sql_member(struct ctx *x, id64 room, id64 member, struct membership *out);  /* of no closed room */
bool talk_sql_room(struct ctx *x, id64 room, struct room *out);
bool talk_sql_room_of(struct ctx *x, id64 room, id64 member, struct room *out);     /* as this member has it; of no closed one */
bool talk_sql_rooms(struct ctx *x, struct rooms *out);
bool talk_sql_last_seq(struct ctx *x, id64 room, int64_t *seq);
bool talk_sql_members(struct ctx *x, id64 room, struct list *ids);
bool talk_sql_members_from(struct ctx *x, id64 room, int64_t seq, struct list *ids); /* who may see what stands there */
/* Rows of messages of one room, with who reacted and voted: one more query for all of them, if any has an answer. */
bool talk_sql_messages(struct ctx *x, struct rows *r, struct messages *out);
/* Without those that `member` deleted for itself. */
bool talk_sql_history(struct ctx *x, id64 room, id64 member, int64_t first, int64_t before, int64_t max,
                      struct messages *out);
bool talk_sql_by_key(struct ctx *x, const unsigned char *key, id64 author, struct message *out, int64_t *said);
bool talk_sql_answers(struct ctx *x, struct message *m);  /* its reactions and votes */
bool talk_sql_mention_add(struct ctx *x, id64 message, id64 member);
bool talk_sql_mention_unit(struct ctx *x, id64 message, id64 room, id64 unit);      /* its direct members in the room */
bool talk_sql_mention_all(struct ctx *x, id64 message, id64 room);
bool talk_sql_thread_grew(struct ctx *x, id64 root, int64_t now_ms);
bool talk_sql_last_first(struct ctx *x, id64 room, int64_t *first);        /* where the shortest history of a member begins */
bool talk_sql_message_add(struct ctx *x, const struct message *m, int64_t said, bool *added);
bool talk_room_id_new(struct ctx *x, id64 *room);         /* talk.c; writer: an id that no room has */
bool talk_sql_room_add(struct ctx *x, id64 room, enum room_kind kind, sv name, int64_t members);
bool talk_sql_room_key(struct ctx *x, id64 room, sv key);
bool talk_sql_room_made(struct ctx *x, sv key, id64 *room);                /* ID_NONE: none, or it is closed */
bool talk_sql_seq_of_key(struct ctx *x, id64 room, const unsigned char *key, int64_t *seq);    /* 0: none; whoever wrote it */
bool talk_sql_member_add(struct ctx *x, id64 room, id64 member, int64_t first_seq, bool *added);
bool talk_sql_member_remove(struct ctx *x, id64 room, id64 member, bool *removed);
bool talk_sql_room_changed(struct ctx *x, id64 room, int64_t by);          /* membership version + 1, count + by */
bool talk_sql_room_rename(struct ctx *x, id64 room, sv name);
bool talk_sql_room_close(struct ctx *x, id64 room, int64_t closed_ms);     /* 0: open again */
bool talk_sql_room_erase(struct ctx *x, id64 room);       /* with all that was said in it */
bool talk_sql_rooms_of(struct ctx *x, id64 member, struct rooms *out);     /* closed ones too; id, kind, closed */
bool talk_sql_notice_room(struct ctx *x, id64 member, id64 *room);         /* false: there is none yet */
bool talk_sql_read_all(struct ctx *x, id64 room, int64_t seq);             /* by every member */
bool talk_sql_read_up_to(struct ctx *x, id64 room, id64 member, int64_t seq);   /* also backwards */
bool talk_sql_member_exists(struct ctx *x, id64 member);
bool talk_sql_name(struct ctx *x, id64 member, sv *out);
bool talk_sql_language(struct ctx *x, id64 member, sv *out);               /* false: no such member, or deleted */
bool talk_sql_events(struct ctx *x, int64_t since, int64_t max, struct tolds *out);
bool talk_sql_event_behind(struct ctx *x, int64_t since, int64_t *made_ms);  /* of the first after it; INT64_MAX: none */
bool talk_sql_event_range(struct ctx *x, int64_t *oldest, int64_t *newest);
bool talk_sql_events_forget(struct ctx *x, int64_t before_ms);

#endif
