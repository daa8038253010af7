/* core/marks.c: how far members have read, until it is stored. */
#include "core/marks.h"
#include "base/mem.h"

#include <pthread.h>

struct marks {
    pthread_mutex_t lock;
    struct mark v[MARKS_MAX];
    size_t n;
};

struct marks *marks_new(void)
{
    struct marks *m = XNEW(struct marks);

    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void marks_free(struct marks **m)
{
    if (!*m)
        return;
    pthread_mutex_destroy(&(*m)->lock);
    xfree(*m);
    *m = NULL;
}

bool marks_put(struct marks *m, int64_t room, int64_t member, int64_t seq)
{
    size_t i;

    pthread_mutex_lock(&m->lock);
    for (i = 0; i < m->n; i++)
        if (m->v[i].room == room && m->v[i].member == member)
            break;
    bool ok = i < MARKS_MAX;
    if (i == m->n && ok)
        m->v[m->n++] = (struct mark){room, member, 0};
    if (ok && m->v[i].seq < seq)
        m->v[i].seq = seq;
    pthread_mutex_unlock(&m->lock);
    return ok;
}

size_t marks_count(struct marks *m)
{
    pthread_mutex_lock(&m->lock);
    size_t n = m->n;
    pthread_mutex_unlock(&m->lock);
    return n;
}

size_t marks_take(struct marks *m, struct arena *a, struct mark **out)
{
    pthread_mutex_lock(&m->lock);
    size_t n = m->n;
    *out = arena_dup(a, m->v, n * sizeof(*m->v));
    m->n = 0;
    pthread_mutex_unlock(&m->lock);
    return n;
}
