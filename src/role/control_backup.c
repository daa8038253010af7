/* role/control_backup.c: control's part in a backup, which engawactl makes: the registry's copy and the list of tenants, a
 * copy of each tenant by its own process, and the rows that say how each backup and each drill ended. The key that leaves
 * opens that one file, and in it no tenant's database. */
#include "role/control_private.h"

#include "base/clock.h"
#include "crypt/hash.h"
#include "role/backup_file.h"
#include "role/backup_table.h"
#include "role/keyc.h"
#include "role/roles.h"

#define LISTED 100
#define WHY    40                                         /* an error's code */
#define PLACE  400
#define CHECK_SAMPLE 200                                  /* messages that a look through a company looks for */

/* Tenants as they stand in the copy: those half open are nobody's yet. */
static void tenants_json(struct control *c, struct json *out)
{
    json_list(out, "tenants");
    for (struct tenant_row *t = registry_next(c->registry, NULL); t; t = registry_next(c->registry, t)) {
        if (t->state == TENANT_OPENING || t->state == TENANT_DECOY_NEW || t->state == TENANT_ERASING)
            continue;
        json_open(out, NULL);
        json_id(out, "number", (id64){t->number});
        json_text(out, "workgroup", t->workgroup);
        json_text(out, "state", sv_c(ops_state(t->state)));
        json_close(out);
    }
    json_list_end(out);
}

/* What stands in the copy of the registry: its tables, and the head of the operators' log. */
static void registry_json(struct control *c, struct json *out, const struct db_tables *tables)
{
    struct str hex = {0};
    struct sha256 root;
    uint64_t size;

    registry_log_head(c->registry, &size, &root);
    hex_put(&hex, sv_n(root.b, sizeof(root.b)));
    json_open(out, "registry");
    json_int(out, "audit_rows", (int64_t)size);
    json_text(out, "audit_root", str_sv(&hex));
    backup_tables_json(out, tables);
    json_close(out);
    str_release(&hex);
}

bool backup_begin(struct op_in *o, struct json *out, bool *later)
{
    struct control *c = o->c;
    struct peer *keyd = control_keyd_quiet(c);
    struct str hex = STR_IN(o->arena);
    SECRET own = {0}, key = {0};
    struct db_tables tables;
    sv text, id;

    (void)later;
    if (!ops_text(o, "id", 2 * BACKUP_ID, &text))
        return false;
    if (!hex_read(o->arena, text, &id) || id.n != BACKUP_ID)
        return fail_field(&o->failure, "id", "32 hex digits");
    if (!keyd || !keyc_get(&keyd->ipc, REGISTRY_TENANT, &own)
        || !keyc_backup(&keyd->ipc, id, &key))
        return fail(&o->failure, E_RETRY, "keyd does not answer");
    if (!registry_copy(c->registry, &own, o->arena, &tables, &o->failure))
        return false;
    hex_put(&hex, secret_view(&key));
    json_open(out, NULL);
    json_text(out, "key", str_sv(&hex));
    json_text(out, "version", SV(ENGAWA_VERSION));
    json_text(out, "cipher", config_text(&c->start.config, CONFIG_CIPHER));
    registry_json(c, out, &tables);
    tenants_json(c, out);
    json_close(out);
    wipe(hex.p, hex.n);
    return true;
}

bool backup_tenant(struct op_in *o, struct json *out, bool *later)
{
    const struct tenant_row *t = NULL;
    id64 number;
    sv text;

    (void)out;
    if (!ops_text(o, "number", 20, &text))
        return false;
    if (sv_id(text, &number))
        t = registry_find(o->c->registry, number.n);
    if (t && t->state == TENANT_ERASING)
        return fail(&o->failure, E_ERASED, "it is being erased");
    if (!t || t->state == TENANT_OPENING || t->state == TENANT_DECOY_NEW)
        return fail(&o->failure, E_NOT_FOUND, "no such tenant");
    struct relay *r = relay_new(o->c, o->from, o->h, SV("backup.tenant"), t);
    r->type = SNAPSHOT_TAKE;
    relay_send(o->c, r);
    *later = true;
    return true;
}

/* A look through what a backup would copy. */
bool tenant_check(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *sample = json_get(o->in, SV("search"));
    const struct tenant_row *t;
    sv name;

    (void)out;
    if (!ops_text(o, "workgroup", WORKGROUP_MAX, &name))
        return false;
    if (sample && (!sample->whole || sample->i < 0))
        return fail_field(&o->failure, "search", "no number");
    t = registry_find_name(o->c->registry, name);
    if (!t || t->state == TENANT_OPENING)
        return fail(&o->failure, E_NOT_FOUND, "no such workgroup");
    if (t->state == TENANT_ERASING)
        return fail(&o->failure, E_ERASED, "it is being erased");
    struct relay *r = relay_new(o->c, o->from, o->h, SV("tenant.check"), t);
    r->type = CHECK_TAKE;
    r->b = sample ? (uint64_t)sample->i : CHECK_SAMPLE;
    relay_send(o->c, r);
    *later = true;
    return true;
}

static bool number_in(struct op_in *o, const char *name, int64_t *out)
{
    const struct json_value *v = json_get(o->in, sv_c(name));

    if (!v || v->type != JSON_NUMBER || !v->whole || v->i < 0)
        return fail_field(&o->failure, name, "no number");
    *out = v->i;
    return true;
}

static bool empty_answer(struct json *out)
{
    json_open(out, NULL);
    json_close(out);
    return true;
}

bool backup_done(struct op_in *o, struct json *out, bool *later)
{
    struct backup_row row = {.ended_ms = clock_ms(), .why = SV("")};

    (void)later;
    if (!ops_text(o, "id", 2 * BACKUP_ID, &row.id) || !number_in(o, "begun", &row.begun_ms) || !number_in(o, "bytes", &row.bytes) || !number_in(o, "tenants", &row.tenants)
        || !registry_backup_add(o->c->registry, &row, &o->failure))
        return false;
    alarm_look(o->c, true);
    return empty_answer(out);
}

bool backup_failed(struct op_in *o, struct json *out, bool *later)
{
    struct backup_row row = {.ended_ms = clock_ms(), .id = SV("")};

    (void)later;
    if (!number_in(o, "begun", &row.begun_ms) || !ops_text(o, "why", WHY, &row.why)
        || !registry_backup_add(o->c->registry, &row, &o->failure))
        return false;
    alarm_look(o->c, true);
    return empty_answer(out);
}

/* Where it was not equal stands in the place. */
static bool drilled(struct op_in *o, struct json *out, bool equal)
{
    struct drill_row row = {.ended_ms = clock_ms(), .equal = equal, .place = SV("")};

    if (!ops_text(o, "id", 2 * BACKUP_ID, &row.id) || !number_in(o, "begun", &row.backup_ms) || (!equal && !ops_text(o, "place", PLACE, &row.place))
        || !registry_drill_add(o->c->registry, &row, &o->failure))
        return false;
    alarm_look(o->c, true);
    return empty_answer(out);
}

bool drill_equal(struct op_in *o, struct json *out, bool *later)
{
    (void)later;
    return drilled(o, out, true);
}

bool drill_failed(struct op_in *o, struct json *out, bool *later)
{
    (void)later;
    return drilled(o, out, false);
}

static void row_json(struct json *out, const struct backup_row *row)
{
    bool whole = row->why.n == 0;

    json_open(out, NULL);
    json_time(out, "begun", row->begun_ms);
    json_time(out, "ended", row->ended_ms);
    json_int(out, "bytes", row->bytes);
    json_int(out, "tenants", row->tenants);
    json_text(out, "result", whole ? SV("whole") : row->why);
    json_time(out, "drilled", row->drill_ms ? row->drill_ms : -1);
    if (row->drill_ms)
        json_text(out, "drill", row->drill_equal ? SV("equal") : SV("failed"));
    else
        json_null(out, "drill");
    json_close(out);
}

bool backup_list(struct op_in *o, struct json *out, bool *later)
{
    size_t n = 0;
    const struct backup_row *rows = registry_backups(o->c->registry, o->arena, LISTED, &n, &o->failure);

    (void)later;
    if (o->failure.code)
        return false;
    json_open(out, NULL);
    alarm_json(o->c, out);
    json_list(out, "backups");
    for (size_t i = 0; i < n; i++)
        row_json(out, &rows[i]);
    json_list_end(out);
    json_close(out);
    return true;
}
