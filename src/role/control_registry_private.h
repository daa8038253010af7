/* role/control_registry_private.h: what the files of the registry share. */
#ifndef ENGAWA_ROLE_CONTROL_REGISTRY_PRIVATE_H
#define ENGAWA_ROLE_CONTROL_REGISTRY_PRIVATE_H

#include "base/map.h"
#include "role/control_registry.h"

struct registry {
    struct db *db;
    struct arena *arena;                                  /* of the current call */
    struct map by_number, by_name;
    uint64_t seed;
    int64_t last_uid_index;
    struct tree tree;                                     /* of the operators' log; its size is the last row's number */
};

void registry_begin(struct registry *r, struct failure *f);   /* of a call: its arena, and where it fails */
bool registry_commit(struct registry *r, bool done);      /* !done, or the store cannot: rolled back */
void registry_let_go(struct registry *r, struct tenant_row *row);   /* out of memory; its row is gone */

#endif
