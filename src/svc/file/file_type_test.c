/* svc/file/file_type_test.c: what files are by their beginning. */
#include "base/test.h"
#include "svc/file/file_type.h"

#include <string.h>

TEST(file_type_is_known_by_its_beginning)
{
    static const struct {
        const char *head;
        size_t n;
        const char *type;
        bool shown;
        const char *runs;
    } t[] = {
#define HEAD(s) s, sizeof(s) - 1
        {HEAD("\x89PNG\r\n\x1a\n...."), "image/png", true, NULL},
        {HEAD("\x89PNG"), "application/octet-stream", false, NULL},
        {HEAD("\xff\xd8\xff\xe0"), "image/jpeg", true, NULL},
        {HEAD("RIFF....WEBPVP8 "), "image/webp", true, NULL},
        {HEAD("RIFF....WAVEfmt "), "audio/wav", true, NULL},
        {HEAD("\0\0\0\x18" "ftypisom"), "video/mp4", true, NULL},
        {HEAD("\0\0\0\x18" "ftypheic"), "image/heic", false, NULL},
        {HEAD("%PDF-1.7"), "application/pdf", false, NULL},
        {HEAD("PK\x03\x04"), "application/zip", false, NULL},
        {HEAD("MZ\x90"), "application/x-msdownload", false, "exe"},
        {HEAD("\x7f" "ELF\2"), "application/x-executable", false, "exe"},
        {HEAD("<html><script>"), "text/plain", false, NULL},
        {HEAD("<svg onload=x>"), "text/plain", false, NULL},
        {HEAD("日本語"), "text/plain", false, NULL},
        {HEAD("日本\xe8\xaa"), "text/plain", false, NULL},
        {HEAD("\0\1"), "application/octet-stream", false, NULL},
        {HEAD("\xff\xff\xff\xff\xff"), "application/octet-stream", false, NULL},
        {HEAD(""), "application/octet-stream", false, NULL},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct file_type is = file_type_of(sv_n(t[i].head, t[i].n));
        CHECK_STR_AT(i, sv_c(is.type), sv_c(t[i].type));
        CHECK_INT_AT(i, is.shown, t[i].shown);
        CHECK_STR_AT(i, sv_c(is.runs ? is.runs : ""), sv_c(t[i].runs ? t[i].runs : ""));
        CHECK_INT_AT(i, file_type_shown(sv_c(is.type)), t[i].shown);
    }
    CHECK(!file_type_shown(SV("image/svg+xml")) && !file_type_shown(SV("text/html")) && !file_type_shown(SV("application/pdf")));
}
