// Made by tool/gen from `engawad --describe`. Do not edit.

export const version = '0.1.0';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type EmptyOut = Record<string, never>;

export interface SessionOpenIn {
  id: string;
  password: string;
  client: string;
}

export interface MeOut {
  id: string;
  login: string;
  family: string;
  given: string;
  family_reading: string;
  given_reading: string;
  role: string;
  language: string;
  tenant: string;
  workgroup: string;
  company: string;
}

export interface SessionOut {
  id: string;
  channel: string;
  agent: string;
  ip: string;
  opened: string;
  seen: string;
  current: boolean;
}

export interface SessionListOut {
  sessions: SessionOut[];
}

export interface MePasswordIn {
  old: string;
  new: string;
}

export interface WsTicketOut {
  ticket: string;
  seconds: number;
}

export interface MemberRow {
  id: string;
  family: string;
  given: string;
  family_reading: string;
  given_reading: string;
  status: string;
}

export interface MemberListOut {
  members: MemberRow[];
}

export interface MessageOut {
  id: string;
  room: string;
  seq: number;
  author: string;
  author_name: string;
  kind: string;
  text: string;
  sent: string;
  key: string;
}

export interface RoomOut {
  id: string;
  name: string;
  kind: string;
  members: number;
  last_seq: number;
  first_seq: number;
  last: MessageOut | null;
}

export interface RoomListOut {
  pos: number;
  rooms: RoomOut[];
}

export interface RoomReadOut {
  room: RoomOut;
  member_ids: string[];
}

export interface HistoryQuery {
  before?: number;
  limit?: number;
}

export interface HistoryOut {
  messages: MessageOut[];
  more: boolean;
}

export interface PostIn {
  key: string;
  text: string;
}

export interface SyncQuery {
  since: number;
}

export interface EventOut {
  event: string;
  pos?: number;
  room?: string;
  data?: Json;
}

export interface SyncOut {
  pos: number;
  reset: boolean;
  events: EventOut[];
}

export interface RoomJoined {
  room: RoomOut;
}

export interface RoomLeft {
  room: string;
}

export interface ConsoleOpenIn {
  password: string;
}

export interface ConsoleOpenOut {
  role: string;
}

export interface MenuItem {
  id: string;
  ja: string;
  en: string;
}

export interface MenuGroup {
  id: string;
  ja: string;
  en: string;
  items: MenuItem[];
}

export interface ConsoleMenuOut {
  role: string;
  menus: MenuGroup[];
}

export interface ConsoleMemberQuery {
  after?: string;
  limit?: number;
}

export interface ConsoleMember {
  id: string;
  login: string;
  family: string;
  given: string;
  family_reading: string;
  given_reading: string;
  role: string;
  status: string;
  last_seen: string | null;
}

export interface ConsoleMemberListOut {
  members: ConsoleMember[];
  more: boolean;
}

export interface ConsoleAuditQuery {
  before?: number;
  limit?: number;
}

export interface AuditRow {
  seq: number;
  time: string;
  actor: string;
  actor_name: string;
  channel: string;
  ip: string;
  act: string;
  object: string;
  object_name: string;
  result: string;
  count: number;
  detail: string;
}

export interface AuditHead {
  size: number;
  root: string;
}

export interface ConsoleAuditListOut {
  rows: AuditRow[];
  more: boolean;
  head: AuditHead;
}

export interface SettingRow {
  key: string;
  value: string;
  default: string;
}

export interface ConsoleSettingListOut {
  settings: SettingRow[];
}

export interface ConsoleSettingIn {
  value: string;
}

export interface ConsoleSettingOut {
  key: string;
  value: string;
}

export interface Ops {
  'session.open': { params: undefined; query: undefined; body: SessionOpenIn; output: MeOut };
  'session.end': { params: undefined; query: undefined; body: undefined; output: EmptyOut };
  'session.list': { params: undefined; query: undefined; body: undefined; output: SessionListOut };
  'session.close': { params: { session: string }; query: undefined; body: undefined; output: EmptyOut };
  'me.read': { params: undefined; query: undefined; body: undefined; output: MeOut };
  'me.password': { params: undefined; query: undefined; body: MePasswordIn; output: EmptyOut };
  'ws.ticket': { params: undefined; query: undefined; body: undefined; output: WsTicketOut };
  'member.list': { params: undefined; query: undefined; body: undefined; output: MemberListOut };
  'room.list': { params: undefined; query: undefined; body: undefined; output: RoomListOut };
  'room.read': { params: { room: string }; query: undefined; body: undefined; output: RoomReadOut };
  'talk.history': { params: { room: string }; query: HistoryQuery; body: undefined; output: HistoryOut };
  'talk.post': { params: { room: string }; query: undefined; body: PostIn; output: MessageOut };
  'sync': { params: undefined; query: SyncQuery; body: undefined; output: SyncOut };
  'console.open': { params: undefined; query: undefined; body: ConsoleOpenIn; output: ConsoleOpenOut };
  'console.end': { params: undefined; query: undefined; body: undefined; output: EmptyOut };
  'console.menu': { params: undefined; query: undefined; body: undefined; output: ConsoleMenuOut };
  'console.member.list': { params: undefined; query: ConsoleMemberQuery; body: undefined; output: ConsoleMemberListOut };
  'console.member.suspend': { params: { member: string }; query: undefined; body: undefined; output: EmptyOut };
  'console.member.resume': { params: { member: string }; query: undefined; body: undefined; output: EmptyOut };
  'console.member.logout': { params: { member: string }; query: undefined; body: undefined; output: EmptyOut };
  'console.audit.list': { params: undefined; query: ConsoleAuditQuery; body: undefined; output: ConsoleAuditListOut };
  'console.setting.list': { params: undefined; query: undefined; body: undefined; output: ConsoleSettingListOut };
  'console.setting.put': { params: { key: string }; query: undefined; body: ConsoleSettingIn; output: ConsoleSettingOut };
}
export type OpName = keyof Ops;

export interface OpRow {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  ws: boolean;
  who: string;
  menu: string;
  retrySafe: boolean;
}

export const ops: Record<OpName, OpRow> = {
  'session.open': { method: 'POST', path: '/session', ws: false, who: 'public', menu: '', retrySafe: false },
  'session.end': { method: 'DELETE', path: '/session', ws: false, who: 'member', menu: '', retrySafe: false },
  'session.list': { method: 'GET', path: '/sessions', ws: false, who: 'member', menu: '', retrySafe: true },
  'session.close': { method: 'DELETE', path: '/sessions/:session', ws: false, who: 'member', menu: '', retrySafe: false },
  'me.read': { method: 'GET', path: '/me', ws: false, who: 'member', menu: '', retrySafe: true },
  'me.password': { method: 'PUT', path: '/me/password', ws: false, who: 'member', menu: '', retrySafe: false },
  'ws.ticket': { method: 'POST', path: '/ws-ticket', ws: false, who: 'member', menu: '', retrySafe: false },
  'member.list': { method: 'GET', path: '/members', ws: false, who: 'member', menu: '', retrySafe: true },
  'room.list': { method: 'GET', path: '/rooms', ws: false, who: 'member', menu: '', retrySafe: true },
  'room.read': { method: 'GET', path: '/rooms/:room', ws: false, who: 'member', menu: '', retrySafe: true },
  'talk.history': { method: 'GET', path: '/rooms/:room/messages', ws: false, who: 'member', menu: '', retrySafe: true },
  'talk.post': { method: 'POST', path: '/rooms/:room/messages', ws: true, who: 'member', menu: '', retrySafe: true },
  'sync': { method: 'GET', path: '/sync', ws: false, who: 'member', menu: '', retrySafe: true },
  'console.open': { method: 'POST', path: '/console/session', ws: false, who: 'member', menu: '', retrySafe: false },
  'console.end': { method: 'DELETE', path: '/console/session', ws: false, who: 'console', menu: '', retrySafe: false },
  'console.menu': { method: 'GET', path: '/console/menu', ws: false, who: 'console', menu: '', retrySafe: true },
  'console.member.list': { method: 'GET', path: '/console/members', ws: false, who: 'console', menu: 'member.member', retrySafe: true },
  'console.member.suspend': { method: 'POST', path: '/console/members/:member/suspend', ws: false, who: 'console', menu: 'member.member', retrySafe: false },
  'console.member.resume': { method: 'POST', path: '/console/members/:member/resume', ws: false, who: 'console', menu: 'member.member', retrySafe: false },
  'console.member.logout': { method: 'POST', path: '/console/members/:member/logout', ws: false, who: 'console', menu: 'member.member', retrySafe: false },
  'console.audit.list': { method: 'GET', path: '/console/audit', ws: false, who: 'console', menu: 'audit.console', retrySafe: true },
  'console.setting.list': { method: 'GET', path: '/console/settings', ws: false, who: 'console', menu: '', retrySafe: true },
  'console.setting.put': { method: 'PUT', path: '/console/settings/:key', ws: false, who: 'console', menu: '', retrySafe: false },
};

/** What a call of an operation carries: only the parts that the operation has. */
export type CallParts<N extends OpName> = {
  [P in 'params' | 'query' | 'body' as Ops[N][P] extends undefined ? never : P]: Ops[N][P];
};
export type CallArgs<N extends OpName> = keyof CallParts<N> extends never ? [] : [parts: CallParts<N>];
export type Call = <N extends OpName>(op: N, ...args: CallArgs<N>) => Promise<Ops[N]['output']>;

export interface Events {
  'talk.message.posted': MessageOut;
  'room.joined': RoomJoined;
  'room.left': RoomLeft;
}
export type EventName = keyof Events;
export const eventNames: EventName[] = ['talk.message.posted', 'room.joined', 'room.left'];

/** The largest length of a text and the largest value of a number, by schema and field. */
export const limits = {
  'session_open_in.id': 64,
  'session_open_in.password': 256,
  'session_open_in.client': 16,
  'me_password_in.old': 256,
  'me_password_in.new': 256,
  'history_query.limit': 100,
  'post_in.key': 36,
  'post_in.text': 10000,
  'console_open_in.password': 256,
  'console_member_query.limit': 200,
  'console_audit_query.limit': 200,
  'console_setting_in.value': 4000,
} as const;

export type ErrorCode =
  | 'invalid_value'
  | 'sign_in'
  | 'session_ended'
  | 'not_started'
  | 'suspended'
  | 'reauth_required'
  | 'forbidden'
  | 'denied'
  | 'cross_site'
  | 'unknown_client'
  | 'not_found'
  | 'method'
  | 'key_reused'
  | 'conflict'
  | 'too_large'
  | 'misdirected'
  | 'too_many'
  | 'retry'
  | 'storage_full'
  | 'internal';

export const errorStatus: Record<ErrorCode, number> = {
  'invalid_value': 400,
  'sign_in': 401,
  'session_ended': 401,
  'not_started': 401,
  'suspended': 401,
  'reauth_required': 401,
  'forbidden': 403,
  'denied': 403,
  'cross_site': 403,
  'unknown_client': 403,
  'not_found': 404,
  'method': 405,
  'key_reused': 409,
  'conflict': 409,
  'too_large': 413,
  'misdirected': 421,
  'too_many': 429,
  'retry': 503,
  'storage_full': 507,
  'internal': 500,
};

export const errorSentences: Record<'ja' | 'en', Record<ErrorCode, string>> = {
  ja: {
    'invalid_value': '入力内容を確認してください。',
    'sign_in': 'Engawa ID またはパスワードが正しくありません。',
    'session_ended': 'ログアウトしました。もう一度ログインしてください。',
    'not_started': '利用開始日より前のため、まだログインできません。',
    'suspended': 'このアカウントは一時停止されています。管理者に連絡してください。',
    'reauth_required': 'この操作には本人確認が必要です。パスワードを入力してください。',
    'forbidden': 'この機能を使う権限がありません。管理者に確認してください。',
    'denied': 'この操作は許可されていません。',
    'cross_site': '別のサイトからの操作は受け付けられません。',
    'unknown_client': 'このアプリからは利用できません。',
    'not_found': '見つかりませんでした。削除されたか、見る権限がありません。',
    'method': 'この方法では呼び出せません。',
    'key_reused': '同じ送信番号で別の内容が送られています。',
    'conflict': 'ほかの人が先に変更しました。内容を確認してください。',
    'too_large': '大きすぎるため送信できません。',
    'misdirected': 'このアドレスでは提供していません。',
    'too_many': '操作が続いたため、少し待ってからもう一度お試しください。',
    'retry': '一時的に処理できませんでした。もう一度お試しください。',
    'storage_full': '保存できる容量がありません。管理者に連絡してください。',
    'internal': '問題が起きました。続くときは、管理者に番号を伝えてください。',
  },
  en: {
    'invalid_value': 'Please check what you entered.',
    'sign_in': 'The Engawa ID or the password is not right.',
    'session_ended': 'You have been logged out. Please log in again.',
    'not_started': 'You cannot log in before your start date.',
    'suspended': 'This account is suspended. Please contact your administrator.',
    'reauth_required': 'This needs your password again.',
    'forbidden': 'You are not allowed to use this. Please ask your administrator.',
    'denied': 'You are not allowed to do this.',
    'cross_site': 'A request from another site is refused.',
    'unknown_client': 'This client is not known here.',
    'not_found': 'It does not exist, or you may not see it.',
    'method': 'This method is not available here.',
    'key_reused': 'Another content was already sent under this key.',
    'conflict': 'Somebody else changed this first. Please look again.',
    'too_large': 'This is too large.',
    'misdirected': 'This host is not served here.',
    'too_many': 'Too many requests. Please wait a moment and try again.',
    'retry': 'This could not be done just now. Please try again.',
    'storage_full': 'There is no room left to store this. Please tell your administrator.',
    'internal': 'Something failed here. If it goes on, give your administrator the reference.',
  },
};

/** The names of the kinds of audit rows. */
export const auditKinds: Record<string, { log: string; ja: string; en: string }> = {
  'login.success': { log: 'login', ja: 'ログイン', en: 'Log-in' },
  'login.failure': { log: 'login', ja: 'ログイン失敗', en: 'Failed log-in' },
  'talk.post': { log: 'talk', ja: 'メッセージの送信', en: 'Message sent' },
  'console.open': { log: 'adm', ja: '管理者画面を開いた', en: 'Console opened' },
  'member.suspend': { log: 'adm', ja: 'メンバーの一時停止', en: 'Member suspended' },
};

/** The names of the roles. */
export const roles: Record<string, { ja: string; en: string }> = {
  'super': { ja: '最高管理者', en: 'Super admin' },
  'sub': { ja: '副管理者', en: 'Sub admin' },
  'operator': { ja: '運用担当者', en: 'Operator admin' },
  'member': { ja: 'メンバー', en: 'Member' },
};
