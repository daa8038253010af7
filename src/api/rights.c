/* api/rights.c: セキュリティ > 管理者権限: who holds which role, giving and taking, and the hand-over of the super admin's
 * role with the new holder's side of it. */
#include "api/app.h"
#include "api/tried.h"
#include "base/clock.h"
#include "core/csv.h"
#include "core/full_name.h"
#include "svc/account/account.h"
#include "svc/org/rights.h"
#include "svc/talk/place.h"

struct holder_out {
    id64 id, granted_by;
    sv login, family, given, family_reading, given_reading, role, status, granted_by_name;
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
    FIELD(struct holder_out, role, .one_of = "operator|sub|super", .doc = "the admin role"),
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
    FIELD(struct holders_out, holders, .of = &holder_out, .doc = "widest reach first, then by reading"),
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
    bool confirmed;
};
static const struct field grant_in_fields[] = {
    FIELD(struct grant_in, role, .need = true, .one_of = "member|operator|sub", .doc = "member takes the role away"),
    FIELD(struct grant_in, confirmed, .doc = "the danger of strong menus was read and confirmed"),
};
static const struct schema grant_in = SCHEMA("admin_grant_in", struct grant_in, grant_in_fields);

struct takeover_in {
    sv password;
};
static const struct field takeover_in_fields[] = {
    FIELD(struct takeover_in, password, .need = true, .min = 1, .max = 1024, .doc = "the member's own"),
};
static const struct schema takeover_in = SCHEMA("takeover_in", struct takeover_in, takeover_in_fields);

struct role_menu {
    sv id;
};
static const struct field role_menu_fields[] = {FIELD(struct role_menu, id, .need = true, .min = 1, .max = 64, .doc = "a submenu")};
static const struct schema role_menu = SCHEMA("role_menu", struct role_menu, role_menu_fields);

struct role_row {
    sv id, ja, en;
    bool builtin;
    struct list menus;
};
static const struct field role_row_fields[] = {
    FIELD(struct role_row, id, .doc = "the role"),
    FIELD(struct role_row, ja, .doc = "its name in Japanese"),
    FIELD(struct role_row, en, .doc = "its name in English"),
    FIELD(struct role_row, builtin, .doc = "exists from the opening on and cannot be changed"),
    FIELD(struct role_row, menus, .of = &role_menu, .doc = "the submenus that it reaches"),
};
static const struct schema role_row = SCHEMA("role_row_out", struct role_row, role_row_fields);

struct matrix_row {
    sv id, ja, en, group_ja, group_en;
    bool super, sub, operator;
};
static const struct field matrix_row_fields[] = {
    FIELD(struct matrix_row, id, .doc = "the submenu"),
    FIELD(struct matrix_row, ja, .doc = "its label in Japanese"),
    FIELD(struct matrix_row, en, .doc = "its label in English"),
    FIELD(struct matrix_row, group_ja, .doc = "the menu's label in Japanese"),
    FIELD(struct matrix_row, group_en, .doc = "the menu's label in English"),
    FIELD(struct matrix_row, super, .doc = "the super admin reaches it"),
    FIELD(struct matrix_row, sub, .doc = "sub admins reach it"),
    FIELD(struct matrix_row, operator, .doc = "operator admins reach it"),
};
static const struct schema matrix_row = SCHEMA("role_matrix_row", struct matrix_row, matrix_row_fields);

struct roles_out {
    struct list roles, menus;
};
static const struct field roles_out_fields[] = {
    FIELD(struct roles_out, roles, .of = &role_row, .doc = "widest reach first"),
    FIELD(struct roles_out, menus, .of = &matrix_row, .doc = "the same the other way: who reaches each submenu"),
};
static const struct schema roles_out = SCHEMA("roles_out", struct roles_out, roles_out_fields);

struct role_put_in {
    struct list menus;
};
static const struct field role_put_in_fields[] = {
    FIELD(struct role_put_in, menus, .need = true, .max = 200, .of = &role_menu, .doc = "what the role is to reach"),
};
static const struct schema role_put_in = SCHEMA("role_put_in", struct role_put_in, role_put_in_fields);

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
        .paused = h->paused,
        .status = sv_c(org_member_state(&m, x->now_ms)),
        .granted_by = h->by,
        .granted_by_name = full_name(x->arena, h->by_family, h->by_given),
        .granted = {h->granted_ms},
        .console_seen = {h->console_ms ? h->console_ms : -1},
    };
}

/* The member whose role changed hears of it, whoever did it. */
static bool tell_role(struct ctx *x, id64 member, enum role role)
{
    const struct perm_role *r = perm_role(role);

    if (!role_is_admin(role))
        return talk_notice_in(x, member, SV("管理者権限がなくなりました。管理者画面は利用できません。"),
                              SV("Your admin rights have been taken away. The admin console is closed to you."));
    return talk_notice_in(x, member,
                          sv_printf(x->arena, "%sの権限が付きました。管理者画面を開けます。", r->ja),
                          sv_printf(x->arena, "Your role is %s now. The admin console is open to you.", r->en));
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
    csv_cell(csv, sv_c(x->actor.english ? perm_role(h->role)->en : perm_role(h->role)->ja));
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

static bool admin_grant(struct ctx *x, struct call *c, void *out)
{
    const struct grant_in *in = c->in;
    enum role role = ROLE_NONE, before = ROLE_NONE;

    (void)out;
    perm_role_find(in->role, &role);
    bool ok = rights_grant(x, c->object, role, in->confirmed, &before) &&
              (before == role || tell_role(x, c->object, role));
    audit(x, AUDIT_MEMBER_ROLE, c->object,
          sv_printf(x->arena, "{\"old\":\"%s\",\"new\":\"%s\",\"confirmed\":%s}", perm_role(before)->id,
                    perm_role(role)->id, in->confirmed ? "true" : "false"));
    return ok;
}

static bool admin_confirm(struct ctx *x, struct call *c, void *out)
{
    enum role role = ROLE_NONE;

    (void)out;
    bool ok = rights_confirm(x, c->object, &role) && tell_role(x, c->object, role);
    audit(x, AUDIT_ROLE_CONFIRM, c->object, sv_printf(x->arena, "{\"role\":\"%s\"}", perm_role(role)->id));
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

static bool takeover_prepare(struct ctx *x, struct call *c)
{
    const struct takeover_in *in = c->in;

    c->prepared = ANEW(x->arena, struct proof);
    return account_prove(x, SV(""), in->password, c->prepared);
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

static struct role_row role_describe(struct ctx *x, enum role r)
{
    struct role_menu *v = ANEWN(x->arena, struct role_menu, MENU_COUNT);
    size_t n = 0;

    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++)
        if (role_reaches(r, (enum menu)m))
            v[n++].id = sv_c(menu_def((enum menu)m)->id);
    return (struct role_row){sv_c(perm_role(r)->id), sv_c(perm_role(r)->ja), sv_c(perm_role(r)->en), true, {v, n}};
}

static struct list matrix(struct ctx *x)
{
    struct matrix_row *v = ANEWN(x->arena, struct matrix_row, MENU_COUNT);
    size_t n = 0;

    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        const struct menu_def *d = menu_def((enum menu)m);
        v[n++] = (struct matrix_row){sv_c(d->id), sv_c(d->ja), sv_c(d->en), sv_c(d->group_ja), sv_c(d->group_en),
                                     role_reaches(ROLE_SUPER_ADMIN, (enum menu)m), role_reaches(ROLE_SUB_ADMIN, (enum menu)m),
                                     role_reaches(ROLE_OPERATOR_ADMIN, (enum menu)m)};
    }
    return (struct list){v, n};
}

static bool role_list(struct ctx *x, struct call *c, void *out)
{
    struct role_row *v = ANEWN(x->arena, struct role_row, ROLES);
    size_t n = 0;

    (void)c;
    for (unsigned r = ROLES - 1; r > ROLE_MEMBER; r--)
        v[n++] = role_describe(x, (enum role)r);
    ((struct roles_out *)out)->roles = (struct list){v, n};
    ((struct roles_out *)out)->menus = matrix(x);
    return true;
}

/* Every submenu named is one of the role's, each once, and none is left out. */
static bool role_has_just(enum role r, const struct role_menu *v, size_t n)
{
    bool named[MENU_COUNT] = {false};
    enum menu m;

    for (size_t i = 0; i < n; i++) {
        if (!menu_find(v[i].id, &m) || named[m])
            return false;
        named[m] = true;
    }
    for (unsigned k = MENU_ANY + 1; k < MENU_COUNT; k++)
        if (named[k] != role_reaches(r, (enum menu)k))
            return false;
    return true;
}

static bool role_put(struct ctx *x, struct call *c, void *out)
{
    const struct role_put_in *in = c->in;
    enum role r = ROLE_NONE;

    perm_role_find(c->object_text, &r);
    audit(x, AUDIT_ROLE_EDIT, ID_NONE, sv_printf(x->arena, "{\"role\":\"%s\"}", perm_role(r)->id));
    if (!role_has_just(r, in->menus.v, in->menus.n))
        return fail(&x->failure, E_BUILTIN_ROLE, "%s is built in", perm_role(r)->id);
    *(struct role_row *)out = role_describe(x, r);
    return true;
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
    {.name = "console.role.list", .method = GET, .path = "/console/roles", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .flags = OP_QUICK, .audit = AUDIT_NONE, .out = &roles_out, .run = role_list,
     .doc = "The roles with the submenus that each reaches."},
    {.name = "console.role.put", .method = PUT, .path = "/console/roles/:role", .who = WHO_CONSOLE,
     .menu = M_SECURITY_ADMINS, .object = OBJ_ROLE, .flags = OP_WRITE | OP_FRESH | OP_SUPER, .audit = AUDIT_ROLE_EDIT,
     .in = &role_put_in, .out = &role_row, .run = role_put,
     .doc = "Says what a role reaches; a built-in role takes only what it has."},
    {.name = "me.handover", .method = GET, .path = "/me/handover", .who = WHO_MEMBER, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &my_handover_out, .run = my_handover,
     .doc = "The offer of the super admin's role that waits for this member."},
    {.name = "me.handover.accept", .method = POST, .path = "/me/handover", .who = WHO_MEMBER, .flags = OP_SLOW,
     .audit = AUDIT_HANDOVER_DONE, .in = &takeover_in, .out = &nothing_out, .run = takeover,
     .prepare = takeover_prepare, .settle = tried_settle, .doc = "Takes the super admin's role over; the giver becomes sub admin."},
    {.name = "me.handover.decline", .method = DELETE_, .path = "/me/handover", .who = WHO_MEMBER, .flags = OP_WRITE,
     .audit = AUDIT_HANDOVER_END, .out = &nothing_out, .run = handover_end, .doc = "Declines the offer."},
};
/* clang-format on */
const struct op_table rights_ops = {ops, COUNT(ops)};
