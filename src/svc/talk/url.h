/* svc/talk/url.h: addresses of the web in a text, as clients make links of them (web/src/talk/rows.ts, linkPieces): both find
 * the same ones. An address ends at a blank, a quote or a Japanese mark; the marks of a sentence behind it are no part of it. */
#ifndef ENGAWA_SVC_TALK_URL_H
#define ENGAWA_SVC_TALK_URL_H

#include "svc/talk/talk.h"

/* The next one from *at on, borrowed from the text (valid UTF-8), and *at behind it; false: no more. */
bool talk_url_next(sv text, size_t *at, sv *url);
/* MESSAGE_LINKED for a message of this kind with this text, or 0: what the server says of a room has no links. */
unsigned talk_linked(enum message_kind kind, sv text);

#endif
