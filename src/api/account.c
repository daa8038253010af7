/* api/account.c: signing in and out, the member's own sessions and password. */
#include "api/app.h"
#include "api/me.h"
#include "api/tried.h"
#include "core/gate.h"
#include "svc/account/account.h"
#include "svc/talk/place.h"

struct session_in {
    sv id, password, client;
};
static const struct field session_in_fields[] = {
    FIELD(struct session_in, id, .need = true, .min = 1, .max = 64, .doc = "the part of the Engawa ID before @"),
    FIELD(struct session_in, password, .need = true, .min = 1, .max = 1024, .doc = "compared whole"),
    FIELD(struct session_in, client, .need = true, .min = 1, .max = 32, .doc = "the registered client: web, mobile-web"),
};
static const struct schema session_in = SCHEMA("session_in", struct session_in, session_in_fields);

struct password_in {
    sv old, new;
};
static const struct field password_in_fields[] = {
    FIELD(struct password_in, old, .need = true, .min = 1, .max = 1024, .doc = "the password until now"),
    FIELD(struct password_in, new, .need = true, .min = 1, .max = 1024, .doc = "the new one; its length is a setting"),
};
static const struct schema password_in = SCHEMA("password_in", struct password_in, password_in_fields);

struct session_out {
    id64 id;
    sv channel, agent, ip, seen_ip;
    time64 opened, seen;
    bool current;
};
static const struct field session_out_fields[] = {
    FIELD(struct session_out, id, .doc = "names the session in DELETE /sessions/:session"),
    FIELD(struct session_out, channel, .doc = "W browser, MW mobile browser, MP installed web app …"),
    FIELD(struct session_out, agent, .doc = "what the client called itself when it signed in"),
    FIELD(struct session_out, ip, .doc = "its address when it signed in"),
    FIELD(struct session_out, seen_ip, .doc = "its address when it was used last, to the minute"),
    FIELD(struct session_out, opened, .doc = "when it signed in"),
    FIELD(struct session_out, seen, .doc = "last activity, to the minute"),
    FIELD(struct session_out, current, .doc = "the session that asks"),
};
static const struct schema session_out = SCHEMA("session_out", struct session_out, session_out_fields);

struct sessions_out {
    struct list sessions;
};
static const struct field sessions_out_fields[] = {
    FIELD(struct sessions_out, sessions, .of = &session_out, .doc = "those used last come first"),
};
static const struct schema sessions_out = SCHEMA("sessions_out", struct sessions_out, sessions_out_fields);

struct ticket_out {
    sv ticket;
    int64_t seconds;
};
static const struct field ticket_out_fields[] = {
    FIELD(struct ticket_out, ticket, .doc = "goes into Sec-WebSocket-Protocol as ticket.<ticket>, once"),
    FIELD(struct ticket_out, seconds, .doc = "how long it is good"),
};
static const struct schema ticket_out = SCHEMA("ticket_out", struct ticket_out, ticket_out_fields);

struct device_in {
    sv key;
};
static const struct field device_in_fields[] = {
    FIELD(struct device_in, key, .need = true, .min = 87, .max = 87,
          .doc = "the device's public key: a point of P-256, uncompressed (WebCrypto raw), base64url"),
};
static const struct schema device_in = SCHEMA("device_in", struct device_in, device_in_fields);

struct device_out {
    id64 device;
};
static const struct field device_out_fields[] = {
    FIELD(struct device_out, device, .doc = "names the key in POST /device-session"),
};
static const struct schema device_out = SCHEMA("device_out", struct device_out, device_out_fields);

struct device_session_in {
    id64 device;
    int64_t time;
    sv signature;
};
static const struct field device_session_in_fields[] = {
    FIELD(struct device_session_in, device, .need = true, .doc = "as enrolled"),
    FIELD(struct device_session_in, time, .need = true, .min = 1, .doc = "UTC ms, later than at the last time"),
    FIELD(struct device_session_in, signature, .need = true, .min = 86, .max = 86,
          .doc = "ECDSA P-256 with SHA-256 (r | s), base64url, over the text of doc/formats.md"),
};
static const struct schema device_session_in =
    SCHEMA("device_session_in", struct device_session_in, device_session_in_fields);

struct terms_in {
    sv version;
};
static const struct field terms_in_fields[] = {
    FIELD(struct terms_in, version, .need = true, .min = 1, .max = 32, .doc = "the version that was shown"),
};
static const struct schema terms_in = SCHEMA("terms_in", struct terms_in, terms_in_fields);

struct terms_out {
    sv version, accepted;
    time64 time;
};
static const struct field terms_out_fields[] = {
    FIELD(struct terms_out, version, .doc = "the version in force, to be read at /terms; empty: nobody is asked to accept any"),
    FIELD(struct terms_out, accepted, .doc = "the newest version that the member has accepted; empty: none"),
    FIELD(struct terms_out, time, .doc = "when that was"),
};
static const struct schema terms_out = SCHEMA("terms_out", struct terms_out, terms_out_fields);

struct everywhere {
    sv all;
};
static const struct field everywhere_fields[] = {
    FIELD(struct everywhere, all, .one_of = "true|false", .doc = "true: this session too"),
};
static const struct schema everywhere = SCHEMA("session_everywhere", struct everywhere, everywhere_fields);

#define EXEMPT "{\"network\":\"exempt\"}"                  /* let in by an exemption from the address list alone (NET-06) */

struct change {
    struct proof proof;
    sv stored;
};

static bool session_open_prepare(struct ctx *x, struct call *c)
{
    const struct session_in *in = c->in;
    struct proof *p = ANEW(x->arena, struct proof);

    c->prepared = p;
    if (!channel_of_client(in->client, &x->actor.channel))
        return fail(&x->failure, E_UNKNOWN_CLIENT, "no client of ours by that name");
    return account_prove(x, in->id, in->password, p);
}

static bool session_open(struct ctx *x, struct call *c, void *out)
{
    const struct proof *p = c->prepared;
    bool ok = account_sign_in(x, p, c->set_sid, c->set_dev);

    /* A failure names the account that was tried, though nobody acted in its name. */
    audit(x, AUDIT_SESSION_OPEN, ok ? x->actor.session : p->member, x->actor.exempt ? SV(EXEMPT) : SV_NONE);
    return ok && me_fill(x, out);
}

static bool session_end(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    c->clear_sid = c->clear_adm = true;
    audit(x, AUDIT_SESSION_END, x->actor.session, SV_NONE);
    return session_delete(x, x->actor.session);
}

static bool session_list(struct ctx *x, struct call *c, void *out)
{
    struct sessions_out *o = out;
    struct session_infos infos = {0};
    struct session_out *v;

    (void)c;
    if (!account_sessions(x, &infos))
        return false;
    v = ANEWN(x->arena, struct session_out, infos.n);
    for (size_t i = 0; i < infos.n; i++)
        v[i] = (struct session_out){
            .id = infos.v[i].id,
            .channel = sv_c(channel_name(infos.v[i].channel)),
            .agent = infos.v[i].agent,
            .ip = infos.v[i].ip,
            .opened = {infos.v[i].made_ms},
            .seen = {infos.v[i].seen_ms},
            .seen_ip = infos.v[i].id.n == x->actor.session.n ? x->actor.ip : infos.v[i].seen_ip,
            .current = infos.v[i].id.n == x->actor.session.n,
        };
    o->sessions = (struct list){v, infos.n};
    return true;
}

static bool session_close(struct ctx *x, struct call *c, void *out)
{
    (void)out;
    c->clear_sid = c->object.n == x->actor.session.n;
    audit(x, AUDIT_SESSION_CLOSE, c->object, SV_NONE);
    return session_delete(x, c->object);
}

static bool session_close_all(struct ctx *x, struct call *c, void *out)
{
    const struct everywhere *q = c->query;

    (void)out;
    bool all = sv_equal(q->all, SV("true"));
    c->clear_sid = c->clear_adm = all;
    audit(x, AUDIT_SESSION_CLOSE, ID_NONE, all ? SV("{\"all\":true}") : SV("{\"others\":true}"));
    return account_sign_out(x, all);
}

static bool me_read(struct ctx *x, struct call *c, void *out)
{
    (void)c;
    return me_fill(x, out);
}

static bool me_password_prepare(struct ctx *x, struct call *c)
{
    const struct password_in *in = c->in;
    struct change *ch = ANEW(x->arena, struct change);
    struct password_about about;

    c->prepared = ch;
    return account_password_about(x, x->actor.member, &about) && account_password_check(x, "new", in->new, &about) &&
           account_prove(x, SV(""), in->old, &ch->proof) &&
           (!ch->proof.right || account_password_new(x, "new", x->actor.member, in->new, &ch->stored));
}

static bool me_password(struct ctx *x, struct call *c, void *out)
{
    const struct change *ch = c->prepared;

    (void)out;
    audit(x, AUDIT_PASSWORD, x->actor.member, SV_NONE);
    return account_password_change(x, &ch->proof, ch->stored) &&
           talk_notice_in(x, x->actor.member, SV("パスワードを変更しました。心当たりがないときは、管理者に連絡してください。"),
                          SV("Your password was changed. If it was not you, please tell your administrator."));
}

static bool me_password_settle(struct ctx *x, struct call *c)
{
    const struct change *ch = c->prepared;

    return tried(x, &ch->proof);
}

static bool terms_read(struct ctx *x, struct call *c, void *out)
{
    struct terms_out *o = out;

    (void)c;
    o->version = account_terms_version(x);
    return account_terms_last(x, &o->accepted, &o->time.ms);
}

static bool terms_accept(struct ctx *x, struct call *c, void *out)
{
    const struct terms_in *in = c->in;
    struct str detail = STR_IN(x->arena);
    struct json j = JSON_TO(&detail);

    (void)out;
    json_open(&j, NULL);
    json_text(&j, "version", in->version);
    json_close(&j);
    bool ok = account_terms_accept(x, in->version, &c->repeat);
    if (!c->repeat)
        audit(x, AUDIT_TERMS_ACCEPT, x->actor.member, str_sv(&detail));
    return ok;
}

static bool ws_ticket(struct ctx *x, struct call *c, void *out)
{
    struct ticket_out *o = out;

    if (!ticket_new(x->tenant, c->session, x->actor.origin, x->now_ms, c->ticket))
        return false;
    o->ticket = sv_dup(x->arena, secret_view(c->ticket));
    o->seconds = TICKET_SECONDS;
    return true;
}

static bool device_enrol(struct ctx *x, struct call *c, void *out)
{
    const struct device_in *in = c->in;
    struct device_out *o = out;
    sv point;

    if (!base64url_read(x->arena, in->key, &point))
        return fail_field(&x->failure, "key", "no base64url");
    bool ok = account_device_enrol(x, point, &o->device);
    audit(x, AUDIT_DEVICE_ENROL, o->device, SV_NONE);
    return ok;
}

static bool device_session(struct ctx *x, struct call *c, void *out)
{
    const struct device_session_in *in = c->in;
    sv signature;

    if (!base64url_read(x->arena, in->signature, &signature))
        return fail_field(&x->failure, "signature", "no base64url");
    bool ok = account_device_session(x, in->device, in->time, signature, c->set_sid);
    audit(x, AUDIT_SESSION_REFRESH, in->device, x->actor.exempt ? SV(EXEMPT) : SV_NONE);
    return ok && me_fill(x, out);
}

/* clang-format off */
static const struct op ops[] = {
    {.name = "session.open", .method = POST, .path = "/session", .who = WHO_PUBLIC, .flags = OP_SLOW,
     .audit = AUDIT_SESSION_OPEN, .in = &session_in, .out = &me_out, .run = session_open,
     .prepare = session_open_prepare, .settle = tried_settle, .doc = "Signs in; reached as POST /w/<workgroup>/session."},
    {.name = "session.end", .method = DELETE_, .path = "/session", .who = WHO_MEMBER, .service = SERVICE_NONE,
     .flags = OP_WRITE | OP_LIMITED | OP_BEFORE_TERMS | OP_BEFORE_SECOND | OP_ALWAYS,
     .audit = AUDIT_SESSION_END, .out = &nothing_out, .run = session_end, .doc = "Signs out this session."},
    {.name = "session.list", .method = GET, .path = "/sessions", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_QUICK,
     .audit = AUDIT_NONE, .out = &sessions_out, .run = session_list, .doc = "The member's own sessions."},
    {.name = "session.close", .method = DELETE_, .path = "/sessions/:session", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .object = OBJ_SESSION,
     .flags = OP_WRITE, .audit = AUDIT_SESSION_CLOSE, .out = &nothing_out, .run = session_close,
     .doc = "Ends one of the member's own sessions."},
    {.name = "session.close_all", .method = DELETE_, .path = "/sessions", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE,
     .audit = AUDIT_SESSION_CLOSE, .query = &everywhere, .out = &nothing_out, .run = session_close_all,
     .doc = "Ends the member's other sessions, or all of them."},
    {.name = "me.read", .method = GET, .path = "/me", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_QUICK | OP_WS | OP_LIMITED | OP_BEFORE_TERMS,
     .audit = AUDIT_NONE, .out = &me_out, .run = me_read, .doc = "Who is signed in, and where."},
    {.name = "me.password", .method = PUT, .path = "/me/password", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_SLOW | OP_LIMITED,
     .audit = AUDIT_PASSWORD, .in = &password_in, .out = &nothing_out, .run = me_password,
     .prepare = me_password_prepare, .settle = me_password_settle, .doc = "Changes the own password; all other sessions end."},
    {.name = "terms.read", .method = GET, .path = "/terms", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_QUICK | OP_BEFORE_TERMS, .audit = AUDIT_NONE,
     .out = &terms_out, .run = terms_read, .doc = "Which version of the terms of use is in force, and which one the member has accepted when."},
    {.name = "terms.accept", .method = POST, .path = "/terms", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_BEFORE_TERMS,
     .audit = AUDIT_TERMS_ACCEPT, .in = &terms_in, .out = &nothing_out, .run = terms_accept,
     .doc = "Accepts the version of the terms of use that is in force."},
    {.name = "device.enrol", .method = POST, .path = "/devices", .who = WHO_MEMBER,
     .service = SERVICE_NONE, .flags = OP_WRITE | OP_FRESH,
     .audit = AUDIT_DEVICE_ENROL, .in = &device_in, .out = &device_out, .run = device_enrol,
     .doc = "Enrols the installed web app's key, right after a full sign-in."},
    {.name = "device.session", .method = POST, .path = "/device-session", .who = WHO_PUBLIC, .flags = OP_WRITE,
     .audit = AUDIT_SESSION_REFRESH, .in = &device_session_in, .out = &me_out, .run = device_session,
     .doc = "A session of channel MP, by the device key's signature alone."},
    {.name = "ws.ticket", .method = POST, .path = "/ws-ticket", .who = WHO_MEMBER, .service = SERVICE_NONE, .flags = OP_QUICK,
     .audit = AUDIT_NONE, .out = &ticket_out, .run = ws_ticket, .doc = "A ticket for one WebSocket."},
};
/* clang-format on */
const struct op_table account_ops = {ops, COUNT(ops)};
