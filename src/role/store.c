/* role/store.c: one order after the other by libcurl, which signs them (AWS Signature Version 4) and keeps the connection. */
#include "role/store.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypt/hash.h"
#include "net/host.h"
#include "role/attack.h"
#include "role/sandbox_private.h"

#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define WAIT_MS    60000
#define CONNECT_MS 5000
#define SLOW_S     20                                     /* not a byte for so long ends what is on its way */
#define MEMORY     (INT64_C(256) << 20)
#define ADDRESSES  16
#define LIST_MAX   (2 << 20)                              /* bytes of a list of 1,000 objects */
#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct storing {
    struct arena *arena, *turn;                           /* turn: of one order */
    struct ipc link;
    CURL *easy;
    const char *base;                                     /* "https://host:port/bucket" */
    const char *scheme, *host, *port, *sign, *key, *secret, *authority;
    sv prefix;
    int64_t tenant;
    struct sockaddr_storage addresses[ADDRESSES];
    socklen_t lengths[ADDRESSES];
    size_t n;
    struct curl_slist *names;
    char error[CURL_ERROR_SIZE];
    struct str body;
    size_t most;                                          /* of it */
    int fd;                                               /* what is sent */
};

/* ---- what curl asks for ---- */

static size_t on_body(char *bytes, size_t one, size_t n, void *to)
{
    struct storing *s = to;

    if (one * n > s->most - s->body.n)
        return 0;                                         /* more than was asked for: curl ends here */
    str_bytes(&s->body, bytes, one * n);
    return one * n;
}

static size_t on_read(char *to, size_t one, size_t n, void *of)
{
    const struct storing *s = of;
    ssize_t got;

    do
        got = read(s->fd, to, one * n);
    while (got < 0 && errno == EINTR);
    return got < 0 ? CURL_READFUNC_ABORT : (size_t)got;
}

static int on_seek(void *of, curl_off_t at, int from)
{
    const struct storing *s = of;

    return lseek(s->fd, at, from) < 0 ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK;
}

/* Whoever wanted it is gone: what is under way ends, lest it undo what the next one does. */
static int on_progress(void *of, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
    const struct storing *s = of;
    struct pollfd fd = {.fd = s->link.fd, .events = 0};

    (void)down;
    (void)down_now;
    (void)up;
    (void)up_now;
    return s->link.fd >= 0 && poll(&fd, 1, 0) > 0 && fd.revents & (POLLHUP | POLLERR);
}

/* The endpoint's own addresses, as they were at the start. */
static curl_socket_t on_socket(void *of, curlsocktype purpose, struct curl_sockaddr *a)
{
    const struct storing *s = of;

    (void)purpose;
    for (size_t i = 0; i < s->n; i++)
        if (s->lengths[i] == (socklen_t)a->addrlen && memcmp(&s->addresses[i], &a->addr, a->addrlen) == 0)
            return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
    return CURL_SOCKET_BAD;
}

/* ---- the endpoint ---- */

static bool endpoint(struct storing *s, const struct config *c)
{
    CURLU *u = curl_url();
    char *scheme = NULL, *host = NULL, *port = NULL, *url = NULL;
    sv bucket = config_text(c, CONFIG_STORE_BUCKET);
    const char *given = sv_cstr(s->arena, config_text(c, CONFIG_STORE_ENDPOINT));
    bool ok = u && curl_url_set(u, CURLUPART_URL, given, 0) == CURLUE_OK &&
              curl_url_set(u, CURLUPART_PATH, sv_cstr(s->arena, sv_printf(s->arena, "/%.*s", SV_ARG(bucket))), 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK && curl_url_get(u, CURLUPART_URL, &url, 0) == CURLUE_OK;

    if (ok) {
        s->scheme = sv_cstr(s->arena, sv_c(scheme));
        s->host = sv_cstr(s->arena, sv_c(host));
        s->port = sv_cstr(s->arena, sv_c(port));
        s->base = sv_cstr(s->arena, sv_c(url));
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(url);
    curl_url_cleanup(u);
    return ok;
}

/* Its addresses, so that curl asks nobody, and those alone are let through. */
static bool resolve(struct storing *s)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all = NULL;
    struct str line = STR_IN(s->arena);
    sv bare = sv_c(s->host);
    char text[64];

    if (bare.n > 2 && bare.p[0] == '[')
        bare = sv_n(bare.p + 1, bare.n - 2);
    int rc = getaddrinfo(sv_cstr(s->arena, bare), s->port, &hints, &all);
    if (rc != 0) {
        snprintf(s->error, sizeof(s->error), "%s: %s", s->host, gai_strerror(rc));
        return false;
    }
    str_printf(&line, "%s:%s:", s->host, s->port);
    for (const struct addrinfo *a = all; a && s->n < ADDRESSES; a = a->ai_next) {
        if (a->ai_addrlen > sizeof(s->addresses[0]) || getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
            continue;
        memcpy(&s->addresses[s->n], a->ai_addr, a->ai_addrlen);
        s->lengths[s->n] = a->ai_addrlen;
        str_printf(&line, "%s%s", s->n++ ? "," : "", text);
    }
    freeaddrinfo(all);
    if (s->n && !host_is_address(sv_c(s->host)))
        s->names = curl_slist_append(NULL, sv_cstr(s->arena, str_sv(&line)));
    return s->n > 0;
}

/* ---- one request ---- */

static void prepare(struct storing *s, const char *url, struct curl_slist *headers)
{
    CURL *c = s->easy;

    curl_easy_reset(c);                                   /* the connection stays */
    s->error[0] = 0;
    s->body.n = 0;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, s->scheme);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_RESOLVE, s->names);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, s);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->error);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(c, CURLOPT_AWS_SIGV4, s->sign);
    curl_easy_setopt(c, CURLOPT_USERNAME, s->key);
    curl_easy_setopt(c, CURLOPT_PASSWORD, s->secret);
    if (s->authority)
        curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &((struct curl_blob){(void *)(uintptr_t)s->authority, strlen(s->authority), CURL_BLOB_COPY}));
}

static enum bucket_end judge(CURLcode rc, long status)
{
    if (rc == CURLE_WRITE_ERROR)
        return BUCKET_STRANGE;
    if (rc != CURLE_OK)
        return BUCKET_AWAY;
    if (status == 404)
        return BUCKET_NONE;
    if (status == 401 || status == 403)
        return BUCKET_REFUSED;
    if (status == 429 || status >= 500)
        return BUCKET_AWAY;
    return status >= 200 && status < 300 ? BUCKET_DONE : BUCKET_STRANGE;
}

static enum bucket_end perform(struct storing *s, long *status)
{
    CURLcode rc = curl_easy_perform(s->easy);

    *status = 0;
    if (rc == CURLE_OK)
        curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, status);
    else if (!s->error[0])
        snprintf(s->error, sizeof(s->error), "%s", curl_easy_strerror(rc));
    return judge(rc, *status);
}

static const char *url_of(struct storing *s, int64_t blob)
{
    char key[STORE_KEY];

    return store_key(key, s->prefix, s->tenant, blob) ? sv_cstr(s->turn, sv_printf(s->turn, "%s/%s", s->base, key)) : NULL;
}

static struct curl_slist *hash_header(struct storing *s, sv hex)
{
    return curl_slist_append(NULL, sv_cstr(s->turn, sv_printf(s->turn, "x-amz-content-sha256: %.*s", SV_ARG(hex))));
}

/* ---- the orders ---- */

/* The store is told what it is to have, and refuses other bytes. */
static bool hash_of(struct storing *s, int64_t size, struct str *hex)
{
    struct sha256_run *run = sha256_begin();
    char *room = arena_alloc(s->turn, STORE_PIECE);
    int64_t all = 0;
    ssize_t n;

    while ((n = read(s->fd, room, STORE_PIECE)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) {
            sha256_add(run, sv_n(room, (size_t)n));
            all += n;
        }
    struct sha256 hash = sha256_end(&run);
    hex_put(hex, sv_n(hash.b, sizeof(hash.b)));
    return n == 0 && all == size && lseek(s->fd, 0, SEEK_SET) == 0;
}

static enum bucket_end put(struct storing *s, const char *url, int64_t size, long *status)
{
    struct str hex = STR_IN(s->turn);

    s->fd = ipc_take_fd(&s->link);
    if (s->fd < 0 || !hash_of(s, size, &hex)) {
        snprintf(s->error, sizeof(s->error), "the file is not as it was said to be");
        fd_close(&s->fd);
        return BUCKET_STRANGE;
    }
    struct curl_slist *headers = hash_header(s, str_sv(&hex));
    headers = curl_slist_append(headers, "Content-Type: application/octet-stream");
    prepare(s, url, headers);
    curl_easy_setopt(s->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(s->easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(s->easy, CURLOPT_READDATA, s);
    curl_easy_setopt(s->easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(s->easy, CURLOPT_SEEKDATA, s);
    s->most = STORE_PIECE;
    enum bucket_end end = perform(s, status);
    curl_slist_free_all(headers);
    fd_close(&s->fd);
    return end;
}

static enum bucket_end get(struct storing *s, const char *url, int64_t at, size_t n, long *status)
{
    struct curl_slist *headers = hash_header(s, SV(EMPTY_HASH));
    char range[64];

    if (at < 0 || n == 0 || n > BUCKET_READ_MAX) {
        curl_slist_free_all(headers);
        return BUCKET_STRANGE;
    }
    snprintf(range, sizeof(range), "%" PRId64 "-%" PRId64, at, at + (int64_t)n - 1);
    prepare(s, url, headers);
    curl_easy_setopt(s->easy, CURLOPT_RANGE, range);
    curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)BUCKET_MS);
    s->most = n;
    enum bucket_end end = perform(s, status);
    curl_slist_free_all(headers);
    if (end == BUCKET_STRANGE && s->body.n == 0)
        snprintf(s->error, sizeof(s->error), "it answers with another part than was asked for");
    if (end == BUCKET_DONE && (*status != 206 || s->body.n != n))
        return BUCKET_STRANGE;
    return end;
}

static enum bucket_end look(struct storing *s, const char *url, int64_t *size, long *status)
{
    struct curl_slist *headers = hash_header(s, SV(EMPTY_HASH));
    curl_off_t length = -1;

    prepare(s, url, headers);
    curl_easy_setopt(s->easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)BUCKET_MS);
    s->most = 0;
    enum bucket_end end = perform(s, status);
    curl_slist_free_all(headers);
    if (end == BUCKET_DONE)
        curl_easy_getinfo(s->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    *size = length;
    return end == BUCKET_DONE && length < 0 ? BUCKET_STRANGE : end;
}

/* What is not there is gone. */
static enum bucket_end drop(struct storing *s, const char *url, long *status)
{
    struct curl_slist *headers = hash_header(s, SV(EMPTY_HASH));

    prepare(s, url, headers);
    curl_easy_setopt(s->easy, CURLOPT_CUSTOMREQUEST, "DELETE");
    curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)BUCKET_MS);
    s->most = STORE_PIECE;
    enum bucket_end end = perform(s, status);
    curl_slist_free_all(headers);
    return end == BUCKET_NONE ? BUCKET_DONE : end;
}

/* ---- the dialogue ---- */

static bool tell(struct storing *s, enum bucket_end end, int64_t size, long status, bool bytes)
{
    sv rest = bytes && end == BUCKET_DONE ? str_sv(&s->body) : SV_NONE;
    bool ok = true;

    for (; ok && rest.n; rest = sv_from(rest, STORE_PIECE))
        ok = ipc_send(&s->link, (struct ipc_head){.type = STORE_DATA}, sv_upto(rest, STORE_PIECE), WAIT_MS);
    return ok && ipc_send(&s->link, (struct ipc_head){.type = STORE_END, .a = end, .b = (uint64_t)size, .conn = (uint32_t)status},
                          end == BUCKET_DONE ? SV_NONE : sv_upto(sv_c(s->error), 200), WAIT_MS);
}

/* False: it said what nobody says. */
static bool order(struct storing *s, const struct ipc_head *h)
{
    const char *url = url_of(s, (int64_t)h->a);
    enum bucket_end end;
    int64_t size = 0;
    long status = 0;

    if (!url)
        return false;
    switch (h->type) {
    case STORE_PUT:
        end = put(s, url, (int64_t)h->b, &status);
        break;
    case STORE_GET:
        end = get(s, url, (int64_t)h->b, h->conn, &status);
        break;
    case STORE_LOOK:
        end = look(s, url, &size, &status);
        break;
    case STORE_DROP:
        end = drop(s, url, &status);
        break;
    default:
        return false;
    }
    return tell(s, end, size, status, h->type == STORE_GET);
}

/* ---- a company is erased ---- */

/* The text between two marks in *rest, which goes on behind it. */
static bool between(sv *rest, sv from, sv to, sv *out)
{
    size_t at, end;

    if (!sv_find(*rest, from, &at))
        return false;
    sv behind = sv_from(*rest, at + from.n);
    if (!sv_find(behind, to, &end))
        return false;
    *out = sv_upto(behind, end);
    *rest = sv_from(behind, end + to.n);
    return true;
}

/* Our own names have nothing in them that XML writes in another way; a name that is none of ours is not touched. */
static bool ours(const struct storing *s, sv key, int64_t *blob)
{
    char own[STORE_KEY];
    sv rest = key, last = key;
    id64 id;

    while (sv_cut(&rest, '/', &last))
        continue;
    if (!sv_id(last, &id) || !store_key(own, s->prefix, s->tenant, id.n))
        return false;
    *blob = id.n;
    return sv_equal(key, sv_c(own));
}

/* One list, and what stands in it goes. *n: how many went. */
static bool empty_some(struct storing *s, size_t *n)
{
    struct curl_slist *headers = hash_header(s, SV(EMPTY_HASH));
    struct str prefix = STR_IN(s->turn);
    long status = 0;

    str_printf(&prefix, "%.*s%" PRId64 "/", SV_ARG(s->prefix), s->tenant);
    char *escaped = curl_easy_escape(s->easy, prefix.p, (int)prefix.n);
    prepare(s, sv_cstr(s->turn, sv_printf(s->turn, "%s?list-type=2&max-keys=1000&prefix=%s", s->base, escaped)), headers);
    curl_free(escaped);
    curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)BUCKET_MS);
    s->most = LIST_MAX;
    enum bucket_end end = perform(s, &status);
    curl_slist_free_all(headers);
    if (end != BUCKET_DONE)
        return false;
    sv all = sv_dup(s->turn, str_sv(&s->body)), key;
    for (*n = 0; between(&all, SV("<Key>"), SV("</Key>"), &key);) {
        int64_t blob;
        if (!ours(s, key, &blob))
            continue;
        if (drop(s, url_of(s, blob), &status) != BUCKET_DONE)
            return false;
        ++*n;
    }
    return true;
}

static int empty(struct storing *s)
{
    size_t n = 1, all = 0;

    for (bool ok = true; n; all += n) {
        s->turn = arena_new(4096);
        ok = empty_some(s, &n);
        arena_free(&s->turn);
        if (!ok) {
            log_put(LOG_ERROR, "the objects of an erased company do not go: %s", s->error);
            return 1;
        }
    }
    log_put(LOG_INFO, "%zu objects of an erased company are gone", all);
    return 0;
}

/* ---- */

static void limits(void)
{
    const struct rlimit memory = {MEMORY, MEMORY}, files = {64, 64};

    if (!SANITIZED)
        setrlimit(RLIMIT_DATA, &memory);
    setrlimit(RLIMIT_NOFILE, &files);
}

static bool settings(struct storing *s, const struct config *c)
{
    s->prefix = config_text(c, CONFIG_STORE_PREFIX);
    s->sign = sv_cstr(s->arena, sv_printf(s->arena, "aws:amz:%.*s:s3", SV_ARG(config_text(c, CONFIG_STORE_REGION))));
    s->key = sv_cstr(s->arena, config_text(c, CONFIG_STORE_KEY));
    s->secret = sv_cstr(s->arena, config_text(c, CONFIG_STORE_SECRET));
#ifdef ENGAWA_TEST
    s->authority = config_test_authority(c, s->arena);
#endif
    return config_int(c, CONFIG_TENANT, 1, INT64_MAX, &s->tenant) && endpoint(s, c);
}

static void serve(struct storing *s, int tenant, bool there)
{
    struct ipc_head h;
    sv payload;

    ipc_init(&s->link, tenant);
    str_room(&s->body, BUCKET_READ_MAX);
    while (ipc_wait(&s->link, BUCKET_IDLE_MS, &h, &payload)) {
        s->turn = arena_new(4096);
        bool goes = there ? order(s, &h) : tell(s, BUCKET_AWAY, 0, 0, false);
        arena_free(&s->turn);
        if (!goes || !there)
            break;                                        /* the next process asks for its addresses anew */
    }
    ipc_close(&s->link);
}

int store_main(void)
{
    static struct storing s = {.fd = -1, .link.fd = -1};
    struct start start;

    if (!start_role(ROLE_STORE, &start))
        return 1;
    s.arena = arena_new(64 * 1024);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(s.easy = curl_easy_init()) || !settings(&s, &start.config))
        return 1;
    limits();
    if (!start_ready(&start))
        return 1;
#ifdef ENGAWA_TEST
    if (sv_find(s.prefix, SV("engawa-attack"), NULL))
        attack_log(&start);
#endif
    s.body = STR_IN(s.arena);
    bool there = resolve(&s);
    int rc = 0;
    if (config_is(&start.config, CONFIG_STORE_EMPTY, SV("1")))
        rc = there ? empty(&s) : 1;
    else
        serve(&s, start_take_first(&start, ROLE_TENANT), there);
    curl_slist_free_all(s.names);
    curl_easy_cleanup(s.easy);
    curl_global_cleanup();
    arena_free(&s.arena);
    start_end(&start);
    return rc;
}
