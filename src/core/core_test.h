/* core/core_test.h: a tenant for a unit test: an encrypted database in a folder of its own under build/, migrated to the
 * newest schema, its memory, and a context with a clock that the test sets. Tests of core, svc and api share it.
 *     TEST_BOTH(name) { … fixture_member(f, "mori", ROLE_MEMBER) … }
 * runs the test twice, without and with sealed columns; TEST() may use fixture_new() … fixture_free() itself.
 * Every call leaves its failure in f->x.failure; fixture_call() begins the next call with a clean context. */
#ifndef ENGAWA_CORE_CORE_TEST_H
#define ENGAWA_CORE_CORE_TEST_H

#include "base/test.h"
#include "core/member_state.h"
#include "core/tenant.h"

#define FIXTURE_TENANT INT64_C(4711)
#define FIXTURE_NOW    INT64_C(1790000000000)             /* where its clock begins */

struct fixture {
    struct ctx x;
    struct arena *a;
    struct tenant *t;
    struct db *d;
    struct secret key, seal;
    char dir[48], path[64];
    bool sealed;
};

/* `sealed`: bodies are AEAD pieces in the file, as on an engine that does not encrypt its pages. */
struct fixture *fixture_new(bool sealed);
void fixture_free(struct fixture **f);                    /* removes the folder */
void fixture_restart(struct fixture *f);                  /* closes database and memory and opens both again */

void fixture_call(struct fixture *f);                     /* a new call: no failure, event, row or effect is left over */
void fixture_as(struct fixture *f, id64 member);          /* and then this member acts (ID_NONE: nobody) */
void fixture_setting(struct fixture *f, const char *key, const char *value);
id64 fixture_member(struct fixture *f, const char *login, enum role role);   /* active; family name = login */
void fixture_status(struct fixture *f, id64 member, enum member_status s);
/* As fixture_call(), then a session of the member from now on; its token is in `token`. */
id64 fixture_session(struct fixture *f, id64 member, id64 parent, bool console, struct secret *token);

/* The writer's shape: begin, the test's calls, then commit (events stored, effects carried out) or rollback. */
void fixture_begin(struct fixture *f);
bool fixture_commit(struct fixture *f);
void fixture_rollback(struct fixture *f);

/* The first column of the first row: FIXTURE_INT(f, "SELECT COUNT(*) FROM room WHERE id = $1", ID(room)); -1: no row. */
#define FIXTURE_INT(f, ...) fixture_first(f, db_query((f)->d, __VA_ARGS__))
int64_t fixture_first(struct fixture *f, struct rows rows);

void fixture_both(void (*run)(struct fixture *f));
#define TEST_BOTH(name_)                                                                           \
    static void both_##name_(struct fixture *f);                                                   \
    TEST(name_)                                                                                    \
    {                                                                                              \
        fixture_both(both_##name_);                                                                \
    }                                                                                              \
    static void both_##name_(struct fixture *f)

/* Whether fn(arg) ends the process by die(): run in a child whose stderr goes nowhere. */
bool fixture_dies(void (*fn)(const void *arg), const void *arg);

#endif
