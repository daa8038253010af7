/* base/metadata_box.c: files of boxes: a length, a type, and what is in it. A box that is blanked becomes `free`. */
#include "base/metadata_private.h"

#include <string.h>

#define DEPTH_MAX 6
#define BOXES_MAX 20000
#define ITEMS_MAX 4096

struct box {
    int64_t at, body, end;                                /* body: behind its head */
    unsigned char type[4];
};

struct boxes {
    struct meta *m;
    int count;
};

static bool is(const struct box *b, const char *type)
{
    return memcmp(b->type, type, 4) == 0;
}

/* The box at `at`, which ends by `end`. */
static bool box_at(struct boxes *w, int64_t at, int64_t end, struct box *b)
{
    const unsigned char *p;

    if (++w->count > BOXES_MAX)
        return meta_refuse(w->m, "too many boxes");
    if (end - at < 8 || !meta_at(w->m, at, 8, &p))
        return meta_refuse(w->m, "a box is cut off");
    uint64_t n = meta_be32(p);
    *b = (struct box){.at = at, .body = at + 8};
    memcpy(b->type, p + 4, 4);
    if (n == 1) {
        if (end - at < 16 || !meta_at(w->m, at + 8, 8, &p))
            return meta_refuse(w->m, "a box is cut off");
        n = meta_be64(p);
        b->body = at + 16;
    }
    if (n == 0)
        n = (uint64_t)(end - at);                         /* to the end */
    if (n > (uint64_t)(end - at) || at + (int64_t)n < b->body)
        return meta_refuse(w->m, "a box is longer than its place");
    b->end = at + (int64_t)n;
    return true;
}

static bool blank_box(struct boxes *w, const struct box *b)
{
    return meta_blank(w->m, b->at + 4, 4, SV("free")) && meta_blank(w->m, b->body, b->end - b->body, SV_NONE);
}

/* When the film and its tracks were made: two times behind version and flags. */
static bool blank_times(struct boxes *w, const struct box *b)
{
    const unsigned char *p;

    if (b->end - b->body < 4 || !meta_at(w->m, b->body, 1, &p))
        return true;
    int64_t n = p[0] == 1 ? 16 : 8;
    return b->end - b->body < 4 + n || meta_blank(w->m, b->body + 4, n, SV_NONE);
}

/* A track whose handler is of measurements: where a film was taken, second by second. */
static bool measures(struct boxes *w, const struct box *track)
{
    struct box mdia, hdlr;
    const unsigned char *p;

    for (int64_t at = track->body; at < track->end; at = mdia.end) {
        if (!box_at(w, at, track->end, &mdia))
            return false;
        for (int64_t in = mdia.body; is(&mdia, "mdia") && in < mdia.end; in = hdlr.end) {
            if (!box_at(w, in, mdia.end, &hdlr))
                return false;
            if (is(&hdlr, "hdlr") && hdlr.end - hdlr.body >= 12 && meta_at(w->m, hdlr.body + 8, 4, &p))
                return memcmp(p, "meta", 4) == 0 || memcmp(p, "camm", 4) == 0;
        }
    }
    return false;
}

static bool film(struct boxes *w, int64_t at, int64_t end, int depth)
{
    struct box b;

    if (depth > DEPTH_MAX)
        return meta_refuse(w->m, "boxes too deep");
    for (; at < end; at = b.end) {
        bool ok = true;
        if (depth > 0 && end - at < 8)                    /* a list of the old kind ends with four zeros */
            return true;
        if (!box_at(w, at, end, &b))
            return false;
        if (is(&b, "udta") || is(&b, "meta") || is(&b, "uuid"))
            ok = blank_box(w, &b);
        else if (is(&b, "mvhd") || is(&b, "tkhd") || is(&b, "mdhd"))
            ok = blank_times(w, &b);
        else if (is(&b, "trak"))
            ok = measures(w, &b) ? blank_box(w, &b) : film(w, b.body, b.end, depth + 1);
        else if (is(&b, "mdia"))
            ok = film(w, b.body, b.end, depth + 1);
        if (!ok || w->m->why)
            return false;
    }
    return true;
}

/* ---- HEIC and AVIF: items, and where each lies */

struct items {
    uint32_t ids[ITEMS_MAX];                              /* of Exif and XMP */
    size_t n;
    int64_t idat;                                         /* where the box `idat` begins, 0: there is none */
    int64_t idat_end;
};

/* An entry `infe`: is it Exif, or XMP? */
static bool item_entry(struct boxes *w, const struct box *b, struct items *it)
{
    const unsigned char *p;
    int64_t n = b->end - b->body;

    if (!is(b, "infe") || n < 12 || !meta_at(w->m, b->body, 12, &p))
        return true;
    unsigned version = p[0];
    if (version < 2)
        return true;
    uint32_t id = version == 2 ? meta_be16(p + 4) : meta_be32(p + 4);
    int64_t type_at = b->body + 4 + (version == 2 ? 2 : 4) + 2;
    if (b->end - type_at < 4 || !meta_at(w->m, type_at, 4, &p))
        return true;
    if (memcmp(p, "Exif", 4) != 0 && memcmp(p, "mime", 4) != 0 && memcmp(p, "uri ", 4) != 0)
        return true;
    if (it->n == ITEMS_MAX)
        return meta_refuse(w->m, "too many items");
    it->ids[it->n++] = id;
    return true;
}

static bool item_list(struct boxes *w, const struct box *iinf, struct items *it)
{
    const unsigned char *p;
    struct box b;

    if (iinf->end - iinf->body < 6 || !meta_at(w->m, iinf->body, 1, &p))
        return meta_refuse(w->m, "no list of items");
    for (int64_t at = iinf->body + (p[0] == 0 ? 6 : 8); at < iinf->end; at = b.end)
        if (!box_at(w, at, iinf->end, &b) || !item_entry(w, &b, it))
            return false;
    return true;
}

/* A number of 0, 4 or 8 bytes, or of 2. */
static bool number(struct boxes *w, int64_t *at, int64_t end, unsigned n, uint64_t *out)
{
    const unsigned char *p;

    *out = 0;
    if (end - *at < (int64_t)n || !meta_at(w->m, *at, n, &p))
        return meta_refuse(w->m, "a list of places is cut off");
    for (unsigned i = 0; i < n; i++)
        *out = *out << 8 | p[i];
    *at += n;
    return true;
}

static bool wanted(const struct items *it, uint64_t id)
{
    for (size_t i = 0; i < it->n; i++)
        if (it->ids[i] == id)
            return true;
    return false;
}

static bool blank_extent(struct boxes *w, const struct items *it, unsigned method, uint64_t at, uint64_t n)
{
    uint64_t begin = method == 1 ? (uint64_t)it->idat : 0, size = method == 1 ? (uint64_t)it->idat_end : (uint64_t)w->m->s->size;

    if (method > 1)
        return true;                                      /* made of other items */
    if (begin > size || at > size - begin || n > size - begin - at)
        return meta_refuse(w->m, "an item lies outside");
    return meta_blank(w->m, (int64_t)(begin + at), (int64_t)(n ? n : size - begin - at), SV_NONE);
}

static bool places(struct boxes *w, const struct box *iloc, const struct items *it)
{
    const unsigned char *p;
    uint64_t count, id, method, base, extents, index, at_in, n;

    if (iloc->end - iloc->body < 6 || !meta_at(w->m, iloc->body, 6, &p))
        return meta_refuse(w->m, "a list of places is cut off");
    unsigned version = p[0], offset_n = p[4] >> 4, length_n = p[4] & 15, base_n = p[5] >> 4, index_n = version ? p[5] & 15 : 0;
    if (version > 2 || offset_n > 8 || length_n > 8 || base_n > 8 || index_n > 8)
        return meta_refuse(w->m, "places of an unknown kind");
    int64_t at = iloc->body + 6;
    if (!number(w, &at, iloc->end, version < 2 ? 2 : 4, &count))
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (++w->count > BOXES_MAX)
            return meta_refuse(w->m, "too many items");
        method = 0;
        if (!number(w, &at, iloc->end, version < 2 ? 2 : 4, &id) || (version && !number(w, &at, iloc->end, 2, &method)) ||
            !number(w, &at, iloc->end, 2, &index) || !number(w, &at, iloc->end, base_n, &base) || !number(w, &at, iloc->end, 2, &extents))
            return false;
        for (uint64_t e = 0; e < extents; e++) {
            if (++w->count > BOXES_MAX)
                return meta_refuse(w->m, "too many items");
            if (!number(w, &at, iloc->end, index_n, &index) || !number(w, &at, iloc->end, offset_n, &at_in) ||
                !number(w, &at, iloc->end, length_n, &n))
                return false;
            if (wanted(it, id) && !blank_extent(w, it, (unsigned)method & 15, base + at_in, n))
                return false;
        }
    }
    return true;
}

static bool picture(struct boxes *w, const struct box *meta)
{
    struct items *it = ANEW(w->m->a, struct items);
    struct box b, iloc = {0};

    for (int64_t at = meta->body + 4; at < meta->end; at = b.end) {
        if (!box_at(w, at, meta->end, &b))
            return false;
        if (is(&b, "iinf") && !item_list(w, &b, it))
            return false;
        if (is(&b, "iloc"))
            iloc = b;
        if (is(&b, "idat")) {
            it->idat = b.body;
            it->idat_end = b.end;
        }
    }
    return iloc.end == 0 || places(w, &iloc, it);
}

bool meta_boxes(struct meta *m)
{
    struct boxes w = {.m = m};
    struct box b;
    bool still = false;

    for (int64_t at = 0; at < m->s->size; at = b.end) {
        const unsigned char *p;
        bool ok = true;
        if (!box_at(&w, at, m->s->size, &b))
            return false;
        if (is(&b, "ftyp"))
            still = meta_at(m, b.body, 4, &p) && (!memcmp(p, "hei", 3) || !memcmp(p, "mif1", 4) || !memcmp(p, "avi", 3) || !memcmp(p, "hev", 3));
        else if (is(&b, "meta"))
            ok = still ? picture(&w, &b) : blank_box(&w, &b);
        else if (is(&b, "uuid") || is(&b, "udta"))
            ok = blank_box(&w, &b);
        else if (is(&b, "moov"))
            ok = film(&w, b.body, b.end, 1);
        if (!ok || m->why)
            return false;
    }
    return true;
}
