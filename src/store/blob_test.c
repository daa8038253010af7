/* store/blob_test.c: what is written is read, in any part; what was changed, moved or cut is not; a failure leaves the file as it
 * was promised. */
#include "base/test.h"
#include "base/fault.h"
#include "base/rand.h"
#include "store/blob.h"
#include "store/db_test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    struct scratch t;
    int folder;
};

static struct place place_new(void)
{
    struct place p = {.t = scratch_new()};

    p.folder = open(p.t.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ENSURE(p.folder >= 0);
    return p;
}

static void place_end(struct place *p)
{
    for (unsigned n = 0; n < BLOB_FOLDERS; n++) {
        char path[32];
        struct blob_ids ids = {0};
        blob_list(p->folder, n, p->t.a, &ids);
        for (size_t i = 0; i < ids.n; i++)
            blob_erase(p->folder, ids.v[i]);
        snprintf(path, sizeof(path), "blobs/%02x", n);
        unlinkat(p->folder, path, AT_REMOVEDIR);
    }
    unlinkat(p->folder, "blobs", AT_REMOVEDIR);
    fd_close(&p->folder);
    scratch_end(&p->t);
}

static struct blob blob_new(const struct place *p, int64_t size)
{
    struct blob b = {.folder = p->folder, .tenant = 42, .id = rand_id(), .size = size};

    secret_random(&b.key, 32);
    return b;
}

static sv bytes_of(struct place *p, int64_t size)
{
    char *bytes = arena_raw(p->t.a, (size_t)size);

    for (int64_t i = 0; i < size; i++)
        bytes[i] = (char)(i * 7 % 251);
    return sv_n(bytes, (size_t)size);
}

static bool whole(struct place *p, const struct blob *b, sv bytes)
{
    struct sha256 want = sha256(bytes), have;
    struct str head = STR_IN(p->t.a);

    return blob_whole(b, &have, &head, &p->t.f) && memcmp(want.b, have.b, 32) == 0 && sv_equal(str_sv(&head), sv_upto(bytes, BLOB_HEAD)) &&
           blob_keep(b, &p->t.f);
}

TEST(blob_reads_what_was_written_in_any_part)
{
    static const int64_t sizes[] = {1, 28, BLOB_CHUNK - 1, BLOB_CHUNK, BLOB_CHUNK + 1, 3 * BLOB_CHUNK, 3 * BLOB_CHUNK + 5};
    struct place p = place_new();

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct blob b = blob_new(&p, sizes[i]);
        sv bytes = bytes_of(&p, sizes[i]), part;
        for (int64_t at = 0; at < sizes[i]; at += BLOB_CHUNK)
            CHECK_AT(i, blob_put(&b, at, sv_upto(sv_from(bytes, (size_t)at), BLOB_CHUNK), &p.t.f));
        CHECK_AT(i, !blob_there(&b));
        CHECK_AT(i, !blob_read(&b, 0, 1, p.t.a, &part, &p.t.f));
        failure_clear(&p.t.f);
        CHECK_AT(i, whole(&p, &b, bytes) && blob_there(&b));
        for (int64_t at = 0; at < sizes[i]; at += 40000) {
            CHECK_AT(i, blob_read(&b, at, 60000, p.t.a, &part, &p.t.f) && part.n > 0);
            CHECK_AT(i, sv_equal(part, sv_upto(sv_from(bytes, (size_t)at), part.n)));
        }
        CHECK_AT(i, blob_keep(&b, &p.t.f));               /* once more changes nothing */
        blob_erase(p.folder, b.id);
        CHECK_AT(i, !blob_there(&b));
    }
    place_end(&p);
}

static const char *path_of(struct place *p, const struct blob *b)
{
    return sv_printf(p->t.a, "blobs/%02x/%" PRId64, (unsigned)(b->id.n & 255), b->id.n).p;
}

TEST(blob_that_was_changed_moved_or_cut_is_not_read)
{
    struct place p = place_new();
    struct blob b = blob_new(&p, 2 * BLOB_CHUNK + 100), other = blob_new(&p, b.size), wrong = b;
    sv bytes = bytes_of(&p, b.size), part;
    struct stat st;

    CHECK(blob_put(&b, 0, bytes, &p.t.f) && whole(&p, &b, bytes));
    FD fd = openat(p.folder, path_of(&p, &b), O_RDWR | O_CLOEXEC);
    REQUIRE(fd >= 0 && fstat(fd, &st) == 0);
    for (int i = 0; i < 60; i++) {
        off_t at = i < 16 ? i : (off_t)rand_below((uint64_t)st.st_size);
        unsigned char was, bent;
        bool all = true;
        CHECK_INT(pread(fd, &was, 1, at), 1);
        bent = was ^ (unsigned char)(1u << rand_below(8));
        CHECK_INT(pwrite(fd, &bent, 1, at), 1);
        for (int64_t from = 0; from < b.size; from += BLOB_CHUNK)
            all = blob_read(&b, from, 100, p.t.a, &part, &p.t.f) && all;
        CHECK_AT(i, !all);
        CHECK_INT(pwrite(fd, &was, 1, at), 1);
        failure_clear(&p.t.f);
    }
    CHECK(blob_read(&b, 0, 100, p.t.a, &part, &p.t.f));
    wrong.tenant = 43;
    CHECK(!blob_read(&wrong, 0, 100, p.t.a, &part, &p.t.f));
    failure_clear(&p.t.f);
    wrong = b;
    wrong.size = b.size - 1;                              /* a file that was cut, or is longer than its row says */
    CHECK(!blob_read(&wrong, 2 * BLOB_CHUNK, 100, p.t.a, &part, &p.t.f) && !blob_there(&wrong));
    failure_clear(&p.t.f);
    other.key = b.key;
    CHECK(blob_put(&other, 0, bytes, &p.t.f) && whole(&p, &other, bytes));
    CHECK(renameat(p.folder, path_of(&p, &b), p.folder, path_of(&p, &other)) == 0);
    CHECK(!blob_read(&other, 0, 100, p.t.a, &part, &p.t.f));
    CHECK_INT(ftruncate(fd, st.st_size - 1), 0);
    place_end(&p);
}

TEST(blob_part_that_failed_comes_again)
{
    struct place p = place_new();
    struct blob b = blob_new(&p, 3 * BLOB_CHUNK);
    sv bytes = bytes_of(&p, b.size), part;

    for (int n = 1; n <= 3; n++) {
        fault_set("blob.write", n, FAULT_FAIL);
        CHECK_AT(n, !blob_put(&b, 0, bytes, &p.t.f));
        failure_clear(&p.t.f);
    }
    fault_clear();
    CHECK(blob_put(&b, 0, sv_upto(bytes, BLOB_CHUNK), &p.t.f));
    CHECK(blob_put(&b, 0, bytes, &p.t.f));
    CHECK(whole(&p, &b, bytes));
    /* As after an end between the rename and the row: it has its name already, and goes on. */
    CHECK(blob_put(&b, 2 * BLOB_CHUNK, sv_from(bytes, 2 * BLOB_CHUNK), &p.t.f) && !blob_there(&b));
    CHECK(whole(&p, &b, bytes) && blob_read(&b, 0, 10, p.t.a, &part, &p.t.f));
    place_end(&p);
}

TEST(blob_list_knows_all_and_nothing_else)
{
    struct place p = place_new();
    struct blob b = blob_new(&p, 10), c = blob_new(&p, 10);
    struct blob_ids ids = {0};

    CHECK(blob_put(&b, 0, bytes_of(&p, 10), &p.t.f) && whole(&p, &b, bytes_of(&p, 10)));
    CHECK(blob_put(&c, 0, bytes_of(&p, 10), &p.t.f));     /* and stays a part */
    for (unsigned n = 0; n < BLOB_FOLDERS; n++)
        CHECK(blob_list(p.folder, n, p.t.a, &ids));
    REQUIRE(ids.n == 2);
    CHECK((ids.v[0].n == b.id.n && ids.v[1].n == c.id.n) || (ids.v[0].n == c.id.n && ids.v[1].n == b.id.n));
    place_end(&p);
}

TEST(blob_golden_file_opens)
{
    struct place p = place_new();
    struct blob b = {.folder = p.folder, .tenant = 42, .id = {4711}, .size = 70000, .key = {.n = 32}};
    sv bytes = bytes_of(&p, b.size), part;
    char *golden = arena_raw(p.t.a, 80000);
    FD fd = open("test/golden/formats/blob-1.blob", O_RDONLY | O_CLOEXEC);

    for (size_t i = 0; i < 32; i++)
        b.key.b[i] = (unsigned char)i;
    REQUIRE(fd >= 0);
    ssize_t n = read(fd, golden, 80000);
    CHECK_INT(n, 16 + 70000 + 2 * 28);
    CHECK(mkdirat(p.folder, "blobs", 0700) == 0 && mkdirat(p.folder, "blobs/67", 0700) == 0);
    FD to = openat(p.folder, "blobs/67/4711", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK_INT(write(to, golden, (size_t)n), n);
    CHECK(blob_there(&b));
    CHECK(blob_read(&b, 0, BLOB_CHUNK, p.t.a, &part, &p.t.f));
    CHECK(sv_equal(part, sv_upto(bytes, BLOB_CHUNK)));
    CHECK(blob_read(&b, BLOB_CHUNK, BLOB_CHUNK, p.t.a, &part, &p.t.f));
    CHECK(sv_equal(part, sv_from(bytes, BLOB_CHUNK)));
    place_end(&p);
}
