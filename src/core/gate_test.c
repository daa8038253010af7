/* core/gate_test.c: each step's refusal and its positive twin, the order of refusals, the console's own session, the
 * fresh proof by the fake clock, the marks of our own pages, and the last look before an operation runs. */
#include "core/core_test.h"
#include "core/gate.h"

static bool room_visible(struct ctx *x, const struct call *c)
{
    return c->object.n == 7 ? true : fail(&x->failure, E_NOT_FOUND, "not this room");
}

static bool setting_visible(struct ctx *x, const struct call *c)
{
    return sv_equal(c->object_text, SV("a.b")) ? true : fail(&x->failure, E_NOT_FOUND, "not this setting");
}

static const struct object_def objects[OBJECTS] = {
    [OBJ_ROOM] = { ":room", false, room_visible },
    [OBJ_SETTING] = { ":setting", true, setting_visible },
};
static const struct app app = { .objects = objects };

static const struct op public = { .name = "public", .who = WHO_PUBLIC };
static const struct op member = { .name = "member", .who = WHO_MEMBER, .service = SERVICE_NONE };
static const struct op admin = { .name = "admin", .who = WHO_ADMIN };
static const struct op members = { .name = "members", .who = WHO_CONSOLE, .menu = M_MEMBER_MEMBER };
static const struct op audits = { .name = "audits", .who = WHO_CONSOLE, .menu = M_AUDIT_CONSOLE };
static const struct op supers = { .name = "supers", .who = WHO_CONSOLE, .menu = MENU_ANY, .flags = OP_SUPER };
static const struct op any = { .name = "any", .who = WHO_CONSOLE, .menu = MENU_ANY };
static const struct op fresh = { .name = "fresh", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_FRESH };
static const struct op fresh_console = { .name = "fresh console", .who = WHO_CONSOLE, .menu = MENU_ANY, .flags = OP_FRESH };
static const struct op operator = { .name = "operator", .who = WHO_OPERATOR };

static sv from;                                           /* where the calls come from; "": from nowhere that is known */

/* The code of the refusal, or E_NONE; the references that came are given back. */
static enum err enter(struct fixture *f, const struct op *op, const struct credentials *cr)
{
    struct session *s = NULL, *console = NULL;
    bool ok;

    fixture_call(f);
    f->x.actor.member = f->x.actor.session = ID_NONE;
    f->x.actor.role = ROLE_NONE;
    f->x.actor.reach = (struct reach){0};
    f->x.actor.console = f->x.actor.operator = false;
    f->x.actor.proof_ms = 0;
    f->x.actor.ip = from;
    ok = gate_enter(&f->x, op, cr, &s, &console);
    CHECK_INT(ok, f->x.failure.code == E_NONE);
    if (ok) {
        CHECK_INT(s != NULL, op->who != WHO_PUBLIC && op->who != WHO_OPERATOR);
        CHECK_INT(console != NULL, op->who == WHO_CONSOLE);
        CHECK_INT(f->x.actor.console, op->who == WHO_CONSOLE);
        CHECK_INT(f->x.actor.operator, op->who == WHO_OPERATOR);
    }
    session_unref(&s);
    session_unref(&console);
    return f->x.failure.code;
}

struct person {
    id64 id, session;
    struct secret sid, adm;
};

static struct person person(struct fixture *f, const char *login, enum role role)
{
    struct person p = { .id = fixture_member(f, login, role) };

    p.session = fixture_session(f, p.id, ID_NONE, false, &p.sid);
    fixture_session(f, p.id, p.session, true, &p.adm);
    return p;
}

static struct credentials shows(const struct person *p, bool console)
{
    return (struct credentials){ .sid = secret_view(&p->sid), .adm = console ? secret_view(&p->adm) : SV_NONE };
}

/* Role by operation, with and without the console's session: a refused cell has its twin in the same column. */
TEST_BOTH(gate_roles_by_operations)
{
    static const struct op *const ops[] = { &public, &member, &admin, &any, &members, &audits, &operator, &supers };
    static const struct { enum role role; bool console; enum err want[8]; } t[] = {
        { ROLE_MEMBER, false, { 0, 0, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_NOT_FOUND, E_FORBIDDEN } },
        { ROLE_MEMBER, true, { 0, 0, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_NOT_FOUND, E_FORBIDDEN } },
        { ROLE_OPERATOR_ADMIN, false, { 0, 0, 0, E_REAUTH, E_REAUTH, E_FORBIDDEN, E_NOT_FOUND, E_FORBIDDEN } },
        { ROLE_OPERATOR_ADMIN, true, { 0, 0, 0, 0, 0, E_FORBIDDEN, E_NOT_FOUND, E_FORBIDDEN } },
        { ROLE_SUB_ADMIN, true, { 0, 0, 0, 0, 0, 0, E_NOT_FOUND, E_FORBIDDEN } },
        { ROLE_SUPER_ADMIN, false, { 0, 0, 0, E_REAUTH, E_REAUTH, E_REAUTH, E_NOT_FOUND, E_REAUTH } },
        { ROLE_SUPER_ADMIN, true, { 0, 0, 0, 0, 0, 0, E_NOT_FOUND, 0 } },
        { (enum role)99, true, { 0, 0, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_FORBIDDEN, E_NOT_FOUND, E_FORBIDDEN } },
    };

    PROVES("OVR-02");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct person p = person(f, sv_printf(f->a, "p%zu", i).p, t[i].role);
        struct credentials cr = shows(&p, t[i].console);

        for (size_t k = 0; k < COUNT(ops); k++)
            CHECK_INT_AT(i * 10 + k, enter(f, ops[k], &cr), t[i].want[k]);
        CHECK(db_exec(f->d, "UPDATE member SET role = 1 WHERE id = $1", ID(p.id)));   /* the store holds one super admin */
    }
}

TEST_BOTH(gate_nobody_and_the_operator)
{
    struct credentials nobody = { 0 }, garbage = { .sid = SV("x"), .adm = SV("y") }, op = { .operator = true };
    struct person p = person(f, "mori", ROLE_SUPER_ADMIN);
    struct credentials both = shows(&p, true);

    CHECK_INT(enter(f, &public, &nobody), E_NONE);
    CHECK_INT(enter(f, &public, &garbage), E_NONE);
    CHECK_INT(enter(f, &member, &nobody), E_SESSION_ENDED);
    CHECK_INT(enter(f, &member, &garbage), E_SESSION_ENDED);
    CHECK_INT(enter(f, &members, &nobody), E_SESSION_ENDED);
    CHECK_INT(enter(f, &operator, &nobody), E_NOT_FOUND);
    CHECK_INT(enter(f, &operator, &op), E_NONE);
    CHECK_INT(enter(f, &member, &op), E_NOT_FOUND);       /* the operator is no member, also with a member's cookies */
    both.operator = true;
    CHECK_INT(enter(f, &member, &both), E_NOT_FOUND);
    CHECK_INT(enter(f, &members, &both), E_NOT_FOUND);
    CHECK_INT(enter(f, &public, &both), E_NOT_FOUND);
}

/* Before it was opened a tenant answers as one without members. */
TEST_BOTH(gate_tenant_state_comes_first)
{
    struct person p = person(f, "mori", ROLE_SUPER_ADMIN);
    struct credentials cr = shows(&p, true), op = { .operator = true };

    f->t->opened = false;
    CHECK_INT(enter(f, &public, &cr), E_SIGN_IN);
    CHECK_INT(enter(f, &member, &cr), E_SESSION_ENDED);
    CHECK_INT(enter(f, &operator, &op), E_NONE);
    f->t->opened = true;
    CHECK_INT(enter(f, &public, &cr), E_NONE);
    CHECK_INT(enter(f, &member, &cr), E_NONE);
}

/* The first refusal in the order of the steps wins, whatever else is wrong. */
TEST_BOTH(gate_order_of_refusals)
{
    struct person plain = person(f, "mori", ROLE_MEMBER), boss = person(f, "oka", ROLE_SUPER_ADMIN);
    struct credentials cr = { .sid = SV("x"), .adm = secret_view(&boss.adm) };

    CHECK_INT(enter(f, &fresh_console, &cr), E_SESSION_ENDED);        /* session before submenu and proof */
    cr = shows(&plain, false);
    f->x.now_ms += 2 * PROOF_MS;
    CHECK_INT(enter(f, &fresh_console, &cr), E_FORBIDDEN);            /* role before console session before proof */
    cr = shows(&boss, false);
    CHECK_INT(enter(f, &fresh_console, &cr), E_REAUTH);
    fixture_status(f, boss.id, MEMBER_SUSPENDED);
    fixture_restart(f);
    f->x.now_ms = FIXTURE_NOW + 2 * PROOF_MS;
    CHECK_INT(enter(f, &fresh_console, &cr), E_SUSPENDED);
    static const char *const names[] = { "tenant state", "session and channel", "second step", "password to be changed", "terms to be accepted", "network rule", "app suspension",
                                         "permission template", "console submenu", "step-up proof" };
    CHECK_INT(gate_steps(), COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        CHECK_STR_AT(i, sv_c(gate_step_name(i)), sv_c(names[i]));
}

/* A session of an app that is there although the apps are stopped (a restored store's) is told why; the browser is let in. */
TEST_BOTH(gate_app_suspension)
{
    static const struct { enum channel channel; enum err want; } t[] = {
        { CH_W, E_NONE }, { CH_MW, E_NONE }, { CH_MA, E_APP_SUSPENDED }, { CH_MP, E_APP_SUSPENDED }, { CH_PA, E_APP_SUSPENDED },
        { CH_DX, E_APP_SUSPENDED }, { CH_EX, E_NONE }, { CH_API, E_NONE },
    };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    struct secret sid[COUNT(t)] = { 0 };

    for (size_t i = 0; i < COUNT(t); i++) {
        f->x.actor.channel = t[i].channel;
        fixture_session(f, m, ID_NONE, false, &sid[i]);
        CHECK_INT_AT(i, enter(f, &member, &(struct credentials){.sid = secret_view(&sid[i])}), E_NONE);
    }
    CHECK(db_exec(f->d, "UPDATE member SET app_suspended = 1 WHERE id = $1", ID(m)));
    fixture_restart(f);
    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, enter(f, &member, &(struct credentials){.sid = secret_view(&sid[i])}), t[i].want);
        CHECK_INT_AT(i, enter(f, &public, &(struct credentials){.sid = secret_view(&sid[i])}), E_NONE);
        secret_wipe(&sid[i]);
    }
}

/* By the session's channel alone; what belongs to no service, and leaving, passes where a service is refused. */
TEST_BOTH(gate_permission_template)
{
    static const struct op talk = { .name = "talk", .who = WHO_MEMBER, .service = SERVICE_TALK };
    static const struct op leave = { .name = "leave", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_ALWAYS };
    static const struct op board = { .name = "board", .who = WHO_MEMBER, .service = SERVICE_BOARD };
    static const enum channel channels[] = { CH_W, CH_MW, CH_MA, CH_MP, CH_PA };
    const struct {
        const struct op *op;
        cell_set cells;
        const char *let;                                  /* of the channels above, those that pass */
    } t[] = {
        { &talk, 0, "11111" },
        { &talk, CELL_BIT(CELL_TALK_BROWSER), "00111" },
        { &talk, CELL_BIT(CELL_TALK_PC), "11110" },
        { &talk, CELL_BIT(CELL_MOBILE_APP), "11001" },
        { &member, CELL_BIT(CELL_MOBILE_APP), "11001" },
        { &member, CELL_BIT(CELL_TALK_BROWSER), "11111" },
        { &leave, CELL_BIT(CELL_MOBILE_APP), "11111" },
        { &board, CELL_BIT(CELL_BOARD_BROWSER), "00110" },        /* a PC app without a switch of its own follows the browser */
        { &board, CELL_BIT(CELL_BOARD_MOBILE), "11001" },
        { &talk, CELL_BIT(CELL_TALK_LIMIT), "11111" },            /* files alone */
    };
    id64 m = fixture_member(f, "mori", ROLE_MEMBER);
    struct secret sid[COUNT(channels)];

    PROVES("B5.13");
    for (size_t k = 0; k < COUNT(channels); k++) {
        f->x.actor.channel = channels[k];
        fixture_session(f, m, ID_NONE, false, &sid[k]);
    }
    for (size_t i = 0; i < COUNT(t); i++) {
        sessions_restrict_member(f->t->sessions, m, t[i].cells);
        for (size_t k = 0; k < COUNT(channels); k++) {
            enum err want = t[i].let[k] == '1' ? E_NONE : E_SERVICE_DISABLED;
            /* A session that nobody has met yet is read from the store, which says 0: it is met first. */
            if (i == 0)
                enter(f, &member, &(struct credentials){ .sid = secret_view(&sid[k]) });
            CHECK_INT_AT(i * 10 + k, enter(f, t[i].op, &(struct credentials){ .sid = secret_view(&sid[k]) }), want);
        }
    }
    for (size_t k = 0; k < COUNT(channels); k++)
        secret_wipe(&sid[k]);
}

/* Neither its own operations nor the console's are for a session that has not accepted the terms; a password that is due goes first. */
TEST_BOTH(gate_terms_first)
{
    struct person p = person(f, "mori", ROLE_SUPER_ADMIN);
    struct credentials cr = shows(&p, true);
    struct op accept = member, new_password = member;

    accept.flags |= OP_BEFORE_TERMS;
    new_password.flags |= OP_LIMITED;
    CHECK_INT(enter(f, &member, &cr), E_NONE);
    fixture_begin(f);
    CHECK(session_terms(&f->x, p.session));
    CHECK(fixture_commit(f));
    fixture_restart(f);
    CHECK_INT(enter(f, &member, &cr), E_TERMS);
    CHECK_INT(enter(f, &members, &cr), E_TERMS);
    CHECK_INT(enter(f, &admin, &cr), E_TERMS);
    CHECK_INT(enter(f, &new_password, &cr), E_TERMS);
    CHECK_INT(enter(f, &accept, &cr), E_NONE);
    CHECK_INT(enter(f, &public, &cr), E_NONE);
    fixture_begin(f);
    CHECK(session_limit(&f->x, p.session, MUST_FIRST));
    CHECK(fixture_commit(f));
    fixture_restart(f);
    CHECK_INT(enter(f, &accept, &cr), E_PASSWORD_CHANGE);
    CHECK_INT(enter(f, &new_password, &cr), E_NONE);
}

TEST_BOTH(gate_console_session_is_bound_to_its_own)
{
    struct person a = person(f, "mori", ROLE_SUPER_ADMIN), b = person(f, "oka", ROLE_SUB_ADMIN);
    struct credentials cr = shows(&a, true);
    SECRET second = { 0 };

    CHECK_INT(enter(f, &members, &cr), E_NONE);
    CHECK_INT(f->x.actor.member.n, a.id.n);
    cr.adm = secret_view(&b.adm);                         /* another's */
    CHECK_INT(enter(f, &members, &cr), E_REAUTH);
    fixture_session(f, a.id, ID_NONE, false, &second);    /* one's own, opened on another session */
    cr = (struct credentials){ .sid = secret_view(&second), .adm = secret_view(&a.adm) };
    CHECK_INT(enter(f, &members, &cr), E_REAUTH);
    cr = (struct credentials){ .sid = secret_view(&a.adm), .adm = secret_view(&a.adm) };
    CHECK_INT(enter(f, &member, &cr), E_SESSION_ENDED);   /* the console's secret is no session */
    cr = (struct credentials){ .sid = secret_view(&a.sid), .adm = secret_view(&a.sid) };
    CHECK_INT(enter(f, &members, &cr), E_REAUTH);         /* nor the other way round */
}

TEST_BOTH(gate_fresh_proof_by_the_clock)
{
    static const struct { int64_t age_ms; enum err want; } t[] = {
        { 0, E_NONE }, { PROOF_MS - 1000, E_NONE }, { PROOF_MS, E_NONE }, { PROOF_MS + 1000, E_REAUTH },
        { 6 * 60000, E_REAUTH },
    };
    struct person p = person(f, "mori", ROLE_SUPER_ADMIN);
    struct credentials cr = shows(&p, true);

    PROVES("OVR-03");
    for (size_t i = 0; i < COUNT(t); i++) {
        f->x.now_ms = FIXTURE_NOW + t[i].age_ms;
        CHECK_INT_AT(i, enter(f, &fresh, &cr), t[i].want);
        CHECK_INT_AT(i, enter(f, &fresh_console, &cr), t[i].want);
        CHECK_INT_AT(i, enter(f, &members, &cr), E_NONE);
    }
    fixture_session(f, p.id, p.session, true, &p.adm);    /* proven anew for the console, and only there */
    cr = shows(&p, true);
    CHECK_INT(enter(f, &fresh_console, &cr), E_NONE);
    CHECK_INT(enter(f, &fresh, &cr), E_REAUTH);
}

/* A WebSocket gives its session instead of the secret. */
TEST_BOTH(gate_given_session)
{
    struct person p = person(f, "mori", ROLE_MEMBER);
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&p.sid), false);
    struct credentials cr = { .session = s };

    REQUIRE(s != NULL);
    CHECK_INT(enter(f, &member, &cr), E_NONE);
    CHECK_INT(f->x.actor.session.n, p.session.n);
    CHECK_INT(f->x.actor.channel, CH_W);
    CHECK_INT(enter(f, &members, &cr), E_FORBIDDEN);
    sessions_end(f->t->sessions, p.session);
    CHECK_INT(enter(f, &member, &cr), E_SESSION_ENDED);
    session_unref(&s);
}

static enum err last_look(struct fixture *f, struct call *c, struct session *s, struct session *console)
{
    fixture_call(f);
    CHECK_INT(gate_run(&f->x, &app, c, s, console), f->x.failure.code == E_NONE);
    return f->x.failure.code;
}

TEST_BOTH(gate_run_looks_at_the_session_again)
{
    struct person p = person(f, "mori", ROLE_SUPER_ADMIN);
    struct call c = { .op = &member };
    struct session *s = session_find(&f->x, f->t->sessions, secret_view(&p.sid), false);
    struct session *console = session_find(&f->x, f->t->sessions, secret_view(&p.adm), true);

    REQUIRE(s && console);
    CHECK_INT(last_look(f, &c, NULL, NULL), E_NONE);
    CHECK_INT(last_look(f, &c, s, console), E_NONE);
    sessions_end(f->t->sessions, console->id);
    CHECK_INT(last_look(f, &c, s, console), E_REAUTH);
    CHECK_INT(last_look(f, &c, s, NULL), E_NONE);
    sessions_end(f->t->sessions, s->id);
    CHECK_INT(last_look(f, &c, s, NULL), E_SESSION_ENDED);
    CHECK_INT(last_look(f, &c, s, console), E_SESSION_ENDED);
    session_unref(&s);
    session_unref(&console);
}

TEST_BOTH(gate_run_asks_whether_the_object_is_visible)
{
    static const struct op room = { .name = "room", .who = WHO_MEMBER, .service = SERVICE_TALK, .object = OBJ_ROOM };
    static const struct op setting = { .name = "setting", .who = WHO_CONSOLE, .object = OBJ_SETTING };
    static const struct op opers = { .name = "opers", .who = WHO_OPERATOR, .object = OBJ_ROOM };
    static const struct { const struct op *op; const char *text; enum err want; } t[] = {
        { &room, "7", E_NONE }, { &room, "8", E_NOT_FOUND }, { &room, "07", E_NOT_FOUND }, { &room, "", E_NOT_FOUND },
        { &room, "x", E_NOT_FOUND }, { &room, "-7", E_NOT_FOUND }, { &room, "9223372036854775808", E_NOT_FOUND },
        { &setting, "a.b", E_NONE }, { &setting, "a.c", E_NOT_FOUND }, { &setting, "7", E_NOT_FOUND },
        { &opers, "x", E_NONE },                          /* the operator's own rules decide */
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct call c = { .op = t[i].op, .object_text = sv_c(t[i].text) };
        CHECK_INT_AT(i, last_look(f, &c, NULL, NULL), t[i].want);
    }
}

TEST(gate_marks_of_our_own_pages)
{
    static const char own[] = "https://localhost:8443";
    static const struct { const char *origin, *site, *marked; bool ok; } t[] = {
        { own, "same-origin", "1", true }, { own, "", "1", true }, { "", "same-origin", "1", true },
        { own, "same-origin", "", false }, { own, "same-origin", "0", false }, { own, "same-origin", "11", false },
        { "", "", "1", false }, { "", "", "", false },
        { "null", "same-origin", "1", false }, { "null", "", "1", false },
        { "https://evil.example", "same-origin", "1", false }, { "https://evil.example", "cross-site", "1", false },
        { "https://localhost", "", "1", false }, { "https://localhost:84431", "", "1", false },
        { "https://localhost:8443.evil.example", "", "1", false }, { "http://localhost:8443", "", "1", false },
        { "https://localhost:8443/", "", "1", false }, { "HTTPS://LOCALHOST:8443", "", "1", false },
        { "https://a.localhost:8443", "", "1", false }, { "https://localhost:8443 https://localhost:8443", "", "1", false },
        { own, "cross-site", "1", false }, { own, "same-site", "1", false }, { own, "none", "1", false },
        { "", "same-site", "1", false }, { "", "cross-site", "1", false }, { "", "none", "1", false },
        { own, "Same-Origin", "1", false },
    };

    PROVES("B8.04");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct ctx x = { 0 };

        CHECK_INT_AT(i, gate_same_site(&x, sv_c(t[i].origin), sv_c(own), sv_c(t[i].site), sv_c(t[i].marked)), t[i].ok);
        CHECK_INT_AT(i, x.failure.code, t[i].ok ? E_NONE : E_CROSS_SITE);
    }
}

/* Each channel under the address list: which of them an exemption reaches. The old super admin is no longer exempt after the
 * hand-over, for what the member is counts now. */
TEST_BOTH(gate_network_by_channels)
{
    static const enum channel all[] = { CH_W, CH_MW, CH_MA, CH_MP, CH_PA, CH_DX, CH_EX, CH_API };

    PROVES("NET-01");
    PROVES("NET-03");
    struct person boss = person(f, "oka", ROLE_SUPER_ADMIN);
    struct credentials bosses = shows(&boss, true), op = { .operator = true };
    struct { struct person p; struct credentials cr; } on[COUNT(all)];
    for (size_t i = 0; i < COUNT(all); i++) {
        f->x.actor.channel = all[i];
        on[i].p = person(f, sv_printf(f->a, "p%zu", i).p, ROLE_MEMBER);
        on[i].cr = shows(&on[i].p, false);
    }
    from = SV("198.51.100.1");
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK_INT_AT(i, enter(f, &member, &on[i].cr), E_NONE);
    fixture_setting(f, "network.ip.allowed", "192.0.2.0/24 office\n2001:db8::/32");
    fixture_setting(f, "network.ip.mode", "list");
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK_INT_AT(i, enter(f, &member, &on[i].cr), E_IP_NOT_ALLOWED);
    CHECK_INT(enter(f, &member, &bosses), E_IP_NOT_ALLOWED);
    CHECK_INT(enter(f, &any, &bosses), E_IP_NOT_ALLOWED);
    CHECK_INT(enter(f, &operator, &op), E_NONE);
    CHECK_INT(enter(f, &public, &on[0].cr), E_NONE);      /* its own look, where a session begins */

    from = SV("::ffff:192.0.2.9");
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK_INT_AT(i, enter(f, &member, &on[i].cr), E_NONE);
    from = SV("2001:db8::7");
    CHECK_INT(enter(f, &any, &bosses), E_NONE);
    from = SV("");
    CHECK_INT(enter(f, &member, &on[0].cr), E_IP_NOT_ALLOWED);

    from = SV("198.51.100.1");
    fixture_setting(f, "network.ip.exempt_mobile_app", "true");
    for (size_t i = 0; i < COUNT(all); i++)
        CHECK_INT_AT(i, enter(f, &member, &on[i].cr), all[i] == CH_MA ? E_NONE : E_IP_NOT_ALLOWED);
    fixture_setting(f, "network.ip.exempt_members", sv_printf(f->a, "7|%" PRId64, on[0].p.id.n).p);
    CHECK_INT(enter(f, &member, &on[0].cr), E_NONE);
    CHECK_INT(enter(f, &member, &on[1].cr), E_IP_NOT_ALLOWED);
    fixture_setting(f, "network.ip.exempt_super_admin", "true");
    CHECK_INT(enter(f, &any, &bosses), E_NONE);
    sessions_role_member(f->t->sessions, boss.id, grant_of(ROLE_SUB_ADMIN, SV_NONE));
    CHECK_INT(enter(f, &member, &bosses), E_IP_NOT_ALLOWED);
    from = SV_NONE;
}

/* What a session used last counts, in memory or stored, not where it began. */
TEST_BOTH(gate_sessions_outside_end)
{
    struct person in = person(f, "ueno", ROLE_MEMBER), moved = person(f, "mori", ROLE_MEMBER), out = person(f, "sato", ROLE_MEMBER);
    struct credentials a = shows(&in, false), b = shows(&moved, false), c = shows(&out, false);
    struct session_seen seen[8];

    from = SV("192.0.2.1");
    CHECK_INT(enter(f, &member, &a), E_NONE);
    from = SV("198.51.100.1");
    CHECK_INT(enter(f, &member, &b), E_NONE);
    CHECK_INT(enter(f, &member, &c), E_NONE);
    from = SV("192.0.2.2");
    CHECK_INT(enter(f, &member, &b), E_NONE);
    f->x.now_ms += 61000;
    from = SV("198.51.100.2");
    CHECK_INT(enter(f, &member, &c), E_NONE);
    size_t n = sessions_seen(f->t->sessions, f->x.now_ms, seen, COUNT(seen));
    REQUIRE(n == 1 && seen[0].session.n == out.session.n && seen[0].known);
    struct str text = STR_IN(f->a);
    ip_put(&text, seen[0].ip);
    CHECK_STR(str_sv(&text), SV("198.51.100.2"));
    struct policy *p = policy_copy(f->x.policy);
    size_t i;
    REQUIRE(policy_find(SV("network.ip.allowed"), &i));
    policy_set(p, i, SV("192.0.2.0/24"));
    REQUIRE(policy_find(SV("network.ip.mode"), &i));
    policy_set(p, i, SV("list"));
    for (int restart = 0; restart < 2; restart++) {
        fixture_begin(f);
        CHECK(session_end_outside(&f->x, p));
        CHECK(fixture_commit(f));
        from = SV("192.0.2.1");
        CHECK_INT_AT(restart, enter(f, &member, &a), E_NONE);
        CHECK_INT_AT(restart, enter(f, &member, &b), E_NONE);
        CHECK_INT_AT(restart, enter(f, &member, &c), E_SESSION_ENDED);
        fixture_restart(f);
    }
    policy_unref(&p);
    from = SV_NONE;
}
