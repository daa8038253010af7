/* role/page.h: the public texts: terms of use, privacy policy, notice of outside sending. Each has a page at an address
 * that stays (/terms, /privacy, /sending; /terms/ja and /terms/en name the language, /terms/ja.txt is the bare text), a
 * version, and a text that the operator may replace by a file of DIR/pages.
 *
 * A text is UTF-8, a line a paragraph:  "# title" (the first line)  "## heading"  "- item of a list"  anything else.
 * {operator}, {contact} and {version} stand for what engawa.conf says; addresses that begin with https:// become links. */
#ifndef ENGAWA_ROLE_PAGE_H
#define ENGAWA_ROLE_PAGE_H

#include "base/str.h"

enum page_id { PAGE_TERMS, PAGE_PRIVACY, PAGE_SENDING, PAGES };

#define PAGE_TEXTS (PAGES * 2)                            /* page * 2 + english */
#define PAGE_BYTES 65536                                  /* of one text at most */

const char *page_path(enum page_id p);                    /* "/terms" */
const char *page_file(enum page_id p, bool english);      /* "terms.ja.txt", in DIR/pages */
const char *page_shipped(enum page_id p, bool english);   /* ours: page_text.c */

enum page_form { PAGE_ANY, PAGE_JA, PAGE_EN, PAGE_JA_TEXT, PAGE_EN_TEXT };
bool page_of_path(sv path, enum page_id *p, enum page_form *form);

struct page_facts {
    bool english;
    sv operator, contact, version;                        /* as configured; "": our words stand for them */
};
void page_put(struct str *out, enum page_id p, const struct page_facts *f, sv text);   /* the whole HTML */

void page_escape(struct str *out, sv text);               /* for text and for values in double quotes */
bool page_mail(sv text);                                  /* looks like one mail address */
bool page_url(sv text);                                   /* begins with https://, without blanks and quotes */

/* RFC 9116; `until_ms`: Expires; `origin`: of this installation; `policy` may be empty. */
void security_put(struct str *out, sv contact, sv policy, sv origin, int64_t until_ms);

#endif
