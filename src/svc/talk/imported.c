/* svc/talk/imported.c: reactions, votes, pins and states of reading of a saved history. */
#include "svc/talk/imported.h"
#include "svc/talk/message_sql.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"

static id64 id_of(const struct message *m)
{
    return talk_message_id(m->room, m->seq);
}

/* As it stands now, whoever may see it. */
static bool current(struct ctx *x, id64 room, int64_t seq, struct message *out)
{
    struct messages one = {0};

    if (!talk_sql_history(x, room, ID_NONE, seq, seq + 1, 1, &one))
        return false;
    if (one.n)
        *out = one.v[0];
    return one.n == 1;                                    /* else it is beyond its period: nobody is told */
}

bool talk_import_thread(struct ctx *x, id64 room, sv key, int64_t *seq)
{
    struct message root = {0};

    if (!talk_import_reply(x, room, key, seq))
        return false;
    if (current(x, room, *seq, &root) && root.thread)
        return fail_field(&x->failure, "thread_key", "the message stands in a thread itself");
    return x->failure.code == E_NONE;
}

static bool exists(struct ctx *x, id64 member, const char *field)
{
    return talk_sql_member_exists(x, member) ||
           (x->failure.code == E_NONE && fail_field(&x->failure, field, "no member %" PRId64, member.n));
}

bool talk_import_reactions(struct ctx *x, const struct message *m, const struct talk_import_answer *v, size_t n)
{
    int64_t at_ms = m->sent_ms;

    if (n > TALK_MARKS_MAX)
        return fail_field(&x->failure, "reactions", "more than %d marks", TALK_MARKS_MAX);
    for (size_t i = 0; i < n; i++) {
        const id64 *who = v[i].members.v;
        if (!talk_mark_known(v[i].mark))
            return fail_field(&x->failure, "reactions", "no mark of the set");
        for (size_t k = 0; k < v[i].members.n; k++)       /* in this order, as nobody knows when */
            if (!exists(x, who[k], "reactions") || !message_sql_reacted(x, id_of(m), who[k], v[i].mark, ++at_ms))
                return false;
    }
    return n == 0 || message_sql_flag(x, id_of(m), MESSAGE_REACTED);
}

static bool voted_before(const struct talk_import_answer *v, size_t n, id64 who)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v[i].members.n; k++)
            if (((const id64 *)v[i].members.v)[k].n == who.n)
                return true;
    return false;
}

bool talk_import_votes(struct ctx *x, const struct message *m, const struct talk_import_answer *v, size_t n)
{
    const struct talk_poll *poll = m->content.poll.v;
    int64_t at_ms = m->sent_ms;

    if (n && !poll)
        return fail_field(&x->failure, "votes", "it is no poll");
    for (size_t i = 0; i < n; i++) {
        const id64 *who = v[i].members.v;
        if (v[i].choice < 0 || (size_t)v[i].choice >= poll->choices.n)
            return fail_field(&x->failure, "votes", "there is no choice %" PRId64, v[i].choice);
        for (size_t k = 0; k < v[i].members.n; k++) {
            if (!poll->many && voted_before(v, i, who[k]))
                return fail_field(&x->failure, "votes", "one may be chosen");
            if (!exists(x, who[k], "votes") || !message_sql_voted(x, id_of(m), who[k], v[i].choice, ++at_ms))
                return false;
        }
    }
    return n == 0 || message_sql_flag(x, id_of(m), MESSAGE_VOTED);
}

bool talk_import_pin(struct ctx *x, const struct message *m, id64 by)
{
    return exists(x, by, "pinned_by") && message_sql_pin(x, id_of(m), m->sent_ms, by);
}

bool talk_import_told(struct ctx *x, const struct message *m)
{
    struct message now = *m;

    if (current(x, m->room, m->seq, &now) && !talk_tell_posted(x, &now))
        return false;
    if (m->thread && x->failure.code == E_NONE && current(x, m->room, m->thread, &now))
        return talk_tell_message_changed(x, &now);
    return x->failure.code == E_NONE;
}

bool talk_import_read(struct ctx *x, id64 room, id64 member, sv key)
{
    struct membership of;
    int64_t seq = 0;

    if (room.n > INT32_MAX || !talk_sql_member(x, room, member, &of))
        return x->failure.code == E_NONE && fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
    return (key.n == 0 || talk_import_reply(x, room, key, &seq)) && talk_sql_read_up_to(x, room, member, seq);
}
