/* api/checked.c: what follows from what the scanner for malware says: rooms are told, and people where malware was found. */
#include "api/stored.h"
#include "api/tried.h"
#include "svc/account/account.h"
#include "svc/talk/message.h"
#include "svc/talk/place.h"

#define TOLD_MS 600000                                    /* of one member's uploads */

/* "「設計部」", " in Design": the room as the member sees it; "": it is not in it any more. */
static bool room_of(struct ctx *x, id64 room, id64 member, sv *ja, sv *en)
{
    struct room r;

    *ja = *en = SV("");
    if (!talk_room_seen_by(x, room, member, &r)) {
        if (x->failure.code != E_NOT_FOUND)
            return false;
        failure_clear(&x->failure);
        return true;
    }
    *ja = sv_printf(x->arena, "トークルーム「%.*s」の", SV_ARG(r.name));
    *en = sv_printf(x->arena, " in %.*s", SV_ARG(r.name));
    return true;
}

static bool tell_sender(struct ctx *x, const struct stored *s, bool refused)
{
    sv ja, en;

    if (!room_of(x, s->room, s->made_by, &ja, &en))
        return false;
    return talk_notice_in(
        x, s->made_by,
        sv_printf(x->arena, "%.*sファイル「%.*s」からウイルスが見つかったため、%s。"
                            "ファイルを作成した端末でウイルスチェックを行い、管理者に連絡してください。%s", SV_ARG(ja), SV_ARG(s->name),
                  refused ? "送信しませんでした" : "だれも開けないようにしました",
                  refused ? "" : "すでに保存した人には、開かずに削除するよう伝えてください。"),
        sv_printf(x->arena, "Malware was found in your file %.*s%.*s, so %s. Please check the device it came from, and tell your "
                            "administrator.%s", SV_ARG(s->name), SV_ARG(en), refused ? "it was not sent" : "nobody can open it any more",
                  refused ? "" : " Please ask those who have saved it to delete it unopened."));
}

static bool tell_keepers(struct ctx *x, const struct stored *s, const struct scan_found *found, bool refused)
{
    sv who = member_called(x, s->made_by);
    sv ja = sv_printf(x->arena, "%.*s さんが%sファイル「%.*s」からウイルス(%.*s)が見つかりました。%s"
                                "端末のウイルスチェックを本人に確認してください。記録は管理者画面の「監査」の「ファイル」にあります。",
                      SV_ARG(who), refused ? "送ろうとした" : "送った", SV_ARG(s->name), SV_ARG(found->name),
                      refused ? "ファイルは受け付けていません。" : "ファイルはだれも開けません。");
    sv en = sv_printf(x->arena, "Malware (%.*s) was found in the file %.*s that %.*s %s. %s Please see that the device it came from is "
                                "checked. The record is in the console under Audit, Files.",
                      SV_ARG(found->name), SV_ARG(s->name), SV_ARG(who), refused ? "tried to send" : "sent",
                      refused ? "It was not taken." : "Nobody can open it.");
    struct admins all = {0};

    if (!account_admins(x, M_SECURITY_FILE, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!talk_notice_in(x, all.v[i], ja, en))
            return false;
    return true;
}

/* Who forwarded it has sent it too. The administrators hear of it once. */
static bool tell(struct ctx *x, const struct stored_set *files, const struct scan_found *found)
{
    for (size_t i = 0; i < files->n; i++)
        if (!tell_sender(x, &files->v[i], false))
            return false;
    return files->n == 0 || tell_keepers(x, &files->v[0], found, false);
}

bool file_checked(struct ctx *x, id64 blob, const struct scan_found *found)
{
    struct stored_set changed;

    if (!scan_settle(x, blob, found, &changed))
        return false;
    for (size_t i = 0; i < changed.n; i++)
        if (changed.v[i].message.n && !talk_file_checked(x, changed.v[i].message, changed.v[i].id, sv_c(scan_name(found->state))))
            return false;
    return found->state != SCAN_INFECTED || tell(x, &changed, found);
}

bool file_refused(struct ctx *x, const struct stored *s, const struct scan_found *found)
{
    struct tenant *t = x->tenant;

    if (t->malware_of.n == s->made_by.n && x->now_ms - t->malware_ms < TOLD_MS && x->now_ms >= t->malware_ms)
        return true;
    if (!tell_sender(x, s, true) || !tell_keepers(x, s, found, true))
        return false;
    t->malware_of = s->made_by;
    t->malware_ms = x->now_ms;
    return true;
}
