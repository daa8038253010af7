/* net/ws.h: RFC 6455, the server's side, without extensions.
 *     struct ws w = {0}; ws_next(&w, in.p, in.n, &used, &payload) -> act on it; str_drop(&in, used) … ws_release(&w)
 * Client frames must be masked, unfragmented control frames at most 125 bytes, text valid UTF-8, a message at most
 * WS_MESSAGE_MAX over all its fragments. Frames are unmasked in place; a message of one frame is not copied.
 * Memory beside the caller's buffer: WS_MESSAGE_MAX while a fragmented message is under way. */
#ifndef ENGAWA_NET_WS_H
#define ENGAWA_NET_WS_H

#include "base/str.h"

#define WS_MESSAGE_MAX   (64 * 1024)
#define WS_CONTROL_MAX   125
#define WS_FRAGMENTS_MAX 1024
#define WS_HEAD_MAX      14                               /* a client's longest frame header */

enum ws_code {
    WS_NORMAL = 1000, WS_GOING = 1001, WS_PROTOCOL = 1002, WS_NO_BINARY = 1003, WS_NOT_UTF8 = 1007, WS_POLICY = 1008,
    WS_TOO_BIG = 1009, WS_RESTART = 1012, WS_LATER = 1013,
    WS_SESSION_ENDED = 4401,
};

enum ws_result {
    WS_MORE,                                              /* needs bytes; `used` may still be > 0 (a fragment was taken) */
    WS_TEXT,                                              /* payload: a whole message */
    WS_PING,                                              /* payload: to send back */
    WS_PONG,
    WS_CLOSE,                                             /* w->code: what to answer with */
    WS_BAD,                                               /* w->code: close with it */
};

struct ws {
    struct str message;                                   /* of the fragments so far */
    uint32_t fragments;                                   /* 0: no message under way */
    uint16_t code;
};

/* Takes one frame from p[0 … n). `used` bytes are consumed; `payload` lies in p or in w until the next call. */
enum ws_result ws_next(struct ws *w, char *p, size_t n, size_t *used, sv *payload);
void ws_release(struct ws *w);

/* Server frames: header and payload in one. */
void ws_put_text(struct str *out, sv text);
void ws_put_ping(struct str *out, sv data);
void ws_put_pong(struct str *out, sv data);
void ws_put_close(struct str *out, uint16_t code, sv reason);   /* the reason is cut at 123 bytes */

bool ws_code_allowed(uint16_t code);                      /* may this stand in a close frame? */
/* Sec-WebSocket-Key: base64 of 16 bytes. */
bool ws_key_ok(sv key);
void ws_accept_key(struct str *out, sv key);              /* Sec-WebSocket-Accept */

#endif
