/* svc/talk/preview.h: what stands behind the first address of a text, as a card under it: title, a few words, a picture. The page is
 * fetched once for the tenant, by a process that reaches nothing but the internet (role/fetch.h), and read by one that reaches
 * nothing (role/media.h); clients ask the page for nothing. Nothing of a message says that it has a card: it is looked up by its text,
 * so an edited text has another one, and what is taken back has none.
 *     talk_preview_want() with the message -> talk_preview_due() -> … -> talk_preview_keep()
 * talk.link_preview switches all of it off. */
#ifndef ENGAWA_SVC_TALK_PREVIEW_H
#define ENGAWA_SVC_TALK_PREVIEW_H

#include "core/op.h"
#include "core/photo.h"
#include "svc/talk/talk.h"

#define PREVIEW_PICTURE_MAX (96 * 1024)                   /* bytes of a picture as it is kept */
#define PREVIEW_FRESH_MS    INT64_C(86400000)             /* a page is fetched again when it is linked to after that … */
#define PREVIEW_NONE_MS     INT64_C(600000)               /* … and one that gave nothing after this */
#define PREVIEW_KEPT_MS     (90 * INT64_C(86400000))      /* then it is forgotten */
#define PREVIEW_MOST        5000                          /* of a tenant; the oldest go */

struct talk_preview {
    id64 id;                                              /* ID_NONE: the page gave nothing */
    int64_t fetched_ms, width, height;                    /* of the picture; 0: there is none */
    sv url, title, words, site;
};

/* Any thread. The card of a message, where it has one. */
bool talk_preview_of(struct ctx *x, const struct message *m, struct talk_preview *out, bool *there);
bool talk_preview_picture(struct ctx *x, id64 message, struct talk_preview *out, struct photo *picture);   /* E_NOT_FOUND */

/* Writer: leaves EFF_PREVIEW where the page is not known yet. */
bool talk_preview_want(struct ctx *x, const struct message *m);
/* Is it still to be fetched? Another message may have brought it meanwhile. */
bool talk_preview_due(struct ctx *x, sv url, bool *due);
/* Writer: what came of it (title empty: nothing), and its room hears of it; NULL: it was there already. */
bool talk_preview_keep(struct ctx *x, id64 message, sv url, const struct talk_preview *found, sv picture);

bool talk_preview_forget(struct ctx *x, bool *more);      /* chore */

#endif
