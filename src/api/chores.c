/* api/chores.c: nightly work, a row each; core/chore.h says how they run. */
#include "api/app.h"
#include "api/group.h"
#include "api/unit_room.h"
#include "base/zone.h"
#include "core/file.h"
#include "svc/account/account.h"
#include "svc/file/stored.h"
#include "svc/monitor/audit_term.h"
#include "svc/org/org.h"
#include "svc/talk/gallery.h"
#include "svc/talk/place.h"
#include "svc/talk/preview.h"
#include "svc/talk/retention.h"
#include "svc/talk/search.h"

/* A shorter term of the audit log is announced to the super admin, who can have it kept elsewhere in time. */
static bool audit_term(struct ctx *x)
{
    int64_t days, from_ms;
    id64 super;

    if (!audit_term_look(x, &days, &from_ms) || days == 0)
        return x->failure.code == E_NONE;
    sv zone = policy_text(x->policy, "tenant.time_zone"), date = date_text(x->arena, zone_day(zone, from_ms));
    if (!audit_term_super(x, &super))
        return false;
    return !super.n ||
           talk_notice_in(x, super,
                          sv_printf(x->arena, "監査ログの保管期間が%" PRId64 "日に短くなります。%.*sから、それより古い記録は消去されます。"
                                              "必要な記録は、それまでに「監査」からダウンロードしてください。", days, SV_ARG(date)),
                          sv_printf(x->arena, "The audit log will be kept for %" PRId64 " days only. From %.*s on, older rows are "
                                              "erased. Download what you need from the audit pages before.", days, SV_ARG(date)));
}

/* clang-format off */
const struct chore chores[] = {
    {.name = "audit.term", .run = audit_term, .doc = "Announces a shorter term of the audit log."},
    {.name = "audit.erase", .piece = audit_term_erase, .doc = "Erases audit rows beyond their term."},
    {.name = "talk.erase", .piece = talk_retention_erase, .doc = "Erases messages beyond talk.retention."},
    {.name = "stored.forget", .piece = stored_forget,
     .doc = "Erases files whose message is gone or too old, uploads that were never sent, and what no row knows."},
    {.name = "talk.links", .piece = talk_links_look, .doc = "Looks through messages of an older store for links, once."},
    {.name = "talk.previews", .piece = talk_preview_forget, .doc = "Forgets pages that members linked to, 90 days after they were fetched."},
    {.name = "search.tidy", .piece = talk_search_tidy, .doc = "Takes what was removed from the search index out of its file."},
    {.name = "file.forget", .piece = file_forget, .doc = "Erases files whose time is over."},
    {.name = "group.erase", .piece = groups_erase, .doc = "Erases groups deleted 30 days ago, with their rooms."},
    {.name = "unit.forget", .piece = unit_forget, .doc = "Erases units deleted 30 days ago, with what was said in them."},
    {.name = "account.nightly", .run = account_nightly,
     .doc = "Forgets setup links that are over, pauses that have ended long ago, and browsers not seen for 180 days."},
    {.name = "member.nightly", .run = org_nightly,
     .doc = "Ends leaves, signs out who is on leave from today, erases members deleted 30 days ago, frees their IDs."},
};
/* clang-format on */
const size_t chore_count = COUNT(chores);
