/* role/edge_origin.c: the origins of this installation, and the ones that their files are had from: files.<host> with the same port; of a
 * bare address the port after it. */
#include "role/edge.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/host.h"

#include <stdio.h>

#define SCHEME "https://"

static sv without_scheme(sv origin)
{
    return sv_from(origin, sizeof(SCHEME) - 1);
}

/* It names the origin of files whether or not they come from there now: pages that are open, and the shell that an installed app
 * keeps, have the policy they came with, while a certificate may cover more from one minute to the next. */
static void csp_put(struct origin *o)
{
    sv files = str_sv(&o->files);

    str_printf(&o->csp,
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: %.*s; media-src 'self' blob: %.*s; "
               "connect-src 'self' %.*s; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types engawa",
               SV_ARG(files), SV_ARG(files), SV_ARG(files));
}

static void files_put(struct origin *o)
{
    sv host, port;
    int64_t number;

    host_split(without_scheme(o->own), &host, &port);
    if (!host_is_address(host))
        str_printf(&o->files, SCHEME "files.%.*s", SV_ARG(without_scheme(o->own)));
    else
        str_printf(&o->files, SCHEME "%.*s:%" PRId64, SV_ARG(host), sv_int(port, &number) ? number + 1 : 444);
}

static bool listens_on(const struct edge *e, sv port)
{
    sv rest = config_text(&e->start.config, CONFIG_LISTEN), part, host, one;

    while (sv_cut(&rest, ',', &part)) {
        host_split(sv_trim(part), &host, &one);
        if (sv_equal(one, port))
            return true;
    }
    return false;
}

/* Whether a browser that is sent there gets an answer. */
static bool files_reached(const struct edge *e, const struct origin *o)
{
    sv host, port;

    host_split(without_scheme(str_sv(&o->files)), &host, &port);
    if (host_is_address(host) ? listens_on(e, port) : tls_covers(e->tls, host))
        return true;
    log_put(LOG_WARN, "files: %s %.*s, so they come from the client's own origin",
            host_is_address(host) ? "nothing listens at" : "the certificate does not cover", SV_ARG(without_scheme(str_sv(&o->files))));
    return false;
}

static void origins_of_config(struct edge *e)
{
    sv rest = config_text(&e->start.config, CONFIG_ORIGIN), part;

    while (sv_cut(&rest, ',', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, SV(SCHEME)))
            continue;
        e->origins = xrealloc_n(e->origins, e->origins_n + 1, sizeof(*e->origins));
        struct origin *o = &e->origins[e->origins_n++];
        *o = (struct origin){.own = part};
        files_put(o);
        csp_put(o);
    }
}

void origins_read(struct edge *e)
{
    bool wanted = config_is(&e->start.config, CONFIG_FILES, SV("auto"));

    if (!e->origins_n)
        origins_of_config(e);
    for (size_t i = 0; i < e->origins_n; i++)
        e->origins[i].apart = wanted && files_reached(e, &e->origins[i]);
}

/* The port 443 is the one that browsers leave out. */
static bool is_host(sv origin, sv host)
{
    sv ours = without_scheme(origin);

    return sv_equal_nocase(ours, host) || (sv_starts(host, ours) && sv_equal(sv_from(host, ours.n), SV(":443")));
}

const struct origin *origin_of_host(const struct edge *e, sv host, bool *files)
{
    for (size_t i = 0; i < e->origins_n; i++) {
        const struct origin *o = &e->origins[i];
        *files = o->apart && is_host(str_sv(&o->files), host);
        if (*files || is_host(o->own, host))
            return o;
    }
    *files = false;
    return NULL;
}
