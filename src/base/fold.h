/* base/fold.h: text as search compares it: width, case and kana do not count, nor do blanks.
 * "ＡＢＣ ｻﾞｲﾑ" and "abcざいむ" fold to the same. Both what is stored beside a name and what is looked for are folded, so
 * that a plain comparison of bytes finds one in the other. */
#ifndef ENGAWA_BASE_FOLD_H
#define ENGAWA_BASE_FOLD_H

#include "base/str.h"

sv fold(struct arena *a, sv text);                        /* of valid UTF-8 */

#endif
