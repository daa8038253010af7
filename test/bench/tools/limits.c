/* test/bench/tools/limits.c: what this machine can do at best.
 * usage: limits sync FOLDER SECONDS      appends of 4 KiB with fdatasync, one after the other: prints appends per second, and of one
 *                                        p50 and p99 in us
 *        limits parts FOLDER PARTS        as many times 1 MiB with fsync, one after the other: prints MB/s
 *        limits hash PASSES              Argon2id as passwords are hashed (19 MiB), the median of 9: prints us
 *        limits exec PROGRAM ARG         from exec to the end of a program that only says something, the median of 31: prints us */
#include "measure.h"

#include <fcntl.h>
#include <sodium.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int sync_told(const char *folder, double seconds)
{
    static char page[4096];
    char path[4096];
    struct samples s = {0};

    snprintf(path, sizeof(path), "%s/limits.tmp", folder);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0)
        fail("%s cannot be made", path);
    unlink(path);
    double begin = now(), end = begin + seconds;
    for (double from; (from = now()) < end;) {
        memset(page, (int)s.n, sizeof(page));
        if (write(fd, page, sizeof(page)) != (ssize_t)sizeof(page) || fdatasync(fd) != 0)
            fail("the disk refuses");
        sample(&s, now() - from);
    }
    double per_s = (double)s.n / (now() - begin);
    uint32_t p50 = quantile(&s, 50), p99 = quantile(&s, 99);
    printf("%.0f %u %u\n", per_s, p50, p99);
    return 0;
}

static int parts_told(const char *folder, unsigned parts)
{
    static char part[1 << 20];
    char path[4096];

    snprintf(path, sizeof(path), "%s/limits.tmp", folder);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0)
        fail("%s cannot be made", path);
    unlink(path);
    double begin = now();
    for (unsigned i = 0; i < parts; i++) {
        memset(part, (int)i + 1, sizeof(part));
        if (write(fd, part, sizeof(part)) != (ssize_t)sizeof(part) || fsync(fd) != 0)
            fail("the disk refuses");
    }
    printf("%.0f\n", parts * 1.048576 / (now() - begin));
    return 0;
}

static int hash_told(unsigned passes)
{
    unsigned char out[32], salt[crypto_pwhash_SALTBYTES] = {1};
    struct samples s = {0};

    for (int i = 0; i < 9; i++) {
        double from = now();
        if (sodium_init() < 0 || crypto_pwhash(out, sizeof(out), "engawa no hidamari", 18, salt, passes, 19u << 20, crypto_pwhash_ALG_ARGON2ID13) != 0)
            fail("no hash");
        sample(&s, now() - from);
    }
    printf("%u\n", quantile(&s, 50));
    return 0;
}

static int exec_told(char *program, char *arg)
{
    char *const argv[] = {program, arg, NULL};
    struct samples s = {0};
    posix_spawn_file_actions_t quiet;

    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    for (int i = 0; i < 31; i++) {
        pid_t pid;
        int status;
        double from = now();
        if (posix_spawn(&pid, program, &quiet, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0)
            fail("%s %s does not run", program, arg);
        sample(&s, now() - from);
    }
    printf("%u\n", quantile(&s, 50));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "sync") == 0)
        return sync_told(argv[2], atof(argv[3]));
    if (argc == 4 && strcmp(argv[1], "parts") == 0)
        return parts_told(argv[2], (unsigned)atoi(argv[3]));
    if (argc == 3 && strcmp(argv[1], "hash") == 0)
        return hash_told((unsigned)atoi(argv[2]));
    if (argc == 4 && strcmp(argv[1], "exec") == 0)
        return exec_told(argv[2], argv[3]);
    return 2;
}
