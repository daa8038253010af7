/* svc/talk/keyword_test.c: own words are kept as they are written, within bounds, one for all that search takes for the same;
 * each member has its own, and they go with the member. With and without sealed columns. */
#include "svc/talk/keyword.h"
#include "svc/talk/place.h"
#include "svc/talk/talk_fixture.h"

static enum err set(struct fixture *f, id64 who, const char *const *words, size_t n)
{
    struct keywords all = { 0 };

    fixture_as(f, who);
    fixture_begin(f);
    for (size_t i = 0; i < n; i++)
        *PUSH(f->x.arena, &all) = sv_c(words[i]);
    if (talk_keywords_set(&f->x, &all)) {
        CHECK(fixture_commit(f));
        return E_NONE;
    }
    enum err code = f->x.failure.code;
    fixture_rollback(f);
    return code;
}

static sv get(struct fixture *f, id64 who)
{
    struct keywords all = { 0 };
    struct str text = STR_IN(f->x.arena);

    fixture_as(f, who);
    CHECK(talk_keywords(&f->x, &all));
    for (size_t i = 0; i < all.n; i++)
        str_printf(&text, "%s%.*s", i ? "|" : "", SV_ARG(all.v[i]));
    return str_sv(&text);
}

TEST_BOTH(keywords_are_each_members_own)
{
    static const char *const own[] = { " 発注 ", "ＡＢＣ", "カレー　パン" }, *const other[] = { "レジ" };
    struct house h = house_new(f);

    CHECK_STR(get(f, h.a), SV(""));
    CHECK_INT(set(f, h.a, own, COUNT(own)), E_NONE);
    CHECK_INT(set(f, h.b, other, COUNT(other)), E_NONE);
    CHECK_STR(get(f, h.a), SV("発注|ＡＢＣ|カレー　パン"));
    CHECK_STR(get(f, h.b), SV("レジ"));
    CHECK_INT(set(f, h.a, other, 1), E_NONE);
    CHECK_STR(get(f, h.a), SV("レジ"));
    CHECK_INT(set(f, h.a, NULL, 0), E_NONE);
    CHECK_STR(get(f, h.a), SV(""));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM keyword"), 1);

    fixture_as(f, ID_NONE);
    fixture_begin(f);
    CHECK(talk_member_gone(&f->x, h.b) && fixture_commit(f));
    CHECK_INT(FIXTURE_INT(f, "SELECT COUNT(*) FROM keyword"), 0);
}

TEST_BOTH(keywords_wrong_ones_change_nothing)
{
    static const struct { const char *v[3]; size_t n; } t[] = {
        { { "" }, 1 }, { { "　 " }, 1 }, { { "!?" }, 1 }, { { "ABC", "ａｂｃ" }, 2 }, { { "カレー", "x", "ｶﾚｰ" }, 3 },
        { { "12345678901234567890123456789012345678901" }, 1 },
    };
    static const char *const kept[] = { "12345678901234567890123456789012345678 0" };
    static const char *most[TALK_KEYWORDS_MAX + 1];
    struct house h = house_new(f);

    CHECK_INT(set(f, h.a, kept, 1), E_NONE);
    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, set(f, h.a, t[i].v, t[i].n), E_INVALID_VALUE);
    for (size_t i = 0; i < COUNT(most); i++)
        most[i] = sv_cstr(f->a, sv_printf(f->a, "w%zu", i));
    CHECK_INT(set(f, h.a, most, COUNT(most)), E_INVALID_VALUE);
    CHECK_STR(get(f, h.a), sv_c(kept[0]));
    CHECK_INT(set(f, h.a, most, TALK_KEYWORDS_MAX), E_NONE);
}
