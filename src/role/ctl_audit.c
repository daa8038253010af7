/* role/ctl_audit.c: engawactl audit inclusion, audit consistency: a part of the audit log with its proof, cut from an export, for
 * one who may see that part alone. auditverify --proof checks it (doc/formats.md, audit proof). */
#include "core/tree_proof.h"
#include "role/ctl.h"

#include <stdio.h>

struct signed_line {
    uint64_t size;
    sv line;
};

struct export {
    sv tenant;
    struct tree gone;
    VEC(struct sha256) leaves;
    VEC(sv) rows;                                         /* their lines */
    VEC(struct signed_line) heads;                        /* by size */
};

static sv word(sv line, unsigned at)
{
    sv w = SV_NONE;

    for (unsigned i = 0; i <= at; i++)
        if (!sv_cut(&line, ' ', &w))
            return SV_NONE;
    return w;
}

static bool hash_of(struct arena *a, sv text, struct sha256 *out)
{
    sv bytes;

    if (!hex_read(a, text, &bytes) || bytes.n != sizeof(out->b))
        return false;
    memcpy(out->b, bytes.p, bytes.n);
    return true;
}

static bool take(struct arena *a, struct export *e, sv line)
{
    sv kind = word(line, 0);
    int64_t n = 0;

    if (sv_equal(kind, SV("tenant")))
        e->tenant = word(line, 1);
    else if (sv_equal(kind, SV("gone")))
        e->gone.size = sv_int(word(line, 1), &n) ? (uint64_t)n : 0;
    else if (sv_equal(kind, SV("root")))
        return e->gone.n < COUNT(e->gone.at) && hash_of(a, word(line, 1), &e->gone.at[e->gone.n++]);
    else if (sv_equal(kind, SV("row"))) {
        *PUSH(a, &e->rows) = line;
        return hash_of(a, word(line, 12), PUSH(a, &e->leaves));
    } else if (sv_equal(kind, SV("head"))) {
        if (!sv_int(word(line, 1), &n))
            return false;
        *PUSH(a, &e->heads) = (struct signed_line){(uint64_t)n, line};
    }
    return true;
}

static int fetch(struct ctl *c, struct export *e)
{
    struct str out = STR_IN(c->arena), error = STR_IN(c->arena);
    int rc = ctl_call(c, sv_c(c->command->op), c->tenant, SV("{}"), &out, &error);
    sv rest = str_sv(&out), line;

    if (rc != CTL_DONE)
        return rc == CTL_REFUSED ? ctl_refused(c, str_sv(&error)) : rc;
    while (sv_cut(&rest, '\n', &line))
        if (!take(c->arena, e, line))
            return ctl_complain("the export cannot be read: %.*s", SV_ARG(line));
    return CTL_DONE;
}

/* The head of that size; "": the newest. NULL: said that there is none. */
static const struct signed_line *head_of(const struct export *e, sv size)
{
    int64_t n = 0;

    if (!size.p && e->heads.n)
        return &e->heads.v[e->heads.n - 1];
    for (size_t i = 0; size.p && sv_int(size, &n) && i < e->heads.n; i++)
        if (e->heads.v[i].size == (uint64_t)n)
            return &e->heads.v[i];
    if (size.p)
        ctl_complain("no head of size %.*s was signed", SV_ARG(size));
    else
        ctl_complain("no head was signed yet; one is every minute");
    return NULL;
}

static int print(struct ctl *c, const struct export *e, const sv *lines, size_t n, const struct sha256 *path, size_t hashes)
{
    struct str s = STR_IN(c->arena);

    str_printf(&s, "engawa audit proof 1\ntenant %.*s\n", SV_ARG(e->tenant));
    for (size_t i = 0; i < n; i++)
        str_printf(&s, "%.*s\n", SV_ARG(lines[i]));
    for (size_t i = 0; i < hashes; i++) {
        str_c(&s, "path ");
        hex_put(&s, sv_n(path[i].b, sizeof(path[i].b)));
        str_char(&s, '\n');
    }
    str_c(&s, "end\n");
    return fwrite(s.p, 1, s.n, stdout) == s.n && fflush(stdout) == 0 ? CTL_DONE : ctl_complain("cannot write the proof");
}

int ctl_audit_inclusion(struct ctl *c)
{
    struct export e = {0};
    struct sha256 path[TREE_PATH];
    sv seq = ctl_value(c, "ROW");
    int64_t row = 0;
    size_t n;
    int rc = fetch(c, &e);

    if (rc != CTL_DONE)
        return rc;
    const struct signed_line *head = head_of(&e, ctl_value(c, "--head"));
    if (!head)
        return CTL_REFUSED;
    struct tree_leaves l = {&e.gone, e.leaves.v, e.leaves.n};
    if (!sv_int(seq, &row) || row < 1 || !tree_inclusion(&l, (uint64_t)row - 1, head->size, path, &n)) {
        ctl_complain("row %.*s is not under head %" PRIu64 ", or is erased", SV_ARG(seq), head->size);
        return CTL_REFUSED;
    }
    return print(c, &e, (const sv[]){e.rows.v[(uint64_t)row - 1 - e.gone.size], head->line}, 2, path, n);
}

int ctl_audit_consistency(struct ctl *c)
{
    struct export e = {0};
    struct sha256 path[TREE_PATH];
    size_t n;
    int rc = fetch(c, &e);

    if (rc != CTL_DONE)
        return rc;
    const struct signed_line *first = head_of(&e, ctl_value(c, "FROM")), *second = first ? head_of(&e, ctl_value(c, "--head")) : NULL;
    if (!second)
        return CTL_REFUSED;
    struct tree_leaves l = {&e.gone, e.leaves.v, e.leaves.n};
    if (!tree_consistency(&l, first->size, second->size, path, &n)) {
        ctl_complain("head %" PRIu64 " is later than head %" PRIu64 ", or its rows are erased", first->size, second->size);
        return CTL_REFUSED;
    }
    return print(c, &e, (const sv[]){first->line, second->line}, 2, path, n);
}
