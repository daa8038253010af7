/* prog/engawad.c: the server. `engawad --data DIR` is the supervisor; it starts every other role with --role NAME,
 * which refuses to run by hand. */
#include "api/app.h"
#include "crypt/password.h"
#include "role/roles.h"

#include <stdio.h>
#include <unistd.h>

static int usage(FILE *to)
{
    fputs("usage: engawad --data DIR      serve the installation in DIR (engawactl init makes it)\n"
          "       engawad --describe      every table as JSON\n"
          "       engawad --version\n",
          to);
    return to == stdout ? 0 : 2;
}

static int (*const mains[ROLE_COUNT])(void) = {
    [ROLE_EDGE] = edge_main, [ROLE_CONTROL] = control_main, [ROLE_KEYD] = keyd_main, [ROLE_TENANT] = tenant_main, [ROLE_OUT] = out_main,
};

static int role_main(sv name)
{
    enum role_id id;

    if (!role_find(name, &id) || !mains[id]) {
        fprintf(stderr, "engawad: there is no role \"%.*s\"\n", SV_ARG(name));
        return 2;
    }
    return mains[id]();
}

static void describe_processes(struct json *j)
{
    json_list(j, "processes");
    for (unsigned r = 0; r < ROLE_COUNT; r++) {
        if (!roles[r].name)
            continue;
        json_open(j, NULL);
        json_text(j, "name", sv_c(roles[r].name));
        json_text(j, "network", sv_c(role_net_name(roles[r].net)));
        json_text(j, "files", sv_c(role_files_name(roles[r].files)));
        json_text(j, "holds", sv_c(roles[r].holds));
        json_close(j);
    }
    json_list_end(j);
}

static int print_description(void)
{
    struct str out = {0};
    struct json j = JSON_TO(&out);

    json_open(&j, NULL);
    json_text(&j, "version", SV(ENGAWA_VERSION));
    describe_tables(&j);
    describe_processes(&j);
    json_close(&j);
    str_char(&out, '\n');
    bool done = fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
    str_release(&out);
    return done ? 0 : 1;
}

int main(int argc, char **argv)
{
    sv what = argc > 1 ? sv_c(argv[1]) : SV("");

#ifdef ENGAWA_TEST
    password_cheap();
#endif
    if (argc == 3 && sv_equal(what, SV("--data")))
        return supervisor_main(sv_c(argv[2]));
    if (argc == 3 && sv_equal(what, SV("--role")))
        return role_main(sv_c(argv[2]));
    if (argc == 2 && sv_equal(what, SV("--describe")))
        return print_description();
    if (argc == 2 && sv_equal(what, SV("--version")))
        return printf("engawad %s\n", ENGAWA_VERSION) > 0 ? 0 : 1;
    return usage(argc == 2 && sv_equal(what, SV("--help")) ? stdout : stderr);
}
