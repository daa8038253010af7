/* svc/talk/mattermost_import_fuzz.c: whatever the file, messages are in order, have a sender, fit, answer only what stands
 * before them, none is there twice, and members of rooms are people of the file. */
#include "base/utf8.h"
#include "svc/talk/mattermost_import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    struct chat_import in;
    int64_t messages = 0;

    mattermost_import_read(a, sv_n(p, n), &in);
    for (size_t i = 0; i < in.rooms.n; i++) {
        const struct chat_room *r = &in.rooms.v[i];
        messages += (int64_t)r->messages.n;
        for (size_t k = 0; k < r->members.n; k++)
            if (r->members.v[k] >= in.people.n)
                abort();
        for (size_t k = 0; k < r->messages.n; k++) {
            const struct chat_message *m = &r->messages.v[k];
            if (m->text.n == 0 || m->sender_name.n == 0 || utf8_count(m->text) > CHAT_TEXT_MAX || !utf8_valid(m->text) ||
                !utf8_valid(m->sender_name) || m->at_us <= 0 || (k && m->at_us < m[-1].at_us) || (m->root.n && m->root_us > m->at_us))
                abort();
            if (k && m->at_us == m[-1].at_us && m->part == m[-1].part && sv_equal(m->id, m[-1].id))
                abort();                                  /* two would get one key */
        }
    }
    if (messages != in.counts.messages)
        abort();
    arena_free(&a);
    return 0;
}
