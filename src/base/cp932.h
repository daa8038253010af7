/* base/cp932.h: text of Windows code page 932 (the Shift_JIS that spreadsheets write) into UTF-8, by a table of our own:
 * a process that has confined itself loads no converter. */
#ifndef ENGAWA_BASE_CP932_H
#define ENGAWA_BASE_CP932_H

#include "base/str.h"

/* False: a byte that begins no character, or a pair that stands for none (gaiji are refused too). */
bool cp932_read(sv bytes, struct str *out);

#endif
