/* api/audit.c: the audit log in the console: the whole in its order, one log searched, and downloads. */
#include "api/app.h"
#include "svc/monitor/audit_download.h"
#include "svc/monitor/audit_log.h"
#include "svc/monitor/audit_talk.h"
#include "svc/monitor/audit_term.h"

#define PAGE_ROWS      50
#define RECEIVERS      5                                  /* of a row in a page; the rest is asked for */
#define RECEIVERS_MAX  5000                               /* more than a room has members */

struct audit_list_in {
    int64_t before, limit;
};
static const struct field audit_list_fields[] = {
    FIELD(struct audit_list_in, before, .min = 1, .doc = "rows before this number; absent: the newest"),
    FIELD(struct audit_list_in, limit, .min = 1, .max = 200, .doc = "how many at most; 50 when absent"),
};
static const struct schema audit_list_in = SCHEMA("audit_list_in", struct audit_list_in, audit_list_fields);

struct audit_person_out {
    id64 id;
    sv name;
};
static const struct field audit_person_out_fields[] = {
    FIELD(struct audit_person_out, id, .doc = "of the member"),
    FIELD(struct audit_person_out, name, .doc = "as it is now; empty: nobody is there by this id any more"),
};
static const struct schema audit_person_out = SCHEMA("audit_person_out", struct audit_person_out, audit_person_out_fields);

struct audit_row_out {
    int64_t seq, count, received;
    time64 time;
    id64 actor, object, room;
    struct list receivers;
    sv actor_name, channel, ip, act, object_name, object_kind, result, detail;
};
static const struct field audit_row_out_fields[] = {
    FIELD(struct audit_row_out, seq, .doc = "number of the row, from 1 without a gap"),
    FIELD(struct audit_row_out, time, .doc = "when"),
    FIELD(struct audit_row_out, actor, .doc = "who; 0: nobody signed in, or the operator"),
    FIELD(struct audit_row_out, actor_name, .doc = "the actor's name, empty for 0"),
    FIELD(struct audit_row_out, channel, .doc = "W, MW …; empty: the operator's command line"),
    FIELD(struct audit_row_out, ip, .doc = "the client's address"),
    FIELD(struct audit_row_out, act, .doc = "what: an audit kind"),
    FIELD(struct audit_row_out, object, .doc = "on what; 0: nothing in particular"),
    FIELD(struct audit_row_out, object_name, .doc = "the object's name as it is now; of a session: whose it is"),
    FIELD(struct audit_row_out, object_kind, .doc = "member, session, unit, group, room, message, label, file, or empty"),
    FIELD(struct audit_row_out, room, .doc = "of a row of talk: the room; 0: none"),
    FIELD(struct audit_row_out, received, .doc = "of a message: how many were in the room when it was sent, without its sender"),
    FIELD(struct audit_row_out, receivers, .of = &audit_person_out, .doc = "the first of them by reading; all: console.audit.receivers"),
    FIELD(struct audit_row_out, result, .doc = "ok, or the code of the refusal"),
    FIELD(struct audit_row_out, count, .doc = "how many equal refusals this row stands for"),
    FIELD(struct audit_row_out, detail, .doc = "JSON object as text, or empty"),
};
static const struct schema audit_row_out = SCHEMA("audit_row_out", struct audit_row_out, audit_row_out_fields);

struct audit_head_out {
    int64_t size;
    sv root;
};
static const struct field audit_head_out_fields[] = {
    FIELD(struct audit_head_out, size, .doc = "rows in the tree"),
    FIELD(struct audit_head_out, root, .doc = "its root, SHA-256 in hex"),
};
static const struct schema audit_head_out = SCHEMA("audit_head_out", struct audit_head_out, audit_head_out_fields);

struct audit_page_out {
    struct list rows;
    bool more;
    struct ref head;
};
static const struct field audit_page_out_fields[] = {
    FIELD(struct audit_page_out, rows, .of = &audit_row_out, .doc = "newest first"),
    FIELD(struct audit_page_out, more, .doc = "there are older ones"),
    FIELD(struct audit_page_out, head, .of = &audit_head_out, .doc = "the tree before this view's own row"),
};
static const struct schema audit_page_out = SCHEMA("audit_page_out", struct audit_page_out, audit_page_out_fields);

struct search_in {
    sv from, to, act, ip, channel, result, word;
    id64 actor, object, room, receiver;
    int64_t before, limit;
};
#define SEARCH_FIELDS                                                                                                       \
    FIELD(struct search_in, from, .max = 10, .doc = "first day of the tenant, 2026-11-26; absent: from the oldest row on"),   \
    FIELD(struct search_in, to, .max = 10, .doc = "last day; absent: to the newest row"),                                     \
    FIELD(struct search_in, actor, .doc = "rows of this member alone"),                                                      \
    FIELD(struct search_in, object, .doc = "rows on this object alone"),                                                     \
    FIELD(struct search_in, room, .doc = "of talk: rows of this room and of its messages alone"),                             \
    FIELD(struct search_in, receiver, .doc = "of talk: messages that this member received"),                                 \
    FIELD(struct search_in, act, .max = 64, .doc = "an audit kind of this log"),                                             \
    FIELD(struct search_in, ip, .max = 45, .doc = "the client's address, whole"),                                            \
    FIELD(struct search_in, channel, .max = 8, .doc = "W, MW …"),                                                            \
    FIELD(struct search_in, result, .max = 40, .doc = "ok, refused (all refusals) or the code of one"),                       \
    FIELD(struct search_in, word, .max = 50, .doc = "in names of actor and object, and in the name of a setting")
static const struct field search_in_fields[] = {
    SEARCH_FIELDS,
    FIELD(struct search_in, before, .min = 1, .doc = "go on where `next` of the page before said"),
    FIELD(struct search_in, limit, .min = 1, .max = 200, .doc = "how many at most; 50 when absent"),
};
static const struct schema search_in = SCHEMA("audit_search_in", struct search_in, search_in_fields);
static const struct field download_in_fields[] = {SEARCH_FIELDS};
static const struct schema download_in = SCHEMA("audit_download_in", struct search_in, download_in_fields);

struct search_out {
    struct list rows;
    int64_t next;
    struct ref head;
    time64 from;
    bool download;
};
static const struct field search_out_fields[] = {
    FIELD(struct search_out, rows, .of = &audit_row_out, .doc = "newest first"),
    FIELD(struct search_out, next, .doc = "where to go on (`before`); 0: nothing more. A page may be short, even empty, before"),
    FIELD(struct search_out, head, .of = &audit_head_out, .doc = "the tree before this view's own row"),
    FIELD(struct search_out, from, .doc = "rows from before this moment are beyond the term and gone"),
    FIELD(struct search_out, download, .doc = "may the caller have this log as a file?"),
};
static const struct schema search_out = SCHEMA("audit_search_out", struct search_out, search_out_fields);

struct receivers_in {
    int64_t seq;
};
static const struct field receivers_in_fields[] = {
    FIELD(struct receivers_in, seq, .need = true, .min = 1, .max = INT64_C(1) << 52, .doc = "number of the row"),
};
static const struct schema receivers_in = SCHEMA("audit_receivers_in", struct receivers_in, receivers_in_fields);

struct receivers_out {
    struct list receivers;
    int64_t received;
};
static const struct field receivers_out_fields[] = {
    FIELD(struct receivers_out, receivers, .of = &audit_person_out, .doc = "by reading"),
    FIELD(struct receivers_out, received, .doc = "how many"),
};
static const struct schema receivers_out = SCHEMA("audit_receivers_out", struct receivers_out, receivers_out_fields);

struct download_out {
    id64 id, by;
    sv name, log, state, query, by_name;
    time64 made, until;
    int64_t rows, size;
};
static const struct field download_out_fields[] = {
    FIELD(struct download_out, id, .doc = "of the file"),
    FIELD(struct download_out, name, .doc = "the file's name"),
    FIELD(struct download_out, log, .doc = "which log"),
    FIELD(struct download_out, state, .one_of = "making|ready|failed", .doc = "how far it is"),
    FIELD(struct download_out, by, .doc = "who asked for it"),
    FIELD(struct download_out, by_name, .doc = "the name of who asked"),
    FIELD(struct download_out, made, .doc = "when it was asked for"),
    FIELD(struct download_out, until, .doc = "when it is erased"),
    FIELD(struct download_out, rows, .doc = "rows written so far"),
    FIELD(struct download_out, size, .doc = "bytes written so far"),
    FIELD(struct download_out, query, .doc = "what was searched for: JSON object as text"),
};
static const struct schema download_out = SCHEMA("audit_download_out", struct download_out, download_out_fields);

struct downloads_out {
    struct list downloads;
};
static const struct field downloads_out_fields[] = {
    FIELD(struct downloads_out, downloads, .of = &download_out, .doc = "newest first"),
};
static const struct schema downloads_out = SCHEMA("audit_downloads_out", struct downloads_out, downloads_out_fields);

/* ---- rows ---- */

static bool receivers_of(struct ctx *x, const struct audit_entry *e, int64_t max, struct list *out, int64_t *all)
{
    struct audit_people people = {0};

    if (!audit_talk_receivers(x, e, max, &people))
        return false;
    struct audit_person_out *v = ANEWN(x->arena, struct audit_person_out, people.n);
    for (size_t i = 0; i < people.n; i++)
        v[i] = (struct audit_person_out){people.v[i].id, people.v[i].name};
    *out = (struct list){v, people.n};
    *all = people.all;
    return true;
}

/* Of talk also who received what, and the people of rooms that have no name. */
static bool rows_of(struct ctx *x, const struct audit_entries *page, struct list *out)
{
    struct audit_row_out *v = ANEWN(x->arena, struct audit_row_out, page->n);

    for (size_t i = 0; i < page->n; i++) {
        const struct audit_entry *e = &page->v[i];
        v[i] = (struct audit_row_out){
            .seq = e->seq,
            .count = e->count,
            .time = {e->time_ms},
            .actor = e->actor,
            .object = e->object,
            .actor_name = e->actor_name,
            .channel = sv_c(channel_name(e->channel)),
            .ip = e->ip,
            .act = e->act,
            .object_name = audit_talk_room_name(x, e),
            .object_kind = sv_c(e->object_kind),
            .result = e->result,
            .detail = e->detail,
            .room = e->room,
        };
        if (!receivers_of(x, e, RECEIVERS, &v[i].receivers, &v[i].received))
            return false;
    }
    *out = (struct list){v, page->n};
    return x->failure.code == E_NONE;
}

static bool head_of(struct ctx *x, struct ref *to)
{
    struct audit_head_out *head = ANEW(x->arena, struct audit_head_out);

    to->v = head;
    return audit_log_head(x, &head->size, &head->root);
}

/* All logs at once: for who reaches every one that has rows. */
static bool reaches_all(struct ctx *x)
{
    static const enum menu all[] = {M_AUDIT_CONSOLE, M_AUDIT_LOGIN, M_AUDIT_TALK, M_AUDIT_FILE};

    for (size_t i = 0; i < COUNT(all); i++)
        if (!reaches(x->actor.reach, all[i]))
            return fail(&x->failure, E_FORBIDDEN, "the whole log is for who reaches each of its parts");
    return true;
}

static bool audit_list(struct ctx *x, struct call *c, void *out)
{
    const struct audit_list_in *q = c->query;
    struct audit_page_out *o = out;
    struct audit_entries page = {0};

    if (!reaches_all(x) || !audit_log_page(x, q->before, q->limit ? q->limit : PAGE_ROWS, &page, &o->more) ||
        !head_of(x, &o->head) || !rows_of(x, &page, &o->rows))
        return false;
    audit(x, AUDIT_AUDIT_VIEW, ID_NONE,
          sv_printf(x->arena, "{\"before\":%" PRId64 ",\"rows\":%zu}", q->before, page.n));
    return true;
}

/* ---- search ---- */

static struct audit_query query_of(const struct call *c, const struct search_in *in)
{
    return (struct audit_query){
        .log = audit_log_def(c->object_text),
        .from = in->from,
        .to = in->to,
        .actor = in->actor,
        .object = in->object,
        .room = in->room,
        .receiver = in->receiver,
        .act = in->act,
        .ip = in->ip,
        .channel = in->channel,
        .result = in->result,
        .word = in->word,
    };
}

static sv searched(struct ctx *x, const struct audit_query *q, int64_t before, size_t rows)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    audit_query_write(&j, q);
    if (before)
        json_int(&j, "before", before);
    json_int(&j, "rows", (int64_t)rows);
    json_close(&j);
    return str_sv(&s);
}

static bool may_download(struct ctx *x)
{
    return reaches(x->actor.reach, M_AUDIT_DOWNLOAD) && !sv_equal(policy_text(x->policy, "plan.name"), SV("free"));
}

static bool search(struct ctx *x, struct call *c, void *out)
{
    const struct search_in *in = c->query;
    struct audit_query q = query_of(c, in);
    struct audit_entries page = {0};
    struct search_out *o = out;

    if (!audit_log_search(x, &q, in->before, in->limit ? in->limit : PAGE_ROWS, &page, &o->next) ||
        !head_of(x, &o->head) || !audit_term_from(x, &o->from.ms) || !rows_of(x, &page, &o->rows))
        return false;
    o->download = may_download(x);
    audit(x, AUDIT_AUDIT_VIEW, ID_NONE, searched(x, &q, in->before, page.n));
    return true;
}

static bool receivers(struct ctx *x, struct call *c, void *out)
{
    const struct receivers_in *in = c->query;
    const struct audit_log_def *log = audit_log_def(c->object_text);
    struct receivers_out *o = out;
    struct audit_entries page = {0};
    enum audit_kind kind;
    bool more;

    if (!audit_log_page(x, in->seq + 1, 1, &page, &more))
        return false;
    if (page.n == 0 || page.v[0].seq != in->seq || !audit_find(page.v[0].act, &kind) ||
        !sv_equal(sv_c(audit_def(kind)->log), sv_c(log->log)))
        return fail(&x->failure, E_NOT_FOUND, "no row of this log");
    audit(x, AUDIT_AUDIT_VIEW, ID_NONE, sv_printf(x->arena, "{\"log\":\"%s\",\"receivers\":%" PRId64 "}", log->id, in->seq));
    return receivers_of(x, &page.v[0], RECEIVERS_MAX, &o->receivers, &o->received);
}

/* ---- downloads ---- */

static sv state_name(enum file_state s)
{
    return s == FILE_READY ? SV("ready") : s == FILE_FAILED ? SV("failed") : SV("making");
}

static bool download_of(struct ctx *x, const struct file *f, struct download_out *o)
{
    const struct audit_log_def *log = audit_download_log(x, f);

    if (!log || !reaches(x->actor.reach, log->menu))
        return false;
    *o = (struct download_out){
        .id = f->id,
        .name = f->name,
        .log = sv_c(log->id),
        .state = state_name(f->state),
        .by = f->made_by,
        .by_name = audit_name_of(x, f->made_by),
        .made = {f->made_ms},
        .until = {f->until_ms},
        .rows = f->rows,
        .size = f->size,
        .query = f->query,
    };
    return true;
}

static bool download_start(struct ctx *x, struct call *c, void *out)
{
    struct audit_query q = query_of(c, c->in);
    struct file f;

    if (!audit_download_start(x, &q, &f)) {
        audit(x, AUDIT_AUDIT_DOWNLOAD, ID_NONE, searched(x, &q, 0, 0));
        return false;
    }
    audit(x, AUDIT_AUDIT_DOWNLOAD, f.id, audit_download_detail(x, &f));
    return download_of(x, &f, out) ? true : fail(&x->failure, E_INTERNAL, "a download of no log");
}

static bool download_list(struct ctx *x, struct call *c, void *out)
{
    struct downloads_out *o = out;
    struct file_set all = {0};
    size_t n = 0;

    (void)c;
    if (!file_list(x, FILE_AUDIT, &all))
        return false;
    struct download_out *v = ANEWN(x->arena, struct download_out, all.n);
    for (size_t i = 0; i < all.n; i++)
        n += download_of(x, &all.v[i], &v[n]);
    o->downloads = (struct list){v, n};
    audit(x, AUDIT_AUDIT_VIEW, ID_NONE, sv_printf(x->arena, "{\"log\":\"download\",\"rows\":%zu}", n));
    return true;
}

static bool download_fetch(struct ctx *x, struct call *c, void *out)
{
    struct file *f = ANEW(x->arena, struct file);

    (void)out;
    if (!file_find(x, c->object, f))
        return false;
    audit(x, AUDIT_AUDIT_FETCH, f->id, audit_download_detail(x, f));
    if (sv_equal(policy_text(x->policy, "plan.name"), SV("free")))
        return fail(&x->failure, E_PLAN_REQUIRED, "no downloads in the free plan");
    if (f->state != FILE_READY)
        return fail(&x->failure, E_CONFLICT, "the file is not ready");
    c->file = (struct file_out){.name = f->name, .type = "text/csv; charset=utf-8", .size = f->size, .piece = file_piece, .state = f};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.audit.list", .method = GET, .path = "/console/audit", .who = WHO_CONSOLE,
     .menu = M_AUDIT_CONSOLE, .flags = OP_READ, .audit = AUDIT_AUDIT_VIEW, .query = &audit_list_in,
     .out = &audit_page_out, .run = audit_list, .doc = "All logs in the order of their rows, newest first; the view is a row itself."},
    {.name = "console.audit.search", .method = GET, .path = "/console/audit/:log", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .object = OBJ_LOG, .flags = OP_READ, .audit = AUDIT_AUDIT_VIEW, .query = &search_in, .out = &search_out, .run = search,
     .doc = "Searches one log, newest first; the search is a row itself, with what was asked."},
    {.name = "console.audit.receivers", .method = GET, .path = "/console/audit/:log/receivers", .who = WHO_CONSOLE, .menu = MENU_ANY,
     .object = OBJ_LOG, .flags = OP_READ, .audit = AUDIT_AUDIT_VIEW, .query = &receivers_in, .out = &receivers_out, .run = receivers,
     .doc = "All who received a message, by the number of its row: who was in the room when it was sent."},
    {.name = "console.audit.download", .method = POST, .path = "/console/audit/:log/downloads", .who = WHO_CONSOLE,
     .menu = M_AUDIT_DOWNLOAD, .object = OBJ_LOG, .flags = OP_WRITE | OP_FRESH, .audit = AUDIT_AUDIT_DOWNLOAD, .in = &download_in,
     .out = &download_out, .run = download_start, .doc = "Begins to make a file of what a search finds; it is kept for seven days."},
    {.name = "console.download.list", .method = GET, .path = "/console/downloads", .who = WHO_CONSOLE,
     .menu = M_AUDIT_DOWNLOAD, .flags = OP_READ, .audit = AUDIT_AUDIT_VIEW, .out = &downloads_out, .run = download_list,
     .doc = "The files of the logs within reach, and how far they are; the view is a row itself."},
    {.name = "console.download.fetch", .method = GET, .path = "/console/downloads/:file", .who = WHO_CONSOLE,
     .menu = M_AUDIT_DOWNLOAD, .object = OBJ_FILE, .flags = OP_READ | OP_FRESH | OP_FILE, .audit = AUDIT_AUDIT_FETCH,
     .run = download_fetch, .doc = "The file: CSV, UTF-8 with a byte order mark."},
};
/* clang-format on */
const struct op_table audit_ops = {ops, COUNT(ops)};
