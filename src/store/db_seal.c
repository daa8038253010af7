/* store/db_seal.c: values of sealed columns where the engine does not encrypt its pages.
 * Stored: version byte 1, then an AEAD piece whose place is bound: tenant, table.column and row. A value that was
 * moved to another row, column or tenant does not open. */
#include "store/db_sqlite.h"

#include "crypt/aead.h"

#define VERSION 1

static sv place(struct db *d, const char *column, int64_t row)
{
    ENSURE(column);
    return sv_printf(d->a, "engawa sealed %d|%" PRId64 "|%s|%" PRId64, VERSION, d->tenant, column, row);
}

sv db_seal(struct db *d, const struct bind *b)
{
    struct str out = STR_IN(d->a);

    ENSURE(b->column);
    if (d->seal_key.n == 0)
        return b->s;
    str_char(&out, VERSION);
    aead_seal(&d->seal_key, place(d, b->column, b->i), b->s, &out);
    return str_sv(&out);
}

bool db_unseal(struct db *d, sv sealed, const char *column, int64_t row, sv *plain)
{
    struct str out = STR_IN(d->a);

    if (d->seal_key.n == 0) {
        *plain = sv_dup(d->a, sealed);
        return true;
    }
    if (sealed.n == 0 || sealed.p[0] != VERSION
        || !aead_open(&d->seal_key, place(d, column, row), sv_from(sealed, 1), &out))
        return fail(d->f, E_INTERNAL, "%s of row %" PRId64 " is not authentic", column, row);
    *plain = str_sv(&out);
    return true;
}
