/* role/ctl_slack.c: `import slack FILE.zip`: the archive's .json files, and only them. Linked into engawactl alone. */
#include "role/ctl_chat.h"
#include "role/ctl_zip.h"
#include "svc/talk/slack_import.h"

int ctl_import_slack(struct ctl *c)
{
    struct zip_files all = {0};
    struct chat_import in;
    size_t unreadable;

    if (!ctl_zip_read(c, ctl_value(c, "FILE"), SV(".json"), ZIP_FILE_MAX, &all))
        return CTL_FILE;
    struct slack_file *files = ANEWN(c->arena, struct slack_file, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        files[i] = (struct slack_file){all.v[i].name, all.v[i].bytes};
    if (!slack_import_read(c->arena, files, all.n, &in, &unreadable))
        return ctl_complain("%.*s is no Slack export: it lacks users.json or channels.json", SV_ARG(ctl_value(c, "FILE")));
    return ctl_chat_carry(c, &in, unreadable);
}
