/* svc/org/profile_test.c: photo and presence of a member, without and with sealed columns. */
#include "core/core_test.h"
#include "svc/org/profile.h"

#include <fcntl.h>
#include <unistd.h>

static sv picture(struct fixture *f, const char *name)
{
    struct str s = STR_IN(f->a);
    FD fd = open(sv_cstr(f->a, sv_printf(f->a, "test/corpus/image/%s", name)), O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, str_room(&s, 8192), 8192);

    str_grew(&s, n > 0 ? (size_t)n : 0);
    return str_sv(&s);
}

static sv presence_column(struct fixture *f, id64 member)
{
    ROWS r = db_query(f->d, "SELECT presence FROM member WHERE id = $1", ID(member));

    return rows_next(&r) ? row_sealed(&r, 0, "member.presence", member.n) : SV("no row");
}

TEST_BOTH(profile_photo_is_kept_and_replaced)
{
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), ueno = fixture_member(f, "ueno", ROLE_MEMBER);
    sv jpeg = picture(f, "jpeg-baseline"), png = picture(f, "png-rgb");
    struct photo p;
    int64_t first, second;

    fixture_call(f);
    CHECK(!profile_photo_find(&f->x, mori, &p));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_call(f);
    CHECK(profile_photo_put(&f->x, mori, SV("image/jpeg"), jpeg));
    REQUIRE(profile_photo_find(&f->x, mori, &p));
    CHECK_STR(p.media_type, SV("image/jpeg"));
    CHECK_STR(p.bytes, jpeg);
    CHECK(profile_photo_version(&f->x, mori, &first) && first == f->x.now_ms);
    /* In the same moment: still another version. */
    CHECK(profile_photo_put(&f->x, mori, SV("image/png"), png));
    REQUIRE(profile_photo_find(&f->x, mori, &p));
    CHECK_STR(p.media_type, SV("image/png"));
    CHECK(profile_photo_version(&f->x, mori, &second) && second > first);
    CHECK(!profile_photo_find(&f->x, ueno, &p));
    fixture_call(f);
    CHECK(profile_photo_delete(&f->x, mori));
    CHECK(profile_photo_version(&f->x, mori, &second) && second == 0);
    CHECK(profile_photo_delete(&f->x, mori));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM photo"), 0);
    CHECK(!profile_photo_put(&f->x, (id64){1}, SV("image/png"), png));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
}

TEST_BOTH(profile_photo_refuses)
{
    static const struct { const char *type, *file, *field; } t[] = {
        { "image/png", "jpeg-baseline", "type" }, { "image/gif", "gif", "type" },         { "image/svg+xml", "png-rgb", "type" },
        { "image/png", "gif", "data" },           { "image/webp", "webp-moving", "data" }, { "", "png-rgb", "type" },
    };
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER);

    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_call(f);
        CHECK_AT(i, !profile_photo_put(&f->x, mori, sv_c(t[i].type), picture(f, t[i].file)));
        CHECK_INT_AT(i, f->x.failure.code, E_INVALID_VALUE);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(t[i].field));
    }
    fixture_call(f);
    sv long_one = sv_n(arena_alloc(f->a, PHOTO_BYTES + 1), PHOTO_BYTES + 1);
    CHECK(!profile_photo_put(&f->x, mori, SV("image/png"), long_one));
    CHECK_INT(f->x.failure.code, E_TOO_LARGE);
    /* More points than allowed, in few bytes: the height of a JPEG's frame is set anew. */
    sv jpeg = sv_dup(f->a, picture(f, "jpeg-baseline"));
    size_t at;
    REQUIRE(sv_find(jpeg, SV("\xff\xc0"), &at));
    struct str high = STR_IN(f->a);
    str_put(&high, sv_upto(jpeg, at + 5));
    str_put(&high, SV("\x02\x01"));
    str_put(&high, sv_from(jpeg, at + 7));
    fixture_call(f);
    CHECK(!profile_photo_put(&f->x, mori, SV("image/jpeg"), str_sv(&high)));
    CHECK_STR(sv_c(f->x.failure.field), SV("data"));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM photo"), 0);
}

TEST_BOTH(profile_presence_ends_by_itself)
{
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER);
    int64_t now = f->x.now_ms, hour = 3600000;
    struct presence out, stays = {SV("テレワーク \"自宅\""), 0}, ends = {SV("外出中"), now + hour};

    fixture_call(f);
    CHECK_STR(profile_presence(f->a, presence_column(f, mori), now).text, SV(""));
    CHECK(profile_presence_put(&f->x, mori, &stays));
    out = profile_presence(f->a, presence_column(f, mori), now + 1000 * hour);
    CHECK_STR(out.text, stays.text);
    CHECK_INT(out.until_ms, 0);
    CHECK(profile_presence_put(&f->x, mori, &ends));
    out = profile_presence(f->a, presence_column(f, mori), now + hour - 1);
    CHECK_STR(out.text, ends.text);
    CHECK_INT(out.until_ms, now + hour);
    CHECK_STR(profile_presence(f->a, presence_column(f, mori), now + hour).text, SV(""));
    CHECK(profile_presence_put(&f->x, mori, &(struct presence){SV(""), 0}));
    CHECK_STR(presence_column(f, mori), SV(""));
    CHECK_STR(profile_presence(f->a, SV("{\"text\":1,\"until\":0}"), now).text, SV(""));
    CHECK_STR(profile_presence(f->a, SV("not JSON"), now).text, SV(""));
}

TEST_BOTH(profile_presence_refuses_a_time_that_is_no_end)
{
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER);
    int64_t now = f->x.now_ms;
    const int64_t bad[] = {now, now - 1, 1, now + INT64_C(367) * 86400000};

    for (size_t i = 0; i < COUNT(bad); i++) {
        fixture_call(f);
        CHECK_AT(i, !profile_presence_put(&f->x, mori, &(struct presence){SV("外出中"), bad[i]}));
        CHECK_STR_AT(i, sv_c(f->x.failure.field), SV("until"));
    }
    CHECK_STR(presence_column(f, mori), SV(""));
}
