/* role/call.c: a version byte, the method, then every field in the order of the struct, each with its own limit. */
#include "role/call.h"

#define CALL_VERSION 4

/* Longest text of each field; the sum stays below IPC_PAYLOAD_MAX. */
static const struct {
    size_t at, max;
} fields[] = {
#define FIELD(name, bytes) {offsetof(struct http_call, name), bytes}
    FIELD(path, 2048),       FIELD(query, 2048),   FIELD(ip, 64),        FIELD(sid, 128),
    FIELD(adm, 128),         FIELD(dev, 2048),     FIELD(bearer, 256),   FIELD(origin, 300),   FIELD(fetch_site, 32),
    FIELD(own_origin, 300),  FIELD(files, 310),    FIELD(marked, 16),    FIELD(content_type, 128), FIELD(language, 256),
    FIELD(agent, 200),       FIELD(ticket, 128),   FIELD(none_match, 256), FIELD(range, 64), FIELD(head, 1), FIELD(body, CALL_BODY_MAX),
#undef FIELD
};

static sv *field(const struct http_call *c, size_t i)
{
    return (sv *)((char *)(uintptr_t)c + fields[i].at);
}

bool call_fits(const struct http_call *c)
{
    for (size_t i = 0; i < COUNT(fields); i++)
        if (field(c, i)->n > fields[i].max)
            return false;
    return true;
}

void call_write(struct str *out, const struct http_call *c)
{
    ENSURE(call_fits(c));
    ipc_w_u8(out, CALL_VERSION);
    ipc_w_u8(out, (uint8_t)c->method);
    for (size_t i = 0; i < COUNT(fields); i++)
        ipc_w_bytes(out, *field(c, i));
}

bool call_read(sv payload, struct http_call *out)
{
    struct ipc_in in = IPC_IN(payload);

    if (ipc_r_u8(&in) != CALL_VERSION)
        return false;
    *out = (struct http_call){.method = (enum call_method)ipc_r_u8(&in)};
    if (out->method < CALL_GET || out->method > CALL_PATCH)
        return false;
    for (size_t i = 0; i < COUNT(fields); i++)
        *field(out, i) = ipc_r_bytes(&in, fields[i].max);
    return ipc_r_end(&in) && out->path.n > 0 && out->path.p[0] == '/';
}
