/* svc/file/file_type.c: beginnings, by the formats' own specifications; a row that is longer stands before a shorter one. */
#include "svc/file/file_type.h"
#include "base/utf8.h"

struct magic {
    size_t at, n;
    const char *bytes;
    size_t at2, n2;
    const char *bytes2;                                   /* a second mark, or NULL */
    struct file_type is;
};

#define MARK(at, s)           at, sizeof(s) - 1, s, 0, 0, NULL
#define MARKS(at, s, at2, s2) at, sizeof(s) - 1, s, at2, sizeof(s2) - 1, s2

/* clang-format off */
static const struct magic table[] = {
    {MARK(0, "\x89PNG\r\n\x1a\n"),            {"image/png", true, NULL}},
    {MARK(0, "\xff\xd8\xff"),                 {"image/jpeg", true, NULL}},
    {MARK(0, "GIF87a"),                       {"image/gif", true, NULL}},
    {MARK(0, "GIF89a"),                       {"image/gif", true, NULL}},
    {MARKS(0, "RIFF", 8, "WEBP"),             {"image/webp", true, NULL}},
    {MARKS(0, "RIFF", 8, "WAVE"),             {"audio/wav", true, NULL}},
    {MARKS(0, "RIFF", 8, "AVI "),             {"video/x-msvideo", false, NULL}},
    {MARKS(4, "ftyp", 8, "heic"),             {"image/heic", false, NULL}},
    {MARKS(4, "ftyp", 8, "heix"),             {"image/heic", false, NULL}},
    {MARKS(4, "ftyp", 8, "mif1"),             {"image/heif", false, NULL}},
    {MARKS(4, "ftyp", 8, "avif"),             {"image/avif", false, NULL}},
    {MARKS(4, "ftyp", 8, "qt  "),             {"video/quicktime", false, NULL}},
    {MARKS(4, "ftyp", 8, "M4A "),             {"audio/mp4", true, NULL}},
    {MARK(4, "ftyp"),                         {"video/mp4", true, NULL}},
    {MARK(0, "\x1a\x45\xdf\xa3"),             {"video/webm", true, NULL}},
    {MARK(0, "ID3"),                          {"audio/mpeg", true, NULL}},
    {MARK(0, "\xff\xfb"),                     {"audio/mpeg", true, NULL}},
    {MARK(0, "\xff\xf3"),                     {"audio/mpeg", true, NULL}},
    {MARK(0, "OggS"),                         {"audio/ogg", true, NULL}},
    {MARK(0, "fLaC"),                         {"audio/flac", false, NULL}},
    {MARK(0, "%PDF-"),                        {"application/pdf", false, NULL}},
    {MARK(0, "PK\x03\x04"),                   {"application/zip", false, NULL}},
    {MARK(0, "PK\x05\x06"),                   {"application/zip", false, NULL}},
    {MARK(0, "7z\xbc\xaf\x27\x1c"),           {"application/x-7z-compressed", false, NULL}},
    {MARK(0, "Rar!\x1a\x07"),                 {"application/vnd.rar", false, NULL}},
    {MARK(0, "\x1f\x8b"),                     {"application/gzip", false, NULL}},
    {MARK(0, "BZh"),                          {"application/x-bzip2", false, NULL}},
    {MARK(0, "\xfd" "7zXZ"),                  {"application/x-xz", false, NULL}},
    {MARK(257, "ustar"),                      {"application/x-tar", false, NULL}},
    {MARK(0, "II*\0"),                        {"image/tiff", false, NULL}},
    {MARK(0, "MM\0*"),                        {"image/tiff", false, NULL}},
    {MARK(0, "8BPS"),                         {"image/vnd.adobe.photoshop", false, NULL}},
    {MARK(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), {"application/x-ole-storage", false, NULL}},
    {MARK(0, "{\\rtf"),                       {"application/rtf", false, NULL}},
    {MARK(0, "L\0\0\0\x01\x14\x02\0"),        {"application/x-ms-shortcut", false, "lnk"}},
    {MARK(0, "MZ"),                           {"application/x-msdownload", false, "exe"}},
    {MARK(0, "\x7f" "ELF"),                   {"application/x-executable", false, "exe"}},
    {MARK(0, "\xcf\xfa\xed\xfe"),             {"application/x-mach-binary", false, "exe"}},
    {MARK(0, "\xce\xfa\xed\xfe"),             {"application/x-mach-binary", false, "exe"}},
};
/* clang-format on */

static bool has(sv head, size_t at, size_t n, const char *bytes)
{
    return head.n >= at + n && sv_equal(sv_upto(sv_from(head, at), n), sv_n(bytes, n));
}

/* Text as far as it can be seen here; a character may be cut at the end. */
static bool is_text(sv head)
{
    size_t cut = 0;

    while (cut < 4 && cut <= head.n && !utf8_valid(sv_upto(head, head.n - cut)))
        cut++;
    if (head.n == 0 || cut == 4 || cut > head.n)
        return false;
    for (size_t i = 0; i < head.n; i++)
        if ((unsigned char)head.p[i] < 0x20 && head.p[i] != '\n' && head.p[i] != '\r' && head.p[i] != '\t' && head.p[i] != '\f')
            return false;
    return true;
}

struct file_type file_type_of(sv head)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (has(head, table[i].at, table[i].n, table[i].bytes) &&
            (!table[i].bytes2 || has(head, table[i].at2, table[i].n2, table[i].bytes2)))
            return table[i].is;
    if (is_text(head))
        return (struct file_type){"text/plain", false, NULL};    /* also what a browser would take for a page: it is saved */
    return (struct file_type){"application/octet-stream", false, NULL};
}

bool file_type_shown(sv type)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (table[i].is.shown && sv_equal(type, sv_c(table[i].is.type)))
            return true;
    return false;
}
