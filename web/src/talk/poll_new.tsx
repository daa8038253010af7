// A question to everybody in the room, with what can be chosen.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../base/dialog.tsx';
import type { Post } from './outbox.ts';
import './stamp.css';

const MOST = 10;

export default function PollNew({ close, send }: { close: () => void; send: (post: Post) => void }) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState('');
  const [choices, setChoices] = useState(['', '']);
  const [many, setMany] = useState(false);
  const filled = choices.map((c) => c.trim()).filter(Boolean);
  const ready = question.trim() !== '' && filled.length >= 2;
  const change = (i: number, text: string) => {
    const next = choices.map((c, k) => (k === i ? text : c));
    setChoices(next.length < MOST && next.every((c) => c.trim()) ? [...next, ''] : next);
  };
  const ask = () => {
    send({ kind: 'poll', text: question.trim(), poll: { choices: filled.map((text) => ({ text })), many, closed: false } });
    close();
  };
  return (
    <Dialog opened close={close} title={t('talk.poll.new')}>
      <label>{t('talk.poll.question')}<input className="stamp-search" value={question} maxLength={500} onChange={(e) => setQuestion(e.target.value)} /></label>
      {choices.map((c, i) => (
        <label key={i}>{t('talk.poll.choice', { n: i + 1 })}<input className="stamp-search" value={c} maxLength={100} onChange={(e) => change(i, e.target.value)} /></label>
      ))}
      <label className="new-history"><input type="checkbox" checked={many} onChange={(e) => setMany(e.target.checked)} /> {t('talk.poll.many')}</label>
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button main" disabled={!ready} onClick={ask}>{t('talk.poll.ask')}</button>
      </div>
    </Dialog>
  );
}
