/* svc/talk/search_part.h: what of a message is looked into, for the index and for the comparison. */
#ifndef ENGAWA_SVC_TALK_SEARCH_PART_H
#define ENGAWA_SVC_TALK_SEARCH_PART_H

#include "svc/talk/search_sql.h"

enum { SEARCH_ROOM = 'r', SEARCH_AUTHOR = 'a' };          /* labels in the index: stored */

/* The text, and behind it, a line each, the choices of a poll, names of files and what is written in them, the name of a place, name and addresses of a contact. */
sv   search_whole(struct arena *a, const struct search_text *t);
bool search_has_words(const struct search_text *t);

#endif
