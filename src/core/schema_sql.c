/* core/schema_sql.c: the schema of a tenant's database as an append-only list. A shipped line never changes; a golden
 * file proves it. Open columns are sorted and searched; sealed ones (marked) are never compared by SQL.
 * Every column that holds something of a person is named in doc/formats.md. */
#include "core/schema_sql.h"

const struct migration tenant_migrations[] = {
    {1, "CREATE TABLE tenant (id BIGINT PRIMARY KEY, workgroup TEXT NOT NULL, opened_ms BIGINT NOT NULL,"
        " password_ops SMALLINT NOT NULL)"},
    {2, "CREATE TABLE member (id BIGINT PRIMARY KEY, login TEXT NOT NULL UNIQUE, family TEXT NOT NULL,"
        " given TEXT NOT NULL, family_reading TEXT NOT NULL, given_reading TEXT NOT NULL, role SMALLINT NOT NULL,"
        " status SMALLINT NOT NULL, language TEXT NOT NULL, start_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL,"
        " seen_ms BIGINT NOT NULL, password BLOB NOT NULL)"},                                      /* password: sealed */
    {3, "CREATE TABLE session (id BIGINT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, member BIGINT NOT NULL"
        " REFERENCES member (id), parent BIGINT NOT NULL, console SMALLINT NOT NULL, channel SMALLINT NOT NULL,"
        " ip TEXT NOT NULL, agent BLOB NOT NULL, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL,"  /* agent: sealed */
        " proof_ms BIGINT NOT NULL)"},
    {4, "CREATE INDEX session_member ON session (member)"},
    {5, "CREATE TABLE setting (id BIGINT PRIMARY KEY, key TEXT NOT NULL UNIQUE, value BLOB NOT NULL,"  /* value: sealed */
        " changed_ms BIGINT NOT NULL, changed_by BIGINT NOT NULL)"},
    {6, "CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT NOT NULL, kind SMALLINT NOT NULL, made_ms BIGINT NOT NULL,"
        " made_by BIGINT NOT NULL, version BIGINT NOT NULL, members BIGINT NOT NULL)"},
    {7, "CREATE TABLE room_member (room BIGINT NOT NULL REFERENCES room (id), member BIGINT NOT NULL"
        " REFERENCES member (id), first_seq BIGINT NOT NULL, joined_pos BIGINT NOT NULL,"
        " joined_ms BIGINT NOT NULL, PRIMARY KEY (member, room))"},
    {8, "CREATE INDEX room_member_room ON room_member (room)"},
    {9, "CREATE TABLE message (id BIGINT PRIMARY KEY, ckey BLOB NOT NULL, author BIGINT NOT NULL,"      /* room << 32 | seq */
        " author_name BLOB NOT NULL, kind SMALLINT NOT NULL, sent_ms BIGINT NOT NULL, text BLOB NOT NULL,"
        " UNIQUE (ckey, author))"},                                                  /* author_name, text: sealed */
    {10, "CREATE TABLE event (pos BIGINT PRIMARY KEY, made_ms BIGINT NOT NULL, topic BIGINT NOT NULL, kind TEXT NOT NULL,"
         " data BLOB NOT NULL)"},                                                                   /* data: sealed */
    {11, "CREATE TABLE audit (seq BIGINT PRIMARY KEY, time_ms BIGINT NOT NULL, actor BIGINT NOT NULL,"
         " channel SMALLINT NOT NULL, ip TEXT NOT NULL, kind TEXT NOT NULL, object BIGINT NOT NULL, result TEXT NOT NULL,"
         " count BIGINT NOT NULL, detail BLOB NOT NULL, detail_hash BLOB NOT NULL, salt BLOB NOT NULL,"   /* detail: sealed */
         " leaf BLOB NOT NULL)"},
    {12, "CREATE TABLE audit_tree (id BIGINT PRIMARY KEY, size BIGINT NOT NULL, frontier BLOB NOT NULL);"
         " INSERT INTO audit_tree (id, size, frontier) VALUES (1, 0, '')"},
    {13, "CREATE TABLE audit_head (size BIGINT PRIMARY KEY, root BLOB NOT NULL, time_ms BIGINT NOT NULL,"
         " signature BLOB NOT NULL)"},
    {14, "CREATE TABLE device (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id),"
         " point BLOB NOT NULL, made_ms BIGINT NOT NULL)"},
    {15, "ALTER TABLE device ADD COLUMN used_ms BIGINT NOT NULL DEFAULT 0"},
};
const size_t tenant_migration_count = COUNT(tenant_migrations);
