/* base/log_test.c: a stranger's text never makes a line of its own nor moves a terminal's cursor (B12.05). */
#include "base/log.h"

#include "base/failure.h"
#include "base/test.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TEST(log_escapes)
{
    static const struct { sv in; const char *want; } t[] = {
        { SV("縁側 ok"), "縁側 ok" },
        { SV("a\r\nb"), "a\\x0d\\x0ab" },
        { SV("\x1b[2J\x1b]0;t\x07"), "\\x1b[2J\\x1b]0;t\\x07" },
        { SV("a\xe2\x80\xa8" "b\xe2\x80\xa9" "c"), "a\\u2028b\\u2029c" },
        { SV("\xe2\x80\xae" "txt.exe"), "\\u202etxt.exe" },
        { SV("\xc2\x9b" "31m"), "\\u009b31m" },
        { SV("\xc2\x85"), "\\u0085" },
        { SV("\xff\xe7\xb8\x81"), "\\xff\\xe7\\xb8\\x81" },
        { SV("a\0b\x7f"), "a\\x00b\\x7f" },
        { SV("\xe2\x81\xa6"), "\\u2066" },
    };
    struct arena *a = arena_new(1024);

    PROVES("B12.05");
    for (size_t i = 0; i < COUNT(t); i++) {
        struct str out = STR_IN(a);
        log_escape(&out, t[i].in);
        CHECK_STR_AT(i, str_sv(&out), sv_c(t[i].want));
    }
    arena_free(&a);
}

/* What log_put() writes to stderr meanwhile. */
static sv written(struct arena *a, sv value, enum log_level level)
{
    char name[] = "/tmp/engawa-log-XXXXXX";
    int file = mkstemp(name), before = dup(STDERR_FILENO);
    char *p = arena_alloc(a, 16384);

    ENSURE(file >= 0 && before >= 0 && dup2(file, STDERR_FILENO) >= 0);
    log_put(level, "said %.*s", SV_ARG(value));
    ENSURE(dup2(before, STDERR_FILENO) >= 0);
    ssize_t n = pread(file, p, 16384, 0);
    close(before);
    close(file);
    unlink(name);
    ENSURE(n >= 0);
    return sv_n(p, (size_t)n);
}

TEST(log_line_is_one_line)
{
    struct arena *a = arena_new(65536);
    struct str big = STR_IN(a);
    sv line = written(a, SV("x\n2026-01-01 error root: forged\x1b[0m"), LOG_WARN);

    CHECK(sv_ends(line, SV("\\x1b[0m\n")));
    CHECK(memchr(line.p, '\n', line.n) == line.p + line.n - 1);
    CHECK(sv_find(line, SV(" warn "), NULL));
    CHECK_INT(written(a, SV("quiet"), LOG_DEBUG).n, 0);
    for (int i = 0; i < 3000; i++)                        /* cut, but between characters */
        str_c(&big, "縁");
    for (size_t lead = 0; lead < 3; lead++) {             /* the cut falls on each byte of a character in turn */
        struct str text = STR_IN(a);
        str_bytes(&text, "aaa", lead);
        str_put(&text, str_sv(&big));
        line = written(a, str_sv(&text), LOG_ERROR);
        CHECK_AT(lead, line.n > 1000 && line.n < 3000 && line.p[line.n - 1] == '\n');
        CHECK_AT(lead, utf8_valid(line));
        CHECK_AT(lead, sv_find(line, SV("縁縁縁"), NULL));
    }
    arena_free(&a);
}

TEST(failure_keeps_the_first)
{
    struct failure f = {0};

    CHECK(!fail(&f, E_NOT_FOUND, "room %d", 5));
    CHECK(!fail_field(&f, "text", "later"));
    CHECK_INT(f.code, E_NOT_FOUND);
    CHECK(strcmp(f.detail, "room 5") == 0);
    CHECK(f.field == NULL);
    failure_clear(&f);
    CHECK(!fail_field(&f, "text", "too long"));
    CHECK_INT(f.code, E_INVALID_VALUE);
    CHECK(strcmp(f.field, "text") == 0);
    CHECK(!fail_count(&f, E_CONFLICT, 3, "later"));
    CHECK_INT(f.count, 0);
    failure_clear(&f);
    CHECK(!fail_count(&f, E_CONFLICT, 3, "%d stand in the way", 3));
    CHECK_INT(f.count, 3);
    CHECK(strcmp(f.detail, "3 stand in the way") == 0);
    failure_clear(&f);
    CHECK_INT(f.count, 0);
    for (int e = E_NONE + 1; e < E_COUNT; e++) {
        const struct err_def *d = err_def((enum err)e);
        CHECK_AT(e, d->status >= 400 && d->status < 600);
        CHECK_AT(e, d->ja[0] && d->en[0] && d->code[0]);
    }
}
