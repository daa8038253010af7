/* role/supervisor_helper.c: processes that a tenant is given for one file, one page or some objects of the store, a few at a time, in
 * the order of asking. */
#include "role/supervisor_private.h"

static size_t count(const struct supervisor *s, enum role_id role)
{
    size_t n = 0;

    for (const struct proc *p = s->first; p; p = p->next)
        n += p->role == role;
    return n;
}

static const struct {
    enum role_id role;
    enum frame_type ask;
    size_t max;
} helpers[HELPERS] = {
    [HELPER_MEDIA] = {ROLE_MEDIA, ROLE_MEDIA_ASK, MEDIA_MAX},
    [HELPER_FETCH] = {ROLE_FETCH, ROLE_FETCH_ASK, FETCH_MAX},
    [HELPER_STORE] = {ROLE_STORE, ROLE_STORE_ASK, STORE_MAX},
};

/* The tenant that has waited longest gets a process, which knows nobody else. */
static void give_helper(struct supervisor *s, enum helper k)
{
    while (!s->stopping && count(s, helpers[k].role) < helpers[k].max) {
        struct proc *next = NULL;
        for (struct proc *p = s->first; p; p = p->next)
            if (p->turns[k] && p->pid && (!next || p->turns[k] < next->turns[k]))
                next = p;
        if (!next)
            return;
        next->turns[k] = 0;
        struct proc *helper = proc_add(s, helpers[k].role, ++s->last_helper);
        helper->of = next->number;
        if (!proc_start(s, helper, next)) {
            proc_remove(s, helper);                       /* the tenant waits in vain, and says so */
            return;
        }
    }
}

void helper_asked(struct supervisor *s, struct proc *tenant, const struct ipc_head *h)
{
    for (size_t k = 0; k < HELPERS; k++)
        if (h->type == helpers[k].ask && (k != HELPER_STORE || layout_stores(s))) {
            tenant->turns[k] = ++s->last_turn;
            give_helper(s, (enum helper)k);
        }
}

/* All objects of a company that is erased go by a process that nobody asks for anything. */
bool helper_empty(struct supervisor *s, int64_t number)
{
    for (const struct proc *p = s->first; p; p = p->next)
        if (p->emptying && p->of == number)
            return true;
    struct proc *p = proc_add(s, ROLE_STORE, ++s->last_helper);
    p->of = number;
    p->emptying = true;
    if (proc_start(s, p, NULL))
        return true;
    proc_remove(s, p);
    return false;
}

bool helper_ended(struct supervisor *s, struct proc *p)
{
    for (size_t k = 0; k < HELPERS; k++)
        if (p->role == helpers[k].role) {
            proc_remove(s, p);
            give_helper(s, (enum helper)k);
            return true;
        }
    return false;
}
