/* core/audit_gather.c: equal refusals of one actor become the row of the first and one row a minute with their count.
 * The table is bounded: when it is full, a refusal is a row of its own. What was refused is a part of what is equal: the
 * same try at another setting is another refusal. A long detail is compared and not kept. */
#include "core/audit.h"
#include "base/mem.h"
#include "crypt/hash.h"

#include <string.h>

#define SLOTS     1024
#define MINUTE_MS 60000
#define DETAIL_MAX 1024

struct slot {
    bool used;
    struct audit_row row;                                 /* ip points into `address`, detail into `detail` */
    char address[48];
    struct str detail;
    struct sha256 detail_hash;
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
    for (size_t i = 0; *g && i < SLOTS; i++)
        str_release(&(*g)->slots[i].detail);
    xfree(*g);
    *g = NULL;
}

/* Guessing of ids names another object each time: those refusals are equal whatever they name. */
static bool same(const struct slot *s, const struct audit_row *r, const struct sha256 *detail)
{
    const struct audit_row *a = &s->row;

    if (a->kind != r->kind || a->result != r->result || a->actor.n != r->actor.n || a->channel != r->channel ||
        !sv_equal(a->ip, r->ip))
        return false;
    return a->result == E_NOT_FOUND ||
           (a->object.n == r->object.n && memcmp(s->detail_hash.b, detail->b, sizeof(detail->b)) == 0);
}

static void fill(struct slot *s, const struct audit_row *r, const struct sha256 *detail, int64_t now_ms)
{
    struct str kept = s->detail;

    *s = (struct slot){.used = true, .row = *r, .detail = kept, .detail_hash = *detail, .since_ms = now_ms};
    if (r->ip.n)
        memcpy(s->address, r->ip.p, r->ip.n);
    s->row.ip = sv_n(s->address, r->ip.n);
    str_reset(&s->detail);
    if (r->result != E_NOT_FOUND && r->detail.n <= DETAIL_MAX)
        str_put(&s->detail, r->detail);
    s->row.detail = str_sv(&s->detail);
}

bool audit_gather_first(struct audit_gather *g, const struct audit_row *r, int64_t now_ms)
{
    struct sha256 detail = sha256(r->detail);
    struct slot *empty = NULL;

    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *s = &g->slots[i];
        if (!s->used) {
            empty = empty ? empty : s;
            continue;
        }
        if (!same(s, r, &detail))
            continue;
        s->waiting++;
        s->row.time_ms = r->time_ms;
        return false;
    }
    if (empty && r->ip.n < sizeof(empty->address))
        fill(empty, r, &detail, now_ms);
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
            str_release(&s->detail);
            continue;
        }
        out[n] = s->row;
        out[n].ip = sv_dup(a, s->row.ip);
        out[n].detail = sv_dup(a, s->row.detail);
        out[n++].count = s->waiting;
        s->waiting = 0;
        s->since_ms = now_ms;
    }
    return n;
}
