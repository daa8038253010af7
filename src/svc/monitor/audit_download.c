/* svc/monitor/audit_download.c: the query of a download, its CSV, and the row when it is ready. */
#include "svc/monitor/audit_download.h"
#include "base/clock.h"
#include "base/zone.h"
#include "core/csv.h"
#include "svc/monitor/audit_talk.h"

#define PIECE_ROWS 200
#define RECEIVERS  5000                                   /* more than a room has members */

struct making {
    struct audit_query q;
    int64_t next;                                         /* rows before this one; 0: all are written */
    bool begun, english;
    sv zone;
};

static const char *const heads_ja[] = {"番号", "日時", "実行者", "実行者の番号", "操作", "操作の種類", "対象", "対象の番号",
                                       "結果", "件数", "利用環境", "IP アドレス", "詳細", "照合値"};
static const char *const heads_en[] = {"Number", "Time", "Actor", "Actor ID", "Act", "Act ID", "Object", "Object ID",
                                       "Result", "Count", "Channel", "IP address", "Detail", "Leaf hash"};
/* Of talk two columns more, behind the others. */
static const char *const talk_ja[] = {"受信者数", "受信者"};
static const char *const talk_en[] = {"Receivers", "Received by"};

/* ---- asking ---- */

static sv name_of(struct ctx *x, const struct audit_query *q)
{
    sv zone = policy_text(x->policy, "tenant.time_zone");
    sv day = date_text(x->arena, zone_day(zone, x->now_ms));

    return x->actor.english ? sv_printf(x->arena, "Audit log %s %.*s.csv", q->log->en, SV_ARG(day))
                            : sv_printf(x->arena, "監査ログ %s %.*s.csv", q->log->ja, SV_ARG(day));
}

static bool room_for_one(struct ctx *x)
{
    struct file_set all = {0};
    size_t n = 0;

    if (!file_in_making(x, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        n += all.v[i].kind == FILE_AUDIT;
    return n < DOWNLOADS_AT_ONCE ? true : fail(&x->failure, E_TOO_MANY, "%zu downloads are being made", n);
}

bool audit_download_start(struct ctx *x, const struct audit_query *q, struct file *f)
{
    struct str query = STR_IN(x->arena);
    struct json j = JSON_TO(&query);
    int64_t size;
    sv root;

    if (sv_equal(policy_text(x->policy, "plan.name"), SV("free")))
        return fail(&x->failure, E_PLAN_REQUIRED, "no downloads in the free plan");
    if (!audit_query_check(x, q) || !room_for_one(x) || !audit_log_head(x, &size, &root))
        return false;
    json_open(&j, NULL);
    audit_query_write(&j, q);
    json_int(&j, "upto", size);
    json_bool(&j, "english", x->actor.english);
    json_close(&j);
    *f = (struct file){.kind = FILE_AUDIT, .name = name_of(x, q), .query = str_sv(&query)};
    effect(x, EFF_FILE, 0, 0);
    if (!file_add(x, f))
        return false;
    x->effects.v[x->effects.n - 1].a = f->id.n;
    return true;
}

const struct audit_log_def *audit_download_log(struct ctx *x, const struct file *f)
{
    struct audit_query q;
    struct failure aside = x->failure;

    if (f->kind == FILE_AUDIT && audit_query_read(x, f->query, &q))
        return q.log;
    x->failure = aside;
    return NULL;
}

sv audit_download_detail(struct ctx *x, const struct file *f)
{
    struct str s = STR_IN(x->arena), hash = STR_IN(x->arena);
    struct json j = JSON_TO(&s);
    struct audit_query q;

    json_open(&j, NULL);
    if (audit_query_read(x, f->query, &q))
        audit_query_write(&j, &q);
    json_int(&j, "rows", f->rows);
    if (f->hash.n) {
        hex_put(&hash, f->hash);
        json_text(&j, "sha256", str_sv(&hash));
    }
    json_close(&j);
    return str_sv(&s);
}

/* ---- making ---- */

static bool begin(struct ctx *x, const struct file *f, void *state)
{
    struct making *m = state;
    struct json_value v;

    if (!audit_query_read(x, f->query, &m->q) || !json_read(x->arena, f->query, &v, NULL))
        return false;
    const struct json_value *upto = json_get(&v, SV("upto")), *english = json_get(&v, SV("english"));
    m->next = upto && upto->whole ? upto->i + 1 : 1;
    m->english = english && english->type == JSON_BOOL && english->yes;
    m->zone = sv_dup(x->arena, policy_text(x->policy, "tenant.time_zone"));
    return true;
}

/* "2026-11-26T07:46:05+09:00": the tenant's clock, and how far it is from UTC. */
static sv local_time(struct ctx *x, sv zone, int64_t ms)
{
    int64_t offset = zone_offset_ms(zone, ms), minutes = (offset < 0 ? -offset : offset) / 60000;
    sv text = time_text(x->arena, ms + offset);

    return sv_printf(x->arena, "%.*s%c%02d:%02d", SV_ARG(sv_upto(text, 19)), offset < 0 ? '-' : '+', (int)(minutes / 60),
                     (int)(minutes % 60));
}

static sv label_of(const struct making *m, sv act)
{
    enum audit_kind k;

    if (!audit_find(act, &k))
        return act;
    return sv_c(m->english ? audit_def(k)->en : audit_def(k)->ja);
}

static bool is_talk(const struct making *m)
{
    return sv_equal(sv_c(m->q.log->log), SV("talk"));
}

static bool receivers_put(struct ctx *x, struct csv *c, const struct audit_entry *e)
{
    struct audit_people people = {0};
    struct str names = STR_IN(x->arena);

    if (!audit_talk_receivers(x, e, RECEIVERS, &people))
        return false;
    for (size_t i = 0; i < people.n; i++)
        str_printf(&names, "%s%.*s", i ? "\n" : "", SV_ARG(people.v[i].name));
    if (sv_equal(e->act, SV("talk.post")))
        csv_cell_int(c, people.all);
    else
        csv_cell(c, SV(""));
    csv_cell(c, str_sv(&names));
    return true;
}

static bool row_put(struct ctx *x, const struct making *m, struct csv *c, const struct audit_entry *e)
{
    struct str leaf = STR_IN(x->arena);

    hex_put(&leaf, e->leaf);
    csv_cell_int(c, e->seq);
    csv_cell(c, local_time(x, m->zone, e->time_ms));
    csv_cell(c, e->actor_name);
    csv_cell(c, e->actor.n ? sv_printf(x->arena, "%" PRId64, e->actor.n) : SV(""));
    csv_cell(c, label_of(m, e->act));
    csv_cell(c, e->act);
    csv_cell(c, audit_talk_room_name(x, e));
    csv_cell(c, e->object.n ? sv_printf(x->arena, "%" PRId64, e->object.n) : SV(""));
    csv_cell(c, e->result);
    csv_cell_int(c, e->count);
    csv_cell(c, sv_c(channel_name(e->channel)));
    csv_cell(c, e->ip);
    csv_cell(c, e->detail);
    csv_cell(c, str_sv(&leaf));
    if (is_talk(m) && !receivers_put(x, c, e))
        return false;
    csv_end_row(c);
    return x->failure.code == E_NONE;
}

static bool piece(struct ctx *x, void *state, struct str *out, int64_t *rows, bool *end)
{
    struct making *m = state;
    struct audit_entries page = {0};
    struct csv c;

    if (m->begun) {
        csv_on(&c, out);
    } else {
        csv_begin(&c, out);
        for (size_t i = 0; i < COUNT(heads_ja); i++)
            csv_cell(&c, sv_c(m->english ? heads_en[i] : heads_ja[i]));
        for (size_t i = 0; is_talk(m) && i < COUNT(talk_ja); i++)
            csv_cell(&c, sv_c(m->english ? talk_en[i] : talk_ja[i]));
        csv_end_row(&c);
        m->begun = true;
    }
    if (!audit_log_search(x, &m->q, m->next, PIECE_ROWS, &page, &m->next))
        return false;
    for (size_t i = 0; i < page.n; i++)
        if (!row_put(x, m, &c, &page.v[i]))
            return false;
    *rows += (int64_t)page.n;
    *end = m->next == 0;
    return true;
}

static bool ready(struct ctx *x, const struct file *f)
{
    x->actor.member = f->made_by;
    audit(x, AUDIT_AUDIT_MADE, f->id, audit_download_detail(x, f));
    return true;
}

const struct file_maker audit_download_maker = {.kind = FILE_AUDIT, .state_size = sizeof(struct making), .begin = begin, .piece = piece, .ready = ready};
