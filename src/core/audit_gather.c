/* core/audit_gather.c: equal refusals of one actor become the row of the first and one row a minute with their count.
 * The table is bounded: when it is full, a refusal is a row of its own. */
#include "core/audit.h"
#include "base/mem.h"

#include <string.h>

#define SLOTS     1024
#define MINUTE_MS 60000

struct slot {
    bool used;
    struct audit_row row;                                 /* ip points into `address` */
    char address[48];
    int64_t since_ms, waiting;
};

struct audit_gather {
    struct slot slots[SLOTS];
};

struct audit_gather *audit_gather_new(void)
{
    return XNEW(struct audit_gather);
}

void audit_gather_free(struct audit_gather **g)
{
    xfree(*g);
    *g = NULL;
}

/* Guessing of ids names another object each time: those refusals are equal whatever they name. */
static bool same(const struct audit_row *a, const struct audit_row *b)
{
    return a->kind == b->kind && a->result == b->result && a->actor.n == b->actor.n &&
           (a->object.n == b->object.n || a->result == E_NOT_FOUND) && a->channel == b->channel &&
           sv_equal(a->ip, b->ip);
}

bool audit_gather_first(struct audit_gather *g, const struct audit_row *r, int64_t now_ms)
{
    struct slot *empty = NULL;

    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *s = &g->slots[i];
        if (!s->used) {
            empty = empty ? empty : s;
            continue;
        }
        if (!same(&s->row, r))
            continue;
        s->waiting++;
        s->row.time_ms = r->time_ms;
        return false;
    }
    if (empty && r->ip.n < sizeof(empty->address)) {
        *empty = (struct slot){.used = true, .row = *r, .since_ms = now_ms};
        if (r->ip.n)
            memcpy(empty->address, r->ip.p, r->ip.n);
        empty->row.ip = sv_n(empty->address, r->ip.n);
        empty->row.detail = SV_NONE;
    }
    return true;
}

size_t audit_gather_due(struct audit_gather *g, int64_t now_ms, struct arena *a, struct audit_row *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < SLOTS && n < max; i++) {
        struct slot *s = &g->slots[i];
        if (!s->used || (now_ms >= s->since_ms && now_ms - s->since_ms < MINUTE_MS))
            continue;
        if (s->waiting == 0) {
            s->used = false;
            continue;
        }
        out[n] = s->row;
        out[n].ip = sv_dup(a, s->row.ip);
        out[n++].count = s->waiting;
        s->waiting = 0;
        s->since_ms = now_ms;
    }
    return n;
}
