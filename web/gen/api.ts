// Made by tool/gen from `engawad --describe`. Do not edit.

export const version = '0.1.0';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface SessionIn {
  /** the part of the Engawa ID before @ */
  id: string;
  /** compared whole */
  password: string;
  /** the registered client: web, mobile-web */
  client: string;
}

export interface PasswordRulesOut {
  /** characters at least */
  min: number;
  /** characters at most */
  max: number;
  /** which characters it needs */
  format: 'none' | 'alnum' | 'alnum_special';
  /** how many of the last passwords are refused */
  generations: number;
}

export interface MeOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** what the console offers */
  role: 'member' | 'operator' | 'sub' | 'super' | 'custom';
  /** language of the screens */
  language: 'ja' | 'en';
  /** the tenant's number, as in /t/<n>/ */
  tenant: string;
  /** the part of the Engawa ID behind @ */
  workgroup: string;
  /** the company's name */
  company: string;
  /** not empty: this session may only set a new password or end */
  must_change: '' | 'first' | 'forced' | 'requested' | 'format' | 'expired';
  /** of this session: W browser, MW mobile browser, MP installed web app … */
  channel: string;
  /** not empty: this session may only prove its second step or end; nearly nothing else is told */
  second: '' | 'ask' | 'enrol';
  /** not empty: this session may only accept this version of the terms of use or end */
  terms: string;
  /** where terms is not empty: the version that the member has accepted before, or empty */
  terms_before: string;
  /** colleagues see whether the member is here */
  here_shown: boolean;
  /** the member's permission template lets this client use talk */
  talk: boolean;
  /** every member may make invitation links */
  may_invite: boolean;
  /** what a new password must be */
  password: PasswordRulesOut;
  /** how long a client keeps, sealed, what it was told, without reaching the server; 0: nothing */
  offline_days: number;
}

export type Nothing = Record<string, never>;

export interface SessionOut {
  /** names the session in DELETE /sessions/:session */
  id: string;
  /** W browser, MW mobile browser, MP installed web app … */
  channel: string;
  /** what the client called itself when it signed in */
  agent: string;
  /** its address when it signed in */
  ip: string;
  /** its address when it was used last, to the minute */
  seen_ip: string;
  /** when it signed in */
  opened: string;
  /** last activity, to the minute */
  seen: string;
  /** the session that asks */
  current: boolean;
}

export interface SessionsOut {
  /** those used last come first */
  sessions: SessionOut[];
}

export interface SessionEverywhere {
  /** true: this session too */
  all?: 'true' | 'false';
}

export interface PasswordIn {
  /** the password until now */
  old: string;
  /** the new one; its length is a setting */
  new: string;
}

export interface TermsOut {
  /** the version in force, to be read at /terms; empty: nobody is asked to accept any */
  version: string;
  /** the newest version that the member has accepted; empty: none */
  accepted: string;
  /** when that was */
  time: string;
}

export interface TermsIn {
  /** the version that was shown */
  version: string;
}

export interface DeviceIn {
  /** the device's public key: a point of P-256, uncompressed (WebCrypto raw), base64url */
  key: string;
}

export interface DeviceOut {
  /** names the key in POST /device-session */
  device: string;
}

export interface DeviceSessionIn {
  /** as enrolled */
  device: string;
  /** UTC ms, later than at the last time */
  time: number;
  /** ECDSA P-256 with SHA-256 (r | s), base64url, over the text of doc/formats.md */
  signature: string;
}

export interface TicketOut {
  /** goes into Sec-WebSocket-Protocol as ticket.<ticket>, once */
  ticket: string;
  /** how long it is good */
  seconds: number;
}

export interface SecondWaitingOut {
  /** ask: a way of the member's is to be shown; enrol: it has none and registers its app */
  step: 'ask' | 'enrol';
  /** the part of the Engawa ID before @ */
  login: string;
  /** it has an authenticator app */
  app: boolean;
  /** it has a sheet of codes that is not used up */
  codes: boolean;
  /** another device of the member may answer */
  device: boolean;
  /** for how long this browser may be remembered; 0: it is asked each time */
  remember_days: number;
  /** which the other device was asked for; 0: it was not asked */
  number: number;
  /** what it said */
  answer: '' | 'yes' | 'no';
}

export interface SecondProveIn {
  /** digits of the app, a code of the sheet or of a slip; absent: another device has answered */
  code?: string;
  /** this browser is not asked again for as long as the settings allow */
  remember?: boolean;
}

export interface SecondCodeOut {
  /** good once */
  code: string;
}

export interface SecondProvenOut {
  /** who is signed in now */
  me: MeOut;
  /** where an app was registered with it: a sheet of codes for the day it is lost, shown this once */
  codes: SecondCodeOut[];
}

export interface SecondSecretOut {
  /** for being typed into the app, base32 */
  secret: string;
  /** the same for its camera */
  uri: string;
}

export interface SecondOut {
  /** when the authenticator app was registered */
  app: string | null;
  /** codes of the sheet that are left */
  codes: number;
  /** the member is asked at each login, whatever it chooses */
  must: boolean;
  /** who is asked, in this company */
  mode: 'required' | 'new_device' | 'optional';
}

export interface OwnPasswordIn {
  /** the member's own */
  password: string;
}

export interface SecondConfirmIn {
  /** the app's digits */
  code: string;
}

export interface SecondSheetOut {
  /** shown this once; those of the sheet before are worth nothing */
  codes: SecondCodeOut[];
}

export interface SecondAsking {
  /** that waits */
  session: string;
  /** its address */
  ip: string;
  /** what the client there calls itself */
  agent: string;
  /** when it asked */
  time: string;
}

export interface SecondAskingOut {
  /** a login of the member's that waits for this device's word */
  asking: SecondAsking | null;
}

export interface SecondAnswerIn {
  /** as asked */
  session: string;
  /** it is the member's own login */
  yes: boolean;
  /** yes: the number that the other screen shows */
  number?: number;
}

export interface SecondAnswerOut {
  /** false: refused, or the number was another one */
  granted: boolean;
}

export interface SecondSlipOut {
  /** good once, told this once */
  code: string;
  /** when it ends */
  until: string;
}

export interface LinkIn {
  /** what stands behind the # of the link */
  token: string;
}

export interface LinkOut {
  /** first password, or a forgotten one */
  kind: 'setup' | 'reset';
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** the member's language */
  language: 'ja' | 'en';
  /** the part of the Engawa ID behind @ */
  workgroup: string;
  /** the company's name */
  company: string;
  /** when the link ends */
  until: string;
  /** what the password must be */
  rules: PasswordRulesOut;
}

export interface LinkUseIn {
  /** what stands behind the # of the link */
  token: string;
  /** the new one */
  password: string;
  /** the registered client: web, mobile-web */
  client: string;
}

export interface LinkUseOut {
  /** false: the start date lies ahead */
  signed_in: boolean;
  /** when the member may sign in, where that lies ahead */
  start: string | null;
}

export interface ForgotIn {
  /** the part of the Engawa ID before @ */
  id: string;
}

export interface PasswordForceIn {
  /** to be changed at the next sign-in; absent: one is made */
  password?: string;
}

export interface PasswordForceOut {
  /** the one that was made, this once; else empty */
  password: string;
}

export interface MadeLinkOut {
  /** shown this once; earlier ones are worth nothing */
  link: string;
  /** when it ends */
  until: string;
}

export interface InvitationIn {
  /** what stands behind the # of the link */
  token: string;
}

export interface InvitationPageOut {
  /** who invites */
  inviter: string;
  /** the part of the Engawa ID behind @ */
  workgroup: string;
  /** the company's name */
  company: string;
  /** when the link ends */
  until: string;
  /** what the password must be */
  rules: PasswordRulesOut;
}

export interface InviteUseIn {
  /** what stands behind the # of the link */
  token: string;
  /** the wished one: 1 … 40 of a-z 0-9 . _ - */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading?: string;
  /** its reading */
  given_reading?: string;
  /** by the rules that invite.read gives */
  password: string;
}

export interface InviteUseOut {
  /** member: may log in now; waiting: for an admin's approval */
  state: 'member' | 'waiting';
}

export interface InviteMadeOut {
  /** shown this once */
  link: string;
  /** when it ends */
  until: string;
}

export interface InvitationOut {
  /** names the link when it is revoked */
  id: string;
  /** who made it */
  by: string;
  /** that member's name */
  by_name: string;
  /** when */
  made: string;
  /** when it ends */
  until: string;
  /** how many have registered by it */
  used: number;
}

export interface InvitedOut {
  /** names the person when approved or rejected */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** whose link it was */
  inviter: string;
  /** that member's name; empty: deleted long ago */
  inviter_name: string;
  /** when the person registered */
  made: string;
}

export interface InvitesOut {
  /** links can be made and opened */
  enabled: boolean;
  /** those that are not over, the newest first */
  links: InvitationOut[];
  /** who came first stands first */
  waiting: InvitedOut[];
  /** members that count for the plan */
  seats_used: number;
  /** the plan's seats; -1: no limit */
  seats: number;
}

export interface OwnField {
  /** its name, as in the record */
  field: string;
  /** as it is stored; times in UTC; empty: nothing is */
  value: string;
  /** who fills it; unused: what is left from before */
  by: 'admin' | 'member' | 'system' | 'unused';
  /** colleagues see it */
  shown: boolean;
}

export interface OwnDataOut {
  /** every field that is kept about the member */
  fields: OwnField[];
}

export interface ProfileIn {
  /** nickname; empty: none; absent: stays */
  nickname?: string;
  /** employee number; absent: stays */
  employee_number?: string;
  /** language of screens, answers and notices; absent: stays */
  language?: 'ja' | 'en';
  /** phone, E.164; absent: stays */
  phone?: string;
  /** mobile number, E.164; absent: stays */
  mobile?: string;
  /** private mail; absent: stays */
  private_mail?: string;
  /** where the member works; absent: stays */
  workplace?: string;
  /** what it is in charge of; absent: stays */
  duties?: string;
  /** names in social networks; absent: stays */
  sns?: string;
  /** YYYY-MM-DD; absent: stays */
  birthday?: string;
  /** YYYY-MM-DD; absent: stays */
  join_date?: string;
  /** whom to call in an emergency; absent: stays */
  related_contact?: string;
}

export interface CorrectionIn {
  /** a field of the own data */
  field: string;
  /** what is wrong, and how it should be */
  text: string;
}

export interface PhotoQuery {
  /** its version, as lists say it: an address of its own for each photo */
  v?: number;
}

export interface PhotoIn {
  /** of photo.begin, whole: a picture of any kind that can be read here; it is gone with the answer */
  upload: string;
}

export interface PresenceIn {
  /** what the member is doing; empty: says nothing any more */
  text: string;
  /** UTC ms at which it ends by itself; absent: it stays */
  until?: number;
}

export interface MembersQuery {
  /** words that stand in the fields shown to colleagues, all of them */
  q?: string;
  /** continue behind this member */
  after?: string;
  /** how many at most; 500 when absent */
  limit?: number;
}

export interface MemberOut {
  /** the member */
  id: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** where it is given and shown */
  nickname?: string;
  /** may it use the service? */
  status: 'active' | 'suspended' | 'not_started';
  /** a leave lasts now */
  on_leave: boolean;
  /** version of its photo, where there is one and it is shown */
  photo?: number;
  /** what it says of itself now */
  presence?: string;
  /** when that ends by itself; null: nothing said, or it stays */
  presence_until: string | null;
}

export interface MembersOut {
  /** sorted by reading */
  members: MemberOut[];
  /** there are further ones */
  more: boolean;
  /** of all pages */
  total: number;
}

export interface MemberUnitOut {
  /** the unit */
  unit: string;
  /** its name */
  name: string;
  /** the member's title in it */
  title_name?: string;
}

export interface MemberProfileOut {
  /** as in the list */
  member: MemberOut;
  /** its main unit first; none where units are not shown */
  units: MemberUnitOut[];
  /** its grade */
  grade_name?: string;
  /** E.164 */
  phone?: string;
  /** E.164 */
  mobile?: string;
  /** mail */
  private_mail?: string;
  /** where the member works */
  workplace?: string;
  /** what it is in charge of */
  duties?: string;
  /** names in social networks */
  sns?: string;
  /** MM-DD: the year is told to nobody */
  birthday?: string;
  /** YYYY-MM-DD */
  join_date?: string;
  /** as the company gives it */
  employee_number?: string;
  /** whom to call in an emergency */
  related_contact?: string;
  /** ja or en */
  language?: string;
}

export interface ConsoleMemberOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** admin role */
  role: 'member' | 'operator' | 'sub' | 'super' | 'custom';
  /** of one of the company's own: its name */
  role_name: string;
  /** the role is without force until the super admin confirms it */
  role_paused: boolean;
  /** may it sign in? */
  status: 'active' | 'suspended' | 'not_started' | 'deleted';
  /** a leave lasts now */
  on_leave: boolean;
  /** closed after wrong tries, until an admin opens it */
  locked: boolean;
  /** name of its main unit, or empty */
  unit: string;
  /** how many units it belongs to */
  units: number;
  /** version of its photo; 0: none */
  photo: number;
  /** last activity; null: never */
  last_seen: string | null;
}

export interface ConsoleMembersQuery {
  /** words that stand in any of the fields, all of them */
  q?: string;
  /** only members in this state; deleted: those who can still come back */
  status?: 'active' | 'not_started' | 'suspended' | 'on_leave' | 'deleted';
  /** only members of this unit */
  unit?: string;
  /** continue behind this member */
  after?: string;
  /** how many at most; 100 when absent */
  limit?: number;
}

export interface ConsoleMemberPageOut {
  /** sorted by reading */
  members: ConsoleMemberOut[];
  /** there are further ones */
  more: boolean;
  /** of all pages */
  total: number;
  /** members that count for the plan */
  seats_used: number;
  /** the plan's seats; -1: no limit */
  seats: number;
}

export interface ConsoleMembersExport {
  /** as in the list */
  q?: string;
  /** as in the list */
  status?: 'active' | 'not_started' | 'suspended' | 'on_leave' | 'deleted';
  /** as in the list */
  unit?: string;
}

export interface LeaveOut {
  /** its first day, YYYY-MM-DD in the tenant's time zone */
  from: string;
  /** its last day; empty: until it is ended */
  until: string;
  /** the member cannot sign in as long as it lasts */
  suspends: boolean;
  /** it has begun */
  lasts: boolean;
}

export interface FieldNameOut {
  /** of a field */
  name: string;
}

export interface MemberSessionOut {
  /** W browser, MW mobile browser, MP installed web app … */
  channel: string;
  /** what the client called itself when it signed in */
  agent: string;
  /** its address when it signed in */
  ip: string;
  /** when it signed in */
  opened: string;
  /** last activity, to the minute */
  seen: string;
}

export interface MemberRecordOut {
  /** as in the list */
  member: ConsoleMemberOut;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** what colleagues call the member */
  nickname: string;
  /** unique in the tenant */
  employee_number: string;
  /** ja or en */
  language: string;
  /** E.164 */
  phone: string;
  /** E.164 */
  mobile: string;
  /** mail */
  private_mail: string;
  /** where the member works */
  workplace: string;
  /** what it is in charge of */
  duties: string;
  /** names in social networks */
  sns: string;
  /** YYYY-MM-DD */
  birthday: string;
  /** YYYY-MM-DD */
  join_date: string;
  /** whom to call in an emergency */
  related_contact: string;
  /** its grade; 0: none */
  grade: string;
  /** its permission type; 0: none */
  permtype: string;
  /** first day of use, YYYY-MM-DD in the tenant's time zone */
  start: string;
  /** that day has come: it cannot be changed any more */
  started: boolean;
  /** a leave, also one to come */
  leave: LeaveOut | null;
  /** the asking admin may act on the account */
  may_act: boolean;
  /** the asking admin may end its sessions, stop its apps and remove its devices */
  may_end: boolean;
  /** its apps are stopped, the browser is not */
  app_suspended: boolean;
  /** when it was added */
  made: string;
  /** when it was deleted */
  deleted: string | null;
  /** fields that the tenant does not use */
  unused: FieldNameOut[];
  /** those used last come first */
  sessions: MemberSessionOut[];
}

export interface MemberNewIn {
  /** 1 … 40 of a-z 0-9 . _ - */
  login: string;
  /** family name */
  family?: string;
  /** given name */
  given?: string;
  /** its reading */
  family_reading?: string;
  /** its reading */
  given_reading?: string;
  /** what colleagues call the member */
  nickname?: string;
  /** unique in the tenant */
  employee_number?: string;
  /** ja or en */
  language?: string;
  /** E.164 */
  phone?: string;
  /** E.164 */
  mobile?: string;
  /** mail */
  private_mail?: string;
  /** where the member works */
  workplace?: string;
  /** what it is in charge of */
  duties?: string;
  /** names in social networks */
  sns?: string;
  /** YYYY-MM-DD */
  birthday?: string;
  /** YYYY-MM-DD */
  join_date?: string;
  /** whom to call in an emergency */
  related_contact?: string;
  /** first day of use, YYYY-MM-DD; today when absent */
  start?: string;
  /** who makes the first password; member.initial_password when absent */
  initial?: 'admin' | 'auto' | 'member';
  /** initial admin: the first password */
  password?: string;
}

export interface MemberNewOut {
  /** the new member */
  id: string;
  /** initial auto: the password, this once; else empty */
  password: string;
  /** initial member: the link that sets one, this once; else empty */
  link: string;
  /** until when the link is good */
  until: string | null;
}

export interface MemberEditIn {
  /** family name; absent: stays */
  family?: string;
  /** given name; absent: stays */
  given?: string;
  /** its reading; absent: stays */
  family_reading?: string;
  /** its reading; absent: stays */
  given_reading?: string;
  /** what colleagues call the member; absent: stays */
  nickname?: string;
  /** unique in the tenant; absent: stays */
  employee_number?: string;
  /** ja or en; absent: stays */
  language?: string;
  /** E.164; absent: stays */
  phone?: string;
  /** E.164; absent: stays */
  mobile?: string;
  /** mail; absent: stays */
  private_mail?: string;
  /** where the member works; absent: stays */
  workplace?: string;
  /** what it is in charge of; absent: stays */
  duties?: string;
  /** names in social networks; absent: stays */
  sns?: string;
  /** YYYY-MM-DD; absent: stays */
  birthday?: string;
  /** YYYY-MM-DD; absent: stays */
  join_date?: string;
  /** whom to call in an emergency; absent: stays */
  related_contact?: string;
  /** id of a grade; empty: none; absent: stays */
  grade?: string;
  /** id of a permission type; empty: none; absent: stays */
  permtype?: string;
  /** first day of use, while it lies ahead; absent: stays */
  start?: string;
}

export interface MemberRenameIn {
  /** the new ID, 1 … 40 of a-z 0-9 . _ - */
  login: string;
}

export interface MemberLeaveIn {
  /** first day, YYYY-MM-DD; today when absent */
  from?: string;
  /** last day; absent: until it is ended */
  until?: string;
  /** the member is not suspended for the same time */
  may_sign_in?: boolean;
}

export interface TalkMention {
  /** who is named */
  kind: 'member' | 'unit' | 'all';
  /** the member or unit; absent: all */
  id?: string;
  /** where in the text, in code points from 0 */
  at: number;
  /** how many code points stand for it */
  length: number;
}

export interface TalkFile {
  /** of the file: what a ticket is asked for */
  id: string;
  /** as it is shown */
  name: string;
  /** media type, by its content */
  type: string;
  /** bytes */
  size: number;
  /** by the scanner for malware; none: nobody looked; unscannable: it could not look into it; held: it is waited for; infected: nobody gets it */
  check?: 'none' | 'clean' | 'unscannable' | 'held' | 'infected';
  /** of a picture of which a small and a large one are to be had */
  width?: number;
  /** and how high it is */
  height?: number;
  /** of a document: each is to be had as a picture, the first as a small one too */
  pages?: number;
}

export interface TalkLocation {
  /** millionths of a degree */
  latitude: number;
  /** millionths of a degree */
  longitude: number;
  /** what the place is called */
  label?: string;
}

export interface TalkContact {
  /** a colleague; absent: somebody else */
  member?: string;
  /** name of somebody else */
  name?: string;
  /** phone number of somebody else */
  phone?: string;
  /** mail address of somebody else */
  mail?: string;
}

export interface TalkChoice {
  /** what can be chosen */
  text: string;
}

export interface TalkPoll {
  /** what can be chosen, in order */
  choices: TalkChoice[];
  /** more than one may be chosen */
  many: boolean;
  /** nobody votes any more */
  closed: boolean;
}

export interface TalkForward {
  /** the member who wrote it first; absent: see author_name */
  author?: string;
  /** name of an author who is no member */
  author_name: string;
  /** when it was written first, UTC ms */
  sent: number;
}

export interface TalkSystem {
  /** what happened */
  what: 'created' | 'joined' | 'left' | 'removed' | 'renamed' | 'photo' | 'photo_removed' | 'reminder';
  /** the member who did it; absent: an administrator or the server */
  actor?: string;
  /** ids of those who came or went */
  members?: string[];
  /** the room's name from now on */
  name?: string;
  /** of a reminder: the room of the message that it is about */
  room?: string;
  /** and its place there */
  seq?: number;
}

export interface TalkContent {
  /** who is named in the text */
  mentions?: TalkMention[];
  /** files that came with it */
  files?: TalkFile[];
  /** name of a stamp */
  stamp?: string;
  /** a place */
  location?: TalkLocation;
  /** how to reach somebody */
  contact?: TalkContact;
  /** a question to everybody; the text asks it */
  poll?: TalkPoll;
  /** whose words these are */
  forward?: TalkForward;
  /** what happened in the room */
  system?: TalkSystem;
}

export interface PreviewOut {
  /** another one when the page was fetched anew: `v` of its picture */
  id: string;
  /** the address */
  url: string;
  /** what the page calls itself */
  title: string;
  /** what it says of itself; may be empty */
  text: string;
  /** whose it is; may be empty */
  site: string;
  /** of its picture; absent: it has none */
  width?: number;
  /** of its picture */
  height?: number;
}

export interface ReactionOut {
  /** an emoji of the set */
  mark: string;
  /** ids of those who reacted with it, the first 20 */
  members: string[];
  /** how many they are */
  n: number;
}

export interface VotesOut {
  /** its place among the choices, from 0 */
  choice: number;
  /** ids of those who chose it, the first 20 */
  members: string[];
  /** how many they are */
  n: number;
}

export interface MessageOut {
  /** room << 32 | seq */
  id: string;
  /** the room */
  room: string;
  /** its place in the room, from 1 without a gap */
  seq: number;
  /** the member who wrote it; 0: see author_name */
  author: string;
  /** name of an author who is no member (saved history), else empty; empty too where the server speaks */
  author_name: string;
  /** what it is */
  kind: 'text' | 'system' | 'stamp' | 'location' | 'contact' | 'poll' | 'file';
  /** plain text */
  text: string;
  /** by the server's clock */
  sent: string;
  /** the client's key */
  key: string;
  /** seq of the message it answers */
  reply?: number;
  /** seq of the message under which it stands */
  thread?: number;
  /** how many stand under it */
  replies?: number;
  /** when the last of them came */
  replied?: string;
  /** when its text was changed last */
  edited?: string;
  /** taken back: nothing of it is left */
  gone?: boolean;
  /** pinned in the room */
  pinned?: boolean;
  /** who pinned it */
  pinned_by?: string;
  /** everybody should read it */
  important?: boolean;
  /** until when */
  deadline?: string;
  /** what its kind is made of */
  content?: TalkContent;
  /** what stands behind the first address in its text */
  preview?: PreviewOut;
  /** by who came first */
  reactions?: ReactionOut[];
  /** choices that somebody voted for */
  votes?: VotesOut[];
}

export interface RoomOut {
  /** the room */
  id: string;
  /** its name */
  name: string;
  /** what kind of room; notice: the server's notices, nobody else writes */
  kind: 'direct' | 'several' | 'unit' | 'notice' | 'group';
  /** how many members */
  members: number;
  /** where the member's history begins */
  first_seq: number;
  /** of the newest message that the member may see; 0: none */
  last_seq: number;
  /** how far the member has read */
  read_seq: number;
  /** how often the member is named in what it has not read */
  mentions?: number;
  /** the member wants no notices of it */
  muted?: boolean;
  /** the member keeps it at the top */
  pinned?: boolean;
  /** in which of the member's folders it is */
  folder?: string;
  /** version of its picture; absent: none */
  photo?: number;
  /** of two people: the other one */
  peer?: string;
  /** of several people: who made it */
  maker?: string;
  /** of several people: newcomers see what was said before */
  history?: boolean;
  /** the newest message */
  last: MessageOut | null;
}

export interface RoomsOut {
  /** events up to here are in this answer: sync from it */
  pos: number;
  /** by their newest message */
  rooms: RoomOut[];
}

export interface PlaceOut {
  /** what the room belongs to */
  kind: 'unit' | 'group';
  /** the unit or group */
  id: string;
  /** its name */
  name: string;
  /** what it is for */
  description: string;
  /** ids of its masters, or of its leader */
  masters: string[];
}

export interface RoomReadOut {
  /** the room */
  room: RoomOut;
  /** its members */
  member_ids: string[];
  /** the unit or group whose room it is */
  place: PlaceOut | null;
  /** the caller may give it a picture */
  may_picture: boolean;
}

export interface PostIn {
  /** UUID version 7: makes a repeat harmless */
  key: string;
  /** what it is; a text when absent */
  kind?: 'text' | 'stamp' | 'location' | 'contact' | 'poll' | 'file';
  /** plain text; the question of a poll; what is said with files; else absent */
  text?: string;
  /** seq of the message it answers */
  reply?: number;
  /** seq of the message under which it stands */
  thread?: number;
  /** who is named in the text */
  mentions?: TalkMention[];
  /** name of a stamp */
  stamp?: string;
  /** ids of whole uploads for this room, in order */
  files?: string[];
  /** a place */
  location?: TalkLocation;
  /** how to reach somebody */
  contact?: TalkContact;
  /** what can be chosen */
  poll?: TalkPoll;
  /** everybody should read it */
  important?: boolean;
  /** until when; of an important one */
  deadline?: number;
}

export interface SyncQuery {
  /** the pos that the client holds */
  since: number;
}

export interface EventOut {
  /** its position */
  pos: number;
  /** its name */
  event: string;
  /** 0: told to the member itself */
  room: string;
  /** as in the live event, by the event's schema */
  data: Json;
}

export interface SyncOut {
  /** hold this from now on */
  pos: number;
  /** too much is missing: load the room list anew */
  reset: boolean;
  /** in order */
  events: EventOut[];
}

export interface HistoryQuery {
  /** messages before this seq; absent: the newest */
  before?: number;
  /** messages after this seq instead */
  after?: number;
  /** the message of this seq and those about it instead */
  around?: number;
  /** how many at most; 50 when absent */
  limit?: number;
}

export interface MessagesOut {
  /** newest first */
  messages: MessageOut[];
  /** there are older ones */
  more: boolean;
  /** there are newer ones */
  newer?: boolean;
}

export interface EditIn {
  /** the text from now on */
  text: string;
  /** who is named in it */
  mentions?: TalkMention[];
}

export interface ReactionIn {
  /** an emoji of the set */
  mark: string;
  /** false: no longer */
  on: boolean;
}

export interface Vote {
  /** its place among the choices, from 0 */
  choice: number;
}

export interface VotesIn {
  /** instead of earlier ones; none: no vote */
  votes: Vote[];
}

export interface AnswersOut {
  /** all of those who reacted */
  reactions: ReactionOut[];
  /** all of those who voted */
  votes: VotesOut[];
}

export interface PinIn {
  /** false: no longer */
  on: boolean;
}

export interface ForwardTo {
  /** the room it goes to */
  room: string;
  /** UUID version 7: makes a repeat harmless */
  key: string;
}

export interface ForwardIn {
  /** where to */
  to: ForwardTo[];
}

export interface ThreadQuery {
  /** messages before this seq; absent: the newest */
  before?: number;
  /** how many at most; 50 when absent */
  limit?: number;
}

export interface CreateIn {
  /** direct: with one other member, the room there is or a new one */
  kind: 'direct' | 'several';
  /** ids of the others */
  members: string[];
  /** of a room of several people */
  name?: string;
  /** newcomers see what was said before */
  history?: boolean;
}

export interface InviteIn {
  /** ids of those who come */
  members: string[];
}

export interface RemoveIn {
  /** who goes */
  member: string;
}

export interface RoomChangeIn {
  /** its name from now on */
  name: string;
}

export interface RoomHistoryIn {
  /** newcomers see what was said before */
  history: boolean;
}

export interface RoomPrefsIn {
  /** no notices of it */
  muted: boolean;
  /** kept at the top */
  pinned: boolean;
}

export interface ReadIn {
  /** read up to this message */
  seq: number;
}

export interface OpenIn {
  /** false: no longer */
  on: boolean;
}

export interface ReadSpan {
  /** they see messages from this seq on */
  from: number;
  /** and have read them up to this one */
  to: number;
  /** so many members */
  n: number;
}

export interface OpenOut {
  /** how far the room's members have read */
  reads: ReadSpan[];
}

export interface ReadersOut {
  /** ids of those who have read it, by reading of their names */
  read: string[];
  /** ids of those who have not */
  unread: string[];
}

export interface RemindOut {
  /** how many got a notice */
  reminded: number;
}

export interface HereIn {
  /** true: the app is open, and nobody uses it */
  away: boolean;
}

export interface WatchIn {
  /** whom this connection has on its screen; [] nobody any more */
  members: string[];
}

export interface Here {
  /** the member */
  member: string;
  /** it uses the app; it has it open and does not; neither, or it does not want to be seen */
  state: 'on' | 'away' | 'gone';
}

export interface WatchOut {
  /** of these those that are here now; the others are gone */
  here: Here[];
}

export interface HereShowIn {
  /** colleagues see whether the member is here */
  shown: boolean;
}

export interface LaterIn {
  /** UUID version 7: the message's, and makes a repeat harmless */
  key: string;
  /** plain text */
  text: string;
  /** who is named in the text */
  mentions?: TalkMention[];
  /** when it is sent; within a year */
  due: number;
}

export interface LaterOut {
  /** of the entry */
  id: string;
  /** what will happen */
  kind: 'message' | 'reminder';
  /** where */
  room: string;
  /** of a reminder: which message; 0 else */
  message: string;
  /** of a message */
  text: string;
  /** when */
  due: string;
  /** code of the refusal: it was due and could not be sent */
  failed?: string;
}

export interface ReminderIn {
  /** when a service notice shall remind of it; within a year */
  due: number;
}

export interface LatersOut {
  /** the next first */
  items: LaterOut[];
}

export interface DraftIn {
  /** what stands there; empty: nothing any more */
  text: string;
}

export interface Draft {
  /** the room */
  room: string;
  /** what was written there and not sent; empty: nothing */
  text: string;
  /** when */
  changed: string;
}

export interface DraftsOut {
  /** of the rooms that the caller is in */
  drafts: Draft[];
}

export interface SaveIn {
  /** false: no longer */
  on: boolean;
}

export interface SavedOut {
  /** newest saved first, those that can still be seen */
  messages: MessageOut[];
}

export interface Keyword {
  /** as it is written; width, case and kana do not count */
  word: string;
}

export interface KeywordsIn {
  /** all of them; none: no more alerts */
  words: Keyword[];
}

export interface Keywords {
  /** the caller's own, in their order */
  words: Keyword[];
}

export interface TalkSearchQuery {
  /** words, all of which must be there; a phrase in quotes or 「」. Width, case and kana do not count. May be absent beside sender or room */
  q?: string;
  /** messages of this member alone */
  sender?: string;
  /** in this room alone */
  room?: string;
  /** first day of the tenant, 2026-11-26 */
  from?: string;
  /** last day */
  to?: string;
  /** `next` of the page before */
  before?: string;
  /** how many at most; 20 when absent */
  limit?: number;
}

export interface TalkMark {
  /** first character, counted in code points from 0 */
  at: number;
  /** characters */
  length: number;
}

export interface TalkSnippet {
  /** where in the text it begins */
  at: number;
  /** the text about the first mark */
  text: string;
}

export interface TalkHit {
  /** the message */
  message: MessageOut;
  /** what was found in its text; none: it stands in what belongs to it */
  marks: TalkMark[];
  /** a part of a long text */
  snippet: TalkSnippet;
}

export interface TalkSearchOut {
  /** newest first */
  hits: TalkHit[];
  /** there are older ones: `before` of the next page */
  next?: string;
  /** false: so much came in just now that not all of it was looked through */
  complete: boolean;
}

export interface RetentionQuery {
  /** a value of talk.retention */
  period: string;
}

export interface RetentionOut {
  /** messages of today that are older: nobody could read them from the change on */
  messages: number;
  /** when erasing would begin, if the setting were changed now; null: never */
  from: string | null;
}

export interface TalkFolder {
  /** the folder */
  id: string;
  /** its name */
  name: string;
}

export interface TalkFolders {
  /** the caller's, in their order */
  folders: TalkFolder[];
}

export interface TalkFolderIn {
  /** its name; no other folder of the caller's has it */
  name: string;
}

export interface TalkFolderOrderIn {
  /** ids of all of them, in their order from now on */
  folders: string[];
}

export interface RoomFolderIn {
  /** in which one the room is; absent: in none */
  folder?: string;
}

export interface GalleryQuery {
  /** photo: pictures and videos, by their content; file: all other files; link: addresses of the web in texts */
  kind: 'photo' | 'file' | 'link';
  /** what this member sent alone */
  by?: string;
  /** first day of the tenant, 2026-11-26 */
  from?: string;
  /** last day */
  to?: string;
  /** `next` of the page before */
  before?: number;
  /** how many; 50 when absent. A few more where a message has several */
  limit?: number;
}

export interface GalleryItem {
  /** where it stands */
  message: string;
  /** of the message in its room */
  seq: number;
  /** the member who sent it; 0: see author_name */
  author: string;
  /** name of an author who is no member */
  author_name: string;
  /** when, UTC ms */
  sent: string;
  /** the photo or file */
  file?: TalkFile;
  /** the link */
  url?: string;
}

export interface GalleryOut {
  /** newest first; those of one message in its order */
  items: GalleryItem[];
  /** there are older ones: `before` of the next page */
  next?: number;
}

export interface UploadIn {
  /** what the file is called; cleaned before it is shown */
  name: string;
  /** bytes */
  size: number;
  /** SHA-256 of its bytes in hex */
  sha256: string;
}

export interface UploadOut {
  /** of the upload, and of the file when it is sent */
  id: string;
  /** as it will be shown */
  name: string;
  /** media type by its content; before it is whole: application/octet-stream */
  type: string;
  /** bytes as declared */
  size: number;
  /** bytes that are on the disk: where the next part begins */
  stored: number;
  /** bytes of a part at most; one that is not the last is a multiple of 65536 */
  part_max: number;
  /** whole and as declared: it may be sent */
  ready: boolean;
  /** by the scanner for malware: none: nobody looked; clean; unscannable: it could not look into it; held: nobody can have it before the scanner has answered */
  check: string;
  /** when it is forgotten, unless it is sent before */
  until?: string;
}

export interface PartQuery {
  /** where the part begins: `stored` of the last answer */
  at: number;
}

export interface FileTicketIn {
  /** save: once, as an attachment; show: in place, in parts too; small, large: a picture that was made of it */
  use: 'save' | 'show' | 'small' | 'large';
}

export interface WatermarkOut {
  /** of the member whose session it is */
  name: string;
  /** the Engawa ID */
  id: string;
  /** when it was asked for, by the company's clock: 2026-11-28 19:04 */
  time: string;
}

export interface FileTicketOut {
  /** address of the file at the files' own origin, or a path where they have none; needs no cookie */
  url: string;
  /** by the scanner for malware: none: nobody looked; clean; unscannable: it could not look into it */
  check: string;
  /** when it is over */
  until: string;
  /** for the phone app, where the company wants it: the text that is drawn into pictures, and that is to be shown over films and texts */
  mark?: WatermarkOut;
}

export interface FilePageIn {
  /** from 1 */
  page: number;
}

export interface StorageQuery {
  /** the last room of the page before, with its `bytes` */
  after?: string;
  /** bytes of that room */
  bytes?: number;
}

export interface StorageRoomOut {
  /** the room */
  id: string;
  /** of an org unit's or a group's; "": what others call their rooms is theirs */
  name: string;
  /** unit, group, several, direct; "": the room is erased, its files go within a day */
  kind: string;
  /** of its files; one that was forwarded counts in each room that has it */
  bytes: number;
  /** how many they are, those on their way included */
  files: number;
  /** how many people are in it */
  members: number;
}

export interface StorageOut {
  /** bytes that the company's files take, with the pictures that were made of them */
  used: number;
  /** bytes that they may take */
  quota: number;
  /** bytes that the files of one room may take; -1: as many as the company's */
  room_quota: number;
  /** those with most first */
  rooms: StorageRoomOut[];
  /** others follow */
  more: boolean;
}

export interface ExportOut {
  /** the export */
  id: string;
  /** of the archive */
  name: string;
  /** making, ready, failed */
  state: string;
  /** of a hundred, while it is made */
  progress: number;
  /** how many are in it, when it is ready */
  messages: number;
  /** how many are in it */
  files: number;
  /** files that are not in it: gone, limited, held or with malware; the page says which and why */
  missing: number;
  /** bytes of the archive */
  size: number;
  /** when it was asked for */
  made: string;
  /** when it is forgotten */
  until: string;
}

export interface ExportsOut {
  /** the caller's own of this room, newest first */
  exports: ExportOut[];
}

export interface ExportTicketOut {
  /** address of the archive, as of a file (file.ticket); ranges are given */
  url: string;
  /** when it is over */
  until: string;
}

export interface RoleOut {
  /** the admin's role */
  role: 'operator' | 'sub' | 'super' | 'custom';
}

export interface MenuItemOut {
  /** the submenu */
  id: string;
  /** its label in Japanese */
  ja: string;
  /** its label in English */
  en: string;
}

export interface MenuGroupOut {
  /** the menu */
  id: string;
  /** its label in Japanese */
  ja: string;
  /** its label in English */
  en: string;
  /** its submenus within reach */
  items: MenuItemOut[];
}

export interface MenusOut {
  /** the admin's role */
  role: string;
  /** only what the role reaches */
  menus: MenuGroupOut[];
}

export interface SettingOut {
  /** the setting */
  key: string;
  /** its value now; empty for a secret */
  value: string;
  /** its default */
  default: string;
  /** open: may be changed; not_yet: nothing obeys it in this version; elsewhere: not changed as a setting */
  state: 'open' | 'not_yet' | 'elsewhere';
  /** when it was changed last; null: never */
  changed: string | null;
  /** who changed it; 0: nobody, or the operator */
  by: string;
  /** that member's name */
  by_name: string;
}

export interface SettingsOut {
  /** those of the menus within reach */
  settings: SettingOut[];
}

export interface SettingIn {
  /** in the form of settings.tsv */
  value: string;
  /** true: also where it locks out who asks (lock_out), or approves all who wait (members_waiting) */
  confirmed?: boolean;
}

export interface SettingPairIn {
  /** the setting */
  key: string;
  /** its new value */
  value: string;
}

export interface SettingsIn {
  /** each once */
  settings: SettingPairIn[];
  /** true: also where it locks out who asks (lock_out), or approves all who wait (members_waiting) */
  confirmed?: boolean;
}

export interface SettingChangeOut {
  /** the setting */
  key: string;
  /** its value before */
  old: string;
  /** its value after */
  value: string;
}

export interface SettingChangesOut {
  /** those that were not as wanted already */
  changes: SettingChangeOut[];
}

export interface SettingHistoryQuery {
  /** go on where `next` of the page before said; absent: the newest */
  before?: number;
}

export interface SettingPastOut {
  /** number of its audit row */
  seq: number;
  /** when */
  time: string;
  /** who; 0: the operator */
  by: string;
  /** that member's name */
  by_name: string;
  /** W, MW …; empty: the operator's command line */
  channel: string;
  /** the value before */
  old: string;
  /** the value after */
  value: string;
}

export interface SettingPastsOut {
  /** newest first */
  changes: SettingPastOut[];
  /** where to go on (`before`); 0: nothing more. A page may be short, even empty, before */
  next: number;
}

export interface PresetQuery {
  /** 標準, 厳しめ, 互換 */
  preset: 'standard' | 'strict' | 'paper';
  /** of this submenu alone; absent: of all within reach */
  menu?: string;
}

export interface SettingLeftOut {
  /** the setting */
  key: string;
  /** its value, which stays */
  value: string;
  /** the preset's value */
  wanted: string;
  /** not_yet: nothing obeys it; elsewhere: the preset has no value for it, it is not changed as a setting, or the super admin's alone */
  reason: 'not_yet' | 'elsewhere';
}

export interface PresetOut {
  /** what differs and would change, or has changed */
  changes: SettingChangeOut[];
  /** what differs and stays */
  left: SettingLeftOut[];
  /** of these changes: to be sent when applying */
  mark: string;
}

export interface PresetIn {
  /** 標準, 厳しめ, 互換 */
  preset: 'standard' | 'strict' | 'paper';
  /** of this submenu alone; absent: of all within reach */
  menu?: string;
  /** of the differences that were shown */
  mark: string;
  /** true: also where it locks out who asks (lock_out), or approves all who wait (members_waiting) */
  confirmed?: boolean;
}

export interface HomeTaskOut {
  /** what waits */
  id: 'waiting' | 'locked' | 'not_started' | 'never_seen' | 'role_paused' | 'handover';
  /** the submenu where it is done */
  menu: string;
  /** how many */
  count: number;
}

export interface HomeStepOut {
  /** the step */
  id: 'company' | 'unit' | 'member' | 'password' | 'sub_admin';
  /** the submenu where it is done */
  menu: string;
  /** as the data tell */
  done: boolean;
}

export interface HomeOut {
  /** only what waits, and within reach */
  tasks: HomeTaskOut[];
  /** of the first day, in order, those within reach */
  steps: HomeStepOut[];
  /** as the operator has configured it; none: files pass unchecked */
  malware_scanner: 'none' | 'clamd';
}

export interface ClosingOut {
  /** what is typed to confirm */
  workgroup: string;
  /** the company's name */
  company: string;
  /** other members in use: they are deleted first */
  active: number;
  /** … suspended ones */
  suspended: number;
  /** … whose start date lies ahead */
  not_started: number;
  /** from the cancellation to the erasure */
  days: number;
  /** when all would be erased, were it cancelled now */
  erase: string;
}

export interface CloseIn {
  /** the tenant's name, typed */
  workgroup: string;
  /** the security department knows */
  security: boolean;
  /** what is still needed was saved elsewhere */
  moved: boolean;
  /** the members were told */
  told: boolean;
}

export interface ClosedOut {
  /** what was cancelled */
  workgroup: string;
  /** the company's name */
  company: string;
  /** since when nobody is served */
  closed: string;
  /** from when on nothing brings the data back */
  erase: string;
}

export interface AdminOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** the admin role; custom: one of the company's own */
  role: 'operator' | 'sub' | 'super' | 'custom';
  /** which one; 0: a built-in role */
  custom: string;
  /** its name, empty for a built-in one */
  role_name: string;
  /** without force: the holder was suspended and the role is not confirmed yet */
  paused: boolean;
  /** of the member */
  status: 'active' | 'suspended' | 'not_started';
  /** who gave the role; 0: the operator, or the opening of the tenant */
  granted_by: string;
  /** its name, empty for 0 */
  granted_by_name: string;
  /** when */
  granted: string;
  /** last use of the console */
  console_seen: string | null;
}

export interface HandoverOut {
  /** the super admin who gives */
  from: string;
  /** its name */
  from_name: string;
  /** the member who is to take over */
  to: string;
  /** its name */
  to_name: string;
  /** it must be confirmed before */
  until: string;
}

export interface AdminsOut {
  /** built-in roles first, widest reach first; each by reading */
  holders: AdminOut[];
  /** that waits for its confirmation */
  handover: HandoverOut | null;
}

export interface AdminGrantIn {
  /** member takes the role away */
  role: 'member' | 'operator' | 'sub' | 'custom';
  /** of custom: which of the company's own roles */
  custom?: string;
  /** the danger of strong menus was read and confirmed */
  confirmed?: boolean;
}

export interface MyHandoverOut {
  /** that waits for this member */
  handover: HandoverOut | null;
}

export interface RoleMenu {
  /** a submenu */
  id: string;
}

export interface RoleRowOut {
  /** the role */
  id: string;
  /** its name in Japanese */
  ja: string;
  /** its name in English; a role of the company's own has one name */
  en: string;
  /** exists from the opening on and cannot be changed */
  builtin: boolean;
  /** the caller may change and delete it: it is no built-in one, and nobody holds it or the super admin asks */
  editable: boolean;
  /** how many members hold it */
  held: number;
  /** the submenus that it reaches */
  menus: RoleMenu[];
}

export interface RoleMatrixRow {
  /** the submenu */
  id: string;
  /** its label in Japanese */
  ja: string;
  /** its label in English */
  en: string;
  /** the menu's label in Japanese */
  group_ja: string;
  /** the menu's label in English */
  group_en: string;
  /** the super admin reaches it */
  super: boolean;
  /** sub admins reach it */
  sub: boolean;
  /** operator admins reach it */
  operator: boolean;
  /** a role of the company's own may reach it */
  custom: boolean;
  /** who gives it must have confirmed its danger */
  sensitive: boolean;
}

export interface RolesOut {
  /** the built-in ones, widest reach first, then the company's own by name */
  roles: RoleRowOut[];
  /** the same the other way: who reaches each submenu */
  menus: RoleMatrixRow[];
}

export interface RoleAddIn {
  /** one in the company; width and case do not count */
  name: string;
  /** what the role is to reach */
  menus: RoleMenu[];
  /** the danger of strong menus was read and confirmed */
  confirmed?: boolean;
}

export interface RolePutIn {
  /** absent: as it is */
  name?: string;
  /** what the role is to reach */
  menus: RoleMenu[];
  /** the danger of strong menus was read and confirmed */
  confirmed?: boolean;
}

export interface ConsoleGroupQuery {
  /** part of the group's name or of a member's */
  q?: string;
  /** only of this type */
  kind?: 'internal' | 'external';
  /** only groups of this member */
  member?: string;
  /** continue behind this group */
  after?: string;
  /** how many at most; 100 when absent */
  limit?: number;
}

export interface GroupPerson {
  /** the member */
  id: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** is it a master of the group? */
  master: boolean;
}

export interface GroupFunctions {
  /** the talk room; without it none of the others is in force */
  talk: boolean;
  /** notes */
  note: boolean;
  /** events */
  event: boolean;
  /** tasks */
  task: boolean;
  /** the folder */
  folder: boolean;
}

export interface GroupAdvanced {
  /** masters may change the functions */
  delegation: boolean;
  /** a change is told to all members by service notice */
  notify: boolean;
  /** also who is no member finds the group */
  public: boolean;
}

export interface ConsoleGroup {
  /** the group */
  id: string;
  /** its type, fixed when it was made */
  kind: 'internal' | 'external';
  /** its name */
  name: string;
  /** what it is for */
  description: string;
  /** how many members */
  members: number;
  /** its masters */
  masters: GroupPerson[];
  /** what its room may do */
  functions: GroupFunctions;
  /** its settings */
  advanced: GroupAdvanced;
  /** its talk room; 0: none */
  room: string;
  /** when it was made */
  made: string;
  /** when it was deleted */
  deleted: string | null;
  /** when nothing of a deleted one will be left */
  until: string | null;
}

export interface ConsoleGroups {
  /** by name; deleted ones newest first */
  groups: ConsoleGroup[];
  /** there are further ones */
  more: boolean;
  /** of all pages */
  total: number;
}

export interface GroupQuery {
  /** part of the name; all when absent */
  q?: string;
}

export interface GroupFound {
  /** the member */
  id: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** the part of the Engawa ID before @ */
  login: string;
}

export interface GroupPeople {
  /** by reading, the first twenty */
  people: GroupFound[];
}

export interface ConsoleGroupRead {
  /** the group */
  group: ConsoleGroup;
  /** its members, masters first, then by reading */
  people: GroupPerson[];
}

export interface ConsoleGroupAdd {
  /** its type, for ever */
  kind: 'internal' | 'external';
  /** its name */
  name: string;
  /** what it is for */
  description?: string;
  /** its masters, members too */
  masters: string[];
  /** further members */
  members?: string[];
  /** as the setting says when absent */
  functions?: GroupFunctions;
  /** as the settings say when absent */
  advanced?: GroupAdvanced;
}

export interface GroupIdOut {
  /** the group */
  id: string;
}

export interface ConsoleGroupEdit {
  /** its new name */
  name?: string;
  /** its new description */
  description?: string;
  /** members who come */
  add?: string[];
  /** members who go */
  remove?: string[];
  /** all masters from now on, out of its members */
  masters?: string[];
  /** what its room may do */
  functions?: GroupFunctions;
  /** its settings */
  advanced?: GroupAdvanced;
}

export interface GroupOut {
  /** the group */
  id: string;
  /** its name */
  name: string;
  /** what it is for */
  description: string;
  /** how many members */
  members: number;
  /** its masters */
  masters: GroupPerson[];
  /** what its room may do */
  functions: GroupFunctions;
  /** what the asking member is in it */
  role: 'none' | 'member' | 'master';
  /** its talk room, for its members; 0: none */
  room: string;
  /** also who is no member finds it */
  public: boolean;
  /** may the asking member change the functions? */
  may_functions: boolean;
}

export interface GroupsOut {
  /** own and published ones, by name */
  groups: GroupOut[];
  /** may the asking member make groups? */
  may_make: boolean;
}

export interface GroupReadOut {
  /** the group */
  group: GroupOut;
  /** its members, for its members; else empty */
  people: GroupPerson[];
}

export interface GroupMake {
  /** internal when absent */
  kind?: 'internal' | 'external';
  /** its name */
  name: string;
  /** what it is for */
  description?: string;
  /** masters beside the maker */
  masters?: string[];
  /** further members */
  members?: string[];
  /** who finds it; as the setting says when absent */
  publication?: 'public' | 'members';
}

export interface GroupChange {
  /** its new name */
  name?: string;
  /** its new description */
  description?: string;
  /** members who come */
  add?: string[];
  /** members who go */
  remove?: string[];
  /** all masters from now on, out of its members */
  masters?: string[];
  /** what its room may do: where that is delegated */
  functions?: GroupFunctions;
}

export interface UnitFindQuery {
  /** part of a unit's name or ID, or of a member's name; absent: all */
  q?: string;
}

export interface UnitRowOut {
  /** the unit */
  id: string;
  /** the unit above it; 0: none */
  parent: string;
  /** order among the units of one parent */
  place: number;
  /** its ID, chosen by the admin */
  code: string;
  /** its name */
  name: string;
  /** how many belong to it, without those below */
  members: number;
  /** its leader; 0: none */
  leader: string;
  /** is it published? */
  public: boolean;
  /** has it a talk room? */
  talk: boolean;
}

export interface ConsoleUnitsOut {
  /** in no particular order: see parent and place */
  units: UnitRowOut[];
}

export interface ConsoleUnitOut {
  /** the unit */
  id: string;
  /** the unit above it; 0: none */
  parent: string;
  /** its ID, chosen by the admin */
  code: string;
  /** its name */
  name: string;
  /** what it does */
  description: string;
  /** how many belong to it, without those below */
  members: number;
  /** how many belong to it or below: they are in its room */
  people: number;
  /** its leader; 0: none */
  leader: string;
  /** the leader's name, or empty */
  leader_name: string;
  /** do all members find it? */
  public: boolean;
  /** talk-room function; off: the other four are not in force */
  talk: boolean;
  /** talk-room function */
  note: boolean;
  /** talk-room function */
  event: boolean;
  /** talk-room function */
  task: boolean;
  /** talk-room function */
  folder: boolean;
  /** may the leader change the functions? */
  delegation: boolean;
  /** are the members told of changes? */
  notify: boolean;
  /** its talk room; 0: none */
  room: string;
}

export interface UnitPage {
  /** continue behind this member */
  after?: string;
  /** how many at most; 100 when absent */
  limit?: number;
}

export interface ConsoleUnitPersonOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** may it sign in? */
  status: 'active' | 'suspended' | 'not_started';
  /** is this its main unit? */
  main: boolean;
  /** its title here; 0: none */
  title: string;
  /** the title's name, or empty */
  title_name: string;
  /** does it lead the unit? */
  leader: boolean;
}

export interface ConsoleUnitPeopleOut {
  /** sorted by reading */
  members: ConsoleUnitPersonOut[];
  /** there are further ones */
  more: boolean;
}

export interface UnitAddIn {
  /** its name */
  name: string;
  /** a-z A-Z 0-9 . _ -, one of its kind */
  code: string;
  /** what it does */
  description?: string;
  /** the unit above it; absent: none */
  parent?: string;
}

export interface UnitIdOut {
  /** the unit */
  id: string;
}

export interface UnitEditIn {
  /** its name */
  name: string;
  /** a-z A-Z 0-9 . _ -, one of its kind */
  code: string;
  /** what it does */
  description?: string;
  /** a member of the unit; absent: none */
  leader?: string;
  /** do all members find it? */
  public: boolean;
  /** talk-room function */
  talk: boolean;
  /** talk-room function */
  note: boolean;
  /** talk-room function */
  event: boolean;
  /** talk-room function */
  task: boolean;
  /** talk-room function */
  folder: boolean;
  /** may the leader change the functions? */
  delegation: boolean;
  /** are the members told of changes? */
  notify: boolean;
}

export interface UnitMoveQuery {
  /** the unit that it would come under; absent: the top */
  parent?: string;
}

export interface UnitNameOut {
  /** the unit */
  id: string;
  /** its name */
  name: string;
}

export interface UnitMoverOut {
  /** the member */
  id: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** how many rooms it would leave */
  leaves: number;
  /** how many rooms it would join */
  joins: number;
}

export interface UnitPlanOut {
  /** units whose rooms members would leave */
  leaves: UnitNameOut[];
  /** units whose rooms members would join */
  joins: UnitNameOut[];
  /** whose rooms change: the first 200 */
  members: UnitMoverOut[];
  /** how many members' rooms change */
  total: number;
}

export interface UnitMoveIn {
  /** the unit that it comes under; absent: the top */
  parent?: string;
  /** the unit of this parent that it stands before; absent: last */
  before?: string;
}

export interface UnitMemberIn {
  /** the member */
  member: string;
  /** this becomes its main unit; a first unit always is */
  main?: boolean;
  /** its title here; absent: none */
  title?: string;
}

export interface UnitMembersIn {
  /** added, or given another title */
  put?: UnitMemberIn[];
  /** who leaves the unit */
  remove?: string[];
}

export interface UnitCandidateOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
}

export interface UnitCandidatesOut {
  /** the first 20, sorted by reading */
  members: UnitCandidateOut[];
}

export interface UnitGoneOut {
  /** the unit */
  id: string;
  /** the ID it had */
  code: string;
  /** its name */
  name: string;
  /** name of the unit above it that comes back with it, or empty */
  parent_name: string;
  /** when it was deleted */
  deleted: string;
  /** when its data are erased */
  until: string;
}

export interface UnitsGoneOut {
  /** newest first */
  units: UnitGoneOut[];
}

export interface UnitPostOut {
  /** the unit */
  unit: string;
  /** its name */
  name: string;
  /** is it the main one? */
  main: boolean;
  /** the title there; 0: none */
  title: string;
  /** the title's name, or empty */
  title_name: string;
}

export interface MemberUnitsOut {
  /** the main one first */
  units: UnitPostOut[];
  /** admin role, one of the company's own by its name: to be looked at again after a change */
  role: string;
  /** permission type: to be looked at again; 0: none */
  permtype: string;
  /** its name, or empty */
  permtype_name: string;
}

export interface UnitPostIn {
  /** the unit */
  unit: string;
  /** the main one; without any the first is it */
  main?: boolean;
  /** the title there; absent: none */
  title?: string;
}

export interface MemberUnitsIn {
  /** all of them: what is not here is left */
  units: UnitPostIn[];
}

export interface UnitQuery {
  /** part of a name or unit ID; absent: all */
  q?: string;
  /** how many at most: for suggestions; all when absent */
  limit?: number;
}

export interface UnitSeenOut {
  /** the unit */
  id: string;
  /** the next unit above it that the caller may see; 0: none */
  parent: string;
  /** order among the units of one parent */
  place: number;
  /** its name */
  name: string;
  /** how many belong to it, without those below */
  members: number;
}

export interface UnitsSeenOut {
  /** in no particular order: see parent and place */
  units: UnitSeenOut[];
}

export interface UnitReadOut {
  /** the unit */
  id: string;
  /** its name */
  name: string;
  /** what it does */
  description: string;
  /** how many belong to it, without those below */
  members: number;
  /** its leader; 0: none, or units are not shown */
  leader: string;
  /** the leader's name, or empty */
  leader_name: string;
  /** its talk room, where the caller is in it; else 0 */
  room: string;
  /** in force? */
  talk: boolean;
  /** in force? */
  note: boolean;
  /** in force? */
  event: boolean;
  /** in force? */
  task: boolean;
  /** in force? */
  folder: boolean;
  /** may the caller, as its leader, change the functions? */
  may_change: boolean;
}

export interface UnitPersonOut {
  /** the member */
  id: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** its title here; empty: none, or titles are not shown */
  title_name: string;
  /** does it lead the unit? */
  leader: boolean;
}

export interface UnitPeopleOut {
  /** sorted by reading; none where units are not shown */
  members: UnitPersonOut[];
  /** there are further ones */
  more: boolean;
}

export interface UnitFunctionsIn {
  /** off: the other four are not in force */
  talk: boolean;
  /** talk-room function */
  note: boolean;
  /** talk-room function */
  event: boolean;
  /** talk-room function */
  task: boolean;
  /** talk-room function */
  folder: boolean;
}

export interface LabelOut {
  /** the label */
  id: string;
  /** its name */
  name: string;
  /** how many members have it */
  holders: number;
}

export interface LabelsOut {
  /** in their order */
  titles: LabelOut[];
  /** in their order */
  grades: LabelOut[];
  /** in their order */
  permtypes: LabelOut[];
  /** are titles in use? */
  title_used: boolean;
  /** are grades in use? */
  grade_used: boolean;
  /** are permission types in use? */
  permtype_used: boolean;
}

export interface LabelAddIn {
  /** which list */
  kind: 'title' | 'grade' | 'permtype';
  /** one of its kind */
  name: string;
}

export interface LabelIdOut {
  /** the label */
  id: string;
}

export interface LabelNameIn {
  /** one of its kind */
  name: string;
}

export interface LabelPlaceIn {
  /** the label of its kind that it stands before; absent: last */
  before?: string;
}

export interface LabelHolderQuery {
  /** continue behind this member */
  after?: string;
  /** how many at most; 100 when absent */
  limit?: number;
}

export interface MemberBriefOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
}

export interface MemberBriefsOut {
  /** sorted by reading */
  members: MemberBriefOut[];
  /** there are further ones */
  more: boolean;
}

export interface TemplateCellRow {
  /** the switch, as in the list of settings */
  key: string;
  /** what it is of; none: of the mobile app as such */
  service: 'none' | 'board' | 'talk' | 'calendar' | 'drive' | 'task' | 'survey' | 'addressbook';
  /** with what it is used */
  client: 'any' | 'mobile' | 'browser' | 'pc';
  /** whether it is used at all, or files of it are taken out */
  what: 'access' | 'download';
  /** false: nothing obeys it in this version */
  obeyed: boolean;
}

export interface TemplateCell {
  /** a switch of the template */
  key: string;
}

export interface TemplateRowOut {
  /** the template */
  id: string;
  /** its name */
  name: string;
  /** what it restricts: the use that is forbidden, the downloads that are limited */
  restricts: TemplateCell[];
  /** how many members it is bound to directly */
  members: number;
  /** how many permission types it is bound to */
  types: number;
  /** how many members have it, by either way */
  held: number;
}

export interface TemplateTypeRow {
  /** the permission type */
  id: string;
  /** its name */
  name: string;
  /** the template bound to it; 0: none */
  template: string;
}

export interface TemplatesOut {
  /** what a template may restrict */
  cells: TemplateCellRow[];
  /** by name; the basic one, which restricts nothing, is not among them */
  templates: TemplateRowOut[];
  /** all permission types, in their order */
  types: TemplateTypeRow[];
  /** how many members have the basic template */
  basic_held: number;
  /** false: permission types are not in use, and what is bound to them counts for nothing */
  types_used: boolean;
}

export interface TemplateIn {
  /** one in the company; width and case do not count */
  name: string;
  /** what it restricts; a mobile app that is allowed has talk */
  restricts: TemplateCell[];
}

export interface TemplateDeleteQuery {
  /** true: also where members or permission types have it */
  confirmed?: 'true' | 'false';
}

export interface TemplateMembersQuery {
  /** continue behind this member */
  after?: string;
}

export interface TemplateTypeIn {
  /** absent: none any more */
  template?: string;
  /** true: also where the type has another one */
  confirmed?: boolean;
}

export interface TemplateMemberIn {
  /** absent: none directly any more */
  template?: string;
}

export interface MemberTemplateOut {
  /** the template bound to the member; 0: none */
  direct: string;
  /** the one bound to its permission type; 0: none */
  by_type: string;
  /** the one that decides; 0: the basic one */
  has: string;
  /** its name; empty: the basic one */
  name: string;
}

export interface ImportBeginIn {
  /** of the file */
  name: string;
  /** bytes to come */
  size: number;
}

export interface ImportIdOut {
  /** of the upload */
  id: string;
}

export interface ImportPartIn {
  /** 0, 1 … in order */
  seq: number;
  /** at most 32 KiB, base64url without padding */
  data: string;
}

export interface ImportCellIn {
  /** the cell as it shall be */
  text: string;
}

export interface ImportMendIn {
  /** of the file */
  line: number;
  /** leave the line out */
  drop?: boolean;
  /** all cells of the line, as they shall be */
  cells?: ImportCellIn[];
}

export interface ImportCheckIn {
  /** lines mended since the upload */
  mended?: ImportMendIn[];
}

export interface ImportColumnOut {
  /** the field */
  id: string;
  /** as it stands in the file */
  title: string;
}

export interface ImportErrorOut {
  /** as an editor counts them, from 1; 0: the file as a whole */
  line: number;
  /** the field, or a column's title; empty: the line as a whole */
  column: string;
  /** stable */
  code: string;
  /** what is wrong and what to do, in Japanese */
  ja: string;
  /** the same in English */
  en: string;
}

export interface ImportCellOut {
  /** the cell */
  text: string;
}

export interface ImportLineOut {
  /** where it begins */
  line: number;
  /** one for each column */
  cells: ImportCellOut[];
}

export interface ImportCheckOut {
  /** as it was read */
  encoding: 'utf-8' | 'shift_jis';
  /** members in the list, without those left out */
  rows: number;
  /** how many of them have no error */
  ok: number;
  /** lines left out */
  dropped: number;
  /** all errors; `errors` holds the first 200 */
  error_count: number;
  /** of the file, in its order */
  columns: ImportColumnOut[];
  /** none: the list can be run */
  errors: ImportErrorOut[];
  /** the lines that stand in `errors`, for mending */
  lines: ImportLineOut[];
}

export interface ImportRunOut {
  /** members */
  added: number;
}

export interface ImportLinksIn {
  /** continue behind this member */
  after?: string;
}

export interface ImportLinkOut {
  /** the member */
  id: string;
  /** the part of the Engawa ID before @ */
  login: string;
  /** family name */
  family: string;
  /** given name */
  given: string;
  /** its reading */
  family_reading: string;
  /** its reading */
  given_reading: string;
  /** where the member sets the password, once; no later call gives it again */
  link: string;
  /** until when it can be used */
  until: string;
  /** first moment of use */
  start: string;
}

export interface ImportLinksOut {
  /** those without a password yet, sorted by reading */
  members: ImportLinkOut[];
  /** there are further ones */
  more: boolean;
}

export interface AuditListIn {
  /** rows before this number; absent: the newest */
  before?: number;
  /** how many at most; 50 when absent */
  limit?: number;
}

export interface AuditPersonOut {
  /** of the member */
  id: string;
  /** as it is now; empty: nobody is there by this id any more */
  name: string;
}

export interface AuditRowOut {
  /** number of the row, from 1 without a gap */
  seq: number;
  /** when */
  time: string;
  /** who; 0: nobody signed in, or the operator */
  actor: string;
  /** the actor's name, empty for 0 */
  actor_name: string;
  /** W, MW …; empty: the operator's command line */
  channel: string;
  /** the client's address */
  ip: string;
  /** what: an audit kind */
  act: string;
  /** on what; 0: nothing in particular */
  object: string;
  /** the object's name as it is now; of a session: whose it is */
  object_name: string;
  /** member, session, unit, group, room, message, label, file, or empty */
  object_kind: string;
  /** of a row of talk: the room; 0: none */
  room: string;
  /** of a message: how many were in the room when it was sent, without its sender */
  received: number;
  /** the first of them by reading; all: console.audit.receivers */
  receivers: AuditPersonOut[];
  /** ok, or the code of the refusal */
  result: string;
  /** how many equal refusals this row stands for */
  count: number;
  /** JSON object as text, or empty */
  detail: string;
}

export interface AuditHeadOut {
  /** rows in the tree */
  size: number;
  /** its root, SHA-256 in hex */
  root: string;
}

export interface AuditPageOut {
  /** newest first */
  rows: AuditRowOut[];
  /** there are older ones */
  more: boolean;
  /** the tree before this view's own row */
  head: AuditHeadOut;
}

export interface AuditSearchIn {
  /** first day of the tenant, 2026-11-26; absent: from the oldest row on */
  from?: string;
  /** last day; absent: to the newest row */
  to?: string;
  /** rows of this member alone */
  actor?: string;
  /** rows on this object alone */
  object?: string;
  /** of talk: rows of this room and of its messages alone */
  room?: string;
  /** of talk: messages that this member received */
  receiver?: string;
  /** an audit kind of this log */
  act?: string;
  /** the client's address, whole */
  ip?: string;
  /** W, MW … */
  channel?: string;
  /** ok, refused (all refusals) or the code of one */
  result?: string;
  /** in names of actor and object, and in the name of a setting */
  word?: string;
  /** go on where `next` of the page before said */
  before?: number;
  /** how many at most; 50 when absent */
  limit?: number;
}

export interface AuditSearchOut {
  /** newest first */
  rows: AuditRowOut[];
  /** where to go on (`before`); 0: nothing more. A page may be short, even empty, before */
  next: number;
  /** the tree before this view's own row */
  head: AuditHeadOut;
  /** rows from before this moment are beyond the term and gone */
  from: string;
  /** may the caller have this log as a file? */
  download: boolean;
}

export interface AuditReceiversIn {
  /** number of the row */
  seq: number;
}

export interface AuditReceiversOut {
  /** by reading */
  receivers: AuditPersonOut[];
  /** how many */
  received: number;
}

export interface AuditDownloadIn {
  /** first day of the tenant, 2026-11-26; absent: from the oldest row on */
  from?: string;
  /** last day; absent: to the newest row */
  to?: string;
  /** rows of this member alone */
  actor?: string;
  /** rows on this object alone */
  object?: string;
  /** of talk: rows of this room and of its messages alone */
  room?: string;
  /** of talk: messages that this member received */
  receiver?: string;
  /** an audit kind of this log */
  act?: string;
  /** the client's address, whole */
  ip?: string;
  /** W, MW … */
  channel?: string;
  /** ok, refused (all refusals) or the code of one */
  result?: string;
  /** in names of actor and object, and in the name of a setting */
  word?: string;
}

export interface AuditDownloadOut {
  /** of the file */
  id: string;
  /** the file's name */
  name: string;
  /** which log */
  log: string;
  /** how far it is */
  state: 'making' | 'ready' | 'failed';
  /** who asked for it */
  by: string;
  /** the name of who asked */
  by_name: string;
  /** when it was asked for */
  made: string;
  /** when it is erased */
  until: string;
  /** rows written so far */
  rows: number;
  /** bytes written so far */
  size: number;
  /** what was searched for: JSON object as text */
  query: string;
}

export interface AuditDownloadsOut {
  /** newest first */
  downloads: AuditDownloadOut[];
}

export interface AccessQuery {
  /** the last one of the page before, with its `first` */
  after?: string;
  /** its `first` in ms of UTC */
  began?: number;
}

export interface AccessOut {
  /** the record */
  id: string;
  /** the session that it is of */
  session: string;
  /** W browser, MW mobile browser, MP installed web app … */
  channel: string;
  /** what the client called itself when it signed in */
  agent: string;
  /** the address; empty: it was not known */
  ip: string;
  /** the first activity of that day from there */
  first: string;
  /** and the last, to the minute */
  last: string;
  /** the session has not ended */
  open: boolean;
  /** it is the session that asks */
  current: boolean;
}

export interface AccessesOut {
  /** those that began last come first */
  accesses: AccessOut[];
  /** so long they are kept */
  days: number;
  /** others follow */
  more: boolean;
}

export interface MemberSessionIn {
  /** one of the member's */
  session: string;
}

export interface MemberDeviceOut {
  /** the device's key */
  id: string;
  /** what the app called itself when it signed last; empty: not known */
  agent: string;
  /** when it was enrolled */
  made: string;
  /** last activity */
  seen: string;
}

export interface MemberDevicesOut {
  /** those enrolled last come first */
  devices: MemberDeviceOut[];
}

export interface MemberDeviceIn {
  /** one of the member's; absent: all of them */
  device?: string;
}

export interface MemberLostIn {
  /** what was lost */
  device: 'phone' | 'computer';
}

export interface MemberLostRowOut {
  /** number of its row in the audit log */
  seq: number;
  /** when */
  time: string;
  /** kind of the row */
  act: string;
  /** name of who did it; empty: the operator */
  by: string;
  /** ok, or why it was refused */
  result: string;
  /** JSON, as in the log */
  detail: string;
}

export interface MemberLostOut {
  /** the latest report of a loss and what was done to the account within 7 days behind it, oldest first; none: no report */
  rows: MemberLostRowOut[];
}

export interface MemberAppIn {
  /** true: stopped; false: they may be used again */
  suspended: boolean;
}

export interface RoomLeft {
  /** the room */
  room: string;
}

export interface RoomChanged {
  /** the room */
  room: string;
  /** its name from now on */
  name: string;
  /** version of its picture from now on; absent: none */
  photo?: number;
}

export interface MessagePlace {
  /** the room */
  room: string;
  /** the message's place in it */
  seq: number;
}

export interface RoomReads {
  /** the room */
  room: string;
  /** how far its members have read, the author of a message among them */
  reads: ReadSpan[];
}

export interface OwnRead {
  /** the room */
  room: string;
  /** the member has read up to here, on whatever device */
  seq: number;
}

export interface Typing {
  /** the room */
  room: string;
  /** who is writing there */
  member: string;
}

export interface Ops {
  'session.open': { params: undefined; query: undefined; body: SessionIn; output: MeOut };
  'session.end': { params: undefined; query: undefined; body: undefined; output: Nothing };
  'session.list': { params: undefined; query: undefined; body: undefined; output: SessionsOut };
  'session.close': { params: { session: string }; query: undefined; body: undefined; output: Nothing };
  'session.close_all': { params: undefined; query: SessionEverywhere; body: undefined; output: Nothing };
  'me.read': { params: undefined; query: undefined; body: undefined; output: MeOut };
  'me.password': { params: undefined; query: undefined; body: PasswordIn; output: Nothing };
  'terms.read': { params: undefined; query: undefined; body: undefined; output: TermsOut };
  'terms.accept': { params: undefined; query: undefined; body: TermsIn; output: Nothing };
  'device.enrol': { params: undefined; query: undefined; body: DeviceIn; output: DeviceOut };
  'device.session': { params: undefined; query: undefined; body: DeviceSessionIn; output: MeOut };
  'ws.ticket': { params: undefined; query: undefined; body: undefined; output: TicketOut };
  'second.read': { params: undefined; query: undefined; body: undefined; output: SecondWaitingOut };
  'second.prove': { params: undefined; query: undefined; body: SecondProveIn; output: SecondProvenOut };
  'second.enrol': { params: undefined; query: undefined; body: undefined; output: SecondSecretOut };
  'second.ask': { params: undefined; query: undefined; body: undefined; output: SecondWaitingOut };
  'me.second': { params: undefined; query: undefined; body: undefined; output: SecondOut };
  'me.second.app': { params: undefined; query: undefined; body: OwnPasswordIn; output: SecondSecretOut };
  'me.second.app.confirm': { params: undefined; query: undefined; body: SecondConfirmIn; output: SecondSheetOut };
  'me.second.app.drop': { params: undefined; query: undefined; body: OwnPasswordIn; output: Nothing };
  'me.second.codes': { params: undefined; query: undefined; body: OwnPasswordIn; output: SecondSheetOut };
  'me.second.asking': { params: undefined; query: undefined; body: undefined; output: SecondAskingOut };
  'me.second.answer': { params: undefined; query: undefined; body: SecondAnswerIn; output: SecondAnswerOut };
  'console.member.second_slip': { params: { member: string }; query: undefined; body: undefined; output: SecondSlipOut };
  'console.member.second_reset': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'link.read': { params: undefined; query: undefined; body: LinkIn; output: LinkOut };
  'link.use': { params: undefined; query: undefined; body: LinkUseIn; output: LinkUseOut };
  'password.forgot': { params: undefined; query: undefined; body: ForgotIn; output: Nothing };
  'console.member.password': { params: { member: string }; query: undefined; body: PasswordForceIn; output: PasswordForceOut };
  'console.member.request_password': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.unlock': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.setup_link': { params: { member: string }; query: undefined; body: undefined; output: MadeLinkOut };
  'invite.read': { params: undefined; query: undefined; body: InvitationIn; output: InvitationPageOut };
  'invite.use': { params: undefined; query: undefined; body: InviteUseIn; output: InviteUseOut };
  'invite.make': { params: undefined; query: undefined; body: undefined; output: InviteMadeOut };
  'console.invite.list': { params: undefined; query: undefined; body: undefined; output: InvitesOut };
  'console.invite.make': { params: undefined; query: undefined; body: undefined; output: InviteMadeOut };
  'console.invite.revoke': { params: { invitation: string }; query: undefined; body: undefined; output: Nothing };
  'console.invited.approve': { params: { invited: string }; query: undefined; body: undefined; output: Nothing };
  'console.invited.reject': { params: { invited: string }; query: undefined; body: undefined; output: Nothing };
  'me.data': { params: undefined; query: undefined; body: undefined; output: OwnDataOut };
  'me.profile': { params: undefined; query: undefined; body: ProfileIn; output: Nothing };
  'me.correction': { params: undefined; query: undefined; body: CorrectionIn; output: Nothing };
  'me.photo': { params: undefined; query: PhotoQuery; body: undefined; output: Blob };
  'me.photo.put': { params: undefined; query: undefined; body: PhotoIn; output: Nothing };
  'me.photo.delete': { params: undefined; query: undefined; body: undefined; output: Nothing };
  'me.presence': { params: undefined; query: undefined; body: PresenceIn; output: Nothing };
  'member.photo': { params: { member: string }; query: PhotoQuery; body: undefined; output: Blob };
  'console.member.photo': { params: { member: string }; query: PhotoQuery; body: undefined; output: Blob };
  'console.member.photo.put': { params: { member: string }; query: undefined; body: PhotoIn; output: Nothing };
  'console.member.photo.delete': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'member.list': { params: undefined; query: MembersQuery; body: undefined; output: MembersOut };
  'member.read': { params: { member: string }; query: undefined; body: undefined; output: MemberProfileOut };
  'console.member.list': { params: undefined; query: ConsoleMembersQuery; body: undefined; output: ConsoleMemberPageOut };
  'console.member.export': { params: undefined; query: ConsoleMembersExport; body: undefined; output: Blob };
  'console.member.read': { params: { member: string }; query: undefined; body: undefined; output: MemberRecordOut };
  'console.member.add': { params: undefined; query: undefined; body: MemberNewIn; output: MemberNewOut };
  'console.member.edit': { params: { member: string }; query: undefined; body: MemberEditIn; output: Nothing };
  'console.member.rename': { params: { member: string }; query: undefined; body: MemberRenameIn; output: Nothing };
  'console.member.suspend': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.resume': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.leave': { params: { member: string }; query: undefined; body: MemberLeaveIn; output: Nothing };
  'console.member.back': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.logout': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.delete': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.restore': { params: { leaver: string }; query: undefined; body: undefined; output: Nothing };
  'room.list': { params: undefined; query: undefined; body: undefined; output: RoomsOut };
  'room.read': { params: { room: string }; query: undefined; body: undefined; output: RoomReadOut };
  'talk.post': { params: { room: string }; query: undefined; body: PostIn; output: MessageOut };
  'sync': { params: undefined; query: SyncQuery; body: undefined; output: SyncOut };
  'talk.history': { params: { room: string }; query: HistoryQuery; body: undefined; output: MessagesOut };
  'talk.message': { params: { message: string }; query: undefined; body: undefined; output: MessageOut };
  'talk.edit': { params: { message: string }; query: undefined; body: EditIn; output: MessageOut };
  'talk.take_back': { params: { message: string }; query: undefined; body: undefined; output: MessageOut };
  'talk.hide': { params: { message: string }; query: undefined; body: undefined; output: Nothing };
  'talk.react': { params: { message: string }; query: undefined; body: ReactionIn; output: MessageOut };
  'talk.vote': { params: { message: string }; query: undefined; body: VotesIn; output: MessageOut };
  'talk.answers': { params: { message: string }; query: undefined; body: undefined; output: AnswersOut };
  'talk.preview.picture': { params: { message: string }; query: PhotoQuery; body: undefined; output: Blob };
  'talk.poll.close': { params: { message: string }; query: undefined; body: undefined; output: MessageOut };
  'talk.pin': { params: { message: string }; query: undefined; body: PinIn; output: MessageOut };
  'talk.forward': { params: { message: string }; query: undefined; body: ForwardIn; output: MessagesOut };
  'talk.pins': { params: { room: string }; query: undefined; body: undefined; output: MessagesOut };
  'talk.thread': { params: { message: string }; query: ThreadQuery; body: undefined; output: MessagesOut };
  'room.create': { params: undefined; query: undefined; body: CreateIn; output: RoomOut };
  'room.invite': { params: { room: string }; query: undefined; body: InviteIn; output: RoomOut };
  'room.quit': { params: { room: string }; query: undefined; body: undefined; output: Nothing };
  'room.remove': { params: { room: string }; query: undefined; body: RemoveIn; output: RoomOut };
  'room.change': { params: { room: string }; query: undefined; body: RoomChangeIn; output: RoomOut };
  'room.history': { params: { room: string }; query: undefined; body: RoomHistoryIn; output: RoomOut };
  'room.prefs': { params: { room: string }; query: undefined; body: RoomPrefsIn; output: RoomOut };
  'room.photo': { params: { room: string }; query: PhotoQuery; body: undefined; output: Blob };
  'room.photo.put': { params: { room: string }; query: undefined; body: PhotoIn; output: RoomOut };
  'room.photo.delete': { params: { room: string }; query: undefined; body: undefined; output: RoomOut };
  'talk.read': { params: { room: string }; query: undefined; body: ReadIn; output: Nothing };
  'room.open': { params: { room: string }; query: undefined; body: OpenIn; output: OpenOut };
  'talk.typing': { params: { room: string }; query: undefined; body: undefined; output: Nothing };
  'talk.readers': { params: { message: string }; query: undefined; body: undefined; output: ReadersOut };
  'talk.remind': { params: { message: string }; query: undefined; body: undefined; output: RemindOut };
  'me.here': { params: undefined; query: undefined; body: HereIn; output: Nothing };
  'member.watch': { params: undefined; query: undefined; body: WatchIn; output: WatchOut };
  'me.here.show': { params: undefined; query: undefined; body: HereShowIn; output: Nothing };
  'talk.later.message': { params: { room: string }; query: undefined; body: LaterIn; output: LaterOut };
  'talk.later.remind': { params: { message: string }; query: undefined; body: ReminderIn; output: LaterOut };
  'talk.later.list': { params: undefined; query: undefined; body: undefined; output: LatersOut };
  'talk.later.delete': { params: { later: string }; query: undefined; body: undefined; output: Nothing };
  'talk.draft': { params: { room: string }; query: undefined; body: DraftIn; output: Nothing };
  'talk.drafts': { params: undefined; query: undefined; body: undefined; output: DraftsOut };
  'talk.save': { params: { message: string }; query: undefined; body: SaveIn; output: Nothing };
  'talk.saved': { params: undefined; query: undefined; body: undefined; output: SavedOut };
  'talk.keywords.set': { params: undefined; query: undefined; body: KeywordsIn; output: Keywords };
  'talk.keywords': { params: undefined; query: undefined; body: undefined; output: Keywords };
  'talk.search': { params: undefined; query: TalkSearchQuery; body: undefined; output: TalkSearchOut };
  'console.talk.retention': { params: undefined; query: RetentionQuery; body: undefined; output: RetentionOut };
  'talk.folder.list': { params: undefined; query: undefined; body: undefined; output: TalkFolders };
  'talk.folder.add': { params: undefined; query: undefined; body: TalkFolderIn; output: TalkFolders };
  'talk.folder.order': { params: undefined; query: undefined; body: TalkFolderOrderIn; output: TalkFolders };
  'talk.folder.rename': { params: { talkfolder: string }; query: undefined; body: TalkFolderIn; output: TalkFolders };
  'talk.folder.delete': { params: { talkfolder: string }; query: undefined; body: undefined; output: TalkFolders };
  'room.folder': { params: { room: string }; query: undefined; body: RoomFolderIn; output: RoomOut };
  'talk.gallery': { params: { room: string }; query: GalleryQuery; body: undefined; output: GalleryOut };
  'file.begin': { params: { room: string }; query: undefined; body: UploadIn; output: UploadOut };
  'file.part': { params: { upload: string }; query: PartQuery; body: undefined; output: UploadOut };
  'file.upload': { params: { upload: string }; query: undefined; body: undefined; output: UploadOut };
  'file.cancel': { params: { upload: string }; query: undefined; body: undefined; output: Nothing };
  'file.ticket': { params: { stored: string }; query: undefined; body: FileTicketIn; output: FileTicketOut };
  'file.page': { params: { stored: string }; query: undefined; body: FilePageIn; output: FileTicketOut };
  'file.fetch': { params: { ticket: string }; query: undefined; body: undefined; output: Blob };
  'photo.begin': { params: undefined; query: undefined; body: UploadIn; output: UploadOut };
  'console.storage': { params: undefined; query: StorageQuery; body: undefined; output: StorageOut };
  'talk.export': { params: { room: string }; query: undefined; body: undefined; output: ExportOut };
  'talk.export.list': { params: { room: string }; query: undefined; body: undefined; output: ExportsOut };
  'talk.export.ticket': { params: { export: string }; query: undefined; body: undefined; output: ExportTicketOut };
  'console.open': { params: undefined; query: undefined; body: OwnPasswordIn; output: RoleOut };
  'console.end': { params: undefined; query: undefined; body: undefined; output: Nothing };
  'console.menu': { params: undefined; query: undefined; body: undefined; output: MenusOut };
  'console.setting.list': { params: undefined; query: undefined; body: undefined; output: SettingsOut };
  'console.setting.put': { params: { setting: string }; query: undefined; body: SettingIn; output: SettingOut };
  'console.setting.put_all': { params: undefined; query: undefined; body: SettingsIn; output: SettingChangesOut };
  'console.setting.history': { params: { setting: string }; query: SettingHistoryQuery; body: undefined; output: SettingPastsOut };
  'console.preset.read': { params: undefined; query: PresetQuery; body: undefined; output: PresetOut };
  'console.preset.apply': { params: undefined; query: undefined; body: PresetIn; output: PresetOut };
  'console.setting.export': { params: undefined; query: undefined; body: undefined; output: Blob };
  'console.home': { params: undefined; query: undefined; body: undefined; output: HomeOut };
  'console.cancellation.read': { params: undefined; query: undefined; body: undefined; output: ClosingOut };
  'console.cancellation': { params: undefined; query: undefined; body: CloseIn; output: ClosedOut };
  'console.admin.list': { params: undefined; query: undefined; body: undefined; output: AdminsOut };
  'console.admin.export': { params: undefined; query: undefined; body: undefined; output: Blob };
  'console.admin.grant': { params: { member: string }; query: undefined; body: AdminGrantIn; output: Nothing };
  'console.admin.confirm': { params: { member: string }; query: undefined; body: undefined; output: Nothing };
  'console.handover.begin': { params: { member: string }; query: undefined; body: undefined; output: MyHandoverOut };
  'console.handover.end': { params: undefined; query: undefined; body: undefined; output: Nothing };
  'me.handover': { params: undefined; query: undefined; body: undefined; output: MyHandoverOut };
  'me.handover.accept': { params: undefined; query: undefined; body: OwnPasswordIn; output: Nothing };
  'me.handover.decline': { params: undefined; query: undefined; body: undefined; output: Nothing };
  'console.role.list': { params: undefined; query: undefined; body: undefined; output: RolesOut };
  'console.role.add': { params: undefined; query: undefined; body: RoleAddIn; output: RoleRowOut };
  'console.role.put': { params: { role: string }; query: undefined; body: RolePutIn; output: RoleRowOut };
  'console.role.delete': { params: { role: string }; query: undefined; body: undefined; output: Nothing };
  'console.group.list': { params: undefined; query: ConsoleGroupQuery; body: undefined; output: ConsoleGroups };
  'console.group.gone': { params: undefined; query: ConsoleGroupQuery; body: undefined; output: ConsoleGroups };
  'console.group.people': { params: undefined; query: GroupQuery; body: undefined; output: GroupPeople };
  'console.group.read': { params: { group: string }; query: undefined; body: undefined; output: ConsoleGroupRead };
  'console.group.add': { params: undefined; query: undefined; body: ConsoleGroupAdd; output: GroupIdOut };
  'console.group.edit': { params: { group: string }; query: undefined; body: ConsoleGroupEdit; output: Nothing };
  'console.group.delete': { params: { group: string }; query: undefined; body: undefined; output: Nothing };
  'console.group.restore': { params: { gone: string }; query: undefined; body: undefined; output: Nothing };
  'group.list': { params: undefined; query: GroupQuery; body: undefined; output: GroupsOut };
  'group.read': { params: { group: string }; query: undefined; body: undefined; output: GroupReadOut };
  'group.make': { params: undefined; query: undefined; body: GroupMake; output: GroupIdOut };
  'group.change': { params: { group: string }; query: undefined; body: GroupChange; output: Nothing };
  'group.delete': { params: { group: string }; query: undefined; body: undefined; output: Nothing };
  'console.unit.list': { params: undefined; query: UnitFindQuery; body: undefined; output: ConsoleUnitsOut };
  'console.unit.read': { params: { unit: string }; query: undefined; body: undefined; output: ConsoleUnitOut };
  'console.unit.people': { params: { unit: string }; query: UnitPage; body: undefined; output: ConsoleUnitPeopleOut };
  'console.unit.add': { params: undefined; query: undefined; body: UnitAddIn; output: UnitIdOut };
  'console.unit.edit': { params: { unit: string }; query: undefined; body: UnitEditIn; output: Nothing };
  'console.unit.move_plan': { params: { unit: string }; query: UnitMoveQuery; body: undefined; output: UnitPlanOut };
  'console.unit.move': { params: { unit: string }; query: undefined; body: UnitMoveIn; output: Nothing };
  'console.unit.members': { params: { unit: string }; query: undefined; body: UnitMembersIn; output: Nothing };
  'console.unit.candidates': { params: undefined; query: UnitFindQuery; body: undefined; output: UnitCandidatesOut };
  'console.unit.delete': { params: { unit: string }; query: undefined; body: undefined; output: Nothing };
  'console.unit.gone': { params: undefined; query: undefined; body: undefined; output: UnitsGoneOut };
  'console.unit.restore': { params: { formerunit: string }; query: undefined; body: undefined; output: Nothing };
  'console.member.units': { params: { member: string }; query: undefined; body: undefined; output: MemberUnitsOut };
  'console.member.units_put': { params: { member: string }; query: undefined; body: MemberUnitsIn; output: MemberUnitsOut };
  'unit.list': { params: undefined; query: UnitQuery; body: undefined; output: UnitsSeenOut };
  'unit.read': { params: { unit: string }; query: undefined; body: undefined; output: UnitReadOut };
  'unit.people': { params: { unit: string }; query: UnitPage; body: undefined; output: UnitPeopleOut };
  'unit.functions': { params: { unit: string }; query: undefined; body: UnitFunctionsIn; output: Nothing };
  'console.label.list': { params: undefined; query: undefined; body: undefined; output: LabelsOut };
  'console.label.add': { params: undefined; query: undefined; body: LabelAddIn; output: LabelIdOut };
  'console.label.rename': { params: { label: string }; query: undefined; body: LabelNameIn; output: Nothing };
  'console.label.place': { params: { label: string }; query: undefined; body: LabelPlaceIn; output: Nothing };
  'console.label.holders': { params: { label: string }; query: LabelHolderQuery; body: undefined; output: MemberBriefsOut };
  'console.label.delete': { params: { label: string }; query: undefined; body: undefined; output: Nothing };
  'console.template.list': { params: undefined; query: undefined; body: undefined; output: TemplatesOut };
  'console.template.add': { params: undefined; query: undefined; body: TemplateIn; output: TemplateRowOut };
  'console.template.put': { params: { template: string }; query: undefined; body: TemplateIn; output: TemplateRowOut };
  'console.template.delete': { params: { template: string }; query: TemplateDeleteQuery; body: undefined; output: Nothing };
  'console.template.members': { params: { template: string }; query: TemplateMembersQuery; body: undefined; output: MemberBriefsOut };
  'console.template.type': { params: { label: string }; query: undefined; body: TemplateTypeIn; output: Nothing };
  'console.template.member': { params: { member: string }; query: undefined; body: TemplateMemberIn; output: Nothing };
  'console.template.of_member': { params: { member: string }; query: undefined; body: undefined; output: MemberTemplateOut };
  'console.import.template': { params: undefined; query: undefined; body: undefined; output: Blob };
  'console.import.begin': { params: undefined; query: undefined; body: ImportBeginIn; output: ImportIdOut };
  'console.import.part': { params: { import: string }; query: undefined; body: ImportPartIn; output: Nothing };
  'console.import.check': { params: { import: string }; query: undefined; body: ImportCheckIn; output: ImportCheckOut };
  'console.import.run': { params: { import: string }; query: undefined; body: ImportCheckIn; output: ImportRunOut };
  'console.import.links': { params: { import: string }; query: undefined; body: ImportLinksIn; output: ImportLinksOut };
  'console.audit.list': { params: undefined; query: AuditListIn; body: undefined; output: AuditPageOut };
  'console.audit.search': { params: { log: string }; query: AuditSearchIn; body: undefined; output: AuditSearchOut };
  'console.audit.receivers': { params: { log: string }; query: AuditReceiversIn; body: undefined; output: AuditReceiversOut };
  'console.audit.download': { params: { log: string }; query: undefined; body: AuditDownloadIn; output: AuditDownloadOut };
  'console.download.list': { params: undefined; query: undefined; body: undefined; output: AuditDownloadsOut };
  'console.download.fetch': { params: { file: string }; query: undefined; body: undefined; output: Blob };
  'access.list': { params: undefined; query: AccessQuery; body: undefined; output: AccessesOut };
  'console.member.accesses': { params: { member: string }; query: AccessQuery; body: undefined; output: AccessesOut };
  'console.member.session_end': { params: { member: string }; query: undefined; body: MemberSessionIn; output: Nothing };
  'console.member.devices': { params: { member: string }; query: undefined; body: undefined; output: MemberDevicesOut };
  'console.member.device_drop': { params: { member: string }; query: undefined; body: MemberDeviceIn; output: Nothing };
  'console.member.lost': { params: { member: string }; query: undefined; body: MemberLostIn; output: Nothing };
  'console.member.lost_read': { params: { member: string }; query: undefined; body: undefined; output: MemberLostOut };
  'console.member.app': { params: { member: string }; query: undefined; body: MemberAppIn; output: Nothing };
}
export type OpName = keyof Ops;

export interface OpRow {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  ws: boolean;
  who: string;
  menu: string;
  retrySafe: boolean;
  /** Answers the bytes of a file. */
  file: boolean;
}

export const ops: Record<OpName, OpRow> = {
  'session.open': { method: 'POST', path: '/session', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'session.end': { method: 'DELETE', path: '/session', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'session.list': { method: 'GET', path: '/sessions', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'session.close': { method: 'DELETE', path: '/sessions/:session', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'session.close_all': { method: 'DELETE', path: '/sessions', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.read': { method: 'GET', path: '/me', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'me.password': { method: 'PUT', path: '/me/password', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'terms.read': { method: 'GET', path: '/terms', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'terms.accept': { method: 'POST', path: '/terms', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'device.enrol': { method: 'POST', path: '/devices', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'device.session': { method: 'POST', path: '/device-session', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'ws.ticket': { method: 'POST', path: '/ws-ticket', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'second.read': { method: 'GET', path: '/session/second', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'second.prove': { method: 'POST', path: '/session/second', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'second.enrol': { method: 'POST', path: '/session/second/app', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'second.ask': { method: 'POST', path: '/session/second/ask', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second': { method: 'GET', path: '/me/second', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.app': { method: 'POST', path: '/me/second/app', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.app.confirm': { method: 'PUT', path: '/me/second/app', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.app.drop': { method: 'POST', path: '/me/second/app/remove', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.codes': { method: 'POST', path: '/me/second/codes', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.asking': { method: 'GET', path: '/me/second/asking', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.second.answer': { method: 'POST', path: '/me/second/asking', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.member.second_slip': { method: 'POST', path: '/console/members/:member/second-slip', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.second_reset': { method: 'DELETE', path: '/console/members/:member/second', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'link.read': { method: 'POST', path: '/link', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'link.use': { method: 'POST', path: '/link/password', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'password.forgot': { method: 'POST', path: '/forgot', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'console.member.password': { method: 'POST', path: '/console/members/:member/password', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.request_password': { method: 'POST', path: '/console/members/:member/request-password', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.unlock': { method: 'POST', path: '/console/members/:member/unlock', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.setup_link': { method: 'POST', path: '/console/members/:member/setup-link', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'invite.read': { method: 'POST', path: '/invitation', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'invite.use': { method: 'POST', path: '/invitation/use', ws: false, who: 'public', menu: '', retrySafe: false, file: false },
  'invite.make': { method: 'POST', path: '/invitations', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.invite.list': { method: 'GET', path: '/console/invitations', ws: false, who: 'console', menu: 'member.invite', retrySafe: false, file: false },
  'console.invite.make': { method: 'POST', path: '/console/invitations', ws: false, who: 'console', menu: 'member.invite', retrySafe: false, file: false },
  'console.invite.revoke': { method: 'DELETE', path: '/console/invitations/:invitation', ws: false, who: 'console', menu: 'member.invite', retrySafe: false, file: false },
  'console.invited.approve': { method: 'POST', path: '/console/invited/:invited/approve', ws: false, who: 'console', menu: 'member.invite', retrySafe: false, file: false },
  'console.invited.reject': { method: 'POST', path: '/console/invited/:invited/reject', ws: false, who: 'console', menu: 'member.invite', retrySafe: false, file: false },
  'me.data': { method: 'GET', path: '/me/data', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.profile': { method: 'PUT', path: '/me/profile', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.correction': { method: 'POST', path: '/me/correction', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.photo': { method: 'GET', path: '/me/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: true },
  'me.photo.put': { method: 'PUT', path: '/me/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.photo.delete': { method: 'DELETE', path: '/me/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.presence': { method: 'PUT', path: '/me/presence', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'member.photo': { method: 'GET', path: '/members/:member/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: true },
  'console.member.photo': { method: 'GET', path: '/console/members/:member/photo', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: true },
  'console.member.photo.put': { method: 'PUT', path: '/console/members/:member/photo', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.photo.delete': { method: 'DELETE', path: '/console/members/:member/photo', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'member.list': { method: 'GET', path: '/members', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'member.read': { method: 'GET', path: '/members/:member', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.member.list': { method: 'GET', path: '/console/members', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.export': { method: 'GET', path: '/console/member-list', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: true },
  'console.member.read': { method: 'GET', path: '/console/members/:member', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.add': { method: 'POST', path: '/console/members', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.edit': { method: 'PUT', path: '/console/members/:member', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.rename': { method: 'POST', path: '/console/members/:member/rename', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.suspend': { method: 'POST', path: '/console/members/:member/suspend', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.resume': { method: 'POST', path: '/console/members/:member/resume', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.leave': { method: 'POST', path: '/console/members/:member/leave', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.back': { method: 'DELETE', path: '/console/members/:member/leave', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.logout': { method: 'POST', path: '/console/members/:member/logout', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.delete': { method: 'POST', path: '/console/members/:member/delete', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.restore': { method: 'POST', path: '/console/members/:leaver/restore', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'room.list': { method: 'GET', path: '/rooms', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.read': { method: 'GET', path: '/rooms/:room', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.post': { method: 'POST', path: '/rooms/:room/messages', ws: true, who: 'member', menu: '', retrySafe: true, file: false },
  'sync': { method: 'GET', path: '/sync', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.history': { method: 'GET', path: '/rooms/:room/messages', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.message': { method: 'GET', path: '/messages/:message', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.edit': { method: 'PUT', path: '/messages/:message', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.take_back': { method: 'POST', path: '/messages/:message/take-back', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.hide': { method: 'POST', path: '/messages/:message/hide', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.react': { method: 'PUT', path: '/messages/:message/reactions', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.vote': { method: 'PUT', path: '/messages/:message/votes', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.answers': { method: 'GET', path: '/messages/:message/answers', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.preview.picture': { method: 'GET', path: '/messages/:message/preview', ws: false, who: 'member', menu: '', retrySafe: false, file: true },
  'talk.poll.close': { method: 'POST', path: '/messages/:message/close', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.pin': { method: 'PUT', path: '/messages/:message/pin', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.forward': { method: 'POST', path: '/messages/:message/forward', ws: true, who: 'member', menu: '', retrySafe: true, file: false },
  'talk.pins': { method: 'GET', path: '/rooms/:room/pins', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.thread': { method: 'GET', path: '/messages/:message/thread', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.create': { method: 'POST', path: '/rooms', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.invite': { method: 'POST', path: '/rooms/:room/members', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.quit': { method: 'POST', path: '/rooms/:room/leave', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.remove': { method: 'POST', path: '/rooms/:room/remove', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.change': { method: 'PUT', path: '/rooms/:room', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.history': { method: 'PUT', path: '/rooms/:room/history', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.prefs': { method: 'PUT', path: '/rooms/:room/prefs', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.photo': { method: 'GET', path: '/rooms/:room/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: true },
  'room.photo.put': { method: 'PUT', path: '/rooms/:room/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'room.photo.delete': { method: 'DELETE', path: '/rooms/:room/photo', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.read': { method: 'PUT', path: '/rooms/:room/read', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.open': { method: 'PUT', path: '/rooms/:room/open', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.typing': { method: 'POST', path: '/rooms/:room/typing', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.readers': { method: 'GET', path: '/messages/:message/readers', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.remind': { method: 'POST', path: '/messages/:message/remind', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'me.here': { method: 'PUT', path: '/me/here', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'member.watch': { method: 'PUT', path: '/watched-members', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'me.here.show': { method: 'PUT', path: '/me/here/shown', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.later.message': { method: 'POST', path: '/rooms/:room/later', ws: true, who: 'member', menu: '', retrySafe: true, file: false },
  'talk.later.remind': { method: 'PUT', path: '/messages/:message/reminder', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.later.list': { method: 'GET', path: '/later', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.later.delete': { method: 'DELETE', path: '/later/:later', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.draft': { method: 'PUT', path: '/rooms/:room/draft', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.drafts': { method: 'GET', path: '/drafts', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.save': { method: 'PUT', path: '/messages/:message/saved', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.saved': { method: 'GET', path: '/saved', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.keywords.set': { method: 'PUT', path: '/keywords', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.keywords': { method: 'GET', path: '/keywords', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.search': { method: 'GET', path: '/search', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'console.talk.retention': { method: 'GET', path: '/console/talk/retention', ws: false, who: 'console', menu: 'service.talk', retrySafe: false, file: false },
  'talk.folder.list': { method: 'GET', path: '/talk-folders', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.folder.add': { method: 'POST', path: '/talk-folders', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.folder.order': { method: 'PUT', path: '/talk-folders', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.folder.rename': { method: 'PUT', path: '/talk-folders/:talkfolder', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.folder.delete': { method: 'DELETE', path: '/talk-folders/:talkfolder', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'room.folder': { method: 'PUT', path: '/rooms/:room/folder', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.gallery': { method: 'GET', path: '/rooms/:room/gallery', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'file.begin': { method: 'POST', path: '/rooms/:room/uploads', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'file.part': { method: 'PUT', path: '/uploads/:upload', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'file.upload': { method: 'GET', path: '/uploads/:upload', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'file.cancel': { method: 'DELETE', path: '/uploads/:upload', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'file.ticket': { method: 'POST', path: '/files/:stored/ticket', ws: true, who: 'member', menu: '', retrySafe: false, file: false },
  'file.page': { method: 'POST', path: '/files/:stored/page', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'file.fetch': { method: 'GET', path: '/file/:ticket', ws: false, who: 'public', menu: '', retrySafe: false, file: true },
  'photo.begin': { method: 'POST', path: '/uploads', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.storage': { method: 'GET', path: '/console/storage', ws: false, who: 'console', menu: 'stats.storage', retrySafe: false, file: false },
  'talk.export': { method: 'POST', path: '/rooms/:room/exports', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.export.list': { method: 'GET', path: '/rooms/:room/exports', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'talk.export.ticket': { method: 'POST', path: '/exports/:export/ticket', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.open': { method: 'POST', path: '/console/session', ws: false, who: 'admin', menu: '', retrySafe: false, file: false },
  'console.end': { method: 'DELETE', path: '/console/session', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.menu': { method: 'GET', path: '/console/menu', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.setting.list': { method: 'GET', path: '/console/settings', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.setting.put': { method: 'PUT', path: '/console/settings/:setting', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.setting.put_all': { method: 'PUT', path: '/console/settings', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.setting.history': { method: 'GET', path: '/console/settings/:setting/history', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.preset.read': { method: 'GET', path: '/console/settings/preset', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.preset.apply': { method: 'POST', path: '/console/settings/preset', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.setting.export': { method: 'GET', path: '/console/settings/export', ws: false, who: 'console', menu: 'any', retrySafe: false, file: true },
  'console.home': { method: 'GET', path: '/console/home', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.cancellation.read': { method: 'GET', path: '/console/cancellation', ws: false, who: 'console', menu: 'basic.cancel', retrySafe: false, file: false },
  'console.cancellation': { method: 'POST', path: '/console/cancellation', ws: false, who: 'console', menu: 'basic.cancel', retrySafe: false, file: false },
  'console.admin.list': { method: 'GET', path: '/console/admins', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.admin.export': { method: 'GET', path: '/console/admins/file', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: true },
  'console.admin.grant': { method: 'PUT', path: '/console/admins/:member', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.admin.confirm': { method: 'POST', path: '/console/admins/:member/confirm', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.handover.begin': { method: 'POST', path: '/console/admins/:member/handover', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.handover.end': { method: 'DELETE', path: '/console/handover', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'me.handover': { method: 'GET', path: '/me/handover', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.handover.accept': { method: 'POST', path: '/me/handover', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'me.handover.decline': { method: 'DELETE', path: '/me/handover', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.role.list': { method: 'GET', path: '/console/roles', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.role.add': { method: 'POST', path: '/console/roles', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.role.put': { method: 'PUT', path: '/console/roles/:role', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.role.delete': { method: 'DELETE', path: '/console/roles/:role', ws: false, who: 'console', menu: 'security.admins', retrySafe: false, file: false },
  'console.group.list': { method: 'GET', path: '/console/groups', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.gone': { method: 'GET', path: '/console/gone-groups', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.people': { method: 'GET', path: '/console/group-people', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.read': { method: 'GET', path: '/console/groups/:group', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.add': { method: 'POST', path: '/console/groups', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.edit': { method: 'PUT', path: '/console/groups/:group', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.delete': { method: 'DELETE', path: '/console/groups/:group', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'console.group.restore': { method: 'POST', path: '/console/gone-groups/:gone/restore', ws: false, who: 'console', menu: 'member.group', retrySafe: false, file: false },
  'group.list': { method: 'GET', path: '/groups', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'group.read': { method: 'GET', path: '/groups/:group', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'group.make': { method: 'POST', path: '/groups', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'group.change': { method: 'PUT', path: '/groups/:group', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'group.delete': { method: 'DELETE', path: '/groups/:group', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.unit.list': { method: 'GET', path: '/console/units', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.read': { method: 'GET', path: '/console/units/:unit', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.people': { method: 'GET', path: '/console/units/:unit/members', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.add': { method: 'POST', path: '/console/units', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.edit': { method: 'PUT', path: '/console/units/:unit', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.move_plan': { method: 'GET', path: '/console/units/:unit/move', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.move': { method: 'POST', path: '/console/units/:unit/move', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.members': { method: 'POST', path: '/console/units/:unit/members', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.candidates': { method: 'GET', path: '/console/unit-candidates', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.delete': { method: 'DELETE', path: '/console/units/:unit', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.gone': { method: 'GET', path: '/console/former-units', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.unit.restore': { method: 'POST', path: '/console/former-units/:formerunit/restore', ws: false, who: 'console', menu: 'member.unit', retrySafe: false, file: false },
  'console.member.units': { method: 'GET', path: '/console/members/:member/units', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.units_put': { method: 'PUT', path: '/console/members/:member/units', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'unit.list': { method: 'GET', path: '/units', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'unit.read': { method: 'GET', path: '/units/:unit', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'unit.people': { method: 'GET', path: '/units/:unit/members', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'unit.functions': { method: 'PUT', path: '/units/:unit/functions', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.label.list': { method: 'GET', path: '/console/labels', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.label.add': { method: 'POST', path: '/console/labels', ws: false, who: 'console', menu: 'member.label', retrySafe: false, file: false },
  'console.label.rename': { method: 'PUT', path: '/console/labels/:label', ws: false, who: 'console', menu: 'member.label', retrySafe: false, file: false },
  'console.label.place': { method: 'POST', path: '/console/labels/:label/place', ws: false, who: 'console', menu: 'member.label', retrySafe: false, file: false },
  'console.label.holders': { method: 'GET', path: '/console/labels/:label/members', ws: false, who: 'console', menu: 'member.label', retrySafe: false, file: false },
  'console.label.delete': { method: 'DELETE', path: '/console/labels/:label', ws: false, who: 'console', menu: 'member.label', retrySafe: false, file: false },
  'console.template.list': { method: 'GET', path: '/console/templates', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.add': { method: 'POST', path: '/console/templates', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.put': { method: 'PUT', path: '/console/templates/:template', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.delete': { method: 'DELETE', path: '/console/templates/:template', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.members': { method: 'GET', path: '/console/templates/:template/members', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.type': { method: 'PUT', path: '/console/labels/:label/template', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.member': { method: 'PUT', path: '/console/members/:member/template', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.template.of_member': { method: 'GET', path: '/console/members/:member/template', ws: false, who: 'console', menu: 'security.service', retrySafe: false, file: false },
  'console.import.template': { method: 'GET', path: '/console/imports/template', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: true },
  'console.import.begin': { method: 'POST', path: '/console/imports', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.import.part': { method: 'POST', path: '/console/imports/:import/part', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.import.check': { method: 'POST', path: '/console/imports/:import/check', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.import.run': { method: 'POST', path: '/console/imports/:import/run', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.import.links': { method: 'POST', path: '/console/imports/:import/links', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.audit.list': { method: 'GET', path: '/console/audit', ws: false, who: 'console', menu: 'audit.console', retrySafe: false, file: false },
  'console.audit.search': { method: 'GET', path: '/console/audit/:log', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.audit.receivers': { method: 'GET', path: '/console/audit/:log/receivers', ws: false, who: 'console', menu: 'any', retrySafe: false, file: false },
  'console.audit.download': { method: 'POST', path: '/console/audit/:log/downloads', ws: false, who: 'console', menu: 'audit.download', retrySafe: false, file: false },
  'console.download.list': { method: 'GET', path: '/console/downloads', ws: false, who: 'console', menu: 'audit.download', retrySafe: false, file: false },
  'console.download.fetch': { method: 'GET', path: '/console/downloads/:file', ws: false, who: 'console', menu: 'audit.download', retrySafe: false, file: true },
  'access.list': { method: 'GET', path: '/accesses', ws: false, who: 'member', menu: '', retrySafe: false, file: false },
  'console.member.accesses': { method: 'GET', path: '/console/members/:member/accesses', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.session_end': { method: 'POST', path: '/console/members/:member/session-end', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.devices': { method: 'GET', path: '/console/members/:member/devices', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.device_drop': { method: 'POST', path: '/console/members/:member/device-drop', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.lost': { method: 'POST', path: '/console/members/:member/lost', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.lost_read': { method: 'GET', path: '/console/members/:member/lost', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
  'console.member.app': { method: 'PUT', path: '/console/members/:member/app', ws: false, who: 'console', menu: 'member.member', retrySafe: false, file: false },
};

/** What a call of an operation carries: only the parts that the operation has. */
export type CallParts<N extends OpName> = {
  [P in 'params' | 'query' | 'body' as Ops[N][P] extends undefined ? never : P]: Ops[N][P];
};
export type CallArgs<N extends OpName> = keyof CallParts<N> extends never ? [] : [parts: CallParts<N>];
export type Call = <N extends OpName>(op: N, ...args: CallArgs<N>) => Promise<Ops[N]['output']>;

export interface Events {
  'talk.message.posted': MessageOut;
  'room.joined': RoomOut;
  'room.left': RoomLeft;
  'room.changed': RoomChanged;
  'talk.message.changed': MessageOut;
  'talk.message.changed_for': MessageOut;
  'talk.message.hidden': MessagePlace;
  'room.prefs': RoomOut;
  'room.read': RoomReads;
  'talk.typing': Typing;
  'talk.draft': Draft;
  'talk.keywords': Keywords;
  'talk.folders': TalkFolders;
  'room.read.own': OwnRead;
  'session.second.asked': SecondAsking;
  'member.here': Here;
}
export type EventName = keyof Events;
export const eventNames: EventName[] = ['talk.message.posted', 'room.joined', 'room.left', 'room.changed', 'talk.message.changed', 'talk.message.changed_for', 'talk.message.hidden', 'room.prefs', 'room.read', 'talk.typing', 'talk.draft', 'talk.keywords', 'talk.folders', 'room.read.own', 'session.second.asked', 'member.here'];

/** The largest length of a text in characters, by operation and field. */
export const limits = {
  'session.open.id': 64,
  'session.open.password': 1024,
  'session.open.client': 32,
  'me.password.old': 1024,
  'me.password.new': 1024,
  'terms.accept.version': 32,
  'device.enrol.key': 87,
  'device.session.signature': 86,
  'second.prove.code': 64,
  'me.second.app.password': 1024,
  'me.second.app.confirm.code': 64,
  'me.second.app.drop.password': 1024,
  'me.second.codes.password': 1024,
  'link.read.token': 64,
  'link.use.token': 64,
  'link.use.password': 1024,
  'link.use.client': 32,
  'password.forgot.id': 64,
  'console.member.password.password': 1024,
  'invite.read.token': 64,
  'invite.use.token': 64,
  'invite.use.login': 64,
  'invite.use.family': 80,
  'invite.use.given': 80,
  'invite.use.family_reading': 80,
  'invite.use.given_reading': 80,
  'invite.use.password': 1024,
  'me.profile.nickname': 80,
  'me.profile.employee_number': 40,
  'me.profile.phone': 40,
  'me.profile.mobile': 40,
  'me.profile.private_mail': 254,
  'me.profile.workplace': 200,
  'me.profile.duties': 200,
  'me.profile.sns': 200,
  'me.profile.birthday': 10,
  'me.profile.join_date': 10,
  'me.profile.related_contact': 200,
  'me.correction.field': 40,
  'me.correction.text': 1000,
  'me.presence.text': 60,
  'console.member.add.login': 64,
  'console.member.add.family': 80,
  'console.member.add.given': 80,
  'console.member.add.family_reading': 80,
  'console.member.add.given_reading': 80,
  'console.member.add.nickname': 80,
  'console.member.add.employee_number': 40,
  'console.member.add.language': 2,
  'console.member.add.phone': 16,
  'console.member.add.mobile': 16,
  'console.member.add.private_mail': 254,
  'console.member.add.workplace': 200,
  'console.member.add.duties': 200,
  'console.member.add.sns': 200,
  'console.member.add.birthday': 10,
  'console.member.add.join_date': 10,
  'console.member.add.related_contact': 200,
  'console.member.add.start': 10,
  'console.member.add.password': 1024,
  'console.member.edit.family': 80,
  'console.member.edit.given': 80,
  'console.member.edit.family_reading': 80,
  'console.member.edit.given_reading': 80,
  'console.member.edit.nickname': 80,
  'console.member.edit.employee_number': 40,
  'console.member.edit.language': 2,
  'console.member.edit.phone': 16,
  'console.member.edit.mobile': 16,
  'console.member.edit.private_mail': 254,
  'console.member.edit.workplace': 200,
  'console.member.edit.duties': 200,
  'console.member.edit.sns': 200,
  'console.member.edit.birthday': 10,
  'console.member.edit.join_date': 10,
  'console.member.edit.related_contact': 200,
  'console.member.edit.grade': 20,
  'console.member.edit.permtype': 20,
  'console.member.edit.start': 10,
  'console.member.rename.login': 64,
  'console.member.leave.from': 10,
  'console.member.leave.until': 10,
  'talk.post.key': 36,
  'talk.post.text': 10000,
  'talk.post.stamp': 40,
  'talk.edit.text': 10000,
  'talk.react.mark': 8,
  'room.create.name': 100,
  'room.change.name': 100,
  'talk.later.message.key': 36,
  'talk.later.message.text': 10000,
  'talk.draft.text': 10000,
  'talk.folder.add.name': 20,
  'talk.folder.rename.name': 20,
  'file.begin.name': 1000,
  'file.begin.sha256': 64,
  'photo.begin.name': 1000,
  'photo.begin.sha256': 64,
  'console.open.password': 1024,
  'console.setting.put.value': 40000,
  'console.preset.apply.menu': 64,
  'console.preset.apply.mark': 64,
  'console.cancellation.workgroup': 63,
  'me.handover.accept.password': 1024,
  'console.role.add.name': 50,
  'console.role.put.name': 50,
  'console.group.add.name': 80,
  'console.group.add.description': 1000,
  'console.group.edit.name': 80,
  'console.group.edit.description': 1000,
  'group.make.name': 80,
  'group.make.description': 1000,
  'group.change.name': 80,
  'group.change.description': 1000,
  'console.unit.add.name': 80,
  'console.unit.add.code': 40,
  'console.unit.add.description': 1000,
  'console.unit.edit.name': 80,
  'console.unit.edit.code': 40,
  'console.unit.edit.description': 1000,
  'console.label.add.name': 50,
  'console.label.rename.name': 50,
  'console.template.add.name': 50,
  'console.template.put.name': 50,
  'console.import.begin.name': 200,
  'console.import.part.data': 43692,
  'console.audit.download.from': 10,
  'console.audit.download.to': 10,
  'console.audit.download.act': 64,
  'console.audit.download.ip': 45,
  'console.audit.download.channel': 8,
  'console.audit.download.result': 40,
  'console.audit.download.word': 50,
} as const;

export type ErrorCode =
  | 'invalid_value'
  | 'confirm_required'
  | 'sign_in'
  | 'session_ended'
  | 'not_started'
  | 'suspended'
  | 'reauth_required'
  | 'second_step_required'
  | 'code_wrong'
  | 'last_way'
  | 'forbidden'
  | 'denied'
  | 'too_late'
  | 'plan_required'
  | 'password_change_required'
  | 'terms_required'
  | 'app_suspended'
  | 'service_disabled'
  | 'ip_not_allowed'
  | 'malware'
  | 'file_unscannable'
  | 'file_type'
  | 'cross_site'
  | 'not_approved'
  | 'unknown_client'
  | 'not_found'
  | 'method'
  | 'key_reused'
  | 'conflict'
  | 'login_taken'
  | 'number_taken'
  | 'template_used'
  | 'template_other'
  | 'started'
  | 'seats_exceeded'
  | 'link_ended'
  | 'invite_ended'
  | 'ticket_ended'
  | 'file_held'
  | 'export_stale'
  | 'upload_state'
  | 'import_errors'
  | 'builtin_role'
  | 'role_held'
  | 'not_yet'
  | 'lock_out'
  | 'members_waiting'
  | 'network_list_empty'
  | 'last_master'
  | 'external_unavailable'
  | 'code_taken'
  | 'name_taken'
  | 'unit_cycle'
  | 'unit_depth'
  | 'unit_has_members'
  | 'label_in_use'
  | 'members_left'
  | 'erased'
  | 'not_picture'
  | 'too_large'
  | 'quota_exceeded'
  | 'room_quota_exceeded'
  | 'misdirected'
  | 'too_many'
  | 'rolled_back'
  | 'retry'
  | 'store_away'
  | 'storage_full'
  | 'internal';

export const errorStatus: Record<ErrorCode, number> = {
  'invalid_value': 400,
  'confirm_required': 400,
  'sign_in': 401,
  'session_ended': 401,
  'not_started': 401,
  'suspended': 401,
  'reauth_required': 401,
  'second_step_required': 401,
  'code_wrong': 403,
  'last_way': 409,
  'forbidden': 403,
  'denied': 403,
  'too_late': 403,
  'plan_required': 403,
  'password_change_required': 403,
  'terms_required': 403,
  'app_suspended': 403,
  'service_disabled': 403,
  'ip_not_allowed': 403,
  'malware': 403,
  'file_unscannable': 403,
  'file_type': 403,
  'cross_site': 403,
  'not_approved': 403,
  'unknown_client': 403,
  'not_found': 404,
  'method': 405,
  'key_reused': 409,
  'conflict': 409,
  'login_taken': 409,
  'number_taken': 409,
  'template_used': 409,
  'template_other': 409,
  'started': 409,
  'seats_exceeded': 409,
  'link_ended': 410,
  'invite_ended': 410,
  'ticket_ended': 410,
  'file_held': 409,
  'export_stale': 409,
  'upload_state': 409,
  'import_errors': 409,
  'builtin_role': 409,
  'role_held': 409,
  'not_yet': 409,
  'lock_out': 409,
  'members_waiting': 409,
  'network_list_empty': 409,
  'last_master': 409,
  'external_unavailable': 409,
  'code_taken': 409,
  'name_taken': 409,
  'unit_cycle': 409,
  'unit_depth': 409,
  'unit_has_members': 409,
  'label_in_use': 409,
  'members_left': 409,
  'erased': 410,
  'not_picture': 415,
  'too_large': 413,
  'quota_exceeded': 413,
  'room_quota_exceeded': 413,
  'misdirected': 421,
  'too_many': 429,
  'rolled_back': 503,
  'retry': 503,
  'store_away': 503,
  'storage_full': 507,
  'internal': 500,
};

export const errorSentences: Record<'ja' | 'en', Record<ErrorCode, string>> = {
  ja: {
    'invalid_value': '入力内容を確認してください。',
    'confirm_required': '強い権限を含みます。内容を確認してから、もう一度操作してください。',
    'sign_in': 'Engawa ID またはパスワードが正しくありません。',
    'session_ended': 'ログアウトしました。もう一度ログインしてください。',
    'not_started': '利用開始日より前のため、まだログインできません。',
    'suspended': 'このアカウントは一時停止されています。管理者に連絡してください。',
    'reauth_required': 'この操作には本人確認が必要です。パスワードを入力してください。',
    'second_step_required': '2段階認証がまだ終わっていません。認証コードを入力してください。',
    'code_wrong': '認証コードが正しくないか、使用済みです。新しいコードを入力してください。',
    'last_way': '2段階認証が必要なため、認証アプリの登録は解除できません。別のスマートフォンに替えるときは「登録し直す」を選んでください。',
    'forbidden': 'この機能を使う権限がありません。管理者に確認してください。',
    'denied': 'この操作は許可されていません。',
    'too_late': '送信取消と編集ができる時間を過ぎました。',
    'plan_required': '現在のプランでは利用できません。プランについては運営者に相談してください。',
    'password_change_required': '先に新しいパスワードを設定してください。',
    'terms_required': '先に利用規約への同意が必要です。',
    'app_suspended': 'アプリの利用が止められています。ブラウザからは利用できます。再開するには管理者に連絡してください。',
    'service_disabled': '会社の設定により、このサービスはここでは利用できません。別の端末やブラウザから試すか、管理者に確認してください。',
    'ip_not_allowed': 'このネットワークからは利用できません。会社のネットワークにつないでから、もう一度お試しください。',
    'malware': 'このファイルからマルウェアが検出されたため、送受信できません。ファイルを作成した端末のウイルスチェックを行い、管理者に連絡してください。',
    'file_unscannable': 'このファイルはマルウェアのチェックができないため、送受信できません。パスワードを外すか、小さく分けてからもう一度お試しください。',
    'file_type': 'この種類のファイルは送受信できません。管理者に確認してください。',
    'cross_site': '別のサイトからの操作は受け付けられません。',
    'not_approved': 'まだ承認されていないため、ログインできません。お急ぎのときは、招待した人か管理者に確認してください。',
    'unknown_client': 'このアプリからは利用できません。',
    'not_found': '見つかりませんでした。削除されたか、見る権限がありません。',
    'method': 'この方法では呼び出せません。',
    'key_reused': '同じ送信番号で別の内容が送られています。',
    'conflict': 'ほかの人が先に変更しました。内容を確認してください。',
    'login_taken': 'この Engawa ID はほかのメンバーが使っているか、最近まで使っていました。別の ID にしてください。',
    'number_taken': 'この社員番号はほかのメンバーが使っています。',
    'template_used': 'この権限テンプレートは使われています。削除すると、使っているメンバーには別の権限テンプレートまたは基本設定が適用されます。',
    'template_other': 'この利用権限タイプには、すでに別の権限テンプレートが割り当てられています。置き換えるかどうかを確認してください。',
    'started': '利用を開始しているため、利用開始日は変更できません。',
    'seats_exceeded': '契約しているライセンス数に達しています。使わないメンバーを削除するか、運営者に相談してください。',
    'link_ended': 'このリンクは使用済みか、期限が切れています。管理者に新しいリンクを頼んでください。',
    'invite_ended': 'この招待リンクは、期限が切れたか、使えなくなっています。招待した人か管理者に、新しいリンクを頼んでください。',
    'ticket_ended': 'ファイルを開く期限が切れました。もう一度、ファイルを選んでください。',
    'file_held': 'このファイルは、マルウェアのチェックが終わるまで開けません。しばらくしてからもう一度お試しください。続くときは、管理者に連絡してください。',
    'export_stale': '書き出したあとに、取り消されたメッセージ、または削除・制限されたファイルがあります。もう一度書き出してください。',
    'upload_state': 'ファイルのアップロードが終わっていないか、すでに送信されています。',
    'import_errors': '誤りのある行があるため、だれも追加していません。直してから、もう一度確認してください。',
    'builtin_role': 'はじめから用意されている権限は変更できません。',
    'role_held': 'この権限を持っている人がいるため削除できません。先に、権限を外すか、別の権限に変更してください。',
    'not_yet': 'この設定は、この版ではまだ働きません。',
    'lock_out': 'このまま保存すると、今使っているネットワークからあなた自身が利用できなくなります。',
    'members_waiting': '承認待ちの人がいます。自動承認をオンにすると、その全員が承認され、ライセンスを使います。',
    'network_list_empty': 'アクセスを許可する IP アドレスが1つもないため、だれも利用できなくなります。先に IP アドレスを追加するか、制限を「すべて許可」にしてください。',
    'last_master': 'グループマスターが1人もいなくなるため、変更できません。先にほかのメンバーをグループマスターにしてください。',
    'external_unavailable': '外部ユーザーとのグループは、まだ作成できません。グループタイプを「社内」にしてください。',
    'code_taken': 'この組織 ID はすでに使われています。別の ID を指定してください。',
    'name_taken': '同じ名前がすでにあります。別の名前を指定してください。',
    'unit_cycle': '組織を自身やその下位組織の下に移動することはできません。別の移動先を選んでください。',
    'unit_depth': '組織の階層は10段までです。上の階層に置いてください。',
    'unit_has_members': 'メンバーがいる組織は削除できません。先にメンバーを移動してください。',
    'label_in_use': '使っているメンバーがいるため削除できません。先にメンバーから外してください。',
    'members_left': '最高管理者のほかにメンバーが残っているため、解約できません。一時停止中のメンバーや利用開始前のメンバーも含めて、先に全員を削除してください。',
    'erased': 'データは完全に削除されました。元に戻すことはできません。',
    'not_picture': '画像として読み取れませんでした。JPEG、PNG、WebP、GIF、HEICの画像を選んでください。',
    'too_large': '大きすぎるため送信できません。',
    'quota_exceeded': '会社の保存容量がいっぱいのため、送信できません。要らないファイルを削除するか、管理者に連絡してください。',
    'room_quota_exceeded': 'このトークルームの保存容量がいっぱいのため、送信できません。ルームの要らないファイルを削除するか、管理者に連絡してください。',
    'misdirected': 'このアドレスでは提供していません。',
    'too_many': '操作が続いたため、少し待ってからもう一度お試しください。',
    'rolled_back': '保存されているデータが最後の記録より古いため、このワークグループを停止しています。管理者は運営者に連絡してください。',
    'retry': '一時的に処理できませんでした。もう一度お試しください。',
    'store_away': 'ファイルの保管先に接続できません。しばらくしてからもう一度お試しください。続くときは管理者に連絡してください。',
    'storage_full': '保存できる容量がありません。管理者に連絡してください。',
    'internal': '問題が起きました。続くときは、管理者に番号を伝えてください。',
  },
  en: {
    'invalid_value': 'Please check what you entered.',
    'confirm_required': 'This gives strong rights. Please confirm the danger and try again.',
    'sign_in': 'The Engawa ID or the password is not right.',
    'session_ended': 'You have been logged out. Please log in again.',
    'not_started': 'You cannot log in before your start date.',
    'suspended': 'This account is suspended. Please contact your administrator.',
    'reauth_required': 'This needs your password again.',
    'second_step_required': 'Two-step verification is not finished. Please enter your code.',
    'code_wrong': 'The code is not right, or has been used already. Please enter a new one.',
    'last_way': 'Two-step verification is required of you, so the app cannot be removed. To use another phone, choose Register again.',
    'forbidden': 'You are not allowed to use this. Please ask your administrator.',
    'denied': 'You are not allowed to do this.',
    'too_late': 'The time for taking back and editing is over.',
    'plan_required': 'Your plan does not include this. Please ask your operator.',
    'password_change_required': 'Please set a new password first.',
    'terms_required': 'Please accept the terms of use first.',
    'app_suspended': 'Use of the apps is stopped for your account. You can go on in a browser; to use the app again, please ask your administrator.',
    'service_disabled': 'Your company does not allow this service here. Please try another device or the browser, or ask your administrator.',
    'ip_not_allowed': 'Your company does not allow the use of Engawa from this network. Please connect to your company\'s network and try again.',
    'malware': 'Malware was found in this file, so it can be neither sent nor opened. Please check the device it came from, and tell your administrator.',
    'file_unscannable': 'This file cannot be checked for malware, so it can be neither sent nor opened. Please take its password off, or send it in smaller pieces.',
    'file_type': 'Files of this kind cannot be sent or opened here. Please ask your administrator.',
    'cross_site': 'A request from another site is refused.',
    'not_approved': 'You cannot log in yet: an administrator has not approved you. If it is urgent, ask whoever invited you, or your administrator.',
    'unknown_client': 'This client is not known here.',
    'not_found': 'It does not exist, or you may not see it.',
    'method': 'This method is not available here.',
    'key_reused': 'Another content was already sent under this key.',
    'conflict': 'Somebody else changed this first. Please look again.',
    'login_taken': 'Another member uses this Engawa ID, or did until recently. Please choose another.',
    'number_taken': 'Another member has this employee number.',
    'template_used': 'This permission template is in use. If you delete it, its members get another template or the basic settings.',
    'template_other': 'This permission type has another permission template already. Please confirm that it should be replaced.',
    'started': 'The start date has passed and cannot be changed any more.',
    'seats_exceeded': 'All seats of your plan are taken. Delete members who no longer need one, or ask your operator.',
    'link_ended': 'This link has been used or has expired. Please ask your administrator for a new one.',
    'invite_ended': 'This invitation has expired, or cannot be used any more. Please ask whoever invited you, or an administrator, for a new one.',
    'ticket_ended': 'The time to open this file is over. Please choose it again.',
    'file_held': 'This file cannot be opened until it has been checked for malware. Please try again in a while; if it stays like this, tell your administrator.',
    'export_stale': 'Since it was exported, messages were taken back, or files were deleted or limited. Please export the room again.',
    'upload_state': 'The upload is not where it was thought to be: not whole yet, further on, or sent already.',
    'import_errors': 'Nobody was added: some lines are wrong. Please mend them and check again.',
    'builtin_role': 'A built-in role cannot be changed.',
    'role_held': 'Somebody holds this role, so it cannot be deleted. Please take it from its holders, or give them another one, first.',
    'not_yet': 'Nothing in this version obeys this setting yet.',
    'lock_out': 'With this saved, you yourself could no longer use Engawa from the network you are in.',
    'members_waiting': 'Some people are waiting for approval. With automatic approval, all of them are approved and take seats.',
    'network_list_empty': 'No IP address would be allowed, so nobody could use Engawa. Add an address first, or allow access from everywhere.',
    'last_master': 'The group would have no master. Please make another member a master first.',
    'external_unavailable': 'Groups with external users cannot be made yet. Please choose the type Internal.',
    'code_taken': 'This unit ID is already in use. Please choose another one.',
    'name_taken': 'This name already exists. Please choose another one.',
    'unit_cycle': 'A unit cannot be moved below itself. Please choose another place.',
    'unit_depth': 'Units can be nested up to 10 levels. Please choose a place further up.',
    'unit_has_members': 'A unit with members cannot be deleted. Please move its members first.',
    'label_in_use': 'Members still have it, so it cannot be deleted. Please take it from them first.',
    'members_left': 'It cannot be cancelled while anybody but the super admin is left. Please delete all other members first, suspended ones and those who have not started too.',
    'erased': 'All data have been erased. Nothing brings them back.',
    'not_picture': 'This could not be read as a picture. Please choose a JPEG, PNG, WebP, GIF or HEIC picture.',
    'too_large': 'This is too large.',
    'quota_exceeded': 'The storage of your company is full. Please delete files that nobody needs, or tell your administrator.',
    'room_quota_exceeded': 'The storage of this room is full. Please delete files of the room that nobody needs, or tell your administrator.',
    'misdirected': 'This host is not served here.',
    'too_many': 'Too many requests. Please wait a moment and try again.',
    'rolled_back': 'What is stored here is older than what was last recorded, so this workgroup is closed. Administrators, please tell your operator.',
    'retry': 'This could not be done just now. Please try again.',
    'store_away': 'The place where files are kept does not answer. Please try again later; if it goes on, tell your administrator.',
    'storage_full': 'There is no room left to store this. Please tell your administrator.',
    'internal': 'Something failed here. If it goes on, give your administrator the reference.',
  },
};

/** The names of the kinds of audit rows. */
export const auditKinds: Record<string, { log: string; ja: string; en: string }> = {
  'session.open': { log: 'login', ja: 'ログイン', en: 'Log in' },
  'session.end': { log: 'login', ja: 'ログアウト', en: 'Log out' },
  'session.close': { log: 'login', ja: 'ほかの端末のログアウト', en: 'End another session' },
  'session.forced': { log: 'login', ja: '管理者による強制ログアウト', en: 'Log-out forced by an administrator' },
  'session.refresh': { log: 'login', ja: 'ログインの更新', en: 'Renew a session' },
  'device.enrol': { log: 'login', ja: '端末の登録', en: 'Enrol a device' },
  'member.password': { log: 'login', ja: 'パスワードの変更', en: 'Change of password' },
  'password.link': { log: 'login', ja: 'リンクによるパスワードの設定', en: 'Set a password by link' },
  'password.forgot': { log: 'login', ja: 'パスワードを忘れた場合の申請', en: 'Report of a forgotten password' },
  'terms.accept': { log: 'login', ja: '利用規約への同意', en: 'Accept the terms of use' },
  'session.second': { log: 'login', ja: '2段階認証', en: 'Second step of logging in' },
  'session.second.ask': { log: 'login', ja: 'ほかの端末への2段階認証の確認依頼', en: 'Ask another device for the second step' },
  'session.second.answer': { log: 'login', ja: 'ほかの端末のログインの確認', en: 'Answer another device\'s login' },
  'second.app': { log: 'login', ja: '2段階認証の認証アプリの登録と解除', en: 'Register or remove the authenticator app' },
  'second.codes': { log: 'login', ja: '2段階認証の予備コードの作成', en: 'Make backup codes of the second step' },
  'second.slip': { log: 'adm', ja: '2段階認証のコードの発行', en: 'Give out a code for the second step' },
  'second.reset': { log: 'adm', ja: '2段階認証の登録の解除', en: 'Remove a member\'s second step' },
  'login.pause': { log: 'login', ja: 'ログイン失敗による一時停止', en: 'Login paused after failures' },
  'talk.post': { log: 'talk', ja: 'メッセージの送信', en: 'Send a message' },
  'talk.edit': { log: 'talk', ja: 'メッセージの編集', en: 'Edit a message' },
  'talk.take_back': { log: 'talk', ja: 'メッセージの送信取消', en: 'Take back a message' },
  'talk.pin': { log: 'talk', ja: 'メッセージのピン留めと解除', en: 'Pin or unpin a message' },
  'talk.poll.close': { log: 'talk', ja: '投票の締め切り', en: 'Close a poll' },
  'talk.hide': { log: 'talk', ja: 'メッセージを自分の画面から削除', en: 'Delete a message for oneself' },
  'talk.react': { log: 'talk', ja: 'リアクション', en: 'Reaction to a message' },
  'talk.vote': { log: 'talk', ja: '投票', en: 'Vote in a poll' },
  'talk.later': { log: 'talk', ja: '送信予約またはリマインダーの登録', en: 'Schedule a message or a reminder' },
  'talk.later.delete': { log: 'talk', ja: '送信予約またはリマインダーの取り消し', en: 'Drop a scheduled message or a reminder' },
  'talk.save': { log: 'talk', ja: 'メッセージを自分用に保存', en: 'Save a message for oneself' },
  'talk.keywords': { log: 'talk', ja: 'キーワード通知の変更', en: 'Change of own keyword alerts' },
  'talk.remind': { log: 'talk', ja: '未読のメンバーへの通知', en: 'Remind those who have not read' },
  'file.upload': { log: 'file', ja: 'ファイルのアップロードの開始', en: 'Begin to upload a file' },
  'file.uploaded': { log: 'file', ja: 'ファイルのアップロードの完了', en: 'A file was uploaded' },
  'file.checked': { log: 'file', ja: 'ファイルのマルウェアの再チェック', en: 'A file was checked for malware again' },
  'file.cancel': { log: 'file', ja: 'アップロードの取り消し', en: 'Drop an upload' },
  'file.download': { log: 'file', ja: 'ファイルのダウンロード', en: 'Download a file' },
  'file.view': { log: 'file', ja: 'ファイルの表示', en: 'View a file' },
  'talk.export': { log: 'file', ja: 'トークルームの書き出しの開始', en: 'Begin to export a talk room' },
  'talk.exported': { log: 'file', ja: 'トークルームの書き出しの完了', en: 'A talk room was exported' },
  'talk.export.fetch': { log: 'file', ja: '書き出したトークルームの保存', en: 'Save an exported talk room' },
  'talk.room.add': { log: 'talk', ja: 'トークルームの作成', en: 'Make a talk room' },
  'talk.room.join': { log: 'talk', ja: 'トークルームへの参加', en: 'Join a talk room' },
  'talk.room.leave': { log: 'talk', ja: 'トークルームからの退出', en: 'Leave a talk room' },
  'talk.room.change': { log: 'talk', ja: 'トークルームの変更', en: 'Change of a talk room' },
  'talk.room.prefs': { log: 'talk', ja: 'トークルームの表示の変更', en: 'How a member keeps a talk room' },
  'talk.folder': { log: 'talk', ja: 'トークのフォルダの変更', en: 'Change of the folders of talk rooms' },
  'talk.room.photo': { log: 'talk', ja: 'トークルームの写真の変更', en: 'Change of a talk room\'s picture' },
  'talk.erase': { log: 'talk', ja: '保存期間を過ぎたメッセージの消去', en: 'Erase messages beyond their period' },
  'talk.import': { log: 'talk', ja: 'トーク履歴の読み込み', en: 'Import of talk history' },
  'me.profile': { log: 'adm', ja: '本人による情報の変更', en: 'Change of own data' },
  'me.photo': { log: 'adm', ja: '本人による顔写真の変更', en: 'Change of the own photo' },
  'me.presence': { log: 'adb', ja: 'ひとことの変更', en: 'Change of the own status' },
  'me.here': { log: 'adb', ja: 'オンライン表示の変更', en: 'Change of whether one is seen online' },
  'me.correction': { log: 'adm', ja: '情報の修正の依頼', en: 'Ask for a correction of own data' },
  'member.photo': { log: 'adm', ja: '顔写真の変更', en: 'Change of a member\'s photo' },
  'console.open': { log: 'adm', ja: '管理者画面を開く', en: 'Open the console' },
  'console.end': { log: 'adm', ja: '管理者画面を閉じる', en: 'Close the console' },
  'console.read': { log: 'adm', ja: '管理者画面の閲覧', en: 'View a console page' },
  'audit.view': { log: 'adm', ja: '監査ログの閲覧', en: 'View the audit log' },
  'audit.download': { log: 'adm', ja: '監査ログのダウンロードの開始', en: 'Start a download of a log' },
  'audit.download.made': { log: 'adm', ja: '監査ログのファイルの作成', en: 'A log\'s file was made' },
  'audit.download.fetch': { log: 'adm', ja: '監査ログのファイルの取得', en: 'Fetch a log\'s file' },
  'audit.erase': { log: 'adm', ja: '保管期限を過ぎた監査ログの消去', en: 'Erase audit rows beyond their term' },
  'audit.term': { log: 'adm', ja: '監査ログの保管日数の短縮の予告', en: 'Announce a shorter term of the audit log' },
  'member.add': { log: 'adm', ja: 'メンバーの追加', en: 'Add a member' },
  'member.role': { log: 'adm', ja: '管理者権限の変更', en: 'Change of admin rights' },
  'member.import.upload': { log: 'adm', ja: 'メンバーの一覧のアップロード', en: 'Upload of a list of members' },
  'member.import.check': { log: 'adm', ja: 'メンバーの一覧の確認', en: 'Check of a list of members' },
  'member.import': { log: 'adm', ja: 'メンバーの一括追加', en: 'Bulk add of members' },
  'member.import.links': { log: 'adm', ja: '一括追加したメンバーの初回設定リンクの作成', en: 'Setup links of a bulk add' },
  'member.invite': { log: 'adm', ja: '招待リンクの作成', en: 'Make an invitation link' },
  'member.invite.revoke': { log: 'adm', ja: '招待リンクの取り消し', en: 'Revoke an invitation link' },
  'member.invite.use': { log: 'adm', ja: '招待リンクからの登録', en: 'Register by an invitation link' },
  'member.invite.approve': { log: 'adm', ja: '招待された人の承認', en: 'Approve an invited person' },
  'member.invite.reject': { log: 'adm', ja: '招待された人の却下', en: 'Reject an invited person' },
  'member.role.confirm': { log: 'adm', ja: '管理者権限の再開', en: 'Confirm an admin role' },
  'role.add': { log: 'adm', ja: '独自の権限の作成', en: 'Make an admin role' },
  'role.delete': { log: 'adm', ja: '独自の権限の削除', en: 'Delete an admin role' },
  'role.edit': { log: 'adm', ja: '権限の内容の変更', en: 'Change what a role reaches' },
  'handover.begin': { log: 'adm', ja: '最高管理者の引き継ぎの依頼', en: 'Offer the super admin\'s role' },
  'handover.end': { log: 'adm', ja: '最高管理者の引き継ぎの取り消し', en: 'End the offer of the super admin\'s role' },
  'handover.accept': { log: 'adm', ja: '最高管理者の引き継ぎ', en: 'Take over the super admin\'s role' },
  'admins.export': { log: 'adm', ja: '管理者権限の一覧の書き出し', en: 'Export of the admins\' list' },
  'member.suspend': { log: 'adm', ja: 'メンバーの一時停止', en: 'Suspend a member' },
  'member.resume': { log: 'adm', ja: '一時停止の解除', en: 'Lift a suspension' },
  'member.delete': { log: 'adm', ja: 'メンバーの削除', en: 'Delete a member' },
  'member.edit': { log: 'adm', ja: 'メンバー情報の変更', en: 'Change of a member\'s record' },
  'member.rename': { log: 'adm', ja: 'Engawa ID の変更', en: 'Change of an Engawa ID' },
  'member.leave': { log: 'adm', ja: '休職の設定', en: 'Set a leave' },
  'member.leave.end': { log: 'adm', ja: '休職の終了', en: 'End a leave' },
  'member.restore': { log: 'adm', ja: 'メンバーの復元', en: 'Restore a member' },
  'member.export': { log: 'adm', ja: 'メンバー一覧の書き出し', en: 'Export of the list of members' },
  'member.logout': { log: 'adm', ja: '強制ログアウト', en: 'Forced log-out' },
  'group.add': { log: 'adm', ja: 'グループの作成', en: 'Make a group' },
  'group.edit': { log: 'adm', ja: 'グループの修正', en: 'Edit a group' },
  'group.master': { log: 'adm', ja: 'グループマスターの交代', en: 'Another group master follows' },
  'group.delete': { log: 'adm', ja: 'グループの削除', en: 'Delete a group' },
  'group.restore': { log: 'adm', ja: 'グループの復元', en: 'Restore a group' },
  'group.erase': { log: 'adm', ja: '削除したグループの消去', en: 'Erase a deleted group' },
  'member.app': { log: 'adm', ja: 'アプリの利用停止', en: 'App suspension' },
  'member.device': { log: 'adm', ja: '登録した端末の削除', en: 'Remove an enrolled device' },
  'member.lost': { log: 'adm', ja: '端末の紛失の対応', en: 'Response to a lost device' },
  'member.units': { log: 'adm', ja: '所属の変更', en: 'Change of a member\'s units' },
  'unit.add': { log: 'adm', ja: '組織の追加', en: 'Add a unit' },
  'unit.edit': { log: 'adm', ja: '組織の修正', en: 'Edit a unit' },
  'unit.move': { log: 'adm', ja: '組織の移動', en: 'Move a unit' },
  'unit.members': { log: 'adm', ja: '組織のメンバーの変更', en: 'Change of a unit\'s members' },
  'unit.delete': { log: 'adm', ja: '組織の削除', en: 'Delete a unit' },
  'unit.restore': { log: 'adm', ja: '組織の復元', en: 'Restore a unit' },
  'unit.erase': { log: 'adm', ja: '削除した組織のデータの消去', en: 'Erase a deleted unit' },
  'template.add': { log: 'adm', ja: '権限テンプレートの作成', en: 'Make a permission template' },
  'template.edit': { log: 'adm', ja: '権限テンプレートの変更', en: 'Change a permission template' },
  'template.delete': { log: 'adm', ja: '権限テンプレートの削除', en: 'Delete a permission template' },
  'template.type': { log: 'adm', ja: '権限テンプレートの利用権限タイプへの割り当て', en: 'Bind a permission template to a permission type' },
  'template.member': { log: 'adm', ja: '権限テンプレートのメンバーへの割り当て', en: 'Bind a permission template to a member' },
  'label.add': { log: 'adm', ja: '役職・職級・利用権限タイプの追加', en: 'Add a title, grade or permission type' },
  'label.edit': { log: 'adm', ja: '役職・職級・利用権限タイプの変更', en: 'Change a title, grade or permission type' },
  'label.delete': { log: 'adm', ja: '役職・職級・利用権限タイプの削除', en: 'Delete a title, grade or permission type' },
  'login.lock': { log: 'adm', ja: 'ログイン失敗によるアカウントの停止', en: 'Account closed after failures' },
  'member.unlock': { log: 'adm', ja: 'ログインの一時停止の解除', en: 'Lift a login lock' },
  'member.password.force': { log: 'adm', ja: 'パスワードの強制変更', en: 'Forced change of password' },
  'member.password.request': { log: 'adm', ja: 'パスワード変更の要請', en: 'Request to change the password' },
  'member.setup_link': { log: 'adm', ja: '初回ログインのご案内の作成', en: 'Make a setup slip' },
  'setting.change': { log: 'adm', ja: '設定の変更', en: 'Change of a setting' },
  'setting.export': { log: 'adm', ja: '設定の一覧のダウンロード', en: 'Download of the list of settings' },
  'tenant.close': { log: 'adm', ja: 'Engawa の解約', en: 'Cancel Engawa' },
  'tenant.reopen': { log: 'adm', ja: '解約の取り消し', en: 'Take a cancellation back' },
  'tenant.open': { log: 'adm', ja: 'テナントの開設', en: 'Open the tenant' },
  'operator.read': { log: 'adm', ja: '運営者による参照', en: 'Read by the operator' },
  'audit.export': { log: 'adm', ja: '監査ログの書き出し', en: 'Export of the audit log' },
};

/** The names of the roles. */
export const roles: Record<string, { ja: string; en: string }> = {
  'member': { ja: 'メンバー', en: 'Member' },
  'operator': { ja: '運用担当者', en: 'Operator admin' },
  'sub': { ja: '副管理者', en: 'Sub admin' },
  'super': { ja: '最高管理者', en: 'Super admin' },
  'custom': { ja: '独自の権限', en: 'Custom role' },
};
