/* net/loop_test.c: readiness is seen, changed wishes are kept, a hang-up is told. */
#include "net/loop.h"

#include "base/test.h"

#include <sys/socket.h>
#include <unistd.h>

TEST(loop_tells_readiness)
{
    struct loop *l = loop_new();
    struct loop_event e[4];
    int fds[2], what = 0;

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    CHECK(loop_add(l, fds[0], LOOP_READ, &what));
    CHECK_INT(loop_wait(l, e, 4, 0), 0);
    CHECK_INT(write(fds[1], "x", 1), 1);
    REQUIRE(loop_wait(l, e, 4, 30000) == 1);
    CHECK(e[0].what == &what);
    CHECK_INT(e[0].events, LOOP_READ);
    loop_mod(l, fds[0], LOOP_WRITE, &what);
    REQUIRE(loop_wait(l, e, 4, 30000) == 1);
    CHECK_INT(e[0].events, LOOP_WRITE);
    loop_mod(l, fds[0], 0, &what);
    CHECK_INT(loop_wait(l, e, 4, 0), 0);
    close(fds[1]);
    REQUIRE(loop_wait(l, e, 4, 30000) == 1);
    CHECK(e[0].events & LOOP_GONE);
    loop_del(l, fds[0]);
    CHECK_INT(loop_wait(l, e, 4, 0), 0);
    close(fds[0]);
    loop_free(&l);
    CHECK(l == NULL);
}
