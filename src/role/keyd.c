/* role/keyd.c: the only process that sees the master key. It answers KEY_* frames: a tenant's link gives that tenant's own
 * key and nothing else; control may name a tenant, make and destroy keys. Who asks is known by the link. */
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "net/loop.h"
#include "role/backup_file.h"
#include "role/headlog.h"
#include "role/peers.h"
#include "role/roles.h"
#include "role/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROTATE_AGAIN_MS 5000

struct keyd {
    struct start start;
    struct keystore *keys;
    struct headlog *heads;
    struct peers peers;
    bool stop;
};

static void answer(struct peer *p, const struct ipc_head *ask, bool done, sv payload)
{
    ipc_put(&p->ipc, (struct ipc_head){.type = (uint16_t)(ask->type + KEY_ANSWER), .a = ask->a, .b = done ? 1 : 0},
            done ? payload : SV_NONE);
}

/* With the reason, where it is one that passes: right behind what was tried, errno is still its. */
static void made(struct peer *p, const struct ipc_head *h, bool done)
{
    struct ipc_head no = {.type = (uint16_t)(h->type + KEY_ANSWER), .a = h->a};
    bool full = !done && (errno == ENOSPC || errno == EDQUOT);

    if (full)
        ipc_put(&p->ipc, no, SV(KEY_FULL));
    else
        answer(p, h, done, SV_NONE);
}

/* Whose key is meant: a tenant's link knows one, control says which. */
static int64_t meant(const struct peer *p, const struct ipc_head *h)
{
    return p->role == ROLE_TENANT ? p->number : (int64_t)h->b;
}

static void key_get(struct keyd *k, struct peer *p, const struct ipc_head *h)
{
    SECRET key = {0};
    bool done = keystore_get(k->keys, meant(p, h), &key);

    answer(p, h, done, secret_view(&key));
}

static void key_pepper(struct keyd *k, struct peer *p, const struct ipc_head *h, sv prehash)
{
    SECRET out = {0};
    bool done = p->role == ROLE_TENANT && prehash.n == 32;

    if (done)
        keystore_pepper(k->keys, p->number, prehash, &out);
    answer(p, h, done, secret_view(&out));
}

/* Pieces of fixed length. */
static void piece(struct ipc_in *in, unsigned char *out, size_t n)
{
    in->ok = in->ok && in->rest.n >= n;
    for (size_t i = 0; in->ok && i < n; i++)
        out[i] = (unsigned char)in->rest.p[i];
    if (in->ok)
        in->rest = sv_from(in->rest, n);
}

static void key_sign_head(struct keyd *k, struct peer *p, const struct ipc_head *h, sv payload)
{
    struct ipc_in in = IPC_IN(payload);
    struct head head = {.tenant = p->role == ROLE_TENANT ? p->number : REGISTRY_TENANT};

    head.size = ipc_r_u64(&in);
    piece(&in, head.root, sizeof(head.root));
    head.time_ms = ipc_r_u64(&in);
    bool own = p->role == ROLE_TENANT || p->role == ROLE_CONTROL;
    bool done = own && ipc_r_end(&in) && headlog_sign(k->heads, k->keys, &head);
    if (!done)
        log_put(LOG_WARN, "audit head of tenant %" PRId64 " refused: size %" PRIu64, head.tenant, head.size);
    answer(p, h, done, sv_n(head.signature, sizeof(head.signature)));
}

static void key_last_head(struct keyd *k, struct peer *p, const struct ipc_head *h)
{
    struct head head = {0};
    struct str out = {0};
    bool broken;

    headlog_last(k->heads, k->keys, meant(p, h), &head, &broken);
    if (broken)
        log_put(LOG_ERROR, "the last audit head of tenant %" PRId64 " is not authentic", meant(p, h));
    ipc_w_u64(&out, head.size);
    str_bytes(&out, head.root, sizeof(head.root));
    ipc_w_u64(&out, head.time_ms);
    str_bytes(&out, head.signature, sizeof(head.signature));
    answer(p, h, !broken, str_sv(&out));
    str_release(&out);
}

/* The file's key alone leaves: what stands in a backup is sealed once more under keys of the tenants. */
static void key_backup(struct keyd *k, struct peer *p, const struct ipc_head *h, sv id)
{
    SECRET key = {0};
    bool done = id.n == BACKUP_ID;

    if (done)
        keystore_backup(k->keys, id, &key);
    answer(p, h, done, secret_view(&key));
}

static void key_public(struct keyd *k, struct peer *p, const struct ipc_head *h)
{
    unsigned char out[SIGN_PUBLIC];

    keystore_public(k->keys, out);
    answer(p, h, true, sv_n(out, sizeof(out)));
}

static void key_next(struct keyd *k, struct peer *p, const struct ipc_head *h)
{
    SECRET key = {0};
    bool done = p->role == ROLE_TENANT && keystore_next(k->keys, p->number, &key);

    answer(p, h, done, secret_view(&key));
}

static void key_state(struct keyd *k, struct peer *p, const struct ipc_head *h)
{
    struct keystore_state s;
    struct str out = {0};
    SECRET next = {0};

    keystore_state(k->keys, &s);
    ipc_w_u64(&out, (uint64_t)s.made_ms);
    ipc_w_u64(&out, s.rotating);
    ipc_w_u64(&out, (uint64_t)s.left);
    ipc_w_u64(&out, keystore_next(k->keys, (int64_t)h->b, &next));
    ipc_w_bytes(&out, sv_c(s.id));
    answer(p, h, true, str_sv(&out));
    str_release(&out);
}

static bool said(const char *what, bool done, const char *why)
{
    int e = errno;

    log_put(done ? LOG_INFO : LOG_ERROR, "key store: %s%s%s", what, done ? "" : ": ", done ? "" : why);
    errno = e;
    return done;
}

/* What control alone may ask for. */
static bool handle_control(struct keyd *k, struct peer *p, const struct ipc_head *h, sv payload)
{
    const char *why = "not stored";
    int64_t b = h->b <= INT64_MAX ? (int64_t)h->b : -1;

    switch (h->type) {
    case KEY_MAKE:
        return made(p, h, keystore_make(k->keys, b)), true;
    case KEY_DESTROY:
        return answer(p, h, keystore_destroy(k->keys, b), SV_NONE), true;
    case KEY_BACKUP:
        return key_backup(k, p, h, payload), true;
    case KEY_ERASE:
        return answer(p, h, said("the keys of a tenant are destroyed", keystore_erase(k->keys, b, clock_ms()), why), SV_NONE), true;
    case KEY_RENEW:
        return made(p, h, keystore_renew(k->keys, b)), true;
    case KEY_STATE:
        return key_state(k, p, h), true;
    case KEY_PREPARE:
        return made(p, h, said("another master key is made", keystore_prepare(k->keys, &why), why)), true;
    case KEY_ROTATE:
        return answer(p, h, said("another master key is put in place", keystore_rotate(k->keys, &why), why), SV_NONE), true;
    case KEY_FORGET_OLD:
        keystore_forget_old(k->keys, b);
        return answer(p, h, true, SV_NONE), true;
#ifdef ENGAWA_TEST
    case KEY_FAULT: {
        struct ipc_in in = IPC_IN(payload);
        sv name = ipc_r_bytes(&in, 39);
        char text[40] = {0};
        for (size_t i = 0; i < name.n; i++)
            text[i] = name.p[i];
        fault_set(text, (int64_t)h->b, FAULT_KILL);
        return answer(p, h, true, SV_NONE), true;
    }
#endif
    default:
        return false;
    }
}

/* False: a frame this link may not send; the link is closed. */
static bool handle(struct keyd *k, struct peer *p, const struct ipc_head *h, sv payload)
{
    bool control = p->role == ROLE_CONTROL;

    if (h->type == HEALTH_ASK && control)
        return start_health_tell(&k->start, &p->ipc, h), true;
    if (h->type == FIGURES_ASK && control)
        return start_figures_tell(&k->start, &p->ipc, h), true;
    switch (h->type) {
    case KEY_GET:
        return key_get(k, p, h), true;
    case KEY_PEPPER:
        return key_pepper(k, p, h, payload), true;
    case KEY_SIGN_HEAD:
        return key_sign_head(k, p, h, payload), true;
    case KEY_LAST_HEAD:
        return key_last_head(k, p, h), true;
    case KEY_PUBLIC:
        return key_public(k, p, h), true;
    case KEY_NEXT:
        return key_next(k, p, h), true;
    case KEY_PROMOTE:
        return answer(p, h, p->role == ROLE_TENANT && keystore_promote(k->keys, p->number, clock_ms()), SV_NONE), true;
    default:
        return control && handle_control(k, p, h, payload);
    }
}

static void serve(struct keyd *k, struct peer *p)
{
    struct ipc_head h;
    sv payload;
    int got = ipc_read(&p->ipc);

    while (got >= 0 && (got = ipc_next(&p->ipc, &h, &payload)) > 0)
        if (!handle(k, p, &h, payload))
            got = -1;
    if (got < 0)
        peers_drop(&k->peers, p);
    else
        peers_flush(&k->peers, p);
    if (!ipc_queued(&p->ipc) && p->ipc.out.p)
        wipe(p->ipc.out.p, p->ipc.out.cap);               /* keys passed through here */
}

static void hear(struct keyd *k)
{
    struct start_news n;

    while (!k->stop && start_next(&k->start, &n)) {
        if (n.what == NEWS_LINK)
            peers_add(&k->peers, n.role, n.number, n.fd);
        k->stop = n.what == NEWS_STOP || n.what == NEWS_GONE;
    }
}

/* Some files at a time, between those who ask. What could not be stored is tried again. */
static int rotate(struct keyd *k)
{
    if (!keystore_rotating(k->keys))
        return -1;
    if (!keystore_rotate_step(k->keys, clock_ms()))
        return ROTATE_AGAIN_MS;
    if (!keystore_rotating(k->keys))
        said("another master key is in place, and the one before is gone", true, "");
    return 0;
}

static void run(struct keyd *k)
{
    while (!k->stop) {
        struct loop_event ev[32];
        int n = loop_wait(k->peers.loop, ev, COUNT(ev), rotate(k));
        for (int i = 0; i < n && !k->stop; i++) {
            if (ev[i].what == &k->start)
                hear(k);
            else
                serve(k, ev[i].what);
        }
        peers_sweep(&k->peers);
    }
}

/* Locks everything where the limit is off (the supervisor lifts it as root), else only the page of keys is locked. */
static void lock_memory(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_MEMLOCK, &r) == 0 && r.rlim_cur == RLIM_INFINITY)
        mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

static bool begin(struct keyd *k)
{
    const char *why = "";
    FD dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (!start_role(ROLE_KEYD, &k->start))
        return false;
    lock_memory();
    k->peers.loop = loop_new();
    loop_add(k->peers.loop, k->start.sup.fd, LOOP_READ, &k->start);
    if (!start_confine(&k->start))
        return false;
    k->keys = keystore_open(dir, &why);
    k->heads = k->keys ? headlog_open(dir, &why) : NULL;
    if (!k->heads) {
        log_put(LOG_ERROR, "key store: %s", why);
        return false;
    }
    dir = -1;                                             /* the store keeps it */
    for (size_t i = 0; i < k->start.links.n; i++)
        peers_take(&k->peers, &k->start, i);
    return start_ready(&k->start);
}

int keyd_main(void)
{
    struct keyd k = {0};

    bool begun = begin(&k);
    if (begun)
        run(&k);
    headlog_close(&k.heads);
    keystore_close(&k.keys);
    peers_end(&k.peers);
    start_end(&k.start);
    return begun ? 0 : 1;
}
