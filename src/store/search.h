/* store/search.h: full-text search of talk: tokens, the index, and the comparison that decides.
 * The index holds for a number n (any, but only one text each) which tokens its text has, and gives the numbers that have
 * all tokens asked for, the highest first. It only narrows down: whether a text matches says search_match() of the text
 * itself. A word matches wherever it stands in a text, folded as base/fold.h does; one that begins with a Latin letter or a
 * digit only where such a run begins ("gawa" is not found in "Engawa", "Eng" is).
 * Tokens and index are a stored format (doc/formats.md): another one gets a new SEARCH_VERSION. */
#ifndef ENGAWA_STORE_SEARCH_H
#define ENGAWA_STORE_SEARCH_H

#include "base/fold.h"
#include "store/db.h"

#define SEARCH_VERSION 3
#define SEARCH_FIRST   4                                  /* first letters of a word that are tokens */
#define SEARCH_LATE    (INT64_C(1) << 44)                 /* numbers from here on stand in an index of their own */

/* The tokens of a text, and labels beside them: search_put() stores them, a blank between two. */
void search_tokens(struct str *out, const struct folded *text);
void search_label(struct str *out, char kind, int64_t id);                 /* kind: a … z */

/* What is to be looked for, part by part: all of the parts must be there. */
bool search_ask(struct str *query, const struct folded *word);             /* false: nothing in it can be looked for */
void search_ask_labels(struct str *query, char kind, const int64_t *ids, size_t n);   /* one of them; n > 0 */

/* Where the word stands in the text, from text character `from` on. */
bool search_match(const struct folded *text, const struct folded *word, size_t from, size_t *at);

/* Writer. */
bool search_put(struct db *d, int64_t n, sv tokens);      /* n is not there */
bool search_remove(struct db *d, int64_t n);              /* nothing happens where it is not */
bool search_clear(struct db *d);
bool search_clear_fresh(struct db *d);                    /* of the numbers below SEARCH_LATE */
/* A piece of making room where much was removed: what was removed leaves the file. */
bool search_tidy(struct db *d, bool *more);

/* Numbers from `from` to below `below`, all on one side of SEARCH_LATE, the highest first: column 0 of the rows. */
struct rows search_find(struct db *d, sv query, int64_t from, int64_t below);
/* Tokens behind `after` in their order, and the numbers below SEARCH_LATE of each, ascending: columns 0 and 1. */
struct rows search_terms(struct db *d, sv after);

#endif
