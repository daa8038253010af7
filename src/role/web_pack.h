/* role/web_pack.h: the files of the web client, packed into the program by tool/pack.
 * The table is sorted by path (byte order), so a caller finds a file by bisection; nothing here is ever freed.
 * A path without a row is either a page of the client (serve /index.html) or not there. */
#ifndef ENGAWA_ROLE_WEB_PACK_H
#define ENGAWA_ROLE_WEB_PACK_H

#include <stdbool.h>
#include <stddef.h>

struct web_file {
    const char *path;          /* begins with '/', as in the request */
    const char *type;          /* Content-Type */
    const char *etag;          /* quoted, of the plain bytes; the gzipped answer sends Vary */
    const unsigned char *data; /* plain bytes */
    size_t size;
    const unsigned char *gzip; /* NULL where gzip would not be smaller */
    size_t gzip_size;
    bool immutable; /* the name carries the hash of the content: cache for ever */
};

extern const struct web_file web_files[];
extern const size_t web_file_count;

#endif
