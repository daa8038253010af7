/* svc/talk/message.c: what happens to a message after it was written. */
#include "svc/talk/message.h"
#include "svc/talk/later.h"
#include "svc/talk/message_sql.h"
#include "svc/talk/preview.h"
#include "svc/talk/search_sql.h"
#include "svc/talk/talk_out.h"
#include "svc/talk/talk_sql.h"
#include "svc/talk/url.h"

id64 talk_room_of(id64 message)
{
    return (id64){message.n >> 32};
}

int64_t talk_seq_of(id64 message)
{
    return message.n & UINT32_MAX;
}

static id64 id_of(const struct message *m)
{
    return talk_message_id(m->room, m->seq);
}

/* Who received it is derived: the row holds the version of the room's membership. */
static sv row_detail(struct ctx *x, const struct message *m)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);
    int64_t version = 0;

    if (!talk_room_version(x, m->room, &version))
        return SV_NONE;
    json_open(&j, NULL);
    json_id(&j, "room", m->room);
    json_int(&j, "seq", m->seq);
    json_text(&j, "kind", sv_c(talk_message_kind_name(m->kind)));
    json_int(&j, "membership", version);
    json_close(&j);
    return str_sv(&text);
}

/* The message under which this one stands tells of one more, or of one less. */
static bool tell_root(struct ctx *x, const struct message *m)
{
    struct messages root = {0};

    if (m->thread == 0)
        return true;
    return talk_sql_history(x, m->room, ID_NONE, m->thread, m->thread + 1, 1, &root) &&
           (root.n == 0 || talk_tell_message_changed(x, &root.v[0]));
}

bool talk_publish(struct ctx *x, struct message *m, bool *repeat)
{
    if (!talk_post(x, m, repeat))
        return false;
    if (*repeat)
        return true;
    audit(x, AUDIT_MSG_POST, id_of(m), row_detail(x, m));
    return talk_tell_posted(x, m) && talk_preview_want(x, m) && tell_root(x, m) && (m->deadline_ms == 0 || talk_later_deadline(x, m));
}

bool talk_message_visible(struct ctx *x, id64 message)
{
    struct message m;

    return talk_message(x, talk_room_of(message), talk_seq_of(message), &m);
}

/* The message as it is, where something can be done with it. */
static bool find(struct ctx *x, id64 message, struct message *m)
{
    struct membership me;

    if (!talk_message(x, talk_room_of(message), talk_seq_of(message), m) ||
        !talk_sql_member(x, m->room, x->actor.member, &me))
        return false;
    if (me.kind == ROOM_NOTICE)
        return fail(&x->failure, E_DENIED, "service notices stay as they are");
    if (m->gone_ms || m->kind == MESSAGE_SYSTEM)
        return fail(&x->failure, E_DENIED, "nothing is left of the message, or it is the server's");
    return true;
}

/* Own, and not too old. */
static bool find_own(struct ctx *x, id64 message, struct message *m)
{
    int64_t limit = policy_ms(x->policy, "talk.take_back");

    if (!find(x, message, m))
        return false;
    if (m->author.n != x->actor.member.n)
        return fail(&x->failure, E_DENIED, "another's message");
    if (limit >= 0 && (limit == 0 || x->now_ms > m->sent_ms + limit))
        return fail(&x->failure, E_TOO_LATE, "written %" PRId64 " ms ago", x->now_ms - m->sent_ms);
    return true;
}

/* What was told of it before is not told to those who come back later: this is told instead. */
static bool tell_anew(struct ctx *x, id64 message)
{
    struct messages now = {0};
    int64_t seq = talk_seq_of(message);

    return event_forget(x, message) &&
           talk_sql_history(x, talk_room_of(message), ID_NONE, seq, seq + 1, 1, &now) && now.n == 1 &&
           talk_tell_message_changed(x, &now.v[0]);
}

bool talk_edit(struct ctx *x, id64 message, sv text, struct list mentions)
{
    struct message m;

    if (!find_own(x, message, &m))
        return false;
    if (m.kind != MESSAGE_TEXT)
        return fail(&x->failure, E_DENIED, "only a text is changed");
    m.text = text;
    m.content.mentions = mentions;
    m.edited_ms = x->now_ms;
    if (!talk_mentions_right(x, &m) || !message_sql_edit(x, &m) || !search_sql_changed(x, message) ||
        !message_sql_mentions_forget(x, message) || !talk_mentions_put(x, &m))
        return false;
    m.flags = (m.flags & ~(unsigned)MESSAGE_LINKED) | talk_linked(m.kind, m.text);
    audit(x, AUDIT_MSG_EDIT, message, row_detail(x, &m));
    return tell_anew(x, message) && talk_preview_want(x, &m);
}

bool talk_take_back(struct ctx *x, id64 message)
{
    struct message m;

    if (!find_own(x, message, &m))
        return false;
    m.gone_ms = x->now_ms;
    if (!message_sql_empty(x, &m) || !search_sql_changed(x, message) ||
        (m.thread && !message_sql_thread_shrank(x, talk_message_id(m.room, m.thread))))
        return false;
    audit(x, AUDIT_MSG_TAKE_BACK, message, row_detail(x, &m));
    return tell_anew(x, message) && tell_root(x, &m);
}

bool talk_hide(struct ctx *x, id64 message)
{
    struct message m;

    if (!talk_message(x, talk_room_of(message), talk_seq_of(message), &m) || !message_sql_hide(x, message))
        return false;
    audit(x, AUDIT_MSG_HIDE, message, SV_NONE);
    return talk_tell_hidden(x, &m);
}

static bool changed(struct ctx *x, id64 message)
{
    struct messages now = {0};
    int64_t seq = talk_seq_of(message);

    return talk_sql_history(x, talk_room_of(message), ID_NONE, seq, seq + 1, 1, &now) && now.n == 1 &&
           talk_tell_message_changed(x, &now.v[0]);
}

bool talk_react(struct ctx *x, id64 message, sv mark, bool on)
{
    struct message m;
    bool there = false;

    if (!find(x, message, &m))
        return false;
    if (!talk_mark_known(mark))
        return fail_field(&x->failure, "mark", "no mark of the set");
    for (size_t i = 0; i < m.reactions.n; i++)
        there |= sv_equal(m.reactions.v[i].mark, mark);
    if (on && !there && m.reactions.n >= TALK_MARKS_MAX)
        return fail_field(&x->failure, "mark", "%d marks already", TALK_MARKS_MAX);
    audit(x, AUDIT_MSG_REACT, message, row_detail(x, &m));
    return message_sql_reaction(x, message, mark, on) && message_sql_flag(x, message, MESSAGE_REACTED) &&
           changed(x, message);
}

static bool find_poll(struct ctx *x, id64 message, struct message *m, const struct talk_poll **poll)
{
    if (!find(x, message, m))
        return false;
    *poll = m->content.poll.v;
    if (!*poll || (*poll)->closed)
        return fail(&x->failure, E_DENIED, "no open poll");
    return true;
}

bool talk_vote(struct ctx *x, id64 message, const int64_t *choices, size_t n)
{
    const struct talk_poll *poll;
    struct message m;

    if (!find_poll(x, message, &m, &poll))
        return false;
    if (n > 1 && !poll->many)
        return fail_field(&x->failure, "votes", "one may be chosen");
    if (!message_sql_votes_forget(x, message))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (choices[i] < 0 || (size_t)choices[i] >= poll->choices.n)
            return fail_field(&x->failure, "votes", "there is no choice %" PRId64, choices[i]);
        if (!message_sql_vote(x, message, choices[i]))
            return false;
    }
    audit(x, AUDIT_POLL_VOTE, message, row_detail(x, &m));
    return message_sql_flag(x, message, MESSAGE_VOTED) && changed(x, message);
}

bool talk_poll_close(struct ctx *x, id64 message)
{
    const struct talk_poll *poll;
    struct talk_poll closed;
    struct message m;

    if (!find_poll(x, message, &m, &poll))
        return false;
    if (m.author.n != x->actor.member.n)
        return fail(&x->failure, E_DENIED, "another's poll");
    closed = *poll;
    closed.closed = true;
    m.content.poll.v = &closed;
    if (!message_sql_content(x, &m))
        return false;
    audit(x, AUDIT_POLL_CLOSE, message, row_detail(x, &m));
    return changed(x, message);
}

bool talk_pin(struct ctx *x, id64 message, bool on)
{
    struct messages all = {0};
    struct message m;

    if (!find(x, message, &m))
        return false;
    if (on && !message_sql_pins(x, m.room, 0, &all))
        return false;
    if (on && all.n >= TALK_PINS_MAX)
        return fail_field(&x->failure, "on", "%d pins already", TALK_PINS_MAX);
    if (!message_sql_pin(x, message, on ? x->now_ms : 0, on ? x->actor.member : ID_NONE))
        return false;
    audit(x, AUDIT_MSG_PIN, message, on ? SV("{\"on\":true}") : SV("{\"on\":false}"));
    return changed(x, message);
}

bool talk_forward_to(struct ctx *x, id64 message, struct message *m, bool *repeat)
{
    struct talk_forward *from = ANEW(x->arena, struct talk_forward);
    struct list files = m->content.files;
    struct message source;

    /* Once forwarded it stands, whatever became of the source. */
    if (!talk_posted(x, m, repeat) || *repeat)
        return x->failure.code == E_NONE;
    if (!talk_message(x, talk_room_of(message), talk_seq_of(message), &source))
        return false;
    if (source.gone_ms || source.kind == MESSAGE_SYSTEM)
        return fail(&x->failure, E_DENIED, "nothing that could be forwarded");
    *from = (struct talk_forward){source.author, source.author_name, source.sent_ms};
    m->kind = source.kind;
    m->text = source.text;
    m->author_name = SV("");
    m->content = source.content;
    m->content.mentions = (struct list){0};
    m->content.files = files;
    if (!source.content.forward.v)
        m->content.forward.v = from;
    if (source.content.poll.v) {
        struct talk_poll *poll = ANEW(x->arena, struct talk_poll);
        *poll = *(const struct talk_poll *)source.content.poll.v;
        poll->closed = false;                             /* asked anew */
        m->content.poll.v = poll;
    }
    return talk_publish(x, m, repeat);
}

static bool member_of(struct ctx *x, id64 room, struct membership *me)
{
    if (room.n > INT32_MAX || !talk_sql_member(x, room, x->actor.member, me))
        return fail(&x->failure, E_NOT_FOUND, "room %" PRId64 " is not there", room.n);
    return true;
}

bool talk_pins(struct ctx *x, id64 room, struct messages *out)
{
    struct membership me;

    return member_of(x, room, &me) && message_sql_pins(x, room, me.first_seq, out);
}

bool talk_thread(struct ctx *x, id64 root, int64_t before, int64_t limit, struct messages *out, bool *more)
{
    if (!talk_message_visible(x, root) || !message_sql_thread(x, root, before ? before : UINT32_MAX, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool talk_taken_back_since(struct ctx *x, id64 room, int64_t upto, int64_t since_ms, bool *any)
{
    return message_sql_gone_since(x, room, upto, since_ms, any);
}

bool talk_history_after(struct ctx *x, id64 room, int64_t after, int64_t limit, struct messages *out, bool *newer)
{
    struct membership me;

    if (!member_of(x, room, &me))
        return false;
    if (after < me.first_seq - 1)
        after = me.first_seq - 1;
    if (!message_sql_after(x, room, after, limit + 1, out))
        return false;
    *newer = (int64_t)out->n > limit;
    out->n -= *newer;
    for (size_t i = 0; i < out->n / 2; i++) {
        struct message m = out->v[i];
        out->v[i] = out->v[out->n - 1 - i];
        out->v[out->n - 1 - i] = m;
    }
    return true;
}

/* ---- files */

static struct list files_with(struct ctx *x, struct list files, id64 file, sv check)
{
    struct talk_file *v = arena_dup(x->arena, files.v, files.n * sizeof(*v));

    for (size_t i = 0; i < files.n; i++)
        if (v[i].id.n == file.n)
            v[i].check = check;
    return (struct list){v, files.n};
}

bool talk_file_checked(struct ctx *x, id64 message, id64 file, sv check)
{
    int64_t seq = talk_seq_of(message);
    struct messages all = {0};

    if (!talk_sql_history(x, talk_room_of(message), ID_NONE, seq, seq + 1, 1, &all))
        return false;
    if (all.n == 0 || all.v[0].gone_ms || all.v[0].content.files.n == 0)
        return true;
    struct message *m = &all.v[0];
    m->content.files = files_with(x, m->content.files, file, check);
    return message_sql_content(x, m) && search_sql_changed(x, message) && talk_tell_message_changed(x, m);
}
