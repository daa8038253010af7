/* test/disk/disk.c: files in memory, the journal of their changes, and what a power cut leaves (disk.h). */
#include "disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SECTOR 512

static void *must(void *p)
{
    if (!p) {
        fputs("disk: out of memory\n", stderr);
        abort();
    }
    return p;
}

char *copy_text(const char *text)
{
    return must(strdup(text));
}

/* ---- the tree */

static void inode_reserve(struct tree *t, uint32_t ino)
{
    if (ino >= t->next)
        t->next = ino + 1;
    if (ino < t->n)
        return;
    uint32_t n = ino + 64;
    t->inodes = must(realloc(t->inodes, n * sizeof(*t->inodes)));
    memset(t->inodes + t->n, 0, (n - t->n) * sizeof(*t->inodes));
    t->n = n;
}

void tree_init(struct tree *t)
{
    *t = (struct tree){0};
    inode_reserve(t, ROOT);
    t->inodes[ROOT] = (struct inode){.used = true, .mode = S_IFDIR | 0711, .names = 1};
}

static void inode_free(struct inode *i)
{
    for (size_t e = 0; e < i->entries_n; e++)
        free(i->entries[e].name);
    free(i->entries);
    free(i->bytes);
    *i = (struct inode){0};
}

void tree_free(struct tree *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        inode_free(&t->inodes[i]);
    free(t->inodes);
    *t = (struct tree){0};
}

void tree_copy(struct tree *to, const struct tree *from)
{
    *to = (struct tree){.inodes = must(calloc(from->n, sizeof(*to->inodes))), .n = from->n, .next = from->next};
    for (uint32_t i = 0; i < from->n; i++) {
        const struct inode *a = &from->inodes[i];
        struct inode *b = &to->inodes[i];
        *b = *a;
        if (a->bytes) {
            b->bytes = must(malloc(a->n ? a->n : 1));
            memcpy(b->bytes, a->bytes, a->n);
            b->room = a->n;
        }
        b->entries = a->entries_n ? must(calloc(a->entries_n, sizeof(*b->entries))) : NULL;
        for (size_t e = 0; e < a->entries_n; e++)
            b->entries[e] = (struct entry){copy_text(a->entries[e].name), a->entries[e].ino};
    }
}

static struct entry *entry_of(const struct tree *t, uint32_t dir, const char *name)
{
    const struct inode *d = dir < t->n ? &t->inodes[dir] : &t->inodes[0];

    for (size_t e = 0; e < d->entries_n; e++)
        if (strcmp(d->entries[e].name, name) == 0)
            return &d->entries[e];
    return NULL;
}

uint32_t tree_find(const struct tree *t, uint32_t dir, const char *name)
{
    const struct entry *e = entry_of(t, dir, name);

    return e ? e->ino : 0;
}

static bool is_folder(const struct tree *t, uint32_t ino)
{
    return ino < t->n && t->inodes[ino].used && S_ISDIR(t->inodes[ino].mode);
}

static void entry_add(struct tree *t, uint32_t dir, const char *name, uint32_t ino)
{
    struct inode *d = &t->inodes[dir];

    d->entries = must(realloc(d->entries, (d->entries_n + 1) * sizeof(*d->entries)));
    d->entries[d->entries_n++] = (struct entry){copy_text(name), ino};
    t->inodes[ino].names++;
}

static void entry_remove(struct tree *t, uint32_t dir, const char *name)
{
    struct inode *d = &t->inodes[dir];
    struct entry *e = entry_of(t, dir, name);

    t->inodes[e->ino].names--;
    free(e->name);
    *e = d->entries[--d->entries_n];
}

static void resize(struct inode *i, size_t n)
{
    if (n > i->room) {
        i->room = n + n / 2;
        i->bytes = must(realloc(i->bytes, i->room));
    }
    if (n > i->n)
        memset(i->bytes + i->n, 0, n - i->n);
    i->n = n;
}

static void put(struct inode *i, size_t at, const uint8_t *bytes, size_t n)
{
    if (at + n > i->n)
        resize(i, at + n);
    memcpy(i->bytes + at, bytes, n);
}

/* ---- an op, carried out */

static int make(struct tree *t, const struct op *o)
{
    if (!is_folder(t, o->dir))
        return ENOENT;
    if (tree_find(t, o->dir, o->name))
        return EEXIST;
    if (o->kind == MAKE) {
        inode_reserve(t, o->ino);
        t->inodes[o->ino] = (struct inode){.used = true, .mode = o->mode, .uid = o->uid, .gid = o->gid};
    }
    if (!t->inodes[o->ino].used)
        return ENOENT;
    entry_add(t, o->dir, o->name, o->ino);
    return 0;
}

static int removed(struct tree *t, const struct op *o)
{
    uint32_t ino = tree_find(t, o->dir, o->name);

    if (!ino)
        return ENOENT;
    if (is_folder(t, ino) && t->inodes[ino].entries_n)
        return ENOTEMPTY;
    entry_remove(t, o->dir, o->name);
    return 0;
}

static int renamed(struct tree *t, const struct op *o)
{
    uint32_t ino = tree_find(t, o->dir, o->name), old = tree_find(t, o->dir2, o->name2);

    if (!ino || !is_folder(t, o->dir2))
        return ENOENT;
    if (old == ino)
        return 0;
    if (old && is_folder(t, old) && t->inodes[old].entries_n)
        return ENOTEMPTY;
    if (old)
        entry_remove(t, o->dir2, o->name2);
    entry_remove(t, o->dir, o->name);
    entry_add(t, o->dir2, o->name2, ino);
    return 0;
}

static int carry_out(struct tree *t, const struct op *o)
{
    struct inode *i = o->ino < t->n && t->inodes[o->ino].used ? &t->inodes[o->ino] : NULL;

    switch (o->kind) {
    case MAKE: case LINK: return make(t, o);
    case REMOVE: return removed(t, o);
    case RENAME: return renamed(t, o);
    case WRITE: case TRUNCATE: case ATTR: case SYNC: break;
    }
    if (!i)
        return ENOENT;
    if (o->kind == WRITE)
        put(i, (size_t)o->at, o->bytes, o->n);
    else if (o->kind == TRUNCATE)
        resize(i, (size_t)o->at);
    else if (o->kind == ATTR)
        i->mode = o->mode, i->uid = o->uid, i->gid = o->gid;
    return 0;
}

int change(struct tree *t, struct journal *j, struct op o)
{
    int wrong = carry_out(t, &o);

    if (wrong) {
        free(o.name), free(o.name2), free(o.bytes);
        return wrong;
    }
    if (j->n == j->room) {
        j->room = j->room ? j->room * 2 : 1024;
        j->ops = must(realloc(j->ops, j->room * sizeof(*j->ops)));
    }
    j->ops[j->n++] = o;
    return 0;
}

void journal_free(struct journal *j)
{
    for (size_t i = 0; i < j->n; i++)
        free(j->ops[i].name), free(j->ops[i].name2), free(j->ops[i].bytes);
    free(j->ops);
    *j = (struct journal){0};
}

/* ---- the cut */

static uint64_t random_of(struct cut *c)                   /* splitmix64 */
{
    uint64_t z = (c->random += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A write of which each sector came, or did not. Where the file grew and nothing came, there is nothing or anything. */
static void tear(struct tree *t, const struct op *o, struct cut *c)
{
    struct inode *i = o->ino < t->n && t->inodes[o->ino].used ? &t->inodes[o->ino] : NULL;
    bool garbage = random_of(c) & 1, grows = random_of(c) & 1;
    size_t old = i ? i->n : 0, at = (size_t)o->at;

    if (!i)
        return;
    if (grows && at + o->n > i->n)
        resize(i, at + o->n);
    for (size_t done = 0; done < o->n;) {
        size_t n = SECTOR - (at + done) % SECTOR;
        if (n > o->n - done)
            n = o->n - done;
        if (random_of(c) & 1)
            put(i, at + done, o->bytes + done, n);
        else if (garbage)
            for (size_t b = at + done; b < at + done + n; b++)
                if (b >= old && b < i->n)
                    i->bytes[b] = (uint8_t)random_of(c);
        done += n;
    }
}

/* One that no fsync reached. */
static void chance(struct tree *t, const struct op *o, size_t place, size_t border, enum loss loss, struct cut *c)
{
    bool keep = loss == LOSE_NONE || (loss == LOSE_LATE && place < border) || (loss == LOSE_EARLY && place >= border);
    uint64_t dice = random_of(c) % 3;

    if (loss == LOSE_SOME)
        keep = dice == 0;
    if (!keep && o->kind == WRITE && (loss == LOSE_SOME ? dice == 1 : loss != LOSE_ALL && place == border)) {
        tear(t, o, c);
        c->torn++;
    } else if (keep && carry_out(t, o) == 0) {
        c->kept++;
    } else {
        c->dropped++;
    }
}

/* A name is durable when its folder was synced, all else when the file itself was. */
static uint32_t made_durable_by(const struct op *o)
{
    return o->kind == MAKE || o->kind == LINK || o->kind == REMOVE || o->kind == RENAME ? o->dir : o->ino;
}

/* What no name leads to is gone; what was made but is not named yet is not there. */
static void sweep(struct tree *t)
{
    for (uint32_t i = ROOT + 1; i < t->n; i++)
        if (t->inodes[i].used && !t->inodes[i].names)
            inode_free(&t->inodes[i]);
}

void cut_at(const struct tree *base, const struct journal *j, size_t k, enum loss loss, uint64_t seed, struct tree *out, struct cut *c)
{
    bool *durable = must(calloc(k + 1, sizeof(bool)));
    uint32_t most = base->n;
    size_t open = 0, place = 0;

    for (size_t i = 0; i < k; i++)
        if (j->ops[i].ino >= most)
            most = j->ops[i].ino + 1;
    bool *synced = must(calloc(most, sizeof(bool)));
    for (size_t i = k; i-- > 0;) {
        if (j->ops[i].kind == SYNC)
            synced[j->ops[i].ino] = true;
        else
            durable[i] = synced[made_durable_by(&j->ops[i])];
        open += j->ops[i].kind != SYNC && !durable[i];
    }
    *c = (struct cut){.random = seed};
    size_t border = open ? random_of(c) % open : 0;
    tree_copy(out, base);
    for (size_t i = 0; i < k; i++) {
        const struct op *o = &j->ops[i];
        if (o->kind == SYNC)
            continue;
        if (o->kind == MAKE && !durable[i]) {             /* the inode itself is found again by its first name alone */
            inode_reserve(out, o->ino);
            out->inodes[o->ino] = (struct inode){.used = true, .mode = o->mode, .uid = o->uid, .gid = o->gid};
            struct op name = *o;
            name.kind = LINK;
            chance(out, &name, place++, border, loss, c);
        } else if (durable[i]) {
            c->durable += carry_out(out, o) == 0;
        } else {
            chance(out, o, place++, border, loss, c);
        }
    }
    sweep(out);
    free(durable), free(synced);
}
