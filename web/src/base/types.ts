// Names for what the operations carry, so that a screen does not depend on how the server calls its schemas.
import type { Ops } from '../../gen/api.ts';

export type Me = Ops['me.read']['output'];
export type Session = Ops['session.list']['output']['sessions'][number];
export type Member = Ops['member.list']['output']['members'][number];
export type Profile = Ops['member.read']['output'];
export type Unit = Ops['unit.list']['output']['units'][number];
export type OwnField = Ops['me.data']['output']['fields'][number];
export type Room = Ops['room.list']['output']['rooms'][number];
export type Message = Ops['talk.history']['output']['messages'][number];
export type ConsoleMenu = Ops['console.menu']['output'];
export type ConsoleMember = Ops['console.member.list']['output']['members'][number];
export type AuditRow = Ops['console.audit.list']['output']['rows'][number];
