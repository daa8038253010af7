/* base/image_test.c: pictures as programs write them (test/corpus/image), and what is done to them to deceive. */
#include "base/image.h"
#include "base/test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static sv file(struct arena *a, const char *name)
{
    struct str s = STR_IN(a);
    sv path = sv_printf(a, "test/corpus/image/%s", name);
    FD fd = open(sv_cstr(a, path), O_RDONLY | O_CLOEXEC);
    char *room = str_room(&s, 8192);
    ssize_t n = fd < 0 ? -1 : read(fd, room, 8192);

    str_grew(&s, n > 0 ? (size_t)n : 0);
    return str_sv(&s);
}

/* The file with the bytes at `at` replaced by `put`. */
static sv with(struct arena *a, sv bytes, size_t at, sv put)
{
    struct str s = STR_IN(a);

    str_put(&s, sv_upto(bytes, at));
    str_put(&s, put);
    str_put(&s, sv_from(bytes, at + put.n));
    return str_sv(&s);
}

static bool takes(struct arena *a, sv bytes, struct image *im)
{
    const char *why = NULL;
    bool ok = image_read(a, bytes, im, &why);

    CHECK(ok == (why == NULL));
    return ok;
}

TEST(image_kinds_and_sizes)
{
    static const struct { const char *name; enum image_type type; uint32_t width, height; } t[] = {
        { "png-rgb", IMAGE_PNG, 12, 9 },          { "png-rgba", IMAGE_PNG, 7, 5 },         { "png-palette", IMAGE_PNG, 8, 8 },
        { "png-text", IMAGE_PNG, 6, 6 },          { "jpeg-baseline", IMAGE_JPEG, 16, 16 }, { "jpeg-gray", IMAGE_JPEG, 16, 16 },
        { "jpeg-progressive", IMAGE_JPEG, 16, 16 }, { "jpeg-exif", IMAGE_JPEG, 16, 24 },   { "webp-lossy", IMAGE_WEBP, 10, 14 },
        { "webp-lossless", IMAGE_WEBP, 10, 14 },  { "webp-alpha", IMAGE_WEBP, 10, 14 },    { "webp-exif", IMAGE_WEBP, 10, 14 },
    };
    struct arena *a = arena_new(4096);

    for (size_t i = 0; i < COUNT(t); i++) {
        struct image im, again;
        CHECK_AT(i, takes(a, file(a, t[i].name), &im));
        CHECK_INT_AT(i, im.type, t[i].type);
        CHECK_INT_AT(i, im.width, t[i].width);
        CHECK_INT_AT(i, im.height, t[i].height);
        CHECK_AT(i, takes(a, im.bytes, &again));
        CHECK_STR_AT(i, again.bytes, im.bytes);
    }
    arena_free(&a);
}

/* What is not picture is dropped; what is picture stays byte by byte. */
TEST(image_keeps_nothing_of_the_person)
{
    static const char *const plain[] = { "png-rgb", "png-rgba", "png-palette", "jpeg-baseline", "jpeg-progressive", "jpeg-gray",
                                         "webp-lossy", "webp-lossless", "webp-alpha" };
    static const char *const telling[] = { "png-text", "jpeg-exif", "webp-exif" };
    struct arena *a = arena_new(4096);
    struct image im;

    for (size_t i = 0; i < COUNT(plain); i++) {
        sv bytes = file(a, plain[i]);
        CHECK_AT(i, takes(a, bytes, &im));
        CHECK_STR_AT(i, im.bytes, bytes);
    }
    for (size_t i = 0; i < COUNT(telling); i++) {
        sv bytes = file(a, telling[i]);
        CHECK_AT(i, sv_find(bytes, SV("canary"), NULL));
        CHECK_AT(i, takes(a, bytes, &im));
        CHECK_AT(i, !sv_find(im.bytes, SV("canary"), NULL));
        CHECK_AT(i, im.bytes.n < bytes.n);
    }
    arena_free(&a);
}

TEST(image_refuses)
{
    static const char *const whole[] = { "png-rgb", "jpeg-baseline", "jpeg-progressive", "webp-lossy", "webp-lossless", "webp-alpha" };
    static const sv never[] = {
        SV(""), SV("\x89PNG\r\n\x1a\n"), SV("\xff\xd8"), SV("\xff\xd8\xff\xd9"), SV("RIFF"), SV("RIFF\x04\0\0\0WEBP"),
        SV("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), SV("<!doctype html><script>alert(1)</script>"), SV("%PDF-1.7"), SV("BM"),
    };
    struct arena *a = arena_new(4096);
    struct image im;

    for (size_t i = 0; i < COUNT(never); i++)
        CHECK_AT(i, !takes(a, never[i], &im));
    CHECK(!takes(a, file(a, "gif"), &im));
    CHECK(!takes(a, file(a, "webp-moving"), &im));
    for (size_t i = 0; i < COUNT(whole); i++) {
        sv bytes = file(a, whole[i]);
        struct str more = STR_IN(a);
        for (size_t n = 0; n < bytes.n; n++)              /* cut anywhere */
            CHECK_AT(n, !takes(a, sv_upto(bytes, n), &im));
        str_put(&more, bytes);
        str_put(&more, SV("<script>"));
        CHECK_AT(i, !takes(a, str_sv(&more), &im));
    }
    arena_free(&a);
}

TEST(image_refuses_what_does_not_fit_together)
{
    struct arena *a = arena_new(4096);
    sv png = file(a, "png-rgb"), jpeg = file(a, "jpeg-baseline"), alpha = file(a, "webp-alpha"), lossy = file(a, "webp-lossy");
    struct image im;
    size_t at;

    CHECK(!takes(a, with(a, png, 16, SV("\0\0\0\0")), &im));          /* width 0, and the checksum is wrong with it */
    CHECK(!takes(a, with(a, png, 12, SV("IHDX")), &im));
    CHECK(!takes(a, with(a, png, png.n - 1, SV("\0")), &im));         /* checksum of the end */
    REQUIRE(sv_find(jpeg, SV("\xff\xc0"), &at));
    CHECK(!takes(a, with(a, jpeg, at, SV("\xff\xc3")), &im));         /* a coding that browsers do not show */
    CHECK(!takes(a, with(a, jpeg, at + 5, SV("\0\0")), &im));         /* height 0 */
    CHECK(takes(a, with(a, jpeg, at + 5, SV("\xff\xff")), &im));
    CHECK_INT(im.height, 65535);
    REQUIRE(sv_find(jpeg, SV("\xff\xda"), &at));
    CHECK(!takes(a, with(a, jpeg, at, SV("\xff\xe5")), &im));         /* no scan */
    CHECK(!takes(a, with(a, alpha, 24, SV("\x10")), &im));            /* the canvas is another size */
    CHECK(!takes(a, with(a, alpha, 20, SV("\x12")), &im));            /* says that it moves */
    CHECK(!takes(a, with(a, lossy, 4, SV("\xff\xff\xff\x7f")), &im));
    CHECK(!takes(a, with(a, lossy, 16, SV("\xff\xff\xff\xff")), &im));
    arena_free(&a);
}

TEST(image_media_types)
{
    enum image_type t;

    CHECK(image_type_find(SV("image/jpeg"), &t) && t == IMAGE_JPEG);
    CHECK(image_type_find(SV("image/webp"), &t) && t == IMAGE_WEBP);
    CHECK(!image_type_find(SV("image/svg+xml"), &t));
    CHECK(!image_type_find(SV(""), &t));
    CHECK_STR(sv_c(image_media_type(IMAGE_PNG)), SV("image/png"));
    CHECK_STR(sv_c(image_media_type(IMAGE_NONE)), SV(""));
}
