/* base/metadata.c: JPEG, PNG, WebP and GIF; files of boxes stand in metadata_box.c. */
#include "base/metadata_private.h"

#include <string.h>

bool meta_refuse(struct meta *m, const char *why)
{
    m->why = why;
    return false;
}

bool meta_at(struct meta *m, int64_t at, size_t n, const unsigned char **p)
{
    if (at < 0 || at > m->s->size || (int64_t)n > m->s->size - at)
        return meta_refuse(m, "ends too early");
    if (at < m->window_at || at + (int64_t)n > m->window_at + (int64_t)m->window_n) {
        int64_t left = m->s->size - at;
        m->window_at = at;
        m->window_n = (size_t)(left < META_WINDOW ? left : META_WINDOW);
        if (!m->s->read(m->s->from, at, m->window_n, m->window)) {
            m->window_n = 0;
            return meta_refuse(m, "cannot be read");
        }
    }
    *p = m->window + (at - m->window_at);
    return true;
}

bool meta_blank(struct meta *m, int64_t at, int64_t n, sv bytes)
{
    if (n <= 0)
        return true;
    if (m->out->n == METADATA_PATCHES)
        return meta_refuse(m, "too many notes");
    *PUSH(m->a, m->out) = (struct patch){at, n, bytes.n ? sv_dup(m->a, bytes) : SV_NONE};
    return true;
}

bool meta_blank_rest(struct meta *m, int64_t at)
{
    return meta_blank(m, at, m->s->size - at, SV_NONE);
}

static bool starts(struct meta *m, int64_t at, int64_t n, const char *mark, size_t mark_n)
{
    const unsigned char *p;

    return n >= (int64_t)mark_n && meta_at(m, at, mark_n, &p) && memcmp(p, mark, mark_n) == 0;
}

/* ---- JPEG: segments behind markers; a scan's data runs to the next marker */

enum { M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda, M_APP0 = 0xe0, M_APP1 = 0xe1, M_APP2 = 0xe2,
       M_APP14 = 0xee, M_APP15 = 0xef, M_COM = 0xfe, M_TEM = 1 };

#define TAG_ORIENTATION 0x0112
#define TIFF_HEAD 8
#define TIFF_ENTRY 12

static uint32_t tiff16(const unsigned char *p, bool big)
{
    return big ? meta_be16(p) : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t tiff32(const unsigned char *p, bool big)
{
    return big ? meta_be32(p) : tiff16(p + 2, false) << 16 | tiff16(p, false);
}

/* Which way up, by the Exif in a segment's n bytes at `at`; 1 where it does not say. */
static unsigned orientation(struct meta *m, int64_t at, int64_t n)
{
    const unsigned char *p;

    if (n < 6 + TIFF_HEAD + 2 || !meta_at(m, at, (size_t)(n < META_WINDOW ? n : META_WINDOW), &p))
        return 1;
    size_t have = (size_t)(n < META_WINDOW ? n : META_WINDOW) - 6;
    const unsigned char *t = p + 6;
    bool big = t[0] == 'M';
    size_t ifd = tiff32(t + 4, big);
    if (ifd > have - 2)
        return 1;
    size_t entries = tiff16(t + ifd, big);
    for (size_t i = 0; i < entries && ifd + 2 + (i + 1) * TIFF_ENTRY <= have; i++) {
        const unsigned char *e = t + ifd + 2 + i * TIFF_ENTRY;
        unsigned value = tiff16(e + 8, big);
        if (tiff16(e, big) == TAG_ORIENTATION)
            return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

/* The least Exif that says which way up. */
static bool blank_exif(struct meta *m, int64_t at, int64_t n, bool first)
{
    unsigned way = first ? orientation(m, at, n) : 1;
    char least[] = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0";

    least[25] = (char)way;
    return meta_blank(m, at, n, way > 1 && n >= (int64_t)sizeof(least) ? sv_n(least, sizeof(least) - 1) : SV_NONE);
}

static bool jpeg_segment(struct meta *m, unsigned marker, int64_t at, int64_t n, bool *exif)
{
    if (marker == M_APP1 && starts(m, at, n, "Exif\0", 6)) {
        bool first = !*exif;
        *exif = true;
        return blank_exif(m, at, n, first);
    }
    if (marker == M_APP0 && starts(m, at, n, "JFIF", 5))
        return n <= 14 ? true : meta_blank(m, at + 12, n - 12, SV_NONE);   /* its thumbnail, and the size of it */
    if (marker == M_APP2 && starts(m, at, n, "ICC_PROFILE", 12))
        return true;
    if (marker == M_APP14 && starts(m, at, n, "Adobe", 5))
        return n <= 12 ? true : meta_blank(m, at + 12, n - 12, SV_NONE);
    if ((marker >= M_APP0 && marker <= M_APP15) || marker == M_COM)
        return meta_blank(m, at, n, SV_NONE);
    return true;
}

/* Over the data of a scan, to the marker behind it. */
static bool jpeg_scan(struct meta *m, int64_t *at)
{
    const unsigned char *p;

    for (;;) {
        int64_t left = m->s->size - *at;
        size_t n = (size_t)(left < META_WINDOW ? left : META_WINDOW);
        if (n < 2)
            return meta_refuse(m, "JPEG: no end");
        if (!meta_at(m, *at, n, &p))
            return false;
        const unsigned char *hit = memchr(p, 0xff, n - 1);
        if (!hit) {
            *at += (int64_t)n - 1;                        /* the last byte may begin a marker */
            continue;
        }
        *at += hit - p;
        if (hit[1] != 0 && hit[1] != 0xff && !(hit[1] >= M_RST0 && hit[1] <= M_RST7))
            return true;
        *at += hit[1] == 0xff ? 1 : 2;
    }
}

static bool jpeg(struct meta *m)
{
    const unsigned char *p;
    int64_t at = 2;
    bool exif = false;

    for (;;) {
        if (!meta_at(m, at, 2, &p))
            return false;
        if (p[0] != 0xff)
            return meta_refuse(m, "JPEG: no marker");
        unsigned marker = p[1];
        if (marker == 0xff) {                             /* a fill byte */
            at++;
            continue;
        }
        at += 2;
        if (marker == M_EOI)
            return meta_blank_rest(m, at);                /* another picture, a film, what a maker of phones adds */
        if (marker == M_SOI || marker == M_TEM || (marker >= M_RST0 && marker <= M_RST7))
            continue;
        if (!meta_at(m, at, 2, &p))
            return false;
        int64_t n = meta_be16(p);
        if (n < 2 || n > m->s->size - at)
            return meta_refuse(m, "JPEG: length");
        if (!jpeg_segment(m, marker, at + 2, n - 2, &exif))
            return false;
        at += n;
        if (marker == M_SOS && !jpeg_scan(m, &at))
            return false;
    }
}

/* ---- PNG: a signature and chunks of length, type, data, CRC */

#define BLANK_CHUNK "enGw"                                /* ancillary, private, safe to copy: no decoder looks at it */

static uint32_t crc_byte(uint32_t crc, unsigned byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    return crc;
}

static bool png_blank(struct meta *m, int64_t at, int64_t n)
{
    uint32_t crc = UINT32_MAX;
    char be[4];

    if (n > 16 << 20)
        return meta_refuse(m, "PNG: a note of this size");
    for (int i = 0; i < 4; i++)
        crc = crc_byte(crc, (unsigned char)BLANK_CHUNK[i]);
    for (int64_t i = 0; i < n; i++)
        crc = crc_byte(crc, 0);
    for (int i = 0; i < 4; i++)
        be[i] = (char)(unsigned char)(~crc >> (24 - 8 * i));
    return meta_blank(m, at + 4, 4 + n, SV(BLANK_CHUNK)) && meta_blank(m, at + 8 + n, 4, sv_n(be, 4));
}

static bool png_needed(const unsigned char *type)
{
    static const char names[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "hIST",
                                    "pHYs", "sPLT", "acTL", "fcTL", "fdAT", "cICP", "mDCV", "cLLI"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (memcmp(type, names[i], 4) == 0)
            return true;
    return false;
}

static bool png(struct meta *m)
{
    const unsigned char *p;
    unsigned char type[4];

    for (int64_t at = 8;;) {
        if (!meta_at(m, at, 8, &p))
            return false;
        int64_t n = meta_be32(p);
        memcpy(type, p + 4, 4);
        if (n > m->s->size - at - 12)
            return meta_refuse(m, "ends too early");
        if (!png_needed(type) && !png_blank(m, at, n))
            return false;
        at += 12 + n;
        if (memcmp(type, "IEND", 4) == 0)
            return meta_blank_rest(m, at);
    }
}

/* ---- WebP: RIFF chunks of type, length, data and a byte to even it */

#define VP8X_XMP  4
#define VP8X_EXIF 8

static uint32_t le32(const unsigned char *p)
{
    return tiff32(p, false);
}

static bool webp_chunk(struct meta *m, int64_t at, const unsigned char *head, int64_t n)
{
    static const char names[][5] = {"VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"};

    if (memcmp(head, "VP8X", 4) == 0) {
        const unsigned char *p;
        if (n < 10 || !meta_at(m, at + 8, 1, &p))
            return meta_refuse(m, "WebP: head");
        char flags = (char)(p[0] & ~(VP8X_XMP | VP8X_EXIF));
        return meta_blank(m, at + 8, 1, sv_n(&flags, 1));
    }
    m->out->frames += memcmp(head, "ANMF", 4) == 0;
    for (size_t i = 0; i < COUNT(names); i++)
        if (memcmp(head, names[i], 4) == 0)
            return true;
    return meta_blank(m, at, 4, SV("ZERO")) && meta_blank(m, at + 8, n, SV_NONE);
}

static bool webp(struct meta *m)
{
    const unsigned char *p;
    unsigned char head[8];

    if (!meta_at(m, 0, 12, &p))
        return false;
    int64_t end = 8 + (int64_t)le32(p + 4);
    if (end > m->s->size)
        return meta_refuse(m, "ends too early");
    for (int64_t at = 12; at < end;) {
        if (!meta_at(m, at, 8, &p))
            return false;
        memcpy(head, p, 8);
        int64_t n = le32(head + 4);
        if (n > end - at - 8)
            return meta_refuse(m, "WebP: length");
        if (!webp_chunk(m, at, head, n))
            return false;
        at += 8 + n + (n & 1);
    }
    return end == m->s->size || meta_blank_rest(m, end);
}

/* ---- GIF: blocks; an extension's data are sub-blocks of a length and as many bytes, to one of length 0 */

/* Over them; where `blank`, their bytes become zeros and their lengths stay. */
static bool gif_blocks(struct meta *m, int64_t *at, bool blank)
{
    const unsigned char *p;

    for (;;) {
        if (!meta_at(m, *at, 1, &p))
            return false;
        int64_t n = p[0];
        *at += 1;
        if (n == 0)
            return true;
        if (n > m->s->size - *at)
            return meta_refuse(m, "ends too early");
        if (blank && !meta_blank(m, *at, n, SV_NONE))
            return false;
        *at += n;
    }
}

static bool gif_extension(struct meta *m, int64_t *at)
{
    const unsigned char *p;

    if (!meta_at(m, *at, 2, &p))
        return false;
    unsigned label = p[1];
    *at += 2;
    if (label == 0xff && meta_at(m, *at, 12, &p) && p[0] == 11) {
        bool kept = !memcmp(p + 1, "NETSCAPE2.0", 11) || !memcmp(p + 1, "ANIMEXTS1.0", 11) || !memcmp(p + 1, "ICCRGBG1012", 11);
        *at += 12;
        return gif_blocks(m, at, !kept);
    }
    return gif_blocks(m, at, label != 0xf9);              /* f9: how the next picture is shown */
}

static bool gif(struct meta *m)
{
    const unsigned char *p;
    int64_t at = 13;

    if (!meta_at(m, 10, 1, &p))
        return false;
    if (p[0] & 0x80)
        at += INT64_C(3) << ((p[0] & 7) + 1);
    for (;;) {
        if (!meta_at(m, at, 1, &p))
            return false;
        if (p[0] == 0x3b)
            return meta_blank_rest(m, at + 1);
        if (p[0] == 0x21) {
            if (!gif_extension(m, &at))
                return false;
            continue;
        }
        if (p[0] != 0x2c || !meta_at(m, at, 10, &p))
            return meta_refuse(m, "GIF: unknown block");
        m->out->frames++;
        at += 10 + (p[9] & 0x80 ? INT64_C(3) << ((p[9] & 7) + 1) : 0) + 1;   /* and the size of a code */
        if (!gif_blocks(m, &at, false))
            return false;
    }
}

/* ---- which */

struct kind {
    const char *type;
    bool (*find)(struct meta *m);
};

/* clang-format off */
static const struct kind kinds[] = {
    {"image/jpeg", jpeg}, {"image/png", png}, {"image/webp", webp}, {"image/gif", gif},
    {"image/heic", meta_boxes}, {"image/heif", meta_boxes}, {"image/avif", meta_boxes},
    {"video/mp4", meta_boxes}, {"video/quicktime", meta_boxes}, {"audio/mp4", meta_boxes},
};
/* clang-format on */

static const struct kind *kind_of(sv media_type)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (sv_equal(media_type, sv_c(kinds[i].type)))
            return &kinds[i];
    return NULL;
}

bool metadata_known(sv media_type)
{
    return kind_of(media_type) != NULL;
}

bool metadata_find(struct arena *a, sv media_type, struct source *s, struct patches *out, const char **why)
{
    const struct kind *k = kind_of(media_type);
    struct meta *m = ANEW(a, struct meta);

    *out = (struct patches){0};
    *why = NULL;
    if (!k)
        return true;
    *m = (struct meta){.a = a, .s = s, .out = out};
    bool ok = k->find(m);
    if (!ok)
        *why = m->why ? m->why : "not built as its kind";
    return ok;
}
