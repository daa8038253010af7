/* role/control_ending.h: the registry's tables of ends: tenants that were cancelled, what is left of them, and where copies of
 * the key store lie. A tenant's end, each step on the disk before the next begins:
 *     ending_close() -> ending_erasing() at its time -> ending_key() when keyd has destroyed the key -> ending_files() when the
 *     folder is gone (the tenant's row goes with it) -> ending_proof() when no place holds a copy with the key
 *     ending_reopen() takes it back before ending_erasing()
 * Copies of the key store: keys_change() is a number that grows whenever a key is gone for good; a copy that was gathered after
 * it was read holds no key that was gone then. */
#ifndef ENGAWA_ROLE_CONTROL_ENDING_H
#define ENGAWA_ROLE_CONTROL_ENDING_H

#include "crypt/hash.h"
#include "role/control_registry.h"

#define ENDING_MS       (INT64_C(7) * 86400000)           /* from the cancellation to the erasure */
#define ENDING_PROOF_MS (INT64_C(7) * 86400000)           /* the longest wait for a place that cannot be reached */

/* 0: not yet. */
struct ending {
    int64_t number, opened_ms, closed_ms, erase_ms, key_ms, key_change, files_ms, proof_ms;
    sv name_hash, proof;                                  /* SHA-256 over number and name; JSON: where copies were replaced */
};

struct sha256 ending_name(int64_t number, sv workgroup);

bool ending_close(struct registry *r, struct tenant_row *t, int64_t closed_ms, struct failure *f);
bool ending_reopen(struct registry *r, struct tenant_row *t, struct failure *f);
bool ending_erasing(struct registry *r, struct tenant_row *t, struct failure *f);
bool ending_key(struct registry *r, int64_t number, int64_t now_ms, struct failure *f);
bool ending_files(struct registry *r, int64_t number, int64_t now_ms, struct failure *f);
bool ending_proof(struct registry *r, int64_t number, int64_t now_ms, sv proof, struct failure *f);
/* The key is gone already, as a copy of the key store says: what an older backup holds of the tenant is nothing. */
bool ending_gone(struct registry *r, int64_t number, int64_t gone_ms, struct failure *f);

/* Into `a`. One number's; the newest of that name; all that are not proven, oldest first. NULL with n or code 0: none. */
struct ending *ending_find(struct registry *r, struct arena *a, int64_t number, struct failure *f);
struct ending *ending_find_name(struct registry *r, struct arena *a, sv workgroup, struct failure *f);
struct ending *endings_open(struct registry *r, struct arena *a, size_t *n, struct failure *f);

struct keys_place {
    sv path, why;                                         /* why: the last try failed; "": it did not */
    int64_t change, copied_ms, tried_ms;
};
bool keys_change(struct registry *r, int64_t *n, struct failure *f);
bool keys_changed(struct registry *r, struct failure *f);                 /* one more */
/* A copy gathered after keys_change() said `change` lies there now; why: it could not be written there. */
bool keys_place_put(struct registry *r, sv path, int64_t change, int64_t now_ms, sv why, struct failure *f);
bool keys_place_forget(struct registry *r, sv path, bool *was, struct failure *f);
struct keys_place *keys_places(struct registry *r, struct arena *a, size_t *n, struct failure *f);

#endif
