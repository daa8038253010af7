/* core/csv.h: lists for spreadsheets (RFC 4180): commas, CRLF, every cell in quotes, UTF-8.
 *     csv_begin() -> csv_cell() … csv_end_row() …
 * The text begins with a byte order mark: without it the spreadsheet programs that most of our readers use take UTF-8 for
 * Shift_JIS, and a reader that needs none passes over it. A cell that such a program would take for a formula (it begins
 * with = + - @ TAB or CR, or with the same sign in full width) gets an apostrophe before it, so nothing that a member or a
 * stranger typed is ever carried out where the list is opened. */
#ifndef ENGAWA_CORE_CSV_H
#define ENGAWA_CORE_CSV_H

#include "base/str.h"

struct csv {
    struct str *out;
    bool in_row;
};

void csv_begin(struct csv *c, struct str *out);           /* the mark */
void csv_on(struct csv *c, struct str *out);              /* goes on in another str: no mark */
void csv_cell(struct csv *c, sv text);                    /* any text without NUL */
void csv_cell_int(struct csv *c, int64_t n);              /* a number of ours: a minus stays a minus */
void csv_end_row(struct csv *c);

#endif
