/* net/http_fields.c: what stands in a request that was read, and the small lists inside header values. */
#include "net/http.h"

sv http_text(const struct str *in, struct http_span s)
{
    return s.n ? sv_n(in->p + s.at, s.n) : SV("");
}

bool http_has(const struct http *h, enum http_header k)
{
    return h->seen & 1u << k;
}

sv http_header(const struct http *h, const struct str *in, enum http_header k)
{
    return http_text(in, h->head[k]);
}

sv http_body(const struct http *h, const struct str *in)
{
    return h->body_n ? sv_n(in->p + h->body_at, h->body_n) : SV("");
}

const char *http_method_name(enum http_method m)
{
    static const char *const n[] = {"?", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

    return n[(size_t)m < COUNT(n) ? m : 0];
}

bool http_cookie(sv cookies, sv name, sv *value)
{
    sv rest = cookies, part;
    bool found = false;

    while (sv_cut(&rest, ';', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, name) || part.n == name.n || part.p[name.n] != '=')
            continue;
        if (found)
            return false;
        found = true;
        *value = sv_from(part, name.n + 1);
    }
    return found;
}

bool http_list_has(sv list, sv token)
{
    sv rest = list, part, word;

    while (sv_cut(&rest, ',', &part))
        if (sv_cut(&part, ';', &word) && sv_equal_nocase(sv_trim(word), token))
            return true;
    return false;
}

static bool refused_by_q(sv params)
{
    sv rest = params, part;

    while (sv_cut(&rest, ';', &part)) {
        part = sv_trim(part);
        if (!sv_starts(part, SV("q=0")))
            continue;
        for (size_t i = 3; i < part.n; i++)
            if (part.p[i] >= '1' && part.p[i] <= '9')
                return false;
        return true;
    }
    return false;
}

bool http_takes(sv accept_encoding, sv coding)
{
    sv rest = accept_encoding, part, word;
    bool any = false;

    while (sv_cut(&rest, ',', &part)) {
        if (!sv_cut(&part, ';', &word))
            continue;
        word = sv_trim(word);
        if (sv_equal_nocase(word, coding))
            return !refused_by_q(part);
        if (sv_equal(word, SV("*")))
            any = !refused_by_q(part);
    }
    return any;
}

bool http_etag_has(sv none_match, sv etag)
{
    sv rest = none_match, part;

    while (sv_cut(&rest, ',', &part)) {
        part = sv_trim(part);
        if (sv_starts(part, SV("W/")))
            part = sv_from(part, 2);
        if (sv_equal(part, etag) || sv_equal(part, SV("*")))
            return true;
    }
    return false;
}

bool http_query_has(sv query, sv name)
{
    sv rest = query, part, key;

    while (sv_cut(&rest, '&', &part))
        if (sv_cut(&part, '=', &key) && sv_equal_nocase(key, name))
            return true;
    return false;
}
