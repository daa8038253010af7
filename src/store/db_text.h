/* store/db_text.h, for db_*.c, migrate.c and tests alone: statements as text, several behind each other, without values. */
#ifndef ENGAWA_STORE_DB_TEXT_H
#define ENGAWA_STORE_DB_TEXT_H

#include "store/db.h"

bool db_run_text(struct db *d, const char *sql);

#endif
