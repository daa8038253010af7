/* role/control_ending_test.c: the rows of an end over restarts, what is left at each step, and places of copies of the keys. */
#include "base/test.h"
#include "role/control_ending.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    char path[40];
    int back;
    struct secret key;
    struct failure f;
    struct registry *r;
    struct arena *a;
};

static void again(struct place *p)
{
    registry_close(&p->r);
    p->r = registry_open(&p->key, DB_AES256, &p->f);
    CHECK(p->r != NULL);
}

static struct place place_new(void)
{
    struct place p = {.path = "/tmp/engawa-ending-XXXXXX", .a = arena_new(4096)};

    crypt_warm();
    secret_random(&p.key, 32);
    p.back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(mkdtemp(p.path) && chdir(p.path) == 0);
    again(&p);
    for (int i = 1; i < 4; i++) {
        struct tenant_row row = {.number = i, .state = TENANT_OPEN, .workgroup = i == 1 ? SV("one") : i == 2 ? SV("two") : SV("three"), .company = SV("C"), .opened_ms = 7};
        CHECK(registry_add(p.r, &row, &p.f) != NULL);
    }
    return p;
}

static void place_free(struct place *p)
{
    registry_close(&p->r);
    unlink("registry.db");
    unlink("registry.db-wal");
    unlink("registry.db-shm");
    CHECK_INT(fchdir(p->back), 0);
    CHECK_INT(rmdir(p->path), 0);
    close(p->back);
    arena_free(&p->a);
}

TEST(ending_each_step_is_kept)
{
    struct place p = place_new();
    size_t n;

    CHECK(ending_close(p.r, registry_find(p.r, 1), 1000, &p.f));
    again(&p);
    struct tenant_row *t = registry_find_name(p.r, SV("ONE"));
    REQUIRE(t && t->state == TENANT_CLOSING);
    const struct ending *e = ending_find(p.r, p.a, 1, &p.f);
    REQUIRE(e != NULL);
    CHECK(e->closed_ms == 1000 && e->erase_ms == 1000 + ENDING_MS && e->opened_ms == 7 && !e->key_ms && !e->files_ms && !e->proof_ms);
    CHECK(ending_reopen(p.r, t, &p.f));
    again(&p);
    CHECK(registry_find(p.r, 1)->state == TENANT_OPEN && !ending_find(p.r, p.a, 1, &p.f) && !ending_find_name(p.r, p.a, SV("one"), &p.f));

    t = registry_find(p.r, 1);
    CHECK(ending_close(p.r, t, 2000, &p.f) && ending_erasing(p.r, t, &p.f));
    again(&p);
    CHECK_INT(registry_find(p.r, 1)->state, TENANT_ERASING);
    CHECK(ending_key(p.r, 1, 3000, &p.f) && ending_key(p.r, 1, 9000, &p.f));   /* the first moment stays */
    again(&p);
    e = ending_find(p.r, p.a, 1, &p.f);
    REQUIRE(e && e->key_ms == 3000 && e->key_change > 0);
    CHECK(ending_files(p.r, 1, 4000, &p.f));
    CHECK(!registry_find(p.r, 1) && !registry_find_name(p.r, SV("one")) && registry_find(p.r, 2));
    again(&p);
    CHECK(!registry_find(p.r, 1));
    e = ending_find_name(p.r, p.a, SV("One"), &p.f);
    REQUIRE(e && e->number == 1 && e->files_ms == 4000);
    CHECK(!ending_find_name(p.r, p.a, SV("two"), &p.f) && !ending_find_name(p.r, p.a, SV("!"), &p.f));
    CHECK_INT((endings_open(p.r, p.a, &n, &p.f), n), 1);
    CHECK(ending_proof(p.r, 1, 5000, SV("{}"), &p.f));
    CHECK_INT((endings_open(p.r, p.a, &n, &p.f), n), 0);
    /* The name is free again, and its next holder is another number. */
    struct tenant_row row = {.number = 9, .state = TENANT_OPEN, .workgroup = SV("one"), .company = SV("D")};
    CHECK(registry_add(p.r, &row, &p.f) != NULL);
    CHECK(!ending_find(p.r, p.a, 9, &p.f));
    place_free(&p);
}

TEST(ending_of_a_restored_house)
{
    struct place p = place_new();

    CHECK(ending_close(p.r, registry_find(p.r, 1), 1000, &p.f));
    CHECK(ending_gone(p.r, 1, 5000, &p.f) && ending_gone(p.r, 2, 6000, &p.f) && ending_gone(p.r, 77, 1, &p.f));
    again(&p);
    CHECK(!registry_find(p.r, 1) && !registry_find(p.r, 2) && registry_find(p.r, 3));
    const struct ending *one = ending_find(p.r, p.a, 1, &p.f), *two = ending_find_name(p.r, p.a, SV("two"), &p.f);
    REQUIRE(one && two);
    CHECK(one->closed_ms == 1000 && one->key_ms == 5000 && one->files_ms == 5000 && two->closed_ms == 0 && two->key_ms == 6000);
    place_free(&p);
}

TEST(keys_places_and_changes)
{
    struct place p = place_new();
    int64_t n = -1;
    size_t many;
    bool was;

    CHECK(keys_change(p.r, &n, &p.f) && n == 0 && keys_changed(p.r, &p.f));
    CHECK(keys_place_put(p.r, SV("/mnt/a"), 1, 50, SV(""), &p.f) && keys_place_put(p.r, SV("/mnt/b"), 0, 60, SV(""), &p.f));
    CHECK(keys_place_put(p.r, SV("/mnt/b"), 1, 70, SV("not mounted"), &p.f) && keys_place_put(p.r, SV("/mnt/none"), 1, 70, SV("no"), &p.f));
    again(&p);
    CHECK(keys_change(p.r, &n, &p.f) && n == 1);
    const struct keys_place *k = keys_places(p.r, p.a, &many, &p.f);
    REQUIRE(many == 2);                                   /* a failure makes no place */
    CHECK(k[0].change == 1 && k[0].copied_ms == 50 && k[0].why.n == 0);
    CHECK(k[1].change == 0 && k[1].copied_ms == 60 && k[1].tried_ms == 70 && sv_equal(k[1].why, SV("not mounted")));
    CHECK(keys_place_put(p.r, SV("/mnt/b"), 1, 80, SV(""), &p.f));
    k = keys_places(p.r, p.a, &many, &p.f);
    CHECK(many == 2 && k[1].change == 1 && k[1].why.n == 0);
    CHECK(keys_place_forget(p.r, SV("/mnt/a"), &was, &p.f) && was && keys_place_forget(p.r, SV("/mnt/a"), &was, &p.f) && !was);
    place_free(&p);
}
