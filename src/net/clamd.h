/* net/clamd.h: the words of clamd's protocol for one stream of bytes:
 *     "zINSTREAM\0", then chunks of 4 bytes of length (the first the highest) and as many bytes, then a length of 0
 *     <- "stream: OK\0", "stream: NAME FOUND\0" or "… ERROR\0"
 *     "zVERSION\0" <- "ClamAV 1.4.6/27800/Sat Nov 28 09:12:01 2026\0"
 * Nothing here touches a socket. */
#ifndef ENGAWA_NET_CLAMD_H
#define ENGAWA_NET_CLAMD_H

#include "base/str.h"

#define CLAMD_CHUNK      32768
#define CLAMD_NAME_MAX   100
#define CLAMD_ANSWER_MAX 4096                             /* a longer one is none */

enum clamd_word {
    CLAMD_STRANGE,                                        /* no answer that we know: never taken for any other */
    CLAMD_OK,
    CLAMD_FOUND,
    CLAMD_CANNOT,                                         /* it could not look into all of it */
};

#define CLAMD_INSTREAM ((sv){"zINSTREAM", 10})            /* with its NUL */
#define CLAMD_VERSION  ((sv){"zVERSION", 9})

void clamd_length(unsigned char out[4], size_t n);        /* before a chunk; 0: the end */
/* A whole answer without its NUL. *name: what was found, or the words of the answer: printable ASCII, CLAMD_NAME_MAX at most. */
enum clamd_word clamd_answer(struct arena *a, sv text, sv *name);
/* "ClamAV 1.4.6/27800/Sat Nov 28 09:12:01 2026": program and signatures, CLAMD_NAME_MAX bytes at most. "": no such answer. */
sv clamd_version(struct arena *a, sv text);

#endif
