/* core/policy.c: the settings' table, its check by type, and snapshots. */
#include "core/policy.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/zone.h"

#include <stdatomic.h>

static const struct policy_def defs[] = {
#define TEXT TEXT_
#define POLICY(key, req, type, allowed, dflt, strict, paper, plan, menu, ja, en) \
    {key, req, type, allowed, dflt, strict, paper, plan, menu, ja, en},
#include "core/policy.def"
#undef POLICY
#undef TEXT
};

static const char *const unobeyed[] = {
#include "gen/policy_unobeyed.inc"
};

#define RANGES_MOST 1000
#define NOTE_MOST   100                                   /* characters */

/* A list of addresses, read once: it is asked for at each request. */
struct ranges {
    struct ip_range *v;
    size_t n;
};

struct policy {
    _Atomic int refs;
    struct str own[COUNT(defs)];                          /* values that differ from the default */
    struct ranges ranges[COUNT(defs)];
};

static bool addresses(const struct policy_def *d)
{
    return d->type == LIST && sv_starts(sv_c(d->allowed), SV("IPv4/IPv6"));
}

/* The next line of a list of addresses. False: there is none, or (*ok false) it is none. */
static bool range_next(sv *rest, struct ip_range *r, bool *ok)
{
    sv line, note = SV_NONE;
    size_t at;

    if (!*ok || !sv_cut(rest, '\n', &line))
        return false;
    if (sv_find(line, SV(" "), &at)) {
        note = sv_from(line, at + 1);
        line = sv_upto(line, at);
    }
    *ok = ip_range_parse(line, r) && utf8_count(note) <= NOTE_MOST;
    return *ok;
}

static void ranges_read(struct ranges *out, sv value)
{
    struct ip_range r;
    bool ok = true;

    xfree(out->v);
    *out = (struct ranges){0};
    if (sv_equal(value, SV("{}")))
        return;
    size_t lines = 1;
    for (size_t i = 0; i < value.n; i++)
        lines += value.p[i] == '\n';
    out->v = xcalloc(lines, sizeof(*out->v));
    while (range_next(&value, &r, &ok))
        out->v[out->n++] = r;
}

size_t policy_count(void)
{
    return COUNT(defs);
}

const struct policy_def *policy_def(size_t i)
{
    ENSURE(i < COUNT(defs));
    return &defs[i];
}

bool policy_find(sv key, size_t *i)
{
    for (*i = 0; *i < COUNT(defs); (*i)++)
        if (sv_equal(key, sv_c(defs[*i].key)))
            return true;
    return false;
}

bool policy_obeyed(size_t i)
{
    for (size_t k = 0; k < COUNT(unobeyed); k++)
        if (sv_equal(sv_c(unobeyed[k]), sv_c(policy_def(i)->key)))
            return false;
    return true;
}

bool policy_secret(size_t i)
{
    return sv_find(sv_c(policy_def(i)->allowed), SV("write-only"), NULL);
}

size_t policy_menus(size_t i, enum menu out[POLICY_MENUS])
{
    sv rest = sv_c(policy_def(i)->menu), path;
    size_t n = 0;

    while (n < POLICY_MENUS && sv_cut(&rest, ';', &path))
        n += menu_of_path(sv_trim(path), &out[n]);
    return n;
}

bool policy_reached(size_t i, struct reach r)
{
    enum menu m[POLICY_MENUS];
    size_t n = policy_menus(i, m);

    while (n > 0)
        if (reaches(r, m[--n]))
            return true;
    return false;
}

const char *policy_type_name(enum policy_type t)
{
    static const char *const names[] = {"bool", "int", "enum", "list", "set", "duration", "bytes", "text"};

    return names[t];
}

struct policy *policy_new(void)
{
    struct policy *p = XNEW(struct policy);

    p->refs = 1;
    return p;
}

struct policy *policy_copy(const struct policy *from)
{
    struct policy *p = policy_new();

    for (size_t i = 0; i < COUNT(defs); i++)
        if (from->own[i].p)
            policy_set(p, i, str_sv(&from->own[i]));
    return p;
}

void policy_set(struct policy *p, size_t i, sv value)
{
    ENSURE(i < COUNT(defs));
    str_release(&p->own[i]);
    str_room(&p->own[i], value.n + 1);
    str_put(&p->own[i], value);
    if (addresses(&defs[i]))
        ranges_read(&p->ranges[i], value);
}

struct policy *policy_ref(struct policy *p)
{
    atomic_fetch_add(&p->refs, 1);
    return p;
}

void policy_unref(struct policy **pp)
{
    struct policy *p = *pp;

    *pp = NULL;
    if (!p || atomic_fetch_sub(&p->refs, 1) != 1)
        return;
    for (size_t i = 0; i < COUNT(defs); i++) {
        str_release(&p->own[i]);
        xfree(p->ranges[i].v);
    }
    xfree(p);
}

sv policy_value(const struct policy *p, size_t i)
{
    ENSURE(i < COUNT(defs));
    return p->own[i].p ? str_sv(&p->own[i]) : sv_c(defs[i].dflt);
}

sv policy_text(const struct policy *p, const char *key)
{
    size_t i;

    if (!policy_find(sv_c(key), &i))
        die("no setting %s", key);
    return policy_value(p, i);
}

int64_t policy_int(const struct policy *p, const char *key)
{
    int64_t n = 0;

    sv v = policy_text(p, key);

    if (sv_equal(v, SV("none")))
        return -1;
    ENSURE(sv_int(v, &n));
    return n;
}

int64_t policy_ms(const struct policy *p, const char *key)
{
    int64_t ms = 0;

    ENSURE(duration_parse(policy_text(p, key), &ms));
    return ms;
}

bool policy_bool(const struct policy *p, const char *key)
{
    return sv_equal(policy_text(p, key), SV("true"));
}

/* The values before a remark in parentheses or after a semicolon: "true|false (external group: false)". */
static sv values_of(const char *allowed)
{
    sv v = sv_c(allowed);
    size_t at;

    if (sv_find(v, SV("; "), &at))
        v = sv_upto(v, at);
    if (sv_find(v, SV(" ("), &at))
        v = sv_upto(v, at);
    return v;
}

static bool in_list(sv values, sv v)
{
    sv part;

    while (sv_cut(&values, '|', &part))
        if (sv_equal(part, v))
            return true;
    return false;
}

/* "a..b", perhaps with words before ("none|1..100") or after ("5..1000 per 10 min"). */
static bool bounds(sv values, sv *low, sv *high)
{
    sv part;
    size_t at;

    while (sv_cut(&values, '|', &part))
        if (sv_find(part, SV(".."), &at)) {
            *low = sv_upto(part, at);
            *high = sv_from(part, at + 2);
            if (sv_find(*high, SV(" "), &at))
                *high = sv_upto(*high, at);
            return true;
        }
    return false;
}

static bool bytes_parse(sv s, int64_t *out)
{
    static const struct {
        const char *unit;
        int shift;
    } units[] = {{"MB", 20}, {"GB", 30}, {"TB", 40}, {"PB", 50}};

    for (size_t i = 0; i < COUNT(units); i++)
        if (sv_ends(s, sv_c(units[i].unit)) && sv_int(sv_upto(s, s.n - 2), out) && *out > 0 && *out < 100000) {
            *out <<= units[i].shift;
            return true;
        }
    return false;
}

static bool number_of(enum policy_type t, sv s, int64_t *out)
{
    return t == INT ? sv_int(s, out) : t == DURATION ? duration_parse(s, out) : bytes_parse(s, out);
}

static bool number_allowed(const struct policy_def *d, sv v)
{
    sv low, high, values = values_of(d->allowed);
    int64_t n, a, b;

    /* A range is among the parts of `values`, but is no value itself. */
    if (!sv_find(v, SV(".."), NULL) && in_list(values, v))
        return true;
    return bounds(values, &low, &high) && number_of(d->type, low, &a) && number_of(d->type, high, &b) &&
           number_of(d->type, v, &n) && n >= a && n <= b;
}

static bool is_country(sv v)
{
    return v.n == 2 && v.p[0] >= 'A' && v.p[0] <= 'Z' && v.p[1] >= 'A' && v.p[1] <= 'Z';
}

static bool countries(const struct policy_def *d)
{
    return sv_starts(sv_c(d->allowed), SV("ISO 3166-1 alpha-2"));
}

static bool members(const struct policy_def *d)
{
    return sv_starts(sv_c(d->allowed), SV("member ids"));
}

static bool is_extension(sv v)
{
    bool ok = v.n >= 1 && v.n <= 10;

    for (size_t i = 0; ok && i < v.n; i++)
        ok = (v.p[i] >= 'a' && v.p[i] <= 'z') || (v.p[i] >= '0' && v.p[i] <= '9');
    return ok;
}

static bool part_allowed(const struct policy_def *d, sv values, sv part)
{
    id64 id;

    return sv_starts(values, SV("[a-z0-9]")) ? is_extension(part)
           : countries(d)                    ? is_country(part)
           : members(d)                      ? sv_id(part, &id)
                                             : in_list(values, part);
}

static bool set_allowed(const struct policy_def *d, sv v)
{
    sv part, values = values_of(d->allowed);
    size_t n = 0;

    if (sv_equal(v, SV("{}")))
        return !sv_find(sv_c(d->allowed), SV("one or more"), NULL);
    while (sv_cut(&v, '|', &part)) {
        sv rest = v, other;
        while (sv_cut(&rest, '|', &other))
            if (sv_equal(part, other))
                return false;
        if (!part_allowed(d, values, part))
            return false;
        n++;
    }
    return n > 0 && n <= 200;
}

static bool ranges_allowed(sv v)
{
    struct ip_range r;
    size_t n = 0;
    bool ok = utf8_valid(v) && v.n > 0;
    uint32_t cp;

    for (size_t i = 0; ok && utf8_next(v, &i, &cp);)
        ok = !utf8_is_control(cp) || cp == '\n';
    if (sv_equal(v, SV("{}")))
        return true;
    while (range_next(&v, &r, &ok))
        n++;
    return ok && n > 0 && n <= RANGES_MOST;
}

/* "1..100 characters", "0..500 characters": the bounds of a text; others and lists 10,000 at most. */
static bool text_allowed(const struct policy_def *d, sv v)
{
    sv low, high;
    int64_t a = 0, b = 10000, n = (int64_t)utf8_count(v);
    uint32_t cp;

    if (!utf8_valid(v))
        return false;
    if (d->type == TEXT_ && bounds(values_of(d->allowed), &low, &high)) {
        if (!sv_int(low, &a))
            a = 0;
        if (!sv_int(high, &b))
            b = 10000;
    }
    for (size_t i = 0; utf8_next(v, &i, &cp);)
        if (utf8_is_control(cp) && cp != '\n')
            return false;
    return n >= a && n <= b;
}

/* "field:unused|admin|member; fields nickname|photo|…": pairs parted by commas, each field once; "*" is all others. */
static bool field_list_allowed(const struct policy_def *d, sv v)
{
    sv values = sv_from(values_of(d->allowed), sizeof("field:") - 1), fields = sv_c(d->allowed), part, name, seen = v;
    size_t at;

    ENSURE(sv_find(fields, SV("; fields "), &at));
    fields = sv_from(fields, at + sizeof("; fields ") - 1);
    while (sv_cut(&v, ',', &part)) {
        sv value = part;
        if (!sv_cut(&value, ':', &name) || !in_list(values, value) || !(sv_equal(name, SV("*")) || in_list(fields, name)))
            return false;
        sv rest = v, other;
        while (sv_cut(&rest, ',', &other))
            if (sv_cut(&other, ':', &part) && sv_equal(part, name))
                return false;
    }
    return seen.n > 0;
}

bool policy_check(size_t i, sv v, struct failure *f)
{
    const struct policy_def *d = policy_def(i);
    bool ok = false;

    switch (d->type) {
    case BOOL:
        ok = sv_equal(v, SV("true")) || sv_equal(v, SV("false"));
        break;
    case ENUM:
        ok = sv_equal(sv_c(d->allowed), SV("IANA time zone")) ? zone_known(v)
             : countries(d)                                   ? is_country(v)
                                                              : in_list(values_of(d->allowed), v);
        break;
    case INT:
    case DURATION:
    case BYTES:
        ok = number_allowed(d, v);
        break;
    case SET:
        ok = set_allowed(d, v);
        break;
    case LIST:
        ok = sv_starts(sv_c(d->allowed), SV("field:")) ? field_list_allowed(d, v) : addresses(d) ? ranges_allowed(v) : text_allowed(d, v);
        break;
    case TEXT_:
        ok = text_allowed(d, v);
        break;
    }
    return ok ? true : fail_field(f, "value", "%s does not allow this value", d->key);
}

int64_t policy_bytes(const struct policy *p, const char *key)
{
    int64_t n = 0;

    sv v = policy_text(p, key);

    if (sv_equal(v, SV("none")))
        return -1;
    ENSURE(bytes_parse(v, &n));
    return n;
}

bool policy_has(const struct policy *p, const char *key, sv word)
{
    return in_list(policy_text(p, key), word);
}

static const struct ranges *ranges_of(const struct policy *p, const char *key)
{
    size_t i;

    if (!policy_find(sv_c(key), &i))
        die("no setting %s", key);
    return &p->ranges[i];
}

bool policy_in_ranges(const struct policy *p, const char *key, struct ip a)
{
    const struct ranges *r = ranges_of(p, key);

    for (size_t i = 0; i < r->n; i++)
        if (ip_in(a, &r->v[i]))
            return true;
    return false;
}

size_t policy_ranges(const struct policy *p, const char *key)
{
    return ranges_of(p, key)->n;
}

/* What belongs to a message is not kept beyond it: "none" means as long as the message itself. */
static bool files_within_talk(const struct policy *p)
{
    int64_t files = policy_ms(p, "talk.file_retention"), talk = policy_ms(p, "talk.retention");

    return files < 0 || talk < 0 || files <= talk;
}

/* A shorter period of talk takes that of its files with it: the longest that still fits. */
bool policy_follows(const struct policy *p, size_t changed, size_t *i, sv *value)
{
    int64_t talk = policy_ms(p, "talk.retention"), best = -1, ms;
    sv values, part;

    if (!sv_equal(sv_c(defs[changed].key), SV("talk.retention")) || files_within_talk(p))
        return false;
    ENSURE(policy_find(SV("talk.file_retention"), i));
    values = values_of(defs[*i].allowed);
    while (sv_cut(&values, '|', &part))
        if (duration_parse(part, &ms) && ms > best && ms <= talk) {
            best = ms;
            *value = part;
        }
    return best >= 0;
}

bool policy_agrees(const struct policy *p, struct failure *f)
{
    if (!files_within_talk(p))
        return fail_field(f, "value", "files would be kept longer than their messages");
    if (policy_int(p, "account.password.min_length") > policy_int(p, "account.password.max_length"))
        return fail_field(f, "value", "the least length of a password is above the greatest");
    return true;
}
