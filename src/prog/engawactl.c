/* prog/engawactl.c: the operator's program: the table of its commands. Flags become JSON fields of the operation's input;
 * exit codes: 0 done, 1 refused by the server or not whole, 2 wrong use, 3 no server, 4 a file of this machine. */
#include "role/ctl.h"

/* clang-format off */
#define PERSON(object, password_need, password_doc) \
    { "--login",          object "login",          CTL_TEXT,        true,  "the part of the Engawa ID before @" }, \
    { "--family",         object "family",         CTL_TEXT,        true,  "family name" }, \
    { "--given",          object "given",          CTL_TEXT,        false, "given name" }, \
    { "--family-reading", object "family_reading", CTL_TEXT,        false, "its reading" }, \
    { "--given-reading",  object "given_reading",  CTL_TEXT,        false, "its reading" }, \
    { "--password-file",  object "password",       CTL_SECRET_FILE, password_need, password_doc }

static const struct ctl_command commands[] = {
    { "init", NULL, false, ctl_init, "makes the data directory: folders, master key, engawa.conf; at a terminal it asks five questions", {
        { "--company",         NULL, CTL_LOCAL, false, "instead of the question: who offers this, as the public pages say" },
        { "--workgroup",       NULL, CTL_LOCAL, false, "… the part of Engawa IDs behind @ of the first tenant" },
        { "--host",            NULL, CTL_LOCAL, false, "… the name that browsers call" },
        { "--port",            NULL, CTL_LOCAL, false, "… the port" },
        { "--certificate",     NULL, CTL_LOCAL, false, "… own, acme or development" },
        { "--contact",         NULL, CTL_LOCAL, false, "… a mail address or https address for questions and reports of weaknesses" },
        { "--yes",             NULL, CTL_SWITCH, false, "asks nothing: what is not said is the default" },
        { "--ask",             NULL, CTL_SWITCH, false, "asks also where standard input is no terminal" },
        { "--listen",          NULL, CTL_LOCAL, false, "addresses and ports, separated by commas" },
        { "--origin",          NULL, CTL_LOCAL, false, "what browsers call it, e.g. https://chat.example.com; main one first" },
        { "--tls-certificate", NULL, CTL_LOCAL, false, "path of the certificate chain (PEM)" },
        { "--tls-key",         NULL, CTL_LOCAL, false, "path of its private key (PEM)" },
        { "--cipher",          NULL, CTL_LOCAL, false, "aes256 or aegis256, for good" },
        { "--sandbox",         NULL, CTL_LOCAL, false, "best or strict" },
        { "--metrics",         NULL, CTL_LOCAL, false, "where figures are asked for: socket, 127.0.0.1:9464 or none" },
        { "--edges",           NULL, CTL_LOCAL, false, "edge processes; 0: one per core" },
        { "--zone",            NULL, CTL_LOCAL, false, "time zone of new tenants" },
        { "--tenant-idle",     NULL, CTL_LOCAL, false, "seconds until an idle tenant's process ends" },
    } },
    { "tenant open", "tenant.open", false, ctl_open, "opens a tenant with its super admin, who sets a password by the link printed", {
        { "--workgroup", "workgroup", CTL_TEXT, true, "the part of Engawa IDs behind @" },
        { "--company",   "company",   CTL_TEXT, true, "the company's name" },
        PERSON("admin.", false, "instead of the link: file whose first line is the first password (-: standard input)"),
    } },
    { "tenant list",    "tenant.list",    false, NULL, "all tenants", {{0}} },
    { "tenant read",    "tenant.read",    true,  NULL, "number, company, zone, size of the audit log", {{0}} },
    { "tenant suspend", "tenant.suspend", false, NULL, "nobody can use the tenant until it is resumed", {
        { "WORKGROUP", "workgroup", CTL_TEXT, true, "its workgroup" } } },
    { "tenant reopen",  "tenant.reopen",  false, NULL, "takes a company's cancellation back, within seven days of it; all its data are there", {
        { "WORKGROUP",   "workgroup", CTL_TEXT, true, "its workgroup" },
        { "--reason",    "reason",    CTL_TEXT, true, "consent, safe_operation, problem, request, order or protection" },
        { "--reference", "reference", CTL_TEXT, true, "who asked for it, by which letter or ticket: it stands in both logs" } } },
    { "tenant erasure", "tenant.erasure", false, ctl_erasure, "the certificate of a cancelled company's erasure, or how far it has come", {
        { "WORKGROUP", "workgroup", CTL_TEXT, true, "what its workgroup was" } } },
    { "tenant resume",  "tenant.resume",  false, NULL, "ends a suspension", {
        { "WORKGROUP", "workgroup", CTL_TEXT, true, "its workgroup" } } },
    { "tenant check", NULL, false, ctl_tenant_check, "looks through a company's database, or all of them, while they are used; exit code 1: something is wrong", {
        { "WORKGROUP", NULL, CTL_LOCAL, false, "its workgroup; all companies, and the operators' log, when absent" },
        { "--search",  NULL, CTL_LOCAL, false, "how many messages are looked for in the search index, evenly over time; 200 when absent, or all" } } },
    { "tenant set", "tenant.setting", true, NULL, "changes what the contract says: a key plan.… of settings.tsv", {
        { "KEY",   "key",   CTL_TEXT, true, "e.g. plan.seats" },
        { "VALUE", "value", CTL_TEXT, true, "in the form of settings.tsv" } } },
    { "tenant seats", "tenant.setting", true, NULL, "how many members may use the service", {
        { "plan.seats", "key", CTL_FIXED, true, "" },
        { "SEATS", "value", CTL_TEXT, true, "a number, or none: no limit" } } },
    { "tenant plan", "tenant.setting", true, NULL, "gives the tenant another plan", {
        { "plan.name", "key", CTL_FIXED, true, "" },
        { "PLAN", "value", CTL_TEXT, true, "free, paid or advanced" } } },
    { "tenant audit-days", "tenant.setting", true, NULL, "how long the tenant's logs are kept at most", {
        { "plan.audit_days", "key", CTL_FIXED, true, "" },
        { "DAYS", "value", CTL_TEXT, true, "14 to 3650" } } },
    { "member add", "member.add", true, NULL, "adds a member", {
        PERSON("", true, "file whose first line is the first password (-: standard input)"),
        { "--role",     "role",     CTL_TEXT, false, "member, operator or sub" },
        { "--language", "language", CTL_TEXT, false, "ja or en" },
    } },
    { "member list", "member.all", true, NULL, "members with login, role and state", {{0}} },
    { "member password", "member.password", true, NULL, "sets a member's password; all its sessions end", {
        { "--member", "member", CTL_TEXT, true, "its id" },
        { "--password-file", "password", CTL_SECRET_FILE, true, "file whose first line is the new password (-: standard input)" } } },
    { "member reset", "member.link", true, NULL, "a new link by which a member sets a password; its earlier ones end", {
        { "LOGIN", "login", CTL_TEXT, true, "the part of its Engawa ID before @" } } },
    { "member unlock", "member.unlock", true, NULL, "forgets wrong tries: the right password works again", {
        { "LOGIN", "login", CTL_TEXT, true, "the part of its Engawa ID before @" } } },
    { "member code", "member.second_slip", true, NULL, "one code for a member's second step of logging in, good once, for 72 hours", {
        { "LOGIN", "login", CTL_TEXT, true, "the part of its Engawa ID before @" } } },
    { "member role", "member.role", true, NULL, "gives a member another admin role", {
        { "--member", "member", CTL_TEXT, true, "its id" },
        { "--role",   "role",   CTL_TEXT, true, "member, operator or sub" } } },
    { "member delete", "member.delete", true, NULL, "deletes a member; its messages stay", {
        { "--member", "member", CTL_TEXT, true, "its id" } } },
    { "room add", "room.add", true, NULL, "makes a room", {
        { "--name",    "name",    CTL_TEXT, true, "its name" },
        { "--members", "members", CTL_LIST, true, "ids of its members, separated by commas" } } },
    { "room join", "room.join", true, NULL, "puts a member into a room", {
        { "--room",   "room",   CTL_TEXT, true, "the room" },
        { "--member", "member", CTL_TEXT, true, "the member" } } },
    { "room leave", "room.leave", true, NULL, "takes a member out of a room", {
        { "--room",   "room",   CTL_TEXT, true, "the room" },
        { "--member", "member", CTL_TEXT, true, "the member" } } },
    { "import line", NULL, true, ctl_import_line, "reads a talk history saved by LINE into a room; doing it again adds nothing", {
        { "FILE",      NULL, CTL_LOCAL,  true,  "the saved .txt" },
        { "--room",    NULL, CTL_LOCAL,  true,  "the room it goes into" },
        { "--names",   NULL, CTL_LOCAL,  false, "file of senders: NAME or NAME = login, one a line" },
        { "--zone",    NULL, CTL_LOCAL,  false, "time zone of the file; the tenant's when absent" },
        { "--dry-run", NULL, CTL_SWITCH, false, "only says what it would do" } } },
    { "import slack", NULL, true, ctl_import_slack, "reads a Slack export, a room a channel; doing it again adds nothing", {
        { "FILE",      NULL, CTL_LOCAL,  true,  "the export's .zip" },
        { "--room",    NULL, CTL_LOCAL,  false, "the room it goes into, with --channel; else each channel has a room of its own" },
        { "--channel", NULL, CTL_LOCAL,  false, "only this channel" },
        { "--names",   NULL, CTL_LOCAL,  false, "file of senders: NAME = login, one a line; NAME may be a login or a mail address there" },
        { "--dry-run", NULL, CTL_SWITCH, false, "only says what it would do" } } },
    { "import mattermost", NULL, true, ctl_import_mattermost, "reads a bulk export of Mattermost, a room a channel; doing it again adds nothing", {
        { "FILE",      NULL, CTL_LOCAL,  true,  "the exported .jsonl, or the .zip that holds it" },
        { "--room",    NULL, CTL_LOCAL,  false, "the room it goes into, with --channel; else each channel has a room of its own" },
        { "--channel", NULL, CTL_LOCAL,  false, "only this channel" },
        { "--names",   NULL, CTL_LOCAL,  false, "file of senders: NAME = login, one a line; NAME may be a login or a mail address there" },
        { "--dry-run", NULL, CTL_SWITCH, false, "only says what it would do" } } },
    { "backup verify", NULL, false, ctl_backup_verify, "looks through a backup: every digest, database and log; exit code 1: it is not whole", {
        { "BACKUP",            NULL, CTL_LOCAL, true,  "the file, or a folder: its newest one" },
        { "--keys",            NULL, CTL_LOCAL, false, "copy of the keys; engawa.keys beside the backup when absent" },
        { "--key",             NULL, CTL_LOCAL, false, "copy of master.key, or a recovery file; DIR/keys/master.key when absent" },
        { "--passphrase-file", NULL, CTL_LOCAL, false, "for a recovery file: its first line is the passphrase (-: standard input)" },
        { "--scratch",         NULL, CTL_LOCAL, false, "folder with room for the largest database; /var/tmp when absent" } } },
    { "backup list", "backup.list", false, NULL, "the backups, newest first: which were made whole, which were restored for a drill, what is due", {{0}} },
    { "backup", NULL, false, ctl_backup, "copies the whole installation while it serves, into one encrypted file", {
        { "--to",      NULL, CTL_LOCAL, true,  "a folder, or the name of a new file" },
        { "--keys-to", NULL, CTL_LOCAL, false, "folder for engawa.keys, the wrapped keys; that of the backup when absent" } } },
    { "drill", NULL, false, ctl_drill, "restores the newest backup into a folder of its own, compares every table and log, writes a report; exit code 1: not equal", {
        { "--from",            NULL, CTL_LOCAL, true,  "the file, or a folder: its newest one" },
        { "--keys",            NULL, CTL_LOCAL, false, "copy of the keys; engawa.keys beside the backup when absent" },
        { "--key",             NULL, CTL_LOCAL, false, "copy of master.key, or a recovery file; DIR/keys/master.key when absent" },
        { "--passphrase-file", NULL, CTL_LOCAL, false, "for a recovery file: its first line is the passphrase (-: standard input)" },
        { "--scratch",         NULL, CTL_LOCAL, false, "folder with room for all that is restored, removed again; /var/tmp when absent" },
        { "--report",          NULL, CTL_LOCAL, false, "file of the report; BACKUP.drill.json beside the backup when absent" } } },
    { "restore", NULL, false, ctl_restore, "makes a data directory from a backup, on this machine or another; looks through it as verify does", {
        { "--from",            NULL, CTL_LOCAL, true,  "the file, or a folder: its newest one" },
        { "--to",              NULL, CTL_LOCAL, true,  "the new data directory: absent or empty" },
        { "--keys",            NULL, CTL_LOCAL, false, "copy of the keys; engawa.keys beside the backup when absent" },
        { "--key",             NULL, CTL_LOCAL, false, "copy of master.key, or a recovery file; DIR/keys/master.key when absent" },
        { "--passphrase-file", NULL, CTL_LOCAL, false, "for a recovery file: its first line is the passphrase (-: standard input)" } } },
    { "key export", NULL, false, ctl_key_export, "writes the master key as a recovery file that opens with a passphrase", {
        { "--to",              NULL, CTL_LOCAL, true,  "the name of a new file" },
        { "--passphrase-file", NULL, CTL_LOCAL, true,  "file whose first line is the passphrase, 12 characters at least (-: standard input)" } } },
    { "key state", "key.state", false, NULL, "which master key is in use, since when, and when another one is due", {{0}} },
    { "key rotate", NULL, false, ctl_key_rotate, "puts another master key in place while people work; the one before is gone afterwards", {
        { "--recovery",        NULL, CTL_LOCAL, false, "the name of a new file: the new key's recovery file, written before it is used" },
        { "--passphrase-file", NULL, CTL_LOCAL, false, "for it: file whose first line is the passphrase, 12 characters at least (-: standard input)" } } },
    { "key renew", NULL, false, ctl_key_renew, "puts a company's database under another data key while people work", {
        { "WORKGROUP", "workgroup", CTL_TEXT, true, "its workgroup" } } },
    { "key copy", NULL, false, ctl_key_copy, "writes the newest engawa.keys to every place where one lies; exit code 4: a place was not reached", {{0}} },
    { "key places", "keys.change", false, NULL, "the places where copies of the keys lie, and whether they are the newest", {{0}} },
    { "key forget", "keys.forget", false, NULL, "no copy lies at a place any more: you have destroyed it", {
        { "PLACE", "place", CTL_TEXT, true, "the folder, as key places says it" } } },
    { "audit export", "audit.export", true, ctl_export, "writes the audit log with its tree to standard output, for auditverify", {{0}} },
    { "audit inclusion", "audit.export", true, ctl_audit_inclusion, "writes a proof that a row stands in the signed log, for auditverify --proof", {
        { "ROW",    NULL, CTL_LOCAL, true,  "the row's number" },
        { "--head", NULL, CTL_LOCAL, false, "in the tree of the head of that size; the newest one's when absent" } } },
    { "audit consistency", "audit.export", true, ctl_audit_consistency, "writes a proof that the signed log goes on from an earlier head and changed nothing before it", {
        { "FROM",   NULL, CTL_LOCAL, true,  "size of the earlier head" },
        { "--head", NULL, CTL_LOCAL, false, "size of the later one; the newest when absent" } } },
    { "audit key", "audit.key", false, NULL, "the public key that signs audit heads: auditverify --key", {{0}} },
    { "log list", "log.list", false, NULL, "what operators did on this installation, newest first", {
        { "--before", "before", CTL_NUMBER, false, "rows before this number" },
        { "--limit",  "limit",  CTL_NUMBER, false, "how many; 100 when absent" } } },
    { "log verify", "log.verify", false, ctl_verify, "looks for rows of that log that are missing or were altered: exit code 1", {{0}} },
    { "health", "health", false, NULL, "every process with its uid and the level of its sandbox", {{0}} },
    { "status page", NULL, false, ctl_status_page, "looks at an installation from outside and writes its status page; a timer runs it every minute", {
        { "--url", NULL, CTL_LOCAL, true, "the installation: https://chat.example.com" },
        { "--to", NULL, CTL_LOCAL, true, "folder of the page, which any web server shows" },
        { "--ca", NULL, CTL_LOCAL, false, "file of certificate authorities (PEM) instead of the system's" },
        { "--patience", NULL, CTL_LOCAL, false, "seconds that each of two tries may take (8)" },
    } },
    { "status note", NULL, false, ctl_status_note, "says something on the status page: an announcement, a maintenance", {
        { "--to", NULL, CTL_LOCAL, true, "folder of the page" },
        { "--ja", NULL, CTL_LOCAL, false, "what is the matter, in Japanese" },
        { "--en", NULL, CTL_LOCAL, false, "… in English" },
        { "--service", NULL, CTL_LOCAL, false, "web, sign_in or talk; left out: all" },
        { "--in", NULL, CTL_LOCAL, false, "minutes until it begins (0)" },
        { "--minutes", NULL, CTL_LOCAL, false, "how long it lasts (60)" },
        { "--maintenance", NULL, CTL_SWITCH, false, "the services are in maintenance meanwhile" },
    } },
    { "call", NULL, false, ctl_raw, "calls any operator's operation (with --tenant: of that tenant)", {
        { "OP",   NULL, CTL_LOCAL, true,  "the operation's name" },
        { "JSON", NULL, CTL_LOCAL, false, "its input; {} when absent" } } },
};
/* clang-format on */

int main(int argc, char **argv)
{
    return ctl_main(commands, COUNT(commands), argc, argv);
}
