/* api/setting.c: the settings within an admin's reach: read, changed one by one or a page at once, set to a preset, listed
 * for a review; and what each of them was before. */
#include "api/app.h"
#include "api/invite.h"
#include "core/csv.h"
#include "core/network.h"
#include "base/clock.h"
#include "crypt/hash.h"
#include "svc/contract/contract.h"
#include "svc/monitor/audit_term.h"

#define HISTORY_ROWS 50
#define VALUE_MAX    40000                                /* characters: a list of 1,000 addresses with short notes */
#define CONFIRMED    "true: also where it locks out who asks (lock_out), or approves all who wait (members_waiting)"

struct setting_out {
    sv key, value, dflt, state, by_name;
    time64 changed;
    id64 by;
};
static const struct field setting_out_fields[] = {
    FIELD(struct setting_out, key, .doc = "the setting"),
    FIELD(struct setting_out, value, .doc = "its value now; empty for a secret"),
    FIELD_AS("default", struct setting_out, dflt, .doc = "its default"),
    FIELD(struct setting_out, state, .one_of = "open|not_yet|elsewhere",
          .doc = "open: may be changed; not_yet: nothing obeys it in this version; elsewhere: not changed as a setting"),
    FIELD(struct setting_out, changed, .null = true, .doc = "when it was changed last; null: never"),
    FIELD(struct setting_out, by, .doc = "who changed it; 0: nobody, or the operator"),
    FIELD(struct setting_out, by_name, .doc = "that member's name"),
};
static const struct schema setting_out = SCHEMA("setting_out", struct setting_out, setting_out_fields);

struct settings_out {
    struct list settings;
};
static const struct field settings_out_fields[] = {
    FIELD(struct settings_out, settings, .of = &setting_out, .doc = "those of the menus within reach"),
};
static const struct schema settings_out = SCHEMA("settings_out", struct settings_out, settings_out_fields);

struct setting_in {
    sv value;
    bool confirmed;
};
static const struct field setting_in_fields[] = {
    FIELD(struct setting_in, value, .need = true, .max = VALUE_MAX, .lines = true, .doc = "in the form of settings.tsv"),
    FIELD(struct setting_in, confirmed, .doc = CONFIRMED),
};
static const struct schema setting_in = SCHEMA("setting_in", struct setting_in, setting_in_fields);

struct setting_pair_in {
    sv key, value;
};
static const struct field setting_pair_in_fields[] = {
    FIELD(struct setting_pair_in, key, .need = true, .min = 1, .max = 100, .doc = "the setting"),
    FIELD(struct setting_pair_in, value, .need = true, .max = VALUE_MAX, .lines = true, .doc = "its new value"),
};
static const struct schema setting_pair_in = SCHEMA("setting_pair_in", struct setting_pair_in, setting_pair_in_fields);

struct settings_in {
    struct list settings;
    bool confirmed;
};
static const struct field settings_in_fields[] = {
    FIELD(struct settings_in, settings, .of = &setting_pair_in, .need = true, .min = 1, .max = 250, .doc = "each once"),
    FIELD(struct settings_in, confirmed, .doc = CONFIRMED),
};
static const struct schema settings_in = SCHEMA("settings_in", struct settings_in, settings_in_fields);

struct setting_change_out {
    sv key, old, value;
};
static const struct field setting_change_out_fields[] = {
    FIELD(struct setting_change_out, key, .doc = "the setting"),
    FIELD(struct setting_change_out, old, .doc = "its value before"),
    FIELD(struct setting_change_out, value, .doc = "its value after"),
};
static const struct schema setting_change_out = SCHEMA("setting_change_out", struct setting_change_out, setting_change_out_fields);

struct setting_changes_out {
    struct list changes;
};
static const struct field setting_changes_out_fields[] = {
    FIELD(struct setting_changes_out, changes, .of = &setting_change_out, .doc = "those that were not as wanted already"),
};
static const struct schema setting_changes_out = SCHEMA("setting_changes_out", struct setting_changes_out, setting_changes_out_fields);

struct history_query {
    int64_t before;
};
static const struct field history_query_fields[] = {
    FIELD(struct history_query, before, .min = 1, .doc = "go on where `next` of the page before said; absent: the newest"),
};
static const struct schema history_query = SCHEMA("setting_history_query", struct history_query, history_query_fields);

struct setting_past_out {
    int64_t seq;
    time64 time;
    id64 by;
    sv by_name, channel, old, value;
};
static const struct field setting_past_out_fields[] = {
    FIELD(struct setting_past_out, seq, .doc = "number of its audit row"),
    FIELD(struct setting_past_out, time, .doc = "when"),
    FIELD(struct setting_past_out, by, .doc = "who; 0: the operator"),
    FIELD(struct setting_past_out, by_name, .doc = "that member's name"),
    FIELD(struct setting_past_out, channel, .doc = "W, MW …; empty: the operator's command line"),
    FIELD(struct setting_past_out, old, .doc = "the value before"),
    FIELD(struct setting_past_out, value, .doc = "the value after"),
};
static const struct schema setting_past_out = SCHEMA("setting_past_out", struct setting_past_out, setting_past_out_fields);

struct setting_pasts_out {
    struct list changes;
    int64_t next;
};
static const struct field setting_pasts_out_fields[] = {
    FIELD(struct setting_pasts_out, changes, .of = &setting_past_out, .doc = "newest first"),
    FIELD(struct setting_pasts_out, next, .doc = "where to go on (`before`); 0: nothing more. A page may be short, even empty, before"),
};
static const struct schema setting_pasts_out = SCHEMA("setting_pasts_out", struct setting_pasts_out, setting_pasts_out_fields);

#define PRESETS "standard|strict|paper"

struct preset_query {
    sv preset, menu;
};
static const struct field preset_query_fields[] = {
    FIELD(struct preset_query, preset, .need = true, .one_of = PRESETS, .doc = "標準, 厳しめ, 互換"),
    FIELD(struct preset_query, menu, .max = 64, .doc = "of this submenu alone; absent: of all within reach"),
};
static const struct schema preset_query = SCHEMA("preset_query", struct preset_query, preset_query_fields);

struct preset_in {
    sv preset, menu, mark;
    bool confirmed;
};
static const struct field preset_in_fields[] = {
    FIELD(struct preset_in, preset, .need = true, .one_of = PRESETS, .doc = "標準, 厳しめ, 互換"),
    FIELD(struct preset_in, menu, .max = 64, .doc = "of this submenu alone; absent: of all within reach"),
    FIELD(struct preset_in, mark, .need = true, .max = 64, .doc = "of the differences that were shown"),
    FIELD(struct preset_in, confirmed, .doc = CONFIRMED),
};
static const struct schema preset_in = SCHEMA("preset_in", struct preset_in, preset_in_fields);

struct setting_left_out {
    sv key, value, wanted, reason;
};
static const struct field setting_left_out_fields[] = {
    FIELD(struct setting_left_out, key, .doc = "the setting"),
    FIELD(struct setting_left_out, value, .doc = "its value, which stays"),
    FIELD(struct setting_left_out, wanted, .doc = "the preset's value"),
    FIELD(struct setting_left_out, reason, .one_of = "not_yet|elsewhere",
          .doc = "not_yet: nothing obeys it; elsewhere: the preset has no value for it, it is not changed as a setting, or the super admin's alone"),
};
static const struct schema setting_left_out = SCHEMA("setting_left_out", struct setting_left_out, setting_left_out_fields);

struct preset_out {
    struct list changes, left;
    sv mark;
};
static const struct field preset_out_fields[] = {
    FIELD(struct preset_out, changes, .of = &setting_change_out, .doc = "what differs and would change, or has changed"),
    FIELD(struct preset_out, left, .of = &setting_left_out, .doc = "what differs and stays"),
    FIELD(struct preset_out, mark, .doc = "of these changes: to be sent when applying"),
};
static const struct schema preset_out = SCHEMA("preset_out", struct preset_out, preset_out_fields);

/* ---- reading ---- */

static const char *state_of(size_t i)
{
    struct failure f = {0};

    return contract_setting_open(i, &f) ? "open" : f.code == E_NOT_YET ? "not_yet" : "elsewhere";
}

static sv shown(struct ctx *x, const struct policy *p, size_t i)
{
    return policy_secret(i) ? SV("") : sv_dup(x->arena, policy_value(p, i));
}

static void touch_put(const struct setting_touches *all, size_t i, struct setting_out *o)
{
    for (size_t k = 0; k < all->n; k++)
        if (all->v[k].i == i) {
            o->changed = (time64){all->v[k].time_ms};
            o->by = all->v[k].by;
            o->by_name = all->v[k].by_name;
        }
}

static bool setting_list(struct ctx *x, struct call *c, void *out)
{
    struct setting_out *v = ANEWN(x->arena, struct setting_out, policy_count());
    struct setting_touches touches = {0};
    size_t n = 0;

    (void)c;
    if (!contract_setting_touches(x, &touches))
        return false;
    for (size_t i = 0; i < policy_count(); i++) {
        if (!policy_reached(i, x->actor.reach))
            continue;
        v[n] = (struct setting_out){.key = sv_c(policy_def(i)->key), .value = shown(x, x->policy, i), .dflt = sv_c(policy_def(i)->dflt),
                                    .state = sv_c(state_of(i)), .changed = {-1}};
        touch_put(&touches, i, &v[n++]);
    }
    *(struct settings_out *)out = (struct settings_out){{v, n}};
    return true;
}

static bool setting_history(struct ctx *x, struct call *c, void *out)
{
    const struct history_query *q = c->query;
    struct setting_pasts_out *o = out;
    struct setting_pasts past = {0};
    int64_t from_ms;
    size_t i;

    ENSURE(policy_find(c->object_text, &i));
    if (!audit_term_from(x, &from_ms) || !contract_setting_history(x, i, from_ms, q->before, HISTORY_ROWS, &past, &o->next))
        return false;
    struct setting_past_out *v = ANEWN(x->arena, struct setting_past_out, past.n);
    for (size_t k = 0; k < past.n; k++) {
        const struct setting_past *p = &past.v[k];
        v[k] = (struct setting_past_out){p->seq, {p->time_ms}, p->by, p->by_name, sv_c(channel_name(p->channel)), p->old, p->value};
    }
    o->changes = (struct list){v, past.n};
    return true;
}

/* ---- changing ---- */

static struct list changes_out(struct ctx *x, const struct setting_changes *c)
{
    struct setting_change_out *v = ANEWN(x->arena, struct setting_change_out, c->n);

    for (size_t k = 0; k < c->n; k++) {
        bool secret = policy_secret(c->v[k].i);
        v[k] = (struct setting_change_out){sv_c(policy_def(c->v[k].i)->key), secret ? SV("") : c->v[k].old,
                                           secret ? SV("") : c->v[k].value};
    }
    return (struct list){v, c->n};
}

/* The settings, and what follows from them elsewhere. */
static bool change(struct ctx *x, struct setting_changes *c)
{
    return contract_settings_change(x, c) && invited_follow(x, c);
}

static bool setting_put(struct ctx *x, struct call *c, void *out)
{
    const struct setting_in *in = c->in;
    struct setting_touches touches = {0};
    struct setting_changes one = {.confirmed = in->confirmed};
    struct setting_out *o = out;
    size_t i;

    ENSURE(policy_find(c->object_text, &i));
    *PUSH(x->arena, &one) = (struct setting_change){.i = i, .value = in->value};
    if (!change(x, &one)) {
        if (x->failure.field)
            x->failure.field = "value";                   /* the only one of the body */
        return false;
    }
    c->repeat = one.n == 0;                               /* it was so already: nothing happened */
    if (!contract_setting_touches(x, &touches))
        return false;
    *o = (struct setting_out){.key = sv_c(policy_def(i)->key), .value = policy_secret(i) ? SV("") : in->value,
                              .dflt = sv_c(policy_def(i)->dflt), .state = SV("open"), .changed = {-1}};
    touch_put(&touches, i, o);
    return true;
}

/* A key out of reach is as unknown as one that never was. */
static bool pairs_read(struct ctx *x, const struct list *pairs, struct setting_changes *out)
{
    const struct setting_pair_in *p = pairs->v;

    for (size_t k = 0; k < pairs->n; k++) {
        size_t i;
        if (!policy_find(p[k].key, &i) || !policy_reached(i, x->actor.reach))
            return fail_field(&x->failure, "key", "no such setting within reach");
        for (size_t e = 0; e < out->n; e++)
            if (out->v[e].i == i)
                return fail_field(&x->failure, "key", "%s stands twice", policy_def(i)->key);
        *PUSH(x->arena, out) = (struct setting_change){.i = i, .value = p[k].value};
    }
    return true;
}

static bool setting_put_all(struct ctx *x, struct call *c, void *out)
{
    const struct settings_in *in = c->in;
    struct setting_changes all = {.confirmed = in->confirmed};

    if (!pairs_read(x, &in->settings, &all) || !change(x, &all))
        return false;
    c->repeat = all.n == 0;
    *(struct setting_changes_out *)out = (struct setting_changes_out){changes_out(x, &all)};
    return true;
}

/* ---- presets ---- */

struct lefts {
    struct setting_left_out *v;
    size_t n, cap;
};

static const char *preset_value(size_t i, sv preset)
{
    const struct policy_def *d = policy_def(i);

    return sv_equal(preset, SV("strict")) ? d->strict : sv_equal(preset, SV("paper")) ? d->paper : d->dflt;
}

static bool in_menu(size_t i, enum menu menu)
{
    enum menu m[POLICY_MENUS];
    size_t n = policy_menus(i, m);

    while (n > 0)
        if (m[--n] == menu)
            return true;
    return false;
}

/* What differs in `p` from the preset: what may change, and what stays as it is with the reason. */
static void preset_diff(struct ctx *x, const struct policy *p, sv preset, enum menu menu, struct setting_changes *changes,
                        struct lefts *left)
{
    for (size_t i = 0; i < policy_count(); i++) {
        sv wanted = sv_c(preset_value(i, preset)), value = policy_value(p, i);
        const char *state = state_of(i);
        struct failure bad = {0};
        if (!policy_reached(i, x->actor.reach) || (menu != MENU_ANY && !in_menu(i, menu)) || sv_equal(wanted, value))
            continue;
        /* No preset knows a company's name, or another value that the check refuses as none; and some are the super admin's. */
        bool none = sv_equal(wanted, SV("given at opening")) || !policy_check(i, wanted, &bad) ||
                    (network_exempts_super(i) && x->actor.role != ROLE_SUPER_ADMIN);
        if (none || !sv_equal(sv_c(state), SV("open")))
            *PUSH(x->arena, left) = (struct setting_left_out){
                sv_c(policy_def(i)->key), shown(x, p, i), wanted, sv_equal(sv_c(state), SV("not_yet")) ? SV("not_yet") : SV("elsewhere")};
        else
            *PUSH(x->arena, changes) = (struct setting_change){i, wanted, sv_dup(x->arena, value)};
    }
}

static sv mark_of(struct ctx *x, const struct setting_changes *c)
{
    struct str s = STR_IN(x->arena), hex = STR_IN(x->arena);

    for (size_t k = 0; k < c->n; k++) {
        sv old = policy_secret(c->v[k].i) ? SV("") : c->v[k].old;   /* who knows the mark could try secrets against it */
        str_printf(&s, "%s\n%.*s\n%.*s\n", policy_def(c->v[k].i)->key, SV_ARG(old), SV_ARG(c->v[k].value));
    }
    struct sha256 h = sha256(str_sv(&s));
    hex_put(&hex, sv_n(h.b, 16));
    return str_sv(&hex);
}

static bool menu_of(struct ctx *x, sv id, enum menu *out)
{
    *out = MENU_ANY;
    if (id.n == 0 || (menu_find(id, out) && reaches(x->actor.reach, *out)))
        return true;
    return fail(&x->failure, E_NOT_FOUND, "no such submenu within reach");
}

static bool preset_read(struct ctx *x, struct call *c, void *out)
{
    const struct preset_query *q = c->query;
    struct setting_changes changes = {0};
    struct lefts left = {0};
    enum menu menu;

    if (!menu_of(x, q->menu, &menu))
        return false;
    preset_diff(x, x->policy, q->preset, menu, &changes, &left);
    *(struct preset_out *)out = (struct preset_out){changes_out(x, &changes), {left.v, left.n}, mark_of(x, &changes)};
    return true;
}

/* The request's settings may have been changed by the one before it on the writer: what counts is what is stored. */
static bool stored_diff(struct ctx *x, sv preset, enum menu menu, struct setting_changes *changes, struct lefts *left)
{
    struct policy *p = policy_new();
    bool ok = contract_settings_stored(x, p);

    if (ok)
        preset_diff(x, p, preset, menu, changes, left);
    policy_unref(&p);
    return ok;
}

static bool preset_apply(struct ctx *x, struct call *c, void *out)
{
    const struct preset_in *in = c->in;
    struct setting_changes changes = {.confirmed = in->confirmed};
    struct lefts left = {0};
    enum menu menu;

    if (!menu_of(x, in->menu, &menu) || !stored_diff(x, in->preset, menu, &changes, &left))
        return false;
    if (!sv_equal(mark_of(x, &changes), in->mark))
        return fail(&x->failure, E_CONFLICT, "the settings have changed since the differences were shown");
    if (!change(x, &changes))
        return false;
    c->repeat = changes.n == 0;
    *(struct preset_out *)out = (struct preset_out){changes_out(x, &changes), {left.v, left.n}, in->mark};
    return true;
}

/* ---- the list for a review ---- */

static void export_head(struct csv *c, bool english)
{
    static const char *const ja[] = {"キー", "設定", "メニュー", "値", "既定値", "最後の変更 (UTC)", "変更した人"};
    static const char *const en[] = {"key", "setting", "menu", "value", "default", "last change (UTC)", "changed by"};

    for (size_t i = 0; i < COUNT(ja); i++)
        csv_cell(c, sv_c(english ? en[i] : ja[i]));
    csv_end_row(c);
}

static void export_row(struct ctx *x, struct csv *c, size_t i, const struct setting_touches *touches)
{
    const struct policy_def *d = policy_def(i);
    struct setting_out o = {.changed = {-1}};

    touch_put(touches, i, &o);
    csv_cell(c, sv_c(d->key));
    csv_cell(c, sv_c(x->actor.english ? d->en : d->ja));
    csv_cell(c, sv_c(d->menu));
    csv_cell(c, shown(x, x->policy, i));
    csv_cell(c, sv_c(d->dflt));
    csv_cell(c, o.changed.ms < 0 ? SV("") : time_text(x->arena, o.changed.ms));
    csv_cell(c, o.by_name);
    csv_end_row(c);
}

static bool setting_export(struct ctx *x, struct call *c, void *out)
{
    struct setting_touches touches = {0};
    struct str text = STR_IN(x->arena);
    struct csv csv;
    size_t n = 0;

    (void)out;
    if (!contract_setting_touches(x, &touches))
        return false;
    csv_begin(&csv, &text);
    export_head(&csv, x->actor.english);
    for (size_t i = 0; i < policy_count(); i++)
        if (policy_reached(i, x->actor.reach)) {
            export_row(x, &csv, i, &touches);
            n++;
        }
    c->file = (struct file_out){.name = SV("engawa-settings.csv"), .type = "text/csv; charset=utf-8", .size = (int64_t)text.n,
                                .bytes = str_sv(&text)};
    audit(x, AUDIT_SETTING_EXPORT, ID_NONE, sv_printf(x->arena, "{\"settings\":%zu}", n));
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.setting.list", .method = GET, .path = "/console/settings", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_READ, .audit = AUDIT_NONE, .out = &settings_out, .run = setting_list,
     .doc = "Settings of the menus within reach, with who changed each of them last."},
    {.name = "console.setting.put", .method = PUT, .path = "/console/settings/:setting", .who = WHO_CONSOLE,
     .menu = MENU_ANY, .object = OBJ_SETTING, .flags = OP_WRITE, .audit = AUDIT_SETTING, .in = &setting_in,
     .out = &setting_out, .run = setting_put, .doc = "Changes a setting. 409 not_yet: nothing in this version obeys it."},
    {.name = "console.setting.put_all", .method = PUT, .path = "/console/settings", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_WRITE, .audit = AUDIT_SETTING, .in = &settings_in, .out = &setting_changes_out, .run = setting_put_all,
     .doc = "Changes several settings, all or none. The field of a wrong value is its key."},
    {.name = "console.setting.history", .method = GET, .path = "/console/settings/:setting/history", .who = WHO_CONSOLE,
     .menu = MENU_ANY, .object = OBJ_SETTING, .flags = OP_READ, .audit = AUDIT_CONSOLE_READ, .query = &history_query,
     .out = &setting_pasts_out, .run = setting_history, .doc = "Who changed the setting, when, from what to what."},
    {.name = "console.preset.read", .method = GET, .path = "/console/settings/preset", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_READ, .audit = AUDIT_NONE, .query = &preset_query, .out = &preset_out, .run = preset_read,
     .doc = "What a preset would change, and what it would leave."},
    {.name = "console.preset.apply", .method = POST, .path = "/console/settings/preset", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_WRITE, .audit = AUDIT_SETTING, .in = &preset_in, .out = &preset_out, .run = preset_apply,
     .doc = "Sets the preset's values in one step; 409 conflict when the differences are no longer those that were shown."},
    {.name = "console.setting.export", .method = GET, .path = "/console/settings/export", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .flags = OP_READ | OP_FILE, .audit = AUDIT_SETTING_EXPORT, .run = setting_export,
     .doc = "The settings within reach as CSV: key, value, default and last change, for the periodic review."},
};
/* clang-format on */
const struct op_table setting_ops = {ops, COUNT(ops)};
