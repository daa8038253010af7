/* base/mem.h: allocation for what outlives a request: connections, caches, queues.
 * Never NULL: out of memory ends the process (the supervisor starts it anew). Pair with xfree(). */
#ifndef ENGAWA_BASE_MEM_H
#define ENGAWA_BASE_MEM_H

#include "base/defs.h"

void *xmalloc(size_t n);                                  /* not zeroed */
void *xcalloc(size_t n, size_t size);                     /* zeroed */
void *xrealloc_n(void *p, size_t n, size_t size);         /* checks n * size */
void  xfree(void *p);

#define XNEW(type) ((type *)xcalloc(1, sizeof(type)))

#endif
