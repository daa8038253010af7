/* svc/org/member_csv.c: bytes to text, text to cells, titles to columns. */
#include "svc/org/member_csv.h"
#include "base/cp932.h"
#include "base/fold.h"
#include "base/utf8.h"

static const struct column_def defs[COL_COUNT] = {
    [COL_LOGIN] = {"login", "Engawa ID", "Engawa ID", "ID|ログインID|ユーザーID|login"},
    [COL_FAMILY] = {"family", "姓", "Family name", "氏|苗字|名字|last name|family"},
    [COL_GIVEN] = {"given", "名", "Given name", "名前|first name|given"},
    [COL_FAMILY_READING] = {"family_reading", "姓 (読み)", "Family name (reading)", "せい|姓読み|姓よみ|姓ふりがな|family_reading"},
    [COL_GIVEN_READING] = {"given_reading", "名 (読み)", "Given name (reading)", "めい|名読み|名よみ|名ふりがな|given_reading"},
    [COL_NICKNAME] = {"nickname", "ニックネーム", "Nickname", "表示名"},
    [COL_EMPLOYEE_NUMBER] = {"employee_number", "社員番号", "Employee number", "従業員番号|社員コード|employee_number"},
    [COL_LANGUAGE] = {"language", "使用言語", "Language", "言語"},
    [COL_PHONE] = {"phone", "電話", "Phone", "電話番号|会社電話"},
    [COL_MOBILE] = {"mobile", "携帯電話", "Mobile phone", "携帯|携帯番号|携帯電話番号|mobile"},
    [COL_PRIVATE_MAIL] = {"private_mail", "個人メール", "Private mail", "個人メールアドレス|private_mail"},
    [COL_WORKPLACE] = {"workplace", "勤務先", "Workplace", "勤務地"},
    [COL_DUTIES] = {"duties", "担当業務", "Duties", "担当"},
    [COL_SNS] = {"sns", "SNS", "SNS", ""},
    [COL_BIRTHDAY] = {"birthday", "誕生日", "Birthday", "生年月日"},
    [COL_JOIN_DATE] = {"join_date", "入社日", "Join date", "入社年月日|join_date"},
    [COL_RELATED_CONTACT] = {"related_contact", "関連連絡先", "Related contact", "緊急連絡先|related_contact"},
    [COL_GRADE] = {"grade", "職級", "Grade", ""},
    [COL_PERMTYPE] = {"permtype", "利用権限タイプ", "Permission type", "permtype"},
    [COL_START] = {"start", "利用開始日", "Start date", "start"},
    [COL_UNIT] = {"unit", "組織", "Org unit", "所属|部署|主組織|unit|組織1"},
    [COL_TITLE] = {"title", "役職", "Title", "役職1"},
    [COL_UNIT2] = {"unit2", "組織2", "Org unit 2", "兼務組織|unit2"},
    [COL_TITLE2] = {"title2", "役職2", "Title 2", "兼務役職"},
    [COL_UNIT3] = {"unit3", "組織3", "Org unit 3", ""},
    [COL_TITLE3] = {"title3", "役職3", "Title 3", ""},
};

const struct column_def *member_column(enum member_column c)
{
    return &defs[c];
}

const char *csv_problem_name(enum csv_problem p)
{
    static const char *const names[CSV_PROBLEMS] = {
        "", "empty", "encoding", "quote", "unknown_column", "column_twice", "role_column", "no_login", "no_name",
    };

    return names[p];
}

/* ---- text ---- */

static bool to_text(struct arena *a, sv file, struct member_csv *out, sv *text)
{
    struct str s = STR_IN(a);

    if (sv_starts(file, SV("\xEF\xBB\xBF")))
        file = sv_from(file, 3);
    *text = file;
    if (utf8_valid(file))
        return true;
    out->shift_jis = true;
    if (!cp932_read(file, &s))
        return false;
    *text = str_sv(&s);
    return true;
}

/* ---- cells ---- */

struct reader {
    struct arena *a;
    sv text;
    size_t at;
    int64_t line;
};

static bool ends_line(struct reader *r)
{
    return r->at >= r->text.n || r->text.p[r->at] == '\n' || r->text.p[r->at] == '\r';
}

/* Behind LF, CR or CR LF. */
static void next_line(struct reader *r)
{
    if (r->at < r->text.n && r->text.p[r->at] == '\r')
        r->at++;
    else
        r->at += r->at < r->text.n;
    if (r->at < r->text.n && r->text.p[r->at] == '\n' && r->text.p[r->at - 1] == '\r')
        r->at++;
    r->line++;
}

/* From behind the opening quote to behind the closing one; a doubled quote stands for one. */
static bool quoted(struct reader *r, sv *cell)
{
    struct str s = STR_IN(r->a);

    for (; r->at < r->text.n; r->at++) {
        char c = r->text.p[r->at];
        if (c == '"' && !(r->at + 1 < r->text.n && r->text.p[r->at + 1] == '"')) {
            r->at++;
            *cell = str_sv(&s);
            return ends_line(r) || r->text.p[r->at] == ',';
        }
        if (c == '"')
            r->at++;
        r->line += c == '\n' || (c == '\r' && !(r->at + 1 < r->text.n && r->text.p[r->at + 1] == '\n'));
        str_char(&s, c);
    }
    return false;
}

static bool read_cell(struct reader *r, sv *cell)
{
    size_t from = r->at;

    if (r->at < r->text.n && r->text.p[r->at] == '"') {
        r->at++;
        return quoted(r, cell);
    }
    while (!ends_line(r) && r->text.p[r->at] != ',')
        r->at++;
    *cell = (sv){r->text.p + from, r->at - from};
    return true;
}

struct cells {
    sv *v;
    size_t n, cap;
};

/* One record and the end of its line. False: a quote is wrong. */
static bool read_record(struct reader *r, struct cells *out)
{
    out->n = 0;
    for (;;) {
        sv *cell = PUSH(r->a, out);
        if (!read_cell(r, cell))
            return false;
        *cell = sv_trim(*cell);
        if (ends_line(r))
            break;
        r->at++;                                          /* the comma */
    }
    next_line(r);
    return true;
}

static bool blank(const struct cells *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].n)
            return false;
    return true;
}

/* ---- titles ---- */

/* Without width, case, kana, blanks and parentheses. */
static sv plain_title(struct arena *a, sv title)
{
    struct str s = STR_IN(a);
    sv f = fold(a, title);

    for (size_t i = 0; i < f.n; i++)
        if (f.p[i] != '(' && f.p[i] != ')')
            str_char(&s, f.p[i]);
    return str_sv(&s);
}

static bool names_column(struct arena *a, sv title, const struct column_def *d)
{
    sv rest = sv_c(d->also), part;

    if (sv_equal(title, plain_title(a, sv_c(d->ja))) || sv_equal(title, plain_title(a, sv_c(d->en))) ||
        sv_equal(title, plain_title(a, sv_c(d->id))))
        return true;
    while (sv_cut(&rest, '|', &part))
        if (part.n && sv_equal(title, plain_title(a, part)))
            return true;
    return false;
}

static bool gives_rights(struct arena *a, sv title)
{
    static const char *const roles[] = {"role", "権限", "管理者権限", "管理者", "admin", "admin role", "ロール"};

    for (size_t i = 0; i < COUNT(roles); i++)
        if (sv_equal(title, plain_title(a, sv_c(roles[i]))))
            return true;
    return false;
}

static bool problem(struct member_csv *out, enum csv_problem p, int64_t line, sv title)
{
    out->problem = p;
    out->problem_line = line;
    out->problem_title = title;
    return false;
}

static bool read_title(struct arena *a, struct member_csv *out, int64_t line, sv title)
{
    sv plain = plain_title(a, title);
    unsigned c = 0;

    if (out->columns == MEMBER_CSV_COLUMNS)
        return problem(out, CSV_UNKNOWN_COLUMN, line, title);
    while (c < COL_COUNT && !names_column(a, plain, &defs[c]))
        c++;
    if (c == COL_COUNT)
        return problem(out, gives_rights(a, plain) ? CSV_ROLE_COLUMN : CSV_UNKNOWN_COLUMN, line, title);
    for (size_t i = 0; i < out->columns; i++)
        if (out->column[i] == c)
            return problem(out, CSV_TWICE, line, title);
    out->title[out->columns] = title;
    out->column[out->columns++] = (enum member_column)c;
    return true;
}

static bool has(const struct member_csv *m, enum member_column c)
{
    for (size_t i = 0; i < m->columns; i++)
        if (m->column[i] == c)
            return true;
    return false;
}

/* Empty cells at the end of the line of titles are what spreadsheets leave behind: they are no columns. */
static bool read_titles(struct reader *r, struct member_csv *out)
{
    struct cells c = {0};
    int64_t line = 0;

    do {
        if (r->at >= r->text.n)
            return problem(out, CSV_EMPTY, 0, SV_NONE);
        line = r->line;
        if (!read_record(r, &c))
            return problem(out, CSV_QUOTE, line, SV_NONE);
    } while (blank(&c));
    while (c.v[c.n - 1].n == 0)
        c.n--;
    for (size_t i = 0; i < c.n; i++)
        if (!read_title(r->a, out, line, c.v[i]))
            return false;
    if (!has(out, COL_LOGIN))
        return problem(out, CSV_NO_LOGIN, line, SV_NONE);
    return has(out, COL_FAMILY) ? true : problem(out, CSV_NO_NAME, line, SV_NONE);
}

/* ---- the whole ---- */

size_t member_csv_rows(sv file)
{
    bool quote = false, any = false;
    size_t n = 0;

    for (size_t i = 0; i < file.n; i++) {
        char c = file.p[i];
        quote ^= c == '"';
        if (!quote && (c == '\n' || c == '\r')) {
            n += any;
            any = false;
        } else if (c != ' ' && c != '\t' && c != ',' && c != '"') {
            any = true;
        }
    }
    n += any;
    return n ? n - 1 : 0;
}

bool member_csv_read(struct arena *a, sv file, struct member_csv *out)
{
    struct reader r = {.a = a, .line = 1};

    *out = (struct member_csv){0};
    if (!to_text(a, file, out, &r.text))
        return problem(out, CSV_ENCODING, 0, SV_NONE);
    if (!read_titles(&r, out))
        return false;
    while (r.at < r.text.n) {
        struct cells c = {0};
        int64_t line = r.line;

        if (!read_record(&r, &c))
            return problem(out, CSV_QUOTE, line, SV_NONE);
        if (blank(&c))
            continue;
        size_t extra = 0;
        while (c.n > out->columns)
            extra += c.v[--c.n].n > 0;
        while (c.n < out->columns)
            *PUSH(a, &c) = SV("");
        *PUSH(a, &out->rows) = (struct member_csv_row){.line = line, .cells = c.v, .extra = extra};
    }
    return out->rows.n ? true : problem(out, CSV_EMPTY, 0, SV_NONE);
}

sv member_csv_cell(const struct member_csv *m, const struct member_csv_row *row, enum member_column c)
{
    for (size_t i = 0; i < m->columns; i++)
        if (m->column[i] == c)
            return row->cells[i];
    return SV("");
}

sv member_csv_template(struct arena *a, bool english)
{
    static const char *const ja[COL_COUNT] = {
        [COL_LOGIN] = "m.mori", [COL_FAMILY] = "森下", [COL_GIVEN] = "真由", [COL_FAMILY_READING] = "もりした",
        [COL_GIVEN_READING] = "まゆ", [COL_LANGUAGE] = "ja",
    };
    static const char *const en[COL_COUNT] = {
        [COL_LOGIN] = "a.smith", [COL_FAMILY] = "Smith", [COL_GIVEN] = "Anna", [COL_LANGUAGE] = "en",
    };
    const char *const *example = english ? en : ja;
    struct str s = STR_IN(a);

    str_c(&s, "\xEF\xBB\xBF");
    for (unsigned c = 0; c < COL_COUNT; c++)
        str_printf(&s, "%s%s", c ? "," : "", english ? defs[c].en : defs[c].ja);
    str_c(&s, "\r\n");
    for (unsigned c = 0; c < COL_COUNT; c++)
        str_printf(&s, "%s%s", c ? "," : "", example[c] ? example[c] : "");
    str_c(&s, "\r\n");
    return str_sv(&s);
}
