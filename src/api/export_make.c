/* api/export_make.c: the making of an export, piece by piece: which files there are, whether each may come along and its sum, the rows
 * of the log, the two texts, and the list by which the archive is put together. */
#include "api/export.h"
#include "api/stored.h"
#include "base/zone.h"
#include "core/full_name.h"
#include "core/tenant.h"
#include "svc/org/org.h"
#include "svc/talk/message.h"
#include "svc/talk/place.h"

#define PAGE     100                                      /* messages of a piece */
#define CHUNKS   16                                       /* of a file that are read in a piece: 1 MiB */
#define ROWS_    200                                      /* of the log, in one store */
#define LINES    500
#define TELL     32                                       /* pieces after which it is told how far it is */

enum phase { PH_FIND, PH_SUM, PH_LOG, PH_HTML, PH_JSON, PH_LIST };

struct checked {
    id64 blob;
    struct scan_found found;
};
struct person {
    id64 id;
    sv name;
};
struct making {
    struct arena *a;                                      /* of the making */
    struct export_query q;
    struct export_told told;
    struct export_files files;
    VEC(struct person) people;
    VEC(struct checked) checked;                          /* since the last store */
    id64 member;
    sv zone, day, by, time, room;
    enum phase phase;
    int64_t after;                                        /* the last message that was written */
    size_t at, log_from;                                  /* a file; log_from … at: rows to be written */
    int64_t done;                                         /* bytes of file `at` that are summed up */
    unsigned pieces;
    bool begun, any;
};

static bool begin(struct ctx *x, const struct file *f, void *state)
{
    struct making *m = state;

    *m = (struct making){.a = x->arena, .member = f->made_by};
    if (!export_query_read(x, f->query, &m->q))
        return false;
    m->zone = sv_dup(x->arena, policy_text(x->policy, "tenant.time_zone"));
    m->day = (sv){arena_alloc(x->arena, 16), 0};
    m->told.time = zip_time(x->now_ms + zone_offset_ms(m->zone, x->now_ms));
    return true;
}

/* The member who asked, at the device at which it did. */
static void act_as(const struct making *m, struct ctx *x)
{
    x->actor.member = m->member;
    x->actor.channel = m->q.channel;
    x->actor.ip = m->q.ip;
    x->actor.english = m->q.english;
}

static sv name_of(void *of, struct ctx *x, id64 member, sv otherwise)
{
    struct making *m = of;
    struct member found;
    struct failure before = x->failure;

    if (!member.n)
        return otherwise.n ? otherwise : m->q.english ? SV("System") : SV("システム");
    for (size_t i = 0; i < m->people.n; i++)
        if (m->people.v[i].id.n == member.n)
            return m->people.v[i].name;
    sv name = otherwise.n ? otherwise : m->q.english ? SV("Former member") : SV("退職したメンバー");
    if (org_member_find_any(x, member, &found))
        name = full_name(x->arena, found.family, found.given);
    else if (x->failure.code == E_NOT_FOUND)
        x->failure = before;
    *PUSH(m->a, &m->people) = (struct person){member, sv_dup(m->a, name)};
    return m->people.v[m->people.n - 1].name;
}

/* They stand in the order of their messages. */
static const struct export_file *file_of(void *of, int64_t seq, id64 file)
{
    const struct making *m = of;
    size_t low = 0, high = m->files.n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (m->files.v[mid].seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < m->files.n && m->files.v[low].seq == seq; low++)
        if (m->files.v[low].id.n == file.n)
            return &m->files.v[low];
    return NULL;
}

/* The next messages, oldest first: `each` is called for them. *last: there are no more. */
static bool messages(struct making *m, struct ctx *x, void (*each)(struct making *m, struct export_page *p, const struct message *one),
                     struct export_page *p, int64_t *rows, bool *last)
{
    struct messages page = {0};
    bool newer;

    if (!talk_history_after(x, m->q.room, m->after, PAGE, &page, &newer))
        return false;
    *last = !newer;
    for (size_t i = page.n; i-- > 0;) {
        if (page.v[i].seq > m->q.upto) {
            *last = true;
            break;
        }
        m->after = page.v[i].seq;
        each(m, p, &page.v[i]);
        (*rows)++;
    }
    return x->failure.code == E_NONE;
}

static void turn_to(struct making *m, enum phase next)
{
    m->phase = next;
    m->after = 0;
    m->at = m->log_from = 0;
    m->begun = m->any = false;
    m->day.n = 0;
}

/* ---- files ---- */

static void find_files(struct making *m, struct export_page *p, const struct message *one)
{
    const struct talk_file *v = one->content.files.v;

    (void)p;
    for (size_t i = 0; !one->gone_ms && i < one->content.files.n; i++)
        *PUSH(m->a, &m->files) = (struct export_file){
            .id = v[i].id, .seq = one->seq, .size = v[i].size, .sent_ms = one->sent_ms, .path = export_path(m->a, one->seq, i + 1, v[i].name),
            .time = zip_time(one->sent_ms + zone_offset_ms(m->zone, one->sent_ms)),
        };
}

static bool find(struct making *m, struct ctx *x, int64_t *rows)
{
    bool last;

    if (!messages(m, x, find_files, NULL, rows, &last))
        return false;
    if (m->files.n > EXPORT_FILES)
        return fail(&x->failure, E_TOO_LARGE, "more than %d files", EXPORT_FILES);
    if (last)
        turn_to(m, PH_SUM);
    return true;
}

/* With the signatures that the scanner has now, as at any use of a file; what it says is kept with the next store. */
static bool look_again(struct making *m, struct ctx *x, struct stored *s)
{
    struct scan_found found;
    bool looked;

    if (!scan_due(x, s))
        return true;
    if (!scan_again(x, s, &found, &looked))
        return false;
    if (!looked)
        return true;
    found.name = sv_dup(m->a, found.name);
    found.by = sv_dup(m->a, found.by);
    *PUSH(m->a, &m->checked) = (struct checked){s->blob, found};
    if (s->scan != SCAN_INFECTED)
        s->scan = found.state;
    return true;
}

static bool first_look(struct making *m, struct ctx *x, struct export_file *f)
{
    struct stored s;

    if (!export_file_may(x, f->id, &f->why, &s))
        return false;
    if (f->why == EXPORT_IN || f->why == EXPORT_HELD) {
        if (!look_again(m, x, &s) && err_def(x->failure.code)->status >= 500)
            return false;
        failure_clear(&x->failure);
        bool passes = scan_passes(x, s.scan);
        f->why = passes ? EXPORT_IN : s.scan == SCAN_INFECTED ? EXPORT_INFECTED : EXPORT_HELD;
        failure_clear(&x->failure);
    }
    f->blob = s.blob;
    if (f->why == EXPORT_IN)
        f->size = s.size;
    return true;
}

static bool sum_chunks(struct making *m, struct ctx *x, struct export_file *f)
{
    struct stored_reading *reading = ANEW(x->arena, struct stored_reading);
    struct stored s = {.blob = f->blob};

    if (!stored_open(x, &s, f->blob, ID_NONE, reading))
        return false;
    for (int i = 0; i < CHUNKS && m->done < f->size; i++) {
        sv bytes;
        if (!blob_read(&reading->blob, m->done, BLOB_CHUNK, x->arena, &bytes, &x->failure))
            return false;
        f->crc = zip_crc(f->crc, bytes);
        m->done += (int64_t)bytes.n;
    }
    return true;
}

/* A file that goes while it is read is one that was gone. */
static bool sum(struct making *m, struct ctx *x, int64_t *rows)
{
    struct export_file *f = m->at < m->files.n ? &m->files.v[m->at] : NULL;

    if (!f) {
        turn_to(m, PH_LOG);
        return true;
    }
    if (m->done == 0 && !first_look(m, x, f))
        return false;
    if (f->why == EXPORT_IN && !sum_chunks(m, x, f)) {
        if (x->failure.code != E_NOT_FOUND)
            return false;
        failure_clear(&x->failure);
        f->why = EXPORT_GONE;
    }
    *rows += f->why == EXPORT_IN;
    if (f->why != EXPORT_IN || m->done >= f->size) {
        m->told.files += f->why == EXPORT_IN;
        m->told.missing += f->why != EXPORT_IN;
        m->at++;
        m->done = 0;
    }
    return true;
}

/* ---- the log: whose hands each file comes into is told before the archive can be had (FIL-10) ---- */

static bool log_rows(struct making *m, struct ctx *x)
{
    m->log_from = m->at;
    m->at = m->at + ROWS_ < m->files.n ? m->at + ROWS_ : m->files.n;
    if (m->log_from == m->files.n || !policy_bool(x->policy, "file.download_log"))
        turn_to(m, PH_HTML);
    return true;
}

static sv file_detail(struct ctx *x, const struct making *m, const struct export_file *f, id64 export)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "service", SV("talk"));
    json_id(&j, "room", m->q.room);
    json_int(&j, "seq", f->seq);
    json_text(&j, "name", f->path);
    json_int(&j, "size", f->size);
    json_id(&j, "export", export);
    json_close(&j);
    return str_sv(&text);
}

static bool full(const void *state)
{
    const struct making *m = state;

    return m->checked.n || (m->phase == PH_LOG && m->at > m->log_from) || m->pieces % TELL == 0;
}

static bool found(struct ctx *x, const struct file *f, const void *state)
{
    const struct making *m = state;

    for (size_t i = 0; i < m->checked.n; i++)
        if (!file_checked(x, m->checked.v[i].blob, &m->checked.v[i].found))
            return false;
    act_as(m, x);
    for (size_t i = m->log_from; m->phase == PH_LOG && i < m->at; i++)
        if (m->files.v[i].why == EXPORT_IN)
            audit(x, AUDIT_FILE_DOWNLOAD, m->files.v[i].id, file_detail(x, m, &m->files.v[i], f->id));
    return true;
}

/* ---- texts ---- */

static struct export_page page_of(struct making *m, struct ctx *x, struct str *out)
{
    return (struct export_page){.x = x, .out = out, .english = m->q.english, .zone = m->zone, .day = m->day, .any = m->any,
                                .name_of = name_of, .file_of = file_of, .of = m};
}

static void html_message(struct making *m, struct export_page *p, const struct message *one)
{
    m->told.messages++;
    export_html_message(p, one);
}

static void json_message(struct making *m, struct export_page *p, const struct message *one)
{
    (void)m;
    export_json_message(p, one);
}

static bool text(struct making *m, struct ctx *x, struct str *out, int64_t *rows)
{
    struct export_page p = page_of(m, x, out);
    struct export_head head = {m->room, m->by, m->time};
    bool html = m->phase == PH_HTML, last;
    size_t before = out->n;

    if (!m->begun)
        (html ? export_html_head : export_json_head)(&p, &head);
    m->begun = true;
    if (!messages(m, x, html ? html_message : json_message, &p, rows, &last))
        return false;
    if (last && html)
        export_html_end(&p, &m->told);
    else if (last)
        export_json_end(&p);
    int64_t *crc = html ? &m->told.html_crc : &m->told.json_crc;
    *crc = zip_crc((uint32_t)*crc, sv_from(str_sv(out), before));
    *(html ? &m->told.html : &m->told.json) += (int64_t)(out->n - before);
    m->day = p.day;
    m->any = p.any;
    if (last)
        turn_to(m, html ? PH_JSON : PH_LIST);
    return true;
}

/* ---- the list, and the line behind it ---- */

static void trailer(struct making *m, struct str *out)
{
    size_t before = out->n;

    str_printf(out, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, m->told.html, m->told.json,
               m->told.list, m->told.html_crc, m->told.json_crc, m->told.time, m->told.messages, m->told.files, m->told.missing, m->told.size);
    ENSURE(out->n - before < EXPORT_TRAILER);
    while (out->n - before < EXPORT_TRAILER - 1)
        str_char(out, ' ');
    str_char(out, '\n');
}

/* What the archive comes to: as export.c puts it together. */
static int64_t whole_size(const struct making *m)
{
    struct zip_entry e = {.name = SV("talk.html"), .size = m->told.html};
    int64_t central = (int64_t)zip_central_size(&e);

    e.at = (int64_t)zip_head_size(&e) + e.size;
    e.name = SV("talk.json");
    e.size = m->told.json;
    central += (int64_t)zip_central_size(&e);
    e.at += (int64_t)zip_head_size(&e) + e.size;
    for (size_t i = 0; i < m->files.n; i++)
        if (m->files.v[i].why == EXPORT_IN) {
            e.name = m->files.v[i].path;
            e.size = m->files.v[i].size;
            central += (int64_t)zip_central_size(&e);
            e.at += (int64_t)zip_head_size(&e) + e.size;
        }
    return e.at + central + (int64_t)zip_end_size(m->told.files + 2, e.at, central);
}

static bool list(struct making *m, struct str *out, bool *end)
{
    size_t before = out->n;

    for (int n = 0; n < LINES && m->at < m->files.n; n++, m->at++) {
        const struct export_file *f = &m->files.v[m->at];
        if (f->why == EXPORT_IN)
            str_printf(out, "%" PRId64 " %" PRId64 " %" PRId64 " %u %u %.*s\n", f->id.n, f->blob.n, f->size, f->crc, f->time, SV_ARG(f->path));
    }
    m->told.list += (int64_t)(out->n - before);
    *end = m->at == m->files.n;
    if (*end) {
        m->told.size = whole_size(m);
        trailer(m, out);
    }
    return true;
}

static bool heads(struct making *m, struct ctx *x)
{
    struct room r;

    if (!talk_room_seen_by(x, m->q.room, m->member, &r))
        return false;
    m->room = sv_dup(m->a, r.name);
    m->by = name_of(m, x, m->member, SV_NONE);
    m->time = sv_dup(m->a, export_local_time(x, m->zone, x->now_ms));
    return true;
}

static bool piece(struct ctx *x, void *state, struct str *out, int64_t *rows, bool *end)
{
    struct making *m = state;

    act_as(m, x);
    m->checked.n = 0;                                     /* they are stored: full() */
    m->pieces++;
    if (!m->by.n && !heads(m, x))
        return false;
    switch (m->phase) {
    case PH_FIND: return find(m, x, rows);
    case PH_SUM: return sum(m, x, rows);
    case PH_LOG: return log_rows(m, x);
    case PH_HTML:
    case PH_JSON: return text(m, x, out, rows);
    case PH_LIST: return list(m, out, end);
    }
    return false;
}

static bool ready(struct ctx *x, const struct file *f)
{
    struct export_query q;
    struct export_told told;

    if (!export_query_read(x, f->query, &q) || !export_told_read(x, f, &told))
        return false;
    x->actor.member = f->made_by;
    audit(x, AUDIT_TALK_EXPORTED, f->id, export_detail(x, f, &told));
    x->actor.member = ID_NONE;
    return talk_notice_in(x, f->made_by, sv_printf(x->arena, "トークルームの書き出し「%.*s」ができました。7日以内に、ルームの情報の「書き出し」から保存してください。", SV_ARG(f->name)),
                          sv_printf(x->arena, "Your export %.*s is ready. Please save it within 7 days: in the information of the room, under Export.", SV_ARG(f->name)));
}

const struct file_maker export_maker = {.kind = FILE_TALK, .state_size = sizeof(struct making), .begin = begin, .piece = piece, .ready = ready,
                                        .full = full, .found = found, .looks = true};
