// トークに共有: words and files that another app handed over; whoever chooses a talk finds them there as a draft, and the files waiting
// above it. Nothing is sent from here.
import './content.css';
import './share.css';
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { foldName } from '../base/fold.ts';
import { addWords } from '../base/i18n.ts';
import { FileIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { go, useSearch } from '../base/route.ts';
import { Empty, ErrorNote, Loading } from '../base/states.tsx';
import { sizeText } from './file_kinds.ts';
import { uploadsOf } from './file_tray.tsx';
import { handed, handedId, letHandedGo, type Handed } from './handed.ts';
import { roomName } from './names.ts';
import { RoomFace } from './room_face.tsx';
import { sharedText } from './shared.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { FILES_MAX } from './uploads.ts';
import en from './words/share.en.json';
import ja from './words/share.ja.json';
import type { Room } from '../base/types.ts';

addWords('share', ja, en);

const SHOWN = 100;
const lastOf = (r: Room): string => r.last?.sent ?? '';

/** Talks that were used last come first; a talk of two is found by the other one's reading, too. */
function useRooms(query: string): Room[] {
  const { t } = useTranslation();
  const rooms = useTalk((s) => s.rooms);
  const members = useTalk((s) => s.members);
  const readingOf = (r: Room) => {
    const peer = r.kind === 'direct' ? members.get(r.peer ?? '') : undefined;
    return peer ? `${peer.family_reading}${peer.given_reading}` : '';
  };
  const asked = foldName(query);
  return rooms.filter((r) => r.kind !== 'notice' && foldName(`${roomName(t, r, members)} ${readingOf(r)}`).includes(asked))
    .sort((a, b) => (lastOf(a) < lastOf(b) ? 1 : -1)).slice(0, SHOWN);
}

const NONE: Handed = { files: [], many: 0, large: 0 };

function useHanded(id: string): Handed | null {
  const [got, setGot] = useState<Handed | null>(id === '' ? NONE : null);
  useEffect(() => {
    if (id !== '') void handed(id).then(setGot, () => setGot(NONE));
  }, [id]);
  return got;
}

function Files({ files, many, large }: Handed) {
  const { t } = useTranslation();
  return (
    <>
      <ul className="share-files" aria-label={t('share.files')} tabIndex={0}>
        {files.map((f, i) => <li key={i}><FileIcon size={20} /><span>{f.name}</span><span className="small-print">{sizeText(f.size)}</span></li>)}
      </ul>
      {many > 0 && <p className="share-left" role="status">{t('share.too_many', { most: FILES_MAX, n: many, count: many })}</p>}
      {large > 0 && <p className="share-left" role="status">{t('share.too_large', { n: large, count: large })}</p>}
    </>
  );
}

function Choose({ text, got }: { text: string; got: Handed }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const members = useTalk((s) => s.members);
  const status = useTalk((s) => s.status);
  const error = useTalk((s) => s.error);
  const [query, setQuery] = useState('');
  const rooms = useRooms(query);
  const choose = (room: string) => {
    const draft = talk.state.drafts.get(room);
    if (text) talk.setDraft(room, draft ? `${draft}\n${text}` : text);
    if (got.files.length > 0) uploadsOf(talk).add(room, got.files);
    void letHandedGo();
    toast(t(got.files.length > 0 ? 'share.done_files' : 'share.done'));
    go(`/talk/${room}`, true);
  };
  return (
    <>
      {text && <p className="share-words" tabIndex={0} role="group" aria-label={t('share.words')}>{text}</p>}
      {got.files.length + got.many + got.large > 0 && <Files {...got} />}
      <h2>{t('share.where')}</h2>
      {status === 'loading' && <Loading />}
      {status === 'error' && <ErrorNote error={error} text={t('talk.list.error')} retry={() => void talk.load()} />}
      {status === 'ready' && (
        <>
          <input className="share-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('share.search')} aria-label={t('share.search')} autoComplete="off" />
          {rooms.length === 0 && <Empty>{t('share.none')}</Empty>}
          <ul className="share-rooms">
            {rooms.map((r) => (
              <li key={r.id}><button type="button" className="pick" onClick={() => choose(r.id)}><RoomFace room={r} /><span>{roomName(t, r, members)}</span></button></li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

export default function Share() {
  const { t } = useTranslation();
  const search = useSearch();
  const text = sharedText(search);
  const got = useHanded(handedId(search));
  const nothing = text === '' && got?.files.length === 0 && got.large === 0;
  useEffect(() => {
    document.title = `${t('share.title')} - Engawa`;
  }, [t]);
  const leave = () => {
    void letHandedGo();
    go('/talk', true);
  };
  return (
    <main className="settings share" id="content">
      <h1 className="page-title">{t('share.title')}</h1>
      {!got && <Loading />}
      {got && (nothing ? <p>{t('share.nothing')}</p> : <Choose text={text} got={got} />)}
      <Button variant="default" onClick={leave}>{t(nothing ? 'share.to_list' : 'base.act.cancel')}</Button>
    </main>
  );
}
