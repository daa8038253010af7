// What one keeps at hand: saved messages; and what waits for its moment: scheduled messages and reminders.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorSentences, type ErrorCode } from '../../gen/api.ts';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { go } from '../base/route.ts';
import { Empty, ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { postTime } from '../base/time.ts';
import { lineOf } from './content.tsx';
import { roomName, senderName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { momentText } from './moment.ts';
import type { Ops } from '../../gen/api.ts';
import type { Message } from '../base/types.ts';

type Item = Ops['talk.later.list']['output']['items'][number];
const SEQ = 4294967296n;

function RoomOf({ id }: { id: string }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const room = useTalk((s) => s.rooms.find((r) => r.id === id));
  return <>{room ? roomName(t, room, members) : t('talk.room.label')}</>;
}

function Saved({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['saved', me.tenant], queryFn: () => call(me.tenant, 'talk.saved'), staleTime: 0 });
  const forget = (m: Message) => void call(me.tenant, 'talk.save', { params: { message: m.id }, body: { on: false } })
    .then(() => queries.invalidateQueries({ queryKey: ['saved', me.tenant] }), (e: unknown) => toast(e instanceof ApiError ? e.message : t('talk.menu.failed')));
  const open = (m: Message) => {
    close();
    go(`/talk/${m.room}/${m.seq}`);
  };
  if (found.isPending) return <Loading rows={3} />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (found.data.messages.length === 0) return <Empty>{t('talk.kept.no_saved')}</Empty>;
  return (
    <ul className="kept-list">
      {found.data.messages.map((m) => (
        <li key={m.id}>
          <button type="button" className="pick kept" onClick={() => open(m)}>
            <span className="small-print"><RoomOf id={m.room} />{' \u00b7 '}{senderName(t, members, m)}{' \u00b7 '}{postTime(new Date(m.sent), new Date(), currentLang())}</span>
            <span className="kept-text">{lineOf(t, m)}</span>
          </button>
          <button type="button" className="text-button" onClick={() => forget(m)}>{t('talk.kept.forget')}</button>
        </li>
      ))}
    </ul>
  );
}

function Waiting({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { me } = talk;
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['later', me.tenant], queryFn: () => call(me.tenant, 'talk.later.list'), staleTime: 0 });
  const drop = async (i: Item) => {
    try {
      await call(me.tenant, 'talk.later.delete', { params: { later: i.id } });
      return true;
    } catch (e) {
      toast(e instanceof ApiError ? e.message : t('talk.menu.failed'));
      return false;
    } finally {
      void queries.invalidateQueries({ queryKey: ['later', me.tenant] });
    }
  };
  /** Back into its room's composer, behind what stands there. */
  const edit = async (i: Item) => {
    if (!await drop(i)) return;
    const draft = talk.state.drafts.get(i.room) ?? '';
    talk.setDraft(i.room, draft ? `${draft}\n${i.text}` : i.text);
    close();
    go(`/talk/${i.room}`);
  };
  const look = (i: Item) => {
    close();
    go(`/talk/${i.room}/${BigInt(i.message) % SEQ}`);
  };
  if (found.isPending) return <Loading rows={3} />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (found.data.items.length === 0) return <Empty>{t('talk.kept.no_waiting')}</Empty>;
  return (
    <ul className="kept-list">
      {found.data.items.map((i) => (
        <li key={i.id}>
          <div className="kept">
            <span className="small-print">{t(`talk.kept.${i.kind}`)}{' \u00b7 '}{momentText(new Date(i.due))}{' \u00b7 '}<RoomOf id={i.room} /></span>
            {i.text && <span className="kept-text">{i.text}</span>}
            {i.failed && <span className="danger">{t('talk.kept.failed')} {errorSentences[currentLang()][i.failed as ErrorCode] ?? ''}</span>}
          </div>
          {i.kind === 'message'
            ? <button type="button" className="text-button" onClick={() => void edit(i)}>{t('talk.kept.edit')}</button>
            : <button type="button" className="text-button" onClick={() => look(i)}>{t('talk.kept.look')}</button>}
          <button type="button" className="text-button danger" onClick={() => void drop(i)}>{t('talk.kept.drop')}</button>
        </li>
      ))}
    </ul>
  );
}

export default function Kept({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<'saved' | 'waiting'>('saved');
  return (
    <Dialog opened close={close} title={t('talk.kept.title')}>
      <div className="list-filters kept-tabs" role="group" aria-label={t('talk.kept.title')}>
        {(['saved', 'waiting'] as const).map((k) => (
          <button key={k} type="button" className="filter-chip" aria-pressed={tab === k} onClick={() => setTab(k)}>{t(`talk.kept.${k}`)}</button>
        ))}
      </div>
      {tab === 'saved' ? <Saved close={close} /> : <Waiting close={close} />}
      <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>
    </Dialog>
  );
}
