/* role/file_head_test.c: a file's head is read as it was written, and nothing short, long or unknown is read at all. */
#include "role/file_head.h"

#include "base/test.h"

TEST(file_head_is_read_as_written)
{
    struct file_head h = {.size = 20000000}, back;
    struct str s = {0};

    file_head_add(&h, SV("Content-Type"), SV("text/csv"));
    file_head_add(&h, SV("ETag"), SV("\"1\""));
    file_head_write(&s, &h);
    REQUIRE(file_head_read(str_sv(&s), &back));
    CHECK_INT((int64_t)back.size, 20000000);
    CHECK_INT((int64_t)back.n, 2);
    CHECK_STR(back.headers[0].name, SV("Content-Type"));
    CHECK_STR(back.headers[1].value, SV("\"1\""));
    for (size_t cut = 0; cut < s.n; cut++)
        CHECK_AT(cut, !file_head_read(sv_upto(str_sv(&s), cut), &back));
    str_char(&s, 'x');
    CHECK(!file_head_read(str_sv(&s), &back));
    s.n--;
    s.p[0] = 2;
    CHECK(!file_head_read(str_sv(&s), &back));
    s.p[0] = 1;
    s.p[9] = FILE_HEADERS_MAX + 1;
    CHECK(!file_head_read(str_sv(&s), &back));
    str_reset(&s);
    file_head_write(&s, &(struct file_head){.size = FILE_SIZE_MAX + 1});
    CHECK(!file_head_read(str_sv(&s), &back));
    str_release(&s);
}
