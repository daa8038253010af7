/* role/tenant_keyd.c: asking keyd, one question at a time: at the start, then on the slow queue. */
#include "role/tenant.h"
#include "base/log.h"
#include "base/mem.h"

#include <string.h>

#define KEYD_MS 10000

struct keyd {
    pthread_mutex_t lock;
    struct ipc link;
    uint64_t asked;
};

struct keyd *keyd_new(int fd)
{
    struct keyd *k = XNEW(struct keyd);

    pthread_mutex_init(&k->lock, NULL);
    ipc_init(&k->link, fd);
    return k;
}

void keyd_free(struct keyd **k)
{
    if (!*k)
        return;
    ipc_close(&(*k)->link);
    pthread_mutex_destroy(&(*k)->lock);
    xfree(*k);
    *k = NULL;
}

void keyd_replace(struct keyd *k, int fd)
{
    pthread_mutex_lock(&k->lock);
    ipc_close(&k->link);
    ipc_init(&k->link, fd);
    pthread_mutex_unlock(&k->lock);
}

/* The answer's bytes are copied into `out` under the lock, since the next question overwrites them. */
static bool ask_maybe(struct keyd *k, enum frame_type type, sv payload, void *out, size_t n)
{
    struct ipc_head h = {.type = (uint16_t)type}, rh = {0};
    sv answer;
    bool ok;

    pthread_mutex_lock(&k->lock);
    h.a = ++k->asked;
    ok = ipc_call(&k->link, h, payload, KEYD_MS, &rh, &answer);
    /* An answer that came too late for its question is not this one's: the link would be one answer behind for good. */
    while (!ok && rh.a && rh.a < h.a && ipc_wait(&k->link, KEYD_MS, &rh, &answer))
        ok = rh.a == h.a;
    ok = ok && rh.type == type + KEY_ANSWER && rh.b == 1 && answer.n == n;
    if (ok && n)
        memcpy(out, answer.p, n);
    if (ok)
        wipe((void *)(uintptr_t)answer.p, answer.n);
    pthread_mutex_unlock(&k->lock);
    return ok;
}

static bool ask(struct keyd *k, enum frame_type type, sv payload, void *out, size_t n)
{
    bool ok = ask_maybe(k, type, payload, out, n);

    if (!ok)
        log_put(LOG_WARN, "keyd did not answer question %d", (int)type);
    return ok;
}

bool keyd_data_key(struct keyd *k, struct secret *key)
{
    key->n = 32;
    return ask(k, KEY_GET, SV(""), key->b, 32);
}

bool keyd_next(struct keyd *k, struct secret *key)
{
    key->n = 32;
    return ask(k, KEY_NEXT, SV(""), key->b, 32);
}

bool keyd_renewed(struct keyd *k, struct secret *key)
{
    key->n = 32;
    return ask_maybe(k, KEY_NEXT, SV(""), key->b, 32);
}

bool keyd_promote(struct keyd *k)
{
    return ask(k, KEY_PROMOTE, SV(""), NULL, 0);
}

bool keyd_pepper(void *keyd, const struct secret *prehash, struct secret *out)
{
    out->n = 32;
    return ask(keyd, KEY_PEPPER, secret_view(prehash), out->b, 32);
}

bool keyd_sign(struct keyd *k, uint64_t size, const struct sha256 *root, int64_t time_ms, unsigned char sig[64])
{
    struct str s = {0};
    bool ok;

    ipc_w_u64(&s, size);
    str_bytes(&s, root->b, 32);
    ipc_w_u64(&s, (uint64_t)time_ms);
    ok = ask(k, KEY_SIGN_HEAD, str_sv(&s), sig, 64);
    str_release(&s);
    return ok;
}

bool keyd_last_head(struct keyd *k, uint64_t *size, struct sha256 *root)
{
    unsigned char answer[8 + 32 + 8 + 64] = {0};
    struct ipc_in in = IPC_IN(sv_n(answer, sizeof(answer)));

    if (!ask(k, KEY_LAST_HEAD, SV(""), answer, sizeof(answer)))
        return false;
    *size = ipc_r_u64(&in);
    memcpy(root->b, answer + 8, sizeof(root->b));
    return true;
}
