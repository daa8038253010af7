/* svc/talk/talk_out.h: messages and rooms as clients see them, in answers and in events, and telling members of them. */
#ifndef ENGAWA_SVC_TALK_TALK_OUT_H
#define ENGAWA_SVC_TALK_TALK_OUT_H

#include "svc/talk/talk.h"

#define TALK_ANSWERS_TOLD 20                              /* an event is one frame, whatever a message holds */

struct talk_answer_out {
    sv mark;
    int64_t choice, n;
    struct list members;
};

/* Equal for everybody who may see the message: what differs by person stands elsewhere. A message that was taken back
 * keeps its place and its author, and nothing of what it said. */
struct talk_message_out {
    id64 id, room, author, pinned_by;
    int64_t seq, reply, thread, replies;
    sv author_name, kind, text, key;
    time64 sent, edited, replied, deadline;
    bool gone, pinned, important;
    struct ref content, preview;
    struct list reactions, votes;
};
extern const struct schema talk_message_out, talk_message_place, talk_reaction_out, talk_votes_out;

struct talk_room_out {
    id64 id;
    sv name, kind;
    int64_t members, first_seq, last_seq, read_seq, mentions;
    id64 maker, peer, folder;
    int64_t photo;
    bool history, muted, pinned;
    struct ref last;
};
extern const struct schema talk_room_out, talk_room_left, talk_room_changed;

void talk_message_fill(struct ctx *x, const struct message *m, struct talk_message_out *o);
/* All of those who reacted or voted. */
struct list talk_answers_fill(struct ctx *x, const struct talk_answers *all, size_t max);
void talk_room_fill(struct ctx *x, const struct room *r, struct talk_room_out *o);

/* Writer, after the change. The room's members hear of a message, of another name and another picture; a member of having come and gone. */
bool talk_tell_posted(struct ctx *x, const struct message *m);
/* A message is another one now: told to those alone who may see it, the author's newcomers without history not among them. */
bool talk_tell_message_changed(struct ctx *x, const struct message *m);
bool talk_tell_hidden(struct ctx *x, const struct message *m);    /* the acting member's own devices */
bool talk_tell_joined(struct ctx *x, id64 room, id64 member);
bool talk_tell_prefs(struct ctx *x, id64 room);           /* the acting member's own devices */
bool talk_tell_left(struct ctx *x, id64 room, id64 member);
bool talk_tell_changed(struct ctx *x, id64 room);

#endif
