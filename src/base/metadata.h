/* base/metadata.h: what a camera, a phone or a program wrote beside the picture: where and when it was taken, by whom, with what.
 * It is found, never decoded, and blanked in place: the file keeps its length and every offset in it, so that nothing has
 * to be written anew and the picture stays as it was, bit for bit. Which way up a JPEG stands is kept.
 *
 * Read: JPEG (ITU T.81, Exif 2.32: APPn but JFIF, ICC and Adobe, comments, all behind the end), PNG (text, time, Exif and every
 * chunk that no decoder needs), WebP (RFC 9649: EXIF, XMP), GIF (comments, applications but loops and ICC), files of boxes
 * (ISO 14496-12: MP4, MOV, M4A; ISO 23008-12: HEIC, AVIF): udta, meta, uuid, times of making, tracks of measurements, items of
 * Exif and XMP. Measurements in a film's own data are cut off from it, but stay there. Other kinds are left as they are. */
#ifndef ENGAWA_BASE_METADATA_H
#define ENGAWA_BASE_METADATA_H

#include "base/source.h"
#include "base/vec.h"

/* n bytes from `at` on become `bytes`, then zeros. */
struct patch {
    int64_t at, n;
    sv bytes;
};
struct patches {
    struct patch *v;
    size_t n, cap;
    size_t frames;                                        /* pictures of a GIF or a WebP: counted by their blocks, none is decoded */
};

#define METADATA_PATCHES 4096                             /* of one file at most */

bool metadata_known(sv media_type);                       /* is it one of those kinds? */
/* What is to be blanked. False: the file is not built as its kind says, or has more than METADATA_PATCHES; *why is a literal. */
bool metadata_find(struct arena *a, sv media_type, struct source *s, struct patches *out, const char **why);

#endif
