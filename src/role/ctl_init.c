/* role/ctl_init.c: a new data directory: folders, the master key, engawa.conf. The supervisor gives folders and key to
 * their roles when it starts. */
#include "role/config.h"
#include "role/ctl_questions.h"
#include "role/keystore.h"

#include "crypt/hash.h"
#include "crypt/password.h"
#include "net/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_new(int dir, const char *name, sv text)
{
    FD fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    return fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
}

/* Flags that are keys of the configuration, with '-' for '_'. */
static bool config_of(struct ctl *c, struct config *out)
{
    for (size_t k = 0; k < CONFIG_COUNT; k++) {
        struct str flag = STR_IN(c->arena);
        str_c(&flag, "--");
        str_c(&flag, config_keys[k].key);
        for (size_t i = 2; i < flag.n; i++)
            flag.p[i] = flag.p[i] == '_' ? '-' : flag.p[i];
        sv v = config_keys[k].file ? ctl_value(c, sv_cstr(c->arena, str_sv(&flag))) : SV_NONE;
        if (v.p && (v.n == 0 || sv_find(v, SV("\n"), NULL)))
            return false;
        out->v[k] = v;
    }
    return true;
}

/* Of what a broken start leaves nothing stays: folders that were made here go again, with what is in them. */
static const char *const folders[] = {"tls", "keys", "registry", "tenants", "run", "acme"};

struct made {
    int dir;
    bool folders[COUNT(folders)];
    bool conf;
    bool tls[4];                                          /* files of a development CA in a folder that was there before */
};
static const char *const tls_files[4] = {"ca.crt", "ca.key", "server.crt", "server.key"};

static bool folder(struct made *m, size_t i)
{
    m->folders[i] = mkdirat(m->dir, folders[i], 0700) == 0;
    return m->folders[i] || errno == EEXIST;
}

static void empty(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);

    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.' || e->d_name[1])
            unlinkat(fd, e->d_name, 0);
    if (d)
        closedir(d);
    unlinkat(dir, name, AT_REMOVEDIR);
}

static void take_back(const struct made *m)
{
    FD tls = openat(m->dir, "tls", O_PATH | O_DIRECTORY | O_CLOEXEC);

    for (size_t i = 0; tls >= 0 && i < COUNT(tls_files); i++)
        if (m->tls[i])
            unlinkat(tls, tls_files[i], 0);
    for (size_t i = 0; i < COUNT(folders); i++)
        if (m->folders[i])
            empty(m->dir, folders[i]);
    if (m->conf)
        unlinkat(m->dir, "engawa.conf", 0);
}

const char *ctl_devca(struct ctl *c)
{
    static const char *const beside[] = {"../tool/devca", "../../tool/devca", "../share/engawa/devca"};
    char own[4096];
    ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);

    while (n > 0 && own[n - 1] != '/')
        n--;
    for (size_t i = 0; n > 0 && i < COUNT(beside); i++) {
        const char *path = sv_printf(c->arena, "%.*s%s", (int)n, own, beside[i]).p;
        if (access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}

/* Its certificates carry localhost, and the host where that is another. */
static bool development(struct ctl *c, struct made *m, sv host)
{
    const char *program = ctl_devca(c);
    bool own = !host_is_localhost(host);
    char *const args[] = {sv_cstr(c->arena, sv_c(program)), sv_cstr(c->arena, sv_printf(c->arena, "%.*s/tls", SV_ARG(c->data))), own ? sv_cstr(c->arena, host) : NULL, NULL};
    FD tls = openat(m->dir, "tls", O_PATH | O_DIRECTORY | O_CLOEXEC);
    posix_spawn_file_actions_t actions;
    int status = -1;
    pid_t pid;

    for (size_t i = 0; i < COUNT(tls_files); i++)
        m->tls[i] = faccessat(tls, tls_files[i], F_OK, 0) < 0;
    if (!program || posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn(&pid, program, &actions, NULL, args, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    return status == 0;
}

/* What the answers say, where no flag says it. */
static void config_answers(struct ctl *c, const struct answers *a, struct config *config)
{
    bool plain = sv_equal(a->port, SV("443")), here = host_is_localhost(a->host);
    struct {
        enum config_id k;
        sv v;
    } lines[] = {
        {CONFIG_LISTEN, sv_printf(c->arena, "%s:%.*s", here ? "127.0.0.1" : "0.0.0.0", SV_ARG(a->port))},
        {CONFIG_ORIGIN, plain ? sv_printf(c->arena, "https://%.*s", SV_ARG(a->host)) : sv_printf(c->arena, "https://%.*s:%.*s", SV_ARG(a->host), SV_ARG(a->port))},
        {CONFIG_OPERATOR, a->company},
        {CONFIG_CONTACT, a->contact},
        {CONFIG_SECURITY, a->contact},
        {CONFIG_HTTP, a->way == CERTIFICATE_ACME ? SV("0.0.0.0:80") : SV("")},
        {CONFIG_TLS_CERT, a->way == CERTIFICATE_OWN ? a->chain : SV("tls/server.crt")},
        {CONFIG_TLS_KEY, a->way == CERTIFICATE_OWN ? a->key : SV("tls/server.key")},
    };

    for (size_t i = 0; i < COUNT(lines); i++)
        if (lines[i].v.n && !config->v[lines[i].k].p)
            config->v[lines[i].k] = lines[i].v;
}

static bool make(struct ctl *c, const struct answers *a, const struct config *config, struct made *m)
{
    struct str text = STR_IN(c->arena);
    const char *why;
    size_t n = a->given && a->way == CERTIFICATE_ACME ? COUNT(folders) : COUNT(folders) - 1;

    for (size_t i = 0; i < n; i++)
        if (!folder(m, i))
            return ctl_complain("%.*s/%s: %s", SV_ARG(c->data), folders[i], strerror(errno)), false;
    if (a->given && a->way != CERTIFICATE_OWN && !development(c, m, a->host))
        return ctl_complain("the development CA could not be made in %.*s/tls", SV_ARG(c->data)), false;
    FD keys = openat(m->dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys < 0 || !keystore_master_new(keys, &why))
        return ctl_complain("%.*s/keys: %s", SV_ARG(c->data), keys < 0 ? strerror(errno) : why), false;
    config_write_file(&text, config);
    m->conf = faccessat(m->dir, "engawa.conf", F_OK, 0) < 0;
    if (!write_new(m->dir, "engawa.conf", str_sv(&text)) || fsync(m->dir) < 0)
        return ctl_complain("%.*s/engawa.conf: %s", SV_ARG(c->data), strerror(errno)), false;
    return true;
}

static void next(const struct ctl *c, const struct answers *a)
{
    bool packaged = sv_equal(c->data, SV("/var/lib/engawa"));
    sv company = a->company.n ? a->company : SV("…"), workgroup = a->given ? a->workgroup : SV("WORKGROUP");

    printf("Made %.*s. Keep a copy of keys/ at another place than backups of the rest: without it nothing can be read.\n", SV_ARG(c->data));
    if (!a->given || (a->way == CERTIFICATE_OWN && !a->chain.n))
        printf("First put the certificate and its key into tls/ as cert.pem and key.pem (or name them in engawa.conf).\n");
    printf("Next:\n");
    if (packaged)
        printf("    systemctl enable --now engawa\n");
    else
        printf("    engawad --data %.*s\n", SV_ARG(c->data));
    if (a->given && a->way == CERTIFICATE_ACME)
        printf("It begins with a certificate of its own; \"By ACME\" in operations.md gets the real one for %.*s:\n"
               "    UACME_CHALLENGE_PATH=%.*s/acme uacme -h /usr/share/uacme/uacme.sh issue %.*s files.%.*s\n",
               SV_ARG(a->host), SV_ARG(c->data), SV_ARG(a->host), SV_ARG(a->host));
    if (a->given && !host_is_address(a->host) && !host_is_localhost(a->host))
        printf("Files come from files.%.*s: give that name the same address in DNS.\n", SV_ARG(a->host));
    printf("    engawactl --data %.*s tenant open --workgroup %.*s --company '%.*s' --login admin --family …\n", SV_ARG(c->data),
           SV_ARG(workgroup), SV_ARG(company));
}

int ctl_init(struct ctl *c)
{
    const char *path = sv_cstr(c->arena, c->data);
    struct config config = {0};
    struct answers answers;
    sigset_t all, before;

    crypt_warm();
    umask(077);
    if (!config_of(c, &config))
        return ctl_complain("a value has more than one line, or none"), CTL_USAGE;
    if (access(sv_printf(c->arena, "%s/engawa.conf", path).p, F_OK) == 0)
        return ctl_complain("%s holds an installation already: name another folder by --data, or start it: engawad --data %s", path, path);
    if (!ctl_questions(c, &answers))
        return CTL_USAGE;
    if (answers.given)
        config_answers(c, &answers, &config);
    if (!config.v[CONFIG_PASSWORD_PASSES].p)              /* once for all tenants: equal work whoever is asked for */
        config.v[CONFIG_PASSWORD_PASSES] = sv_printf(c->arena, "%u", password_calibrate(PASSWORD_MS));
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);                /* from here on it is all or nothing */
    bool new = mkdir(path, 0700) == 0;
    if (!new && errno != EEXIST)
        return ctl_complain("%s: %s", path, strerror(errno));
    FD dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return ctl_complain("%s: %s", path, strerror(errno));
    struct made made = {.dir = dir};
    bool done = make(c, &answers, &config, &made);
    if (!done) {
        take_back(&made);
        if (new)
            rmdir(path);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (!done)
        return CTL_FILE;
    if (c->json)
        printf("{}\n");
    else
        next(c, &answers);
    return CTL_DONE;
}
