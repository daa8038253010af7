/* role/tenant_rollback.c: whether the database is the one that keyd signed last. Pages prove that they are this tenant's, not that they
 * are today's: an older copy of the whole file opens as well as the newest. What keyd has signed of its log does not come
 * back, so a head beyond the database, or another root for the same rows, means that the file is not the newest. */
#include "role/tenant.h"
#include "base/log.h"
#include "role/refusal.h"
#include "svc/monitor/audit_check.h"

#include <string.h>

static bool equal(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* The root that the database's own log has for its first `size` rows. A head is stored after it was signed: one that a crash kept
 * from the store is not among them, and the rows themselves are asked. */
static bool rows_agree(struct house *h, uint64_t size, const struct sha256 *root)
{
    struct arena *a = arena_new(64 * 1024);
    struct ctx x = {.arena = a, .tenant = h->t, .db = h->write_db};
    struct audit_check k = {0};
    bool stored = false, agrees = false;

    db_use(x.db, a, &x.failure);
    {
        ROWS r = db_query(x.db, "SELECT root FROM audit_head WHERE size = $1", INT((int64_t)size));
        stored = rows_next(&r);
        agrees = stored && sv_equal(row_blob(&r, 0), sv_n(root->b, sizeof(root->b)));
    }
    if (!stored)
        agrees = audit_check(&x, h->t->number, size, root, &k) && k.head;
    arena_free(&a);
    return agrees;
}

static bool goes_on(struct house *h, uint64_t size, const struct sha256 *root)
{
    struct sha256 now = tree_root(&h->t->tree);

    if (size == 0)
        return true;
    if (size >= h->t->tree.size)
        return size == h->t->tree.size && equal(&now, root);
    return rows_agree(h, size, root);
}

void refuse_rollback(struct house *h)
{
    struct sha256 root;
    uint64_t size;

    if (!keyd_last_head(h->keyd, &size, &root))
        die("keyd does not say which audit head it signed last");
    h->signed_size = (int64_t)size;
#ifdef MUTANT_ROLLBACK_SERVED
    return;
#endif
    if (goes_on(h, size, &root))
        return;
    h->refused = true;
    log_put(LOG_ERROR, "tenant %" PRId64 ": its database was rolled back: keyd signed %" PRIu64 " rows of its log, the file has %" PRIu64
                       "%s. Nobody is served. Put the newest tenant.db in its place, with its -wal, and call engawactl tenant suspend"
                       " and tenant resume; or restore the newest backup (operations.md, Rolled back)",
            h->t->number, size, h->t->tree.size, size <= h->t->tree.size ? ", others than those" : "");
    db_close(&h->write_db);                               /* the file may be replaced */
}

bool refused(struct request *r)
{
    if (!r->house->refused)
        return false;
    fail(&r->x.failure, E_ROLLED_BACK, "the database was rolled back");
    reply(r);
    request_free(&r);
    return true;
}
