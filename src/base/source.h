/* base/source.h: a file that is read piece by piece, wherever it lies. */
#ifndef ENGAWA_BASE_SOURCE_H
#define ENGAWA_BASE_SOURCE_H

#include "base/str.h"

struct source {
    int64_t size;
    void *from;
    bool (*read)(void *from, int64_t at, size_t n, unsigned char *to);   /* all n bytes, which lie within size */
};

struct source source_of_bytes(const sv *bytes);           /* borrows */

#endif
