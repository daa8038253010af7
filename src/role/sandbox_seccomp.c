/* role/sandbox_seccomp.c: which system calls a role may make. A list is a table of names; what is in neither a list nor
 * the refused ones ends the process, in test builds with one line on stderr that names the call's number. */
#include "role/sandbox_private.h"

#include "base/log.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* clang-format off */
/* Every role: memory, time, locks between its own threads, descriptors it has, leaving. */
static const char *const common[] = {
    "read", "write", "readv", "writev", "close", "fstat", "lseek", "fcntl", "futex", "mmap", "munmap", "mremap", "madvise",
    "mprotect", "brk", "mlock", "mlock2", "munlock", "getrandom", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "sched_yield", "restart_syscall",
    "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "sigaltstack", "exit", "exit_group", "getrusage", "prlimit64", "sysinfo", "sched_getaffinity",
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

static const char *const threads[] = { "clone", "clone3", "set_tid_address", "get_robust_list", "sched_setscheduler", "sched_getparam", "sched_getscheduler", NULL };

static const char *const accepts[] = { "accept4", "getsockname", "getpeername", "pread64", NULL };

static const char *const connects[] = {
    "socket", "connect", "getsockname", "getpeername", "openat", "newfstatat", "sendmmsg", "ioctl", "uname", NULL
};

/* What a break-in tries first: refused with EPERM, so that the self-test can try it and the attempt can be counted. */
static const char *const refused[] = {
    "open", "openat", "openat2", "creat", "socket", "connect", "bind", "listen", "accept", "accept4", "execve", "execveat",
    "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "setuid", "setgid", "setresuid", "setresgid", "setgroups", "capset", "prctl", "mount", "unshare", "setns",
    "chroot", "keyctl", "bpf", "io_uring_setup", "io_uring_enter", "perf_event_open", "userfaultfd", "memfd_create",
    "access", "faccessat", "faccessat2", "stat", "newfstatat", "statx", "readlink", "getcwd", "ioctl", "uname", "clone3", NULL
};

static const char *const *const lists[ROLE_COUNT][5] = {
    [ROLE_EDGE]    = { common, accepts },
    [ROLE_CONTROL] = { common, files, accepts },
    [ROLE_KEYD]    = { common, files },
    [ROLE_TENANT]  = { common, files, threads },
    [ROLE_OUT]     = { common, connects },
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

bool seccomp_allows(enum role_id role, const char *name)
{
    for (size_t i = 0; lists[role][i]; i++)
        for (const char *const *n = lists[role][i]; *n; n++)
            if (sv_equal(sv_c(*n), sv_c(name)))
                return true;
    return false;
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
    return true;
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
    bool done = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && fill(ctx, role) && allow_abort(ctx)
             && seccomp_load(ctx) == 0;
    seccomp_release(ctx);
    return done;
}
