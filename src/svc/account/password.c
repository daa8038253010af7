/* svc/account/password.c: which passwords the settings allow, and making one that they do.
 * Refused beside length and format: what is made of at most two listed words or words of one's own (name, login, mail,
 * company), with any digits and signs around them; a repeated piece; a run of neighbours; a number of one's own. Width, case,
 * kana and the usual digits for letters make no difference. */
#include "base/json.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "core/tenant.h"
#include "svc/account/account_sql.h"

#include <string.h>

#define PASSWORD_MOST     1024                            /* bytes; no setting allows so many characters */
#define SOLE_FACTOR_MIN   15                              /* characters, where the password may stand alone */
#define WORDS_FEW         2
#define FAR               1000

static const char common[][20] = {
#include "svc/account/common.inc"
};

/* What is compared: lower case, ASCII width, hiragana. `letters` has letters for the digits that stand for them; both have
 * the same length. */
struct folded {
    sv plain, letters;
};

struct words {
    struct folded *v;
    size_t n, cap;
};

static uint32_t fold_char(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= 0x30A1 && c <= 0x30F6)
        return c - 0x60;
    return c == 0x3000 ? ' ' : c;
}

static char letter_of(char c)
{
    static const char from[] = "@4031!5$7", to[] = "aaoeiisst";
    const char *at = c ? strchr(from, c) : NULL;

    return at ? to[at - from] : c;
}

static struct folded fold(struct arena *a, sv s)
{
    struct str plain = STR_IN(a), letters = STR_IN(a);
    uint32_t c;

    for (size_t at = 0; utf8_next(s, &at, &c);)
        utf8_put(&plain, fold_char(c));
    for (size_t i = 0; i < plain.n; i++)
        str_char(&letters, letter_of(plain.p[i]));
    return (struct folded){str_sv(&plain), str_sv(&letters)};
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_common(sv s)
{
    size_t low = 0, high = COUNT(common);

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = sv_compare(s, sv_c(common[mid]));
        if (c == 0)
            return true;
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

static bool is_word(const struct folded *p, size_t at, size_t n, const struct words *own)
{
    sv plain = sv_upto(sv_from(p->plain, at), n), letters = sv_upto(sv_from(p->letters, at), n);

    if (n < sizeof(common[0]) && n >= 4 && (is_common(plain) || is_common(letters)))
        return true;
    for (size_t i = 0; i < own->n; i++)
        if (sv_equal(plain, own->v[i].plain) || sv_equal(letters, own->v[i].letters))
            return true;
    return false;
}

/* How few words it takes to cover every letter of the password; FAR: they do not cover it. */
static int words_to_cover(const struct folded *p, const struct words *own, size_t longest)
{
    int fewest[PASSWORD_MOST + 1];
    size_t n = p->plain.n;

    for (size_t i = 0; i <= n; i++)
        fewest[i] = i ? FAR : 0;
    for (size_t i = 0; i < n; i++) {
        if (fewest[i] > WORDS_FEW)
            continue;
        if (!is_letter(p->plain.p[i]) && fewest[i] < fewest[i + 1])
            fewest[i + 1] = fewest[i];
        for (size_t len = 1; len <= longest && i + len <= n; len++)
            if (fewest[i] + 1 < fewest[i + len] && is_word(p, i, len, own))
                fewest[i + len] = fewest[i] + 1;
    }
    return fewest[n];
}

static bool has_letter(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_letter(s.p[i]))
            return true;
    return false;
}

/* "aaaaaaaa", "12121212", "さくさくさく": one piece of up to four characters, again and again. */
static bool repeats(struct arena *a, sv s)
{
    VEC(uint32_t) v = {0};
    uint32_t c;

    for (size_t at = 0; utf8_next(s, &at, &c);)
        *PUSH(a, &v) = c;
    for (size_t piece = 1; piece <= 4 && piece * 2 <= v.n; piece++) {
        size_t i = piece;
        while (i < v.n && v.v[i] == v.v[i - piece])
            i++;
        if (i == v.n)
            return true;
    }
    return false;
}

/* "abcdefghijkl", "987654321098": every character the neighbour of the one before, always in one direction. */
static bool runs(sv s)
{
    uint32_t before = 0, c;
    int64_t step = 0;
    size_t n = 0;

    for (size_t at = 0; utf8_next(s, &at, &c); n++, before = c) {
        int64_t d = (int64_t)c - before;
        if (c >= '0' && c <= '9' && before >= '0' && before <= '9' && (d == 9 || d == -9))
            d = -d / 9;                                   /* 0 follows 9 */
        if (n == 0)
            continue;
        if ((d != 1 && d != -1) || (n > 1 && d != step))
            return false;
        step = d;
    }
    return n > 1;
}

/* A word counts when it is no mere initial: three bytes are three letters or one kanji, so kanji need two. */
static void own_word(struct ctx *x, struct words *own, sv word)
{
    struct folded f = fold(x->arena, sv_trim(word));

    if (utf8_count(f.plain) >= 3 || (f.plain.n > 3 && utf8_count(f.plain) == 2))
        *PUSH(x->arena, own) = f;
}

/* The text, the text without its blanks and each of its parts. */
static void own_text(struct ctx *x, struct words *own, sv text, const char *seps)
{
    struct str joined = STR_IN(x->arena);
    size_t from = 0;

    own_word(x, own, text);
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && !strchr(seps, text.p[i]))
            continue;
        sv part = sv_upto(sv_from(text, from), i - from);
        str_put(&joined, part);
        own_word(x, own, part);
        from = i + 1;
    }
    own_word(x, own, str_sv(&joined));
}

static sv company_core(sv name)
{
    static const char *const forms[] = {"株式会社", "有限会社", "合同会社", "(株)", "㈱"};

    for (size_t i = 0; i < COUNT(forms); i++) {
        if (sv_starts(name, sv_c(forms[i])))
            return sv_trim(sv_from(name, strlen(forms[i])));
        if (sv_ends(name, sv_c(forms[i])))
            return sv_trim(sv_upto(name, name.n - strlen(forms[i])));
    }
    return name;
}

static void own_names(struct ctx *x, struct words *own, sv family, sv given)
{
    own_word(x, own, family);
    own_word(x, own, given);
    own_word(x, own, sv_printf(x->arena, "%.*s%.*s", SV_ARG(family), SV_ARG(given)));
    own_word(x, own, sv_printf(x->arena, "%.*s%.*s", SV_ARG(given), SV_ARG(family)));
}

static void own_words(struct ctx *x, struct words *own, const struct password_about *about)
{
    sv company = policy_text(x->policy, "tenant.company_name");

    own_text(x, own, company, " ");
    own_text(x, own, company_core(company), " ");
    own_text(x, own, str_sv(&x->tenant->workgroup), "-");
    if (!about)
        return;
    own_text(x, own, about->login, "._-");
    own_text(x, own, about->mail, "@._-+");
    own_word(x, own, about->nickname);
    own_names(x, own, about->family, about->given);
    own_names(x, own, about->family_reading, about->given_reading);
}

static sv digits_of(struct arena *a, sv s)
{
    struct str out = STR_IN(a);

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            str_char(&out, s.p[i]);
    return str_sv(&out);
}

/* Digits of a birthday "YYYY-MM-DD" or of a telephone number, found in a password that has no letters. */
static bool own_number(struct ctx *x, sv password, const struct password_about *about)
{
    const sv numbers[] = {about->birthday, about->phone, about->mobile, about->employee_number};

    sv all = digits_of(x->arena, password);

    for (size_t i = 0; i < COUNT(numbers); i++) {
        sv own = digits_of(x->arena, numbers[i]);
        if (own.n >= 4 && sv_find(all, own, NULL))
            return true;
        if (i == 0 && own.n == 8 && sv_find(all, sv_from(own, 2), NULL))
            return true;                                  /* the year in two digits */
    }
    return false;
}

static bool guessable(struct ctx *x, sv password, const struct password_about *about)
{
    struct folded p = fold(x->arena, password);
    struct words own = {0};
    size_t longest = sizeof(common[0]) - 1;

    if (repeats(x->arena, p.plain) || runs(p.plain) || is_common(p.plain))
        return true;
    if (!has_letter(p.plain))
        return about && own_number(x, p.plain, about);
    own_words(x, &own, about);
    for (size_t i = 0; i < own.n; i++)
        if (own.v[i].plain.n > longest)
            longest = own.v[i].plain.n;
    return words_to_cover(&p, &own, longest) <= WORDS_FEW;
}

static bool format_holds(sv format, sv password)
{
    bool letter = false, digit = false, special = false;
    uint32_t c;

    for (size_t at = 0; utf8_next(password, &at, &c);) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            letter = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            special = true;
    }
    return sv_equal(format, SV("none")) || (letter && digit && (special || sv_equal(format, SV("alnum"))));
}

struct password_rules account_password_rules(struct ctx *x)
{
    struct password_rules r = {
        .min = policy_int(x->policy, "account.password.min_length"),
        .max = policy_int(x->policy, "account.password.max_length"),
        .format = policy_text(x->policy, "account.password.format"),
        .generations = policy_int(x->policy, "account.password.reuse_generations"),
    };

    /* Where a member may do without a second step, the password may be all there is. */
    if (sv_equal(policy_text(x->policy, "account.two_step.mode"), SV("optional")) && r.min < SOLE_FACTOR_MIN)
        r.min = SOLE_FACTOR_MIN;
    if (r.max < r.min)
        r.max = r.min;
    return r;
}

bool account_password_format(struct ctx *x, sv password)
{
    return format_holds(policy_text(x->policy, "account.password.format"), password);
}

static const char *refusal(struct ctx *x, sv password, const struct password_about *about)
{
    struct password_rules r = account_password_rules(x);
    int64_t n = (int64_t)utf8_count(password);

    return n < r.min                                     ? "too short"
           : n > r.max || password.n > PASSWORD_MOST     ? "too long"
           : !format_holds(r.format, password)           ? "not of the form that is set"
           : guessable(x, password, about)               ? "easy to guess"
                                                         : NULL;
}

bool account_password_check(struct ctx *x, const char *field, sv password, const struct password_about *about)
{
    const char *why = refusal(x, password, about);

    return why ? fail_field(&x->failure, field, "%s", why) : true;
}

/* Groups of four that are read out and typed without a doubt: no 0 o, 1 l i, and the hyphen as the one sign. Sixteen of
 * 31 characters are 79 bits. */
bool account_password_make(struct ctx *x, struct secret *out)
{
    static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789";
    struct password_rules r = account_password_rules(x);
    size_t want = r.min > 19 ? (size_t)r.min : 19;

    ENSURE(want <= SECRET_MAX);
    do {
        for (out->n = 0; out->n < want; out->n++)
            out->b[out->n] = (unsigned char)(out->n % 5 == 4 ? '-' : alphabet[rand_below(sizeof(alphabet) - 1)]);
    } while (!format_holds(SV("alnum"), secret_view(out)) || refusal(x, secret_view(out), NULL));
    return true;
}

static sv text_of(const struct json_value *object, sv name)
{
    const struct json_value *v = json_get(object, name);

    return v && v->type == JSON_TEXT ? v->text : SV("");
}

bool account_password_about(struct ctx *x, id64 member, struct password_about *out)
{
    struct json_value v;
    sv profile = SV_NONE;

    if (!account_sql_about(x, member, out, &profile))
        return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, member.n);
    if (!profile.n || !json_read(x->arena, profile, &v, NULL))
        return true;
    out->mail = text_of(&v, SV("private_mail"));
    out->birthday = text_of(&v, SV("birthday"));
    out->phone = text_of(&v, SV("phone"));
    out->mobile = text_of(&v, SV("mobile"));
    return true;
}

size_t account_common_count(void)
{
    return COUNT(common);
}

sv account_common(size_t i)
{
    return sv_c(common[i]);
}
