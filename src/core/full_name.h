/* core/full_name.h: a person's name as logs, lists and notices show it: family name first. */
#ifndef ENGAWA_CORE_FULL_NAME_H
#define ENGAWA_CORE_FULL_NAME_H

#include "base/arena.h"
#include "base/str.h"

sv full_name(struct arena *a, sv family, sv given);       /* either may be empty */

#endif
