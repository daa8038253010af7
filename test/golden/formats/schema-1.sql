1: CREATE TABLE tenant (id BIGINT PRIMARY KEY, workgroup TEXT NOT NULL, opened_ms BIGINT NOT NULL, password_ops SMALLINT NOT NULL)
2: CREATE TABLE member (id BIGINT PRIMARY KEY, login TEXT NOT NULL UNIQUE, family TEXT NOT NULL, given TEXT NOT NULL, family_reading TEXT NOT NULL, given_reading TEXT NOT NULL, role SMALLINT NOT NULL, status SMALLINT NOT NULL, language TEXT NOT NULL, start_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL, password BLOB NOT NULL)
3: CREATE TABLE session (id BIGINT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, member BIGINT NOT NULL REFERENCES member (id), parent BIGINT NOT NULL, console SMALLINT NOT NULL, channel SMALLINT NOT NULL, ip TEXT NOT NULL, agent BLOB NOT NULL, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL, proof_ms BIGINT NOT NULL)
4: CREATE INDEX session_member ON session (member)
5: CREATE TABLE setting (id BIGINT PRIMARY KEY, key TEXT NOT NULL UNIQUE, value BLOB NOT NULL, changed_ms BIGINT NOT NULL, changed_by BIGINT NOT NULL)
6: CREATE TABLE room (id BIGINT PRIMARY KEY, name TEXT NOT NULL, kind SMALLINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL, version BIGINT NOT NULL, members BIGINT NOT NULL)
7: CREATE TABLE room_member (room BIGINT NOT NULL REFERENCES room (id), member BIGINT NOT NULL REFERENCES member (id), first_seq BIGINT NOT NULL, joined_pos BIGINT NOT NULL, joined_ms BIGINT NOT NULL, PRIMARY KEY (member, room))
8: CREATE INDEX room_member_room ON room_member (room)
9: CREATE TABLE message (id BIGINT PRIMARY KEY, ckey BLOB NOT NULL, author BIGINT NOT NULL, author_name BLOB NOT NULL, kind SMALLINT NOT NULL, sent_ms BIGINT NOT NULL, text BLOB NOT NULL, UNIQUE (ckey, author))
10: CREATE TABLE event (pos BIGINT PRIMARY KEY, made_ms BIGINT NOT NULL, topic BIGINT NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL)
11: CREATE TABLE audit (seq BIGINT PRIMARY KEY, time_ms BIGINT NOT NULL, actor BIGINT NOT NULL, channel SMALLINT NOT NULL, ip TEXT NOT NULL, kind TEXT NOT NULL, object BIGINT NOT NULL, result TEXT NOT NULL, count BIGINT NOT NULL, detail BLOB NOT NULL, detail_hash BLOB NOT NULL, salt BLOB NOT NULL, leaf BLOB NOT NULL)
12: CREATE TABLE audit_tree (id BIGINT PRIMARY KEY, size BIGINT NOT NULL, frontier BLOB NOT NULL); INSERT INTO audit_tree (id, size, frontier) VALUES (1, 0, '')
13: CREATE TABLE audit_head (size BIGINT PRIMARY KEY, root BLOB NOT NULL, time_ms BIGINT NOT NULL, signature BLOB NOT NULL)
14: CREATE TABLE device (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), point BLOB NOT NULL, made_ms BIGINT NOT NULL)
15: ALTER TABLE device ADD COLUMN used_ms BIGINT NOT NULL DEFAULT 0
16: ALTER TABLE member ADD COLUMN nickname TEXT NOT NULL DEFAULT ''
17: ALTER TABLE member ADD COLUMN employee_number TEXT NOT NULL DEFAULT ''
18: ALTER TABLE member ADD COLUMN profile BLOB NOT NULL DEFAULT ''
19: ALTER TABLE member ADD COLUMN folded TEXT NOT NULL DEFAULT ''
20: ALTER TABLE member ADD COLUMN grade BIGINT NOT NULL DEFAULT 0
21: ALTER TABLE member ADD COLUMN permtype BIGINT NOT NULL DEFAULT 0
22: ALTER TABLE member ADD COLUMN photo_ms BIGINT NOT NULL DEFAULT 0
23: ALTER TABLE member ADD COLUMN presence BLOB NOT NULL DEFAULT ''
24: ALTER TABLE member ADD COLUMN leave_from_ms BIGINT NOT NULL DEFAULT 0
25: ALTER TABLE member ADD COLUMN leave_until_ms BIGINT NOT NULL DEFAULT 0
26: ALTER TABLE member ADD COLUMN leave_suspends SMALLINT NOT NULL DEFAULT 0
27: ALTER TABLE member ADD COLUMN deleted_ms BIGINT NOT NULL DEFAULT 0
28: ALTER TABLE member ADD COLUMN password_ms BIGINT NOT NULL DEFAULT 0
29: ALTER TABLE member ADD COLUMN must_change SMALLINT NOT NULL DEFAULT 0
30: ALTER TABLE member ADD COLUMN role_by BIGINT NOT NULL DEFAULT 0
31: ALTER TABLE member ADD COLUMN role_ms BIGINT NOT NULL DEFAULT 0
32: ALTER TABLE member ADD COLUMN role_paused SMALLINT NOT NULL DEFAULT 0
33: ALTER TABLE member ADD COLUMN mail_proven SMALLINT NOT NULL DEFAULT 0
34: CREATE INDEX member_reading ON member (family_reading, given_reading, id)
35: CREATE UNIQUE INDEX member_employee_number ON member (employee_number) WHERE employee_number <> ''
36: CREATE TABLE photo (member BIGINT PRIMARY KEY REFERENCES member (id), type TEXT NOT NULL, data BLOB NOT NULL)
37: CREATE TABLE login_held (login TEXT PRIMARY KEY, until_ms BIGINT NOT NULL)
38: CREATE TABLE label (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, place BIGINT NOT NULL, UNIQUE (kind, name))
39: CREATE TABLE unit (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL, folded TEXT NOT NULL, place BIGINT NOT NULL, public SMALLINT NOT NULL, functions SMALLINT NOT NULL, delegation SMALLINT NOT NULL, notify SMALLINT NOT NULL, leader BIGINT NOT NULL, room BIGINT NOT NULL, made_ms BIGINT NOT NULL, deleted_ms BIGINT NOT NULL)
40: CREATE INDEX unit_parent ON unit (parent)
41: CREATE TABLE unit_member (unit BIGINT NOT NULL REFERENCES unit (id), member BIGINT NOT NULL REFERENCES member (id), main SMALLINT NOT NULL, title BIGINT NOT NULL, PRIMARY KEY (member, unit))
42: CREATE INDEX unit_member_unit ON unit_member (unit)
43: CREATE TABLE groups_ (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, folded TEXT NOT NULL, public SMALLINT NOT NULL, functions SMALLINT NOT NULL, delegation SMALLINT NOT NULL, notify SMALLINT NOT NULL, room BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL, deleted_ms BIGINT NOT NULL)
44: CREATE TABLE group_member (grp BIGINT NOT NULL REFERENCES groups_ (id), member BIGINT NOT NULL REFERENCES member (id), master SMALLINT NOT NULL, PRIMARY KEY (member, grp))
45: CREATE INDEX group_member_group ON group_member (grp)
46: CREATE TABLE link (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, member BIGINT NOT NULL REFERENCES member (id), hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL, made_by BIGINT NOT NULL)
47: CREATE INDEX link_member ON link (member)
48: CREATE TABLE password_before (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), set_ms BIGINT NOT NULL, password BLOB NOT NULL)
49: CREATE INDEX password_before_member ON password_before (member)
50: CREATE TABLE login_failure (member BIGINT NOT NULL, source TEXT NOT NULL, failures BIGINT NOT NULL, pauses BIGINT NOT NULL, paused_until_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, PRIMARY KEY (member, source))
51: CREATE TABLE known_browser (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL)
52: CREATE INDEX known_browser_member ON known_browser (member)
53: CREATE TABLE handover (id BIGINT PRIMARY KEY, from_member BIGINT NOT NULL, to_member BIGINT NOT NULL, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, state SMALLINT NOT NULL)
54: CREATE TABLE file (id BIGINT PRIMARY KEY, kind SMALLINT NOT NULL, name TEXT NOT NULL, made_by BIGINT NOT NULL, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, state SMALLINT NOT NULL, rows_ BIGINT NOT NULL, size BIGINT NOT NULL, hash BLOB NOT NULL, query BLOB NOT NULL)
55: CREATE TABLE file_part (file BIGINT NOT NULL REFERENCES file (id), seq BIGINT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (file, seq))
56: CREATE INDEX audit_kind ON audit (kind, seq)
57: CREATE INDEX audit_actor ON audit (actor, seq)
58: CREATE TABLE chore (name TEXT PRIMARY KEY, done_ms BIGINT NOT NULL)
59: ALTER TABLE room ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0
60: ALTER TABLE group_member ADD COLUMN joined_ms BIGINT NOT NULL DEFAULT 0
61: ALTER TABLE member ADD COLUMN console_ms BIGINT NOT NULL DEFAULT 0
62: CREATE UNIQUE INDEX member_super ON member (role) WHERE role = 4
63: CREATE UNIQUE INDEX handover_open ON handover (state) WHERE state = 1
64: ALTER TABLE login_held ADD COLUMN member BIGINT NOT NULL DEFAULT 0
65: ALTER TABLE session ADD COLUMN limited SMALLINT NOT NULL DEFAULT 0
66: ALTER TABLE member ADD COLUMN import BIGINT NOT NULL DEFAULT 0
67: CREATE INDEX member_import ON member (import) WHERE import <> 0
68: ALTER TABLE audit ADD COLUMN log TEXT NOT NULL DEFAULT ''
69: UPDATE audit SET log = CASE WHEN kind LIKE 'session.%' OR kind LIKE 'device.%' OR kind = 'member.password' THEN 'login' WHEN kind LIKE 'talk.%' THEN 'talk' ELSE 'adm' END
70: CREATE INDEX audit_log ON audit (log, seq) WHERE log <> 'talk'
71: CREATE TABLE audit_term (id BIGINT PRIMARY KEY, days BIGINT NOT NULL, next_days BIGINT NOT NULL, notice_ms BIGINT NOT NULL, target BIGINT NOT NULL, gone BIGINT NOT NULL, frontier BLOB NOT NULL); INSERT INTO audit_term (id, days, next_days, notice_ms, target, gone, frontier) VALUES (1, 180, 0, 0, 0, 0, '')
72: CREATE INDEX member_status ON member (status, start_ms)
73: ALTER TABLE message ADD COLUMN said BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN reply BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN thread BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN replies BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN replied_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN edited_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN gone_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN pinned_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN pinned_by BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN flags BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN deadline_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE message ADD COLUMN content BLOB
74: CREATE INDEX message_thread ON message (thread, id) WHERE thread <> 0
75: CREATE INDEX message_pinned ON message (id) WHERE pinned_ms <> 0
76: ALTER TABLE event ADD COLUMN object BIGINT NOT NULL DEFAULT 0
77: CREATE INDEX event_object ON event (object) WHERE object <> 0
78: CREATE TABLE mention (message BIGINT NOT NULL, member BIGINT NOT NULL, PRIMARY KEY (member, message))
79: CREATE INDEX mention_message ON mention (message)
80: CREATE TABLE reaction (message BIGINT NOT NULL, member BIGINT NOT NULL, mark TEXT NOT NULL, made_ms BIGINT NOT NULL, PRIMARY KEY (message, mark, member))
81: CREATE TABLE poll_vote (message BIGINT NOT NULL, member BIGINT NOT NULL, choice SMALLINT NOT NULL, made_ms BIGINT NOT NULL, PRIMARY KEY (message, choice, member))
82: CREATE TABLE message_hidden (member BIGINT NOT NULL, message BIGINT NOT NULL, PRIMARY KEY (member, message))
83: ALTER TABLE room_member ADD COLUMN read_seq BIGINT NOT NULL DEFAULT 0; ALTER TABLE room_member ADD COLUMN read_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE room_member ADD COLUMN muted SMALLINT NOT NULL DEFAULT 0; ALTER TABLE room_member ADD COLUMN pinned_ms BIGINT NOT NULL DEFAULT 0
84: ALTER TABLE room ADD COLUMN history SMALLINT NOT NULL DEFAULT 0
85: CREATE TABLE room_span (room BIGINT NOT NULL, member BIGINT NOT NULL, from_version BIGINT NOT NULL, until_version BIGINT NOT NULL, PRIMARY KEY (room, member, from_version))
86: INSERT INTO room_span (room, member, from_version, until_version) SELECT room, member, 1, 0 FROM room_member
87: ALTER TABLE message ADD COLUMN reminded_ms BIGINT NOT NULL DEFAULT 0
88: UPDATE room_member SET read_seq = COALESCE((SELECT MAX(m.id) - room_member.room * 4294967296 FROM message m WHERE m.id >= room_member.room * 4294967296 AND m.id < (room_member.room + 1) * 4294967296), 0)
89: CREATE SEARCH INDEX talk_search
90: CREATE TABLE search_place (n BIGINT PRIMARY KEY, message BIGINT NOT NULL)
91: CREATE TABLE search_todo (message BIGINT PRIMARY KEY, sent_ms BIGINT NOT NULL, known SMALLINT NOT NULL)
92: INSERT INTO search_todo (message, sent_ms, known) SELECT id, sent_ms, 0 FROM message WHERE kind <> 2
93: CREATE TABLE search_format (id BIGINT PRIMARY KEY, version BIGINT NOT NULL); INSERT INTO search_format (id, version) VALUES (1, 1)
94: CREATE INDEX message_sent ON message (sent_ms)
95: ALTER TABLE room ADD COLUMN last_seq BIGINT NOT NULL DEFAULT 0
96: CREATE TABLE retention_run (id BIGINT PRIMARY KEY, erased BIGINT NOT NULL); INSERT INTO retention_run (id, erased) VALUES (1, 0)
97: CREATE INDEX room_span_member ON room_span (member)
98: ALTER TABLE room ADD COLUMN made_key TEXT; CREATE INDEX room_made_key ON room (made_key)
99: CREATE TABLE later (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, kind SMALLINT NOT NULL, room BIGINT NOT NULL, message BIGINT NOT NULL, due_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL, key BLOB NOT NULL, text BLOB NOT NULL, content BLOB, failed TEXT NOT NULL)
100: CREATE INDEX later_due ON later (failed, due_ms)
101: CREATE INDEX later_member ON later (member)
102: CREATE TABLE saved (member BIGINT NOT NULL, message BIGINT NOT NULL, saved_ms BIGINT NOT NULL, PRIMARY KEY (member, message))
103: CREATE INDEX saved_message ON saved (message)
104: CREATE TABLE draft (member BIGINT NOT NULL, room BIGINT NOT NULL, text BLOB NOT NULL, changed_ms BIGINT NOT NULL, PRIMARY KEY (member, room))
105: DROP TABLE search_place
106: CREATE TABLE search_place (n BIGINT PRIMARY KEY, message BIGINT NOT NULL, sent_ms BIGINT NOT NULL)
107: CREATE INDEX search_todo_sent ON search_todo (sent_ms, message)
108: ALTER TABLE search_format ADD COLUMN newest_ms BIGINT NOT NULL DEFAULT 0; ALTER TABLE search_format ADD COLUMN removed BIGINT NOT NULL DEFAULT 0; UPDATE search_format SET version = 0 WHERE EXISTS (SELECT 1 FROM tenant)
109: ALTER TABLE member ADD COLUMN here_hidden SMALLINT NOT NULL DEFAULT 0
110: CREATE TABLE keyword (member BIGINT PRIMARY KEY, words BLOB NOT NULL, changed_ms BIGINT NOT NULL)
111: CREATE TABLE room_folder (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, name BLOB NOT NULL, place BIGINT NOT NULL)
112: CREATE INDEX room_folder_member ON room_folder (member)
113: ALTER TABLE room_member ADD COLUMN folder BIGINT NOT NULL DEFAULT 0
114: CREATE TABLE room_photo (room BIGINT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL)
115: ALTER TABLE room ADD COLUMN photo_ms BIGINT NOT NULL DEFAULT 0
116: CREATE TABLE search_block (id BIGINT PRIMARY KEY, rooms BLOB NOT NULL)
117: ALTER TABLE session ADD COLUMN device BIGINT NOT NULL DEFAULT 0
118: CREATE TABLE terms_accepted (member BIGINT NOT NULL, version TEXT NOT NULL, accepted_ms BIGINT NOT NULL, PRIMARY KEY (member, version))
119: ALTER TABLE session ADD COLUMN terms_due SMALLINT NOT NULL DEFAULT 0
120: CREATE SEARCH INDEX talk_search_late; CREATE SEARCH TERMS talk_search_terms
121: CREATE TABLE search_list (id BIGINT PRIMARY KEY, list BLOB NOT NULL)
122: CREATE TABLE search_room (id BIGINT PRIMARY KEY, numbers BLOB NOT NULL)
123: CREATE TABLE search_hole (n BIGINT PRIMARY KEY, taken SMALLINT NOT NULL)
124: CREATE TABLE search_pack (id BIGINT PRIMARY KEY, part BIGINT NOT NULL, packed BIGINT NOT NULL, term TEXT NOT NULL, step BIGINT NOT NULL, tidied BIGINT NOT NULL); INSERT INTO search_pack (id, part, packed, term, step, tidied) VALUES (1, 32768, 0, '', 0, -1); UPDATE search_format SET version = 2 WHERE NOT EXISTS (SELECT 1 FROM tenant)
125: UPDATE message SET flags = flags | 8 WHERE reply <> 0 OR thread <> 0 OR replies <> 0 OR replied_ms <> 0 OR edited_ms <> 0 OR gone_ms <> 0 OR pinned_ms <> 0 OR pinned_by <> 0 OR deadline_ms <> 0 OR content IS NOT NULL
126: UPDATE search_pack SET part = 8192; UPDATE search_format SET version = 3 WHERE NOT EXISTS (SELECT 1 FROM tenant)
127: ALTER TABLE tenant ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0
128: CREATE TABLE blob_file (id BIGINT PRIMARY KEY, key BLOB NOT NULL, size BIGINT NOT NULL, made_ms BIGINT NOT NULL); CREATE TABLE file_ticket (id BIGINT PRIMARY KEY, until_ms BIGINT NOT NULL)
129: CREATE TABLE stored (id BIGINT PRIMARY KEY, blob BIGINT NOT NULL REFERENCES blob_file (id), room BIGINT NOT NULL, message BIGINT NOT NULL, made_by BIGINT NOT NULL, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, size BIGINT NOT NULL, have BIGINT NOT NULL, state SMALLINT NOT NULL, type TEXT NOT NULL, name BLOB NOT NULL, hash BLOB NOT NULL)
130: CREATE INDEX stored_blob ON stored (blob); CREATE INDEX stored_message ON stored (message); CREATE INDEX stored_open ON stored (made_by, message)
131: CREATE INDEX message_linked ON message (id) WHERE (flags & 16) <> 0
132: CREATE TABLE link_look (id BIGINT PRIMARY KEY, message BIGINT NOT NULL); INSERT INTO link_look (id, message) SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM message) THEN 0 ELSE 9223372036854775807 END
133: ALTER TABLE stored ADD COLUMN width BIGINT NOT NULL DEFAULT 0; ALTER TABLE stored ADD COLUMN height BIGINT NOT NULL DEFAULT 0; ALTER TABLE stored ADD COLUMN pages BIGINT NOT NULL DEFAULT 0
134: CREATE TABLE rendition (id BIGINT PRIMARY KEY REFERENCES blob_file (id), source BIGINT NOT NULL REFERENCES blob_file (id), kind SMALLINT NOT NULL, page BIGINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL); CREATE UNIQUE INDEX rendition_source ON rendition (source, kind, page)
135: CREATE TABLE blob_text (id BIGINT PRIMARY KEY REFERENCES blob_file (id), words BLOB NOT NULL)
136: ALTER TABLE blob_file ADD COLUMN scan SMALLINT NOT NULL DEFAULT 0; CREATE INDEX blob_file_held ON blob_file (id) WHERE scan = 3
137: CREATE TABLE link_preview (id BIGINT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, fetched_ms BIGINT NOT NULL, found SMALLINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL, title BLOB NOT NULL, words BLOB NOT NULL, site BLOB NOT NULL, picture BLOB NOT NULL)
138: CREATE INDEX link_preview_fetched ON link_preview (fetched_ms)
139: ALTER TABLE blob_file ADD COLUMN scan_by TEXT NOT NULL DEFAULT ''
140: ALTER TABLE session ADD COLUMN seen_ip TEXT NOT NULL DEFAULT ''
141: ALTER TABLE blob_file ADD COLUMN place SMALLINT NOT NULL DEFAULT 0; CREATE INDEX blob_file_sent ON blob_file (id) WHERE place = 1; CREATE TABLE store_drop (id BIGINT PRIMARY KEY)
142: CREATE TABLE storage_sum (room BIGINT PRIMARY KEY, bytes BIGINT NOT NULL, files BIGINT NOT NULL); CREATE INDEX storage_sum_bytes ON storage_sum (bytes, room); INSERT INTO storage_sum (room, bytes, files) SELECT 0, COALESCE(SUM(size), 0), COUNT(*) FROM blob_file; INSERT INTO storage_sum (room, bytes, files) SELECT room, SUM(size), COUNT(*) FROM stored WHERE room <> 0 GROUP BY room
143: ALTER TABLE session ADD COLUMN second SMALLINT NOT NULL DEFAULT 0; ALTER TABLE session ADD COLUMN second_wrong SMALLINT NOT NULL DEFAULT 0; ALTER TABLE known_browser ADD COLUMN proven_ms BIGINT NOT NULL DEFAULT 0; UPDATE known_browser SET proven_ms = seen_ms; ALTER TABLE member ADD COLUMN second_seen SMALLINT NOT NULL DEFAULT 0; UPDATE member SET second_seen = 1 WHERE seen_ms > 0 AND role = 1
144: CREATE TABLE second_app (member BIGINT PRIMARY KEY REFERENCES member (id), secret BLOB NOT NULL, made_ms BIGINT NOT NULL, used BIGINT NOT NULL, fresh BLOB NOT NULL, fresh_ms BIGINT NOT NULL)
145: CREATE TABLE second_code (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), kind SMALLINT NOT NULL, hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL); CREATE INDEX second_code_member ON second_code (member)
146: CREATE TABLE second_ask (session BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), number SMALLINT NOT NULL, made_ms BIGINT NOT NULL, answer SMALLINT NOT NULL); CREATE INDEX second_ask_member ON second_ask (member)
147: CREATE TABLE admin_role (id BIGINT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, menus TEXT NOT NULL); ALTER TABLE member ADD COLUMN admin_role BIGINT NOT NULL DEFAULT 0; CREATE INDEX member_admin_role ON member (admin_role) WHERE admin_role <> 0
148: ALTER TABLE member ADD COLUMN app_suspended SMALLINT NOT NULL DEFAULT 0
149: CREATE TABLE member_access (id BIGINT PRIMARY KEY, member BIGINT NOT NULL, session BIGINT NOT NULL, local_day BIGINT NOT NULL, channel SMALLINT NOT NULL, ip TEXT NOT NULL, agent BLOB NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, UNIQUE (session, local_day, ip)); CREATE INDEX member_access_member ON member_access (member, first_ms, id); CREATE INDEX member_access_last ON member_access (last_ms); ALTER TABLE device ADD COLUMN agent BLOB NOT NULL DEFAULT ''; ALTER TABLE device ADD COLUMN seen_ms BIGINT NOT NULL DEFAULT 0
150: CREATE TABLE invitation (id BIGINT PRIMARY KEY, member BIGINT NOT NULL REFERENCES member (id), hash BLOB NOT NULL UNIQUE, made_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, used BIGINT NOT NULL); CREATE INDEX invitation_member ON invitation (member)
151: CREATE TABLE invited (id BIGINT PRIMARY KEY, inviter BIGINT NOT NULL REFERENCES member (id), login TEXT NOT NULL UNIQUE, family TEXT NOT NULL, given TEXT NOT NULL, family_reading TEXT NOT NULL, given_reading TEXT NOT NULL, language TEXT NOT NULL, password BLOB NOT NULL, made_ms BIGINT NOT NULL, rejected_ms BIGINT NOT NULL)
152: CREATE TABLE permission_template (id BIGINT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, restricts BIGINT NOT NULL); ALTER TABLE member ADD COLUMN template BIGINT NOT NULL DEFAULT 0; ALTER TABLE label ADD COLUMN template BIGINT NOT NULL DEFAULT 0; CREATE INDEX member_template ON member (template) WHERE template <> 0; CREATE INDEX member_permtype ON member (permtype) WHERE permtype <> 0
