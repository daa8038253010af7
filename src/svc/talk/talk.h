/* svc/talk/talk.h: rooms, their members, and messages. Rooms of units and groups, whose members follow from there, and
 * service notices are made and changed by svc/talk/place.h; what clients see of all of them is svc/talk/talk_out.h.
 * A message has an id = room << 32 | seq; `seq` counts from 1 in each room, is given on the writer in commit order, and
 * never has a gap. The client's key makes a post repeatable: the same key of the same author is the same message.
 * Who is no member of a room gets E_NOT_FOUND, as for a room that does not exist. A member reads from its `first_seq` on. */
#ifndef ENGAWA_SVC_TALK_TALK_H
#define ENGAWA_SVC_TALK_TALK_H

#include "core/schema.h"
#include "core/tenant.h"
#include "svc/talk/content.h"

/* Stored numbers: never renumber. */
enum room_kind {
    ROOM_DIRECT = 1,
    ROOM_SEVERAL = 2,                                     /* of several people, of nothing else */
    ROOM_UNIT = 3,                                        /* of an org unit */
    ROOM_NOTICE = 4,                                      /* service notices: one member reads, the server writes */
    ROOM_GROUP = 5,                                       /* of a group */
    ROOM_KINDS
};
enum message_kind {
    MESSAGE_TEXT = 1,
    MESSAGE_SYSTEM = 2,
    MESSAGE_STAMP = 3,
    MESSAGE_LOCATION = 4,
    MESSAGE_CONTACT = 5,
    MESSAGE_POLL = 6,                                     /* the text asks, content.poll has what can be chosen */
    MESSAGE_FILE = 7,                                     /* content.files; the text, where there is one, is said with them */
    MESSAGE_KINDS
};
enum message_flag {
    MESSAGE_IMPORTANT = 1,
    MESSAGE_REACTED = 2,
    MESSAGE_VOTED = 4,
    MESSAGE_MORE = 8,                                     /* one of the columns that most messages leave empty is, or was, in use */
    MESSAGE_LINKED = 16,                                  /* an address of the web stands in the text (svc/talk/url.h) */
};

#define TALK_ROOM_MEMBERS_MAX 500                         /* of a room of several people */
#define TALK_KEY_BYTES        16

const char *talk_room_kind_name(enum room_kind k);
const char *talk_message_kind_name(enum message_kind k);
bool talk_message_kind_find(sv name, enum message_kind *out);

/* Who reacted with a mark, or voted for a choice. */
struct talk_answer {
    sv mark;
    int64_t choice;                                       /* from 0 */
    struct {
        id64 *v;
        size_t n, cap;
    } members;
};
struct talk_answers {
    struct talk_answer *v;
    size_t n, cap;
};

struct message {
    id64 room, author;                                    /* author ID_NONE: not a member; see author_name */
    int64_t seq, sent_ms;
    enum message_kind kind;
    sv author_name, text;
    unsigned char key[TALK_KEY_BYTES];
    int64_t reply;                                        /* seq of the message it answers; 0: none */
    int64_t thread;                                       /* seq of the message under which it stands; 0: in the room itself */
    int64_t replies, replied_ms;                          /* how many stand under it, when the last came */
    int64_t edited_ms, gone_ms, pinned_ms;                /* 0: not; gone: taken back, nothing of it is left to see */
    id64 pinned_by;
    unsigned flags;                                       /* of enum message_flag */
    int64_t deadline_ms;                                  /* when an important one should have been read; 0: none */
    struct talk_content content;
    struct talk_answers reactions;                        /* a mark each, by who came first */
    struct talk_answers votes;                            /* a choice each, in their order */
};

struct messages {
    struct message *v;
    size_t n, cap;
};

struct room {
    id64 id;
    sv name;
    enum room_kind kind;
    bool closed;                                          /* nobody sees it */
    int64_t version, members, first_seq, last_seq;        /* first_seq: of the acting member */
    struct message *last;                                 /* NULL: none that the member may see */
    id64 maker;                                           /* of several people: who made it */
    bool history;                                         /* newcomers see what was said before */
    id64 peer;                                            /* of two people: the other one; ID_NONE: gone, or another kind */
    int64_t read_seq, mentions;                           /* of the acting member: read up to, named how often since */
    bool muted;
    int64_t pinned_ms;
    id64 folder;                                          /* of the acting member's list (svc/talk/folder.h); ID_NONE: in none */
    int64_t photo_ms;                                     /* version of its picture; 0: none */
};

struct rooms {
    struct room *v;
    size_t n, cap;
};

/* "01938f5e-…" (UUID version 7, lower or upper case) <-> 16 bytes. */
bool talk_key_read(sv text, unsigned char key[TALK_KEY_BYTES]);
sv   talk_key_text(struct arena *a, const unsigned char key[TALK_KEY_BYTES]);
id64 talk_message_id(id64 room, int64_t seq);

/* Any thread. */
bool talk_room_visible(struct ctx *x, id64 room);
bool talk_room_find(struct ctx *x, id64 room, struct room *out);
bool talk_room_list(struct ctx *x, struct rooms *out);    /* by last message, newest first */
bool talk_rooms_of(struct ctx *x, struct rooms *out);     /* the same without last messages, for joining topics */
bool talk_room_version(struct ctx *x, id64 room, int64_t *version);        /* of its membership */
bool talk_room_members(struct ctx *x, id64 room, struct list *ids);
/* Messages before `before` (0: the newest), newest first. *more: older ones that the member may see. */
bool talk_history(struct ctx *x, id64 room, int64_t before, int64_t limit, struct messages *out, bool *more);

/* Writer. Sets seq and sent_ms; kind 0 is a text. A repeat gives the first message as it is now. E_KEY_REUSED: something
 * else under this key. E_DENIED: a room of service notices. E_INVALID_VALUE: what the kind needs is missing; E_NOT_FOUND:
 * the message it answers is not there for the author. `data` is what the event carries, made from the finished message. */
bool talk_post(struct ctx *x, struct message *m, bool *repeat);
bool talk_told(struct ctx *x, const struct message *m, sv data);
/* Writer. *there: the acting member has posted under m->key already, in m->room, and *m is that message. E_KEY_REUSED: in
 * another room. */
bool talk_posted(struct ctx *x, struct message *m, bool *there);
/* One message as the acting member may see it, with reactions and votes; E_NOT_FOUND else. Any thread. */
bool talk_message(struct ctx *x, id64 room, int64_t seq, struct message *out);
/* Writer. Who is named is in the room, by words of the text; and is remembered as named. */
bool talk_mentions_right(struct ctx *x, const struct message *m);
bool talk_mentions_put(struct ctx *x, const struct message *m);
/* Whether every member of the room may see the message: nobody came later without its history. */
bool talk_seen_by_all(struct ctx *x, id64 room, int64_t seq, bool *all);
/* Writer: the server itself says m->text in m->room, under a key of its own; author ID_NONE. */
bool talk_say(struct ctx *x, struct message *m);
bool talk_next_seq(struct ctx *x, id64 room, int64_t *seq);                /* writer: of the room's next message */

/* Writer, by the operator: rooms of several people; E_DENIED for another kind. Members are told by the caller. */
bool talk_room_add(struct ctx *x, sv name, const id64 *members, size_t n, id64 *id);
/* The room that was made under this key (36 characters); ID_NONE: none is open. And says under which one it was made. */
bool talk_room_made(struct ctx *x, sv key, id64 *id);
bool talk_room_made_under(struct ctx *x, id64 room, sv key);
bool talk_room_join(struct ctx *x, id64 room, id64 member);
bool talk_room_leave(struct ctx *x, id64 room, id64 member);
/* One message of saved history: keeps its time and author. No right of the author is asked. A key that stands in the room
 * already is a repeat and skipped, whoever is known as its author by now and whatever its text became. What else the
 * history knows of it: svc/talk/imported.h. */
bool talk_import(struct ctx *x, struct message *m, bool *repeat);
/* The seq of the message under this key; E_INVALID_VALUE: the room has none. */
bool talk_import_reply(struct ctx *x, id64 room, sv key, int64_t *seq);
bool talk_import_done(struct ctx *x, id64 room);          /* saved history is no news: what the room holds counts as read */
/* As a member sees the room, for room.joined. */
bool talk_room_seen_by(struct ctx *x, id64 room, id64 member, struct room *out);

/* Events after `since` that the acting member may hear, in order; *reset: the client must load anew. */
struct told {
    int64_t pos;
    id64 room;                                            /* ID_NONE: told to the member itself */
    sv name, data;
};
struct tolds {
    struct told *v;
    size_t n, cap;
};
bool talk_sync(struct ctx *x, int64_t since, struct tolds *out, int64_t *pos, bool *reset);
bool talk_pos(struct ctx *x, int64_t *pos);               /* of the newest event; ask before reading rooms */
bool talk_events_forget(struct ctx *x);                   /* writer: those older than EVENT_DAYS, but the newest */

#endif
