/* role/status.c: periods, notes, and the files that are made of them. */
#include "role/status.h"

#include "base/clock.h"
#include "base/json.h"
#include "role/page.h"

#define DAY_MS   INT64_C(86400000)
#define JAPAN_MS INT64_C(32400000)
#define DAYS     92

static const struct {
    const char *id, *ja, *en;
} services[SERVICES] = {
    [SERVICE_WEB] = {"web", "接続", "Connection"},
    [SERVICE_SIGN_IN] = {"sign_in", "ログイン", "Login"},
    [SERVICE_TALK] = {"talk", "トーク", "Talk"},
};
static const struct {
    const char *id, *mark, *ja, *en;
} states[STATES] = {
    [STATE_GOOD] = {"good", "●", "正常", "Normal"},
    [STATE_SLOW] = {"slow", "◐", "遅延", "Slow"},
    [STATE_PARTLY] = {"partly", "▲", "一部障害", "Partly down"},
    [STATE_DOWN] = {"down", "✕", "停止", "Down"},
    [STATE_MAINTENANCE] = {"maintenance", "■", "メンテナンス", "Maintenance"},
};

const char *status_service_id(enum status_service s)
{
    return services[s].id;
}

const char *status_state_id(enum status_state s)
{
    return states[s].id;
}

bool status_service_read(sv id, int *out)
{
    *out = -1;
    for (int i = 0; i < SERVICES; i++)
        if (sv_equal(id, sv_c(services[i].id)))
            *out = i;
    return id.n == 0 || *out >= 0;
}

enum status_state status_of_tries(int good, int64_t slowest_ms)
{
    return good == 0 ? STATE_DOWN : good == 1 ? STATE_PARTLY : slowest_ms > STATUS_SLOW_MS ? STATE_SLOW : STATE_GOOD;
}

/* ---- what is kept ---- */

static bool state_read(sv id, enum status_state *out)
{
    for (size_t i = 0; i < STATES; i++)
        if (sv_equal(id, sv_c(states[i].id))) {
            *out = (enum status_state)i;
            return true;
        }
    return false;
}

static bool period_read(sv line, struct period *out)
{
    sv from, until, service, state;
    int n;

    if (!sv_cut(&line, '\t', &from) || !sv_cut(&line, '\t', &until) || !sv_cut(&line, '\t', &service) || !sv_cut(&line, '\t', &state) ||
        !sv_int(from, &out->from_ms) || !sv_int(until, &out->until_ms) || !status_service_read(service, &n) || n < 0)
        return false;
    out->service = (enum status_service)n;
    return state_read(state, &out->state);
}

static bool note_read(sv line, struct status_note *out)
{
    sv from, until, kind, service;

    if (!sv_cut(&line, '\t', &from) || !sv_cut(&line, '\t', &until) || !sv_cut(&line, '\t', &kind) || !sv_cut(&line, '\t', &service) ||
        !sv_cut(&line, '\t', &out->ja) || !sv_cut(&line, '\t', &out->en))
        return false;
    out->maintenance = sv_equal(kind, SV("maintenance"));
    return sv_int(from, &out->from_ms) && sv_int(until, &out->until_ms) && (out->maintenance || sv_equal(kind, SV("note"))) &&
           status_service_read(service, &out->service);
}

bool status_read(struct status *s, sv history, sv notes, int *line)
{
    sv part;

    for (*line = 1; sv_cut(&history, '\n', &part); ++*line)
        if (part.n && !period_read(part, PUSH(s->arena, &s->periods)))
            return false;
    for (*line = 1; sv_cut(&notes, '\n', &part); ++*line)
        if (part.n && !note_read(part, PUSH(s->arena, &s->notes)))
            return false;
    return true;
}

static struct period *last_of(const struct status *s, enum status_service service)
{
    for (size_t i = s->periods.n; i-- > 0;)
        if (s->periods.v[i].service == service)
            return &s->periods.v[i];
    return NULL;
}

static bool in_maintenance(const struct status *s, enum status_service service, int64_t now_ms)
{
    for (size_t i = 0; i < s->notes.n; i++) {
        const struct status_note *n = &s->notes.v[i];
        if (n->maintenance && n->from_ms <= now_ms && now_ms < n->until_ms && (n->service < 0 || n->service == (int)service))
            return true;
    }
    return false;
}

void status_add(struct status *s, enum status_service service, enum status_state found, int64_t now_ms)
{
    struct period *last = last_of(s, service);

    if (in_maintenance(s, service, now_ms))
        found = STATE_MAINTENANCE;
    if (last && now_ms - last->until_ms <= STATUS_GAP_MS) {
        last->until_ms = now_ms;                          /* until something else was found it was as before */
        if (last->state == found)
            return;
    }
    *PUSH(s->arena, &s->periods) = (struct period){now_ms, now_ms, service, found};
}

void status_forget(struct status *s, int64_t now_ms)
{
    size_t n = 0;

    for (size_t i = 0; i < s->periods.n; i++)
        if (s->periods.v[i].until_ms >= now_ms - STATUS_KEPT_MS)
            s->periods.v[n++] = s->periods.v[i];
    s->periods.n = n;
}

void status_write(const struct status *s, struct str *history)
{
    for (size_t i = 0; i < s->periods.n; i++) {
        const struct period *p = &s->periods.v[i];
        str_printf(history, "%" PRId64 "\t%" PRId64 "\t%s\t%s\n", p->from_ms, p->until_ms, services[p->service].id, states[p->state].id);
    }
}

void status_note_write(struct str *out, const struct status_note *n)
{
    str_printf(out, "%" PRId64 "\t%" PRId64 "\t%s\t%s\t%.*s\t%.*s\n", n->from_ms, n->until_ms, n->maintenance ? "maintenance" : "note",
               n->service < 0 ? "" : services[n->service].id, SV_ARG(n->ja), SV_ARG(n->en));
}

/* ---- the page ---- */

static const char *word(bool english, const char *ja, const char *en)
{
    return english ? en : ja;
}

/* "2026-11-27 02:05", in Japan's time. */
static void put_time(struct str *out, int64_t ms)
{
    int64_t at = ms + JAPAN_MS;
    int year, month, day;

    date_from_days(at / DAY_MS, &year, &month, &day);
    str_printf(out, "%04d-%02d-%02d %02d:%02d", year, month, day, (int)(at / 3600000 % 24), (int)(at / 60000 % 60));
}

static void put_span(struct str *out, int64_t from_ms, int64_t until_ms)
{
    put_time(out, from_ms);
    str_c(out, " – ");
    put_time(out, until_ms);
}

static void put_state(struct str *out, enum status_state state, bool english)
{
    str_printf(out, "<span class=\"state %s\"><span aria-hidden=\"true\">%s</span> %s</span>", states[state].id, states[state].mark,
               word(english, states[state].ja, states[state].en));
}

/* The worst of a day; STATES: nothing is known of it. Maintenance that was announced is no trouble. */
static enum status_state worst_of_day(const struct status *s, enum status_service service, int64_t from_ms)
{
    static const int weight[STATES] = {[STATE_GOOD] = 0, [STATE_MAINTENANCE] = 1, [STATE_SLOW] = 2, [STATE_PARTLY] = 3, [STATE_DOWN] = 4};
    enum status_state worst = STATES;

    for (size_t i = 0; i < s->periods.n; i++) {
        const struct period *p = &s->periods.v[i];
        if (p->service != service || p->until_ms < from_ms || p->from_ms >= from_ms + DAY_MS)
            continue;
        if (worst == STATES || weight[p->state] > weight[worst])
            worst = p->state;
    }
    return worst;
}

/* A picture of the three months; what it shows is said in words below. */
static void put_days(struct str *out, const struct status *s, enum status_service service, int64_t now_ms)
{
    int64_t today = (now_ms + JAPAN_MS) / DAY_MS * DAY_MS - JAPAN_MS;

    str_c(out, "<div class=\"days\" aria-hidden=\"true\">");
    for (int i = DAYS - 1; i >= 0; i--) {
        enum status_state worst = worst_of_day(s, service, today - i * DAY_MS);
        str_printf(out, "<i class=\"%s\"></i>", worst == STATES ? "unknown" : states[worst].id);
    }
    str_c(out, "</div>");
}

static void put_present(struct str *out, const struct status *s, int64_t now_ms, bool english)
{
    str_printf(out, "<h2>%s</h2>\n<ul class=\"now\">\n", word(english, "現在の状態", "Now"));
    for (size_t i = 0; i < SERVICES; i++) {
        const struct period *p = last_of(s, (enum status_service)i);
        str_printf(out, "<li><b>%s</b> ", word(english, services[i].ja, services[i].en));
        if (p)
            put_state(out, p->state, english);
        put_days(out, s, (enum status_service)i, now_ms);
        str_c(out, "</li>\n");
    }
    str_c(out, "</ul>\n");
}

static void put_notes(struct str *out, const struct status *s, int64_t now_ms, bool english)
{
    bool any = false;

    for (size_t i = s->notes.n; i-- > 0;) {
        const struct status_note *n = &s->notes.v[i];
        if (n->until_ms < now_ms - STATUS_KEPT_MS)
            continue;
        if (!any)
            str_printf(out, "<h2>%s</h2>\n<ul class=\"list\">\n", word(english, "お知らせ", "Notices"));
        any = true;
        str_c(out, "<li><span class=\"when\">");
        put_span(out, n->from_ms, n->until_ms);
        str_c(out, "</span> ");
        if (n->maintenance)
            put_state(out, STATE_MAINTENANCE, english);
        if (n->service >= 0)
            str_printf(out, " <b>%s</b>", word(english, services[n->service].ja, services[n->service].en));
        str_c(out, "<p>");
        page_escape(out, english && n->en.n ? n->en : n->ja.n ? n->ja : n->en);
        str_c(out, "</p></li>\n");
    }
    if (any)
        str_c(out, "</ul>\n");
}

static void put_troubles(struct str *out, const struct status *s, int64_t now_ms, bool english)
{
    bool any = false;

    str_printf(out, "<h2>%s</h2>\n", word(english, "過去3か月のできごと", "The last three months"));
    for (size_t i = s->periods.n; i-- > 0;) {
        const struct period *p = &s->periods.v[i];
        if (p->state == STATE_GOOD || p->until_ms < now_ms - STATUS_KEPT_MS)
            continue;
        if (!any)
            str_c(out, "<ul class=\"list\">\n");
        any = true;
        str_c(out, "<li><span class=\"when\">");
        put_time(out, p->from_ms);
        str_c(out, " – ");
        if (p == last_of(s, p->service))
            str_c(out, word(english, "継続中", "still so"));
        else
            put_time(out, p->until_ms);
        str_printf(out, "</span> <b>%s</b> ", word(english, services[p->service].ja, services[p->service].en));
        put_state(out, p->state, english);
        str_c(out, "</li>\n");
    }
    str_c(out, any ? "</ul>\n" : word(english, "<p>障害はありませんでした。</p>\n", "<p>There was no trouble.</p>\n"));
}

void status_page(const struct status *s, int64_t now_ms, bool english, struct str *out)
{
    const char *title = word(english, "Engawa の稼働状況", "Status of Engawa");

    str_printf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", english ? "en" : "ja");
    str_c(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<link rel=\"stylesheet\" href=\"status.css\">\n");
    str_printf(out, "<title>%s</title>\n</head>\n<body>\n<main>\n<p class=\"lang\"><a href=\"%s\" hreflang=\"%s\" lang=\"%s\">%s</a></p>\n<h1>%s</h1>\n", title,
               english ? "index.html" : "en.html", english ? "ja" : "en", english ? "ja" : "en", english ? "日本語" : "English", title);
    str_printf(out, "<p class=\"when\">%s: ", word(english, "最終確認 (日本時間)", "Last looked at (Japan time)"));
    put_time(out, now_ms);
    str_c(out, "</p>\n");
    put_present(out, s, now_ms, english);
    put_notes(out, s, now_ms, english);
    put_troubles(out, s, now_ms, english);
    str_c(out, "</main>\n</body>\n</html>\n");
}

void status_json(const struct status *s, int64_t now_ms, struct str *out)
{
    struct json j = JSON_TO(out);

    json_open(&j, NULL);
    json_time(&j, "time", now_ms);
    json_list(&j, "services");
    for (size_t i = 0; i < SERVICES; i++) {
        const struct period *p = last_of(s, (enum status_service)i);
        json_open(&j, NULL);
        json_text(&j, "service", sv_c(services[i].id));
        json_text(&j, "state", sv_c(p ? states[p->state].id : "unknown"));
        json_close(&j);
    }
    json_list_end(&j);
    json_list(&j, "troubles");
    for (size_t i = s->periods.n; i-- > 0;) {
        const struct period *p = &s->periods.v[i];
        if (p->state == STATE_GOOD || p->until_ms < now_ms - STATUS_KEPT_MS)
            continue;
        json_open(&j, NULL);
        json_text(&j, "service", sv_c(services[p->service].id));
        json_text(&j, "state", sv_c(states[p->state].id));
        json_time(&j, "from", p->from_ms);
        json_time(&j, "until", p->until_ms);
        json_close(&j);
    }
    json_list_end(&j);
    json_close(&j);
}

const char status_css[] =
    ":root { --canvas: #F6F1E8; --surface: #FFFFFF; --line: #DFD5C5; --ink: #2A231C; --ink2: #5E5246; --wood: #7A4B28; --good: #3F6B35; --slow: #7F5200; --down: #B3372A; --plan: #23588F; }\n"
    "@media (prefers-color-scheme: dark) { :root { --canvas: #191613; --surface: #262220; --line: #3B342D; --ink: #F1EAE0; --ink2: #C4B8A8; --wood: #DDAF7C; --good: #9CCB8D; --slow: #EDC063; --down: #F09583; --plan: #8FBCEB; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0; padding: 16px; background: var(--canvas); color: var(--ink); font: 1rem/1.7 system-ui, \"Hiragino Sans\", \"Noto Sans JP\", sans-serif; overflow-wrap: anywhere; }\n"
    "main { max-width: 760px; margin: 0 auto; padding: 20px; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; }\n"
    "h1 { margin: 0; font-size: 1.5rem; line-height: 1.4; }\nh2 { margin: 1.6em 0 0.4em; font-size: 1.0625rem; }\n"
    "p { margin: 0.3em 0; }\nul { margin: 0; padding: 0; list-style: none; }\nli { padding: 10px 0; border-top: 1px solid var(--line); }\n"
    ".when { color: var(--ink2); font-size: 0.875rem; }\n.lang { float: right; margin: 0; }\n.lang a { display: inline-flex; align-items: center; min-height: 44px; color: var(--wood); }\n"
    ".list .when { display: block; }\n.now b { display: inline-block; min-width: 8em; }\n.state { font-weight: 700; }\n"
    ".state.good { color: var(--good); }\n.state.slow, .state.partly { color: var(--slow); }\n.state.down { color: var(--down); }\n.state.maintenance { color: var(--plan); }\n"
    ".days { display: flex; gap: 1px; height: 24px; margin-top: 6px; }\n.days i { flex: 1; border-radius: 1px; background: var(--line); }\n"
    ".days .good { background: var(--good); }\n.days .slow, .days .partly { background: var(--slow); }\n.days .down { background: var(--down); }\n.days .maintenance { background: var(--plan); }\n";
