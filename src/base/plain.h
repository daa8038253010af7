/* base/plain.h: text that people type into one line. */
#ifndef ENGAWA_BASE_PLAIN_H
#define ENGAWA_BASE_PLAIN_H

#include "base/str.h"

bool is_blank(uint32_t code_point);                       /* every kind of blank, U+3000 too */
sv   text_trim(sv text);                                  /* `text` is valid UTF-8 */
/* Free of control characters (C0, DEL, C1), of line and paragraph separators and of marks that turn the direction of
 * writing: what may stand in a name. */
bool text_plain(sv text);
/* The next word of `rest`; false when none is left. */
bool text_word(sv *rest, sv *word);

#endif
