/* svc/talk/folder.h: a member's own sorting of its room list. A folder has a name and a place; a room is in one at most.
 * Nobody else ever learns of it. All but the list runs on the writer; the member's own devices are told by the caller.
 * Whoever leaves a room takes it out of the folder; a folder that is deleted leaves its rooms in the list. */
#ifndef ENGAWA_SVC_TALK_FOLDER_H
#define ENGAWA_SVC_TALK_FOLDER_H

#include "svc/talk/talk.h"

#define TALK_FOLDERS_MAX     20                           /* of a member */
#define TALK_FOLDER_NAME_MAX 20                           /* characters */

struct folder {
    id64 id;
    sv name;
};
struct folders {
    struct folder *v;
    size_t n, cap;
};

bool talk_folders(struct ctx *x, struct folders *out);    /* the acting member's, in their order */
bool talk_folder_find(struct ctx *x, id64 folder, struct folder *out);     /* E_NOT_FOUND: none, or another's */
/* At the end. E_NAME_TAKEN; E_INVALID_VALUE field "name": blank, or there are TALK_FOLDERS_MAX already. */
bool talk_folder_add(struct ctx *x, sv name, id64 *id);
bool talk_folder_rename(struct ctx *x, id64 folder, sv name);
/* E_CONFLICT: these are not all of the member's, each once: another device has added or deleted one. */
bool talk_folder_order(struct ctx *x, const id64 *ids, size_t n);
bool talk_folder_delete(struct ctx *x, id64 folder);
/* ID_NONE takes it out. E_INVALID_VALUE field "folder": no own one. The member's devices hear room.prefs. */
bool talk_folder_put(struct ctx *x, id64 room, id64 folder);

#endif
