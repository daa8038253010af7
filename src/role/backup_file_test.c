/* role/backup_file_test.c: what was written comes back, and nothing else passes: no record out of its place, no other file's. */
#include "base/test.h"
#include "role/backup_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char id[BACKUP_ID] = {1, 2, 3}, other_id[BACKUP_ID] = {1, 2, 4};

static int file_new(void)
{
    int fd = open("build", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

    CHECK(fd >= 0);
    return fd;
}

static struct secret key_of(unsigned char b)
{
    struct secret k = {.n = 32};

    memset(k.b, b, k.n);
    return k;
}

/* Two pieces, the second of several records. */
static void fill(int fd, const struct secret *key, struct arena *a)
{
    struct backup_out *o = backup_out_new(dup(fd), id, key);
    char *big = arena_alloc(a, 3 * BACKUP_DATA + 5);

    memset(big, 'b', 3 * BACKUP_DATA + 5);
    CHECK(o && backup_piece(o, SV("one")) && backup_data(o, SV("hello")) && backup_piece_end(o));
    CHECK(backup_tables(o, SV("[]")));
    CHECK(backup_piece(o, SV("two")) && backup_data(o, sv_n(big, 3 * BACKUP_DATA + 5)) && backup_piece_end(o));
    CHECK(backup_piece(o, SV("empty")) && backup_piece_end(o));
    CHECK(backup_out_end(o, SV("{}")));
    CHECK_INT(backup_out_bytes(o), lseek(fd, 0, SEEK_END));
    backup_out_free(&o);
}

/* The kinds that come, as letters; *at: where the last began. */
static sv kinds(int fd, const unsigned char *of, const struct secret *key, struct arena *a, int64_t *at)
{
    static const char letters[] = "ZPDETx";
    struct backup_in *in = backup_in_new(dup(fd), of, key);
    struct str out = STR_IN(a);
    enum backup_kind k;
    sv payload;

    do {
        k = backup_next(in, &payload);
        str_char(&out, letters[k]);
    } while (k != BACKUP_END && k != BACKUP_DAMAGED);
    *at = in->at;
    backup_in_free(&in);
    return str_sv(&out);
}

TEST(backup_file_comes_back)
{
    struct arena *a = arena_new(4096);
    struct secret key = key_of(7), wrong = key_of(8);
    unsigned char got[BACKUP_ID];
    int64_t at;
    FD fd = file_new();

    fill(fd, &key, a);
    CHECK(backup_id_read(fd, got) && memcmp(got, id, BACKUP_ID) == 0);
    CHECK_STR(kinds(fd, id, &key, a, &at), SV("PDETPDDDDEPEZ"));
    CHECK_STR(kinds(fd, id, &wrong, a, &at), SV("x"));
    CHECK_STR(kinds(fd, other_id, &key, a, &at), SV("x"));
    arena_free(&a);
}

TEST(backup_file_takes_no_record_out_of_its_place)
{
    struct arena *a = arena_new(4096);
    struct secret key = key_of(7);
    unsigned char bytes[4096], swapped[4096];
    int64_t at;
    FD fd = file_new();

    fill(fd, &key, a);
    ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
    REQUIRE(n == (ssize_t)sizeof(bytes));
    size_t first = 24, a_n = 4u + bytes[first + 3], second = first + a_n, b_n = 4u + bytes[second + 3];
    memcpy(swapped, bytes + second, b_n);
    memcpy(swapped + b_n, bytes + first, a_n);
    CHECK(pwrite(fd, swapped, a_n + b_n, (off_t)first) == (ssize_t)(a_n + b_n));
    CHECK_STR(kinds(fd, id, &key, a, &at), SV("x"));
    CHECK(pwrite(fd, bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes));
    CHECK(pwrite(fd, bytes + first, a_n, (off_t)second) == (ssize_t)a_n);   /* the first once more */
    CHECK_STR(kinds(fd, id, &key, a, &at), SV("Px"));
    CHECK_INT(at, (int64_t)second);
    arena_free(&a);
}

TEST(backup_file_is_whole_or_not)
{
    struct arena *a = arena_new(4096);
    struct secret key = key_of(7);
    int64_t at;
    FD fd = file_new();

    fill(fd, &key, a);
    off_t end = lseek(fd, 0, SEEK_END);
    for (off_t cut = 1; cut < 200; cut += 7) {
        CHECK(ftruncate(fd, end - cut) == 0);
        sv got = kinds(fd, id, &key, a, &at);
        CHECK_AT(cut, sv_ends(got, SV("x")));
    }
    FD longer = file_new();
    fill(longer, &key, a);
    CHECK(pwrite(longer, "x", 1, end) == 1);
    CHECK_STR(kinds(longer, id, &key, a, &at), SV("PDETPDDDDEPEx"));
    arena_free(&a);
}
