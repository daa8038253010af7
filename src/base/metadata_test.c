/* base/metadata_test.c: what is blanked of each kind, and what stays. The whole files stand in test/api/media_test.mjs. */
#include "base/metadata.h"
#include "base/test.h"

#include <string.h>

static bool blanked(const char *type, char *bytes, size_t n, const char **why)
{
    struct arena *a = arena_new(4096);
    sv file = sv_n(bytes, n);
    struct source s = source_of_bytes(&file);
    struct patches found;
    bool ok = metadata_find(a, sv_c(type), &s, &found, why);

    for (size_t i = 0; ok && i < found.n; i++) {
        const struct patch *p = &found.v[i];
        memset(bytes + p->at, 0, (size_t)p->n);
        if (p->bytes.n)
            memcpy(bytes + p->at, p->bytes.p, p->bytes.n);
    }
    arena_free(&a);
    return ok;
}

#define BLANKED(type, bytes) blanked(type, bytes, sizeof(bytes) - 1, &why)

TEST(metadata_jpeg_keeps_the_picture_and_its_way_up)
{
    const char *why;
    char plain[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xfe\0\x07hello\xff\xda\0\x08\1\1\0\0\x3f\0ab\xff\0c\xff\xd0" "d\xff\xd9tail";
    char want[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xfe\0\x07\0\0\0\0\0\xff\xda\0\x08\1\1\0\0\x3f\0ab\xff\0c\xff\xd0" "d\xff\xd9\0\0\0\0";
    char turned[] = "\xff\xd8\xff\xe1\0\x37" "Exif\0\0II*\0\x08\0\0\0\2\0\x12\1\3\0\1\0\0\0\6\0\0\0\x0f\1\2\0\4\0\0\0abcd\0\0\0\0placeplac\xff\xda\0\2x\xff\xd9";

    CHECK(BLANKED("image/jpeg", plain));
    CHECK_STR(sv_n(plain, sizeof(plain) - 1), sv_n(want, sizeof(want) - 1));
    CHECK(BLANKED("image/jpeg", turned));
    sv t = sv_n(turned, sizeof(turned) - 1);
    size_t at;
    CHECK(!sv_find(t, SV("place"), &at) && !sv_find(t, SV("abcd"), &at));
    CHECK(sv_find(t, SV("\x01\x12\0\x03\0\0\0\x01\0\x06"), &at));
}

TEST(metadata_png_chunks_that_no_decoder_needs)
{
    const char *why;
    char bytes[] = "\x89PNG\r\n\x1a\n\0\0\0\1IHDRx____\0\0\0\4tEXtabcd____\0\0\0\0IEND____more";

    CHECK(BLANKED("image/png", bytes));
    sv t = sv_n(bytes, sizeof(bytes) - 1);
    size_t at;
    CHECK(sv_find(t, SV("enGw\0\0\0\0"), &at) && !sv_find(t, SV("abcd"), &at) && !sv_find(t, SV("more"), &at));
    CHECK(sv_find(t, SV("IHDRx____"), &at));
}

TEST(metadata_boxes_of_films)
{
    const char *why;
    char film[] = "\0\0\0\x10" "ftypmp42\0\0\0\0" "\0\0\0\x34moov" "\0\0\0\x14mvhd\0\0\0\0TIMETIME" "\0\0\0\x18udta\0\0\0\x10place___xxxx";

    CHECK(BLANKED("video/mp4", film));
    sv t = sv_n(film, sizeof(film) - 1);
    size_t at;
    CHECK(!sv_find(t, SV("TIME"), &at) && !sv_find(t, SV("place"), &at) && !sv_find(t, SV("udta"), &at));
    CHECK(sv_find(t, SV("\0\0\0\x18" "free"), &at));
}

/* ftyp, meta with iinf (one item of Exif) and iloc (its place), mdat. */
TEST(metadata_items_of_heic)
{
    const char *why;
    char still[] = "\0\0\0\x10" "ftypheic\0\0\0\0"
                   "\0\0\0\x4dmeta\0\0\0\0" "\0\0\0\x23iinf\0\0\0\0\0\1" "\0\0\0\x15infe\2\0\0\0\0\7\0\0" "Exif\0"
                   "\0\0\0\x1eiloc\0\0\0\0\x44\0\0\1\0\7\0\0\0\1\0\0\0\x65\0\0\0\5"
                   "\0\0\0\x14mdatplacepicture";

    CHECK(BLANKED("image/heic", still));
    sv t = sv_n(still, sizeof(still) - 1);
    size_t at;
    CHECK(!sv_find(t, SV("place"), &at) && sv_find(t, SV("\0\0\0\0\0picture"), &at));
}

TEST(metadata_refuses_what_is_not_built_as_its_kind)
{
    const char *why;
    static const struct { const char *type, *bytes; size_t n; } t[] = {
        {"image/jpeg", "\xff\xd8\xff\xe1\0\xff", 6}, {"image/jpeg", "\xff\xd8" "ab", 4}, {"image/jpeg", "\xff\xd8\xff\xda\0\2abc", 9},
        {"image/png", "\x89PNG\r\n\x1a\n\0\0\xff\xff" "IDAT", 16}, {"image/webp", "RIFF\xff\xff\0\0WEBP", 12}, {"image/gif", "GIF89a", 6},
        {"video/mp4", "\0\0\0\xff" "ftyp", 8}, {"video/mp4", "\0\0\0\1moov\0\0\0\0\0\0\0\4", 16},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        char copy[64];
        memcpy(copy, t[i].bytes, t[i].n);
        why = NULL;
        CHECK_AT(i, !blanked(t[i].type, copy, t[i].n, &why) && why);
    }
    CHECK(metadata_known(SV("image/jpeg")) && !metadata_known(SV("application/pdf")) && !metadata_known(SV("text/plain")));
}

TEST(metadata_counts_frames_without_decoding_them)
{
    static const char gif[] = "GIF89a\2\0\2\0\x80\0\0\0\0\0\xff\xff\xff" "\x21\xf9\4\0\0\0\0\0" "\x2c\0\0\0\0\2\0\2\0\0\2\2\xff\xff\0" "\x2c\0\0\0\0\2\0\2\0\x80" "abcdef\2\1\xff\0" "\x3b";
    static const char webp[] = "RIFF\x28\0\0\0WEBP" "ANIM\0\0\0\0" "ANMF\2\0\0\0xx" "ANMF\1\0\0\0x\0" "ANMF\0\0\0\0";
    static const struct { const char *type, *bytes; size_t n, frames; } t[] = {
        {"image/gif", gif, sizeof(gif) - 1, 2}, {"image/webp", webp, sizeof(webp) - 1, 3},
    };

    for (size_t i = 0; i < COUNT(t); i++) {
        struct arena *a = arena_new(4096);
        sv file = sv_n(t[i].bytes, t[i].n);
        struct source s = source_of_bytes(&file);
        struct patches found;
        const char *why;
        CHECK_AT(i, metadata_find(a, sv_c(t[i].type), &s, &found, &why));
        CHECK_INT_AT(i, found.frames, t[i].frames);
        arena_free(&a);
    }
}
