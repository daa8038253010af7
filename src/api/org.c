/* api/org.c: members as their colleagues see them, and as the operator manages them. */
#include "api/app.h"
#include "api/member.h"
#include "svc/account/account.h"
#include "svc/org/org.h"
#include "svc/org/label.h"
#include "svc/org/profile.h"
#include "svc/org/unit.h"

#define COLLEAGUES_MAX 1000                               /* of one page */

struct member_out {
    id64 id;
    sv family, given, family_reading, given_reading, nickname, status, presence;
    bool on_leave;
    int64_t photo;
    time64 presence_until;
};
static const struct field member_out_fields[] = {
    FIELD(struct member_out, id, .doc = "the member"),
    FIELD(struct member_out, family, .doc = "family name"),
    FIELD(struct member_out, given, .doc = "given name"),
    FIELD(struct member_out, family_reading, .doc = "its reading"),
    FIELD(struct member_out, given_reading, .doc = "its reading"),
    FIELD(struct member_out, nickname, .sparse = true, .doc = "where it is given and shown"),
    FIELD(struct member_out, status, .one_of = "active|suspended|not_started", .doc = "may it use the service?"),
    FIELD(struct member_out, on_leave, .doc = "a leave lasts now"),
    FIELD(struct member_out, photo, .sparse = true, .doc = "version of its photo, where there is one and it is shown"),
    FIELD(struct member_out, presence, .sparse = true, .doc = "what it says of itself now"),
    FIELD(struct member_out, presence_until, .null = true, .doc = "when that ends by itself; null: nothing said, or it stays"),
};
static const struct schema member_out = SCHEMA("member_out", struct member_out, member_out_fields);

struct members_out {
    struct list members;
    bool more;
    int64_t total;
};
static const struct field members_out_fields[] = {
    FIELD(struct members_out, members, .of = &member_out, .doc = "sorted by reading"),
    FIELD(struct members_out, more, .doc = "there are further ones"),
    FIELD(struct members_out, total, .doc = "of all pages"),
};
static const struct schema members_out = SCHEMA("members_out", struct members_out, members_out_fields);

struct members_query {
    sv q;
    id64 after;
    int64_t limit;
};
static const struct field members_query_fields[] = {
    FIELD(struct members_query, q, .max = 100, .doc = "words that stand in the fields shown to colleagues, all of them"),
    FIELD(struct members_query, after, .doc = "continue behind this member"),
    FIELD(struct members_query, limit, .min = 1, .max = COLLEAGUES_MAX, .doc = "how many at most; 500 when absent"),
};
static const struct schema members_query = SCHEMA("members_query", struct members_query, members_query_fields);

/* A unit of a colleague that the asking member may see, with the title there. */
struct member_unit_out {
    id64 unit;
    sv name, title_name;
};
static const struct field member_unit_out_fields[] = {
    FIELD(struct member_unit_out, unit, .doc = "the unit"),
    FIELD(struct member_unit_out, name, .doc = "its name"),
    FIELD(struct member_unit_out, title_name, .sparse = true, .doc = "the member's title in it"),
};
static const struct schema member_unit_out = SCHEMA("member_unit_out", struct member_unit_out, member_unit_out_fields);

/* The mini profile: what the tenant hides is not there, and cannot be told from what nobody filled in. */
struct member_profile_out {
    struct ref member;
    struct list units;
    sv grade_name;
    sv phone, mobile, private_mail, workplace, duties, sns, birthday, join_date, employee_number, related_contact, language;
};
static const struct field member_profile_out_fields[] = {
    FIELD(struct member_profile_out, member, .of = &member_out, .doc = "as in the list"),
    FIELD(struct member_profile_out, units, .of = &member_unit_out, .doc = "its main unit first; none where units are not shown"),
    FIELD(struct member_profile_out, grade_name, .sparse = true, .doc = "its grade"),
    FIELD(struct member_profile_out, phone, .sparse = true, .doc = "E.164"),
    FIELD(struct member_profile_out, mobile, .sparse = true, .doc = "E.164"),
    FIELD(struct member_profile_out, private_mail, .sparse = true, .doc = "mail"),
    FIELD(struct member_profile_out, workplace, .sparse = true, .doc = "where the member works"),
    FIELD(struct member_profile_out, duties, .sparse = true, .doc = "what it is in charge of"),
    FIELD(struct member_profile_out, sns, .sparse = true, .doc = "names in social networks"),
    FIELD(struct member_profile_out, birthday, .sparse = true, .doc = "MM-DD: the year is told to nobody"),
    FIELD(struct member_profile_out, join_date, .sparse = true, .doc = "YYYY-MM-DD"),
    FIELD(struct member_profile_out, employee_number, .sparse = true, .doc = "as the company gives it"),
    FIELD(struct member_profile_out, related_contact, .sparse = true, .doc = "whom to call in an emergency"),
    FIELD(struct member_profile_out, language, .sparse = true, .doc = "ja or en"),
};
static const struct schema member_profile_out =
    SCHEMA("member_profile_out", struct member_profile_out, member_profile_out_fields);

struct page_query {
    id64 after;
    int64_t limit;
};
static const struct field page_query_fields[] = {
    FIELD(struct page_query, after, .doc = "continue behind this member"),
    FIELD(struct page_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema page_query = SCHEMA("member_page", struct page_query, page_query_fields);

struct all_members_out {
    struct list members;
    bool more;
};
static const struct field all_members_out_fields[] = {
    FIELD(struct all_members_out, members, .of = &console_member_out, .doc = "sorted by reading"),
    FIELD(struct all_members_out, more, .doc = "there are further ones"),
};
static const struct schema all_members_out =
    SCHEMA("console_members_out", struct all_members_out, all_members_out_fields);

struct member_add_in {
    sv login, family, given, family_reading, given_reading, role, language, password;
    time64 start;
};
static const struct field member_add_in_fields[] = {
    FIELD(struct member_add_in, login, .need = true, .min = 1, .max = 64, .doc = "a-z 0-9 . _ -"),
    FIELD(struct member_add_in, family, .need = true, .min = 1, .max = 50, .doc = "family name"),
    FIELD(struct member_add_in, given, .max = 50, .doc = "given name"),
    FIELD(struct member_add_in, family_reading, .max = 100, .doc = "its reading"),
    FIELD(struct member_add_in, given_reading, .max = 100, .doc = "its reading"),
    FIELD(struct member_add_in, role, .one_of = "member|operator|sub", .doc = "member when absent"),
    FIELD(struct member_add_in, language, .one_of = "ja|en", .doc = "the tenant's default when absent"),
    FIELD(struct member_add_in, password, .need = true, .min = 1, .max = 1024, .doc = "its first password"),
    FIELD(struct member_add_in, start, .doc = "UTC ms from which it may sign in; now when absent"),
};
static const struct schema member_add_in = SCHEMA("member_add_in", struct member_add_in, member_add_in_fields);

struct id_out {
    id64 id;
};
static const struct field id_out_fields[] = {FIELD(struct id_out, id, .doc = "of what was made")};
static const struct schema id_out = SCHEMA("id_out", struct id_out, id_out_fields);

struct member_in {
    id64 member;
    sv role;
};
static const struct field member_in_fields[] = {
    FIELD(struct member_in, member, .need = true, .doc = "the member"),
};
static const struct schema member_in = SCHEMA("member_in", struct member_in, member_in_fields);
static const struct field member_role_in_fields[] = {
    FIELD(struct member_in, member, .need = true, .doc = "the member"),
    FIELD(struct member_in, role, .need = true, .one_of = "member|operator|sub", .doc = "the new role"),
};
static const struct schema member_role_in = SCHEMA("member_role_in", struct member_in, member_role_in_fields);

static void member_fill(struct ctx *x, struct member *m, struct member_out *o)
{
    struct presence p = profile_presence(x->arena, m->presence, x->now_ms);

    org_member_mask(x, m);
    *o = (struct member_out){
        .id = m->id,
        .family = m->family,
        .given = m->given,
        .family_reading = m->family_reading,
        .given_reading = m->given_reading,
        .nickname = m->nickname,
        .status = sv_c(org_member_state(m, x->now_ms)),
        .on_leave = leave_lasts(&m->leave, x->now_ms),
        .photo = m->photo_ms,
        .presence = p.text,
        .presence_until = {p.until_ms ? p.until_ms : -1},
    };
}

static bool member_list(struct ctx *x, struct call *c, void *out)
{
    const struct members_query *q = c->query;
    struct member_query ask = {.q = q->q, .after = q->after, .limit = q->limit ? q->limit : 500, .colleague = true};
    struct members_out *o = out;
    struct member_page page;

    if (!org_member_search(x, &ask, &page))
        return false;
    struct member_out *v = ANEWN(x->arena, struct member_out, page.members.n);
    for (size_t i = 0; i < page.members.n; i++)
        member_fill(x, &page.members.v[i], &v[i]);
    *o = (struct members_out){{v, page.members.n}, page.more, page.total};
    return true;
}

static bool member_units(struct ctx *x, id64 member, struct list *out)
{
    struct unit_posts posts = {0};
    struct units seen = {0};
    size_t n = 0;

    if (!org_field_visible(x, MF_UNIT))
        return true;
    if (!unit_posts(x, member, &posts) || !unit_visible_list(x, SV(""), &seen))
        return false;
    struct member_unit_out *v = ANEWN(x->arena, struct member_unit_out, posts.n);
    bool titles = org_field_visible(x, MF_TITLE);
    for (size_t i = 0; i < posts.n; i++)
        for (size_t k = 0; k < seen.n; k++)
            if (seen.v[k].id.n == posts.v[i].unit.n)
                v[n++] = (struct member_unit_out){posts.v[i].unit, posts.v[i].unit_name, titles ? posts.v[i].title_name : SV("")};
    *out = (struct list){v, n};
    return true;
}

static bool member_profile(struct ctx *x, struct call *c, void *out)
{
    struct member_profile_out *o = out;
    struct member_out *m_out = ANEW(x->arena, struct member_out);
    struct member m;

    if (!org_member_find(x, c->object, &m))
        return false;
    member_fill(x, &m, m_out);
    struct list units = {0};
    struct label grade = {.name = SV("")};
    if (!member_units(x, m.id, &units) || (m.grade.n && !label_find(x, m.grade, &grade)))
        return false;
    *o = (struct member_profile_out){
        .member = {m_out},
        .units = units,
        .grade_name = grade.name,
        .phone = m.phone,
        .mobile = m.mobile,
        .private_mail = m.private_mail,
        .workplace = m.workplace,
        .duties = m.duties,
        .sns = m.sns,
        .birthday = m.birthday,
        .join_date = m.join_date,
        .employee_number = m.employee_number,
        .related_contact = m.related_contact,
        .language = m.language,
    };
    return true;
}

static bool op_member_all(struct ctx *x, struct call *c, void *out)
{
    const struct page_query *q = c->in;
    struct all_members_out *o = out;
    struct members page = {0};

    if (!org_member_list(x, q ? q->after : ID_NONE, q && q->limit ? q->limit : 100, &page, &o->more))
        return false;
    struct console_member_out *v = ANEWN(x->arena, struct console_member_out, page.n);
    for (size_t i = 0; i < page.n; i++)
        if (!console_member_fill(x, &page.v[i], &v[i]))
            return false;
    o->members = (struct list){v, page.n};
    return true;
}

static bool member_add_prepare(struct ctx *x, struct call *c)
{
    const struct member_add_in *in = c->in;
    struct password_about about = {.login = in->login, .family = in->family, .given = in->given,
                                   .family_reading = in->family_reading, .given_reading = in->given_reading};
    sv *stored = ANEW(x->arena, sv);

    c->prepared = stored;
    return org_login_check(x, in->login) && account_password_check(x, "password", in->password, &about) &&
           account_hash(x, in->password, stored);
}

static bool member_add(struct ctx *x, struct call *c, void *out)
{
    const struct member_add_in *in = c->in;
    struct member m = {
        .login = in->login,
        .family = in->family,
        .given = in->given,
        .family_reading = in->family_reading,
        .given_reading = in->given_reading,
        .role = ROLE_MEMBER,
        .language = in->language.n ? in->language : policy_text(x->policy, "tenant.default_language"),
        .start_ms = in->start.ms,
    };

    if (in->role.n)
        perm_role_find(in->role, &m.role);
    bool ok = org_member_add(x, &m, *(const sv *)c->prepared);
    audit(x, AUDIT_MEMBER_ADD, m.id, SV_NONE);
    ((struct id_out *)out)->id = m.id;
    return ok;
}

struct password_set_in {
    id64 member;
    sv password;
};
static const struct field password_set_in_fields[] = {
    FIELD(struct password_set_in, member, .need = true, .doc = "the member"),
    FIELD(struct password_set_in, password, .need = true, .min = 1, .max = 1024, .doc = "its new password"),
};
static const struct schema password_set_in = SCHEMA("password_set_in", struct password_set_in, password_set_in_fields);

static bool op_member_password_prepare(struct ctx *x, struct call *c)
{
    const struct password_set_in *in = c->in;
    sv *stored = ANEW(x->arena, sv);

    c->prepared = stored;
    return account_password_new(x, "password", in->member, in->password, stored);
}

static bool op_member_password(struct ctx *x, struct call *c, void *out)
{
    const struct password_set_in *in = c->in;
    struct member m;

    (void)out;
    audit(x, AUDIT_PASSWORD, in->member, SV_NONE);
    return org_member_find(x, in->member, &m) &&
           account_password_set(x, in->member, *(const sv *)c->prepared, MUST_NOT);
}

static bool op_member_role(struct ctx *x, struct call *c, void *out)
{
    const struct member_in *in = c->in;
    enum role r = ROLE_NONE;

    (void)out;
    perm_role_find(in->role, &r);
    audit(x, AUDIT_MEMBER_ROLE, in->member, SV_NONE);
    return org_member_role(x, in->member, r);
}

static bool op_member_delete(struct ctx *x, struct call *c, void *out)
{
    const struct member_in *in = c->in;

    (void)out;
    audit(x, AUDIT_MEMBER_DELETE, in->member, SV_NONE);
    return member_leaves(x, in->member) && org_member_delete(x, in->member);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "member.list", .method = GET, .path = "/members", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_READ,
     .audit = AUDIT_NONE, .query = &members_query, .out = &members_out, .run = member_list,
     .doc = "Colleagues, found by what they show of themselves."},
    {.name = "member.read", .method = GET, .path = "/members/:member", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_MEMBER,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &member_profile_out, .run = member_profile,
     .doc = "A colleague's mini profile."},
    {.name = "member.add", .who = WHO_OPERATOR, .flags = OP_SLOW, .audit = AUDIT_MEMBER_ADD, .in = &member_add_in,
     .out = &id_out, .run = member_add, .prepare = member_add_prepare, .doc = "Adds a member."},
    {.name = "member.password", .who = WHO_OPERATOR, .flags = OP_SLOW, .audit = AUDIT_PASSWORD, .in = &password_set_in,
     .out = &nothing_out, .run = op_member_password, .prepare = op_member_password_prepare,
     .doc = "Sets a member's password; all its sessions end."},
    {.name = "member.role", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_MEMBER_ROLE, .in = &member_role_in,
     .out = &nothing_out, .run = op_member_role, .doc = "Gives a member another admin role; its sessions end."},
    {.name = "member.delete", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_MEMBER_DELETE, .in = &member_in,
     .out = &nothing_out, .run = op_member_delete, .doc = "Deletes a member; its messages stay."},
    {.name = "member.all", .who = WHO_OPERATOR, .flags = OP_READ, .audit = AUDIT_OPERATOR_READ, .in = &page_query,
     .out = &all_members_out, .run = op_member_all, .doc = "Members with state and role, page by page."},
};
/* clang-format on */
const struct op_table org_ops = {ops, COUNT(ops)};
