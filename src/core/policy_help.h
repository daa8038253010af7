/* core/policy_help.h: every setting in words, in Japanese and English: what it does and who is affected, what may go
 * wrong, a concrete case; the words by which search finds it; which of its values are weaker; what values are called.
 * The texts stand in policy_help_*.def and policy_words.def; what a setting is stands in policy.def. */
#ifndef ENGAWA_CORE_POLICY_HELP_H
#define ENGAWA_CORE_POLICY_HELP_H

#include "core/policy.h"

struct policy_text {
    const char *help, *risk, *example;
};

struct policy_help {
    const char *key;
    /* "": no value is weaker. "=a|b": a is the weakest, then b, all others are stronger. "up", "down": a larger or a
     * smaller number is weaker ("none" is the largest). "+", "-": more or fewer elements are. */
    const char *weaker;
    const char *words;                                    /* parted by blanks, both languages */
    struct policy_text ja, en;
};
const struct policy_help *policy_help(size_t i);          /* of the setting with this number */
size_t policy_help_count(void);

struct policy_word {
    const char *key, *value, *ja, *en;
};
size_t policy_word_count(void);
const struct policy_word *policy_word(size_t n);
/* What this value of the setting is called; NULL where it is no word (a number, a text). */
const struct policy_word *policy_word_find(size_t i, sv value);

/* "unit", "group", "room", "template", "drive", "policy" or "member" where each such object has a value of its own and the
 * tenant's is the one a new object begins with; "" where there is one value. */
const char *policy_each(size_t i);

#endif
