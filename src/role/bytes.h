/* role/bytes.h: whole numbers in stored and signed bytes: big-endian, so that the bytes are the same on every machine. */
#ifndef ENGAWA_ROLE_BYTES_H
#define ENGAWA_ROLE_BYTES_H

#include "base/str.h"

static inline void be64_put(struct str *out, uint64_t v)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        str_char(out, (char)(v >> shift));
}

static inline uint64_t be64_get(const unsigned char *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

#endif
