/* role/ctl_slack.c: `import slack FILE.zip`: unpacks the archive's .json files into memory, and only them. Nothing is written
 * to disk and no name in the archive becomes a path. Linked into engawactl alone, with libarchive. */
#include "role/ctl_chat.h"
#include "svc/talk/slack_import.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMBERS_MAX 500000                                /* entries of the archive, of whatever kind */
#define MEMBER_MAX  (64u * 1024 * 1024)                   /* of one file, unpacked */
#define TOTAL_MAX   (1024u * 1024 * 1024)                 /* of all of them */
#define NAME_MAX_   400

struct unpacked {
    struct arena *arena;
    VEC(struct slack_file) files;
    size_t members, total;
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
        if (text.n > MEMBER_MAX || u->total > TOTAL_MAX)
            u->why = "it unpacks to more than can be read";
    }
    if (n < 0)
        u->why = "it is damaged or encrypted";
    if (!u->why)
        *PUSH(u->arena, &u->files) = (struct slack_file){sv_dup(u->arena, name), sv_dup(u->arena, str_sv(&text))};
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
        if (archive_entry_filetype(e) != AE_IFREG || !sv_ends(name, SV(".json")) || name.n > NAME_MAX_)
            continue;
        if (!member_read(u, a, name))
            return;
    }
    if (got != ARCHIVE_EOF)
        u->why = "it is damaged, or no zip archive";
}

static bool archive_files(struct ctl *c, struct unpacked *u)
{
    sv path = ctl_value(c, "FILE");
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

int ctl_import_slack(struct ctl *c)
{
    struct unpacked u = {.arena = c->arena};
    struct chat_import in;
    size_t unreadable;
    locale_t own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before;

    before = own ? uselocale(own) : (locale_t)0;          /* names of channels are UTF-8, whatever the terminal speaks */
    bool ok = archive_files(c, &u);
    if (own) {
        uselocale(before);
        freelocale(own);
    }
    if (!ok)
        return CTL_FILE;
    if (!slack_import_read(c->arena, u.files.v, u.files.n, &in, &unreadable))
        return ctl_complain("%.*s is no Slack export: it lacks users.json or channels.json", SV_ARG(ctl_value(c, "FILE")));
    return ctl_chat_carry(c, &in, unreadable);
}
