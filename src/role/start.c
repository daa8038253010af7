/* role/start.c: the dialogue on descriptor 3: configuration, listeners, links, go; then news one by one. */
#include "role/start.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypt/hash.h"
#include "role/attack.h"
#include "role/roles.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUP_FD 3

static bool refuse(const char *why)
{
    fprintf(stderr, "engawad: %s. Roles are started by `engawad --data DIR`, never by hand.\n", why);
    return false;
}

static bool link_is_socket(void)
{
    struct stat st;

    return fstat(SUP_FD, &st) == 0 && S_ISSOCK(st.st_mode);
}

static void levels(const struct config *c)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (config_is(c, CONFIG_LOG, sv_c(names[i])))
            log_max((enum log_level)i);
}

static void name_log(const struct start *s)
{
    char name[64];
    sv n = s->role == ROLE_TENANT ? config_text(&s->config, CONFIG_TENANT)
         : s->role == ROLE_EDGE   ? config_text(&s->config, CONFIG_INDEX)
                                  : SV("");

    snprintf(name, sizeof(name), "%s%s%.*s", roles[s->role].name, n.n ? " " : "", SV_ARG(n));
    log_name(name);
}

/* One frame before SUP_GO. 1: go; 0: more; -1: not our supervisor. */
static int first_frame(struct start *s, const struct ipc_head *h, sv payload)
{
    int line;

    switch (h->type) {
    case SUP_CONFIG:
        return config_read(&s->config, s->arena, payload, false, &line) ? 0 : -1;
    case SUP_LISTENER:
        *PUSH(s->arena, &s->listeners) =
            (struct start_listener){.kind = (enum listener_kind)h->a, .fd = ipc_take_fd(&s->sup)};
        return 0;
    case SUP_PEER:
        *PUSH(s->arena, &s->links) = (struct start_link){
            .role = (enum role_id)h->a, .number = (int64_t)h->b, .fd = ipc_take_fd(&s->sup)};
        return 0;
    case SUP_GO:
        return 1;
    default:
        return -1;
    }
}

static bool await_go(struct start *s)
{
    for (;;) {
        struct ipc_head h;
        sv payload;
        int got = ipc_next(&s->sup, &h, &payload);
        if (got > 0)
            got = first_frame(s, &h, payload);
        else if (got == 0) {
            struct pollfd p = {.fd = s->sup.fd, .events = POLLIN};
            poll(&p, 1, -1);
            if (ipc_read(&s->sup) < 0)
                return refuse("the supervisor hung up");
            continue;
        }
        if (got < 0)
            return refuse("descriptor 3 does not speak as a supervisor");
        if (got > 0)
            return true;
    }
}

bool start_role(enum role_id role, struct start *s)
{
    *s = (struct start){.role = role, .sup.fd = -1, .statm = -1};
    if (geteuid() == 0 || getuid() == 0)
        return refuse("a role does not run as root");
    if (!link_is_socket())
        return refuse("descriptor 3 is no link to a supervisor");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);                              /* ^C and a whole group's SIGTERM reach the supervisor too, */
    signal(SIGTERM, SIG_IGN);                             /* which says stop in order */
    mallopt(M_ARENA_MAX, 1);                              /* small: facts of idle tenants */
    mallopt(M_TRIM_THRESHOLD, 64 * 1024);
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
    s->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    s->arena = arena_new(4096);
    log_name(roles[role].name);
    ipc_init(&s->sup, SUP_FD);
    if (!await_go(s))
        return false;
    levels(&s->config);
    name_log(s);
    return true;
}

static int take(struct start_link *l)
{
    int fd = l->fd;

    l->fd = -1;
    return fd;
}

int start_take_link(struct start *s, enum role_id role, int64_t number)
{
    for (size_t i = 0; i < s->links.n; i++)
        if (s->links.v[i].role == role && s->links.v[i].number == number && s->links.v[i].fd >= 0)
            return take(&s->links.v[i]);
    return -1;
}

int start_take_first(struct start *s, enum role_id role)
{
    for (size_t i = 0; i < s->links.n; i++)
        if (s->links.v[i].role == role && s->links.v[i].fd >= 0)
            return take(&s->links.v[i]);
    return -1;
}

int start_take_listener(struct start *s, enum listener_kind kind)
{
    for (size_t i = 0; i < s->listeners.n; i++) {
        struct start_listener *l = &s->listeners.v[i];
        if (l->kind != kind || l->fd < 0)
            continue;
        int fd = l->fd;
        l->fd = -1;
        return fd;
    }
    return -1;
}

static int own_dir(enum role_id role)
{
    return roles[role].files == FILES_OWN ? open(".", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
}

bool start_confine(struct start *s)
{
    bool strict = config_is(&s->config, CONFIG_SANDBOX, SV("strict"));
    FD dir = own_dir(s->role);

    sandbox_begin();
    crypt_warm();
    s->level = sandbox_enter(s->role, dir);
    s->proven = sandbox_self_test(s->role, s->level);
    s->confined = true;
    if (strict && (s->level != SANDBOX_FULL || !s->proven)) {
        log_put(LOG_ERROR, "sandbox = strict, but this machine offers only the level \"%s\" (%s)",
                sandbox_level_name(s->level), s->proven ? "proven" : "not proven");
        return false;
    }
    if (s->level != SANDBOX_NONE && !s->proven)
        log_put(LOG_WARN, "a forbidden call was not refused");
    return true;
}

bool start_ready(struct start *s)
{
    struct ipc_head h = {.type = ROLE_READY};

    if (!s->confined && !start_confine(s))
        return false;
    h.a = (uint64_t)s->level;
    h.b = s->proven ? 1 : 0;
    ipc_put(&s->sup, h, SV_NONE);
    return ipc_flush(&s->sup) >= 0;
}

static bool news_of(struct start *s, const struct ipc_head *h, struct start_news *out)
{
    *out = (struct start_news){.fd = -1, .number = (int64_t)h->b, .conn = h->conn, .gen = h->gen};
    switch (h->type) {
    case SUP_PEER:
        out->what = NEWS_LINK;
        out->role = (enum role_id)h->a;
        out->fd = ipc_take_fd(&s->sup);
        return out->fd >= 0;
    case SUP_LISTENER:
        out->what = NEWS_LISTENER;
        out->kind = (enum listener_kind)h->a;
        out->fd = ipc_take_fd(&s->sup);
        return out->fd >= 0;
    case SUP_CHALLENGE:
        out->what = NEWS_CHALLENGE;
        out->fd = ipc_take_fd(&s->sup);
        return true;
    case SUP_SCANNER:
        out->what = NEWS_SCANNER;
        out->fd = ipc_take_fd(&s->sup);
        return true;
    case SUP_ENDED:
        out->what = NEWS_ENDED;
        out->status = (int)h->a;
        return true;
    case SUP_ERASED:
        out->what = NEWS_ERASED;
        out->status = h->a == 1;
        return true;
    case SUP_STOP:
        out->what = NEWS_STOP;
        return true;
    default:
        return false;
    }
}

bool start_next(struct start *s, struct start_news *out)
{
    for (;;) {
        struct ipc_head h;
        sv payload;
        int got = ipc_next(&s->sup, &h, &payload);
        if (got > 0 && news_of(s, &h, out))
            return true;
        if (got > 0)
            continue;                                     /* a frame this role has no use for */
        if (got == 0)
            got = ipc_read(&s->sup);
        if (got == 0)
            return false;
        if (got < 0) {
            *out = (struct start_news){.what = NEWS_GONE, .fd = -1};
            return true;
        }
    }
}

void start_end(struct start *s)
{
    for (size_t i = 0; i < s->links.n; i++)
        fd_close(&s->links.v[i].fd);
    for (size_t i = 0; i < s->listeners.n; i++)
        fd_close(&s->listeners.v[i].fd);
    ipc_close(&s->sup);
    fd_close(&s->statm);
    arena_free(&s->arena);
}

void start_health(const struct start *s, struct json *j, uint64_t attempt)
{
    int64_t number = 0;

    json_text(j, "role", sv_c(roles[s->role].name));
    if (s->role == ROLE_TENANT && config_int(&s->config, CONFIG_TENANT, 0, INT64_MAX, &number))
        json_id(j, "number", (id64){number});
    if (s->role == ROLE_EDGE && config_int(&s->config, CONFIG_INDEX, 0, 1024, &number))
        json_int(j, "index", number);
    json_int(j, "pid", getpid());
    json_int(j, "uid", getuid());
    json_text(j, "sandbox", sv_c(sandbox_level_name(s->level)));
    json_int(j, "landlock", sandbox_landlock_abi());
    json_bool(j, "proven", s->proven);
    json_text(j, "version", SV(ENGAWA_VERSION));
#ifdef ENGAWA_TEST
    attack(s->role, attempt, j);
#else
    (void)attempt;
#endif
}

void start_health_tell(const struct start *s, struct ipc *to, const struct ipc_head *ask)
{
    struct str text = {0};
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    start_health(s, &j, ask->b);
    json_close(&j);
    ipc_put(to, (struct ipc_head){.type = HEALTH_TELL, .a = ask->a}, str_sv(&text));
    str_release(&text);
}

/* The second number is of pages. */
static uint64_t memory(const struct start *s)
{
    char text[128];
    int64_t pages = 0;
    ssize_t n = s->statm < 0 || lseek(s->statm, 0, SEEK_SET) < 0 ? 0 : read(s->statm, text, sizeof(text));
    sv rest = n > 0 ? sv_n(text, (size_t)n) : SV(""), part;

    if (sv_cut(&rest, ' ', &part) && sv_cut(&rest, ' ', &part))
        sv_int(part, &pages);
    return (uint64_t)pages * (uint64_t)getpagesize();
}

void start_figures(const struct start *s, struct str *payload)
{
    figures_put(payload, FIGURE_PROCESSES, (size_t)s->role, 1);
    figures_put(payload, FIGURE_MEMORY, (size_t)s->role, memory(s));
}

void start_figures_tell(const struct start *s, struct ipc *to, const struct ipc_head *ask)
{
    struct str text = {0};

    start_figures(s, &text);
    ipc_put(to, (struct ipc_head){.type = FIGURES_TELL, .a = ask->a}, str_sv(&text));
    str_release(&text);
}

bool challenge_name(sv name)
{
    for (size_t i = 0; i < name.n; i++) {
        char ch = name.p[i];
        if (!(ch >= 'A' && ch <= 'Z') && !(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && ch != '-' && ch != '_')
            return false;
    }
    return name.n > 0 && name.n <= CHALLENGE_NAME;
}
