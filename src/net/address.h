/* net/address.h: addresses of machines, as those see them who must not reach everything: what a member writes may make the server
 * ask a machine of the internet, and never one behind its own wall (security.md B9.01).
 * Source: the IANA registries of special-purpose addresses (RFC 6890 and its updates), of 2026-11. */
#ifndef ENGAWA_NET_ADDRESS_H
#define ENGAWA_NET_ADDRESS_H

#include "base/defs.h"

#include <sys/socket.h>

/* A unicast address that is reached over the internet: none of this machine or its networks, none that stands for another one
 * (mapped, translated, tunnelled), no multicast, nothing reserved. Another family than IPv4 and IPv6 is none. */
bool address_is_public(const struct sockaddr *a);

#endif
