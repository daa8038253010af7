/* core/csv.c: cells, quotes and the apostrophe before a formula. */
#include "core/csv.h"

void csv_on(struct csv *c, struct str *out)
{
    *c = (struct csv){.out = out};
}

void csv_begin(struct csv *c, struct str *out)
{
    csv_on(c, out);
    str_put(out, SV("\xEF\xBB\xBF"));
}

/* As a spreadsheet sees it: blanks before a sign do not always hide it. */
static bool is_formula(sv text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

    while (text.n && text.p[0] == ' ')
        text = sv_from(text, 1);
    for (size_t i = 0; i < COUNT(signs); i++)
        if (sv_starts(text, sv_c(signs[i])))
            return true;
    return false;
}

static void begin_cell(struct csv *c)
{
    if (c->in_row)
        str_char(c->out, ',');
    c->in_row = true;
}

void csv_cell(struct csv *c, sv text)
{
    begin_cell(c);
    str_char(c->out, '"');
    if (is_formula(text))
        str_char(c->out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            str_char(c->out, '"');
        str_char(c->out, text.p[i]);
    }
    str_char(c->out, '"');
}

void csv_cell_int(struct csv *c, int64_t n)
{
    begin_cell(c);
    str_int(c->out, n);
}

void csv_end_row(struct csv *c)
{
    str_put(c->out, SV("\r\n"));
    c->in_row = false;
}
