/* test/disk: a file system of the tests' own, in memory, that remembers in which order it was written and what was
 * asked to be durable, so that it can show what a power cut at any moment may leave behind.
 *     disk.c   the files, the journal of what was done to them, and the cut
 *     fuse.c   how the kernel reaches it, and the commands of the test (README at its top)
 * Every change is an op: journalled, then carried out. A cut at k begins anew from the base, carries out the ops before k
 * that an fsync made durable, and of the others some, none or parts, sector by sector. */
#ifndef ENGAWA_TEST_DISK_H
#define ENGAWA_TEST_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROOT 1u
#define NAME_ROOM 256

enum kind { WRITE, TRUNCATE, ATTR, MAKE, LINK, REMOVE, RENAME, SYNC };

/* WRITE, TRUNCATE, ATTR and SYNC are about the inode; MAKE and LINK put it into a folder; REMOVE takes a name away. */
struct op {
    enum kind kind;
    uint32_t  ino;
    uint32_t  dir, dir2;                                  /* where the name stands; for RENAME, where it goes */
    char     *name, *name2;
    off_t     at;                                         /* WRITE: where; TRUNCATE: how long */
    size_t    n;
    uint8_t  *bytes;
    mode_t    mode;
    uid_t     uid;
    gid_t     gid;
};

struct entry {
    char    *name;
    uint32_t ino;
};

struct inode {
    bool          used;
    mode_t        mode;
    uid_t         uid;
    gid_t         gid;
    uint32_t      names;                                  /* entries that lead here */
    uint8_t      *bytes;
    size_t        n, room;
    struct entry *entries;                                /* of a folder */
    size_t        entries_n;
};

struct tree {
    struct inode *inodes;                                 /* by number; 0 is nobody */
    uint32_t      n, next;                                /* next: the first number never given */
};

struct journal {
    struct op *ops;
    size_t     n, room;
};

/* How a cut treats what no fsync made durable. */
enum loss { LOSE_ALL, LOSE_NONE, LOSE_SOME, LOSE_LATE, LOSE_EARLY, LOSSES };

struct cut {
    size_t   durable, kept, dropped, torn;
    uint64_t random;
};

void     tree_init(struct tree *t);
void     tree_copy(struct tree *to, const struct tree *from);
void     tree_free(struct tree *t);
uint32_t tree_find(const struct tree *t, uint32_t dir, const char *name);   /* 0: not there */

/* Takes what `o` points to. Answers 0 or an errno; nothing is journalled then. */
int  change(struct tree *t, struct journal *j, struct op o);
void journal_free(struct journal *j);

/* What a power cut just before op `k` may leave of `base`; `out` is overwritten. */
void cut_at(const struct tree *base, const struct journal *j, size_t k, enum loss loss, uint64_t seed, struct tree *out, struct cut *c);

char    *copy_text(const char *text);

#endif
