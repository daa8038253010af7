/* svc/org/org_field.c: the table of a member's fields and what follows from it. */
#include "svc/org/org_field.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "core/policy.h"
#include "svc/org/org.h"

#define AT(m) offsetof(struct member, m)

enum form { FORM_NAME, FORM_OPTIONAL, FORM_PHONE, FORM_MAIL, FORM_DATE, FORM_PAST_DATE, FORM_LANGUAGE, FORM_NONE };
enum kept { OPEN, SEALED_, ELSEWHERE };                   /* a column of its own; the sealed profile; another table */

static const struct field_def {
    const char *name;
    size_t at;
    enum form form;
    int64_t max;                                          /* characters */
    enum kept kept;
    bool ruled;                                           /* stands in member.field.editable */
    const char *shown_by;                                 /* the address book's own setting, instead of the set */
} defs[MEMBER_FIELDS] = {
    [MF_FAMILY] = {"family", AT(family), FORM_NAME, 80, OPEN, false, NULL},
    [MF_GIVEN] = {"given", AT(given), FORM_NAME, 80, OPEN, false, NULL},
    [MF_FAMILY_READING] = {"family_reading", AT(family_reading), FORM_OPTIONAL, 80, OPEN, false, NULL},
    [MF_GIVEN_READING] = {"given_reading", AT(given_reading), FORM_OPTIONAL, 80, OPEN, false, NULL},
    [MF_NICKNAME] = {"nickname", AT(nickname), FORM_OPTIONAL, 80, OPEN, true, NULL},
    [MF_EMPLOYEE_NUMBER] = {"employee_number", AT(employee_number), FORM_OPTIONAL, 40, OPEN, true, NULL},
    [MF_LANGUAGE] = {"language", AT(language), FORM_LANGUAGE, 2, OPEN, true, NULL},
    [MF_PHONE] = {"phone", AT(phone), FORM_PHONE, 16, SEALED_, true, NULL},
    [MF_MOBILE] = {"mobile", AT(mobile), FORM_PHONE, 16, SEALED_, true, "addressbook.member.show_mobile"},
    [MF_PRIVATE_MAIL] = {"private_mail", AT(private_mail), FORM_MAIL, 254, SEALED_, true,
                         "addressbook.member.show_private_mail"},
    [MF_WORKPLACE] = {"workplace", AT(workplace), FORM_OPTIONAL, 200, SEALED_, true, NULL},
    [MF_DUTIES] = {"duties", AT(duties), FORM_OPTIONAL, 200, SEALED_, true, NULL},
    [MF_SNS] = {"sns", AT(sns), FORM_OPTIONAL, 200, SEALED_, true, NULL},
    [MF_BIRTHDAY] = {"birthday", AT(birthday), FORM_PAST_DATE, 10, SEALED_, true, "addressbook.member.show_birthday"},
    [MF_JOIN_DATE] = {"join_date", AT(join_date), FORM_DATE, 10, SEALED_, true, "addressbook.member.show_join_date"},
    [MF_RELATED_CONTACT] = {"related_contact", AT(related_contact), FORM_OPTIONAL, 200, SEALED_, true, NULL},
    [MF_GRADE] = {"grade", AT(grade), FORM_NONE, 0, ELSEWHERE, false, NULL},
    [MF_PERMTYPE] = {"permtype", AT(permtype), FORM_NONE, 0, ELSEWHERE, false, NULL},
    [MF_PHOTO] = {"photo", 0, FORM_NONE, 0, ELSEWHERE, true, NULL},
    [MF_UNIT] = {"unit", 0, FORM_NONE, 0, ELSEWHERE, false, NULL},
    [MF_TITLE] = {"title", 0, FORM_NONE, 0, ELSEWHERE, false, NULL},
};

const char *org_field_name(enum member_field f)
{
    return defs[f].name;
}

bool org_field_find(sv name, enum member_field *f)
{
    for (unsigned i = 0; i < MEMBER_FIELDS; i++)
        if (sv_equal(name, sv_c(defs[i].name))) {
            *f = (enum member_field)i;
            return true;
        }
    return false;
}

sv *org_field_text(struct member *m, enum member_field f)
{
    ENSURE((MF_TEXTS >> f & 1) != 0);
    return (sv *)(void *)((char *)m + defs[f].at);
}

enum field_use org_field_use(const struct ctx *x, enum member_field f)
{
    sv rest = policy_text(x->policy, "member.field.editable"), part, name, use = SV("admin");

    if (f == MF_GRADE)
        return policy_bool(x->policy, "member.grade.enabled") ? USE_ADMIN : USE_NONE;
    if (f == MF_PERMTYPE)
        return policy_bool(x->policy, "member.permtype.enabled") ? USE_ADMIN : USE_NONE;
    if (f == MF_TITLE)
        return policy_bool(x->policy, "member.title.enabled") ? USE_ADMIN : USE_NONE;
    if (!defs[f].ruled)
        return USE_ADMIN;
    while (sv_cut(&rest, ',', &part)) {
        sv value = part;
        if (!sv_cut(&value, ':', &name))
            continue;
        if (sv_equal(name, sv_c(defs[f].name))) {
            use = value;
            break;
        }
        if (sv_equal(name, SV("*")))
            use = value;
    }
    return sv_equal(use, SV("unused")) ? USE_NONE : sv_equal(use, SV("member")) ? USE_MEMBER : USE_ADMIN;
}

bool org_fields_may(struct ctx *x, field_mask fields, bool own)
{
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if ((fields >> f & 1) && org_field_use(x, (enum member_field)f) < (own ? USE_MEMBER : USE_ADMIN))
            return fail(&x->failure, E_DENIED, "field %s is not for this person to fill", defs[f].name);
    return true;
}

static bool in_set(sv set, sv name)
{
    sv part;

    while (sv_cut(&set, '|', &part))
        if (sv_equal(part, name))
            return true;
    return false;
}

bool org_field_visible(const struct ctx *x, enum member_field f)
{
    if (f <= MF_GIVEN_READING)
        return true;                                      /* a colleague without a name could not be spoken to */
    if (f == MF_PERMTYPE || org_field_use(x, f) == USE_NONE)
        return false;
    if (defs[f].shown_by)
        return policy_bool(x->policy, defs[f].shown_by);
    return in_set(policy_text(x->policy, "member.field.visible"), sv_c(defs[f].name));
}

static void blank(struct member *m, enum member_field f)
{
    if (MF_TEXTS >> f & 1)
        *org_field_text(m, f) = SV("");
    if (f == MF_GRADE)
        m->grade = ID_NONE;
    if (f == MF_PERMTYPE)
        m->permtype = ID_NONE;
    if (f == MF_PHOTO)
        m->photo_ms = 0;
}

void org_member_mask(const struct ctx *x, struct member *m)
{
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (!org_field_visible(x, (enum member_field)f))
            blank(m, (enum member_field)f);
    if (m->birthday.n == 10)
        m->birthday = sv_from(m->birthday, 5);            /* "MM-DD": the year is nobody's matter */
}

void org_member_used(const struct ctx *x, struct member *m)
{
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (org_field_use(x, (enum member_field)f) == USE_NONE)
            blank(m, (enum member_field)f);
}

/* E.164: a plus and 2 … 15 digits, the first not 0. */
static bool is_phone(sv v)
{
    bool ok = v.n >= 3 && v.n <= 16 && v.p[0] == '+' && v.p[1] != '0';

    for (size_t i = 1; ok && i < v.n; i++)
        ok = v.p[i] >= '0' && v.p[i] <= '9';
    return ok;
}

static bool is_atext(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           sv_find(SV("!#$%&'*+-/=?^_`{|}~"), sv_n(&c, 1), NULL);
}

/* "a.b", or between quotation marks any printable, with a backslash before a mark or backslash. */
static bool is_local_part(sv v)
{
    bool dot = true;                                      /* as if one stood before the first character */

    if (v.n < 1 || v.n > 64)
        return false;
    if (v.p[0] != '"') {
        for (size_t i = 0; i < v.n; i++) {
            if (v.p[i] == '.' ? dot : !is_atext(v.p[i]))
                return false;
            dot = v.p[i] == '.';
        }
        return !dot;
    }
    if (v.n < 2 || v.p[v.n - 1] != '"')
        return false;
    for (size_t i = 1; i < v.n - 1; i++) {
        if (v.p[i] == '\\' && ++i == v.n - 1)
            return false;
        if (v.p[i] < ' ' || v.p[i] > '~' || (v.p[i] == '"' && v.p[i - 1] != '\\'))
            return false;
    }
    return true;
}

static bool is_domain(sv v)
{
    sv label;

    if (v.n < 1 || v.n > 253 || v.p[v.n - 1] == '.')
        return false;
    while (sv_cut(&v, '.', &label)) {
        if (label.n < 1 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (label.p[i] != '-' && (!is_atext(label.p[i]) || !sv_find(SV("abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), sv_n(&label.p[i], 1), NULL)))
                return false;
    }
    return true;
}

/* A mailbox of RFC 5321 with a domain's name; an address between brackets is nobody's private mail. */
static bool is_mail(sv v)
{
    size_t at = v.n;

    while (at > 0 && v.p[at - 1] != '@')
        at--;
    return v.n <= 254 && at > 1 && is_local_part(sv_upto(v, at - 1)) && is_domain(sv_from(v, at));
}

static bool is_date(struct ctx *x, sv v, bool past)
{
    int64_t day;

    return date_parse(v, &day) && (!past || day <= org_today(x));
}

static bool form_holds(struct ctx *x, enum member_field f, enum form form, sv v)
{
    switch (form) {
    case FORM_NAME:
        return v.n > 0 || (f == MF_GIVEN && x->actor.operator);   /* who has one name only is added by the operator */
    case FORM_PHONE:
        return v.n == 0 || is_phone(v);
    case FORM_MAIL:
        return v.n == 0 || is_mail(v);
    case FORM_DATE:
    case FORM_PAST_DATE:
        return v.n == 0 || is_date(x, v, form == FORM_PAST_DATE);
    case FORM_LANGUAGE:
        return sv_equal(v, SV("ja")) || sv_equal(v, SV("en"));
    case FORM_OPTIONAL:
    case FORM_NONE:
        break;
    }
    return true;
}

bool org_field_check(struct ctx *x, enum member_field f, sv *value)
{
    const struct field_def *d = &defs[f];

    *value = text_trim(*value);
    if (!text_plain(*value))
        return fail_field(&x->failure, d->name, "a control character");
    if ((int64_t)utf8_count(*value) > d->max)
        return fail_field(&x->failure, d->name, "longer than %" PRId64, d->max);
    if (!form_holds(x, f, d->form, *value))
        return fail_field(&x->failure, d->name, "not of its form");
    return true;
}

sv org_fields_detail(struct ctx *x, field_mask fields, sv start)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);

    json_open(&j, NULL);
    json_list(&j, "fields");
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (fields >> f & 1)
            json_text(&j, NULL, sv_c(defs[f].name));
    json_list_end(&j);
    if (start.n)
        json_text(&j, "start", start);
    json_close(&j);
    return str_sv(&s);
}

sv org_profile_write(struct ctx *x, struct member *m)
{
    struct str s = STR_IN(x->arena);
    struct json j = JSON_TO(&s);
    bool any = false;

    json_open(&j, NULL);
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (defs[f].kept == SEALED_ && org_field_text(m, (enum member_field)f)->n) {
            json_text(&j, defs[f].name, *org_field_text(m, (enum member_field)f));
            any = true;
        }
    json_close(&j);
    return any ? str_sv(&s) : SV("");
}

void org_profile_read(struct ctx *x, sv json, struct member *m)
{
    struct json_value v;

    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (defs[f].kept == SEALED_)
            *org_field_text(m, (enum member_field)f) = SV("");
    if (!json.n || !json_read(x->arena, json, &v, NULL))
        return;
    for (const struct json_value *c = v.child; c; c = c->next) {
        enum member_field f;
        if (c->type == JSON_TEXT && org_field_find(c->name, &f) && defs[f].kept == SEALED_)
            *org_field_text(m, f) = c->text;
    }
}

/* One line an open field, so that a search can leave some out: the ID, then the fields in the order of their numbers. A
 * given name stands behind the family name: 森真由 is found as one word too. */
sv org_folded(struct ctx *x, const struct member *m)
{
    const sv lines[][2] = {
        {m->login, SV("")},          {m->family, SV("")},
        {m->family, m->given},       {m->family_reading, SV("")},
        {m->family_reading, m->given_reading}, {m->nickname, SV("")},
        {m->employee_number, SV("")},
    };
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < COUNT(lines); i++) {
        str_put(&s, fold(x->arena, lines[i][0]));
        str_put(&s, fold(x->arena, lines[i][1]));
        str_char(&s, '\n');
    }
    return str_sv(&s);
}

void org_match_begin(struct ctx *x, sv q, bool colleague, struct member_match *out)
{
    VEC(sv) words = {0};
    sv word;

    while (words.n < 64 && text_word(&q, &word))
        *PUSH(x->arena, &words) = fold(x->arena, word);
    *out = (struct member_match){.words = words.v, .n = words.n, .login = !colleague};
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if (colleague ? org_field_visible(x, (enum member_field)f) : org_field_use(x, (enum member_field)f) != USE_NONE)
            out->fields |= (field_mask)1 << f;
}

/* "090-1234" is a part of "+81901234…": signs between the digits and the leading zero do not count. */
static sv phone_digits(struct ctx *x, sv word)
{
    struct str s = STR_IN(x->arena);

    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (c >= '0' && c <= '9')
            str_char(&s, c);
        else if (c != '-' && c != '(' && c != ')' && c != '+')
            return SV("");
    }
    sv d = str_sv(&s);
    return d.n > 3 ? sv_from(d, d.p[0] == '0') : SV("");
}

/* Takes from `left` the words that stand in `text`. */
static void strike(struct ctx *x, const struct member_match *m, sv text, bool phone, uint64_t *left)
{
    for (size_t i = 0; i < m->n; i++) {
        sv digits = phone && (*left >> i & 1) ? phone_digits(x, m->words[i]) : SV("");
        if (sv_find(text, m->words[i], NULL) || (digits.n && sv_find(text, digits, NULL)))
            *left &= ~((uint64_t)1 << i);
    }
}

bool org_match(struct ctx *x, const struct member_match *m, sv folded, sv profile)
{
    uint64_t left = m->n ? UINT64_MAX >> (64 - m->n) : 0;
    struct json_value v;
    sv line;

    for (unsigned i = 0; left && sv_cut(&folded, '\n', &line); i++)
        if (i == 0 ? m->login : (m->fields >> (i - 1) & 1) != 0)
            strike(x, m, line, false, &left);
    if (!left || !profile.n || !json_read(x->arena, profile, &v, NULL))
        return left == 0;
    for (const struct json_value *c = v.child; left && c; c = c->next) {
        enum member_field f;
        if (c->type != JSON_TEXT || !org_field_find(c->name, &f) || !(m->fields >> f & 1))
            continue;
        sv text = c->text;
        if (f == MF_BIRTHDAY && !m->login && text.n == 10)
            text = sv_from(text, 5);                      /* colleagues see no year: neither do they find one */
        strike(x, m, fold(x->arena, text), f == MF_PHONE || f == MF_MOBILE, &left);
    }
    return left == 0;
}
