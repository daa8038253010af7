// The member's own sorting of its room list, as the server keeps it for all its devices.
import { call } from '../base/api.ts';
import { badge, unreadIn } from './unread.ts';
import type { Ops } from '../../gen/api.ts';
import type { Room } from '../base/types.ts';

type List = Ops['talk.folder.list']['output'];
export type Folder = List['folders'][number];
export const FOLDERS_MAX = 20;

/** What the list shows: all, what waits, what names the person, or a folder by its id. */
export type Shown = 'all' | 'unread' | 'mentions' | `folder ${string}`;
export const shownFolder = (id: string): Shown => `folder ${id}`;

/** A folder that another device has deleted holds nothing any more. */
export const folderOf = (room: Pick<Room, 'folder'>, folders: readonly Folder[]): Folder | undefined => folders.find((f) => f.id === room.folder);

type Sorted = Parameters<typeof unreadIn>[0] & Pick<Room, 'folder' | 'muted'>;

/** How much waits in a folder, without what the person does not want to be told of. */
export const unreadInFolder = (rooms: readonly Sorted[], id: string, me: string): number =>
  rooms.reduce((n, r) => (r.folder === id && !r.muted ? n + unreadIn(r, me) : n), 0);
export const badgeOf = (n: number): string => (n > 0 ? badge(n) : '');

/** The same folders with one moved by a place. */
export function moved(folders: readonly Folder[], id: string, by: -1 | 1): Folder[] {
  const at = folders.findIndex((f) => f.id === id);
  const next = [...folders];
  const [one, other] = [next[at], next[at + by]];
  if (one && other) {
    next[at] = other;
    next[at + by] = one;
  }
  return next;
}

export class Folders {
  private heard = 0;
  private asked = 0;
  private readonly tenant: string;
  private readonly changed: (folders: readonly Folder[]) => void;

  constructor(tenant: string, changed: (folders: readonly Folder[]) => void) {
    this.tenant = tenant;
    this.changed = changed;
  }

  /** Events come in the order of what happened; an answer that one of them has overtaken says nothing new. */
  told(list: List): void {
    this.heard += 1;
    this.changed(list.folders);
  }

  load(): Promise<void> {
    return this.ask(() => call(this.tenant, 'talk.folder.list'));
  }

  add(name: string): Promise<void> {
    return this.ask(() => call(this.tenant, 'talk.folder.add', { body: { name } }));
  }

  rename(id: string, name: string): Promise<void> {
    return this.ask(() => call(this.tenant, 'talk.folder.rename', { params: { talkfolder: id }, body: { name } }));
  }

  order(folders: readonly Folder[]): Promise<void> {
    return this.ask(() => call(this.tenant, 'talk.folder.order', { body: { folders: folders.map((f) => f.id) } }));
  }

  remove(id: string): Promise<void> {
    return this.ask(() => call(this.tenant, 'talk.folder.delete', { params: { talkfolder: id } }));
  }

  private async ask(work: () => Promise<List>): Promise<void> {
    const { heard } = this;
    this.asked += 1;
    const turn = this.asked;
    const list = await work();
    if (heard === this.heard && turn === this.asked) this.changed(list.folders);
  }
}
