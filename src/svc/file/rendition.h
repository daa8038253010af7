/* svc/file/rendition.h: pictures that are made of files: a small one for the room, a large one for the screen, pages of a document.
 * Each is a blob of its own; they go with the last file that has the blob they were made of. What a stranger's file holds is read
 * by a process of its own (core/media.h).
 *     rendition_wants() -> rendition_look() on the thread that looks at files -> rendition_keep() on the writer */
#ifndef ENGAWA_SVC_FILE_RENDITION_H
#define ENGAWA_SVC_FILE_RENDITION_H

#include "core/op.h"
#include "core/tenant.h"
#include "store/blob.h"

struct rendition {
    id64 id;                                              /* of its blob */
    enum media_picture kind;
    int64_t page, width, height, size;
    struct secret key;                                    /* until it is kept */
};
struct rendition_set {
    struct rendition *v;
    size_t n, cap;
};

/* What is to be found in a file of this type; 0: nothing, nobody looks at it. `names`: what is in an archive is asked too. */
unsigned rendition_wants(const struct ctx *x, sv type, bool names);
/* Patches of b are applied, pictures stand on the disk. page: of MEDIA_WANT_PAGE; name: of MEDIA_WANT_NAMES, false where such a file
 * may not pass, with its failure in x. */
bool rendition_look(struct ctx *x, const struct blob *b, sv type, unsigned want, int64_t page, bool (*name)(struct ctx *x, sv name),
                    struct media_found *found, struct rendition_set *made);
/* Is it a kind of picture that can be read here? */
bool rendition_pictured(sv type);
/* The small picture that stands for a member or a room, MEDIA_FACE: nothing of it is on the disk. On the thread that looks at files. */
bool rendition_face(struct ctx *x, const struct blob *b, sv type, struct media_found *found);
/* A picture that was made, and lines drawn over the whole of it, as it is for one pair of eyes: nobody keeps it. E_RETRY: they cannot be
 * drawn now. On the thread that looks at files. */
bool rendition_mark(struct ctx *x, const struct blob *b, const struct rendition *of, sv text, sv *out);
/* Writer. One that is there already stays, and the new one is forgotten. */
bool rendition_keep(struct ctx *x, id64 source, const struct rendition_set *made);
bool rendition_drop(struct ctx *x, id64 source);          /* when no file has the source any more; its text too */
/* Writer. What is written in the file, to be searched; empty: nothing. */
bool rendition_text(struct ctx *x, id64 source, sv text);
sv   rendition_words(struct arena *a, sv text);           /* of whatever a stranger's file held: UTF-8 without controls, white space is one space */
bool rendition_find(struct ctx *x, id64 source, enum media_picture kind, int64_t page, struct rendition *out, bool *there);

#endif
