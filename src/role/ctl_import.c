/* role/ctl_import.c: `import line FILE`: reads a talk history of LINE, finds whose messages they are, and hands them to the
 * tenant in pieces. Doing it again changes nothing. */
#include "role/ctl_people.h"
#include "base/utf8.h"
#include "svc/talk/line_import.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The one place that reads the system's time zones: the file holds wall-clock times of the tenant's zone. */
#undef mktime

#define FILE_MAX   (256u * 1024 * 1024)
#define BATCH_MAX  40000
#define BATCH_ROWS 400

struct import {
    struct ctl *c;
    int64_t room;
    struct line_import in;
    struct ctl_people people;
    int64_t added, present;
};

/* The file's clock is the tenant's: its zone, or --zone, becomes this process's. */
static int set_zone(struct import *m)
{
    struct json_value v = {0};
    sv zone = ctl_value(m->c, "--zone");
    int rc = zone.p ? CTL_DONE : ctl_ask(m->c, SV("tenant.read"), SV("{}"), &v);

    if (rc != CTL_DONE)
        return rc;
    if (!zone.p)
        zone = ctl_text_of(&v, "time_zone");
    for (size_t i = 0; i < zone.n; i++) {
        char ch = zone.p[i];
        bool good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || (i > 0 && (ch == '/' || ch == '_' || ch == '-' || ch == '+'));
        if (!good)
            zone = SV("");
    }
    const char *name = sv_cstr(m->c->arena, zone);
    const char *file = sv_cstr(m->c->arena, sv_printf(m->c->arena, "/usr/share/zoneinfo/%s", name));
    if (!zone.n || access(file, R_OK) < 0)
        return ctl_complain("the time zone \"%s\" is not known on this machine", name);
    setenv("TZ", name, 1);
    tzset();
    return CTL_DONE;
}

static int64_t utc_ms(const struct line_time *t)
{
    struct tm tm = {.tm_year = t->year - 1900, .tm_mon = t->month - 1, .tm_mday = t->day, .tm_hour = t->hour, .tm_min = t->minute, .tm_isdst = -1};
    time_t s = mktime(&tm);

    return s < 0 ? 0 : (int64_t)s * 1000;
}

static void message_json(struct import *m, struct json *j, const struct line_message *l)
{
    struct arena *a = m->c->arena;
    int64_t ms = utc_ms(&l->at);
    sv id = ctl_people_named(&m->people, l->sender);

    json_open(j, NULL);
    json_text(j, "key", line_import_key(a, m->room, ms, l));
    if (id.n)
        json_text(j, "sender", id);
    else
        json_text(j, "sender_name", utf8_upto(ctl_plain(a, l->sender, false), 100));
    json_text(j, "kind", l->system ? SV("system") : SV("text"));
    json_text(j, "text", l->text.n ? ctl_plain(a, l->text, true) : SV("[ ]"));
    json_int(j, "sent", ms);
    json_close(j);
}

static int send_batch(struct import *m, struct str *messages)
{
    struct str body = STR_IN(m->c->arena);
    struct json_value v = {0};
    const struct json_value *added, *present;

    str_printf(&body, "{\"room\":\"%" PRId64 "\",\"messages\":[", m->room);
    str_put(&body, str_sv(messages));
    str_c(&body, "]}");
    str_reset(messages);
    int rc = ctl_ask(m->c, SV("talk.import"), str_sv(&body), &v);
    if (rc != CTL_DONE)
        return rc;
    added = json_get(&v, SV("added"));
    present = json_get(&v, SV("present"));
    m->added += added && added->whole ? added->i : 0;
    m->present += present && present->whole ? present->i : 0;
    return rc;
}

static int send_all(struct import *m)
{
    struct str batch = STR_IN(m->c->arena), one = STR_IN(m->c->arena);
    size_t rows = 0;
    int rc = CTL_DONE;

    for (size_t i = 0; i < m->in.messages.n && rc == CTL_DONE; i++) {
        struct json j = JSON_TO(&one);
        str_reset(&one);
        message_json(m, &j, &m->in.messages.v[i]);
        if (rows && (batch.n + one.n > BATCH_MAX || rows == BATCH_ROWS)) {
            rc = send_batch(m, &batch);
            rows = 0;
        }
        if (rows++)
            str_char(&batch, ',');
        str_put(&batch, str_sv(&one));
    }
    return rc == CTL_DONE && rows ? send_batch(m, &batch) : rc;
}

static void report(struct import *m, bool dry)
{
    struct ctl *c = m->c;
    struct str text = STR_IN(c->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "room_in_file", m->in.room);
    json_int(&j, "messages", (int64_t)m->in.texts);
    json_int(&j, "system_lines", (int64_t)m->in.systems);
    json_int(&j, "placeholders", (int64_t)m->in.placeholders);
    json_int(&j, "unknown_lines", (int64_t)m->in.unknown);
    if (!dry) {
        json_int(&j, "added", m->added);
        json_int(&j, "already_there", m->present);
    }
    json_list(&j, "doubtful_names");
    for (size_t i = 0; i < m->in.doubtful.n; i++)
        json_text(&j, NULL, m->in.doubtful.v[i]);
    json_list_end(&j);
    json_close(&j);
    ctl_print(c, str_sv(&text));
}

int ctl_import_line(struct ctl *c)
{
    struct import m = {.c = c, .people.c = c};
    bool dry = ctl_given(c, "--dry-run");
    sv file;

    if (!sv_int(ctl_value(c, "--room"), &m.room) || m.room <= 0)
        return ctl_complain("--room is the number of a room"), CTL_USAGE;
    if (!ctl_people_names(&m.people) || !ctl_file(c->arena, ctl_value(c, "FILE"), FILE_MAX, &file))
        return CTL_FILE;
    if (!line_import_read(c->arena, file, (struct line_names){m.people.names.v, m.people.names.n}, &m.in))
        return ctl_complain("%.*s is no UTF-8 text", SV_ARG(ctl_value(c, "FILE")));
    int rc = dry ? CTL_DONE : set_zone(&m);
    if (!dry && rc == CTL_DONE)
        rc = ctl_people_find(&m.people);
    if (!dry && rc == CTL_DONE)
        rc = send_all(&m);
    if (rc == CTL_DONE)
        report(&m, dry);
    return rc;
}
