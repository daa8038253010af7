/* role/edge_page.c: the public texts and security.txt: to be read by anybody, without a session, whatever the client does. */
#include "role/edge.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

#define EXPIRES_DAYS 180                                  /* of security.txt: below the year that RFC 9116 recommends */

void page_take(struct edge *e, size_t text, int fd)
{
    struct str s = {0};

    if (!file_read(fd, &s) || s.n > PAGE_BYTES || !utf8_valid(str_sv(&s))) {
        log_put(LOG_ERROR, "pages/%s is not readable as UTF-8", page_file((enum page_id)(text / 2), text % 2));
        str_reset(&s);
    }
    fd_close(&fd);
    if (s.n == 0) {
        str_release(&s);
        return;
    }
    str_release(&e->pages[text]);
    e->pages[text] = s;
}

static sv text_of(const struct edge *e, enum page_id p, bool english)
{
    const struct str *own = &e->pages[(size_t)p * 2 + english];

    return own->n ? str_sv(own) : sv_c(page_shipped(p, english));
}

static void send_text(struct edge *e, struct conn *c, sv type, sv text)
{
    struct str out = {0};

    reply_begin(e, c, &out, 200);
    http_say(&out, SV("Content-Type"), type);
    http_say(&out, SV("Cache-Control"), SV("no-cache"));
    http_say(&out, SV("Vary"), SV("Accept-Language"));
    http_body_bytes(&out, text, c->head_only);
    reply_done(e, c, &out);
}

bool page_serve(struct edge *e, struct conn *c, sv path)
{
    static const enum config_id versions[PAGES] = {CONFIG_TERMS, CONFIG_PRIVACY, CONFIG_SENDING};
    const struct config *conf = &e->start.config;
    enum page_form form;
    enum page_id p;

    if (!page_of_path(path, &p, &form))
        return false;
    bool english = form == PAGE_ANY ? c->english : form == PAGE_EN || form == PAGE_EN_TEXT;
    if (form == PAGE_JA_TEXT || form == PAGE_EN_TEXT) {
        send_text(e, c, SV("text/plain; charset=utf-8"), text_of(e, p, english));
        return true;
    }
    struct page_facts f = {.english = english, .operator = config_text(conf, CONFIG_OPERATOR),
                           .contact = config_text(conf, CONFIG_CONTACT), .version = config_text(conf, versions[p])};
    struct str html = {0};
    page_put(&html, p, &f, text_of(e, p, english));
    send_text(e, c, SV("text/html; charset=utf-8"), str_sv(&html));
    str_release(&html);
    return true;
}

/* Expires is the end of a day, so that who asks twice a day sees no change. */
void security_serve(struct edge *e, struct conn *c)
{
    sv contact = config_text(&e->start.config, CONFIG_SECURITY);
    int64_t day = clock_ms() / 86400000;
    struct str text = {0};

    if (!contact.n) {
        reply_error(e, c, E_NOT_FOUND);
        return;
    }
    security_put(&text, contact, config_text(&e->start.config, CONFIG_SECURITY_POLICY), e->origins[0].own, (day + EXPIRES_DAYS) * 86400000);
    send_text(e, c, SV("text/plain; charset=utf-8"), str_sv(&text));
    str_release(&text);
}
