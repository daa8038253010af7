/* role/edge_reply.c: what every answer says, and the edge's own refusals. */
#include "role/edge.h"

#include "base/clock.h"
#include "base/log.h"
#include "net/host.h"

#include <stdio.h>
#include <string.h>

/* On the origin of files nothing runs and nothing is loaded, whatever a file says of itself. */
static const char csp_files[] = "default-src 'none'; frame-ancestors 'none'; sandbox";
static const char permissions[] =
    "accelerometer=(), autoplay=(self), camera=(self), display-capture=(self), encrypted-media=(), fullscreen=(self), "
    "geolocation=(self), gyroscope=(), hid=(), magnetometer=(), microphone=(self), midi=(), payment=(), "
    "picture-in-picture=(self), publickey-credentials-get=(self), screen-wake-lock=(self), serial=(), usb=(), "
    "xr-spatial-tracking=()";

static const char *date_now(struct edge *e)
{
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t s = clock_ms() / 1000;
    int year, month, day;

    if (s == e->date_s)
        return e->date;
    e->date_s = s;
    date_from_days(s / 86400, &year, &month, &day);
    snprintf(e->date, sizeof(e->date), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + s / 86400 % 7 * 3, day,
             months + (month - 1) * 3, year, (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60));
    return e->date;
}

/* A real name: not localhost, *.localhost, *.local, no address. A browser must not be told to remember those. */
static bool real_name(sv origin)
{
    sv host, port;

    host_split(sv_from(origin, sizeof("https://") - 1), &host, &port);
    return sv_find(host, SV("."), NULL) && !host_is_address(host) && !host_is_localhost(host) && !sv_ends(host, SV(".local"));
}

static sv policy_of(const struct edge *e, const struct conn *c)
{
    if (c->at_files)
        return sv_n(csp_files, sizeof(csp_files) - 1);
    return str_sv(&(c->origin ? c->origin : e->origins)->csp);
}

void reply_begin(struct edge *e, struct conn *c, struct str *out, int status)
{
    edge_answered(e, c, status);
    http_answer(out, status);
    http_say(out, SV("Date"), sv_c(date_now(e)));
    http_say(out, SV("Content-Security-Policy"), policy_of(e, c));
    http_say(out, SV("X-Content-Type-Options"), SV("nosniff"));
    http_say(out, SV("Referrer-Policy"), SV("no-referrer"));
    http_say(out, SV("Cross-Origin-Opener-Policy"), SV("same-origin"));
    http_say(out, SV("Cross-Origin-Resource-Policy"), c->at_files ? SV("cross-origin") : SV("same-origin"));
    if (c->at_files)
        http_say(out, SV("Vary"), SV("Origin"));
    if (c->at_files && c->own_page)                       /* the client reads the beginning of a text */
        http_say(out, SV("Access-Control-Allow-Origin"), c->own_origin);
    http_say(out, SV("Permissions-Policy"), sv_n(permissions, sizeof(permissions) - 1));
    if (c->own_origin.n && real_name(c->own_origin))
        http_say(out, SV("Strict-Transport-Security"), SV("max-age=63072000"));
    if (!c->keep)
        http_say(out, SV("Connection"), SV("close"));
}

void reply_done(struct edge *e, struct conn *c, struct str *out)
{
    conn_put_str(e, c, out);
    if (c->state == C_DEAD)
        return;
    if (c->keep && !e->stopping)
        conn_next_request(e, c);
    else
        conn_finish(e, c);
}

static void put_error(struct edge *e, struct conn *c, enum err code, int wait_s)
{
    struct str out = {0}, body = {0};

    refusal_put(&body, code, c->english, c->ref, NULL);
    reply_begin(e, c, &out, err_def(code)->status);
    http_say(&out, SV("Content-Type"), SV("application/json"));   /* in the order of a tenant's refusal */
    if (wait_s)
        http_say_int(&out, SV("Retry-After"), wait_s);
    http_say(&out, SV("Cache-Control"), SV("no-store"));
    http_body_bytes(&out, str_sv(&body), c->head_only);
    str_release(&body);
    reply_done(e, c, &out);
}

void reply_error_wait(struct edge *e, struct conn *c, enum err code, int seconds)
{
    ref_new(c->ref);
    put_error(e, c, code, seconds);
}

void reply_error(struct edge *e, struct conn *c, enum err code)
{
    reply_error_wait(e, c, code, 0);
}
