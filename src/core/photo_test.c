/* core/photo_test.c: what the process that reads strangers' files says is believed as far as it keeps to what was asked. */
#include "core/core_test.h"
#include "core/photo.h"

TEST_BOTH(photo_is_what_was_asked_for)
{
    static const struct {
        enum media_verdict verdict;
        size_t shots, bytes;
        enum media_picture kind;
        uint32_t width, height;
        enum err want;
    } t[] = {
        {MEDIA_DONE, 1, 4, MEDIA_FACE, 512, 512, E_NONE},
        {MEDIA_DONE, 1, MEDIA_FACE_BYTES, MEDIA_FACE, 1, 1, E_NONE},
        {MEDIA_DONE, 1, MEDIA_FACE_BYTES + 1, MEDIA_FACE, 1, 1, E_NOT_PICTURE},
        {MEDIA_DONE, 1, 4, MEDIA_FACE, 513, 512, E_NOT_PICTURE},
        {MEDIA_DONE, 1, 4, MEDIA_FACE, 512, 513, E_NOT_PICTURE},
        {MEDIA_DONE, 1, 4, MEDIA_LARGE, 512, 512, E_NOT_PICTURE},
        {MEDIA_DONE, 2, 4, MEDIA_FACE, 512, 512, E_NOT_PICTURE},
        {MEDIA_DONE, 0, 0, MEDIA_FACE, 0, 0, E_NOT_PICTURE},
        {MEDIA_STRANGE, 1, 4, MEDIA_FACE, 512, 512, E_NOT_PICTURE},
        {MEDIA_TOO_MUCH, 0, 0, MEDIA_FACE, 0, 0, E_TOO_LARGE},
    };
    struct photo p;

    for (size_t i = 0; i < COUNT(t); i++) {
        struct media_found found = {.verdict = t[i].verdict, .why = "said so", .shots_n = t[i].shots};
        found.shots[0] = (struct media_shot){.kind = t[i].kind, .width = t[i].width, .height = t[i].height, .bytes = STR_IN(f->a)};
        for (size_t n = 0; n < t[i].bytes; n++)
            str_char(&found.shots[0].bytes, 'x');
        fixture_call(f);
        CHECK_AT(i, photo_made(&f->x, &found, &p) == (t[i].want == E_NONE));
        CHECK_INT_AT(i, f->x.failure.code, t[i].want);
        if (t[i].want == E_NONE)
            CHECK_INT_AT(i, p.bytes.n, t[i].bytes);
        else
            CHECK_STR_AT(i, sv_c(f->x.failure.field), SV("upload"));
    }
}
