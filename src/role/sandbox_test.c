/* role/sandbox_test.c: the lists say what the table of roles says, and confinement is tried in a child where the build can
 * be confined: sanitizers need calls of their own, and such a build must say that it is not. */
#include "base/test.h"
#include "role/sandbox_private.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static const enum role_id confined[] = {ROLE_EDGE, ROLE_CONTROL, ROLE_KEYD, ROLE_TENANT, ROLE_OUT, ROLE_FETCH, ROLE_STORE, ROLE_MEDIA};

TEST(sandbox_no_list_allows_a_way_out)
{
    static const char *const never[] = {"execve", "execveat", "fork", "vfork", "ptrace", "kill", "tkill", "bind", "listen", "mount",
                                        "setuid", "setresuid", "clone3", "capset", "bpf", "io_uring_setup", "process_vm_writev", "memfd_create"};

    for (size_t r = 0; r < COUNT(confined); r++)
        for (size_t i = 0; i < COUNT(never); i++)
            CHECK_AT(r * 100 + i, !seccomp_allows(confined[r], never[i]));
}

/* Files, sockets, threads as the rows of the table of roles say. */
TEST(sandbox_lists_follow_the_table)
{
    for (size_t r = 0; r < COUNT(confined); r++) {
        const struct role_def *role = &roles[confined[r]];
        CHECK_INT_AT(r, seccomp_allows(confined[r], "openat"), role->files != FILES_NONE);
        CHECK_INT_AT(r, seccomp_allows(confined[r], "pwrite64"), role->files == FILES_OWN);
        CHECK_INT_AT(r, seccomp_allows(confined[r], "socket"), role->net == NET_CONNECT);
        CHECK_INT_AT(r, seccomp_allows(confined[r], "connect"), role->net == NET_CONNECT);
        CHECK_INT_AT(r, seccomp_allows(confined[r], "accept4"), role->net == NET_LISTEN || confined[r] == ROLE_CONTROL);
        CHECK_INT_AT(r, seccomp_allows(confined[r], "clone"), confined[r] == ROLE_TENANT || confined[r] == ROLE_MEDIA);
        CHECK_AT(r, seccomp_allows(confined[r], "exit_group") && seccomp_allows(confined[r], "read"));
    }
}

/* In a child, since there is no way back: what the child found is its exit status. */
TEST(sandbox_is_tried_in_a_child)
{
    for (size_t r = 0; r < COUNT(confined); r++) {
        pid_t pid = fork();
        if (pid == 0) {
            sandbox_begin();
            enum sandbox_level level = sandbox_enter(confined[r], open(".", O_PATH | O_DIRECTORY));
            bool proven = sandbox_self_test(confined[r], level);
            _exit(SANITIZED ? level == SANDBOX_NONE && !proven ? 10 : 1 : level == SANDBOX_FULL && proven ? 11 : 2);
        }
        int status = 0;
        CHECK_AT(r, pid > 0 && waitpid(pid, &status, 0) == pid);
        CHECK_AT(r, WIFEXITED(status));
        CHECK_INT_AT(r, WEXITSTATUS(status), SANITIZED ? 10 : sandbox_landlock_abi() >= 4 ? 11 : 2);
    }
    CHECK_STR(sv_c(sandbox_level_name(SANDBOX_NONE)), SANITIZED ? SV("none (sanitizer build)") : SV("none"));
}
