/* svc/talk/later.c: what waits for its moment, and what is kept at hand. */
#include "svc/talk/later.h"
#include "base/rand.h"
#include "svc/talk/later_sql.h"
#include "svc/talk/message.h"
#include "svc/talk/place.h"
#include "svc/talk/read.h"
#include "svc/talk/room_sql.h"
#include "svc/talk/talk_sql.h"

#include <stdatomic.h>
#include <string.h>

static bool due_right(struct ctx *x, int64_t due_ms)
{
    return (due_ms > x->now_ms && due_ms <= x->now_ms + TALK_LATER_AHEAD_MS) ||
           fail_field(&x->failure, "due", "past, or more than a year ahead");
}

/* The tenant's clock looks again no later than then. */
static bool add(struct ctx *x, struct later *l)
{
    int64_t now = atomic_load(&x->tenant->due_ms);

    l->id = rand_id();
    l->failed = SV("");
    while (l->due_ms < now && !atomic_compare_exchange_weak(&x->tenant->due_ms, &now, l->due_ms))
        continue;
    return later_sql_add(x, l);
}

static bool place_left(struct ctx *x)
{
    int64_t n;

    return later_sql_count(x, &n) && (n < TALK_LATER_MAX || fail_field(&x->failure, "due", "%d things wait already", TALK_LATER_MAX));
}

/* The member writes in this room, as one who posts there now would have to. */
static bool may_write(struct ctx *x, id64 room)
{
    struct room r;

    if (!talk_room_find(x, room, &r))
        return false;
    return r.kind != ROOM_NOTICE || fail(&x->failure, E_DENIED, "nobody writes among service notices");
}

bool talk_later_message(struct ctx *x, struct later *l, bool *repeat)
{
    struct laters same = {0};
    struct message m = {.room = l->room, .author = x->actor.member, .text = l->text, .content = l->content};
    bool sent;

    if (!later_sql_by_key(x, l->key, &same))
        return false;
    *repeat = same.n > 0;
    if (*repeat) {
        if (same.v[0].room.n != l->room.n || same.v[0].due_ms != l->due_ms || !sv_equal(same.v[0].text, l->text))
            return fail(&x->failure, E_KEY_REUSED, "another one under this key");
        *l = same.v[0];
        return true;
    }
    memcpy(m.key, l->key, sizeof(m.key));
    if (!talk_posted(x, &m, &sent))
        return false;
    if (sent)
        return fail(&x->failure, E_KEY_REUSED, "sent already");
    m.text = l->text;
    l->kind = LATER_MESSAGE;
    l->member = x->actor.member;
    return may_write(x, l->room) && due_right(x, l->due_ms) && talk_mentions_right(x, &m) && place_left(x) && add(x, l);
}

bool talk_later_remind(struct ctx *x, id64 message, int64_t due_ms, struct later *l)
{
    *l = (struct later){.kind = LATER_REMINDER, .member = x->actor.member, .room = talk_room_of(message), .message = message,
                        .due_ms = due_ms, .text = SV("")};
    return due_right(x, due_ms) && later_sql_unremind(x, message) && place_left(x) && add(x, l);
}

bool talk_later_deadline(struct ctx *x, const struct message *m)
{
    struct later l = {.kind = LATER_DEADLINE, .member = m->author, .room = m->room, .message = talk_message_id(m->room, m->seq),
                      .due_ms = m->deadline_ms, .text = SV("")};

    return m->deadline_ms <= x->now_ms || add(x, &l);
}

bool talk_later_delete(struct ctx *x, id64 later)
{
    return later_sql_delete(x, later);
}

bool talk_later_list(struct ctx *x, struct laters *out)
{
    return later_sql_list(x, out);
}

bool talk_later_find(struct ctx *x, id64 later, struct later *out)
{
    struct laters one = {0};

    if (!later_sql_find(x, later, &one))
        return false;
    if (one.n == 0 || one.v[0].member.n != x->actor.member.n || one.v[0].kind == LATER_DEADLINE)
        return fail(&x->failure, E_NOT_FOUND, "nothing of the caller's waits under this id");
    *out = one.v[0];
    return true;
}

/* ---- the moment ---- */

static bool send(struct ctx *x, const struct later *l)
{
    struct message m = {.room = l->room, .author = l->member, .kind = MESSAGE_TEXT, .text = l->text, .content = l->content};
    bool repeat;

    memcpy(m.key, l->key, sizeof(m.key));
    return talk_publish(x, &m, &repeat);
}

/* Nothing of the words: the message may have been taken back since, or is before somebody's history. */
static bool remind(struct ctx *x, const struct later *l)
{
    struct message m;
    struct room r;

    if (!talk_message(x, l->room, talk_seq_of(l->message), &m) || !talk_room_find(x, l->room, &r))
        return false;
    const char *open = r.name.n ? "「" : "", *close = r.name.n ? "」" : "";
    sv ja = sv_printf(x->arena, "リマインダー: %s%.*s%sのメッセージを確認する時間です。", open, SV_ARG(r.name.n ? r.name : SV("トーク")), close);
    sv en = sv_printf(x->arena, "Reminder: it is time to look at a message%s%.*s.", r.name.n ? " in " : "", SV_ARG(r.name));
    return m.gone_ms != 0 || talk_notice_about(x, l->member, ja, en, l->message);
}

/* Those who have not read it are told once more; that nobody is left, or that a reminder went out just now, is well. */
static bool deadline(struct ctx *x, const struct later *l)
{
    int64_t n;

    if (talk_remind(x, l->message, &n))
        return n == 0 || (audit(x, AUDIT_REMIND, l->message, SV_NONE), true);
    if (x->failure.code != E_TOO_MANY)
        return false;
    failure_clear(&x->failure);
    return true;
}

static bool carry_out(struct ctx *x, const struct later *l)
{
    bool active;

    x->actor = (struct actor){.member = l->member};
    if (!room_sql_active(x, l->member, &active))
        return false;
    if (!active)
        return fail(&x->failure, E_SUSPENDED, "its member is suspended or gone");
    bool done = l->kind == LATER_MESSAGE ? send(x, l) : l->kind == LATER_REMINDER ? remind(x, l) : deadline(x, l);
    return done && later_sql_delete(x, l->id);
}

/* Of a message its author wants to know; the others have lost their sense with what they were about. */
static bool set_aside(struct ctx *x, const struct later *l, enum err code)
{
    return l->kind == LATER_MESSAGE ? later_sql_failed(x, l->id, sv_c(err_def(code)->code)) : later_sql_delete(x, l->id);
}

bool talk_later_due(struct ctx *x, struct due *d)
{
    struct laters two = {0};
    enum err failed = d->failed;

    if (!later_sql_first(x, &two))
        return false;
    if (two.n == 0 || two.v[0].due_ms > x->now_ms) {
        *d = (struct due){.next_ms = two.n ? two.v[0].due_ms : INT64_MAX};
        return true;
    }
    if (two.v[0].id.n != d->what.n)                       /* what failed was dropped meanwhile */
        failed = E_NONE;
    *d = (struct due){.what = two.v[0].id, .next_ms = two.n > 1 ? two.v[1].due_ms : INT64_MAX};
    return failed ? set_aside(x, &two.v[0], failed) : carry_out(x, &two.v[0]);
}

/* ---- kept at hand ---- */

bool talk_draft(struct ctx *x, id64 room, sv text)
{
    return draft_sql_put(x, room, text);
}

bool talk_drafts(struct ctx *x, struct drafts *out)
{
    return draft_sql_list(x, out);
}

bool talk_save(struct ctx *x, id64 message, bool on)
{
    int64_t n;

    if (on && (!saved_sql_count(x, &n) || (n >= TALK_SAVED_MAX && !fail_field(&x->failure, "on", "%d are saved already", TALK_SAVED_MAX))))
        return false;
    return saved_sql_put(x, message, on);
}

bool talk_saved(struct ctx *x, struct messages *out)
{
    struct list ids = {0};

    if (!saved_sql_ids(x, &ids))
        return false;
    for (size_t i = 0; i < ids.n; i++) {
        id64 id = ((const id64 *)ids.v)[i];
        struct message m;
        if (talk_message(x, talk_room_of(id), talk_seq_of(id), &m)) {
            if (!m.gone_ms)
                *PUSH(x->arena, out) = m;
        } else if (x->failure.code == E_NOT_FOUND) {
            failure_clear(&x->failure);                   /* of a room that was left, erased, or deleted for oneself */
        } else {
            return false;
        }
    }
    return true;
}
