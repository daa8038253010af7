/* core/channel.c: the registered clients. */
#include "core/channel.h"

static const char *const names[CHANNELS] = {"", "W", "MW", "MA", "MP", "PA", "DX", "EX", "API"};

static const struct {
    const char *client;
    enum channel channel;
} clients[] = {
    {"web", CH_W},
    {"mobile-web", CH_MW},
};

const char *channel_name(enum channel c)
{
    return (unsigned)c < CHANNELS ? names[c] : "";
}

bool channel_is_app(enum channel c)
{
    return c == CH_MA || c == CH_MP || c == CH_PA || c == CH_DX;
}

bool channel_of_client(sv client, enum channel *out)
{
    for (size_t i = 0; i < COUNT(clients); i++)
        if (sv_equal(client, sv_c(clients[i].client))) {
            *out = clients[i].channel;
            return true;
        }
    return false;
}
