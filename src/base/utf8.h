/* base/utf8.h: UTF-8 as RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef ENGAWA_BASE_UTF8_H
#define ENGAWA_BASE_UTF8_H

#include "base/str.h"

bool   utf8_valid(sv s);                                  /* NUL is valid UTF-8; text fields refuse it apart */
size_t utf8_count(sv s);                                  /* code points of a valid string */
/* Next code point of a valid string from *at on; false at the end. */
bool   utf8_next(sv s, size_t *at, uint32_t *cp);
/* A character that no text of a person holds: C0, DEL and C1 (U+0080 … U+009F). */
bool   utf8_is_control(uint32_t cp);
void   utf8_put(struct str *out, uint32_t cp);            /* cp must be a scalar value */
sv     utf8_upto(sv s, size_t code_points);               /* the first n code points */

#endif
