/* net/host.c: hosts and ports as text. */
#include "net/host.h"

#include <arpa/inet.h>
#include <string.h>

void host_split(sv text, sv *host, sv *port)
{
    size_t from = 0, at;

    *host = text;
    *port = SV_NONE;
    if (text.n && text.p[0] == '[' && !sv_find(text, SV("]"), &from))
        return;
    if (!sv_find(sv_from(text, from), SV(":"), &at))
        return;
    *host = sv_upto(text, from + at);
    *port = sv_from(text, from + at + 1);
}

bool host_is_address(sv host)
{
    unsigned char address[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];

    if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = sv_n(host.p + 1, host.n - 2);
    if (host.n >= sizeof(text))
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = 0;
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

bool host_is_localhost(sv host)
{
    return sv_equal_nocase(host, SV("localhost")) || sv_ends(host, SV(".localhost"));
}
