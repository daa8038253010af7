/* role/web_files.h: the web client, packed into the program by tool/pack (build/gen/web_files.c). Data alone:
 * nothing is opened, and the edge may hold it after it has confined itself. A file has its plain bytes and, where
 * that is smaller, the same bytes compressed. The table is sorted by path, which begins with "/". */
#ifndef ENGAWA_ROLE_WEB_FILES_H
#define ENGAWA_ROLE_WEB_FILES_H

#include "base/str.h"

struct web_file {
    const char *path, *type;                              /* "/assets/x-D34db33f.js"; value of Content-Type */
    const char *etag;                                     /* quoted, of the plain bytes */
    bool forever;                                         /* its name holds a hash: immutable */
    const uint8_t *plain, *gzip, *br;                     /* gzip and br may be NULL */
    size_t plain_n, gzip_n, br_n;
};

extern const struct web_file web_files[];
extern const size_t web_files_count;

/* The file at a path (without query), or NULL. "/" is not "/index.html": the caller decides. */
const struct web_file *web_file_find(sv path);

#endif
