/* api/org.c: members as their colleagues see them, and as the console and the operator manage them. */
#include "api/app.h"
#include "svc/account/account.h"
#include "svc/org/org.h"

struct member_out {
    id64 id;
    sv family, given, family_reading, given_reading, status;
};
static const struct field member_out_fields[] = {
    FIELD(struct member_out, id, .doc = "the member"),
    FIELD(struct member_out, family, .doc = "family name"),
    FIELD(struct member_out, given, .doc = "given name"),
    FIELD(struct member_out, family_reading, .doc = "its reading"),
    FIELD(struct member_out, given_reading, .doc = "its reading"),
    FIELD(struct member_out, status, .one_of = "active|suspended|not_started", .doc = "may it use the service?"),
};
static const struct schema member_out = SCHEMA("member_out", struct member_out, member_out_fields);

struct members_out {
    struct list members;
};
static const struct field members_out_fields[] = {
    FIELD(struct members_out, members, .of = &member_out, .doc = "sorted by reading"),
};
static const struct schema members_out = SCHEMA("members_out", struct members_out, members_out_fields);

struct page_query {
    id64 after;
    int64_t limit;
};
static const struct field page_query_fields[] = {
    FIELD(struct page_query, after, .doc = "continue behind this member"),
    FIELD(struct page_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema page_query = SCHEMA("member_page", struct page_query, page_query_fields);

struct console_member_out {
    id64 id;
    sv login, family, given, family_reading, given_reading, role, status;
    time64 last_seen;
};
static const struct field console_member_out_fields[] = {
    FIELD(struct console_member_out, id, .doc = "the member"),
    FIELD(struct console_member_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct console_member_out, family, .doc = "family name"),
    FIELD(struct console_member_out, given, .doc = "given name"),
    FIELD(struct console_member_out, family_reading, .doc = "its reading"),
    FIELD(struct console_member_out, given_reading, .doc = "its reading"),
    FIELD(struct console_member_out, role, .one_of = "member|operator|sub|super", .doc = "admin role"),
    FIELD(struct console_member_out, status, .one_of = "active|suspended|not_started", .doc = "may it sign in?"),
    FIELD(struct console_member_out, last_seen, .null = true, .doc = "last activity; null: never"),
};
static const struct schema console_member_out =
    SCHEMA("console_member_out", struct console_member_out, console_member_out_fields);

struct console_members_out {
    struct list members;
    bool more;
};
static const struct field console_members_out_fields[] = {
    FIELD(struct console_members_out, members, .of = &console_member_out, .doc = "sorted by reading"),
    FIELD(struct console_members_out, more, .doc = "there are further ones"),
};
static const struct schema console_members_out =
    SCHEMA("console_members_out", struct console_members_out, console_members_out_fields);

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

#define COLLEAGUES_MAX 10000

static bool member_list(struct ctx *x, struct call *c, void *out)
{
    struct members_out *o = out;
    struct members all = {0};
    bool more;

    (void)c;
    if (!org_member_list(x, ID_NONE, COLLEAGUES_MAX, &all, &more))
        return false;
    struct member_out *v = ANEWN(x->arena, struct member_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct member_out){all.v[i].id, all.v[i].family, all.v[i].given, all.v[i].family_reading,
                                   all.v[i].given_reading, sv_c(org_member_state(&all.v[i], x->now_ms))};
    o->members = (struct list){v, all.n};
    return true;
}

static void console_member(struct ctx *x, const struct member *m, struct console_member_out *o)
{
    *o = (struct console_member_out){
        .id = m->id,
        .login = m->login,
        .family = m->family,
        .given = m->given,
        .family_reading = m->family_reading,
        .given_reading = m->given_reading,
        .role = sv_c(perm_role(m->role)->id),
        .status = sv_c(org_member_state(m, x->now_ms)),
        .last_seen = {m->seen_ms ? m->seen_ms : -1},
    };
}

static bool console_member_page(struct ctx *x, struct call *c, void *out)
{
    const struct page_query *q = c->query ? c->query : c->in;    /* the operator's input is the console's query */
    struct console_members_out *o = out;
    struct members page = {0};

    if (!org_member_list(x, q ? q->after : ID_NONE, q && q->limit ? q->limit : 100, &page, &o->more))
        return false;
    struct console_member_out *v = ANEWN(x->arena, struct console_member_out, page.n);
    for (size_t i = 0; i < page.n; i++)
        console_member(x, &page.v[i], &v[i]);
    o->members = (struct list){v, page.n};
    return true;
}

static bool member_suspend(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_SUSPEND, c->object, SV_NONE);
    return org_member_suspend(x, c->object);
}

static bool member_resume(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_RESUME, c->object, SV_NONE);
    return org_member_resume(x, c->object);
}

static bool member_logout(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_LOGOUT, c->object, SV_NONE);
    return org_member_logout(x, c->object);
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
    {.name = "member.list", .method = GET, .path = "/members", .who = WHO_MEMBER, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &members_out, .run = member_list, .doc = "All colleagues, sorted by reading."},
    {.name = "console.member.list", .method = GET, .path = "/console/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &page_query,
     .out = &console_members_out, .run = console_member_page, .doc = "Members with state and role, page by page."},
    {.name = "console.member.suspend", .method = POST, .path = "/console/members/:member/suspend", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_SUSPEND,
     .out = &nothing_out, .run = member_suspend, .doc = "The member is signed out everywhere and cannot sign in."},
    {.name = "console.member.resume", .method = POST, .path = "/console/members/:member/resume", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_RESUME,
     .out = &nothing_out, .run = member_resume, .doc = "The member may sign in again."},
    {.name = "console.member.logout", .method = POST, .path = "/console/members/:member/logout", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_LOGOUT,
     .out = &nothing_out, .run = member_logout, .doc = "All sessions of the member end."},
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
     .out = &console_members_out, .run = console_member_page, .doc = "Members with state and role, page by page."},
};
/* clang-format on */
const struct op_table org_ops = {ops, COUNT(ops)};
