/* base/failure.h: the first failure of a request.
 *     return fail(&x->failure, E_NOT_FOUND, "room %" PRId64, room.n);
 * The client gets the code and its sentence; `detail` goes to the log only, so no text of the request stands in it: ids,
 * numbers and words of ours alone. Not thread-safe. */
#ifndef ENGAWA_BASE_FAILURE_H
#define ENGAWA_BASE_FAILURE_H

#include "base/str.h"

enum err {
    E_NONE,
#define ERR(name, status, code, ja, en) E_##name,
#include "base/errors.def"
#undef ERR
    E_COUNT
};

struct err_def {
    const char *code, *ja, *en;
    int status;
};

const struct err_def *err_def(enum err e);                /* e from E_NONE + 1 on */

struct failure {
    enum err code;                                        /* E_NONE: nothing failed */
    const char *field;                                    /* E_INVALID_VALUE: which one; a literal */
    int64_t count;                                        /* how many stand in the way; 0: nothing to count */
    bool full;                                            /* the two that follow are told */
    int64_t used, left;                                   /* bytes that are there, and that still could be */
    char detail[200];                                     /* for the log */
};

/* Keeps the first failure; always returns false, so that `return fail(…)` reads well. */
bool fail(struct failure *f, enum err code, const char *detail, ...) PRINTF(3, 4);
bool fail_field(struct failure *f, const char *field, const char *detail, ...) PRINTF(3, 4);
/* A refusal whose answer says how many: {"error":{"code":"unit_has_members", …, "count":3}}. */
bool fail_count(struct failure *f, enum err code, int64_t count, const char *detail, ...) PRINTF(4, 5);
/* A refusal for want of room, whose answer says how much is there and how much is left: {…, "used":1048576, "left":0}. */
bool fail_full(struct failure *f, enum err code, int64_t used, int64_t left, const char *detail, ...) PRINTF(5, 6);
void failure_clear(struct failure *f);

#endif
