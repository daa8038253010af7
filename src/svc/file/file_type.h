/* svc/file/file_type.h: what a file is, by its first bytes and nothing else: a small table. */
#ifndef ENGAWA_SVC_FILE_FILE_TYPE_H
#define ENGAWA_SVC_FILE_FILE_TYPE_H

#include "base/str.h"

struct file_type {
    const char *type;                                     /* media type */
    bool shown;                                           /* a browser may show it in place: it runs nothing */
    const char *runs;                                     /* the extension of a program that it is, whatever it is called; NULL: none */
};

struct file_type file_type_of(sv head);                   /* application/octet-stream: nothing known */
bool file_type_shown(sv type);                            /* of a media type */

#endif
