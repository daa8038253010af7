/* role/figures.c: the table, adding up, and the text. */
#include "role/figures.h"

#include "base/mem.h"
#include "role/proto.h"

#define ROLES       "supervisor|edge|control|keyd|tenant|out"
#define STATUSES    "101|200|304|400|401|403|404|405|409|410|413|421|429|500|503|507|1xx|2xx|3xx|4xx|5xx"
#define TIME_BOUNDS "0.001|0.0025|0.005|0.01|0.025|0.05|0.1|0.25|0.5|1|2.5|5|10"
#define SIZE_BOUNDS "1|2|4|8|16|32|64"

enum kind { GAUGE, LEAST, COUNTER, TIMES, SIZES };

static const struct row {
    const char *name;
    enum kind kind;
    const char *label, *values, *help;
} rows[FIGURES] = {
#define FIGURE(name, text, kind, label, values, help) {text, kind, label, values, help},
#include "role/figures.def"
#undef FIGURE
};

const uint64_t figure_times_us[TIME_BUCKETS] = {1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};
const uint64_t figure_sizes[SIZE_BUCKETS] = {1, 2, 4, 8, 16, 32, 64};

_Static_assert(TIME_BUCKETS + 2 <= FIGURE_VALUES && SIZE_BUCKETS + 2 <= FIGURE_VALUES, "counts, what is beyond, the sum");

static size_t bucket(const uint64_t *bounds, size_t n, uint64_t v)
{
    size_t i = 0;

    while (i < n && v > bounds[i])
        i++;
    return i;
}

size_t figure_time_bucket(uint64_t us)
{
    return bucket(figure_times_us, TIME_BUCKETS, us);
}

size_t figure_size_bucket(uint64_t n)
{
    return bucket(figure_sizes, SIZE_BUCKETS, n);
}

size_t figure_status(int status)
{
    sv rest = SV(STATUSES), part;
    int64_t n;
    size_t i = 0, classes = 0;

    for (; sv_cut(&rest, '|', &part); i++) {
        if (sv_int(part, &n) && n == status)
            return i;
        if (!classes && sv_ends(part, SV("xx")))
            classes = i;
    }
    return classes + (size_t)(status >= 100 && status < 600 ? status / 100 - 1 : 4);
}

/* How many values a row has in a payload. */
static size_t values_of(const struct row *r)
{
    size_t n = 1;

    if (r->kind == TIMES)
        return TIME_BUCKETS + 2;
    if (r->kind == SIZES)
        return SIZE_BUCKETS + 2;
    for (const char *p = r->values; *p; p++)
        n += *p == '|';
    return n;
}

void figures_put(struct str *payload, enum figure f, size_t value, uint64_t n)
{
    ENSURE(f < FIGURES && value < values_of(&rows[f]));
    ipc_w_u32(payload, (uint32_t)f << 8 | (uint32_t)value);
    ipc_w_u64(payload, n);
}

struct figures_seen {
    uint64_t v[FIGURES][FIGURE_VALUES];
};

void figures_begin(struct figures *f)
{
    for (size_t i = 0; i < FIGURES; i++)
        for (size_t k = 0; k < FIGURE_VALUES; k++)
            f->now[i][k] = 0;
}

static void add(struct figures *f, struct figures_seen *seen, size_t i, size_t k, uint64_t n)
{
    uint64_t *now = &f->now[i][k], *before = &seen->v[i][k];

    switch (rows[i].kind) {
    case GAUGE:
        *now += n;
        break;
    case LEAST:
        if (n && (*now == 0 || n < *now))
            *now = n;
        break;
    default:
        f->total[i][k] += n >= *before ? n - *before : n; /* less than before: it began anew */
        *before = n;
    }
}

bool figures_take(struct figures *f, struct figures_seen **seen, sv payload)
{
    struct ipc_in in = IPC_IN(payload);

    if (!*seen)
        *seen = XNEW(struct figures_seen);
    while (in.ok && in.rest.n) {
        uint32_t what = ipc_r_u32(&in);
        uint64_t n = ipc_r_u64(&in);
        size_t i = what >> 8, k = what & 0xFF;
        if (!in.ok || i >= FIGURES || k >= values_of(&rows[i]))
            return false;
        add(f, *seen, i, k, n);
    }
    return true;
}

static void histogram(const struct row *r, const uint64_t *v, struct str *out)
{
    bool times = r->kind == TIMES;
    size_t n = times ? TIME_BUCKETS : SIZE_BUCKETS;
    sv rest = sv_c(r->values), bound;
    uint64_t count = 0;

    for (size_t i = 0; i < n && sv_cut(&rest, '|', &bound); i++) {
        count += v[i];
        str_printf(out, "%s_bucket{le=\"%.*s\"} %" PRIu64 "\n", r->name, SV_ARG(bound), count);
    }
    count += v[n];
    str_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", r->name, count);
    if (times)
        str_printf(out, "%s_sum %" PRIu64 ".%06" PRIu64 "\n", r->name, v[n + 1] / 1000000, v[n + 1] % 1000000);
    else
        str_printf(out, "%s_sum %" PRIu64 "\n", r->name, v[n + 1]);
    str_printf(out, "%s_count %" PRIu64 "\n", r->name, count);
}

static void values(const struct row *r, const uint64_t *v, struct str *out)
{
    sv rest = sv_c(r->values), value;

    if (!r->label[0])
        str_printf(out, "%s %" PRIu64 "\n", r->name, v[0]);
    for (size_t k = 0; r->label[0] && sv_cut(&rest, '|', &value); k++)
        str_printf(out, "%s{%s=\"%.*s\"} %" PRIu64 "\n", r->name, r->label, SV_ARG(value), v[k]);
}

void figures_write(const struct figures *f, struct str *out)
{
    static const char *const types[] = {"gauge", "gauge", "counter", "histogram", "histogram"};

    for (size_t i = 0; i < FIGURES; i++) {
        const struct row *r = &rows[i];
        str_printf(out, "# HELP %s %s\n# TYPE %s %s\n", r->name, r->help, r->name, types[r->kind]);
        if (r->kind == TIMES || r->kind == SIZES)
            histogram(r, f->total[i], out);
        else
            values(r, r->kind == COUNTER ? f->total[i] : f->now[i], out);
    }
}
