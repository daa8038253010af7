/* svc/talk/read_out.h: what those who have a room open are told of reading and writing in it. Nothing of it is stored. */
#ifndef ENGAWA_SVC_TALK_READ_OUT_H
#define ENGAWA_SVC_TALK_READ_OUT_H

#include "svc/talk/read.h"

extern const struct schema talk_span_out, talk_reads_out, talk_own_read_out, talk_typing_out;

void talk_tell_reads(struct ctx *x, id64 room, const struct talk_spans *spans);
void talk_tell_own_read(struct ctx *x, id64 room, id64 member, int64_t seq);        /* the member's own devices */
void talk_tell_typing(struct ctx *x, id64 room);

#endif
