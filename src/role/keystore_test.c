/* role/keystore_test.c: the key folder and the log of heads, with torn, foreign and unprotected files. */
#include "base/test.h"
#include "crypt/hash.h"
#include "role/headlog.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char path[32];
    int dir;
    const char *why;
};

static struct place place_new(void)
{
    struct place p = {.path = "/tmp/engawa-keys-XXXXXX", .why = ""};

    crypt_warm();
    CHECK(mkdtemp(p.path) != NULL);
    p.dir = open(p.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(p.dir >= 0);
    CHECK(keystore_master_new(p.dir, &p.why));
    return p;
}

static void place_free(struct place *p)
{
    static const char *const names[] = {"master.key", "pepper.key", "sign.key", "backup.key", "heads.log", "t-0.key", "t-5.key", "t-6.key"};

    for (size_t i = 0; i < COUNT(names); i++)
        unlinkat(p->dir, names[i], 0);
    close(p->dir);
    CHECK_INT(rmdir(p->path), 0);                         /* no temporary file is left behind */
}

static off_t size_of(struct place *p, const char *name)
{
    struct stat st;

    return fstatat(p->dir, name, &st, 0) == 0 ? st.st_size : -1;
}

TEST(keystore_keys_last_and_are_bound)
{
    struct place p = place_new();
    SECRET five = {0}, again = {0}, other = {0};
    struct stat st;

    CHECK(!keystore_master_new(p.dir, &p.why));           /* never over one that is there */
    CHECK(fstatat(p.dir, "master.key", &st, 0) == 0 && (st.st_mode & 07777) == 0400);
    struct keystore *k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    CHECK(keystore_make(k, 5));
    CHECK(!keystore_make(k, 5));
    CHECK(keystore_get(k, 5, &five));
    CHECK_INT(five.n, 32);
    CHECK(!keystore_get(k, 6, &other));
    CHECK_INT(renameat(p.dir, "t-5.key", p.dir, "t-6.key"), 0);
    CHECK(!keystore_get(k, 6, &other));                   /* another tenant's file does not open under this name */
    CHECK_INT(renameat(p.dir, "t-6.key", p.dir, "t-5.key"), 0);
    keystore_close(&k);
    k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    CHECK(keystore_get(k, 5, &again));
    CHECK(secret_equal(&five, &again));
    CHECK(keystore_destroy(k, 5));
    CHECK(!keystore_get(k, 5, &again));
    CHECK(!keystore_destroy(k, 5));
    keystore_close(&k);
    place_free(&p);
}

TEST(keystore_peppers_by_tenant)
{
    struct place p = place_new();
    SECRET a = {0}, b = {0}, same = {0};
    char prehash[32] = "0123456789abcdef0123456789abcde";

    struct keystore *k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    keystore_pepper(k, 1, sv_n(prehash, 32), &a);
    keystore_pepper(k, 2, sv_n(prehash, 32), &b);
    keystore_close(&k);
    k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    keystore_pepper(k, 1, sv_n(prehash, 32), &same);
    CHECK_INT(a.n, 32);
    CHECK(!secret_equal(&a, &b));
    CHECK(secret_equal(&a, &same));
    keystore_close(&k);
    place_free(&p);
}

TEST(keystore_refuses_unprotected_or_damaged_files)
{
    static const mode_t modes[] = {0440, 0404, 0420, 0601};
    struct place p = place_new();
    unsigned char byte;

    for (size_t i = 0; i < COUNT(modes); i++) {
        CHECK_INT_AT(i, fchmodat(p.dir, "master.key", modes[i], 0), 0);
        struct keystore *k = keystore_open(p.dir, &p.why);
        CHECK_AT(i, k == NULL);
        CHECK_STR_AT(i, sv_c(p.why), SV("a key file may be read by its group or by others"));
        keystore_close(&k);
    }
    fchmodat(p.dir, "master.key", 0600, 0);
    struct keystore *k = keystore_open(p.dir, &p.why);
    CHECK(k != NULL);
    keystore_close(&k);
    FD fd = openat(p.dir, "pepper.key", O_RDWR | O_CLOEXEC);
    CHECK(pread(fd, &byte, 1, 30) == 1);
    byte ^= 1;
    CHECK(pwrite(fd, &byte, 1, 30) == 1);
    k = keystore_open(p.dir, &p.why);
    CHECK(k == NULL);                                     /* and it is not made anew over the damaged one */
    CHECK_STR(sv_c(p.why), SV("a key file is not authentic"));
    keystore_close(&k);
    unlinkat(p.dir, "master.key", 0);
    k = keystore_open(p.dir, &p.why);
    CHECK(k == NULL);
    CHECK_STR(sv_c(p.why), SV("a key file is missing"));
    keystore_close(&k);
    place_free(&p);
}

static struct head head_of(int64_t tenant, uint64_t size, int root)
{
    struct head h = {.tenant = tenant, .size = size, .time_ms = 1000 + size};

    memset(h.root, root, sizeof(h.root));
    return h;
}

TEST(heads_only_grow)
{
    static const struct { int64_t tenant; uint64_t size; int root; bool done; off_t records; } t[] = {
        {5, 10, 1, true, 1},  {5, 9, 1, false, 1}, {5, 10, 2, false, 1}, {5, 10, 1, true, 1},
        {5, 11, 3, true, 2},  {6, 1, 9, true, 3},  {5, 10, 1, false, 3},
    };
    struct place p = place_new();
    unsigned char public_key[SIGN_PUBLIC];
    struct head last;
    bool broken;

    struct keystore *k = keystore_open(p.dir, &p.why);
    struct headlog *l = headlog_open(p.dir, &p.why);
    REQUIRE(k && l);
    keystore_public(k, public_key);
    for (size_t i = 0; i < COUNT(t); i++) {
        struct head h = head_of(t[i].tenant, t[i].size, t[i].root);
        struct str data = {0};
        CHECK_INT_AT(i, headlog_sign(l, k, &h), t[i].done);
        CHECK_INT_AT(i, size_of(&p, "heads.log"), t[i].records * HEAD_RECORD);
        head_bytes(&data, &h);
        CHECK_INT_AT(i, sign_verify(sv_n(public_key, 32), str_sv(&data), sv_n(h.signature, SIGN_BYTES)), t[i].done);
        str_release(&data);
    }
    headlog_close(&l);
    l = headlog_open(p.dir, &p.why);
    REQUIRE(l != NULL);
    CHECK(headlog_last(l, k, 5, &last, &broken));
    CHECK_INT(last.size, 11);
    CHECK(!headlog_last(l, k, 7, &last, &broken));
    CHECK(!broken);
    headlog_close(&l);
    keystore_close(&k);
    place_free(&p);
}

/* A log cut at any byte of its last record gives the record before it, and goes on from there. */
TEST(heads_torn_record)
{
    struct place p = place_new();
    struct head h, last;
    bool broken;

    struct keystore *k = keystore_open(p.dir, &p.why);
    REQUIRE(k != NULL);
    for (off_t cut = HEAD_RECORD; cut <= 2 * HEAD_RECORD; cut++) {
        unlinkat(p.dir, "heads.log", 0);
        struct headlog *l = headlog_open(p.dir, &p.why);
        REQUIRE(l != NULL);
        h = head_of(5, 1, 1);
        CHECK(headlog_sign(l, k, &h));
        h = head_of(5, 2, 2);
        CHECK(headlog_sign(l, k, &h));
        headlog_close(&l);
        FD fd = openat(p.dir, "heads.log", O_RDWR | O_CLOEXEC);
        CHECK_INT(ftruncate(fd, cut), 0);
        l = headlog_open(p.dir, &p.why);
        REQUIRE(l != NULL);
        CHECK(headlog_last(l, k, 5, &last, &broken));
        CHECK_INT_AT(cut, last.size, cut == 2 * HEAD_RECORD ? 2 : 1);
        h = head_of(5, 3, 3);
        CHECK(headlog_sign(l, k, &h));
        headlog_close(&l);
        CHECK_INT_AT(cut, size_of(&p, "heads.log"), (cut == 2 * HEAD_RECORD ? 3 : 2) * HEAD_RECORD);
    }
    keystore_close(&k);
    place_free(&p);
}

/* A changed byte inside the log is no torn end; a record that checks but was not signed here is not believed. */
TEST(heads_damaged_or_forged)
{
    struct place p = place_new();
    struct head h = head_of(5, 1, 1), last;
    unsigned char byte, record[HEAD_RECORD];
    bool broken;

    struct keystore *k = keystore_open(p.dir, &p.why);
    struct headlog *l = headlog_open(p.dir, &p.why);
    REQUIRE(k && l);
    CHECK(headlog_sign(l, k, &h));
    h = head_of(5, 2, 2);
    CHECK(headlog_sign(l, k, &h));
    headlog_close(&l);
    FD fd = openat(p.dir, "heads.log", O_RDWR | O_CLOEXEC);
    CHECK(pread(fd, &byte, 1, 20) == 1);
    byte ^= 1;
    CHECK(pwrite(fd, &byte, 1, 20) == 1);
    l = headlog_open(p.dir, &p.why);
    CHECK(l == NULL);
    CHECK_STR(sv_c(p.why), SV("heads.log is damaged"));
    byte ^= 1;
    CHECK(pwrite(fd, &byte, 1, 20) == 1);
    CHECK(pread(fd, record, sizeof(record), HEAD_RECORD) == HEAD_RECORD);
    record[16] = 9;                                       /* another size, with its check made right */
    struct sha256 check = sha256(sv_n(record, HEAD_RECORD - 8));
    memcpy(record + HEAD_RECORD - 8, check.b, 8);
    CHECK(pwrite(fd, record, sizeof(record), HEAD_RECORD) == HEAD_RECORD);
    l = headlog_open(p.dir, &p.why);
    REQUIRE(l != NULL);
    CHECK(!headlog_last(l, k, 5, &last, &broken));
    CHECK(broken);
    h = head_of(5, 10, 3);
    CHECK(!headlog_sign(l, k, &h));
    headlog_close(&l);
    keystore_close(&k);
    place_free(&p);
}
