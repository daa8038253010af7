/* api/import.c: メンバー > 一括追加: a list is uploaded in parts, looked at as often as one likes, and added all or none;
 * then setup links for the slips, page by page. */
#include "api/app.h"
#include "api/unit_room.h"
#include "crypt/hash.h"
#include "svc/account/account.h"
#include "svc/org/member_import.h"

#define LINKS_PAGE 100

struct import_begin_in {
    sv name;
    int64_t size;
};
static const struct field import_begin_in_fields[] = {
    FIELD(struct import_begin_in, name, .need = true, .min = 1, .max = 200, .doc = "of the file"),
    FIELD(struct import_begin_in, size, .need = true, .min = 1, .max = INT64_C(1) << 40, .doc = "bytes to come"),
};
static const struct schema import_begin_in = SCHEMA("import_begin_in", struct import_begin_in, import_begin_in_fields);

struct import_id_out {
    id64 id;
};
static const struct field import_id_out_fields[] = {FIELD(struct import_id_out, id, .doc = "of the upload")};
static const struct schema import_id_out = SCHEMA("import_id_out", struct import_id_out, import_id_out_fields);

struct import_part_in {
    int64_t seq;
    sv data;
};
static const struct field import_part_in_fields[] = {
    FIELD(struct import_part_in, seq, .need = true, .max = 100000, .doc = "0, 1 … in order"),
    FIELD(struct import_part_in, data, .need = true, .min = 2, .max = 43692, .doc = "at most 32 KiB, base64url without padding"),
};
static const struct schema import_part_in = SCHEMA("import_part_in", struct import_part_in, import_part_in_fields);

struct import_text {
    sv text;
};
static const struct field import_cell_in_fields[] = {
    FIELD(struct import_text, text, .need = true, .max = 1000, .lines = true, .doc = "the cell as it shall be"),
};
static const struct schema import_cell_in = SCHEMA("import_cell_in", struct import_text, import_cell_in_fields);

struct import_mend_in {
    int64_t line;
    bool drop;
    struct list cells;
};
static const struct field import_mend_in_fields[] = {
    FIELD(struct import_mend_in, line, .need = true, .min = 1, .doc = "of the file"),
    FIELD(struct import_mend_in, drop, .doc = "leave the line out"),
    FIELD(struct import_mend_in, cells, .max = MEMBER_CSV_COLUMNS, .of = &import_cell_in, .doc = "all cells of the line, as they shall be"),
};
static const struct schema import_mend_in = SCHEMA("import_mend_in", struct import_mend_in, import_mend_in_fields);

struct import_check_in {
    struct list mended;
};
static const struct field import_check_in_fields[] = {
    FIELD(struct import_check_in, mended, .max = IMPORT_ERRORS_MAX, .of = &import_mend_in, .doc = "lines mended since the upload"),
};
static const struct schema import_check_in = SCHEMA("import_check_in", struct import_check_in, import_check_in_fields);

struct import_column_out {
    sv id, title;
};
static const struct field import_column_out_fields[] = {
    FIELD(struct import_column_out, id, .doc = "the field"),
    FIELD(struct import_column_out, title, .doc = "as it stands in the file"),
};
static const struct schema import_column_out = SCHEMA("import_column_out", struct import_column_out, import_column_out_fields);

struct import_error_out {
    int64_t line;
    sv column, code, ja, en;
};
static const struct field import_error_out_fields[] = {
    FIELD(struct import_error_out, line, .doc = "as an editor counts them, from 1; 0: the file as a whole"),
    FIELD(struct import_error_out, column, .doc = "the field, or a column's title; empty: the line as a whole"),
    FIELD(struct import_error_out, code, .doc = "stable"),
    FIELD(struct import_error_out, ja, .doc = "what is wrong and what to do, in Japanese"),
    FIELD(struct import_error_out, en, .doc = "the same in English"),
};
static const struct schema import_error_out = SCHEMA("import_error_out", struct import_error_out, import_error_out_fields);

static const struct field import_cell_out_fields[] = {FIELD(struct import_text, text, .doc = "the cell")};
static const struct schema import_cell_out = SCHEMA("import_cell_out", struct import_text, import_cell_out_fields);

struct import_line_out {
    int64_t line;
    struct list cells;
};
static const struct field import_line_out_fields[] = {
    FIELD(struct import_line_out, line, .doc = "where it begins"),
    FIELD(struct import_line_out, cells, .of = &import_cell_out, .doc = "one for each column"),
};
static const struct schema import_line_out = SCHEMA("import_line_out", struct import_line_out, import_line_out_fields);

struct import_check_out {
    sv encoding;
    int64_t rows, ok, dropped, error_count;
    struct list columns, errors, lines;
};
static const struct field import_check_out_fields[] = {
    FIELD(struct import_check_out, encoding, .one_of = "utf-8|shift_jis", .doc = "as it was read"),
    FIELD(struct import_check_out, rows, .doc = "members in the list, without those left out"),
    FIELD(struct import_check_out, ok, .doc = "how many of them have no error"),
    FIELD(struct import_check_out, dropped, .doc = "lines left out"),
    FIELD(struct import_check_out, error_count, .doc = "all errors; `errors` holds the first 200"),
    FIELD(struct import_check_out, columns, .of = &import_column_out, .doc = "of the file, in its order"),
    FIELD(struct import_check_out, errors, .of = &import_error_out, .doc = "none: the list can be run"),
    FIELD(struct import_check_out, lines, .of = &import_line_out, .doc = "the lines that stand in `errors`, for mending"),
};
static const struct schema import_check_out = SCHEMA("import_check_out", struct import_check_out, import_check_out_fields);

struct import_run_out {
    int64_t added;
};
static const struct field import_run_out_fields[] = {FIELD(struct import_run_out, added, .doc = "members")};
static const struct schema import_run_out = SCHEMA("import_run_out", struct import_run_out, import_run_out_fields);

struct import_links_in {
    id64 after;
};
static const struct field import_links_in_fields[] = {
    FIELD(struct import_links_in, after, .doc = "continue behind this member"),
};
static const struct schema import_links_in = SCHEMA("import_links_in", struct import_links_in, import_links_in_fields);

struct import_link_out {
    id64 id;
    sv login, family, given, family_reading, given_reading, link;
    time64 until, start;
};
static const struct field import_link_out_fields[] = {
    FIELD(struct import_link_out, id, .doc = "the member"),
    FIELD(struct import_link_out, login, .doc = "the part of the Engawa ID before @"),
    FIELD(struct import_link_out, family, .doc = "family name"),
    FIELD(struct import_link_out, given, .doc = "given name"),
    FIELD(struct import_link_out, family_reading, .doc = "its reading"),
    FIELD(struct import_link_out, given_reading, .doc = "its reading"),
    FIELD(struct import_link_out, link, .doc = "where the member sets the password, once; no later call gives it again"),
    FIELD(struct import_link_out, until, .doc = "until when it can be used"),
    FIELD(struct import_link_out, start, .doc = "first moment of use"),
};
static const struct schema import_link_out = SCHEMA("import_link_out", struct import_link_out, import_link_out_fields);

struct import_links_out {
    struct list members;
    bool more;
};
static const struct field import_links_out_fields[] = {
    FIELD(struct import_links_out, members, .of = &import_link_out, .doc = "those without a password yet, sorted by reading"),
    FIELD(struct import_links_out, more, .doc = "there are further ones"),
};
static const struct schema import_links_out = SCHEMA("import_links_out", struct import_links_out, import_links_out_fields);

static bool import_begin(struct ctx *x, struct call *c, void *out)
{
    const struct import_begin_in *in = c->in;
    struct import_id_out *o = out;
    bool ok = member_import_begin(x, in->name, in->size, &o->id);

    audit(x, AUDIT_IMPORT_UPLOAD, o->id, sv_printf(x->arena, "{\"bytes\":%" PRId64 "}", in->size));
    return ok;
}

static bool import_part(struct ctx *x, struct call *c, void *out)
{
    const struct import_part_in *in = c->in;
    sv bytes;

    (void)out;
    if (!base64url_read(x->arena, in->data, &bytes))
        return fail_field(&x->failure, "data", "no base64url");
    return member_import_part(x, c->object, in->seq, bytes);
}

static bool plan_of(struct ctx *x, struct call *c, struct import_plan *p)
{
    const struct import_check_in *in = c->in;
    const struct import_mend_in *from = in->mended.v;
    struct import_mend *mends = ANEWN(x->arena, struct import_mend, in->mended.n);

    for (size_t i = 0; i < in->mended.n; i++) {
        const struct import_text *cells = from[i].cells.v;
        sv *v = ANEWN(x->arena, sv, from[i].cells.n);

        for (size_t k = 0; k < from[i].cells.n; k++)
            v[k] = cells[k].text;
        mends[i] = (struct import_mend){from[i].line, from[i].drop, v, from[i].cells.n};
    }
    return member_import_plan(x, c->object, mends, in->mended.n, p);
}

static void file_problem(struct ctx *x, const struct member_csv *csv, struct import_check_out *o)
{
    const struct import_code_def *d = import_problem_def(csv->problem);
    struct import_error_out *e = ANEW(x->arena, struct import_error_out);

    *e = (struct import_error_out){csv->problem_line, csv->problem_title, sv_c(d->id), sv_c(d->ja), sv_c(d->en)};
    o->errors = (struct list){e, 1};
    o->error_count = 1;
}

static struct import_line_out line_cells(struct ctx *x, const struct member_csv *csv, size_t row)
{
    struct import_text *v = ANEWN(x->arena, struct import_text, csv->columns);

    for (size_t i = 0; i < csv->columns; i++)
        v[i].text = csv->rows.v[row].cells[i];
    return (struct import_line_out){csv->rows.v[row].line, {v, csv->columns}};
}

static void row_errors(struct ctx *x, const struct import_plan *p, struct import_check_out *o)
{
    struct import_error_out *errors = ANEWN(x->arena, struct import_error_out, p->errors.n);
    struct import_line_out *lines = ANEWN(x->arena, struct import_line_out, p->errors.n);
    size_t n = 0;

    for (size_t i = 0; i < p->errors.n; i++) {
        const struct import_error *e = &p->errors.v[i];
        const struct import_code_def *d = import_code_def(e->code);
        bool known = false;

        errors[i] = (struct import_error_out){e->line, sv_c(e->column == COL_COUNT ? "" : member_column(e->column)->id),
                                              sv_c(d->id), sv_c(d->ja), sv_c(d->en)};
        for (size_t k = 0; k < n; k++)
            known |= lines[k].line == e->line;
        if (!known)
            lines[n++] = line_cells(x, &p->csv, e->row);
    }
    o->errors = (struct list){errors, p->errors.n};
    o->lines = (struct list){lines, n};
    o->error_count = (int64_t)p->error_count;
}

static bool import_check(struct ctx *x, struct call *c, void *out)
{
    struct import_check_out *o = out;
    struct import_plan p;

    if (!plan_of(x, c, &p))
        return false;
    o->encoding = p.csv.shift_jis ? SV("shift_jis") : SV("utf-8");
    if (p.csv.problem != CSV_NONE) {
        file_problem(x, &p.csv, o);
        return true;
    }
    struct import_column_out *columns = ANEWN(x->arena, struct import_column_out, p.csv.columns);
    for (size_t i = 0; i < p.csv.columns; i++)
        columns[i] = (struct import_column_out){sv_c(member_column(p.csv.column[i])->id), p.csv.title[i]};
    o->columns = (struct list){columns, p.csv.columns};
    o->rows = (int64_t)p.csv.rows.n;
    o->ok = (int64_t)p.people.n;
    o->dropped = (int64_t)p.dropped;
    row_errors(x, &p, o);
    return true;
}

static bool import_run(struct ctx *x, struct call *c, void *out)
{
    struct id_list changed = {0};
    struct str hash = STR_IN(x->arena);
    struct import_plan p;

    bool ok = plan_of(x, c, &p) && member_import_run(x, c->object, &p, &changed) &&
              unit_rooms_follow(x, &changed);
    hex_put(&hash, sv_n(p.hash.b, sizeof(p.hash.b)));
    audit(x, AUDIT_IMPORT_RUN, c->object,
          sv_printf(x->arena, "{\"count\":%zu,\"sha256\":\"%.*s\"}", p.people.n, SV_ARG(str_sv(&hash))));
    ((struct import_run_out *)out)->added = (int64_t)p.people.n;
    return ok;
}

static bool one_link(struct ctx *x, const struct member *m, struct import_link_out *o)
{
    SECRET token = {0};
    int64_t until;

    if (!account_setup_link(x, m->id, LINK_SETUP, &token, &until))
        return false;
    *o = (struct import_link_out){.id = m->id, .login = m->login, .family = m->family, .given = m->given,
                                  .family_reading = m->family_reading, .given_reading = m->given_reading,
                                  .link = account_link_url(x, &token), .until = {until}, .start = {m->start_ms}};
    return true;
}

/* Whom the acting admin may not target any more, perhaps an admin meanwhile, gets no link by this way either. */
static bool keep_targets(struct ctx *x, struct members *page)
{
    struct member m;
    size_t kept = 0;

    for (size_t i = 0; i < page->n; i++) {
        if (org_member_target(x, page->v[i].id, &m))
            page->v[kept++] = page->v[i];
        else if (x->failure.code != E_DENIED)
            return false;
        failure_clear(&x->failure);
    }
    page->n = kept;
    return true;
}

static bool import_links(struct ctx *x, struct call *c, void *out)
{
    const struct import_links_in *in = c->in;
    struct import_links_out *o = out;
    struct members page = {0};

    if (!member_import_people(x, c->object, in->after, LINKS_PAGE, &page, &o->more) || !keep_targets(x, &page))
        return false;
    struct import_link_out *v = ANEWN(x->arena, struct import_link_out, page.n);
    for (size_t i = 0; i < page.n; i++)
        if (!one_link(x, &page.v[i], &v[i]))
            return false;
    o->members = (struct list){v, page.n};
    audit(x, AUDIT_IMPORT_LINKS, c->object, sv_printf(x->arena, "{\"count\":%zu}", page.n));
    return true;
}

static bool import_template(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    c->file.name = x->actor.english ? SV("engawa-members.csv") : SV("Engawaメンバー.csv");
    c->file.type = "text/csv; charset=utf-8";
    c->file.bytes = member_csv_template(x->arena, x->actor.english);
    c->file.size = (int64_t)c->file.bytes.n;
    return true;
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "console.import.template", .method = GET, .path = "/console/imports/template", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_READ | OP_FILE, .audit = AUDIT_NONE, .run = import_template,
     .doc = "An empty list with all columns and one example."},
    {.name = "console.import.begin", .method = POST, .path = "/console/imports", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .flags = OP_WRITE, .audit = AUDIT_IMPORT_UPLOAD, .in = &import_begin_in,
     .out = &import_id_out, .run = import_begin, .doc = "Begins the upload of a list of members."},
    {.name = "console.import.part", .method = POST, .path = "/console/imports/:import/part", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_IMPORT, .flags = OP_WRITE, .audit = AUDIT_IMPORT_UPLOAD, .in = &import_part_in,
     .out = &nothing_out, .run = import_part, .doc = "The next piece of the list; the same one again is harmless."},
    {.name = "console.import.check", .method = POST, .path = "/console/imports/:import/check", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_IMPORT, .flags = OP_READ, .audit = AUDIT_IMPORT_CHECK,
     .in = &import_check_in, .out = &import_check_out, .run = import_check,
     .doc = "What would be added, and every error by its line; nothing changes."},
    {.name = "console.import.run", .method = POST, .path = "/console/imports/:import/run", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_IMPORT, .flags = OP_WRITE, .audit = AUDIT_IMPORT_RUN,
     .in = &import_check_in, .out = &import_run_out, .run = import_run,
     .doc = "Adds all members of the list, or nobody; once."},
    {.name = "console.import.links", .method = POST, .path = "/console/imports/:import/links", .who = WHO_CONSOLE,
     .menu = M_MEMBER_MEMBER, .object = OBJ_IMPORT, .flags = OP_WRITE, .audit = AUDIT_IMPORT_LINKS,
     .in = &import_links_in, .out = &import_links_out, .run = import_links,
     .doc = "New setup links of a hundred members of the list, for their slips; earlier links of theirs end."},
};
/* clang-format on */
const struct op_table import_ops = {ops, COUNT(ops)};
