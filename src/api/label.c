/* api/label.c: titles, grades and permission types in the console. */
#include "api/app.h"
#include "api/brief.h"
#include "svc/org/label.h"

struct label_out {
    id64 id;
    sv name;
    int64_t holders;
};
static const struct field label_out_fields[] = {
    FIELD(struct label_out, id, .doc = "the label"),
    FIELD(struct label_out, name, .doc = "its name"),
    FIELD(struct label_out, holders, .doc = "how many members have it"),
};
static const struct schema label_out = SCHEMA("label_out", struct label_out, label_out_fields);

struct labels_out {
    struct list titles, grades, permtypes;
    bool title_used, grade_used, permtype_used;
};
static const struct field labels_out_fields[] = {
    FIELD(struct labels_out, titles, .of = &label_out, .doc = "in their order"),
    FIELD(struct labels_out, grades, .of = &label_out, .doc = "in their order"),
    FIELD(struct labels_out, permtypes, .of = &label_out, .doc = "in their order"),
    FIELD(struct labels_out, title_used, .doc = "are titles in use?"),
    FIELD(struct labels_out, grade_used, .doc = "are grades in use?"),
    FIELD(struct labels_out, permtype_used, .doc = "are permission types in use?"),
};
static const struct schema labels_out = SCHEMA("labels_out", struct labels_out, labels_out_fields);

struct label_in {
    sv kind, name;
};
static const struct field label_add_in_fields[] = {
    FIELD(struct label_in, kind, .need = true, .one_of = "title|grade|permtype", .doc = "which list"),
    FIELD(struct label_in, name, .need = true, .min = 1, .max = LABEL_NAME_MAX, .doc = "one of its kind"),
};
static const struct schema label_add_in = SCHEMA("label_add_in", struct label_in, label_add_in_fields);
static const struct field label_name_in_fields[] = {
    FIELD(struct label_in, name, .need = true, .min = 1, .max = LABEL_NAME_MAX, .doc = "one of its kind"),
};
static const struct schema label_name_in = SCHEMA("label_name_in", struct label_in, label_name_in_fields);

struct label_place_in {
    id64 before;
};
static const struct field label_place_in_fields[] = {
    FIELD(struct label_place_in, before, .doc = "the label of its kind that it stands before; absent: last"),
};
static const struct schema label_place_in = SCHEMA("label_place_in", struct label_place_in, label_place_in_fields);

struct label_id_out {
    id64 id;
};
static const struct field label_id_out_fields[] = {FIELD(struct label_id_out, id, .doc = "the label")};
static const struct schema label_id_out = SCHEMA("label_id_out", struct label_id_out, label_id_out_fields);

struct holder_query {
    id64 after;
    int64_t limit;
};
static const struct field holder_query_fields[] = {
    FIELD(struct holder_query, after, .doc = "continue behind this member"),
    FIELD(struct holder_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema holder_query = SCHEMA("label_holder_query", struct holder_query, holder_query_fields);

static struct list of_kind(struct ctx *x, const struct labels *all, enum label_kind k)
{
    struct label_out *v = ANEWN(x->arena, struct label_out, all->n);
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].kind == k)
            v[n++] = (struct label_out){all->v[i].id, all->v[i].name, all->v[i].holders};
    return (struct list){v, n};
}

static bool op_label_list(struct ctx *x, struct call *c, void *out)
{
    struct labels all = {0};

    (void)c;
    if (!label_list(x, &all))
        return false;
    *(struct labels_out *)out = (struct labels_out){
        of_kind(x, &all, LABEL_TITLE),
        of_kind(x, &all, LABEL_GRADE),
        of_kind(x, &all, LABEL_PERMTYPE),
        label_used(x, LABEL_TITLE),
        label_used(x, LABEL_GRADE),
        label_used(x, LABEL_PERMTYPE),
    };
    return true;
}

static bool op_label_holders(struct ctx *x, struct call *c, void *out)
{
    const struct holder_query *q = c->query;
    struct members page = {0};
    bool more;

    if (!label_holders(x, c->object, q->after, q->limit ? q->limit : 100, &page, &more))
        return false;
    briefs_fill(x, &page, more, out);
    return true;
}

static sv label_detail(struct ctx *x, enum label_kind k, sv old, sv new)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "kind", sv_c(label_kind_name(k)));
    if (old.n)
        json_text(&j, "old", old);
    if (new.n)
        json_text(&j, "new", new);
    json_close(&j);
    return str_sv(&text);
}

static bool op_label_add(struct ctx *x, struct call *c, void *out)
{
    const struct label_in *in = c->in;
    struct label_id_out *o = out;
    enum label_kind k = LABEL_NONE;

    label_kind_find(in->kind, &k);
    bool ok = label_add(x, k, in->name, &o->id);
    audit(x, AUDIT_LABEL_ADD, o->id, label_detail(x, k, SV_NONE, in->name));
    return ok;
}

static bool op_label_rename(struct ctx *x, struct call *c, void *out)
{
    const struct label_in *in = c->in;
    struct label l;

    (void)out;
    if (!label_find(x, c->object, &l))
        return false;
    audit(x, AUDIT_LABEL_EDIT, c->object, label_detail(x, l.kind, l.name, in->name));
    return label_rename(x, c->object, in->name);
}

static bool op_label_place(struct ctx *x, struct call *c, void *out)
{
    const struct label_place_in *in = c->in;
    struct label l;

    (void)out;
    if (!label_find(x, c->object, &l))
        return false;
    audit(x, AUDIT_LABEL_EDIT, c->object,
          sv_printf(x->arena, "{\"kind\":\"%s\",\"before\":\"%" PRId64 "\"}", label_kind_name(l.kind), in->before.n));
    return label_move(x, c->object, in->before);
}

static bool op_label_delete(struct ctx *x, struct call *c, void *out)
{
    struct label l;

    (void)out;
    if (!label_find(x, c->object, &l))
        return false;
    audit(x, AUDIT_LABEL_DELETE, c->object, label_detail(x, l.kind, l.name, SV_NONE));
    return label_delete(x, c->object);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.label.list", .method = GET, .path = "/console/labels", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &labels_out, .run = op_label_list,
     .doc = "Titles, grades and permission types; units and members are given them on other pages too."},
    {.name = "console.label.add", .method = POST, .path = "/console/labels", .who = WHO_CONSOLE, .menu = M_MEMBER_LABEL,
     .flags = OP_WRITE, .audit = AUDIT_LABEL_ADD, .in = &label_add_in, .out = &label_id_out, .run = op_label_add,
     .doc = "Adds one at the end of its list."},
    {.name = "console.label.rename", .method = PUT, .path = "/console/labels/:label", .who = WHO_CONSOLE,
     .menu = M_MEMBER_LABEL, .object = OBJ_LABEL, .flags = OP_WRITE, .audit = AUDIT_LABEL_EDIT, .in = &label_name_in,
     .out = &nothing_out, .run = op_label_rename, .doc = "Gives it another name."},
    {.name = "console.label.place", .method = POST, .path = "/console/labels/:label/place", .who = WHO_CONSOLE,
     .menu = M_MEMBER_LABEL, .object = OBJ_LABEL, .flags = OP_WRITE, .audit = AUDIT_LABEL_EDIT, .in = &label_place_in,
     .out = &nothing_out, .run = op_label_place, .doc = "Gives it another place in its list."},
    {.name = "console.label.holders", .method = GET, .path = "/console/labels/:label/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_LABEL, .object = OBJ_LABEL, .flags = OP_READ, .audit = AUDIT_NONE, .query = &holder_query,
     .out = &briefs_out, .run = op_label_holders, .doc = "Members who have it, page by page."},
    {.name = "console.label.delete", .method = DELETE_, .path = "/console/labels/:label", .who = WHO_CONSOLE,
     .menu = M_MEMBER_LABEL, .object = OBJ_LABEL, .flags = OP_WRITE, .audit = AUDIT_LABEL_DELETE, .out = &nothing_out,
     .run = op_label_delete, .doc = "Deletes one that no member has."},
};
/* clang-format on */
const struct op_table label_ops = {ops, COUNT(ops)};
