/* base/rand.h: random bytes from the kernel (getrandom), never from anywhere else. */
#ifndef ENGAWA_BASE_RAND_H
#define ENGAWA_BASE_RAND_H

#include "base/defs.h"

void     rand_bytes(void *p, size_t n);                   /* ends the process if the kernel refuses */
uint64_t rand_u64(void);
uint64_t rand_below(uint64_t n);                          /* 0 … n - 1, unbiased */
id64     rand_id(void);                                   /* 63 random bits, never 0 */
int64_t  rand_room_id(void);                              /* 31 random bits, never 0 */

#ifdef ENGAWA_TEST
/* Ids (not bytes, tokens or keys) become a sequence that only `seed` decides; 0 goes back to random ids. */
void rand_test_seed(uint64_t seed);
#endif

#endif
