/* svc/contract/closing_test.c: who stands in the way of a cancellation, what it ends, and the way back. */
#include "core/core_test.h"
#include "core/member_state.h"
#include "svc/contract/closing.h"

static enum err close_as(struct fixture *f, id64 member, sv typed)
{
    fixture_as(f, member);
    fixture_begin(f);
    enum err code = closing_close(&f->x, typed) ? E_NONE : f->x.failure.code;
    if (code == E_NONE)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

TEST_BOTH(closing_waits_for_everybody)
{
    id64 chief = fixture_member(f, "chief", ROLE_SUPER_ADMIN), mori = fixture_member(f, "mori", ROLE_MEMBER);
    sv name = str_sv(&f->t->workgroup);
    struct closing_left left;
    static const struct { enum member_status status; bool later; int64_t active, suspended, not_started; } t[] = {
        {MEMBER_ACTIVE, false, 1, 0, 0}, {MEMBER_SUSPENDED, false, 0, 1, 0}, {MEMBER_ACTIVE, true, 0, 0, 1}, {MEMBER_SUSPENDED, true, 0, 1, 0},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        fixture_status(f, mori, t[i].status);
        CHECK(db_exec(f->d, "UPDATE member SET start_ms = $1 WHERE id = $2", INT(t[i].later ? f->x.now_ms + 1 : 0), ID(mori)));
        fixture_as(f, chief);
        CHECK(closing_left(&f->x, &left));
        CHECK_INT_AT(i, left.active, t[i].active);
        CHECK_INT_AT(i, left.suspended, t[i].suspended);
        CHECK_INT_AT(i, left.not_started, t[i].not_started);
        CHECK_INT_AT(i, close_as(f, chief, name), E_MEMBERS_LEFT);
    }
    fixture_status(f, mori, MEMBER_DELETED);
    CHECK_INT(close_as(f, chief, SV("another")), E_INVALID_VALUE);
    CHECK_INT(FIXTURE_INT(f, "SELECT closed_ms FROM tenant"), 0);
    CHECK_INT(close_as(f, chief, name), E_NONE);
    CHECK(FIXTURE_INT(f, "SELECT closed_ms FROM tenant") > 0);
    fixture_restart(f);
    CHECK(atomic_load(&f->t->closed_ms) > 0);
    CHECK_INT(close_as(f, chief, str_sv(&f->t->workgroup)), E_CONFLICT);
}

TEST_BOTH(closing_is_taken_back)
{
    id64 chief = fixture_member(f, "chief", ROLE_SUPER_ADMIN);
    bool was = true;

    fixture_call(f);
    fixture_begin(f);
    CHECK(closing_reopen(&f->x, &was) && !was);
    CHECK(fixture_commit(f));
    CHECK_INT(close_as(f, chief, str_sv(&f->t->workgroup)), E_NONE);
    CHECK_INT(FIXTURE_INT(f, "SELECT (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM link) + (SELECT COUNT(*) FROM device)"), 0);
    fixture_call(f);
    fixture_begin(f);
    CHECK(closing_reopen(&f->x, &was) && was);
    CHECK(fixture_commit(f));
    fixture_restart(f);
    CHECK_INT(atomic_load(&f->t->closed_ms), 0);
}
