/* role/media_archive.c: what an archive holds, by name, one level deep (an archive that is packed as a whole would have to be unpacked for it); and the text of documents that are archives themselves
 * (ECMA-376, ISO 26300), by libarchive and libxml2. Nothing is unpacked anywhere. */
#include "role/media.h"

#include "base/log.h"
#include "role/attack.h"

#include <archive.h>
#include <archive_entry.h>
#include <libxml/xmlreader.h>
#include <string.h>

#define XML_MAX (16 << 20)                                /* bytes of one part of a document */

struct reading {
    struct media *m;
    int64_t at;
    unsigned char window[MEDIA_READ_MAX];
};

static la_ssize_t on_read(struct archive *a, void *to, const void **bytes)
{
    struct reading *r = to;
    int64_t left = r->m->source.size - r->at;
    size_t n = left < MEDIA_READ_MAX ? (size_t)(left > 0 ? left : 0) : MEDIA_READ_MAX;

    if (n && !r->m->source.read(r->m->source.from, r->at, n, r->window)) {
        archive_set_error(a, 5, "cannot be read");
        return -1;
    }
    r->at += (int64_t)n;
    *bytes = r->window;
    return (la_ssize_t)n;
}

static la_int64_t on_seek(struct archive *a, void *to, la_int64_t offset, int whence)
{
    struct reading *r = to;
    int64_t at = whence == SEEK_SET ? offset : whence == SEEK_CUR ? r->at + offset : r->m->source.size + offset;

    (void)a;
    if (at < 0 || at > r->m->source.size)
        return ARCHIVE_FATAL;
    r->at = at;
    return at;
}

static la_int64_t on_skip(struct archive *a, void *to, la_int64_t n)
{
    struct reading *r = to;

    (void)a;
    if (n < 0 || n > r->m->source.size - r->at)
        return 0;                                         /* it is read instead, and the end is met */
    r->at += n;
    return n;
}

static struct archive *archive_open(struct reading *r)
{
    struct archive *a = archive_read_new();

    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_rar(a);
    archive_read_support_format_rar5(a);
    archive_read_support_format_tar(a);
    archive_read_set_read_callback(a, on_read);
    archive_read_set_seek_callback(a, on_seek);
    archive_read_set_skip_callback(a, on_skip);
    archive_read_set_callback_data(a, r);
    if (archive_read_open1(a) == ARCHIVE_OK)
        return a;
    archive_read_free(a);
    return NULL;
}

/* A part of a document that holds what people wrote. */
static bool written(const char *name)
{
    sv n = sv_c(name);

    return sv_equal(n, SV("word/document.xml")) || sv_equal(n, SV("xl/sharedStrings.xml")) || sv_equal(n, SV("content.xml")) ||
           (sv_starts(n, SV("ppt/slides/slide")) && sv_ends(n, SV(".xml")));
}

/* Where a line ends in the three kinds of documents. */
static bool ends_line(const xmlChar *local)
{
    static const char *const names[] = {"p", "si", "h", "br", "tab", "table-cell"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (local && strcmp((const char *)local, names[i]) == 0)
            return true;
    return false;
}

static void read_xml(struct media *m, const char *bytes, size_t n)
{
    xmlTextReaderPtr r = xmlReaderForMemory(bytes, (int)n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

    while (r && m->text_n < MEDIA_TEXT_MAX && xmlTextReaderRead(r) == 1) {
        int type = xmlTextReaderNodeType(r);
        if (type == XML_READER_TYPE_DOCUMENT_TYPE)
            break;                                        /* no such document brings rules of its own */
        if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE)
            media_say_text(m, sv_c((const char *)xmlTextReaderConstValue(r)));
        else if (type == XML_READER_TYPE_END_ELEMENT && ends_line(xmlTextReaderConstLocalName(r)))
            media_say_text(m, SV("\n"));
    }
    if (r)
        xmlFreeTextReader(r);
}

static void read_part(struct media *m, struct archive *a)
{
    struct str bytes = {0};
    la_ssize_t n;

    do {
        n = archive_read_data(a, str_room(&bytes, MEDIA_READ_MAX), MEDIA_READ_MAX);
        if (n > 0)
            bytes.n += (size_t)n;
    } while (n > 0 && bytes.n < XML_MAX);
    if (bytes.n < XML_MAX)
        read_xml(m, bytes.p, bytes.n);
    str_release(&bytes);
}

/* In test builds an archive says by the name of a file that the process is to try what nobody may; what came of it stands in the log. */
static void attack_by(struct media *m, const char *name)
{
#ifdef ENGAWA_TEST
    if (sv_equal(sv_c(name), SV("engawa-attack")))
        attack_log(m->start);
#else
    (void)m;
    (void)name;
#endif
}

enum media_verdict media_archive(struct media *m, const char **why)
{
    struct reading *r = ANEW(m->arena, struct reading);
    struct archive_entry *e;
    enum media_verdict v = MEDIA_DONE;
    int rc = ARCHIVE_OK;

    r->m = m;
    struct archive *a = archive_open(r);
    if (!a) {
        *why = "no archive that can be read";
        return MEDIA_STRANGE;
    }
    for (int n = 0; v == MEDIA_DONE && (rc = archive_read_next_header(a, &e)) <= ARCHIVE_OK && rc >= ARCHIVE_WARN; n++) {
        const char *name = archive_entry_pathname(e);
        if (n == MEDIA_NAMES) {
            *why = "too many files";
            v = MEDIA_TOO_MUCH;
        } else if (name) {
            attack_by(m, name);
            if (m->want & MEDIA_WANT_NAMES)
                media_say_name(m, sv_c(name));
            if (m->want & MEDIA_WANT_TEXT && written(name))
                read_part(m, a);
        }
    }
    if (v == MEDIA_DONE && rc != ARCHIVE_EOF) {
        *why = "not whole";
        v = MEDIA_STRANGE;
    }
    archive_read_free(a);
    return v;
}
