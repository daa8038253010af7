/* role/ctl_zip.h: files of a zip archive, unpacked into memory under limits. Nothing is written to disk and no name in the
 * archive becomes a path. Linked into engawactl alone, with libarchive. */
#ifndef ENGAWA_ROLE_CTL_ZIP_H
#define ENGAWA_ROLE_CTL_ZIP_H

#include "role/ctl.h"

struct zip_file {
    sv name, bytes;                                       /* "general/2026-11-18.json" */
};

struct zip_files {
    struct zip_file *v;
    size_t n, cap;
};

#define ZIP_FILE_MAX  (64u * 1024 * 1024)                 /* of one file, unpacked: a day of a channel */
#define ZIP_TOTAL_MAX (1024u * 1024 * 1024)               /* of all of them */

/* Does the file begin as a zip archive does? */
bool ctl_zip_is(struct ctl *c, sv path);
/* Those whose names end so, none larger than `file_max`. False: said why. */
bool ctl_zip_read(struct ctl *c, sv path, sv ending, size_t file_max, struct zip_files *out);

#endif
