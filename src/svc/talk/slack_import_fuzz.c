/* svc/talk/slack_import_fuzz.c: whatever a day's file holds (before the first NUL: users, before the second: channels), messages
 * are in order, have a sender, fit, answer only what stands before them, and no two have the same key. */
#include "base/utf8.h"
#include "svc/talk/slack_import.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_room(struct arena *a, const struct chat_import *in, const struct chat_room *r)
{
    for (size_t i = 0; i < r->messages.n; i++) {
        const struct chat_message *m = &r->messages.v[i];
        if (m->text.n == 0 || m->sender_name.n == 0 || utf8_count(m->text) > CHAT_TEXT_MAX || !utf8_valid(m->text) ||
            !utf8_valid(m->sender_name) || (m->person != CHAT_NONE && m->person >= in->people.n) || m->at_us < 0 ||
            (i && m->at_us < m[-1].at_us) || (m->root.n && m->root_us > m->at_us))
            abort();
        sv key = chat_message_key(a, in->source, 1, m->at_us, m->id, m->part);
        if (key.n != 36 || (i && sv_equal(key, chat_message_key(a, in->source, 1, m[-1].at_us, m[-1].id, m[-1].part))))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena *a = arena_new(4096);
    sv rest = sv_n(p, n), part[3] = {SV("[]"), SV("[]"), SV("[]")};
    struct chat_import in;
    size_t unreadable;

    for (size_t i = 0; i < 2 && sv_find(rest, sv_n("", 1), &(size_t){0}); i++)
        sv_cut(&rest, 0, &part[i]);
    part[2] = rest;
    const struct slack_file files[] = {{SV("users.json"), part[0]}, {SV("channels.json"), part[1]}, {SV("general/1.json"), part[2]}};
    if (slack_import_read(a, files, COUNT(files), &in, &unreadable)) {
        int64_t messages = 0;
        for (size_t i = 0; i < in.rooms.n; i++) {
            check_room(a, &in, &in.rooms.v[i]);
            messages += (int64_t)in.rooms.v[i].messages.n;
        }
        if (messages != in.counts.messages || unreadable > 1)
            abort();
    }
    arena_free(&a);
    return 0;
}
