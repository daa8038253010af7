/* test/disk/fuse.c: mounts the disk and obeys the test, one command a line, one line of answer each:
 *     disk FOLDER          mounts there and says "mounted"; ends with its input
 *     settle               what is there now is durable; the journal begins anew
 *     mark                 how many ops the journal has
 *     points               the ops at which a cut is worth it, as k:kind:name
 *     keep                 the journal so far is what `cut` cuts; further ops go nowhere
 *     cut K LOSS SEED      power goes just before op K of what was kept: that is the disk now (LOSS: 0 … 4, enum loss)
 *     recut K LOSS SEED    the same of what was done since the last cut: a cut during recovery
 * After a cut every name leads to a new inode, and whoever still holds an old one gets ESTALE. */
#define FUSE_USE_VERSION 34
#include "disk.h"

#include <errno.h>
#include <fuse3/fuse_lowlevel.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tree live, base, kept_base;
static struct journal now, kept;
static uint64_t generation = 1;

static uint32_t ino_of(fuse_ino_t node)
{
    uint32_t ino = (uint32_t)node;

    if (node == FUSE_ROOT_ID)
        return ROOT;
    return node >> 32 == generation && ino < live.n && live.inodes[ino].used ? ino : 0;
}

static struct stat stat_of(uint32_t ino)
{
    const struct inode *i = &live.inodes[ino];

    return (struct stat){
        .st_ino = ino, .st_mode = i->mode, .st_uid = i->uid, .st_gid = i->gid, .st_size = (off_t)i->n,
        .st_nlink = S_ISDIR(i->mode) ? 2 : i->names, .st_blksize = 4096, .st_blocks = (blkcnt_t)((i->n + 511) / 512),
    };
}

static struct fuse_entry_param entry_param(uint32_t ino)
{
    return (struct fuse_entry_param){.ino = generation << 32 | ino, .generation = generation, .attr = stat_of(ino)};
}

static struct op about(enum kind kind, uint32_t ino)
{
    return (struct op){.kind = kind, .ino = ino};
}

static struct op named(enum kind kind, uint32_t dir, const char *name)
{
    return (struct op){.kind = kind, .dir = dir, .name = copy_text(name)};
}

/* ---- what the kernel asks */

static void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    uint32_t dir = ino_of(parent), ino = dir ? tree_find(&live, dir, name) : 0;
    struct fuse_entry_param e = {0};

    if (!dir || !ino) {
        fuse_reply_err(req, dir ? ENOENT : ESTALE);
        return;
    }
    e = entry_param(ino);
    fuse_reply_entry(req, &e);
}

static void do_getattr(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);
    struct stat st;

    (void)fi;
    if (!ino) {
        fuse_reply_err(req, ESTALE);
        return;
    }
    st = stat_of(ino);
    fuse_reply_attr(req, &st, 0);
}

static void do_setattr(fuse_req_t req, fuse_ino_t node, struct stat *to, int what, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);
    int wrong = ino ? 0 : ESTALE;

    if (!wrong && what & FUSE_SET_ATTR_SIZE) {
        struct op o = about(TRUNCATE, ino);
        o.at = to->st_size;
        wrong = change(&live, &now, o);
    }
    if (!wrong && what & (FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) {
        const struct inode *i = &live.inodes[ino];
        struct op o = about(ATTR, ino);
        o.mode = what & FUSE_SET_ATTR_MODE ? (i->mode & S_IFMT) | (to->st_mode & 07777) : i->mode;
        o.uid = what & FUSE_SET_ATTR_UID ? to->st_uid : i->uid;
        o.gid = what & FUSE_SET_ATTR_GID ? to->st_gid : i->gid;
        wrong = change(&live, &now, o);
    }
    if (wrong)
        fuse_reply_err(req, wrong);
    else
        do_getattr(req, node, fi);
}

static int made(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_entry_param *e)
{
    const struct fuse_ctx *who = fuse_req_ctx(req);
    uint32_t dir = ino_of(parent), ino = live.next;
    struct op o;

    if (!dir)
        return ESTALE;
    o = named(MAKE, dir, name);
    o.ino = ino, o.mode = mode, o.uid = who->uid, o.gid = who->gid;
    int wrong = change(&live, &now, o);
    if (!wrong)
        *e = entry_param(ino);
    return wrong;
}

static void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t dev)
{
    struct fuse_entry_param e;
    int wrong = made(req, parent, name, mode, &e);

    (void)dev;
    if (wrong)
        fuse_reply_err(req, wrong);
    else
        fuse_reply_entry(req, &e);
}

static void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
    do_mknod(req, parent, name, S_IFDIR | (mode & 07777), 0);
}

static void do_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *fi)
{
    struct fuse_entry_param e;
    int wrong = made(req, parent, name, S_IFREG | (mode & 07777), &e);

    if (wrong)
        fuse_reply_err(req, wrong);
    else
        fuse_reply_create(req, &e, fi);
}

static void do_remove(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    uint32_t dir = ino_of(parent);

    fuse_reply_err(req, dir ? change(&live, &now, named(REMOVE, dir, name)) : ESTALE);
}

static void do_rename(fuse_req_t req, fuse_ino_t from, const char *name, fuse_ino_t to, const char *name2, unsigned flags)
{
    uint32_t dir = ino_of(from), dir2 = ino_of(to);
    struct op o;

    if (!dir || !dir2 || (flags && flags != 1)) {         /* 1: RENAME_NOREPLACE */
        fuse_reply_err(req, dir && dir2 ? EINVAL : ESTALE);
        return;
    }
    if (flags == 1 && tree_find(&live, dir2, name2)) {
        fuse_reply_err(req, EEXIST);
        return;
    }
    o = named(RENAME, dir, name);
    o.dir2 = dir2, o.name2 = copy_text(name2);
    fuse_reply_err(req, change(&live, &now, o));
}

static void do_link(fuse_req_t req, fuse_ino_t node, fuse_ino_t parent, const char *name)
{
    uint32_t ino = ino_of(node), dir = ino_of(parent);
    struct fuse_entry_param e;
    struct op o;

    if (!ino || !dir) {
        fuse_reply_err(req, ESTALE);
        return;
    }
    o = named(LINK, dir, name);
    o.ino = ino;
    int wrong = change(&live, &now, o);
    if (wrong) {
        fuse_reply_err(req, wrong);
        return;
    }
    e = entry_param(ino);
    fuse_reply_entry(req, &e);
}

static void do_open(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *fi)
{
    if (ino_of(node))
        fuse_reply_open(req, fi);
    else
        fuse_reply_err(req, ESTALE);
}

static void do_read(fuse_req_t req, fuse_ino_t node, size_t n, off_t at, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);
    const struct inode *i = &live.inodes[ino];
    size_t left = ino && (size_t)at < i->n ? i->n - (size_t)at : 0;

    (void)fi;
    if (!ino)
        fuse_reply_err(req, ESTALE);
    else
        fuse_reply_buf(req, left ? (const char *)i->bytes + at : NULL, left < n ? left : n);
}

static void do_write(fuse_req_t req, fuse_ino_t node, const char *bytes, size_t n, off_t at, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);
    struct op o = about(WRITE, ino);

    (void)fi;
    if (!ino) {
        fuse_reply_err(req, ESTALE);
        return;
    }
    o.at = at, o.n = n, o.bytes = malloc(n ? n : 1);
    if (o.bytes)
        memcpy(o.bytes, bytes, n);
    int wrong = o.bytes ? change(&live, &now, o) : ENOMEM;
    if (wrong)
        fuse_reply_err(req, wrong);
    else
        fuse_reply_write(req, n);
}

static void do_fsync(fuse_req_t req, fuse_ino_t node, int data_only, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);

    (void)data_only, (void)fi;
    fuse_reply_err(req, ino ? change(&live, &now, about(SYNC, ino)) : ESTALE);
}

static void do_readdir(fuse_req_t req, fuse_ino_t node, size_t n, off_t at, struct fuse_file_info *fi)
{
    uint32_t ino = ino_of(node);
    const struct inode *d = &live.inodes[ino];
    char *out = ino ? malloc(n) : NULL;
    size_t used = 0;

    (void)fi;
    if (!out) {
        fuse_reply_err(req, ino ? ENOMEM : ESTALE);
        return;
    }
    for (size_t e = (size_t)at; e < d->entries_n; e++) {
        struct stat st = stat_of(d->entries[e].ino);
        size_t more = fuse_add_direntry(req, out + used, n - used, d->entries[e].name, &st, (off_t)e + 1);
        if (more > n - used)
            break;
        used += more;
    }
    fuse_reply_buf(req, out, used);
    free(out);
}

static void do_statfs(fuse_req_t req, fuse_ino_t node)
{
    struct statvfs s = {.f_bsize = 4096, .f_frsize = 4096, .f_blocks = 1 << 20, .f_bfree = 1 << 19, .f_bavail = 1 << 19,
                        .f_files = 1 << 20, .f_ffree = 1 << 19, .f_namemax = NAME_ROOM - 1};

    (void)node;
    fuse_reply_statfs(req, &s);
}

static const struct fuse_lowlevel_ops calls = {
    .lookup = do_lookup, .getattr = do_getattr, .setattr = do_setattr, .mknod = do_mknod, .mkdir = do_mkdir,
    .create = do_create, .unlink = do_remove, .rmdir = do_remove, .rename = do_rename, .link = do_link, .open = do_open,
    .read = do_read, .write = do_write, .fsync = do_fsync, .fsyncdir = do_fsync, .readdir = do_readdir, .statfs = do_statfs,
};

/* ---- what the test asks */

static const char *name_of(uint32_t ino)
{
    for (uint32_t d = 0; d < live.n; d++)
        for (size_t e = 0; e < live.inodes[d].entries_n; e++)
            if (live.inodes[d].entries[e].ino == ino)
                return live.inodes[d].entries[e].name;
    return "-";
}

static void points(void)
{
    static const char *const kinds[] = {"write", "truncate", "attr", "make", "link", "remove", "rename", "sync"};

    for (size_t k = 0; k < now.n; k++) {
        const struct op *o = &now.ops[k];
        printf("%s%zu:%s:%s", k ? " " : "", k, kinds[o->kind], o->name ? o->name : name_of(o->ino));
    }
    puts("");
}

static void begin_from(struct tree *t)
{
    tree_free(&live);
    tree_free(&base);
    journal_free(&now);
    live = *t;
    tree_copy(&base, &live);
    generation++;
}

static void cut(const struct tree *from, const struct journal *j, size_t k, unsigned loss, uint64_t seed)
{
    struct tree after;
    struct cut c;

    if (k > j->n || loss >= LOSSES) {
        printf("no such cut: %zu of %zu\n", k, j->n);
        return;
    }
    cut_at(from, j, k, (enum loss)loss, seed, &after, &c);
    begin_from(&after);
    printf("durable %zu kept %zu dropped %zu torn %zu\n", c.durable, c.kept, c.dropped, c.torn);
}

static void keep(void)
{
    kept_base = base;
    kept = now;
    base = (struct tree){0};
    now = (struct journal){0};
    struct tree t;
    tree_copy(&t, &live);
    begin_from(&t);
    puts("kept");
}

static void settle(void)
{
    tree_free(&base);
    tree_copy(&base, &live);
    journal_free(&now);
    puts("settled");
}

static void obey(const char *line)
{
    size_t k;
    unsigned loss;
    unsigned long long seed;

    if (strcmp(line, "settle\n") == 0)
        settle();
    else if (strcmp(line, "mark\n") == 0)
        printf("%zu\n", now.n);
    else if (strcmp(line, "points\n") == 0)
        points();
    else if (strcmp(line, "keep\n") == 0)
        keep();
    else if (sscanf(line, "cut %zu %u %llu", &k, &loss, &seed) == 3)
        cut(&kept_base, &kept, k, loss, seed);
    else if (sscanf(line, "recut %zu %u %llu", &k, &loss, &seed) == 3)
        cut(&base, &now, k, loss, seed);
    else
        puts("what?");
    fflush(stdout);
}

/* Until the test closes our input, or the kernel the mount. */
static void serve(struct fuse_session *s)
{
    struct fuse_buf buf = {0};
    struct pollfd ways[2] = {{.fd = fuse_session_fd(s), .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    char line[128];

    while (!fuse_session_exited(s) && poll(ways, 2, -1) >= 0) {
        if (ways[0].revents) {
            int n = fuse_session_receive_buf(s, &buf);
            if (n == -EINTR)
                continue;
            if (n <= 0)
                break;
            fuse_session_process_buf(s, &buf);
        } else if (ways[1].revents) {
            if (!fgets(line, sizeof(line), stdin))
                break;
            obey(line);
        }
    }
    free(buf.mem);
}

int main(int argc, char **argv)
{
    char *options[] = {argv[0], "-oallow_other,default_permissions,fsname=engawa-test-disk", NULL};
    struct fuse_args args = FUSE_ARGS_INIT(2, options);
    struct fuse_session *s = NULL;

    if (argc != 2) {
        fputs("usage: disk FOLDER\n", stderr);
        return 2;
    }
    setvbuf(stdin, NULL, _IONBF, 0);                      /* poll() sees what is left of it */
    tree_init(&live);
    live.inodes[ROOT].uid = getuid(), live.inodes[ROOT].gid = getgid();
    tree_copy(&base, &live);
    s = fuse_session_new(&args, &calls, sizeof(calls), NULL);
    if (!s || fuse_session_mount(s, argv[1]) != 0)
        return 1;
    puts("mounted");
    fflush(stdout);
    serve(s);
    fuse_session_unmount(s);
    fuse_session_destroy(s);
    fuse_opt_free_args(&args);
    return 0;
}
