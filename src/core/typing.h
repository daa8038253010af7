/* core/typing.h: who was told to be writing in a room, so that it is told once in TYPING_MS and not with every key.
 * In memory and the writer's alone; what is older than TYPING_MS goes by itself. */
#ifndef ENGAWA_CORE_TYPING_H
#define ENGAWA_CORE_TYPING_H

#include "base/map.h"

#define TYPING_MS INT64_C(3000)

struct typing {
    struct map now, before;                               /* room and member -> when it was told */
    int64_t since_ms;                                     /* when `now` began: not earlier than the last of `before` */
};

void typing_init(struct typing *t);
void typing_release(struct typing *t);
bool typing_due(struct typing *t, id64 room, id64 member, int64_t now_ms);   /* true: tell it; it is remembered */

#endif
