/* role/tenant_scan.c: files are looked through for malware by the operator's daemon. The supervisor, which may connect, gives a
 * connection for each file; the thread that looks at files sends the bytes and reads what is said of them. What is not understood, cut
 * or late is no answer: the file is held. */
#include "role/tenant.h"
#include "api/stored.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/clamd.h"
#include "svc/file/scan.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define GIVEN_MS   10000                                  /* for the supervisor to connect */
#define ANSWER_MS  150000                                 /* for one file: clamd's own limit (MaxScanTime) is 120 s */
#define VERSION_MS 10000                                  /* to say which signatures it has */
#define AGAIN_MS   60000                                  /* it is asked for its signatures, and for those files that are held */

struct scanning {
    int fd;
    int64_t until_ms;
    char text[CLAMD_ANSWER_MAX];
    size_t n;
    bool answered, ended;                                 /* a whole answer is there; nothing more comes */
};

/* What has come. The answer may come before the last byte is sent, when it is too much for the daemon. */
static void take(struct scanning *s)
{
    while (!s->answered && !s->ended) {
        ssize_t got = recv(s->fd, s->text + s->n, sizeof(s->text) - s->n, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            s->ended = true;
            return;
        }
        s->answered = memchr(s->text + s->n, 0, (size_t)got) != NULL;
        s->n += (size_t)got;
        s->ended = s->n == sizeof(s->text);
    }
}

/* False: it is late. */
static bool wait_for(const struct scanning *s, short events, short *got)
{
    int64_t left = s->until_ms - clock_mono_ms();
    struct pollfd p = {.fd = s->fd, .events = events};

    if (left <= 0 || (poll(&p, 1, (int)left) < 0 && errno != EINTR))
        return false;
    *got = p.revents;
    return true;
}

/* False: nothing more is to be sent. */
static bool send_all(struct scanning *s, sv bytes)
{
    while (bytes.n) {
        short got = 0;
        if (!wait_for(s, POLLIN | POLLOUT, &got))
            return false;
        if (got & POLLIN)
            take(s);
        if (s->answered || s->ended)
            return false;
        if (!(got & ~POLLIN))
            continue;
        ssize_t sent = send(s->fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR && errno != EAGAIN)
            return false;                                 /* it hung up; it may have said why */
        bytes = sv_from(bytes, sent > 0 ? (size_t)sent : 0);
    }
    return true;
}

static bool send_chunk(struct scanning *s, sv bytes)
{
    unsigned char length[4];

    clamd_length(length, bytes.n);
    return send_all(s, sv_n(length, sizeof(length))) && send_all(s, bytes);
}

/* False: the file cannot be read, and that is not the daemon's fault. */
static bool send_file(struct scanning *s, const struct scan_task *task)
{
    bool goes = send_all(s, CLAMD_INSTREAM);
    sv piece;

    for (int64_t at = 0; goes && at < task->size; at += (int64_t)piece.n) {
        int64_t left = task->size - at;
        if (!task->read(task->from, at, left < CLAMD_CHUNK ? (size_t)left : CLAMD_CHUNK, &piece))
            return false;
        goes = send_chunk(s, piece);
    }
    if (goes)
        send_chunk(s, SV(""));
    return true;
}

static void await(struct scanning *s)
{
    short got;

    take(s);
    while (!s->answered && !s->ended && wait_for(s, POLLIN, &got))
        take(s);
}

static void judge(struct scanning *s, struct arena *a, struct scan_found *out)
{
    *out = (struct scan_found){.state = SCAN_HELD, .name = s->ended ? SV("the scanner hung up") : SV("the scanner took too long")};
    if (!s->answered)
        return;
    switch (clamd_answer(a, sv_n(s->text, strnlen(s->text, s->n)), &out->name)) {
    case CLAMD_OK:
        *out = (struct scan_found){.state = SCAN_CLEAN};
        break;
    case CLAMD_FOUND:
        out->state = SCAN_INFECTED;
        break;
    case CLAMD_CANNOT:
        out->state = SCAN_UNSCANNABLE;
        break;
    case CLAMD_STRANGE:
        break;
    }
}

bool scanner_look(void *way, struct arena *a, const struct scan_task *task, struct scan_found *out, struct failure *f)
{
    struct scanning s = {.until_ms = clock_mono_ms() + ANSWER_MS};
    FD fd = -1;

    *out = (struct scan_found){.state = SCAN_HELD, .name = SV("the scanner cannot be reached")};
    if (media_ask(way, ROLE_SCAN_ASK, SUP_SCANNER, GIVEN_MS, &fd) && fd >= 0) {
        s.fd = fd;
        if (!send_file(&s, task))
            return f->code == E_NONE && fail(f, E_INTERNAL, "a file cannot be read");
        await(&s);
        judge(&s, a, out);
    }
    if (out->state != SCAN_CLEAN)
        log_put(out->state == SCAN_HELD ? LOG_WARN : LOG_INFO, "a file of %" PRId64 " bytes was looked through for malware: %.*s", task->size,
                SV_ARG(out->name));
    return true;
}

sv scanner_signatures(void *way, struct arena *a)
{
    struct scanning s = {.until_ms = clock_mono_ms() + VERSION_MS};
    FD fd = -1;

    if (!media_ask(way, ROLE_SCAN_ASK, SUP_SCANNER, GIVEN_MS, &fd) || fd < 0)
        return SV("");
    s.fd = fd;
    if (send_all(&s, CLAMD_VERSION))
        await(&s);
    return s.answered ? clamd_version(a, sv_n(s.text, strnlen(s.text, s.n))) : SV("");
}

/* ---- those that are held */

struct again {
    id64 blob;
    enum scan_state state;
    char name[CLAMD_NAME_MAX + 1], by[SCAN_BY_MAX + 1];
};

static void run_kept(struct request *r)
{
    struct again *g = r->internal_arg;
    const struct scan_found found = {g->state, sv_dup(r->arena, sv_c(g->name)), sv_dup(r->arena, sv_c(g->by))};

    file_checked(&r->x, g->blob, &found);
    xfree(g);
}

static void run_again(struct request *r);

/* One after the other, so that uploads come in between. */
static bool next(struct house *h, id64 after)
{
    int64_t *at = XNEW(int64_t);

    *at = after.n;
    if (call_internal_on(h, h->looker, run_again, at))
        return true;
    xfree(at);
    return false;
}

static void copy(char *to, size_t max, sv from)
{
    if (from.n)
        memcpy(to, from.p, from.n < max ? from.n : max);
}

/* Looks at the first one behind *at. True: there may be more. */
static bool look_again(struct request *r, id64 *at)
{
    struct house *h = r->house;
    struct scan_found found;
    bool there;

    if (!scan_held_next(&r->x, *at, at, &there) || !there)
        return false;
    if (!scan_look(&r->x, *at, &found) || found.state == SCAN_HELD) {
        atomic_store(&h->t->scan_left, true);
        return false;                                     /* the others would fare no better */
    }
    struct again *g = XNEW(struct again);
    *g = (struct again){.blob = *at, .state = found.state};
    copy(g->name, CLAMD_NAME_MAX, found.name);
    copy(g->by, SCAN_BY_MAX, found.by);
    if (call_internal(h, run_kept, g))
        return true;
    xfree(g);
    atomic_store(&h->t->scan_left, true);
    return false;
}

static void run_again(struct request *r)
{
    struct house *h = r->house;
    int64_t *after = r->internal_arg;
    id64 at = {*after};

    xfree(after);
    db_use(r->x.db, r->arena, &r->x.failure);
    if (at.n == 0)
        scan_ask(&r->x);
    bool more = (at.n || atomic_exchange(&h->t->scan_left, false)) && look_again(r, &at);
    if (r->x.failure.code != E_NONE) {
        log_put(LOG_ERROR, "a file that is held: %s", r->x.failure.detail);
        atomic_store(&h->t->scan_left, true);
    }
    if (more && next(h, at))
        return;
    if (more)
        atomic_store(&h->t->scan_left, true);
    atomic_store(&h->scanning, false);
}

void scan_tick(struct house *h)
{
    int64_t now = clock_ms();

    if (!h->scans || (h->scanned_ms && now - h->scanned_ms < AGAIN_MS && now >= h->scanned_ms) ||
        atomic_exchange(&h->scanning, true))
        return;
    h->scanned_ms = now;
    if (!next(h, ID_NONE))
        atomic_store(&h->scanning, false);
}
