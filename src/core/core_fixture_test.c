/* core/core_fixture_test.c: what core_test.h promises. */
#include "core/core_test.h"

#include "base/mem.h"
#include "base/rand.h"
#include "core/schema_sql.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void open_all(struct fixture *f)
{
    struct db_options o = {.path = f->path, .key = &f->key, .flags = DB_CREATE, .tenant = FIXTURE_TENANT,
                           .seal_key = f->sealed ? &f->seal : NULL};

    f->d = db_open(&o, &f->x.failure);
    if (!f->d)
        die("fixture: %s", f->x.failure.detail);
    db_use(f->d, f->a, &f->x.failure);
    if (!migrate(f->d, tenant_migrations, tenant_migration_count))
        die("fixture: %s", f->x.failure.detail);
    f->t = tenant_new(FIXTURE_TENANT);
    f->x.db = f->d;
    f->x.tenant = f->t;
    if (!db_exec(f->d, "INSERT INTO tenant (id, workgroup, opened_ms, password_ops) VALUES (1, 'engawa', $1, 2)"
                       " ON CONFLICT (id) DO NOTHING",
                 INT(f->x.now_ms)) ||
        !tenant_load(f->t, &f->x))
        die("fixture: %s", f->x.failure.detail);
    f->x.policy = tenant_policy(f->t);
}

static void policy_drop(struct fixture *f)
{
    struct policy *p = (struct policy *)(uintptr_t)f->x.policy;

    policy_unref(&p);
    f->x.policy = NULL;
}

static void close_all(struct fixture *f)
{
    policy_drop(f);
    tenant_free(&f->t);
    db_close(&f->d);
}

struct fixture *fixture_new(bool sealed)
{
    struct fixture *f = XNEW(struct fixture);

    crypt_warm();
    f->a = f->x.arena = arena_new(64 * 1024);
    f->x.now_ms = FIXTURE_NOW;
    f->x.actor.channel = CH_W;
    f->x.actor.ip = SV("192.0.2.7");
    f->x.actor.agent = SV("縁側 test");
    f->sealed = sealed;
    secret_random(&f->key, 32);
    secret_random(&f->seal, 32);
    mkdir("build", 0777);
    snprintf(f->dir, sizeof(f->dir), "build/unit-core-XXXXXX");
    ENSURE(mkdtemp(f->dir));
    snprintf(f->path, sizeof(f->path), "%s/t.db", f->dir);
    open_all(f);
    return f;
}

void fixture_free(struct fixture **fp)
{
    struct fixture *f = *fp;
    DIR *dir = opendir(f->dir);

    *fp = NULL;
    close_all(f);
    for (struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            ENSURE(unlinkat(dirfd(dir), e->d_name, 0) == 0);
    closedir(dir);
    ENSURE(rmdir(f->dir) == 0);
    arena_free(&f->a);
    xfree(f);
}

void fixture_restart(struct fixture *f)
{
    close_all(f);
    fixture_call(f);
    open_all(f);
}

void fixture_call(struct fixture *f)
{
    failure_clear(&f->x.failure);
    f->x.events.n = f->x.audits.n = f->x.effects.n = 0;
    if (f->d)
        db_use(f->d, f->a, &f->x.failure);
}

void fixture_as(struct fixture *f, id64 member)
{
    fixture_call(f);
    f->x.actor.member = member;
    f->x.actor.session = ID_NONE;
    f->x.actor.role = ROLE_NONE;
    f->x.actor.reach = (struct reach){0};
    ROWS r = db_query(f->d, "SELECT m.role, COALESCE(a.menus, '') FROM member m LEFT JOIN admin_role a ON a.id = m.admin_role"
                            " WHERE m.id = $1", ID(member));
    if (rows_next(&r)) {
        f->x.actor.role = (enum role)row_int(&r, 0);
        f->x.actor.reach = reach_of(f->x.actor.role, row_text(&r, 1));
    }
}

void fixture_setting(struct fixture *f, const char *key, const char *value)
{
    size_t i;

    ENSURE(policy_find(sv_c(key), &i));
    policy_drop(f);
    tenant_setting(f->t, i, sv_c(value));
    f->x.policy = tenant_policy(f->t);
}

id64 fixture_member(struct fixture *f, const char *login, enum role role)
{
    id64 id = rand_id();

    fixture_call(f);
    if (!db_exec(f->d, "INSERT INTO member (id, login, family, given, family_reading, given_reading, role, status,"
                       " language, start_ms, made_ms, seen_ms, password)"
                       " VALUES ($1, $2, $2, '', $2, '', $3, $4, 'ja', 0, $5, 0, $6)",
                 ID(id), TEXT(sv_c(login)), INT(role), INT(MEMBER_ACTIVE), INT(f->x.now_ms),
                 SEALED("member.password", id.n, SV("none"))))
        die("fixture: %s", f->x.failure.detail);
    return id;
}

void fixture_status(struct fixture *f, id64 member, enum member_status s)
{
    if (!db_exec(f->d, "UPDATE member SET status = $1 WHERE id = $2", INT(s), ID(member)))
        die("fixture: %s", f->x.failure.detail);
}

id64 fixture_session(struct fixture *f, id64 member, id64 parent, bool console, struct secret *token)
{
    id64 id;

    fixture_call(f);
    token_new(token);
    fixture_begin(f);
    if (!session_add(&f->x, token, member, parent, console, &id) || !fixture_commit(f))
        die("fixture: %s", f->x.failure.detail);
    return id;
}

void fixture_begin(struct fixture *f)
{
    if (!db_begin(f->d))
        die("fixture: %s", f->x.failure.detail);
}

static void carry_out(struct fixture *f, const struct effect *e)
{
    if (e->kind == EFF_SEQ)
        tenant_seq_set(f->t, e->a, e->b);
    else if (e->kind == EFF_SESSION_FRESH)
        sessions_fresh(f->t->sessions, (id64){e->a}, e->b);
    else if (e->kind == EFF_TERMS)
        sessions_terms_member(f->t->sessions, (id64){e->a});
    else if (e->kind == EFF_TRIES_FORGET)
        tries_forget(f->t->tries, (id64){e->a});
    else if (e->kind == EFF_SESSION_END)
        sessions_end(f->t->sessions, (id64){e->a});
    else if (e->kind == EFF_MEMBER_END)
        sessions_end_member(f->t->sessions, (id64){e->a}, (id64){e->b});
    else if (e->kind == EFF_MEMBER_APPS)
        sessions_end_apps(f->t->sessions, (id64){e->a});
    else if (e->kind == EFF_MEMBER_ROLE)
        sessions_role_effect(f->t->sessions, e);
    else if (e->kind == EFF_RESTRICTS)
        sessions_restrict_effect(f->t->sessions, e);
    else if (e->kind == EFF_MEMBER_RESTRICTS)
        sessions_restrict_member(f->t->sessions, (id64){e->a}, (cell_set)e->b);
    else if (e->kind == EFF_MEMBER_LANGUAGE)
        sessions_language_member(f->t->sessions, (id64){e->a}, e->b != 0);
    else if (e->kind == EFF_SETTING)
        tenant_setting(f->t, (size_t)e->a, e->text);
}

bool fixture_commit(struct fixture *f)
{
    int64_t pos = f->t->pos;

    if (f->x.failure.code != E_NONE || !event_store(&f->x, &f->t->pos) || !db_commit(f->d)) {
        db_rollback(f->d);
        f->t->pos = pos;
        return false;
    }
    for (size_t i = 0; i < f->x.effects.n; i++)
        carry_out(f, &f->x.effects.v[i]);
    return true;
}

void fixture_rollback(struct fixture *f)
{
    db_rollback(f->d);
    fixture_call(f);
}

int64_t fixture_first(struct fixture *f, struct rows rows)
{
    int64_t n = rows_next(&rows) ? row_int(&rows, 0) : -1;

    if (!rows_ok(&rows))
        die("fixture: %s", f->x.failure.detail);
    rows_end(&rows);
    return n;
}

void fixture_both(void (*run)(struct fixture *f))
{
    for (int sealed = 0; sealed < 2; sealed++) {
        struct fixture *f = fixture_new(sealed == 1);

        run(f);
        fixture_free(&f);
    }
}

bool fixture_dies(void (*fn)(const void *arg), const void *arg)
{
    pid_t child = fork();
    int status = 0;

    ENSURE(child >= 0);
    if (child == 0) {
        int none = open("/dev/null", O_WRONLY | O_CLOEXEC);

        signal(SIGABRT, SIG_DFL);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        if (none < 0 || dup2(none, STDERR_FILENO) < 0)
            _exit(0);
        fn(arg);
        _exit(0);
    }
    ENSURE(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}
