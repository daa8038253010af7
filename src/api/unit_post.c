/* api/unit_post.c: the units of one member, as the console gives them. */
#include "api/app.h"
#include "api/unit_room.h"
#include "svc/org/label.h"
#include "svc/org/unit.h"

struct post_out {
    id64 unit, title;
    sv name, title_name;
    bool main;
};
static const struct field post_out_fields[] = {
    FIELD(struct post_out, unit, .doc = "the unit"),
    FIELD(struct post_out, name, .doc = "its name"),
    FIELD(struct post_out, main, .doc = "is it the main one?"),
    FIELD(struct post_out, title, .doc = "the title there; 0: none"),
    FIELD(struct post_out, title_name, .doc = "the title's name, or empty"),
};
static const struct schema unit_post_out = SCHEMA("unit_post_out", struct post_out, post_out_fields);

struct member_units_out {
    struct list units;
    sv role, permtype_name;
    id64 permtype;
};
static const struct field member_units_out_fields[] = {
    FIELD(struct member_units_out, units, .of = &unit_post_out, .doc = "the main one first"),
    FIELD(struct member_units_out, role, .doc = "admin role, one of the company's own by its name: to be looked at again after a change"),
    FIELD(struct member_units_out, permtype, .doc = "permission type: to be looked at again; 0: none"),
    FIELD(struct member_units_out, permtype_name, .doc = "its name, or empty"),
};
static const struct schema member_units_out = SCHEMA("member_units_out", struct member_units_out, member_units_out_fields);

struct post_in {
    id64 unit, title;
    bool main;
};
static const struct field unit_post_in_fields[] = {
    FIELD(struct post_in, unit, .need = true, .doc = "the unit"),
    FIELD(struct post_in, main, .doc = "the main one; without any the first is it"),
    FIELD(struct post_in, title, .doc = "the title there; absent: none"),
};
static const struct schema unit_post_in = SCHEMA("unit_post_in", struct post_in, unit_post_in_fields);

struct member_units_in {
    struct list units;
};
static const struct field member_units_in_fields[] = {
    FIELD(struct member_units_in, units, .of = &unit_post_in, .need = true, .max = UNIT_POSTS_MAX,
          .doc = "all of them: what is not here is left"),
};
static const struct schema member_units_in = SCHEMA("member_units_in", struct member_units_in, member_units_in_fields);

static bool units_of(struct ctx *x, id64 member, struct member_units_out *o)
{
    struct unit_posts posts = {0};
    struct label type;
    struct member m;

    if (!org_member_find(x, member, &m) || !unit_posts(x, member, &posts) || !label_of(x, member, LABEL_PERMTYPE, &type))
        return false;
    struct post_out *v = ANEWN(x->arena, struct post_out, posts.n);
    for (size_t i = 0; i < posts.n; i++)
        v[i] = (struct post_out){posts.v[i].unit, posts.v[i].title, posts.v[i].unit_name, posts.v[i].title_name,
                                 posts.v[i].main};
    *o = (struct member_units_out){{v, posts.n}, m.role == ROLE_CUSTOM ? m.admin_role_name : sv_c(perm_role(m.role)->id), type.name,
                                     type.id};
    return true;
}

static bool member_units(struct ctx *x, struct call *c, void *out)
{
    return units_of(x, c->object, out);
}

static void posts_list(struct json *j, const char *name, const struct unit_posts *posts)
{
    json_list(j, name);
    for (size_t i = 0; i < posts->n; i++)
        json_text(j, NULL, posts->v[i].unit_name);
    json_list_end(j);
}

static bool op_member_units(struct ctx *x, struct call *c, void *out)
{
    const struct member_units_in *in = c->in;
    const struct post_in *v = in->units.v;
    struct unit_post *posts = ANEWN(x->arena, struct unit_post, in->units.n);
    struct unit_posts old = {0}, new = {0};
    struct id_list changed = {0};
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    for (size_t i = 0; i < in->units.n; i++)
        posts[i] = (struct unit_post){.unit = v[i].unit, .title = v[i].title, .main = v[i].main};
    bool ok = unit_posts(x, c->object, &old) && unit_posts_set(x, c->object, posts, in->units.n, &changed) &&
              unit_rooms_follow(x, &changed) && unit_posts(x, c->object, &new);
    json_open(&j, NULL);
    posts_list(&j, "old", &old);
    posts_list(&j, "new", &new);
    json_close(&j);
    audit(x, AUDIT_MEMBER_UNITS, c->object, str_sv(&text));
    return ok && units_of(x, c->object, out);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.member.units", .method = GET, .path = "/console/members/:member/units", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_NONE, .out = &member_units_out,
     .run = member_units, .doc = "Units of a member."},
    {.name = "console.member.units_put", .method = PUT, .path = "/console/members/:member/units", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_UNITS,
     .in = &member_units_in, .out = &member_units_out, .run = op_member_units,
     .doc = "Gives a member other units; rooms of those it leaves are closed to it at once."},
};
/* clang-format on */
const struct op_table unit_post_ops = {ops, COUNT(ops)};
