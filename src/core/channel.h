/* core/channel.h: the kinds of client (spec, overview 4). A session has one, fixed when it begins by the registered
 * client and its credential, never by a later header. Stored numbers: never renumber. */
#ifndef ENGAWA_CORE_CHANNEL_H
#define ENGAWA_CORE_CHANNEL_H

#include "base/str.h"

enum channel {
    CH_NONE = 0,                                          /* the operator, or nobody */
    CH_W = 1, CH_MW = 2, CH_MA = 3, CH_MP = 4, CH_PA = 5, CH_DX = 6, CH_EX = 7, CH_API = 8,
    CHANNELS
};

const char *channel_name(enum channel c);                 /* "W", "MW" …; "" for CH_NONE and anything unknown */
/* The channel that a client may begin with Engawa ID and password alone; false: unknown, or it needs a credential of
 * its own (a registered app key, a device key). */
bool channel_of_client(sv client, enum channel *out);

/* Of an app, which can be stopped by itself (spec, overview 4): MA, MP, PA, DX. */
bool channel_is_app(enum channel c);

#endif
