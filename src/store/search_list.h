/* store/search_list.h: what the index keeps of numbers that were packed (svc/talk/search_pack.h): which of SEARCH_PART
 * positions, at most, have a token. A frequent token is a bit for each position, a rare one the distances between its positions.
 * A stored format (doc/formats.md); a list that is none is refused. */
#ifndef ENGAWA_STORE_SEARCH_LIST_H
#define ENGAWA_STORE_SEARCH_LIST_H

#include "base/str.h"

#define SEARCH_PART  8192                                 /* positions of a part at most; a multiple of 64 */
#define SEARCH_KEY   42                                   /* bits of a token's key */
#define SEARCH_KEYS  170                                  /* of one question */

struct search_set {
    uint64_t bits[SEARCH_PART / 64];
};

void search_set_add(struct search_set *s, size_t at);     /* at < SEARCH_PART */
bool search_set_has(const struct search_set *s, size_t at);
bool search_set_none(const struct search_set *s);
size_t search_set_count(const struct search_set *s, size_t max);   /* `max`: so many or more */
bool search_set_below(const struct search_set *s, size_t *at);   /* the highest position below *at; false: none */

void search_list_write(struct str *out, const struct search_set *s);
bool search_list_read(sv list, struct search_set *s);     /* adds; false: no list */
bool search_list_and(sv list, struct search_set *s);      /* leaves what is in both; false: no list */

/* Distances of ascending numbers, as they follow each other: `from` is the number before, -1 at the beginning. */
void search_gap_write(struct str *out, int64_t from, int64_t n);
bool search_gap_read(sv *rest, int64_t *n);               /* *n: the number before, then the next; false: ended, or no list */
bool search_gaps_read(sv gaps, uint64_t *bits, uint64_t below);   /* a bit for each of them, all smaller; false: no list */

/* Under which key a token's lists stand: equal for many, and in the order of the tokens for nearly all. */
int64_t search_key(sv token);

/* The keys of all tokens that search_ask() wrote; of the beginning of a word that of its first letters. */
struct search_keys {
    int64_t v[SEARCH_KEYS];
    size_t n;
};
void search_keys_of(struct search_keys *out, sv query);

#endif
