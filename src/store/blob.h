/* store/blob.h: files outside the database, in the folder `blobs` of the tenant's own, each under a key of its own that
 * stands sealed in the database: who has the folder alone has nothing, and whose row is gone is gone (doc/formats.md, "Blob").
 *     blob_put() … in order -> blob_whole() -> blob_keep() -> blob_read() … -> blob_erase()
 * Until blob_keep() the file has a temporary name. What a call has written is on the disk when it returns. E_STORAGE_FULL for a
 * full disk; an fsync error ends the process. Two threads may not write one blob at a time; reading is free. Another kind of
 * store has this interface and nothing more. Test points: blob.write blob.synced blob.rename blob.renamed */
#ifndef ENGAWA_STORE_BLOB_H
#define ENGAWA_STORE_BLOB_H

#include "base/failure.h"
#include "base/vec.h"
#include "crypt/hash.h"

#define BLOB_CHUNK 65536                                  /* bytes that are sealed together */
#define BLOB_HEAD  512                                    /* as many of the first bytes as blob_whole() shows */
#define BLOB_FOLDERS 256
#define BLOB_BEGIN 16                                      /* where the first sealed chunk begins in the file */

/* How sealed bytes are read that are not in the folder any more; blocks. n bytes of the blob's file of `size` bytes from `at` on. */
struct blob_far {
    void *to;
    bool (*read)(void *to, id64 id, int64_t size, int64_t at, size_t n, sv *out, struct failure *f);   /* *out: until the next call */
};

struct blob {
    int folder;                                           /* descriptor of the tenant's folder, or AT_FDCWD */
    int64_t tenant;
    id64 id;
    int64_t size;                                         /* of the whole */
    struct secret key;                                    /* 32 bytes, of this blob alone */
    const struct blob_far *far;                           /* NULL: only the folder is looked into */
};

struct blob_ids {
    id64 *v;
    size_t n, cap;
};

/* `at` is a multiple of BLOB_CHUNK, and so is what is written, unless it is the blob's end. What stands there already is
 * replaced: a part that was not acknowledged comes again. */
bool blob_put(const struct blob *b, int64_t at, sv bytes, struct failure *f);
/* Reads all of it from the disk: the hash of what really is there, and its first bytes. */
bool blob_whole(const struct blob *b, struct sha256 *hash, struct str *head, struct failure *f);
bool blob_keep(const struct blob *b, struct failure *f);  /* under its name for good; once more changes nothing */
/* n bytes of a kept one from `at` on become `bytes`, then zeros. On the disk when blob_patched() returns. */
bool blob_patch(const struct blob *b, int64_t at, int64_t n, sv bytes, struct failure *f);
bool blob_patched(const struct blob *b, struct failure *f);
/* 1 … max bytes from `at` on, never beyond a chunk. E_NOT_FOUND: there is no such file; where `far` is given, it is asked then. */
bool blob_read(const struct blob *b, int64_t at, size_t max, struct arena *a, sv *out, struct failure *f);
bool blob_there(const struct blob *b);                    /* under its name, and of its length */
int64_t blob_sealed_size(int64_t size);                   /* of the file */
int  blob_sealed(int folder, id64 id);                    /* the file as it lies there, open for reading; -1: errno says why */
void blob_erase(int folder, id64 id);                     /* under either name; nothing, when there is none */
/* The ids of whatever lies in one of the BLOB_FOLDERS. */
bool blob_list(int folder, unsigned n, struct arena *a, struct blob_ids *out);

#endif
