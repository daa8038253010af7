/* svc/org/group_test.c: groups have a master, always; who is no member finds only published ones; deleted ones come back
 * within thirty days and not a moment later; a deleted member leaves them. */
#include "base/fault.h"
#include "core/core_test.h"
#include "svc/org/group.h"

#define DAY INT64_C(86400000)

struct town {
    id64 a, b, c;
};

#define WRITE(f, who, ...)    \
    (fixture_as(f, who),      \
     fixture_begin(f),        \
     finish(f, (__VA_ARGS__)))

static enum err finish(struct fixture *f, bool ok)
{
    enum err code = f->x.failure.code;

    CHECK_INT(ok, code == E_NONE);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return code;
}

static struct town town_new(struct fixture *f)
{
    return (struct town){ .a = fixture_member(f, "a", ROLE_MEMBER), .b = fixture_member(f, "b", ROLE_MEMBER),
                          .c = fixture_member(f, "c", ROLE_MEMBER) };
}

static struct group named(struct fixture *f, const char *name)
{
    struct group g = { .kind = GROUP_INTERNAL, .name = sv_c(name), .description = SV("") };

    group_defaults(&f->x, &g);
    return g;
}

static struct group_ids some(const id64 *v, size_t n)
{
    return (struct group_ids){ .v = v, .n = n };
}

/* A group with one master and up to one member. */
static id64 make(struct fixture *f, const char *name, id64 master, id64 member)
{
    struct group g = named(f, name);

    f->x.now_ms++;                                        /* who comes later is later */
    CHECK_INT(WRITE(f, master, group_add(&f->x, &g, some(&master, 1), some(&member, member.n ? 1 : 0))), E_NONE);
    return g.id;
}

static enum err change(struct fixture *f, id64 group, struct group_change c)
{
    bool changed;

    f->x.now_ms++;
    return WRITE(f, ID_NONE, group_change_people(&f->x, group, &c, &changed));
}

/* "A b c": masters in capitals. */
static sv people(struct fixture *f, id64 group)
{
    struct group_people p = { 0 };
    struct str s = STR_IN(f->a);

    fixture_as(f, ID_NONE);
    CHECK(group_people(&f->x, group, &p));
    for (size_t i = 0; i < p.n; i++)
        str_printf(&s, "%s%c", i ? " " : "", p.v[i].master ? p.v[i].family.p[0] - 'a' + 'A' : p.v[i].family.p[0]);
    return str_sv(&s);
}

static sv found(struct fixture *f, struct group_query q)
{
    struct groups v = { 0 };
    struct str s = STR_IN(f->a);
    int64_t total = 0;
    bool more = false;

    q.limit = q.limit ? q.limit : 100;
    fixture_as(f, ID_NONE);
    CHECK(group_search(&f->x, &q, &v, &total, &more));
    for (size_t i = 0; i < v.n; i++)
        str_printf(&s, "%s%.*s", i ? " " : "", SV_ARG(v.v[i].name));
    str_printf(&s, "%s / %" PRId64, more ? " +" : "", total);
    return str_sv(&s);
}

TEST_BOTH(group_has_a_master_always)
{
    struct town t = town_new(f);
    struct group g = named(f, "店長会");
    const id64 nobody = { 99 }, ab[] = { t.a, t.b };

    PROVES("MEM-29");
    CHECK_INT(WRITE(f, t.a, group_add(&f->x, &g, some(NULL, 0), some(&t.b, 1))), E_LAST_MASTER);
    CHECK_INT(WRITE(f, t.a, group_add(&f->x, &g, some(&nobody, 1), some(&t.b, 1))), E_INVALID_VALUE);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM groups_"), 0);
    id64 id = make(f, "店長会", t.a, t.b);
    CHECK_STR(people(f, id), SV("A b"));
    CHECK_INT(change(f, id, (struct group_change){ .remove = some(&t.a, 1) }), E_LAST_MASTER);
    CHECK_INT(change(f, id, (struct group_change){ .masters = some(ab, 0) }), E_LAST_MASTER);
    CHECK_INT(change(f, id, (struct group_change){ .masters = some(&t.c, 1) }), E_INVALID_VALUE);   /* no member of it */
    CHECK_INT(change(f, id, (struct group_change){ .add = some(&nobody, 1) }), E_INVALID_VALUE);
    CHECK_STR(people(f, id), SV("A b"));
    CHECK_INT(change(f, id, (struct group_change){ .masters = some(ab, 2) }), E_NONE);
    CHECK_INT(change(f, id, (struct group_change){ .remove = some(&t.a, 1) }), E_NONE);
    CHECK_STR(people(f, id), SV("B"));
    CHECK_INT(change(f, id, (struct group_change){ .add = some(&t.c, 1), .masters = some(&t.c, 1) }), E_NONE);
    CHECK_STR(people(f, id), SV("C b"));
}

TEST_BOTH(group_record_rules)
{
    struct town t = town_new(f);
    static const struct { enum group_kind kind; const char *name; bool public; enum err want; const char *field; } v[] = {
        { GROUP_INTERNAL, "店長会", false, E_NONE, NULL }, { GROUP_INTERNAL, "店長会", true, E_NONE, NULL },
        { GROUP_INTERNAL, "  ", false, E_INVALID_VALUE, "name" }, { GROUP_INTERNAL, "", false, E_INVALID_VALUE, "name" },
        { GROUP_EXTERNAL, "店長会", false, E_NO_EXTERNAL, NULL }, { GROUP_EXTERNAL, "店長会", true, E_INVALID_VALUE, "public" },
    };

    PROVES("MEM-25");
    PROVES("MEM-27");
    for (size_t i = 0; i < COUNT(v); i++) {
        struct group g = { .kind = v[i].kind, .name = sv_c(v[i].name), .description = SV(""), .public = v[i].public };

        fixture_as(f, t.a);
        fixture_begin(f);
        CHECK_INT_AT(i, group_add(&f->x, &g, some(&t.a, 1), some(NULL, 0)), v[i].want == E_NONE);
        CHECK_INT_AT(i, f->x.failure.code, v[i].want);
        CHECK_STR_AT(i, sv_c(f->x.failure.field), sv_c(v[i].field));
        fixture_rollback(f);
    }
}

TEST_BOTH(group_takes_what_the_settings_say)
{
    struct group g;

    fixture_setting(f, "group.room.functions", "talk|folder");
    fixture_setting(f, "group.master_delegation", "true");
    fixture_setting(f, "group.notify_members", "false");
    fixture_setting(f, "group.public", "true");
    g = named(f, "x");
    CHECK_INT(g.functions, GROUP_TALK | GROUP_FOLDER);
    CHECK(g.delegation && !g.notify && g.public);
    g = (struct group){ .kind = GROUP_EXTERNAL };
    group_defaults(&f->x, &g);
    CHECK(!g.public);
    CHECK_INT(group_in_force(&(struct group){ .functions = GROUP_NOTE | GROUP_TASK }), 0);
    CHECK_INT(group_in_force(&(struct group){ .functions = GROUP_NOTE | GROUP_TALK }), GROUP_NOTE | GROUP_TALK);
}

TEST_BOTH(group_is_found_by_name_type_and_member)
{
    struct town t = town_new(f);
    id64 id = make(f, "店長会", t.a, t.b);

    PROVES("MEM-28");
    make(f, "配送連絡", t.b, ID_NONE);
    make(f, "ＱＡ会議", t.c, ID_NONE);
    CHECK_STR(found(f, (struct group_query){ 0 }), SV("ＱＡ会議 店長会 配送連絡 / 3"));
    CHECK_STR(found(f, (struct group_query){ .q = SV("会"), .by_member = true }), SV("ＱＡ会議 店長会 / 2"));
    CHECK_STR(found(f, (struct group_query){ .q = SV("qa") }), SV("ＱＡ会議 / 1"));
    CHECK_STR(found(f, (struct group_query){ .q = SV("b"), .by_member = true }), SV("店長会 配送連絡 / 2"));
    CHECK_STR(found(f, (struct group_query){ .q = SV("b") }), SV(" / 0"));
    CHECK_STR(found(f, (struct group_query){ .member = t.b }), SV("店長会 配送連絡 / 2"));
    CHECK_STR(found(f, (struct group_query){ .kind = GROUP_EXTERNAL }), SV(" / 0"));
    CHECK_STR(found(f, (struct group_query){ .kind = GROUP_INTERNAL, .limit = 1 }), SV("ＱＡ会議 + / 3"));
    CHECK_STR(found(f, (struct group_query){ .after = id, .limit = 1 }), SV("配送連絡 / 3"));
    CHECK(db_exec(f->d, "UPDATE groups_ SET kind = 2 WHERE id = $1", ID(id)));
    CHECK_STR(found(f, (struct group_query){ .kind = GROUP_EXTERNAL }), SV("店長会 / 1"));
}

TEST_BOTH(group_unpublished_is_found_by_members_only)
{
    struct town t = town_new(f);
    id64 id = make(f, "店長会", t.a, t.b);
    struct groups v = { 0 };
    struct group g;
    bool mine, master;

    PROVES("MEM-27");
    fixture_as(f, t.c);
    CHECK(!group_seen(&f->x, id, &g, &mine, &master));
    CHECK_INT(f->x.failure.code, E_NOT_FOUND);
    fixture_as(f, t.c);
    CHECK(group_seen_list(&f->x, SV("店"), &v) && v.n == 0);
    fixture_as(f, t.b);
    CHECK(group_seen(&f->x, id, &g, &mine, &master) && mine && !master);
    CHECK(group_seen_list(&f->x, SV("店"), &v) && v.n == 1);
    v = (struct groups){ 0 };
    CHECK(group_seen_list(&f->x, SV("b"), &v) && v.n == 0);      /* a member's name is no way to it */
    CHECK(db_exec(f->d, "UPDATE groups_ SET public = 1"));
    fixture_as(f, t.c);
    CHECK(group_seen(&f->x, id, &g, &mine, &master) && !mine && !master);
    v = (struct groups){ 0 };
    CHECK(group_seen_list(&f->x, SV("店"), &v) && v.n == 1);
}

TEST_BOTH(group_made_by_whom_the_setting_says)
{
    struct town t = town_new(f);

    PROVES("ADB-07");
    fixture_as(f, t.a);
    f->x.actor.reach = reach_of(ROLE_MEMBER, SV_NONE);
    CHECK(group_may_make(&f->x));
    fixture_setting(f, "addressbook.group.creators", "admins");
    CHECK(!group_may_make(&f->x));
    CHECK_INT(f->x.failure.code, E_FORBIDDEN);
    fixture_call(f);
    f->x.actor.reach = reach_of(ROLE_OPERATOR_ADMIN, SV_NONE);
    CHECK(group_may_make(&f->x));
}

TEST_BOTH(group_comes_back_within_thirty_days)
{
    struct town t = town_new(f);
    id64 id = make(f, "店長会", t.a, t.b);
    struct group g;

    PROVES("MEM-31");
    int64_t at = f->x.now_ms;
    CHECK_INT(WRITE(f, t.a, group_restore(&f->x, id)), E_NOT_FOUND);     /* it is not deleted */
    CHECK_INT(WRITE(f, t.a, group_delete(&f->x, id)), E_NONE);
    CHECK_INT(WRITE(f, t.a, group_delete(&f->x, id)), E_NOT_FOUND);
    CHECK_STR(found(f, (struct group_query){ 0 }), SV(" / 0"));
    CHECK_STR(found(f, (struct group_query){ .gone = true }), SV("店長会 / 1"));
    f->x.now_ms = at + 30 * DAY - 1;
    CHECK(!group_expired(&f->x, &g));
    CHECK_INT(WRITE(f, t.a, group_restore(&f->x, id)), E_NONE);
    CHECK_STR(people(f, id), SV("A b"));
    CHECK_INT(WRITE(f, t.a, group_delete(&f->x, id)), E_NONE);
    f->x.now_ms += 30 * DAY;
    CHECK_INT(WRITE(f, t.a, group_restore(&f->x, id)), E_NOT_FOUND);
    CHECK_STR(found(f, (struct group_query){ .gone = true }), SV(" / 0"));
    REQUIRE(group_expired(&f->x, &g));
    CHECK_INT(g.id.n, id.n);
    CHECK_INT(WRITE(f, ID_NONE, group_erase(&f->x, id)), E_NONE);
    CHECK(!group_expired(&f->x, &g));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM groups_"), 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM group_member"), 0);
}

TEST_BOTH(group_gets_an_heir_when_its_last_master_is_deleted)
{
    struct town t = town_new(f);
    id64 first = make(f, "一", t.a, t.c), two = make(f, "二", t.a, t.b), alone = make(f, "三", t.a, ID_NONE);
    struct group_heirs heirs = { 0 };
    struct group g;

    CHECK_INT(change(f, first, (struct group_change){ .add = some(&t.b, 1) }), E_NONE);   /* b came after c */
    CHECK_INT(change(f, two, (struct group_change){ .masters = some((const id64[]){ t.a, t.b }, 2) }), E_NONE);
    CHECK_INT(WRITE(f, ID_NONE, group_member_gone(&f->x, t.a, &heirs)), E_NONE);
    REQUIRE(heirs.n == 1);
    CHECK_INT(heirs.v[0].group.id.n, first.n);
    CHECK_INT(heirs.v[0].member.n, t.c.n);
    CHECK_STR(people(f, first), SV("C b"));
    CHECK_STR(people(f, two), SV("B"));                   /* another master is there */
    CHECK_STR(people(f, alone), SV(""));                  /* nobody is left to become one */
    CHECK(group_find(&f->x, alone, &g) && g.members == 0);
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM group_member WHERE member = $1", ID(t.a)), 0);
}

/* Each read of the store fails in turn: what was asked for is refused as the store's failure, never as nobody, not a member
 * or nothing to do. */
static bool read_search(struct fixture *f, const struct town *t, id64 group, int64_t n)
{
    struct groups found = {0};
    int64_t total;
    bool more;

    (void)group;
    fixture_as(f, t->a);
    fault_set("store.read", n, n ? FAULT_FAIL : FAULT_OFF);
    return group_search(&f->x, &(struct group_query){ .member = t->a, .limit = 10 }, &found, &total, &more);
}

static bool read_seen(struct fixture *f, const struct town *t, id64 group, int64_t n)
{
    struct group g;
    bool mine, master;

    fixture_as(f, t->a);
    fault_set("store.read", n, n ? FAULT_FAIL : FAULT_OFF);
    return group_seen(&f->x, group, &g, &mine, &master);
}

static bool read_seen_list(struct fixture *f, const struct town *t, id64 group, int64_t n)
{
    struct groups found = {0};

    (void)group;
    fixture_as(f, t->a);
    fault_set("store.read", n, n ? FAULT_FAIL : FAULT_OFF);
    return group_seen_list(&f->x, SV("x"), &found);
}

static bool read_heirs(struct fixture *f, const struct town *t, id64 group, int64_t n)
{
    struct group_heirs heirs = {0};

    (void)group;
    fixture_as(f, t->b);
    fixture_begin(f);
    fault_set("store.read", n, n ? FAULT_FAIL : FAULT_OFF);
    bool ok = group_member_gone(&f->x, t->a, &heirs);
    enum err code = f->x.failure.code;
    fixture_rollback(f);
    if (code != E_NONE)
        fail(&f->x.failure, code, "again");
    return ok;
}

TEST_BOTH(group_a_failing_read_is_never_none)
{
    static bool (*const reads[])(struct fixture *, const struct town *, id64, int64_t) = { read_search, read_seen, read_seen_list, read_heirs };
    struct town t = town_new(f);
    id64 g = make(f, "釣りの会", t.a, t.b);

    fixture_as(f, t.a);
    CHECK(db_exec(f->d, "UPDATE groups_ SET public = 1 WHERE id = $1", ID(g)));
    for (size_t i = 0; i < COUNT(reads); i++) {
        CHECK_AT(i, reads[i](f, &t, g, 0));
        for (int64_t n = 1; n < 50; n++) {
            bool ok = reads[i](f, &t, g, n), met = fault_count("store.read") >= n;
            fault_clear();
            if (!met) {
                CHECK_AT(i, ok && n > 1);
                break;
            }
            CHECK_AT(n, !ok);
            CHECK_AT(n, f->x.failure.code != E_NONE && f->x.failure.code != E_NOT_FOUND);
        }
    }
}

TEST_BOTH(group_name_of_blanks_alone)
{
    static const char *const blanks[] = { "", " ", "\u3000", "\u3000 \u00a0\u2003", "\u200b", "\u2800\u3164", "\u2060" };
    struct town t = town_new(f);

    for (size_t i = 0; i < COUNT(blanks); i++) {
        struct group g = named(f, blanks[i]);
        CHECK_INT_AT(i, WRITE(f, t.a, group_add(&f->x, &g, some(&t.a, 1), some(&t.b, 1))), E_INVALID_VALUE);
    }
    struct group g = named(f, "\u3000釣り の会\u3000");
    CHECK_INT(WRITE(f, t.a, group_add(&f->x, &g, some(&t.a, 1), some(&t.b, 1))), E_NONE);
    CHECK_STR(g.name, SV("釣り の会"));
}

TEST(group_names_of_types)
{
    enum group_kind k;

    CHECK_STR(sv_c(group_kind_name(GROUP_EXTERNAL)), SV("external"));
    CHECK_STR(sv_c(group_kind_name((enum group_kind)9)), SV(""));
    CHECK(group_kind_find(SV("internal"), &k) && k == GROUP_INTERNAL);
    CHECK(!group_kind_find(SV(""), &k));
}
