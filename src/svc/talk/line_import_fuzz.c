/* svc/talk/line_import_fuzz.c: whatever the file, each message has a date, is not empty for nothing, fits, and the counts agree. */
#include "base/utf8.h"
#include "svc/talk/line_import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct line_import in;

    if (line_import_read(a, sv_n(p, n), (struct line_names){0}, &in)) {
        for (size_t i = 0; i < in.messages.n; i++) {
            const struct line_message *m = &in.messages.v[i];
            if (m->at.month < 1 || m->at.day < 1 || m->at.hour > 23 || !utf8_valid(m->text) || !utf8_valid(m->sender)
                || utf8_count(m->text) > LINE_TEXT_MAX || m->system != (m->sender.n == 0)
                || line_import_key(a, 1, 1, m).n != 36)
                abort();
        }
        if (in.texts + in.systems != in.messages.n || in.placeholders > in.texts)
            abort();
    }
    arena_free(&a);
    return 0;
}
