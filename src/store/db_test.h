/* store/db_test.h: a database in a folder of its own for a unit test, removed at the end.
 *     struct scratch t = scratch_new();  struct db *d = scratch_open(&t, "a.db", key, 0);  … scratch_end(&t);
 * Failures of every call go to t.f. */
#ifndef ENGAWA_STORE_DB_TEST_H
#define ENGAWA_STORE_DB_TEST_H

#include "store/db.h"

struct scratch {
    struct arena *a;
    struct failure f;
    char dir[64];
    struct secret key;                                    /* 32 bytes, all 7 */
};

struct scratch scratch_new(void);
void scratch_end(struct scratch *t);
const char *scratch_path(struct scratch *t, const char *name);
struct db_options scratch_options(struct scratch *t, const char *name);      /* DB_CREATE, AES, t->key, tenant 1 */
struct db *scratch_open(struct scratch *t, const char *name);                /* used for t->a and t->f */
struct db *scratch_open_as(struct scratch *t, const struct db_options *o);   /* NULL: t->f says why */
sv scratch_read(struct scratch *t, const char *name);                        /* the file's bytes */
void scratch_write(struct scratch *t, const char *name, sv bytes);

#endif
