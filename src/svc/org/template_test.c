/* svc/org/template_test.c: permission templates: names, what is bound to whom, and that open sessions obey at once. */
#include "core/core_test.h"
#include "core/session.h"
#include "svc/org/template.h"

#define NO_TALK CELL_BIT(CELL_TALK_BROWSER)
#define NO_APP  (CELL_BIT(CELL_MOBILE_APP) | CELL_BIT(CELL_TALK_MOBILE))

static enum err said(struct fixture *f)
{
    return f->x.failure.code;
}

static id64 make(struct fixture *f, const char *name, cell_set cells)
{
    struct template t;

    fixture_begin(f);
    if (!template_add(&f->x, sv_c(name), cells, &t) || !fixture_commit(f))
        die("fixture: template %s: %s", name, f->x.failure.detail);
    return t.id;
}

static id64 type(struct fixture *f, const char *name)
{
    id64 id;

    fixture_begin(f);
    if (!label_add(&f->x, LABEL_PERMTYPE, sv_c(name), &id) || !fixture_commit(f))
        die("fixture: type %s: %s", name, f->x.failure.detail);
    return id;
}

/* What the open session of the member obeys. */
static cell_set felt(struct fixture *f, const struct secret *sid)
{
    fixture_call(f);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(sid), false);
    if (!s)
        die("fixture: %s", f->x.failure.detail);
    cell_set cells = atomic_load(&s->restricts);
    session_unref(&s);
    return cells;
}

/* And what one reads that begins now. */
static cell_set stored(struct fixture *f, id64 member)
{
    cell_set cells;

    fixture_call(f);
    CHECK(session_restricts_of(&f->x, member, &cells));
    return cells;
}

static void of_type(struct fixture *f, id64 boss, id64 member, id64 label)
{
    struct member to = { .permtype = label };
    field_mask changed;

    fixture_as(f, boss);
    fixture_begin(f);
    CHECK(org_member_edit(&f->x, member, &to, MF(PERMTYPE), &changed));
    CHECK(fixture_commit(f));
}

static enum err bind_type(struct fixture *f, id64 label, id64 template, bool confirmed, int64_t *concerned)
{
    struct type_binding b = { .label = label, .template = template };

    fixture_call(f);
    fixture_begin(f);
    bool ok = template_bind_type(&f->x, &b, confirmed);
    *concerned = b.concerned;
    enum err e = said(f);
    if (ok)
        CHECK(fixture_commit(f));
    else
        fixture_rollback(f);
    return e;
}

static void bind_member(struct fixture *f, id64 boss, id64 member, id64 template)
{
    id64 before;

    fixture_as(f, boss);
    fixture_begin(f);
    CHECK(template_bind_member(&f->x, member, template, &before));
    CHECK(fixture_commit(f));
}

TEST_BOTH(template_names_and_cells)
{
    static const struct {
        const char *name;
        cell_set cells;
        enum err want;
    } t[] = {
        { "パート", NO_TALK, E_NONE },
        { " ﾊﾟｰﾄ ", 0, E_NAME_TAKEN },                             /* width, kana and blanks do not count */
        { "基本設定", 0, E_NAME_TAKEN },
        { "BASIC SETTINGS", 0, E_NAME_TAKEN },
        { " ", 0, E_INVALID_VALUE },
        { "a\x01", 0, E_INVALID_VALUE },
        { "五十一字一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十", 0, E_INVALID_VALUE },
        { "話せないアプリ", CELL_BIT(CELL_TALK_MOBILE), E_INVALID_VALUE },   /* ACC-33 */
        { "アプリなし", NO_APP, E_NONE },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct template made;
        fixture_call(f);
        fixture_begin(f);
        CHECK_INT_AT(i, template_add(&f->x, sv_c(t[i].name), t[i].cells, &made), t[i].want == E_NONE);
        CHECK_INT_AT(i, said(f), t[i].want);
        if (t[i].want == E_NONE)
            CHECK_AT(i, fixture_commit(f));
        else
            fixture_rollback(f);
    }
    struct templates all = { 0 };
    CHECK(template_list(&f->x, &all));
    CHECK_INT(all.n, 2);
}

/* Direct, then by type, else 基本設定; and each change is felt by the sessions there are. */
TEST_BOTH(template_order_and_open_sessions)
{
    id64 boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN), m = fixture_member(f, "mori", ROLE_MEMBER);
    id64 part = type(f, "パート"), talkless = make(f, "トークなし", NO_TALK), appless = make(f, "アプリなし", NO_APP);
    struct member_template has;
    SECRET sid = { 0 };
    int64_t concerned;

    PROVES("ACC-32");
    PROVES("ACC-37");
    PROVES("ACC-38");
    fixture_session(f, m, ID_NONE, false, &sid);
    CHECK_INT(felt(f, &sid), 0);                          /* a new member has 基本設定 */
    of_type(f, boss, m, part);
    CHECK_INT(bind_type(f, part, talkless, false, &concerned), E_NONE);
    CHECK_INT(concerned, 0);
    CHECK_INT(felt(f, &sid), 0);                          /* types are not in use: they count for nothing */
    fixture_setting(f, "member.permtype.enabled", "true");
    fixture_begin(f);
    CHECK(session_restrict(&f->x, true));                 /* as the change of the setting does */
    CHECK(fixture_commit(f));
    CHECK_INT(felt(f, &sid), NO_TALK);
    CHECK_INT(stored(f, m), NO_TALK);
    CHECK_INT(bind_type(f, part, appless, false, &concerned), E_TEMPLATE_OTHER);
    CHECK_INT(concerned, 1);
    CHECK_INT(felt(f, &sid), NO_TALK);
    CHECK_INT(bind_type(f, part, appless, true, &concerned), E_NONE);
    CHECK_INT(concerned, 1);
    CHECK_INT(felt(f, &sid), NO_APP);                     /* the session that was open before */
    bind_member(f, boss, m, talkless);
    CHECK_INT(felt(f, &sid), NO_TALK);                    /* the direct one decides */
    CHECK(template_of_member(&f->x, m, &has));
    CHECK_INT(has.direct.n, talkless.n);
    CHECK_INT(has.by_type.n, appless.n);
    CHECK_INT(has.has.n, talkless.n);
    bind_member(f, boss, m, ID_NONE);
    CHECK_INT(felt(f, &sid), NO_APP);
    of_type(f, boss, m, ID_NONE);
    CHECK_INT(felt(f, &sid), 0);
    CHECK_INT(stored(f, boss), 0);
}

TEST_BOTH(template_changed_and_deleted)
{
    id64 boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN), m = fixture_member(f, "mori", ROLE_MEMBER);
    id64 t = make(f, "トークなし", NO_TALK);
    struct template before, after;
    SECRET sid = { 0 };
    int64_t basic;

    fixture_session(f, m, ID_NONE, false, &sid);
    bind_member(f, boss, m, t);
    CHECK(template_find(&f->x, t, &before));
    CHECK_INT(before.members, 1);
    CHECK_INT(before.held, 1);
    CHECK(template_basic_held(&f->x, &basic));
    CHECK_INT(basic, 1);
    fixture_call(f);
    fixture_begin(f);
    CHECK(template_put(&f->x, t, SV("アプリなし"), NO_APP, &before, &after));
    CHECK_INT(before.restricts, NO_TALK);
    CHECK(fixture_commit(f));
    CHECK_INT(felt(f, &sid), NO_APP);
    fixture_begin(f);
    CHECK(!template_delete(&f->x, t, false, &before));
    CHECK_INT(said(f), E_TEMPLATE_USED);
    fixture_rollback(f);
    CHECK_INT(felt(f, &sid), NO_APP);
    fixture_begin(f);
    CHECK(template_delete(&f->x, t, true, &before));
    CHECK(fixture_commit(f));
    CHECK_INT(felt(f, &sid), 0);
    CHECK(!template_find(&f->x, t, &before));
    CHECK_INT(said(f), E_NOT_FOUND);
}

/* ACC-08: an admin binds nothing to who reaches more than it does. */
TEST_BOTH(template_of_a_wider_reach)
{
    id64 boss = fixture_member(f, "boss", ROLE_SUPER_ADMIN), sub = fixture_member(f, "sub", ROLE_SUB_ADMIN), before;
    id64 t = make(f, "トークなし", NO_TALK);

    fixture_as(f, sub);
    CHECK(!template_bind_member(&f->x, boss, t, &before));
    CHECK_INT(said(f), E_DENIED);
    fixture_as(f, boss);
    CHECK(!template_bind_member(&f->x, sub, (id64){ 12345 }, &before));
    CHECK_INT(said(f), E_NOT_FOUND);
}
