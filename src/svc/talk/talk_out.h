/* svc/talk/talk_out.h: messages and rooms as clients see them, in answers and in events, and telling members of them. */
#ifndef ENGAWA_SVC_TALK_TALK_OUT_H
#define ENGAWA_SVC_TALK_TALK_OUT_H

#include "svc/talk/talk.h"

struct talk_message_out {
    id64 id, room, author;
    int64_t seq;
    sv author_name, kind, text, key;
    time64 sent;
};
extern const struct schema talk_message_out;

struct talk_room_out {
    id64 id;
    sv name, kind;
    int64_t members, first_seq, last_seq;
    struct ref last;
};
extern const struct schema talk_room_out, talk_room_left, talk_room_changed;

void talk_message_fill(struct ctx *x, const struct message *m, struct talk_message_out *o);
void talk_room_fill(struct ctx *x, const struct room *r, struct talk_room_out *o);

/* Writer, after the change. The room's members hear of a message and of another name; a member of having come and gone. */
bool talk_tell_posted(struct ctx *x, const struct message *m);
bool talk_tell_joined(struct ctx *x, id64 room, id64 member);
bool talk_tell_left(struct ctx *x, id64 room, id64 member);
bool talk_tell_changed(struct ctx *x, id64 room, sv name);

#endif
