/* role/ctl_mattermost.c: `import mattermost FILE`: a bulk export, alone (.jsonl) or as the archive that holds it beside the
 * folder of its attachments (.zip). Linked into engawactl alone. */
#include "role/ctl_chat.h"
#include "role/ctl_zip.h"
#include "svc/talk/mattermost_import.h"

#define FILE_MAX (512u * 1024 * 1024)

/* The one list of the archive; what lies under data/ was sent by people, whatever it is called. */
static bool from_archive(struct ctl *c, sv path, sv *file)
{
    struct zip_files all = {0};
    size_t lists = 0;

    if (!ctl_zip_read(c, path, SV(".jsonl"), FILE_MAX, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (!sv_starts(all.v[i].name, SV("data/")) && lists++ == 0)
            *file = all.v[i].bytes;
    if (lists != 1)
        ctl_complain("%.*s holds %zu .jsonl files: a bulk export of Mattermost has one", SV_ARG(path), lists);
    return lists == 1;
}

int ctl_import_mattermost(struct ctl *c)
{
    sv path = ctl_value(c, "FILE"), file = SV("");
    struct chat_import in;

    if (!(ctl_zip_is(c, path) ? from_archive(c, path, &file) : ctl_file(c->arena, path, FILE_MAX, &file)))
        return CTL_FILE;
    if (!mattermost_import_read(c->arena, file, &in))
        return ctl_complain("%.*s is no bulk export of Mattermost (.jsonl or .zip)", SV_ARG(path));
    return ctl_chat_carry(c, &in, 0);
}
