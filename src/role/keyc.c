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

static bool plain(struct ipc *keyd, enum frame_type type, int64_t number, bool *full)
{
    sv reply = SV_NONE;
    bool done = call(keyd, type, number, SV_NONE, &reply);

    if (full)
        *full = !done && sv_equal(reply, SV(KEY_FULL));
    return done;
}

bool keyc_make(struct ipc *keyd, int64_t number, bool *full)
{
    return plain(keyd, KEY_MAKE, number, full);
}

bool keyc_destroy(struct ipc *keyd, int64_t number)
{
    return plain(keyd, KEY_DESTROY, number, NULL);
}

bool keyc_erase(struct ipc *keyd, int64_t number)
{
    return plain(keyd, KEY_ERASE, number, NULL);
}

bool keyc_renew(struct ipc *keyd, int64_t number, bool *full)
{
    return plain(keyd, KEY_RENEW, number, full);
}

bool keyc_prepare(struct ipc *keyd, bool *full)
{
    return plain(keyd, KEY_PREPARE, 0, full);
}

bool keyc_rotate(struct ipc *keyd)
{
    return plain(keyd, KEY_ROTATE, 0, NULL);
}

bool keyc_forget_old(struct ipc *keyd, int64_t before_ms)
{
    return plain(keyd, KEY_FORGET_OLD, before_ms, NULL);
}

bool keyc_fault(struct ipc *keyd, sv name, int64_t n)
{
    struct str payload = {0};
    sv reply;

    ipc_w_bytes(&payload, name);
    bool done = call(keyd, KEY_FAULT, n, str_sv(&payload), &reply);
    str_release(&payload);
    return done;
}

bool keyc_state(struct ipc *keyd, int64_t number, struct keyc_state *out)
{
    sv reply = SV_NONE;

    if (!call(keyd, KEY_STATE, number, SV_NONE, &reply))
        return false;
    struct ipc_in in = IPC_IN(reply);
    *out = (struct keyc_state){.made_ms = (int64_t)ipc_r_u64(&in)};
    out->rotating = ipc_r_u64(&in) != 0;
    out->left = (int64_t)ipc_r_u64(&in);
    out->renewing = ipc_r_u64(&in) != 0;
    sv id = ipc_r_bytes(&in, sizeof(out->id) - 1);
    if (id.n)
        memcpy(out->id, id.p, id.n);
    return ipc_r_end(&in);
}

bool keyc_public(struct ipc *keyd, struct arena *a, sv *key)
{
    sv reply = SV_NONE;

    if (!call(keyd, KEY_PUBLIC, 0, SV_NONE, &reply) || reply.n != 32)
        return false;
    *key = sv_dup(a, reply);
    return true;
}

bool keyc_sign(struct ipc *keyd, uint64_t size, const struct sha256 *root, int64_t time_ms)
{
    struct str payload = {0};
    sv reply;

    ipc_w_u64(&payload, size);
    str_bytes(&payload, root->b, sizeof(root->b));
    ipc_w_u64(&payload, (uint64_t)time_ms);
    bool done = call(keyd, KEY_SIGN_HEAD, REGISTRY_TENANT, str_sv(&payload), &reply);
    str_release(&payload);
    return done;
}

bool keyc_last_head(struct ipc *keyd, uint64_t *size, struct sha256 *root)
{
    sv reply = SV_NONE;

    if (!call(keyd, KEY_LAST_HEAD, REGISTRY_TENANT, SV_NONE, &reply) || reply.n < 8 + sizeof(root->b))
        return false;
    struct ipc_in in = IPC_IN(reply);
    *size = ipc_r_u64(&in);
    memcpy(root->b, reply.p + 8, sizeof(root->b));
    return true;
}

bool keyc_get(struct ipc *keyd, int64_t number, struct secret *key)
{
    sv reply = SV_NONE;
    bool done = call(keyd, KEY_GET, number, SV_NONE, &reply) && reply.n == 32 && secret_set(key, reply);

    if (done)
        wipe((void *)(uintptr_t)reply.p, reply.n);
    return done;
}

bool keyc_backup(struct ipc *keyd, sv id, struct secret *key)
{
    sv reply = SV_NONE;
    bool done = call(keyd, KEY_BACKUP, 0, id, &reply) && reply.n == 32 && secret_set(key, reply);

    if (done)
        wipe((void *)(uintptr_t)reply.p, reply.n);
    return done;
}

bool keyc_figures(struct ipc *keyd, struct arena *a, sv *figures)
{
    struct ipc_head h = {.type = FIGURES_ASK, .a = rand_u64()}, rh = {0};
    sv reply = SV_NONE;

    if (!ipc_call(keyd, h, SV_NONE, TIMEOUT_MS, &rh, &reply) || rh.type != FIGURES_TELL)
        return false;
    *figures = sv_dup(a, reply);
    return true;
}
