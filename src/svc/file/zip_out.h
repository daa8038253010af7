/* svc/file/zip_out.h: the records of a zip whose files are stored as they are (APPNOTE 6.3.10), each by itself, so that any part of the
 * archive can be made when it is asked for. Names are UTF-8 and say so. Beyond 4 GiB or 65,535 files the records are those of Zip64.
 * engawad parses no archive and links no library for one (doc/dependencies.md); what packs without compressing is these few records.
 *     [head, bytes of the file] … [central] … end */
#ifndef ENGAWA_SVC_FILE_ZIP_OUT_H
#define ENGAWA_SVC_FILE_ZIP_OUT_H

#include "base/str.h"

struct zip_entry {
    sv name;                                              /* with "/" between folders; 65,535 bytes at most */
    uint32_t crc, time;                                   /* zip_crc() of its bytes, zip_time() */
    int64_t size, at;                                     /* size: below 4 GiB; at: where its head begins */
};

uint32_t zip_crc(uint32_t crc, sv bytes);                 /* from 0 on */
uint32_t zip_time(int64_t local_ms);                      /* as MS-DOS has it, two seconds exact; before 1980: its first moment */

size_t zip_head_size(const struct zip_entry *e);
void   zip_head(struct str *out, const struct zip_entry *e);
size_t zip_central_size(const struct zip_entry *e);
void   zip_central(struct str *out, const struct zip_entry *e);
/* n files; the central records begin at `at` and have `size` bytes. */
size_t zip_end_size(int64_t n, int64_t at, int64_t size);
void   zip_end(struct str *out, int64_t n, int64_t at, int64_t size);

#endif
