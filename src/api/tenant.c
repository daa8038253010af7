/* api/tenant.c: the operator's operations on one tenant: opening, reading its state, the audit export; and, in test
 * builds alone, the fake clock, seeded ids and fault points. */
#include "api/app.h"
#include "core/tenant.h"
#include "crypt/password.h"
#include "svc/account/account.h"
#include "svc/contract/contract.h"
#include "svc/monitor/audit_log.h"
#include "svc/org/org.h"

#ifdef ENGAWA_TEST
#include "base/clock.h"
#include "base/fault.h"
#include "base/rand.h"
#include "core/file.h"
#include "store/db_digest.h"
#endif

struct admin_in {
    sv login, family, given, family_reading, given_reading, password;
};
static const struct field admin_in_fields[] = {
    FIELD(struct admin_in, login, .need = true, .min = 1, .max = 64, .doc = "a-z 0-9 . _ -"),
    FIELD(struct admin_in, family, .need = true, .min = 1, .max = 50, .doc = "family name"),
    FIELD(struct admin_in, given, .max = 50, .doc = "given name"),
    FIELD(struct admin_in, family_reading, .max = 100, .doc = "its reading"),
    FIELD(struct admin_in, given_reading, .max = 100, .doc = "its reading"),
    FIELD(struct admin_in, password, .min = 1, .max = 1024, .doc = "its first password; absent: a link that sets it is made"),
};
static const struct schema admin_in = SCHEMA("admin_in", struct admin_in, admin_in_fields);

struct init_in {
    sv workgroup, company;
    struct ref admin;
};
static const struct field init_in_fields[] = {
    FIELD(struct init_in, workgroup, .need = true, .min = 3, .max = 63, .doc = "a-z 0-9 -"),
    FIELD(struct init_in, company, .need = true, .min = 1, .max = 100, .doc = "the company's name"),
    FIELD(struct init_in, admin, .of = &admin_in, .doc = "the super admin; absent only for the decoy"),
};
static const struct schema init_in = SCHEMA("tenant_init_in", struct init_in, init_in_fields);

struct init_out {
    id64 tenant, admin;
    sv link;
    time64 until;
};
static const struct field init_out_fields[] = {
    FIELD(struct init_out, tenant, .doc = "the tenant's number"),
    FIELD(struct init_out, admin, .doc = "the super admin"),
    FIELD(struct init_out, link, .sparse = true, .doc = "where it sets its password, once: told this once"),
    FIELD(struct init_out, until, .null = true, .doc = "until when the link is good"),
};
static const struct schema init_out = SCHEMA("tenant_init_out", struct init_out, init_out_fields);

struct tenant_out {
    id64 tenant;
    sv workgroup, company, time_zone;
    int64_t audit_rows, password_passes;
};
static const struct field tenant_out_fields[] = {
    FIELD(struct tenant_out, tenant, .doc = "its number"),
    FIELD(struct tenant_out, workgroup, .doc = "the part behind @"),
    FIELD(struct tenant_out, company, .doc = "the company's name"),
    FIELD(struct tenant_out, time_zone, .doc = "IANA name"),
    FIELD(struct tenant_out, audit_rows, .doc = "rows in the audit tree"),
    FIELD(struct tenant_out, password_passes, .doc = "Argon2id passes of a password"),
};
static const struct schema tenant_out = SCHEMA("tenant_out", struct tenant_out, tenant_out_fields);

struct opening {
    unsigned ops;
    sv stored;
};

static bool init_prepare(struct ctx *x, struct call *c)
{
    const struct init_in *in = c->in;
    const struct admin_in *admin = in->admin.v;
    struct opening *o = ANEW(x->arena, struct opening);

    c->prepared = o;
    if (x->tenant->opened)
        return fail(&x->failure, E_CONFLICT, "the tenant is open already");
    /* The same number for the whole installation, so that a wrong password costs the same in all of it. */
    if (!x->tenant->password_ops)
        x->tenant->password_ops = password_calibrate(PASSWORD_MS);
    o->ops = x->tenant->password_ops;
    if (!admin)
        return true;
    struct password_about about = {.login = admin->login, .family = admin->family, .given = admin->given,
                                   .family_reading = admin->family_reading, .given_reading = admin->given_reading};
    return org_login_check(x, admin->login) &&
           (!admin->password.n || (account_password_check(x, "password", admin->password, &about) &&
                                   account_hash(x, admin->password, &o->stored)));
}

static bool first_link(struct ctx *x, id64 member, struct init_out *o)
{
    SECRET token = {0};

    audit(x, AUDIT_SETUP_LINK, member, SV_NONE);
    if (!account_setup_link(x, member, LINK_SETUP, &token, &o->until.ms))
        return false;
    o->link = account_link_url(x, &token);
    return true;
}

static bool open_admin(struct ctx *x, const struct admin_in *in, sv stored, struct init_out *o)
{
    struct member m = {
        .login = in->login,
        .family = in->family,
        .given = in->given,
        .family_reading = in->family_reading,
        .given_reading = in->given_reading,
        .role = ROLE_SUPER_ADMIN,
        .language = policy_text(x->policy, "tenant.default_language"),
    };

    if (!org_member_add(x, &m, stored.n ? stored : SV("")))
        return false;
    o->admin = m.id;
    audit(x, AUDIT_MEMBER_ADD, m.id, SV_NONE);
    return in->password.n || first_link(x, m.id, o);
}

static bool init(struct ctx *x, struct call *c, void *out)
{
    const struct init_in *in = c->in;
    const struct opening *o = c->prepared;
    struct init_out *res = out;
    size_t company, name;

    ENSURE(policy_find(SV("tenant.company_name"), &company) && policy_find(SV("tenant.workgroup_name"), &name));
    audit(x, AUDIT_TENANT_OPEN, ID_NONE, SV_NONE);
    if (!contract_open(x, in->workgroup, o->ops) || !contract_setting_store(x, company, in->company) ||
        !contract_setting_store(x, name, in->workgroup))
        return false;
    res->tenant = (id64){x->tenant->number};
    res->until.ms = -1;
    effect(x, EFF_OPENED, 0, 0);
    return !in->admin.v || open_admin(x, in->admin.v, o->stored, res);
}

static bool tenant_read(struct ctx *x, struct call *c, void *out)
{
    struct tenant_out *o = out;
    sv root;

    (void)c;
    o->tenant = (id64){x->tenant->number};
    o->password_passes = x->tenant->password_ops;
    o->workgroup = sv_dup(x->arena, str_sv(&x->tenant->workgroup));
    o->company = sv_dup(x->arena, policy_text(x->policy, "tenant.company_name"));
    o->time_zone = sv_dup(x->arena, policy_text(x->policy, "tenant.time_zone"));
    return audit_log_head(x, &o->audit_rows, &root);
}

struct plan_in {
    sv key, value;
};
static const struct field plan_in_fields[] = {
    FIELD(struct plan_in, key, .need = true, .max = 64, .doc = "a setting of the operator: plan.name, plan.audit_days …"),
    FIELD(struct plan_in, value, .need = true, .max = 100, .doc = "in the form of settings.tsv"),
};
static const struct schema plan_in = SCHEMA("tenant_setting_in", struct plan_in, plan_in_fields);

/* What the contract says, and no admin of the tenant can change. Keys of the whole installation are no tenant's. */
static bool tenant_setting_put(struct ctx *x, struct call *c, void *out)
{
    const struct plan_in *in = c->in;
    struct setting_changes one = {0};
    size_t i;

    (void)out;
    if (!policy_find(in->key, &i) || !sv_equal(sv_c(policy_def(i)->menu), SV("operator")) ||
        sv_starts(in->key, SV("platform.")))
        return fail_field(&x->failure, "key", "no setting of a tenant's contract");
    *PUSH(x->arena, &one) = (struct setting_change){.i = i, .value = in->value};
    if (!contract_settings_change(x, &one)) {
        if (x->failure.field)
            x->failure.field = "value";                   /* the key is right */
        return false;
    }
    c->repeat = one.n == 0;
    return true;
}

/* The row of the export is written first, so the export holds it. */
static bool audit_export(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    (void)out;
    audit(x, AUDIT_AUDIT_EXPORT, ID_NONE, SV_NONE);
    return true;
}

static bool audit_export_stream(struct ctx *x, struct call *c)
{
    return audit_log_export(x, x->tenant->number, c->stream, c->stream_to);
}

#ifdef ENGAWA_TEST
struct test_in {
    int64_t value, n;
    sv name, action;
    bool still;
};
static const struct field test_value_fields[] = {
    FIELD(struct test_in, value, .need = true, .doc = "ms of offset, or the seed"),
};
static const struct schema test_value = SCHEMA("test_value", struct test_in, test_value_fields);
static const struct field test_clock_fields[] = {
    FIELD(struct test_in, value, .need = true, .doc = "ms of offset"),
    FIELD(struct test_in, still, .doc = "it stands from now on, and only the offset moves it"),
};
static const struct schema test_clock_in = SCHEMA("test_clock", struct test_in, test_clock_fields);
static const struct field test_fault_fields[] = {
    FIELD(struct test_in, name, .need = true, .max = 64, .doc = "the fault point"),
    FIELD(struct test_in, n, .need = true, .doc = "at its n-th passing"),
    FIELD(struct test_in, action, .need = true, .one_of = "fail|kill|none", .doc = "what happens there"),
};
static const struct schema test_fault = SCHEMA("test_fault", struct test_in, test_fault_fields);

struct test_file_out {
    id64 file;
};
static const struct field test_file_out_fields[] = {
    FIELD(struct test_file_out, file, .doc = "its id"),
};
static const struct schema test_file_out = SCHEMA("test_file_out", struct test_file_out, test_file_out_fields);

/* A download of that many bytes, byte i is 'a' + i % 26: what a log of millions of rows would be. */
static bool test_file(struct ctx *x, struct call *c, void *out)
{
    struct file f = {.kind = FILE_AUDIT, .name = SV("大きな記録.csv"), .query = SV("{\"log\":\"login\",\"upto\":0}")};
    int64_t size = ((const struct test_in *)c->in)->value;
    struct str part = STR_IN(x->arena);

    if (!file_add(x, &f))
        return false;
    for (int64_t at = 0; at < size; at += FILE_PART) {
        str_reset(&part);
        for (int64_t i = at; i < size && i < at + FILE_PART; i++)
            str_char(&part, (char)('a' + i % 26));
        if (!file_part(x, f.id, at / FILE_PART, str_sv(&part)))
            return false;
    }
    ((struct test_file_out *)out)->file = f.id;
    return file_finish(x, f.id, FILE_READY, 1, size, SV("no hash"));
}

struct test_night_out {
    int64_t files, units;
    time64 done;
};
static const struct field test_night_out_fields[] = {
    FIELD(struct test_night_out, files, .doc = "how many the database holds"),
    FIELD(struct test_night_out, units, .doc = "how many deleted ones it holds"),
    FIELD(struct test_night_out, done, .doc = "when files were last looked through"),
};
static const struct schema test_night_out = SCHEMA("test_night_out", struct test_night_out, test_night_out_fields);

static bool test_night(struct ctx *x, struct call *c, void *out)
{
    struct test_night_out *o = out;
    ROWS r = db_query(x->db, "SELECT (SELECT COUNT(*) FROM file), (SELECT COUNT(*) FROM unit WHERE deleted_ms > 0)");

    (void)c;
    if (rows_next(&r)) {
        o->files = row_int(&r, 0);
        o->units = row_int(&r, 1);
    }
    return rows_ok(&r) && chore_done(x, "file.forget", &o->done.ms);
}

struct test_digest_out {
    sv tables;
};
static const struct field test_digest_out_fields[] = {
    FIELD(struct test_digest_out, tables, .doc = "name and digest of each table, a line each"),
};
static const struct schema test_digest_out = SCHEMA("test_digest_out", struct test_digest_out, test_digest_out_fields);

static bool test_digest(struct ctx *x, struct call *c, void *out)
{
    struct str text = STR_IN(x->arena);
    struct db_tables t;

    (void)c;
    if (!db_tables(x->db, x->arena, NULL, NULL, &t))
        return false;
    for (size_t i = 0; i < t.n; i++) {
        str_put(&text, t.v[i].name);
        str_char(&text, ' ');
        hex_put(&text, sv_n(t.v[i].digest.b, sizeof(t.v[i].digest.b)));
        str_char(&text, '\n');
    }
    ((struct test_digest_out *)out)->tables = str_sv(&text);
    return true;
}

static bool test_clock(struct ctx *x, struct call *c, void *out)
{
    const struct test_in *in = c->in;

    (void)x;
    (void)out;
    clock_test_offset(in->value);
    clock_test_still(in->still);
    return true;
}

static bool test_seed(struct ctx *x, struct call *c, void *out)
{
    (void)x;
    (void)out;
    rand_test_seed((uint64_t)((const struct test_in *)c->in)->value);
    return true;
}

static bool test_fault_set(struct ctx *x, struct call *c, void *out)
{
    const struct test_in *in = c->in;

    (void)out;
    fault_set(sv_cstr(x->arena, in->name), in->n,
              sv_equal(in->action, SV("fail"))   ? FAULT_FAIL
              : sv_equal(in->action, SV("kill")) ? FAULT_KILL
                                                 : FAULT_OFF);
    return true;
}
#endif

/* clang-format off */
static const struct op ops[] = {
    {.name = "tenant.init", .who = WHO_OPERATOR, .flags = OP_SLOW, .audit = AUDIT_TENANT_OPEN, .in = &init_in,
     .out = &init_out, .run = init, .prepare = init_prepare, .doc = "Opens the tenant with its super admin."},
    {.name = "tenant.read", .who = WHO_OPERATOR, .flags = OP_READ, .audit = AUDIT_NONE, .out = &tenant_out,
     .run = tenant_read, .doc = "Names, time zone and size of the audit log."},
    {.name = "tenant.setting", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_SETTING, .in = &plan_in, .out = &nothing_out,
     .run = tenant_setting_put, .doc = "Changes a setting of the contract: the plan and what hangs on it."},
    {.name = "audit.export", .who = WHO_OPERATOR, .flags = OP_WRITE, .audit = AUDIT_AUDIT_EXPORT, .run = audit_export,
     .stream = audit_export_stream, .doc = "The audit log for auditverify: fields, salts, hashes, signed heads; no names, no content."},
#ifdef ENGAWA_TEST
    {.name = "test.clock", .who = WHO_OPERATOR, .flags = OP_QUICK | OP_TEST, .audit = AUDIT_NONE, .in = &test_clock_in,
     .out = &nothing_out, .run = test_clock, .doc = "Sets the offset of the clocks."},
    {.name = "test.file", .who = WHO_OPERATOR, .flags = OP_WRITE | OP_TEST, .audit = AUDIT_AUDIT_DOWNLOAD, .in = &test_value,
     .out = &test_file_out, .run = test_file, .doc = "Makes a download of that many bytes."},
    {.name = "test.night", .who = WHO_OPERATOR, .flags = OP_READ | OP_TEST, .audit = AUDIT_NONE, .out = &test_night_out,
     .run = test_night, .doc = "What the nightly work on files and units has left, and when it was done."},
    {.name = "test.seed", .who = WHO_OPERATOR, .flags = OP_QUICK | OP_TEST, .audit = AUDIT_NONE, .in = &test_value,
     .out = &nothing_out, .run = test_seed, .doc = "Makes ids a sequence."},
    {.name = "test.digest", .who = WHO_OPERATOR, .flags = OP_READ | OP_TEST, .audit = AUDIT_NONE, .out = &test_digest_out,
     .run = test_digest, .doc = "What each table holds, as a digest."},
    {.name = "test.fault", .who = WHO_OPERATOR, .flags = OP_QUICK | OP_TEST, .audit = AUDIT_NONE, .in = &test_fault,
     .out = &nothing_out, .run = test_fault_set, .doc = "Arms a fault point."},
#endif
};
/* clang-format on */
const struct op_table tenant_ops = {ops, COUNT(ops)};
