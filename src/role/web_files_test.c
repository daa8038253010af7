/* role/web_files_test.c: every packed file is found by its own path, and nothing by another. */
#include "base/test.h"
#include "role/web_files.h"

TEST(web_files_are_found)
{
    for (size_t i = 0; i < web_files_count; i++) {
        const struct web_file *f = web_file_find(sv_c(web_files[i].path));

        CHECK_AT(i, f == &web_files[i]);
        CHECK_AT(i, f && f->plain_n > 0 && f->path[0] == '/' && f->etag[0] == '"');
        if (i > 0)
            CHECK_AT(i, sv_compare(sv_c(web_files[i - 1].path), sv_c(web_files[i].path)) < 0);
    }
    CHECK(web_file_find(SV("")) == NULL);
    CHECK(web_file_find(SV("/no such file")) == NULL);
    CHECK(web_file_find(SV("/index.htm")) == NULL);
}
