/* core/file.h: files that the server makes or takes and that are read once or twice: logs and lists to download, lists to
 * import. They lie in the tenant's database, sealed, in parts, and live FILE_LIFE_MS.
 *     file_add() -> file_part() … -> file_finish() -> file_find(), file_piece() … until file_forget() erases it
 * Every call but reading belongs to the writer. A file that is over its time is absent for everyone who asks. */
#ifndef ENGAWA_CORE_FILE_H
#define ENGAWA_CORE_FILE_H

#include "core/op.h"

#define FILE_LIFE_MS (7 * INT64_C(86400000))
#define FILE_PART    FILE_PIECE_MAX                       /* bytes of every part but the last */

enum file_kind { FILE_AUDIT = 1, FILE_TALK = 2 };                        /* stored numbers: never renumber */
enum file_state { FILE_MAKING, FILE_READY, FILE_FAILED };

struct file {
    id64 id, made_by;
    enum file_kind kind;
    enum file_state state;
    sv name;                                              /* with its ending */
    sv query;                                             /* what it was made from: JSON; sealed */
    int64_t made_ms, until_ms, rows, size;
    sv hash;                                              /* SHA-256 of its bytes, when it is ready */
};
struct file_set {
    struct file *v;
    size_t n, cap;
};

bool file_add(struct ctx *x, struct file *f);             /* kind, name, query given; the rest is filled */
bool file_part(struct ctx *x, id64 file, int64_t seq, sv bytes);       /* parts 0, 1 … */
bool file_progress(struct ctx *x, id64 file, int64_t rows, int64_t size);
bool file_finish(struct ctx *x, id64 file, enum file_state state, int64_t rows, int64_t size, sv hash);
bool file_restart(struct ctx *x, id64 file);              /* takes its parts away: it is made anew */

bool file_over(struct ctx *x, id64 file);                 /* its time is over now: absent from here on, erased by file_forget() */

bool file_find(struct ctx *x, id64 file, struct file *out);            /* else E_NOT_FOUND */
bool file_list(struct ctx *x, enum file_kind kind, struct file_set *out);   /* newest first */
bool file_in_making(struct ctx *x, struct file_set *out);              /* of every kind */
/* What call.file.piece wants; `file` points to a struct file that is ready. */
bool file_piece(struct ctx *x, void *file, int64_t at, sv *out);

/* How a kind of file is made, in the background: `begin` reads the file's query into *state (both live in the making's
 * arena), `piece` appends some kilobytes of text to `out` and counts their rows, on a reader; `ready` runs on the writer in
 * the transaction that finishes the file. */
struct file_maker {
    enum file_kind kind;
    size_t state_size;
    bool (*begin)(struct ctx *x, const struct file *f, void *state);
    bool (*piece)(struct ctx *x, void *state, struct str *out, int64_t *rows, bool *end);
    bool (*ready)(struct ctx *x, const struct file *f);
    /* May be NULL. `full`: the making goes to the writer before the next piece, though it has little text: to tell how far it is, or for
     * `found`, which keeps in the same transaction what the pieces since have found out. It may be called again for the same pieces. */
    bool (*full)(const void *state);
    bool (*found)(struct ctx *x, const struct file *f, const void *state);
    bool looks;                                           /* pieces read strangers' files: on the thread that looks at those */
};

bool file_forget(struct ctx *x, bool *more);              /* a chore's piece */

#endif
