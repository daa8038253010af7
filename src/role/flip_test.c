/* role/flip_test.c (A09): one bit of a key file, of the log of heads or of a backup flips while nobody looks. What is opened then
 * is what was stored, or nothing: never another key, another head, another byte.
 *     ENGAWA_FLIPS=10000 SEED=7 build/asan/unit-role 'flip*'      that many of each */
#include "base/test.h"
#include "crypt/hash.h"
#include "role/backup_file.h"
#include "role/headlog.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLIPS 150
#define HEADS 5
#define ROOM (4 * BACKUP_DATA)

static uint64_t state;

static uint64_t number(uint64_t below)
{
    return test_number(&state, below);
}

static uint64_t flips(void)
{
    state = test_seed();
    return test_env("ENGAWA_FLIPS", FLIPS);
}

/* Turns one bit of the file round, anywhere below n; the second time it is as it was. */
static void flip(int fd, uint64_t at, unsigned bit)
{
    unsigned char c;

    CHECK(pread(fd, &c, 1, (off_t)at) == 1);
    c = (unsigned char)(c ^ (1u << bit));
    CHECK(pwrite(fd, &c, 1, (off_t)at) == 1);
}

static uint64_t size_of(int fd)
{
    return (uint64_t)lseek(fd, 0, SEEK_END);
}

/* ---- keys and heads */

static const char *const files[] = {"master.key", "pepper.key", "sign.key", "backup.key", "t-5.key", "heads.log"};

struct keys {
    struct secret data, pepper, backup;
    unsigned char public[SIGN_PUBLIC];
    struct head last;
};

static struct head head_of(uint64_t i)
{
    struct head h = {.tenant = 5, .size = 100 + i, .time_ms = 1000 * i};

    memset(h.root, (int)i, sizeof(h.root));
    return h;
}

/* False: something is told to be damaged. */
static bool keys_read(int dir, struct keys *out)
{
    const char *why;
    bool broken = false, ok = false;
    struct keystore *k = keystore_open(dir, &why);
    struct headlog *l = k ? headlog_open(dir, &why) : NULL;

    if (l && keystore_get(k, 5, &out->data)) {
        keystore_pepper(k, 5, SV("word"), &out->pepper);
        keystore_backup(k, SV("0123456789abcdef"), &out->backup);
        keystore_public(k, out->public);
        ok = headlog_last(l, k, 5, &out->last, &broken) && !broken;
    }
    headlog_close(&l);
    keystore_close(&k);
    return ok;
}

static void keys_make(int dir)
{
    const char *why = "";

    CHECK(keystore_master_new(dir, &why));
    struct keystore *k = keystore_open(dir, &why);
    REQUIRE(k != NULL);
    CHECK(keystore_make(k, 5));
    struct headlog *l = headlog_open(dir, &why);
    REQUIRE(l != NULL);
    for (uint64_t i = 1; i <= HEADS; i++) {
        struct head h = head_of(i);
        CHECK(headlog_sign(l, k, &h));
    }
    headlog_close(&l);
    keystore_close(&k);
}

static bool same_keys(const struct keys *a, const struct keys *b)
{
    return secret_equal(&a->data, &b->data) && secret_equal(&a->pepper, &b->pepper) && secret_equal(&a->backup, &b->backup)
        && memcmp(a->public, b->public, sizeof(a->public)) == 0;
}

/* The log's last record cannot be told from one that a crash tore: then the one before it is the last. */
static bool same_head(const struct head *got, const struct head *stored, bool in_last)
{
    struct head before = head_of(HEADS - 1);

    return (got->size == stored->size && memcmp(got->root, stored->root, sizeof(got->root)) == 0)
        || (in_last && got->size == before.size && memcmp(got->root, before.root, sizeof(got->root)) == 0);
}

TEST(flip_in_the_key_folder_gives_no_other_key)
{
    char path[] = "/tmp/engawa-flip-XXXXXX", copy[HEADS * HEAD_RECORD];
    uint64_t n = flips(), told = 0;

    crypt_warm();
    REQUIRE(mkdtemp(path) != NULL);
    FD dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct keys stored = {0};
    keys_make(dir);
    CHECK(keys_read(dir, &stored) && stored.last.size == 100 + HEADS);
    for (uint64_t i = 0; i < n; i++) {
        const char *name = files[number(COUNT(files))];
        struct keys got = {0};
        CHECK(fchmodat(dir, name, 0600, 0) == 0);
        FD fd = openat(dir, name, O_RDWR | O_CLOEXEC);
        uint64_t size = size_of(fd), at = number(size);
        unsigned bit = (unsigned)number(8);
        bool log = strcmp(name, "heads.log") == 0;
        if (log)
            CHECK(pread(fd, copy, sizeof(copy), 0) == (ssize_t)sizeof(copy));
        flip(fd, at, bit);
        bool ok = keys_read(dir, &got);
        told += !ok;
        CHECK_AT(i, !ok || (same_keys(&got, &stored) && same_head(&got.last, &stored.last, log && at >= size - HEAD_RECORD)));
        CHECK_AT(i, ok == (log && at >= size - HEAD_RECORD));           /* no byte of the rest is without meaning */
        if (log)
            CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, copy, sizeof(copy), 0) == (ssize_t)sizeof(copy));
        else
            flip(fd, at, bit);
    }
    struct keys again = {0};
    CHECK(keys_read(dir, &again) && same_keys(&again, &stored) && told > n / 2);
    for (size_t i = 0; i < COUNT(files); i++)
        CHECK(unlinkat(dir, files[i], 0) == 0);
    CHECK_INT(rmdir(path), 0);
}

/* ---- a backup */

/* All bytes of all pieces, as they come; false: told to be damaged. */
static bool backup_read(int fd, const struct secret *key, struct str *out)
{
    unsigned char id[BACKUP_ID];
    enum backup_kind kind = BACKUP_DAMAGED;
    sv payload;

    if (lseek(fd, 0, SEEK_SET) != 0 || !backup_id_read(fd, id))
        return false;
    CHECK(lseek(fd, 0, SEEK_SET) == 0);
    struct backup_in *in = backup_in_new(dup(fd), id, key);
    do {
        kind = backup_next(in, &payload);
        if (kind == BACKUP_BYTES || kind == BACKUP_END)
            str_put(out, payload);
    } while (kind != BACKUP_END && kind != BACKUP_DAMAGED);
    backup_in_free(&in);
    return kind == BACKUP_END;
}

TEST(flip_in_a_backup_is_told_and_gives_no_other_byte)
{
    struct arena *a = arena_new(4096);
    struct secret key = {.n = 32};
    struct str stored = STR_IN(a);
    static const unsigned char id[BACKUP_ID] = {1, 2, 3};
    uint64_t n = flips();
    char *big = arena_alloc(a, ROOM);
    FD fd = open("build", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

    for (size_t i = 0; i < ROOM; i++)
        big[i] = (char)number(256);
    struct backup_out *o = backup_out_new(dup(fd), id, &key);
    REQUIRE(o && backup_piece(o, SV("one")) && backup_data(o, sv_n(big, 2 * BACKUP_DATA)) && backup_piece_end(o));
    REQUIRE(backup_piece(o, SV("two")) && backup_data(o, SV("little")) && backup_piece_end(o) && backup_out_end(o, SV("{}")));
    backup_out_free(&o);
    CHECK(backup_read(fd, &key, &stored));
    for (uint64_t i = 0; i < n; i++) {
        struct arena *one = arena_new(4096);
        struct str got = STR_IN(one);
        uint64_t at = number(size_of(fd));
        unsigned bit = (unsigned)number(8);
        flip(fd, at, bit);
        CHECK_AT(at, !backup_read(fd, &key, &got));
        CHECK_AT(at, sv_starts(str_sv(&stored), str_sv(&got)));         /* what came before it is what was stored */
        flip(fd, at, bit);
        arena_free(&one);
    }
    struct str again = STR_IN(a);
    CHECK(backup_read(fd, &key, &again) && sv_equal(str_sv(&again), str_sv(&stored)));
    arena_free(&a);
}
