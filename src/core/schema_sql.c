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
    /* Members: what their record holds beside names, how long they are away, and who gave them which right. */
    {16, "ALTER TABLE member ADD COLUMN nickname TEXT NOT NULL DEFAULT ''"},
    {17, "ALTER TABLE member ADD COLUMN employee_number TEXT NOT NULL DEFAULT ''"},
    {18, "ALTER TABLE member ADD COLUMN profile BLOB NOT NULL DEFAULT ''"},             /* sealed: JSON of the optional fields */
    {19, "ALTER TABLE member ADD COLUMN folded TEXT NOT NULL DEFAULT ''"},              /* open fields as search compares them */
    {20, "ALTER TABLE member ADD COLUMN grade BIGINT NOT NULL DEFAULT 0"},
    {21, "ALTER TABLE member ADD COLUMN permtype BIGINT NOT NULL DEFAULT 0"},
    {22, "ALTER TABLE member ADD COLUMN photo_ms BIGINT NOT NULL DEFAULT 0"},           /* 0: no photo */
    {23, "ALTER TABLE member ADD COLUMN presence BLOB NOT NULL DEFAULT ''"},            /* sealed: what one says of oneself */
    {24, "ALTER TABLE member ADD COLUMN leave_from_ms BIGINT NOT NULL DEFAULT 0"},      /* 0: no leave */
    {25, "ALTER TABLE member ADD COLUMN leave_until_ms BIGINT NOT NULL DEFAULT 0"},     /* the first moment after it; 0: open end */
    {26, "ALTER TABLE member ADD COLUMN leave_suspends SMALLINT NOT NULL DEFAULT 0"},
    {27, "ALTER TABLE member ADD COLUMN deleted_ms BIGINT NOT NULL DEFAULT 0"},
    {28, "ALTER TABLE member ADD COLUMN password_ms BIGINT NOT NULL DEFAULT 0"},        /* when it was set; 0: none was */
    {29, "ALTER TABLE member ADD COLUMN must_change SMALLINT NOT NULL DEFAULT 0"},      /* enum must_change */
    {30, "ALTER TABLE member ADD COLUMN role_by BIGINT NOT NULL DEFAULT 0"},
    {31, "ALTER TABLE member ADD COLUMN role_ms BIGINT NOT NULL DEFAULT 0"},
    {32, "ALTER TABLE member ADD COLUMN role_paused SMALLINT NOT NULL DEFAULT 0"},      /* until the super admin confirms it */
    {33, "ALTER TABLE member ADD COLUMN mail_proven SMALLINT NOT NULL DEFAULT 0"},
    {34, "CREATE INDEX member_reading ON member (family_reading, given_reading, id)"},
    {35, "CREATE UNIQUE INDEX member_employee_number ON member (employee_number) WHERE employee_number <> ''"},
    {36, "CREATE TABLE photo (member BIGINT PRIMARY KEY REFERENCES member (id), type TEXT NOT NULL, data BLOB NOT NULL)"}, /* data: sealed */
    {37, "CREATE TABLE login_held (login TEXT PRIMARY KEY, until_ms BIGINT NOT NULL)"},  /* given up, not yet free for others */
    /* Titles, grades and permission types: three ordered lists. */
    {38, "CREATE TABLE label (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, place BIGINT NOT NULL,"
         " UNIQUE (kind, name))"},
    /* Org units and groups. */
    {39, "CREATE TABLE unit (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
         " description TEXT NOT NULL, folded TEXT NOT NULL, place BIGINT NOT NULL, public SMALLINT NOT NULL,"
         " functions SMALLINT NOT NULL, delegation SMALLINT NOT NULL, notify SMALLINT NOT NULL, leader BIGINT NOT NULL,"
         " room BIGINT NOT NULL, made_ms BIGINT NOT NULL, deleted_ms BIGINT NOT NULL)"},
    {40, "CREATE INDEX unit_parent ON unit (parent)"},
    {41, "CREATE TABLE unit_member (unit BIGINT NOT NULL REFERENCES unit (id), member BIGINT NOT NULL REFERENCES member (id),"
         " main SMALLINT NOT NULL, title BIGINT NOT NULL, PRIMARY KEY (member, unit))"},
    {42, "CREATE INDEX unit_member_unit ON unit_member (unit)"},
    {43, "CREATE TABLE groups_ (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,"
         " folded TEXT NOT NULL, public SMALLINT NOT NULL, functions SMALLINT NOT NULL, delegation SMALLINT NOT NULL,"
         " notify SMALLINT NOT NULL, room BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,"
         " deleted_ms BIGINT NOT NULL)"},
    {44, "CREATE TABLE group_member (grp BIGINT NOT NULL REFERENCES groups_ (id), member BIGINT NOT NULL REFERENCES member (id),"
         " master SMALLINT NOT NULL, PRIMARY KEY (member, grp))"},
    {45, "CREATE INDEX group_member_group ON group_member (grp)"},
    /* Credentials: links that set a password, the last passwords, failed tries, browsers known from before. */
    {46, "CREATE TABLE link (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, member BIGINT NOT NULL REFERENCES member (id),"
         " hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL,"
         " made_by BIGINT NOT NULL)"},
    {47, "CREATE INDEX link_member ON link (member)"},
    {48, "CREATE TABLE password_before (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id),"
         " set_ms BIGINT NOT NULL, password BLOB NOT NULL)"},                                       /* password: sealed */
    {49, "CREATE INDEX password_before_member ON password_before (member)"},
    {50, "CREATE TABLE login_failure (member BIGINT NOT NULL, source TEXT NOT NULL, failures BIGINT NOT NULL,"
         " pauses BIGINT NOT NULL, paused_until_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, PRIMARY KEY (member, source))"},
    {51, "CREATE TABLE known_browser (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id),"
         " hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL)"},
    {52, "CREATE INDEX known_browser_member ON known_browser (member)"},
    {53, "CREATE TABLE handover (id BIGINT PRIMARY KEY, from_member BIGINT NOT NULL, to_member BIGINT NOT NULL,"
         " made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, state SMALLINT NOT NULL)"},
    /* Files made here and fetched or read once: downloads of logs and lists, and uploads of lists. */
    {54, "CREATE TABLE file (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, made_by BIGINT NOT NULL,"
         " made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, state SMALLINT NOT NULL, rows_ BIGINT NOT NULL,"
         " size BIGINT NOT NULL, hash BLOB NOT NULL, query BLOB NOT NULL)"},                         /* query: sealed */
    {55, "CREATE TABLE file_part (file BIGINT NOT NULL REFERENCES file (id), seq BIGINT NOT NULL, data BLOB NOT NULL,"
         " PRIMARY KEY (file, seq))"},                                                               /* data: sealed */
    {56, "CREATE INDEX audit_kind ON audit (kind, seq)"},
    {57, "CREATE INDEX audit_actor ON audit (actor, seq)"},
    {58, "CREATE TABLE chore (name TEXT PRIMARY KEY, done_ms BIGINT NOT NULL)"},          /* nightly work: when it was last done */
    {59, "ALTER TABLE room ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0"},            /* 0: open; its unit or group is there */
    {60, "ALTER TABLE group_member ADD COLUMN joined_ms BIGINT NOT NULL DEFAULT 0"},    /* who is longest in it follows the last master */
    {61, "ALTER TABLE member ADD COLUMN console_ms BIGINT NOT NULL DEFAULT 0"},        /* when it last opened the console */
    {62, "CREATE UNIQUE INDEX member_super ON member (role) WHERE role = 4"},           /* one super admin at any time */
    {63, "CREATE UNIQUE INDEX handover_open ON handover (state) WHERE state = 1"},
    {64, "ALTER TABLE login_held ADD COLUMN member BIGINT NOT NULL DEFAULT 0"},           /* who gave it up may take it back */
    {65, "ALTER TABLE session ADD COLUMN limited SMALLINT NOT NULL DEFAULT 0"},           /* enum must_change */
    {66, "ALTER TABLE member ADD COLUMN import BIGINT NOT NULL DEFAULT 0"},            /* the list that brought it; 0: none */
    {67, "CREATE INDEX member_import ON member (import) WHERE import <> 0"},
    /* The log that a row belongs to: beside the leaf, for searching alone. Messages are most of all rows and are found by
     * their rooms: their log has no index here. */
    {68, "ALTER TABLE audit ADD COLUMN log TEXT NOT NULL DEFAULT ''"},
    {69, "UPDATE audit SET log = CASE WHEN kind LIKE 'session.%' OR kind LIKE 'device.%' OR kind = 'member.password'"
         " THEN 'login' WHEN kind LIKE 'talk.%' THEN 'talk' ELSE 'adm' END"},
    {70, "CREATE INDEX audit_log ON audit (log, seq) WHERE log <> 'talk'"},
    /* What is erased: all rows up to `gone`, of which the tree's frontier is left; how long rows stay, and a shorter term
     * that was announced. */
    {71, "CREATE TABLE audit_term (id BIGINT PRIMARY KEY, days BIGINT NOT NULL, next_days BIGINT NOT NULL,"
         " notice_ms BIGINT NOT NULL, target BIGINT NOT NULL, gone BIGINT NOT NULL, frontier BLOB NOT NULL);"
         " INSERT INTO audit_term (id, days, next_days, notice_ms, target, gone, frontier) VALUES (1, 180, 0, 0, 0, 0, '')"},
    /* Members are counted for every page of a list: from here, without their records. */
    {72, "CREATE INDEX member_status ON member (status, start_ms)"},
    /* What a message is beside its text. said: hash of what the author sent first; reply: seq; thread: id of its first message;
     * times 0: not; content: sealed JSON of its kind, NULL: none. */
    {73, "ALTER TABLE message ADD COLUMN said BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN reply BIGINT"
         " NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN thread BIGINT NOT NULL DEFAULT 0; ALTER TABLE message"
         " ADD COLUMN replies BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN replied_ms BIGINT NOT NULL"
         " DEFAULT 0; ALTER TABLE message ADD COLUMN edited_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD"
         " COLUMN gone_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN pinned_ms BIGINT NOT NULL DEFAULT"
         " 0; ALTER TABLE message ADD COLUMN pinned_by BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN"
         " flags BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN deadline_ms BIGINT NOT NULL DEFAULT 0;"
         " ALTER TABLE message ADD COLUMN content BLOB"},
    {74, "CREATE INDEX message_thread ON message (thread, id) WHERE thread <> 0"},
    {75, "CREATE INDEX message_pinned ON message (id) WHERE pinned_ms <> 0"},
    /* The message an event tells of: who takes it back, takes back what was told. */
    {76, "ALTER TABLE event ADD COLUMN object BIGINT NOT NULL DEFAULT 0"},
    {77, "CREATE INDEX event_object ON event (object) WHERE object <> 0"},
    /* Who is named in a message; everybody of the room when all are. */
    {78, "CREATE TABLE mention (message BIGINT NOT NULL, member BIGINT NOT NULL, PRIMARY KEY (member, message))"},
    {79, "CREATE INDEX mention_message ON mention (message)"},
    {80, "CREATE TABLE reaction (message BIGINT NOT NULL, member BIGINT NOT NULL, mark TEXT NOT NULL, made_ms BIGINT"
         " NOT NULL, PRIMARY KEY (message, mark, member))"},
    {81, "CREATE TABLE poll_vote (message BIGINT NOT NULL, member BIGINT NOT NULL, choice SMALLINT NOT NULL, made_ms"
         " BIGINT NOT NULL, PRIMARY KEY (message, choice, member))"},
    /* Deleted for oneself. */
    {82, "CREATE TABLE message_hidden (member BIGINT NOT NULL, message BIGINT NOT NULL, PRIMARY KEY (member,"
         " message))"},
    {83, "ALTER TABLE room_member ADD COLUMN read_seq BIGINT NOT NULL DEFAULT 0; ALTER TABLE room_member ADD COLUMN"
         " read_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE room_member ADD COLUMN muted SMALLINT NOT NULL DEFAULT 0;"
         " ALTER TABLE room_member ADD COLUMN pinned_ms BIGINT NOT NULL DEFAULT 0"},
    /* 1: newcomers see what was said before; of rooms of several people. */
    {84, "ALTER TABLE room ADD COLUMN history SMALLINT NOT NULL DEFAULT 0"},
    /* Who was in a room from which version of its membership until which (0: still): who received a message is derived from it. */
    {85, "CREATE TABLE room_span (room BIGINT NOT NULL, member BIGINT NOT NULL, from_version BIGINT NOT NULL,"
         " until_version BIGINT NOT NULL, PRIMARY KEY (room, member, from_version))"},
    {86, "INSERT INTO room_span (room, member, from_version, until_version) SELECT room, member, 1, 0 FROM room_member"},
    {87, "ALTER TABLE message ADD COLUMN reminded_ms BIGINT NOT NULL DEFAULT 0"},
    /* What stands there today counts as read. */
    {88, "UPDATE room_member SET read_seq = COALESCE((SELECT MAX(m.id) - room_member.room * 4294967296 FROM message m"
         " WHERE m.id >= room_member.room * 4294967296 AND m.id < (room_member.room + 1) * 4294967296), 0)"},
    /* Search: the index (store/search.h), which message stands in it under which number, and what is still to be put there;
     * known: the index may hold an earlier text of it. */
    {89, "CREATE SEARCH INDEX talk_search"},
    {90, "CREATE TABLE search_place (n BIGINT PRIMARY KEY, message BIGINT NOT NULL)"},
    {91, "CREATE TABLE search_todo (message BIGINT PRIMARY KEY, sent_ms BIGINT NOT NULL, known SMALLINT NOT NULL)"},
    {92, "INSERT INTO search_todo (message, sent_ms, known) SELECT id, sent_ms, 0 FROM message WHERE kind <> 2"},
    {93, "CREATE TABLE search_format (id BIGINT PRIMARY KEY, version BIGINT NOT NULL);"
         " INSERT INTO search_format (id, version) VALUES (1, 1)"},
    /* Erasing by age: the room remembers the greatest seq that is gone; what the pieces of a run erased so far. */
    {94, "CREATE INDEX message_sent ON message (sent_ms)"},
    {95, "ALTER TABLE room ADD COLUMN last_seq BIGINT NOT NULL DEFAULT 0"},
    {96, "CREATE TABLE retention_run (id BIGINT PRIMARY KEY, erased BIGINT NOT NULL);"
         " INSERT INTO retention_run (id, erased) VALUES (1, 0)"},
    {97, "CREATE INDEX room_span_member ON room_span (member)"},
    /* Under which key the operator made the room: an import finds its room again. */
    {98, "ALTER TABLE room ADD COLUMN made_key TEXT; CREATE INDEX room_made_key ON room (made_key)"},
    /* What waits for its moment: a message of a member, a reminder, a deadline; text and content: sealed. */
    {99, "CREATE TABLE later (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, kind SMALLINT NOT NULL, room"
         " BIGINT NOT NULL, message BIGINT NOT NULL, due_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL, key"
         " BLOB NOT NULL, text BLOB NOT NULL, content BLOB, failed TEXT NOT NULL)"},
    {100, "CREATE INDEX later_due ON later (failed, due_ms)"},
    {101, "CREATE INDEX later_member ON later (member)"},
    {102, "CREATE TABLE saved (member BIGINT NOT NULL, message BIGINT NOT NULL, saved_ms BIGINT NOT NULL,"
         " PRIMARY KEY (member, message))"},
    {103, "CREATE INDEX saved_message ON saved (message)"},
    /* What was written and not sent; text: sealed. */
    {104, "CREATE TABLE draft (member BIGINT NOT NULL, room BIGINT NOT NULL, text BLOB NOT NULL, changed_ms BIGINT NOT NULL,"
         " PRIMARY KEY (member, room))"},
    /* Numbers one after the other, which keep the index small; it is made anew, but in a new store, where it is empty. */
    {105, "DROP TABLE search_place"},
    {106, "CREATE TABLE search_place (n BIGINT PRIMARY KEY, message BIGINT NOT NULL, sent_ms BIGINT NOT NULL)"},
    {107, "CREATE INDEX search_todo_sent ON search_todo (sent_ms, message)"},
    {108, "ALTER TABLE search_format ADD COLUMN newest_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE search_format"
          " ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;"
          " UPDATE search_format SET version = 0 WHERE EXISTS (SELECT 1 FROM tenant)"},
    {109, "ALTER TABLE member ADD COLUMN here_hidden SMALLINT NOT NULL DEFAULT 0"},
    /* The words that a member is told of; words: sealed. */
    {110, "CREATE TABLE keyword (member BIGINT PRIMARY KEY, words BLOB NOT NULL, changed_ms BIGINT NOT NULL)"},
    /* A member's own sorting of its room list; name: sealed. In which one a room is stands beside the membership. */
    {111, "CREATE TABLE room_folder (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, name BLOB NOT NULL, place BIGINT NOT NULL)"},
    {112, "CREATE INDEX room_folder_member ON room_folder (member)"},
    {113, "ALTER TABLE room_member ADD COLUMN folder BIGINT NOT NULL DEFAULT 0"},
    /* The picture of a room, as a member's photo; data: sealed. */
    {114, "CREATE TABLE room_photo (room BIGINT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL)"},
    {115, "ALTER TABLE room ADD COLUMN photo_ms BIGINT NOT NULL DEFAULT 0"},
    /* Of which rooms the numbers of the index are, 512 together; of earlier ones it is not known. */
    {116, "CREATE TABLE search_block (id BIGINT PRIMARY KEY, rooms BLOB NOT NULL)"},
    /* The device key that began the session, or that it enrolled; 0: none. */
    {117, "ALTER TABLE session ADD COLUMN device BIGINT NOT NULL DEFAULT 0"},
    /* Which version of the terms a member has accepted, and when; a session that is to accept before anything else. */
    {118, "CREATE TABLE terms_accepted (member BIGINT NOT NULL, version TEXT NOT NULL, accepted_ms BIGINT NOT NULL,"
          " PRIMARY KEY (member, version))"},
    {119, "ALTER TABLE session ADD COLUMN terms_due SMALLINT NOT NULL DEFAULT 0"},
    /* What is old of the index is packed, `part` numbers together: lists of numbers by token and by room, and the numbers that
     * have left and are still to leave the lists. It is made anew, but in a new store. */
    {120, "CREATE SEARCH INDEX talk_search_late; CREATE SEARCH TERMS talk_search_terms"},
    {121, "CREATE TABLE search_list (id BIGINT PRIMARY KEY, list BLOB NOT NULL)"},
    {122, "CREATE TABLE search_room (id BIGINT PRIMARY KEY, numbers BLOB NOT NULL)"},
    {123, "CREATE TABLE search_hole (n BIGINT PRIMARY KEY, taken SMALLINT NOT NULL)"},
    {124, "CREATE TABLE search_pack (id BIGINT PRIMARY KEY, part BIGINT NOT NULL, packed BIGINT NOT NULL, term TEXT NOT NULL,"
          " step BIGINT NOT NULL, tidied BIGINT NOT NULL);"
          " INSERT INTO search_pack (id, part, packed, term, step, tidied) VALUES (1, 32768, 0, '', 0, -1);"
          " UPDATE search_format SET version = 2 WHERE NOT EXISTS (SELECT 1 FROM tenant)"},
    /* Flag 8 says that a message uses one of these columns: without it they need not be read. */
    {125, "UPDATE message SET flags = flags | 8 WHERE reply <> 0 OR thread <> 0 OR replies <> 0 OR replied_ms <> 0"
          " OR edited_ms <> 0 OR gone_ms <> 0 OR pinned_ms <> 0 OR pinned_by <> 0 OR deadline_ms <> 0 OR content IS NOT NULL"},
    /* Smaller parts, and lists of a token side by side: the index is made anew, but in a new store. */
    {126, "UPDATE search_pack SET part = 8192; UPDATE search_format SET version = 3 WHERE NOT EXISTS (SELECT 1 FROM tenant)"},
    {127, "ALTER TABLE tenant ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0"},
    /* Files that members send: the bytes (store/blob.h) and their key, sealed; what a message has of them; name, hash: sealed.
     * Tickets that were used. */
    {128, "CREATE TABLE blob_file (id BIGINT PRIMARY KEY, key BLOB NOT NULL, size BIGINT NOT NULL, made_ms BIGINT NOT NULL);"
          " CREATE TABLE file_ticket (id BIGINT PRIMARY KEY, until_ms BIGINT NOT NULL)"},
    {129, "CREATE TABLE stored (id BIGINT PRIMARY KEY, blob BIGINT NOT NULL REFERENCES blob_file (id), room BIGINT NOT NULL,"
          " message BIGINT NOT NULL, made_by BIGINT NOT NULL, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, size BIGINT NOT NULL,"
          " have BIGINT NOT NULL, state SMALLINT NOT NULL, type TEXT NOT NULL, name BLOB NOT NULL, hash BLOB NOT NULL)"},
    {130, "CREATE INDEX stored_blob ON stored (blob); CREATE INDEX stored_message ON stored (message);"
          " CREATE INDEX stored_open ON stored (made_by, message)"},
    /* Flag 16 says that an address of the web stands in the text. Up to which message the texts of an older store were looked
     * through for that: all of them, in a new one. */
    {131, "CREATE INDEX message_linked ON message (id) WHERE (flags & 16) <> 0"},
    {132, "CREATE TABLE link_look (id BIGINT PRIMARY KEY, message BIGINT NOT NULL);"
          " INSERT INTO link_look (id, message) SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM message) THEN 0 ELSE 9223372036854775807 END"},
    {133, "ALTER TABLE stored ADD COLUMN width BIGINT NOT NULL DEFAULT 0; ALTER TABLE stored ADD COLUMN height BIGINT NOT NULL DEFAULT 0;"
          " ALTER TABLE stored ADD COLUMN pages BIGINT NOT NULL DEFAULT 0"},
    /* Pictures that were made of a blob, each a blob itself. */
    {134, "CREATE TABLE rendition (id BIGINT PRIMARY KEY REFERENCES blob_file (id), source BIGINT NOT NULL REFERENCES blob_file (id),"
          " kind SMALLINT NOT NULL, page BIGINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL);"
          " CREATE UNIQUE INDEX rendition_source ON rendition (source, kind, page)"},
    {135, "CREATE TABLE blob_text (id BIGINT PRIMARY KEY REFERENCES blob_file (id), words BLOB NOT NULL)"},
    /* What the scanner for malware said of a blob (core/scan.h); whoever shares it shares that. */
    {136, "ALTER TABLE blob_file ADD COLUMN scan SMALLINT NOT NULL DEFAULT 0; CREATE INDEX blob_file_held ON blob_file (id) WHERE scan = 3"},
    /* Pages that members linked to (svc/talk/preview.h); title to picture: sealed. */
    {137, "CREATE TABLE link_preview (id BIGINT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, fetched_ms BIGINT NOT NULL, found SMALLINT NOT NULL,"
          " width BIGINT NOT NULL, height BIGINT NOT NULL, title BLOB NOT NULL, words BLOB NOT NULL, site BLOB NOT NULL, picture BLOB NOT NULL)"},
    {138, "CREATE INDEX link_preview_fetched ON link_preview (fetched_ms)"},
    /* With which signatures, in the scanner's words. */
    {139, "ALTER TABLE blob_file ADD COLUMN scan_by TEXT NOT NULL DEFAULT ''"},
    /* From where it was used last, at most a minute ago; '': as it began. */
    {140, "ALTER TABLE session ADD COLUMN seen_ip TEXT NOT NULL DEFAULT ''"},
    /* Where a blob lies: 0 in the folder, 1 the same, and is to be sent to the operator's store, 2 in that store (svc/file/place.h).
     * Objects of the store that are to go. */
    {141, "ALTER TABLE blob_file ADD COLUMN place SMALLINT NOT NULL DEFAULT 0; CREATE INDEX blob_file_sent ON blob_file (id) WHERE place = 1;"
          " CREATE TABLE store_drop (id BIGINT PRIMARY KEY)"},
    /* How much is stored (svc/file/storage.h): row 0 of the tenant, over blob_file; one of each room, over stored. */
    {142, "CREATE TABLE storage_sum (room BIGINT PRIMARY KEY, bytes BIGINT NOT NULL, files BIGINT NOT NULL);"
          " CREATE INDEX storage_sum_bytes ON storage_sum (bytes, room);"
          " INSERT INTO storage_sum (room, bytes, files) SELECT 0, COALESCE(SUM(size), 0), COUNT(*) FROM blob_file;"
          " INSERT INTO storage_sum (room, bytes, files) SELECT room, SUM(size), COUNT(*) FROM stored WHERE room <> 0 GROUP BY room"},
    /* The second step of signing in (svc/account/second.h). A session of which it is asked does nothing else; when a browser last
     * proved it, those known until now count as proven; who has signed in before has a first login no more. Admins of an older
     * store register an app at their next login, as at a first one. */
    {143, "ALTER TABLE session ADD COLUMN second SMALLINT NOT NULL DEFAULT 0; ALTER TABLE session ADD COLUMN second_wrong SMALLINT"
          " NOT NULL DEFAULT 0; ALTER TABLE known_browser ADD COLUMN proven_ms BIGINT NOT NULL DEFAULT 0; UPDATE known_browser"
          " SET proven_ms = seen_ms; ALTER TABLE member ADD COLUMN second_seen SMALLINT NOT NULL DEFAULT 0; UPDATE member SET"
          " second_seen = 1 WHERE seen_ms > 0 AND role = 1"},
    /* The authenticator app: used: the step of its last code; fresh: a secret that waits for its first code. Codes on paper. */
    {144, "CREATE TABLE second_app (member BIGINT PRIMARY KEY REFERENCES member (id), secret BLOB NOT NULL, made_ms BIGINT NOT NULL,"
          " used BIGINT NOT NULL, fresh BLOB NOT NULL, fresh_ms BIGINT NOT NULL)"},                  /* secret, fresh: sealed */
    {145, "CREATE TABLE second_code (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), kind SMALLINT NOT NULL,"
          " hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL);"
          " CREATE INDEX second_code_member ON second_code (member)"},
    /* Asked of the member's other sessions: 0 no answer yet, 1 it is me, 2 it is not. */
    {146, "CREATE TABLE second_ask (session BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), number SMALLINT NOT NULL,"
          " made_ms BIGINT NOT NULL, answer SMALLINT NOT NULL); CREATE INDEX second_ask_member ON second_ask (member)"},
    /* Admin roles of the company's own making (svc/org/custom_role.h). menus: ids of submenus (core/perm.def), parted by blanks. */
    {147, "CREATE TABLE admin_role (id BIGINT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, menus TEXT NOT NULL);"
          " ALTER TABLE member ADD COLUMN admin_role BIGINT NOT NULL DEFAULT 0;"
          " CREATE INDEX member_admin_role ON member (admin_role) WHERE admin_role <> 0"},
    /* The member's apps are stopped; the browser is not. */
    {148, "ALTER TABLE member ADD COLUMN app_suspended SMALLINT NOT NULL DEFAULT 0"},
    /* From where and with what a member worked (core/access.h): of a session at most one row a day of the tenant and address; and
     * what a device called itself; agent: sealed. */
    {149, "CREATE TABLE member_access (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, session BIGINT NOT NULL, local_day BIGINT NOT NULL,"
          " channel SMALLINT NOT NULL, ip TEXT NOT NULL, agent BLOB NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,"
          " UNIQUE (session, local_day, ip));"
          " CREATE INDEX member_access_member ON member_access (member, first_ms, id);"
          " CREATE INDEX member_access_last ON member_access (last_ms);"
          " ALTER TABLE device ADD COLUMN agent BLOB NOT NULL DEFAULT ''; ALTER TABLE device ADD COLUMN seen_ms BIGINT NOT NULL DEFAULT 0"},
    /* Links by which one becomes a member (svc/account/invite.h), and who came by one: rejected_ms: 0 it waits. */
    {150, "CREATE TABLE invitation (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), hash BLOB NOT NULL UNIQUE,"
          " made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, used BIGINT NOT NULL);"
          " CREATE INDEX invitation_member ON invitation (member)"},
    {151, "CREATE TABLE invited (id BIGINT PRIMARY KEY, inviter BIGINT NOT NULL REFERENCES member (id), login TEXT NOT NULL UNIQUE,"
          " family TEXT NOT NULL, given TEXT NOT NULL, family_reading TEXT NOT NULL, given_reading TEXT NOT NULL, language TEXT NOT NULL,"
          " password BLOB NOT NULL, made_ms BIGINT NOT NULL, rejected_ms BIGINT NOT NULL)"},         /* password: sealed */
    /* Permission templates (svc/org/template.h). restricts: a set of cells (core/perm.def); bound to members and to permission types. */
    {152, "CREATE TABLE permission_template (id BIGINT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, restricts BIGINT NOT NULL);"
          " ALTER TABLE member ADD COLUMN template BIGINT NOT NULL DEFAULT 0; ALTER TABLE label ADD COLUMN template BIGINT NOT NULL DEFAULT 0;"
          " CREATE INDEX member_template ON member (template) WHERE template <> 0;"
          " CREATE INDEX member_permtype ON member (permtype) WHERE permtype <> 0"},
};
const size_t tenant_migration_count = COUNT(tenant_migrations);
