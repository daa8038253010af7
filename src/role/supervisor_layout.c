/* role/supervisor_layout.c: the data directory and the sockets, made before any role starts:
 *     DIR/engawa.conf   tls/   keys/ (keyd)   registry/ (control)   tenants/<number>/ (each its tenant)
 *     DIR/run/engawad.pid (locked while a supervisor runs)   run/ctl.sock   run/empty/
 * As root each folder belongs to its role's uid and to nobody else; DIR and tenants/ can be passed through, not listed. */
#include "role/supervisor_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PREDECESSOR_MS     3000                           /* for the processes of a killed supervisor to be gone */
#define PREDECESSOR_ASK_MS 20

#define CONF_MAX  (64 * 1024)
#define DEPTH_MAX 6
#define ERASE_DEPTH 16
#define FOLDER_PATH 64

static bool say(const char *what, const char *name)
{
    log_put(LOG_ERROR, "%s %s: %s", what, name, strerror(errno));
    return false;
}

static int high(int fd)
{
    if (fd < 0)
        return fd;
    int up = fcntl(fd, F_DUPFD_CLOEXEC, FD_HIGH);
    close(fd);
    return up;
}

/* The name in its parent, and the folder's owner and mode: else a power cut takes the folder away with all that was synced in
 * it. Each time, since whoever made it may have been killed before it came to this. */
static bool folder_durable(struct supervisor *s, const char *path)
{
    char parent[64];
    const char *slash = strrchr(path, '/');

    snprintf(parent, sizeof(parent), "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    FD fd = openat(s->dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    FD up = openat(s->dir, parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return (fd >= 0 && up >= 0 && fsync(fd) == 0 && fsync(up) == 0) || say("cannot sync", path);
}

static bool folder_made(struct supervisor *s, const char *path, mode_t mode, uid_t owner)
{
    struct stat st;

    if (mkdirat(s->dir, path, mode) < 0 && errno != EEXIST)
        return say("cannot make", path);
    FD fd = openat(s->dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return say("cannot open", path);
    if (s->root && st.st_uid != owner && fchown(fd, owner, owner) < 0)
        return say("cannot give away", path);
    if ((st.st_mode & 07777) != mode && fchmod(fd, mode) < 0)
        return say("cannot protect", path);
    return true;
}

static bool folder(struct supervisor *s, const char *path, mode_t mode, uid_t owner)
{
    return folder_made(s, path, mode, owner) && folder_durable(s, path);
}

/* A file that was made by whoever ran `engawactl init` or `restore`: it is given to the role. Of the role's own doing none can
 * be root's. */
static bool hand_over(int dir, const char *name, uid_t owner)
{
    struct stat st;
    FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT || say("cannot open", name);
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1)
        return say("not a plain file:", name);
    return st.st_uid == owner || (st.st_uid == 0 && fchown(fd, owner, owner) == 0) || say("cannot give away", name);
}

/* Everything in the role's folder, which is opened; folders in it too. */
static bool hand_over_all(int dir, uid_t owner, int depth)
{
    int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    bool ok = d != NULL;

    for (struct dirent *e; ok && (e = readdir(d));) {
        struct stat st;
        if (e->d_name[0] == '.' || fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_uid != 0)
            continue;
        FD sub = S_ISDIR(st.st_mode) ? openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        if (sub >= 0 && depth < DEPTH_MAX)
            ok = fchown(sub, owner, owner) == 0 && hand_over_all(sub, owner, depth + 1);
        else if (S_ISREG(st.st_mode))
            ok = hand_over(dir, e->d_name, owner);
    }
    if (d)
        closedir(d);
    return ok;
}

uid_t layout_uid(const struct supervisor *s, const struct proc *p)
{
    if (!s->root)
        return getuid();
    return (uid_t)(p->role == ROLE_TENANT ? s->tenant_uid + p->uid_index : s->uid_base + (int64_t)p->role);
}

static uid_t role_uid(const struct supervisor *s, enum role_id role)
{
    const struct proc p = {.role = role};

    return layout_uid(s, &p);
}

static void folder_path(const struct proc *p, char path[FOLDER_PATH])
{
    bool own = roles[p->role].files == FILES_OWN;

    if (p->role == ROLE_TENANT)
        snprintf(path, FOLDER_PATH, "%s/%" PRId64, roles[p->role].folder, p->number);
    else
        snprintf(path, FOLDER_PATH, "%s", own ? roles[p->role].folder : "run/empty");
}

int layout_folder(struct supervisor *s, const struct proc *p)
{
    char path[FOLDER_PATH];

    folder_path(p, path);
    if (p->role == ROLE_TENANT && !folder_made(s, path, 0700, layout_uid(s, p)))
        return -1;
    int dir = openat(s->dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir >= 0 && s->root && roles[p->role].files == FILES_OWN && !hand_over_all(dir, layout_uid(s, p), 0))
        fd_close(&dir);
    return dir;
}

bool layout_folder_durable(struct supervisor *s, const struct proc *p)
{
    char path[FOLDER_PATH];

    folder_path(p, path);
    return p->role != ROLE_TENANT || folder_durable(s, path);
}

/* What a tenant left, whoever made it and whatever it is: no link is followed. */
static bool remove_all(int dir, int depth)
{
    int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    bool ok = d != NULL && depth < ERASE_DEPTH;

    if (!d)
        fd_close(&again);
    for (struct dirent *e; ok && (e = readdir(d));) {
        if (sv_equal(sv_c(e->d_name), SV(".")) || sv_equal(sv_c(e->d_name), SV("..")))
            continue;
        (void)FAULT("erase.file");
        if (unlinkat(dir, e->d_name, 0) == 0 || errno == ENOENT)
            continue;
        FD sub = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        ok = sub >= 0 && remove_all(sub, depth + 1) && unlinkat(dir, e->d_name, AT_REMOVEDIR) == 0;
    }
    if (d)
        closedir(d);
    return ok;
}

bool layout_erase(struct supervisor *s, int64_t number)
{
    char name[32];
    FD all = openat(s->dir, "tenants", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (all < 0)
        return say("cannot open", "tenants");
    snprintf(name, sizeof(name), "%" PRId64, number);
    FD dir = openat(all, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0)
        return errno == ENOENT || say("cannot open", name);
    (void)FAULT("erase.begin");
    if (!remove_all(dir, 0) || unlinkat(all, name, AT_REMOVEDIR) < 0 || fsync(all) < 0)
        return say("cannot remove all of", name);
    (void)FAULT("erase.done");
    return true;
}

static bool folders(struct supervisor *s)
{
    mode_t pass = s->root ? 0711 : 0700;
    uid_t own = getuid();

    return folder(s, ".", pass, own) && folder(s, "tls", 0700, own) && folder(s, "run", 0700, own)
        && folder(s, "run/empty", 0500, own) && folder(s, "keys", 0700, role_uid(s, ROLE_KEYD))
        && folder(s, "registry", 0700, role_uid(s, ROLE_CONTROL)) && folder(s, "tenants", pass, own);
}

static bool conf_read(struct supervisor *s)
{
    FD fd = openat(s->dir, "engawa.conf", O_RDONLY | O_CLOEXEC);
    char *text = arena_alloc(s->arena, CONF_MAX);
    int line;

    if (fd < 0)
        return say("cannot open", "engawa.conf (engawactl init makes it)");
    ssize_t n = read(fd, text, CONF_MAX);
    if (n < 0 || n == CONF_MAX)
        return say("cannot read", "engawa.conf");
    if (!config_read(&s->config, s->arena, sv_n(text, (size_t)n), true, &line)) {
        log_put(LOG_ERROR, "engawa.conf, line %d: no such key", line);
        return false;
    }
    return true;
}

/* A word of its own, so that it is the same text in the configuration, in the database and on the page. */
static bool is_version(sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return text.n >= 1 && text.n <= 32;
}

/* What stands in public pages. */
static bool texts_check(const struct config *c)
{
    static const enum config_id versions[] = {CONFIG_TERMS, CONFIG_PRIVACY, CONFIG_SENDING};
    sv contact = config_text(c, CONFIG_SECURITY), policy = config_text(c, CONFIG_SECURITY_POLICY);

    for (size_t i = 0; i < COUNT(versions); i++)
        if (!is_version(config_text(c, versions[i]))) {
            log_put(LOG_ERROR, "engawa.conf: %s is 1 to 32 of A-Z a-z 0-9 . _ -", config_keys[versions[i]].key);
            return false;
        }
    if (contact.n && !page_mail(contact) && !page_url(contact)) {
        log_put(LOG_ERROR, "engawa.conf: security_contact is a mail address or begins with https://");
        return false;
    }
    if (policy.n && !page_url(policy)) {
        log_put(LOG_ERROR, "engawa.conf: security_policy begins with https://");
        return false;
    }
    return true;
}

/* Where what looks for malware listens. */
static bool scanner_check(const struct config *c)
{
    sv path = config_text(c, CONFIG_SCANNER_SOCKET);

    if (!sv_starts(path, SV("/")) || path.n >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
        log_put(LOG_ERROR, "engawa.conf: malware_socket is the whole path of a socket, of %zu bytes at most",
                sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
        return false;
    }
    return true;
}

int layout_scanner(const struct supervisor *s)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    sv path = config_text(&s->config, CONFIG_SCANNER_SOCKET);
    int fd = config_is(&s->config, CONFIG_SCANNER, SV("clamd")) ? high(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) : -1;

    memcpy(at.sun_path, path.p, path.n);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0)     /* with a full queue too: it does not wait */
        fd_close(&fd);
    return fd;
}

static bool conf_check(struct supervisor *s)
{
    int64_t edges = 0, n;
    cpu_set_t cpus;

    for (size_t i = 0; i < COUNT(config_keys); i++) {
        static const struct { enum config_id k; int64_t min, max; } numbers[] = {
            {CONFIG_EDGES, 0, EDGES_MAX}, {CONFIG_UID_BASE, 1, INT32_MAX}, {CONFIG_TENANT_UID, 1, INT32_MAX},
            {CONFIG_TENANT_IDLE, 1, 86400}, {CONFIG_KEY_DAYS, 30, 730},
        };
        if (i < COUNT(numbers) && !config_int(&s->config, numbers[i].k, numbers[i].min, numbers[i].max, &n)) {
            log_put(LOG_ERROR, "engawa.conf: %s is no number that is allowed", config_keys[numbers[i].k].key);
            return false;
        }
    }
    const char *words, *wrong = config_wrong(&s->config, &words);
    if (wrong) {
        log_put(LOG_ERROR, "engawa.conf: %s is one of %s", wrong, words);
        return false;
    }
    if (!texts_check(&s->config) || !scanner_check(&s->config) || !layout_store_check(s))
        return false;
    config_int(&s->config, CONFIG_EDGES, 0, EDGES_MAX, &edges);
    if (edges == 0 && sched_getaffinity(0, sizeof(cpus), &cpus) == 0)
        edges = CPU_COUNT(&cpus) < EDGES_MAX ? CPU_COUNT(&cpus) : EDGES_MAX;
    s->edges = (size_t)(edges ? edges : 1);
    config_int(&s->config, CONFIG_UID_BASE, 1, INT32_MAX, &s->uid_base);
    config_int(&s->config, CONFIG_TENANT_UID, 1, INT32_MAX, &s->tenant_uid);
    return true;
}

/* One supervisor per data directory. */
static bool lock(struct supervisor *s)
{
    char text[32];

    s->lock = high(openat(s->dir, "run/engawad.pid", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (s->lock < 0)
        return say("cannot open", "run/engawad.pid");
    if (flock(s->lock, LOCK_EX | LOCK_NB) < 0) {
        log_put(LOG_ERROR, "another engawad runs on this data directory");
        return false;
    }
    int n = snprintf(text, sizeof(text), "%d\n", getpid());
    return (ftruncate(s->lock, 0) == 0 && pwrite(s->lock, text, (size_t)n, 0) == n) || say("cannot write", "run/engawad.pid");
}

/* The program beside ours. */
static int beside(const char *name)
{
    char path[4096 + 32];
    ssize_t n = readlink("/proc/self/exe", path, 4096);

    while (n > 0 && path[n - 1] != '/')
        n--;
    if (n <= 0)
        return -1;
    snprintf(path + n, 32, "%s", name);
    return high(open(path, O_RDONLY | O_CLOEXEC));
}

bool layout_open(struct supervisor *s, sv data_dir)
{
    const char *dir = sv_cstr(s->arena, data_dir);

    s->root = geteuid() == 0;
    s->dir = high(open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    s->null = high(open("/dev/null", O_RDWR | O_CLOEXEC));
    s->exe = high(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    for (size_t i = 0; i < ROLE_COUNT; i++)
        s->exes[i] = roles[i].program ? beside(roles[i].program) : -1;
    if (s->dir < 0)
        return say("cannot open the data directory", dir);
    if (s->null < 0 || s->exe < 0)
        return say("cannot open", "/dev/null or /proc/self/exe");
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (roles[i].program && s->exes[i] < 0)
            return say("cannot open the program beside engawad:", roles[i].program);
    umask(077);
    return conf_read(s) && conf_check(s) && folders(s) && lock(s);
}

int layout_certificate(struct supervisor *s, enum config_id which)
{
    const char *path = sv_cstr(s->arena, config_text(&s->config, which));
    struct stat st;
    int fd = openat(s->dir, path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        say("cannot open", path);
        return -1;
    }
    if (which == CONFIG_TLS_KEY && (fstat(fd, &st) < 0 || (st.st_mode & 007))) {
        log_put(LOG_ERROR, "%s may be read by others", path);
        close(fd);
        return -1;
    }
    return fd;
}

/* The operator's own text of a public page; -1: none, the page shows ours. */
int layout_page(struct supervisor *s, enum page_id page, bool english)
{
    struct stat st;
    FD dir = openat(s->dir, "pages", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = dir < 0 ? -1 : openat(dir, page_file(page, english), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > PAGE_BYTES)) {
        log_put(LOG_ERROR, "pages/%s is no file, or larger than %d bytes: the page shows the text of Engawa", page_file(page, english), PAGE_BYTES);
        fd_close(&fd);
    }
    return fd;
}

/* Letters, digits, - and _ alone: no name leads out of the folder. A link, a pipe or a large file is none. */
int layout_challenge(struct supervisor *s, sv name)
{
    char path[CHALLENGE_NAME + 1];
    struct stat st;

    if (!challenge_name(name))
        return -1;
    memcpy(path, name.p, name.n);
    path[name.n] = 0;
    FD dir = openat(s->dir, sv_cstr(s->arena, config_text(&s->config, CONFIG_ACME)), O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = dir < 0 ? -1 : openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > CHALLENGE_BYTES))
        fd_close(&fd);
    return fd;
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* "127.0.0.1:8443" or "[::1]:8443" */
static bool address_read(struct supervisor *s, sv text, union address *out, socklen_t *n)
{
    size_t colon = text.n;
    int64_t port;

    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    *out = (union address){0};
    if (colon == 0 || !sv_int(sv_from(text, colon), &port) || port < 1 || port > 65535)
        return false;
    sv host = sv_upto(text, colon - 1);
    if (sv_starts(host, SV("[")) && sv_ends(host, SV("]"))) {
        host = sv_upto(sv_from(host, 1), host.n - 2);
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *n = sizeof(out->v6);
        return inet_pton(AF_INET6, sv_cstr(s->arena, host), &out->v6.sin6_addr) == 1;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    *n = sizeof(out->v4);
    return inet_pton(AF_INET, sv_cstr(s->arena, host), &out->v4.sin_addr) == 1;
}

static int bound(const union address *a, socklen_t n, bool shared)
{
    int one = 1, fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (shared)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
    if (a->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    if (bind(fd, &a->any, n) == 0 && listen(fd, 1024) == 0)
        return high(fd);
    int e = errno;
    close(fd);
    errno = e;
    return -1;
}

/* A supervisor that was killed takes its edges along, but a moment later: until then the address is theirs. */
static int bound_alone(const union address *a, socklen_t n)
{
    int64_t until = clock_mono_ms() + PREDECESSOR_MS;
    struct loop *nothing = loop_new();
    struct loop_event none;
    int fd;

    while ((fd = bound(a, n, false)) < 0 && errno == EADDRINUSE && nothing && clock_mono_ms() < until)
        loop_wait(nothing, &none, 1, PREDECESSOR_ASK_MS);
    int e = errno;
    loop_free(&nothing);
    errno = e;
    return fd;
}

/* Every edge has a socket of its own (SO_REUSEPORT), which stays open here, so that connections wait for an edge that is
 * started again. A first bind without sharing finds out whether somebody else listens there. */
static bool listen_at(struct supervisor *s, sv text, enum listener_kind kind)
{
    union address a;
    socklen_t n;

    if (!address_read(s, text, &a, &n) || s->addresses == COUNT(s->listeners[0])) {
        log_put(LOG_ERROR, "engawa.conf: %s: \"%.*s\" is no address", kind == LISTEN_PLAIN ? "http" : "listen", SV_ARG(text));
        return false;
    }
    FD alone = bound_alone(&a, n);
    if (alone < 0)
        return say("cannot listen at", sv_cstr(s->arena, text));
    fd_close(&alone);
    for (size_t i = 0; i < s->edges; i++) {
        s->listeners[i][s->addresses] = bound(&a, n, true);
        if (s->listeners[i][s->addresses] < 0)
            return say("cannot listen at", sv_cstr(s->arena, text));
    }
    s->kinds[s->addresses++] = kind;
    return true;
}

/* The path of a socket is limited to 107 bytes, so it is bound by its name alone, from within its folder. */
static bool listen_unix(struct supervisor *s, const char *name, int *out)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    FD run = openat(s->dir, "run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    snprintf(a.sun_path, sizeof(a.sun_path), "%s", name);
    *out = high(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (run < 0 || *out < 0 || fchdir(run) < 0)
        return say("cannot open", "run");
    unlink(name);                                         /* the lock is ours: nobody serves it */
    return (bind(*out, (struct sockaddr *)&a, sizeof(a)) == 0 && chmod(name, 0600) == 0 && listen(*out, 16) == 0)
        || say("cannot listen at", name);
}

static bool of_this_machine(const union address *a)
{
    return a->any.sa_family == AF_INET ? (ntohl(a->v4.sin_addr.s_addr) >> 24) == 127 : IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
}

/* Figures never leave the machine by themselves: who watches from elsewhere brings a way of its own. */
static bool listen_metrics(struct supervisor *s)
{
    sv text = config_text(&s->config, CONFIG_METRICS);
    union address a;
    socklen_t n;

    s->metrics = -1;
    if (sv_equal(text, SV("none")))
        return true;
    if (sv_equal(text, SV("socket")))
        return listen_unix(s, "metrics.sock", &s->metrics);
    if (!address_read(s, text, &a, &n) || !of_this_machine(&a)) {
        log_put(LOG_ERROR, "engawa.conf: metrics is socket, none, or an address of this machine itself such as 127.0.0.1:9464");
        return false;
    }
    s->metrics = bound_alone(&a, n);
    return s->metrics >= 0 || say("cannot listen at", sv_cstr(s->arena, text));
}

bool layout_listen(struct supervisor *s)
{
    sv rest = config_text(&s->config, CONFIG_LISTEN), part;

    while (sv_cut(&rest, ',', &part))
        if (!listen_at(s, sv_trim(part), LISTEN_HTTPS))
            return false;
    rest = config_text(&s->config, CONFIG_HTTP);
    while (!sv_equal(rest, SV("none")) && sv_cut(&rest, ',', &part))
        if (!listen_at(s, sv_trim(part), LISTEN_PLAIN))
            return false;
    if (s->addresses == 0)
        log_put(LOG_ERROR, "engawa.conf: listen names no address");
    return s->addresses > 0 && listen_metrics(s) && listen_unix(s, "ctl.sock", &s->ctl);   /* who reaches the last one finds the rest */
}
