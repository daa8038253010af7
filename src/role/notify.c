/* role/notify.c: NOTIFY_SOCKET is a path, or an abstract name behind "@". */
#include "role/notify.h"
#include "base/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool send_to(sv name, sv state)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd;

    if (name.n < 2 || name.n >= sizeof(a.sun_path) || (name.p[0] != '/' && name.p[0] != '@')) {
        errno = EINVAL;
        return false;
    }
    memcpy(a.sun_path, name.p, name.n);
    if (name.p[0] == '@')
        a.sun_path[0] = 0;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool ok = sendto(fd, state.p, state.n, MSG_NOSIGNAL, (const struct sockaddr *)&a,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name.n)) == (ssize_t)state.n;
    close(fd);
    return ok;
}

bool notify_manager(sv state)
{
    const char *name = getenv("NOTIFY_SOCKET");

    if (!name || send_to(sv_c(name), state))
        return true;
    log_put(LOG_ERROR, "the service manager does not hear \"%.*s\": %s", SV_ARG(state), strerror(errno));
    return false;
}
