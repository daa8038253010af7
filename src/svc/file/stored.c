/* svc/file/stored.c: rules of files. */
#include "svc/file/stored.h"
#include "base/rand.h"
#include "core/policy.h"
#include "crypt/hash.h"
#include "svc/file/file_name.h"
#include "svc/file/file_type.h"
#include "svc/file/place.h"
#include "svc/file/storage.h"
#include "svc/file/stored_sql.h"

#define FORGET   50                                       /* files of one piece: some milliseconds */
#define LOOKED   500
#define WAIT_MS  INT64_C(86400000)                        /* after a change of the period, before what it cuts off is erased */
#define BLOB_KEY 32

/* ---- what the settings say ---- */

bool stored_phone_app(const struct ctx *x)
{
    return x->actor.channel == CH_MA || x->actor.channel == CH_MP;
}

bool stored_may_upload(struct ctx *x)
{
    if (stored_phone_app(x) && policy_bool(x->policy, "file.mobile.upload_limited"))
        return fail(&x->failure, E_DENIED, "the phone app sends no files");
    return true;
}

bool stored_may_download(struct ctx *x)
{
    if (stored_phone_app(x) && policy_has(x->policy, "file.mobile.download_limited", SV("talk")))
        return fail(&x->failure, E_DENIED, "the phone app gets no files of talk");
    if (template_keeps_files(x->actor.restricts, SERVICE_TALK, x->actor.channel))
        return fail(&x->failure, E_DENIED, "the member's template: the phone app gets no files of talk");
    return true;
}

bool stored_marked(const struct ctx *x)
{
    return stored_phone_app(x) && policy_bool(x->policy, "file.mobile.watermark");
}

bool stored_may_unmarked(struct ctx *x, const struct stored *s)
{
    bool seen = sv_starts(s->type, SV("image/")) || sv_equal(s->type, SV("application/pdf")) || s->width || s->pages;

    return !seen || !stored_marked(x) || fail(&x->failure, E_DENIED, "the phone app sees it with its mark alone");
}

static bool types_limited(struct ctx *x)
{
    return policy_has(x->policy, "file.type.services", SV("talk"));
}

bool stored_name_passes(struct ctx *x, sv name)
{
    if (types_limited(x) && file_name_limited(x->arena, name, policy_text(x->policy, "file.type.extensions")))
        return fail(&x->failure, E_FILE_TYPE, "a limited extension");
    return true;
}

int64_t stored_oldest_ms(const struct ctx *x)
{
    int64_t period = policy_ms(x->policy, "talk.file_retention");

    return period < 0 ? 0 : x->now_ms - period;
}

bool stored_over(const struct ctx *x, int64_t sent_ms)
{
    return sent_ms < stored_oldest_ms(x);
}

/* ---- coming in ---- */

static bool size_passes(struct ctx *x, id64 room, int64_t size)
{
    if (size >= policy_bytes(x->policy, "talk.file_max_size") || (!room.n && size > STORED_FACE_MAX))
        return fail(&x->failure, E_TOO_LARGE, "%" PRId64 " bytes", size);
    return storage_takes(x, ID_NONE, size) && (!room.n || storage_takes(x, room, size));
}

static bool few_open(struct ctx *x)
{
    int64_t n;

    if (!stored_sql_open(x, x->actor.member, &n))
        return false;
    return n < STORED_OPEN_MAX ? true : fail(&x->failure, E_TOO_MANY, "%" PRId64 " files are not sent yet", n);
}

static bool hash_read(struct ctx *x, sv hex, sv *hash)
{
    if (hex.n != 64 || !hex_read(x->arena, hex, hash))
        return fail_field(&x->failure, "sha256", "no SHA-256 in hex");
    return true;
}

bool stored_begin(struct ctx *x, id64 room, sv name, int64_t size, sv hash_hex, struct stored *out)
{
    SECRET key = {0};

    *out = (struct stored){.id = rand_id(), .blob = rand_id(), .room = room, .made_by = x->actor.member, .made_ms = x->now_ms,
                           .until_ms = x->now_ms + (room.n ? STORED_LIFE_MS : STORED_FACE_LIFE_MS), .size = size, .state = STORED_COMING,
                           .name = file_name_clean(x->arena, name), .type = SV("application/octet-stream")};
    if (!stored_may_upload(x) || !stored_name_passes(x, name) || !stored_name_passes(x, out->name) || !hash_read(x, hash_hex, &out->hash) ||
        !size_passes(x, room, size) || !few_open(x))
        return false;
    secret_random(&key, BLOB_KEY);
    return stored_sql_blob_add(x, out->blob, size, &key) && stored_sql_add(x, out);
}

bool stored_find(struct ctx *x, id64 file, struct stored *out)
{
    bool there;

    if (!stored_sql_find(x, file, out, &there))
        return false;
    if (!there || (!out->message.n && out->until_ms <= x->now_ms))
        return fail(&x->failure, E_NOT_FOUND, "no file %" PRId64, file.n);
    return true;
}

bool stored_own(struct ctx *x, id64 file, struct stored *out)
{
    if (!stored_find(x, file, out))
        return false;
    return out->made_by.n == x->actor.member.n ? true : fail(&x->failure, E_NOT_FOUND, "another's upload");
}

static bool blob_of(struct ctx *x, id64 id, struct blob *out)
{
    *out = (struct blob){.folder = x->tenant->folder, .tenant = x->tenant->number, .id = id, .far = x->far};
    return stored_sql_blob(x, id, &out->size, &out->key);
}

static bool part_fits(struct ctx *x, const struct stored *s, int64_t at, size_t n)
{
    int64_t left = s->size - s->have;

    if (s->state != STORED_COMING || at != s->have)
        return fail(&x->failure, E_UPLOAD_STATE, "a part at %" PRId64 " of a file that has %" PRId64, at, s->have);
    if (n > STORED_PART_MAX || (int64_t)n > left)
        return fail(&x->failure, E_TOO_LARGE, "a part of %zu bytes, and %" PRId64 " are left", n, left);
    return (n && n % BLOB_CHUNK == 0) || (n && (int64_t)n == left) ? true : fail_field(&x->failure, "body", "no whole chunks");
}

/* Of a picture that is never a file nothing is made before it is put where it belongs. */
static unsigned wants(struct ctx *x, const struct stored_part *p)
{
    return p->file.room.n ? rendition_wants(x, p->type, types_limited(x)) : 0;
}

/* May it be what it is? */
static bool type_passes(struct ctx *x, sv head, struct stored_part *p)
{
    struct file_type t = file_type_of(head);

    if (t.runs && types_limited(x) && policy_has(x->policy, "file.type.extensions", sv_c(t.runs)))
        return fail(&x->failure, E_FILE_TYPE, "a program under another name");
    p->type = sv_c(t.type);
    p->look = scan_wanted(x) || wants(x, p) != 0;
    return true;
}

/* The file is whole: is it what was declared? What was is kept under its name, and is not asked again: from then on it is changed. */
static bool whole(struct ctx *x, const struct blob *b, struct stored_part *p)
{
    struct str head = STR_IN(x->arena);
    struct sha256 hash;

    if (!blob_whole(b, &hash, &head, &x->failure))
        return false;
    if (!sv_equal(sv_n(hash.b, sizeof(hash.b)), p->file.hash))
        return fail_field(&x->failure, "sha256", "other bytes than declared");
    return type_passes(x, str_sv(&head), p) && blob_keep(b, &x->failure);
}

static bool whole_before(struct ctx *x, const struct blob *b, struct stored_part *p)
{
    sv head;

    return blob_read(b, 0, BLOB_HEAD, x->arena, &head, &x->failure) && type_passes(x, head, p);
}

bool stored_part(struct ctx *x, id64 file, int64_t at, sv bytes, struct stored_part *out)
{
    struct blob b;

    *out = (struct stored_part){.at = at, .n = (int64_t)bytes.n};
    if (!stored_own(x, file, &out->file) || !stored_may_upload(x) || !part_fits(x, &out->file, at, bytes.n) ||
        !blob_of(x, out->file.blob, &b))
        return false;
    out->last = at + (int64_t)bytes.n == out->file.size;
    bool ok = out->last && blob_there(&b) ? whole_before(x, &b, out)
                                          : blob_put(&b, at, bytes, &x->failure) && (!out->last || whole(x, &b, out));
    secret_wipe(&b.key);
    return ok;
}

/* False: it goes no further. */
static bool scan(struct ctx *x, struct stored_part *p)
{
    if (!scan_wanted(x))
        return true;
    if (!scan_look(x, p->file.blob, &p->scan))
        return false;
    p->refusal = scan_refusal(x, p->scan.state);
    return p->refusal != E_RETRY || fail(&x->failure, E_RETRY, "the scanner for malware does not answer");
}

bool stored_look(struct ctx *x, struct stored_part *p)
{
    unsigned want = wants(x, p);
    struct media_found found;
    struct blob b;

    if (!scan(x, p))
        return false;
    if (p->refusal != E_NONE || want == 0)
        return true;
    if (!blob_of(x, p->file.blob, &b))
        return false;
    bool ok = rendition_look(x, &b, p->type, want, 0, stored_name_passes, &found, &p->made);
    secret_wipe(&b.key);
    if (!ok)
        return false;
    if (want & MEDIA_WANT_NAMES && found.verdict == MEDIA_TOO_MUCH)
        return fail(&x->failure, E_FILE_TYPE, "an archive that is not let through: %s", found.why);
    if (found.verdict != MEDIA_DONE && metadata_known(p->type))
        p->type = SV("application/octet-stream");         /* no picture: nobody shows it, it is saved as it is */
    p->text = rendition_words(x->arena, str_sv(&found.text));
    p->file.width = found.width;
    p->file.height = found.height;
    p->file.pages = found.pages;
    return true;
}

bool stored_took(struct ctx *x, const struct stored_part *p, struct stored *out)
{
    if (!stored_own(x, p->file.id, out) || !part_fits(x, out, p->at, (size_t)p->n))
        return false;
    if (p->refusal != E_NONE) {
        out->scan = p->scan.state;
        return fail(&x->failure, p->refusal, "malware check: %.*s", SV_ARG(p->scan.name));
    }
    out->have += p->n;
    if (p->last) {
        out->scan = p->scan.state;
        out->state = STORED_READY;
        out->type = p->type;
        out->width = p->file.width;
        out->height = p->file.height;
        out->pages = p->file.pages;
    }
    return stored_sql_have(x, out) && rendition_keep(x, out->blob, &p->made) && (!p->last || (rendition_text(x, out->blob, p->text) && scan_keep(x, out->blob, &p->scan) && (!out->room.n || place_leaves(x, out->blob))));
}

/* ---- pictures that stand for somebody ---- */

bool stored_face(struct ctx *x, id64 upload, struct stored *out)
{
    if (!stored_own(x, upload, out) || !stored_may_upload(x))
        return false;
    if (out->room.n)
        return fail(&x->failure, E_NOT_FOUND, "an upload for a room");
    if (out->state != STORED_READY)
        return fail(&x->failure, E_UPLOAD_STATE, "it is not whole yet");
    return scan_passes(x, out->scan);
}

bool stored_face_look(struct ctx *x, const struct stored *s, struct media_found *found)
{
    struct blob b;

    *found = (struct media_found){.verdict = MEDIA_STRANGE, .why = "no picture by its first bytes"};
    if (!rendition_pictured(s->type))
        return true;
    bool ok = blob_of(x, s->blob, &b) && rendition_face(x, &b, s->type, found);
    secret_wipe(&b.key);
    return ok;
}

/* ---- with messages ---- */

static bool drop(struct ctx *x, const struct stored *s)
{
    bool dropped;

    if (!stored_sql_delete(x, s) || !rendition_drop(x, s->blob) || !place_leave_object(x, s->blob) || !stored_sql_blob_drop(x, s->blob, &dropped))
        return false;
    if (dropped)
        effect(x, EFF_BLOB_ERASE, s->blob.n, 0);
    return true;
}

bool stored_cancel(struct ctx *x, id64 file)
{
    struct stored s;

    if (!stored_own(x, file, &s))
        return false;
    if (s.state == STORED_SENT)
        return fail(&x->failure, E_UPLOAD_STATE, "it is in a message");
    return drop(x, &s);
}

bool stored_choose(struct ctx *x, id64 room, const id64 *ids, size_t n, struct stored_set *out)
{
    for (size_t i = 0; i < n; i++) {
        struct stored *s = PUSH(x->arena, out);
        if (!stored_own(x, ids[i], s))
            return false;
        if (s->room.n != room.n)
            return fail(&x->failure, E_NOT_FOUND, "an upload for another room");
        if (s->state == STORED_COMING)
            return fail(&x->failure, E_UPLOAD_STATE, "it is not whole yet");
        if (s->scan == SCAN_INFECTED)
            return fail(&x->failure, E_MALWARE, "malware was found since it came");
        if (!stored_name_passes(x, s->name))
            return false;
        for (size_t k = 0; k < i; k++)
            if (ids[k].n == ids[i].n)
                return fail_field(&x->failure, "files", "a file twice");
    }
    return true;
}

bool stored_attach(struct ctx *x, const struct stored_set *set, id64 message)
{
    bool sent;

    for (size_t i = 0; i < set->n; i++) {
        if (!stored_sql_send(x, set->v[i].id, message, &sent))
            return false;
        if (!sent)
            return fail(&x->failure, E_UPLOAD_STATE, "it is in a message already");
    }
    return true;
}

bool stored_copy(struct ctx *x, const struct stored *from, id64 room, struct stored *out)
{
    if (!stored_may_upload(x) || !stored_name_passes(x, from->name))
        return false;
    if (from->scan == SCAN_INFECTED)
        return fail(&x->failure, E_MALWARE, "malware was found in it");
    if (!storage_takes(x, room, from->size))              /* the tenant has the bytes already */
        return false;
    *out = *from;
    out->id = rand_id();
    out->room = room;
    out->message = ID_NONE;
    out->made_by = x->actor.member;
    out->made_ms = x->now_ms;
    out->until_ms = x->now_ms + STORED_LIFE_MS;
    out->state = STORED_READY;
    return stored_sql_add(x, out);
}

bool stored_let_go(struct ctx *x, id64 message)
{
    struct stored_set all = {0};

    if (!stored_sql_of_message(x, message, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!drop(x, &all.v[i]))
            return false;
    return true;
}

/* ---- going out ---- */

static void wipe_reading(void *reading)
{
    struct stored_reading *r = reading;

    secret_wipe(&r->blob.key);
}

bool stored_open(struct ctx *x, const struct stored *of, id64 blob, id64 session, struct stored_reading *out)
{
    out->of = of->blob;
    out->session = session;
    arena_on_free(x->arena, wipe_reading, out);
    if (!blob_of(x, blob, &out->blob))
        return false;
    out->far = x->tenant->stores && !blob_there(&out->blob);
    return true;
}

bool stored_piece(struct ctx *x, void *reading, int64_t at, sv *out)
{
    struct stored_reading *r = reading;
    bool there;

    if (!stored_sql_reads(x, r->session, r->of, &there))
        return false;
    if (!there)
        return fail(&x->failure, E_SESSION_ENDED, "the session ended, or malware was found");
    r->blob.far = x->far;
    if (blob_read(&r->blob, at, FILE_READ_MAX, x->arena, out, &x->failure))
        return true;
    if (x->failure.code != E_NOT_FOUND || x->far || !x->tenant->stores)
        return false;
    failure_clear(&x->failure);                           /* it was sent to the store meanwhile: another thread goes on */
    return fail(&x->failure, E_STORE_AWAY, "it is not in the folder any more");
}

/* ---- what nobody has any more ---- */

static bool drop_all(struct ctx *x, const struct stored_set *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (!drop(x, &all->v[i]))
            return false;
    return true;
}

/* Files whose message is gone; those beyond their period not before a day after it was changed. */
static bool forget_left(struct ctx *x, bool *more)
{
    int64_t period = policy_ms(x->policy, "talk.file_retention"), changed_ms;
    struct stored_set left = {0};
    id64 last;

    if (!stored_sql_term_changed(x, &changed_ms))
        return false;
    bool old = period >= 0 && x->now_ms >= changed_ms + WAIT_MS;
    if (!stored_sql_left(x, x->tenant->files_looked, LOOKED, old ? x->now_ms - period : 0, &left, &last))
        return false;
    x->tenant->files_looked = last;
    *more = last.n != 0;
    return drop_all(x, &left);
}

/* Files that no row knows: a process ended between a row's end and the file's. */
static bool forget_orphans(struct ctx *x, bool *more)
{
    struct blob_ids ids = {0};

    if (!blob_list(x->tenant->folder, x->tenant->blobs_looked, x->arena, &ids))
        return fail(&x->failure, E_INTERNAL, "a folder of blobs cannot be read");
    for (size_t i = 0; i < ids.n; i++) {
        bool known;
        if (!stored_sql_blob_known(x, ids.v[i], &known))
            return false;
        if (!known)
            blob_erase(x->tenant->folder, ids.v[i]);
    }
    x->tenant->blobs_looked = (x->tenant->blobs_looked + 1) % BLOB_FOLDERS;
    *more = x->tenant->blobs_looked != 0;
    return true;
}

bool stored_forget(struct ctx *x, bool *more)
{
    struct stored_set expired = {0};

    *more = true;
    if (!stored_sql_tickets_forget(x) || !stored_sql_expired(x, FORGET, &expired) || !drop_all(x, &expired))
        return false;
    if (expired.n == FORGET)
        return true;
    if (x->tenant->blobs_looked == 0) {
        bool left;
        if (!forget_left(x, &left) || left)
            return x->failure.code == E_NONE;
    }
    return forget_orphans(x, more);
}

bool stored_missing(struct ctx *x, int64_t *blobs, int64_t *missing)
{
    id64 after = ID_NONE;

    for (*blobs = *missing = 0;;) {
        struct blob_ids ids = {0};
        struct list sizes;
        if (!stored_sql_blobs(x, after, LOOKED, &ids, &sizes))
            return false;
        for (size_t i = 0; i < ids.n; i++) {
            struct blob b = {.folder = x->tenant->folder, .tenant = x->tenant->number, .id = ids.v[i], .size = ((const int64_t *)sizes.v)[i]};
            bool known = true;
            if (!blob_there(&b) && !stored_sql_blob_known(x, b.id, &known))    /* a row goes before its file */
                return false;
            *missing += known && !blob_there(&b);
        }
        *blobs += (int64_t)ids.n;
        if (ids.n < LOOKED)
            return true;
        after = ids.v[ids.n - 1];
    }
}
