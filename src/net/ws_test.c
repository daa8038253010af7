/* net/ws_test.c: frames that are taken and frames that are refused, with their close codes. */
#include "net/ws.h"

#include "base/test.h"

#include <string.h>

/* A client's frame; `first` is the first byte. */
static void frame(struct str *out, unsigned first, sv payload)
{
    const char mask[4] = {0x37, (char)0xfa, 0x21, 0x3d};

    str_char(out, (char)first);
    if (payload.n < 126) {
        str_char(out, (char)(0x80 | payload.n));
    } else if (payload.n < 65536) {
        str_char(out, (char)(0x80 | 126));
        str_char(out, (char)(payload.n >> 8));
        str_char(out, (char)payload.n);
    } else {
        str_char(out, (char)(0x80 | 127));
        for (int i = 7; i >= 0; i--)
            str_char(out, (char)((uint64_t)payload.n >> 8 * i));
    }
    str_bytes(out, mask, 4);
    for (size_t i = 0; i < payload.n; i++)
        str_char(out, (char)(payload.p[i] ^ mask[i & 3]));
}

/* Reads frames until one says something; the pieces come `step` bytes at a time. */
static enum ws_result feed(struct ws *w, struct str *frames, size_t step, struct str *in, sv *payload)
{
    enum ws_result r = WS_MORE;
    size_t used = 0, at = 0;

    *payload = SV("");
    while (r == WS_MORE && (at < frames->n || used)) {
        if (at < frames->n) {
            sv piece = sv_upto(sv_from(str_sv(frames), at), step);
            str_put(in, piece);
            at += piece.n;
        }
        do {
            r = ws_next(w, in->p, in->n, &used, payload);
            if (r == WS_MORE)
                str_drop(in, used);
        } while (r == WS_MORE && used);
    }
    return r;
}

TEST(ws_refuses)
{
    static const struct {
        const char *bytes;
        size_t n;
        int code;
    } t[] = {
#define BYTES(s) s, sizeof(s) - 1
        {BYTES("\x81\x05hello"), WS_PROTOCOL},                                        /* not masked */
        {BYTES("\xc1\x80\0\0\0\0"), WS_PROTOCOL},                                     /* RSV1: compression */
        {BYTES("\xa1\x80\0\0\0\0"), WS_PROTOCOL},
        {BYTES("\x83\x80\0\0\0\0"), WS_PROTOCOL},                                     /* unknown opcodes */
        {BYTES("\x8b\x80\0\0\0\0"), WS_PROTOCOL},
        {BYTES("\x09\x80\0\0\0\0"), WS_PROTOCOL},                                     /* a control frame in parts */
        {BYTES("\x89\xfe\x00\x7e\0\0\0\0"), WS_PROTOCOL},                             /* … or above 125 bytes */
        {BYTES("\x80\x80\0\0\0\0"), WS_PROTOCOL},                                     /* continues nothing */
        {BYTES("\x01\x80\0\0\0\0\x81\x80\0\0\0\0"), WS_PROTOCOL},                     /* a new message inside one */
        {BYTES("\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0"), WS_PROTOCOL},                   /* 2^63 */
        {BYTES("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0"), WS_TOO_BIG},
        {BYTES("\x81\xff\0\0\0\0\0\x01\0\x01\0\0\0\0"), WS_TOO_BIG},                  /* 65,537 */
        {BYTES("\x81\xfe\0\x05\0\0\0\0"), WS_PROTOCOL},                               /* not the shortest length */
        {BYTES("\x81\xff\0\0\0\0\0\0\0\x05\0\0\0\0"), WS_PROTOCOL},
        {BYTES("\x82\x80\0\0\0\0"), WS_NO_BINARY},
        {BYTES("\x81\x81\0\0\0\0\xff"), WS_NOT_UTF8},
        {BYTES("\x81\x83\0\0\0\0\xed\xa0\x80"), WS_NOT_UTF8},                         /* a surrogate */
        {BYTES("\x01\x81\0\0\0\0\xe3\x80\x81\0\0\0\0\x81"), WS_NOT_UTF8},             /* a character cut by the end */
        {BYTES("\x88\x81\0\0\0\0\x03"), WS_PROTOCOL},                                 /* close: half a code */
        {BYTES("\x88\x82\0\0\0\0\x03\xed"), WS_PROTOCOL},                             /* close: 1005 */
        {BYTES("\x88\x82\0\0\0\0\x27\x0f\x00"), WS_PROTOCOL},                         /* close: 9999 */
        {BYTES("\x88\x83\0\0\0\0\x03\xe8\xff"), WS_NOT_UTF8},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        for (size_t step = 1; step < 20; step += 9) {
            struct ws w = {0};
            struct str in = {0}, all = {0};
            sv payload;
            str_bytes(&all, t[i].bytes, t[i].n);
            CHECK_INT_AT(i, feed(&w, &all, step, &in, &payload), WS_BAD);
            CHECK_INT_AT(i, w.code, t[i].code);
            ws_release(&w);
            str_release(&in);
            str_release(&all);
        }
    }
}

TEST(ws_takes_text_whole_and_in_parts)
{
    static const size_t sizes[] = {0, 1, 125, 126, 127, 65535, 65536};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct ws w = {0};
        struct str text = {0}, all = {0}, in = {0};
        sv payload;
        for (size_t k = 0; k < sizes[i]; k++)
            str_char(&text, (char)('a' + k % 26));
        frame(&all, 0x81, str_sv(&text));
        CHECK_INT_AT(i, feed(&w, &all, 1000, &in, &payload), WS_TEXT);
        CHECK_STR_AT(i, payload, str_sv(&text));
        str_reset(&all);
        str_reset(&in);
        frame(&all, 0x01, sv_upto(str_sv(&text), sizes[i] / 2));
        frame(&all, 0x80, sv_from(str_sv(&text), sizes[i] / 2));
        CHECK_INT_AT(i, feed(&w, &all, 1000, &in, &payload), WS_TEXT);
        CHECK_STR_AT(i, payload, str_sv(&text));
        ws_release(&w);
        str_release(&text);
        str_release(&all);
        str_release(&in);
    }
}

TEST(ws_message_limit_counts_all_fragments)
{
    struct ws w = {0};
    struct str text = {0}, all = {0}, in = {0};
    sv payload;

    for (int i = 0; i < 40000; i++)
        str_char(&text, 'x');
    frame(&all, 0x01, str_sv(&text));
    frame(&all, 0x80, str_sv(&text));
    CHECK_INT(feed(&w, &all, 4096, &in, &payload), WS_BAD);
    CHECK_INT(w.code, WS_TOO_BIG);
    CHECK(w.message.cap <= 128 * 1024);
    ws_release(&w);
    str_reset(&all);
    str_reset(&in);
    frame(&all, 0x01, SV(""));
    for (int i = 0; i < WS_FRAGMENTS_MAX; i++)
        frame(&all, 0x00, SV(""));
    CHECK_INT(feed(&w, &all, 4096, &in, &payload), WS_BAD);
    CHECK_INT(w.code, WS_POLICY);
    ws_release(&w);
    str_release(&text);
    str_release(&all);
    str_release(&in);
}

TEST(ws_control_frames_come_between_fragments)
{
    struct ws w = {0};
    struct str all = {0}, in = {0};
    sv payload;
    size_t used;

    frame(&all, 0x01, SV("a\xe3\x81"));
    frame(&all, 0x89, SV("ping"));
    frame(&all, 0x80, SV("\x82z"));
    frame(&all, 0x88, SV("\x03\xe8 bye"));
    CHECK_INT(feed(&w, &all, 4096, &in, &payload), WS_PING);
    CHECK_STR(payload, SV("ping"));
    str_drop(&in, 10);
    CHECK_INT(ws_next(&w, in.p, in.n, &used, &payload), WS_TEXT);
    CHECK_STR(payload, SV("a\xe3\x81\x82z"));
    str_drop(&in, used);
    CHECK_INT(ws_next(&w, in.p, in.n, &used, &payload), WS_CLOSE);
    CHECK_INT(w.code, 1000);
    ws_release(&w);
    str_release(&all);
    str_release(&in);
}

TEST(ws_writes_frames)
{
    struct str out = {0}, text = {0};

    ws_put_text(&out, SV("hi"));
    CHECK_STR(str_sv(&out), SV("\x81\x02hi"));
    str_reset(&out);
    ws_put_close(&out, 4401, SV("session ended"));
    CHECK_STR(str_sv(&out), SV("\x88\x0f\x11\x31session ended"));
    for (int i = 0; i < 70000; i++)
        str_char(&text, 'x');
    str_reset(&out);
    ws_put_text(&out, sv_upto(str_sv(&text), 200));
    CHECK_BYTES(out.p, "\x81\x7e\x00\xc8", 4);
    CHECK_INT(out.n, 204);
    str_reset(&out);
    ws_put_text(&out, str_sv(&text));
    CHECK_BYTES(out.p, "\x81\x7f\0\0\0\0\0\x01\x11\x70", 10);
    str_reset(&out);
    ws_put_close(&out, 1000, str_sv(&text));
    CHECK_INT(out.n, 127);
    str_release(&out);
    str_release(&text);
}

TEST(ws_keys)
{
    struct str out = {0};

    CHECK(ws_key_ok(SV("dGhlIHNhbXBsZSBub25jZQ==")));
    CHECK(!ws_key_ok(SV("dGhlIHNhbXBsZSBub25jZQ=")));
    CHECK(!ws_key_ok(SV("dGhlIHNhbXBsZSBub25jZR==")));
    CHECK(!ws_key_ok(SV("dGhlIHNhb\r\nsZSBub25jZQ==")));
    ws_accept_key(&out, SV("dGhlIHNhbXBsZSBub25jZQ=="));
    CHECK_STR(str_sv(&out), SV("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    str_release(&out);
}
