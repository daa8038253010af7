/* role/tenant_preview.c: what stands behind a link: the thread that fetches asks the supervisor for a process that may reach the
 * internet, the one that looks at files has what came read by a process that may reach nothing, and the writer keeps what was found.
 * A page goes back and forth between the threads, one step after the other; nobody waits for it, and where a queue is full, or the
 * process ends, the message stays without a card. */
#include "role/tenant.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/fetched.h"
#include "svc/file/file_type.h"
#include "svc/file/rendition.h"
#include "svc/talk/preview.h"

#include <poll.h>

#define GIVEN_MS   30000                                  /* for a process to be free */
#define SLICE_MS   100                                    /* how soon the clock and the end of this process are seen */

#define TITLE_MAX  200                                    /* bytes as they are kept */
#define WORDS_MAX  400
#define SITE_MAX   100

struct page {
    struct house *house;
    struct arena *a;
    id64 message;
    sv url;                                               /* as it stands in the text */
    struct fetched got;
    sv picture_url;                                       /* as the page says it */
    struct talk_preview found;
    sv picture;
    bool known;                                           /* another message has brought it */
};

static void page_free(struct page *p)
{
    struct arena *a = p->a;

    atomic_fetch_sub(&p->house->previews, 1);
    str_release(&p->got.body);
    arena_free(&a);
}

/* On to the next step, or nowhere. */
static void go_on(struct page *p, struct worker *w, void (*step)(struct request *))
{
    if (atomic_load(&p->house->ending) || !call_internal_on(p->house, w, step, p))
        page_free(p);
}

/* ---- the writer */

static void step_keep(struct request *r)
{
    struct page *p = r->internal_arg;

    if (!talk_preview_keep(&r->x, p->message, p->url, p->known ? NULL : &p->found, p->picture))
        log_put(LOG_ERROR, "a page cannot be kept: %s", r->x.failure.detail);
    page_free(p);
}

/* ---- the thread that looks at files */

static bool read_body(void *from, int64_t at, size_t n, sv *out)
{
    struct page *p = from;

    *out = sv_upto(sv_from(str_sv(&p->got.body), (size_t)at), n);
    return out->n > 0;
}

static bool look(struct request *r, struct page *p, sv type, unsigned want, struct media_found *found)
{
    struct media_task task = {.type = type, .want = want, .size = (int64_t)p->got.body.n, .from = p, .read = read_body};

    return p->got.body.n > 0 && media_look(p->house->media, r->arena, &task, found, &r->x.failure) && found->verdict == MEDIA_DONE;
}

/* At most so many bytes of a line, whole characters, of words as people write them. */
static sv words(struct page *p, sv line, size_t most)
{
    sv all = rendition_words(p->a, line);

    if (all.n <= most)
        return all;
    size_t n = most - 3;
    while (n && ((unsigned char)all.p[n] & 0xC0) == 0x80)
        n--;
    return sv_printf(p->a, "%.*s…", (int)n, all.p);
}

static void step_shrink(struct request *r)
{
    struct page *p = r->internal_arg;
    struct media_found found;
    sv type = sv_c(file_type_of(str_sv(&p->got.body)).type);

    if (sv_starts(type, SV("image/")) && look(r, p, type, MEDIA_WANT_PICTURES, &found))
        for (size_t i = 0; i < found.shots_n; i++)
            if (found.shots[i].kind == MEDIA_SMALL) {
                p->picture = sv_dup(p->a, str_sv(&found.shots[i].bytes));
                p->found.width = found.shots[i].width;
                p->found.height = found.shots[i].height;
            }
    go_on(p, p->house->writer, step_keep);
}

static void step_picture(struct request *r);

static void step_read(struct request *r)
{
    struct page *p = r->internal_arg;
    struct media_found found;
    sv part[4] = {SV_NONE, SV_NONE, SV_NONE, SV_NONE};

    if (look(r, p, sv_printf(r->arena, "text/html;%.*s", SV_ARG(p->got.type)), MEDIA_WANT_CARD, &found)) {
        sv rest = str_sv(&found.text);
        for (size_t i = 0; i < COUNT(part) && sv_cut(&rest, '\n', &part[i]); i++)
            continue;
    }
    p->found.title = words(p, part[0], TITLE_MAX);
    p->found.words = words(p, part[1], WORDS_MAX);
    p->found.site = words(p, part[2], SITE_MAX);
    p->picture_url = words(p, part[3], FETCH_URL_MAX);
    if (p->found.title.n && p->picture_url.n)
        go_on(p, p->house->fetcher, step_picture);
    else
        go_on(p, p->house->writer, step_keep);
}

/* ---- the thread that fetches */

static bool take(struct page *p, const struct ipc_head *h, sv payload)
{
    struct ipc_in in = IPC_IN(payload);

    if (h->type == FETCH_DATA) {
        if (p->got.body.n + payload.n > FETCH_BODY_MAX)
            return false;
        str_put(&p->got.body, payload);
        return true;
    }
    p->got.end = h->a <= FETCH_CLOSED ? (enum fetch_end)h->a : FETCH_NOTHING;
    p->got.url = sv_dup(p->a, ipc_r_bytes(&in, FETCH_URL_MAX));
    p->got.type = sv_dup(p->a, ipc_r_bytes(&in, FETCH_TYPE_MAX));
    return ipc_r_end(&in) && p->got.end == FETCH_DONE;
}

/* The next frame. False: the process ended, this one ends, or the time is over. */
static bool hear(struct page *p, struct ipc *link, int64_t until_ms, struct ipc_head *h, sv *payload)
{
    struct pollfd fd = {.fd = link->fd, .events = POLLIN};
    int got;

    while ((got = ipc_next(link, h, payload)) == 0 && clock_ms() < until_ms && !atomic_load(&p->house->ending))
        if (poll(&fd, 1, SLICE_MS) > 0 && ipc_read(link) < 0)
            return false;
    return got > 0;
}

/* False: nothing came of it. */
static bool fetch(struct page *p, enum fetch_kind kind, sv url, sv base)
{
    struct str task = STR_IN(p->a);
    struct ipc link;
    struct ipc_head h = {0};
    sv payload;
    bool ok;
    int fd;

    p->got.body.n = 0;
    if (!media_ask(p->house->fetch, ROLE_FETCH_ASK, SUP_PEER, GIVEN_MS, &fd) || fd < 0)
        return false;
    ipc_init(&link, fd);
    ipc_w_bytes(&task, url);
    ipc_w_bytes(&task, base);
    int64_t until = clock_ms() + FETCH_MS;
    ok = ipc_send(&link, (struct ipc_head){.type = FETCH_TASK, .a = kind}, str_sv(&task), FETCH_MS);
    while (ok && h.type != FETCH_END)
        ok = hear(p, &link, until, &h, &payload) && (h.type == FETCH_DATA || h.type == FETCH_END) && take(p, &h, payload);
    ipc_close(&link);
    if (!ok)
        log_put(LOG_INFO, "nothing stands behind a link: %s", clock_ms() >= until ? "it took too long" : h.type != FETCH_END ? "the process ended" : p->got.end == FETCH_CLOSED ? "it leads to a closed address" : "no page came");
    return ok;
}

static void step_picture(struct request *r)
{
    struct page *p = r->internal_arg;
    sv base = p->got.url;

    if (fetch(p, FETCH_PICTURE, p->picture_url, base))
        go_on(p, p->house->looker, step_shrink);
    else
        go_on(p, p->house->writer, step_keep);
}

static void step_fetch(struct request *r)
{
    struct page *p = r->internal_arg;
    bool due;

    r->x.db = house_db(p->house, &p->house->fetch_db, true);
    db_use(r->x.db, r->arena, &r->x.failure);
    if (!talk_preview_due(&r->x, p->url, &due)) {
        log_put(LOG_ERROR, "a page cannot be looked up: %s", r->x.failure.detail);
        page_free(p);
        return;
    }
    p->known = !due;
    if (due && fetch(p, FETCH_PAGE, p->url, SV("")))
        go_on(p, p->house->looker, step_read);
    else
        go_on(p, p->house->writer, step_keep);
}

void preview_start(struct house *h, id64 message, sv url)
{
    if (sv_starts(url, str_sv(&h->origin)))
        return;                                           /* a place in Engawa itself: clients open it, and nobody fetches it */
    struct arena *a = arena_new(4096);
    struct page *p = ANEW(a, struct page);

    *p = (struct page){.house = h, .a = a, .message = message, .url = sv_dup(a, url)};
    atomic_fetch_add(&h->previews, 1);
    go_on(p, h->fetcher, step_fetch);
}

void preview_run(void *house, struct job **jobs, size_t n)
{
    (void)house;
    for (size_t i = 0; i < n; i++) {
        struct request *r = (struct request *)(void *)jobs[i];
        r->internal(r);
        request_free(&r);
    }
}
