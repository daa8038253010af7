/* api/unit_change.h: what an edit of a unit changed: for the audit row with old and new value, for the notice by label.
 *     unit_note_changes() → audit(…, unit_changes_detail()) → the change itself → unit_tell_members() */
#ifndef ENGAWA_API_UNIT_CHANGE_H
#define ENGAWA_API_UNIT_CHANGE_H

#include "svc/org/unit.h"

struct unit_change {
    const char *key, *ja, *en;
    sv old, new;
};
struct unit_changes {
    struct unit_change *v;
    size_t n, cap;
};

int64_t unit_functions_sum(bool talk, bool note, bool event, bool task, bool folder);
void unit_note_changes(struct ctx *x, struct unit_changes *c, const struct unit *before, const struct unit *after);
sv   unit_changes_detail(struct ctx *x, const struct unit_changes *c);
/* Writer. One notice to each member of the unit for all that one save changed, where the unit says so. */
bool unit_tell_members(struct ctx *x, const struct unit *u, const struct unit_changes *c);

#endif
