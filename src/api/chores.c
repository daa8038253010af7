/* api/chores.c: nightly work, a row each; core/chore.h says how they run. */
#include "api/app.h"
#include "api/group.h"
#include "api/unit_room.h"
#include "core/file.h"
#include "svc/account/account.h"
#include "svc/org/org.h"

/* clang-format off */
const struct chore chores[] = {
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
