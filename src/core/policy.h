/* core/policy.h: the tenant's settings (policy.def), as one immutable snapshot per change.
 *     policy_new() from stored values -> policy_ref() per request … policy_unref()
 * The rows say type, allowed values and the three presets; policy_check() is the only judge of a new value.
 * Code asks by key; what nothing obeys yet stands in core/policy_unobeyed.txt. */
#ifndef ENGAWA_CORE_POLICY_H
#define ENGAWA_CORE_POLICY_H

#include "base/failure.h"
#include "base/ip_range.h"
#include "core/perm.h"

enum policy_type { BOOL, INT, ENUM, LIST, SET, DURATION, BYTES, TEXT_ };
enum policy_plan { ALL, PAID, ADVANCED };

struct policy_def {
    const char *key, *requirement;
    enum policy_type type;
    const char *allowed, *dflt, *strict, *paper;
    enum policy_plan plan;
    const char *menu, *ja, *en;
};

size_t policy_count(void);
const struct policy_def *policy_def(size_t i);
bool policy_find(sv key, size_t *i);
bool policy_obeyed(size_t i);                             /* false: nothing obeys it yet */
bool policy_secret(size_t i);                             /* its value is never shown, listed or logged */
const char *policy_type_name(enum policy_type t);
/* The submenus in which it stands: one, or two that show one value. Operator's settings stand in none. */
#define POLICY_MENUS 2
size_t policy_menus(size_t i, enum menu out[POLICY_MENUS]);
bool policy_reached(size_t i, struct reach r);            /* through any of them */

struct policy;
/* All at their defaults. */
struct policy *policy_new(void);
struct policy *policy_copy(const struct policy *p);
void policy_set(struct policy *p, size_t i, sv value);    /* only before it is shared */
struct policy *policy_ref(struct policy *p);              /* thread-safe */
void policy_unref(struct policy **p);

/* Is `value` one of the allowed ones? E_INVALID_VALUE with field "value" if not. */
bool policy_check(size_t i, sv value, struct failure *f);

/* Where one change takes another setting with it: which, and to what. False: all is as it may be. */
bool policy_follows(const struct policy *p, size_t changed, size_t *i, sv *value);

/* Do the values fit together? E_INVALID_VALUE with field "value" if not; asked of what would be, before it is. */
bool policy_agrees(const struct policy *p, struct failure *f);

sv      policy_value(const struct policy *p, size_t i);
sv      policy_text(const struct policy *p, const char *key);      /* a key that has no row ends the process */
int64_t policy_int(const struct policy *p, const char *key);       /* -1: "none", no limit */
int64_t policy_ms(const struct policy *p, const char *key);        /* DURATION; -1: no limit */
bool    policy_has(const struct policy *p, const char *key, sv word);  /* SET: is it one of them? */
int64_t policy_bytes(const struct policy *p, const char *key);     /* BYTES; -1: no limit */
bool    policy_bool(const struct policy *p, const char *key);
/* LIST of addresses: is `a` in one of its ranges, and how many are there? A line is a range, perhaps a space and a note. */
bool    policy_in_ranges(const struct policy *p, const char *key, struct ip a);
size_t  policy_ranges(const struct policy *p, const char *key);

#endif
