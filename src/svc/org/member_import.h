/* svc/org/member_import.h: adds the members of an uploaded list, all or none (MEM-09).
 *     member_import_begin() -> member_import_part() … -> member_import_plan() to see what is wrong (on a reader, as often
 *     as one likes) -> member_import_plan() and member_import_run() on the writer -> member_import_people() page by page
 * Lines with an error can be mended or left out without a new upload: the mended cells come with each call.
 * The upload is a row of `file` with its parts; who began it alone sees it, for IMPORT_LIFE_MS. */
#ifndef ENGAWA_SVC_ORG_MEMBER_IMPORT_H
#define ENGAWA_SVC_ORG_MEMBER_IMPORT_H

#include "crypt/hash.h"
#include "svc/org/member_csv.h"
#include "svc/org/unit.h"

#define IMPORT_LIFE_MS    (7 * INT64_C(86400000))
#define IMPORT_BYTES_MAX  (8 * 1024 * 1024)
#define IMPORT_PART_MAX   (32 * 1024)
#define IMPORT_ERRORS_MAX 200                             /* that a plan collects; it counts all */
#define IMPORT_POSTS      3

struct import_mend {
    int64_t line;
    bool drop;                                            /* leave this line out */
    const sv *cells;
    size_t n;
};

/* Codes are stable; the sentence says what to do. */
enum import_code {
    IMP_NEED, IMP_LOGIN_FORM, IMP_FOREIGN_DOMAIN, IMP_LOGIN_TWICE, IMP_LOGIN_TAKEN, IMP_NUMBER_TWICE, IMP_NUMBER_TAKEN,
    IMP_TEXT, IMP_PHONE, IMP_MAIL, IMP_DATE, IMP_LANGUAGE, IMP_UNUSED, IMP_UNIT, IMP_UNIT_AMBIGUOUS, IMP_UNIT_TWICE,
    IMP_TITLE, IMP_TITLE_ALONE, IMP_GRADE, IMP_PERMTYPE, IMP_EXTRA, IMP_CODES
};
struct import_code_def {
    const char *id, *ja, *en;
};
const struct import_code_def *import_code_def(enum import_code c);
const struct import_code_def *import_problem_def(enum csv_problem p);

struct import_error {
    int64_t line;
    size_t row;                                           /* in csv.rows */
    enum member_column column;                            /* COL_COUNT: the line as a whole */
    enum import_code code;
};

struct import_post {
    id64 unit, title;
};
struct import_person {
    struct member m;
    struct import_post posts[IMPORT_POSTS];               /* the first is the main one */
    size_t n_posts;
};

struct import_plan {
    sv name;                                              /* of the file */
    struct sha256 hash;                                   /* of its bytes */
    struct member_csv csv;                                /* with the mended cells; csv.problem: nothing else counts */
    VEC(struct import_error) errors;
    size_t error_count, dropped;
    VEC(struct import_person) people;                     /* of lines without an error */
};

bool member_import_begin(struct ctx *x, sv name, int64_t size, id64 *id);
/* seq 0, 1 … in order; the same part again is the same again. E_CONFLICT: another one is due. E_TOO_LARGE. */
bool member_import_part(struct ctx *x, id64 id, int64_t seq, sv bytes);
bool member_import_visible(struct ctx *x, id64 id);       /* E_NOT_FOUND unless the acting admin's own and not over */

/* E_TOO_LARGE: more than MEMBER_CSV_ROWS, found before reading. E_CONFLICT: not all parts are here. */
bool member_import_plan(struct ctx *x, id64 id, const struct import_mend *mends, size_t n, struct import_plan *out);
/* Everybody of the plan, or nobody. E_CONFLICT: it was run before. E_IMPORT_ERRORS. E_SEATS. `changed`: the units (with
 * those above them) whose people are others now. */
bool member_import_run(struct ctx *x, id64 id, struct import_plan *p, struct id_list *changed);
/* Those that the import added and that have no password yet, sorted by reading; after the member `after`. */
bool member_import_people(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more);

#endif
