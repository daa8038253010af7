/* svc/org/org.c: rules about members. */
#include "svc/org/org.h"
#include "base/fold.h"
#include "base/rand.h"
#include "base/zone.h"
#include "core/policy.h"
#include "core/session.h"
#include "svc/org/org_sql.h"

const char *org_member_state(const struct member *m, int64_t now_ms)
{
    if (m->status == MEMBER_ACTIVE && m->start_ms > now_ms)
        return "not_started";
    return member_status_name(m->status);
}

static sv tenant_zone(const struct ctx *x)
{
    return policy_text(x->policy, "tenant.time_zone");
}

int64_t org_today(const struct ctx *x)
{
    return zone_day(tenant_zone(x), x->now_ms);
}

int64_t org_day_ms(const struct ctx *x, int64_t day)
{
    return zone_day_start_ms(tenant_zone(x), day);
}

bool org_day_read(struct ctx *x, const char *field, sv date, int64_t *ms)
{
    int64_t day;

    if (!date_parse(date, &day))
        return fail_field(&x->failure, field, "no date");
    *ms = org_day_ms(x, day);
    return *ms > 0 ? true : fail_field(&x->failure, field, "too long ago");
}

static bool absent(struct ctx *x, id64 id)
{
    return fail(&x->failure, E_NOT_FOUND, "no member %" PRId64, id.n);
}

bool org_member_named(struct ctx *x, sv login, struct member *out)
{
    id64 id;

    if (org_sql_login_owner(x, login, &id))
        return org_member_find(x, id, out);
    return fail(&x->failure, E_NOT_FOUND, "nobody has that login");
}

bool org_member_find_any(struct ctx *x, id64 id, struct member *out)
{
    if (!org_sql_find(x, id, out))
        return absent(x, id);
    if (out->status == MEMBER_DELETED && x->now_ms - out->deleted_ms >= MEMBER_RESTORE_MS)
        return absent(x, id);
    return true;
}

bool org_member_find(struct ctx *x, id64 id, struct member *out)
{
    return org_sql_find(x, id, out) && out->status != MEMBER_DELETED ? true : absent(x, id);
}

bool org_member_list(struct ctx *x, id64 after, int64_t limit, struct members *out, bool *more)
{
    struct member from = {0};

    if (after.n && !org_member_find(x, after, &from))
        return false;
    if (!org_sql_list(x, &from, limit + 1, out))
        return false;
    *more = (int64_t)out->n > limit;
    out->n -= *more;
    return true;
}

bool org_login_check(struct ctx *x, sv login)
{
    bool ok = login.n >= 1 && login.n <= 40;

    for (size_t i = 0; ok && i < login.n; i++) {
        char c = login.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        ok = word || (i > 0 && (c == '.' || c == '_' || c == '-'));
    }
    return ok ? true : fail_field(&x->failure, "login", "not an Engawa ID");
}

/* Is the ID free for this member (ID_NONE: for a new one)? `owner` gets a member deleted too long ago that still has it. */
static bool login_free(struct ctx *x, sv login, id64 member, id64 *owner)
{
    struct member old;

    *owner = ID_NONE;
    if (org_sql_login_owner(x, login, owner) &&
        (!org_sql_find(x, *owner, &old) || old.status != MEMBER_DELETED || x->now_ms - old.deleted_ms < MEMBER_RESTORE_MS))
        return fail(&x->failure, E_LOGIN_TAKEN, "the login is taken");
    if (org_sql_login_held(x, login, member))
        return fail(&x->failure, E_LOGIN_TAKEN, "the login is held");
    return x->failure.code == E_NONE;
}

/* The same, and nobody deleted has it any more. */
static bool login_take(struct ctx *x, sv login, id64 member)
{
    id64 owner;

    return login_free(x, login, member, &owner) && (!owner.n || org_sql_erase(x, owner));
}

static bool number_free(struct ctx *x, const struct member *m)
{
    if (m->employee_number.n && org_sql_number_taken(x, m->employee_number, m->id))
        return fail(&x->failure, E_NUMBER_TAKEN, "the employee number is taken");
    return x->failure.code == E_NONE;
}

bool org_seats(struct ctx *x, int64_t *used, int64_t *limit)
{
    int64_t booked;

    *limit = policy_int(x->policy, "plan.seats");
    return org_sql_seats(x, used, &booked);
}

/* Room for one more: who begins later has a place already, which nobody gets twice. */
static bool seat_free(struct ctx *x)
{
    int64_t limit = policy_int(x->policy, "plan.seats"), used, booked;

    if (!org_sql_seats(x, &used, &booked))
        return false;
    if (limit >= 0 && booked >= limit)
        return fail(&x->failure, E_SEATS, "all %" PRId64 " seats are taken", limit);
    return true;
}

/* Stored numbers of the lists of labels: grades and permission types. */
#define LABEL_GRADE    2
#define LABEL_PERMTYPE 3

static bool label_exists(struct ctx *x, id64 label, int64_t kind)
{
    return !label.n || org_sql_label_exists(x, label, kind) ? true
                                                            : fail(&x->failure, E_NOT_FOUND, "no such label");
}

static bool check_fields(struct ctx *x, struct member *m, field_mask fields)
{
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if ((fields & MF_TEXTS) >> f & 1)
            if (!org_field_check(x, (enum member_field)f, org_field_text(m, (enum member_field)f)))
                return false;
    return (!(fields & MF(GRADE)) || label_exists(x, m->grade, LABEL_GRADE)) &&
           (!(fields & MF(PERMTYPE)) || label_exists(x, m->permtype, LABEL_PERMTYPE));
}

bool org_member_add(struct ctx *x, struct member *m, sv password_hash)
{
    m->id = rand_id();
    m->status = m->stored_status = MEMBER_ACTIVE;
    if (m->start_ms == 0)
        m->start_ms = x->now_ms;
    if (!org_login_check(x, m->login) || !check_fields(x, m, MF_TEXTS | MF(GRADE) | MF(PERMTYPE)) ||
        !login_take(x, m->login, ID_NONE) || !number_free(x, m) || !seat_free(x))
        return false;
    if (!org_sql_add(x, m, password_hash))
        return fail(&x->failure, E_LOGIN_TAKEN, "the login is taken");
    return true;
}

bool org_member_check(struct ctx *x, struct member *m)
{
    id64 owner;

    return org_login_check(x, m->login) && check_fields(x, m, MF_TEXTS | MF(GRADE) | MF(PERMTYPE)) &&
           login_free(x, m->login, ID_NONE, &owner) && number_free(x, m);
}

bool org_seats_for(struct ctx *x, int64_t now, int64_t later)
{
    int64_t limit = policy_int(x->policy, "plan.seats"), used, booked;

    if (!org_sql_seats(x, &used, &booked))
        return false;
    if (limit >= 0 && (booked + now + later > limit))
        return fail(&x->failure, E_SEATS, "%" PRId64 " more do not fit into %" PRId64 " seats", now + later, limit);
    return true;
}

bool org_member_put(struct ctx *x, struct member *m)
{
    m->id = rand_id();
    m->status = m->stored_status = MEMBER_ACTIVE;
    if (m->start_ms == 0)
        m->start_ms = x->now_ms;
    if (!login_take(x, m->login, ID_NONE))
        return false;
    return org_sql_add(x, m, SV("")) ? true : fail(&x->failure, E_LOGIN_TAKEN, "the login is taken");
}

/* A member whose reach the acting admin has too, itself included: its record may be changed, its account not by itself. */
static bool reachable(struct ctx *x, id64 id, struct member *m)
{
    if (!org_member_find(x, id, m))
        return false;
    if (x->actor.operator || id.n == x->actor.member.n || reach_contains(x->actor.reach, m->reach))
        return true;
    return fail(&x->failure, E_DENIED, "role %s reaches more than the actor's", perm_role(m->role)->id);
}

bool org_member_reachable(struct ctx *x, id64 id)
{
    struct member m;

    return reachable(x, id, &m);
}

static bool differs(struct member *a, struct member *b, enum member_field f)
{
    if (f == MF_GRADE)
        return a->grade.n != b->grade.n;
    if (f == MF_PERMTYPE)
        return a->permtype.n != b->permtype.n;
    return !sv_equal(*org_field_text(a, f), *org_field_text(b, f));
}

static void take(struct member *to, struct member *from, enum member_field f)
{
    if (f == MF_GRADE)
        to->grade = from->grade;
    else if (f == MF_PERMTYPE)
        to->permtype = from->permtype;
    else
        *org_field_text(to, f) = *org_field_text(from, f);
}

bool org_member_edit(struct ctx *x, id64 id, const struct member *to, field_mask mask, field_mask *changed)
{
    struct member m, want = *to;

    *changed = 0;
    mask &= MF_TEXTS | MF(GRADE) | MF(PERMTYPE);
    if (!reachable(x, id, &m) || !check_fields(x, &want, mask))
        return false;
    for (unsigned f = 0; f < MEMBER_FIELDS; f++)
        if ((mask >> f & 1) && differs(&m, &want, (enum member_field)f)) {
            take(&m, &want, (enum member_field)f);
            *changed |= (field_mask)1 << f;
        }
    if (*changed & MF(LANGUAGE))
        effect(x, EFF_MEMBER_LANGUAGE, id.n, sv_equal(m.language, SV("en")));
    return number_free(x, &m) && (!*changed || org_sql_edit(x, &m)) &&
           (!(*changed & MF(PERMTYPE)) || session_restrict_member(x, id));
}

bool org_member_start(struct ctx *x, id64 id, int64_t start_ms)
{
    struct member m;

    if (!reachable(x, id, &m))
        return false;
    if (m.start_ms <= x->now_ms)
        return fail(&x->failure, E_STARTED, "the member has begun");
    return org_sql_start(x, id, start_ms);
}

/* The super admin and the acting admin are out of reach: nobody locks the last door from inside. */
bool org_member_target(struct ctx *x, id64 id, struct member *m)
{
    if (!org_member_find(x, id, m))
        return false;
    if (m->role == ROLE_SUPER_ADMIN)
        return fail(&x->failure, E_DENIED, "the super admin");
    if (m->id.n == x->actor.member.n)
        return fail(&x->failure, E_DENIED, "oneself");
    if (!x->actor.operator && !reach_contains(x->actor.reach, m->reach))
        return fail(&x->failure, E_DENIED, "role %s reaches more than the actor's", perm_role(m->role)->id);
    return true;
}

bool org_member_suspend(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_target(x, id, &m) && org_sql_status(x, id, MEMBER_SUSPENDED) && session_suspend_member(x, id);
}

/* Another leave, or none. What a suspension by the old one ended stays ended, and an admin role sleeps from the moment on
 * at which one begins, not before: a leave to come takes nothing away, and nobody can confirm the role ahead of it. */
static bool leave_put(struct ctx *x, const struct member *m, const struct leave *l)
{
    bool was = leave_suspended(&m->leave, x->now_ms), is = l->suspends && leave_lasts(l, x->now_ms);

    if (!org_sql_leave(x, m->id, l) || ((was || is) && !org_sql_role_pause(x, m->id)))
        return false;
    if (is)
        return session_suspend_member(x, m->id);
    /* Sessions read the leave when they are opened: a new one begins under the new terms. */
    return (!was && !l->suspends) || session_delete_member(x, m->id, ID_NONE);
}

bool org_member_resume(struct ctx *x, id64 id)
{
    struct member m;

    if (!org_member_target(x, id, &m) || !org_sql_status(x, id, MEMBER_ACTIVE) ||
        (m.status == MEMBER_SUSPENDED && !session_delete_member(x, id, ID_NONE)))
        return false;
    struct leave label = m.leave;
    label.suspends = false;
    return leave_put(x, &m, &label);
}

bool org_member_logout(struct ctx *x, id64 id)
{
    struct member m;

    return reachable(x, id, &m) && session_delete_member(x, id, ID_NONE);
}

bool org_member_leave(struct ctx *x, id64 id, const struct leave *l)
{
    struct member m;

    if (!(l->suspends ? org_member_target(x, id, &m) : reachable(x, id, &m)))
        return false;
    if (l->until_ms && (l->until_ms <= x->now_ms || l->until_ms <= l->from_ms))
        return fail_field(&x->failure, "until", "over before it begins, or already");
    return leave_put(x, &m, l);
}

bool org_member_leave_end(struct ctx *x, id64 id)
{
    struct member m;

    return reachable(x, id, &m) && leave_put(x, &m, &(struct leave){0});
}

bool org_member_rename(struct ctx *x, id64 id, sv login)
{
    struct member m;

    if (!reachable(x, id, &m) || !org_login_check(x, login))
        return false;
    if (sv_equal(m.login, login))
        return fail_field(&x->failure, "login", "it is the same");
    return login_take(x, login, id) && org_sql_login_free(x, login) && org_sql_rename(x, id, login) &&
           org_sql_login_hold(x, m.login, id, x->now_ms + MEMBER_RESTORE_MS) && session_delete_member(x, id, ID_NONE);
}

bool org_member_delete(struct ctx *x, id64 id)
{
    struct member m;

    return org_member_target(x, id, &m) && org_sql_delete(x, id) && session_delete_member(x, id, ID_NONE);
}

bool org_member_restore(struct ctx *x, id64 id)
{
    struct member m;

    if (!org_member_find_any(x, id, &m))
        return false;
    if (m.status != MEMBER_DELETED)
        return absent(x, id);
    if (!x->actor.operator && !reach_contains(x->actor.reach, m.reach))
        return fail(&x->failure, E_DENIED, "role %s reaches more than the actor's", perm_role(m.role)->id);
    return seat_free(x) && org_sql_restore(x, id);
}

bool org_member_role(struct ctx *x, id64 id, enum role role)
{
    struct member m;

    if (role == ROLE_SUPER_ADMIN)
        return fail_field(&x->failure, "role", "exactly one member is the super admin");
    return org_member_target(x, id, &m) && org_sql_role(x, id, role) && session_delete_member(x, id, ID_NONE);
}

bool org_nightly(struct ctx *x)
{
    struct list lifted, suspend, erase;

    if (!org_sql_due(x, &lifted, &suspend, &erase))
        return false;
    for (size_t i = 0; i < lifted.n; i++)
        if (!org_sql_role_pause(x, ((const id64 *)lifted.v)[i]) ||
            !session_delete_member(x, ((const id64 *)lifted.v)[i], ID_NONE))
            return false;
    for (size_t i = 0; i < suspend.n; i++)
        if (!org_sql_role_pause(x, ((const id64 *)suspend.v)[i]) || !session_suspend_member(x, ((const id64 *)suspend.v)[i]))
            return false;
    if (!org_sql_leaves_over(x) || !org_sql_held_over(x))
        return false;
    for (size_t i = 0; i < erase.n; i++)
        if (!org_sql_erase(x, ((const id64 *)erase.v)[i]))
            return false;
    return true;
}
