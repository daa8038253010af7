/* role/media_mark.c: a text drawn over the whole of a picture of ours, slanting, again and again: who looks at it, and when. White
 * letters with a dark seam: they are read on whatever lies below, and so is that. */
#include "role/media_vips.h"

#include <string.h>

#define SLANT      (-20.0)                                /* degrees: upwards to the right */
#define LETTER_MIN 16                                     /* pixels of a letter in a small picture */
#define LETTER_LOW 9                                      /* … where the picture is narrower than the text */
#define LETTERS    38                                     /* of the longer side */
#define LIGHT      0.5                                    /* how much of a letter hides what lies below */
#define DARK       0.34                                   /* … of its seam */

#define INK        128                                    /* of 255, somewhere in the mask */

/* The text as a mask, slanting, with room for the seam. */
static VipsImage *letters(const char *text, int px)
{
    VipsImage *flat = NULL, *roomy = NULL, *slanting = NULL;
    char font[64];
    int room = px / 3 + 2;

    snprintf(font, sizeof(font), "Noto Sans CJK JP, sans-serif bold %d", px);
    if (vips_text(&flat, text, "font", font, "dpi", 72, "align", VIPS_ALIGN_CENTRE, NULL) == 0 &&
        vips_embed(flat, &roomy, room, room, vips_image_get_width(flat) + 2 * room, vips_image_get_height(flat) + 2 * room, NULL) == 0 &&
        vips_similarity(roomy, &slanting, "angle", SLANT, NULL) != 0)
        slanting = NULL;
    g_clear_object(&roomy);
    g_clear_object(&flat);
    return slanting;
}

/* One colour, as dense as the mask says. */
static VipsImage *layer(VipsImage *mask, double colour, double dense)
{
    VipsImage *alpha = NULL, *plane = NULL, *all = NULL, *out = NULL;

    if (vips_linear1(mask, &alpha, dense, 0, "uchar", TRUE, NULL) == 0 && (plane = vips_image_new_from_image1(alpha, colour)) != NULL) {
        VipsImage *bands[] = {plane, plane, plane, alpha};
        if (vips_bandjoin(bands, &all, COUNT(bands), NULL) != 0 || vips_copy(all, &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
            out = NULL;
    }
    g_clear_object(&all);
    g_clear_object(&plane);
    g_clear_object(&alpha);
    return out;
}

static VipsImage *with_seam(VipsImage *mask, int px)
{
    VipsImage *soft = NULL, *seam = NULL, *dark = NULL, *light = NULL, *out = NULL;

    if (vips_gaussblur(mask, &soft, px / 16.0 + 0.4, NULL) == 0 && vips_linear1(soft, &seam, 2.2, 0, "uchar", TRUE, NULL) == 0) {
        dark = layer(seam, 0, DARK);
        light = layer(mask, 255, LIGHT);
        if (!dark || !light || vips_composite2(dark, light, &out, VIPS_BLEND_MODE_OVER, NULL) != 0)
            out = NULL;
    }
    g_clear_object(&light);
    g_clear_object(&dark);
    g_clear_object(&seam);
    g_clear_object(&soft);
    return out;
}

/* Two rows, the second by half a text aside, again and again over width × height. */
static VipsImage *spread(VipsImage *one, int px, int width, int height)
{
    VipsImage *roomy = NULL, *aside = NULL, *two = NULL, *kept = NULL, *many = NULL, *out = NULL;
    int w = vips_image_get_width(one) + px / 2, h = vips_image_get_height(one);

    if (vips_embed(one, &roomy, px / 4, 0, w, h, NULL) == 0 && vips_wrap(roomy, &aside, "x", w / 2, "y", 0, NULL) == 0 &&
        vips_join(roomy, aside, &two, VIPS_DIRECTION_VERTICAL, NULL) == 0 && (kept = vips_image_copy_memory(two)) != NULL &&
        vips_replicate(kept, &many, width / w + 2, height / (2 * h) + 2, NULL) == 0 &&
        vips_crop(many, &out, w > width ? (w - width) / 2 : 0, h > height ? (h - height) / 2 : 0, width, height, NULL) != 0)
        out = NULL;
    g_clear_object(&many);
    g_clear_object(&kept);
    g_clear_object(&two);
    g_clear_object(&aside);
    g_clear_object(&roomy);
    return out;
}

static int letter_of(int width, int height)
{
    int px = (width > height ? width : height) / LETTERS;

    return px > LETTER_MIN ? px : LETTER_MIN;
}

/* Where the text is broader or higher than the picture the letters are smaller, as far as they can be read. */
static VipsImage *fitting(const char *text, int width, int height, int *px)
{
    VipsImage *mask;

    *px = letter_of(width, height);
    mask = letters(text, *px);
    if (!mask)
        return NULL;
    double across = 0.9 * width / vips_image_get_width(mask), down = 0.9 * height / vips_image_get_height(mask);
    double by = across < down ? across : down;
    if (by >= 1)
        return mask;
    g_clear_object(&mask);
    *px = (int)(*px * by);
    if (*px < LETTER_LOW)
        *px = LETTER_LOW;
    return letters(text, *px);
}

/* A machine without a font draws nothing, and would pass for one that has drawn. */
static bool has_ink(VipsImage *mask)
{
    double most = 0;

    return vips_max(mask, &most, NULL) == 0 && most >= INK;
}

static bool draw(struct media *m, VipsImage *im)
{
    char *text = g_markup_escape_text(m->mark.p, (gssize)m->mark.n);
    int width = vips_image_get_width(im), height = vips_image_get_height(im), px;
    VipsImage *mask = fitting(text, width, height, &px), *one = mask && has_ink(mask) ? with_seam(mask, px) : NULL;
    VipsImage *all = one ? spread(one, px, width, height) : NULL;
    VipsImage *over = NULL, *out = NULL;
    bool ok = all && vips_composite2(im, all, &over, VIPS_BLEND_MODE_OVER, NULL) == 0 && vips_cast(over, &out, VIPS_FORMAT_UCHAR, NULL) == 0
           && media_vips_write(m, MEDIA_LARGE, out);

    g_clear_object(&out);
    g_clear_object(&over);
    g_clear_object(&all);
    g_clear_object(&one);
    g_clear_object(&mask);
    g_free(text);
    return ok;
}

enum media_verdict media_mark(struct media *m, const char **why)
{
    VipsImage *im = m->mark.n && g_utf8_validate(m->mark.p, (gssize)m->mark.n, NULL) ? media_vips_read(m) : NULL;
    bool ok = im && draw(m, im);

    g_clear_object(&im);
    if (!ok)
        *why = "the text cannot be drawn over it";
    return ok ? MEDIA_DONE : MEDIA_STRANGE;
}
