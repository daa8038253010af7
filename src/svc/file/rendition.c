/* svc/file/rendition.c: rules and statements of pictures that are made of files. */
#include "svc/file/rendition.h"
#include "base/cp932.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "core/policy.h"
#include "svc/file/stored_sql.h"

#define BLOB_KEY 32

static bool archive(sv type)
{
    static const char *const types[] = {"application/zip", "application/x-7z-compressed", "application/vnd.rar", "application/x-tar"};

    for (size_t i = 0; i < COUNT(types); i++)
        if (sv_equal(type, sv_c(types[i])))
            return true;
    return false;
}

bool rendition_pictured(sv type)
{
    return sv_starts(type, SV("image/")) && metadata_known(type);
}

unsigned rendition_wants(const struct ctx *x, sv type, bool names)
{
    unsigned want = metadata_known(type) ? MEDIA_WANT_CLEAN : 0;

    if (rendition_pictured(type))
        want |= MEDIA_WANT_PICTURES;
    if (sv_equal(type, SV("application/pdf")))
        want |= MEDIA_WANT_PICTURES | MEDIA_WANT_TEXT;
    if (sv_equal(type, SV("application/zip")) || sv_equal(type, SV("text/plain")))
        want |= MEDIA_WANT_TEXT;                          /* documents of offices are zips */
    if (archive(type) && names && policy_bool(x->policy, "file.type.inspect_archives"))
        want |= MEDIA_WANT_NAMES;
    return want;
}

/* ---- looking */

struct reading {
    struct ctx *x;
    const struct blob *blob;
    struct arena *arena;                                  /* of one piece */
    bool (*name)(struct ctx *x, sv name);
};

static bool read_piece(void *from, int64_t at, size_t n, sv *out)
{
    struct reading *r = from;

    arena_free(&r->arena);
    r->arena = arena_new(2 * BLOB_CHUNK);
    return blob_read(r->blob, at, n, r->arena, out, &r->x->failure);
}

/* A name in an archive is any bytes: UTF-8, what Windows packs with here, or, of another machine, what of it is ASCII. */
static sv readable(struct arena *a, sv name)
{
    struct str s = STR_IN(a);

    if (utf8_valid(name))
        return name;
    if (cp932_read(name, &s))
        return str_sv(&s);
    s = STR_IN(a);
    for (size_t i = 0; i < name.n; i++)
        utf8_put(&s, (unsigned char)name.p[i] < 0x80 ? (unsigned char)name.p[i] : '_');
    return str_sv(&s);
}

static bool pass_name(void *from, sv name)
{
    struct reading *r = from;
    struct ctx *x = r->x;
    struct arena *kept = x->arena;

    x->arena = arena_new(1024);                           /* there may be many */
    bool ok = r->name(x, readable(x->arena, name));
    arena_free(&x->arena);
    x->arena = kept;
    return ok;
}

static bool look(struct reading *r, struct media_task task, struct media_found *found)
{
    struct ctx *x = r->x;

    task.size = r->blob->size;
    task.from = r;
    task.read = read_piece;
    task.name = pass_name;
    r->arena = arena_new(2 * BLOB_CHUNK);
    bool ok = x->tenant->media(x->tenant->media_to, x->arena, &task, found, &x->failure);
    arena_free(&r->arena);
    return ok;
}

static bool apply(struct ctx *x, const struct blob *b, const struct patches *all)
{
#ifdef MUTANT_PLACE_KEPT
    return true;
#endif
    for (size_t i = 0; i < all->n; i++)
        if (!blob_patch(b, all->v[i].at, all->v[i].n, all->v[i].bytes, &x->failure))
            return false;
    return all->n == 0 || blob_patched(b, &x->failure);
}

static void wipe_key(void *key)
{
    secret_wipe(key);
}

static bool keep_shot(struct ctx *x, const struct media_shot *shot, int64_t page, struct rendition_set *made)
{
    struct rendition *r = PUSH(x->arena, made);
    sv bytes = str_sv(&shot->bytes);

    *r = (struct rendition){.id = rand_id(), .kind = shot->kind, .page = page, .width = shot->width, .height = shot->height, .size = (int64_t)bytes.n};
    secret_random(&r->key, BLOB_KEY);
    struct blob b = {.folder = x->tenant->folder, .tenant = x->tenant->number, .id = r->id, .size = r->size, .key = r->key};
    bool ok = blob_put(&b, 0, bytes, &x->failure) && blob_keep(&b, &x->failure);
    secret_wipe(&b.key);
    return ok;
}

bool rendition_look(struct ctx *x, const struct blob *b, sv type, unsigned want, int64_t page, bool (*name)(struct ctx *x, sv name),
                    struct media_found *found, struct rendition_set *made)
{
    struct reading r = {.x = x, .blob = b, .name = name};

    if (!look(&r, (struct media_task){.type = type, .want = want, .page = (uint32_t)page}, found) || !apply(x, b, &found->patches))
        return false;
    VEC_ROOM(x->arena, made, COUNT(found->shots));        /* they stay where they are: their keys are wiped with the arena */
    for (size_t i = 0; i < found->shots_n; i++) {
        if (!keep_shot(x, &found->shots[i], page, made))
            return false;
        arena_on_free(x->arena, wipe_key, &made->v[made->n - 1].key);
    }
    return true;
}

/* What a camera wrote is not blanked in what is gone soon; the frames are counted, and whoever lies is seen. */
bool rendition_face(struct ctx *x, const struct blob *b, sv type, struct media_found *found)
{
    struct reading r = {.x = x, .blob = b};

    return look(&r, (struct media_task){.type = type, .want = MEDIA_WANT_CLEAN | MEDIA_WANT_FACE}, found);
}

bool rendition_mark(struct ctx *x, const struct blob *b, const struct rendition *of, sv text, sv *out)
{
    struct reading r = {.x = x, .blob = b};
    struct media_found found;

    if (!look(&r, (struct media_task){.type = SV("image/webp"), .want = MEDIA_WANT_MARK, .mark = text}, &found))
        return false;
    if (found.verdict != MEDIA_DONE || found.shots_n != 1 || found.shots[0].width != of->width || found.shots[0].height != of->height)
        return fail(&x->failure, E_RETRY, "the mark is not drawn: %s", found.why);
    *out = str_sv(&found.shots[0].bytes);
    return true;
}

/* Bytes of the character that `text` begins with; 0: they are none. */
static size_t character(sv text)
{
    for (size_t n = 1; n <= 4 && n <= text.n; n++)
        if (utf8_valid(sv_upto(text, n)))
            return n;
    return 0;
}

sv rendition_words(struct arena *a, sv text)
{
    struct str out = STR_IN(a);
    bool space = true;                                    /* none at the beginning */
    uint32_t cp;

    for (size_t n; text.n; text = sv_from(text, n ? n : 1)) {
        size_t at = 0;
        n = character(text);
        if (n == 0 || !utf8_next(text, &at, &cp))
            continue;
        bool gap = cp <= ' ' || cp == 0x3000 || utf8_is_control(cp);
        if (!gap)
            utf8_put(&out, cp);
        else if (!space)
            str_char(&out, ' ');
        space = gap;
    }
    return str_sv(&out);
}

/* ---- rows */

bool rendition_text(struct ctx *x, id64 source, sv text)
{
    return text.n == 0 || db_exec(x->db, "INSERT INTO blob_text (id, words) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", ID(source),
                                  SEALED("blob_text.words", source.n, text));
}

bool rendition_keep(struct ctx *x, id64 source, const struct rendition_set *made)
{
    for (size_t i = 0; i < made->n; i++) {
        const struct rendition *r = &made->v[i];
        struct rendition before;
        bool there;
        if (!rendition_find(x, source, r->kind, r->page, &before, &there))
            return false;
        if (there) {
            effect(x, EFF_BLOB_ERASE, r->id.n, 0);
            continue;
        }
        if (!stored_sql_blob_add(x, r->id, r->size, &r->key) ||
            !db_exec(x->db, "INSERT INTO rendition (id, source, kind, page, width, height) VALUES ($1, $2, $3, $4, $5, $6)", ID(r->id), ID(source),
                     INT(r->kind), INT(r->page), INT(r->width), INT(r->height)))
            return false;
    }
    return true;
}

bool rendition_find(struct ctx *x, id64 source, enum media_picture kind, int64_t page, struct rendition *out, bool *there)
{
    ROWS r = db_query(x->db, "SELECT d.id, d.width, d.height, b.size FROM rendition d JOIN blob_file b ON b.id = d.id"
                             " WHERE d.source = $1 AND d.kind = $2 AND d.page = $3",
                      ID(source), INT(kind), INT(page));

    *there = rows_next(&r);
    if (*there)
        *out = (struct rendition){.id = row_id(&r, 0), .kind = kind, .page = page, .width = row_int(&r, 1), .height = row_int(&r, 2), .size = row_int(&r, 3)};
    return rows_ok(&r);
}

static bool made_of(struct ctx *x, id64 source, struct blob_ids *out)
{
    ROWS r = db_query(x->db, "SELECT d.id FROM rendition d WHERE d.source = $1 AND NOT EXISTS (SELECT 1 FROM stored s WHERE s.blob = $1)", ID(source));

    while (rows_next(&r))
        *PUSH(x->arena, out) = row_id(&r, 0);
    return rows_ok(&r);
}

bool rendition_drop(struct ctx *x, id64 source)
{
    struct blob_ids ids = {0};
    bool dropped;

    if (!made_of(x, source, &ids) ||
        !db_exec(x->db, "DELETE FROM blob_text WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM stored s WHERE s.blob = $1)", ID(source)))
        return false;
    for (size_t i = 0; i < ids.n; i++) {
        if (!db_exec(x->db, "DELETE FROM rendition WHERE id = $1", ID(ids.v[i])) ||
            !stored_sql_blob_drop(x, ids.v[i], &dropped))
            return false;
        if (dropped)
            effect(x, EFF_BLOB_ERASE, ids.v[i].n, 0);
    }
    return true;
}
