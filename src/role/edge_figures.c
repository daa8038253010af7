/* role/edge_figures.c: what an edge counts, and the end of its certificate. */
#include "role/edge.h"

#include "base/clock.h"
#include "base/log.h"

#define SOON_MS (INT64_C(21) * 86400000)
#define DAY_MS  INT64_C(86400000)

void edge_answered(struct edge *e, struct conn *c, int status)
{
    struct edge_figures *f = &e->figures;

    f->status[figure_status(status)]++;
    if (!c->asked_us)
        return;
    uint64_t us = (uint64_t)(clock_mono_us() - c->asked_us);
    f->times[figure_time_bucket(us)]++;
    f->times[TIME_BUCKETS + 1] += us;
    c->asked_us = 0;
}

static bool ends_soon(const struct edge *e)
{
    return e->certificate_end_ms - clock_ms() < SOON_MS;
}

/* By the first edge alone: all have the same. */
void edge_certificate_tick(struct edge *e)
{
    struct str end = {0};

    if (!ends_soon(e) || (e->warned_ms && e->now_ms - e->warned_ms < DAY_MS) || !config_is(&e->start.config, CONFIG_INDEX, SV("0")))
        return;
    e->warned_ms = e->now_ms;
    time_put(&end, e->certificate_end_ms);
    log_put(LOG_WARN, "the certificate %s %.*s: put a new one in its place and send SIGHUP to engawad",
            e->certificate_end_ms < clock_ms() ? "ended" : "ends soon,", SV_ARG(str_sv(&end)));
    str_release(&end);
}

void edge_figures(struct edge *e, const struct ipc_head *ask)
{
    const struct edge_figures *f = &e->figures;
    struct str out = {0};
    size_t topics = 0, waiting = 0, websockets = 0;

    for (size_t i = 0; i < e->slots_n; i++)
        websockets += e->slots[i] && e->slots[i]->state == C_WS;
    for (const struct tenant *t = e->all_tenants; t; t = t->next) {
        topics += t->topics.n;
        waiting += t->in_flight;
    }
    start_figures(&e->start, &out);
    const struct { enum figure f; size_t value; uint64_t n; } all[] = {
        {FIGURE_CONNECTIONS, 0, e->conns},       {FIGURE_WEBSOCKETS, 0, websockets},    {FIGURE_TOPICS, 0, topics},
        {FIGURE_MESSAGES, 0, f->messages},       {FIGURE_DELIVERIES, 0, f->deliveries},    {FIGURE_BYTES, 0, f->bytes_in},
        {FIGURE_BYTES, 1, f->bytes_out},         {FIGURE_HANDSHAKES, 0, f->handshakes - f->resumed}, {FIGURE_HANDSHAKES, 1, f->resumed},
        {FIGURE_TURNED_AWAY, 0, f->refused},     {FIGURE_SLOW_CUT, 0, f->slow_cut},        {FIGURE_QUEUE, 3, waiting},
        {FIGURE_CERTIFICATE, 0, (uint64_t)(e->certificate_end_ms / 1000)},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        figures_put(&out, all[i].f, all[i].value, all[i].n);
    for (size_t i = 0; i < FIGURE_VALUES; i++)
        if (f->status[i])
            figures_put(&out, FIGURE_REQUESTS, i, f->status[i]);
    for (size_t i = 0; i < COUNT(f->times); i++)
        figures_put(&out, FIGURE_SECONDS, i, f->times[i]);
    if (config_is(&e->start.config, CONFIG_INDEX, SV("0")))
        figures_put(&out, FIGURE_CERT_SOON, 0, ends_soon(e));
    ipc_put(&e->control, (struct ipc_head){.type = FIGURES_TELL, .a = ask->a}, str_sv(&out));
    str_release(&out);
}
