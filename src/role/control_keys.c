/* role/control_keys.c: the operators' commands about keys: another master key, another data key of a company, and the places where
 * copies of the key store lie, which engawactl writes. And the age of the master key, as health, log and figures say it. */
#include "role/control_ending.h"

#include "base/clock.h"
#include "base/log.h"
#include "role/control_private.h"
#include "role/keyc.h"

#define DAY_MS    INT64_C(86400000)
#define OLD_MS    (35 * DAY_MS)                           /* as long as backups are kept: they need data keys that were replaced */
#define PATH_MOST 1000

static bool plain(struct json *out)
{
    json_open(out, NULL);
    json_close(out);
    return true;
}

/* ---- copies of the key store ---- */

bool keys_change_op(struct op_in *o, struct json *out, bool *later)
{
    size_t n = 0;
    int64_t change;

    (void)later;
    if (!keys_change(o->c->registry, &change, &o->failure))
        return false;
    const struct keys_place *p = keys_places(o->c->registry, o->arena, &n, &o->failure);
    if (o->failure.code)
        return false;
    json_open(out, NULL);
    json_int(out, "change", change);
    json_list(out, "places");
    for (size_t i = 0; i < n; i++) {
        json_open(out, NULL);
        json_text(out, "place", p[i].path);
        json_bool(out, "newest", p[i].change >= change);
        json_time(out, "copied", p[i].copied_ms);
        json_text(out, "why", p[i].why);
        json_close(out);
    }
    json_list_end(out);
    json_close(out);
    return true;
}

bool keys_copied_op(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *change = json_get(o->in, SV("change")), *why = json_get(o->in, SV("why"));
    int64_t now_change;
    sv path;

    (void)later;
    if (!ops_text(o, "place", PATH_MOST, &path) || !keys_change(o->c->registry, &now_change, &o->failure))
        return false;
    if (!change || change->type != JSON_NUMBER || !change->whole || change->i < 0 || change->i > now_change)
        return fail_field(&o->failure, "change", "no number that was told");
    if (!keys_place_put(o->c->registry, path, change->i, clock_ms(), why && why->type == JSON_TEXT ? sv_upto(why->text, 200) : SV(""), &o->failure))
        return false;
    o->c->ending_at_ms = 0;
    return plain(out);
}

bool keys_forget_op(struct op_in *o, struct json *out, bool *later)
{
    bool was = false;
    sv path;

    (void)later;
    if (!ops_text(o, "place", PATH_MOST, &path) || !keys_place_forget(o->c->registry, path, &was, &o->failure))
        return false;
    if (!was)
        return fail(&o->failure, E_NOT_FOUND, "no such place");
    o->c->ending_at_ms = 0;
    return plain(out);
}

/* ---- the master key ---- */

static bool keyd_of(struct op_in *o, struct peer **keyd)
{
    *keyd = control_keyd_quiet(o->c);
    return *keyd || fail(&o->failure, E_RETRY, "keyd does not answer");
}

bool key_prepare_op(struct op_in *o, struct json *out, bool *later)
{
    struct peer *keyd;
    bool full;

    (void)later;
    if (!keyd_of(o, &keyd))
        return false;
    return keyc_prepare(&keyd->ipc, &full) ? plain(out)
         : fail(&o->failure, full ? E_STORAGE_FULL : E_CONFLICT, "another master key is being put in place, or it is not stored");
}

/* The number of changes first: no copy that was gathered before counts as the newest. */
bool key_rotate_op(struct op_in *o, struct json *out, bool *later)
{
    struct peer *keyd;

    (void)later;
    if (!keys_changed(o->c->registry, &o->failure) || !keyd_of(o, &keyd))
        return false;
    return keyc_rotate(&keyd->ipc) ? plain(out) : fail(&o->failure, E_CONFLICT, "nothing is prepared, or another one is being put in place");
}

static int64_t rotation_ms(const struct control *c)
{
    int64_t days = 365;

    config_int(&c->start.config, CONFIG_KEY_DAYS, 30, 730, &days);
    return days * DAY_MS;
}

bool key_overdue(const struct control *c)
{
    return c->master_ms && clock_ms() - c->master_ms > rotation_ms(c);
}

static void state_json(struct control *c, const struct keyc_state *s, struct json *out)
{
    json_text(out, "master", sv_c(s->id));
    json_time(out, "since", s->made_ms);
    json_time(out, "rotate_by", s->made_ms + rotation_ms(c));
    json_bool(out, "overdue", key_overdue(c));
    json_bool(out, "rotating", s->rotating);
    json_int(out, "left", s->left);
}

static bool ask(struct control *c, int64_t number, struct keyc_state *s)
{
    struct peer *keyd = control_keyd_quiet(c);

    if (!keyd || !keyc_state(&keyd->ipc, number, s))
        return false;
    c->master_ms = s->made_ms;
    return true;
}

bool key_state_op(struct op_in *o, struct json *out, bool *later)
{
    const struct json_value *w = json_get(o->in, SV("workgroup"));
    const struct tenant_row *t = w && w->type == JSON_TEXT ? registry_find_name(o->c->registry, w->text) : NULL;
    struct keyc_state s;

    (void)later;
    if (w && !t)
        return fail(&o->failure, E_NOT_FOUND, "no such workgroup");
    if (!ask(o->c, t ? t->number : 0, &s))
        return fail(&o->failure, E_RETRY, "keyd does not answer");
    if (t && s.renewing && !t->running && (t->state == TENANT_OPEN || t->state == TENANT_SUSPENDED))
        control_start_tenant(o->c, t);                    /* it has made way for the one that puts the new database in place */
    json_open(out, NULL);
    state_json(o->c, &s, out);
    if (t)
        json_bool(out, "renewing", s.renewing);
    json_close(out);
    return true;
}

/* In health: a member of the answer's object; nothing where keyd does not answer. */
void keys_health(struct control *c, struct json *j)
{
    struct arena *a = arena_new(4096);
    struct failure f = {0};
    struct keyc_state s;
    size_t n = 0, stale = 0, open = 0;
    int64_t change = 0;

    if (ask(c, 0, &s)) {
        json_open(j, "keys");
        state_json(c, &s, j);
        keys_change(c->registry, &change, &f);
        const struct keys_place *p = keys_places(c->registry, a, &n, &f);
        for (size_t i = 0; i < n; i++)
            stale += p[i].change < change;
        endings_open(c->registry, a, &open, &f);
        json_int(j, "copies", (int64_t)n);
        json_int(j, "copies_behind", (int64_t)stale);
        json_int(j, "endings", (int64_t)open);
        json_close(j);
    }
    arena_free(&a);
}

/* Once a day: the age, and data keys that no backup needs any more. */
void keys_tick(struct control *c)
{
    struct peer *keyd;
    struct keyc_state s;
    int64_t now = clock_mono_ms(), wall = clock_ms();

    if (c->keys_day_ms && now - c->keys_looked_ms < DAY_MS && wall - c->keys_day_ms < DAY_MS && wall >= c->keys_day_ms)
        return;
    c->keys_day_ms = wall;
    c->keys_looked_ms = now;
    if (!ask(c, 0, &s))
        return;
    if (key_overdue(c))
        log_put(LOG_WARN, "the master key is older than %" PRId64 " days: engawactl key rotate", rotation_ms(c) / DAY_MS);
    keyd = control_keyd_quiet(c);
    if (keyd)
        keyc_forget_old(&keyd->ipc, wall - OLD_MS);
}

/* ---- a company's data key ---- */

bool key_renew_op(struct op_in *o, struct json *out, bool *later)
{
    struct tenant_row *t;
    struct peer *keyd;
    bool full;
    sv name;

    (void)out;
    if (!ops_text(o, "workgroup", WORKGROUP_MAX, &name))
        return false;
    t = registry_find_name(o->c->registry, name);
    if (!t)
        return fail(&o->failure, E_NOT_FOUND, "no such workgroup");
    if (t->state != TENANT_OPEN && t->state != TENANT_SUSPENDED)
        return fail(&o->failure, E_CONFLICT, "state %s", ops_state(t->state));
    if (!keys_changed(o->c->registry, &o->failure) || !keyd_of(o, &keyd))
        return false;
    if (!keyc_renew(&keyd->ipc, t->number, &full))
        return fail(&o->failure, full ? E_STORAGE_FULL : E_RETRY, "keyd makes no key");
    struct relay *r = relay_new(o->c, o->from, o->h, SV("key.renew"), t);
    r->type = RENEW_TAKE;
    relay_send(o->c, r);
    *later = true;
    return true;
}
