/* svc/file/stored_test.c: what the settings say of files, by the channel of who asks. */
#include "core/core_test.h"
#include "svc/file/stored.h"

/* The apps of phones, native and installed, and no other client; and of their files those alone that they show as pictures. */
TEST(stored_marked_by_channel)
{
    static const struct { const char *type; int64_t width, pages; bool kept_back; } files[] = {
        {"image/png", 10, 0, true}, {"image/gif", 10, 0, true}, {"image/tiff", 0, 0, true}, {"application/pdf", 0, 3, true}, {"application/pdf", 0, 0, true},
        {"video/mp4", 0, 0, false}, {"text/plain", 0, 0, false}, {"application/zip", 0, 0, false}, {"application/octet-stream", 0, 0, false},
    };
    struct fixture *f = fixture_new(false);

    for (int on = 0; on < 2; on++) {
        fixture_setting(f, "file.mobile.watermark", on ? "true" : "false");
        for (int c = CH_NONE; c <= CH_API; c++) {
            bool phone = on && (c == CH_MA || c == CH_MP);
            fixture_call(f);
            f->x.actor.channel = (enum channel)c;
            CHECK_INT_AT(c, stored_marked(&f->x), phone);
            for (size_t i = 0; i < COUNT(files); i++) {
                struct stored s = {.type = sv_c(files[i].type), .width = files[i].width, .pages = files[i].pages};
                failure_clear(&f->x.failure);
                CHECK_INT_AT(i, stored_may_unmarked(&f->x, &s), !(phone && files[i].kept_back));
                CHECK_INT_AT(i, f->x.failure.code, phone && files[i].kept_back ? E_DENIED : E_NONE);
            }
        }
    }
    fixture_free(&f);
}
