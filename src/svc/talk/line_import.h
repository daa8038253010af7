/* svc/talk/line_import.h: reads a talk history that LINE wrote (.txt, UTF-8, one room a file): the phone's form with tabs,
 * the PC's with blanks, Japanese and English. A pure function: no file, no database, no clock. What it does not know it
 * keeps as text and counts; it never drops a line of a conversation.
 * Times are the wall clock of the phone that saved the file: the caller knows the zone. */
#ifndef ENGAWA_SVC_TALK_LINE_IMPORT_H
#define ENGAWA_SVC_TALK_LINE_IMPORT_H

#include "base/str.h"
#include "base/vec.h"

#define LINE_TEXT_MAX 10000                               /* characters; a longer body becomes several messages */

struct line_time {
    int year, month, day, hour, minute;
};

struct line_message {
    struct line_time at;
    sv sender;                                            /* "" for system lines */
    bool system;                                          /* joined, left, taken back, renamed … */
    sv text;
    int same;                                             /* how many equal ones (time, sender, text) stand before it */
};

struct line_import {
    sv room;                                              /* "" where the file has no header */
    VEC(struct line_message) messages;
    VEC(sv) doubtful;                                     /* each sender once whose name was guessed (PC's form) */
    size_t texts, systems, placeholders, unknown;         /* placeholders are texts too; unknown lines are systems too */
};

struct line_names {
    const sv *v;
    size_t n;
};

/* `names` (may be empty): senders' names, needed for the PC's form where a name may contain blanks. False: the file is no
 * valid UTF-8. Results live in `a` and point into `file`. */
bool line_import_read(struct arena *a, sv file, struct line_names names, struct line_import *out);

/* The message's key: a UUIDv7 of the minute's UTC ms and of a hash of room, minute, sender, text and `same`: importing the
 * same file into the same room again gives the same keys. 36 characters in `a`. */
sv line_import_key(struct arena *a, int64_t room, int64_t minute_ms, const struct line_message *m);

#endif
