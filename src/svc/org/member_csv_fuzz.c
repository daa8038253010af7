/* svc/org/member_csv_fuzz.c: whatever the file, what is read is text, in columns that exist once, on rising lines; and a
 * list written from what was read reads as the same. */
#include "base/utf8.h"
#include "svc/org/member_csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void put_cell(struct str *s, sv cell)
{
    str_char(s, '"');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            str_char(s, '"');
        str_char(s, cell.p[i]);
    }
    str_char(s, '"');
}

static void put_row(struct str *s, const sv *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_char(s, ',');
        put_cell(s, cells[i]);
    }
    str_c(s, "\r\n");
}

static void same(struct arena *a, const struct member_csv *m)
{
    struct str s = STR_IN(a);
    struct member_csv again;

    put_row(&s, m->title, m->columns);
    for (size_t i = 0; i < m->rows.n; i++)
        put_row(&s, m->rows.v[i].cells, m->columns);
    /* A row that had nothing but cells beyond the titles is blank now. */
    if (!member_csv_read(a, str_sv(&s), &again)) {
        if (again.problem != CSV_EMPTY)
            abort();
        return;
    }
    if (again.columns != m->columns || again.rows.n > m->rows.n)
        abort();
    if (again.rows.n == m->rows.n)
        for (size_t i = 0; i < m->rows.n; i++)
            for (size_t k = 0; k < m->columns; k++)
                if (!sv_equal(again.rows.v[i].cells[k], m->rows.v[i].cells[k]))
                    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct member_csv m;
    int64_t line = 0;

    member_csv_rows(sv_n(p, n));
    if (member_csv_read(a, sv_n(p, n), &m)) {
        if (m.columns < 2 || m.columns > COL_COUNT || m.rows.n == 0)
            abort();
        for (size_t i = 0; i < m.rows.n; i++) {
            if (m.rows.v[i].line <= line)
                abort();
            line = m.rows.v[i].line;
            for (size_t k = 0; k < m.columns; k++)
                if (!utf8_valid(m.rows.v[i].cells[k]))
                    abort();
        }
        same(a, &m);
    } else if (m.problem == CSV_NONE) {
        abort();
    }
    arena_free(&a);
    return 0;
}
