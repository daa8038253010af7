/* role/sandbox_landlock.c: files and ports by Landlock, through its system calls alone: the C library has no wrappers
 * and the machine that compiles may be older than the kernel that runs, so the interface's numbers stand here. */
#include "role/sandbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CREATE_VERSION 1u                                 /* ask for the ABI's number */
#define RULE_PATH 1

/* What each right is called in include/uapi/linux/landlock.h. */
#define FS_WRITE_FILE  (1ull << 1)
#define FS_READ_FILE   (1ull << 2)
#define FS_READ_DIR    (1ull << 3)
#define FS_REMOVE_DIR  (1ull << 4)
#define FS_REMOVE_FILE (1ull << 5)
#define FS_MAKE_DIR    (1ull << 7)
#define FS_MAKE_REG    (1ull << 8)
#define FS_TRUNCATE    (1ull << 14)
#define NET_BIND_TCP    (1ull << 0)
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_SOCKET (1ull << 0)
#define SCOPE_SIGNAL          (1ull << 1)

struct ruleset_attr {
    uint64_t handled_fs, handled_net, scoped;
};

struct __attribute__((packed)) path_attr {
    uint64_t allowed;
    int32_t parent_fd;
};

static int known_abi = -1;

int sandbox_landlock_abi(void)
{
    if (known_abi < 0) {
        long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_VERSION);
        known_abi = abi < 0 ? 0 : (int)abi;
    }
    return known_abi;
}

/* All rights that this ABI knows: what is not handled would stay allowed. */
static uint64_t fs_all(int abi)
{
    int bits = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;

    return (1ull << bits) - 1;
}

static uint64_t own_folder(int abi)
{
    return (FS_READ_FILE | FS_WRITE_FILE | FS_READ_DIR | FS_MAKE_REG | FS_MAKE_DIR | FS_REMOVE_FILE | FS_REMOVE_DIR | FS_TRUNCATE)
         & fs_all(abi);
}

static bool allow_path(int rules, int dir, uint64_t allowed)
{
    struct path_attr p = {.allowed = allowed, .parent_fd = dir};

    return syscall(SYS_landlock_add_rule, rules, RULE_PATH, &p, 0u) == 0;
}

/* Files a resolver and a TLS client read. A path that is missing here is no loss. */
static bool allow_resolver(int rules)
{
    static const char *const files[] = {"/etc/resolv.conf",  "/etc/hosts",   "/etc/nsswitch.conf", "/etc/host.conf",
                                        "/etc/gai.conf",     "/etc/services", "/etc/ssl/certs"};

    for (size_t i = 0; i < COUNT(files); i++) {
        FD fd = open(files[i], O_PATH | O_CLOEXEC);
        bool folder = i == COUNT(files) - 1;
        if (fd >= 0 && !allow_path(rules, fd, folder ? FS_READ_FILE | FS_READ_DIR : FS_READ_FILE))
            return false;
    }
    return true;
}

/* What a page of a document is drawn with, where it does not bring its own. */
static bool allow_fonts(int rules)
{
    static const char *const folders[] = {"/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig",
                                          "/var/cache/fontconfig", "/usr/share/poppler"};

    for (size_t i = 0; i < COUNT(folders); i++) {
        FD fd = open(folders[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0 && !allow_path(rules, fd, FS_READ_FILE | FS_READ_DIR))
            return false;
    }
    return true;
}

bool landlock_enter(const struct role_def *role, int dir)
{
    int abi = sandbox_landlock_abi();
    struct ruleset_attr attr = {.handled_fs = fs_all(abi)};

    if (abi < 1)
        return false;
    if (abi >= 4)
        attr.handled_net = NET_BIND_TCP | (role->net == NET_CONNECT ? 0 : NET_CONNECT_TCP);
    if (abi >= 6)
        attr.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
    size_t size = abi >= 6 ? sizeof(attr) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    FD rules = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0u);
    if (rules < 0)
        return false;
    if (role->files == FILES_OWN && (dir < 0 || !allow_path(rules, dir, own_folder(abi))))
        return false;
    if (role->files == FILES_RESOLVER && !allow_resolver(rules))
        return false;
    if (role->files == FILES_FONTS && !allow_fonts(rules))
        return false;
    return syscall(SYS_landlock_restrict_self, rules, 0u) == 0;
}
