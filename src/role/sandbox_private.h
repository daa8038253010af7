/* role/sandbox_private.h: what the files of the sandbox share. */
#ifndef ENGAWA_ROLE_SANDBOX_PRIVATE_H
#define ENGAWA_ROLE_SANDBOX_PRIVATE_H

#include "role/roles.h"
#include "role/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Files and TCP ports. False: the kernel has no Landlock or refused; what was applied stays. */
bool landlock_enter(const struct role_def *role, int dir);
/* Calls. False: the kernel has no seccomp or refused. */
bool seccomp_enter(enum role_id role);
bool seccomp_allows(enum role_id role, const char *name); /* is the call in the role's list? */

#endif
