/* net/ws_fuzz.c: frames come whole or in pieces with the same outcome; texts are valid UTF-8 within the limit; what is
 * taken can be written back as a server's frame. The first byte is the size of the pieces. */
#include "net/ws.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Everything that was said, as text: result, code, payload. */
static void run(sv bytes, size_t step, struct str *said)
{
    struct ws w = {0};
    struct str in = {0}, frame = {0};
    bool over = false;

    for (size_t at = 0; at < bytes.n && !over; at += step) {
        size_t used;
        sv payload;
        str_put(&in, sv_upto(sv_from(bytes, at), step));
        do {
            enum ws_result r = ws_next(&w, in.p, in.n, &used, &payload);
            if (used > in.n || payload.n > WS_MESSAGE_MAX || w.message.n > WS_MESSAGE_MAX)
                abort();
            if (r == WS_TEXT && !utf8_valid(payload))
                abort();
            if (r == WS_BAD || r == WS_CLOSE) {
                if (!ws_code_allowed(w.code))
                    abort();
                over = true;
            }
            if (r != WS_MORE)
                str_printf(said, "%d %d ", (int)r, (int)w.code);
            str_put(said, payload);
            if (r == WS_TEXT)
                ws_put_text(&frame, payload);
            if (r == WS_PING)
                ws_put_pong(&frame, payload);
            str_drop(&in, used);
        } while (used && !over);
    }
    ws_release(&w);
    str_release(&in);
    str_release(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct str a = {0}, b = {0};

    if (n < 2)
        return 0;
    run(sv_n(p + 1, n - 1), n, &a);
    run(sv_n(p + 1, n - 1), 1u + p[0], &b);
    if (!sv_equal(str_sv(&a), str_sv(&b)))
        abort();
    str_release(&a);
    str_release(&b);
    ws_key_ok(sv_n(p, n));
    return 0;
}
