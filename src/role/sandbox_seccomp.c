/* role/sandbox_seccomp.c: which system calls a role may make. A list is a table of names; what is in neither a list nor
 * the refused ones ends the process, in test builds with one line on stderr that names the call's number. */
#include "role/sandbox_private.h"

#include "base/log.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* clang-format off */
/* Every role: memory, time, locks between its own threads, descriptors it has, leaving. */
static const char *const common[] = {
    "read", "write", "readv", "writev", "close", "fstat", "lseek", "fcntl", "futex", "munmap", "mremap", "madvise",
    "brk", "mlock", "mlock2", "munlock", "getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "sched_yield", "restart_syscall",
    "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "sigaltstack", "exit", "exit_group", "getrusage", "sysinfo", "sched_getaffinity",
    "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "poll", "ppoll", "pipe2", "eventfd2",
    "recvfrom", "sendto", "recvmsg", "sendmsg", "socketpair", "shutdown", "getsockopt", "setsockopt", "dup", "set_robust_list", "rseq", "membarrier",
    NULL
};

/* Roles with a folder: what SQLite, and a file written whole (temporary, fsync, rename), need. */
static const char *const files[] = {
    "openat", "open", "stat", "lstat", "newfstatat", "access", "faccessat", "faccessat2", "readlink", "getcwd", "pread64", "pwrite64", "fsync",
    "fdatasync", "ftruncate", "fallocate", "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "fchmod", "getdents64",
    "statx", "flock", "fstatfs", "statfs", NULL
};

static const char *const threads[] = { "set_tid_address", "get_robust_list", "sched_setscheduler", "sched_getparam", "sched_getscheduler", NULL };

static const char *const accepts[] = { "accept4", "getsockname", "getpeername", "pread64", NULL };

static const char *const connects[] = {
    "connect", "getsockname", "getpeername", "openat", "newfstatat", "sendmmsg", "ioctl", "uname", NULL
};

/* Fonts are read, and nothing is written. */
static const char *const fonts[] = {
    "openat", "open", "stat", "lstat", "newfstatat", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "pread64", "getdents64",
    "statx", "fstatfs", "statfs", "getcwd", "uname", "fadvise64", "sched_getattr", "sched_setattr", NULL
};

/* What a break-in tries first: refused with EPERM, so that the self-test can try it and the attempt can be counted. */
static const char *const refused[] = {
    "open", "openat", "openat2", "creat", "socket", "connect", "bind", "listen", "accept", "accept4", "execve", "execveat",
    "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "setuid", "setgid", "setresuid", "setresgid", "setgroups", "capset", "prctl", "mount", "unshare", "setns",
    "chroot", "keyctl", "bpf", "io_uring_setup", "io_uring_enter", "perf_event_open", "userfaultfd", "memfd_create",
    "access", "faccessat", "faccessat2", "stat", "newfstatat", "statx", "readlink", "getcwd", "ioctl", "uname", NULL
};

static const char *const *const lists[ROLE_COUNT][5] = {
    [ROLE_EDGE]    = { common, accepts },
    [ROLE_CONTROL] = { common, files, accepts },
    [ROLE_KEYD]    = { common, files },
    [ROLE_TENANT]  = { common, files, threads },
    [ROLE_OUT]     = { common, connects },
    [ROLE_FETCH]   = { common, connects },
    [ROLE_STORE]   = { common, connects },
    [ROLE_MEDIA]   = { common, fonts, threads },
};
/* clang-format on */

/* A name that this architecture or libseccomp does not know is no call that could be made. */
static bool add(scmp_filter_ctx ctx, uint32_t action, const char *name)
{
    int number = seccomp_syscall_resolve_name(name);

    if (number == __NR_SCMP_ERROR)
        return true;
    int rc = seccomp_rule_add(ctx, action, number, 0);
    return rc == 0 || rc == -EACCES;                      /* EACCES: same as the default action */
}

/* Is it allowed for some arguments, by a rule of its own below? */
static bool by_argument(enum role_id role, const char *name)
{
    static const char *const all[] = {"mmap", "mprotect", "prlimit64"};

    for (size_t i = 0; i < COUNT(all); i++)
        if (sv_equal(sv_c(name), sv_c(all[i])))
            return true;
    return (sv_equal(sv_c(name), SV("socket")) && roles[role].net == NET_CONNECT)
        || (sv_equal(sv_c(name), SV("clone")) && (role == ROLE_TENANT || role == ROLE_MEDIA));
}

bool seccomp_allows(enum role_id role, const char *name)
{
    for (size_t i = 0; lists[role][i]; i++)
        for (const char *const *n = lists[role][i]; *n; n++)
            if (sv_equal(sv_c(*n), sv_c(name)))
                return true;
    return by_argument(role, name);
}

/* A call that depends on one argument: allowed where the bit is set (or is not), EPERM where it is the other way. */
static bool one_bit(scmp_filter_ctx ctx, int call, unsigned arg, scmp_datum_t bit, bool set)
{
    uint32_t yes = SCMP_ACT_ALLOW, no = SCMP_ACT_ERRNO(EPERM);

    return seccomp_rule_add(ctx, set ? yes : no, call, 1, SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, bit, bit)) == 0
        && seccomp_rule_add(ctx, set ? no : yes, call, 1, SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, bit, 0)) == 0;
}

/* Nothing that was written is run. A program that loads libraries while it runs (the resolver does) maps them. */
static bool memory(scmp_filter_ctx ctx, enum role_id role)
{
    const scmp_datum_t both = PROT_WRITE | PROT_EXEC;

    if (!one_bit(ctx, SCMP_SYS(mprotect), 2, PROT_EXEC, false))
        return false;
    if (roles[role].files != FILES_RESOLVER)
        return one_bit(ctx, SCMP_SYS(mmap), 2, PROT_EXEC, false);
    return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, both, both)) == 0
        && seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, both, PROT_EXEC)) == 0
        && seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

/* Threads and no processes. The flags of clone3() lie in memory, where a filter cannot look: the C library takes clone(). */
static bool threads_alone(scmp_filter_ctx ctx, enum role_id role)
{
    if (role != ROLE_TENANT && role != ROLE_MEDIA)
        return add(ctx, SCMP_ACT_ERRNO(EPERM), "clone") && add(ctx, SCMP_ACT_ERRNO(EPERM), "clone3");
    return add(ctx, SCMP_ACT_ERRNO(ENOSYS), "clone3") && one_bit(ctx, SCMP_SYS(clone), 0, CLONE_THREAD, true);
}

/* Of sockets those of the internet, and the one by which the C library asks which addresses the machine has: a local one
 * would reach the operator's door, which no rule of Landlock closes. */
static bool internet(scmp_filter_ctx ctx, enum role_id role)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM), yes = SCMP_ACT_ALLOW;
    const int call = SCMP_SYS(socket);

    if (roles[role].net != NET_CONNECT)
        return true;                                      /* in `refused` */
#ifdef MUTANT_ANY_SOCKET
    return seccomp_rule_add(ctx, yes, call, 0) == 0;
#endif
    for (scmp_datum_t f = 0; f < AF_NETLINK; f++)
        if (seccomp_rule_add(ctx, f == AF_INET || f == AF_INET6 ? yes : no, call, 1, SCMP_A0(SCMP_CMP_EQ, f, 0)) != 0)
            return false;
    return seccomp_rule_add(ctx, yes, call, 2, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0
        && seccomp_rule_add(ctx, no, call, 2, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0), SCMP_A2(SCMP_CMP_NE, 0, 0)) == 0
        && seccomp_rule_add(ctx, no, call, 1, SCMP_A0(SCMP_CMP_GT, AF_NETLINK, 0)) == 0;
}

/* Its own limits alone. */
static bool limits(scmp_filter_ctx ctx)
{
    return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_EQ, 0, 0)) == 0
        && seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_NE, 0, 0)) == 0;
}

static bool fill(scmp_filter_ctx ctx, enum role_id role)
{
    for (size_t i = 0; lists[role][i]; i++)
        for (const char *const *n = lists[role][i]; *n; n++)
            if (!add(ctx, SCMP_ACT_ALLOW, *n))
                return false;
    for (const char *const *n = refused; *n; n++)
        if (!seccomp_allows(role, *n) && !add(ctx, SCMP_ACT_ERRNO(EPERM), *n))
            return false;
    return memory(ctx, role) && threads_alone(ctx, role) && internet(ctx, role) && limits(ctx);
}

/* abort() raises a signal in its own process, which is the one exception to the refusal of tgkill. A refusal without a condition
 * would go before it, and the process would end by a fault of memory that it did not have. */
static bool allow_abort(scmp_filter_ctx ctx)
{
    scmp_datum_t own = (scmp_datum_t)getpid();

    return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, own, 0)) == 0
        && seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, own, 0)) == 0;
}

#ifdef ENGAWA_TEST
static void tell_call(int sig, siginfo_t *info, void *context)
{
    char line[64];
    int n = snprintf(line, sizeof(line), "engawad: system call %d is not allowed\n", info->si_syscall);

    (void)sig;
    (void)context;
    if (write(STDERR_FILENO, line, (size_t)n) < 0)
        _exit(158);
    _exit(159);
}

static uint32_t default_action(void)
{
    struct sigaction sa = {.sa_sigaction = tell_call, .sa_flags = SA_SIGINFO};

    sigaction(SIGSYS, &sa, NULL);
    return SCMP_ACT_TRAP;
}
#else
static uint32_t default_action(void)
{
    return SCMP_ACT_KILL_PROCESS;
}
#endif

bool seccomp_enter(enum role_id role)
{
    scmp_filter_ctx ctx = seccomp_init(default_action());

    if (!ctx)
        return false;
    /* Another kind of call ends the process too: by itself it would end one thread, and the others would wait for it for good. */
    bool done = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0
             && seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 && fill(ctx, role) && allow_abort(ctx)
             && seccomp_load(ctx) == 0;
    seccomp_release(ctx);
    return done;
}
