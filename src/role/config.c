/* role/config.c: the table of keys, and reading and writing "key = value" lines by it. */
#include "role/config.h"

#define R(r)  (1u << ROLE_##r)
#define ALL   (R(EDGE) | R(CONTROL) | R(KEYD) | R(TENANT) | R(OUT) | R(MEDIA) | R(FETCH) | R(STORE))

/* clang-format off */
const struct config_key config_keys[CONFIG_COUNT] = {
    /*                       key                  default                    who may see it                    file   doc */
    [CONFIG_LISTEN]      = { "listen",            "127.0.0.1:8443",          R(EDGE),                          true,  "addresses and ports to serve, separated by commas" },
    [CONFIG_HTTP]        = { "http",              "none",                    0,                                true,  "addresses for plain HTTP (0.0.0.0:80): ACME challenges are answered, pages are sent to https; or none" },
    [CONFIG_ACME]        = { "acme_folder",       "acme",                    0,                                true,  "folder in which an ACME client puts its challenges" },
    [CONFIG_ORIGIN]      = { "origin",            "https://localhost:8443",  R(EDGE) | R(TENANT) | R(CONTROL), true,  "what browsers may call this installation, main one first" },
    [CONFIG_FILES]       = { "files",             "auto",                    R(EDGE),                          true,  "auto: files are had from an origin of their own, files.HOST where the certificate covers it (of a bare address the port after it, where we listen there); none: from the same" },
    [CONFIG_TLS_CERT]    = { "tls_certificate",   "tls/cert.pem",            0,                                true,  "certificate chain (PEM); read again on SIGHUP" },
    [CONFIG_TLS_KEY]     = { "tls_key",           "tls/key.pem",             0,                                true,  "its private key (PEM), readable by its owner only" },
    [CONFIG_METRICS]     = { "metrics",           "socket",                  0,                                true,  "where figures are asked for: socket (run/metrics.sock), an address of this machine itself (127.0.0.1:9464), or none" },
    [CONFIG_EDGES]       = { "edges",             "0",                       R(CONTROL),                       true,  "edge processes; 0: one per core" },
    [CONFIG_SANDBOX]     = { "sandbox",           "best",                    ALL,                              true,  "best: what the kernel offers; strict: refuse to start with less than everything" },
    [CONFIG_CIPHER]      = { "cipher",            "aes256",                  R(CONTROL) | R(TENANT),           true,  "of databases: aes256 or aegis256; decided when the installation is made" },
    [CONFIG_UID_BASE]    = { "uid_base",          "64100",                   0,                                true,  "started by root: the roles' uids begin here" },
    [CONFIG_TENANT_UID]  = { "tenant_uid_base",   "65000",                   0,                                true,  "started by root: the tenants' uids begin here" },
    [CONFIG_LOG]         = { "log",               "info",                    ALL,                              true,  "error, warn, info or debug" },
    [CONFIG_TENANT_IDLE] = { "tenant_idle",       "600",                     R(TENANT),                        true,  "seconds without work after which a tenant's process ends" },
    [CONFIG_PASSWORD_PASSES] = { "password_passes", "0",                     R(TENANT),                        true,  "Argon2id passes of new tenants' passwords, 2 to 1000; engawactl init measures 100 ms; 0: each tenant by itself" },
    [CONFIG_KEY_DAYS]    = { "key_rotation_days", "365",                     R(CONTROL) | R(TENANT),           true,  "days after which another master key is due (engawactl key rotate), 30 to 730" },
    [CONFIG_ZONE]        = { "zone",              "Asia/Tokyo",              R(CONTROL) | R(TENANT),           true,  "time zone of new tenants" },
    [CONFIG_OPERATOR]    = { "operator_name",     "",                        R(EDGE),                          true,  "who offers this installation, as it stands in the public texts: the company's name" },
    [CONFIG_CONTACT]     = { "operator_contact",  "",                        R(EDGE),                          true,  "where people turn to: a mail address, a URL or a phone number; stands in the public texts" },
    [CONFIG_TERMS]       = { "terms_version",     "1",                       R(EDGE) | R(TENANT),              true,  "version of the terms of use (page /terms), 1 to 32 of A-Z a-z 0-9 . _ -; another one is asked for at everybody's next login; none: nobody is asked" },
    [CONFIG_PRIVACY]     = { "privacy_version",   "1",                       R(EDGE),                          true,  "version of the privacy policy, as its page /privacy says" },
    [CONFIG_SENDING]     = { "sending_version",   "1",                       R(EDGE),                          true,  "version of the notice of outside sending, as its page /sending says" },
    [CONFIG_SECURITY]    = { "security_contact",  "",                        R(EDGE),                          true,  "where weaknesses are reported: a mail address or an https URL, for /.well-known/security.txt; empty: there is no such page" },
    [CONFIG_SECURITY_POLICY] = { "security_policy", "",                      R(EDGE),                          true,  "https URL of what reporters should know; may be empty" },
    [CONFIG_BACKUP]      = { "backup_schedule",   "P1D",                     R(CONTROL),                       true,  "how often backups are made: an alarm is raised when none was made whole in that time, PT1H to P31D; or none" },
    [CONFIG_DRILL]       = { "backup_drill_days", "90",                      R(CONTROL),                       true,  "days after which an alarm is raised when no backup was restored for a drill, 7 to 365" },
    [CONFIG_SCANNER]     = { "malware_scanner",   "none",                    R(CONTROL) | R(TENANT),           true,  "what looks for malware in files: clamd, or none (files pass and are marked as not checked)" },
    [CONFIG_SCANNER_SOCKET] = { "malware_socket", "/run/clamav/clamd.ctl",   0,                                true,  "where clamd listens: the path of its LocalSocket" },
    [CONFIG_SCANNER_FAIL] = { "malware_fail",     "hold",                    R(TENANT),                        true,  "files while the scanner does not answer: hold (sent, and nobody can open them) or refuse" },
    [CONFIG_STORE_ENDPOINT] = { "store_endpoint", "",                        R(STORE),                         true,  "an S3-compatible store for the files that members send: https://s3.example.com; empty: they stay in the data directory" },
    [CONFIG_STORE_BUCKET] = { "store_bucket",     "",                        R(STORE),                         true,  "its bucket, which is there already; named in the path" },
    [CONFIG_STORE_REGION] = { "store_region",     "us-east-1",               R(STORE),                         true,  "its region, as it is signed" },
    [CONFIG_STORE_PREFIX] = { "store_prefix",     "",                        R(STORE),                         true,  "what the name of every object begins with, with a / at its end: one for each installation that shares the bucket; never changed later" },
    [CONFIG_STORE_KEY]   = { "store_access_key",  "",                        R(STORE),                         true,  "the id of the access key" },
    [CONFIG_STORE_SECRET_FILE] = { "store_secret_file", "store.secret",      0,                                true,  "file with its secret, readable by its owner only" },
    [CONFIG_STORE_PLAIN] = { "store_plain",       "no",                      0,                                true,  "yes: http to another machine than this one; what is sent is sealed, the way is not" },
    [CONFIG_EDGE_CONNECTIONS] = { "edge_connections", "20000",               R(EDGE),                          true,  "most connections of one edge" },
    [CONFIG_EDGE_PER_ADDRESS] = { "edge_per_address", "256",                 R(EDGE),                          true,  "most connections of one address (IPv6: one /64) at one edge" },
    [CONFIG_EDGE_RATE]   = { "edge_rate",         "200",                     R(EDGE),                          true,  "requests and messages of one address per second" },
    [CONFIG_EDGE_BURST]  = { "edge_burst",        "1000",                    R(EDGE),                          true,  "requests and messages of one address at once" },
#ifdef ENGAWA_TEST
    [CONFIG_TEST_OUT]    = { "test.out",          "",                        R(FETCH),                         true,  "ports of this machine in the place of the internet: 93.184.216.34:80=8080 …" },
    [CONFIG_TEST_AUTHORITY] = { "test.authority", "",                        R(FETCH) | R(STORE),              true,  "whose certificates are believed there: base64" },
#endif
    [CONFIG_TICKET_SEED] = { "ticket_seed",       "",                        R(EDGE),                          false, "" },
    [CONFIG_INDEX]       = { "index",             "0",                       R(EDGE),                          false, "" },
    [CONFIG_TENANT]      = { "tenant",            "0",                       R(TENANT) | R(STORE),             false, "" },
    [CONFIG_WORKGROUP]   = { "workgroup",         "",                        R(TENANT),                        false, "" },
    [CONFIG_OWNER]       = { "owner",             "0",                       R(CONTROL),                       false, "" },
    [CONFIG_ONE_UID]     = { "one_uid",           "0",                       R(CONTROL),                       false, "" },
    [CONFIG_STORES]      = { "stores",            "0",                       R(TENANT),                        false, "" },
    [CONFIG_STORE_SECRET] = { "store_secret",     "",                        R(STORE),                         false, "" },
    [CONFIG_STORE_EMPTY] = { "store_empty",       "0",                       R(STORE),                         false, "" },
    [CONFIG_SUSPENDED]   = { "suspended",         "0",                       R(TENANT),                        false, "" },
    [CONFIG_DECOY]       = { "decoy",             "0",                       R(TENANT),                        false, "" },
};
/* clang-format on */

const char *config_setting(enum config_id k)
{
    switch (k) {
    case CONFIG_TERMS:
        return "platform.terms_version";
    case CONFIG_SECURITY:
        return "platform.security_contact";
    case CONFIG_DRILL:
        return "platform.backup.drill_days";
    case CONFIG_KEY_DAYS:
        return "platform.key_rotation_days";
    case CONFIG_SCANNER:
        return "platform.malware.scanner";
    case CONFIG_SCANNER_FAIL:
        return "platform.malware.fail_mode";
    default:
        return NULL;
    }
}

static bool key_find(sv key, bool file, enum config_id *out)
{
    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        if (!sv_equal(key, sv_c(config_keys[i].key)) || (file && !config_keys[i].file))
            continue;
        *out = (enum config_id)i;
        return true;
    }
    return false;
}

static bool line_read(struct config *c, struct arena *a, sv text, bool file)
{
    enum config_id id;
    sv key, value = text;

    if (!text.n || text.p[0] == '#')
        return true;
    size_t at;
    if (!sv_find(text, SV("="), &at))
        return false;
    key = sv_trim(sv_upto(text, at));
    value = sv_trim(sv_from(text, at + 1));
    if (!key_find(key, file, &id))
        return false;
    c->v[id] = value.n ? sv_dup(a, value) : SV("");
    return true;
}

bool config_read(struct config *c, struct arena *a, sv text, bool file, int *line)
{
    sv rest = text, part;

    *line = 0;
    while (sv_cut(&rest, '\n', &part)) {
        ++*line;
        if (!line_read(c, a, sv_trim(part), file))
            return false;
    }
    return true;
}

void config_write(struct str *out, const struct config *c, enum role_id role)
{
    for (size_t i = 0; i < CONFIG_COUNT; i++)
        if (c->v[i].p && (config_keys[i].roles & (1u << role)))
            str_printf(out, "%s=%.*s\n", config_keys[i].key, SV_ARG(c->v[i]));
}

void config_write_file(struct str *out, const struct config *c)
{
    str_c(out, "# Engawa: configuration of this installation. Lines are key = value; a line left out means its default.\n");
    for (size_t i = 0; i < CONFIG_COUNT; i++) {
        const struct config_key *k = &config_keys[i];
        if (!k->file)
            continue;
        str_printf(out, "\n# %s (default: %s)\n", k->doc, k->value);
        if (c->v[i].p)
            str_printf(out, "%s = %.*s\n", k->key, SV_ARG(c->v[i]));
        else
            str_printf(out, "# %s = %s\n", k->key, k->value);
    }
}

/* Keys whose value is one of these words. */
static const struct { enum config_id k; const char *words; } words[] = {
    {CONFIG_FILES, "auto|none"},     {CONFIG_SANDBOX, "best|strict"},      {CONFIG_CIPHER, "aes256|aegis256"},
    {CONFIG_SCANNER, "none|clamd"}, {CONFIG_SCANNER_FAIL, "hold|refuse"}, {CONFIG_STORE_PLAIN, "no|yes"},
};

const char *config_wrong(const struct config *c, const char **allowed)
{
    for (size_t i = 0; i < COUNT(words); i++) {
        sv rest = sv_c(words[i].words), word;
        bool found = false;
        while (!found && sv_cut(&rest, '|', &word))
            found = config_is(c, words[i].k, word);
        if (found)
            continue;
        *allowed = words[i].words;
        return config_keys[words[i].k].key;
    }
    return NULL;
}

sv config_text(const struct config *c, enum config_id k)
{
    return c->v[k].p ? c->v[k] : sv_c(config_keys[k].value);
}

bool config_int(const struct config *c, enum config_id k, int64_t min, int64_t max, int64_t *out)
{
    return sv_int(config_text(c, k), out) && *out >= min && *out <= max;
}

bool config_is(const struct config *c, enum config_id k, sv value)
{
    return sv_equal(config_text(c, k), value);
}

#ifdef ENGAWA_TEST
const char *config_test_authority(const struct config *c, struct arena *a)
{
    sv base64 = config_text(c, CONFIG_TEST_AUTHORITY);
    struct str pem = STR_IN(a);

    if (base64.n == 0)
        return NULL;
    str_c(&pem, "-----BEGIN CERTIFICATE-----\n");
    for (sv rest = base64; rest.n; rest = sv_from(rest, 64))
        str_printf(&pem, "%.*s\n", SV_ARG(sv_upto(rest, 64)));
    str_c(&pem, "-----END CERTIFICATE-----\n");
    return sv_cstr(a, str_sv(&pem));
}
#endif
