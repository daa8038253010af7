/* role/ctl_erasure.c: engawactl tenant erasure: what is left of a company that was cancelled, as a page that can be shown. */
#include "role/ctl_backup.h"

#include <stdio.h>

static void line(const char *ja, const char *en, sv value)
{
    printf("%s / %s: %.*s\n", ja, en, SV_ARG(value.n ? value : SV("-")));
}

static void certificate(struct ctl *c, const struct json_value *v)
{
    const struct json_value *proof = json_get(v, SV("proof")), *copies = json_get(proof ? proof : v, SV("copies"));

    printf("消去証明書 / Certificate of erasure\n\n");
    line("ワークグループ", "workgroup", ctl_value(c, "WORKGROUP"));
    line("番号", "number", ctl_text_of(v, "number"));
    line("名前のハッシュ", "hash of the name", ctl_text_of(v, "name_hash"));
    line("状態", "state", ctl_text_of(v, "state"));
    line("開設", "opened", ctl_text_of(v, "opened"));
    line("解約", "cancelled", ctl_text_of(v, "closed"));
    line("消去の予定", "erasure due", ctl_text_of(v, "erase"));
    line("鍵の破棄", "key destroyed", ctl_text_of(v, "key_destroyed"));
    line("ファイルの削除", "files removed", ctl_text_of(v, "files_removed"));
    line("消去の証明", "erasure proven", ctl_text_of(v, "proven"));
    for (const struct json_value *p = copies ? copies->child : NULL; p; p = p->next)
        printf("鍵の写し / copy of the keys: %.*s: %s%.*s\n", SV_ARG(ctl_text_of(p, "place")),
               ctl_yes_of(p, "replaced") ? "交換済み / replaced" : "未交換 / not replaced: ", SV_ARG(ctl_text_of(p, "why")));
    printf("運用者の記録 / operators' log: %" PRId64 " rows, root %.*s\n", ctl_number_of(v, "log_rows"), SV_ARG(ctl_text_of(v, "log_root")));
}

int ctl_erasure(struct ctl *c)
{
    struct str json = STR_IN(c->arena), out = STR_IN(c->arena), error = STR_IN(c->arena);
    struct json_value v = {0};

    if (!ctl_json(c, &json))
        return CTL_FILE;
    int rc = ctl_call(c, sv_c(c->command->op), SV(""), str_sv(&json), &out, &error);
    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc == CTL_DONE && (c->json || !json_read(c->arena, str_sv(&out), &v, NULL)))
        ctl_print(c, str_sv(&out));
    else if (rc == CTL_DONE)
        certificate(c, &v);
    return rc;
}
