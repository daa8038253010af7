/* base/image.h: a picture that somebody sent: PNG, JPEG or WebP. Nothing is decoded: the parts of the file are walked
 * one by one, so that what passes is whole, still (no animation) and of a known size, and only the parts that make the
 * picture are kept. Where and when it was taken, by whom and with what program stays behind.
 * Taken once, a picture is taken again as the same bytes. */
#ifndef ENGAWA_BASE_IMAGE_H
#define ENGAWA_BASE_IMAGE_H

#include "base/str.h"

enum image_type { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_WEBP };

struct image {
    enum image_type type;
    uint32_t width, height;                               /* 1 … 65535 */
    sv bytes;                                             /* what is kept */
};

const char *image_media_type(enum image_type t);          /* "image/png" */
bool image_type_find(sv media_type, enum image_type *out);

/* False: no picture of the three kinds, or not whole, or with anything behind its end. *why is then a literal. */
bool image_read(struct arena *a, sv bytes, struct image *out, const char **why);

#endif
