/* net/http_write.c: responses. A name must be a token and a value free of control characters, or nothing is written. */
#include "net/http.h"

#include <string.h>

const char *http_reason(int status)
{
    /* clang-format off */
    static const struct { int status; const char *reason; } t[] = {
        {101, "Switching Protocols"}, {200, "OK"}, {201, "Created"}, {204, "No Content"}, {206, "Partial Content"},
        {301, "Moved Permanently"}, {303, "See Other"}, {304, "Not Modified"}, {400, "Bad Request"}, {401, "Unauthorized"},
        {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {409, "Conflict"}, {413, "Content Too Large"},
        {416, "Range Not Satisfiable"}, {421, "Misdirected Request"}, {426, "Upgrade Required"}, {429, "Too Many Requests"},
        {500, "Internal Server Error"}, {503, "Service Unavailable"}, {507, "Insufficient Storage"},
    };
    /* clang-format on */

    for (size_t i = 0; i < COUNT(t); i++)
        if (t[i].status == status)
            return t[i].reason;
    return "Answer";
}

void http_answer(struct str *out, int status)
{
    ENSURE(status >= 100 && status <= 599);
    str_printf(out, "HTTP/1.1 %d %s\r\n", status, http_reason(status));
}

static bool name_ok(sv name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && c != '-' && c != '_')
            return false;
    }
    return name.n > 0;
}

bool http_say(struct str *out, sv name, sv value)
{
    if (!name_ok(name))
        return false;
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7F)
            return false;
    str_put(out, name);
    str_put(out, SV(": "));
    str_put(out, value);
    str_put(out, SV("\r\n"));
    return true;
}

void http_say_int(struct str *out, sv name, int64_t value)
{
    ENSURE(name_ok(name));
    str_printf(out, "%.*s: %" PRId64 "\r\n", SV_ARG(name), value);
}

void http_body_bytes(struct str *out, sv body, bool head)
{
    http_say_int(out, SV("Content-Length"), (int64_t)body.n);
    str_put(out, SV("\r\n"));
    if (!head)
        str_put(out, body);
}

void http_body_none(struct str *out)
{
    str_put(out, SV("\r\n"));
}
