/* role/backup_table.h: the digests of a database's tables as they stand in a backup (BACKUP_TABLES): written by the process
 * whose database it is, from the moment that is copied, and compared by whoever opens the copy. */
#ifndef ENGAWA_ROLE_BACKUP_TABLE_H
#define ENGAWA_ROLE_BACKUP_TABLE_H

#include "base/json.h"
#include "store/db_digest.h"

/* "tables": [{"name", "rows", "sha256"}] into the object at hand. */
void backup_tables_json(struct json *j, const struct db_tables *t);

struct table_fault {
    sv table;
    const char *how;                                      /* a literal */
    int64_t said, found;                                  /* rows */
};

/* `said`: the list as backup_tables_json() wrote it; NULL is no list. False: `out` names the first table that differs. */
bool backup_tables_equal(struct arena *a, const struct json_value *said, const struct db_tables *found, struct table_fault *out);

#endif
