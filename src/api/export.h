/* api/export.h: a room as one zip: talk.html, talk.json and its files, as far as the member who asks may see and have them.
 *     export_maker in the background -> a ticket -> export_fetch()
 * Nothing is copied: what is made and kept for FILE_LIFE_MS (core/file.h) are the two texts and a list of the files with their sums;
 * the archive is put together from them and from the blobs while it is sent, and any part of it can be had. So an export takes no room,
 * and what was taken back, limited or found to be malware since is in no archive any more: it is to be made anew. Words that grew
 * older than talk.retention since it was made stay in it until it is forgotten. */
#ifndef ENGAWA_API_EXPORT_H
#define ENGAWA_API_EXPORT_H

#include "core/file.h"
#include "svc/file/stored.h"
#include "svc/file/ticket.h"
#include "svc/file/zip_out.h"
#include "svc/talk/talk.h"

#define EXPORT_TRAILER 256                                /* bytes of the last line of what is stored */
#define EXPORT_FILES   20000                              /* of one export */

/* Of what it is: the query of its file, as JSON. */
struct export_query {
    id64 room;
    int64_t upto, units;                                  /* the last message; of work, about */
    bool english;
    enum channel channel;                                 /* of who asked: for the log */
    sv ip;
};
sv   export_query_write(struct ctx *x, const struct export_query *q);
bool export_query_read(struct ctx *x, sv text, struct export_query *out);

/* What is told of a finished one, and where its parts lie among what is stored: the texts, then the list. */
struct export_told {
    int64_t html, json, list;                             /* bytes of each */
    int64_t html_crc, json_crc, time;                     /* time: zip_time() */
    int64_t messages, files, missing, size;               /* size: of the archive */
};
bool export_told_read(struct ctx *x, const struct file *f, struct export_told *out);

/* A file of the room, and whether it comes along. */
enum export_why { EXPORT_IN, EXPORT_GONE, EXPORT_OLD, EXPORT_TYPE, EXPORT_INFECTED, EXPORT_HELD };
const char *export_why_name(enum export_why w);

struct export_file {
    id64 id, blob;
    int64_t seq, size, sent_ms;
    uint32_t crc, time;
    enum export_why why;
    sv path;                                              /* in the archive: of its own, whatever the others are called */
};
struct export_files {
    struct export_file *v;
    size_t n, cap;
};
sv export_path(struct arena *a, int64_t seq, size_t place, sv name);

/* The texts, message by message (export_page.c). */
struct export_page {
    struct ctx *x;
    struct str *out;
    bool english;
    sv zone;
    sv day;                                               /* the last that was headed; of the making's arena */
    bool any;                                             /* a message was written */
    sv (*name_of)(void *of, struct ctx *x, id64 member, sv otherwise);
    const struct export_file *(*file_of)(void *of, int64_t seq, id64 file);
    void *of;
};
struct export_head {
    sv room, by, time;
};
void export_html_head(struct export_page *p, const struct export_head *h);
void export_html_message(struct export_page *p, const struct message *m);
void export_html_end(struct export_page *p, const struct export_told *t);
void export_json_head(struct export_page *p, const struct export_head *h);
void export_json_message(struct export_page *p, const struct message *m);
void export_json_end(struct export_page *p);
sv   export_local_time(struct ctx *x, sv zone, int64_t ms);                /* 2026-11-28T19:04:05+09:00 */

/* E_DENIED: the phone app gets no files, or none without its mark. */
bool export_allowed(struct ctx *x);
bool export_of_room(struct ctx *x, const struct file *f, struct room *r);  /* the acting member's own, of a room that it still sees */
/* Is a file of the list still what the acting member may have? *why says it. */
bool export_file_may(struct ctx *x, id64 file, enum export_why *why, struct stored *s);

bool export_fetch(struct ctx *x, struct call *c, const struct file_ticket *t);   /* file.fetch, by a ticket of FILE_USE_EXPORT */
sv   export_detail(struct ctx *x, const struct file *f, const struct export_told *t);

extern const struct file_maker export_maker;
bool export_visible(struct ctx *x, const struct call *c);

#endif
