/* role/page.c: from a public text to its page. */
#include "role/page.h"

#include "base/clock.h"
#include "base/utf8.h"

static const struct {
    const char *path, *name, *ja, *en;
} pages[PAGES] = {
    [PAGE_TERMS] = {"/terms", "terms", "利用規約", "Terms of use"},
    [PAGE_PRIVACY] = {"/privacy", "privacy", "プライバシーポリシー", "Privacy policy"},
    [PAGE_SENDING] = {"/sending", "sending", "外部送信について", "Outside sending"},
};

const char *page_path(enum page_id p)
{
    return pages[p].path;
}

const char *page_file(enum page_id p, bool english)
{
    static const char *const files[PAGE_TEXTS] = {"terms.ja.txt",   "terms.en.txt",   "privacy.ja.txt",
                                                  "privacy.en.txt", "sending.ja.txt", "sending.en.txt"};

    return files[(size_t)p * 2 + english];
}

bool page_of_path(sv path, enum page_id *p, enum page_form *form)
{
    static const char *const forms[] = {"", "/ja", "/en", "/ja.txt", "/en.txt"};

    for (size_t i = 0; i < PAGES; i++) {
        if (!sv_starts(path, sv_c(pages[i].path)))
            continue;
        sv rest = sv_from(path, sv_c(pages[i].path).n);
        for (size_t k = 0; k < COUNT(forms); k++)
            if (sv_equal(rest, sv_c(forms[k]))) {
                *p = (enum page_id)i;
                *form = (enum page_form)k;
                return true;
            }
    }
    return false;
}

static bool is_plain(sv text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ' || (unsigned char)text.p[i] >= 127 || sv_find(SV("\"'<>\\`"), sv_n(text.p + i, 1), NULL))
            return false;
    return true;
}

bool page_mail(sv text)
{
    size_t at;

    return is_plain(text) && sv_find(text, SV("@"), &at) && at > 0 && at + 1 < text.n && !sv_find(text, SV(":"), NULL) &&
           !sv_find(sv_from(text, at + 1), SV("@"), NULL) && sv_find(sv_from(text, at + 1), SV("."), NULL);
}

bool page_url(sv text)
{
    return is_plain(text) && sv_starts(text, SV("https://")) && text.n > sizeof("https://") - 1;
}

void page_escape(struct str *out, sv text)
{
    for (size_t i = 0; i < text.n; i++)
        switch (text.p[i]) {
        case '&':
            str_c(out, "&amp;");
            break;
        case '<':
            str_c(out, "&lt;");
            break;
        case '>':
            str_c(out, "&gt;");
            break;
        case '"':
            str_c(out, "&quot;");
            break;
        default:
            str_char(out, text.p[i]);
        }
}

static void anchor(struct str *out, const char *scheme, sv to)
{
    str_printf(out, "<a href=\"%s", scheme);
    page_escape(out, to);
    str_c(out, "\">");
    page_escape(out, to);
    str_c(out, "</a>");
}

static void put_contact(struct str *out, const struct page_facts *f)
{
    if (!f->contact.n)
        str_c(out, f->english ? "the administrators of your company" : "所属する会社の管理者");
    else if (page_mail(f->contact))
        anchor(out, "mailto:", f->contact);
    else if (page_url(f->contact))
        anchor(out, "", f->contact);
    else
        page_escape(out, f->contact);
}

static void put_operator(struct str *out, const struct page_facts *f)
{
    page_escape(out, f->operator.n ? f->operator : f->english ? SV("the operator of this service") : SV("このサービスの運営者"));
}

/* An address ends where something stands that belongs into none, or at the dot that ends a sentence. */
static size_t address_length(sv text)
{
    size_t n = 0;

    while (n < text.n && is_plain(sv_n(text.p + n, 1)) && text.p[n] != ')' && text.p[n] != ',')
        n++;
    while (n && (text.p[n - 1] == '.' || text.p[n - 1] == ';'))
        n--;
    return n;
}

/* What stands at the beginning of `rest` and is more than a character; how many bytes of it were taken. */
static size_t put_special(struct str *out, const struct page_facts *f, sv rest)
{
    if (sv_starts(rest, SV("{operator}")))
        return put_operator(out, f), sizeof("{operator}") - 1;
    if (sv_starts(rest, SV("{contact}")))
        return put_contact(out, f), sizeof("{contact}") - 1;
    if (sv_starts(rest, SV("{version}")))
        return page_escape(out, f->version), sizeof("{version}") - 1;
    if (!sv_starts(rest, SV("https://")))
        return 0;
    size_t n = address_length(rest);
    if (!page_url(sv_upto(rest, n)))
        return 0;
    anchor(out, "", sv_upto(rest, n));
    return n;
}

static void put_line(struct str *out, const struct page_facts *f, sv line)
{
    for (size_t i = 0, n; i < line.n; i += n) {
        n = put_special(out, f, sv_from(line, i));
        if (n)
            continue;
        n = 1;
        page_escape(out, sv_n(line.p + i, 1));
    }
}

static void put_element(struct str *out, const struct page_facts *f, const char *name, sv line)
{
    str_printf(out, "<%s>", name);
    put_line(out, f, sv_trim(line));
    str_printf(out, "</%s>\n", name);
}

static void put_version(struct str *out, const struct page_facts *f)
{
    str_c(out, f->english ? "<p class=\"version\">Version " : "<p class=\"version\">版: ");
    page_escape(out, f->version);
    str_c(out, "</p>\n");
}

static void put_text(struct str *out, const struct page_facts *f, sv text)
{
    bool list = false, titled = false;
    sv line;

    if (sv_starts(text, SV("\xEF\xBB\xBF")))
        text = sv_from(text, 3);
    while (sv_cut(&text, '\n', &line)) {
        bool item = sv_starts(line, SV("- "));
        if (item != list)
            str_c(out, item ? "<ul>\n" : "</ul>\n");
        list = item;
        if (item)
            put_element(out, f, "li", sv_from(line, 2));
        else if (sv_starts(line, SV("## ")))
            put_element(out, f, "h2", sv_from(line, 3));
        else if (sv_starts(line, SV("# ")) && !titled) {
            put_element(out, f, "h1", sv_from(line, 2));
            put_version(out, f);
            titled = true;
        } else if (sv_trim(line).n)
            put_element(out, f, "p", line);
    }
    if (list)
        str_c(out, "</ul>\n");
}

static void put_links(struct str *out, enum page_id p, bool english)
{
    str_printf(out, "<nav aria-label=\"%s\">\n", english ? "Public texts" : "公開している文書");
    for (size_t i = 0; i < PAGES; i++)
        str_printf(out, "<a href=\"%s/%s\"%s>%s</a>\n", pages[i].path, english ? "en" : "ja", i == p ? " aria-current=\"page\"" : "",
                   english ? pages[i].en : pages[i].ja);
    str_printf(out, "<a href=\"%s/%s\" hreflang=\"%s\" lang=\"%s\">%s</a>\n</nav>\n", pages[p].path, english ? "ja" : "en",
               english ? "ja" : "en", english ? "ja" : "en", english ? "日本語" : "English");
}

void page_put(struct str *out, enum page_id p, const struct page_facts *f, sv text)
{
    str_printf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", f->english ? "en" : "ja");
    str_c(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    str_printf(out, "<title>%s - Engawa</title>\n", f->english ? pages[p].en : pages[p].ja);
    str_c(out, "<link rel=\"icon\" href=\"/mark.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"/pages.css\">\n</head>\n<body>\n");
    put_links(out, p, f->english);
    str_c(out, "<main>\n");
    put_text(out, f, text);
    str_c(out, "</main>\n<footer>\n<p>");
    put_operator(out, f);
    str_c(out, f->english ? " · Contact: " : " · お問い合わせ: ");
    put_contact(out, f);
    str_printf(out, "</p>\n<p><a href=\"/\">%s</a></p>\n</footer>\n</body>\n</html>\n", f->english ? "To Engawa" : "Engawa へ");
}

void security_put(struct str *out, sv contact, sv policy, sv origin, int64_t until_ms)
{
    str_printf(out, "Contact: %s%.*s\n", page_mail(contact) ? "mailto:" : "", SV_ARG(contact));
    str_c(out, "Expires: ");
    time_put(out, until_ms);
    str_printf(out, "\nPreferred-Languages: ja, en\nCanonical: %.*s/.well-known/security.txt\n", SV_ARG(origin));
    if (policy.n)
        str_printf(out, "Policy: %.*s\n", SV_ARG(policy));
}
