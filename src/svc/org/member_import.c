/* svc/org/member_import.c: from an uploaded list to members: what each cell must be, and who is added. */
#include "svc/org/member_import.h"
#include "base/plain.h"
#include "base/rand.h"
#include "core/policy.h"
#include "core/tenant.h"
#include "crypt/hash.h"
#include "svc/org/member_import_sql.h"

#include <stdlib.h>

enum { KIND_TITLE = 1, KIND_GRADE = 2, KIND_PERMTYPE = 3 };    /* stored kinds of labels */

static const struct import_code_def codes[IMP_CODES] = {
    [IMP_NEED] = {"need", "空欄です。入力してください。", "This is empty. Please fill it in."},
    [IMP_LOGIN_FORM] = {"login_form", "半角の英小文字、数字、「.」「_」「-」で40文字までにしてください。先頭は英小文字か数字です。",
                        "Use up to 40 of a-z, 0-9, \".\", \"_\" and \"-\", beginning with a letter or digit."},
    [IMP_FOREIGN_DOMAIN] = {"foreign_domain", "@の後ろが、このワークグループの名前ではありません。@より前だけにしてください。",
                            "The part behind @ is not this workgroup. Leave only the part before it."},
    [IMP_LOGIN_TWICE] = {"login_twice", "同じ Engawa ID の行がほかにもあります。別の ID にしてください。",
                         "Another line has the same Engawa ID. Please choose another."},
    [IMP_LOGIN_TAKEN] = {"login_taken", "ほかのメンバーが使っているか、最近まで使っていた Engawa ID です。別の ID にしてください。",
                         "Another member uses this Engawa ID, or did until recently. Please choose another."},
    [IMP_NUMBER_TWICE] = {"number_twice", "同じ社員番号の行がほかにもあります。", "Another line has the same employee number."},
    [IMP_NUMBER_TAKEN] = {"number_taken", "この社員番号は、ほかのメンバーが使っています。",
                          "Another member has this employee number."},
    [IMP_TEXT] = {"text", "長すぎるか、使えない文字があります。短くするか、改行や記号を取り除いてください。",
                  "This is too long, or holds characters that cannot be used."},
    [IMP_PHONE] = {"phone", "電話番号の形が正しくありません。+81312345678 か 03-1234-5678 のように入力してください。",
                   "This is no phone number. Write it like +81312345678."},
    [IMP_MAIL] = {"mail", "メールアドレスの形が正しくありません。", "This is no mail address."},
    [IMP_DATE] = {"date", "日付の形が正しくありません。2027-04-01 か 2027/4/1 のように入力してください。",
                  "This is no date. Write it like 2027-04-01."},
    [IMP_LANGUAGE] = {"language", "ja (日本語) か en (英語) にしてください。", "Write ja (Japanese) or en (English)."},
    [IMP_UNUSED] = {"unused", "この項目は使わない設定です。空欄にしてください。", "This field is switched off. Please leave it empty."},
    [IMP_UNIT] = {"unit", "この組織はありません。組織の画面にあるコードか名前にしてください。",
                  "There is no such org unit. Use its code or name."},
    [IMP_UNIT_AMBIGUOUS] = {"unit_ambiguous", "同じ名前の組織がほかにもあります。組織のコードで指定してください。",
                            "Several org units have this name. Use the code."},
    [IMP_UNIT_TWICE] = {"unit_twice", "同じ組織が2回あります。1つを空欄にしてください。", "The same org unit stands twice."},
    [IMP_TITLE] = {"title", "この役職はありません。役職の画面にある名前にしてください。", "There is no such title."},
    [IMP_TITLE_ALONE] = {"title_alone", "役職には組織が必要です。組織も入力してください。", "A title needs an org unit beside it."},
    [IMP_GRADE] = {"grade", "この職級はありません。", "There is no such grade."},
    [IMP_PERMTYPE] = {"permtype", "この利用権限タイプはありません。", "There is no such permission type."},
    [IMP_EXTRA] = {"extra", "見出しより多いセルがあります。余分なカンマを取り除いてください。",
                   "This line has more cells than there are titles."},
};

static const struct import_code_def problems[CSV_PROBLEMS] = {
    [CSV_EMPTY] = {"empty", "メンバーの行がありません。1行目に見出し、2行目からメンバーを入力してください。",
                   "There are no members. Put titles into the first line and members below it."},
    [CSV_ENCODING] = {"encoding", "文字コードを読み取れません。UTF-8 か Shift_JIS の CSV で保存し直してください。",
                      "The text cannot be read. Save the list as CSV in UTF-8 or Shift_JIS."},
    [CSV_QUOTE] = {"quote", "「\"」の対応が正しくありません。この行の引用符を直してください。",
                   "A quotation mark is missing or too many. Please mend this line."},
    [CSV_UNKNOWN_COLUMN] = {"unknown_column", "この見出しは読み取れません。ひな形の見出しにするか、列を削除してください。",
                            "This column is not known. Use a title of the template, or delete the column."},
    [CSV_TWICE] = {"column_twice", "同じ項目の列が2つあります。1つを削除してください。", "Two columns are the same. Please delete one."},
    [CSV_ROLE_COLUMN] = {"role_column", "管理者権限は一括追加では付けられません。この列を削除してください。",
                         "Admin rights are not given by a list. Please delete this column."},
    [CSV_NO_LOGIN] = {"no_login", "「Engawa ID」の列がありません。", "There is no column \"Engawa ID\"."},
    [CSV_NO_NAME] = {"no_name", "「姓」の列がありません。", "There is no column \"Family name\"."},
};

const struct import_code_def *import_code_def(enum import_code c)
{
    return &codes[c];
}

const struct import_code_def *import_problem_def(enum csv_problem p)
{
    return &problems[p];
}

/* ---- the upload ---- */

static bool find(struct ctx *x, id64 id, struct import_file *f)
{
    return member_import_sql_find(x, id, f) ? true : fail(&x->failure, E_NOT_FOUND, "no import %" PRId64, id.n);
}

bool member_import_visible(struct ctx *x, id64 id)
{
    struct import_file f;

    return find(x, id, &f);
}

bool member_import_begin(struct ctx *x, sv name, int64_t size, id64 *id)
{
    struct import_file f = {.id = rand_id(), .name = name, .expected = size};

    if (size > IMPORT_BYTES_MAX)
        return fail(&x->failure, E_TOO_LARGE, "%" PRId64 " bytes", size);
    *id = f.id;
    return member_import_sql_add(x, &f);
}

bool member_import_part(struct ctx *x, id64 id, int64_t seq, sv bytes)
{
    struct import_file f;

    if (!find(x, id, &f))
        return false;
    if (f.state != IMPORT_OPEN || seq > f.parts)
        return fail(&x->failure, E_CONFLICT, "part %" PRId64 " is due", f.parts);
    if (seq < f.parts)
        return member_import_sql_same_part(x, id, seq, bytes)
                   ? true
                   : fail(&x->failure, E_CONFLICT, "part %" PRId64 " is here already, with other bytes", seq);
    if (bytes.n == 0 || bytes.n > IMPORT_PART_MAX || f.size + (int64_t)bytes.n > f.expected)
        return fail(&x->failure, E_TOO_LARGE, "more than was announced");
    return member_import_sql_part(x, id, seq, bytes);
}

/* ---- the plan ---- */

struct planner {
    struct ctx *x;
    struct import_plan *out;
    struct import_names units, labels;
    sv *logins, *numbers;                                 /* of each row, as read */
    size_t row;
    bool bad;                                             /* the row at hand has an error */
};

static void complain(struct planner *p, enum member_column column, enum import_code code)
{
    struct import_plan *o = p->out;

    p->bad = true;
    if (o->error_count++ < IMPORT_ERRORS_MAX)
        *PUSH(p->x->arena, &o->errors) = (struct import_error){o->csv.rows.v[p->row].line, p->row, column, code};
}

/* The apostrophe that a list of ours has before a sign, so that no spreadsheet takes it for a formula, is no part of it. */
static sv cell(const struct planner *p, enum member_column c)
{
    sv text = text_trim(member_csv_cell(&p->out->csv, &p->out->csv.rows.v[p->row], c));

    if (text.n > 1 && text.p[0] == '\'' && sv_find(SV("=+-@"), sv_n(&text.p[1], 1), NULL))
        return sv_from(text, 1);
    return text;
}

/* "Mori@hiyodori" is mori here; another company's is not taken. */
static sv read_login(struct planner *p)
{
    sv text = cell(p, COL_LOGIN), workgroup = str_sv(&p->x->tenant->workgroup);
    size_t at;

    if (sv_find(text, SV("@"), &at)) {
        if (!sv_equal_nocase(sv_from(text, at + 1), workgroup)) {
            complain(p, COL_LOGIN, IMP_FOREIGN_DOMAIN);
            return SV_NONE;
        }
        text = sv_upto(text, at);
    }
    char *low = sv_cstr(p->x->arena, text);
    for (char *c = low; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return sv_c(low);
}

/* "2027/4/1", "2027.4.1", "2027年4月1日" and "2027-04-01" are one day. */
static sv read_date(struct planner *p, enum member_column c)
{
    sv text = cell(p, c);
    int64_t n[3] = {0};
    size_t k = 0, digits = 0;

    for (size_t i = 0; i < text.n && k < 3; i++) {
        char b = text.p[i];
        if (b >= '0' && b <= '9' && digits < 4) {
            n[k] = n[k] * 10 + (b - '0');
            digits++;
        } else if (digits) {
            k++;
            digits = 0;
        }
    }
    if (k + (digits > 0) != 3)
        return text;                                      /* its check says what is wrong */
    return sv_printf(p->x->arena, "%04d-%02d-%02d", (int)n[0], (int)n[1], (int)n[2]);
}

/* As the number is written in Japan, in the form that is stored: "03-1234-5678" is +81312345678. */
static sv read_phone(struct planner *p, enum member_column c)
{
    struct str s = STR_IN(p->x->arena);
    sv text = cell(p, c);

    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '-' && text.p[i] != ' ' && text.p[i] != '(' && text.p[i] != ')')
            str_char(&s, text.p[i]);
    sv plain = str_sv(&s);
    if (plain.n >= 10 && plain.p[0] == '0' && sv_equal(policy_text(p->x->policy, "tenant.time_zone"), SV("Asia/Tokyo")))
        return sv_printf(p->x->arena, "+81%.*s", SV_ARG(sv_from(plain, 1)));
    return plain;
}

static sv read_language(struct planner *p)
{
    sv text = cell(p, COL_LANGUAGE);

    if (!text.n)
        return policy_text(p->x->policy, "tenant.default_language");
    if (sv_equal(text, SV("日本語")) || sv_equal_nocase(text, SV("Japanese")) || sv_equal_nocase(text, SV("ja")))
        return SV("ja");
    if (sv_equal(text, SV("英語")) || sv_equal_nocase(text, SV("English")) || sv_equal_nocase(text, SV("en")))
        return SV("en");
    return text;
}

static enum import_code code_of_field(enum member_field f)
{
    switch (f) {
    case MF_PHONE:
    case MF_MOBILE:
        return IMP_PHONE;
    case MF_PRIVATE_MAIL:
        return IMP_MAIL;
    case MF_BIRTHDAY:
    case MF_JOIN_DATE:
        return IMP_DATE;
    case MF_LANGUAGE:
        return IMP_LANGUAGE;
    default:
        return IMP_TEXT;
    }
}

static void check_text(struct planner *p, struct member *m, enum member_field f, enum member_column c)
{
    sv *value = org_field_text(m, f);

    if (value->n && f != MF_LANGUAGE && org_field_use(p->x, f) == USE_NONE) {
        complain(p, c, IMP_UNUSED);
        *value = SV("");
        return;
    }
    if (org_field_check(p->x, f, value))
        return;
    failure_clear(&p->x->failure);
    complain(p, c, value->n ? code_of_field(f) : IMP_NEED);
}

static const struct {
    enum member_field field;
    enum member_column column;
} texts[] = {
    {MF_FAMILY, COL_FAMILY}, {MF_GIVEN, COL_GIVEN}, {MF_FAMILY_READING, COL_FAMILY_READING},
    {MF_GIVEN_READING, COL_GIVEN_READING}, {MF_NICKNAME, COL_NICKNAME}, {MF_EMPLOYEE_NUMBER, COL_EMPLOYEE_NUMBER},
    {MF_LANGUAGE, COL_LANGUAGE}, {MF_PHONE, COL_PHONE}, {MF_MOBILE, COL_MOBILE}, {MF_PRIVATE_MAIL, COL_PRIVATE_MAIL},
    {MF_WORKPLACE, COL_WORKPLACE}, {MF_DUTIES, COL_DUTIES}, {MF_SNS, COL_SNS}, {MF_BIRTHDAY, COL_BIRTHDAY},
    {MF_JOIN_DATE, COL_JOIN_DATE}, {MF_RELATED_CONTACT, COL_RELATED_CONTACT},
};

static void read_texts(struct planner *p, struct member *m)
{
    for (size_t i = 0; i < COUNT(texts); i++)
        *org_field_text(m, texts[i].field) = cell(p, texts[i].column);
    m->language = read_language(p);
    m->phone = read_phone(p, COL_PHONE);
    m->mobile = read_phone(p, COL_MOBILE);
    m->birthday = read_date(p, COL_BIRTHDAY);
    m->join_date = read_date(p, COL_JOIN_DATE);
    for (size_t i = 0; i < COUNT(texts); i++)
        check_text(p, m, texts[i].field, texts[i].column);
}

static void read_start(struct planner *p, struct member *m)
{
    sv day = read_date(p, COL_START);

    if (day.n && !org_day_read(p->x, "start", day, &m->start_ms)) {
        failure_clear(&p->x->failure);
        complain(p, COL_START, IMP_DATE);
    }
}

/* The label of that name; ID_NONE after a complaint, or for an empty cell. */
static id64 read_label(struct planner *p, enum member_column c, int64_t kind, enum member_field f, enum import_code code)
{
    sv name = cell(p, c);

    if (!name.n)
        return ID_NONE;
    if (org_field_use(p->x, f) == USE_NONE) {
        complain(p, c, IMP_UNUSED);
        return ID_NONE;
    }
    for (size_t i = 0; i < p->labels.n; i++)
        if (p->labels.v[i].kind == kind && sv_equal(p->labels.v[i].name, name))
            return p->labels.v[i].id;
    complain(p, c, code);
    return ID_NONE;
}

/* By its code, else by its name when only one unit has it. */
static id64 read_unit(struct planner *p, enum member_column c)
{
    sv name = cell(p, c);
    id64 found = ID_NONE;
    size_t n = 0;

    for (size_t i = 0; name.n && i < p->units.n; i++) {
        const struct import_name *u = &p->units.v[i];
        if (sv_equal(u->code, name))
            return u->id;
        if (sv_equal(u->name, name)) {
            found = u->id;
            n++;
        }
    }
    if (name.n && n != 1)
        complain(p, c, n ? IMP_UNIT_AMBIGUOUS : IMP_UNIT);
    return n == 1 ? found : ID_NONE;
}

static void read_posts(struct planner *p, struct import_person *who)
{
    static const enum member_column cols[IMPORT_POSTS][2] = {
        {COL_UNIT, COL_TITLE}, {COL_UNIT2, COL_TITLE2}, {COL_UNIT3, COL_TITLE3},
    };

    for (size_t i = 0; i < IMPORT_POSTS; i++) {
        id64 unit = read_unit(p, cols[i][0]);
        id64 title = read_label(p, cols[i][1], KIND_TITLE, MF_TITLE, IMP_TITLE);

        if (!unit.n && title.n && !cell(p, cols[i][0]).n)
            complain(p, cols[i][1], IMP_TITLE_ALONE);
        for (size_t k = 0; unit.n && k < who->n_posts; k++)
            if (who->posts[k].unit.n == unit.n) {
                complain(p, cols[i][0], IMP_UNIT_TWICE);
                unit = ID_NONE;
            }
        if (unit.n)
            who->posts[who->n_posts++] = (struct import_post){unit, title};
    }
}

/* What the store knows already. */
static void read_taken(struct planner *p, struct member *m)
{
    if (p->bad || org_member_check(p->x, m))
        return;
    enum err code = p->x->failure.code;
    if (code != E_INVALID_VALUE && code != E_LOGIN_TAKEN && code != E_NUMBER_TAKEN)
        return;                                           /* the store failed: the plan does */
    failure_clear(&p->x->failure);
    if (code == E_NUMBER_TAKEN)
        complain(p, COL_EMPLOYEE_NUMBER, IMP_NUMBER_TAKEN);
    else
        complain(p, COL_LOGIN, code == E_LOGIN_TAKEN ? IMP_LOGIN_TAKEN : IMP_LOGIN_FORM);
}

static void read_row(struct planner *p)
{
    struct import_person who = {.m = {.role = ROLE_MEMBER}};

    p->bad = false;
    if (p->out->csv.rows.v[p->row].extra)
        complain(p, COL_COUNT, IMP_EXTRA);
    who.m.login = p->logins[p->row] = read_login(p);
    p->numbers[p->row] = cell(p, COL_EMPLOYEE_NUMBER);
    if (!who.m.login.n && !p->bad)
        complain(p, COL_LOGIN, IMP_NEED);
    else if (!p->bad && !org_login_check(p->x, who.m.login)) {
        failure_clear(&p->x->failure);
        complain(p, COL_LOGIN, IMP_LOGIN_FORM);
    }
    read_texts(p, &who.m);
    read_start(p, &who.m);
    who.m.grade = read_label(p, COL_GRADE, KIND_GRADE, MF_GRADE, IMP_GRADE);
    who.m.permtype = read_label(p, COL_PERMTYPE, KIND_PERMTYPE, MF_PERMTYPE, IMP_PERMTYPE);
    read_posts(p, &who);
    read_taken(p, &who.m);
    if (!p->bad)
        *PUSH(p->x->arena, &p->out->people) = who;
}

struct keyed {
    sv key;
    size_t row;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int c = sv_compare(x->key, y->key);

    return c ? c : (x->row > y->row) - (x->row < y->row);
}

/* Lines that say the same where nobody may: the later one is told. */
static void find_twins(struct planner *p, const sv *keys, enum member_column c, enum import_code code)
{
    size_t n = p->out->csv.rows.n;
    struct keyed *v = ANEWN(p->x->arena, struct keyed, n);

    for (size_t i = 0; i < n; i++)
        v[i] = (struct keyed){keys[i], i};
    qsort(v, n, sizeof(*v), by_key);
    for (size_t i = 1; i < n; i++)
        if (v[i].key.n && sv_equal(v[i].key, v[i - 1].key)) {
            p->row = v[i].row;
            complain(p, c, code);
        }
}

static const struct import_mend *mend_of(const struct import_mend *mends, size_t n, int64_t line)
{
    for (size_t i = 0; i < n; i++)
        if (mends[i].line == line)
            return &mends[i];
    return NULL;
}

/* The cells as they were mended; lines that are left out go. A line that is not in the file is a client's slip. */
static bool apply_mends(struct ctx *x, const struct import_mend *mends, size_t n, struct import_plan *out)
{
    size_t kept = 0, used = 0;

    for (size_t i = 0; i < out->csv.rows.n; i++) {
        struct member_csv_row row = out->csv.rows.v[i];
        const struct import_mend *m = mend_of(mends, n, row.line);

        used += m != NULL;
        if (m && m->drop) {
            out->dropped++;
            continue;
        }
        if (m && m->n != out->csv.columns)
            return fail_field(&x->failure, "mended", "another number of cells");
        if (m) {
            row.cells = ANEWN(x->arena, sv, m->n);
            for (size_t k = 0; k < m->n; k++)
                row.cells[k] = m->cells[k];
            row.extra = 0;
        }
        out->csv.rows.v[kept++] = row;
    }
    out->csv.rows.n = kept;
    return used == n ? true : fail_field(&x->failure, "mended", "no such line, or one twice");
}

bool member_import_plan(struct ctx *x, id64 id, const struct import_mend *mends, size_t n, struct import_plan *out)
{
    struct planner p = {.x = x, .out = out};
    struct import_file f;
    sv bytes;

    *out = (struct import_plan){0};
    if (!find(x, id, &f))
        return false;
    if (f.state != IMPORT_OPEN || f.size != f.expected)
        return fail(&x->failure, E_CONFLICT, "it was run already, or parts are missing");
    if (!member_import_sql_bytes(x, &f, &bytes))
        return false;
    out->name = f.name;
    out->hash = sha256(bytes);
    if (member_csv_rows(bytes) > MEMBER_CSV_ROWS)
        return fail(&x->failure, E_TOO_LARGE, "more than %d rows", MEMBER_CSV_ROWS);
    if (!member_csv_read(x->arena, bytes, &out->csv))
        return true;                                      /* the file's problem is the answer */
    if (out->csv.rows.n > MEMBER_CSV_ROWS)
        return fail(&x->failure, E_TOO_LARGE, "more than %d rows", MEMBER_CSV_ROWS);
    if (!apply_mends(x, mends, n, out) || !member_import_sql_units(x, &p.units) || !member_import_sql_labels(x, &p.labels))
        return false;
    p.logins = ANEWN(x->arena, sv, out->csv.rows.n);
    p.numbers = ANEWN(x->arena, sv, out->csv.rows.n);
    for (p.row = 0; x->failure.code == E_NONE && p.row < out->csv.rows.n; p.row++)
        read_row(&p);
    find_twins(&p, p.logins, COL_LOGIN, IMP_LOGIN_TWICE);
    find_twins(&p, p.numbers, COL_EMPLOYEE_NUMBER, IMP_NUMBER_TWICE);
    return x->failure.code == E_NONE;
}

/* ---- the run ---- */

static bool seats(struct ctx *x, const struct import_plan *p)
{
    int64_t now = 0, later = 0;

    for (size_t i = 0; i < p->people.n; i++)
        if (p->people.v[i].m.start_ms > x->now_ms)
            later++;
        else
            now++;
    return org_seats_for(x, now, later);
}

static bool put_person(struct ctx *x, id64 import, struct import_person *who)
{
    bool ok = org_member_put(x, &who->m) && member_import_sql_mark(x, who->m.id, import);

    for (size_t i = 0; ok && i < who->n_posts; i++)
        ok = member_import_sql_post(x, who->m.id, &who->posts[i], i == 0);
    return ok;
}

static const struct import_name *unit_of(const struct import_names *units, id64 id)
{
    for (size_t i = 0; i < units->n; i++)
        if (units->v[i].id.n == id.n)
            return &units->v[i];
    return NULL;
}

/* The unit and those above it, each once. */
static void mark_changed(struct ctx *x, const struct import_names *units, id64 id, struct id_list *changed)
{
    for (const struct import_name *u = unit_of(units, id); u; u = unit_of(units, u->parent)) {
        for (size_t i = 0; i < changed->n; i++)
            if (changed->v[i].n == u->id.n)
                return;                                   /* and so are those above */
        *PUSH(x->arena, changed) = u->id;
    }
}

bool member_import_run(struct ctx *x, id64 id, struct import_plan *p, struct id_list *changed)
{
    struct import_names units = {0};

    if (p->csv.problem != CSV_NONE || p->error_count || p->people.n == 0)
        return fail_count(&x->failure, E_IMPORT_ERRORS, (int64_t)p->error_count, "%zu errors", p->error_count);
    if (!seats(x, p) || !member_import_sql_units(x, &units))
        return false;
    for (size_t i = 0; i < p->people.n; i++) {
        if (!put_person(x, id, &p->people.v[i]))
            return false;
        for (size_t k = 0; k < p->people.v[i].n_posts; k++)
            mark_changed(x, &units, p->people.v[i].posts[k].unit, changed);
    }
    return member_import_sql_done(x, id, (int64_t)p->people.n, sv_n(p->hash.b, sizeof(p->hash.b)));
}

bool member_import_people(struct ctx *x, id64 id, id64 after, int64_t limit, struct members *out, bool *more)
{
    struct member from = {0};

    if (after.n && !org_member_find(x, after, &from))
        return false;
    if (!member_import_sql_people(x, id, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}
