/* role/media_vips.c: pictures, by libvips: only the loaders of five formats are let in, one thread, no cache, no code that is made
 * while it runs. What comes out has nothing in it but pixels. */
#include "role/media_vips.h"

#include <string.h>
#include <vips/vector.h>

#define QUALITY 80

/* What a library has to say of a stranger's file is the stranger's word: the verdict says what is to be known. */
static GLogWriterOutput silence(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer unused)
{
    (void)level;
    (void)fields;
    (void)n;
    (void)unused;
    return G_LOG_WRITER_HANDLED;
}

void media_vips_warm(void)
{
    static const char *const loaders[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif",
                                          "VipsForeignLoadHeif"};

    g_log_set_writer_func(silence, NULL, NULL);
    if (vips_init("engawa-media"))
        die("libvips cannot be used");
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_vector_set_enabled(FALSE);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < COUNT(loaders); i++)
        vips_operation_block_set(loaders[i], FALSE);
}

/* ---- the file as libvips reads it */

struct reading {
    struct media *m;
    int64_t at;
};

static gint64 on_read(VipsSourceCustom *source, void *to, gint64 n, struct reading *r)
{
    int64_t left = r->m->source.size - r->at;

    (void)source;
    if (n > left)
        n = left;
    if (n <= 0)
        return 0;
    if (!r->m->source.read(r->m->source.from, r->at, (size_t)n, to))
        return -1;
    r->at += n;
    return n;
}

static gint64 on_seek(VipsSourceCustom *source, gint64 offset, int whence, struct reading *r)
{
    int64_t to = whence == SEEK_SET ? offset : whence == SEEK_CUR ? r->at + offset : r->m->source.size + offset;

    (void)source;
    if (to < 0 || to > r->m->source.size)
        return -1;
    r->at = to;
    return to;
}

static VipsSource *source_new(struct reading *r)
{
    VipsSourceCustom *s = vips_source_custom_new();

    g_signal_connect(s, "read", G_CALLBACK(on_read), r);
    g_signal_connect(s, "seek", G_CALLBACK(on_seek), r);
    return VIPS_SOURCE(s);
}

/* ---- what it makes */

/* Whatever came along with the pixels goes here: libvips 8.14 writes Exif, XMP and profile into a WebP though it is told to strip them. */
static VipsImage *pixels_of(VipsImage *im)
{
    VipsImage *plain = NULL;

    if (vips_copy(im, &plain, NULL))
        return NULL;
    char **names = vips_image_get_fields(plain);
    for (char **n = names; *n; n++)
        vips_image_remove(plain, *n);                     /* width, height and their like are no such fields, and stay */
    g_strfreev(names);
    return plain;
}

static size_t le32(const unsigned char *p)
{
    return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

/* libvips 8.14 writes an Exif of its own into each WebP, whatever it is told: the chunk goes, and the head says that there is none. */
static size_t without_exif(unsigned char *p, size_t n)
{
    size_t to = 12;

    for (size_t at = 12, whole; at + 8 <= n; at += whole) {
        whole = 8 + le32(p + at + 4) + (p[at + 4] & 1);
        if (whole > n - at)
            whole = n - at;
        if (memcmp(p + at, "EXIF", 4) == 0)
            continue;
        if (memcmp(p + at, "VP8X", 4) == 0 && whole > 8)
            p[at + 8] &= (unsigned char)~8u;
        memmove(p + to, p + at, whole);
        to += whole;
    }
    for (int i = 0; i < 4; i++)
        p[4 + i] = (unsigned char)((to - 8) >> 8 * i);
    return to;
}

static bool encode(VipsImage *plain, int quality, void **bytes, size_t *n)
{
    if (vips_webpsave_buffer(plain, bytes, n, "Q", quality, "strip", TRUE, "effort", 2, NULL) || *n < 12)
        return false;
    *n = without_exif(*bytes, *n);
    return true;
}

bool media_vips_write(struct media *m, enum media_picture kind, VipsImage *im)
{
    VipsImage *plain = pixels_of(im);
    void *bytes = NULL;
    size_t n = 0;
    bool ok = plain && encode(plain, QUALITY, &bytes, &n);

    if (ok)
        media_say_picture(m, kind, (uint32_t)vips_image_get_width(im), (uint32_t)vips_image_get_height(im), sv_n(bytes, n));
    g_free(bytes);
    g_clear_object(&plain);
    return ok;
}

VipsImage *media_vips_read(struct media *m)
{
    struct reading r = {.m = m};
    VipsSource *s = source_new(&r);
    VipsImage *im = vips_image_new_from_source(s, "", NULL), *whole = NULL;

    if (im && vips_image_get_width(im) <= MEDIA_LARGE_BOX && vips_image_get_height(im) <= MEDIA_LARGE_BOX)
        whole = vips_image_copy_memory(im);
    g_clear_object(&im);
    g_object_unref(s);
    return whole;
}

/* The header alone is read: its size decides whether anything is decoded. */
static enum media_verdict measure(struct media *m, const char **why)
{
    struct reading r = {.m = m};
    VipsSource *s = source_new(&r);
    VipsImage *im = vips_image_new_from_source(s, "", NULL);
    enum media_verdict v = MEDIA_DONE;

    g_object_unref(s);
    if (!im) {
        *why = "no picture that can be read";
        return MEDIA_STRANGE;
    }
    int64_t w = vips_image_get_width(im), h = vips_image_get_height(im);
    bool turned = vips_image_get_orientation(im) >= 5;
    bool jpeg = sv_equal(m->type, SV("image/jpeg"));
    if (w * h > (jpeg ? MEDIA_PIXELS : MEDIA_PIXELS_WHOLE)) {
        *why = "too many pixels";
        v = MEDIA_TOO_MUCH;
    } else if (vips_image_get_n_pages(im) > MEDIA_FRAMES) {   /* of the kinds whose frames nobody counted before */
        *why = "too many frames";
        v = MEDIA_TOO_MUCH;
    } else {
        media_say_facts(m, (uint32_t)(turned ? h : w), (uint32_t)(turned ? w : h), 0);
    }
    g_object_unref(im);
    return v;
}

static bool make(struct media *m)
{
    struct reading r = {.m = m};
    VipsSource *s = source_new(&r);
    VipsImage *large = NULL, *kept = NULL, *small = NULL;
    bool ok = vips_thumbnail_source(s, &large, MEDIA_LARGE_BOX, "height", MEDIA_LARGE_BOX, "size", VIPS_SIZE_DOWN, "export_profile", "srgb", NULL) == 0
           && (kept = vips_image_copy_memory(large)) != NULL && media_vips_write(m, MEDIA_LARGE, kept)
           && vips_thumbnail_image(kept, &small, MEDIA_SMALL_BOX, "height", MEDIA_SMALL_BOX, "size", VIPS_SIZE_DOWN, NULL) == 0
           && media_vips_write(m, MEDIA_SMALL, small);

    g_clear_object(&small);
    g_clear_object(&kept);
    g_clear_object(&large);
    g_object_unref(s);
    return ok;
}

/* The middle of a picture, upright, as a square where it is not smaller than that already. */
static VipsImage *middle(struct media *m)
{
    struct reading r = {.m = m};
    VipsSource *s = source_new(&r);
    VipsImage *fit = NULL, *square = NULL, *whole = NULL;

    if (vips_thumbnail_source(s, &fit, MEDIA_FACE_SIDE, "height", MEDIA_FACE_SIDE, "size", VIPS_SIZE_DOWN, "crop", VIPS_INTERESTING_CENTRE, "export_profile",
                              "srgb", NULL) == 0) {
        int w = vips_image_get_width(fit), h = vips_image_get_height(fit), side = w < h ? w : h;
        if (vips_crop(fit, &square, (w - side) / 2, (h - side) / 2, side, side, NULL) == 0)
            whole = vips_image_copy_memory(square);
    }
    g_clear_object(&square);
    g_clear_object(&fit);
    g_object_unref(s);
    return whole;
}

/* Smaller and coarser until it is light enough: of 128 points a side even noise is. */
static bool face(struct media *m)
{
    static const int sides[] = {MEDIA_FACE_SIDE, 384, 256, 128}, qualities[] = {QUALITY, 65, 50};
    VipsImage *whole = middle(m);
    bool done = false, broken = !whole;

    for (size_t i = 0; i < COUNT(sides) && !done && !broken; i++) {
        VipsImage *fit = NULL, *plain = NULL;
        broken = vips_thumbnail_image(whole, &fit, sides[i], "height", sides[i], "size", VIPS_SIZE_DOWN, NULL) || !(plain = pixels_of(fit));
        for (size_t k = 0; k < COUNT(qualities) && !done && !broken; k++) {
            void *bytes = NULL;
            size_t n = 0;
            broken = !encode(plain, qualities[k], &bytes, &n);
            done = !broken && n <= MEDIA_FACE_BYTES;
            if (done)
                media_say_picture(m, MEDIA_FACE, (uint32_t)vips_image_get_width(plain), (uint32_t)vips_image_get_height(plain), sv_n(bytes, n));
            g_free(bytes);
        }
        g_clear_object(&plain);
        g_clear_object(&fit);
    }
    g_clear_object(&whole);
    return done;
}

enum media_verdict media_vips(struct media *m, const char **why)
{
    enum media_verdict v = measure(m, why);

    if (v == MEDIA_DONE && !(m->want & MEDIA_WANT_FACE ? face(m) : make(m))) {
        *why = "cannot be decoded";
        v = MEDIA_STRANGE;
    }
    return v;
}

bool media_vips_surface(struct media *m, enum media_picture kind, const unsigned char *pixels, int width, int height, int stride, int box)
{
    size_t n = (size_t)width * (size_t)height * 3;
    unsigned char *rgb = g_malloc(n), *to = rgb;
    VipsImage *im, *fit = NULL;

    for (int y = 0; y < height; y++) {
        const unsigned char *row = pixels + (size_t)y * (size_t)stride;
        for (int x = 0; x < width; x++, row += 4, to += 3) {
            to[0] = row[2];
            to[1] = row[1];
            to[2] = row[0];
        }
    }
    im = vips_image_new_from_memory(rgb, n, width, height, 3, VIPS_FORMAT_UCHAR);
    bool ok = im && vips_thumbnail_image(im, &fit, box, "height", box, "size", VIPS_SIZE_DOWN, NULL) == 0 && media_vips_write(m, kind, fit);
    g_clear_object(&fit);
    g_clear_object(&im);
    g_free(rgb);
    return ok;
}
