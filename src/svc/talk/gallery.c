/* svc/talk/gallery.c: rules of the gallery. */
#include "svc/talk/gallery.h"
#include "svc/talk/gallery_sql.h"
#include "svc/talk/message_sql.h"
#include "svc/talk/retention.h"
#include "svc/talk/talk_sql.h"
#include "svc/talk/url.h"

#define PIECE 500                                         /* messages: some milliseconds */

static bool is_photo(sv type)
{
    return sv_starts(type, SV("image/")) || sv_starts(type, SV("video/"));
}

static struct gallery_thing *add(struct ctx *x, const struct message *m, struct gallery_things *out)
{
    struct gallery_thing *t = PUSH(x->arena, out);

    *t = (struct gallery_thing){.author = m->author, .author_name = m->author_name, .seq = m->seq, .sent_ms = m->sent_ms, .url = SV("")};
    return t;
}

static void add_files(struct ctx *x, const struct message *m, bool photos, struct gallery_things *out)
{
    const struct talk_file *v = m->content.files.v;

    for (size_t i = 0; i < m->content.files.n; i++)
        if (is_photo(v[i].type) == photos)
            add(x, m, out)->file = &v[i];
}

static void add_links(struct ctx *x, const struct message *m, struct gallery_things *out)
{
    size_t first = out->n, at = 0;

    for (sv url; out->n < first + TALK_LINKS_MAX && talk_url_next(m->text, &at, &url);) {
        bool there = false;
        for (size_t i = first; i < out->n; i++)
            there |= sv_equal(out->v[i].url, url);
        if (!there)
            add(x, m, out)->url = url;
    }
}

bool talk_gallery(struct ctx *x, id64 room, const struct gallery_question *q, struct gallery_things *out, int64_t *next)
{
    struct gallery_question seen = *q;
    int64_t oldest = talk_oldest_ms(x);
    struct messages page = {0};
    struct membership me;

    *next = 0;
    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, &me))
        return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
    seen.from_ms = seen.from_ms > oldest ? seen.from_ms : oldest;
    if (!gallery_sql_messages(x, room, me.first_seq, &seen, &page))
        return false;
    for (size_t i = 0; i < page.n; i++) {
        if (out->n >= q->limit || i == q->limit) {
            *next = page.v[i - 1].seq;
            break;
        }
        if (q->kind == GALLERY_LINK)
            add_links(x, &page.v[i], out);
        else
            add_files(x, &page.v[i], q->kind == GALLERY_PHOTO, out);
    }
    return true;
}

bool talk_links_look(struct ctx *x, bool *more)
{
    struct messages piece = {0};
    id64 upto;

    *more = false;
    if (!gallery_sql_looked(x, &upto) || upto.n == INT64_MAX || !gallery_sql_unlooked(x, upto, PIECE, &piece))
        return x->failure.code == E_NONE;
    for (size_t i = 0; i < piece.n; i++) {
        const struct message *m = &piece.v[i];
        upto = talk_message_id(m->room, m->seq);
        if (!(m->flags & MESSAGE_LINKED) && talk_linked(m->kind, m->text) && !message_sql_flag(x, upto, MESSAGE_LINKED))
            return false;
    }
    *more = piece.n == PIECE;
    return gallery_sql_looked_set(x, *more ? upto : (id64){INT64_MAX});
}
