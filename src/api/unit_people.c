/* api/unit_people.c: who belongs to a unit, for both kinds of readers. */
#include "api/unit_people.h"
#include "core/full_name.h"

#define PAGE 100

struct unit_page_query {
    id64 after;
    int64_t limit;
};
static const struct field unit_page_query_fields[] = {
    FIELD(struct unit_page_query, after, .doc = "continue behind this member"),
    FIELD(struct unit_page_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
const struct schema unit_page_query = SCHEMA("unit_page", struct unit_page_query, unit_page_query_fields);

bool unit_leader_name(struct ctx *x, id64 leader, sv *out)
{
    struct member m;

    *out = SV("");
    if (leader.n == 0)
        return true;
    if (!org_member_find(x, leader, &m))
        return false;
    *out = full_name(x->arena, m.family, m.given);
    return true;
}

bool unit_people_page(struct ctx *x, struct call *c, bool colleague, struct unit_people_out *o)
{
    const struct unit_page_query *q = c->query;
    struct unit_people page = {0};
    struct unit u;

    if (colleague && !org_field_visible(x, MF_UNIT))
        return true;                                      /* who is where is nobody's to read */
    if (!unit_find(x, c->object, &u) ||
        !unit_members(x, c->object, q->after, q->limit ? q->limit : PAGE, &page, &o->more))
        return false;
    struct unit_person_out *v = ANEWN(x->arena, struct unit_person_out, page.n);
    for (size_t i = 0; i < page.n; i++) {
        const struct unit_person *p = &page.v[i];
        v[i] = (struct unit_person_out){
            .id = p->m.id,
            .title = p->title,
            .login = p->m.login,
            .family = p->m.family,
            .given = p->m.given,
            .family_reading = p->m.family_reading,
            .given_reading = p->m.given_reading,
            .status = sv_c(org_member_state(&p->m, x->now_ms)),
            .title_name = p->title_name,
            .main = p->main,
            .leader = p->m.id.n == u.leader.n,
        };
        if (colleague && !org_field_visible(x, MF_TITLE))
            v[i].title_name = SV("");
    }
    o->members = (struct list){v, page.n};
    return true;
}
