/* api/member_list.c: メンバー > メンバー: the console's list, on the screen and as a file. */
#include "api/member.h"
#include "api/app.h"
#include "base/clock.h"
#include "base/zone.h"
#include "core/csv.h"
#include "svc/account/account.h"
#include "svc/org/member_csv.h"
#include "svc/org/unit.h"

#define EXPORT_MAX 100000                                 /* more than a tenant has members */

static const struct field console_member_out_fields[] = {
    FIELD(struct console_member_out, id, .doc = "the member"),
    FIELD(struct console_member_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct console_member_out, family, .doc = "family name"),
    FIELD(struct console_member_out, given, .doc = "given name"),
    FIELD(struct console_member_out, family_reading, .doc = "its reading"),
    FIELD(struct console_member_out, given_reading, .doc = "its reading"),
    FIELD(struct console_member_out, role, .one_of = "member|operator|sub|super|custom", .doc = "admin role"),
    FIELD(struct console_member_out, role_name, .doc = "of one of the company's own: its name"),
    FIELD(struct console_member_out, role_paused, .doc = "the role is without force until the super admin confirms it"),
    FIELD(struct console_member_out, status, .one_of = "active|suspended|not_started|deleted", .doc = "may it sign in?"),
    FIELD(struct console_member_out, on_leave, .doc = "a leave lasts now"),
    FIELD(struct console_member_out, locked, .doc = "closed after wrong tries, until an admin opens it"),
    FIELD(struct console_member_out, unit, .doc = "name of its main unit, or empty"),
    FIELD(struct console_member_out, units, .doc = "how many units it belongs to"),
    FIELD(struct console_member_out, photo, .doc = "version of its photo; 0: none"),
    FIELD(struct console_member_out, last_seen, .null = true, .doc = "last activity; null: never"),
};
const struct schema console_member_out =
    SCHEMA("console_member_out", struct console_member_out, console_member_out_fields);

bool console_member_fill(struct ctx *x, const struct member *m, struct console_member_out *o)
{
    struct unit_posts posts = {0};
    bool locked = false;

    if (!unit_posts(x, m->id, &posts) || !account_locked(x, m->id, &locked))
        return false;
    *o = (struct console_member_out){
        .id = m->id,
        .login = m->login,
        .family = m->family,
        .given = m->given,
        .family_reading = m->family_reading,
        .given_reading = m->given_reading,
        .role = sv_c(perm_role(m->role)->id),
        .role_name = m->admin_role_name,
        .role_paused = m->role_paused,
        .status = sv_c(org_member_state(m, x->now_ms)),
        .on_leave = leave_lasts(&m->leave, x->now_ms),
        .locked = locked,
        .unit = posts.n ? posts.v[0].unit_name : SV(""),
        .units = (int64_t)posts.n,
        .photo = m->photo_ms,
        .last_seen = {m->seen_ms ? m->seen_ms : -1},
    };
    return true;
}

/* ---- the list ---- */

struct console_members_query {
    sv q, status;
    id64 unit, after;
    int64_t limit;
};
static const struct field console_members_query_fields[] = {
    FIELD(struct console_members_query, q, .max = 100, .doc = "words that stand in any of the fields, all of them"),
    FIELD(struct console_members_query, status, .one_of = "active|not_started|suspended|on_leave|deleted",
          .doc = "only members in this state; deleted: those who can still come back"),
    FIELD(struct console_members_query, unit, .doc = "only members of this unit"),
    FIELD(struct console_members_query, after, .doc = "continue behind this member"),
    FIELD(struct console_members_query, limit, .min = 1, .max = 200, .doc = "how many at most; 100 when absent"),
};
static const struct schema console_members_query =
    SCHEMA("console_members_query", struct console_members_query, console_members_query_fields);

struct console_members_out {
    struct list members;
    bool more;
    int64_t total, seats_used, seats;
};
static const struct field console_members_out_fields[] = {
    FIELD(struct console_members_out, members, .of = &console_member_out, .doc = "sorted by reading"),
    FIELD(struct console_members_out, more, .doc = "there are further ones"),
    FIELD(struct console_members_out, total, .doc = "of all pages"),
    FIELD(struct console_members_out, seats_used, .doc = "members that count for the plan"),
    FIELD(struct console_members_out, seats, .doc = "the plan's seats; -1: no limit"),
};
static const struct schema console_members_out =
    SCHEMA("console_member_page_out", struct console_members_out, console_members_out_fields);

static enum member_filter filter_of(sv name)
{
    static const char *const names[] = {"", "active", "not_started", "suspended", "on_leave", "deleted"};

    for (size_t i = FILTER_ACTIVE; i < COUNT(names); i++)
        if (sv_equal(name, sv_c(names[i])))
            return (enum member_filter)i;
    return FILTER_NONE;
}

static bool member_list(struct ctx *x, struct call *c, void *out)
{
    const struct console_members_query *q = c->query;
    struct console_members_out *o = out;
    struct member_query ask = {.q = q->q, .filter = filter_of(q->status), .unit = q->unit, .after = q->after,
                               .limit = q->limit ? q->limit : 100};
    struct member_page page;

    if (!org_member_search(x, &ask, &page) || !org_seats(x, &o->seats_used, &o->seats))
        return false;
    struct console_member_out *v = ANEWN(x->arena, struct console_member_out, page.members.n);
    for (size_t i = 0; i < page.members.n; i++)
        if (!console_member_fill(x, &page.members.v[i], &v[i]))
            return false;
    o->members = (struct list){v, page.members.n};
    o->more = page.more;
    o->total = page.total;
    return true;
}

/* ---- the list as a file ---- */

struct export_query {
    sv q, status;
    id64 unit;
};
static const struct field export_query_fields[] = {
    FIELD(struct export_query, q, .max = 100, .doc = "as in the list"),
    FIELD(struct export_query, status, .one_of = "active|not_started|suspended|on_leave|deleted", .doc = "as in the list"),
    FIELD(struct export_query, unit, .doc = "as in the list"),
};
static const struct schema export_query = SCHEMA("console_members_export", struct export_query, export_query_fields);

/* Columns of the record have the titles of the list that can be read in (member_csv.h), in its order. */
static void export_titles(struct ctx *x, struct csv *csv)
{
    static const char *const more[][2] = {{"状態", "State"}, {"休職", "On leave"}, {"管理者権限", "Admin role"},
                                          {"最終アクセス", "Last seen"}};

    for (unsigned c = COL_LOGIN; c <= COL_RELATED_CONTACT; c++)
        csv_cell(csv, sv_c(x->actor.english ? member_column((enum member_column)c)->en : member_column((enum member_column)c)->ja));
    csv_cell(csv, sv_c(x->actor.english ? member_column(COL_START)->en : member_column(COL_START)->ja));
    for (size_t i = 0; i < COUNT(more); i++)
        csv_cell(csv, sv_c(more[i][x->actor.english]));
    csv_end_row(csv);
}

static void export_row(struct ctx *x, struct csv *csv, struct member *m)
{
    static const char *const states[][3] = {
        {"active", "有効", "active"}, {"suspended", "一時停止", "suspended"}, {"not_started", "開始前", "not started"},
        {"deleted", "削除済み", "deleted"},
    };
    sv state = sv_c(org_member_state(m, x->now_ms));
    enum member_field f;

    org_member_used(x, m);
    csv_cell(csv, m->login);
    for (unsigned c = COL_FAMILY; c <= COL_RELATED_CONTACT; c++)
        csv_cell(csv, org_field_find(sv_c(member_column((enum member_column)c)->id), &f) ? *org_field_text(m, f) : SV(""));
    csv_cell(csv, member_day(x, m->start_ms ? m->start_ms : m->made_ms));
    for (size_t i = 0; i < COUNT(states); i++)
        if (sv_equal(state, sv_c(states[i][0])))
            csv_cell(csv, sv_c(states[i][x->actor.english ? 2 : 1]));
    csv_cell(csv, leave_lasts(&m->leave, x->now_ms) ? (x->actor.english ? SV("yes") : SV("休職中")) : SV(""));
    csv_cell(csv, m->role == ROLE_CUSTOM ? m->admin_role_name
                                         : sv_c(x->actor.english ? perm_role(m->role)->en : perm_role(m->role)->ja));
    csv_cell(csv, m->seen_ms ? time_text(x->arena, m->seen_ms) : SV(""));
    csv_end_row(csv);
}

static bool member_export(struct ctx *x, struct call *c, void *out)
{
    const struct export_query *q = c->query;
    struct member_query ask = {.q = q->q, .filter = filter_of(q->status), .unit = q->unit, .limit = EXPORT_MAX};
    struct str text = STR_IN(x->arena);
    struct member_page page;
    struct csv csv;

    (void)out;
    if (!org_member_search(x, &ask, &page))
        return false;
    csv_begin(&csv, &text);
    export_titles(x, &csv);
    for (size_t i = 0; i < page.members.n; i++)
        export_row(x, &csv, &page.members.v[i]);
    c->file = (struct file_out){
        .name = sv_printf(x->arena, "members-%.*s.csv", SV_ARG(date_text(x->arena, org_today(x)))),
        .type = "text/csv; charset=utf-8",
        .bytes = str_sv(&text),
        .size = (int64_t)text.n,
    };
    audit(x, AUDIT_MEMBER_EXPORT, ID_NONE,
          sv_printf(x->arena, "{\"rows\":%zu,\"filtered\":%s}", page.members.n,
                    q->q.n || q->status.n || q->unit.n ? "true" : "false"));
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.member.list", .method = GET, .path = "/console/members", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &console_members_query,
     .out = &console_members_out, .run = member_list, .doc = "Members with state and role, found by any of their fields."},
    {.name = "console.member.export", .method = GET, .path = "/console/member-list", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_READ | OP_FILE | OP_FRESH, .audit = AUDIT_MEMBER_EXPORT, .query = &export_query,
     .run = member_export, .doc = "The list with every field, as CSV."},
};
/* clang-format on */
const struct op_table member_list_ops = {ops, COUNT(ops)};
