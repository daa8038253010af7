/* store/column_fixture.h: for tests of any floor: what stands in some columns of a table, whatever else its rows have got since. */
#ifndef ENGAWA_STORE_COLUMN_FIXTURE_H
#define ENGAWA_STORE_COLUMN_FIXTURE_H

#include "crypt/hash.h"
#include "store/db.h"

struct columns {
    sv *v;
    size_t n, cap;
};

/* The table's columns of now, in their order. */
bool columns_of(struct db *d, struct arena *a, sv table, struct columns *out);
/* Over its rows, sorted by what stands in these columns. */
bool columns_digest(struct db *d, struct arena *a, sv table, const struct columns *c, struct sha256 *digest, int64_t *rows);

#endif
