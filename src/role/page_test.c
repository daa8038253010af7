/* role/page_test.c: from a public text to its page; security.txt. */
#include "base/test.h"
#include "role/page.h"

static sv page(struct str *out, const struct page_facts *f, const char *text)
{
    str_reset(out);
    page_put(out, PAGE_TERMS, f, sv_c(text));
    return str_sv(out);
}

static bool holds(sv text, const char *what)
{
    return sv_find(text, sv_c(what), NULL);
}

TEST(page_text_becomes_elements)
{
    struct page_facts f = { .english = true, .operator = SV("A & B"), .contact = SV("help@example.com"), .version = SV("7") };
    struct str out = { 0 };
    static const struct { const char *text, *want; } t[] = {
        { "# One\n", "<h1>One</h1>\n<p class=\"version\">Version 7</p>\n" },
        { "# One\n# Two\n", "<p># Two</p>" },
        { "## H\n", "<h2>H</h2>" },
        { "- a\n- b\nc", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>" },
        { "- a", "<ul>\n<li>a</li>\n</ul>\n</main>" },
        { "\xEF\xBB\xBF# One\r\n\r\ntext\r\n", "<h1>One</h1>\n<p class=\"version\">Version 7</p>\n<p>text</p>\n" },
        { "<script>alert(\"1\")</script>", "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</p>" },
        { "{operator} {contact} {version} {other}", "<p>A &amp; B <a href=\"mailto:help@example.com\">help@example.com</a> 7 {other}</p>" },
        { "see https://a.example/b?c=d&e=f.", "<p>see <a href=\"https://a.example/b?c=d&amp;e=f\">https://a.example/b?c=d&amp;e=f</a>.</p>" },
        { "https://a.example/\xE3\x80\x82", "<p><a href=\"https://a.example/\">https://a.example/</a>\xE3\x80\x82</p>" },
        { "https:// http://a javascript:alert(1)", "<p>https:// http://a javascript:alert(1)</p>" },
        { "https://a\"onclick=x", "<p><a href=\"https://a\">https://a</a>&quot;onclick=x</p>" },
    };

    for (size_t i = 0; i < COUNT(t); i++)
        CHECK_AT(i, holds(page(&out, &f, t[i].text), t[i].want));
    f = (struct page_facts){ .english = false, .operator = SV(""), .contact = SV(""), .version = SV("1") };
    CHECK(holds(page(&out, &f, "{operator}"), "<p>このサービスの運営者</p>"));
    f.contact = SV("03-1234-5678");
    CHECK(holds(page(&out, &f, "{contact}"), "<p>03-1234-5678</p>"));
    f.contact = SV("javascript:alert(1)");
    CHECK(!holds(page(&out, &f, "{contact}"), "href=\"javascript"));
    str_release(&out);
}

TEST(page_addresses)
{
    static const struct { const char *path; bool is; enum page_id page; enum page_form form; } t[] = {
        { "/terms", true, PAGE_TERMS, PAGE_ANY }, { "/terms/ja", true, PAGE_TERMS, PAGE_JA }, { "/privacy/en", true, PAGE_PRIVACY, PAGE_EN },
        { "/sending/ja.txt", true, PAGE_SENDING, PAGE_JA_TEXT }, { "/sending/en.txt", true, PAGE_SENDING, PAGE_EN_TEXT },
        { "/", false, 0, 0 }, { "/terms/", false, 0, 0 }, { "/termsx", false, 0, 0 }, { "/terms/fr", false, 0, 0 }, { "", false, 0, 0 },
    };
    enum page_form form;
    enum page_id page_of;

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, page_of_path(sv_c(t[i].path), &page_of, &form), t[i].is);
        if (t[i].is) {
            CHECK_INT_AT(i, page_of, t[i].page);
            CHECK_INT_AT(i, form, t[i].form);
        }
    }
    for (size_t i = 0; i < PAGE_TEXTS; i++) {
        sv text = sv_c(page_shipped((enum page_id)(i / 2), i % 2));
        CHECK_AT(i, sv_starts(text, SV("# ")) && sv_ends(text, SV("\n")) && text.n < PAGE_BYTES);
    }
}

TEST(page_contacts)
{
    static const struct { const char *text; bool mail, url; } t[] = {
        { "a@b.example", true, false }, { "https://a.example/x", false, true }, { "https://", false, false }, { "http://a.example", false, false },
        { "a@b", false, false }, { "@b.c", false, false }, { "a@", false, false }, { "a@b@c.d", false, false }, { "a b@c.d", false, false },
        { "mailto:a@b.c", false, false }, { "https://a.example/\"x", false, false }, { "", false, false }, { "03-1234-5678", false, false },
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        CHECK_INT_AT(i, page_mail(sv_c(t[i].text)), t[i].mail);
        CHECK_INT_AT(i, page_url(sv_c(t[i].text)), t[i].url);
    }
}

TEST(security_text)
{
    struct str out = { 0 };

    security_put(&out, SV("sec@example.com"), SV(""), SV("https://chat.example.com"), INT64_C(1790000000000));
    CHECK_STR(str_sv(&out), SV("Contact: mailto:sec@example.com\nExpires: 2026-09-21T14:13:20.000Z\nPreferred-Languages: ja, en\n"
                               "Canonical: https://chat.example.com/.well-known/security.txt\n"));
    str_reset(&out);
    security_put(&out, SV("https://example.com/report"), SV("https://example.com/policy"), SV("https://a"), 0);
    CHECK(holds(str_sv(&out), "Contact: https://example.com/report\n") && holds(str_sv(&out), "\nPolicy: https://example.com/policy\n"));
    str_release(&out);
}
