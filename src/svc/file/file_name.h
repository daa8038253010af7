/* svc/file/file_name.h: the name under which somebody sends a file. It is shown and searched, never a path: a blob is called by
 * its id. Two names that differ in their composition alone (NFC, NFD) are two names. */
#ifndef ENGAWA_SVC_FILE_FILE_NAME_H
#define ENGAWA_SVC_FILE_FILE_NAME_H

#include "base/str.h"

#define FILE_NAME_MAX 200                                 /* code points */

/* As it is shown: the last part of a path, without what hides or turns letters, no name that a system keeps for itself. Of
 * valid UTF-8; never empty. */
sv   file_name_clean(struct arena *a, sv name);
/* Does it end, however it is written, in one of the extensions of a set ("exe|bat")? */
bool file_name_limited(struct arena *a, sv name, sv extensions);

#endif
