/* svc/talk/chat_import.h: what the exports of other messengers have in common: people, rooms, messages in order of time, and
 * how often something came that is not carried. The readers (slack_import.h, mattermost_import.h) fill it; pure functions. */
#ifndef ENGAWA_SVC_TALK_CHAT_IMPORT_H
#define ENGAWA_SVC_TALK_CHAT_IMPORT_H

#include "base/json.h"
#include "base/map.h"
#include "base/vec.h"

#define CHAT_TEXT_MAX 10000                               /* characters; a longer body becomes several messages */
#define CHAT_NONE     SIZE_MAX

struct chat_person {
    sv id, login, mail, name;                             /* id: of the export; the others may be "" */
    bool program;                                         /* nobody: it may call itself as a person is called */
};

struct chat_message {
    int64_t at_us;                                        /* UTC; orders messages of one millisecond */
    size_t person;                                        /* of `people`; CHAT_NONE: sender_name alone */
    sv sender_name;                                       /* never "" */
    sv id;                                                /* unique within the room: of the export, not of ours */
    int part;                                             /* of a body that was cut: from 0 */
    sv root;                                              /* id of the message it answers; "": none */
    int64_t root_us;                                      /* and its time; chat_import_finish() knows */
    sv text;                                              /* never "" */
};

struct chat_room {
    sv id, name;                                          /* id: stays the same from export to export */
    bool direct;                                          /* of two or a few people; has no name of its own */
    VEC(size_t) members;                                  /* of `people`, each once */
    VEC(struct chat_message) messages;                    /* in order of time once chat_import_finish() ran */
};

/* What is not carried, or not as it was. */
#define CHAT_COUNTS(X)                                                                                                       \
    X(messages) X(system_lines) X(files) X(attachments) X(reactions) X(edits) X(pins) X(threads_flattened) X(repeated)       \
    X(cut_texts) X(unknown_lines)

struct chat_counts {
#define CHAT_COUNT_FIELD(name) int64_t name;
    CHAT_COUNTS(CHAT_COUNT_FIELD)
#undef CHAT_COUNT_FIELD
};

struct chat_import {
    const char *source;                                   /* "slack", "mattermost" */
    VEC(struct chat_person) people;
    VEC(struct chat_room) rooms;
    struct chat_counts counts;
};

/* An index of names: the first place a name was put at. map_release(&i->map) by whoever made it. */
struct chat_index {
    struct arena *arena;
    struct map map;
};
void   chat_index_init(struct chat_index *i, struct arena *a);
void   chat_index_put(struct chat_index *i, sv name, size_t at);
size_t chat_index_get(const struct chat_index *i, sv name);    /* CHAT_NONE: absent */

void chat_member_add(struct arena *a, struct chat_room *room, size_t person);
/* Cuts a text that is too long; an empty one is dropped. m->text and m->sender_name are taken as they are. */
void chat_message_add(struct arena *a, struct chat_import *in, struct chat_room *room, struct chat_message m);
/* Sorts by time, drops what came twice, lets go of answers whose root is not in the room, counts messages. */
void chat_import_finish(struct arena *a, struct chat_import *in);

/* UUIDv7 of 36 characters in `a`: the same room and id give the same key, in every run. */
sv chat_message_key(struct arena *a, const char *source, int64_t room, int64_t at_us, sv id, int part);
sv chat_room_key(struct arena *a, const char *source, sv id);

/* Reading JSON of strangers: "" and NULL for what is absent or of another type. */
sv   chat_text(const struct json_value *v, const char *name);
bool chat_yes(const struct json_value *v, const char *name);
const struct json_value *chat_list(const struct json_value *v, const char *name);      /* its first element */
/* "[ファイル] name": the placeholder that LINE uses too. */
void chat_file_line(struct str *text, sv name);

#endif
