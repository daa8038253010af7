/* api/profile.c: the member's own side: all that is kept about it, what it fills in itself, asking for the correction of
 * the rest, its photo, and what it says of itself. */
#include "api/app.h"
#include "api/photo.h"
#include "base/clock.h"
#include "base/plain.h"
#include "core/full_name.h"
#include "crypt/hash.h"
#include "svc/org/label.h"
#include "svc/org/profile.h"
#include "svc/org/rights.h"
#include "svc/org/unit.h"
#include "svc/talk/place.h"

/* ---- the own data ---- */

/* What stands in the view of the own data beside the fields of the record. */
enum kept_field {
    KEPT_LOGIN, KEPT_ROLE, KEPT_START, KEPT_MADE, KEPT_SEEN, KEPT_LEAVE_FROM, KEPT_LEAVE_UNTIL, KEPT_PASSWORD, KEPT_PRESENCE,
    KEPT_PRESENCE_UNTIL, KEPT_HERE, KEPT_SESSIONS, KEPT_DEVICES, KEPT_BROWSERS, KEPT_ACCESSES, KEPT_APPS, KEPT_FIELDS
};
static const struct word {
    const char *name, *ja, *en;
} kept_words[KEPT_FIELDS] = {
    [KEPT_LOGIN] = {"login", "Engawa ID", "Engawa ID"},
    [KEPT_ROLE] = {"role", "管理者権限", "admin rights"},
    [KEPT_START] = {"start", "利用開始日", "start date"},
    [KEPT_MADE] = {"made", "登録日時", "time of registration"},
    [KEPT_SEEN] = {"seen", "最終アクセス", "last access"},
    [KEPT_LEAVE_FROM] = {"leave_from", "休職の開始", "beginning of the leave"},
    [KEPT_LEAVE_UNTIL] = {"leave_until", "休職の終了", "end of the leave"},
    [KEPT_PASSWORD] = {"password_set", "パスワードの設定日時", "time the password was set"},
    [KEPT_PRESENCE] = {"presence", "ひとこと", "status"},
    [KEPT_PRESENCE_UNTIL] = {"presence_until", "ひとことの終了", "end of the status"},
    [KEPT_HERE] = {"here_hidden", "オンライン表示をしない", "not seen online"},
    [KEPT_SESSIONS] = {"sessions", "ログイン中の端末の数", "number of sessions"},
    [KEPT_DEVICES] = {"devices", "登録した端末の数", "number of enrolled devices"},
    [KEPT_BROWSERS] = {"browsers", "記憶したブラウザーの数", "number of known browsers"},
    [KEPT_ACCESSES] = {"accesses", "アクセスの記録の数", "number of access records"},
    [KEPT_APPS] = {"app_suspended", "アプリの利用停止", "apps are stopped"},
};
static const struct word record_words[MEMBER_FIELDS] = {
    [MF_FAMILY] = {"family", "姓", "family name"},
    [MF_GIVEN] = {"given", "名", "given name"},
    [MF_FAMILY_READING] = {"family_reading", "姓の読み", "reading of the family name"},
    [MF_GIVEN_READING] = {"given_reading", "名の読み", "reading of the given name"},
    [MF_NICKNAME] = {"nickname", "ニックネーム", "nickname"},
    [MF_EMPLOYEE_NUMBER] = {"employee_number", "社員番号", "employee number"},
    [MF_LANGUAGE] = {"language", "使用言語", "language"},
    [MF_PHONE] = {"phone", "電話番号", "phone"},
    [MF_MOBILE] = {"mobile", "携帯番号", "mobile number"},
    [MF_PRIVATE_MAIL] = {"private_mail", "個人メールアドレス", "private mail"},
    [MF_WORKPLACE] = {"workplace", "勤務先", "workplace"},
    [MF_DUTIES] = {"duties", "担当業務", "duties"},
    [MF_SNS] = {"sns", "SNS", "social networks"},
    [MF_BIRTHDAY] = {"birthday", "生年月日", "birthday"},
    [MF_JOIN_DATE] = {"join_date", "入社日", "date of joining"},
    [MF_RELATED_CONTACT] = {"related_contact", "関係者連絡先", "emergency contact"},
    [MF_GRADE] = {"grade", "職級", "grade"},
    [MF_PERMTYPE] = {"permtype", "利用権限タイプ", "permission type"},
    [MF_PHOTO] = {"photo", "顔写真", "photo"},
    [MF_UNIT] = {"unit", "組織", "org unit"},
    [MF_TITLE] = {"title", "役職", "title"},
};

struct own_field {
    sv field, value, by;
    bool shown;
};
static const struct field own_field_fields[] = {
    FIELD(struct own_field, field, .doc = "its name, as in the record"),
    FIELD(struct own_field, value, .doc = "as it is stored; times in UTC; empty: nothing is"),
    FIELD(struct own_field, by, .one_of = "admin|member|system|unused", .doc = "who fills it; unused: what is left from before"),
    FIELD(struct own_field, shown, .doc = "colleagues see it"),
};
static const struct schema own_field = SCHEMA("own_field", struct own_field, own_field_fields);

struct own_data_out {
    struct list fields;
};
static const struct field own_data_out_fields[] = {
    FIELD(struct own_data_out, fields, .of = &own_field, .doc = "every field that is kept about the member"),
};
static const struct schema own_data_out = SCHEMA("own_data_out", struct own_data_out, own_data_out_fields);

struct own_fields {
    struct own_field *v;
    size_t n, cap;
};

static void record_field(struct ctx *x, struct own_fields *all, enum member_field f, sv value)
{
    static const char *const by[] = {[USE_NONE] = "unused", [USE_ADMIN] = "admin", [USE_MEMBER] = "member"};

    *PUSH(x->arena, all) = (struct own_field){sv_c(record_words[f].name), value, sv_c(by[org_field_use(x, f)]),
                                              org_field_visible(x, f)};
}

static void kept_field(struct ctx *x, struct own_fields *all, enum kept_field f, sv value)
{
    bool said = f == KEPT_PRESENCE || f == KEPT_PRESENCE_UNTIL, own = said || f == KEPT_HERE;
    bool admin = f == KEPT_LOGIN || f == KEPT_ROLE || f == KEPT_START || f == KEPT_LEAVE_FROM || f == KEPT_LEAVE_UNTIL;

    *PUSH(x->arena, all) = (struct own_field){sv_c(kept_words[f].name), value, own ? SV("member") : admin ? SV("admin") : SV("system"),
                                              said};
}

static sv time_or_none(struct ctx *x, int64_t ms)
{
    return ms ? time_text(x->arena, ms) : SV("");
}

static void kept_fields(struct ctx *x, struct own_fields *all, const struct member *m, const struct profile_kept *k)
{
    struct presence p = profile_presence(x->arena, m->presence, x->now_ms);
    sv texts[KEPT_FIELDS] = {
        [KEPT_LOGIN] = m->login,
        [KEPT_ROLE] = m->role == ROLE_CUSTOM ? m->admin_role_name : sv_c(perm_role(m->role)->id),
        [KEPT_START] = time_or_none(x, m->start_ms),
        [KEPT_MADE] = time_or_none(x, m->made_ms),
        [KEPT_SEEN] = time_or_none(x, m->seen_ms),
        [KEPT_LEAVE_FROM] = time_or_none(x, m->leave.from_ms),
        [KEPT_LEAVE_UNTIL] = time_or_none(x, m->leave.until_ms),
        [KEPT_PASSWORD] = time_or_none(x, k->password_ms),
        [KEPT_PRESENCE] = p.text,
        [KEPT_PRESENCE_UNTIL] = time_or_none(x, p.until_ms),
        [KEPT_HERE] = k->here_hidden ? SV("true") : SV(""),
        [KEPT_SESSIONS] = sv_printf(x->arena, "%" PRId64, k->sessions),
        [KEPT_DEVICES] = sv_printf(x->arena, "%" PRId64, k->devices),
        [KEPT_BROWSERS] = sv_printf(x->arena, "%" PRId64, k->browsers),
        [KEPT_ACCESSES] = sv_printf(x->arena, "%" PRId64, k->accesses),
        [KEPT_APPS] = m->app_suspended ? SV("true") : SV(""),
    };

    for (unsigned f = 0; f < KEPT_FIELDS; f++)
        kept_field(x, all, (enum kept_field)f, texts[f]);
}

/* Names of the units, the main one first, or of the titles in them. */
static sv post_names(struct ctx *x, const struct unit_posts *posts, bool titles)
{
    struct str text = STR_IN(x->arena);

    for (size_t i = 0; i < posts->n; i++) {
        sv name = titles ? posts->v[i].title_name : posts->v[i].unit_name;
        if (name.n && text.n)
            str_c(&text, ", ");
        str_put(&text, name);
    }
    return str_sv(&text);
}

static bool label_name(struct ctx *x, id64 id, sv *name)
{
    struct label l = {.name = SV("")};

    if (id.n && !label_find(x, id, &l))
        return false;
    *name = l.name;
    return true;
}

static bool me_data(struct ctx *x, struct call *c, void *out)
{
    struct own_fields all = {0};
    struct profile_kept k;
    struct unit_posts posts = {0};
    struct member m;
    sv grade, permtype;

    (void)c;
    if (!org_member_find(x, x->actor.member, &m) || !profile_kept(x, m.id, &k) || !unit_posts(x, m.id, &posts) ||
        !label_name(x, m.grade, &grade) || !label_name(x, m.permtype, &permtype))
        return false;
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (MF_TEXTS >> f & 1)
            record_field(x, &all, (enum member_field)f, *org_field_text(&m, (enum member_field)f));
    record_field(x, &all, MF_GRADE, grade);
    record_field(x, &all, MF_PERMTYPE, permtype);
    record_field(x, &all, MF_UNIT, post_names(x, &posts, false));
    record_field(x, &all, MF_TITLE, post_names(x, &posts, true));
    record_field(x, &all, MF_PHOTO, time_or_none(x, m.photo_ms));
    kept_fields(x, &all, &m, &k);
    ((struct own_data_out *)out)->fields = (struct list){all.v, all.n};
    return true;
}

/* ---- what the member fills in itself ---- */

struct profile_in {
    sv nickname, employee_number, language, phone, mobile, private_mail, workplace, duties, sns, birthday, join_date, related_contact;
};
static const struct field profile_in_fields[] = {
    FIELD(struct profile_in, nickname, .max = 80, .doc = "nickname; empty: none; absent: stays"),
    FIELD(struct profile_in, employee_number, .max = 40, .doc = "employee number; absent: stays"),
    FIELD(struct profile_in, language, .one_of = "ja|en", .doc = "language of screens, answers and notices; absent: stays"),
    FIELD(struct profile_in, phone, .max = 40, .doc = "phone, E.164; absent: stays"),
    FIELD(struct profile_in, mobile, .max = 40, .doc = "mobile number, E.164; absent: stays"),
    FIELD(struct profile_in, private_mail, .max = 254, .doc = "private mail; absent: stays"),
    FIELD(struct profile_in, workplace, .max = 200, .doc = "where the member works; absent: stays"),
    FIELD(struct profile_in, duties, .max = 200, .doc = "what it is in charge of; absent: stays"),
    FIELD(struct profile_in, sns, .max = 200, .doc = "names in social networks; absent: stays"),
    FIELD(struct profile_in, birthday, .max = 10, .doc = "YYYY-MM-DD; absent: stays"),
    FIELD(struct profile_in, join_date, .max = 10, .doc = "YYYY-MM-DD; absent: stays"),
    FIELD(struct profile_in, related_contact, .max = 200, .doc = "whom to call in an emergency; absent: stays"),
};
static const struct schema profile_in = SCHEMA("profile_in", struct profile_in, profile_in_fields);

static field_mask profile_sent(const struct profile_in *in, struct member *to)
{
    const struct {
        enum member_field f;
        sv text;
    } sent[] = {
        {MF_NICKNAME, in->nickname},   {MF_EMPLOYEE_NUMBER, in->employee_number}, {MF_LANGUAGE, in->language},
        {MF_PHONE, in->phone},         {MF_MOBILE, in->mobile},                   {MF_PRIVATE_MAIL, in->private_mail},
        {MF_WORKPLACE, in->workplace}, {MF_DUTIES, in->duties},                   {MF_SNS, in->sns},
        {MF_BIRTHDAY, in->birthday},   {MF_JOIN_DATE, in->join_date},             {MF_RELATED_CONTACT, in->related_contact},
    };
    field_mask mask = 0;

    for (size_t i = 0; i < COUNT(sent); i++)
        if (sent[i].text.p) {
            *org_field_text(to, sent[i].f) = sent[i].text;
            mask |= (field_mask)1 << sent[i].f;
        }
    return mask;
}

/* {"fields":["phone","sns"]}: which ones, never what they hold. */
static sv fields_detail(struct ctx *x, field_mask fields)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_list(&j, "fields");
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (fields >> f & 1)
            json_text(&j, NULL, sv_c(org_field_name((enum member_field)f)));
    json_list_end(&j);
    json_close(&j);
    return str_sv(&text);
}

static bool me_profile(struct ctx *x, struct call *c, void *out)
{
    struct member to = {0};
    field_mask sent = profile_sent(c->in, &to), changed = 0;
    bool ok = org_fields_may(x, sent, true) && org_member_edit(x, x->actor.member, &to, sent, &changed);

    (void)out;
    audit(x, AUDIT_ME_PROFILE, x->actor.member, fields_detail(x, ok ? changed : sent));
    return ok;
}

/* ---- asking for a correction ---- */

struct correction_in {
    sv field, text;
};
static const struct field correction_in_fields[] = {
    FIELD(struct correction_in, field, .need = true, .max = 40, .doc = "a field of the own data"),
    FIELD(struct correction_in, text, .need = true, .min = 1, .max = 1000, .lines = true, .doc = "what is wrong, and how it should be"),
};
static const struct schema correction_in = SCHEMA("correction_in", struct correction_in, correction_in_fields);

static bool field_words(sv name, const struct word **out)
{
    for (size_t i = 0; i < MEMBER_FIELDS; i++)
        if (sv_equal(name, sv_c(record_words[i].name))) {
            *out = &record_words[i];
            return true;
        }
    for (size_t i = 0; i < KEPT_FIELDS; i++)
        if (sv_equal(name, sv_c(kept_words[i].name))) {
            *out = &kept_words[i];
            return true;
        }
    return false;
}

/* All who correct members' data now: their role reaches the menu and has its force, and they can work. */
static bool notice_to_correctors(struct ctx *x, sv ja, sv en)
{
    struct holders all = {0};

    if (!rights_holders(x, &all))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        const struct holder *h = &all.v[i];
        if (!h->paused && h->status == MEMBER_ACTIVE && reaches(h->reach, M_MEMBER_MEMBER) &&
            !talk_notice_in(x, h->id, ja, en))
            return false;
    }
    return true;
}

static bool me_correction(struct ctx *x, struct call *c, void *out)
{
    const struct correction_in *in = c->in;
    const struct word *w;
    struct member me;

    (void)out;
    if (!field_words(in->field, &w))
        return fail_field(&x->failure, "field", "no field of the own data");
    audit(x, AUDIT_CORRECTION, x->actor.member, sv_printf(x->arena, "{\"field\":\"%s\"}", w->name));
    if (!org_member_find(x, x->actor.member, &me))
        return false;
    sv name = full_name(x->arena, me.family, me.given);
    sv ja = sv_printf(x->arena, "%.*sさん (%.*s) が登録情報の修正を依頼しました。\n項目: %s\n%.*s", SV_ARG(name), SV_ARG(me.login),
                      w->ja, SV_ARG(in->text));
    sv en = sv_printf(x->arena, "%.*s (%.*s) asks for a correction of the own data.\nField: %s\n%.*s", SV_ARG(name),
                      SV_ARG(me.login), w->en, SV_ARG(in->text));
    return notice_to_correctors(x, ja, en);
}

/* ---- photos ---- */

static bool photo_put(struct ctx *x, id64 member, const struct call *c)
{
    const struct photo *p;

    return photo_taken(x, c, &p) && profile_photo_put(x, member, p);
}

static bool me_photo_put(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_ME_PHOTO, x->actor.member, SV("{\"fields\":[\"photo\"]}"));
    return org_fields_may(x, MF(PHOTO), true) && photo_put(x, x->actor.member, c);
}

static bool me_photo_delete(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    (void)out;
    audit(x, AUDIT_ME_PHOTO, x->actor.member, SV("{\"removed\":[\"photo\"]}"));
    return org_fields_may(x, MF(PHOTO), true) && profile_photo_delete(x, x->actor.member);
}

static bool member_photo_put(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_PHOTO, c->object, SV("{\"fields\":[\"photo\"]}"));
    return org_fields_may(x, MF(PHOTO), false) && org_member_reachable(x, c->object) && photo_put(x, c->object, c);
}

static bool member_photo_delete(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    audit(x, AUDIT_MEMBER_PHOTO, c->object, SV("{\"removed\":[\"photo\"]}"));
    return org_member_reachable(x, c->object) && profile_photo_delete(x, c->object);
}

static bool photo_send(struct ctx *x, struct call *c, id64 member)
{
    struct photo p;
    int64_t version;

    if (!profile_photo_version(x, member, &version) || !profile_photo_find(x, member, &p))
        return false;
    photo_answer(x, c, member, version, &p);
    return true;
}

static bool me_photo(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return photo_send(x, c, x->actor.member);
}

/* A photo that colleagues do not see is as absent as one that nobody gave. */
static bool member_photo(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    if (!org_field_visible(x, MF_PHOTO))
        return fail(&x->failure, E_NOT_FOUND, "photos are not shown");
    return photo_send(x, c, c->object);
}

static bool console_member_photo(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    return photo_send(x, c, c->object);
}

/* ---- what one says of oneself ---- */

struct presence_in {
    sv text;
    int64_t until;
};
static const struct field presence_in_fields[] = {
    FIELD(struct presence_in, text, .need = true, .max = PROFILE_PRESENCE, .doc = "what the member is doing; empty: says nothing any more"),
    FIELD(struct presence_in, until, .min = 1, .doc = "UTC ms at which it ends by itself; absent: it stays"),
};
static const struct schema presence_in = SCHEMA("presence_in", struct presence_in, presence_in_fields);

static bool me_presence(struct ctx *x, struct call *c, void *out)
{
    const struct presence_in *in = c->in;
    struct presence p = {text_trim(in->text), in->until};

    (void)out;
    audit(x, AUDIT_ME_PRESENCE, x->actor.member, SV_NONE);
    return profile_presence_put(x, x->actor.member, &p);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "me.data", .method = GET, .path = "/me/data", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_READ, .audit = AUDIT_NONE,
     .out = &own_data_out, .run = me_data, .doc = "Every field that is kept about the member, and who fills it."},
    {.name = "me.profile", .method = PUT, .path = "/me/profile", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_ME_PROFILE, .in = &profile_in, .out = &nothing_out, .run = me_profile,
     .doc = "Changes those own fields that members fill in themselves; any other one refuses all of it."},
    {.name = "me.correction", .method = POST, .path = "/me/correction", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_CORRECTION, .in = &correction_in, .out = &nothing_out, .run = me_correction,
     .doc = "Asks the admins of members to correct a field: each gets a service notice."},
    {.name = "me.photo", .method = GET, .path = "/me/photo", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_READ | OP_FILE,
     .audit = AUDIT_NONE, .query = &photo_query, .run = me_photo, .doc = "The own photo, also where colleagues do not see it."},
    {.name = "me.photo.put", .method = PUT, .path = "/me/photo", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_SLOW,
     .audit = AUDIT_ME_PHOTO, .in = &photo_in, .out = &nothing_out, .prepare = photo_prepare, .look = photo_look, .run = me_photo_put,
     .settle = photo_settle, .doc = "Sets the own photo."},
    {.name = "me.photo.delete", .method = DELETE_, .path = "/me/photo", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_ME_PHOTO, .out = &nothing_out, .run = me_photo_delete, .doc = "Removes the own photo."},
    {.name = "me.presence", .method = PUT, .path = "/me/presence", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_ME_PRESENCE, .in = &presence_in, .out = &nothing_out, .run = me_presence,
     .doc = "What the member is doing, for colleagues to see."},
    {.name = "member.photo", .method = GET, .path = "/members/:member/photo", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_MEMBER,
     .flags = OP_READ | OP_FILE, .audit = AUDIT_NONE, .query = &photo_query, .run = member_photo,
     .doc = "A colleague's photo, where photos are shown."},
    {.name = "console.member.photo", .method = GET, .path = "/console/members/:member/photo", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_READ | OP_FILE, .audit = AUDIT_CONSOLE_READ,
     .query = &photo_query, .run = console_member_photo, .doc = "A member's photo."},
    {.name = "console.member.photo.put", .method = PUT, .path = "/console/members/:member/photo", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_SLOW, .audit = AUDIT_MEMBER_PHOTO, .in = &photo_in,
     .out = &nothing_out, .prepare = photo_prepare, .look = photo_look, .run = member_photo_put, .settle = photo_settle, .doc = "Sets a member's photo."},
    {.name = "console.member.photo.delete", .method = DELETE_, .path = "/console/members/:member/photo", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_MEMBER, .flags = OP_WRITE, .audit = AUDIT_MEMBER_PHOTO, .out = &nothing_out,
     .run = member_photo_delete, .doc = "Removes a member's photo."},
};
/* clang-format on */
const struct op_table profile_ops = {ops, COUNT(ops)};
