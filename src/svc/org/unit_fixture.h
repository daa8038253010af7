/* svc/org/unit_fixture.h: what tests of units do again and again. */
#ifndef ENGAWA_SVC_ORG_UNIT_FIXTURE_H
#define ENGAWA_SVC_ORG_UNIT_FIXTURE_H

#include "core/core_test.h"
#include "svc/org/unit.h"

/* A unit whose name is its code. */
static inline id64 unit_new(struct fixture *f, const char *code, id64 parent)
{
    struct unit u = {.name = sv_c(code), .code = sv_c(code), .description = SV(""), .parent = parent};

    fixture_call(f);
    CHECK(unit_add(&f->x, &u));
    return u.id;
}

static inline bool id_list_has(const struct id_list *l, id64 id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].n == id.n)
            return true;
    return false;
}

#endif
