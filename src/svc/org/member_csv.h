/* svc/org/member_csv.h: reads a list of members that a spreadsheet wrote: CSV as RFC 4180, UTF-8 with or without a mark
 * or Shift_JIS (Windows code page 932), the columns named by the first line in Japanese or English, in any order. A pure
 * function: what a cell may hold is member_import's matter. A formula is a text like any other.
 *     member_csv_rows() first: a file of too many rows is not read at all
 * Lines are counted as an editor shows them: a quoted cell may go over several. */
#ifndef ENGAWA_SVC_ORG_MEMBER_CSV_H
#define ENGAWA_SVC_ORG_MEMBER_CSV_H

#include "base/str.h"
#include "base/vec.h"

#define MEMBER_CSV_ROWS    10000
#define MEMBER_CSV_COLUMNS 64

enum member_column {
    COL_LOGIN, COL_FAMILY, COL_GIVEN, COL_FAMILY_READING, COL_GIVEN_READING, COL_NICKNAME, COL_EMPLOYEE_NUMBER, COL_LANGUAGE,
    COL_PHONE, COL_MOBILE, COL_PRIVATE_MAIL, COL_WORKPLACE, COL_DUTIES, COL_SNS, COL_BIRTHDAY, COL_JOIN_DATE,
    COL_RELATED_CONTACT, COL_GRADE, COL_PERMTYPE, COL_START, COL_UNIT, COL_TITLE, COL_UNIT2, COL_TITLE2, COL_UNIT3, COL_TITLE3,
    COL_COUNT
};

struct column_def {
    const char *id, *ja, *en;                             /* id: as in JSON; the titles of the template */
    const char *also;                                     /* further titles, parted by '|' */
};
const struct column_def *member_column(enum member_column c);

enum csv_problem {
    CSV_NONE,
    CSV_EMPTY,                                            /* no line of titles, or nobody below it */
    CSV_ENCODING,                                         /* neither UTF-8 nor Shift_JIS */
    CSV_QUOTE,                                            /* a quoted cell that does not end, or goes on behind its end */
    CSV_UNKNOWN_COLUMN,                                   /* a title that is none of ours */
    CSV_TWICE,                                            /* two columns of one title */
    CSV_ROLE_COLUMN,                                      /* admin rights are not given by a list */
    CSV_NO_LOGIN,                                         /* no column of Engawa IDs */
    CSV_NO_NAME,                                          /* no column of family names */
    CSV_PROBLEMS
};
const char *csv_problem_name(enum csv_problem p);         /* "empty" … */

struct member_csv_row {
    int64_t line;                                         /* where it begins, from 1 */
    sv *cells;                                            /* one for each column of the file; missing ones are "" */
    size_t extra;                                         /* cells beyond the last column */
};

struct member_csv {
    bool shift_jis;
    size_t columns;
    enum member_column column[MEMBER_CSV_COLUMNS];
    sv title[MEMBER_CSV_COLUMNS];
    VEC(struct member_csv_row) rows;
    enum csv_problem problem;                             /* of the file as a whole */
    int64_t problem_line;                                 /* 0: none in particular */
    sv problem_title;
};

/* Lines below the titles that hold anything, by their ends alone. */
size_t member_csv_rows(sv file);
/* False: `problem` says why, and nothing else counts. Results live in `a`. */
bool member_csv_read(struct arena *a, sv file, struct member_csv *out);
sv   member_csv_cell(const struct member_csv *m, const struct member_csv_row *row, enum member_column c);   /* "" when absent */
/* An empty list with all columns and one example, UTF-8 with its mark. */
sv   member_csv_template(struct arena *a, bool english);

#endif
