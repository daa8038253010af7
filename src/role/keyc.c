/* role/keyc.c: one frame there, one back. */
#include "role/keyc.h"

#include "base/rand.h"
#include "role/proto.h"

#include <string.h>

#define TIMEOUT_MS 10000

static bool call(struct ipc *keyd, enum frame_type type, int64_t number, sv payload, sv *reply)
{
    struct ipc_head h = {.type = (uint16_t)type, .a = rand_u64(), .b = (uint64_t)number}, rh = {0};

    return ipc_call(keyd, h, payload, TIMEOUT_MS, &rh, reply) && rh.type == (uint16_t)type + KEY_ANSWER && rh.b == 1;
}

static bool call_secret(struct ipc *keyd, enum frame_type type, int64_t number, sv payload, struct secret *out)
{
    sv reply = SV_NONE;
    bool done = call(keyd, type, number, payload, &reply) && reply.n == 32 && secret_set(out, reply);

    if (done && reply.p)
        wipe((void *)(uintptr_t)reply.p, reply.n);
    return done;
}

bool keyc_make(struct ipc *keyd, int64_t number)
{
    sv reply;

    return call(keyd, KEY_MAKE, number, SV_NONE, &reply);
}

bool keyc_destroy(struct ipc *keyd, int64_t number)
{
    sv reply;

    return call(keyd, KEY_DESTROY, number, SV_NONE, &reply);
}

bool keyc_get(struct ipc *keyd, int64_t number, struct secret *key)
{
    return call_secret(keyd, KEY_GET, number, SV_NONE, key);
}

bool keyc_pepper(struct ipc *keyd, const struct secret *prehash, struct secret *out)
{
    return call_secret(keyd, KEY_PEPPER, 0, secret_view(prehash), out);
}

bool keyc_sign_head(struct ipc *keyd, struct keyc_head *h)
{
    struct str out = {0};
    sv reply = SV_NONE;

    ipc_w_u64(&out, h->size);
    ipc_w_bytes(&out, sv_n(h->root, sizeof(h->root)));
    ipc_w_u64(&out, h->time_ms);
    bool done = call(keyd, KEY_SIGN_HEAD, 0, str_sv(&out), &reply) && reply.n == sizeof(h->signature);
    str_release(&out);
    if (done)
        memcpy(h->signature, reply.p, sizeof(h->signature));
    return done;
}

bool keyc_last_head(struct ipc *keyd, int64_t number, struct keyc_head *out)
{
    sv reply = SV_NONE;

    if (!call(keyd, KEY_LAST_HEAD, number, SV_NONE, &reply))
        return false;
    struct ipc_in in = IPC_IN(reply);
    out->size = ipc_r_u64(&in);
    sv root = ipc_r_bytes(&in, sizeof(out->root));
    out->time_ms = ipc_r_u64(&in);
    sv signature = ipc_r_bytes(&in, sizeof(out->signature));
    if (!ipc_r_end(&in) || root.n != sizeof(out->root) || signature.n != sizeof(out->signature))
        return false;
    memcpy(out->root, root.p, root.n);
    memcpy(out->signature, signature.p, signature.n);
    return true;
}

bool keyc_public(struct ipc *keyd, unsigned char out[32])
{
    sv reply = SV_NONE;
    bool done = call(keyd, KEY_PUBLIC, 0, SV_NONE, &reply) && reply.n == 32;

    if (done)
        memcpy(out, reply.p, 32);
    return done;
}
