/* api/tried.c: counts of a try to the store, and the notices about a pause. */
#include "api/tried.h"
#include "svc/org/org.h"
#include "svc/talk/place.h"

sv member_called(struct ctx *x, id64 member)
{
    struct member m;

    if (!member.n || !org_member_find(x, member, &m))
        return SV("?");
    return sv_printf(x->arena, "%.*s%s%.*s (%.*s)", SV_ARG(m.family), m.given.n ? " " : "", SV_ARG(m.given), SV_ARG(m.login));
}

bool tell_admins(struct ctx *x, enum menu reach, id64 but, sv ja, sv en)
{
    struct admins all = {0};

    if (!account_admins(x, reach, &all))
        return false;
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].n != but.n && !talk_notice_in(x, all.v[i], ja, en))
            return false;
    return true;
}

/* What was wrong, in the words of the notices. */
static const char *wrong_ja(const struct try_mark *t)
{
    return t->second ? "2段階認証のコード" : "パスワード";
}

static const char *wrong_en(const struct try_mark *t)
{
    return t->second ? "codes" : "passwords";
}

static bool tell_pause(struct ctx *x, id64 member, const struct try_mark *t)
{
    sv who = member_called(x, member);

    return talk_notice_in(
               x, member,
               sv_printf(x->arena, "%sの間違いが続いたため、接続元 %.*s からのログインをしばらく停止しました。"
                                   "心当たりがないときは、管理者に連絡してください。", wrong_ja(t), SV_ARG(t->source)),
               sv_printf(x->arena, "Logging in from %.*s is paused for a while after several wrong %s."
                                   " If it was not you, please tell your administrator.", SV_ARG(t->source), wrong_en(t))) &&
           tell_admins(
               x, M_MEMBER_MEMBER, member,
               sv_printf(x->arena, "%.*s さんの%sの間違いが続いたため、接続元 %.*s からのログインをしばらく停止しました。",
                         SV_ARG(who), wrong_ja(t), SV_ARG(t->source)),
               sv_printf(x->arena, "After several wrong %s for %.*s, logging in from %.*s is paused for a while.",
                         wrong_en(t), SV_ARG(who), SV_ARG(t->source)));
}

static bool tell_lock(struct ctx *x, id64 member, const struct try_mark *t)
{
    sv who = member_called(x, member);

    return talk_notice_in(
               x, member,
               sv_printf(x->arena, "%sの間違いが何度も続いたため、新しいブラウザからはログインできないようにしました。解除は管理者が行います。", wrong_ja(t)),
               sv_printf(x->arena, "After many wrong %s, logging in from a new browser is closed until an administrator lifts it.", wrong_en(t))) &&
           tell_admins(
               x, M_MEMBER_MEMBER, member,
               sv_printf(x->arena, "%.*s さんの%sの間違いが何度も続いたため、ログインを停止しました。"
                                   "管理者画面の「メンバー」で解除できます。", SV_ARG(who), wrong_ja(t)),
               sv_printf(x->arena, "After many wrong %s, logging in as %.*s is closed. You can lift it in the console"
                                   " under Members.", wrong_en(t), SV_ARG(who)));
}

bool tried(struct ctx *x, const struct proof *p)
{
    if (!account_tried(x, p))
        return false;
    if (!p->member.n || lockout_lifted(x, p))
        return true;
    return (!p->tried.paused || tell_pause(x, p->member, &p->tried)) && (!p->tried.locked || tell_lock(x, p->member, &p->tried));
}

bool tried_settle(struct ctx *x, struct call *c)
{
    return tried(x, c->prepared);
}

struct own_password {
    sv password;
};
static const struct field own_password_fields[] = {
    FIELD(struct own_password, password, .need = true, .min = 1, .max = 1024, .doc = "the member's own"),
};
const struct schema own_password_in = SCHEMA("own_password_in", struct own_password, own_password_fields);

bool own_password_prepare(struct ctx *x, struct call *c)
{
    const struct own_password *in = c->in;

    c->prepared = ANEW(x->arena, struct proof);
    return account_prove(x, SV(""), in->password, c->prepared);
}
