/* role/ctl_open.c: opening a tenant: where no password is given, the link by which the super admin sets one is printed with
 * a slip to hand over, with a QR code where the program qrencode is installed. None of it is told again. */
#include "role/ctl.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static sv text_of(const struct json_value *v, const char *name)
{
    const struct json_value *f = json_get(v, sv_c(name));

    return f && f->type == JSON_TEXT ? f->text : SV("");
}

/* The link goes through a pipe, which holds all of it: among arguments everybody on the machine could read it. */
static void qr(sv link)
{
    char *const args[] = {"qrencode", "-t", "UTF8", "-m", "2", NULL};
    posix_spawn_file_actions_t actions;
    int ends[2];
    pid_t pid;

    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return;
    FD from = ends[0];
    bool written = write(ends[1], link.p, link.n) == (ssize_t)link.n;
    close(ends[1]);
    if (!written || posix_spawn_file_actions_init(&actions) != 0)
        return;
    if (posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO) == 0 &&
        posix_spawnp(&pid, args[0], &actions, NULL, args, environ) == 0)
        waitpid(pid, NULL, 0);
    posix_spawn_file_actions_destroy(&actions);
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
           "%.*s\n\n",
           SV_ARG(company), SV_ARG(login), SV_ARG(workgroup), SV_ARG(link));
    qr(link);
    printf("このリンクは一度だけ、72 時間以内に使えます。ほかの人に見せないでください。\n"
           "The link works once, within 72 hours. Keep it to yourself.\n"
           "----------------------------------------------------------------\n");
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
