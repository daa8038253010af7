/* api/template.c: セキュリティ > サービス利用設定: permission templates, and to whom they are bound. */
#include "api/app.h"
#include "api/brief.h"
#include "svc/org/template.h"

struct cell_key {
    sv key;
};
static const struct field cell_key_fields[] = {FIELD(struct cell_key, key, .need = true, .min = 1, .max = 64, .doc = "a switch of the template")};
static const struct schema cell_key = SCHEMA("template_cell", struct cell_key, cell_key_fields);

struct cell_row {
    sv key, service, client, what;
    bool obeyed;
};
static const struct field cell_row_fields[] = {
    FIELD(struct cell_row, key, .doc = "the switch, as in the list of settings"),
    FIELD(struct cell_row, service, .one_of = "none|board|talk|calendar|drive|task|survey|addressbook", .doc = "what it is of; none: of the mobile app as such"),
    FIELD(struct cell_row, client, .one_of = "any|mobile|browser|pc", .doc = "with what it is used"),
    FIELD(struct cell_row, what, .one_of = "access|download", .doc = "whether it is used at all, or files of it are taken out"),
    FIELD(struct cell_row, obeyed, .doc = "false: nothing obeys it in this version"),
};
static const struct schema cell_row = SCHEMA("template_cell_row", struct cell_row, cell_row_fields);

struct template_row {
    id64 id;
    sv name;
    struct list restricts;
    int64_t members, types, held;
};
static const struct field template_row_fields[] = {
    FIELD(struct template_row, id, .doc = "the template"),
    FIELD(struct template_row, name, .doc = "its name"),
    FIELD(struct template_row, restricts, .of = &cell_key, .doc = "what it restricts: the use that is forbidden, the downloads that are limited"),
    FIELD(struct template_row, members, .doc = "how many members it is bound to directly"),
    FIELD(struct template_row, types, .doc = "how many permission types it is bound to"),
    FIELD(struct template_row, held, .doc = "how many members have it, by either way"),
};
static const struct schema template_row = SCHEMA("template_row_out", struct template_row, template_row_fields);

struct type_row {
    id64 id, template;
    sv name;
};
static const struct field type_row_fields[] = {
    FIELD(struct type_row, id, .doc = "the permission type"),
    FIELD(struct type_row, name, .doc = "its name"),
    FIELD(struct type_row, template, .doc = "the template bound to it; 0: none"),
};
static const struct schema type_row = SCHEMA("template_type_row", struct type_row, type_row_fields);

struct templates_out {
    struct list cells, templates, types;
    int64_t basic_held;
    bool types_used;
};
static const struct field templates_out_fields[] = {
    FIELD(struct templates_out, cells, .of = &cell_row, .doc = "what a template may restrict"),
    FIELD(struct templates_out, templates, .of = &template_row, .doc = "by name; the basic one, which restricts nothing, is not among them"),
    FIELD(struct templates_out, types, .of = &type_row, .doc = "all permission types, in their order"),
    FIELD(struct templates_out, basic_held, .doc = "how many members have the basic template"),
    FIELD(struct templates_out, types_used, .doc = "false: permission types are not in use, and what is bound to them counts for nothing"),
};
static const struct schema templates_out = SCHEMA("templates_out", struct templates_out, templates_out_fields);

struct template_in {
    sv name;
    struct list restricts;
};
static const struct field template_in_fields[] = {
    FIELD(struct template_in, name, .need = true, .min = 1, .max = TEMPLATE_NAME_MAX, .doc = "one in the company; width and case do not count"),
    FIELD(struct template_in, restricts, .need = true, .max = CELLS, .of = &cell_key, .doc = "what it restricts; a mobile app that is allowed has talk"),
};
static const struct schema template_in = SCHEMA("template_in", struct template_in, template_in_fields);

struct delete_query {
    sv confirmed;
};
static const struct field delete_query_fields[] = {
    FIELD(struct delete_query, confirmed, .one_of = "true|false", .doc = "true: also where members or permission types have it"),
};
static const struct schema delete_query = SCHEMA("template_delete_query", struct delete_query, delete_query_fields);

struct bind_in {
    id64 template;
    bool confirmed;
};
static const struct field bind_type_in_fields[] = {
    FIELD(struct bind_in, template, .doc = "absent: none any more"),
    FIELD(struct bind_in, confirmed, .doc = "true: also where the type has another one"),
};
static const struct schema bind_type_in = SCHEMA("template_type_in", struct bind_in, bind_type_in_fields);
static const struct field bind_member_in_fields[] = {FIELD(struct bind_in, template, .doc = "absent: none directly any more")};
static const struct schema bind_member_in = SCHEMA("template_member_in", struct bind_in, bind_member_in_fields);

struct of_member_out {
    id64 direct, by_type, has;
    sv name;
};
static const struct field of_member_fields[] = {
    FIELD(struct of_member_out, direct, .doc = "the template bound to the member; 0: none"),
    FIELD(struct of_member_out, by_type, .doc = "the one bound to its permission type; 0: none"),
    FIELD(struct of_member_out, has, .doc = "the one that decides; 0: the basic one"),
    FIELD(struct of_member_out, name, .doc = "its name; empty: the basic one"),
};
static const struct schema of_member = SCHEMA("member_template_out", struct of_member_out, of_member_fields);

struct members_query {
    id64 after;
};
static const struct field members_query_fields[] = {FIELD(struct members_query, after, .doc = "continue behind this member")};
static const struct schema members_query = SCHEMA("template_members_query", struct members_query, members_query_fields);

#define MEMBERS_PAGE 200

static bool obeyed(sv key)
{
    size_t i;

    return policy_find(key, &i) && policy_obeyed(i);
}

static struct list cells_json(struct ctx *x)
{
    struct cell_row *v = ANEWN(x->arena, struct cell_row, CELLS);

    for (unsigned c = 0; c < CELLS; c++) {
        const struct cell_def *d = cell_def((enum cell)c);
        v[c] = (struct cell_row){sv_c(d->key), sv_c(service_name(d->service)), sv_c(client_kind_name(d->client)),
                                 d->what == CELL_ACCESS ? SV("access") : SV("download"), obeyed(sv_c(d->key))};
    }
    return (struct list){v, CELLS};
}

static struct list keys_json(struct ctx *x, cell_set s)
{
    struct cell_key *v = ANEWN(x->arena, struct cell_key, CELLS);
    size_t n = 0;

    for (unsigned c = 0; c < CELLS; c++)
        if (s & CELL_BIT(c))
            v[n++].key = sv_c(cell_def((enum cell)c)->key);
    return (struct list){v, n};
}

static struct template_row row_json(struct ctx *x, const struct template *t)
{
    return (struct template_row){t->id, t->name, keys_json(x, t->restricts), t->members, t->types, t->held};
}

static bool types_json(struct ctx *x, struct list *out)
{
    struct type_bindings all = {0};

    if (!template_of_types(x, &all))
        return false;
    struct type_row *v = ANEWN(x->arena, struct type_row, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct type_row){all.v[i].label, all.v[i].template, all.v[i].name};
    *out = (struct list){v, all.n};
    return true;
}

static bool list(struct ctx *x, struct call *c, void *out)
{
    struct templates_out *o = out;
    struct templates all = {0};

    (void)c;
    if (!template_list(x, &all) || !template_basic_held(x, &o->basic_held) || !types_json(x, &o->types))
        return false;
    struct template_row *v = ANEWN(x->arena, struct template_row, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        v[i] = row_json(x, &all.v[i]);
    o->templates = (struct list){v, all.n};
    o->cells = cells_json(x);
    o->types_used = label_used(x, LABEL_PERMTYPE);
    return true;
}

static bool cells_in(struct ctx *x, const struct list *in, cell_set *out)
{
    const struct cell_key *v = in->v;
    enum cell c;

    *out = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (!cell_find(v[i].key, &c))
            return fail_field(&x->failure, "restricts", "%.*s is no switch of a template", SV_ARG(v[i].key));
        if (!obeyed(v[i].key))
            return fail(&x->failure, E_NOT_YET, "nothing obeys %.*s", SV_ARG(v[i].key));
        *out |= CELL_BIT(c);
    }
    return true;
}

static void cells_detail(struct json *j, const char *name, cell_set s)
{
    json_list(j, name);
    for (unsigned c = 0; c < CELLS; c++)
        if (s & CELL_BIT(c))
            json_text(j, NULL, sv_c(cell_def((enum cell)c)->key));
    json_list_end(j);
}

/* A template before and after, and how many members feel it; NULL: there was none, or is none. */
static sv detail(struct ctx *x, const struct template *old, const struct template *new)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    if (old) {
        json_text(&j, "old_name", old->name);
        cells_detail(&j, "old", old->restricts);
        json_int(&j, "members", old->held);
    }
    if (new) {
        json_text(&j, "new_name", new->name);
        cells_detail(&j, "new", new->restricts);
    }
    json_close(&j);
    return str_sv(&text);
}

static bool add(struct ctx *x, struct call *c, void *out)
{
    const struct template_in *in = c->in;
    struct template t = {.name = in->name};
    cell_set restricts = 0;

    bool ok = cells_in(x, &in->restricts, &restricts) && template_add(x, in->name, restricts, &t);
    t.restricts = restricts;
    audit(x, AUDIT_TEMPLATE_ADD, t.id, detail(x, NULL, &t));
    if (ok)
        *(struct template_row *)out = row_json(x, &t);
    return ok;
}

static bool put(struct ctx *x, struct call *c, void *out)
{
    const struct template_in *in = c->in;
    struct template before = {0}, after = {.name = in->name};
    cell_set restricts = 0;

    bool ok = cells_in(x, &in->restricts, &restricts) && template_put(x, c->object, in->name, restricts, &before, &after);
    audit(x, AUDIT_TEMPLATE_EDIT, c->object, detail(x, &before, &after));
    if (ok)
        *(struct template_row *)out = row_json(x, &after);
    return ok;
}

static bool drop(struct ctx *x, struct call *c, void *out)
{
    const struct delete_query *q = c->query;
    struct template before = {0};

    (void)out;
    bool ok = template_delete(x, c->object, sv_equal(q->confirmed, SV("true")), &before);
    audit(x, AUDIT_TEMPLATE_DELETE, c->object, detail(x, &before, NULL));
    return ok;
}

static bool bind_type(struct ctx *x, struct call *c, void *out)
{
    const struct bind_in *in = c->in;
    struct type_binding b = {.label = c->object, .template = in->template};

    (void)out;
    bool ok = template_bind_type(x, &b, in->confirmed);
    audit(x, AUDIT_TEMPLATE_TYPE, c->object,
          sv_printf(x->arena, "{\"old\":\"%" PRId64 "\",\"new\":\"%" PRId64 "\",\"members\":%" PRId64 "}", b.before.n, b.template.n, b.concerned));
    return ok;
}

static bool bind_member(struct ctx *x, struct call *c, void *out)
{
    const struct bind_in *in = c->in;
    id64 before;

    (void)out;
    bool ok = template_bind_member(x, c->object, in->template, &before);
    audit(x, AUDIT_TEMPLATE_MEMBER, c->object, sv_printf(x->arena, "{\"old\":\"%" PRId64 "\",\"new\":\"%" PRId64 "\"}", before.n, in->template.n));
    return ok;
}

static bool read_member(struct ctx *x, struct call *c, void *out)
{
    struct member_template m;
    struct template t = {.name = SV("")};

    if (!template_of_member(x, c->object, &m) || (m.has.n && !template_find(x, m.has, &t)))
        return false;
    *(struct of_member_out *)out = (struct of_member_out){m.direct, m.by_type, m.has, t.name};
    return true;
}

static bool members(struct ctx *x, struct call *c, void *out)
{
    const struct members_query *q = c->query;
    struct members page = {0};
    bool more;

    if (!template_members(x, c->object, q->after, MEMBERS_PAGE, &page, &more))
        return false;
    briefs_fill(x, &page, more, out);
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.template.list", .method = GET, .path = "/console/templates", .who = WHO_CONSOLE, .menu = M_SECURITY_SERVICE,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &templates_out, .run = list,
     .doc = "The permission templates, their switches, and what they are bound to."},
    {.name = "console.template.add", .method = POST, .path = "/console/templates", .who = WHO_CONSOLE, .menu = M_SECURITY_SERVICE,
     .flags = OP_WRITE, .audit = AUDIT_TEMPLATE_ADD, .in = &template_in, .out = &template_row, .run = add,
     .doc = "Makes a permission template, which is bound to nobody yet."},
    {.name = "console.template.put", .method = PUT, .path = "/console/templates/:template", .who = WHO_CONSOLE, .menu = M_SECURITY_SERVICE,
     .object = OBJ_TEMPLATE, .flags = OP_WRITE, .audit = AUDIT_TEMPLATE_EDIT, .in = &template_in, .out = &template_row, .run = put,
     .doc = "Says what a template restricts; open sessions of its members obey it from the reply on."},
    {.name = "console.template.delete", .method = DELETE_, .path = "/console/templates/:template", .who = WHO_CONSOLE, .menu = M_SECURITY_SERVICE,
     .object = OBJ_TEMPLATE, .flags = OP_WRITE, .audit = AUDIT_TEMPLATE_DELETE, .query = &delete_query, .out = &nothing_out, .run = drop,
     .doc = "Deletes a template; its members have another one or the basic one from then on."},
    {.name = "console.template.members", .method = GET, .path = "/console/templates/:template/members", .who = WHO_CONSOLE,
     .menu = M_SECURITY_SERVICE, .object = OBJ_TEMPLATE, .flags = OP_READ, .audit = AUDIT_NONE, .query = &members_query, .out = &briefs_out,
     .run = members, .doc = "The members whom a template is bound to directly."},
    {.name = "console.template.type", .method = PUT, .path = "/console/labels/:label/template", .who = WHO_CONSOLE, .menu = M_SECURITY_SERVICE,
     .object = OBJ_LABEL, .flags = OP_WRITE, .audit = AUDIT_TEMPLATE_TYPE, .in = &bind_type_in, .out = &nothing_out, .run = bind_type,
     .doc = "Binds a template to a permission type, which has one at most."},
    {.name = "console.template.member", .method = PUT, .path = "/console/members/:member/template", .who = WHO_CONSOLE,
     .menu = M_SECURITY_SERVICE, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_TEMPLATE_MEMBER, .in = &bind_member_in,
     .out = &nothing_out, .run = bind_member, .doc = "Binds a template to a member; it counts before the one of the member's permission type."},
    {.name = "console.template.of_member", .method = GET, .path = "/console/members/:member/template", .who = WHO_CONSOLE,
     .menu = M_SECURITY_SERVICE, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_NONE, .out = &of_member, .run = read_member,
     .doc = "Which template a member has, and why."},
};
/* clang-format on */
const struct op_table template_ops = {ops, COUNT(ops)};
