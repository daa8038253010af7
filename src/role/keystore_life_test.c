/* role/keystore_life_test.c: keys that are destroyed for good, renewed, and wrapped by another master key, broken off at every step. */
#include "base/test.h"
#include "base/fault.h"
#include "crypt/hash.h"
#include "role/keys_file.h"
#include "role/keystore.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    char path[32];
    int dir;
    const char *why;
};

static struct place place_new(void)
{
    struct place p = {.path = "/tmp/engawa-life-XXXXXX", .why = ""};

    crypt_warm();
    CHECK(mkdtemp(p.path) != NULL);
    p.dir = open(p.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(p.dir >= 0 && keystore_master_new(p.dir, &p.why));
    return p;
}

static int files(struct place *p, const char *begins, bool remove)
{
    DIR *d = opendir(p->path);
    int n = 0;

    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.' && strncmp(e->d_name, begins, strlen(begins)) == 0) {
            n++;
            if (remove)
                unlinkat(p->dir, e->d_name, 0);
        }
    if (d)
        closedir(d);
    return n;
}

static void place_free(struct place *p)
{
    files(p, "", true);
    close(p->dir);
    CHECK_INT(rmdir(p->path), 0);
}

static bool there(struct place *p, const char *name)
{
    return faccessat(p->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

TEST(keystore_names)
{
    static const struct { const char *name; char kind; int64_t number; } t[] = {
        {"pepper.key", 'p', 0}, {"epoch.key", 'e', 0}, {"t-5.key", 't', 5}, {"n-5.key", 'n', 5}, {"x-0.key", 'x', 0}, {"o-5-17.key", 'o', 5},
        {"o-9223372036854775807-1795000000000.key", 'o', INT64_MAX},
        {"master.key", 0, 0}, {"master.next", 0, 0}, {"t-.key", 0, 0}, {"t--5.key", 0, 0}, {"t-5.key.new", 0, 0}, {"o-5.key", 0, 0}, {"o-5-.key", 0, 0},
        {"o-5-1-2.key", 0, 0}, {"q-5.key", 0, 0}, {"t-5/.key", 0, 0}, {"", 0, 0},
    };
    int64_t number;

    for (size_t i = 0; i < COUNT(t); i++) {
        char kind = 0;
        bool named = keystore_name(sv_c(t[i].name), &kind, &number);
        CHECK_INT_AT(i, named, t[i].kind != 0);
        CHECK(!named || (kind == t[i].kind && number == t[i].number));
    }
}

TEST(keystore_erased_is_gone_for_good)
{
    struct place p = place_new();
    struct keystore *k = keystore_open(p.dir, &p.why);
    SECRET key = {0};
    int64_t ms = 0;

    REQUIRE(k != NULL);
    CHECK(keystore_make(k, 5) && keystore_make(k, 6) && keystore_renew(k, 5) && keystore_promote(k, 5, 1000) && keystore_renew(k, 5));
    CHECK(!keystore_gone(k, 5, &ms));
    CHECK(keystore_erase(k, 5, 4711));
    CHECK(keystore_erase(k, 5, 9999));                    /* the first moment stays */
    CHECK(keystore_gone(k, 5, &ms) && ms == 4711);
    CHECK(!keystore_get(k, 5, &key) && !keystore_next(k, 5, &key) && !keystore_old(k, 5, 0, &key) && !keystore_make(k, 5) && !keystore_renew(k, 5));
    CHECK(keystore_get(k, 6, &key));
    CHECK_INT(files(&p, "t-5", false) + files(&p, "n-5", false) + files(&p, "o-5", false), 0);
    CHECK(keystore_erase(k, 7, 1) && !keystore_make(k, 7));   /* one that has no key is none either */
    CHECK(!keystore_erase(k, 0, 1));                      /* the registry's own */
    keystore_close(&k);

    /* A copy of the store says so too. */
    struct str copy = {0};
    char to[] = "/tmp/engawa-copy-XXXXXX";
    SECRET master = {0};
    CHECK(keys_gather(p.dir, &copy, &p.why) && mkdtemp(to) && keystore_master_read(p.dir, "master.key", &master, &p.why));
    struct place q = {.dir = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    memcpy(q.path, to, sizeof(to));
    CHECK(keys_spread(str_sv(&copy), q.dir, &p.why));
    k = keystore_open_with(q.dir, &master, &p.why);
    REQUIRE(k != NULL);
    CHECK(keystore_gone(k, 5, &ms) && !keystore_get(k, 5, &key) && keystore_get(k, 6, &key));
    keystore_close(&k);
    str_release(&copy);
    place_free(&q);
    place_free(&p);
}

/* A death between writing a key and giving it its name leaves it under another one, which no erasure asks for. */
TEST(keystore_broken_off_files_are_gone_at_the_next_start)
{
    static const char *const broken[] = {"t-5.key.new", "n-5.key.new", "o-5-1000.key.new", "backup.key.new"};
    static const char *const others[] = {"heads.log.new", "t-x.key.new"};
    struct place p = place_new();
    struct keystore *k = keystore_open(p.dir, &p.why);
    SECRET key = {0};

    REQUIRE(k != NULL);
    CHECK(keystore_make(k, 5));
    keystore_close(&k);
    for (size_t i = 0; i < COUNT(broken); i++)
        CHECK(linkat(p.dir, "t-5.key", p.dir, "copy", 0) == 0 && renameat(p.dir, "copy", p.dir, broken[i]) == 0);
    unlinkat(p.dir, "t-5.key", 0);
    for (size_t i = 0; i < COUNT(others); i++) {
        FD fd = openat(p.dir, others[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        CHECK(fd >= 0);
    }
    k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    for (size_t i = 0; i < COUNT(broken); i++)
        CHECK_INT_AT(i, there(&p, broken[i]), false);
    for (size_t i = 0; i < COUNT(others); i++)
        CHECK_INT_AT(i, there(&p, others[i]), true);
    CHECK(!keystore_get(k, 5, &key));
    keystore_close(&k);
    place_free(&p);
}

TEST(keystore_renews_and_keeps_the_one_before)
{
    struct place p = place_new();
    struct keystore *k = keystore_open(p.dir, &p.why);
    SECRET one = {0}, two = {0}, next = {0}, now = {0}, old = {0};

    REQUIRE(k != NULL && keystore_make(k, 5) && keystore_get(k, 5, &one));
    CHECK(!keystore_next(k, 5, &next) && !keystore_promote(k, 5, 1) && !keystore_renew(k, 6));
    CHECK(keystore_renew(k, 5) && keystore_next(k, 5, &two) && keystore_renew(k, 5) && keystore_next(k, 5, &next));
    CHECK(secret_equal(&two, &next) && !secret_equal(&one, &two));
    CHECK(keystore_get(k, 5, &now) && secret_equal(&now, &one));   /* until it is promoted */
    CHECK(keystore_promote(k, 5, 1000) && keystore_get(k, 5, &now) && secret_equal(&now, &two) && !keystore_next(k, 5, &next));
    CHECK(keystore_old(k, 5, 0, &old) && secret_equal(&old, &one) && !keystore_old(k, 5, 1, &old) && !keystore_old(k, 6, 0, &old));
    CHECK_INT(keystore_forget_old(k, 1000), 0);
    CHECK_INT(keystore_forget_old(k, 1001), 1);
    CHECK(!keystore_old(k, 5, 0, &old));
    keystore_close(&k);
    place_free(&p);
}

TEST(keystore_takes_another_master_key)
{
    struct place p = place_new();
    struct keystore *k = keystore_open(p.dir, &p.why);
    struct keystore_state before, during, after;
    static struct secret five[40];
    SECRET old = {0}, now = {0}, key = {0};
    struct stat st;

    REQUIRE(k != NULL && keystore_master_read(p.dir, "master.key", &old, &p.why));
    for (int i = 0; i < 40; i++)
        CHECK(keystore_make(k, 100 + i) && keystore_get(k, 100 + i, &five[i]));
    keystore_state(k, &before);
    CHECK(!keystore_rotate(k, &p.why));                   /* nothing is prepared */
    CHECK(keystore_prepare(k, &p.why) && keystore_prepare(k, &p.why) && keystore_rotate(k, &p.why));
    CHECK(!keystore_prepare(k, &p.why) && !keystore_rotate(k, &p.why));
    keystore_state(k, &during);
    CHECK(during.rotating && during.left > 40 && strcmp(before.id, during.id) != 0);
    CHECK(keystore_rotate_step(k, 4711));
    CHECK(keystore_make(k, 500) && keystore_erase(k, 139, 1));   /* life goes on meanwhile */
    for (int i = 0; i < 39; i++)
        CHECK(keystore_get(k, 100 + i, &key) && secret_equal(&key, &five[i]));
    for (int i = 0; keystore_rotating(k) && i < 100; i++)
        CHECK(keystore_rotate_step(k, 4711));
    keystore_state(k, &after);
    CHECK(!after.rotating && after.left == 0 && after.made_ms == 4711 && strcmp(after.id, during.id) == 0);
    CHECK(!there(&p, "master.next") && !there(&p, "master.new"));
    CHECK(fstatat(p.dir, "master.key", &st, 0) == 0 && (st.st_mode & 07777) == 0400);
    CHECK(keystore_master_read(p.dir, "master.key", &now, &p.why) && !secret_equal(&now, &old));
    keystore_close(&k);
    k = keystore_open_with(p.dir, &old, &p.why);          /* the old one opens nothing */
    CHECK(k == NULL);
    k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    for (int i = 0; i < 39; i++)
        CHECK(keystore_get(k, 100 + i, &key) && secret_equal(&key, &five[i]));
    CHECK(keystore_get(k, 500, &key) && !keystore_get(k, 139, &key));
    keystore_close(&k);
    place_free(&p);
}

#ifdef ENGAWA_TEST
/* A child does it and dies at the n-th passing of the point; what it leaves is opened here. */
static bool dies(struct place *p, const char *point, int n)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        const char *why;
        struct keystore *k = keystore_open(p->dir, &why);
        fault_set(point, n, FAULT_KILL);
        if (k && !keystore_rotating(k))
            (void)(keystore_prepare(k, &why) && keystore_rotate(k, &why));
        for (int i = 0; k && keystore_rotating(k) && i < 100; i++)
            keystore_rotate_step(k, 4711);
        _exit(0);
    }
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFSIGNALED(status);
}

TEST(keystore_rotation_survives_death_at_each_step)
{
    static const struct { const char *point; int most; } t[] = {
        {"keys.rotate.begin", 1}, {"keys.rotate.begun", 1}, {"keys.rotate.wrapped", 9}, {"keys.rotate.wrapped_all", 1}, {"keys.rotate.done", 1},
    };
    struct place p = place_new();
    struct keystore *k = keystore_open(p.dir, &p.why);
    SECRET five = {0}, key = {0};

    REQUIRE(k != NULL && keystore_make(k, 5) && keystore_get(k, 5, &five));
    for (int i = 6; i < 10; i++)
        CHECK(keystore_make(k, i));
    keystore_close(&k);
    for (size_t i = 0; i < COUNT(t); i++)
        for (int n = 1; n <= t[i].most; n++) {
            CHECK_INT_AT(i, dies(&p, t[i].point, n), true);
            k = keystore_open(p.dir, &p.why);             /* either opens, never neither */
            REQUIRE(k != NULL);
            CHECK(keystore_get(k, 5, &key) && secret_equal(&key, &five));
            for (int s = 0; keystore_rotating(k) && s < 100; s++)
                CHECK(keystore_rotate_step(k, 4711));
            CHECK(keystore_get(k, 5, &key) && secret_equal(&key, &five));
            keystore_close(&k);
            CHECK(!there(&p, "master.next"));
        }
    place_free(&p);
}
#endif
