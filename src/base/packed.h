/* base/packed.h: what an archive says of itself, and whether it is one that an honest program makes. Nothing is unpacked.
 * The list of a zip (APPNOTE 6.3.10: the end record, its 64-bit form, central headers) is what most programs unpack by; what stands
 * beside the bytes may have another name, and is read elsewhere. */
#ifndef ENGAWA_BASE_PACKED_H
#define ENGAWA_BASE_PACKED_H

#include "base/source.h"

struct packed_entry {
    sv name;                                              /* any bytes; valid until the next one */
    int64_t size;                                         /* bytes that it says it becomes */
    bool link;                                            /* a link to something else by its name */
};

enum packed_list {
    PACKED_DONE,
    PACKED_NONE,                                          /* no list that can be read */
    PACKED_LIES,                                          /* two files share bytes, there are two lists, or one that leads nowhere: *why */
    PACKED_MANY,                                          /* more files than asked for */
    PACKED_STOPPED,                                       /* by `each` */
};

/* Goes through the list of a zip, then through the names beside the bytes; each of `most` files
 * at most; `each` returns false to stop. */
enum packed_list packed_zip(struct arena *a, struct source *s, size_t most, bool (*each)(void *to, const struct packed_entry *e),
                            void *to, const char **why);

/* Does a name lead out of the folder it is unpacked into: absolute, with a drive, or with a way up? */
bool packed_leaves(sv name);

#endif
