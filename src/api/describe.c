/* api/describe.c: every table as JSON: the client's types, the manual's pages and the tests' matrices are made of it. */
#include "api/app.h"
#include "core/gate.h"
#include "core/policy_help.h"
#include "svc/talk/content.h"

static const char *const who_names[] = {"unset", "public", "member", "console", "admin", "operator"};

static const char *runs(const struct op *op)
{
    return op->flags & OP_QUICK ? "quick" : op->flags & OP_READ ? "read" : op->flags & OP_SLOW ? "slow" : "write";
}

static void describe_op(struct json *j, const struct op *op)
{
    const char *param = op->object == OBJ_NONE ? "" : app()->objects[op->object].param + 1;

    json_open(j, NULL);
    json_text(j, "name", sv_c(op->name));
    json_text(j, "method", sv_c(method_name(op->method)));
    json_text(j, "path", sv_c(op->path));
    json_bool(j, "ws", op->flags & OP_WS);
    json_text(j, "who", sv_c(who_names[op->who]));
    json_text(j, "menu", sv_c(op->menu > MENU_ANY ? menu_def(op->menu)->id : op->menu == MENU_ANY ? "any" : ""));
    json_text(j, "object", sv_c(param));
    json_text(j, "reads", sv_c(runs(op)));
    json_bool(j, "file", op->flags & OP_FILE);
    json_bool(j, "fresh", op->flags & OP_FRESH);
    json_bool(j, "super", op->flags & OP_SUPER);
    json_text(j, "audit", sv_c(audit_def(op->audit)->id));
    json_text(j, "service", sv_c(service_name(op->service)));
    json_bool(j, "retry_safe", op->flags & OP_RETRY_SAFE);
    json_bool(j, "test", op->flags & OP_TEST);
    json_text(j, "input", sv_c(op->in ? op->in->name : NULL));
    json_text(j, "output", sv_c(op->out ? op->out->name : NULL));
    json_text(j, "query", sv_c(op->query ? op->query->name : NULL));
    json_text(j, "doc", sv_c(op->doc));
    json_close(j);
}

static void describe_field(struct json *j, const struct field *f)
{
    static const char *const types[] = {"text", "id", "int", "bool", "time", "array", "object"};

    json_open(j, NULL);
    json_text(j, "name", sv_c(f->name));
    json_text(j, "type", sv_c(f->json ? "json" : types[f->type]));
    json_text(j, "of", sv_c(f->of ? f->of->name : f->type == F_LIST ? "id" : NULL));
    json_bool(j, "need", f->need);
    json_bool(j, "null", f->null);
    if (f->sparse)
        json_bool(j, "sparse", true);
    if (f->min)
        json_int(j, "min", f->min);
    if (f->max)
        json_int(j, "max", f->max);
    if (f->one_of)
        json_text(j, "one_of", sv_c(f->one_of));
    json_text(j, "doc", sv_c(f->doc));
    json_close(j);
}

#define SCHEMAS_MAX 1024

struct seen {
    const struct schema *v[SCHEMAS_MAX];
    size_t n;
};

/* Each schema once, those it refers to before it. */
static void collect(struct seen *seen, const struct schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < seen->n; i++)
        if (seen->v[i] == s)
            return;
    for (size_t i = 0; i < s->n; i++)
        collect(seen, s->fields[i].of);
    ENSURE(seen->n < SCHEMAS_MAX);
    seen->v[seen->n++] = s;
}

static void describe_schemas(struct json *j)
{
    struct seen seen = {.n = 0};
    const struct op *op;

    for (size_t i = 0; (op = op_at(app(), i)); i++) {
        collect(&seen, op->in);
        collect(&seen, op->query);
        collect(&seen, op->out);
    }
    for (size_t i = 0; i < event_schema_count; i++)
        collect(&seen, event_schemas[i]);
    json_list(j, "schemas");
    for (size_t i = 0; i < seen.n; i++) {
        json_open(j, NULL);
        json_text(j, "name", sv_c(seen.v[i]->name));
        json_list(j, "fields");
        for (size_t k = 0; k < seen.v[i]->n; k++)
            describe_field(j, &seen.v[i]->fields[k]);
        json_list_end(j);
        json_close(j);
    }
    json_list_end(j);
}

static void describe_text(struct json *j, const char *lang, const struct policy_text *t)
{
    json_open(j, lang);
    json_text(j, "help", sv_c(t->help));
    json_text(j, "risk", sv_c(t->risk));
    json_text(j, "example", sv_c(t->example));
    json_close(j);
}

/* The values that have a name of their own: all of a bool, an enum and a set, and those that are no number. */
static void describe_values(struct json *j, size_t i)
{
    const struct policy_def *d = policy_def(i);

    json_list(j, "values");
    for (size_t n = 0; n < policy_word_count(); n++) {
        const struct policy_word *w = policy_word(n);
        struct failure f = {0};
        if (d->type == LIST || d->type == TEXT_ || policy_word_find(i, sv_c(w->value)) != w || !policy_check(i, sv_c(w->value), &f))
            continue;
        json_open(j, NULL);
        json_text(j, "value", sv_c(w->value));
        json_text(j, "ja", sv_c(w->ja));
        json_text(j, "en", sv_c(w->en));
        json_close(j);
    }
    json_list_end(j);
}

static void describe_words(struct json *j, size_t i)
{
    const struct policy_help *h = policy_help(i);
    enum menu menus[POLICY_MENUS];
    size_t n = policy_menus(i, menus);

    json_list(j, "menus");
    for (size_t k = 0; k < n; k++)
        json_text(j, NULL, sv_c(menu_def(menus[k])->id));
    json_list_end(j);
    json_text(j, "each", sv_c(policy_each(i)));
    json_text(j, "weaker", sv_c(h->weaker));
    json_text(j, "words", sv_c(h->words));
    describe_text(j, "text_ja", &h->ja);
    describe_text(j, "text_en", &h->en);
    describe_values(j, i);
}

static void describe_settings(struct json *j)
{
    static const char *const plans[] = {"all", "paid", "advanced"};

    json_list(j, "settings");
    for (size_t i = 0; i < policy_count(); i++) {
        const struct policy_def *d = policy_def(i);
        json_open(j, NULL);
        json_text(j, "key", sv_c(d->key));
        json_text(j, "requirement", sv_c(d->requirement));
        json_text(j, "type", sv_c(policy_type_name(d->type)));
        json_text(j, "allowed", sv_c(d->allowed));
        json_text(j, "default", sv_c(d->dflt));
        json_text(j, "strict", sv_c(d->strict));
        json_text(j, "paper", sv_c(d->paper));
        json_text(j, "plan", sv_c(plans[d->plan]));
        json_text(j, "menu", sv_c(d->menu));
        json_text(j, "ja", sv_c(d->ja));
        json_text(j, "en", sv_c(d->en));
        json_bool(j, "obeyed", policy_obeyed(i));
        describe_words(j, i);
        json_close(j);
    }
    json_list_end(j);
}

static void describe_rights(struct json *j)
{
    json_list(j, "roles");
    for (unsigned r = ROLE_MEMBER; r < ROLES; r++) {
        json_open(j, NULL);
        json_text(j, "id", sv_c(perm_role((enum role)r)->id));
        json_text(j, "ja", sv_c(perm_role((enum role)r)->ja));
        json_text(j, "en", sv_c(perm_role((enum role)r)->en));
        json_close(j);
    }
    json_list_end(j);
    json_list(j, "menus");
    for (unsigned m = MENU_ANY + 1; m < MENU_COUNT; m++) {
        const struct menu_def *d = menu_def((enum menu)m);
        json_open(j, NULL);
        json_text(j, "id", sv_c(d->id));
        json_text(j, "group", sv_c(d->group));
        json_text(j, "ja", sv_c(d->ja));
        json_text(j, "en", sv_c(d->en));
        json_text(j, "group_ja", sv_c(d->group_ja));
        json_text(j, "group_en", sv_c(d->group_en));
        json_bool(j, "super", d->super);
        json_bool(j, "sub", d->sub);
        json_bool(j, "operator", d->operator_admin);
        json_close(j);
    }
    json_list_end(j);
    json_list(j, "gate");
    for (size_t i = 0; i < gate_steps(); i++) {
        json_open(j, NULL);
        json_text(j, "step", sv_c(gate_step_name(i)));
        json_close(j);
    }
    json_list_end(j);
}

static void describe_events(struct json *j)
{
    json_list(j, "events");
    for (unsigned k = 0; k < EV_COUNT; k++) {
        const struct event_def *d = event_def((enum event_kind)k);
        json_open(j, NULL);
        json_text(j, "name", sv_c(d->name));
        json_text(j, "to", sv_c(d->to == TO_ROOM ? "room" : d->to == TO_OPEN ? "open" : d->to == TO_WATCH ? "watched" : "member"));
        json_text(j, "notify", sv_c(d->notify == NOTIFY_MEMBERS ? "members" : "none"));
        json_bool(j, "audited", d->audited);
        json_text(j, "schema", sv_c(d->schema));
        json_text(j, "doc", sv_c(d->doc));
        json_close(j);
    }
    json_list_end(j);
}

static void describe_errors(struct json *j)
{
    json_list(j, "errors");
    for (unsigned e = E_NONE + 1; e < E_COUNT; e++) {
        const struct err_def *d = err_def((enum err)e);
        json_open(j, NULL);
        json_text(j, "code", sv_c(d->code));
        json_int(j, "status", d->status);
        json_text(j, "ja", sv_c(d->ja));
        json_text(j, "en", sv_c(d->en));
        json_close(j);
    }
    json_list_end(j);
    json_list(j, "audit_kinds");
    for (unsigned k = AUDIT_NONE + 1; k < AUDIT_COUNT; k++) {
        const struct audit_def *d = audit_def((enum audit_kind)k);
        json_open(j, NULL);
        json_text(j, "id", sv_c(d->id));
        json_text(j, "log", sv_c(d->log));
        json_text(j, "ja", sv_c(d->ja));
        json_text(j, "en", sv_c(d->en));
        json_close(j);
    }
    json_list_end(j);
}

static void describe_pictures(struct json *j, const char *title, const struct talk_picture *(*at)(size_t))
{
    const struct talk_picture *p;

    json_list(j, title);
    for (size_t i = 0; (p = at(i)); i++) {
        json_open(j, NULL);
        json_text(j, "name", sv_c(p->name));
        json_text(j, "ja", sv_c(p->ja));
        json_text(j, "en", sv_c(p->en));
        json_text(j, "words", sv_c(p->words));
        json_close(j);
    }
    json_list_end(j);
}

void describe_tables(struct json *j)
{
    const struct op *op;

    ops_check(app());
    json_list(j, "ops");
    for (size_t i = 0; (op = op_at(app(), i)); i++)
        describe_op(j, op);
    json_list_end(j);
    describe_schemas(j);
    describe_settings(j);
    describe_rights(j);
    describe_events(j);
    describe_errors(j);
    describe_pictures(j, "stamps", talk_stamp_at);
    describe_pictures(j, "marks", talk_mark_at);
}
