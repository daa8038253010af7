/* net/host.h: what stands between "https://" and the path: a name or an address, and perhaps a port. Texts are borrowed, nothing fails. */
#ifndef ENGAWA_NET_HOST_H
#define ENGAWA_NET_HOST_H

#include "base/str.h"

/* "chat.example.com:8443", "192.0.2.7", "[2001:db8::1]:443": *host keeps its brackets; *port is SV_NONE where none is said. */
void host_split(sv text, sv *host, sv *port);

bool host_is_address(sv host);                            /* IPv4, or IPv6 with or without brackets */
bool host_is_localhost(sv host);                          /* localhost or a name below it: this machine itself, never asked of DNS */

#endif
