/* store/search.c: the index on SQLite: FTS5 without content, positions and order (migrate.c makes it). Its tokenizer parts
 * at blanks alone, for a token is made of letters, digits and characters beyond ASCII. */
#include "store/search.h"

#define TIDY_PAGES 200                                    /* of a piece: some milliseconds */

bool search_put(struct db *d, int64_t n, sv tokens)
{
    return n < SEARCH_LATE ? db_exec(d, "INSERT INTO talk_search (rowid, tokens) VALUES ($1, $2)", INT(n), TEXT(tokens))
                           : db_exec(d, "INSERT INTO talk_search_late (rowid, tokens) VALUES ($1, $2)", INT(n), TEXT(tokens));
}

bool search_remove(struct db *d, int64_t n)
{
    return n < SEARCH_LATE ? db_exec(d, "DELETE FROM talk_search WHERE rowid = $1", INT(n))
                           : db_exec(d, "DELETE FROM talk_search_late WHERE rowid = $1", INT(n));
}

bool search_clear_fresh(struct db *d)
{
    return db_exec(d, "INSERT INTO talk_search (talk_search) VALUES ('delete-all')");
}

bool search_clear(struct db *d)
{
    return search_clear_fresh(d) && db_exec(d, "INSERT INTO talk_search_late (talk_search_late) VALUES ('delete-all')");
}

static bool changes(struct db *d, int64_t *n)
{
    ROWS r = db_query(d, "SELECT total_changes()");

    *n = rows_next(&r) ? row_int(&r, 0) : 0;
    return rows_ok(&r);
}

/* Below zero: all segments become one, piece by piece. A call that finds nothing left to do changes less than two rows. */
bool search_tidy(struct db *d, bool *more)
{
    int64_t before, after;

    if (!changes(d, &before) ||
        !db_exec(d, "INSERT INTO talk_search (talk_search, rank) VALUES ('merge', $1)", INT(-TIDY_PAGES)) ||
        !changes(d, &after))
        return false;
    *more = after - before >= 2;
    if (*more)
        return true;
    if (!db_exec(d, "INSERT INTO talk_search_late (talk_search_late, rank) VALUES ('merge', $1)", INT(-TIDY_PAGES)) ||
        !changes(d, &before))
        return false;
    *more = before - after >= 2;
    return true;
}

struct rows search_find(struct db *d, sv query, int64_t from, int64_t below)
{
    return from < SEARCH_LATE
               ? db_query(d, "SELECT rowid FROM talk_search WHERE talk_search MATCH $1 AND rowid >= $2 AND rowid < $3"
                             " ORDER BY rowid DESC",
                          TEXT(query), INT(from), INT(below))
               : db_query(d, "SELECT rowid FROM talk_search_late WHERE talk_search_late MATCH $1 AND rowid >= $2 AND rowid < $3"
                             " ORDER BY rowid DESC",
                          TEXT(query), INT(from), INT(below));
}

struct rows search_terms(struct db *d, sv after)
{
    return db_query(d, "SELECT term, doc FROM talk_search_terms WHERE term > $1 ORDER BY term", TEXT(after));
}
