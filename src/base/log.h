/* base/log.h: the process's log: one line per entry on stderr, which the supervisor owns.
 * `name` is set once at start ("tenant 123"). Control characters, ESC, U+2028 and broken UTF-8 in values
 * are escaped, so that a stranger's text never makes a line. Secrets and message texts never go here. */
#ifndef ENGAWA_BASE_LOG_H
#define ENGAWA_BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_name(const char *name);                          /* copied; at most 63 bytes */
void log_max(enum log_level level);                       /* default LOG_INFO */
void log_put(enum log_level level, const char *fmt, ...) PRINTF(2, 3);
void log_escape(struct str *out, sv text);                /* what log_put() applies to its line */

#endif
