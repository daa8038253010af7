/* svc/talk/content.h: what a message holds beside its text: who is named in it, and what its kind is made of. Stored as
 * JSON (sealed), read back by the same schema that wrote it.
 * Places in a text are counted in code points from 0. */
#ifndef ENGAWA_SVC_TALK_CONTENT_H
#define ENGAWA_SVC_TALK_CONTENT_H

#include "core/ctx.h"
#include "core/schema.h"

#define TALK_MENTIONS_MAX 50
#define TALK_CHOICES_MIN  2
#define TALK_CHOICES_MAX  10
#define TALK_FILES_MAX    20

struct talk_mention {
    sv kind;                                              /* member, unit, all */
    id64 id;                                              /* of the member or unit */
    int64_t at, length;                                   /* the words that stand for it, "@森下 真由" */
};

struct talk_location {
    int64_t latitude, longitude;                          /* millionths of a degree */
    sv label;
};

struct talk_contact {
    id64 member;                                          /* a colleague; ID_NONE: somebody else, by the other fields */
    sv name, phone, mail;
};

struct talk_choice {
    sv text;
};

struct talk_poll {
    struct list choices;                                  /* struct talk_choice */
    bool many;                                            /* more than one may be chosen */
    bool closed;
};

/* A file of the message; where it lies is another domain's. */
struct talk_file {
    id64 id;
    sv name, type, check;                                 /* check: what the scanner for malware said; "": of an older store */
    int64_t size;
    int64_t width, height, pages;                         /* of a picture, of a document; 0: neither */
};

struct talk_forward {
    id64 author;
    sv author_name;
    int64_t sent;                                         /* UTC ms */
};

/* What the server says happened in the room; clients write it in their language. */
struct talk_system {
    sv what;                                              /* created, joined, left, removed, renamed, photo, photo_removed; reminder */
    id64 actor;
    struct list members;                                  /* ids of those who came or went */
    sv name;                                              /* of the room from now on */
    id64 room;                                            /* of a reminder: where the message is that it is about */
    int64_t seq;
};

struct talk_content {
    struct list mentions;                                 /* struct talk_mention */
    struct list files;                                    /* struct talk_file */
    sv stamp;
    struct ref location, contact, poll, forward, system;
};

/* Outgoing and stored; a field that is empty is left out. */
extern const struct schema talk_content, talk_mention_in, talk_location, talk_contact, talk_poll, talk_choice, talk_forward, talk_system, talk_file;

bool talk_content_empty(const struct talk_content *c);
sv   talk_content_text(struct ctx *x, const struct talk_content *c);       /* SV_NONE: empty */
/* E_INTERNAL for a text that talk_content_text() did not write. */
bool talk_content_read(struct ctx *x, sv text, struct talk_content *out);
/* Stamps and marks that the product brings along, by place; NULL beyond the last. */
struct talk_picture {
    const char *name;                                     /* of a stamp; a mark's is the emoji itself */
    const char *ja, *en;
    const char *words;                                    /* others it is found by */
};
const struct talk_picture *talk_stamp_at(size_t i);
const struct talk_picture *talk_mark_at(size_t i);
bool talk_stamp_known(sv name);
bool talk_mark_known(sv mark);

#endif
