/* api/member.c: メンバー > メンバー: the whole record, and what an admin does with a member. */
#include "api/member.h"
#include "api/app.h"
#include "base/clock.h"
#include "base/zone.h"
#include "core/csv.h"
#include "svc/account/account.h"
#include "svc/org/member_csv.h"
#include "svc/org/unit.h"

/* ---- the record ---- */

/* Texts of the record in the same order and under the same names, coming in and going out. */
#define RECORD_FIELDS(s, how)                                                                                     \
    FIELD(s, family, .max = 80, .doc = "family name" how), FIELD(s, given, .max = 80, .doc = "given name" how),   \
        FIELD(s, family_reading, .max = 80, .doc = "its reading" how),                                            \
        FIELD(s, given_reading, .max = 80, .doc = "its reading" how),                                             \
        FIELD(s, nickname, .max = 80, .doc = "what colleagues call the member" how),                              \
        FIELD(s, employee_number, .max = 40, .doc = "unique in the tenant" how),                                  \
        FIELD(s, language, .max = 2, .doc = "ja or en" how), FIELD(s, phone, .max = 16, .doc = "E.164" how),      \
        FIELD(s, mobile, .max = 16, .doc = "E.164" how), FIELD(s, private_mail, .max = 254, .doc = "mail" how),   \
        FIELD(s, workplace, .max = 200, .doc = "where the member works" how),                                     \
        FIELD(s, duties, .max = 200, .doc = "what it is in charge of" how),                                       \
        FIELD(s, sns, .max = 200, .doc = "names in social networks" how),                                         \
        FIELD(s, birthday, .max = 10, .doc = "YYYY-MM-DD" how),                                                   \
        FIELD(s, join_date, .max = 10, .doc = "YYYY-MM-DD" how),                                                  \
        FIELD(s, related_contact, .max = 200, .doc = "whom to call in an emergency" how)
#define RECORD_TEXTS                                                                                              \
    sv family, given, family_reading, given_reading, nickname, employee_number, language, phone, mobile, private_mail, \
        workplace, duties, sns, birthday, join_date, related_contact

struct leave_out {
    sv from, until;
    bool suspends, lasts;
};
static const struct field leave_out_fields[] = {
    FIELD(struct leave_out, from, .doc = "its first day, YYYY-MM-DD in the tenant's time zone"),
    FIELD(struct leave_out, until, .doc = "its last day; empty: until it is ended"),
    FIELD(struct leave_out, suspends, .doc = "the member cannot sign in as long as it lasts"),
    FIELD(struct leave_out, lasts, .doc = "it has begun"),
};
static const struct schema leave_out = SCHEMA("leave_out", struct leave_out, leave_out_fields);

struct member_session_out {
    sv channel, agent, ip;
    time64 opened, seen;
};
static const struct field member_session_out_fields[] = {
    FIELD(struct member_session_out, channel, .doc = "W browser, MW mobile browser, MP installed web app …"),
    FIELD(struct member_session_out, agent, .doc = "what the client called itself when it signed in"),
    FIELD(struct member_session_out, ip, .doc = "its address when it signed in"),
    FIELD(struct member_session_out, opened, .doc = "when it signed in"),
    FIELD(struct member_session_out, seen, .doc = "last activity, to the minute"),
};
static const struct schema member_session_out =
    SCHEMA("member_session_out", struct member_session_out, member_session_out_fields);

struct member_record_out {
    struct ref member, leave;
    RECORD_TEXTS;
    id64 grade, permtype;
    sv start;
    bool started, may_act, may_end, app_suspended;
    time64 made, deleted;
    struct list unused, sessions;
};
struct name_out {
    sv name;
};
static const struct field name_out_fields[] = {FIELD(struct name_out, name, .doc = "of a field")};
static const struct schema name_out = SCHEMA("field_name_out", struct name_out, name_out_fields);
static const struct field member_record_out_fields[] = {
    FIELD(struct member_record_out, member, .of = &console_member_out, .doc = "as in the list"),
    RECORD_FIELDS(struct member_record_out, ""),
    FIELD(struct member_record_out, grade, .doc = "its grade; 0: none"),
    FIELD(struct member_record_out, permtype, .doc = "its permission type; 0: none"),
    FIELD(struct member_record_out, start, .doc = "first day of use, YYYY-MM-DD in the tenant's time zone"),
    FIELD(struct member_record_out, started, .doc = "that day has come: it cannot be changed any more"),
    FIELD(struct member_record_out, leave, .of = &leave_out, .null = true, .doc = "a leave, also one to come"),
    FIELD(struct member_record_out, may_act, .doc = "the asking admin may act on the account"),
    FIELD(struct member_record_out, may_end, .doc = "the asking admin may end its sessions, stop its apps and remove its devices"),
    FIELD(struct member_record_out, app_suspended, .doc = "its apps are stopped, the browser is not"),
    FIELD(struct member_record_out, made, .doc = "when it was added"),
    FIELD(struct member_record_out, deleted, .null = true, .doc = "when it was deleted"),
    FIELD(struct member_record_out, unused, .of = &name_out, .doc = "fields that the tenant does not use"),
    FIELD(struct member_record_out, sessions, .of = &member_session_out, .doc = "those used last come first"),
};
static const struct schema member_record_out =
    SCHEMA("member_record_out", struct member_record_out, member_record_out_fields);

sv member_day(struct ctx *x, int64_t ms)
{
    return date_text(x->arena, zone_day(policy_text(x->policy, "tenant.time_zone"), ms));
}

static const struct leave_out *leave_fill(struct ctx *x, const struct leave *l)
{
    struct leave_out *o = ANEW(x->arena, struct leave_out);

    if (l->from_ms == 0 || (l->until_ms && l->until_ms <= x->now_ms))
        return NULL;
    *o = (struct leave_out){
        .from = member_day(x, l->from_ms),
        .until = l->until_ms ? member_day(x, l->until_ms - 1) : SV(""),
        .suspends = l->suspends,
        .lasts = leave_lasts(l, x->now_ms),
    };
    return o;
}

/* The acting admin's reach contains the member's, who is neither the super admin nor the admin itself. */
static bool may_act(const struct ctx *x, const struct member *m)
{
    return m->role != ROLE_SUPER_ADMIN && m->id.n != x->actor.member.n && reach_contains(x->actor.reach, m->reach);
}

static struct list unused_fields(struct ctx *x)
{
    struct name_out *v = ANEWN(x->arena, struct name_out, MEMBER_FIELDS);
    size_t n = 0;

    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (org_field_use(x, (enum member_field)f) == USE_NONE)
            v[n++].name = sv_c(org_field_name((enum member_field)f));
    return (struct list){v, n};
}

static bool sessions_fill(struct ctx *x, id64 member, struct list *out)
{
    struct session_infos all = {0};

    if (!account_sessions_of(x, member, &all))
        return false;
    struct member_session_out *v = ANEWN(x->arena, struct member_session_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        v[i] = (struct member_session_out){sv_c(channel_name(all.v[i].channel)), all.v[i].agent, all.v[i].ip,
                                           {all.v[i].made_ms}, {all.v[i].seen_ms}};
    *out = (struct list){v, all.n};
    return true;
}

/* The texts of a struct with RECORD_TEXTS: its fields have the names of the record's. */
static void record_out(const struct member *m, struct member_record_out *o)
{
    *o = (struct member_record_out){
        .family = m->family, .given = m->given, .family_reading = m->family_reading, .given_reading = m->given_reading,
        .nickname = m->nickname, .employee_number = m->employee_number, .language = m->language, .phone = m->phone,
        .mobile = m->mobile, .private_mail = m->private_mail, .workplace = m->workplace, .duties = m->duties,
        .sns = m->sns, .birthday = m->birthday, .join_date = m->join_date, .related_contact = m->related_contact,
        .grade = m->grade, .permtype = m->permtype, .made = {m->made_ms}, .deleted = {m->deleted_ms ? m->deleted_ms : -1},
    };
}

static bool member_read(struct ctx *x, struct call *c, void *out)
{
    struct console_member_out *row = ANEW(x->arena, struct console_member_out);
    struct member_record_out *o = out;
    struct member m;

    if (!org_member_find(x, c->object, &m) || !console_member_fill(x, &m, row))
        return false;
    org_member_used(x, &m);
    record_out(&m, o);
    o->member.v = row;
    o->leave.v = leave_fill(x, &m.leave);
    o->start = member_day(x, m.start_ms ? m.start_ms : m.made_ms);
    o->started = m.start_ms <= x->now_ms;
    o->may_act = may_act(x, &m);
    o->unused = unused_fields(x);
    o->may_end = m.id.n == x->actor.member.n || reach_contains(x->actor.reach, m.reach);
    o->app_suspended = m.app_suspended;
    return sessions_fill(x, m.id, &o->sessions);
}

/* ---- adding ---- */

struct member_new_in {
    sv login, start, initial, password;
    RECORD_TEXTS;
};
static const struct field member_new_in_fields[] = {
    FIELD(struct member_new_in, login, .need = true, .min = 1, .max = 64, .doc = "1 … 40 of a-z 0-9 . _ -"),
    RECORD_FIELDS(struct member_new_in, ""),
    FIELD(struct member_new_in, start, .max = 10, .doc = "first day of use, YYYY-MM-DD; today when absent"),
    FIELD(struct member_new_in, initial, .one_of = "admin|auto|member",
          .doc = "who makes the first password; member.initial_password when absent"),
    FIELD(struct member_new_in, password, .max = 1024, .doc = "initial admin: the first password"),
};
static const struct schema member_new_in = SCHEMA("member_new_in", struct member_new_in, member_new_in_fields);

struct member_new_out {
    id64 id;
    sv password, link;
    time64 until;
};
static const struct field member_new_out_fields[] = {
    FIELD(struct member_new_out, id, .doc = "the new member"),
    FIELD(struct member_new_out, password, .doc = "initial auto: the password, this once; else empty"),
    FIELD(struct member_new_out, link, .doc = "initial member: the link that sets one, this once; else empty"),
    FIELD(struct member_new_out, until, .null = true, .doc = "until when the link is good"),
};
static const struct schema member_new_out = SCHEMA("member_new_out", struct member_new_out, member_new_out_fields);

struct first_password {
    sv initial, stored, shown;
};

static sv initial_of(struct ctx *x, const struct member_new_in *in)
{
    return in->initial.n ? in->initial : policy_text(x->policy, "member.initial_password");
}

static bool member_add_prepare(struct ctx *x, struct call *c)
{
    const struct member_new_in *in = c->in;
    struct first_password *p = ANEW(x->arena, struct first_password);
    struct password_about about = {
        .login = in->login, .family = in->family, .given = in->given, .family_reading = in->family_reading,
        .given_reading = in->given_reading, .nickname = in->nickname, .mail = in->private_mail, .birthday = in->birthday,
        .phone = in->phone, .mobile = in->mobile, .employee_number = in->employee_number,
    };
    SECRET made = {0};

    c->prepared = p;
    p->initial = initial_of(x, in);
    if (!org_login_check(x, in->login))
        return false;
    if (sv_equal(p->initial, SV("admin")))
        return account_password_check(x, "password", in->password, &about) && account_hash(x, in->password, &p->stored);
    if (in->password.n)
        return fail_field(&x->failure, "password", "the first password is not the admin's to make");
    if (!sv_equal(p->initial, SV("auto")))
        return true;
    if (!account_password_make(x, &made))
        return false;
    p->shown = sv_dup(x->arena, secret_view(&made));
    return account_hash(x, p->shown, &p->stored);
}

/* What was sent, as a record, with the mask of the fields that were there. */
static field_mask record_in(const sv *texts, struct member *m)
{
    field_mask sent = 0;

    for (unsigned f = 0; f <= MF_RELATED_CONTACT; f++)
        if (texts[f].p) {
            *org_field_text(m, (enum member_field)f) = texts[f];
            sent |= (field_mask)1 << f;
        }
    return sent;
}

#define RECORD_LIST(in)                                                                                           \
    (const sv[]){(in)->family, (in)->given, (in)->family_reading, (in)->given_reading, (in)->nickname,            \
                 (in)->employee_number, (in)->language, (in)->phone, (in)->mobile, (in)->private_mail,            \
                 (in)->workplace, (in)->duties, (in)->sns, (in)->birthday, (in)->join_date, (in)->related_contact}

static sv add_detail(struct ctx *x, const struct member_new_in *in, const struct first_password *p)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_text(&j, "login", in->login);
    json_text(&j, "initial", p->initial);
    if (in->start.n)
        json_text(&j, "start", in->start);
    json_close(&j);
    return str_sv(&s);
}

static bool first_link(struct ctx *x, id64 member, struct member_new_out *o)
{
    SECRET token = {0};

    if (!account_setup_link(x, member, LINK_SETUP, &token, &o->until.ms))
        return false;
    o->link = account_link_url(x, &token);
    return true;
}

static bool member_add(struct ctx *x, struct call *c, void *out)
{
    const struct member_new_in *in = c->in;
    const struct first_password *p = c->prepared;
    struct member_new_out *o = out;
    struct member m = {.login = in->login, .role = ROLE_MEMBER};

    o->until.ms = -1;
    field_mask sent = record_in(RECORD_LIST(in), &m);
    if (!m.language.n)
        m.language = policy_text(x->policy, "tenant.default_language");
    bool ok = org_fields_may(x, sent, false) &&
              (!in->start.n || org_day_read(x, "start", in->start, &m.start_ms)) && org_member_add(x, &m, SV("")) &&
              (sv_equal(p->initial, SV("member")) ? first_link(x, m.id, o)
                                                  : account_password_set(x, m.id, p->stored, MUST_FIRST));
    audit(x, AUDIT_MEMBER_ADD, m.id, add_detail(x, in, p));
    o->id = m.id;
    o->password = p->shown;
    return ok;
}

/* ---- changing ---- */

struct member_edit_in {
    RECORD_TEXTS;
    sv grade, permtype, start;
};
static const struct field member_edit_in_fields[] = {
    RECORD_FIELDS(struct member_edit_in, "; absent: stays"),
    FIELD(struct member_edit_in, grade, .max = 20, .doc = "id of a grade; empty: none; absent: stays"),
    FIELD(struct member_edit_in, permtype, .max = 20, .doc = "id of a permission type; empty: none; absent: stays"),
    FIELD(struct member_edit_in, start, .max = 10, .doc = "first day of use, while it lies ahead; absent: stays"),
};
static const struct schema member_edit_in = SCHEMA("member_edit_in", struct member_edit_in, member_edit_in_fields);

static bool label_in(struct ctx *x, const char *field, sv text, id64 *to, field_mask bit, field_mask *sent)
{
    if (!text.p)
        return true;
    *sent |= bit;
    return text.n == 0 || sv_id(text, to) ? true : fail_field(&x->failure, field, "not an id");
}

static bool member_edit(struct ctx *x, struct call *c, void *out)
{
    const struct member_edit_in *in = c->in;
    struct member to = {0};
    field_mask sent = record_in(RECORD_LIST(in), &to), changed = 0;
    int64_t start_ms;

    (void)out;
    bool ok = label_in(x, "grade", in->grade, &to.grade, MF(GRADE), &sent) &&
              label_in(x, "permtype", in->permtype, &to.permtype, MF(PERMTYPE), &sent) &&
              org_fields_may(x, sent, false) && org_member_edit(x, c->object, &to, sent, &changed) &&
              (!in->start.n || (org_day_read(x, "start", in->start, &start_ms) && org_member_start(x, c->object, start_ms)));
    audit(x, AUDIT_MEMBER_EDIT, c->object, org_fields_detail(x, ok ? changed : sent, ok ? in->start : SV("")));
    return ok;
}

struct rename_in {
    sv login;
};
static const struct field rename_in_fields[] = {
    FIELD(struct rename_in, login, .need = true, .min = 1, .max = 64, .doc = "the new ID, 1 … 40 of a-z 0-9 . _ -"),
};
static const struct schema rename_in = SCHEMA("member_rename_in", struct rename_in, rename_in_fields);

static bool member_rename(struct ctx *x, struct call *c, void *out)
{
    const struct rename_in *in = c->in;
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);
    struct member m;

    (void)out;
    if (!org_member_find(x, c->object, &m))
        return false;
    json_open(&j, NULL);
    json_text(&j, "old", m.login);
    json_text(&j, "new", in->login);
    json_close(&j);
    audit(x, AUDIT_MEMBER_RENAME, c->object, str_sv(&s));
    return org_member_rename(x, c->object, in->login);
}

struct leave_in {
    sv from, until;
    bool may_sign_in;
};
static const struct field leave_in_fields[] = {
    FIELD(struct leave_in, from, .max = 10, .doc = "first day, YYYY-MM-DD; today when absent"),
    FIELD(struct leave_in, until, .max = 10, .doc = "last day; absent: until it is ended"),
    FIELD(struct leave_in, may_sign_in, .doc = "the member is not suspended for the same time"),
};
static const struct schema leave_in = SCHEMA("member_leave_in", struct leave_in, leave_in_fields);

static bool leave_days(struct ctx *x, const struct leave_in *in, struct leave *l)
{
    int64_t last;

    *l = (struct leave){.from_ms = org_day_ms(x, org_today(x)), .suspends = !in->may_sign_in};
    if (in->from.n && !org_day_read(x, "from", in->from, &l->from_ms))
        return false;
    if (!in->until.n)
        return true;
    if (!date_parse(in->until, &last))
        return fail_field(&x->failure, "until", "no date");
    l->until_ms = org_day_ms(x, last + 1);
    return true;
}

static bool member_leave(struct ctx *x, struct call *c, void *out)
{
    const struct leave_in *in = c->in;
    struct leave l;

    (void)out;
    if (!leave_days(x, in, &l))
        return false;
    audit(x, AUDIT_MEMBER_LEAVE, c->object,
          sv_printf(x->arena, "{\"from\":\"%.*s\",\"until\":\"%.*s\",\"suspends\":%s}", SV_ARG(member_day(x, l.from_ms)),
                    SV_ARG(in->until), l.suspends ? "true" : "false"));
    return org_member_leave(x, c->object, &l);
}

static bool member_back(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_BACK, c->object, SV_NONE);
    return org_member_leave_end(x, c->object);
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
    audit(x, AUDIT_SESSION_FORCED, c->object, SV_NONE);
    return org_member_logout(x, c->object);
}

static bool member_delete(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_DELETE, c->object, SV_NONE);
    return member_leaves(x, c->object) && org_member_delete(x, c->object);
}

static bool member_restore(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_RESTORE, c->object, SV_NONE);
    return org_member_restore(x, c->object);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.member.read", .method = GET, .path = "/console/members/:member", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ,
     .out = &member_record_out, .run = member_read, .doc = "The whole record of a member."},
    {.name = "console.member.add", .method = POST, .path = "/console/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_SLOW, .audit = AUDIT_MEMBER_ADD, .in = &member_new_in, .out = &member_new_out,
     .run = member_add, .prepare = member_add_prepare,
     .doc = "Adds a member; a first password made here, or the link that sets one, is told this once."},
    {.name = "console.member.edit", .method = PUT, .path = "/console/members/:member", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_EDIT, .in = &member_edit_in,
     .out = &nothing_out, .run = member_edit, .doc = "Changes the fields that are sent."},
    {.name = "console.member.rename", .method = POST, .path = "/console/members/:member/rename", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_RENAME, .in = &rename_in,
     .out = &nothing_out, .run = member_rename, .doc = "Another Engawa ID: every session ends, the old ID is held for 30 days."},
    {.name = "console.member.suspend", .method = POST, .path = "/console/members/:member/suspend", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_SUSPEND,
     .out = &nothing_out, .run = member_suspend, .doc = "The member is signed out everywhere and cannot sign in."},
    {.name = "console.member.resume", .method = POST, .path = "/console/members/:member/resume", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_RESUME,
     .out = &nothing_out, .run = member_resume, .doc = "The member may sign in again."},
    {.name = "console.member.leave", .method = POST, .path = "/console/members/:member/leave", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_LEAVE, .in = &leave_in,
     .out = &nothing_out, .run = member_leave, .doc = "A leave, with or without suspension; it ends by itself."},
    {.name = "console.member.back", .method = DELETE_, .path = "/console/members/:member/leave", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_BACK,
     .out = &nothing_out, .run = member_back, .doc = "The leave ends now, with the suspension that belongs to it."},
    {.name = "console.member.logout", .method = POST, .path = "/console/members/:member/logout", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_LOGOUT,
     .out = &nothing_out, .run = member_logout, .doc = "All sessions of the member end, and its device keys with them."},
    {.name = "console.member.delete", .method = POST, .path = "/console/members/:member/delete", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_DELETE,
     .out = &nothing_out, .run = member_delete,
     .doc = "Sessions, rights and memberships end; what the member wrote stays. It can come back for 30 days."},
    {.name = "console.member.restore", .method = POST, .path = "/console/members/:leaver/restore", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_FORMER_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_RESTORE,
     .out = &nothing_out, .run = member_restore, .doc = "A deleted member comes back, without password and memberships."},
};
/* clang-format on */
const struct op_table member_ops = {ops, COUNT(ops)};
