/* svc/talk/slack_import.h: reads the files of a Slack export: users.json, channels.json, groups.json, mpims.json, dms.json and
 * a folder per conversation with a file a day. A pure function: the caller has unpacked the archive into memory. What it
 * does not know it keeps as text where it has one, and counts; names of files only say which conversation is meant. */
#ifndef ENGAWA_SVC_TALK_SLACK_IMPORT_H
#define ENGAWA_SVC_TALK_SLACK_IMPORT_H

#include "svc/talk/chat_import.h"

struct slack_file {
    sv name, bytes;                                       /* "general/2026-11-18.json" */
};

/* False: there is no list of users or of channels, or users.json is no JSON. `unreadable`: how many other files were none.
 * Results live in `a`. */
bool slack_import_read(struct arena *a, const struct slack_file *files, size_t n, struct chat_import *out, size_t *unreadable);

/* "1762998123.000200" -> microseconds. */
bool slack_time(sv ts, int64_t *us);

#endif
