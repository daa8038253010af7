/* svc/org/profile_test.c: photo and presence of a member, without and with sealed columns. */
#include "core/core_test.h"
#include "svc/org/profile.h"

static const struct photo first_photo = {{"image/webp", 10}, {"RIFF1", 5}}, second_photo = {{"image/png", 9}, {"RIFF2", 5}};

static sv presence_column(struct fixture *f, id64 member)
{
    ROWS r = db_query(f->d, "SELECT presence FROM member WHERE id = $1", ID(member));

    return rows_next(&r) ? row_sealed(&r, 0, "member.presence", member.n) : SV("no row");
}

TEST_BOTH(profile_photo_is_kept_and_replaced)
{
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), ueno = fixture_member(f, "ueno", ROLE_MEMBER);
    struct photo p;
    int64_t first, second;

    fixture_call(f);
    CHECK(!profile_photo_find(&f->x, mori, &p));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_call(f);
    CHECK(profile_photo_put(&f->x, mori, &first_photo));
    REQUIRE(profile_photo_find(&f->x, mori, &p));
    CHECK_STR(p.media_type, SV("image/webp"));
    CHECK_STR(p.bytes, first_photo.bytes);
    CHECK(profile_photo_version(&f->x, mori, &first) && first == f->x.now_ms);
    /* In the same moment: still another version. */
    CHECK(profile_photo_put(&f->x, mori, &second_photo));
    REQUIRE(profile_photo_find(&f->x, mori, &p));
    CHECK_STR(p.media_type, SV("image/png"));
    CHECK(profile_photo_version(&f->x, mori, &second) && second > first);
    CHECK(!profile_photo_find(&f->x, ueno, &p));
    fixture_call(f);
    CHECK(profile_photo_delete(&f->x, mori));
    CHECK(profile_photo_version(&f->x, mori, &second) && second == 0);
    CHECK(profile_photo_delete(&f->x, mori));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM photo"), 0);
    CHECK(!profile_photo_put(&f->x, (id64){1}, &first_photo));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
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
