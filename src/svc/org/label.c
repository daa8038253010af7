/* svc/org/label.c: rules of titles, grades and permission types. */
#include "svc/org/label.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "svc/org/label_sql.h"

static const char *const kinds[LABEL_KINDS] = {"", "title", "grade", "permtype"};

const char *label_kind_name(enum label_kind k)
{
    return (unsigned)k < LABEL_KINDS ? kinds[k] : "";
}

bool label_kind_find(sv name, enum label_kind *out)
{
    for (unsigned k = LABEL_TITLE; k < LABEL_KINDS; k++)
        if (sv_equal(name, sv_c(kinds[k]))) {
            *out = (enum label_kind)k;
            return true;
        }
    return false;
}

bool label_used(struct ctx *x, enum label_kind k)
{
    static const char *const keys[LABEL_KINDS] = {NULL, "member.title.enabled", "member.grade.enabled",
                                                  "member.permtype.enabled"};

    ENSURE(k > LABEL_NONE && k < LABEL_KINDS);
    return policy_bool(x->policy, keys[k]);
}

bool label_find(struct ctx *x, id64 id, struct label *out)
{
    return label_sql_find(x, id, out) ? true : fail(&x->failure, E_NOT_FOUND, "no label %" PRId64, id.n);
}

bool label_check(struct ctx *x, enum label_kind k, id64 id)
{
    struct label l;

    if (id.n == 0)
        return true;
    if (!label_find(x, id, &l))
        return false;
    return l.kind == k ? true : fail(&x->failure, E_NOT_FOUND, "label %" PRId64 " is no %s", id.n, kinds[k]);
}

bool label_of(struct ctx *x, id64 member, enum label_kind k, struct label *out)
{
    id64 grade, permtype;

    *out = (struct label){.kind = k, .name = SV("")};
    if (!label_sql_of(x, member, &grade, &permtype))
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, member.n);
    id64 id = k == LABEL_GRADE ? grade : k == LABEL_PERMTYPE ? permtype : ID_NONE;
    return id.n == 0 || label_find(x, id, out);
}

bool label_list(struct ctx *x, struct labels *out)
{
    return label_sql_list(x, out);
}

bool label_holders(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more)
{
    struct member from = {0};
    struct label l;

    if (!label_find(x, id, &l) || (after.n && !org_member_find(x, after, &from)))
        return false;
    if (!label_sql_holders(x, id, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

static bool name_sound(struct ctx *x, sv name)
{
    if (text_trim(fold(x->arena, name)).n == 0 || utf8_count(name) > LABEL_NAME_MAX)
        return fail_field(&x->failure, "name", "blank or too long");
    return true;
}

static bool taken(struct ctx *x)
{
    return fail(&x->failure, E_NAME_TAKEN, "a label of this kind has the name");
}

bool label_add(struct ctx *x, enum label_kind k, sv name, id64 *id)
{
    struct label l = {.id = rand_id(), .kind = k, .name = text_trim(name)};
    int64_t count;
    bool added;

    if (!name_sound(x, l.name) || !label_sql_last_place(x, k, &l.place, &count))
        return false;
    if (count >= LABELS_MAX)
        return fail_field(&x->failure, "name", "%" PRId64 " labels are enough", count);
    l.place++;
    if (!label_sql_add(x, &l, &added))
        return false;
    *id = l.id;
    return added ? true : taken(x);
}

bool label_rename(struct ctx *x, id64 id, sv name)
{
    struct label l;

    if (!label_find(x, id, &l))
        return false;
    l.name = text_trim(name);
    if (!name_sound(x, l.name))
        return false;
    return label_sql_name_free(x, &l) ? label_sql_rename(x, id, l.name) : taken(x);
}

bool label_move(struct ctx *x, id64 id, id64 before)
{
    struct label l, next;
    int64_t place, count;

    if (!label_find(x, id, &l))
        return false;
    if (before.n == 0)
        return label_sql_last_place(x, l.kind, &place, &count) && label_sql_place(x, id, place + 1);
    if (before.n == id.n || !label_sql_find(x, before, &next) || next.kind != l.kind)
        return fail_field(&x->failure, "before", "no other label of this kind");
    return label_sql_make_place(x, l.kind, next.place) && label_sql_place(x, id, next.place);
}

bool label_delete(struct ctx *x, id64 id)
{
    struct label l;

    if (!label_find(x, id, &l))
        return false;
    if (l.holders)
        return fail_count(&x->failure, E_LABEL_IN_USE, l.holders, "label %" PRId64, id.n);
    return label_sql_delete(x, id);
}
