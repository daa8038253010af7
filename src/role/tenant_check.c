/* role/tenant_check.c: a look through the whole database while it is used: pages, references, the log against its tree and the head
 * that keyd signed last, counts against rows, the search index against what was said. Of one moment, on the copier's thread. */
#include "role/tenant.h"
#include "base/clock.h"
#include "svc/file/place.h"
#include "svc/file/storage.h"
#include "svc/file/stored.h"
#include "svc/monitor/audit_check.h"
#include "svc/talk/talk_check.h"

#define OBJECTS 500                                       /* that are asked for before the database is asked for more */
#define FAULTS 20                                         /* of each kind that are told */

struct looking {
    struct house *h;
    struct ctx x;
    struct json *j;
    bool whole;
};

static void told(struct looking *l, const char *check, sv place)
{
    l->whole = false;
    json_open(l->j, NULL);
    json_text(l->j, "check", sv_c(check));
    json_text(l->j, "found", place);
    json_close(l->j);
}

/* What ends a look by itself is a finding: a page that does not open. What only has no time is none. */
static bool ended(struct looking *l, const char *check, bool done)
{
    if (done)
        return true;
    if (l->x.failure.code != E_INTERNAL)
        return false;
    told(l, check, sv_dup(l->x.arena, sv_c(l->x.failure.detail)));
    failure_clear(&l->x.failure);
    return true;
}

static bool pages(struct looking *l)
{
    struct db_faults all = {0}, names = {0};
    bool done = db_check_all(l->x.db, FAULTS, &all);

    for (size_t i = 0; i < all.n; i++)
        told(l, "pages", all.v[i]);
    if (!ended(l, "pages", done))
        return false;
    done = db_check_references(l->x.db, FAULTS, &names);
    for (size_t i = 0; i < names.n; i++)
        told(l, "references", names.v[i]);
    return ended(l, "references", done);
}

static bool log_(struct looking *l, uint64_t size, const struct sha256 *root)
{
    struct audit_check k = {0};
    bool done = audit_check(&l->x, l->h->t->number, size, root, &k);

    if (done && k.wrong)
        told(l, "log", sv_printf(l->x.arena, "row %" PRId64 " is missing or was altered", k.wrong));
    else if (done && !k.tree)
        told(l, "log", SV("its rows give another tree than the one that is stored"));
    else if (done && !k.head)
        told(l, "log", sv_printf(l->x.arena, "its first %" PRIu64 " rows are not those that were signed", size));
    return ended(l, "log", done);
}

static bool talk(struct looking *l, int64_t sample, int64_t *looked)
{
    struct talk_faults counts = {0}, search = {0};
    bool done = talk_check_counts(&l->x, FAULTS, &counts);

    for (size_t i = 0; i < counts.n; i++)
        told(l, "counts", counts.v[i]);
    if (!ended(l, "counts", done))
        return false;
    done = talk_check_search(&l->x, sample, FAULTS, &search, looked);
    for (size_t i = 0; i < search.n; i++)
        told(l, "search", search.v[i]);
    return ended(l, "search", done);
}

/* Before the moment of the database is held: a file that goes meanwhile goes after its row. */
static bool files(struct looking *l, int64_t *looked)
{
    int64_t missing = 0;
    bool done = stored_missing(&l->x, looked, &missing);

    if (done && missing)
        told(l, "files", sv_printf(l->x.arena, "%" PRId64 " files are missing, or of another length", missing));
    return ended(l, "files", done);
}

/* One question for each to the operator's store. One that does not answer is a finding: what lies there is not vouched for. */
static bool objects(struct looking *l, int64_t *looked)
{
    struct store_way *w = l->h->copy_way;
    struct placed *v = ANEWN(l->x.arena, struct placed, OBJECTS);
    int64_t files, bytes, missing = 0;
    id64 after = ID_NONE;
    size_t n = OBJECTS;
    bool answers = w != NULL;

    if (!place_count(&l->x, &files, &bytes))
        return ended(l, "files", false);
    while (answers && files && n == OBJECTS && !atomic_load(&l->h->ending)) {
        if (!place_stored(&l->x, after, OBJECTS, v, &n))
            return ended(l, "files", false);
        for (size_t i = 0; answers && i < n; i++) {
            bool there = false;
            answers = store_there(w, v[i].id, v[i].size, &there, &l->x.failure);
            bool known = false;                           /* a row goes before its object */
            if (answers && !there && !place_known(&l->x, v[i].id, &known))
                return ended(l, "files", false);
            missing += known;
            after = v[i].id;
        }
    }
    if (!answers)
        failure_clear(&l->x.failure);
    if (files && !answers)
        told(l, "files", sv_printf(l->x.arena, "%" PRId64 " files lie in %s", files, w ? "the store, which does not answer" : "a store, and none is configured"));
    if (missing)
        told(l, "files", sv_printf(l->x.arena, "%" PRId64 " files are missing in the store, or of another length", missing));
    *looked += files;
    store_way_rest(w);
    return ended(l, "files", l->x.failure.code == E_NONE);
}

static bool storage(struct looking *l)
{
    struct storage_faults sums = {0};
    bool done = storage_check(&l->x, FAULTS, &sums);

    for (size_t i = 0; i < sums.n; i++)
        told(l, "storage", sums.v[i]);
    return ended(l, "storage", done);
}

/* The head first: what is read then has at least as many rows. */
bool check_look(struct house *h, struct db *d, struct arena *a, int64_t sample, struct failure *f, struct json *j)
{
    struct policy *policy = tenant_policy(h->t);
    struct looking l = {.h = h, .j = j, .whole = true, .x = {.arena = a, .db = d, .tenant = h->t, .policy = policy, .now_ms = clock_ms()}};
    int64_t began_ms = clock_mono_ms(), looked = 0, blobs = 0;
    struct sha256 root;
    uint64_t size;
    bool done = keyd_last_head(h->keyd, &size, &root) || fail(&l.x.failure, E_RETRY, "keyd does not answer");

    db_use(d, a, &l.x.failure);
    json_open(j, NULL);
    json_text(j, "workgroup", str_sv(&h->t->workgroup));
    json_list(j, "findings");
    done = done && files(&l, &blobs) && objects(&l, &blobs) && db_hold(d) && pages(&l) && log_(&l, size, &root) && storage(&l) && talk(&l, sample, &looked);
    json_list_end(j);
    json_bool(j, "whole", l.whole);
    json_int(j, "log_rows", atomic_load(&h->audit_size));
    json_int(j, "searched", looked);
    json_int(j, "files", blobs);
    json_int(j, "milliseconds", clock_mono_ms() - began_ms);
    json_close(j);
    policy_unref(&policy);
    *f = l.x.failure;
    return done;
}
