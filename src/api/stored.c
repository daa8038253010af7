/* api/stored.c: files of talk: uploads in parts, tickets, and the bytes. */
#include "api/stored.h"
#include "api/app.h"
#include "api/export.h"
#include "api/watermark.h"
#include "core/network.h"
#include "svc/file/file_type.h"
#include "svc/file/ticket.h"
#include "svc/talk/message.h"

#define FILE_MAX   (INT64_C(2) << 30)                     /* the greatest value of talk.file_max_size */
#define UNMARKED_S 60                                     /* a setting binds by then */

static const struct field upload_in_fields[] = {
    FIELD(struct upload_in, name, .need = true, .min = 1, .max = 1000, .doc = "what the file is called; cleaned before it is shown"),
    FIELD(struct upload_in, size, .need = true, .min = 1, .max = FILE_MAX, .doc = "bytes"),
    FIELD(struct upload_in, sha256, .need = true, .min = 64, .max = 64, .doc = "SHA-256 of its bytes in hex"),
};
const struct schema upload_in = SCHEMA("upload_in", struct upload_in, upload_in_fields);

struct part_query {
    int64_t at;
};
static const struct field part_query_fields[] = {
    FIELD(struct part_query, at, .need = true, .min = 0, .max = FILE_MAX, .doc = "where the part begins: `stored` of the last answer"),
};
static const struct schema part_query = SCHEMA("part_query", struct part_query, part_query_fields);

/* What the scanner for malware was asked in the course of an operation: the first field of what it prepares. */
struct asked {
    id64 blob;
    bool looked;                                          /* else it was not due any more */
    struct scan_found found;
};

#define CHECK_DOC "by the scanner for malware: none: nobody looked; clean; unscannable: it could not look into it"

static const struct field upload_out_fields[] = {
    FIELD(struct upload_out, id, .doc = "of the upload, and of the file when it is sent"),
    FIELD(struct upload_out, name, .doc = "as it will be shown"),
    FIELD(struct upload_out, type, .doc = "media type by its content; before it is whole: application/octet-stream"),
    FIELD(struct upload_out, size, .doc = "bytes as declared"),
    FIELD_AS("stored", struct upload_out, have, .doc = "bytes that are on the disk: where the next part begins"),
    FIELD(struct upload_out, part_max, .doc = "bytes of a part at most; one that is not the last is a multiple of 65536"),
    FIELD(struct upload_out, ready, .doc = "whole and as declared: it may be sent"),
    FIELD(struct upload_out, check, .doc = CHECK_DOC "; held: nobody can have it before the scanner has answered"),
    FIELD(struct upload_out, until, .sparse = true, .doc = "when it is forgotten, unless it is sent before"),
};
const struct schema upload_out = SCHEMA("upload_out", struct upload_out, upload_out_fields);

struct ticket_in {
    sv use;
};
static const struct field ticket_in_fields[] = {
    FIELD(struct ticket_in, use, .need = true, .one_of = "save|show|small|large",
          .doc = "save: once, as an attachment; show: in place, in parts too; small, large: a picture that was made of it"),
};
static const struct schema ticket_in = SCHEMA("file_ticket_in", struct ticket_in, ticket_in_fields);

struct page_in {
    int64_t page;
};
static const struct field page_in_fields[] = {
    FIELD(struct page_in, page, .need = true, .min = 1, .max = MEDIA_PAGES, .doc = "from 1"),
};
static const struct schema page_in = SCHEMA("file_page_in", struct page_in, page_in_fields);

struct ticket_out {
    sv url, check;
    time64 until;
    struct ref mark;
};
static const struct field ticket_out_fields[] = {
    FIELD(struct ticket_out, url, .doc = "address of the file at the files' own origin, or a path where they have none; needs no cookie"),
    FIELD(struct ticket_out, check, .doc = CHECK_DOC),
    FIELD(struct ticket_out, until, .doc = "when it is over"),
    FIELD(struct ticket_out, mark, .of = &watermark_out, .sparse = true,
          .doc = "for the phone app, where the company wants it: the text that is drawn into pictures, and that is to be shown over films and texts"),
};
static const struct schema ticket_out = SCHEMA("file_ticket_out", struct ticket_out, ticket_out_fields);

static void upload_fill(const struct stored *s, struct upload_out *o)
{
    *o = (struct upload_out){.id = s->id, .name = s->name, .type = s->type, .size = s->size, .have = s->have, .part_max = STORED_PART_MAX,
                             .ready = s->state != STORED_COMING, .check = sv_c(scan_name(s->scan)), .until = {s->until_ms ? s->until_ms : -1}};
}

/* For the log: enough to find it by its name, and by its room. */
static sv detail_with(struct ctx *x, const struct stored *s, const struct scan_found *found)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "service", s->room.n ? SV("talk") : SV("photo"));
    if (s->room.n)
        json_id(&j, "room", s->room);
    if (s->message.n)
        json_int(&j, "seq", talk_seq_of(s->message));
    json_text(&j, "name", s->name);
    json_int(&j, "size", s->size);
    if (found)
        json_text(&j, "check", sv_c(scan_name(found->state)));
    if (found && found->name.n)
        json_text(&j, "found", found->name);
    json_close(&j);
    return str_sv(&text);
}

static sv detail(struct ctx *x, const struct stored *s)
{
    return detail_with(x, s, NULL);
}

static sv checked(struct ctx *x, const struct stored *s, const struct stored_part *p)
{
    return detail_with(x, s, &p->scan);
}

/* ---- in ---- */

bool upload_begin(struct ctx *x, id64 room, const struct upload_in *in, struct upload_out *out)
{
    struct stored s;

    if (!stored_begin(x, room, in->name, in->size, in->sha256, &s)) {
        audit(x, AUDIT_FILE_UPLOAD, room, detail(x, &s));
        return false;
    }
    audit(x, AUDIT_FILE_UPLOAD, s.id, detail(x, &s));
    upload_fill(&s, out);
    return true;
}

static bool begin(struct ctx *x, struct call *c, void *out)
{
    struct room r;

    if (!talk_room_find(x, c->object, &r))
        return false;
    if (r.kind == ROOM_NOTICE)
        return fail(&x->failure, E_DENIED, "service notices have no files");
    return upload_begin(x, c->object, c->in, out);
}

static bool part_prepare(struct ctx *x, struct call *c)
{
    const struct part_query *q = c->query;
    struct stored_part *p = ANEW(x->arena, struct stored_part);
    id64 id;

    c->prepared = p;
    if (!sv_id(c->object_text, &id))
        return fail(&x->failure, E_NOT_FOUND, "not an id");
    if (!stored_part(x, id, q->at, c->body, p))
        return false;
    c->look = p->look;
    return true;
}

static bool part(struct ctx *x, struct call *c, void *out)
{
    const struct stored_part *p = c->prepared;
    struct stored s;

    if (!stored_took(x, p, &s)) {
        if (p->refusal != E_NONE)
            audit(x, AUDIT_FILE_UPLOADED, p->file.id, checked(x, &p->file, p));
        return false;
    }
    if (p->last)
        audit(x, AUDIT_FILE_UPLOADED, s.id, checked(x, &s, p));
    c->repeat = !p->last;                                 /* the file's row is that of its last part */
    upload_fill(&s, out);
    return true;
}

/* What the scanner refused leaves nothing here. */
static bool part_settle(struct ctx *x, struct call *c)
{
    const struct stored_part *p = c->prepared;

    if (!p || p->refusal == E_NONE)
        return true;
    return stored_cancel(x, p->file.id) && (p->scan.state != SCAN_INFECTED || file_refused(x, &p->file, &p->scan));
}

static bool part_look(struct ctx *x, struct call *c)
{
    return stored_look(x, c->prepared);
}

static bool upload_read(struct ctx *x, struct call *c, void *out)
{
    struct stored s;

    if (!stored_own(x, c->object, &s))
        return false;
    upload_fill(&s, out);
    return true;
}

static bool cancel(struct ctx *x, struct call *c, void *out)
{
    struct stored s;

    (void)out;
    if (!stored_own(x, c->object, &s))
        return false;
    audit(x, AUDIT_FILE_CANCEL, s.id, detail(x, &s));
    return stored_cancel(x, s.id);
}

/* ---- with messages ---- */

static struct list content_of(struct ctx *x, const struct stored_set *files)
{
    struct talk_file *v = ANEWN(x->arena, struct talk_file, files->n);

    for (size_t i = 0; i < files->n; i++)
        v[i] = (struct talk_file){.id = files->v[i].id, .name = files->v[i].name, .type = files->v[i].type, .size = files->v[i].size, .check = sv_c(scan_name(files->v[i].scan)),
                                  .width = files->v[i].width, .height = files->v[i].height, .pages = files->v[i].pages};
    return (struct list){v, files->n};
}

bool files_of_post(struct ctx *x, id64 room, const struct list *ids, struct stored_set *files, struct list *content)
{
    if (!stored_may_upload(x) || !stored_choose(x, room, ids->v, ids->n, files))
        return false;
    *content = content_of(x, files);
    return true;
}

static bool message_of(struct ctx *x, const struct stored *s, struct message *m)
{
    if (!s->message.n || !talk_message(x, talk_room_of(s->message), talk_seq_of(s->message), m))
        return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "a file of no message");
    if (m->gone_ms || stored_over(x, m->sent_ms))
        return fail(&x->failure, E_NOT_FOUND, "the message is gone, or its files are");
    return true;
}

static bool find(struct ctx *x, id64 file, struct stored *s)
{
    struct message m;

    return stored_find(x, file, s) && message_of(x, s, &m);
}

bool files_of_forward(struct ctx *x, const struct list *content, id64 room, struct stored_set *files, struct list *copies)
{
    const struct talk_file *v = content->v;

    for (size_t i = 0; i < content->n; i++) {
        struct stored s;
        if (!find(x, v[i].id, &s) || !stored_copy(x, &s, room, PUSH(x->arena, files)))
            return false;
    }
    *copies = content_of(x, files);
    return true;
}

/* ---- out ---- */

bool file_seen(struct ctx *x, const struct call *c)
{
    struct stored s;

    return find(x, c->object, &s);
}

/* Before the first byte the scanner has looked with the signatures that it has now. A small picture is one that we have made, and
 * stands in the room unasked: it goes when malware was found. */
static bool asks(struct ctx *x, enum file_use use, const struct stored *s)
{
    return use != FILE_USE_SMALL && scan_due(x, s);
}

/* False with c->look: it is asked first, and the operation comes again. */
static bool check_passes(struct ctx *x, struct call *c, enum file_use use, struct stored *s)
{
    const struct asked *k = c->prepared;

    if (k && k->looked && k->blob.n == s->blob.n && s->scan != SCAN_INFECTED)
        s->scan = k->found.state;
    if (!k && asks(x, use, s)) {
        c->look = true;
        return fail(&x->failure, E_RETRY, "it is looked at first");
    }
    return scan_passes(x, s->scan);
}

static bool ask(struct ctx *x, const struct stored *s, struct asked *k)
{
    k->blob = s->blob;
    return scan_again(x, s, &k->found, &k->looked);
}

/* The caller was let through before, and is asked for again after it. */
static bool stored_ask(struct ctx *x, struct call *c)
{
    struct asked *k = ANEW(x->arena, struct asked);
    struct stored s;

    c->prepared = k;
    return stored_find(x, c->object, &s) && ask(x, &s, k);
}

static bool asked_settle(struct ctx *x, struct call *c)
{
    const struct asked *k = c->prepared;

    return !k || !k->looked || file_checked(x, k->blob, &k->found);
}

/* The phone app may be kept from the files themselves; pictures of them it may still have. */
static bool use_passes(struct ctx *x, struct call *c, enum file_use use, struct stored *s)
{
    if (!check_passes(x, c, use, s))
        return false;
    if (use == FILE_USE_SAVE || use == FILE_USE_SHOW)
        return stored_may_download(x) && stored_may_unmarked(x, s) && stored_name_passes(x, s->name);
    return stored_name_passes(x, s->name);
}

/* What a ticket of this use is for: of the file itself nothing is to be found. */
static bool picture_of(struct ctx *x, enum file_use use, int64_t page, const struct stored *s, struct rendition *out)
{
    enum media_picture kind = use == FILE_USE_SMALL ? MEDIA_SMALL : use == FILE_USE_LARGE ? MEDIA_LARGE : MEDIA_PAGE;
    bool there;

    if (!rendition_find(x, s->blob, kind, page, out, &there))
        return false;
    return there || fail(&x->failure, E_NOT_FOUND, "no such picture of it");
}

static bool ticket_fill(struct ctx *x, struct file_ticket *t, const struct stored *s, struct ticket_out *o)
{
    struct watermark *mark = stored_marked(x) ? ANEW(x->arena, struct watermark) : NULL;
    sv text = file_ticket_new(x, t);

    sv url = sv_printf(x->arena, "%.*s/t/%" PRId64 "/file/%.*s", SV_ARG(x->actor.files), x->tenant->number, SV_ARG(text));

    *o = (struct ticket_out){url, sv_c(scan_name(s->scan)), {t->until_ms}, {mark}};
    return !mark || watermark_of(x, mark);
}

static bool ticket(struct ctx *x, struct call *c, void *out)
{
    static const struct { const char *name; enum file_use use; } uses[] = {
        {"save", FILE_USE_SAVE}, {"show", FILE_USE_SHOW}, {"small", FILE_USE_SMALL}, {"large", FILE_USE_LARGE},
    };
    const struct ticket_in *in = c->in;
    struct file_ticket t = {.file = c->object};
    struct rendition r;
    struct stored s;

    for (size_t i = 0; i < COUNT(uses); i++)
        if (sv_equal(in->use, sv_c(uses[i].name)))
            t.use = uses[i].use;
    if (!find(x, c->object, &s) || !use_passes(x, c, t.use, &s))
        return false;
    if (t.use == FILE_USE_SHOW && !file_type_shown(s.type))
        return fail(&x->failure, E_DENIED, "not shown in place");
    if (t.use >= FILE_USE_SMALL && !picture_of(x, t.use, 0, &s, &r))
        return false;
    return ticket_fill(x, &t, &s, out);
}

/* ---- pages of documents: made when somebody looks at them, and kept */

struct page_made {
    struct asked asked;
    id64 file;
    struct rendition_set made;
};

static bool page_find(struct ctx *x, struct call *c, id64 file, int64_t page, struct stored *s)
{
    if (!find(x, file, s) || !use_passes(x, c, FILE_USE_PAGE, s))
        return false;
    return page <= s->pages || fail(&x->failure, E_NOT_FOUND, "it has %" PRId64 " pages", s->pages);
}

static bool page_prepare(struct ctx *x, struct call *c)
{
    const struct page_in *in = c->in;
    struct rendition r;
    struct stored s;
    bool there;

    struct page_made *p = ANEW(x->arena, struct page_made);

    c->prepared = p;
    if (!sv_id(c->object_text, &p->file))
        return fail(&x->failure, E_NOT_FOUND, "not an id");
    if (!page_find(x, c, p->file, in->page, &s) || !rendition_find(x, s.blob, MEDIA_PAGE, in->page, &r, &there))
        return false;
    c->look = !there || asks(x, FILE_USE_PAGE, &s);
    return true;
}

/* What the scanner has just said is to be kept: the writer refuses for it. */
static bool left_to_writer(struct ctx *x)
{
    enum err code = x->failure.code;

    if (code != E_MALWARE && code != E_FILE_HELD && code != E_UNSCANNABLE)
        return false;
    failure_clear(&x->failure);
    return true;
}

static bool page_look(struct ctx *x, struct call *c)
{
    const struct page_in *in = c->in;
    struct page_made *p = c->prepared;
    struct media_found found;
    struct stored_reading *reading = ANEW(x->arena, struct stored_reading);   /* wiped with the request */
    struct rendition r;
    struct stored s;
    bool there;

    if (!stored_find(x, p->file, &s) || !ask(x, &s, &p->asked))
        return false;
    if (!page_find(x, c, p->file, in->page, &s))
        return p->asked.looked && left_to_writer(x);
    if (!rendition_find(x, s.blob, MEDIA_PAGE, in->page, &r, &there))
        return false;
    if (there)
        return true;
    if (!stored_open(x, &s, s.blob, ID_NONE, reading))
        return false;
    if (!rendition_look(x, &reading->blob, s.type, MEDIA_WANT_PAGE, in->page, NULL, &found, &p->made))
        return false;
    return p->made.n || fail(&x->failure, E_NOT_FOUND, "the page cannot be drawn");
}

static bool page(struct ctx *x, struct call *c, void *out)
{
    const struct page_in *in = c->in;
    const struct page_made *p = c->prepared;
    struct file_ticket t = {.use = FILE_USE_PAGE, .file = c->object, .page = in->page};
    struct stored s;

    if (!page_find(x, c, c->object, in->page, &s) || !rendition_keep(x, s.blob, &p->made))
        return false;
    c->repeat = true;                                     /* the row is written here, or none is wanted */
    if (policy_bool(x->policy, "file.download_log"))
        audit(x, AUDIT_FILE_VIEW, s.id, detail(x, &s));
    return ticket_fill(x, &t, &s, out);
}

static bool ticket_of(struct ctx *x, const struct call *c, struct file_ticket *t)
{
    return file_ticket_read(x->arena, &x->tenant->file_key, c->object_text, t) || fail(&x->failure, E_NOT_FOUND, "no ticket of ours");
}

/* What a ticket opens is of talk, or of a talk's archive. */
static bool talk_let(const struct session *s)
{
    cell_set restricts = atomic_load(&s->restricts);

    return !template_refuses_app(restricts, s->channel) && !template_refuses(restricts, SERVICE_TALK, s->channel);
}

/* Whose session it is acts from here on: nobody else comes with it. */
bool file_ticket_good(struct ctx *x, const struct call *c)
{
    struct file_ticket t;
    struct session *s;

    if (!ticket_of(x, c, &t))
        return false;
    s = session_by_id(x, x->tenant->sessions, t.session);
    struct network_asker a = s ? network_asker(s->member, s->role, s->channel, x->actor.ip) : (struct network_asker){0};
    bool ok = s && session_check(x, s) && !session_limited(x->policy, s, x->now_ms) && !atomic_load(&s->terms_due) &&
              network_allows(x->policy, &a) != NETWORK_REFUSED && talk_let(s);
    if (ok) {
        struct grant g = session_grant(s);
        x->actor.member = s->member;
        x->actor.session = s->id;
        x->actor.role = g.role;
        x->actor.reach = g.reach;
        x->actor.channel = s->channel;
        x->actor.restricts = atomic_load(&s->restricts);
    }
    session_unref(&s);
    if (ok || err_def(x->failure.code)->status >= 500)    /* the store does not answer: that says nothing of the ticket */
        return ok;
    failure_clear(&x->failure);
    return fail(&x->failure, E_NOT_FOUND, "the session of the ticket may do nothing any more");
}

/* The rows of the log: whoever looks at a file or takes it. Small pictures stand in the room beside its words; a page has its row since
 * it was asked for. */
static void fetch_row(struct ctx *x, const struct file_ticket *t, const struct stored *s)
{
    if (t->use != FILE_USE_SMALL && t->use != FILE_USE_PAGE && policy_bool(x->policy, "file.download_log"))
        audit(x, t->use == FILE_USE_SAVE ? AUDIT_FILE_DOWNLOAD : AUDIT_FILE_VIEW, s->id, detail(x, s));
}

/* For how long the client may keep it. One that must show a mark from some moment on asks again within a minute. */
static int64_t keep_s(const struct ctx *x, const struct file_ticket *t, bool unmarked)
{
    int64_t left = (t->until_ms - x->now_ms) / 1000;

    return unmarked && left > UNMARKED_S ? UNMARKED_S : left;
}

static bool fetch_ask(struct ctx *x, struct call *c)
{
    struct asked *k = ANEW(x->arena, struct asked);
    struct file_ticket t;
    struct stored s;

    c->prepared = k;
    return ticket_of(x, c, &t) && stored_find(x, t.file, &s) && ask(x, &s, k);
}

static bool fetch(struct ctx *x, struct call *c, void *out)
{
    struct stored_reading *reading = ANEW(x->arena, struct stored_reading);
    struct rendition r = {0};
    struct file_ticket t;
    struct stored s;
    bool first = true;

    (void)out;
    if (!ticket_of(x, c, &t))
        return false;
    if (t.use == FILE_USE_EXPORT)
        return export_fetch(x, c, &t);
    if (!find(x, t.file, &s) || !use_passes(x, c, t.use, &s))
        return false;
    bool made = t.use >= FILE_USE_SMALL, shown = t.use != FILE_USE_SAVE, marked = stored_marked(x);
    if (made && !picture_of(x, t.use, t.page, &s, &r))
        return false;
    if (!c->head && !file_ticket_use(x, &t, &first))
        return false;
    if (!stored_open(x, &s, made ? r.id : s.blob, t.session, reading))
        return false;
    c->repeat = true;                                     /* the row is written here, or none is wanted */
    if (!c->head && first)
        fetch_row(x, &t, &s);
    c->file = (struct file_out){
        .name = s.name,
        .type = made ? "image/webp" : sv_cstr(x->arena, s.type),
        .strange = true,
        .far = reading->far,
        .shown = shown,
        .keep_s = shown ? keep_s(x, &t, stored_phone_app(x) && !marked) : 0,
        .size = made ? r.size : s.size,
        .piece = stored_piece,
        .state = reading,
    };
    return !made || !marked || watermark_later(x, c, reading, &r);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "file.begin", .method = POST, .path = "/rooms/:room/uploads", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_ROOM, .flags = OP_WRITE,
     .audit = AUDIT_FILE_UPLOAD, .in = &upload_in, .out = &upload_out, .run = begin,
     .doc = "Begins to upload a file for a message in this room; its bytes come in parts."},
    {.name = "file.part", .method = PUT, .path = "/uploads/:upload", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_UPLOAD, .flags = OP_SLOW | OP_BODY,
     .audit = AUDIT_FILE_UPLOADED, .query = &part_query, .out = &upload_out, .prepare = part_prepare, .look = part_look, .run = part, .settle = part_settle,
     .doc = "The next part of an upload, as application/octet-stream; what is answered is on the disk."},
    {.name = "file.upload", .method = GET, .path = "/uploads/:upload", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_UPLOAD, .flags = OP_READ | OP_WS,
     .audit = AUDIT_NONE, .out = &upload_out, .run = upload_read, .doc = "How far an upload is: it goes on there, whatever happened."},
    {.name = "file.cancel", .method = DELETE_, .path = "/uploads/:upload", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_UPLOAD,
     .flags = OP_WRITE | OP_WS, .audit = AUDIT_FILE_CANCEL, .out = &nothing_out, .run = cancel, .doc = "Drops an upload that is in no message."},
    {.name = "file.ticket", .method = POST, .path = "/files/:stored/ticket", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_STORED,
     .flags = OP_READ | OP_WS, .audit = AUDIT_NONE, .in = &ticket_in, .out = &ticket_out, .run = ticket, .look = stored_ask, .settle = asked_settle,
     .doc = "An address at which a file can be had for a while, without a cookie."},
    {.name = "file.page", .method = POST, .path = "/files/:stored/page", .who = WHO_MEMBER,
     .service = SERVICE_TALK, .object = OBJ_STORED, .flags = OP_SLOW,
     .audit = AUDIT_FILE_VIEW, .in = &page_in, .out = &ticket_out, .prepare = page_prepare, .look = page_look, .run = page, .settle = asked_settle,
     .doc = "An address of a page of a document as a picture, which is made when it is asked for first."},
    {.name = "file.fetch", .method = GET, .path = "/file/:ticket", .who = WHO_PUBLIC, .object = OBJ_TICKET, .flags = OP_WRITE | OP_FILE,
     .audit = AUDIT_FILE_DOWNLOAD, .run = fetch, .look = fetch_ask, .make = watermark_draw, .settle = asked_settle,
     .doc = "The bytes of a file, by its ticket; HEAD and one range are answered too."},
};
/* clang-format on */
const struct op_table file_ops = {ops, COUNT(ops)};
