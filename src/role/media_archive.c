/* role/media_archive.c: what an archive holds, by name, one level deep (an archive that is packed as a whole would have to be unpacked for it); and the text of documents that are archives themselves
 * (ECMA-376, ISO 26300), by libarchive and libxml2. Nothing is unpacked anywhere: of an archive in
 * an archive the sizes are asked for, in memory. */
#include "role/media.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/packed.h"
#include "role/attack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
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
    int64_t most = MEDIA_READ_MAX - r->at % MEDIA_READ_MAX;       /* to the end of a window: most seeks are short */
    size_t n = (size_t)(left < most ? (left > 0 ? left : 0) : most);

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

static struct archive *archive_new(void)
{
    struct archive *a = archive_read_new();

    if (!a)
        die("no memory for an archive");
    archive_read_support_format_zip(a);
    archive_read_support_format_7zip(a);
    archive_read_support_format_rar(a);
    archive_read_support_format_rar5(a);
    archive_read_support_format_tar(a);
    return a;
}

static struct archive *archive_open(struct reading *r)
{
    struct archive *a = archive_new();

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
static bool written(sv n)
{
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
static void attack_by(struct media *m, sv name)
{
#ifdef ENGAWA_TEST
    static bool done;

    for (volatile bool on = sv_equal(name, SV("engawa-spin")); on;)
        continue;                                         /* as a library that finds no end */
    if (done || !sv_equal(name, SV("engawa-attack")))
        return;
    done = true;                                          /* once: a name may be said twice */
    attack_log(m->start);
#else
    (void)m;
    (void)name;
#endif
}

/* ---- names: the hard limits hold, and what no honest program makes goes no further */

#define SIZES_ASKED 10000                                 /* files of archives whose sizes are asked for a second time */

struct judging {
    struct media *m;
    const char *why;                                      /* why it is refused */
    int names, asked;
    int64_t unpacked;                                     /* bytes that it says it becomes, with those of archives in it */
    size_t room;                                          /* bytes of archives in it that may still be opened */
    bool text, nested;                                    /* parts were seen that hold what people wrote, and archives */
};

static bool judge_size(struct judging *j, int64_t size)
{
    int64_t most = j->m->source.size > MEDIA_UNPACKED ? INT64_MAX : j->m->source.size * MEDIA_RATIO;

    if (most < MEDIA_UNPACKED)
        most = MEDIA_UNPACKED;
    if (size > most - j->unpacked)
        j->why = "an archive that becomes far more than it is";
    else
        j->unpacked += size > 0 ? size : 0;
    return !j->why;
}

static bool is_zip(sv name)
{
    return name.n > 4 && sv_equal_nocase(sv_from(name, name.n - 4), SV(".zip"));
}

static bool judge(struct judging *j, sv name, int64_t size, bool link)
{
    attack_by(j->m, name);
    j->text |= written(name);
    j->nested |= is_zip(name);
    if (++j->names > MEDIA_NAMES_SAID)
        j->why = "too many files";
    else if (link)
        j->why = "an archive with links";
    else if (packed_leaves(name))
        j->why = "an archive that leaves its folder";
    else if (judge_size(j, size))
        media_say_name(j->m, name);
    return !j->why;
}

/* The name as it stands, or, where the locale cannot say it, as UTF-8. */
static const char *name_of(struct archive_entry *e)
{
    const char *name = archive_entry_pathname(e);

    return name ? name : archive_entry_pathname_utf8(e);
}

static bool judge_within(struct judging *j, struct archive *a, struct archive_entry *e);

/* Of the archives in an archive nothing counts but what they become. */
static bool judge_sizes(struct judging *j, struct archive *a)
{
    struct archive_entry *e;
    int rc;

    while (!j->why && j->asked++ < SIZES_ASKED && (rc = archive_read_next_header(a, &e)) <= ARCHIVE_OK && rc >= ARCHIVE_WARN)
        if (judge_size(j, archive_entry_size(e)))
            judge_within(j, a, e);
    return !j->why;
}

/* As far as there is room: the first way down shows what a nested bomb is. */
static bool judge_within(struct judging *j, struct archive *a, struct archive_entry *e)
{
    const char *name = name_of(e);
    int64_t size = archive_entry_size(e);
    la_ssize_t got = 0, more = 0;

    if (!name || !is_zip(sv_c(name)) || size <= 0 || (uint64_t)size > j->room)
        return true;
    j->room -= (size_t)size;
    char *bytes = xmalloc((size_t)size);
    while (got < size && (more = archive_read_data(a, bytes + got, (size_t)(size - got))) > 0)
        got += more;
    struct archive *in = archive_new();
    bool ok = got < size || archive_read_open_memory(in, bytes, (size_t)got) != ARCHIVE_OK || judge_sizes(j, in);
    archive_read_free(in);
    xfree(bytes);
    return ok;
}

static bool judge_entry(struct judging *j, struct archive *a, struct archive_entry *e)
{
    const char *name = name_of(e), *other = archive_entry_hardlink_utf8(e);

    if (!name) {
        j->why = "an archive with a name that nobody can read";
        return false;
    }
    return judge(j, sv_c(name), archive_entry_size(e), archive_entry_filetype(e) == AE_IFLNK || (other && packed_leaves(sv_c(other)))) && judge_within(j, a, e);
}

/* By what the library finds, for the kinds that have no list that we read. */
static enum media_verdict names_found(struct judging *j, const char **why)
{
    struct reading r = {.m = j->m};
    struct archive_entry *e;
    int rc = ARCHIVE_FATAL;

    errno = 0;
    struct archive *a = archive_open(&r);
    while (a && !j->why && (rc = archive_read_next_header(a, &e)) <= ARCHIVE_OK && rc >= ARCHIVE_WARN && judge_entry(j, a, e))
        if (j->names >= MEDIA_NAMES)
            j->why = "too many files";
    if (!j->why && rc != ARCHIVE_EOF && errno == ENOMEM)
        j->why = "an archive that needs more memory than there is for it";
    *why = !a ? "no archive that can be read" : rc != ARCHIVE_EOF ? "not whole" : "";
    if (a)
        archive_read_free(a);
    return rc == ARCHIVE_EOF ? MEDIA_DONE : MEDIA_STRANGE;
}

static bool judge_listed(void *to, const struct packed_entry *e)
{
    return judge(to, e->name, e->size, e->link);
}

/* False: there is no list. */
static bool names_listed(struct judging *j, const char **why)
{
    enum packed_list l = packed_zip(j->m->arena, &j->m->source, MEDIA_NAMES, judge_listed, j, why);

    if (l == PACKED_LIES || l == PACKED_MANY)
        j->why = *why;
    if (l == PACKED_DONE && j->nested) {
        struct reading r = {.m = j->m};
        struct archive *a = archive_open(&r);
        j->unpacked = 0;                                  /* it is counted again, with what is in them */
        if (a)
            judge_sizes(j, a);
        archive_read_free(a);
    }
    return l != PACKED_NONE;
}

static enum media_verdict names(struct media *m, bool *text, const char **why)
{
    struct judging j = {.m = m, .room = MEDIA_NESTED};
    enum media_verdict v = MEDIA_DONE;

    if (!sv_equal(m->type, SV("application/zip")) || !names_listed(&j, why)) {
        j = (struct judging){.m = m, .room = MEDIA_NESTED};
        v = names_found(&j, why);
    }
    *text = j.text;
    if (j.why) {
        *why = j.why;
        return MEDIA_TOO_MUCH;
    }
    media_say_named(m);
    return v;
}

/* ---- text */

static enum media_verdict text(struct media *m, const char **why)
{
    struct reading r = {.m = m};
    struct archive_entry *e;
    int rc = ARCHIVE_FATAL, n = 0;
    struct archive *a = archive_open(&r);

    while (a && n++ < MEDIA_NAMES && (rc = archive_read_next_header(a, &e)) <= ARCHIVE_OK && rc >= ARCHIVE_WARN) {
        const char *name = name_of(e);
        if (name && written(sv_c(name)))
            read_part(m, a);
    }
    if (a)
        archive_read_free(a);
    *why = rc == ARCHIVE_EOF ? "" : "not whole";
    return rc == ARCHIVE_EOF ? MEDIA_DONE : MEDIA_STRANGE;
}

enum media_verdict media_archive(struct media *m, const char **why)
{
    enum media_verdict v = MEDIA_DONE;
    bool wanted = m->want & MEDIA_WANT_TEXT;

    if (m->want & MEDIA_WANT_NAMES) {
        bool seen;
        v = names(m, &seen, why);
        wanted = wanted && seen;
    }
    return v == MEDIA_DONE && wanted ? text(m, why) : v;
}
