/* role/ctl_key_store.c: engawactl key: another master key, another data key of a company, and the copies of the key store at the places
 * where backups lie. keyd changes the keys; what lies elsewhere is written here, by the operator's own rights. */
#include "role/ctl_restore.h"

#include "base/clock.h"
#include "crypt/hash.h"
#include "role/keys_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_MS  100                                      /* at first, then longer and longer: each asking is a row of the operators' log */
#define WAIT_LONG 5000
#define WAIT_MAX 120000                                   /* for a rotation that is under way, before a copy is given up */

int ctl_own(struct ctl *c, const char *op, sv json, struct json_value *out)
{
    struct str text = STR_IN(c->arena), error = STR_IN(c->arena);
    int rc = ctl_call(c, sv_c(op), SV(""), json, &text, &error);

    if (rc == CTL_REFUSED) {
        struct json_value v = {0};
        const struct json_value *e = json_read(c->arena, str_sv(&error), &v, NULL) ? json_get(&v, SV("error")) : NULL;
        if (e)
            c->refused = ctl_text_of(e, "code");
        if (e && c->hold)
            return ctl_trouble(c, rc, sv_cstr(c->arena, c->refused), "%.*s", SV_ARG(ctl_text_of(e, "message")));
        return ctl_refused(c, str_sv(&error));
    }
    if (rc == CTL_DONE && !json_read(c->arena, str_sv(&text), out, NULL))
        return ctl_trouble(c, CTL_NO_SERVER, "unreadable", "%s: the server's answer has no form", op);
    return rc;
}

static int keys_folder(struct ctl *c, int *out)
{
    sv path = sv_printf(c->arena, "%.*s/keys", SV_ARG(c->data));

    *out = open(sv_cstr(c->arena, path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 ? CTL_DONE : ctl_trouble(c, CTL_FILE, "unreadable", "%.*s: %s", SV_ARG(path), strerror(errno));
}

/* ---- a copy of the store ---- */

static bool under_way(int keys)
{
    return faccessat(keys, "master.next", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* All of it by one master key, and as it was at one number of changes. */
int ctl_keys_gather(struct ctl *c, struct str *out, int64_t *change)
{
    FD keys = -1;
    struct json_value before = {0}, after = {0};
    const char *why = "another master key is being put in place";
    int rc;

    if ((rc = keys_folder(c, &keys)) != CTL_DONE)
        return rc;
    for (int waited = 0; waited < WAIT_MAX; waited += WAIT_MS) {
        if (!under_way(keys)) {
            str_reset(out);
            if ((rc = ctl_own(c, "keys.change", SV("{}"), &before)) != CTL_DONE)
                return rc;
            /* One that began before that number was told is seen now, or was at its end by then. */
            bool whole = !under_way(keys) && keys_gather(keys, out, &why) && !under_way(keys);
            if ((rc = ctl_own(c, "keys.change", SV("{}"), &after)) != CTL_DONE)
                return rc;
            *change = ctl_number_of(&before, "change");
            if (whole && ctl_number_of(&after, "change") == *change)
                return CTL_DONE;
        }
        poll(NULL, 0, WAIT_MS);
    }
    return ctl_trouble(c, CTL_FILE, "unreadable", "keys/: %s", why ? why : "it does not stay as it is");
}

static int copied(struct ctl *c, sv place, int64_t change, sv why)
{
    struct str json = STR_IN(c->arena);
    struct json j = JSON_TO(&json);
    struct json_value answer = {0};

    json_open(&j, NULL);
    json_text(&j, "place", place);
    json_int(&j, "change", change);
    json_text(&j, "why", why);
    json_close(&j);
    return ctl_own(c, "keys.copied", str_sv(&json), &answer);
}

int ctl_keys_put(struct ctl *c, int folder, sv keys, int64_t change)
{
    char link[64], path[1000];

    if (!ctl_file_put(folder, KEYS_NAME, keys, 0600))
        return ctl_write_trouble(c, SV(KEYS_NAME));
    snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
    ssize_t n = readlink(link, path, sizeof(path));
    if (n <= 0 || (size_t)n >= sizeof(path))
        return ctl_trouble(c, CTL_FILE, "unreadable", "the path of the folder for " KEYS_NAME " is too long");
    return copied(c, sv_n(path, (size_t)n), change, SV(""));
}

/* A place that is not there is not written to: an empty mount point is no place. "" : done. */
static const char *replace(struct ctl *c, sv place, sv keys)
{
    FD folder = open(sv_cstr(c->arena, place), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return strerror(errno);
    if (faccessat(folder, KEYS_NAME, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return "no " KEYS_NAME " lies there: is it mounted?";
    return ctl_file_put(folder, KEYS_NAME, keys, 0600) ? "" : strerror(errno);
}

/* Every place that has an older copy. *left: how many could not be reached; they are said, and stand in the list that is open in
 * `unreached`, if there is one. */
int ctl_keys_spread(struct ctl *c, bool all, size_t *left, struct json *unreached)
{
    struct str keys = STR_IN(c->arena);
    struct json_value now = {0};
    int64_t change;
    int rc = ctl_own(c, "keys.change", SV("{}"), &now);
    const struct json_value *list = json_get(&now, SV("places"));

    *left = 0;
    if (rc != CTL_DONE || (rc = ctl_keys_gather(c, &keys, &change)) != CTL_DONE)
        return rc;
    for (const struct json_value *p = list ? list->child : NULL; p; p = p->next) {
        sv place = ctl_text_of(p, "place");
        if (!all && ctl_yes_of(p, "newest"))
            continue;
        const char *why = replace(c, place, str_sv(&keys));
        *left += why[0] != 0;
        if (why[0])
            ctl_progress(c, "%.*s: not reached: %s", SV_ARG(place), why);
        if (why[0] && unreached)
            json_text(unreached, NULL, place);
        if (!why[0])
            ctl_progress(c, "%.*s: the newest copy", SV_ARG(place));
        if ((rc = copied(c, place, change, sv_c(why))) != CTL_DONE)
            return rc;
    }
    return CTL_DONE;
}

int ctl_key_copy(struct ctl *c)
{
    size_t left;

    crypt_warm();
    umask(077);
    int rc = ctl_keys_spread(c, true, &left, NULL);
    if (rc != CTL_DONE)
        return rc;
    if (left)
        return ctl_trouble(c, CTL_FILE, "unreached", "%zu places of copies of the keys were not reached: an old copy there still opens what was "
                           "destroyed since. Reach them, or destroy what lies there and say so: engawactl key forget PLACE", left);
    struct str text = STR_IN(c->arena), error = STR_IN(c->arena);
    rc = ctl_call(c, SV("keys.change"), SV(""), SV("{}"), &text, &error);
    if (rc == CTL_DONE)
        ctl_print(c, str_sv(&text));
    return rc;
}

/* ---- another master key ---- */

static int recover(struct ctl *c, sv to, sv phrase, int keys, const char *key)
{
    struct str out = STR_IN(c->arena);
    SECRET master = {0};
    const char *name, *why = "it cannot be opened";
    FD folder = ctl_folder_of(c->arena, to, &name);

    if (folder < 0)
        return ctl_write_trouble(c, to);
    if (faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return ctl_trouble(c, CTL_FILE, "exists", "%.*s is there already, and is not overwritten", SV_ARG(to));
    if (!keystore_master_read(keys, key, &master, &why))
        return ctl_trouble(c, CTL_FILE, "unreadable", "keys/%s: %s", key, why);
    recovery_put(&master, phrase, &out);
    return ctl_file_put(folder, name, str_sv(&out), 0600) ? CTL_DONE : ctl_write_trouble(c, to);
}

static int state(struct ctl *c, sv workgroup, struct json_value *out)
{
    return ctl_own(c, "key.state", workgroup.n ? sv_printf(c->arena, "{\"workgroup\":\"%.*s\"}", SV_ARG(workgroup)) : SV("{}"), out);
}

static int wait_while(struct ctl *c, sv workgroup, const char *what, struct json_value *now)
{
    int rc, ms = WAIT_MS;

    while ((rc = state(c, workgroup, now)) == CTL_DONE && ctl_yes_of(now, what)) {
        poll(NULL, 0, ms);
        ms = ms < WAIT_LONG / 2 ? 2 * ms : WAIT_LONG;
    }
    return rc;
}

static void report(struct ctl *c, sv before, sv now, sv recovery, size_t left)
{
    struct str text = STR_IN(c->arena);
    struct json j = JSON_TO(&text);

    json_open(&j, NULL);
    json_text(&j, "before", before);
    json_text(&j, "master", now);
    json_text(&j, "recovery", recovery);
    json_int(&j, "copies_left", (int64_t)left);
    json_close(&j);
    ctl_print(c, str_sv(&text));
    ctl_progress(c, "Recovery files and copies of the master key %.*s are no longer valid: they open nothing that is saved from now on. Destroy "
                    "them when the copies of the keys are replaced everywhere.", SV_ARG(before));
    if (!recovery.n)
        ctl_progress(c, "Make a recovery file of the new one now: engawactl key export --to FILE --passphrase-file FILE");
}

/* While another one is put in place it is that one: nothing that is saved from now on opens by the one before. */
int ctl_key_export(struct ctl *c)
{
    sv to = ctl_value(c, "--to"), phrase;
    FD keys = -1;
    int rc;

    crypt_warm();
    umask(077);
    if ((rc = ctl_passphrase(c, ctl_value(c, "--passphrase-file"), &phrase)) != CTL_DONE || (rc = keys_folder(c, &keys)) != CTL_DONE
        || (rc = recover(c, to, phrase, keys, under_way(keys) ? "master.next" : "master.key")) != CTL_DONE)
        return rc;
    ctl_progress(c, "%.*s opens with the passphrase alone. Keep it and backups at different places.", SV_ARG(to));
    return CTL_DONE;
}

/* The new key is safe elsewhere, where that is wanted, before anything is wrapped by it. */
int ctl_key_rotate(struct ctl *c)
{
    sv recovery = ctl_value(c, "--recovery"), phrase_file = ctl_value(c, "--passphrase-file"), phrase = SV(""), before;
    struct json_value now = {0}, answer = {0};
    size_t left = 0;
    FD keys = -1;
    int rc;

    crypt_warm();
    umask(077);
    if (recovery.p && !phrase_file.p)
        return ctl_trouble(c, CTL_FILE, "passphrase", "--recovery needs --passphrase-file");
    if ((rc = keys_folder(c, &keys)) != CTL_DONE || (recovery.p && (rc = ctl_passphrase(c, phrase_file, &phrase)) != CTL_DONE)
        || (rc = state(c, SV(""), &now)) != CTL_DONE)
        return rc;
    before = ctl_text_of(&now, "master");
    if (ctl_yes_of(&now, "rotating"))
        return ctl_trouble(c, CTL_REFUSED, "busy", "another master key is being put in place: %" PRId64 " files are left", ctl_number_of(&now, "left"));
    if ((rc = ctl_own(c, "key.prepare", SV("{}"), &answer)) != CTL_DONE || (recovery.p && (rc = recover(c, recovery, phrase, keys, "master.new")) != CTL_DONE)
        || (rc = ctl_own(c, "key.rotate", SV("{}"), &answer)) != CTL_DONE || (rc = wait_while(c, SV(""), "rotating", &now)) != CTL_DONE
        || (rc = ctl_keys_spread(c, true, &left, NULL)) != CTL_DONE)
        return rc;
    report(c, before, ctl_text_of(&now, "master"), recovery.p ? recovery : SV(""), left);
    return CTL_DONE;
}

/* ---- another data key ---- */

int ctl_key_renew(struct ctl *c)
{
    sv workgroup = ctl_value(c, "WORKGROUP");
    struct str json = STR_IN(c->arena);
    struct json_value answer = {0}, now = {0};
    size_t left;
    int rc;

    crypt_warm();
    umask(077);
    if (!ctl_json(c, &json))
        return CTL_FILE;
    if ((rc = ctl_own(c, "key.renew", str_sv(&json), &answer)) != CTL_DONE)
        return rc;
    if ((rc = wait_while(c, workgroup, "renewing", &now)) != CTL_DONE || (rc = ctl_keys_spread(c, true, &left, NULL)) != CTL_DONE)
        return rc;
    ctl_print(c, SV("{\"renewed\":true}"));
    ctl_progress(c, "The key before is kept for 35 days: older backups of this company need it.");
    return CTL_DONE;
}
