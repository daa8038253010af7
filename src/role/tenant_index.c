/* role/tenant_index.c: the search index follows what is written: once a second the writer looks, and does piece after piece
 * behind its batches' replies, each as its own transaction and with what waits for the writer in between. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "svc/talk/search.h"

static void run_look(struct request *r)
{
    bool any = false;

    if (talk_search_waits(&r->x, &any))
        r->house->index_due = any;
}

void index_look(struct house *h)
{
    call_internal(h, run_look, NULL);                     /* the writer is busy: the next tick comes */
}

void index_piece(struct house *h)
{
    bool more = false;

    if (!h->index_due)
        return;
    struct arena *a = arena_new(64 * 1024);
    struct ctx x = {.arena = a, .db = h->write_db, .tenant = h->t, .now_ms = clock_ms()};
    h->index_due = false;
    db_use(h->write_db, a, &x.failure);
    if (!db_begin(h->write_db) || !talk_search_index(&x, &more) || FAULT("index.before_commit") || !db_commit(h->write_db)) {
        log_put(LOG_ERROR, "the search index: %s", x.failure.detail);
        db_rollback(h->write_db);
    } else if (more) {
        index_look(h);
    }
    arena_free(&a);
}
