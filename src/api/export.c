/* api/export.c: asking for a room's export, what became of it, and the archive as it is sent. */
#include "api/export.h"
#include "api/app.h"
#include "base/zone.h"
#include "core/tenant.h"
#include "svc/file/storage.h"
#include "svc/talk/message.h"

#define AT_ONCE    2                                      /* of one member */
#define OF_ALL     8                                      /* being made */
#define KEPT       20                                     /* of one member */
#define PATH_BYTES 180
#define MB         1048576

/* ---- what it is ---- */

sv export_query_write(struct ctx *x, const struct export_query *q)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_id(&j, "room", q->room);
    json_int(&j, "upto", q->upto);
    json_int(&j, "units", q->units);
    json_bool(&j, "english", q->english);
    json_int(&j, "channel", q->channel);
    json_text(&j, "ip", q->ip);
    json_close(&j);
    return str_sv(&text);
}

static int64_t int_of(const struct json_value *v, const char *name)
{
    const struct json_value *n = json_get(v, sv_c(name));

    return n && n->type == JSON_NUMBER && n->whole ? n->i : 0;
}

bool export_query_read(struct ctx *x, sv text, struct export_query *out)
{
    struct json_value v;

    *out = (struct export_query){0};
    const struct json_value *room = json_read(x->arena, text, &v, NULL) ? json_get(&v, SV("room")) : NULL, *ip = room ? json_get(&v, SV("ip")) : NULL,
                            *english = room ? json_get(&v, SV("english")) : NULL;
    if (!room || !sv_id(room->text, &out->room))
        return fail(&x->failure, E_INTERNAL, "an export of no room");
    out->upto = int_of(&v, "upto");
    out->units = int_of(&v, "units");
    out->channel = (enum channel)int_of(&v, "channel");
    out->english = english && english->yes;
    out->ip = ip ? sv_dup(x->arena, ip->text) : SV("");
    return true;
}

/* n bytes of what is stored, from `at` on. */
static bool stored_bytes(struct ctx *x, const struct file *f, int64_t at, int64_t n, struct str *out)
{
    while (n > 0) {
        sv part;
        if (!file_piece(x, (void *)(uintptr_t)f, at, &part))
            return false;
        part = sv_upto(part, (size_t)n);
        str_put(out, part);
        at += (int64_t)part.n;
        n -= (int64_t)part.n;
    }
    return true;
}

bool export_told_read(struct ctx *x, const struct file *f, struct export_told *out)
{
    int64_t *const fields[] = {&out->html, &out->json, &out->list, &out->html_crc, &out->json_crc, &out->time, &out->messages, &out->files, &out->missing, &out->size};
    struct str line = STR_IN(x->arena);
    sv rest, part;

    *out = (struct export_told){0};
    if (f->size < EXPORT_TRAILER || !stored_bytes(x, f, f->size - EXPORT_TRAILER, EXPORT_TRAILER, &line))
        return x->failure.code == E_NONE && fail(&x->failure, E_INTERNAL, "an export without its end");
    rest = str_sv(&line);
    for (size_t i = 0; i < COUNT(fields); i++)
        if (!sv_cut(&rest, ' ', &part) || !sv_int(part, fields[i]))
            return fail(&x->failure, E_INTERNAL, "an export with another end");
    return true;
}

sv export_detail(struct ctx *x, const struct file *f, const struct export_told *t)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);
    struct export_query q;

    json_open(&j, NULL);
    json_text(&j, "service", SV("talk"));
    if (export_query_read(x, f->query, &q))
        json_id(&j, "room", q.room);
    json_text(&j, "name", f->name);
    if (t) {
        json_int(&j, "size", t->size);
        json_int(&j, "messages", t->messages);
        json_int(&j, "files", t->files);
        json_int(&j, "missing", t->missing);
    }
    json_close(&j);
    return str_sv(&text);
}

/* ---- rights ---- */

bool export_allowed(struct ctx *x)
{
    return stored_may_download(x) && (!stored_marked(x) || fail(&x->failure, E_DENIED, "the phone app sees files with its mark alone"));
}

bool export_of_room(struct ctx *x, const struct file *f, struct room *r)
{
    struct export_query q;

    if (f->kind != FILE_TALK || f->made_by.n != x->actor.member.n)
        return fail(&x->failure, E_NOT_FOUND, "another's export");
    return export_query_read(x, f->query, &q) && talk_room_find(x, q.room, r);
}

bool export_visible(struct ctx *x, const struct call *c)
{
    struct file f;
    struct room r;

    return file_find(x, c->object, &f) && export_of_room(x, &f, &r);
}

/* Only a store that does not answer is a failure. */
static bool because(struct ctx *x, enum export_why w, enum export_why *why)
{
    if (err_def(x->failure.code)->status >= 500)
        return false;
    failure_clear(&x->failure);
    *why = w;
    return true;
}

bool export_file_may(struct ctx *x, id64 file, enum export_why *why, struct stored *s)
{
    struct message m;

    *s = (struct stored){0};
    *why = EXPORT_IN;
    if (!stored_find(x, file, s))
        return because(x, EXPORT_GONE, why);
    if (!s->message.n || !talk_message(x, talk_room_of(s->message), talk_seq_of(s->message), &m))
        return because(x, EXPORT_GONE, why);
    if (m.gone_ms)
        *why = EXPORT_GONE;
    else if (stored_over(x, m.sent_ms))
        *why = EXPORT_OLD;
    else if (!stored_name_passes(x, s->name))
        return because(x, EXPORT_TYPE, why);
    else if (!scan_passes(x, s->scan))
        return because(x, s->scan == SCAN_INFECTED ? EXPORT_INFECTED : EXPORT_HELD, why);
    return true;
}

/* "files/000123-1 見積書.pdf": of its own by number and place; no system minds a letter of it, and none cuts it. */
sv export_path(struct arena *a, int64_t seq, size_t place, sv name)
{
    struct str s = STR_IN(a);
    size_t dot = name.n;

    str_printf(&s, "files/%06" PRId64 "-%zu ", seq, place);
    for (size_t i = name.n; i-- > 0 && name.n - i <= 16;)
        if (name.p[i] == '.') {
            dot = i;
            break;
        }
    sv stem = sv_upto(name, dot), ending = sv_from(name, dot);
    if (stem.n + ending.n > PATH_BYTES) {
        stem = sv_upto(stem, PATH_BYTES - ending.n);
        while (stem.n && ((unsigned char)name.p[stem.n] & 0xc0) == 0x80)
            stem.n--;
    }
    for (size_t i = 0; i < stem.n + ending.n; i++) {
        char c = i < stem.n ? stem.p[i] : ending.p[i - stem.n];
        bool bad = (unsigned char)c < 32 || c == 127 || c == '/' || c == '\\' || c == ':' || c == '*' || c == '?' || c == '"' || c == '<' || c == '>' || c == '|';
        str_char(&s, bad ? '_' : c);
    }
    while (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' '))
        s.n--;
    return str_sv(&s);
}

/* ---- the archive, as it is asked for ---- */

struct entry {
    struct zip_entry zip;
    id64 file, blob;                                      /* ID_NONE: a text, which begins at `text` of what is stored */
    int64_t text;
    int64_t central;                                      /* where its record stands among those at the end */
    bool seen;                                            /* the member may have it, as was asked in this answer */
};
struct archive {
    struct arena *a;                                      /* of the request */
    struct file file;
    struct export_told told;
    id64 session;
    VEC(struct entry) entries;
    int64_t central, central_size;
    bool loaded;
};

static void add(struct archive *z, struct entry e)
{
    const struct entry *last = z->entries.n ? &z->entries.v[z->entries.n - 1] : NULL;

    e.zip.at = last ? last->zip.at + (int64_t)zip_head_size(&last->zip) + last->zip.size : 0;
    e.central = last ? last->central + (int64_t)zip_central_size(&last->zip) : 0;
    *PUSH(z->a, &z->entries) = e;
}

static bool line_read(struct archive *z, sv line)
{
    int64_t v[5];
    sv part;

    for (size_t i = 0; i < COUNT(v); i++)
        if (!sv_cut(&line, ' ', &part) || !sv_int(part, &v[i]))
            return false;
    add(z, (struct entry){.file = {v[0]}, .blob = {v[1]}, .zip = {.name = line, .crc = (uint32_t)v[3], .time = (uint32_t)v[4], .size = v[2]}});
    return true;
}

/* What was said and taken back since would still be read in it. */
static bool nothing_taken_back(struct ctx *x, const struct file *f)
{
    struct export_query q;
    bool any;

    if (!export_query_read(x, f->query, &q) || !talk_taken_back_since(x, q.room, q.upto, f->made_ms, &any))
        return false;
    return !any || fail(&x->failure, E_EXPORT_STALE, "a message of it was taken back");
}

static bool load(struct ctx *x, struct archive *z)
{
    struct str lines = STR_IN(z->a);
    const struct export_told *t = &z->told;
    uint32_t time = (uint32_t)t->time;
    sv rest, line;

    if (!nothing_taken_back(x, &z->file) || !stored_bytes(x, &z->file, t->html + t->json, t->list, &lines))
        return false;
    add(z, (struct entry){.zip = {.name = SV("talk.html"), .crc = (uint32_t)t->html_crc, .time = time, .size = t->html}});
    add(z, (struct entry){.zip = {.name = SV("talk.json"), .crc = (uint32_t)t->json_crc, .time = time, .size = t->json}, .text = t->html});
    for (rest = str_sv(&lines); sv_cut(&rest, '\n', &line) && line.n;)
        if (!line_read(z, line))
            return fail(&x->failure, E_INTERNAL, "a line of an export is none");
    const struct entry *last = &z->entries.v[z->entries.n - 1];
    z->central = last->zip.at + (int64_t)zip_head_size(&last->zip) + last->zip.size;
    z->central_size = last->central + (int64_t)zip_central_size(&last->zip);
    z->loaded = true;
    int64_t size = z->central + z->central_size + (int64_t)zip_end_size((int64_t)z->entries.n, z->central, z->central_size);
    return size == t->size || fail(&x->failure, E_INTERNAL, "an export of %" PRId64 " bytes has %" PRId64, t->size, size);
}

/* The last that begins at `at` or before. */
static size_t entry_at(const struct archive *z, int64_t at, bool central)
{
    size_t low = 0, high = z->entries.n;

    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if ((central ? z->entries.v[mid].central : z->entries.v[mid].zip.at) <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* With other signatures than the scanner is known to have: nobody gets it before it is looked at again, which the next making does. */
static bool judged_before(struct ctx *x, const struct stored *s)
{
    sv by;

    return scan_wanted(x) && tenant_signatures(x->tenant, x->arena, &by) && by.n && !sv_equal(by, s->scan_by);
}

/* Whether it still may be had is asked again when its bytes are reached: it may be hours since the answer began. */
static bool still(struct ctx *x, struct entry *e)
{
    enum export_why why;
    struct stored s;

    if (e->seen)
        return true;
    if (!export_file_may(x, e->file, &why, &s))
        return false;
    e->seen = why == EXPORT_IN && s.blob.n == e->blob.n && !judged_before(x, &s);
    return e->seen || fail(&x->failure, E_EXPORT_STALE, "a file of it is not to be had: %s", export_why_name(why));
}

static bool bytes_of(struct ctx *x, struct archive *z, struct entry *e, int64_t at, sv *out)
{
    if (!e->file.n) {
        if (!file_piece(x, &z->file, e->text + at, out))
            return false;
        *out = sv_upto(*out, (size_t)(e->zip.size - at));
        return true;
    }
    struct stored_reading *reading = ANEW(x->arena, struct stored_reading);
    struct stored s = {.blob = e->blob};
    return still(x, e) && stored_open(x, &s, e->blob, z->session, reading) && stored_piece(x, reading, at, out);
}

static bool session_there(struct ctx *x, id64 session)
{
    ROWS r = db_query(x->db, "SELECT 1 FROM session WHERE id = $1", ID(session));
    bool there = rows_next(&r);

    return rows_ok(&r) && (there || fail(&x->failure, E_SESSION_ENDED, "the session ended"));
}

static bool piece(struct ctx *x, void *state, int64_t at, sv *out)
{
    struct archive *z = state;
    struct str head = STR_IN(x->arena);

    x->actor.session = z->session;
    if (!session_there(x, z->session) || (!z->loaded && !load(x, z)))
        return false;
    if (at < z->central) {
        struct entry *e = &z->entries.v[entry_at(z, at, false)];
        int64_t within = at - e->zip.at, head_size = (int64_t)zip_head_size(&e->zip);
        if (within >= head_size)
            return bytes_of(x, z, e, within - head_size, out);
        zip_head(&head, &e->zip);
        *out = sv_from(str_sv(&head), (size_t)within);
        return true;
    }
    at -= z->central;
    if (at < z->central_size) {
        size_t i = entry_at(z, at, true);
        at -= z->entries.v[i].central;
        for (; i < z->entries.n && head.n < FILE_PIECE_MAX / 2; i++)
            zip_central(&head, &z->entries.v[i].zip);
    } else {
        at -= z->central_size;
        zip_end(&head, (int64_t)z->entries.n, z->central, z->central_size);
    }
    *out = sv_from(str_sv(&head), (size_t)at);
    return true;
}

bool export_fetch(struct ctx *x, struct call *c, const struct file_ticket *t)
{
    struct archive *z = ANEW(x->arena, struct archive);
    struct room r;
    bool first = true;

    *z = (struct archive){.a = x->arena, .session = t->session};
    if (!file_find(x, t->file, &z->file) || !export_of_room(x, &z->file, &r) || !export_allowed(x))
        return false;
    if (z->file.state != FILE_READY)
        return fail(&x->failure, E_NOT_FOUND, "it is not ready");
    if (!export_told_read(x, &z->file, &z->told) || (!c->head && !file_ticket_use(x, t, &first)))
        return false;
    c->repeat = true;                                     /* the row is written here */
    if (!c->head && first)
        audit(x, AUDIT_TALK_EXPORT_FETCH, z->file.id, export_detail(x, &z->file, &z->told));
    c->file = (struct file_out){.name = z->file.name, .type = "application/zip", .strange = true, .parts = true,
                                .etag = sv_printf(x->arena, "%" PRId64, z->file.id.n), .size = z->told.size, .piece = piece, .state = z};
    return true;
}

/* ---- operations ---- */

struct export_out {
    id64 id;
    sv name, state;
    int64_t progress, messages, files, missing, size;
    time64 made, until;
};
static const struct field export_out_fields[] = {
    FIELD(struct export_out, id, .doc = "the export"),
    FIELD(struct export_out, name, .doc = "of the archive"),
    FIELD(struct export_out, state, .doc = "making, ready, failed"),
    FIELD(struct export_out, progress, .doc = "of a hundred, while it is made"),
    FIELD(struct export_out, messages, .doc = "how many are in it, when it is ready"),
    FIELD(struct export_out, files, .doc = "how many are in it"),
    FIELD(struct export_out, missing, .doc = "files that are not in it: gone, limited, held or with malware; the page says which and why"),
    FIELD(struct export_out, size, .doc = "bytes of the archive"),
    FIELD(struct export_out, made, .doc = "when it was asked for"),
    FIELD(struct export_out, until, .doc = "when it is forgotten"),
};
static const struct schema export_out = SCHEMA("export_out", struct export_out, export_out_fields);

struct exports_out {
    struct list exports;
};
static const struct field exports_out_fields[] = {
    FIELD(struct exports_out, exports, .of = &export_out, .doc = "the caller's own of this room, newest first"),
};
static const struct schema exports_out = SCHEMA("exports_out", struct exports_out, exports_out_fields);

struct export_ticket_out {
    sv url;
    time64 until;
};
static const struct field export_ticket_out_fields[] = {
    FIELD(struct export_ticket_out, url, .doc = "address of the archive, as of a file (file.ticket); ranges are given"),
    FIELD(struct export_ticket_out, until, .doc = "when it is over"),
};
static const struct schema export_ticket_out = SCHEMA("export_ticket_out", struct export_ticket_out, export_ticket_out_fields);

static bool fill(struct ctx *x, const struct file *f, const struct export_query *q, struct export_out *o)
{
    struct export_told t = {0};

    if (f->state == FILE_READY && !export_told_read(x, f, &t))
        return false;
    int64_t done = q->units > 0 ? f->rows * 100 / q->units : 0;
    *o = (struct export_out){.id = f->id, .name = f->name, .state = f->state == FILE_READY ? SV("ready") : f->state == FILE_FAILED ? SV("failed") : SV("making"),
                             .progress = f->state == FILE_READY ? 100 : done < 99 ? done : 99, .messages = t.messages, .files = t.files,
                             .missing = t.missing, .size = t.size, .made = {f->made_ms}, .until = {f->until_ms}};
    return true;
}

/* Few are made at once; of a member's own the oldest makes way. */
static bool few(struct ctx *x)
{
    struct file_set all = {0};
    size_t making = 0, own = 0, own_making = 0;
    const struct file *oldest = NULL;

    if (!file_list(x, FILE_TALK, &all))
        return false;
    for (size_t i = 0; i < all.n; i++) {
        bool mine = all.v[i].made_by.n == x->actor.member.n, made = all.v[i].state == FILE_MAKING;
        making += made;
        own += mine;
        own_making += mine && made;
        if (mine && !made)
            oldest = &all.v[i];                           /* newest first */
    }
    if (making >= OF_ALL || own_making >= AT_ONCE)
        return fail(&x->failure, E_TOO_MANY, "%zu exports are being made", making);
    return own < KEPT || !oldest || file_over(x, oldest->id);
}

/* "大船店 2026-11-28.zip" */
static sv name_of(struct ctx *x, const struct room *r)
{
    sv zone = policy_text(x->policy, "tenant.time_zone"), day = date_text(x->arena, zone_day(zone, x->now_ms));
    sv path = export_path(x->arena, 0, 1, r->name.n ? r->name : SV("talk"));

    return sv_printf(x->arena, "%.*s %.*s.zip", SV_ARG(sv_from(path, sizeof("files/000000-1 ") - 1)), SV_ARG(day));
}

static bool start(struct ctx *x, struct call *c, void *out)
{
    struct export_query q = {.room = c->object, .english = x->actor.english, .channel = x->actor.channel, .ip = x->actor.ip};
    struct storage held;
    struct room r;

    if (!talk_room_find(x, c->object, &r) || !export_allowed(x) || !few(x) || !storage_of(x, c->object, &held))
        return false;
    q.upto = r.last_seq;
    q.units = 1 + 3 * (r.last_seq > r.first_seq ? r.last_seq - r.first_seq + 1 : 1) + held.bytes / MB + held.files;
    struct file f = {.kind = FILE_TALK, .name = name_of(x, &r), .query = export_query_write(x, &q)};
    if (!file_add(x, &f))
        return false;
    effect(x, EFF_FILE, f.id.n, 0);
    audit(x, AUDIT_TALK_EXPORT, f.id, export_detail(x, &f, NULL));
    return fill(x, &f, &q, out);
}

static bool list(struct ctx *x, struct call *c, void *out)
{
    struct exports_out *o = out;
    struct file_set all = {0};
    size_t n = 0;

    if (!file_list(x, FILE_TALK, &all))
        return false;
    struct export_out *v = ANEWN(x->arena, struct export_out, all.n);
    for (size_t i = 0; i < all.n; i++) {
        struct export_query q;
        if (all.v[i].made_by.n != x->actor.member.n)
            continue;
        if (!export_query_read(x, all.v[i].query, &q) || (q.room.n == c->object.n && !fill(x, &all.v[i], &q, &v[n++])))
            return false;
    }
    o->exports = (struct list){v, n};
    return true;
}

static bool ticket_ask(struct ctx *x, struct call *c)
{
    c->prepared = x;                                      /* once is enough, whatever it answers */
    scan_ask(x);
    return true;
}

/* All of it is asked for before the first byte leaves: an archive that breaks off in the middle is of no use to anybody. */
static bool ticket(struct ctx *x, struct call *c, void *out)
{
    struct archive z = {.a = x->arena};
    struct file_ticket t = {.use = FILE_USE_EXPORT, .file = c->object};
    struct room r;
    sv by;

    if (!file_find(x, c->object, &z.file) || !export_of_room(x, &z.file, &r) || !export_allowed(x))
        return false;
    if (z.file.state != FILE_READY)
        return fail(&x->failure, E_CONFLICT, "it is not ready");
    if (!c->prepared && scan_wanted(x) && !tenant_signatures(x->tenant, x->arena, &by)) {
        c->look = true;
        return fail(&x->failure, E_RETRY, "the scanner is asked first");
    }
    if (!export_told_read(x, &z.file, &z.told) || !load(x, &z))
        return false;
    for (size_t i = 0; i < z.entries.n; i++)
        if (z.entries.v[i].file.n && !still(x, &z.entries.v[i]))
            return false;
    sv text = file_ticket_new(x, &t);
    *(struct export_ticket_out *)out = (struct export_ticket_out){
        sv_printf(x->arena, "%.*s/t/%" PRId64 "/file/%.*s", SV_ARG(x->actor.files), x->tenant->number, SV_ARG(text)), {t.until_ms}};
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "talk.export", .method = POST, .path = "/rooms/:room/exports", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM, .flags = OP_WRITE,
     .audit = AUDIT_TALK_EXPORT, .out = &export_out, .run = start,
     .doc = "Begins to export a room with its files, as far as the caller sees and may have them."},
    {.name = "talk.export.list", .method = GET, .path = "/rooms/:room/exports", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &exports_out, .run = list, .doc = "The caller's exports of a room, and how far they are."},
    {.name = "talk.export.ticket", .method = POST, .path = "/exports/:export/ticket", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_EXPORT, .flags = OP_READ,
     .audit = AUDIT_NONE, .out = &export_ticket_out, .run = ticket, .look = ticket_ask,
     .doc = "An address at which an export can be had for a while, without a cookie."},
};
/* clang-format on */
const struct op_table export_ops = {ops, COUNT(ops)};
