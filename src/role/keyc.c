/* role/keyc.c: one frame there, one back. */
#include "role/keyc.h"

#include "base/rand.h"
#include "role/proto.h"

#define TIMEOUT_MS 10000

static bool call(struct ipc *keyd, enum frame_type type, int64_t number, sv *reply)
{
    struct ipc_head h = {.type = (uint16_t)type, .a = rand_u64(), .b = (uint64_t)number}, rh = {0};

    return ipc_call(keyd, h, SV_NONE, TIMEOUT_MS, &rh, reply) && rh.type == (uint16_t)type + KEY_ANSWER && rh.b == 1;
}

bool keyc_make(struct ipc *keyd, int64_t number)
{
    sv reply;

    return call(keyd, KEY_MAKE, number, &reply);
}

bool keyc_destroy(struct ipc *keyd, int64_t number)
{
    sv reply;

    return call(keyd, KEY_DESTROY, number, &reply);
}

bool keyc_public(struct ipc *keyd, struct arena *a, sv *key)
{
    sv reply = SV_NONE;

    if (!call(keyd, KEY_PUBLIC, 0, &reply) || reply.n != 32)
        return false;
    *key = sv_dup(a, reply);
    return true;
}

bool keyc_get(struct ipc *keyd, int64_t number, struct secret *key)
{
    sv reply = SV_NONE;
    bool done = call(keyd, KEY_GET, number, &reply) && reply.n == 32 && secret_set(key, reply);

    if (done)
        wipe((void *)(uintptr_t)reply.p, reply.n);
    return done;
}
