/* role/notify_test.c: against a socket of our own, by path and by abstract name. */
#include "base/test.h"
#include "role/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void heard(const char *name)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    size_t n = strlen(name);
    char got[64];
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    REQUIRE(fd >= 0);
    memcpy(a.sun_path, name, n);
    if (name[0] == '@')
        a.sun_path[0] = 0;
    REQUIRE(bind(fd, (const struct sockaddr *)&a, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0);
    setenv("NOTIFY_SOCKET", name, 1);
    CHECK(notify_manager(SV("READY=1")));
    ssize_t k = recv(fd, got, sizeof(got), MSG_DONTWAIT);
    CHECK_STR(sv_n(got, k > 0 ? (size_t)k : 0), SV("READY=1"));
    unsetenv("NOTIFY_SOCKET");
    CHECK(notify_manager(SV("READY=1")));
    CHECK_INT(recv(fd, got, sizeof(got), MSG_DONTWAIT), -1);   /* nobody asked */
    close(fd);
}

TEST(notify_reaches_the_manager_by_path_and_by_abstract_name)
{
    char path[64], abstract[64];

    snprintf(path, sizeof(path), "/tmp/engawa-notify-%ld", (long)getpid());
    snprintf(abstract, sizeof(abstract), "@engawa-notify-%ld", (long)getpid());
    heard(path);
    unlink(path);
    heard(abstract);
}

TEST(notify_where_nobody_listens_goes_on)
{
    static const char *const names[] = {"/nowhere/at-all", "relative", "@", ""};

    for (size_t i = 0; i < COUNT(names); i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        CHECK(!notify_manager(SV("READY=1")));
    }
    unsetenv("NOTIFY_SOCKET");
}
