/* base/fold.c: folding, code point by code point. */
#include "base/fold.h"
#include "base/utf8.h"

/* U+FF66 … U+FF9D, the katakana of half width, in their order. */
static const uint16_t half_kana[] = {
    0x3092, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3083, 0x3085, 0x3087, 0x3063, 0x30FC, 0x3042, 0x3044, 0x3046,
    0x3048, 0x304A, 0x304B, 0x304D, 0x304F, 0x3051, 0x3053, 0x3055, 0x3057, 0x3059, 0x305B, 0x305D, 0x305F, 0x3061,
    0x3064, 0x3066, 0x3068, 0x306A, 0x306B, 0x306C, 0x306D, 0x306E, 0x306F, 0x3072, 0x3075, 0x3078, 0x307B, 0x307E,
    0x307F, 0x3080, 0x3081, 0x3082, 0x3084, 0x3086, 0x3088, 0x3089, 0x308A, 0x308B, 0x308C, 0x308D, 0x308F, 0x3093,
};

static uint32_t simple(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)                       /* full width ASCII */
        c -= 0xFEE0;
    if (c >= 0xFF66 && c < 0xFF66 + COUNT(half_kana))
        return half_kana[c - 0xFF66];
    if (c >= 0x30A1 && c <= 0x30F6)                       /* katakana → hiragana */
        return c - 0x60;
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7))
        return c + 0x20;
    return c;
}

static bool blank(uint32_t c)
{
    return c <= 0x20 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B);
}

/* A sound mark that stands apart joins the kana before it: か + ゛ = が. */
static bool marked(uint32_t before, uint32_t mark, uint32_t *out)
{
    bool voiced = mark == 0x3099 || mark == 0x309B || mark == 0xFF9E;
    bool half = mark == 0x309A || mark == 0x309C || mark == 0xFF9F;

    if (voiced && before == 0x3046)
        *out = 0x3094;
    else if (half && before >= 0x306F && before <= 0x307B && before % 3 == 0)
        *out = before + 2;
    else if (voiced && ((before >= 0x306F && before <= 0x307B && before % 3 == 0) ||
                        (before >= 0x304B && before <= 0x3061 && before % 2 == 1) ||
                        (before >= 0x3064 && before <= 0x3068 && before % 2 == 0)))
        *out = before + 1;
    else
        return false;
    return true;
}

sv fold(struct arena *a, sv text)
{
    struct str out = STR_IN(a);
    uint32_t last = 0, c, joined;

    for (size_t at = 0; utf8_next(text, &at, &c);) {
        if (blank(c))
            continue;
        if (last && marked(last, c, &joined)) {
            last = joined;
            continue;
        }
        if (last)
            utf8_put(&out, last);
        last = simple(c);
    }
    if (last)
        utf8_put(&out, last);
    return str_sv(&out);
}

struct folded fold_places(struct arena *a, sv text)
{
    size_t most = text.n + 1;
    struct folded f = {ANEWN(a, uint32_t, most), ANEWN(a, uint32_t, most), ANEWN(a, uint32_t, most), 0};
    uint32_t c, joined, place = 0;

    for (size_t at = 0; utf8_next(text, &at, &c); place++) {
        uint32_t last = f.n ? f.c[f.n - 1] : 0;
        if (blank(c)) {
            if (last != ' ') {
                f.c[f.n] = ' ';
                f.at[f.n++] = place;
            }
        } else if (last && marked(last, c, &joined)) {
            f.c[f.n - 1] = joined;
        } else {
            f.c[f.n] = simple(c);
            f.at[f.n++] = place;
        }
        f.end[f.n - 1] = place + 1;
    }
    return f;
}
