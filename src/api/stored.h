/* api/stored.h: files of talk: what they and their messages have to do with each other. */
#ifndef ENGAWA_API_STORED_H
#define ENGAWA_API_STORED_H

#include "core/op.h"
#include "svc/file/stored.h"

struct upload_in {
    sv name, sha256;
    int64_t size;
};
struct upload_out {
    id64 id;
    sv name, type;
    int64_t size, have, part_max;
    bool ready;
    sv check;
    time64 until;
};
extern const struct schema upload_in, upload_out;
/* Writer. Begins an upload for a message in a room, or of a picture: no room. With its row of the log, also where it is refused. */
bool upload_begin(struct ctx *x, id64 room, const struct upload_in *in, struct upload_out *out);

/* Writer. The files that a message in the room is to have, as its content says them. */
bool files_of_post(struct ctx *x, id64 room, const struct list *ids, struct stored_set *files, struct list *content);
/* Writer. Those of a message, as they are in another room: files of their own. */
bool files_of_forward(struct ctx *x, const struct list *content, id64 room, struct stored_set *files, struct list *copies);

/* Writer. A file was looked at again: its state is kept, its rooms are told, and where malware was found so are those who sent it and
 * the administrators who keep files. */
bool file_checked(struct ctx *x, id64 blob, const struct scan_found *found);
/* Writer. An upload was refused for malware: its sender and the same administrators are told, of one member's once in ten minutes. */
bool file_refused(struct ctx *x, const struct stored *s, const struct scan_found *found);

/* Visibility of objects: a file is seen by who sees its message, as long as the settings keep it; a ticket by its MAC and its
 * session, who is the actor from then on. */
bool file_seen(struct ctx *x, const struct call *c);
bool file_ticket_good(struct ctx *x, const struct call *c);

#endif
