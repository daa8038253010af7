// What is pinned in a room, newest first; live while it is open. From here one goes to a message, or unpins it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { go, isOpen } from '../base/route.ts';
import { Empty, ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { postTime, spoken } from '../base/time.ts';
import { lineOf } from './content.tsx';
import { senderName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { useWatch } from './watch.ts';
import type { Message } from '../base/types.ts';

export default function Pins({ room, close }: { room: string; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { tenant } = talk.me;
  const members = useTalk((s) => s.members);
  const queries = useQueryClient();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const found = useQuery({ queryKey: ['pins', tenant, room], queryFn: () => call(tenant, 'talk.pins', { params: { room } }), staleTime: 0 });
  const again = () => queries.invalidateQueries({ queryKey: ['pins', tenant, room] });
  const pins = found.data?.messages ?? [];
  useWatch(room, (seq, m) => {
    const here = pins.some((p) => p.seq === seq);
    if (seq === 0 || here || m?.pinned) void again();
  });
  const open = (m: Message) => {
    close();
    const page = `/talk/${m.room}/${m.seq}`;
    if (isOpen(page)) void talk.jump(m.room, m.seq);
    else go(page);
  };
  const pin = async (m: Message, on: boolean) => {
    setBusy((b) => new Set(b).add(m.id));
    try {
      await talk.act('talk.pin', m, { on });
      await again();
      if (!on) toast(t('talk.pins.unpinned'));
    } catch (e) {
      toast(e instanceof ApiError && e.code !== 'offline' ? e.message : t('talk.menu.failed'));
    } finally {
      setBusy((b) => new Set([...b].filter((id) => id !== m.id)));
    }
  };
  return (
    <Dialog opened close={close} title={found.data ? t('talk.pins.title_n', { n: pins.length }) : t('talk.pins.title')}>
      {found.isPending && <Loading rows={3} />}
      {found.error && (!found.data || isRefusal(found.error)) && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.data && pins.length === 0 && <Empty>{t('talk.pins.none')}</Empty>}
      <ul className="kept-list" aria-label={t('talk.pins.title')}>
        {pins.map((m) => {
          const date = new Date(m.sent);
          const name = senderName(t, members, m);
          return (
            <li key={m.id}>
              <button type="button" className="pick kept" onClick={() => open(m)}>
                <span className="small-print">{name}{' \u00b7 '}<time dateTime={m.sent} title={spoken(date, currentLang())}>{postTime(date, new Date(), currentLang())}</time></span>
                <span className="pin-text">{lineOf(t, m)}</span>
              </button>
              <button
                type="button" className="text-button" disabled={busy.has(m.id)} aria-label={t('talk.pins.unpin_of', { name, text: lineOf(t, m).slice(0, 40) })}
                onClick={() => void pin(m, false)}
              >{t('talk.pins.unpin')}</button>
            </li>
          );
        })}
      </ul>
      <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>
    </Dialog>
  );
}
