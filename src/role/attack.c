/* role/attack.c: the attempts, each one system call without a library between that could refuse in the kernel's place.
 * An attempt that succeeds undoes what it did as far as it can: the process that runs it goes on serving. */
#include "role/attack.h"

#ifdef ENGAWA_TEST

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME_BYTES 64

struct attacker {
    struct json *j;
    const char *up;                                       /* from the role's folder to the installation's */
};

/* `rc` of a system call. */
static void tell(struct attacker *a, const char *name, long rc)
{
    int error = errno;

    json_open(a->j, NULL);
    json_text(a->j, "name", sv_c(name));
    json_bool(a->j, "done", rc >= 0);
    json_int(a->j, "errno", rc < 0 ? error : 0);
    json_close(a->j);
}

static void tell_fd(struct attacker *a, const char *name, long fd)
{
    tell(a, name, fd);
    if (fd >= 0)
        close((int)fd);
}

static void try_open(struct attacker *a, const char *name, const char *path, int flags)
{
    tell_fd(a, name, syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600));
}

static void try_below(struct attacker *a, const char *name, const char *rest, int flags)
{
    char path[NAME_BYTES];

    snprintf(path, sizeof(path), "%s%s", a->up, rest);
    try_open(a, name, path, flags);
}

static void files(struct attacker *a)
{
    char parent[NAME_BYTES];

    try_open(a, "read /etc/shadow", "/etc/shadow", O_RDONLY);
    try_open(a, "read /etc/passwd", "/etc/passwd", O_RDONLY);
    try_open(a, "read its own memory", "/proc/self/mem", O_RDWR);
    snprintf(parent, sizeof(parent), "/proc/%ld/mem", (long)syscall(SYS_getppid));
    try_open(a, "read its parent's memory", parent, O_RDONLY);
    try_open(a, "list /", "/", O_RDONLY | O_DIRECTORY);
    try_open(a, "write in /tmp", "/tmp/engawa-attack", O_WRONLY | O_CREAT);
    try_open(a, "write in /dev/shm", "/dev/shm/engawa-attack", O_WRONLY | O_CREAT);
    try_open(a, "write in /var/tmp", "/var/tmp/engawa-attack", O_WRONLY | O_CREAT);
    try_open(a, "a nameless file", "/tmp", O_WRONLY | O_TMPFILE);
    try_below(a, "list the installation's folder", ".", O_RDONLY | O_DIRECTORY);
    try_below(a, "read engawa.conf", "engawa.conf", O_RDONLY);
    try_below(a, "read the TLS key", "tls/server.key", O_RDONLY);
    try_below(a, "read the master key", "keys/master.key", O_RDONLY);
    try_below(a, "read the registry", "registry/registry.db", O_RDONLY);
    try_below(a, "list the tenants", "tenants", O_RDONLY | O_DIRECTORY);
    long fd = syscall(SYS_openat, AT_FDCWD, "attack", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    tell_fd(a, "write in its folder", fd);
    if (fd >= 0)
        syscall(SYS_unlinkat, AT_FDCWD, "attack", 0);
}

static void sockets(struct attacker *a)
{
    static const struct { const char *name; int family, type, protocol; } t[] = {
        { "a socket of TCP", AF_INET, SOCK_STREAM, 0 },    { "a socket of TCP over IPv6", AF_INET6, SOCK_STREAM, 0 },
        { "a socket of UDP", AF_INET, SOCK_DGRAM, 0 },     { "a raw socket", AF_INET, SOCK_RAW, 1 },
        { "a local socket", AF_UNIX, SOCK_STREAM, 0 },     { "a socket of the kernel's routes", AF_NETLINK, SOCK_RAW, 0 },
        { "a socket of packets", AF_PACKET, SOCK_RAW, 0 }, { "a socket of the kernel's ciphers", AF_ALG, SOCK_SEQPACKET, 0 },
        { "a socket of the machine's host", AF_VSOCK, SOCK_STREAM, 0 },
    };
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct sockaddr_un ctl = {.sun_family = AF_UNIX};
    int fd;

    for (size_t i = 0; i < COUNT(t); i++)
        tell_fd(a, t[i].name, syscall(SYS_socket, t[i].family, t[i].type | SOCK_CLOEXEC, t[i].protocol));
    fd = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    long rc = syscall(SYS_connect, fd < 0 ? STDERR_FILENO : fd, &to, sizeof(to));
    tell(a, "connect to another host", rc < 0 && errno == ECONNREFUSED ? 0 : rc);   /* it went out; nobody is there */
    tell(a, "bind a port", syscall(SYS_bind, fd < 0 ? STDERR_FILENO : fd, &any, sizeof(any)));
    tell(a, "listen", syscall(SYS_listen, fd < 0 ? STDERR_FILENO : fd, 1));
    if (fd >= 0)
        close(fd);
    snprintf(ctl.sun_path, sizeof(ctl.sun_path), "%srun/ctl.sock", a->up);
    fd = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    tell(a, "speak as the operator", fd < 0 ? -1 : syscall(SYS_connect, fd, &ctl, sizeof(ctl)));
    if (fd >= 0)
        close(fd);
}

/* A child that came about ends before it does anything. */
static void try_child(struct attacker *a, const char *name, long pid)
{
    if (pid == 0)
        syscall(SYS_exit_group, 0);
    tell(a, name, pid);
}

static void processes(struct attacker *a)
{
    char sh[] = "/bin/sh";
    char *argv[] = {sh, NULL}, *env[] = {NULL};
    long parent = syscall(SYS_getppid);

    tell(a, "execute a program", syscall(SYS_execve, sh, argv, env));
    tell(a, "execute a program by descriptor", syscall(SYS_execveat, AT_FDCWD, sh, argv, env, 0));
    try_child(a, "fork", syscall(SYS_fork));
    try_child(a, "fork by clone", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    try_child(a, "clone into a new namespace", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    tell(a, "a new namespace", syscall(SYS_unshare, CLONE_NEWUSER));
    tell(a, "another's namespace", syscall(SYS_setns, STDERR_FILENO, 0));
    tell(a, "trace its parent", syscall(SYS_ptrace, PTRACE_ATTACH, parent, 0, 0));
    tell(a, "be traced", syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
    tell(a, "read another's memory", syscall(SYS_process_vm_readv, parent, NULL, 0, NULL, 0, 0));
    tell(a, "write another's memory", syscall(SYS_process_vm_writev, parent, NULL, 0, NULL, 0, 0));
    tell(a, "signal its parent", syscall(SYS_kill, parent, 0));
    tell(a, "signal everybody", syscall(SYS_kill, -1, 0));
    tell(a, "signal a thread of its parent", syscall(SYS_tgkill, parent, parent, 0));
    tell_fd(a, "hold its parent", syscall(SYS_pidfd_open, parent, 0));
    struct rlimit core = {1 << 20, 1 << 20};
    tell(a, "have its memory dumped", syscall(SYS_prlimit64, 0, RLIMIT_CORE, &core, NULL));
    tell(a, "be readable by its user", syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
    tell(a, "limit its parent", syscall(SYS_prlimit64, parent, RLIMIT_NOFILE, &core, NULL));
}

static void rights(struct attacker *a)
{
    tell(a, "become root", syscall(SYS_setuid, 0));
    tell(a, "become root for good", syscall(SYS_setresuid, 0, 0, 0));
    tell(a, "root's group", syscall(SYS_setgid, 0));
    tell(a, "other groups", syscall(SYS_setgroups, 0, NULL));
    tell(a, "capabilities", syscall(SYS_capset, NULL, NULL));
    tell(a, "mount", syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, NULL));
    tell(a, "another root folder", syscall(SYS_chroot, "."));
    tell_fd(a, "a program in the kernel", syscall(SYS_bpf, 0, NULL, 0));
    tell(a, "the kernel's keys", syscall(SYS_keyctl, 0, -3, 0, 0, 0));
    tell_fd(a, "faults of pages", syscall(SYS_userfaultfd, 1));
    tell_fd(a, "calls in a ring", syscall(SYS_io_uring_setup, 1, NULL));
    tell_fd(a, "counters of the processor", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
    tell_fd(a, "a file that is memory", syscall(SYS_memfd_create, "x", 0));
}

/* What is written is not run: neither memory that is both, nor one after the other. */
static void memory(struct attacker *a)
{
    void *both = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    tell(a, "memory to write and run", both == MAP_FAILED ? -1 : 0);
    if (both != MAP_FAILED)
        munmap(both, 4096);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return;
    tell(a, "run what was written", mprotect(page, 4096, PROT_READ | PROT_EXEC));
    munmap(page, 4096);
}

/* Calls that no role's list names and that nobody tries by mistake: the process ends at once. */
static void fatal(uint64_t number)
{
    switch (number) {
    case 2:
        syscall(SYS_swapon, "/dev/null", 0);
        break;
    case 3:
        syscall(SYS_symlinkat, "/etc/shadow", AT_FDCWD, "attack");
        break;
#ifdef __x86_64__
    case 4: {                                             /* getpid by the door of 32-bit programs */
        long rc = 20;
        __asm__ volatile("int $0x80" : "+a"(rc) : : "memory", "r8", "r9", "r10", "r11");
        break;
    }
#endif
    default:
        syscall(SYS_add_key, "user", "x", "x", 1, -3);
    }
}

void attack(enum role_id role, uint64_t number, struct json *j)
{
    struct attacker a = {.j = j, .up = role == ROLE_CONTROL || role == ROLE_KEYD ? "../" : "../../"};

    if (number > 1)
        fatal(number);
    json_list(j, "attacks");
    if (number) {
        files(&a);
        sockets(&a);
        processes(&a);
        rights(&a);
        memory(&a);
    }
    json_list_end(j);
}

void attack_log(const struct start *s)
{
    struct str text = STR_IN(s->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "sandbox", sv_c(sandbox_level_name(s->level)));
    json_bool(&j, "proven", s->proven);
    attack(s->role, 1, &j);
    json_close(&j);
    for (sv rest = str_sv(&text); rest.n; rest = sv_from(rest, 400))
        log_put(LOG_INFO, "attacks: %.*s", SV_ARG(sv_upto(rest, 400)));
}

#endif
