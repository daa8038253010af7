/* base/packed.c: the list of a zip. */
#include "base/packed.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define END_BYTES     22                                  /* of the end record, without its comment */
#define END64_BYTES   56
#define LOCATOR_BYTES 20
#define CENTRAL_BYTES 46
#define LOCAL_BYTES   30
#define TAIL          (END_BYTES + UINT16_MAX)
#define WINDOW        32768
#define MADE_BY_UNIX  3
#define UNIX_KIND     0170000
#define UNIX_LINK     0120000

struct span {
    int64_t at, end;
};

struct list {
    struct arena *a;
    struct source *s;
    int64_t at, end, shift;                               /* the list; shift: bytes before the archive's own first */
    bool parts;                                           /* its bytes lie in several files: places say nothing here */
    VEC(struct span) spans;
    int64_t window_at;
    size_t window_n;
    unsigned char window[WINDOW];
};

static uint64_t le(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

/* n bytes of the file at `at`, WINDOW at most. */
static const unsigned char *bytes_at(struct list *l, int64_t at, size_t n)
{
    if (at < 0 || at > l->s->size || (int64_t)n > l->s->size - at)
        return NULL;
    if (at < l->window_at || at + (int64_t)n > l->window_at + (int64_t)l->window_n) {
        int64_t left = l->s->size - at;
        l->window_at = at;
        l->window_n = (size_t)(left < WINDOW ? left : WINDOW);
        if (!l->s->read(l->s->from, at, l->window_n, l->window)) {
            l->window_n = 0;
            return NULL;
        }
    }
    return l->window + (at - l->window_at);
}

static bool mark(struct list *l, int64_t at, const char *is)
{
    const unsigned char *p = bytes_at(l, at, 4);

    return p && memcmp(p, is, 4) == 0;
}

/* The last end record of the file; -1: none. */
static int64_t find_end(struct list *l)
{
    int64_t n = l->s->size < TAIL ? l->s->size : TAIL;
    unsigned char *tail = arena_alloc(l->a, (size_t)n + 1);

    if (n < END_BYTES || !l->s->read(l->s->from, l->s->size - n, (size_t)n, tail))
        return -1;
    for (int64_t i = n - END_BYTES; i >= 0; i--)
        if (memcmp(tail + i, "PK\5\6", 4) == 0 && (int64_t)le(tail + i + 20, 2) <= n - i - END_BYTES)
            return l->s->size - n + i;
    return -1;
}

/* Where the list is: by its place as the end record has it, and by its length before that record. They differ where something
 * was put before the archive; two lists are a lie. */
static enum packed_list find_list(struct list *l, const char **why)
{
    int64_t end = find_end(l), n, at;
    const unsigned char *p = end < 0 ? NULL : bytes_at(l, end, END_BYTES);

    if (!p)
        return PACKED_NONE;
    l->parts = le(p + 4, 2) != 0 && le(p + 4, 2) != UINT16_MAX;
    n = (int64_t)le(p + 12, 4);
    at = (int64_t)le(p + 16, 4);
    if (mark(l, end - LOCATOR_BYTES, "PK\6\7")) {
        int64_t end64 = (int64_t)le(bytes_at(l, end - LOCATOR_BYTES, LOCATOR_BYTES) + 8, 8);
        if (!mark(l, end64, "PK\6\6"))
            end64 = end - LOCATOR_BYTES - END64_BYTES;
        if (mark(l, end64, "PK\6\6") && (p = bytes_at(l, end64, END64_BYTES)) != NULL) {
            n = (int64_t)le(p + 40, 8);
            at = (int64_t)le(p + 48, 8);
            end = end64;
        }
    }
    if (n < 0 || n > end || at < 0)
        return PACKED_NONE;
    bool told = n && at <= end - n && mark(l, at, "PK\1\2"), before = n && mark(l, end - n, "PK\1\2");
    if (told && before && at != end - n) {
        *why = "an archive of two lists";
        return PACKED_LIES;
    }
    l->at = told || !before ? at : end - n;
    l->shift = told || !before ? 0 : end - n - at;
    l->end = l->at + n;
    return n == 0 || told || before ? PACKED_DONE : PACKED_NONE;
}

/* 64-bit numbers stand in a field of their own, in this order, each only where the 32-bit one is all ones. */
static void wide(const unsigned char *p, size_t n, uint64_t *size, uint64_t *packed, uint64_t *at)
{
    uint64_t *const which[] = {size, packed, at};

    while (n >= 4) {
        size_t id = (size_t)le(p, 2), have = (size_t)le(p + 2, 2);
        if (have > n - 4)
            return;
        for (size_t i = 0, to = 0; id == 1 && i < COUNT(which); i++)
            if (*which[i] == UINT32_MAX && to + 8 <= have) {
                *which[i] = le(p + 4 + to, 8);
                to += 8;
            }
        p += 4 + have;
        n -= 4 + have;
    }
}

/* Some of it may lie in the next window. */
static bool copy(struct list *l, int64_t at, size_t n, unsigned char *to)
{
    for (size_t got = 0; got < n; got += WINDOW / 2) {
        size_t piece = n - got < WINDOW / 2 ? n - got : WINDOW / 2;
        const unsigned char *p = bytes_at(l, at + (int64_t)got, piece);
        if (!p)
            return false;
        memcpy(to + got, p, piece);
    }
    return true;
}

static bool read_entry(struct list *l, unsigned char *kept, struct packed_entry *e)
{
    const unsigned char *p = bytes_at(l, l->at, CENTRAL_BYTES);

    if (!p || memcmp(p, "PK\1\2", 4) != 0)
        return false;
    uint64_t packed = le(p + 20, 4), size = le(p + 24, 4), at = le(p + 42, 4);
    size_t name = (size_t)le(p + 28, 2), extra = (size_t)le(p + 30, 2), note = (size_t)le(p + 32, 2);
    e->link = p[5] == MADE_BY_UNIX && (le(p + 38, 4) >> 16 & UNIX_KIND) == UNIX_LINK;
    if (!copy(l, l->at + CENTRAL_BYTES, name + extra, kept))
        return false;
    wide(kept + name, extra, &size, &packed, &at);
    if (packed > INT64_MAX / 2 || size > INT64_MAX / 2 || at > INT64_MAX / 4)
        return false;
    e->name = sv_n(kept, name);
    e->size = (int64_t)size;
    int64_t from = (int64_t)at + l->shift;
    *PUSH(l->a, &l->spans) = (struct span){from, from + LOCAL_BYTES + (int64_t)packed};
    l->at += CENTRAL_BYTES + (int64_t)(name + extra + note);
    return true;
}

/* The name beside the bytes. */
static bool read_local(struct list *l, int64_t at, unsigned char *kept, struct packed_entry *e)
{
    const unsigned char *p = bytes_at(l, at, LOCAL_BYTES);

    if (!p || memcmp(p, "PK\3\4", 4) != 0)
        return false;
    size_t name = (size_t)le(p + 26, 2);
    *e = (struct packed_entry){.name = sv_n(kept, name)};
    return copy(l, at + LOCAL_BYTES, name, kept);
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* In the order in which they lie; the list itself is the last. */
static enum packed_list beside(struct list *l, struct span whole, unsigned char *kept, bool (*each)(void *to, const struct packed_entry *e), void *to, const char **why)
{
    struct packed_entry e;

    if (l->spans.n)
        qsort(l->spans.v, l->spans.n, sizeof(l->spans.v[0]), by_place);
    for (size_t i = 0; i < l->spans.n; i++) {
        int64_t next = i + 1 < l->spans.n ? l->spans.v[i + 1].at : whole.at;
        if (l->spans.v[i].end > next) {
            *why = "an archive of files that share bytes";
            return PACKED_LIES;
        }
        if (!read_local(l, l->spans.v[i].at, kept, &e)) {
            *why = "an archive whose list leads nowhere";
            return PACKED_LIES;
        }
        if (!each(to, &e))
            return PACKED_STOPPED;
    }
    return PACKED_DONE;
}

enum packed_list packed_zip(struct arena *a, struct source *s, size_t most, bool (*each)(void *to, const struct packed_entry *e), void *to,
                            const char **why)
{
    struct list *l = ANEW(a, struct list);
    unsigned char *kept = arena_alloc(a, 2 * UINT16_MAX + 1);
    struct packed_entry e;

    *why = "no list of files";
    l->a = a;
    l->s = s;
    enum packed_list found = find_list(l, why);
    if (found != PACKED_DONE)
        return found;
    struct span whole = {l->at, l->end};
    while (l->at < l->end && !mark(l, l->at, "PK\5\5")) {   /* a signature of the list */
        if (l->spans.n == most) {
            *why = "too many files";
            return PACKED_MANY;
        }
        if (!read_entry(l, kept, &e))
            return PACKED_NONE;
        if (!each(to, &e))
            return PACKED_STOPPED;
    }
    *why = "";
    return l->parts ? PACKED_DONE : beside(l, whole, kept, each, to, why);
}

bool packed_leaves(sv name)
{
    size_t from = 0;

    if (name.n && (name.p[0] == '/' || name.p[0] == '\\'))
        return true;
    if (name.n > 1 && name.p[1] == ':' && ((name.p[0] | 0x20) >= 'a' && (name.p[0] | 0x20) <= 'z'))
        return true;
    for (size_t i = 0; i <= name.n; i++)
        if (i == name.n || name.p[i] == '/' || name.p[i] == '\\') {
            if (sv_equal(sv_upto(sv_from(name, from), i - from), SV("..")))
                return true;
            from = i + 1;
        }
    return false;
}
