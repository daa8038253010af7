/* api/brief.c: members as lists name them. */
#include "api/brief.h"

struct brief {
    id64 id;
    sv login, family, given;
};
static const struct field brief_fields[] = {
    FIELD(struct brief, id, .doc = "the member"),
    FIELD(struct brief, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct brief, family, .doc = "family name"),
    FIELD(struct brief, given, .doc = "given name"),
};
static const struct schema brief_out = SCHEMA("member_brief_out", struct brief, brief_fields);

struct briefs {
    struct list members;
    bool more;
};
static const struct field briefs_fields[] = {
    FIELD(struct briefs, members, .of = &brief_out, .doc = "sorted by reading"),
    FIELD(struct briefs, more, .doc = "there are further ones"),
};
const struct schema briefs_out = SCHEMA("member_briefs_out", struct briefs, briefs_fields);

void briefs_fill(struct ctx *x, const struct members *page, bool more, void *out)
{
    struct brief *v = ANEWN(x->arena, struct brief, page->n + 1);

    for (size_t i = 0; i < page->n; i++)
        v[i] = (struct brief){page->v[i].id, page->v[i].login, page->v[i].family, page->v[i].given};
    *(struct briefs *)out = (struct briefs){{v, page->n}, more};
}
