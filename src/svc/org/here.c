/* svc/org/here.c: who is here now. */
#include "svc/org/here.h"
#include "core/tenant.h"

static const struct field here_fields[] = {
    FIELD(struct here_out, member, .doc = "the member"),
    FIELD(struct here_out, state, .one_of = "on|away|gone", .doc = "it uses the app; it has it open and does not; neither, or it does not want to be seen"),
};
const struct schema here_out = SCHEMA("here", struct here_out, here_fields);

bool org_here_say(struct ctx *x, bool away)
{
    effect(x, EFF_HERE, 0, away ? HERE_AWAY : HERE_ON);
    return true;
}

static bool visible(struct ctx *x, id64 member, bool *yes)
{
    ROWS r = db_query(x->db, "SELECT status FROM member WHERE id = $1", ID(member));

    *yes = rows_next(&r) && row_int(&r, 0) != MEMBER_DELETED;
    return rows_ok(&r);
}

bool org_here_watch(struct ctx *x, const id64 *members, size_t n, struct list *out)
{
    int64_t *seen = ANEWN(x->arena, int64_t, n);
    struct here_out *v = ANEWN(x->arena, struct here_out, n);
    size_t n_seen = 0, n_here = 0;

    for (size_t i = 0; i < n; i++) {
        bool yes;
        if (!visible(x, members[i], &yes))
            return false;
        if (!yes)
            continue;
        seen[n_seen++] = members[i].n;
        enum here_state s = here_told(x->tenant->here, members[i]);
        if (s != HERE_GONE)
            v[n_here++] = (struct here_out){members[i], sv_c(here_name(s))};
    }
    effect_text(x, EFF_WATCH, 0, sv_n((const char *)seen, n_seen * sizeof(*seen)));
    *out = (struct list){v, n_here};
    return true;
}

bool org_here_show(struct ctx *x, bool shown)
{
    effect(x, EFF_HERE_HIDE, x->actor.member.n, !shown);
    return db_exec(x->db, "UPDATE member SET here_hidden = $1 WHERE id = $2", INT(!shown), ID(x->actor.member));
}

bool org_here_hidden(struct ctx *x, id64 member, bool *hidden)
{
    ROWS r = db_query(x->db, "SELECT here_hidden FROM member WHERE id = $1", ID(member));

    *hidden = rows_next(&r) && row_int(&r, 0);
    return rows_ok(&r);
}

size_t org_here_tell(struct ctx *x, struct here_change **told)
{
    size_t n = here_take(x->tenant->here, x->arena, x->now_ms, told);

    for (size_t i = 0; i < n; i++) {
        const struct here_change *c = &(*told)[i];
        const struct here_out o = {c->member, sv_c(here_name(c->now))};
        struct str text = STR_IN(x->arena);
        struct json j = JSON_TO(&text);
        schema_write(&j, NULL, &here_out, &o);
        event_watched(x, EV_HERE, c->member, str_sv(&text));
    }
    return n;
}
