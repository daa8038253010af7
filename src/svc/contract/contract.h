/* svc/contract/contract.h: the life of a tenant and its settings: opening, company, changes of settings. */
#ifndef ENGAWA_SVC_CONTRACT_CONTRACT_H
#define ENGAWA_SVC_CONTRACT_CONTRACT_H

#include "core/ctx.h"

/* Writer, once: E_CONFLICT when the tenant is open already. `password_ops`: Argon2id passes measured here. */
bool contract_open(struct ctx *x, sv workgroup, unsigned password_ops);

/* Checks and stores a setting; it holds from the reply on. E_INVALID_VALUE with field "value". */
bool contract_setting_store(struct ctx *x, size_t i, sv value);

struct setting_change {
    size_t i;
    sv value, old;                                        /* old: filled in */
};
struct setting_changes {
    struct setting_change *v;
    size_t n, cap;
    bool confirmed;                                       /* who makes them knows that they may lock themselves out */
};
/* May an admin change it? E_NOT_YET: nothing obeys it; E_DENIED: it is changed elsewhere. */
bool contract_setting_open(size_t i, struct failure *f);
/* All of them or none, judged together; those that are as wanted already are taken out of the list. An audit row with
 * old and new value for each, a refused one too. A wrong value's field is its key. Of the address list (core/network.h):
 * E_NETWORK_EMPTY, E_LOCK_OUT unless confirmed; sessions that no longer conform end. */
bool contract_settings_change(struct ctx *x, struct setting_changes *c);

/* The settings as they are stored now, what this transaction changed before included: *p is new. */
bool contract_settings_stored(struct ctx *x, struct policy *p);

/* Who changed which setting last, and when; a setting that was never changed is not there. */
struct setting_touch {
    size_t i;
    int64_t time_ms;
    id64 by;
    sv by_name;
};
struct setting_touches {
    struct setting_touch *v;
    size_t n, cap;
};
bool contract_setting_touches(struct ctx *x, struct setting_touches *out);

/* One change, as the audit keeps it. */
struct setting_past {
    int64_t seq, time_ms;
    id64 by;
    enum channel channel;
    sv by_name, old, value;
};
struct setting_pasts {
    struct setting_past *v;
    size_t n, cap;
};
/* Changes of one setting since `from_ms` and before the audit row `before` (0: the newest), newest first. *next: where to
 * go on, 0 when there is nothing more. One call looks at HISTORY_LOOKS changes of any setting: a page may be short. */
#define HISTORY_LOOKS 2000
bool contract_setting_history(struct ctx *x, size_t i, int64_t from_ms, int64_t before, size_t limit, struct setting_pasts *out,
                              int64_t *next);

#endif
