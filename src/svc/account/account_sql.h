/* svc/account/account_sql.h: the statements of account. */
#ifndef ENGAWA_SVC_ACCOUNT_ACCOUNT_SQL_H
#define ENGAWA_SVC_ACCOUNT_ACCOUNT_SQL_H

#include "svc/account/account.h"

id64 account_tried_of(const struct proof *p);

struct credential {
    id64 member;
    sv stored;
    enum member_status status;
    enum role role;
    int64_t start_ms, password_ms;
    enum must_change must;
    bool second_seen;                                     /* it has signed in since an admin last gave it a password */
    bool app_suspended;                                   /* member.app_suspended */
};

/* By login; by member when login is empty. False without failure: none. */
bool account_sql_credential(struct ctx *x, sv login, id64 member, struct credential *out);
bool account_sql_password(struct ctx *x, id64 member, sv stored, enum must_change must);
bool account_sql_app_suspend(struct ctx *x, id64 member, bool on);
bool account_sql_must(struct ctx *x, id64 member, enum must_change must);
bool account_sql_links_forget(struct ctx *x);
bool account_sql_tries_forget(struct ctx *x);
bool account_sql_browsers_forget(struct ctx *x);
bool account_sql_before_add(struct ctx *x, id64 member, sv stored, int64_t set_ms);
/* The passwords before the present one, newest first. */
struct hashes {
    sv *v;
    size_t n, cap;
};
bool account_sql_before(struct ctx *x, id64 member, int64_t max, struct hashes *out);
bool account_sql_before_limit(struct ctx *x, id64 member, int64_t keep);
bool account_sql_console_seen(struct ctx *x);               /* the acting admin opens the console */
bool account_sql_sessions(struct ctx *x, id64 member, struct session_infos *out);
bool account_sql_session_of(struct ctx *x, id64 session, id64 member);
bool account_sql_seen(struct ctx *x, const struct session_seen *s);
bool account_sql_member_seen(struct ctx *x, id64 member, int64_t seen_ms);

struct device {
    id64 id, member;
    sv point;
    int64_t made_ms, used_ms, seen_ms;                    /* seen: last activity in a session of it */
    enum member_status status;
    int64_t start_ms;
};

bool account_sql_device_add(struct ctx *x, id64 device, sv point);
bool account_sql_device(struct ctx *x, id64 device, struct device *out);   /* false without failure: none */
bool account_sql_devices(struct ctx *x, id64 member, struct device_infos *out);
bool account_sql_device_sessions(struct ctx *x, id64 device, id64 member, struct session_infos *out);    /* ids alone */
bool account_sql_device_drop(struct ctx *x, id64 device);
bool account_sql_device_used(struct ctx *x, id64 device, int64_t time_ms);

bool account_sql_about(struct ctx *x, id64 member, struct password_about *out, sv *profile);
bool account_sql_link_add(struct ctx *x, const struct password_link *l, struct sha256 hash);
bool account_sql_link(struct ctx *x, struct sha256 hash, struct password_link *out);   /* false without failure: none */
bool account_sql_link_drop(struct ctx *x, id64 member);

/* Of the acting member. */
bool account_sql_terms_accepted(struct ctx *x, sv version, bool *yes);
bool account_sql_terms_accept(struct ctx *x, sv version);
bool account_sql_terms_last(struct ctx *x, sv *version, int64_t *at_ms);

bool account_sql_admins(struct ctx *x, enum menu reach, struct admins *out);
bool account_sql_tries(struct ctx *x, id64 member, sv source, struct try_row *out);   /* leaves *out where there is none */
bool account_sql_tries_put(struct ctx *x, id64 member, sv source, const struct try_row *row);
bool account_sql_tries_drop(struct ctx *x, id64 member, sv source);
bool account_sql_tries_clear(struct ctx *x, id64 member);
bool account_sql_locked(struct ctx *x, id64 member, bool *locked);
bool account_sql_browser(struct ctx *x, id64 member, struct sha256 hash);             /* false: not known */
bool account_sql_browser_keep(struct ctx *x, id64 member, struct sha256 hash, enum browser_proof proof);
bool account_sql_browser_proven(struct ctx *x, id64 member, struct sha256 hash, int64_t *proven_ms);   /* 0: never, or not known */
bool account_sql_browsers_unproven(struct ctx *x, id64 member);
bool account_sql_second_seen(struct ctx *x, id64 member, bool seen);
bool account_sql_browsers_limit(struct ctx *x, id64 member, int64_t keep);
bool account_sql_browsers_drop(struct ctx *x, id64 member);

#endif
