/* svc/talk/keyword.h: words of a member's own: a message of somebody else that holds one of them is for that member as one
 * that names it. Nobody else is told of them, and no row of a log holds them. Messages are compared where they are shown, by
 * the member's devices; what came while none was running they find by talk_search(), which compares in the same way. */
#ifndef ENGAWA_SVC_TALK_KEYWORD_H
#define ENGAWA_SVC_TALK_KEYWORD_H

#include "core/ctx.h"

#define TALK_KEYWORDS_MAX  20                             /* of a member */
#define TALK_KEYWORD_CHARS 40

struct keywords {
    sv *v;
    size_t n, cap;
};

/* Writer. All of them anew, as they are written, without blanks at both ends. E_INVALID_VALUE "words": one in which nothing
 * can be looked for, or two that search takes for the same. */
bool talk_keywords_set(struct ctx *x, struct keywords *words);
bool talk_keywords(struct ctx *x, struct keywords *out);

#endif
