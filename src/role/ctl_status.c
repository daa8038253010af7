/* role/ctl_status.c: engawactl status page: looks at an installation from outside, as browsers do, and writes the status page;
 * engawactl status note: what the operator has to say there. Both work on a folder of their own and need no server: a timer runs the first every
 * minute, on this machine or better on another one, and any web server shows the folder. */
#include "role/ctl.h"

#include "base/clock.h"
#include "net/fetch.h"
#include "role/page.h"
#include "role/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES (4 * 1024 * 1024)
#define TRY_S      8
#define TRIES      2
#define MINUTE_MS  INT64_C(60000)

struct target {
    const char *host, *port, *ca;
    sv origin;                                            /* "https://host:port" */
};

static bool target_read(struct ctl *c, struct target *t)
{
    sv url = ctl_value(c, "--url"), ca = ctl_value(c, "--ca"), rest;
    size_t at;

    if (sv_ends(url, SV("/")))
        url = sv_upto(url, url.n - 1);
    rest = sv_from(url, sizeof("https://") - 1);
    if (!page_url(url) || sv_find(rest, SV("/"), NULL) || sv_find(rest, SV("["), NULL)) {
        ctl_complain("--url is the address of the installation and nothing more: https://chat.example.com");
        return false;
    }
    bool port = sv_find(rest, SV(":"), &at);
    *t = (struct target){
        .host = sv_cstr(c->arena, port ? sv_upto(rest, at) : rest),
        .port = port ? sv_cstr(c->arena, sv_from(rest, at + 1)) : "443",
        .ca = ca.p ? sv_cstr(c->arena, ca) : NULL,
        .origin = url,
    };
    return true;
}

/* What is asked of each service, and the status that says that it does its work: the edge alone; the way of a password, with its
 * hash and its pepper, by a name that nobody has; the process of a tenant, by a number that nobody has. Each is answered as for
 * anybody who mistakes himself, and no tenant of the installation is touched. */
static const struct {
    const char *request, *body;
    int want;
} probes[SERVICES] = {
    [SERVICE_WEB] = {"GET /healthz", "", 200},
    [SERVICE_SIGN_IN] = {"POST /w/status-page/session", "{\"id\":\"status-page\",\"password\":\"status-page\",\"client\":\"web\"}", 401},
    [SERVICE_TALK] = {"GET /t/1/rooms", "", 401},
};

static enum status_state probe(struct ctl *c, const struct target *t, enum status_service s, int64_t patience_s)
{
    const char *body = probes[s].body;
    sv request = sv_printf(c->arena,
                           "%s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: engawa-status\r\nConnection: close\r\nOrigin: %.*s\r\nX-Engawa: 1\r\n"
                           "%s%sContent-Length: %zu\r\n\r\n%s",
                           probes[s].request, SV_ARG(sv_from(t->origin, sizeof("https://") - 1)), SV_ARG(t->origin),
                           *body ? "Content-Type: application/json" : "", *body ? "\r\n" : "", strlen(body), body);
    const struct fetch f = {.host = t->host, .port = t->port, .ca = t->ca, .request = request, .timeout_ms = (int)patience_s * 1000};
    int64_t slowest = 0;
    int good = 0;

    for (int i = 0; i < TRIES; i++) {
        int64_t from = clock_mono_ms();
        good += fetch_status(&f) == probes[s].want;
        int64_t took = clock_mono_ms() - from;
        slowest = took > slowest ? took : slowest;
    }
    return status_of_tries(good, slowest);
}

/* ---- files ---- */

/* Whole, or as it was before. */
static bool replace(int dir, const char *name, sv text)
{
    FD fd = openat(dir, ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

    if (fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0 && renameat(dir, ".new", dir, name) == 0)
        return true;
    ctl_complain("%s: %s", name, strerror(errno));
    return false;
}

static bool known(struct ctl *c, sv folder, const char *name, sv *out)
{
    sv path = sv_printf(c->arena, "%.*s/%s", SV_ARG(folder), name);

    *out = SV("");
    return access(path.p, F_OK) < 0 || ctl_file(c->arena, path, FILE_BYTES, out);
}

/* The folder, locked against another of us; -1: said why. */
static int folder_open(struct ctl *c, sv path)
{
    const char *name = sv_cstr(c->arena, path);
    int dir = -1, lock = -1;

    umask(022);                                           /* a web server reads it */
    if (mkdir(name, 0755) == 0 || errno == EEXIST)
        dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0)
        lock = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) < 0) {           /* until this process ends */
        ctl_complain("%s: %s", name, strerror(errno));
        fd_close(&dir);
    }
    return dir;
}

static bool status_load(struct ctl *c, sv folder, struct status *s)
{
    sv history, notes;
    int line;

    *s = (struct status){.arena = c->arena};
    if (!known(c, folder, "history.tsv", &history) || !known(c, folder, "notes.tsv", &notes))
        return false;
    if (status_read(s, history, notes, &line))
        return true;
    ctl_complain("%.*s: line %d of history.tsv or notes.tsv cannot be read: mend or remove it", SV_ARG(folder), line);
    return false;
}

static bool status_save(struct ctl *c, int dir, const struct status *s, int64_t now_ms)
{
    struct str history = STR_IN(c->arena), ja = STR_IN(c->arena), en = STR_IN(c->arena), json = STR_IN(c->arena);

    status_write(s, &history);
    status_page(s, now_ms, false, &ja);
    status_page(s, now_ms, true, &en);
    status_json(s, now_ms, &json);
    return replace(dir, "history.tsv", str_sv(&history)) && replace(dir, "status.css", sv_c(status_css)) &&
           replace(dir, "en.html", str_sv(&en)) && replace(dir, "status.json", str_sv(&json)) && replace(dir, "index.html", str_sv(&ja));
}

int ctl_status_page(struct ctl *c)
{
    sv folder = ctl_value(c, "--to"), patience = ctl_value(c, "--patience");
    enum status_state found[SERVICES];
    int64_t patience_s = TRY_S;
    struct target t;
    struct status s;

    if (!target_read(c, &t))
        return CTL_USAGE;
    if (patience.p && (!sv_int(patience, &patience_s) || patience_s < 1 || patience_s > 30))
        return ctl_complain("--patience is a number of seconds from 1 to 30"), CTL_USAGE;
    for (size_t i = 0; i < SERVICES; i++)
        found[i] = probe(c, &t, (enum status_service)i, patience_s);
    FD dir = folder_open(c, folder);
    if (dir < 0 || !status_load(c, folder, &s))
        return CTL_FILE;
    int64_t now_ms = clock_ms();
    for (size_t i = 0; i < SERVICES; i++)
        status_add(&s, (enum status_service)i, found[i], now_ms);
    status_forget(&s, now_ms);
    if (!status_save(c, dir, &s, now_ms))
        return CTL_FILE;
    for (size_t i = 0; i < SERVICES && !c->json; i++)
        printf("%s\t%s\n", status_service_id((enum status_service)i), status_state_id(found[i]));
    return CTL_DONE;
}

static bool minutes(struct ctl *c, const char *flag, int64_t dflt, int64_t *out)
{
    sv v = ctl_value(c, flag);

    *out = dflt;
    if (!v.p || (sv_int(v, out) && *out >= 0 && *out <= 60 * 24 * 92))
        return true;
    ctl_complain("%s is a number of minutes", flag);
    return false;
}

static bool one_line(sv text)
{
    return !sv_find(text, SV("\n"), NULL) && !sv_find(text, SV("\t"), NULL) && text.n <= 1000;
}

static bool note_of(struct ctl *c, struct status_note *n)
{
    sv service = ctl_value(c, "--service"), ja = ctl_value(c, "--ja"), en = ctl_value(c, "--en");
    int64_t in, lasts;

    *n = (struct status_note){.ja = ja.p ? ja : SV(""), .en = en.p ? en : SV(""), .maintenance = ctl_given(c, "--maintenance")};
    if (!minutes(c, "--in", 0, &in) || !minutes(c, "--minutes", 60, &lasts))
        return false;
    n->from_ms = clock_ms() + in * MINUTE_MS;
    n->until_ms = n->from_ms + lasts * MINUTE_MS;
    if (!status_service_read(service.p ? service : SV(""), &n->service))
        return ctl_complain("--service is web, sign_in or talk"), false;
    if (!one_line(n->ja) || !one_line(n->en) || !(n->ja.n || n->en.n))
        return ctl_complain("--ja and --en say in one line each what is the matter; one of them is needed"), false;
    return true;
}

/* The operators' log has a row where the installation runs; where it does not, the note is needed all the more. */
static void logged(struct ctl *c)
{
    struct str out = STR_IN(c->arena), error = STR_IN(c->arena);

    if (ctl_call(c, SV("status.note"), SV(""), SV("{}"), &out, &error) != CTL_DONE)
        ctl_complain("the note stands on the page, but not in the operators' log: no server in %.*s took it", SV_ARG(c->data));
}

int ctl_status_note(struct ctl *c)
{
    sv folder = ctl_value(c, "--to"), before;
    struct str notes = STR_IN(c->arena);
    struct status_note n;
    struct status s;

    if (!note_of(c, &n))
        return CTL_USAGE;
    FD dir = folder_open(c, folder);
    if (dir < 0 || !status_load(c, folder, &s) || !known(c, folder, "notes.tsv", &before))
        return CTL_FILE;
    str_put(&notes, before);
    status_note_write(&notes, &n);
    *PUSH(c->arena, &s.notes) = n;
    if (!replace(dir, "notes.tsv", str_sv(&notes)) || !status_save(c, dir, &s, clock_ms()))
        return CTL_FILE;
    logged(c);
    return CTL_DONE;
}
