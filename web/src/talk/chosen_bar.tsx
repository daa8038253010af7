// 選択: what can be done with the chosen messages, in the place of the composer.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { CloseIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { asText, CHOSEN_MAX, inOrder, oneByOne, type Chosen } from './chosen.ts';
import { lineOf } from './content.tsx';
import { Forward } from './message_menu.tsx';
import { senderName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';

export default function ChosenBar({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const members = useTalk((s) => s.members);
  const [step, setStep] = useState<'bar' | 'forward' | 'hide'>('bar');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const all = inOrder(chosen);
  const said = all.filter((m) => !m.gone);
  const n = all.length;
  const end = () => {
    talk.endChoice();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('article[tabindex="0"]')?.focus({ preventScroll: true }));
  };
  useEffect(() => {
    if (step !== 'bar') return undefined;
    const since = performance.now(); // the key that closed a dialog ends no more than that
    const onKey = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || e.isComposing || e.timeStamp < since) return;
      e.preventDefault();
      end();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  const failed = (e: unknown) => setError(e instanceof ApiError && e.code !== 'offline' ? e.message : t('talk.menu.failed'));
  const copy = () => void navigator.clipboard.writeText(asText(said, (m) => senderName(t, members, m), (m) => lineOf(t, m))).then(() => {
    toast(t('talk.choose.copied', { n: said.length }));
    end();
  }, failed);
  const hide = () => {
    setBusy(true);
    setError('');
    void oneByOne(all, (m) => talk.hide(m), () => undefined).then(() => {
      toast(t('talk.choose.hidden', { n }));
      end();
    }, failed).finally(() => setBusy(false));
  };
  const forwarded = () => {
    toast(t('talk.choose.forwarded', { n: said.length }));
    end();
  };
  const close = () => {
    setError('');
    setStep('bar');
  };
  return (
    <div className="chosen-bar" role="toolbar" aria-label={t('talk.choose.label')}>
      <button type="button" className="icon-button" aria-label={t('talk.choose.end')} title={t('talk.choose.end')} onClick={end}><CloseIcon /></button>
      <p role="status">{t(n >= CHOSEN_MAX ? 'talk.choose.full' : 'talk.choose.count', { n })}</p>
      {step === 'bar' && error && <p className="danger" role="alert">{error}</p>}
      <button type="button" className="chosen-act" disabled={said.length === 0} onClick={copy}>{t('talk.menu.copy')}</button>
      <button type="button" className="chosen-act" disabled={said.length === 0} onClick={() => setStep('forward')}>{t('talk.menu.forward')}</button>
      <button type="button" className="chosen-act danger" disabled={n === 0} onClick={() => setStep('hide')}>{t('talk.choose.hide')}</button>
      {step === 'forward' && (
        <Dialog opened close={close} title={t('talk.menu.forward_ask')}><Forward messages={said} done={forwarded} /></Dialog>
      )}
      {step === 'hide' && (
        <Dialog opened close={close} title={t('talk.choose.hide_ask', { n, count: n })}>
          <p>{t('talk.menu.hide_text')}</p>
          {error && <p className="danger" role="alert">{error}</p>}
          <div className="dialog-acts">
            <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
            <button type="button" className="text-button danger" disabled={busy} onClick={hide}>{t('talk.choose.hide_do', { n })}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
