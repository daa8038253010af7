/* net/fetch.h: one HTTPS request of a program that may wait: the status line alone. The certificate is checked as browsers do
 * (the system's authorities, or the file given). Blocks for `timeout_ms` at most at each step. */
#ifndef ENGAWA_NET_FETCH_H
#define ENGAWA_NET_FETCH_H

#include "base/str.h"

struct fetch {
    const char *host, *port, *ca;                         /* ca: file of authorities (PEM); NULL: the system's */
    sv request;                                           /* all of it, as it is sent */
    int timeout_ms;
};

int fetch_status(const struct fetch *f);                  /* of the answer; 0: none came, or it is no HTTP, or the certificate is not good */

#endif
