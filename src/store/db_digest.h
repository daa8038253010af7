/* store/db_digest.h: what two copies of a database are compared by: of each table how many rows it has, and a SHA-256 over them
 * in the order of its key, with the type of every value (doc/formats.md, "Digest of a table"). On which pages they lie, what
 * the cipher is and how the indexes look does not matter. */
#ifndef ENGAWA_STORE_DB_DIGEST_H
#define ENGAWA_STORE_DB_DIGEST_H

#include "crypt/hash.h"
#include "store/db.h"

struct db_table {
    sv name;                                              /* "sqlite_schema": the tables and indexes themselves */
    int64_t rows;
    struct sha256 digest;
};

struct db_tables {
    struct db_table *v;
    size_t n, cap;
};

/* Of every table that holds rows, by name; into `a`. Inside db_hold() they are of one moment. `go_on` (may be NULL) is asked
 * about every thousand rows, false gives up with E_RETRY. */
bool db_tables(struct db *d, struct arena *a, bool (*go_on)(void *), void *arg, struct db_tables *out);

#endif
