/* role/tenant_health.c: what a tenant's process says of itself when control asks. */
#include "role/tenant.h"
#include "role/start.h"

void health_tell(struct house *h, const struct start *s, struct link *l, const struct ipc_head *ask)
{
    struct ipc_head tell = {.type = HEALTH_TELL, .a = ask->a};
    struct str out = {0};
    struct json j = JSON_TO(&out);

    json_open(&j, NULL);
    start_health(s, &j, ask->b);
    json_int(&j, "connections", (int64_t)conns_count(h->conns));
    json_int(&j, "answers_waiting", (int64_t)files_waiting(h->files));
    json_int(&j, "writes", atomic_load(&h->posts));
    json_int(&j, "batches", atomic_load(&h->batches));
    json_int(&j, "reads", atomic_load(&h->reads));
    json_int(&j, "refusals", atomic_load(&h->refusals));
    json_int(&j, "audit_rows", atomic_load(&h->audit_size));
    if (h->t->stores)                                     /* waiting: for a store that does not answer, or refuses */
        json_text(&j, "store", atomic_load(&h->moving) ? SV("sending") : atomic_load(&h->move_left) ? SV("waiting") : SV("done"));
    if (h->refused)
        json_text(&j, "refused", sv_c(err_def(E_ROLLED_BACK)->code));
    json_close(&j);
    ipc_shared_put(l->out, &tell, str_sv(&out));
    str_release(&out);
}

void figures_tell(struct house *h, const struct start *s, struct link *l, const struct ipc_head *ask)
{
    struct ipc_head tell = {.type = FIGURES_TELL, .a = ask->a};
    struct str out = {0};
    struct worker *const queues[] = {h->writer, h->reader, h->slow};

    start_figures(s, &out);
    for (size_t i = 0; i < COUNT(queues); i++)
        figures_put(&out, FIGURE_QUEUE, i, worker_waiting(queues[i]));
    for (size_t i = 0; i < COUNT(h->groups); i++)
        figures_put(&out, FIGURE_GROUP, i, atomic_load(&h->groups[i]));
    figures_put(&out, FIGURE_WRITES, 0, (uint64_t)atomic_load(&h->posts));
    figures_put(&out, FIGURE_READS, 0, (uint64_t)atomic_load(&h->reads));
    figures_put(&out, FIGURE_REFUSALS, 0, (uint64_t)atomic_load(&h->refusals));
    figures_put(&out, FIGURE_ROLLED_BACK, 0, h->refused);
    ipc_shared_put(l->out, &tell, str_sv(&out));
    str_release(&out);
}
