/* base/packed_test.c: lists of zips, made here byte by byte; whole files stand in test/api/hostile_file_test.mjs. */
#include "base/packed.h"
#include "base/test.h"

#include <string.h>

struct made {
    struct str s;
    struct {
        char name[8];
        uint32_t at, n;
    } files[4];
    size_t files_n;
};

static void num(struct str *s, uint64_t v, size_t n)
{
    for (; n; n--, v >>= 8)
        str_bytes(s, &(char){(char)(v & 0xff)}, 1);
}

/* A file of n bytes that begins where the list will say. */
static void add(struct made *m, const char *name, uint32_t n)
{
    size_t i = m->files_n++;

    memcpy(m->files[i].name, name, strlen(name) + 1);
    m->files[i].at = (uint32_t)m->s.n;
    m->files[i].n = n;
    str_put(&m->s, SV("PK\3\4"));
    num(&m->s, 0, 14);
    num(&m->s, n, 4);
    num(&m->s, n, 4);
    num(&m->s, strlen(name), 2);
    num(&m->s, 0, 2);
    str_c(&m->s, name);
    num(&m->s, 0, 8);
    for (uint32_t k = 8; k < n; k++)
        num(&m->s, 'x', 1);
}

static void entry(struct made *m, size_t i, bool wide, bool link)
{
    str_put(&m->s, SV("PK\1\2\0\3"));
    num(&m->s, 0, 14);
    num(&m->s, wide ? UINT32_MAX : m->files[i].n, 4);
    num(&m->s, wide ? UINT32_MAX : 1000, 4);
    num(&m->s, strlen(m->files[i].name), 2);
    num(&m->s, wide ? 28 : 0, 2);
    num(&m->s, 0, 6);
    num(&m->s, 0, 2);
    num(&m->s, link ? 0120777 : 0100644, 2);
    num(&m->s, wide ? UINT32_MAX : m->files[i].at, 4);
    str_c(&m->s, m->files[i].name);
    if (wide) {
        num(&m->s, 1, 2);
        num(&m->s, 24, 2);
        num(&m->s, UINT64_C(5000000000), 8);
        num(&m->s, m->files[i].n, 8);
        num(&m->s, m->files[i].at, 8);
    }
}

static void end(struct made *m, size_t list, size_t shift)
{
    size_t n = m->s.n - list;

    str_put(&m->s, SV("PK\5\6"));
    num(&m->s, 0, 8);
    num(&m->s, n, 4);
    num(&m->s, list - shift, 4);
    num(&m->s, 0, 2);
}

struct seen {
    struct str names;
    int64_t size;
    size_t links, stop;
};

static bool see(void *to, const struct packed_entry *e)
{
    struct seen *s = to;

    str_put(&s->names, e->name);
    str_c(&s->names, " ");
    s->size += e->size;
    s->links += e->link;
    return !s->stop || --s->stop;
}

static enum packed_list read_it(struct arena *a, const struct made *m, size_t most, struct seen *s)
{
    sv file = str_sv(&m->s);
    struct source from = source_of_bytes(&file);
    const char *why;

    s->names = STR_IN(a);
    return packed_zip(a, &from, most, see, s, &why);
}

TEST(packed_zip_says_both_names_of_each_file)
{
    struct arena *a = arena_new(65536);

    for (int wide = 0; wide < 2; wide++)
        for (int shift = 0; shift < 100; shift += 50) {
            struct made m = {.s = STR_IN(a)};
            struct seen s = {0};
            num(&m.s, 0, (size_t)shift);
            add(&m, "a", 20);
            add(&m, "b", 9);
            memcpy(m.files[1].name, "c", 2);              /* as the list has it */
            for (size_t i = 0; i < 2; i++)
                m.files[i].at -= (uint32_t)shift;
            size_t list = m.s.n;
            entry(&m, 0, wide, false);
            entry(&m, 1, wide, true);
            end(&m, list, (size_t)shift);
            CHECK_INT_AT(wide, read_it(a, &m, 2, &s), PACKED_DONE);
            CHECK_STR(str_sv(&s.names), SV("a c a b "));
            CHECK_INT(s.size, wide ? INT64_C(10000000000) : 2000);
            CHECK_INT(s.links, 1);
            CHECK_INT(read_it(a, &m, 1, &s), PACKED_MANY);
            s.stop = 2;
            CHECK_INT(read_it(a, &m, 2, &s), PACKED_STOPPED);
            for (size_t cut = 1; cut < 40; cut++) {
                struct made less = m;
                less.s.n -= cut;
                CHECK_INT_AT(cut, read_it(a, &less, 2, &s), PACKED_NONE);
            }
        }
    arena_free(&a);
}

TEST(packed_zip_refuses_what_shares_bytes_or_leads_nowhere)
{
    struct arena *a = arena_new(65536);

    for (int kind = 0; kind < 5; kind++) {
        struct made m = {.s = STR_IN(a)};
        struct seen s = {0};
        add(&m, "a", 200);
        add(&m, "b", 9);
        size_t list = m.s.n;
        if (kind == 0)
            m.files[1].at = 0;                            /* the same */
        if (kind == 1)
            m.files[1].at = 100;                          /* within another */
        if (kind == 2)
            m.files[1].n = 100;                           /* over the list */
        if (kind == 3)
            m.files[0].n = 20, m.files[1].at = 60;        /* nothing is there */
        if (kind == 4) {                                  /* another list before the end */
            entry(&m, 0, false, false);
            end(&m, list, 0);
            size_t second = m.s.n;
            entry(&m, 0, false, false);
            size_t n = m.s.n - second;
            end(&m, second, 0);
            for (size_t i = 0; i < 4; i++) {
                m.s.p[m.s.n - 6 + i] = (char)(list >> 8 * i & 0xff);
                m.s.p[m.s.n - 10 + i] = (char)(n >> 8 * i & 0xff);
            }
        } else {
            entry(&m, 0, false, false);
            entry(&m, 1, false, false);
            end(&m, list, 0);
        }
        CHECK_INT_AT(kind, read_it(a, &m, 9, &s), PACKED_LIES);
    }
    arena_free(&a);
}

TEST(packed_names_that_leave_their_folder)
{
    static const struct {
        const char *in;
        bool leaves;
    } t[] = {
        {"a", false}, {"a/b", false}, {"", false}, {"..a", false}, {"a..", false}, {"a/...", false}, {"./a", false}, {"aa:b", false}, {"1:b", false},
        {"..", true}, {"../a", true}, {"a/..", true}, {"a/../b", true}, {"a\\..\\b", true}, {"..\\a", true}, {"/a", true}, {"\\a", true}, {"c:a", true}, {"C:\\a", true},
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, packed_leaves(sv_c(t[i].in)), t[i].leaves);
}
