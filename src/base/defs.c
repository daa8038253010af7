/* base/defs.c: the way out for what cannot happen, and closing of descriptors. */
#include "base/defs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fputs("engawa: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    abort();
}

void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
