/* svc/talk/search_sql.h: the statements of talk's search. search_place: which message stands in the index under which
 * number. search_block: of which rooms they are. search_list, search_room: search_pack.h. search_todo: messages that the index does not know as they are now; `known`: it may know them as they were. */
#ifndef ENGAWA_SVC_TALK_SEARCH_SQL_H
#define ENGAWA_SVC_TALK_SEARCH_SQL_H

#include "svc/talk/talk.h"

struct search_todo {
    id64 message;
    int64_t sent_ms;
    bool known;
};
struct search_todos {
    struct search_todo *v;
    size_t n, cap;
};

struct search_words {
    sv *v;
    size_t n, cap;
};

/* What there is to look into: nothing of a message that was taken back. */
struct search_text {
    bool there;
    id64 author;
    int64_t sent_ms;
    sv text;
    struct talk_content content;
    struct search_words files;                            /* what is written in its files */
};

struct search_room {
    int64_t id, first_seq;
};
struct search_rooms {
    struct search_room *v;
    size_t n, cap;
};

struct search_list_row {
    int64_t id;
    sv list;
};
struct search_list_rows {
    struct search_list_row *v;
    size_t n, cap;
};

/* As long as these rows are open, all that is read is as it was when they were opened. */
struct rows search_sql_hold(struct ctx *x);
bool search_sql_rooms(struct ctx *x, struct search_rooms *out);            /* of the acting member, by id */
bool search_sql_read(struct ctx *x, id64 message, id64 member, struct search_text *out);   /* not what the member hides */
bool search_sql_at(struct ctx *x, int64_t n, id64 *message, int64_t *sent_ms);               /* ID_NONE: nothing is there */
bool search_sql_before(struct ctx *x, int64_t upto, int64_t *n, int64_t *sent_ms);           /* the last up to it; -1: none */
bool search_sql_block(struct ctx *x, int64_t block, sv *rooms);             /* of search_block.h; empty: not there */
bool search_sql_list(struct ctx *x, int64_t id, sv *list);                  /* of search_pack.h; empty: not there */
struct rows search_sql_lists_between(struct ctx *x, int64_t first, int64_t last);   /* id and list, ascending */
bool search_sql_numbers(struct ctx *x, int64_t id, sv *numbers);            /* likewise, of a room */
struct rows search_sql_numbers_mine(struct ctx *x, int64_t first);          /* of all rooms of the acting member: column 0; first: room 0 */
bool search_sql_any_todo(struct ctx *x, bool *any);
bool search_sql_todo_of(struct ctx *x, const struct search_room *r, size_t max, struct search_todos *out);

/* Writer. */
bool search_sql_new(struct ctx *x, id64 message, int64_t sent_ms);         /* unknown to the index so far */
bool search_sql_changed(struct ctx *x, id64 message);
bool search_sql_changed_room(struct ctx *x, id64 room);   /* all that was said in it */
bool search_sql_todo(struct ctx *x, size_t max, struct search_todos *out);  /* the oldest first */
bool search_sql_done(struct ctx *x, id64 message);
bool search_sql_last(struct ctx *x, int64_t from, int64_t below, int64_t *n);               /* -1: none */
bool search_sql_number(struct ctx *x, int64_t from, int64_t below, id64 message, int64_t *n);   /* -1: none */
bool search_sql_place(struct ctx *x, int64_t n, id64 message, int64_t sent_ms);
bool search_sql_block_set(struct ctx *x, int64_t block, sv rooms);
int64_t search_room_id(int64_t group, uint16_t mark);     /* under which the numbers of a room stand */
bool search_sql_numbers_set(struct ctx *x, int64_t id, sv numbers);
bool search_sql_list_set(struct ctx *x, int64_t id, sv list);
bool search_sql_list_none(struct ctx *x, int64_t id);
bool search_sql_lists(struct ctx *x, int64_t from, int64_t below, size_t max, struct search_list_rows *out);
bool search_sql_newest(struct ctx *x, int64_t *ms);       /* of all that has a number */
bool search_sql_newest_set(struct ctx *x, int64_t ms);
bool search_sql_unplace(struct ctx *x, int64_t n);
bool search_sql_version(struct ctx *x, int64_t *version);
bool search_sql_removed_add(struct ctx *x);               /* one more that lies in the index's file until it is tidied up */
bool search_sql_removed(struct ctx *x, int64_t *n);
bool search_sql_removed_none(struct ctx *x);
/* An index is made anew: search_sql_anew(), search_sql_drop() and search_sql_again() as long as there is more, search_sql_anew(). */
bool search_sql_anew(struct ctx *x, int64_t version);     /* nothing has a number so far */
bool search_sql_drop(struct ctx *x, bool *more);          /* a piece of what is known of numbers and lists */
bool search_sql_again(struct ctx *x, size_t max, bool *more);   /* so many more messages are to be done, the oldest first */

#endif
