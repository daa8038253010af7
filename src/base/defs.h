/* base/defs.h: the few macros that every file may use: attributes, COUNT, typed minimum and maximum,
 * and the cleanup attribute for descriptors. Nothing here has a cost at run time. */
#ifndef ENGAWA_BASE_DEFS_H
#define ENGAWA_BASE_DEFS_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define MUST_USE     __attribute__((warn_unused_result))
#define NORETURN     __attribute__((noreturn))
#define UNUSED       __attribute__((unused))
#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))

/* An id of any object but a room: 63 random bits. A struct, so that a number is never mistaken for one. */
typedef struct {
    int64_t n;
} id64;

#define ID_NONE ((id64){0})

/* Ends the process with one line on stderr: for what cannot happen and for lack of memory. */
NORETURN void die(const char *fmt, ...) PRINTF(1, 2);

/* An assertion that stays in the release: a crash is better than wrong data. */
#define ENSURE(cond)                                                                      \
    do {                                                                                  \
        if (!(cond))                                                                      \
            die("%s:%d: assertion failed: %s", __FILE__, __LINE__, #cond);                \
    } while (0)

/* FD fd = open(…): closed on every way out. */
void fd_close(int *fd);
#define FD __attribute__((cleanup(fd_close))) int

#endif
