/* role/ctl_init.c: a new data directory: folders, the master key, engawa.conf. The supervisor gives folders and key to
 * their roles when it starts. */
#include "role/config.h"
#include "role/ctl.h"
#include "role/keystore.h"

#include "crypt/hash.h"
#include "crypt/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_new(int dir, const char *name, sv text)
{
    FD fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    return fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
}

static bool folder(int dir, const char *name)
{
    return mkdirat(dir, name, 0700) == 0 || errno == EEXIST;
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

int ctl_init(struct ctl *c)
{
    const char *path = sv_cstr(c->arena, c->data), *why;
    struct str text = STR_IN(c->arena);
    struct config config = {0};

    crypt_warm();
    umask(077);
    if (!config_of(c, &config))
        return ctl_complain("a value has more than one line, or none"), CTL_USAGE;
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return ctl_complain("%s: %s", path, strerror(errno));
    if (!config.v[CONFIG_PASSWORD_PASSES].p)              /* once for all tenants: equal work whoever is asked for */
        config.v[CONFIG_PASSWORD_PASSES] = sv_printf(c->arena, "%u", password_calibrate(PASSWORD_MS));
    FD dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return ctl_complain("%s: %s", path, strerror(errno));
    if (faccessat(dir, "engawa.conf", F_OK, 0) == 0)
        return ctl_complain("%s holds an installation already", path);
    if (!folder(dir, "tls") || !folder(dir, "keys") || !folder(dir, "registry") || !folder(dir, "tenants") || !folder(dir, "run"))
        return ctl_complain("%s: %s", path, strerror(errno));
    FD keys = openat(dir, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keys < 0 || !keystore_master_new(keys, &why))
        return ctl_complain("%s/keys: %s", path, keys < 0 ? strerror(errno) : why);
    config_write_file(&text, &config);
    if (!write_new(dir, "engawa.conf", str_sv(&text)) || fsync(dir) < 0)
        return ctl_complain("%s/engawa.conf: %s", path, strerror(errno));
    if (c->json)
        printf("{}\n");
    else
        printf("Made %s. Keep a copy of keys/ at another place than backups of the rest: without it nothing can be read.\n"
               "Next: put the certificate and its key into tls/ (or name them in engawa.conf), then: engawad --data %s\n", path, path);
    return CTL_DONE;
}
