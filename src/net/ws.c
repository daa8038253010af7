/* net/ws.c: frames of a WebSocket. One frame a call; fragments gather in w->message until the last one, where the
 * whole text is checked as UTF-8. */
#include "net/ws.h"

#include "base/utf8.h"

#include <openssl/evp.h>
#include <string.h>

enum opcode { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct frame {
    bool fin;
    unsigned opcode;
    size_t head;                                          /* bytes before the payload */
    uint64_t n;
};

static enum ws_result bad(struct ws *w, enum ws_code code)
{
    w->code = (uint16_t)code;
    return WS_BAD;
}

static uint64_t big_endian(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

/* The first two bytes say whether the frame may come at all, before anything is waited for. */
static enum ws_result first_bytes(struct ws *w, const unsigned char *p, struct frame *f)
{
    unsigned small = p[1] & 0x7F;
    bool control = p[0] & 8;

    f->fin = p[0] & 0x80;
    f->opcode = p[0] & 15;
    if ((p[0] & 0x70) || !(p[1] & 0x80))
        return bad(w, WS_PROTOCOL);                       /* an extension, or no mask */
    if (control ? (f->opcode > OP_PONG || !f->fin || small > WS_CONTROL_MAX) : f->opcode > OP_BINARY)
        return bad(w, WS_PROTOCOL);
    if (!control && (f->opcode == OP_MORE) != (w->fragments > 0))
        return bad(w, WS_PROTOCOL);
    return f->opcode == OP_BINARY ? bad(w, WS_NO_BINARY) : WS_MORE;
}

/* Reads the header. True: f is whole; else *r says why not. */
static bool read_head(struct ws *w, const unsigned char *p, size_t n, struct frame *f, enum ws_result *r)
{
    *r = WS_MORE;
    if (n < 2 || (*r = first_bytes(w, p, f)) != WS_MORE)
        return false;
    unsigned small = p[1] & 0x7F;
    size_t more = small == 126 ? 2 : small == 127 ? 8 : 0;
    if (n < 2 + more)
        return false;
    f->n = more ? big_endian(p + 2, more) : small;
    if ((more == 2 && f->n < 126) || (more == 8 && (f->n < 65536 || f->n >> 63))) {
        *r = bad(w, WS_PROTOCOL);                         /* not the shortest form, or the highest bit */
        return false;
    }
    if (f->n > WS_MESSAGE_MAX - w->message.n) {
        *r = bad(w, WS_TOO_BIG);
        return false;
    }
    f->head = 2 + more + 4;
    return n >= f->head + f->n;
}

static void unmask(char *p, size_t n, const char mask[4])
{
    uint64_t wide, m;
    size_t i = 0;

    memcpy(&m, mask, 4);
    memcpy((char *)&m + 4, mask, 4);
    for (; i + 8 <= n; i += 8) {
        memcpy(&wide, p + i, 8);
        wide ^= m;
        memcpy(p + i, &wide, 8);
    }
    for (; i < n; i++)
        p[i] ^= mask[i & 3];
}

static enum ws_result data(struct ws *w, const struct frame *f, sv *payload)
{
    if (w->fragments == 0 && f->fin)
        return utf8_valid(*payload) ? WS_TEXT : bad(w, WS_NOT_UTF8);
    if (++w->fragments > WS_FRAGMENTS_MAX)
        return bad(w, WS_POLICY);
    str_put(&w->message, *payload);
    *payload = SV("");
    if (!f->fin)
        return WS_MORE;
    w->fragments = 0;
    *payload = str_sv(&w->message);
    return utf8_valid(*payload) ? WS_TEXT : bad(w, WS_NOT_UTF8);
}

bool ws_code_allowed(uint16_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

static enum ws_result close_frame(struct ws *w, sv payload)
{
    if (payload.n == 1)
        return bad(w, WS_PROTOCOL);
    w->code = WS_NORMAL;
    if (payload.n) {
        w->code = (uint16_t)big_endian((const unsigned char *)payload.p, 2);
        if (!ws_code_allowed(w->code))
            return bad(w, WS_PROTOCOL);
        if (!utf8_valid(sv_from(payload, 2)))
            return bad(w, WS_NOT_UTF8);
    }
    return WS_CLOSE;
}

enum ws_result ws_next(struct ws *w, char *p, size_t n, size_t *used, sv *payload)
{
    struct frame f;
    enum ws_result r;

    *used = 0;
    *payload = SV("");
    if (w->fragments == 0 && w->message.n)
        str_release(&w->message);                         /* the message given out by the last call */
    if (!read_head(w, (const unsigned char *)p, n, &f, &r))
        return r;
    unmask(p + f.head, f.n, p + f.head - 4);
    *used = f.head + f.n;
    *payload = sv_n(p + f.head, f.n);
    switch (f.opcode) {
    case OP_CLOSE:
        return close_frame(w, *payload);
    case OP_PING:
        return WS_PING;
    case OP_PONG:
        return WS_PONG;
    default:
        return data(w, &f, payload);
    }
}

void ws_release(struct ws *w)
{
    str_release(&w->message);
    *w = (struct ws){0};
}

/* ---- the server's frames ---- */

static void put_frame(struct str *out, unsigned opcode, sv payload)
{
    unsigned char h[10] = {(unsigned char)(0x80 | opcode)};
    size_t n = 2, more = payload.n < 126 ? 0 : payload.n < 65536 ? 2 : 8;

    h[1] = (unsigned char)(more == 0 ? payload.n : more == 2 ? 126 : 127);
    for (size_t i = 0; i < more; i++)
        h[n++] = (unsigned char)(payload.n >> 8 * (more - 1 - i));
    str_room(out, n + payload.n);
    str_bytes(out, h, n);
    str_put(out, payload);
}

void ws_put_text(struct str *out, sv text)
{
    put_frame(out, OP_TEXT, text);
}

void ws_put_ping(struct str *out, sv bytes)
{
    put_frame(out, OP_PING, sv_upto(bytes, WS_CONTROL_MAX));
}

void ws_put_pong(struct str *out, sv bytes)
{
    put_frame(out, OP_PONG, sv_upto(bytes, WS_CONTROL_MAX));
}

void ws_put_close(struct str *out, uint16_t code, sv reason)
{
    char body[WS_CONTROL_MAX] = {(char)(code >> 8), (char)(code & 255)};

    ENSURE(ws_code_allowed(code));
    reason = sv_upto(reason, sizeof(body) - 2);
    while (!utf8_valid(reason))
        reason.n--;
    if (reason.n)
        memcpy(body + 2, reason.p, reason.n);
    put_frame(out, OP_CLOSE, sv_n(body, 2 + reason.n));
}

/* ---- the handshake's keys ---- */

bool ws_key_ok(sv key)
{
    static const char last[] = "AQgw";                    /* 16 bytes leave 4 bits of the last character zero */

    if (key.n != 24 || key.p[23] != '=' || key.p[22] != '=' || !key.p[21] || !strchr(last, key.p[21]))
        return false;
    for (size_t i = 0; i < 22; i++) {
        char c = key.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/'))
            return false;
    }
    return true;
}

void ws_accept_key(struct str *out, sv key)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char sum[EVP_MAX_MD_SIZE];
    char text[64];
    size_t n = 0;

    ENSURE(ws_key_ok(key));
    memcpy(text, key.p, key.n);
    memcpy(text + key.n, guid, sizeof(guid) - 1);
    ENSURE(EVP_Q_digest(NULL, "SHA1", NULL, text, key.n + sizeof(guid) - 1, sum, &n) == 1);
    EVP_EncodeBlock((unsigned char *)text, sum, (int)n);
    str_c(out, text);
}
