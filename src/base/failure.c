/* base/failure.c: the table of errors and the recording of the first one. */
#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>

static const struct err_def defs[E_COUNT] = {
    [E_NONE] = {"ok", "", "", 200},
#define ERR(name, status, code, ja, en) [E_##name] = {code, ja, en, status},
#include "base/errors.def"
#undef ERR
};

const struct err_def *err_def(enum err e)
{
    ENSURE((unsigned)e < E_COUNT);
    return &defs[e];
}

static bool record(struct failure *f, enum err code, const char *field, const char *detail, va_list ap)
    __attribute__((format(printf, 4, 0)));

static bool record(struct failure *f, enum err code, const char *field, const char *detail, va_list ap)
{
    if (f->code != E_NONE)
        return false;
    f->code = code;
    f->field = field;
    vsnprintf(f->detail, sizeof(f->detail), detail, ap);
    return false;
}

bool fail(struct failure *f, enum err code, const char *detail, ...)
{
    va_list ap;

    va_start(ap, detail);
    record(f, code, NULL, detail, ap);
    va_end(ap);
    return false;
}

bool fail_field(struct failure *f, const char *field, const char *detail, ...)
{
    va_list ap;

    va_start(ap, detail);
    record(f, E_INVALID_VALUE, field, detail, ap);
    va_end(ap);
    return false;
}

bool fail_count(struct failure *f, enum err code, int64_t count, const char *detail, ...)
{
    bool first = f->code == E_NONE;
    va_list ap;

    va_start(ap, detail);
    record(f, code, NULL, detail, ap);
    va_end(ap);
    if (first)
        f->count = count;
    return false;
}

bool fail_full(struct failure *f, enum err code, int64_t used, int64_t left, const char *detail, ...)
{
    bool first = f->code == E_NONE;
    va_list ap;

    va_start(ap, detail);
    record(f, code, NULL, detail, ap);
    va_end(ap);
    if (first) {
        f->full = true;
        f->used = used;
        f->left = left > 0 ? left : 0;                    /* a limit may have been made less than what is there */
    }
    return false;
}

void failure_clear(struct failure *f)
{
    f->full = false;
    f->used = f->left = 0;
    f->code = E_NONE;
    f->field = NULL;
    f->count = 0;
}
