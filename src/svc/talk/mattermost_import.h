/* svc/talk/mattermost_import.h: reads a bulk export of Mattermost (.jsonl): an object a line. A pure function. A line that it
 * does not know or that is no JSON is counted and the rest is read. */
#ifndef ENGAWA_SVC_TALK_MATTERMOST_IMPORT_H
#define ENGAWA_SVC_TALK_MATTERMOST_IMPORT_H

#include "svc/talk/chat_import.h"

/* False: there is no line {"type":"version", …}: this is something else. Results live in `a`. */
bool mattermost_import_read(struct arena *a, sv file, struct chat_import *out);

#endif
