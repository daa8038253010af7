/* role/refusal_test.c: the choice of the language and the form of a refusal. */
#include "role/refusal.h"

#include "base/test.h"

TEST(refusal_language)
{
    static const struct {
        const char *header;
        bool english;
    } t[] = {
        {"", false}, {"en", true}, {"en-US,en;q=0.9", true}, {"ja", false}, {"ja,en-US;q=0.9,en;q=0.8", false},
        {"en-GB,en;q=0.9,ja;q=0.8", true}, {"ja;q=0.5, en;q=0.7", true}, {"en;q=0.05, ja;q=0.5", false}, {"fr, en;q=0.1", true},
        {"fr", false}, {"*", false}, {"en;q=0", false}, {"EN", true}, {";;,,=", false}, {"en;q=", false}, {"ja,en", false},
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_INT_AT(i, language_english(sv_c(t[i].header)), t[i].english);
}

TEST(refusal_form)
{
    struct str out = {0};
    char ref[REF_CHARS + 1], other[REF_CHARS + 1];

    ref_new(ref);
    ref_new(other);
    CHECK_INT(sv_c(ref).n, REF_CHARS);
    CHECK(!sv_equal(sv_c(ref), sv_c(other)));
    refusal_put(&out, E_INVALID_VALUE, true, "0123456789ab", "text");
    CHECK_STR(str_sv(&out), SV("{\"error\":{\"code\":\"invalid_value\",\"message\":\"Please check what you entered.\","
                               "\"ref\":\"0123456789ab\",\"field\":\"text\"}}"));
    str_release(&out);
}
