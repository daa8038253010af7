/* net/address.c: networks that are not the internet, as a table. */
#include "net/address.h"

#include <netinet/in.h>
#include <string.h>

struct network {
    unsigned char from[16];
    int bits;
};

/* clang-format off */
static const struct network closed4[] = {
    {{0}, 8},                                             /* this network */
    {{10}, 8}, {{172, 16}, 12}, {{192, 168}, 16},         /* private */
    {{100, 64}, 10},                                      /* shared by customers of a provider */
    {{127}, 8}, {{169, 254}, 16},                         /* this machine, this link */
    {{192, 0, 0}, 24}, {{192, 88, 99}, 24},               /* of protocols; relays of 6to4 */
    {{192, 0, 2}, 24}, {{198, 51, 100}, 24}, {{203, 0, 113}, 24},   /* of documents */
    {{198, 18}, 15},                                      /* of measurements */
    {{224}, 4}, {{240}, 4},                               /* multicast, reserved, broadcast */
};

/* Of what is handed out at all, 2000::/3. */
static const struct network open6 = {{0x20}, 3};
static const struct network closed6[] = {
    {{0x20, 0x01}, 23},                                   /* of protocols: Teredo, ORCHID, … */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x3f, 0xff}, 20},   /* of documents */
    {{0x20, 0x02}, 16},                                   /* 6to4: an IPv4 address inside */
};
/* clang-format on */

static bool within(const unsigned char *address, const struct network *n)
{
    size_t whole = (size_t)n->bits / 8;
    int rest = n->bits % 8;

    return memcmp(address, n->from, whole) == 0 && (rest == 0 || (address[whole] ^ n->from[whole]) >> (8 - rest) == 0);
}

static bool within_one(const unsigned char *address, const struct network *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (within(address, &all[i]))
            return true;
    return false;
}

bool address_is_public(const struct sockaddr *a)
{
    const struct sockaddr_in *v4 = (const void *)a;
    const struct sockaddr_in6 *v6 = (const void *)a;

    if (a->sa_family == AF_INET)
        return !within_one((const unsigned char *)&v4->sin_addr, closed4, COUNT(closed4));
    return a->sa_family == AF_INET6 && within(v6->sin6_addr.s6_addr, &open6) && !within_one(v6->sin6_addr.s6_addr, closed6, COUNT(closed6));
}
