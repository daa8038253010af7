/* svc/monitor/audit_search.c: what an admin looks for in one log. Days become moments, moments bounds of the rows' numbers
 * (rows come in the order of time, give or take what waits in a queue), and an index gives the rows from the newest on. */
#include "base/fold.h"
#include "base/zone.h"
#include "core/policy.h"
#include "svc/monitor/audit_log.h"
#include "svc/monitor/audit_log_sql.h"
#include "svc/monitor/audit_talk.h"
#include "svc/monitor/audit_term.h"

#define DISORDER_MS  600000                               /* by how much a row may be older than the one before it */
#define WORD_ROWS    20000                                /* looked at in one call */
#define WORD_BATCH   500
#define FILTER_STEP  100000                               /* row numbers that one statement may walk over, and … */
#define FILTER_STEPS 4                                    /* … statements of one call, when no index knows the filter */

static const struct audit_log_def defs[] = {
    {"console", "adm", M_AUDIT_CONSOLE, "管理者画面", "Admin console"},
    {"login", "login", M_AUDIT_LOGIN, "ログイン", "Log-ins"},
    {"talk", "talk", M_AUDIT_TALK, "トーク", "Talk"},
    {"file", "file", M_AUDIT_FILE, "ファイル", "Files"},
};

const struct audit_log_def *audit_log_def(sv id)
{
    for (size_t i = 0; i < COUNT(defs); i++)
        if (sv_equal(id, sv_c(defs[i].id)))
            return &defs[i];
    return NULL;
}

/* ---- the query as JSON ---- */

void audit_query_write(struct json *j, const struct audit_query *q)
{
    const struct {
        const char *name;
        sv v;
    } texts[] = {{"from", q->from}, {"to", q->to}, {"act", q->act}, {"ip", q->ip}, {"channel", q->channel},
                 {"result", q->result}, {"word", q->word}};

    json_text(j, "log", sv_c(q->log->id));
    if (q->actor.n)
        json_id(j, "actor", q->actor);
    if (q->object.n)
        json_id(j, "object", q->object);
    if (q->room.n)
        json_id(j, "room", q->room);
    if (q->receiver.n)
        json_id(j, "receiver", q->receiver);
    for (size_t i = 0; i < COUNT(texts); i++)
        if (texts[i].v.n)
            json_text(j, texts[i].name, texts[i].v);
}

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *t = json_get(v, sv_c(name));

    return t && t->type == JSON_TEXT ? t->text : SV("");
}

bool audit_query_read(struct ctx *x, sv json, struct audit_query *q)
{
    struct json_value v;

    if (!json_read(x->arena, json, &v, NULL))
        return fail(&x->failure, E_INTERNAL, "a query that was stored cannot be read");
    *q = (struct audit_query){
        .log = audit_log_def(text_of(&v, "log")),
        .from = text_of(&v, "from"),
        .to = text_of(&v, "to"),
        .act = text_of(&v, "act"),
        .ip = text_of(&v, "ip"),
        .channel = text_of(&v, "channel"),
        .result = text_of(&v, "result"),
        .word = text_of(&v, "word"),
    };
    sv_id(text_of(&v, "actor"), &q->actor);
    sv_id(text_of(&v, "object"), &q->object);
    sv_id(text_of(&v, "room"), &q->room);
    sv_id(text_of(&v, "receiver"), &q->receiver);
    return q->log ? true : fail(&x->failure, E_INTERNAL, "a stored query of no log");
}

static int64_t channel_of(sv name)
{
    for (int c = CH_NONE + 1; c < CHANNELS; c++)
        if (sv_equal(name, sv_c(channel_name((enum channel)c))))
            return c;
    return -1;
}

bool audit_query_check(struct ctx *x, const struct audit_query *q)
{
    enum audit_kind kind;
    int64_t from = 0, to = 0;

    if (q->from.n && !date_parse(q->from, &from))
        return fail_field(&x->failure, "from", "no date");
    if (q->to.n && (!date_parse(q->to, &to) || (q->from.n && to < from)))
        return fail_field(&x->failure, "to", "no date, or before the first one");
    if (q->act.n && (!audit_find(q->act, &kind) || !sv_equal(sv_c(audit_def(kind)->log), sv_c(q->log->log))))
        return fail_field(&x->failure, "act", "no act of this log");
    if (q->channel.n && channel_of(q->channel) < 0)
        return fail_field(&x->failure, "channel", "no channel");
    if (q->room.n && !sv_equal(sv_c(q->log->log), SV("talk")))
        return fail_field(&x->failure, "room", "a log without rooms");
    if (q->receiver.n && (!sv_equal(sv_c(q->log->log), SV("talk")) || (q->act.n && !sv_equal(q->act, SV("talk.post")))))
        return fail_field(&x->failure, "receiver", "messages alone have receivers");
    return true;
}

/* ---- the search ---- */

/* The number of the first row that is not older than `ms`, or that of none beyond the last. */
static bool seq_from(struct ctx *x, int64_t ms, int64_t size, int64_t *seq)
{
    int64_t low = 1, high = size + 1, time;

    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (!audit_log_sql_time(x, mid, &time))
            return false;
        if (time < ms)
            low = mid + 1;
        else
            high = mid;
    }
    *seq = low;
    return true;
}

static bool range_of(struct ctx *x, const struct audit_query *q, int64_t before, struct audit_range *r)
{
    sv zone = policy_text(x->policy, "tenant.time_zone"), root;
    int64_t size, day, kept;

    if (!audit_log_head(x, &size, &root) || !audit_term_from(x, &kept))
        return false;
    *r = (struct audit_range){.q = q, .low = 1, .high = size + 1, .from_ms = kept, .to_ms = INT64_MAX, .channel = channel_of(q->channel)};
    if (q->from.n && date_parse(q->from, &day) && zone_day_start_ms(zone, day) > kept)
        r->from_ms = zone_day_start_ms(zone, day);
    if (q->to.n && date_parse(q->to, &day)) {
        r->to_ms = zone_day_start_ms(zone, day + 1);
        if (!seq_from(x, r->to_ms + DISORDER_MS, size, &r->high))
            return false;
    }
    if (before && before < r->high)
        r->high = before;
    return seq_from(x, r->from_ms - DISORDER_MS, size, &r->low);
}

/* The setting that a row changed is named by its key in the detail: its labels are searched too. */
static bool setting_has(struct ctx *x, const struct audit_entry *e, sv folded)
{
    struct json_value v;
    size_t i;

    if (!sv_equal(e->act, SV("setting.change")) || !json_read(x->arena, e->detail, &v, NULL))
        return false;
    sv key = text_of(&v, "key");
    if (!policy_find(key, &i))
        return false;
    const struct policy_def *d = policy_def(i);
    return sv_find(fold(x->arena, key), folded, NULL) || sv_find(fold(x->arena, sv_c(d->ja)), folded, NULL) ||
           sv_find(fold(x->arena, sv_c(d->en)), folded, NULL);
}

/* What no index and no statement can tell. */
struct look {
    sv folded;                                            /* "": any word */
    struct audit_spans spans;                             /* of the receiver */
};

static bool has_word(struct ctx *x, const struct audit_entry *e, sv folded)
{
    return !folded.n || sv_find(fold(x->arena, e->actor_name), folded, NULL) || sv_find(fold(x->arena, e->object_name), folded, NULL) ||
           setting_has(x, e, folded);
}

static void entry_keep(struct arena *a, const struct audit_entry *e, struct audit_entries *out)
{
    struct audit_entry *to = PUSH(a, out);
    sv *const texts[] = {&to->ip, &to->act, &to->result, &to->detail, &to->actor_name, &to->object_name, &to->leaf};

    *to = *e;
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = sv_dup(a, *texts[i]);
}

/* A batch in an arena of its own: what does not fit leaves nothing behind. */
static bool look_batch(struct ctx *x, struct audit_range *r, const struct look *look, int64_t limit, struct audit_entries *out, size_t *seen)
{
    struct arena *mine = x->arena, *apart = arena_new(256 * 1024);
    struct audit_entries batch = {0};

    x->arena = apart;
    db_use(x->db, apart, &x->failure);
    bool ok = audit_log_sql_search(x, r, WORD_BATCH, &batch);
    for (size_t i = 0; ok && i < batch.n && (int64_t)out->n < limit; i++) {
        r->high = batch.v[i].seq;
        if (has_word(x, &batch.v[i], look->folded) &&
            (!r->q->receiver.n || audit_talk_received(x, &batch.v[i], r->q->receiver, &look->spans)))
            entry_keep(mine, &batch.v[i], out);
    }
    *seen = batch.n;
    x->arena = mine;
    db_use(x->db, mine, &x->failure);
    arena_free(&apart);
    return ok;
}

static bool search_look(struct ctx *x, struct audit_range *r, int64_t limit, struct audit_entries *out, int64_t *next)
{
    struct look look = {.folded = fold(x->arena, r->q->word)};
    size_t seen = WORD_BATCH;

    if (r->q->receiver.n && !audit_talk_spans(x, r->q->receiver, &look.spans))
        return false;
    for (size_t rows = 0; rows < WORD_ROWS && seen == WORD_BATCH && (int64_t)out->n < limit; rows += WORD_BATCH)
        if (!look_batch(x, r, &look, limit, out, &seen))
            return false;
    *next = seen == WORD_BATCH || (int64_t)out->n == limit ? r->high : 0;
    if (*next <= r->low)
        *next = 0;
    return true;
}

/* By an index alone, or over stretches of the log that no index shortens. */
static bool search_rows(struct ctx *x, struct audit_range *r, int64_t limit, struct audit_entries *out, int64_t *next)
{
    const struct audit_query *q = r->q;
    bool walks = q->object.n || q->room.n || sv_equal(sv_c(q->log->log), SV("talk")) || q->ip.n || r->channel >= 0 || q->result.n || (q->act.n && q->actor.n);
    struct audit_range step = *r;

    for (int n = 0; n < FILTER_STEPS && step.high > r->low && (int64_t)out->n <= limit; n++) {
        step.low = walks && step.high - r->low > FILTER_STEP ? step.high - FILTER_STEP : r->low;
        if (!audit_log_sql_search(x, &step, limit + 1 - (int64_t)out->n, out))
            return false;
        step.high = step.low;
    }
    if ((int64_t)out->n > limit) {
        out->n = (size_t)limit;
        *next = out->v[out->n - 1].seq;
    } else {
        *next = step.high > r->low ? step.high : 0;
    }
    return true;
}

bool audit_log_search(struct ctx *x, const struct audit_query *q, int64_t before, int64_t limit, struct audit_entries *out,
                      int64_t *next)
{
    struct audit_query look = *q;
    struct audit_range r;

    *next = 0;
    if (q->receiver.n)
        look.act = SV("talk.post");
    if (!audit_query_check(x, q) || !range_of(x, &look, before, &r))
        return false;
    if (r.low >= r.high)
        return true;
    return q->word.n || q->receiver.n ? search_look(x, &r, limit, out, next) : search_rows(x, &r, limit, out, next);
}
