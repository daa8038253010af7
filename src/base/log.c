/* base/log.c: time, level, process and an escaped sentence, in one write(). */
#include "base/log.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static char process_name[64] = "engawa";
static enum log_level max_level = LOG_INFO;

void log_name(const char *name)
{
    snprintf(process_name, sizeof(process_name), "%s", name);
}

void log_max(enum log_level level)
{
    max_level = level;
}

void log_escape(struct str *out, sv text)
{
    bool valid = utf8_valid(text);

    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        if (!valid || c < 0x80) {
            if (c < 0x20 || c == 0x7F || (!valid && c >= 0x80))
                str_printf(out, "\\x%02x", c);
            else
                str_char(out, (char)c);
            i++;
            continue;
        }
        uint32_t cp;
        size_t from = i;
        utf8_next(text, &i, &cp);
        if (cp < 0xA0 || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069))
            str_printf(out, "\\u%04x", (unsigned)cp);
        else
            str_bytes(out, text.p + from, i - from);
    }
}

/* A sentence that was cut may end in half a character, and would then be escaped as a whole. */
static sv whole_characters(sv s)
{
    for (size_t cut = 0; cut < 4 && cut < s.n; cut++)
        if (utf8_valid(sv_upto(s, s.n - cut)))
            return sv_upto(s, s.n - cut);
    return s;
}

void log_put(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    char text[2048];
    struct str line = {0};
    va_list ap;

    if (level > max_level)
        return;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    time_put(&line, clock_ms());
    str_printf(&line, " %s %s: ", names[level], process_name);
    log_escape(&line, whole_characters(sv_n(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1)));
    str_char(&line, '\n');
    if (write(STDERR_FILENO, line.p, line.n) < 0) {
        /* Nobody reads the log: nothing useful can be done about it here. */
    }
    str_release(&line);
}
