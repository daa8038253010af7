/* svc/account/second_test.c: who is asked for a second step, and how its codes are counted. */
#include "core/core_test.h"
#include "crypt/otp.h"
#include "svc/account/account_sql.h"
#include "svc/account/second.h"

#define DAY_MS INT64_C(86400000)

static enum second_due due_of(struct fixture *f, id64 member, const struct secret *browser)
{
    struct credential c;
    enum second_due due = SECOND_NONE;

    fixture_call(f);
    f->x.actor.browser = browser ? secret_view(browser) : SV("");
    CHECK(account_sql_credential(&f->x, SV(""), member, &c) && second_due(&f->x, &c, &due));
    return due;
}

/* A sign-in that asked for nothing, or one that proved it. */
static void enters(struct fixture *f, id64 member, enum browser_proof proof, struct secret *browser)
{
    SECRET token = { 0 };

    fixture_as(f, member);
    f->x.actor.browser = secret_view(browser);
    fixture_begin(f);
    CHECK(account_enter(&f->x, proof, &token, browser));
    CHECK(fixture_commit(f));
}

/* Registers an app for the member; its secret. */
static void registers(struct fixture *f, id64 member, struct secret *secret)
{
    struct arena *a = arena_new(1024);
    char code[OTP_DIGITS + 1];

    fixture_as(f, member);
    fixture_begin(f);
    CHECK(second_app_begin(&f->x, secret));
    CHECK(!second_app_confirm(&f->x, SV("12345")));
    failure_clear(&f->x.failure);
    for (int n = 0; n < 1000000; n++) {                    /* what an app would show: found by asking */
        snprintf(code, sizeof(code), "%06d", n);
        if (otp_step(secret_view(secret), sv_c(code), f->x.now_ms, 0) >= 0)
            break;
    }
    CHECK(second_app_confirm(&f->x, sv_c(code)));
    CHECK(fixture_commit(f));
    arena_free(&a);
}

TEST_BOTH(second_is_asked_of_admins_always_and_of_members_by_the_mode)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), admin = fixture_member(f, "oka", ROLE_OPERATOR_ADMIN);
    SECRET browser = { 0 }, other = { 0 }, secret = { 0 };

    CHECK_INT(due_of(f, m, NULL), SECOND_NONE);            /* a first login in the mode new_device */
    CHECK_INT(due_of(f, admin, NULL), SECOND_ENROL);
    fixture_setting(f, "account.two_step.mode", "required");
    CHECK_INT(due_of(f, m, NULL), SECOND_ENROL);
    fixture_setting(f, "account.two_step.mode", "optional");
    CHECK_INT(due_of(f, m, NULL), SECOND_NONE);
    CHECK_INT(due_of(f, admin, NULL), SECOND_ENROL);

    fixture_setting(f, "account.two_step.mode", "new_device");
    enters(f, m, BROWSER_AS_IT_IS, &browser);
    enters(f, admin, BROWSER_PROVEN, &other);
    CHECK_INT(due_of(f, m, &browser), SECOND_NONE);
    CHECK_INT(due_of(f, m, NULL), SECOND_ASK);
    CHECK_INT(due_of(f, m, &other), SECOND_ASK);           /* the mark belongs to the member */
    CHECK_INT(due_of(f, admin, &other), SECOND_ASK);
    fixture_setting(f, "account.two_step.remember", "P0D");
    CHECK_INT(due_of(f, m, &browser), SECOND_ASK);
    fixture_setting(f, "account.two_step.remember", "P30D");
    f->x.now_ms += 30 * DAY_MS - 1;
    CHECK_INT(due_of(f, m, &browser), SECOND_NONE);
    f->x.now_ms += 1;
    CHECK_INT(due_of(f, m, &browser), SECOND_ASK);
    f->x.now_ms -= 31 * DAY_MS;                            /* the clock was ahead when it was proven: that says nothing */
    CHECK_INT(due_of(f, m, &browser), SECOND_ASK);
    f->x.now_ms += DAY_MS;

    fixture_setting(f, "account.two_step.mode", "optional");
    CHECK_INT(due_of(f, m, NULL), SECOND_NONE);
    registers(f, m, &secret);
    CHECK_INT(due_of(f, m, NULL), SECOND_ASK);
    CHECK_INT(due_of(f, m, &browser), SECOND_ASK);         /* at each login, for the member wanted it */

    fixture_begin(f);                                      /* an admin answers for both: who has an app is asked for it all the same */
    CHECK(account_vouched(&f->x, m) && account_vouched(&f->x, admin));
    CHECK(fixture_commit(f));
    CHECK_INT(due_of(f, m, NULL), SECOND_ASK);
    CHECK_INT(due_of(f, admin, NULL), SECOND_ENROL);
}

TEST_BOTH(second_sessions_that_wait_push_out_no_other)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER), id;
    SECRET browser = { 0 }, token = { 0 };

    for (int i = 0; i < SESSIONS_PER_MEMBER; i++)
        enters(f, m, BROWSER_AS_IT_IS, &browser);
    for (int i = 0; i < 3 * SECOND_WAITING; i++) {
        fixture_as(f, m);
        f->x.now_ms += 1000;
        fixture_begin(f);
        token_new(&token);
        CHECK(session_add_waiting(&f->x, &token, m, SECOND_ASK, MUST_NOT, &id));
        CHECK(fixture_commit(f));
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE member = $1 AND second = 0", ID(m)), SESSIONS_PER_MEMBER);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE member = $1 AND second <> 0", ID(m)), SECOND_WAITING);
    CHECK_INT(FIXTURE_INT(f, "SELECT MAX(id) FROM session WHERE id = $1", ID(id)), id.n);
    f->x.now_ms += SECOND_MS + 1000;
    fixture_begin(f);
    CHECK(second_nightly(&f->x));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM session WHERE member = $1", ID(m)), SESSIONS_PER_MEMBER);
}

/* A sheet is kept as hashes alone, the app's secret sealed where bodies are. */
TEST_BOTH(second_codes_are_kept_as_hashes)
{
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    sv first[SECOND_CODES], next[SECOND_CODES];
    SECRET secret = { 0 };

    PROVES("B2.06");
    registers(f, m, &secret);
    fixture_as(f, m);
    fixture_begin(f);
    CHECK(second_sheet(&f->x, first) && second_sheet(&f->x, next));
    CHECK(fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM second_code WHERE member = $1", ID(m)), SECOND_CODES);
    for (size_t i = 0; i < SECOND_CODES; i++) {
        CHECK_INT_AT(i, (int64_t)next[i].n, SECOND_CODE + 3);
        CHECK_AT(i, !sv_equal(first[i], next[i]));
        CHECK_INT_AT(i, FIXTURE_INT(f, "SELECT COUNT(*) FROM second_code WHERE hash = $1", BLOB(next[i])), 0);
    }
    CHECK_INT(FIXTURE_INT(f, "SELECT MIN(LENGTH(hash)) FROM second_code"), 32);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM second_app WHERE secret = $1", BLOB(secret_view(&secret))), !f->sealed);
}
