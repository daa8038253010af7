/* role/ctl_open.c: opening a tenant: where no password is given, the link by which the super admin sets one is printed with
 * a slip to hand over. Neither is told again. */
#include "role/ctl.h"

#include <stdio.h>

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_TEXT ? f->text : SV("");
}

static void slip(const struct ctl *c, sv link)
{
    sv company = ctl_value(c, "--company"), login = ctl_value(c, "--login"), workgroup = ctl_value(c, "--workgroup");

    printf("\n----------------------------------------------------------------\n"
           "初回ログインのご案内 / Your first login\n\n"
           "%.*s\n"
           "Engawa ID: %.*s@%.*s\n\n"
           "次のページを開いて、パスワードを設定してください。\n"
           "Open this page and set your password:\n\n"
           "%.*s\n\n"
           "このリンクは一度だけ、72 時間以内に使えます。ほかの人に見せないでください。\n"
           "The link works once, within 72 hours. Keep it to yourself.\n"
           "----------------------------------------------------------------\n",
           SV_ARG(company), SV_ARG(login), SV_ARG(workgroup), SV_ARG(link));
}

int ctl_open(struct ctl *c)
{
    struct str json = STR_IN(c->arena), out = STR_IN(c->arena), error = STR_IN(c->arena);
    struct json_value v = {0};

    if (!ctl_json(c, &json))
        return CTL_FILE;
    int rc = ctl_call(c, sv_c(c->command->op), SV(""), str_sv(&json), &out, &error);
    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc != CTL_DONE)
        return rc;
    ctl_print(c, str_sv(&out));
    if (!c->json && json_read(c->arena, str_sv(&out), &v, NULL) && text_of(&v, "link").n)
        slip(c, text_of(&v, "link"));
    return CTL_DONE;
}
