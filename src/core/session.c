/* core/session.c: the map of the sessions in use; what they are is read from the store. Rows are written in core/session_row.c. */
#include "core/session.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"
#include "core/member_state.h"
#include "core/tenant.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CLOCK_WENT_BACK_MS 60000

struct sessions {
    pthread_mutex_t lock;
    struct map by_hash;                                   /* first 8 bytes of the token's hash -> session */
    uint64_t endings;                                     /* counts revocations: a row read before one is not kept */
};

struct sessions *sessions_new(void)
{
    struct sessions *s = XNEW(struct sessions);

    pthread_mutex_init(&s->lock, NULL);
    map_init(&s->by_hash, rand_u64());
    return s;
}

struct session *session_ref(struct session *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void session_unref(struct session **sp)
{
    struct session *s = *sp;

    *sp = NULL;
    if (s && atomic_fetch_sub(&s->refs, 1) == 1)
        xfree(s);
}

void sessions_free(struct sessions **sp)
{
    struct sessions *s = *sp;
    struct map_slot slot;
    size_t at = 0;

    *sp = NULL;
    if (!s)
        return;
    while (map_next(&s->by_hash, &at, &slot)) {
        struct session *one = slot.value;
        session_unref(&one);
    }
    map_release(&s->by_hash);
    pthread_mutex_destroy(&s->lock);
    xfree(s);
}

static uint64_t hash_key(const struct sha256 *h)
{
    uint64_t k;

    memcpy(&k, h->b, sizeof(k));
    return k;
}

static struct session *map_look(struct sessions *s, const struct sha256 *h, uint64_t *endings)
{
    struct session *one;

    pthread_mutex_lock(&s->lock);
    *endings = s->endings;
    one = map_get(&s->by_hash, hash_key(h));
    if (one && secret_equal_bytes(sv_n(one->hash.b, 32), sv_n(h->b, 32)))
        session_ref(one);
    else
        one = NULL;
    pthread_mutex_unlock(&s->lock);
    return one;
}

/* False: something was revoked since `endings` was read, perhaps this session: the row must be read again. */
static bool map_keep(struct sessions *s, struct session *one, uint64_t endings)
{
    if (FAULT("session.revoked_meanwhile"))
        sessions_end(s, one->id);
    pthread_mutex_lock(&s->lock);
    bool kept = s->endings == endings;
    if (kept) {
        struct session *before = map_put(&s->by_hash, hash_key(&one->hash), session_ref(one));
        session_unref(&before);
    }
    pthread_mutex_unlock(&s->lock);
    return kept;
}

/* One writer at a time: of a session that nobody has yet, or with the lock held. */
static void grant_put(struct session *s, struct grant g)
{
    atomic_fetch_add(&s->grants, 1);
    atomic_store(&s->role, g.role);
    for (size_t i = 0; i < REACH_WORDS; i++)
        atomic_store(&s->reach[i], g.reach.w[i]);
    atomic_fetch_add(&s->grants, 1);
}

struct grant session_grant(const struct session *s)
{
    struct grant g = {0};
    uint32_t before, after;

    do {
        before = atomic_load(&s->grants);
        g.role = atomic_load(&s->role);
        for (size_t i = 0; i < REACH_WORDS; i++)
            g.reach.w[i] = atomic_load(&s->reach[i]);
        after = atomic_load(&s->grants);
    } while (before != after || before % 2 == 1);
    return g;
}

static struct session *load(struct ctx *x, const struct sha256 *h, bool console)
{
    ROWS r = db_query(x->db, "SELECT s.id, s.member, s.parent, s.channel, s.made_ms, s.seen_ms, s.proof_ms, m.role,"
                             " m.status, m.language, m.role_paused, m.leave_from_ms, m.leave_until_ms,"
                             " m.leave_suspends, s.limited,"
                             " CASE WHEN m.password_ms > 0 THEN m.password_ms ELSE m.made_ms END, s.terms_due,"
                             " CASE WHEN s.seen_ip = '' THEN s.ip ELSE s.seen_ip END, COALESCE(a.menus, ''), s.second, m.app_suspended,"
                             " " RESTRICTS " FROM session s JOIN member m ON m.id = s.member"
                             " LEFT JOIN admin_role a ON a.id = m.admin_role" RESTRICTS_JOIN
                             " WHERE s.hash = $2 AND s.console = $3",
                      INT(policy_bool(x->policy, "member.permtype.enabled")), BLOB(sv_n(h->b, 32)), INT(console));

    if (!rows_next(&r))
        return NULL;
    struct leave leave = {row_int(&r, 11), row_int(&r, 12), row_int(&r, 13) != 0};
    if (!member_may_work(x, member_status_now((enum member_status)row_int(&r, 8), &leave, x->now_ms)))
        return NULL;
    struct session *s = XNEW(struct session);
    s->refs = 1;
    s->id = row_id(&r, 0);
    s->member = row_id(&r, 1);
    s->parent = row_id(&r, 2);
    s->channel = (enum channel)row_int(&r, 3);
    s->made_ms = row_int(&r, 4);
    s->seen_ms = s->stored_seen_ms = row_int(&r, 5);
    s->proof_ms = row_int(&r, 6);
    bool paused = row_int(&r, 10) || leave_suspended(&leave, x->now_ms);
    grant_put(s, grant_of(paused ? ROLE_MEMBER : (enum role)row_int(&r, 7), row_text(&r, 18)));
    s->english = sv_equal(row_text(&r, 9), SV("en"));
    s->leave = leave;
    s->limited = (int)row_int(&r, 14);
    s->password_ms = row_int(&r, 15);
    s->terms_due = row_int(&r, 16) != 0;
    session_used_from(s, row_text(&r, 17));
    s->second = (enum second_due)row_int(&r, 19);
    s->app_suspended = row_int(&r, 20) != 0 && channel_is_app(s->channel);
    s->restricts = (cell_set)row_int(&r, 21);
    s->console = console;
    s->hash = *h;
    return s;
}

static struct session *find(struct ctx *x, struct sessions *all, const struct sha256 *h, bool console)
{
    struct session *s;
    uint64_t endings;

    /* Only a session of the map can be told that it ended. */
    while (!(s = map_look(all, h, &endings)) && (s = load(x, h, console)) && !map_keep(all, s, endings))
        session_unref(&s);
    if (s && s->console != console)
        session_unref(&s);
    if (!s)
        fail(&x->failure, console ? E_REAUTH : E_SESSION_ENDED, "no such session");
    return s;
}

struct session *session_find(struct ctx *x, struct sessions *all, sv token, bool console)
{
    if (!token_well_formed(token)) {
        fail(&x->failure, console ? E_REAUTH : E_SESSION_ENDED, "no session token");
        return NULL;
    }
    struct sha256 h = token_hash(token);
    return find(x, all, &h, console);
}

static bool hash_of(struct ctx *x, id64 session, struct sha256 *h)
{
    ROWS r = db_query(x->db, "SELECT hash FROM session WHERE id = $1", ID(session));

    bool there = rows_next(&r);
    sv bytes = there ? row_blob(&r, 0) : SV_NONE;
    if (bytes.n == sizeof(h->b))
        memcpy(h->b, bytes.p, bytes.n);
    return rows_ok(&r) && bytes.n == sizeof(h->b);
}

struct session *session_by_id(struct ctx *x, struct sessions *all, id64 session)
{
    struct sha256 h;

    if (hash_of(x, session, &h))
        return find(x, all, &h, false);
    fail(&x->failure, E_SESSION_ENDED, "no such session");
    return NULL;
}

int64_t session_idle_ms(const struct policy *p, const struct session *s)
{
    if (s->console)
        return policy_ms(p, "account.idle_logout.console");
    if (s->channel == CH_MA || s->channel == CH_MP)
        return policy_ms(p, "account.idle_logout.mobile");
    return policy_ms(p, "account.idle_logout.browser");
}

int session_limited(const struct policy *p, const struct session *s, int64_t now_ms)
{
    int64_t expiry = policy_ms(p, "account.password.expiry");
    int limited = atomic_load(&s->limited);

    if (limited != MUST_NOT)
        return limited;
    return expiry >= 0 && now_ms - atomic_load(&s->password_ms) > expiry ? MUST_EXPIRED : MUST_NOT;
}

bool session_suspended(const struct session *s, int64_t now_ms)
{
    return leave_suspended(&s->leave, now_ms) && (leave_lasts(&s->leave, now_ms) || s->made_ms < s->leave.from_ms);
}

static int64_t life_ms(const struct session *s)
{
    if (s->console)
        return CONSOLE_LIFE_HOURS * INT64_C(3600000);
    if (s->second)
        return SECOND_MS;
    return s->channel == CH_MP ? DEVICE_SESSION_HOURS * INT64_C(3600000) : SESSION_LIFE_DAYS * INT64_C(86400000);
}

/* What was made or used while the clock was ahead is no older than it looks from now on: else it would last as long as the
 * clock had been wrong. */
bool session_check(struct ctx *x, struct session *s)
{
    int64_t idle = session_idle_ms(x->policy, s);
    int64_t life = life_ms(s);
    enum err code = s->console ? E_REAUTH : E_SESSION_ENDED;

    if (atomic_load(&s->ended))
        return fail(&x->failure, code, "session %" PRId64 " was ended", s->id.n);
    if (!member_may_work(x, member_status_now(MEMBER_ACTIVE, &s->leave, x->now_ms)))
        return false;
    if (session_suspended(s, x->now_ms))
        return fail(&x->failure, code, "session %" PRId64 " is older than a suspension", s->id.n);
    if (idle >= 0 && x->now_ms - atomic_load(&s->seen_ms) > idle)
        return fail(&x->failure, code, "session %" PRId64 " was idle", s->id.n);
    if (x->now_ms - s->made_ms > life || s->made_ms - x->now_ms > life)
        return fail(&x->failure, code, "session %" PRId64 " has reached its end", s->id.n);
    int64_t ahead = atomic_load(&s->seen_ms) - x->now_ms;
    if (ahead < 0 || ahead > CLOCK_WENT_BACK_MS)
        atomic_store(&s->seen_ms, x->now_ms);
    return true;
}

/* With the lock held. */
static void end_one(struct sessions *s, struct session *one)
{
    atomic_store(&one->ended, true);
    map_del(&s->by_hash, hash_key(&one->hash));
    session_unref(&one);
}

/* Which sessions end: one with the console sessions on it, or all of a member but one with its own, or a member's apps'. */
struct which {
    id64 session, member, but;
    bool apps;
};

static bool meant(const struct session *s, const struct which *w)
{
    if (w->session.n)
        return s->id.n == w->session.n || s->parent.n == w->session.n;
    if (s->member.n != w->member.n || (w->apps && !channel_is_app(s->channel)))
        return false;
    return !w->but.n || (s->id.n != w->but.n && s->parent.n != w->but.n);
}

static void end_where(struct sessions *s, const struct which *w)
{
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;
    struct session **hit = xcalloc(s->by_hash.n, sizeof(*hit));
    while (map_next(&s->by_hash, &at, &slot))
        if (meant(slot.value, w))
            hit[n++] = slot.value;
    for (size_t i = 0; i < n; i++)
        end_one(s, hit[i]);
    pthread_mutex_unlock(&s->lock);
    xfree(hit);
}

void sessions_fresh(struct sessions *s, id64 session, int64_t password_ms)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;                                         /* a row read before this is not kept either */
    while (map_next(&s->by_hash, &at, &slot)) {
        struct session *one = slot.value;
        if (one->id.n != session.n && one->parent.n != session.n)
            continue;
        atomic_store(&one->limited, MUST_NOT);
        atomic_store(&one->password_ms, password_ms);
    }
    pthread_mutex_unlock(&s->lock);
}

void sessions_terms_member(struct sessions *s, id64 member)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;                                         /* a row read before this still asks */
    while (map_next(&s->by_hash, &at, &slot))
        if (((struct session *)slot.value)->member.n == member.n)
            atomic_store(&((struct session *)slot.value)->terms_due, false);
    pthread_mutex_unlock(&s->lock);
}

void sessions_end(struct sessions *s, id64 session)
{
    end_where(s, &(struct which){.session = session});
}

void sessions_end_member(struct sessions *s, id64 member, id64 but)
{
    end_where(s, &(struct which){.member = member, .but = but});
}

void sessions_end_apps(struct sessions *s, id64 member)
{
    end_where(s, &(struct which){.member = member, .apps = true});
}

void sessions_role_member(struct sessions *s, id64 member, struct grant g)
{
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;                                         /* a row read before this has the old role */
    struct session **hit = xcalloc(s->by_hash.n, sizeof(*hit));
    while (map_next(&s->by_hash, &at, &slot)) {
        struct session *one = slot.value;
        if (one->member.n != member.n)
            continue;
        grant_put(one, g);
        if (one->console)
            hit[n++] = one;
    }
    for (size_t i = 0; i < n; i++)
        end_one(s, hit[i]);
    pthread_mutex_unlock(&s->lock);
    xfree(hit);
}

void sessions_role_effect(struct sessions *s, const struct effect *e)
{
    struct grant g;

    ENSURE(e->text.n == sizeof(g));
    memcpy(&g, e->text.p, sizeof(g));
    sessions_role_member(s, (id64){e->a}, g);
}

static int by_member(const void *a, const void *b)
{
    int64_t x = ((const struct restricted *)a)->member.n, y = ((const struct restricted *)b)->member.n;

    return x < y ? -1 : x > y;
}

void sessions_restrict(struct sessions *s, const struct restricted *v, size_t n)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;                                         /* a row read before this has the old template */
    while (map_next(&s->by_hash, &at, &slot)) {
        struct session *one = slot.value;
        struct restricted key = {.member = one->member};
        const struct restricted *hit = n ? bsearch(&key, v, n, sizeof(*v), by_member) : NULL;
        atomic_store(&one->restricts, hit ? hit->cells : 0);
    }
    pthread_mutex_unlock(&s->lock);
}

void sessions_restrict_member(struct sessions *s, id64 member, cell_set cells)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;
    while (map_next(&s->by_hash, &at, &slot))
        if (((struct session *)slot.value)->member.n == member.n)
            atomic_store(&((struct session *)slot.value)->restricts, cells);
    pthread_mutex_unlock(&s->lock);
}

void sessions_restrict_effect(struct sessions *s, const struct effect *e)
{
    size_t n = e->text.n / sizeof(struct restricted);
    struct restricted *v = xcalloc(n + 1, sizeof(*v));

    ENSURE(e->text.n % sizeof(*v) == 0);
    if (n)
        memcpy(v, e->text.p, e->text.n);
    sessions_restrict(s, v, n);
    xfree(v);
}

void sessions_language_member(struct sessions *s, id64 member, bool english)
{
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    s->endings++;                                         /* a row read before this has the old language */
    while (map_next(&s->by_hash, &at, &slot))
        if (((struct session *)slot.value)->member.n == member.n)
            atomic_store(&((struct session *)slot.value)->english, english);
    pthread_mutex_unlock(&s->lock);
}

void session_used_from(struct session *s, sv ip)
{
    struct ip a;
    uint64_t half[2];

    if (!ip_parse(ip, &a))
        return;
    memcpy(half, a.b, sizeof(a.b));
    atomic_store(&s->ip[0], half[0]);
    atomic_store(&s->ip[1], half[1]);
}

static struct session_seen seen_of(const struct session *s, int64_t ms)
{
    uint64_t half[2] = {atomic_load(&s->ip[0]), atomic_load(&s->ip[1])};
    struct session_seen seen = {.session = s->id, .ms = ms, .known = half[0] || half[1]};

    memcpy(seen.ip.b, half, sizeof(seen.ip.b));
    return seen;
}

size_t sessions_seen(struct sessions *s, int64_t now_ms, struct session_seen *out, size_t max)
{
    struct map_slot slot;
    size_t at = 0, n = 0;

    pthread_mutex_lock(&s->lock);
    while (n < max && map_next(&s->by_hash, &at, &slot)) {
        struct session *one = slot.value;
        int64_t seen = atomic_load(&one->seen_ms);
        if (seen == one->stored_seen_ms || llabs(now_ms - one->stored_seen_ms) < 60000)
            continue;
        one->stored_seen_ms = seen;
        out[n++] = seen_of(one, seen);
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

struct sessions_used sessions_used(struct sessions *s, struct arena *a)
{
    struct sessions_used all = {0};
    struct map_slot slot;
    size_t at = 0;

    pthread_mutex_lock(&s->lock);
    while (map_next(&s->by_hash, &at, &slot)) {
        const struct session *one = slot.value;
        struct session_seen seen = seen_of(one, 0);
        if (!one->console && seen.known)
            *PUSH(a, &all) = seen;
    }
    pthread_mutex_unlock(&s->lock);
    return all;
}
