/* core/op_test.c: finding rows by path, and the rows that do not start: each wrong in one way, in an app of its own. */
#include "core/core_test.h"
#include "core/op.h"

static bool run(struct ctx *x, struct call *c, void *out)
{
    (void)x;
    (void)c;
    (void)out;
    return true;
}

static bool prepare(struct ctx *x, struct call *c)
{
    (void)x;
    (void)c;
    return true;
}

static bool visible(struct ctx *x, const struct call *c)
{
    (void)x;
    (void)c;
    return true;
}

static const struct object_def objects[OBJECTS] = {
    [OBJ_ROOM] = { ":room", false, visible },
    [OBJ_SESSION] = { ":session", false, visible },
    [OBJ_MEMBER] = { ":member", false, visible },
    [OBJ_SETTING] = { ":setting", true, visible },
};

static const struct schema nothing = { .name = "nothing" };

static const struct op good = { .name = "a.good", .method = POST, .path = "/rooms/:room", .who = WHO_MEMBER, .service = SERVICE_TALK,
                                .object = OBJ_ROOM, .flags = OP_WRITE, .audit = AUDIT_MSG_POST, .run = run, .doc = "It is good." };

static void check_app(const void *arg)
{
    const struct op_table *t = arg;
    const struct op_table *const tables[] = { t };
    struct app app = { .tables = tables, .n_tables = 1, .objects = objects };

    ops_check(&app);
}

static bool starts(const struct op *ops, size_t n)
{
    struct op_table t = { ops, n };

    return !fixture_dies(check_app, &t);
}

TEST(ops_check_incomplete_rows_do_not_start)
{
    struct op bad[27];
    size_t n = 0;

    PROVES("OVR-02");
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = good;
    bad[n++].who = WHO_UNSET;
    bad[n++].audit = AUDIT_UNSET;
    bad[n++].name = NULL;
    bad[n++].doc = NULL;
    bad[n++].run = NULL;
    bad[n++].path = NULL;
    bad[n++].method = NO_METHOD;
    bad[n++].flags = 0;
    bad[n++].flags = OP_READ | OP_WRITE;
    bad[n++].flags = OP_SLOW;                             /* nothing to prepare */
    bad[n++].prepare = prepare;                           /* and no slow queue for it */
    bad[n++].who = WHO_OPERATOR;                          /* by HTTP */
    bad[n++].who = WHO_CONSOLE;                           /* without a submenu */
    bad[n++].menu = M_MEMBER_MEMBER;                      /* of a member's operation */
    bad[n++].service = SERVICE_UNSET;                     /* a member's: nobody said whose switch it obeys */
    bad[n].who = WHO_PUBLIC;
    bad[n++].service = SERVICE_NONE;                      /* of nobody's template */
    bad[n++].object = OBJECTS;
    bad[n++].object = OBJ_MEMBER;                         /* the path names a room */
    bad[n++].object = OBJ_NONE;                           /* nobody would look whether the room is visible */
    bad[n++].path = "/rooms";                             /* an object, and no parameter for it */
    bad[n++].path = "/rooms/:room/:other";
    bad[n].audit = AUDIT_NONE;
    bad[n++].method = GET;                                /* that writes, and not the row of its view */
    bad[n].method = GET;
    bad[n++].in = &nothing;                               /* a GET with a body */
    bad[n++].audit = AUDIT_NONE;                          /* a change without its row */
    bad[n++].flags = OP_WRITE | OP_LIVE;                  /* a row of what stores nothing */
    bad[n++].flags = OP_WRITE | OP_OWN;                   /* the same of what nobody else sees */
    bad[n].audit = AUDIT_NONE;
    bad[n++].flags = OP_READ | OP_LIVE;                   /* not on the writer */
    CHECK_INT(n, COUNT(bad));
    CHECK(starts(&good, 1));
    for (size_t i = 0; i < n; i++)
        CHECK_AT(i, !starts(&bad[i], 1));
}

TEST(ops_check_sound_rows_start)
{
    struct op ok[9];

    for (size_t i = 0; i < COUNT(ok); i++)
        ok[i] = good;
    ok[0].flags = OP_SLOW;
    ok[0].prepare = prepare;
    ok[1].who = WHO_OPERATOR;
    ok[1].service = SERVICE_UNSET;
    ok[1].path = NULL;
    ok[1].method = NO_METHOD;
    ok[1].object = OBJ_NONE;
    ok[2].who = WHO_CONSOLE;
    ok[2].menu = MENU_ANY;
    ok[2].service = SERVICE_UNSET;
    ok[3].method = GET;
    ok[3].flags = OP_QUICK | OP_WS;
    ok[3].audit = AUDIT_NONE;
    ok[4].path = "/rooms";
    ok[4].object = OBJ_NONE;
    ok[5].audit = AUDIT_AUDIT_VIEW;
    ok[6].method = GET;
    ok[6].audit = AUDIT_AUDIT_VIEW;
    ok[7].flags = OP_WRITE | OP_LIVE;
    ok[7].audit = AUDIT_NONE;
    ok[8].flags = OP_WRITE | OP_OWN;
    ok[8].audit = AUDIT_NONE;
    for (size_t i = 0; i < COUNT(ok); i++)
        CHECK_AT(i, starts(&ok[i], 1));
}

TEST(ops_check_collisions_do_not_start)
{
    static const struct { const char *name, *path; enum object object; enum method method; bool ok; } t[] = {
        { "a.good", "/other", OBJ_NONE, POST, false },            /* the name twice */
        { "a.other", "/rooms/:room", OBJ_ROOM, POST, false },
        { "a.other", "/rooms/:member", OBJ_MEMBER, POST, false }, /* the same path by another word */
        { "a.other", "/rooms/new", OBJ_NONE, POST, false },       /* the row above takes it */
        { "a.other", "/rooms/:room", OBJ_ROOM, PUT, true },
        { "a.other", "/rooms/:room/messages", OBJ_ROOM, POST, true },
        { "a.other", "/rooms", OBJ_NONE, POST, true },
        { "a.other", "/room/:room", OBJ_ROOM, POST, true },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct op two[2] = { good, good }, swapped[2];

        two[1].name = t[i].name;
        two[1].path = t[i].path;
        two[1].object = t[i].object;
        two[1].method = t[i].method;
        swapped[0] = two[1];
        swapped[1] = two[0];
        CHECK_INT_AT(i, starts(two, 2), t[i].ok);
        CHECK_INT_AT(i, starts(swapped, 2), t[i].ok);
    }
}

TEST(op_by_path_finds_and_refuses)
{
    static const struct op first[] = {
        { .name = "room.list", .method = GET, .path = "/rooms" },
        { .name = "room.read", .method = GET, .path = "/rooms/:room", .object = OBJ_ROOM },
        { .name = "operator.only" },
    };
    static const struct op second[] = {
        { .name = "talk.post", .method = POST, .path = "/rooms/:room/messages", .object = OBJ_ROOM },
        { .name = "room.delete", .method = DELETE_, .path = "/rooms/:room", .object = OBJ_ROOM },
    };
    static const struct op_table one = { first, COUNT(first) }, two = { second, COUNT(second) };
    static const struct op_table *const tables[] = { &one, &two };
    static const struct app app = { .tables = tables, .n_tables = 2, .objects = objects };
    static const struct { enum method m; const char *path, *name, *param; enum err err; } t[] = {
        { GET, "/rooms", "room.list", "", E_NONE }, { GET, "/rooms/7", "room.read", "7", E_NONE },
        { DELETE_, "/rooms/7", "room.delete", "7", E_NONE }, { POST, "/rooms/x%20y/messages", "talk.post", "x y", E_NONE },
        { GET, "/rooms/a%2Fb", "room.read", "a/b", E_NONE },     /* an escaped slash parts nothing */
        { PUT, "/rooms", NULL, NULL, E_METHOD }, { GET, "/rooms/7/messages", NULL, NULL, E_METHOD },
        { NO_METHOD, "/rooms", NULL, NULL, E_METHOD },
        { GET, "/rooms/", NULL, NULL, E_NOT_FOUND }, { GET, "/rooms/7/", NULL, NULL, E_NOT_FOUND },
        { GET, "//rooms", NULL, NULL, E_NOT_FOUND }, { GET, "rooms", NULL, NULL, E_NOT_FOUND },
        { GET, "/Rooms", NULL, NULL, E_NOT_FOUND }, { GET, "/", NULL, NULL, E_NOT_FOUND }, { GET, "", NULL, NULL, E_NOT_FOUND },
        { GET, "/room%73", NULL, NULL, E_NOT_FOUND }, { GET, "/rooms/7/messages/8", NULL, NULL, E_NOT_FOUND },
        { GET, "/rooms/%zz", NULL, NULL, E_NOT_FOUND }, { GET, "/rooms/%00", NULL, NULL, E_NOT_FOUND },
        { NO_METHOD, "operator.only", NULL, NULL, E_NOT_FOUND },
    };
    struct ctx x = { .arena = arena_new(4096) };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct call c = { 0 };

        failure_clear(&x.failure);
        const struct op *op = op_by_path(&app, &x, t[i].m, sv_c(t[i].path), &c);
        CHECK_INT_AT(i, op != NULL, t[i].name != NULL);
        CHECK_INT_AT(i, x.failure.code, t[i].err);
        if (op) {
            CHECK_STR_AT(i, sv_c(op->name), sv_c(t[i].name));
            CHECK_STR_AT(i, c.object_text, sv_c(t[i].param));
            CHECK_AT(i, c.op == op);
        }
    }
    CHECK(op_by_name(&app, SV("operator.only")) == &first[2]);
    CHECK(op_by_name(&app, SV("room.delete")) == &second[1]);
    CHECK(op_by_name(&app, SV("room.lis")) == NULL);
    CHECK(op_at(&app, 4) == &second[1] && op_at(&app, 5) == NULL);
    arena_free(&x.arena);
}
