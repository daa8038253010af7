/* api/rights.c: セキュリティ > 管理者権限: who holds which role, giving and taking, and the hand-over of the super admin's
 * role with the new holder's side of it. What roles there are: api/admin_role.c. */
#include "api/app.h"
#include "api/tried.h"
#include "base/clock.h"
#include "core/csv.h"
#include "core/full_name.h"
#include "svc/account/account.h"
#include "svc/org/rights.h"
#include "svc/talk/place.h"

struct holder_out {
    id64 id, granted_by, custom;
    sv login, family, given, family_reading, given_reading, role, role_name, status, granted_by_name;
    bool paused;
    time64 granted, console_seen;
};
static const struct field holder_out_fields[] = {
    FIELD(struct holder_out, id, .doc = "the member"),
    FIELD(struct holder_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct holder_out, family, .doc = "family name"),
    FIELD(struct holder_out, given, .doc = "given name"),
    FIELD(struct holder_out, family_reading, .doc = "its reading"),
    FIELD(struct holder_out, given_reading, .doc = "its reading"),
    FIELD(struct holder_out, role, .one_of = "operator|sub|super|custom", .doc = "the admin role; custom: one of the company's own"),
    FIELD(struct holder_out, custom, .doc = "which one; 0: a built-in role"),
    FIELD(struct holder_out, role_name, .doc = "its name, empty for a built-in one"),
    FIELD(struct holder_out, paused, .doc = "without force: the holder was suspended and the role is not confirmed yet"),
    FIELD(struct holder_out, status, .one_of = "active|suspended|not_started", .doc = "of the member"),
    FIELD(struct holder_out, granted_by, .doc = "who gave the role; 0: the operator, or the opening of the tenant"),
    FIELD(struct holder_out, granted_by_name, .doc = "its name, empty for 0"),
    FIELD(struct holder_out, granted, .doc = "when"),
    FIELD(struct holder_out, console_seen, .null = true, .doc = "last use of the console"),
};
static const struct schema holder_out = SCHEMA("admin_out", struct holder_out, holder_out_fields);

struct handover_out {
    id64 from, to;
    sv from_name, to_name;
    time64 until;
};
static const struct field handover_out_fields[] = {
    FIELD(struct handover_out, from, .doc = "the super admin who gives"),
    FIELD(struct handover_out, from_name, .doc = "its name"),
    FIELD(struct handover_out, to, .doc = "the member who is to take over"),
    FIELD(struct handover_out, to_name, .doc = "its name"),
    FIELD(struct handover_out, until, .doc = "it must be confirmed before"),
};
static const struct schema handover_out = SCHEMA("handover_out", struct handover_out, handover_out_fields);

struct holders_out {
    struct list holders;
    struct ref handover;
};
static const struct field holders_out_fields[] = {
    FIELD(struct holders_out, holders, .of = &holder_out, .doc = "built-in roles first, widest reach first; each by reading"),
    FIELD(struct holders_out, handover, .of = &handover_out, .null = true, .doc = "that waits for its confirmation"),
};
static const struct schema holders_out = SCHEMA("admins_out", struct holders_out, holders_out_fields);

struct my_handover_out {
    struct ref handover;
};
static const struct field my_handover_out_fields[] = {
    FIELD(struct my_handover_out, handover, .of = &handover_out, .null = true, .doc = "that waits for this member"),
};
static const struct schema my_handover_out = SCHEMA("my_handover_out", struct my_handover_out, my_handover_out_fields);

struct grant_in {
    sv role;
    id64 custom;
    bool confirmed;
};
static const struct field grant_in_fields[] = {
    FIELD(struct grant_in, role, .need = true, .one_of = "member|operator|sub|custom", .doc = "member takes the role away"),
    FIELD(struct grant_in, custom, .doc = "of custom: which of the company's own roles"),
    FIELD(struct grant_in, confirmed, .doc = "the danger of strong menus was read and confirmed"),
};
static const struct schema grant_in = SCHEMA("admin_grant_in", struct grant_in, grant_in_fields);

static const void *handover_json(struct ctx *x, const struct handover *h)
{
    struct handover_out *o = ANEW(x->arena, struct handover_out);

    *o = (struct handover_out){.from = h->from, .to = h->to, .until = {h->until_ms},
                               .from_name = full_name(x->arena, h->from_family, h->from_given),
                               .to_name = full_name(x->arena, h->to_family, h->to_given)};
    return o;
}

static void holder_fill(struct ctx *x, const struct holder *h, struct holder_out *o)
{
    struct member m = {.status = h->status, .start_ms = h->start_ms};

    *o = (struct holder_out){
        .id = h->id,
        .login = h->login,
        .family = h->family,
        .given = h->given,
        .family_reading = h->family_reading,
        .given_reading = h->given_reading,
        .role = sv_c(perm_role(h->role)->id),
        .custom = h->admin_role,
        .role_name = h->admin_role_name,
        .paused = h->paused,
        .status = sv_c(org_member_state(&m, x->now_ms)),
        .granted_by = h->by,
        .granted_by_name = full_name(x->arena, h->by_family, h->by_given),
        .granted = {h->granted_ms},
        .console_seen = {h->console_ms ? h->console_ms : -1},
    };
}

static sv role_said(const struct member *m, bool english)
{
    const struct perm_role *r = perm_role(m->role);

    return m->role == ROLE_CUSTOM ? m->admin_role_name : sv_c(english ? r->en : r->ja);
}

/* The member whose role changed hears of it, whoever did it. */
static bool tell_role(struct ctx *x, const struct member *m)
{
    sv ja = role_said(m, false), en = role_said(m, true);

    if (!role_is_admin(m->role))
        return talk_notice_in(x, m->id, SV("管理者権限がなくなりました。管理者画面は利用できません。"),
                              SV("Your admin rights have been taken away. The admin console is closed to you."));
    if (m->role == ROLE_CUSTOM)
        return talk_notice_in(x, m->id, sv_printf(x->arena, "権限「%.*s」が付きました。管理者画面を開けます。", SV_ARG(ja)),
                              sv_printf(x->arena, "You hold the role \"%.*s\" now. The admin console is open to you.", SV_ARG(en)));
    return talk_notice_in(x, m->id, sv_printf(x->arena, "%.*sの権限が付きました。管理者画面を開けます。", SV_ARG(ja)),
                          sv_printf(x->arena, "Your role is %.*s now. The admin console is open to you.", SV_ARG(en)));
}

static bool tell_heir(struct ctx *x, const struct handover *h)
{
    sv from = full_name(x->arena, h->from_family, h->from_given);

    return talk_notice_in(x, h->to,
                          sv_printf(x->arena, "%.*sさんから、最高管理者の引き継ぎを頼まれています。「設定」を開いて、"
                                              "24時間以内に引き継ぐかどうかを選んでください。", SV_ARG(from)),
                          sv_printf(x->arena, "%.*s asks you to take over as super admin. Open Settings and answer within 24"
                                              " hours.", SV_ARG(from)));
}

/* ACC-02: every admin hears who the super admin is. */
static bool tell_handover(struct ctx *x, const struct handover *h)
{
    sv from = full_name(x->arena, h->from_family, h->from_given), to = full_name(x->arena, h->to_family, h->to_given);
    sv ja = sv_printf(x->arena, "最高管理者が%.*sさんから%.*sさんに引き継がれました。", SV_ARG(from), SV_ARG(to));
    sv en = sv_printf(x->arena, "The super admin's role went from %.*s to %.*s.", SV_ARG(from), SV_ARG(to));
    struct holders all = {0};
    bool ok = rights_holders(x, &all);

    for (size_t i = 0; ok && i < all.n; i++)
        ok = talk_notice_in(x, all.v[i].id, ja, en);
    return ok;
}

static bool admin_list(struct ctx *x, struct call *c, void *out)
{
    struct holders_out *o = out;
    struct holders all = {0};
    struct handover h;

    (void)c;
    if (!rights_holders(x, &all))
        return false;
    struct holder_out *v = ANEWN(x->arena, struct holder_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        holder_fill(x, &all.v[i], &v[i]);
    o->holders = (struct list){v, all.n};
    if (rights_handover(x, &h))
        o->handover.v = handover_json(x, &h);
    return x->failure.code == E_NONE;
}

static const char *const list_titles[2][8] = {
    {"Engawa ID", "名前", "権限", "状態", "権限の確認待ち", "付けた人", "付けた日時 (UTC)", "最後に管理者画面を使った日時 (UTC)"},
    {"Engawa ID", "Name", "Role", "State", "Waits for confirmation", "Given by", "Given at (UTC)", "Last use of the console (UTC)"},
};

static void holder_row(struct ctx *x, struct csv *csv, const struct holder *h)
{
    struct holder_out o;

    holder_fill(x, h, &o);
    csv_cell(csv, h->login);
    csv_cell(csv, full_name(x->arena, h->family, h->given));
    csv_cell(csv, role_said(&(struct member){.role = h->role, .admin_role_name = h->admin_role_name}, x->actor.english));
    csv_cell(csv, o.status);
    csv_cell(csv, h->paused ? SV("1") : SV(""));
    csv_cell(csv, o.granted_by_name);
    csv_cell(csv, time_text(x->arena, h->granted_ms));
    csv_cell(csv, h->console_ms ? time_text(x->arena, h->console_ms) : SV(""));
    csv_end_row(csv);
}

static bool admin_export(struct ctx *x, struct call *c, void *out)
{
    struct str text = STR_IN(x->arena);
    struct holders all = {0};
    struct csv csv;

    (void)out;
    if (!rights_holders(x, &all))
        return false;
    csv_begin(&csv, &text);
    for (size_t i = 0; i < COUNT(list_titles[0]); i++)
        csv_cell(&csv, sv_c(list_titles[x->actor.english][i]));
    csv_end_row(&csv);
    for (size_t i = 0; i < all.n; i++)
        holder_row(x, &csv, &all.v[i]);
    audit(x, AUDIT_ADMINS_EXPORT, ID_NONE, sv_printf(x->arena, "{\"count\":%zu}", all.n));
    c->file.name = x->actor.english ? SV("admins.csv") : SV("管理者権限.csv");
    c->file.type = "text/csv; charset=utf-8";
    c->file.bytes = str_sv(&text);
    c->file.size = (int64_t)text.n;
    return true;
}

/* "old":"sub", or "old":"custom","old_id":…,"old_name":… */
static void detail_role(struct json *j, struct arena *a, const char *name, const struct member *m)
{
    json_text(j, name, sv_c(perm_role(m->role)->id));
    if (m->role != ROLE_CUSTOM)
        return;
    json_id(j, sv_printf(a, "%s_id", name).p, m->admin_role);
    json_text(j, sv_printf(a, "%s_name", name).p, m->admin_role_name);
}

static bool admin_grant(struct ctx *x, struct call *c, void *out)
{
    const struct grant_in *in = c->in;
    struct member before = {0}, after = {0};
    struct str detail = STR_IN(x->arena);
    struct json j = JSON_TO(&detail);
    enum role role = ROLE_NONE;

    (void)out;
    perm_role_find(in->role, &role);
    bool ok = rights_grant(x, c->object, role, in->custom, in->confirmed, &before, &after) &&
              ((before.role == role && before.admin_role.n == after.admin_role.n) || tell_role(x, &after));
    if (!after.id.n)                                      /* refused before it was known what it is */
        after.role = role;
    json_open(&j, NULL);
    detail_role(&j, x->arena, "old", &before);
    detail_role(&j, x->arena, "new", &after);
    json_bool(&j, "confirmed", in->confirmed);
    json_close(&j);
    audit(x, AUDIT_MEMBER_ROLE, c->object, str_sv(&detail));
    return ok;
}

static bool admin_confirm(struct ctx *x, struct call *c, void *out)
{
    struct member m = {0};
    struct str detail = STR_IN(x->arena);
    struct json j = JSON_TO(&detail);

    (void)out;
    bool ok = rights_confirm(x, c->object, &m) && tell_role(x, &m);
    json_open(&j, NULL);
    detail_role(&j, x->arena, "role", &m);
    json_close(&j);
    audit(x, AUDIT_ROLE_CONFIRM, c->object, str_sv(&detail));
    return ok;
}

static bool handover_begin(struct ctx *x, struct call *c, void *out)
{
    struct my_handover_out *o = out;
    struct handover h;

    audit(x, AUDIT_HANDOVER, c->object, SV_NONE);
    if (!rights_handover_begin(x, c->object, &h) || !tell_heir(x, &h))
        return false;
    o->handover.v = handover_json(x, &h);
    return true;
}

static bool handover_end(struct ctx *x, struct call *c, void *out)
{
    struct handover h = {0};

    (void)out;
    bool ok = rights_handover_end(x, &h);
    c->repeat = ok && !h.id.n;
    if (!c->repeat)
        audit(x, AUDIT_HANDOVER_END, h.to, SV_NONE);
    return ok;
}

static bool my_handover(struct ctx *x, struct call *c, void *out)
{
    struct my_handover_out *o = out;
    struct handover h;

    (void)c;
    if (rights_handover(x, &h) && h.to.n == x->actor.member.n)
        o->handover.v = handover_json(x, &h);
    return x->failure.code == E_NONE;
}

static bool takeover(struct ctx *x, struct call *c, void *out)
{
    struct handover h = {0};

    (void)out;
    bool ok = account_admit(x, c->prepared) && rights_handover_accept(x, &h) && (!h.id.n || tell_handover(x, &h));
    c->repeat = ok && !h.id.n;
    if (!c->repeat)
        audit(x, AUDIT_HANDOVER_DONE, h.from, SV_NONE);
    return ok;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.admin.list", .method = GET, .path = "/console/admins", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .out = &holders_out, .run = admin_list,
     .doc = "Everybody with an admin role: who gave it, when, and the last use of the console."},
    {.name = "console.admin.export", .method = GET, .path = "/console/admins/file", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_READ | OP_FILE, .audit = AUDIT_ADMINS_EXPORT, .run = admin_export,
     .doc = "The same list as a file, for the periodic review."},
    {.name = "console.admin.grant", .method = PUT, .path = "/console/admins/:member", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_MEMBER, .flags = OP_WRITE | OP_FRESH | OP_SUPER,
     .audit = AUDIT_MEMBER_ROLE, .in = &grant_in, .out = &nothing_out, .run = admin_grant,
     .doc = "Gives a member an admin role, another one, or takes it away; open sessions have it from the reply on."},
    {.name = "console.admin.confirm", .method = POST, .path = "/console/admins/:member/confirm", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_MEMBER, .flags = OP_WRITE | OP_FRESH | OP_SUPER,
     .audit = AUDIT_ROLE_CONFIRM, .out = &nothing_out, .run = admin_confirm,
     .doc = "Gives the role of an admin who was suspended its force again."},
    {.name = "console.handover.begin", .method = POST, .path = "/console/admins/:member/handover", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_MEMBER, .flags = OP_WRITE | OP_FRESH | OP_SUPER, .audit = AUDIT_HANDOVER,
     .out = &my_handover_out, .run = handover_begin,
     .doc = "Offers the super admin's role to a member, who confirms within 24 hours."},
    {.name = "console.handover.end", .method = DELETE_, .path = "/console/handover", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_WRITE | OP_SUPER, .audit = AUDIT_HANDOVER_END, .out = &nothing_out,
     .run = handover_end, .doc = "Takes the offer back."},
    {.name = "me.handover", .method = GET, .path = "/me/handover", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &my_handover_out, .run = my_handover,
     .doc = "The offer of the super admin's role that waits for this member."},
    {.name = "me.handover.accept", .method = POST, .path = "/me/handover", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_SLOW,
     .audit = AUDIT_HANDOVER_DONE, .in = &own_password_in, .out = &nothing_out, .run = takeover,
     .prepare = own_password_prepare, .settle = tried_settle, .doc = "Takes the super admin's role over; the giver becomes sub admin."},
    {.name = "me.handover.decline", .method = DELETE_, .path = "/me/handover", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_HANDOVER_END, .out = &nothing_out, .run = handover_end, .doc = "Declines the offer."},
};
/* clang-format on */
const struct op_table rights_ops = {ops, COUNT(ops)};
