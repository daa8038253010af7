/* role/tenant_media.c: a stranger's file is read by a process of its own. The supervisor is asked for one, the main thread hands it
 * over, and the thread that looks at files speaks with it: it answers with bytes of the file and gathers what was found. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <string.h>

#define GIVEN_MS   60000                                  /* for a process to be free */
#define LOOKED_MS  60000                                  /* for one file */

#define SLICE_MS   200                                    /* how soon it is seen that the process ends */

struct media_way {
    struct ipc_shared *supervisor;                        /* the way to ask; borrowed: every way asks by the same */
    struct ipc to_thread, from_main;                      /* what the supervisor gave goes from thread to thread by these */
    _Atomic bool closed;
};

struct media_way *media_way_new(struct ipc_shared *supervisor)
{
    struct media_way *w = XNEW(struct media_way);
    int pair[2];

    if (!ipc_pair(pair))
        die("no descriptors left");
    w->supervisor = supervisor;
    ipc_init(&w->to_thread, pair[0]);
    ipc_init(&w->from_main, pair[1]);
    return w;
}

void media_way_free(struct media_way **wp)
{
    struct media_way *w = *wp;

    *wp = NULL;
    if (!w)
        return;
    ipc_close(&w->to_thread);
    ipc_close(&w->from_main);
    xfree(w);
}

void media_given(struct media_way *w, enum frame_type what, int fd)
{
    if (fd >= 0)
        ipc_put_fd(&w->to_thread, (struct ipc_head){.type = (uint16_t)what, .flags = IPC_FD}, SV_NONE, fd);
    else
        ipc_put(&w->to_thread, (struct ipc_head){.type = (uint16_t)what}, SV_NONE);
    if (ipc_flush(&w->to_thread) < 0)
        log_put(LOG_ERROR, "a process for a file was lost on the way to its thread");
}

void media_way_close(struct media_way *w)
{
    atomic_store(&w->closed, true);
}

/* One that came too late for the file before is let go. */
static void drop_old(struct media_way *w)
{
    struct ipc_head h;
    sv payload;

    do {
        while (ipc_next(&w->from_main, &h, &payload) > 0) {
            int fd = ipc_take_fd(&w->from_main);
            fd_close(&fd);
        }
    } while (ipc_read(&w->from_main) > 0);
}

bool media_ask(struct media_way *w, enum frame_type ask, enum frame_type what, int timeout_ms, int *fd)
{
    const struct ipc_head head = {.type = (uint16_t)ask};
    int64_t until = clock_mono_ms() + timeout_ms;
    struct ipc_head h;
    sv payload;

    *fd = -1;
    drop_old(w);
    if (!ipc_shared_put(w->supervisor, &head, SV_NONE))
        return false;
    for (;;) {
        int64_t left = until - clock_mono_ms();
        if (left <= 0 || atomic_load(&w->closed))
            return false;
        if (!ipc_wait(&w->from_main, (int)(left < SLICE_MS ? left : SLICE_MS), &h, &payload))
            continue;
        *fd = ipc_take_fd(&w->from_main);
        if (h.type == what)
            return true;
        fd_close(fd);                                     /* of a question before, too late */
    }
}

static bool get_process(struct media_way *w, struct ipc *out, struct failure *f)
{
    int fd;

    if (!media_ask(w, ROLE_MEDIA_ASK, SUP_PEER, GIVEN_MS, &fd))
        return fail(f, E_RETRY, "no process was free to look at the file");
    if (fd < 0)
        return fail(f, E_RETRY, "no process was given to look at the file");
    ipc_init(out, fd);
    return true;
}

/* ---- the dialogue */

struct looking {
    struct arena *a;
    const struct media_task *task;
    struct media_found *out;
    struct failure *f;
    struct ipc link;
    bool picture_open;                                    /* more of the last picture follows */
    bool broken;                                          /* it says what it cannot say */
    bool died;                                            /* it ended before its last word */
    size_t names;
    bool named;                                           /* no more of them come */
    uint64_t took;                                        /* as MEDIA_END has it */
};

static bool wrong(struct looking *l, const char *what)
{
    l->broken = true;
    l->out->verdict = MEDIA_STRANGE;
    l->out->why = what;
    return false;
}

/* What it may read are the file's bytes. False: they cannot be read, and that is not its fault. */
static bool give_bytes(struct looking *l, int64_t at, int64_t n)
{
    struct str bytes = STR_IN(l->a);
    sv piece;

    if (at < 0 || n <= 0 || n > IPC_PAYLOAD_MAX || at >= l->task->size || n > l->task->size - at)
        return wrong(l, "it asked for bytes that are none of the file");
    while ((int64_t)bytes.n < n) {
        if (!l->task->read(l->task->from, at + (int64_t)bytes.n, (size_t)n - bytes.n, &piece))
            return false;
        str_put(&bytes, piece);
    }
    return ipc_send(&l->link, (struct ipc_head){.type = MEDIA_DATA}, str_sv(&bytes), LOOKED_MS) || wrong(l, "it ended");
}

static bool take_patch(struct looking *l, int64_t at, int64_t n, sv bytes)
{
    if (!(l->task->want & MEDIA_WANT_CLEAN) || at < 0 || n <= 0 || at > l->task->size || n > l->task->size - at ||
        (int64_t)bytes.n > n || l->out->patches.n == METADATA_PATCHES)
        return wrong(l, "it blanks what is none of the file");
    *PUSH(l->a, &l->out->patches) = (struct patch){at, n, bytes.n ? sv_dup(l->a, bytes) : SV_NONE};
    return true;
}

static bool take_picture(struct looking *l, const struct ipc_head *h, sv bytes)
{
    struct media_found *o = l->out;
    uint32_t width = (uint32_t)(h->b >> 32), height = (uint32_t)h->b;

    if (!l->picture_open) {
        if (o->shots_n == COUNT(o->shots) || h->a < MEDIA_SMALL || h->a > MEDIA_FACE || (h->a == MEDIA_FACE) != !!(l->task->want & MEDIA_WANT_FACE) || !width || !height || width > MEDIA_LARGE_BOX ||
            height > MEDIA_LARGE_BOX)
            return wrong(l, "it makes pictures that nobody asked for");
        o->shots[o->shots_n++] = (struct media_shot){.kind = (enum media_picture)h->a, .width = width, .height = height, .bytes = STR_IN(l->a)};
    }
    struct str *to = &o->shots[o->shots_n - 1].bytes;
    if (to->n + bytes.n > MEDIA_SHOT_MAX)
        return wrong(l, "it makes pictures without end");
    str_put(to, bytes);
    l->picture_open = h->flags & IPC_MORE;
    return l->picture_open || sv_starts(str_sv(to), SV("RIFF")) || wrong(l, "what it makes is no picture");
}

static bool take(struct looking *l, const struct ipc_head *h, sv payload)
{
    struct media_found *o = l->out;

    switch (h->type) {
    case MEDIA_READ:
        return give_bytes(l, (int64_t)h->a, (int64_t)h->b);
    case MEDIA_PATCH:
        return take_patch(l, (int64_t)h->a, (int64_t)h->b, payload);
    case MEDIA_FACTS:
        o->width = (uint32_t)(h->a >> 32);
        o->height = (uint32_t)h->a;
        o->pages = (uint32_t)h->b;
        return (int64_t)o->width * o->height <= MEDIA_PIXELS && h->b <= MEDIA_PAGES ? true : wrong(l, "it tells of sizes that are none");
    case MEDIA_PICTURE:
        return take_picture(l, h, payload);
    case MEDIA_TEXT:
        if (o->text.n + payload.n > MEDIA_TEXT_MAX)
            return wrong(l, "it reads without end");
        str_put(&o->text, payload);
        return true;
    case MEDIA_NAME:
        if (!(l->task->want & MEDIA_WANT_NAMES) || l->named || l->names++ == MEDIA_NAMES_SAID || payload.n > 4096)
            return wrong(l, "it finds names without end");
        return l->task->name(l->task->from, payload);
    case MEDIA_NAMED:
        l->named = true;
        return true;
    default:
        return wrong(l, "it says what nobody knows");
    }
}

/* To its last word. What it found before it died is kept only where it said so. */
static bool converse(struct looking *l)
{
    int64_t until = clock_mono_ms() + LOOKED_MS;
    struct ipc_head h;
    sv payload;

    sv about = l->task->want & MEDIA_WANT_MARK ? sv_printf(l->a, "%.*s\n%.*s", SV_ARG(l->task->type), SV_ARG(l->task->mark)) : l->task->type;
    if (!ipc_send(&l->link, (struct ipc_head){.type = MEDIA_TASK, .a = l->task->want, .b = (uint64_t)l->task->size, .conn = l->task->page},
                  about, LOOKED_MS))
        return wrong(l, "it did not listen");
    for (;;) {
        int64_t left = until - clock_mono_ms();
        if (left <= 0 || !ipc_wait(&l->link, (int)left, &h, &payload)) {
            l->died = true;
            return wrong(l, clock_mono_ms() >= until ? "it took too long" : "it ended in the middle");
        }
        if (h.type == MEDIA_END) {
            l->out->verdict = h.a <= MEDIA_TOO_MUCH ? (enum media_verdict)h.a : MEDIA_STRANGE;
            l->out->why = sv_cstr(l->a, payload.n ? sv_upto(payload, 100) : SV("it took more than there is for it"));
            l->took = h.b;
            if (l->out->verdict == MEDIA_DONE && l->task->want & MEDIA_WANT_NAMES && !l->named)
                return wrong(l, "it says no names");
            return !l->picture_open || wrong(l, "a picture is not whole");
        }
        if (!take(l, &h, payload))
            return false;
    }
}

bool media_look(void *way, struct arena *a, const struct media_task *task, struct media_found *out, struct failure *f)
{
    struct looking l;
    bool ok = false;

    /* One that died is asked again, once: what ended it may have been the machine, and not the file. */
    for (int times = 0; times < 2; times++) {
        l = (struct looking){.a = a, .task = task, .out = out, .f = f};
        *out = (struct media_found){.why = "", .text = STR_IN(a)};
        if (!get_process(way, &l.link, f))
            return false;
        ok = converse(&l) || l.broken;
        ipc_close(&l.link);
        if (!l.died)
            break;
    }
    if (l.broken && task->want & MEDIA_WANT_NAMES && !l.named)
        out->verdict = MEDIA_TOO_MUCH;                    /* who ends those that look into it is not let through unseen */
    if (ok && out->verdict != MEDIA_DONE) {
        log_put(LOG_INFO, "a file of %" PRId64 " bytes, %.*s, was not read: %s (%" PRIu64 " ms, %" PRIu64 " KiB)", task->size, SV_ARG(task->type), out->why,
                l.took >> 32, l.took & UINT32_MAX);
        out->shots_n = out->text.n = 0;                   /* what is to be blanked was found before, and is blanked all the same */
        out->width = out->height = out->pages = 0;
    }
    return ok || f->code != E_NONE || fail(f, E_INTERNAL, "a file cannot be read");
}
