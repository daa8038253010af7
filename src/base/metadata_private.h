/* base/metadata_private.h: what the files of base/metadata share: a file walked with a window, and what was found. */
#ifndef ENGAWA_BASE_METADATA_PRIVATE_H
#define ENGAWA_BASE_METADATA_PRIVATE_H

#include "base/metadata.h"

#define META_WINDOW 16384

struct meta {
    struct arena *a;
    struct source *s;
    struct patches *out;
    const char *why;
    int64_t window_at;
    size_t window_n;
    unsigned char window[META_WINDOW];
};

bool meta_refuse(struct meta *m, const char *why);
/* The n bytes at `at`, valid until the next call; n is at most META_WINDOW. False: the file ends before, or cannot be read. */
bool meta_at(struct meta *m, int64_t at, size_t n, const unsigned char **p);
bool meta_blank(struct meta *m, int64_t at, int64_t n, sv bytes);          /* bytes: copied */
bool meta_blank_rest(struct meta *m, int64_t at);         /* all behind `at`, if there is anything */

static inline uint32_t meta_be16(const unsigned char *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t meta_be32(const unsigned char *p)
{
    return meta_be16(p) << 16 | meta_be16(p + 2);
}

static inline uint64_t meta_be64(const unsigned char *p)
{
    return (uint64_t)meta_be32(p) << 32 | meta_be32(p + 4);
}

bool meta_boxes(struct meta *m);                          /* base/metadata_box.c */

#endif
