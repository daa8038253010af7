/* svc/file/stored.h: files that members send: the one way by which bytes come in and go out (FIL-11). The bytes are blobs
 * (store/blob.h), each under a key of its own; a stored file is what one message has of a blob: forwarded, it is another one
 * of the same blob. What belongs to no message any more is erased with the last that had it.
 *     stored_begin() -> stored_part(), stored_took() … -> stored_choose(), stored_attach() with the message
 * Who may see a file follows from its message: the caller asks for that. */
#ifndef ENGAWA_SVC_FILE_STORED_H
#define ENGAWA_SVC_FILE_STORED_H

#include "core/op.h"
#include "core/tenant.h"
#include "store/blob.h"
#include "svc/file/rendition.h"
#include "svc/file/scan.h"

#define STORED_PART_MAX (1024 * 1024)
#define STORED_LIFE_MS  INT64_C(86400000)                 /* of what is unfinished, or in no message */
#define STORED_OPEN_MAX 200                               /* of one member */
#define STORED_FACE_MAX (32 * 1024 * 1024)                /* of a picture that is to stand for a member or a room */
#define STORED_FACE_LIFE_MS INT64_C(3600000)              /* of the upload of one */

/* Stored numbers: never renumber. */
enum stored_state { STORED_COMING = 1, STORED_READY = 2, STORED_SENT = 3 };

struct stored {
    id64 id, blob, room, message, made_by;
    int64_t made_ms, until_ms, size, have;                /* until: 0 once it is in a message */
    enum stored_state state;
    sv name, type, hash;                                  /* hash: SHA-256 as declared */
    enum scan_state scan;                                 /* of its blob */
    sv scan_by;                                           /* with which signatures */
    int64_t width, height, pages;                         /* of a picture as it stands; of a document; 0: neither */
};
struct stored_set {
    struct stored *v;
    size_t n, cap;
};

/* May the acting member's client do this with files of talk at all, and may a file of this name pass? E_DENIED, E_FILE_TYPE. */
bool stored_phone_app(const struct ctx *x);
bool stored_may_upload(struct ctx *x);
bool stored_may_download(struct ctx *x);
/* Does that client see pictures and documents with a text drawn in alone (FIL-03)? Then it does not get them as they are: E_DENIED. */
bool stored_marked(const struct ctx *x);
bool stored_may_unmarked(struct ctx *x, const struct stored *s);
bool stored_name_passes(struct ctx *x, sv name);

/* Writer. room: none for a picture that is to stand for a member or a room. E_TOO_LARGE: of the limit or more; E_QUOTA, E_ROOM_QUOTA: no room
 * is left; E_TOO_MANY: too many unfinished. */
bool stored_begin(struct ctx *x, id64 room, sv name, int64_t size, sv hash_hex, struct stored *out);
bool stored_find(struct ctx *x, id64 file, struct stored *out);            /* else E_NOT_FOUND; of anybody */
bool stored_own(struct ctx *x, id64 file, struct stored *out);             /* begun by the acting member */

/* A part on its way: any one thread, no other part of the file meanwhile. `bytes` go to the disk; with the last of them all is
 * read again and compared with the hash, and where `look` is set stored_look() comes next: it blanks what the camera wrote into the
 * file, makes pictures of it and asks what is in an archive; before that the scanner for malware sees it, where there is one. E_FILE_TYPE: what
 * is limited; E_RETRY: come again. What the scanner refuses goes on to the writer, which drops it: see `refusal`. */
struct stored_part {
    struct stored file;
    int64_t at, n;
    bool last, look;
    sv type;                                              /* of the last one */
    struct scan_found scan;
    enum err refusal;                                     /* by what the scanner said; E_NONE: it may come in */
    sv text;                                              /* what is written in it, to be searched */
    struct rendition_set made;                            /* by stored_look(): on the disk, and of no row yet */
};
bool stored_part(struct ctx *x, id64 file, int64_t at, sv bytes, struct stored_part *out);
bool stored_look(struct ctx *x, struct stored_part *p);   /* the thread that looks at files */
bool stored_took(struct ctx *x, const struct stored_part *p, struct stored *out);   /* writer */
bool stored_cancel(struct ctx *x, id64 file);             /* writer */

/* Pictures that are to stand for a member or a room are never files: a small one is made of them (core/photo.h), and they are gone.
 * An upload of the acting member's that is whole, and that nothing speaks against: E_NOT_FOUND, E_UPLOAD_STATE, and as scan_passes(). */
bool stored_face(struct ctx *x, id64 upload, struct stored *out);
/* The thread that looks at files. What there is to say of it stands in `found`. */
bool stored_face_look(struct ctx *x, const struct stored *s, struct media_found *found);

/* Writer. Those of the list, in its order: ready, of the acting member and of this room; or sent already, for a repeat. */
bool stored_choose(struct ctx *x, id64 room, const id64 *ids, size_t n, struct stored_set *out);
bool stored_attach(struct ctx *x, const struct stored_set *set, id64 message);
/* Ready for another room, of the same bytes; E_ROOM_QUOTA. */
bool stored_copy(struct ctx *x, const struct stored *from, id64 room, struct stored *out);
bool stored_let_go(struct ctx *x, id64 message);          /* the message has no files any more */
bool stored_over(const struct ctx *x, int64_t sent_ms);   /* sent too long ago to be had (talk.file_retention) */
int64_t stored_oldest_ms(const struct ctx *x);            /* sent from then on, it can be had; 0: whenever it was */

/* What call.file.piece wants; `state` is a struct stored_reading, of the request's arena. Ends with the session, and when malware
 * is found. `blob` is that of `of` itself, or of a picture that was made of it. */
struct stored_reading {
    struct blob blob;
    id64 of, session;
    bool far;                                             /* not in the folder: call.file.far */
};
bool stored_open(struct ctx *x, const struct stored *of, id64 blob, id64 session, struct stored_reading *out);
bool stored_piece(struct ctx *x, void *reading, int64_t at, sv *out);

bool stored_forget(struct ctx *x, bool *more);            /* a chore's piece */
/* Files that the database knows and the folder has not, or in another length. Those that lie in the operator's store are no part of it. */
bool stored_missing(struct ctx *x, int64_t *blobs, int64_t *missing);

#endif
