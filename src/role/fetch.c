/* role/fetch.c: one address by libcurl, redirects followed by hand: each is looked at as the first one was. */
#include "role/fetch.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/address.h"
#include "net/host.h"
#include "role/attack.h"
#include "role/sandbox_private.h"

#include <curl/curl.h>
#include <locale.h>
#include <netdb.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define WAIT_MS   60000
#define CPU_S     10
#define MEMORY    (INT64_C(256) << 20)

struct fetching {
    struct arena *arena;
    struct ipc link;
    struct fetch_task task;
    CURLM *multi;
    CURL *easy;
    int64_t until_ms;
    struct str body;
    sv type;                                              /* of what came */
    bool full, closed;                                    /* more came than is taken; an address was refused */
    const char *map;                                      /* of test builds: "address:port=port …" */
    const char *authority;
};

/* ---- what curl asks for ---- */

static size_t on_body(char *bytes, size_t one, size_t n, void *to)
{
    struct fetching *f = to;
    size_t room = FETCH_BODY_MAX - f->body.n, take = one * n < room ? one * n : room;

    str_bytes(&f->body, bytes, take);
    f->full = take < one * n;
    return take;                                          /* less: curl ends here */
}

#ifdef ENGAWA_TEST
/* Nobody of the internet stands in a test: what may be reached is this machine's port, once it was looked at. */
static bool mapped(const struct fetching *f, struct curl_sockaddr *a)
{
    char host[64], service[16], key[96];
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};

    if (getnameinfo(&a->addr, a->addrlen, host, sizeof(host), service, sizeof(service), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    snprintf(key, sizeof(key), "%s:%s=", host, service);
    const char *found = strstr(f->map, key);
    if (!found)
        return false;
    sv port = sv_c(found + strlen(key));
    int64_t n;
    if (!sv_int(sv_upto(port, strcspn(port.p, " ")), &n))
        return false;
    v4.sin_port = htons((uint16_t)n);
    a->family = AF_INET;
    a->addrlen = sizeof(v4);
    memcpy(&a->addr, &v4, sizeof(v4));
    return true;
}
#endif

static curl_socket_t on_socket(void *of, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct fetching *f = of;

    (void)purpose;
    if (!address_is_public(&a->addr)) {
        f->closed = true;
        return CURL_SOCKET_BAD;
    }
#ifdef ENGAWA_TEST
    if (!mapped(f, a))
        return CURL_SOCKET_BAD;
#endif
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static CURL *prepared(struct fetching *f)
{
    CURL *c = curl_easy_init();

    ENSURE(c != NULL);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Mozilla/5.0 (compatible; Engawa link preview)");
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
    if (f->authority)
        curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &((struct curl_blob){(void *)(uintptr_t)f->authority, strlen(f->authority), CURL_BLOB_COPY}));
    return c;
}

/* ---- one address ---- */

/* What is left of an address: no name and password, the ports of the web, a host. */
static bool acceptable(CURLU *u, char **url, char **host, char **port)
{
    char *scheme = NULL, *user = NULL;
    bool ok = curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && (!strcmp(scheme, "http") || !strcmp(scheme, "https")) &&
              curl_url_get(u, CURLUPART_USER, &user, 0) != CURLUE_OK && curl_url_get(u, CURLUPART_HOST, host, CURLU_PUNYCODE) == CURLUE_OK &&
              curl_url_set(u, CURLUPART_HOST, *host, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PORT, port, CURLU_DEFAULT_PORT) == CURLUE_OK && (!strcmp(*port, "80") || !strcmp(*port, "443")) &&
              curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK && curl_url_get(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
              strlen(*url) <= FETCH_URL_MAX;

    curl_free(scheme);
    curl_free(user);
    return ok;
}

/* The host's addresses, so that curl asks nobody. They are looked at where the socket is made, and nowhere else. NULL: it has none. */
static struct curl_slist *resolved(struct fetching *f, const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    struct str line = STR_IN(f->arena);
    char text[64];

    if (getaddrinfo(host, port, &hints, &all) != 0)
        return NULL;
    str_printf(&line, "%s:%s:", host, port);
    for (const struct addrinfo *a = all; a; a = a->ai_next)
        if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST) == 0)
            str_printf(&line, "%s%s", a == all ? "" : ",", text);
    freeaddrinfo(all);
    return curl_slist_append(NULL, sv_cstr(f->arena, str_sv(&line)));
}

/* To its end, or until nobody waits for it any more. */
static bool perform(struct fetching *f)
{
    struct curl_waitfd tenant = {.fd = f->link.fd, .events = CURL_WAIT_POLLIN};    /* it has said all: its end alone is to come */
    int running = 1, left;
    CURLMsg *m;
    bool done = false;

    curl_multi_add_handle(f->multi, f->easy);
    while (running && clock_mono_ms() < f->until_ms && !tenant.revents) {
        if (curl_multi_perform(f->multi, &running) != CURLM_OK || !running)
            break;
        curl_multi_poll(f->multi, &tenant, 1, 1000, NULL);
    }
    while ((m = curl_multi_info_read(f->multi, &left)))
        done = m->msg == CURLMSG_DONE && (m->data.result == CURLE_OK || (m->data.result == CURLE_WRITE_ERROR && f->full));
    curl_multi_remove_handle(f->multi, f->easy);
    return done;
}

static bool wanted(const struct fetching *f, const char *type)
{
    sv t = sv_c(type);

    if (f->task.kind == FETCH_PICTURE)
        return sv_starts(t, SV("image/"));
    return sv_starts(t, SV("text/html")) || sv_starts(t, SV("application/xhtml+xml"));
}

static bool is_packed(CURL *c)
{
    struct curl_header *h;

    return curl_easy_header(c, "Content-Encoding", 0, CURLH_HEADER, -1, &h) == CURLHE_OK && strcasecmp(h->value, "identity") != 0;
}

/* One hop. *next: where it leads on, of the arena; "": nowhere. */
static enum fetch_end hop(struct fetching *f, const char *url, const char *host, const char *port, const char **next)
{
    struct curl_slist *names = NULL, *headers = curl_slist_append(NULL, f->task.kind == FETCH_PAGE ? "Accept: text/html" : "Accept: image/*");
    long status = 0;
    char *type = NULL, *on = NULL;
    enum fetch_end end = FETCH_NOTHING;

    *next = "";
    f->body.n = 0;
    f->full = false;
    f->easy = prepared(f);
    headers = curl_slist_append(headers, "Accept-Language: ja, en;q=0.5");
    if (!host_is_address(sv_c(host)))
        names = resolved(f, host, port);
    curl_easy_setopt(f->easy, CURLOPT_URL, url);
    curl_easy_setopt(f->easy, CURLOPT_RESOLVE, names);
    curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, headers);
    if ((names || host_is_address(sv_c(host))) && perform(f)) {
        curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &type);
        curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &on);
        if (status >= 300 && status < 400 && on)
            *next = sv_cstr(f->arena, sv_c(on));
        else if (status == 200 && type && wanted(f, type) && !is_packed(f->easy) && !(f->full && f->task.kind == FETCH_PICTURE))
            end = FETCH_DONE;
    }
    if (end == FETCH_DONE)
        f->type = sv_dup(f->arena, sv_c(type));
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(names);
    curl_slist_free_all(headers);
    return end;
}

static enum fetch_end fetch(struct fetching *f, const char **where)
{
    CURLU *u = curl_url();
    const char *next = sv_cstr(f->arena, f->task.url);
    enum fetch_end end = FETCH_NOTHING;
    bool ok = u && (f->task.base.n == 0 || curl_url_set(u, CURLUPART_URL, sv_cstr(f->arena, f->task.base), 0) == CURLUE_OK);

    for (int hops = 0; ok && *next && end == FETCH_NOTHING && hops <= FETCH_REDIRECTS; hops++) {
        char *url = NULL, *host = NULL, *port = NULL;
        ok = curl_url_set(u, CURLUPART_URL, next, CURLU_URLENCODE) == CURLUE_OK && acceptable(u, &url, &host, &port);
        if (ok) {
            *where = sv_cstr(f->arena, sv_c(url));
            end = hop(f, *where, host, port, &next);
        }
        curl_free(url);
        curl_free(host);
        curl_free(port);
    }
    curl_url_cleanup(u);
    return end == FETCH_NOTHING && f->closed ? FETCH_CLOSED : end;
}

/* ---- the dialogue ---- */

static bool task(struct fetching *f)
{
    struct ipc_head h;
    sv payload;

    if (!ipc_wait(&f->link, WAIT_MS, &h, &payload) || h.type != FETCH_TASK || (h.a != FETCH_PAGE && h.a != FETCH_PICTURE))
        return false;
    struct ipc_in in = IPC_IN(payload);
    f->task.kind = (enum fetch_kind)h.a;
    f->task.url = sv_dup(f->arena, ipc_r_bytes(&in, FETCH_URL_MAX));
    f->task.base = sv_dup(f->arena, ipc_r_bytes(&in, FETCH_URL_MAX));
    return ipc_r_end(&in);
}

static void tell(struct fetching *f, enum fetch_end end, const char *where)
{
    struct str last = STR_IN(f->arena);
    sv rest = end == FETCH_DONE ? str_sv(&f->body) : SV_NONE;
    bool ok = true;

    for (; ok && rest.n; rest = sv_from(rest, FETCH_PIECE))
        ok = ipc_send(&f->link, (struct ipc_head){.type = FETCH_DATA}, sv_upto(rest, FETCH_PIECE), WAIT_MS);
    ipc_w_bytes(&last, sv_c(where));
    ipc_w_bytes(&last, sv_upto(f->type, FETCH_TYPE_MAX));
    if (ok)
        ipc_send(&f->link, (struct ipc_head){.type = FETCH_END, .a = end}, str_sv(&last), WAIT_MS);
}

static void limits(void)
{
    const struct rlimit cpu = {CPU_S, CPU_S}, memory = {MEMORY, MEMORY}, files = {64, 64};

    setrlimit(RLIMIT_CPU, &cpu);
    if (!SANITIZED)
        setrlimit(RLIMIT_DATA, &memory);
    setrlimit(RLIMIT_NOFILE, &files);
    alarm(2 * FETCH_MS / 1000);                           /* a resolver that hangs: the tenant has ended waiting long before */
}

int fetch_main(void)
{
    static struct fetching f;
    const char *where = "";
    struct start s;

    if (!start_role(ROLE_FETCH, &s))
        return 1;
    f.arena = arena_new(64 * 1024);
    setlocale(LC_CTYPE, "C.UTF-8");                       /* names of hosts in other scripts */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(f.multi = curl_multi_init()))
        return 1;
#ifdef ENGAWA_TEST
    f.map = sv_cstr(f.arena, config_text(&s.config, CONFIG_TEST_OUT));
    f.authority = config_test_authority(&s.config, f.arena);
#endif
    limits();
    if (!start_ready(&s))
        return 1;
    f.body = STR_IN(f.arena);
    str_room(&f.body, FETCH_BODY_MAX);
    ipc_init(&f.link, start_take_first(&s, ROLE_TENANT));
    if (task(&f)) {
#ifdef ENGAWA_TEST
        if (sv_find(f.task.url, SV("engawa-attack"), NULL))
            attack_log(&s);
#endif
        f.until_ms = clock_mono_ms() + 2 * FETCH_MS;
        enum fetch_end end = fetch(&f, &where);
        tell(&f, end, where);
    }
    return 0;                                             /* what it holds ends with it */
}
