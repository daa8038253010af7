/* svc/talk/folder_test.c: folders of the room list end with their member, places in them with the membership, a room's
 * picture with the room. With and without sealed columns. */
#include "svc/talk/folder.h"
#include "svc/talk/place.h"
#include "svc/talk/room.h"
#include "svc/talk/talk_fixture.h"
#include "svc/talk/talk_sql.h"

static bool begin(struct fixture *f, id64 who)
{
    fixture_as(f, who);
    fixture_begin(f);
    return true;
}

static id64 folder(struct fixture *f, id64 who, const char *name)
{
    id64 id = ID_NONE;

    CHECK(begin(f, who) && talk_folder_add(&f->x, sv_c(name), &id) && fixture_commit(f));
    return id;
}

static int64_t put_in(struct fixture *f, id64 room, id64 folder)
{
    return FIXTURE_INT(f, "SELECT COUNT(*) FROM room_member WHERE room = $1 AND folder = $2", ID(room), ID(folder));
}

TEST_BOTH(folder_holds_until_it_or_the_membership_ends)
{
    struct house h = house_new(f);
    struct folders all = { 0 };
    id64 a = folder(f, h.a, "仕事"), b = folder(f, h.b, "仕事");

    CHECK(begin(f, h.a) && talk_folder_put(&f->x, h.room, a) && fixture_commit(f));
    CHECK(begin(f, h.b) && talk_folder_put(&f->x, h.room, b) && fixture_commit(f));
    CHECK(begin(f, h.b) && !talk_folder_put(&f->x, h.room, a));
    fixture_rollback(f);
    fixture_as(f, h.a);
    REQUIRE(talk_folders(&f->x, &all) && all.n == 1);
    CHECK_STR(all.v[0].name, SV("仕事"));
    CHECK(begin(f, h.b) && talk_folder_delete(&f->x, a) && fixture_commit(f));
    CHECK_INT(put_in(f, h.room, a), 1);                   /* another's delete does nothing */
    CHECK(begin(f, h.a) && talk_folder_delete(&f->x, a) && fixture_commit(f));
    CHECK_INT(put_in(f, h.room, a), 0);
    CHECK_INT(put_in(f, h.room, b), 1);
    CHECK(begin(f, ID_NONE) && talk_member_gone(&f->x, h.b) && fixture_commit(f));
    CHECK_INT(put_in(f, h.room, b), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_folder"), 0);
}

static const struct photo point = {{"image/webp", 10}, {"RIFF", 4}};

TEST_BOTH(room_picture_is_replaced_and_erased)
{
    struct house h = house_new(f);
    int64_t first, second;
    struct photo p;

    CHECK(begin(f, h.a) && talk_photo_put(&f->x, h.room, &point) && fixture_commit(f));
    fixture_as(f, h.b);
    REQUIRE(talk_photo_find(&f->x, h.room, &p, &first));
    CHECK_STR(p.bytes, point.bytes);
    CHECK(begin(f, h.b) && talk_photo_put(&f->x, h.room, &point) && fixture_commit(f));
    REQUIRE(talk_photo_find(&f->x, h.room, &p, &second));
    CHECK(second > first);                                /* within the same moment, too */
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_photo"), 1);
    fixture_as(f, h.out);
    CHECK(!talk_photo_find(&f->x, h.room, &p, &first));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    CHECK(begin(f, h.a) && talk_photo_delete(&f->x, h.room) && fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_photo"), 0);
    CHECK(begin(f, h.a) && talk_photo_put(&f->x, h.room, &point) && fixture_commit(f));
    CHECK(begin(f, ID_NONE) && talk_sql_room_erase(&f->x, h.room) && fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM room_photo"), 0);
}
