/* core/file_test.c: a file is read as its parts were put, by anybody's offset; over its time it is absent, then gone. */
#include "core/file.h"

#include "core/core_test.h"

static struct file made(struct fixture *f, size_t size)
{
    struct file file = {.kind = FILE_AUDIT, .name = SV("監査.csv"), .query = SV("{\"log\":\"console\"}")};
    struct str bytes = {0};

    for (size_t i = 0; i < size; i++)
        str_char(&bytes, (char)(i % 251));
    CHECK(file_add(&f->x, &file));
    for (size_t at = 0, seq = 0; at < size; at += FILE_PART, seq++)
        CHECK(file_part(&f->x, file.id, (int64_t)seq, sv_upto(sv_from(str_sv(&bytes), at), FILE_PART)));
    CHECK(file_finish(&f->x, file.id, FILE_READY, 12, (int64_t)size, SV("hash")));
    str_release(&bytes);
    return file;
}

TEST_BOTH(file_is_read_as_it_was_put)
{
    static const size_t sizes[] = {1, FILE_PART - 1, FILE_PART, FILE_PART + 1, 5 * FILE_PART + 77};

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct file file = made(f, sizes[i]), found;
        REQUIRE(file_find(&f->x, file.id, &found));
        CHECK_STR_AT(i, found.name, SV("監査.csv"));
        CHECK_STR_AT(i, found.query, SV("{\"log\":\"console\"}"));
        CHECK_INT_AT(i, found.state, FILE_READY);
        CHECK_INT_AT(i, found.rows, 12);
        CHECK_INT_AT(i, found.size, (int64_t)sizes[i]);
        for (int64_t at = 0; at < found.size;) {
            sv piece;
            REQUIRE(file_piece(&f->x, &found, at, &piece));
            CHECK(piece.n > 0 && (unsigned char)piece.p[0] == at % 251);
            at += (int64_t)piece.n;
            CHECK(at <= found.size && (unsigned char)piece.p[piece.n - 1] == (at - 1) % 251);
        }
    }
}

TEST_BOTH(file_is_absent_after_seven_days_and_erased_by_the_chore)
{
    struct file file = made(f, 120 * FILE_PART), young, found;
    bool more = true;
    int pieces = 0;

    f->x.now_ms += FILE_LIFE_MS / 2;
    young = made(f, 10);
    f->x.now_ms += FILE_LIFE_MS / 2 - 1;
    CHECK(file_find(&f->x, file.id, &found));
    f->x.now_ms++;
    CHECK(!file_find(&f->x, file.id, &found));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_call(f);
    for (; more && pieces < 100; pieces++)
        REQUIRE(file_forget(&f->x, &more));
    CHECK(pieces >= 4);                                   /* never the whole in one go */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM file"), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM file_part WHERE file = $1", ID(file.id)), 0);
    CHECK(file_find(&f->x, young.id, &found));
}

TEST_BOTH(file_in_making_begins_anew)
{
    struct file file = {.kind = FILE_AUDIT, .name = SV("a.csv"), .query = SV("{}")};
    struct file_set all = {0};

    REQUIRE(file_add(&f->x, &file) && file_part(&f->x, file.id, 0, SV("abc")) && file_progress(&f->x, file.id, 1, 3));
    made(f, 10);
    REQUIRE(file_in_making(&f->x, &all));
    REQUIRE(all.n == 1);
    CHECK_INT(all.v[0].rows, 1);
    CHECK(file_restart(&f->x, file.id));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM file_part WHERE file = $1", ID(file.id)), 0);
    CHECK(file_finish(&f->x, file.id, FILE_FAILED, 0, 0, SV("")));
    all.n = 0;
    REQUIRE(file_in_making(&f->x, &all));
    CHECK_INT((int64_t)all.n, 0);
}
