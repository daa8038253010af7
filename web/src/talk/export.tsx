// 書き出し: a room as one file, with what the person may see and have of it; how far it is, and saving it.
import './export.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import { sizeText } from './file_kinds.ts';
import { useTalkStore } from './talk.ts';
import en from './words/export.en.json';
import ja from './words/export.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Room } from '../base/types.ts';

addWords('export', ja, en);

type Export = Ops['talk.export.list']['output']['exports'][number];
const LOOK_MS = 1500;

/** The browser saves it by itself, and goes on where it broke off. */
function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

function One({ one, act, busy }: { one: Export; act: (one: Export) => void; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <li className="export-one">
      <p className="export-name">{one.name}</p>
      {one.state === 'making' && (
        <>
          <progress value={one.progress} max={100} aria-label={t('export.making', { n: one.progress })} />
          <p className="small-print">{t('export.making', { n: one.progress })}</p>
        </>
      )}
      {one.state === 'failed' && <p className="danger">{t('export.failed')}</p>}
      {one.state === 'ready' && (
        <>
          <p className="small-print">
            {t('export.holds', { messages: one.messages, files: one.files, size: sizeText(one.size) })}
            {one.missing > 0 && ` ${t('export.missing', { n: one.missing, count: one.missing })}`}
          </p>
          <p className="small-print">{t('export.until', { time: auditTime(new Date(one.until)) })}</p>
          <button type="button" className="text-button main" disabled={busy} aria-label={t('export.save_one', { name: one.name })} onClick={() => act(one)}>{t('export.save')}</button>
        </>
      )}
    </li>
  );
}

export default function ExportSheet({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const errorText = useErrorText();
  const [error, setError] = useState('');
  const params = { room: room.id };
  const list = useQuery({
    queryKey: ['exports', me.tenant, room.id],
    queryFn: () => call(me.tenant, 'talk.export.list', { params }),
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.exports.some((e) => e.state === 'making') ? LOOK_MS : false),
  });
  const told = { onMutate: () => setError(''), onError: (e: unknown) => setError(errorText(e)) };
  const begin = useMutation({ ...told, mutationFn: () => call(me.tenant, 'talk.export', { params }), onSettled: () => list.refetch() });
  const fetched = useMutation({
    ...told,
    mutationFn: async (one: Export) => save((await call(me.tenant, 'talk.export.ticket', { params: { export: one.id } })).url, one.name),
    onSuccess: () => toast(t('export.saving')),
  });
  const all = list.data?.exports ?? [], making = all.some((e) => e.state === 'making');
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !making && all[0]?.state === 'ready') toast(t('export.ready'));
    was.current = making;
  }, [making, all, t]);
  return (
    <Dialog opened close={close} title={t('export.title')}>
      <p>{t('export.about')}</p>
      <p className="small-print">{t('export.careful')}</p>
      {list.isPending && <Loading rows={2} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {all.length > 0 && <ul className="export-list">{all.map((one) => <One key={one.id} one={one} busy={fetched.isPending} act={(e) => fetched.mutate(e)} />)}</ul>}
      {error && <p className="danger" role="alert">{error}</p>}
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button>
        <button type="button" className={all.length > 0 ? 'text-button' : 'text-button main'} disabled={begin.isPending || making} onClick={() => begin.mutate()}>
          {t(all.length > 0 ? 'export.again' : 'export.begin')}
        </button>
      </div>
    </Dialog>
  );
}
