/* role/edge_origin.c: the origins of this installation, and the ones that their files are had from: files.<host> with the same port; of a
 * bare address the port after it, where we listen there. */
#include "role/edge.h"

#include "base/log.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "https://"

static void csp_put(struct origin *o)
{
    sv files = str_sv(&o->files);
    const char *gap = files.n ? " " : "";

    str_reset(&o->csp);
    str_printf(&o->csp,
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:%s%.*s; media-src 'self' blob:%s%.*s; "
               "connect-src 'self'%s%.*s; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types engawa",
               gap, SV_ARG(files), gap, SV_ARG(files), gap, SV_ARG(files));
}

static void split(sv own, sv *host, sv *port)
{
    sv rest = sv_from(own, sizeof(SCHEME) - 1);
    size_t at;

    *host = rest;
    *port = SV("443");
    if (rest.n && rest.p[0] == '[') {
        if (!sv_find(rest, SV("]"), &at))
            return;
        *host = sv_upto(rest, at + 1);
        rest = sv_from(rest, at + 1);
        if (rest.n > 1)
            *port = sv_from(rest, 1);
    } else if (sv_find(rest, SV(":"), &at)) {
        *host = sv_upto(rest, at);
        *port = sv_from(rest, at + 1);
    }
}

static bool is_address(sv host)
{
    struct in_addr four;
    char text[INET_ADDRSTRLEN];

    if (host.n && host.p[0] == '[')
        return true;
    if (host.n >= sizeof(text))
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = 0;
    return inet_pton(AF_INET, text, &four) == 1;
}

static bool listens_on(const struct edge *e, int64_t port)
{
    sv rest = config_text(&e->start.config, CONFIG_LISTEN), part;
    char end[24];

    snprintf(end, sizeof(end), ":%" PRId64, port);
    while (sv_cut(&rest, ',', &part))
        if (sv_ends(sv_trim(part), sv_c(end)))
            return true;
    return false;
}

static void files_put(struct edge *e, struct origin *o)
{
    sv host, port;
    int64_t number;

    str_reset(&o->files);
    if (!config_is(&e->start.config, CONFIG_FILES, SV("auto")))
        return;
    split(o->own, &host, &port);
    if (is_address(host)) {
        if (sv_int(port, &number) && listens_on(e, number + 1))
            str_printf(&o->files, SCHEME "%.*s:%" PRId64, SV_ARG(host), number + 1);
        return;
    }
    str_printf(&o->files, SCHEME "files.%.*s", SV_ARG(sv_from(o->own, sizeof(SCHEME) - 1)));
    split(str_sv(&o->files), &host, &port);
    if (tls_covers(e->tls, host))
        return;
    log_put(LOG_WARN, "files: the certificate does not cover %.*s, so they come from the client's own origin", SV_ARG(host));
    str_reset(&o->files);
}

static void known(struct edge *e)
{
    sv rest = config_text(&e->start.config, CONFIG_ORIGIN), part;

    while (sv_cut(&rest, ',', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, SV(SCHEME)))
            continue;
        e->origins = xrealloc_n(e->origins, e->origins_n + 1, sizeof(*e->origins));
        e->origins[e->origins_n++] = (struct origin){.own = part};
    }
}

void origins_read(struct edge *e)
{
    if (!e->origins_n)
        known(e);
    for (size_t i = 0; i < e->origins_n; i++) {
        files_put(e, &e->origins[i]);
        csp_put(&e->origins[i]);
    }
}

/* The port 443 is the one that browsers leave out. */
static bool is_host(sv origin, sv host)
{
    sv ours;

    if (!origin.n)
        return false;
    ours = sv_from(origin, sizeof(SCHEME) - 1);
    return sv_equal_nocase(ours, host) || (sv_starts(host, ours) && sv_equal(sv_from(host, ours.n), SV(":443")));
}

const struct origin *origin_of_host(const struct edge *e, sv host, bool *files)
{
    for (size_t i = 0; i < e->origins_n; i++) {
        const struct origin *o = &e->origins[i];
        *files = is_host(str_sv(&o->files), host);
        if (*files || is_host(o->own, host))
            return o;
    }
    *files = false;
    return NULL;
}
