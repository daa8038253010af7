/* base/image.c: the parts of PNG (RFC 2083), JPEG (ITU T.81) and WebP (RFC 9649) files. */
#include "base/image.h"

#include <string.h>

#define SIDE_MAX 65535

/* A file being walked, and what is kept of it. */
struct walk {
    sv rest;
    struct str out;
    struct image *im;
    const char *why;
};

static bool refuse(struct walk *w, const char *why)
{
    w->why = why;
    return false;
}

static unsigned byte_at(sv s, size_t i)
{
    return (unsigned char)s.p[i];
}

static uint32_t be16(sv s, size_t i)
{
    return byte_at(s, i) << 8 | byte_at(s, i + 1);
}

static uint32_t be32(sv s, size_t i)
{
    return be16(s, i) << 16 | be16(s, i + 2);
}

static uint32_t le24(sv s, size_t i)
{
    return byte_at(s, i) | byte_at(s, i + 1) << 8 | byte_at(s, i + 2) << 16;
}

static uint32_t le32(sv s, size_t i)
{
    return le24(s, i) | (uint32_t)byte_at(s, i + 3) << 24;
}

/* The next n bytes, or false when the file ends before. */
static bool take(struct walk *w, size_t n, sv *part)
{
    if (w->rest.n < n)
        return refuse(w, "ends too early");
    *part = sv_upto(w->rest, n);
    w->rest = sv_from(w->rest, n);
    return true;
}

static bool size_known(struct walk *w, uint32_t width, uint32_t height)
{
    w->im->width = width;
    w->im->height = height;
    if (width == 0 || height == 0 || width > SIDE_MAX || height > SIDE_MAX)
        return refuse(w, "no such size");
    return true;
}

/* ---- PNG: a signature and chunks of length, type, data, CRC */

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"

static uint32_t crc32(sv s)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < s.n; i++) {
        crc ^= byte_at(s, i);
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

struct png {
    bool header, palette, data, data_over, transparency, end;
    unsigned colour;
};

static bool png_depth_fits(unsigned depth, unsigned colour)
{
    switch (colour) {
    case 0:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
        return depth == 8 || depth == 16;
    default:
        return false;
    }
}

static bool png_header(struct walk *w, struct png *g, sv data)
{
    if (g->header || data.n != 13)
        return refuse(w, "PNG: header");
    g->header = true;
    g->colour = byte_at(data, 9);
    if (be16(data, 0) || be16(data, 4))
        return refuse(w, "no such size");
    if (!png_depth_fits(byte_at(data, 8), g->colour) || byte_at(data, 10) || byte_at(data, 11) || byte_at(data, 12) > 1)
        return refuse(w, "PNG: header");
    return size_known(w, be32(data, 0), be32(data, 4));
}

/* *keep: the chunk is part of the picture. */
static bool png_chunk(struct walk *w, struct png *g, sv type, sv data, bool *keep)
{
    bool is_data = sv_equal(type, SV("IDAT"));

    *keep = true;
    if (sv_equal(type, SV("IHDR")))
        return png_header(w, g, data);
    if (!g->header)
        return refuse(w, "PNG: no header");
    if (g->data && !is_data)
        g->data_over = true;
    if (is_data) {
        bool coloured = g->colour != 3 || g->palette;
        g->data = true;
        return !g->data_over && coloured ? true : refuse(w, "PNG: order of chunks");
    }
    if (sv_equal(type, SV("PLTE"))) {
        bool fits = !g->palette && !g->data && data.n && data.n <= 768 && data.n % 3 == 0 && g->colour != 0 && g->colour != 4;
        g->palette = true;
        return fits ? true : refuse(w, "PNG: palette");
    }
    if (sv_equal(type, SV("tRNS"))) {
        bool fits = !g->transparency && !g->data && data.n <= 256 && g->colour < 4 && (g->colour != 3 || g->palette);
        g->transparency = true;
        return fits ? true : refuse(w, "PNG: transparency");
    }
    if (sv_equal(type, SV("IEND"))) {
        g->end = true;
        return g->data && data.n == 0 ? true : refuse(w, "PNG: end");
    }
    *keep = false;
    return byte_at(type, 0) & 32 ? true : refuse(w, "PNG: unknown chunk");
}

static bool png_read(struct walk *w)
{
    struct png g = {0};
    sv head, type, data, crc;

    take(w, sizeof(PNG_SIGNATURE) - 1, &head);
    str_put(&w->out, head);
    while (!g.end) {
        bool keep;
        if (!take(w, 8, &head))
            return false;
        type = sv_from(head, 4);
        if (!take(w, be32(head, 0), &data) || !take(w, 4, &crc))
            return false;
        for (size_t i = 0; i < 4; i++)
            if ((byte_at(type, i) | 32) < 'a' || (byte_at(type, i) | 32) > 'z')
                return refuse(w, "PNG: type of a chunk");
        if (be32(crc, 0) != crc32(sv_n(type.p, 4 + data.n)))
            return refuse(w, "PNG: checksum");
        if (!png_chunk(w, &g, type, data, &keep))
            return false;
        if (keep)
            str_put(&w->out, sv_n(head.p, 12 + data.n));
    }
    return true;
}

/* ---- JPEG: segments behind markers; a scan's data runs to the next marker */

enum { M_SOF0 = 0xc0, M_SOF2 = 0xc2, M_DHT = 0xc4, M_RST0 = 0xd0, M_RST7 = 0xd7, M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda,
       M_DQT = 0xdb, M_DRI = 0xdd, M_APP0 = 0xe0, M_APP14 = 0xee, M_APP15 = 0xef, M_COM = 0xfe };

struct jpeg {
    bool frame, tables, scan;
};

/* The next marker; fill bytes before it are dropped. */
static bool jpeg_marker(struct walk *w, unsigned *marker)
{
    sv b;

    if (!take(w, 2, &b))
        return false;
    if (byte_at(b, 0) != 0xff)
        return refuse(w, "JPEG: no marker");
    *marker = byte_at(b, 1);
    while (*marker == 0xff) {
        if (!take(w, 1, &b))
            return false;
        *marker = byte_at(b, 0);
    }
    return true;
}

static bool jpeg_frame(struct walk *w, struct jpeg *j, sv data)
{
    if (j->frame || data.n < 6)
        return refuse(w, "JPEG: frame");
    unsigned parts = byte_at(data, 5);
    if (byte_at(data, 0) != 8 || (parts != 1 && parts != 3) || data.n != 6 + 3 * (size_t)parts)
        return refuse(w, "JPEG: frame");
    j->frame = true;
    return size_known(w, be16(data, 3), be16(data, 1));
}

static bool jpeg_segment(struct walk *w, struct jpeg *j, unsigned marker, sv data, bool *keep)
{
    *keep = true;
    if (marker >= M_SOF0 && marker <= M_SOF2)
        return jpeg_frame(w, j, data);
    switch (marker) {
    case M_DHT:
        return true;
    case M_DQT:
        j->tables = true;
        return true;
    case M_DRI:
        return data.n == 2 ? true : refuse(w, "JPEG: restart interval");
    case M_SOS:
        j->scan = true;
        return j->frame && j->tables && data.n >= 6 ? true : refuse(w, "JPEG: scan");
    case M_APP0:
        *keep = sv_starts(data, sv_n("JFIF", 5)) && data.n == 14;      /* 14: without a thumbnail */
        return true;
    case M_APP14:
        *keep = sv_starts(data, SV("Adobe")) && data.n == 12;
        return true;
    default:
        *keep = false;
        return (marker > M_APP0 && marker <= M_APP15) || marker == M_COM ? true : refuse(w, "JPEG: unknown segment");
    }
}

/* The data of a scan: up to a marker that is neither a stuffed byte nor a restart. */
static bool jpeg_scan(struct walk *w)
{
    sv s = w->rest;
    size_t i = 0;

    for (; i + 1 < s.n; i++) {
        unsigned next = byte_at(s, i + 1);
        if (byte_at(s, i) == 0xff && next != 0 && next != 0xff && !(next >= M_RST0 && next <= M_RST7))
            break;
    }
    if (i + 1 >= s.n)
        return refuse(w, "ends too early");
    while (i > 0 && byte_at(s, i - 1) == 0xff)            /* fill bytes belong to the marker and are dropped with it */
        i--;
    str_put(&w->out, sv_upto(s, i));
    w->rest = sv_from(s, i);
    return true;
}

static bool jpeg_read(struct walk *w)
{
    struct jpeg j = {0};
    sv head, data;
    unsigned marker;

    take(w, 2, &head);
    str_put(&w->out, head);
    for (;;) {
        bool keep;
        if (!jpeg_marker(w, &marker))
            return false;
        if (marker == M_EOI)
            break;
        if (!take(w, 2, &head))
            return false;
        if (be16(head, 0) < 2)
            return refuse(w, "JPEG: length");
        if (!take(w, be16(head, 0) - 2, &data) || !jpeg_segment(w, &j, marker, data, &keep))
            return false;
        if (keep) {
            str_char(&w->out, '\xff');
            str_char(&w->out, (char)marker);
            str_put(&w->out, sv_n(head.p, 2 + data.n));
        }
        if (marker == M_SOS && !jpeg_scan(w))
            return false;
    }
    str_put(&w->out, SV("\xff\xd9"));
    return j.scan ? true : refuse(w, "JPEG: no scan");
}

/* ---- WebP: RIFF chunks of type, length, data and a byte to even it */

#define VP8X_ANIMATED 2
#define VP8X_ALPHA    16

struct webp {
    sv alpha, picture;                                    /* whole chunks, with head and padding */
    bool extended;
    uint32_t width, height;                               /* of the canvas, where it is extended */
};

static bool webp_lossy(struct walk *w, sv d)
{
    if (d.n < 10 || byte_at(d, 0) & 1 || memcmp(d.p + 3, "\x9d\x01\x2a", 3) != 0)
        return refuse(w, "WebP: picture");
    return size_known(w, le24(d, 6) & 0x3fff, le24(d, 7) >> 8 & 0x3fff);
}

static bool webp_lossless(struct walk *w, sv d)
{
    if (d.n < 6 || byte_at(d, 0) != 0x2f || byte_at(d, 4) >> 5)
        return refuse(w, "WebP: picture");
    uint32_t bits = le32(d, 1);
    return size_known(w, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

static bool webp_extended(struct walk *w, struct webp *p, sv d)
{
    if (d.n != 10 || byte_at(d, 0) & VP8X_ANIMATED)
        return refuse(w, "WebP: moves or is not whole");
    p->extended = true;
    p->width = le24(d, 4) + 1;
    p->height = le24(d, 7) + 1;
    return true;
}

static bool webp_chunk(struct walk *w, struct webp *p, sv type, sv data, sv whole, bool first)
{
    bool lossy = sv_equal(type, SV("VP8 ")), lossless = sv_equal(type, SV("VP8L"));

    if (first && sv_equal(type, SV("VP8X")))
        return webp_extended(w, p, data);
    if (!first && !p->extended)
        return refuse(w, "WebP: more than a picture");
    if (lossy || lossless) {
        if (p->picture.n || (lossless && p->alpha.n))
            return refuse(w, "WebP: order of chunks");
        p->picture = whole;
        return lossy ? webp_lossy(w, data) : webp_lossless(w, data);
    }
    if (first)
        return refuse(w, "WebP: no picture");
    if (sv_equal(type, SV("ALPH"))) {
        if (p->alpha.n || p->picture.n || data.n == 0)
            return refuse(w, "WebP: order of chunks");
        p->alpha = whole;
        return true;
    }
    /* Frames of an animation, which the head did not announce. */
    return sv_equal(type, SV("ANIM")) || sv_equal(type, SV("ANMF")) ? refuse(w, "WebP: moves") : true;
}

static void put_le32(struct str *s, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        str_char(s, (char)(v >> 8 * i & 0xff));
}

static void put_le24(struct str *s, uint32_t v)
{
    for (int i = 0; i < 3; i++)
        str_char(s, (char)(v >> 8 * i & 0xff));
}

static void webp_write(struct walk *w, const struct webp *p)
{
    size_t head = p->alpha.n ? 18 : 0;

    str_put(&w->out, SV("RIFF"));
    put_le32(&w->out, (uint32_t)(4 + head + p->alpha.n + p->picture.n));
    str_put(&w->out, SV("WEBP"));
    if (head) {
        str_put(&w->out, SV("VP8X"));
        put_le32(&w->out, 10);
        put_le32(&w->out, VP8X_ALPHA);
        put_le24(&w->out, w->im->width - 1);
        put_le24(&w->out, w->im->height - 1);
        str_put(&w->out, p->alpha);
    }
    str_put(&w->out, p->picture);
}

static bool webp_read(struct walk *w)
{
    struct webp p = {0};
    sv head, data, pad;

    if (!take(w, 12, &head))
        return false;
    if (le32(head, 4) != w->rest.n + 4)
        return refuse(w, "WebP: length");
    for (bool first = true; w->rest.n; first = false) {
        if (!take(w, 8, &head) || !take(w, le32(head, 4), &data) || !take(w, data.n & 1, &pad))
            return false;
        if (pad.n && byte_at(pad, 0))
            return refuse(w, "WebP: padding");
        if (!webp_chunk(w, &p, sv_upto(head, 4), data, sv_n(head.p, 8 + data.n + pad.n), first))
            return false;
    }
    if (!p.picture.n)
        return refuse(w, "WebP: no picture");
    if (p.extended && (p.width != w->im->width || p.height != w->im->height))
        return refuse(w, "WebP: two sizes");
    webp_write(w, &p);
    return true;
}

/* ---- the three */

static const struct {
    const char *media_type;
    bool (*read)(struct walk *w);
} types[] = {
    [IMAGE_PNG] = {"image/png", png_read},
    [IMAGE_JPEG] = {"image/jpeg", jpeg_read},
    [IMAGE_WEBP] = {"image/webp", webp_read},
};

const char *image_media_type(enum image_type t)
{
    return t > IMAGE_NONE && t < COUNT(types) ? types[t].media_type : "";
}

bool image_type_find(sv media_type, enum image_type *out)
{
    for (unsigned t = IMAGE_PNG; t < COUNT(types); t++)
        if (sv_equal(media_type, sv_c(types[t].media_type))) {
            *out = (enum image_type)t;
            return true;
        }
    return false;
}

static enum image_type type_of(sv b)
{
    if (sv_starts(b, SV(PNG_SIGNATURE)))
        return IMAGE_PNG;
    if (sv_starts(b, SV("\xff\xd8")))
        return IMAGE_JPEG;
    if (sv_starts(b, SV("RIFF")) && sv_starts(sv_from(b, 8), SV("WEBP")))
        return IMAGE_WEBP;
    return IMAGE_NONE;
}

bool image_read(struct arena *a, sv bytes, struct image *out, const char **why)
{
    struct walk w = {.rest = bytes, .out = STR_IN(a), .im = out};

    *out = (struct image){.type = type_of(bytes)};
    bool ok = out->type != IMAGE_NONE ? types[out->type].read(&w) : refuse(&w, "no picture of a known kind");
    if (ok && w.rest.n)
        ok = refuse(&w, "goes on behind its end");
    *why = w.why;
    out->bytes = str_sv(&w.out);
    return ok;
}
