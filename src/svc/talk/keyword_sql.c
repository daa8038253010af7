/* svc/talk/keyword_sql.c: a member's own words: one sealed text, a line each, under the member. */
#include "svc/talk/keyword_sql.h"

bool keyword_sql_put(struct ctx *x, const struct keywords *words)
{
    struct str lines = STR_IN(x->arena);
    id64 me = x->actor.member;

    if (words->n == 0)
        return keyword_sql_member_gone(x, me);
    for (size_t i = 0; i < words->n; i++) {
        str_c(&lines, i ? "\n" : "");
        str_put(&lines, words->v[i]);
    }
    return db_exec(x->db, "INSERT INTO keyword (member, words, changed_ms) VALUES ($1, $2, $3)"
                          " ON CONFLICT (member) DO UPDATE SET words = excluded.words, changed_ms = excluded.changed_ms",
                   ID(me), SEALED("keyword.words", me.n, str_sv(&lines)), INT(x->now_ms));
}

bool keyword_sql_read(struct ctx *x, struct keywords *out)
{
    ROWS r = db_query(x->db, "SELECT words FROM keyword WHERE member = $1", ID(x->actor.member));

    if (rows_next(&r)) {
        sv lines = row_sealed(&r, 0, "keyword.words", x->actor.member.n), word;
        while (sv_cut(&lines, '\n', &word))
            *PUSH(x->arena, out) = word;
    }
    return rows_ok(&r);
}

bool keyword_sql_member_gone(struct ctx *x, id64 member)
{
    return db_exec(x->db, "DELETE FROM keyword WHERE member = $1", ID(member));
}
