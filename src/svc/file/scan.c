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

bool scan_look(struct ctx *x, id64 blob, struct scan_found *out)
{
    struct reading r = {.x = x, .blob = {.folder = x->tenant->folder, .tenant = x->tenant->number, .id = blob}};
    struct scan_task task = {.from = &r, .read = read_piece};
    bool ok = stored_sql_blob(x, blob, &r.blob.size, &r.blob.key);

    task.size = r.blob.size;
    ok = ok && x->tenant->scan(x->tenant->scan_to, x->arena, &task, out, &x->failure);
    secret_wipe(&r.blob.key);
    arena_free(&r.arena);
    return ok;
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

bool scan_keep(struct ctx *x, id64 blob, enum scan_state s)
{
    if (s == SCAN_HELD)
        atomic_store(&x->tenant->scan_left, true);
    return db_exec(x->db, "UPDATE blob_file SET scan = $2 WHERE id = $1", ID(blob), INT(s));
}

static sv detail(struct ctx *x, const struct stored *s, enum scan_state state, sv name)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "service", SV("talk"));
    json_id(&j, "room", s->room);
    json_text(&j, "name", s->name);
    json_int(&j, "size", s->size);
    json_text(&j, "check", sv_c(scan_name(state)));
    if (state != SCAN_CLEAN)
        json_text(&j, "found", name);
    json_close(&j);
    return str_sv(&text);
}

bool scan_settle(struct ctx *x, id64 blob, enum scan_state s, sv name)
{
    struct stored_set all = {0};

    if (!db_exec(x->db, "UPDATE blob_file SET scan = $2 WHERE id = $1 AND scan = $3", ID(blob), INT(s), INT(SCAN_HELD)))
        return false;
    if (db_changes(x->db) == 0)
        return true;                                      /* gone meanwhile */
    if (!stored_sql_of_blob(x, blob, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        audit(x, AUDIT_FILE_CHECKED, all.v[i].id, detail(x, &all.v[i], s, name));
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
