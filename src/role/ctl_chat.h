/* role/ctl_chat.h: carries what a reader found in another messenger's export to the tenant: a room a channel, whose messages
 * they are, and a report of what could not be carried. Doing it again changes nothing. */
#ifndef ENGAWA_ROLE_CTL_CHAT_H
#define ENGAWA_ROLE_CTL_CHAT_H

#include "role/ctl.h"
#include "svc/talk/chat_import.h"

/* Flags: --room, --channel, --names, --dry-run. `unreadable`: files of the export that were no JSON. */
int ctl_chat_carry(struct ctl *c, struct chat_import *in, size_t unreadable);

#endif
