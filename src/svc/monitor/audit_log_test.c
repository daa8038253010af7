/* svc/monitor/audit_log_test.c: pages of the log, and an export from which every leaf and the root can be made again. */
#include "core/core_test.h"
#include "svc/monitor/audit_log.h"


#define ROWS_STORED 1203                                  /* more than two pages of the export */

static void store(struct fixture *f, int n, id64 actor, id64 object)
{
    struct audit_row *rows = ANEWN(f->a, struct audit_row, (size_t)n);
    struct tree t = f->t->tree;

    for (int i = 0; i < n; i++)
        rows[i] = (struct audit_row){ .kind = i % 2 ? AUDIT_MSG_POST : AUDIT_MEMBER_SUSPEND, .time_ms = FIXTURE_NOW + i,
                                      .actor = i % 3 ? actor : ID_NONE, .channel = i % 3 ? CH_W : CH_NONE,
                                      .ip = i % 3 ? SV("2001:db8::1") : SV(""), .object = object,
                                      .result = i % 5 ? E_NONE : E_DENIED, .count = i % 7 ? 1 : 49,
                                      .detail = i % 2 ? SV("{\"room\":\"1\"}") : SV_NONE };
    fixture_call(f);
    fixture_begin(f);
    CHECK(audit_store(f->d, f->a, FIXTURE_TENANT, &t, rows, (size_t)n));
    CHECK(fixture_commit(f));
    f->t->tree = t;
}

TEST_BOTH(audit_log_pages)
{
    static const struct { int64_t before, limit, first, n; bool more; } t[] = {
        { 0, 50, 7, 7, false }, { 0, 7, 7, 7, false }, { 0, 6, 7, 6, true }, { 4, 2, 3, 2, true }, { 3, 2, 2, 2, false },
        { 1, 5, 0, 0, false }, { 100, 1, 7, 1, true },
    };
    id64 actor = fixture_member(f, "mori", ROLE_SUPER_ADMIN), object = fixture_member(f, "oka", ROLE_MEMBER);

    CHECK(db_exec(f->d, "UPDATE member SET given = '真由' WHERE id = $1", ID(actor)));
    store(f, 7, actor, object);
    for (size_t i = 0; i < COUNT(t); i++) {
        struct audit_entries page = { 0 };
        bool more = !t[i].more;

        CHECK_AT(i, audit_log_page(&f->x, t[i].before, t[i].limit, &page, &more));
        CHECK_INT_AT(i, page.n, t[i].n);
        CHECK_INT_AT(i, more, t[i].more);
        for (size_t k = 0; k < page.n; k++)
            CHECK_INT_AT(i, page.v[k].seq, t[i].first - (int64_t)k);
    }
    struct audit_entries page = { 0 };
    bool more;
    REQUIRE(audit_log_page(&f->x, 3, 1, &page, &more) && page.n == 1);
    CHECK_INT(page.v[0].time_ms, FIXTURE_NOW + 1);
    CHECK_INT(page.v[0].actor.n, actor.n);
    CHECK_INT(page.v[0].channel, CH_W);
    CHECK_STR(page.v[0].ip, SV("2001:db8::1"));
    CHECK_STR(page.v[0].act, SV("talk.post"));
    CHECK_STR(page.v[0].result, SV("ok"));
    CHECK_STR(page.v[0].actor_name, SV("mori 真由"));
    CHECK_STR(page.v[0].object_name, SV("oka"));
    CHECK_STR(page.v[0].detail, SV("{\"room\":\"1\"}"));
    CHECK_INT(page.v[0].count, 1);
}

/* ---- the export ---- */

struct export {
    struct str text;
    size_t pieces;
};

static void put(void *to, sv piece)
{
    struct export *e = to;

    str_put(&e->text, piece);
    e->pieces++;
}

static sv word(sv *line)
{
    sv w = SV_NONE;

    CHECK(sv_cut(line, ' ', &w));
    return w;
}

static sv number_or_none(sv w)
{
    return sv_equal(w, SV("-")) ? SV("") : w;
}

static void piece(struct str *out, sv v)
{
    str_char(out, 0);
    str_char(out, 0);
    str_char(out, (char)(v.n >> 8));
    str_char(out, (char)v.n);
    str_put(out, v);
}

/* "row SEQ TIME ACTOR CHANNEL IP ACT OBJECT RESULT COUNT DETAIL_HASH SALT LEAF": the leaf made of the words before it. */
static struct sha256 leaf_of(struct arena *a, sv line, int64_t seq)
{
    struct str s = STR_IN(a);
    sv w, bytes;
    int64_t n = 0;

    CHECK_STR(word(&line), SV("row"));
    str_put(&s, SV("engawa audit 1\n"));
    piece(&s, sv_printf(a, "%" PRId64, FIXTURE_TENANT));
    for (int i = 0; i < 9; i++) {
        w = word(&line);
        if (i == 0)
            CHECK(sv_int(w, &n));
        piece(&s, i == 3 || i == 4 ? number_or_none(w) : w);
    }
    CHECK_INT(n, seq);
    CHECK(hex_read(a, word(&line), &bytes));
    piece(&s, bytes);
    CHECK(hex_read(a, word(&line), &bytes));
    str_put(&s, bytes);
    struct sha256 leaf = tree_leaf(str_sv(&s));
    struct str hex = STR_IN(a);
    hex_put(&hex, sv_n(leaf.b, 32));
    CHECK_STR_AT(seq, line, str_sv(&hex));
    return leaf;
}

TEST_BOTH(audit_log_export_proves_itself)
{
    id64 actor = fixture_member(f, "mori", ROLE_SUPER_ADMIN), object = fixture_member(f, "oka", ROLE_MEMBER);
    struct export e = { .text = STR_IN(f->a) };
    struct tree t = { 0 };
    sv line, rest, root_hex;
    int64_t seq = 0, size;

    store(f, ROWS_STORED, actor, object);
    CHECK(audit_log_sign_store(&f->x, 3, SV("root of three"), 17, SV("signature")));
    CHECK(audit_log_sign_store(&f->x, 3, SV("another"), 18, SV("never")));        /* the first stands */
    CHECK(audit_log_export(&f->x, FIXTURE_TENANT, put, &e));
    CHECK(e.pieces > 3);                                  /* piece by piece, not as one text */
    rest = str_sv(&e.text);
    CHECK(sv_cut(&rest, '\n', &line));
    CHECK_STR(line, SV("engawa audit export 1"));
    CHECK(sv_cut(&rest, '\n', &line));
    CHECK_STR(line, SV("tenant 4711"));
    while (seq < ROWS_STORED && sv_cut(&rest, '\n', &line)) {
        struct sha256 leaf = leaf_of(f->a, line, ++seq);
        tree_add(&t, &leaf);
    }
    CHECK(sv_cut(&rest, '\n', &line));
    CHECK_STR(line, SV("head 3 17 726f6f74206f66207468726565 7369676e6174757265"));
    struct sha256 root = tree_root(&t);
    struct str want = STR_IN(f->a);
    hex_put(&want, sv_n(root.b, 32));
    CHECK(audit_log_head(&f->x, &size, &root_hex));
    CHECK_INT(size, ROWS_STORED);
    CHECK_STR(root_hex, str_sv(&want));
    CHECK(sv_cut(&rest, '\n', &line));
    CHECK_STR(line, sv_printf(f->a, "tree %d %.*s", ROWS_STORED, SV_ARG(root_hex)));
    CHECK_STR(rest, SV("end\n"));
    CHECK(!sv_find(str_sv(&e.text), SV("mori"), NULL));   /* no names, no content */
    CHECK(!sv_find(str_sv(&e.text), SV("\"room\""), NULL));
}

TEST_BOTH(audit_log_of_nothing)
{
    struct export e = { .text = STR_IN(f->a) };
    struct audit_entries page = { 0 };
    bool more = true;

    CHECK(audit_log_page(&f->x, 0, 10, &page, &more));
    CHECK(page.n == 0 && !more);
    CHECK(audit_log_export(&f->x, FIXTURE_TENANT, put, &e));
    CHECK_STR(str_sv(&e.text), SV("engawa audit export 1\ntenant 4711\n"
                                  "tree 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nend\n"));
}

/* Rows and a head that are committed while the export is read. */
struct busy {
    struct export e;
    struct fixture *f;
};

static void put_busily(void *to, sv piece_)
{
    struct busy *b = to;

    put(&b->e, piece_);
    store(b->f, 2, ID_NONE, ID_NONE);
    fixture_call(b->f);
    CHECK(audit_log_sign_store(&b->f->x, (int64_t)b->f->t->tree.size, SV("root"), 17, SV("signature")));
}

TEST(audit_log_export_is_of_one_moment)
{
    struct fixture *f = fixture_new(false);
    const struct db_options o = {.path = f->path, .key = &f->key, .flags = DB_READ_ONLY, .tenant = FIXTURE_TENANT};
    struct ctx x = {.arena = arena_new(4096)};
    struct busy b = {.f = f, .e.text = STR_IN(x.arena)};
    sv rest, line;
    int64_t rows = 0, heads = 0, size = -1;

    store(f, 5, ID_NONE, ID_NONE);
    x.db = db_open(&o, &x.failure);
    REQUIRE(x.db != NULL);
    db_use(x.db, x.arena, &x.failure);
    CHECK(audit_log_export(&x, FIXTURE_TENANT, put_busily, &b));
    for (rest = str_sv(&b.e.text); sv_cut(&rest, '\n', &line);) {
        rows += sv_starts(line, SV("row "));
        heads += sv_starts(line, SV("head "));
        if (sv_starts(line, SV("tree "))) {
            line = sv_from(line, 5);
            CHECK(sv_int(word(&line), &size));
        }
    }
    CHECK_INT(rows, size);
    CHECK_INT(heads, 1);                                  /* of the first piece, which nothing was read before */
    CHECK((int64_t)f->t->tree.size > size);
    db_close(&x.db);
    arena_free(&x.arena);
    fixture_free(&f);
}
