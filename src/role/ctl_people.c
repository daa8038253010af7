/* role/ctl_people.c: whose a saved message is: the names file, the tenant's members, a member of that very name. */
#include "role/ctl_people.h"

#include "base/utf8.h"

int ctl_ask(struct ctl *c, sv op, sv json, struct json_value *out)
{
    struct str text = STR_IN(c->arena), error = STR_IN(c->arena);
    int rc = ctl_call(c, op, c->tenant, json, &text, &error);

    if (rc == CTL_REFUSED)
        return ctl_refused(c, str_sv(&error));
    if (rc == CTL_DONE && !json_read(c->arena, str_sv(&text), out, NULL))
        return ctl_complain("the server's answer is no JSON"), CTL_NO_SERVER;
    return rc;
}

/* "NAME" or "NAME = login" per line; '#' begins a remark. */
bool ctl_people_names(struct ctl_people *m)
{
    struct ctl *c = m->c;
    sv text = SV(""), line;
    size_t at;

    if (ctl_given(c, "--names") && !ctl_file(c->arena, ctl_value(c, "--names"), 1024 * 1024, &text))
        return false;
    while (sv_cut(&text, '\n', &line)) {
        struct ctl_person p = {.name = sv_trim(line), .login = SV(""), .id = SV("")};
        if (!p.name.n || p.name.p[0] == '#')
            continue;
        if (sv_find(p.name, SV("="), &at)) {
            p.login = sv_trim(sv_from(p.name, at + 1));
            p.name = sv_trim(sv_upto(p.name, at));
        }
        *PUSH(c->arena, &m->named) = p;
        *PUSH(c->arena, &m->names) = p.name;
    }
    return true;
}

/* All members, page by page. */
static int read_members(struct ctl_people *m)
{
    sv after = SV("");

    for (;;) {
        struct json_value v = {0};
        sv in = after.n ? sv_printf(m->c->arena, "{\"after\":\"%.*s\",\"limit\":200}", SV_ARG(after)) : SV("{\"limit\":200}");
        int rc = ctl_ask(m->c, SV("member.all"), in, &v);
        if (rc != CTL_DONE)
            return rc;
        const struct json_value *list = json_get(&v, SV("members")), *more = json_get(&v, SV("more"));
        for (const struct json_value *e = list ? list->child : NULL; e; e = e->next) {
            after = ctl_text_of(e, "id");
            *PUSH(m->c->arena, &m->members) = (struct ctl_colleague){
                .login = ctl_text_of(e, "login"),
                .id = after,
                .family = ctl_text_of(e, "family"),
                .given = ctl_text_of(e, "given"),
            };
        }
        if (!more || !more->yes || !after.n)
            return CTL_DONE;
    }
}

/* "NAME = login" of the names file. */
int ctl_people_find(struct ctl_people *m)
{
    int rc = read_members(m);

    for (size_t i = 0; rc == CTL_DONE && i < m->named.n; i++) {
        struct ctl_person *p = &m->named.v[i];
        for (size_t k = 0; p->login.n && k < m->members.n; k++)
            if (sv_equal(m->members.v[k].login, p->login))
                p->id = m->members.v[k].id;
        if (p->login.n && !p->id.n)
            return ctl_complain("%.*s: there is no member \"%.*s\"", SV_ARG(p->name), SV_ARG(p->login));
    }
    return rc;
}

/* Is `name` family and given name, with a blank between them, a wide one, or none? */
static bool is_name_of(sv name, const struct ctl_colleague *c)
{
    if (!c->family.n || !sv_starts(name, c->family))
        return false;
    sv rest = sv_from(name, c->family.n);
    if (sv_starts(rest, SV("\xe3\x80\x80")))
        rest = sv_from(rest, 3);
    else if (sv_starts(rest, SV(" ")))
        rest = sv_from(rest, 1);
    return sv_equal(rest, c->given);
}

/* The names file decides; else the one member of that name. Two of the same name: nobody, the name stays text. */
sv ctl_people_named(const struct ctl_people *m, sv sender)
{
    sv id = SV("");

    for (size_t i = 0; i < m->named.n; i++)
        if (m->named.v[i].id.n && sv_equal(m->named.v[i].name, sender))
            return m->named.v[i].id;
    for (size_t i = 0; i < m->members.n; i++) {
        if (!is_name_of(sender, &m->members.v[i]))
            continue;
        if (id.n)
            return SV("");
        id = m->members.v[i].id;
    }
    return id;
}

/* Control characters other than line feeds and tabs have no place in a message. */
sv ctl_plain(struct arena *a, sv text, bool lines)
{
    struct str out = STR_IN(a);
    uint32_t cp;

    for (size_t i = 0; utf8_next(text, &i, &cp);)
        utf8_put(&out, utf8_is_control(cp) && !(lines && (cp == '\n' || cp == '\t')) ? ' ' : cp);
    return str_sv(&out);
}
