/* role/media.c: the dialogue with the tenant, and which module reads what. */
#include "role/media.h"

#include "base/log.h"
#include "base/metadata.h"
#include "role/sandbox_private.h"

#include <string.h>
#include <sys/resource.h>

#define WAIT_MS 60000

/* ---- reading ---- */

static bool fetch(struct media *m, int64_t at)
{
    int64_t left = m->source.size - at;
    size_t n = (size_t)(left < MEDIA_READ_MAX ? left : MEDIA_READ_MAX);
    struct ipc_head h;
    sv payload;

    m->window_n = 0;
    if (m->gone)
        return false;
    if (!ipc_send(&m->link, (struct ipc_head){.type = MEDIA_READ, .a = (uint64_t)at, .b = n}, SV_NONE, WAIT_MS) || !ipc_wait(&m->link, WAIT_MS, &h, &payload) || h.type != MEDIA_DATA || payload.n != n) {
        m->gone = true;
        return false;
    }
    memcpy(m->window, payload.p, n);
    m->window_at = at;
    m->window_n = n;
    return true;
}

static bool read_source(void *from, int64_t at, size_t n, unsigned char *to)
{
    struct media *m = from;

    while (n) {
        if (at < m->window_at || at >= m->window_at + (int64_t)m->window_n)
            if (!fetch(m, at))
                return false;
        size_t skip = (size_t)(at - m->window_at), have = m->window_n - skip;
        if (have > n)
            have = n;
        memcpy(to, m->window + skip, have);
        to += have;
        at += (int64_t)have;
        n -= have;
    }
    return true;
}

/* ---- saying ---- */

static void say(struct media *m, struct ipc_head h, sv payload)
{
    if (!m->gone && !ipc_send(&m->link, h, payload, WAIT_MS))
        m->gone = true;
}

static void say_pieces(struct media *m, struct ipc_head h, sv bytes)
{
    do {
        sv piece = sv_upto(bytes, MEDIA_READ_MAX);
        bytes = sv_from(bytes, MEDIA_READ_MAX);
        h.flags = bytes.n ? IPC_MORE : 0;
        say(m, h, piece);
    } while (bytes.n);
}

void media_say_facts(struct media *m, uint32_t width, uint32_t height, uint32_t pages)
{
    say(m, (struct ipc_head){.type = MEDIA_FACTS, .a = (uint64_t)width << 32 | height, .b = pages}, SV_NONE);
}

void media_say_picture(struct media *m, enum media_picture kind, uint32_t width, uint32_t height, sv bytes)
{
    say_pieces(m, (struct ipc_head){.type = MEDIA_PICTURE, .a = kind, .b = (uint64_t)width << 32 | height}, bytes);
}

void media_say_text(struct media *m, sv text)
{
    while (text.n && m->text_n < MEDIA_TEXT_MAX) {
        sv piece = sv_upto(sv_upto(text, MEDIA_READ_MAX), MEDIA_TEXT_MAX - m->text_n);
        say(m, (struct ipc_head){.type = MEDIA_TEXT}, piece);
        m->text_n += piece.n;
        text = sv_from(text, piece.n);
    }
}

void media_say_name(struct media *m, sv name)
{
    say(m, (struct ipc_head){.type = MEDIA_NAME}, sv_upto(name, 4096));
}

/* ---- the task ---- */

static enum media_verdict clean(struct media *m, const char **why)
{
    struct patches found;

    if (!metadata_find(m->arena, m->type, &m->source, &found, why))
        return MEDIA_STRANGE;
    for (size_t i = 0; i < found.n; i++)
        say(m, (struct ipc_head){.type = MEDIA_PATCH, .a = (uint64_t)found.v[i].at, .b = (uint64_t)found.v[i].n}, found.v[i].bytes);
    return MEDIA_DONE;
}

/* Text as it stands. */
static enum media_verdict plain(struct media *m, const char **why)
{
    int64_t n = m->source.size < MEDIA_TEXT_MAX ? m->source.size : MEDIA_TEXT_MAX;
    unsigned char *to = arena_alloc(m->arena, (size_t)n + 1);

    (void)why;
    if (m->want & MEDIA_WANT_TEXT && read_source(m, 0, (size_t)n, to))
        media_say_text(m, sv_n(to, (size_t)n));
    return MEDIA_DONE;
}

static enum media_verdict look(struct media *m, const char **why)
{
    enum media_verdict v = m->want & MEDIA_WANT_CLEAN ? clean(m, why) : MEDIA_DONE;

    if (m->want & MEDIA_WANT_MARK)
        return media_mark(m, why);
    if (v != MEDIA_DONE)
        return v;
    if (sv_starts(m->type, SV("image/")) && m->want & MEDIA_WANT_PICTURES)
        return media_vips(m, why);
    if (m->want & MEDIA_WANT_CARD)
        return media_card(m, why);
    if (sv_equal(m->type, SV("application/pdf")))
        return media_pdf(m, why);
    if (sv_equal(m->type, SV("text/plain")))
        return plain(m, why);
    if (m->want & (MEDIA_WANT_NAMES | MEDIA_WANT_TEXT) && sv_starts(m->type, SV("application/")))
        return media_archive(m, why);
    return MEDIA_DONE;
}

static bool task(struct media *m)
{
    struct ipc_head h;
    sv payload;

    if (!ipc_wait(&m->link, WAIT_MS, &h, &payload) || h.type != MEDIA_TASK || h.b == 0 || h.b > INT64_MAX)
        return false;
    sv rest = sv_dup(m->arena, payload);
    if (!sv_cut(&rest, '\n', &m->type))
        return false;
    m->mark = rest;
    m->want = (unsigned)h.a;
    m->page = h.conn;
    m->source = (struct source){.size = (int64_t)h.b, .from = m, .read = read_source};
    return true;
}

static void limits(void)
{
    const struct rlimit cpu = {MEDIA_CPU_S, MEDIA_CPU_S}, memory = {MEDIA_MEMORY, MEDIA_MEMORY}, files = {64, 64};

    setrlimit(RLIMIT_CPU, &cpu);
    if (!SANITIZED)
        setrlimit(RLIMIT_DATA, &memory);
    setrlimit(RLIMIT_NOFILE, &files);
}

int media_main(void)
{
    static struct media m;
    const char *why = "";
    struct start s;

    if (!start_role(ROLE_MEDIA, &s))
        return 1;
    media_vips_warm();
    limits();
    if (!start_ready(&s))
        return 1;
    m.arena = arena_new(64 * 1024);
    m.start = &s;
    for (size_t i = 0; i < s.links.n; i++)
        if (s.links.v[i].role == ROLE_TENANT) {
            ipc_init(&m.link, s.links.v[i].fd);
            s.links.v[i].fd = -1;
        }
    if (task(&m)) {
        enum media_verdict v = look(&m, &why);
        say(&m, (struct ipc_head){.type = MEDIA_END, .a = v}, why ? sv_c(why) : SV(""));
    }
    return 0;                                             /* what it holds ends with it */
}
