/* core/schema_sql.h: the tenant's and the product's one list of migrations (core/schema_sql.c). */
#ifndef ENGAWA_CORE_SCHEMA_SQL_H
#define ENGAWA_CORE_SCHEMA_SQL_H

#include "store/migrate.h"

extern const struct migration tenant_migrations[];
extern const size_t tenant_migration_count;

#endif
