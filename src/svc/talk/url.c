/* svc/talk/url.c: addresses of the web in a text. */
#include "svc/talk/url.h"
#include "base/plain.h"
#include "base/utf8.h"

/* Where one begins, and how long its scheme is; 0: nowhere from here on. */
static size_t begins(sv text, size_t from, size_t *scheme)
{
    for (size_t at; sv_find(sv_from(text, from), SV("http"), &at); from += at + 4) {
        sv rest = sv_from(text, from + at);
        *scheme = sv_starts(rest, SV("https://")) ? 8 : sv_starts(rest, SV("http://")) ? 7 : 0;
        if (*scheme)
            return from + at;
    }
    *scheme = 0;
    return text.n;
}

static bool ends_it(uint32_t c)
{
    static const uint32_t marks[] = {'<', '>', '"', '\'', 0x300C, 0x300D, 0x300E, 0x300F, 0xFF08, 0xFF09, 0x3001, 0x3002, 0xFF0C, 0xFF0E};

    for (size_t i = 0; i < COUNT(marks); i++)
        if (c == marks[i])
            return true;
    return is_blank(c);
}

static bool of_sentence(char c)
{
    return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == ')' || c == ']' || c == '}';
}

bool talk_url_next(sv text, size_t *at, sv *url)
{
    size_t scheme, from;

    while ((from = begins(text, *at, &scheme)), scheme) {
        size_t end = from + scheme, next = end, whole;
        for (uint32_t c; utf8_next(text, &next, &c) && !ends_it(c); end = next)
            continue;
        for (whole = end; whole > from + scheme && of_sentence(text.p[whole - 1]);)
            whole--;
        *at = end;
        *url = sv_upto(sv_from(text, from), whole - from);
        char host = whole > from + scheme ? text.p[from + scheme] : '/';
        if (host != '/' && host != '?' && host != '#' && host != ':')
            return true;                                  /* else it leads nowhere */
    }
    *at = text.n;
    return false;
}

unsigned talk_linked(enum message_kind kind, sv text)
{
    size_t at = 0;
    sv url;

    return kind != MESSAGE_SYSTEM && talk_url_next(text, &at, &url) ? MESSAGE_LINKED : 0;
}
