/* role/media_card.c: what a page of the internet says of itself: title, a few words, whose it is, its picture (Open Graph, ogp.me; else
 * what HTML itself has for it), by libxml2. The page is read as a stream up to its body: no tree is made, nothing is fetched. */
#include "role/media.h"

#include "base/utf8.h"
#include "core/fetched.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#define CARD_DEPTH 200                                    /* elements in each other: no head has so many */
#define CARD_PIECE 4096
#define CARD_FIELD 2000                                   /* bytes of each field */

enum card_field { CARD_TITLE, CARD_WORDS, CARD_SITE, CARD_PICTURE, CARD_FIELDS };

/* What names a field, the better name first. */
static const struct {
    const char *name;
    enum card_field field;
    int worth;
} names[] = {
    {"og:title", CARD_TITLE, 3},        {"twitter:title", CARD_TITLE, 2},
    {"og:description", CARD_WORDS, 3},  {"twitter:description", CARD_WORDS, 2}, {"description", CARD_WORDS, 1},
    {"og:site_name", CARD_SITE, 3},     {"application-name", CARD_SITE, 1},
    {"og:image:secure_url", CARD_PICTURE, 4}, {"og:image", CARD_PICTURE, 3}, {"og:image:url", CARD_PICTURE, 2}, {"twitter:image", CARD_PICTURE, 1},
};

struct card {
    struct media *m;
    struct str fields[CARD_FIELDS];
    int worth[CARD_FIELDS];
    htmlParserCtxtPtr parser;
    int depth;
    bool in_title, titled, over;
};

static const char *attribute(const xmlChar **all, const char *name)
{
    for (; all && all[0]; all += 2)
        if (strcmp((const char *)all[0], name) == 0)
            return all[1] ? (const char *)all[1] : "";
    return NULL;
}

static void take(struct card *c, enum card_field f, int worth, sv value)
{
    if (worth <= c->worth[f] || sv_trim(value).n == 0)
        return;
    c->worth[f] = worth;
    c->fields[f].n = 0;
    str_put(&c->fields[f], sv_upto(sv_trim(value), CARD_FIELD));
}

static void meta(struct card *c, const xmlChar **all)
{
    const char *name = attribute(all, "property"), *value = attribute(all, "content");

    if (!name)
        name = attribute(all, "name");
    for (size_t i = 0; name && value && i < COUNT(names); i++)
        if (strcasecmp(name, names[i].name) == 0)
            take(c, names[i].field, names[i].worth, sv_c(value));
}

static void stop(struct card *c)
{
    c->over = true;
    xmlStopParser(c->parser);
}

static void on_start(void *of, const xmlChar *name, const xmlChar **all)
{
    struct card *c = of;

    if (c->over)
        return;
    if (++c->depth > CARD_DEPTH || strcmp((const char *)name, "body") == 0)
        stop(c);
    else if (strcmp((const char *)name, "meta") == 0)
        meta(c, all);
    else if (strcmp((const char *)name, "title") == 0 && !c->titled)
        c->in_title = c->titled = true;
}

static void on_end(void *of, const xmlChar *name)
{
    struct card *c = of;

    c->depth--;
    if (strcmp((const char *)name, "title") == 0)
        c->in_title = false;
}

static void on_text(void *of, const xmlChar *text, int n)
{
    struct card *c = of;
    struct str *title = &c->fields[CARD_TITLE];

    if (c->in_title && c->worth[CARD_TITLE] == 0 && title->n < CARD_FIELD)
        str_put(title, sv_upto(sv_n(text, (size_t)n), CARD_FIELD - title->n));
}

/* "text/html; charset=Shift_JIS" */
static const char *charset(struct arena *a, sv type)
{
    size_t at;

    if (!sv_find(type, SV("charset="), &at))
        return NULL;
    sv name = sv_upto(sv_from(type, at + 8), 40), part = name;
    sv_cut(&name, ';', &part);
    part = sv_trim(part);
    if (part.n >= 2 && part.p[0] == '"' && part.p[part.n - 1] == '"')
        part = sv_n(part.p + 1, part.n - 2);
    return part.n ? sv_cstr(a, part) : NULL;
}

static bool whole(struct media *m, sv *out)
{
    size_t n = (size_t)(m->source.size < FETCH_BODY_MAX ? m->source.size : FETCH_BODY_MAX);
    unsigned char *to = arena_alloc(m->arena, n + 1);

    *out = sv_n(to, n);
    return m->source.read(m->source.from, 0, n, to);
}

/* Whatever it calls itself: text in another encoding is none by chance. The end may be cut. */
static bool is_utf8(sv page)
{
    for (size_t cut = 0; cut < 4 && cut <= page.n; cut++)
        if (utf8_valid(sv_upto(page, page.n - cut)))
            return true;
    return false;
}

static void say_fields(struct card *c)
{
    for (size_t f = 0; f < CARD_FIELDS; f++) {
        for (size_t i = 0; i < c->fields[f].n; i++)
            if (c->fields[f].p[i] == '\n')
                c->fields[f].p[i] = ' ';
        media_say_text(c->m, str_sv(&c->fields[f]));
        media_say_text(c->m, SV("\n"));
    }
}

enum media_verdict media_card(struct media *m, const char **why)
{
    htmlSAXHandler sax = {.startElement = on_start, .endElement = on_end, .characters = on_text};
    struct card c = {.m = m};
    sv page;

    if (!whole(m, &page)) {
        *why = "cannot be read";
        return MEDIA_STRANGE;
    }
    const char *named = is_utf8(page) ? "UTF-8" : charset(m->arena, m->type);

    for (size_t f = 0; f < CARD_FIELDS; f++)
        c.fields[f] = STR_IN(m->arena);
    c.parser = htmlCreatePushParserCtxt(&sax, &c, NULL, 0, NULL, XML_CHAR_ENCODING_NONE);
    if (!c.parser) {
        *why = "no parser";
        return MEDIA_STRANGE;
    }
    htmlCtxtUseOptions(c.parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    xmlCharEncodingHandlerPtr encoding = named ? xmlFindCharEncodingHandler(named) : NULL;
    if (encoding)
        xmlSwitchToEncoding(c.parser, encoding);
    for (size_t at = 0; at < page.n && !c.over; at += CARD_PIECE) {
        sv piece = sv_upto(sv_from(page, at), CARD_PIECE);
        htmlParseChunk(c.parser, piece.p, (int)piece.n, 0);
    }
    if (!c.over)
        htmlParseChunk(c.parser, NULL, 0, 1);
    say_fields(&c);
    if (c.parser->myDoc)
        xmlFreeDoc(c.parser->myDoc);
    htmlFreeParserCtxt(c.parser);
    return MEDIA_DONE;
}
