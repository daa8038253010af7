/* role/sandbox.h: a role confines itself from its row in role/roles.h before its first byte of input.
 *     sandbox_begin() (no dumps, no core, no new rights) -> crypt_warm() -> sandbox_enter() -> sandbox_self_test()
 * sandbox_enter() must run before any thread is started; threads inherit it. What the kernel does not offer is left out
 * and the level says so. What stands in a role's list of calls is allowed; what a break-in would try first (sockets,
 * exec, ptrace, kill, opening files) is answered with EPERM, so that the self-test can try it; anything else kills. */
#ifndef ENGAWA_ROLE_SANDBOX_H
#define ENGAWA_ROLE_SANDBOX_H

#include "role/proto.h"

enum sandbox_level { SANDBOX_NONE, SANDBOX_SECCOMP, SANDBOX_FULL };   /* FULL: seccomp and Landlock with network rules */

void sandbox_begin(void);
/* `dir` is an open directory the role may use as its row says (-1: none); closed afterwards by the caller. */
enum sandbox_level sandbox_enter(enum role_id role, int dir);
/* Tries what is forbidden; true when every attempt was refused. False always for SANDBOX_NONE. */
bool sandbox_self_test(enum role_id role, enum sandbox_level level);

const char *sandbox_level_name(enum sandbox_level level); /* "none", "seccomp", "full"; "none (sanitizer build)" */
int sandbox_landlock_abi(void);                           /* 0: the kernel has none */

#endif
