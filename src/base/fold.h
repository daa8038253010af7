/* base/fold.h: text as search compares it: width, case and kana do not count, nor do blanks.
 * "ＡＢＣ ｻﾞｲﾑ" and "abcざいむ" fold to the same. Both what is stored beside a name and what is looked for are folded, so
 * that a plain comparison of bytes finds one in the other. */
#ifndef ENGAWA_BASE_FOLD_H
#define ENGAWA_BASE_FOLD_H

#include "base/str.h"

sv fold(struct arena *a, sv text);                        /* of valid UTF-8 */

/* The same character by character, with where in the text each of them stood; only here a run of blanks stays, as one ' '. */
struct folded {
    uint32_t *c;
    uint32_t *at, *end;                                   /* c[i] was the text's code points at[i] … end[i] - 1 */
    size_t n;
};
struct folded fold_places(struct arena *a, sv text);      /* of valid UTF-8 */

#endif
