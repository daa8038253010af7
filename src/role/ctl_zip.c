/* role/ctl_zip.c: reading zip archives. */
#include "role/ctl_zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMBERS_MAX 500000                                /* entries of the archive, of whatever kind */
#define NAME_MAX_   400

struct unpacked {
    struct arena *arena;
    struct zip_files *files;
    sv ending;
    size_t file_max, members, total;
    const char *why;                                      /* not NULL: stopped */
};

/* As much as the entry gives, whatever size it claims. */
static bool member_read(struct unpacked *u, struct archive *a, sv name)
{
    struct str text = STR_IN(NULL);
    ssize_t n = 0;

    while (!u->why) {
        n = archive_read_data(a, str_room(&text, 65536), 65536);
        if (n <= 0)
            break;
        str_grew(&text, (size_t)n);
        u->total += (size_t)n;
        if (text.n > u->file_max || u->total > ZIP_TOTAL_MAX)
            u->why = "it unpacks to more than can be read";
    }
    if (n < 0)
        u->why = "it is damaged or encrypted";
    if (!u->why)
        *PUSH(u->arena, u->files) = (struct zip_file){sv_dup(u->arena, name), sv_dup(u->arena, str_sv(&text))};
    str_release(&text);
    return !u->why;
}

static void unpack(struct unpacked *u, struct archive *a)
{
    struct archive_entry *e;
    int got;

    while ((got = archive_read_next_header(a, &e)) == ARCHIVE_OK || got == ARCHIVE_WARN) {
        sv name = sv_c(archive_entry_pathname_utf8(e));
        if (++u->members > MEMBERS_MAX) {
            u->why = "it has too many entries";
            return;
        }
        if (archive_entry_filetype(e) != AE_IFREG || !sv_ends(name, u->ending) || name.n > NAME_MAX_)
            continue;
        if (!member_read(u, a, name))
            return;
    }
    if (got != ARCHIVE_EOF)
        u->why = "it is damaged, or no zip archive";
}

static bool archive_files(struct ctl *c, sv path, struct unpacked *u)
{
    FD fd = open(sv_cstr(c->arena, path), O_RDONLY | O_CLOEXEC);
    struct archive *a = fd < 0 ? NULL : archive_read_new();
    struct stat st;

    if (fd < 0 || !a || fstat(fd, &st) < 0) {
        ctl_complain("%.*s: %s", SV_ARG(path), strerror(errno));
        return false;
    }
    if (!S_ISREG(st.st_mode) || archive_read_support_format_zip(a) != ARCHIVE_OK || archive_read_open_fd(a, fd, 65536) != ARCHIVE_OK)
        u->why = "it is no zip archive";
    else
        unpack(u, a);
    archive_read_free(a);
    if (u->why)
        ctl_complain("%.*s: %s", SV_ARG(path), u->why);
    return !u->why;
}

bool ctl_zip_is(struct ctl *c, sv path)
{
    FD fd = open(sv_cstr(c->arena, path), O_RDONLY | O_CLOEXEC);
    char head[4];

    return fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) && sv_equal(sv_n(head, sizeof(head)), SV("PK\x03\x04"));
}

bool ctl_zip_read(struct ctl *c, sv path, sv ending, size_t file_max, struct zip_files *out)
{
    struct unpacked u = {.arena = c->arena, .files = out, .ending = ending, .file_max = file_max};
    locale_t own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before;

    before = own ? uselocale(own) : (locale_t)0;          /* names of channels are UTF-8, whatever the terminal speaks */
    bool ok = archive_files(c, path, &u);
    if (own) {
        uselocale(before);
        freelocale(own);
    }
    return ok;
}
