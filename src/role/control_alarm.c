/* role/control_alarm.c: whether backups are made in their rhythm, and restored for a drill often enough: looked at about once a
 * minute, told by the log once a day, by figures and by health at any time. */
#include "role/control_private.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

#define MINUTE_MS    60000
#define HOUR_MS      INT64_C(3600000)
#define DAY_MS       INT64_C(86400000)
#define RHYTHM_MAX   (31 * DAY_MS)
#define LATE_PART    12                                   /* of the rhythm: a backup of a day may come two hours late */

/* An installation without a backup is as old as its decoy, which is made with it. */
static int64_t born_ms(const struct control *c)
{
    const struct tenant_row *t = registry_decoy(c->registry);

    return t ? t->opened_ms : clock_ms();
}

bool alarm_begin(struct control *c)
{
    struct alarm *m = &c->alarm;
    sv rhythm = config_text(&c->start.config, CONFIG_BACKUP);
    int64_t days;

    if (sv_equal(rhythm, SV("none")))
        m->rhythm_ms = 0;
    else if (!duration_parse(rhythm, &m->rhythm_ms) || m->rhythm_ms < HOUR_MS || m->rhythm_ms > RHYTHM_MAX) {
        log_put(LOG_ERROR, "backup_schedule is a duration from PT1H to P31D, or none");
        return false;
    }
    if (!config_int(&c->start.config, CONFIG_DRILL, 7, 365, &days)) {
        log_put(LOG_ERROR, "backup_drill_days is a number from 7 to 365");
        return false;
    }
    m->drill_ms = days * DAY_MS;
    alarm_look(c, true);
    return true;
}

static bool once_a_day(int64_t *warned_ms, int64_t now)
{
    if (*warned_ms && now - *warned_ms < DAY_MS && now >= *warned_ms)
        return false;
    *warned_ms = now;
    return true;
}

static void warn_backup(struct alarm *m, int64_t now)
{
    struct str at = {0};

    if (!m->missing) {
        m->backup_warned_ms = 0;                          /* the next trouble is said at once */
        return;
    }
    if (!once_a_day(&m->backup_warned_ms, now))
        return;
    if (m->state.ended_ms)
        time_put(&at, m->state.ended_ms);
    else
        str_c(&at, "never");
    log_put(LOG_WARN, m->state.failed ? "the last backup failed (the last whole one: %.*s): engawactl backup list says why"
                                      : "no backup was made in its time (the last whole one: %.*s): engawactl backup",
            SV_ARG(str_sv(&at)));
    str_release(&at);
}

static void warn_drill(struct alarm *m, int64_t now)
{
    bool failed = m->state.drill_ms && !m->state.drill_equal;

    if (!m->overdue && !failed) {
        m->drill_warned_ms = 0;
        return;
    }
    if (!once_a_day(&m->drill_warned_ms, now))
        return;
    if (failed)
        log_put(LOG_WARN, "the last restore drill failed: its report stands beside the backup");
    else
        log_put(LOG_WARN, "no restore drill for more than %" PRId64 " days: engawactl drill", m->drill_ms / DAY_MS);
}

void alarm_look(struct control *c, bool look_now)
{
    struct alarm *m = &c->alarm;
    int64_t now = clock_ms();
    struct failure f = {0};

    if (!look_now && m->looked_ms && now - m->looked_ms < MINUTE_MS && now >= m->looked_ms)
        return;
    m->looked_ms = now;
    if (!registry_backup_state(c->registry, &m->state, &f)) {
        log_put(LOG_ERROR, "backups: %s", f.detail);
        return;
    }
    int64_t born = born_ms(c);
    int64_t since = m->state.ended_ms ? m->state.ended_ms : born, proven = m->state.equal_ms ? m->state.equal_ms : born;
    m->missing = m->rhythm_ms && (m->state.failed || now - since > m->rhythm_ms + m->rhythm_ms / LATE_PART);
    m->overdue = now - proven > m->drill_ms;
    warn_backup(m, now);
    warn_drill(m, now);
}

void alarm_json(const struct control *c, struct json *out)
{
    const struct backup_state *s = &c->alarm.state;

    json_time(out, "last_backup", s->ended_ms ? s->ended_ms : -1);
    json_bool(out, "backup_missing", c->alarm.missing);
    json_time(out, "last_drill", s->drill_ms ? s->drill_ms : -1);
    if (s->drill_ms)
        json_bool(out, "drill_equal", s->drill_equal);
    else
        json_null(out, "drill_equal");
    json_bool(out, "drill_overdue", c->alarm.overdue);
}
