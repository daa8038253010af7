/* svc/file/scan.c: what the scanner said, and what follows. */
#include "svc/file/scan.h"
#include "core/policy.h"
#include "svc/file/stored_sql.h"

bool scan_wanted(const struct ctx *x)
{
    return sv_equal(policy_text(x->policy, "platform.malware.scanner"), SV("clamd"));
}

struct reading {
    struct ctx *x;
    struct blob blob;
    struct arena *arena;                                  /* of one piece */
};

static bool read_piece(void *from, int64_t at, size_t n, sv *out)
{
    struct reading *r = from;

    arena_free(&r->arena);
    r->arena = arena_new(2 * BLOB_CHUNK);
    return blob_read(&r->blob, at, n, r->arena, out, &r->x->failure);
}

void scan_ask(struct ctx *x)
{
    tenant_signatures_set(x->tenant, x->tenant->signatures(x->tenant->scan_to, x->arena));
}

/* Signatures that come while it looks are none that it was judged with: it is looked at once more, and not once less. */
bool scan_look(struct ctx *x, id64 blob, struct scan_found *out)
{
    sv by;
    struct reading r = {.x = x, .blob = {.folder = x->tenant->folder, .tenant = x->tenant->number, .id = blob, .far = x->far}};
    struct scan_task task = {.from = &r, .read = read_piece};
    bool ok = stored_sql_blob(x, blob, &r.blob.size, &r.blob.key);

    if (!tenant_signatures(x->tenant, x->arena, &by)) {
        scan_ask(x);
        tenant_signatures(x->tenant, x->arena, &by);
    }
    task.size = r.blob.size;
    ok = ok && x->tenant->scan(x->tenant->scan_to, x->arena, &task, out, &x->failure);
    out->by = by;
    secret_wipe(&r.blob.key);
    arena_free(&r.arena);
    return ok;
}

/* A scanner that has not answered since the process began changes nothing of what was said of a file before. */
bool scan_due(struct ctx *x, const struct stored *s)
{
    sv by;

    if (!scan_wanted(x) || s->scan == SCAN_HELD || s->scan == SCAN_INFECTED)
        return false;
    return s->scan == SCAN_NONE || !tenant_signatures(x->tenant, x->arena, &by) || (by.n && !sv_equal(by, s->scan_by));
}

bool scan_again(struct ctx *x, const struct stored *s, struct scan_found *out, bool *looked)
{
    sv by;

    if (!tenant_signatures(x->tenant, x->arena, &by))
        scan_ask(x);
    *looked = scan_due(x, s);
    return !*looked || scan_look(x, s->blob, out);
}

static bool unscannable(const struct ctx *x, sv what)
{
    return sv_equal(policy_text(x->policy, "file.unscannable"), what);
}

enum err scan_refusal(const struct ctx *x, enum scan_state s)
{
    switch (s) {
    case SCAN_INFECTED:
        return E_MALWARE;
    case SCAN_UNSCANNABLE:
        return unscannable(x, SV("refuse")) ? E_UNSCANNABLE : E_NONE;
    case SCAN_HELD:
        return sv_equal(policy_text(x->policy, "platform.malware.fail_mode"), SV("refuse")) ? E_RETRY : E_NONE;
    case SCAN_NONE:
    case SCAN_CLEAN:
        break;
    }
    return E_NONE;
}

/* The setting of now decides, so an administrator lets go what is held for it. Without a scanner files pass. */
bool scan_passes(struct ctx *x, enum scan_state s)
{
    if (s == SCAN_INFECTED)
        return fail(&x->failure, E_MALWARE, "malware was found in it");
    if (!scan_wanted(x))
        return true;
    if (s == SCAN_HELD || (s == SCAN_UNSCANNABLE && unscannable(x, SV("hold"))))
        return fail(&x->failure, E_FILE_HELD, "held: %s", scan_name(s));
    if (s == SCAN_UNSCANNABLE && unscannable(x, SV("refuse")))
        return fail(&x->failure, E_UNSCANNABLE, "it cannot be looked into");
    return true;
}

const char *scan_name(enum scan_state s)
{
    static const char *const names[] = {
        [SCAN_NONE] = "none", [SCAN_CLEAN] = "clean", [SCAN_UNSCANNABLE] = "unscannable", [SCAN_HELD] = "held", [SCAN_INFECTED] = "infected",
    };

    return (size_t)s < COUNT(names) ? names[s] : "none";
}

/* ---- rows */

bool scan_keep(struct ctx *x, id64 blob, const struct scan_found *found)
{
    if (found->state == SCAN_HELD)
        atomic_store(&x->tenant->scan_left, true);
    return db_exec(x->db, "UPDATE blob_file SET scan = $2, scan_by = $3 WHERE id = $1", ID(blob), INT(found->state), TEXT(found->by));
}

static sv detail(struct ctx *x, const struct stored *s, const struct scan_found *found)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "service", s->room.n ? SV("talk") : SV("photo"));
    if (s->room.n)
        json_id(&j, "room", s->room);
    json_text(&j, "name", s->name);
    json_int(&j, "size", s->size);
    json_text(&j, "check", sv_c(scan_name(found->state)));
    if (found->state != SCAN_CLEAN)
        json_text(&j, "found", found->name);
    if (found->by.n)
        json_text(&j, "signatures", found->by);
    json_close(&j);
    return str_sv(&text);
}

/* *there false: it is gone meanwhile, or malware was found in it. */
static bool state_of(struct ctx *x, id64 blob, enum scan_state *out, bool *there)
{
    ROWS r = db_query(x->db, "SELECT scan FROM blob_file WHERE id = $1 AND scan <> $2", ID(blob), INT(SCAN_INFECTED));

    *there = rows_next(&r);
    if (*there)
        *out = (enum scan_state)row_int(&r, 0);
    return rows_ok(&r);
}

bool scan_settle(struct ctx *x, id64 blob, const struct scan_found *found, struct stored_set *changed)
{
    enum scan_state before;
    bool there;

    *changed = (struct stored_set){0};
    if (!state_of(x, blob, &before, &there) || (there && !scan_keep(x, blob, found)))
        return false;
    if (!there || before == found->state)
        return true;
    if (!stored_sql_of_blob(x, blob, changed))
        return false;
    for (size_t i = 0; i < changed->n; i++)
        audit(x, AUDIT_FILE_CHECKED, changed->v[i].id, detail(x, &changed->v[i], found));
    return true;
}

bool scan_held_next(struct ctx *x, id64 after, id64 *blob, bool *there)
{
    ROWS r = db_query(x->db, "SELECT id FROM blob_file WHERE scan = 3 AND id > $1 ORDER BY id LIMIT 1", ID(after));

    *there = rows_next(&r);
    if (*there)
        *blob = row_id(&r, 0);
    return rows_ok(&r);
}
