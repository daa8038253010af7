#include "base/test.h"
#include "net/clamd.h"

TEST(clamd_answers)
{
    static const struct { const char *text; enum clamd_word word; const char *name; } t[] = {
        {"stream: OK", CLAMD_OK, "stream: OK"},
        {"stream: Eicar-Test-Signature FOUND", CLAMD_FOUND, "Eicar-Test-Signature"},
        {"stream: Win.Test FOUND FOUND", CLAMD_FOUND, "Win.Test FOUND"},
        {"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", CLAMD_CANNOT, "Heuristics.Limits.Exceeded.MaxFileSize"},
        {"stream: Heuristics.Encrypted.Zip FOUND", CLAMD_CANNOT, "Heuristics.Encrypted.Zip"},
        {"stream: Heuristics.Phishing.Email FOUND", CLAMD_FOUND, "Heuristics.Phishing.Email"},
        {"INSTREAM size limit exceeded. ERROR", CLAMD_CANNOT, "INSTREAM size limit exceeded. ERROR"},
        {"stream: Can't allocate memory ERROR", CLAMD_CANNOT, "stream: Can't allocate memory ERROR"},
        {"stream: a\nb\x80 FOUND", CLAMD_FOUND, "a?b?"},
        /* Nothing that only looks like it is clean. */
        {"", CLAMD_STRANGE, ""},
        {"OK", CLAMD_STRANGE, "OK"},
        {"stream: ", CLAMD_STRANGE, "stream: "},
        {"stream: ok", CLAMD_STRANGE, "stream: ok"},
        {"stream: OK ", CLAMD_STRANGE, "stream: OK "},
        {"stream: OK FOUND", CLAMD_FOUND, "OK"},
        {"stream:  FOUND", CLAMD_STRANGE, "stream:  FOUND"},
        {"stream: FOUND", CLAMD_STRANGE, "stream: FOUND"},
        {"PONG", CLAMD_STRANGE, "PONG"},
        {"UNKNOWN COMMAND", CLAMD_STRANGE, "UNKNOWN COMMAND"},
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        sv name;
        CHECK_INT_AT(i, clamd_answer(a, sv_c(t[i].text), &name), t[i].word);
        CHECK_STR_AT(i, name, sv_c(t[i].name));
    }
    arena_free(&a);
}

TEST(clamd_lengths)
{
    unsigned char b[4];

    clamd_length(b, CLAMD_CHUNK);
    CHECK_STR(sv_n(b, 4), sv_n("\0\0\x80\0", 4));
    clamd_length(b, 0x01020304);
    CHECK_STR(sv_n(b, 4), SV("\1\2\3\4"));
    CHECK_INT(CLAMD_INSTREAM.p[CLAMD_INSTREAM.n - 1], 0);
}

TEST(clamd_versions)
{
    static const struct { const char *text, *version; } t[] = {
        {"ClamAV 1.4.6/27800/Sat Nov 28 09:12:01 2026 ", "ClamAV 1.4.6/27800/Sat Nov 28 09:12:01 2026"},
        {"ClamAV 1.4.6", "ClamAV 1.4.6"},
        {"ClamAV 1\n2", "ClamAV 1?2"},
        {"", ""},
        {"UNKNOWN COMMAND", ""},
        {"stream: OK", ""},
    };
    struct arena *a = arena_new(4096);
    char longest[2 * CLAMD_NAME_MAX] = "ClamAV ";

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_STR_AT(i, clamd_version(a, sv_c(t[i].text)), sv_c(t[i].version));
    for (size_t i = 7; i < sizeof(longest); i++)
        longest[i] = 'x';
    CHECK_INT(clamd_version(a, sv_n(longest, sizeof(longest))).n, CLAMD_NAME_MAX);
    CHECK_INT(CLAMD_VERSION.p[CLAMD_VERSION.n - 1], 0);
    arena_free(&a);
}
