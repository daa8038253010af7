/* role/ctl_drill.c: engawactl drill: the newest backup of a place becomes a house in a folder of its own, as restore would make it,
 * and is compared with what was said when it was made: every table of every company and of the registry, every log with its
 * head. The folder goes in any case; a report stays beside the backup, and the installation hears how it ended. */
#include "role/ctl_restore.h"

#include "base/clock.h"
#include "role/proto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REPORT_TAIL ".drill.json"

struct drill {
    struct ctl *c;
    struct restoring r;
    struct held_trouble why;
    int64_t began_ms, ended_ms;
    bool equal;
};

/* Whose database the piece is, by the name that people know. */
static sv company_of(const struct drill *d)
{
    sv rest = d->r.wrong_at, number;
    id64 id;

    if (sv_equal(rest, SV("registry/registry.db")))
        return SV("(registry)");
    if (!sv_starts(rest, SV("tenants/")))
        return SV("");
    rest = sv_from(rest, strlen("tenants/"));
    if (!sv_cut(&rest, '/', &number) || !sv_id(number, &id))
        return SV("");
    for (size_t i = 0; i < d->r.registered.n; i++)
        if (d->r.registered.v[i].number == id.n)
            return d->r.registered.v[i].workgroup.n ? d->r.registered.v[i].workgroup : SV("(unknown names)");
    return number;
}

static void failure_json(const struct drill *d, struct json *j)
{
    json_text(j, "code", sv_c(d->why.code ? d->why.code : "refused"));
    if (company_of(d).n)
        json_text(j, "company", company_of(d));
    if (d->r.wrong_at.n)
        json_text(j, "place", d->r.wrong_at);
    if (d->r.wrong_table.n)
        json_text(j, "table", d->r.wrong_table);
    if (d->r.wrong_byte >= 0)
        json_int(j, "byte", d->r.wrong_byte);
    json_text(j, "message", sv_c(d->why.sentence));
}

static void database_json(struct json *j, const struct restored *t)
{
    json_open(j, NULL);
    json_text(j, "company", t->number == REGISTRY_TENANT ? SV("(registry)") : t->workgroup.n ? t->workgroup : SV("(unknown names)"));
    json_id(j, "number", (id64){t->number});
    json_int(j, "tables", (int64_t)t->tables);
    json_int(j, "rows", t->rows);
    json_int(j, "log_rows", t->audit_rows);
    json_text(j, "log_root", t->audit_root);
    json_bool(j, "compared", t->compared);
    json_close(j);
}

static void report_json(const struct drill *d, struct str *out)
{
    const struct restoring *r = &d->r;
    struct json j = JSON_TO(out);
    sv file = r->file, name = file;

    while (sv_cut(&file, '/', &name))
        continue;
    json_open(&j, NULL);
    json_text(&j, "result", d->equal ? SV("equal") : SV("failed"));
    json_text(&j, "backup", name);
    if (!d->equal)
        failure_json(d, &j);
    json_time(&j, "made", r->begun_ms ? r->begun_ms : -1);
    if (r->version.n)
        json_text(&j, "version", r->version);
    json_int(&j, "form", r->in ? r->in->version : 0);
    json_time(&j, "drilled", d->ended_ms);
    json_int(&j, "milliseconds", d->ended_ms - d->began_ms);
    json_int(&j, "bytes", r->bytes);
    if (r->in && r->in->version < 2)
        json_text(&j, "not_compared", SV("tables, and the head of the operators' log: a backup of form 1 does not say what was in them"));
    json_int(&j, "erased", (int64_t)r->gone.n);
    json_list(&j, "databases");
    for (size_t i = 0; i < r->found.n; i++)
        database_json(&j, &r->found.v[i]);
    json_list_end(&j);
    json_close(&j);
}

static bool keep_report(struct drill *d, sv text)
{
    struct ctl *c = d->c;
    sv to = ctl_value(c, "--report");
    const char *name;

    if (!to.p)
        to = sv_printf(c->arena, "%.*s" REPORT_TAIL, SV_ARG(d->r.file));
    FD folder = ctl_folder_of(c->arena, to, &name);
    if (folder >= 0 && ctl_file_put(folder, name, sv_printf(c->arena, "%.*s\n", SV_ARG(text)), 0600))
        return true;
    ctl_write_trouble(c, to);
    return false;
}

/* The installation knows its backups by their ids, those of before by when they were begun. */
static void tell(struct drill *d)
{
    struct ctl *c = d->c;
    struct str json = STR_IN(c->arena), text = STR_IN(c->arena), error = STR_IN(c->arena), id = STR_IN(c->arena);
    struct json j = JSON_TO(&json);

    hex_put(&id, sv_n(d->r.id, sizeof(d->r.id)));
    json_open(&j, NULL);
    json_text(&j, "id", str_sv(&id));
    json_int(&j, "begun", d->r.begun_ms);
    if (!d->equal)
        json_text(&j, "place", sv_upto(sv_printf(c->arena, "%.*s %.*s", SV_ARG(d->r.wrong_at.n ? d->r.wrong_at : SV("-")), SV_ARG(d->r.wrong_table)), 200));
    json_close(&j);
    int rc = ctl_call(c, d->equal ? SV("drill.equal") : SV("drill.failed"), SV(""), str_sv(&json), &text, &error);
    if (rc == CTL_REFUSED)
        ctl_complain("the installation at %.*s did not make this backup: it does not count there", SV_ARG(c->data));
    else if (rc != CTL_DONE)
        ctl_complain("the installation at %.*s was not told: its alarm goes on", SV_ARG(c->data));
}

static bool run(struct drill *d, const char *path)
{
    struct restoring *r = &d->r;
    bool ok = restoring_begin(r, d->c, path);

    r->keep = true;
    ok = ok && restoring_source(r, ctl_value(d->c, "--from")) && restoring_unpack(r);
    d->ended_ms = clock_ms();
    return ok;
}

/* What the machine of the drill lacks is no failure of the backup. */
static bool could_not(const struct drill *d)
{
    return !d->equal && d->r.rc != CTL_REFUSED;
}

int ctl_drill(struct ctl *c)
{
    struct drill d = {.c = c, .began_ms = clock_ms()};
    const char *path = restoring_scratch(c, "engawa-drill-XXXXXX");
    struct str text = STR_IN(c->arena);

    if (!path)
        return CTL_FILE;
    c->hold = &d.why;
    d.equal = run(&d, path);
    c->hold = NULL;
    report_json(&d, &text);
    restoring_end(&d.r);
    restoring_remove(path);
    if (could_not(&d))
        return d.why.code ? ctl_trouble(c, d.r.rc, d.why.code, "%s", d.why.sentence) : d.r.rc;
    bool kept = keep_report(&d, str_sv(&text));
    tell(&d);
    ctl_print(c, str_sv(&text));
    return !d.equal ? CTL_REFUSED : kept ? CTL_DONE : CTL_FILE;
}
