/* store/migrate.h: a schema is an append-only list; each line runs once per database, in one transaction.
 * `BIGINT PRIMARY KEY` becomes SQLite's row id (INTEGER PRIMARY KEY) on SQLite, `CREATE SEARCH INDEX talk_search` what
 * store/search.h works on. A database newer than the list is refused. The table schema_version(n) holds how far it came. */
#ifndef ENGAWA_STORE_MIGRATE_H
#define ENGAWA_STORE_MIGRATE_H

#include "store/db.h"

struct migration {
    int n;                                                /* 1, 2, 3 … without a gap */
    const char *sql;                                      /* one or more statements */
};

bool migrate(struct db *d, const struct migration *list, size_t count);

#endif
