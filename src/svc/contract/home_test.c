/* svc/contract/home_test.c: what the counts of the console's first page count, and what they leave out. */
#include "core/core_test.h"
#include "svc/contract/contract.h"
#include "svc/contract/home.h"

static struct home now(struct fixture *f)
{
    struct home h;

    fixture_call(f);
    CHECK(contract_home(&f->x, &h));
    return h;
}

static void set(struct fixture *f, id64 by, const char *key, const char *value)
{
    size_t i;

    fixture_as(f, by);
    fixture_begin(f);
    CHECK(policy_find(sv_c(key), &i) && contract_setting_store(&f->x, i, sv_c(value)));
    CHECK(fixture_commit(f));
}

TEST_BOTH(home_counts_what_waits)
{
    id64 chief = fixture_member(f, "chief", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN);
    id64 mori = fixture_member(f, "mori", ROLE_MEMBER), gone = fixture_member(f, "gone", ROLE_SUB_ADMIN);
    int64_t t = f->x.now_ms;

    CHECK(db_exec(f->d, "UPDATE member SET seen_ms = 1 WHERE id = $1", ID(chief)));
    fixture_status(f, gone, MEMBER_DELETED);
    struct home h = now(f);
    CHECK(h.locked == 0 && h.not_started == 0 && h.role_paused == 0 && h.handover == 0 && h.units == 0);
    CHECK_INT(h.members, 3);
    CHECK_INT(h.never_seen, 2);
    CHECK_INT(h.sub_admins, 1);

    CHECK(db_exec(f->d, "UPDATE member SET start_ms = $1 WHERE id = $2", INT(t + 1), ID(mori)));
    CHECK(db_exec(f->d, "UPDATE member SET role_paused = 1 WHERE id = $1 OR id = $2", ID(sub), ID(gone)));
    for (int n = 0; n < 4; n++)                           /* of two sources still paused, of one no more, of a deleted one */
        CHECK(db_exec(f->d, "INSERT INTO login_failure (member, source, failures, pauses, paused_until_ms, last_ms)"
                            " VALUES ($1, $2, 5, 1, $3, 0)",
                      ID(n == 3 ? gone : n == 2 ? chief : sub), TEXT(n ? SV("b") : SV("a")), INT(n == 2 ? t : t + 1)));
    CHECK(db_exec(f->d, "INSERT INTO handover (id, from_member, to_member, made_ms, until_ms, state) VALUES (1, $1, $2, 0, $3, 1)",
                  ID(chief), ID(sub), INT(t)));
    CHECK_INT(now(f).handover, 0);                        /* its time has run out */
    CHECK(db_exec(f->d, "UPDATE handover SET until_ms = $1", INT(t + 1)));
    h = now(f);
    CHECK_INT(h.locked, 1);
    CHECK_INT(h.not_started, 1);
    CHECK_INT(h.never_seen, 1);
    CHECK_INT(h.role_paused, 1);
    CHECK_INT(h.handover, 1);
    CHECK_INT(h.waiting, 0);
    for (int n = 1; n <= 3; n++)                          /* the third was rejected */
        CHECK(db_exec(f->d, "INSERT INTO invited (id, inviter, login, family, given, family_reading, given_reading, language, password,"
                            " made_ms, rejected_ms) VALUES ($1, $2, $3, '', '', '', '', 'ja', $4, 0, $5)",
                      INT(n), ID(chief), TEXT(sv_printf(f->a, "w%d", n)), SEALED("invited.password", n, SV("")), INT(n == 3)));
    CHECK_INT(now(f).waiting, 2);
    CHECK(db_exec(f->d, "UPDATE handover SET state = 2"));
    CHECK_INT(now(f).handover, 0);
}

TEST_BOTH(home_counts_how_far_the_opening_came)
{
    id64 chief = fixture_member(f, "chief", ROLE_SUPER_ADMIN);

    set(f, ID_NONE, "tenant.company_name", "縁側");         /* by the operator, at the opening */
    CHECK(now(f).company == 0 && now(f).password == 0);
    set(f, chief, "tenant.company_name", "縁側商店");
    CHECK(now(f).company == 1 && now(f).password == 0);
    set(f, chief, "account.password.min_length", "15");
    CHECK_INT(now(f).password, 1);
    CHECK(db_exec(f->d, "INSERT INTO unit (id, parent, code, name, description, folded, place, public, functions, delegation,"
                        " notify, leader, room, made_ms, deleted_ms) VALUES (1, 0, 'a', 'a', '', '', 0, 1, 31, 0, 1, 0, 0, 0, 0),"
                        " (2, 0, 'b', 'b', '', '', 0, 1, 31, 0, 1, 0, 0, 0, 5)"));
    CHECK_INT(now(f).units, 1);
}
