/* svc/org/profile.c: photo and presence of a member. */
#include "svc/org/profile.h"
#include "base/json.h"
#include "svc/org/profile_sql.h"

#define AHEAD_MAX_MS (INT64_C(366) * 86400000)

static bool no_member(struct ctx *x, id64 member)
{
    return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, member.n);
}

bool profile_photo_version(struct ctx *x, id64 member, int64_t *version)
{
    return profile_sql_photo_ms(x, member, version) ? true : no_member(x, member);
}

bool profile_photo_put(struct ctx *x, id64 member, const struct photo *p)
{
    int64_t last;

    return profile_photo_version(x, member, &last) && profile_sql_photo_put(x, member, p) && profile_sql_photo_ms_set(x, member, photo_next(x, last));
}

bool profile_photo_delete(struct ctx *x, id64 member)
{
    int64_t last;

    return profile_photo_version(x, member, &last) && profile_sql_photo_delete(x, member) &&
           profile_sql_photo_ms_set(x, member, 0);
}

bool profile_photo_find(struct ctx *x, id64 member, struct photo *out)
{
    if (profile_sql_photo_find(x, member, out))
        return true;
    return fail(&x->failure, E_NOT_FOUND, "no photo of %" PRId64, member.n);
}

bool profile_presence_put(struct ctx *x, id64 member, const struct presence *p)
{
    struct str text = STR_IN(x->arena);
    struct json j = JSON_TO(&text);

    if (p->until_ms && (p->until_ms <= x->now_ms || p->until_ms > x->now_ms + AHEAD_MAX_MS))
        return fail_field(&x->failure, "until", "over already, or too far ahead");
    if (p->text.n) {
        json_open(&j, NULL);
        json_int(&j, "until", p->until_ms);
        json_text(&j, "text", p->text);
        json_close(&j);
    }
    return profile_sql_presence_set(x, member, str_sv(&text));
}

struct presence profile_presence(struct arena *a, sv stored, int64_t now_ms)
{
    struct presence nothing = {SV(""), 0};
    struct json_value v;

    if (!stored.n || !json_read(a, stored, &v, NULL))
        return nothing;
    const struct json_value *until = json_get(&v, SV("until")), *text = json_get(&v, SV("text"));
    if (!until || !text || text->type != JSON_TEXT || (until->i && until->i <= now_ms))
        return nothing;
    return (struct presence){text->text, until->i};
}

bool profile_kept(struct ctx *x, id64 member, struct profile_kept *out)
{
    return profile_sql_kept(x, member, out) ? true : no_member(x, member);
}
