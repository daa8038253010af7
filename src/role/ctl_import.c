/* role/ctl_import.c: `import line FILE`: reads a talk history of LINE, finds whose messages they are, and hands them to the
 * tenant in pieces. Doing it again changes nothing. */
#include "role/ctl.h"
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

struct person {
    sv name, login, id;                                   /* login and id "": no member */
};

struct colleague {
    sv login, id, family, given;
};

struct import {
    struct ctl *c;
    int64_t room;
    struct line_import in;
    VEC(struct person) people;
    VEC(sv) names;
    VEC(struct colleague) members;
    int64_t added, present;
};

/* "NAME" or "NAME = login" per line; '#' begins a remark. */
static bool read_names(struct import *m)
{
    struct ctl *c = m->c;
    sv text = SV(""), line;
    size_t at;

    if (ctl_given(c, "--names") && !ctl_file(c->arena, ctl_value(c, "--names"), 1024 * 1024, &text))
        return false;
    while (sv_cut(&text, '\n', &line)) {
        struct person p = {.name = sv_trim(line), .login = SV(""), .id = SV("")};
        if (!p.name.n || p.name.p[0] == '#')
            continue;
        if (sv_find(p.name, SV("="), &at)) {
            p.login = sv_trim(sv_from(p.name, at + 1));
            p.name = sv_trim(sv_upto(p.name, at));
        }
        *PUSH(c->arena, &m->people) = p;
        *PUSH(c->arena, &m->names) = p.name;
    }
    return true;
}

static int ask(struct import *m, sv op, sv json, struct json_value *out)
{
    struct ctl *c = m->c;
    struct str text = STR_IN(c->arena), error = STR_IN(c->arena);
    int rc = ctl_call(c, op, c->tenant, json, &text, &error);

    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc == CTL_DONE && !json_read(c->arena, str_sv(&text), out, NULL))
        return ctl_complain("the server's answer is no JSON"), CTL_NO_SERVER;
    return rc;
}

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *t = json_get(v, sv_c(name));

    return t && t->type == JSON_TEXT ? t->text : SV("");
}

/* The file's clock is the tenant's: its zone, or --zone, becomes this process's. */
static int set_zone(struct import *m)
{
    struct json_value v = {0};
    sv zone = ctl_value(m->c, "--zone");
    int rc = zone.p ? CTL_DONE : ask(m, SV("tenant.read"), SV("{}"), &v);

    if (rc != CTL_DONE)
        return rc;
    if (!zone.p)
        zone = text_of(&v, "time_zone");
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

/* All members, page by page. */
static int read_members(struct import *m)
{
    sv after = SV("");

    for (;;) {
        struct json_value v = {0};
        sv in = after.n ? sv_printf(m->c->arena, "{\"after\":\"%.*s\",\"limit\":200}", SV_ARG(after)) : SV("{\"limit\":200}");
        int rc = ask(m, SV("member.all"), in, &v);
        if (rc != CTL_DONE)
            return rc;
        const struct json_value *list = json_get(&v, SV("members")), *more = json_get(&v, SV("more"));
        for (const struct json_value *e = list ? list->child : NULL; e; e = e->next) {
            after = text_of(e, "id");
            *PUSH(m->c->arena, &m->members) = (struct colleague){
                .login = text_of(e, "login"),
                .id = after,
                .family = text_of(e, "family"),
                .given = text_of(e, "given"),
            };
        }
        if (!more || !more->yes || !after.n)
            return CTL_DONE;
    }
}

/* "NAME = login" of the names file. */
static int find_members(struct import *m)
{
    int rc = read_members(m);

    for (size_t i = 0; rc == CTL_DONE && i < m->people.n; i++) {
        struct person *p = &m->people.v[i];
        for (size_t k = 0; p->login.n && k < m->members.n; k++)
            if (sv_equal(m->members.v[k].login, p->login))
                p->id = m->members.v[k].id;
        if (p->login.n && !p->id.n)
            return ctl_complain("%.*s: there is no member \"%.*s\"", SV_ARG(p->name), SV_ARG(p->login));
    }
    return rc;
}

/* Is `name` family and given name, with a blank between them, a wide one, or none? */
static bool is_name_of(sv name, const struct colleague *c)
{
    if (!c->family.n || !sv_starts(name, c->family))
        return false;
    sv rest = sv_from(name, c->family.n);
    if (sv_starts(rest, SV("\xe3\x80\x80")))
        rest = sv_from(rest, 3);
    else if (sv_starts(rest, SV(" ")))
        rest = sv_from(rest, 1);
    return sv_equal(rest, c->given);
}

/* The names file decides; else the one member of that name. Two of the same name: nobody, the name stays text. */
static sv member_of(const struct import *m, sv sender)
{
    sv id = SV("");

    for (size_t i = 0; i < m->people.n; i++)
        if (m->people.v[i].id.n && sv_equal(m->people.v[i].name, sender))
            return m->people.v[i].id;
    for (size_t i = 0; i < m->members.n; i++) {
        if (!is_name_of(sender, &m->members.v[i]))
            continue;
        if (id.n)
            return SV("");
        id = m->members.v[i].id;
    }
    return id;
}

/* Control characters other than line feeds and tabs have no place in a message. */
static sv plain(struct arena *a, sv text, bool lines)
{
    struct str out = STR_IN(a);
    uint32_t cp;

    for (size_t i = 0; utf8_next(text, &i, &cp);)
        utf8_put(&out, utf8_is_control(cp) && !(lines && (cp == '\n' || cp == '\t')) ? ' ' : cp);
    return str_sv(&out);
}

static void message_json(struct import *m, struct json *j, const struct line_message *l)
{
    struct arena *a = m->c->arena;
    int64_t ms = utc_ms(&l->at);
    sv id = member_of(m, l->sender);

    json_open(j, NULL);
    json_text(j, "key", line_import_key(a, m->room, ms, l));
    if (id.n)
        json_text(j, "sender", id);
    else
        json_text(j, "sender_name", utf8_upto(plain(a, l->sender, false), 100));
    json_text(j, "kind", l->system ? SV("system") : SV("text"));
    json_text(j, "text", l->text.n ? plain(a, l->text, true) : SV("[ ]"));
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
    int rc = ask(m, SV("talk.import"), str_sv(&body), &v);
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
    struct import m = {.c = c};
    bool dry = ctl_given(c, "--dry-run");
    sv file;

    if (!sv_int(ctl_value(c, "--room"), &m.room) || m.room <= 0)
        return ctl_complain("--room is the number of a room"), CTL_USAGE;
    if (!read_names(&m) || !ctl_file(c->arena, ctl_value(c, "FILE"), FILE_MAX, &file))
        return CTL_FILE;
    if (!line_import_read(c->arena, file, (struct line_names){m.names.v, m.names.n}, &m.in))
        return ctl_complain("%.*s is no UTF-8 text", SV_ARG(ctl_value(c, "FILE")));
    int rc = dry ? CTL_DONE : set_zone(&m);
    if (!dry && rc == CTL_DONE)
        rc = find_members(&m);
    if (!dry && rc == CTL_DONE)
        rc = send_all(&m);
    if (rc == CTL_DONE)
        report(&m, dry);
    return rc;
}
