// What this browser keeps of an account: in its vault what the person wrote, and on the shelf what is read without a network.
// What was not sent when a session ended stays with the page, for as long as that is open.
import { forgetVault, openVault, type Vault } from '../base/vault.ts';
import { KeptUploads } from './kept_uploads.ts';
import { Shelf, type Shown } from './shelf.ts';
import type { Me } from '../base/types.ts';
import type { OutItem } from './outbox.ts';

const DRAFT = 'draft-';
const OUT = 'out-';

export interface Written {
  items: readonly OutItem[];
  drafts: ReadonlyMap<string, string>;
}

export class Keep {
  private readonly me: Me;
  private readonly shown: () => Shown & { pos: number; at: number };
  private vault: Vault | null = null;
  shelf: Shelf | null = null;
  uploads: KeptUploads | null = null;

  constructor(me: Me, shown: () => Shown & { pos: number; at: number }) {
    this.me = me;
    this.shown = shown;
  }

  get isOpen(): boolean {
    return this.vault !== null;
  }

  /** What was written and not sent; null: nothing is kept here, such as in a private window without storage. */
  async open(): Promise<Written | null> {
    const { tenant, id } = this.me;
    if (this.me.offline_days === 0) {
      await forgetVault(tenant, id);
      return null;
    }
    try {
      this.vault = await openVault(tenant, id);
      this.shelf = new Shelf(this.vault, this.shown);
      this.uploads = new KeptUploads(this.vault);
      void this.shelf.keepMe(this.me);
      const [items, drafts] = await Promise.all([this.vault.all<OutItem>(OUT), this.vault.all<string>(DRAFT)]);
      return { items: [...items.values()], drafts };
    } catch {
      this.vault = null;
      return null;
    }
  }

  draft(room: string, text: string): void {
    void (text ? this.vault?.put(DRAFT + room, text) : this.vault?.remove(DRAFT + room));
  }

  async item(item: OutItem): Promise<void> {
    await this.vault?.put(OUT + item.key, item);
  }

  async forgetItem(key: string): Promise<void> {
    await this.vault?.remove(OUT + key);
  }

  /** The server was reached, and says how long what is kept may stay. */
  async renew(me: Me): Promise<void> {
    if (me.offline_days === 0) await this.drop();
    await Promise.all([this.shelf?.keepMe(me), this.vault?.renew(me.offline_days)]);
  }

  async drop(): Promise<void> {
    const { vault } = this;
    this.vault = null;
    this.shelf = null;
    this.uploads?.letGo();
    this.uploads = null;
    await vault?.destroy();
  }
}

const aside = new Map<string, Written>();
const accountOf = (me: Me): string => `${me.tenant}-${me.id}`;

/** The session is over, and what is kept goes with it. */
export function setAside(me: Me, written: Written): void {
  aside.set(accountOf(me), written);
}

/** The person is back: what was set aside, once. */
export function takeBack(me: Me): Written {
  const mine = aside.get(accountOf(me));
  aside.delete(accountOf(me));
  return mine ?? { items: [], drafts: new Map() };
}
