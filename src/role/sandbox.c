/* role/sandbox.c: the order of confinement and the attempts that prove it. A build with sanitizers, which need calls
 * and files of their own, is not confined and says so. */
#include "role/sandbox_private.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void sandbox_begin(void)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (!SANITIZED)                                       /* the leak check reads its own memory from outside */
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

enum sandbox_level sandbox_enter(enum role_id role, int dir)
{
    if (SANITIZED)
        return SANDBOX_NONE;
    bool files = landlock_enter(&roles[role], dir);
    bool calls = seccomp_enter(role);
    if (!calls)
        return SANDBOX_NONE;
    return files && sandbox_landlock_abi() >= 4 ? SANDBOX_FULL : SANDBOX_SECCOMP;
}

const char *sandbox_level_name(enum sandbox_level level)
{
    static const char *const names[] = {"none", "seccomp", "full"};

    return SANITIZED ? "none (sanitizer build)" : names[level];
}

/* Each returns true when it was refused. */
static bool open_refused(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);

    if (fd >= 0)
        close(fd);
    return fd < 0 && (errno == EACCES || errno == EPERM);
}

static bool no_open(enum role_id role)
{
    (void)role;
    return open_refused("/etc/passwd", O_RDONLY) && open_refused("/proc/self/mem", O_RDONLY)
        && open_refused("/", O_RDONLY | O_DIRECTORY);
}

static bool no_socket(enum role_id role)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
    int fd;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (roles[role].net == NET_CONNECT) {                 /* it may connect, but neither listen nor bind a port */
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool refused = fd >= 0 && bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0;
        if (fd >= 0)
            close(fd);
        return refused;
    }
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        close(fd);
    bool connected = connect(STDERR_FILENO, (struct sockaddr *)&to, sizeof(to)) == 0 || errno != EPERM;
    return fd < 0 && !connected;
}

static bool no_exec(enum role_id role)
{
    char name[] = "sh";
    char *argv[] = {name, NULL}, *env[] = {NULL};

    (void)role;
    return execve("/bin/sh", argv, env) < 0 && (errno == EPERM || errno == EACCES);
}

static bool no_ptrace(enum role_id role)
{
    (void)role;
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) < 0 && errno == EPERM;
}

static bool no_kill(enum role_id role)
{
    (void)role;
    return kill(getppid(), 0) < 0 && errno == EPERM;      /* signal 0: would only ask */
}

bool sandbox_self_test(enum role_id role, enum sandbox_level level)
{
    static const struct {
        const char *what;
        bool (*refused)(enum role_id);
    } attempts[] = {
        {"open a file of the system", no_open}, {"open a socket", no_socket}, {"execute a program", no_exec},
        {"trace its parent", no_ptrace},        {"signal its parent", no_kill},
    };
    bool all = level != SANDBOX_NONE;

    for (size_t i = 0; level != SANDBOX_NONE && i < COUNT(attempts); i++) {
        if (attempts[i].refused(role))
            continue;
        log_put(LOG_WARN, "sandbox: it can %s", attempts[i].what);
        all = false;
    }
    return all;
}
