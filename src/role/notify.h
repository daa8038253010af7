/* role/notify.h: tells a service manager that started us how far we are: one datagram to the socket that NOTIFY_SOCKET names
 * (systemd, sd_notify(3)). Nobody asked: nothing is sent. Only the supervisor tells; a failure is a line in the log. */
#ifndef ENGAWA_ROLE_NOTIFY_H
#define ENGAWA_ROLE_NOTIFY_H

#include "base/str.h"

bool notify_manager(sv state);                            /* e.g. "READY=1"; true: told, or nobody asked */

#endif
