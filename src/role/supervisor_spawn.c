/* role/supervisor_spawn.c: vfork and exec of our own program. Between the two the child shares our memory, so it makes
 * plain system calls alone: no function that could touch the library's state. */
#include "role/supervisor_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "role/sandbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct child {
    int exe, null, dir, link;
    bool drop;                                            /* we are root: become uid, drop every right */
    uid_t uid;
    pid_t parent;
    char *const *argv, *const *env;
    volatile int error;                                   /* written by the child where exec failed */
    const char *volatile step;
};

#define STEP(c, name, call)                                                                                            \
    do {                                                                                                               \
        (c)->step = (name);                                                                                            \
        if ((call) < 0)                                                                                                \
            goto failed;                                                                                               \
    } while (0)

/* Runs in the child, on a borrowed stack: returns never. */
static NORETURN __attribute__((noinline)) void become(struct child *c)
{
    unsigned long long no_signals = 0;

    STEP(c, "sigmask", syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof(no_signals)));
    STEP(c, "stdin", syscall(SYS_dup3, c->null, 0, 0));
    STEP(c, "stdout", syscall(SYS_dup3, c->null, 1, 0));
    STEP(c, "link", syscall(SYS_dup3, c->link, 3, 0));
    STEP(c, "folder", syscall(SYS_fchdir, c->dir));
    STEP(c, "close_range", syscall(SYS_close_range, 4u, ~0u, CLOSE_RANGE_CLOEXEC));
    if (c->drop) {
        for (unsigned cap = 0; cap < 64; cap++)
            syscall(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0);   /* beyond the last one: EINVAL */
        STEP(c, "setgroups", syscall(SYS_setgroups, 0, NULL));
        STEP(c, "setgid", syscall(SYS_setresgid, c->uid, c->uid, c->uid));
        STEP(c, "setuid", syscall(SYS_setresuid, c->uid, c->uid, c->uid));
    }
    STEP(c, "no_new_privs", syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    STEP(c, "pdeathsig", syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
    if (syscall(SYS_getppid) != c->parent)
        syscall(SYS_exit_group, 1);                       /* the supervisor died meanwhile */
    STEP(c, "exec", syscall(SYS_execveat, c->exe, "", c->argv, c->env, AT_EMPTY_PATH));
failed:
    c->error = errno;
    for (;;)
        syscall(SYS_exit_group, 127);
}

/* A build with sanitizers obeys their options; every other role starts with an empty environment. */
static void environment(char *env[5])
{
    size_t n = 0;
#if SANITIZED
    static const char *const names[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS="};
    for (char **all = environ; *all && n < COUNT(names); all++)
        for (size_t i = 0; i < COUNT(names); i++)
            if (sv_starts(sv_c(*all), sv_c(names[i])))
                env[n++] = *all;
#endif
    env[n] = NULL;
}

static pid_t fork_and_exec(struct child *c)
{
    pid_t pid = vfork();

    if (pid == 0)
        become(c);
    if (pid > 0 && c->error)
        log_put(LOG_ERROR, "starting a process failed at %s: %s", c->step, strerror(c->error));
    return pid;
}

/* The child's end of its link, above the descriptors it will have. */
static bool link_pair(int pair[2])
{
    if (!ipc_pair(pair))
        return false;
    int high = fcntl(pair[1], F_DUPFD_CLOEXEC, FD_HIGH);
    close(pair[1]);
    pair[1] = high;
    if (high < 0)
        close(pair[0]);
    return high >= 0;
}

bool spawn(struct supervisor *s, struct proc *p)
{
    char program[32], option[] = "--role", name[16], *env[5];
    char *argv[] = {program, roles[p->role].program ? NULL : option, name, NULL};
    int pair[2];
    FD dir = layout_folder(s, p);

    if (dir < 0 || !link_pair(pair)) {
        log_put(LOG_ERROR, "%s cannot be started: %s", roles[p->role].name, strerror(errno));
        return false;
    }
    snprintf(program, sizeof(program), "%s", roles[p->role].program ? roles[p->role].program : "engawad");
    snprintf(name, sizeof(name), "%s", roles[p->role].name);
    environment(env);
    struct child c = {.exe = roles[p->role].program ? s->exes[p->role] : s->exe, .null = s->null, .dir = dir, .link = pair[1], .drop = s->root,
                      .uid = layout_uid(s, p), .parent = getpid(), .argv = argv, .env = env};
    p->pid = fork_and_exec(&c);
    close(pair[1]);
    if (p->pid < 0) {
        p->pid = 0;
        close(pair[0]);
        return false;
    }
    ipc_init(&p->ipc, pair[0]);
    loop_add(s->loop, pair[0], LOOP_READ, p);
    p->ready = p->held = false;
    p->started_ms = clock_mono_ms();
    return true;
}
