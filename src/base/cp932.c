/* base/cp932.c: one byte for ASCII and half-width kana, two for all else. */
#include "base/cp932.h"
#include "base/utf8.h"

#define TRAILS 188                                        /* 0x40 … 0x7E, 0x80 … 0xFC */

/* A row is the 188 characters behind one lead byte, U+FFFD where there is none; NULL: there are none at all. */
static const char *const rows[0xFD - 0x81] = {
#include "base/cp932.inc"
};

static bool pair(uint8_t lead, uint8_t trail, uint32_t *cp)
{
    if (lead < 0x81 || lead > 0xFC || trail < 0x40 || trail == 0x7F || trail > 0xFC || !rows[lead - 0x81])
        return false;
    sv row = sv_c(rows[lead - 0x81]);
    size_t at = 0;

    for (int n = trail - 0x40 - (trail > 0x7F); n >= 0; n--)
        if (!utf8_next(row, &at, cp))
            return false;
    return *cp != 0xFFFD;
}

bool cp932_read(sv in, struct str *out)
{
    for (size_t i = 0; i < in.n; i++) {
        uint8_t b = (uint8_t)in.p[i];
        uint32_t cp = b;

        if (b >= 0xA1 && b <= 0xDF)
            cp = 0xFF61 + (uint32_t)(b - 0xA1);
        else if (b >= 0x80 && (++i >= in.n || !pair(b, (uint8_t)in.p[i], &cp)))
            return false;
        utf8_put(out, cp);
    }
    return true;
}
