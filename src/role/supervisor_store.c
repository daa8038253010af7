/* role/supervisor_store.c: what engawa.conf says of an S3-compatible store for files, and the secret that goes to its process alone. */
#include "role/supervisor_private.h"

#include "base/log.h"
#include "crypt/secret.h"
#include "net/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool layout_stores(const struct supervisor *s)
{
    return config_text(&s->config, CONFIG_STORE_ENDPOINT).n > 0;
}

/* A key has what it opens; what everybody may read is none. */
bool layout_store_secret(const struct supervisor *s, char out[STORE_SECRET_BYTES])
{
    sv said = config_text(&s->config, CONFIG_STORE_SECRET_FILE);
    char path[PATH_MAX];
    struct stat st;

    snprintf(path, sizeof(path), "%.*s", SV_ARG(said));
    FD fd = openat(s->dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, out, STORE_SECRET_BYTES - 1);

    if (n < 0) {
        log_put(LOG_ERROR, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    if (fstat(fd, &st) < 0 || (st.st_mode & 007)) {
        log_put(LOG_ERROR, "%s may be read by others", path);
        return false;
    }
    while (n && (out[n - 1] == '\n' || out[n - 1] == '\r' || out[n - 1] == ' '))
        n--;
    out[n] = 0;
    if (n == 0 || strcspn(out, "\r\n") != (size_t)n) {
        log_put(LOG_ERROR, "%s is one line with the secret of the store's key", path);
        return false;
    }
    return true;
}

static bool made_of(sv text, size_t min, size_t max, const char *others)
{
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') && !(ch >= '0' && ch <= '9') && (!ch || !strchr(others, ch)))
            return false;
    }
    return text.n >= min && text.n <= max;
}

static bool wrong_store(const char *what)
{
    log_put(LOG_ERROR, "engawa.conf: %s", what);
    return false;
}

/* "https://host:port", or http where nobody stands between, or where the operator says so. */
static bool endpoint_check(const struct config *c)
{
    sv url = config_text(c, CONFIG_STORE_ENDPOINT), host, port;
    bool plain = sv_starts(url, SV("http://"));

    if (!plain && !sv_starts(url, SV("https://")))
        return wrong_store("store_endpoint begins with https://, or http://");
    url = sv_from(url, plain ? strlen("http://") : strlen("https://"));
    if (sv_ends(url, SV("/")))
        url = sv_upto(url, url.n - 1);
    host_split(url, &host, &port);
    if (!made_of(host, 1, 253, "-.[]:_") || (port.p && !made_of(port, 1, 5, "")))
        return wrong_store("store_endpoint is a scheme, a host and perhaps a port, and nothing behind them");
    bool here = host_is_localhost(host) || (host_is_address(host) && (sv_starts(host, SV("127.")) || sv_equal(host, SV("[::1]"))));
    return !plain || here || config_is(c, CONFIG_STORE_PLAIN, SV("yes")) ||
           wrong_store("store_endpoint is http to another machine: use https, or set store_plain = yes");
}

bool layout_store_check(const struct supervisor *s)
{
    const struct config *c = &s->config;
    sv prefix = config_text(c, CONFIG_STORE_PREFIX);
    char secret[STORE_SECRET_BYTES];

    if (!layout_stores(s))
        return true;
    if (!endpoint_check(c))
        return false;
    if (!made_of(config_text(c, CONFIG_STORE_BUCKET), 3, 63, "-."))
        return wrong_store("store_bucket is the name of a bucket: 3 to 63 of a-z 0-9 . -");
    if (!made_of(config_text(c, CONFIG_STORE_REGION), 1, 40, "-"))
        return wrong_store("store_region is 1 to 40 of a-z 0-9 -");
    if (!made_of(config_text(c, CONFIG_STORE_KEY), 1, 128, "-_.+/="))
        return wrong_store("store_access_key is missing");
    if (!made_of(prefix, 0, 64, "-_./") || sv_find(prefix, SV(".."), NULL) || sv_starts(prefix, SV("/")) || (prefix.n && !sv_ends(prefix, SV("/"))))
        return wrong_store("store_prefix is up to 64 of A-Z a-z 0-9 . _ - / and ends in /");
    bool ok = layout_store_secret(s, secret);
    wipe(secret, sizeof(secret));
    return ok;
}
