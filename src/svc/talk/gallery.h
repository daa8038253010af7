/* svc/talk/gallery.h: what people gave each other in a room: photos and videos, other files, and links, newest first. It is what
 * the member could also read in the room: from its first_seq on, within talk.retention, neither taken back nor hidden.
 * Nothing is stored for it beside MESSAGE_LINKED: it is looked up in the messages themselves, and ends with them. */
#ifndef ENGAWA_SVC_TALK_GALLERY_H
#define ENGAWA_SVC_TALK_GALLERY_H

#include "svc/talk/talk.h"

#define TALK_LINKS_MAX 20                                 /* of one message; others of it are read there */

enum gallery_kind { GALLERY_PHOTO, GALLERY_FILE, GALLERY_LINK };

struct gallery_question {
    enum gallery_kind kind;
    id64 by;                                              /* ID_NONE: whoever */
    int64_t from_ms, to_ms;                               /* sent from … on, before …; 0: any */
    int64_t before;                                       /* in messages before this seq; 0: the newest */
    size_t limit;                                         /* things; those of one message are never parted */
};

struct gallery_thing {
    id64 author;                                          /* as of a message */
    sv author_name;
    int64_t seq, sent_ms;
    const struct talk_file *file;                               /* or NULL, and … */
    sv url;
};
struct gallery_things {
    struct gallery_thing *v;
    size_t n, cap;
};

/* Any thread. *next: `before` of the next page, 0: nothing older. E_NOT_FOUND: no such room for the member. */
bool talk_gallery(struct ctx *x, id64 room, const struct gallery_question *q, struct gallery_things *out, int64_t *next);

/* Chore: texts from before MESSAGE_LINKED are looked through, piece by piece. */
bool talk_links_look(struct ctx *x, bool *more);

#endif
