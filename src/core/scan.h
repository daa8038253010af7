/* core/scan.h: what a scanner for malware said of a file, and how it is asked. What could not be looked into is never taken for clean. */
#ifndef ENGAWA_CORE_SCAN_H
#define ENGAWA_CORE_SCAN_H

#include "base/failure.h"

/* Stored numbers: never renumber. */
enum scan_state {
    SCAN_NONE = 0,                                        /* nobody looked: there was no scanner */
    SCAN_CLEAN = 1,
    SCAN_UNSCANNABLE = 2,                                 /* too big, encrypted, or the scanner failed on it */
    SCAN_HELD = 3,                                        /* the scanner did not answer: it is asked again */
    SCAN_INFECTED = 4,
};

struct scan_task {
    int64_t size;
    void *from;
    bool (*read)(void *from, int64_t at, size_t n, sv *out);   /* some bytes from `at` on, n at most; valid until the next call */
};

struct scan_found {
    enum scan_state state;                                /* SCAN_HELD: it did not answer */
    sv name;                                              /* of what was found, or why not: printable ASCII, of the arena */
    sv by;                                                /* the signatures it was judged with, in the scanner's words; "": not known */
};

#define SCAN_BY_MAX 100                                   /* bytes of those words */

#endif
