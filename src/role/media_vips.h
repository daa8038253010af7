/* role/media_vips.h: pictures of ours, from the source and back, for modules that draw on them. */
#ifndef ENGAWA_ROLE_MEDIA_VIPS_H
#define ENGAWA_ROLE_MEDIA_VIPS_H

#include "role/media.h"

#include <vips/vips.h>

/* The source whole, decoded; of MEDIA_LARGE_BOX a side at most. NULL: it cannot be had. The caller unrefs it. */
VipsImage *media_vips_read(struct media *m);
bool media_vips_write(struct media *m, enum media_picture kind, VipsImage *im);    /* as WebP */

#endif
