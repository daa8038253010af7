/* svc/talk/gallery_test.c: links of a store from before they were marked, and what the gallery of one looks like. */
#include "core/schema_sql.h"
#include "svc/talk/gallery.h"
#include "svc/talk/talk_fixture.h"

static size_t links(struct fixture *f, id64 who, id64 room)
{
    struct gallery_question q = {.kind = GALLERY_LINK, .limit = 2000};
    struct gallery_things all = {0};
    int64_t next;

    fixture_as(f, who);
    CHECK(talk_gallery(&f->x, room, &q, &all, &next));
    CHECK_INT(next, 0);
    for (size_t i = 0; i < all.n; i++)
        CHECK_AT(i, sv_starts(all.v[i].url, SV("https://")) && (i == 0 || all.v[i].seq <= all.v[i - 1].seq));
    return all.n;
}

/* How many pieces it took. */
static int look(struct fixture *f)
{
    bool more = true;
    int n = 0;

    for (; more && n < 100; n++) {
        fixture_as(f, ID_NONE);
        fixture_begin(f);
        CHECK(talk_links_look(&f->x, &more));
        CHECK(fixture_commit(f));
    }
    return n;
}

TEST_BOTH(talk_gallery_finds_links_of_an_older_store)
{
    struct house h = house_new(f);
    size_t before = 0;

    while (before < tenant_migration_count && !sv_starts(sv_c(tenant_migrations[before].sql), SV("CREATE INDEX message_linked")))
        before++;
    for (int i = 1; i <= 1100; i++)
        say(f, h.a, h.room, i, i % 11 ? "言葉" : "資料 https://a.example/x と https://b.example");
    CHECK_INT(links(f, h.b, h.room), 200);
    CHECK_INT(look(f), 1);                                /* a new store has nothing to look through */

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(db_exec(f->d, "UPDATE message SET flags = flags & 15") && db_exec(f->d, "DROP INDEX message_linked") &&
          db_exec(f->d, "DROP TABLE link_look") && db_exec(f->d, "UPDATE schema_version SET n = $1", INT((int64_t)before)));
    CHECK(fixture_commit(f));
    CHECK(migrate(f->d, tenant_migrations, before + 2));
    CHECK_INT(links(f, h.b, h.room), 0);
    say(f, h.b, h.room, 2000, "https://c.example");
    CHECK_INT(links(f, h.b, h.room), 1);
    CHECK_INT(look(f), 3);                                /* 1101 messages */
    CHECK_INT(links(f, h.b, h.room), 201);
    CHECK_INT(look(f), 1);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message WHERE (flags & 16) <> 0"), 101);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM message WHERE (flags & 7) <> 0"), 0);
}

TEST(talk_gallery_is_the_members_of_the_room)
{
    struct fixture *f = fixture_new(false);
    struct gallery_question q = {.kind = GALLERY_LINK, .limit = 5};
    struct gallery_things all = {0};
    struct house h = house_new(f);
    int64_t next;

    say(f, h.a, h.room, 1, "https://a.example");
    fixture_as(f, h.out);
    CHECK(!talk_gallery(&f->x, h.room, &q, &all, &next));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, h.a);
    CHECK(!talk_gallery(&f->x, (id64){INT64_C(1) << 40}, &q, &all, &next));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_free(&f);
}
