// The field where a message is written. Enter never sends while an input method composes; the draft is kept at once.
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { AddIcon, CloseIcon, SendIcon, StampIcon } from '../base/icons.tsx';
import { decideEnter, isComposingKey, useComposition } from '../base/ime.ts';
import { isTouch, usePrefs } from '../base/prefs.ts';
import { lineOf } from './content.tsx';
import { FileTray, useDropped, useTray } from './file_tray.tsx';
import { askedName, mentionsIn } from './mention.ts';
import { matching, MentionList, useNameable, type Candidate } from './mention_list.tsx';
import { senderName } from './names.ts';
import { MAX_TEXT, useTalk, useTalkStore } from './talk.ts';

const StampPanel = lazy(() => import('./stamp_panel.tsx'));
const More = lazy(() => import('./more.tsx'));

const COUNTER_FROM = MAX_TEXT - 500;
const HINT_DAYS = 3;
const HINT_SINCE = 'engawa.hint';

/** Characters as the server counts them, not UTF-16 units. */
export const lengthOf = (text: string): number => {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
};

/** The rule of the send key is shown during the first days in a browser. */
function hintDue(): boolean {
  const since = Number(localStorage.getItem(HINT_SINCE) ?? 0);
  if (since === 0) localStorage.setItem(HINT_SINCE, String(Date.now()));
  return since === 0 || Date.now() - since < HINT_DAYS * 86_400_000;
}

/** The field grows with its text up to the height that the style sheet allows. */
function useGrow(text: string) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [text]);
  return field;
}

export function Composer({ room }: { room: string }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { sendKey } = usePrefs();
  const text = useTalk((s) => s.drafts.get(room) ?? '');
  const composition = useComposition();
  const field = useGrow(text);
  const [asked, setAsked] = useState(false);
  const [hint] = useState(() => !isTouch() && hintDue());
  const [stamps, setStamps] = useState(false);
  const [more, setMore] = useState(false);
  const reply = useTalk((s) => s.replies.get(room));
  const members = useTalk((s) => s.members);
  const [caret, setCaret] = useState(0);
  const [mention, setMention] = useState(0);
  const people = useNameable(room, /[@\uFF20]/u.test(text));
  const naming = caret > 0 ? askedName(text, caret) : null;
  const names = naming ? matching(people, naming.query) : [];
  const length = lengthOf(text);
  const tray = useTray(room);
  const dropping = useDropped(tray.add);
  const empty = text.trim() === '' && tray.files.length === 0;
  const over = length - MAX_TEXT;

  useEffect(() => {
    if (!isTouch()) field.current?.focus();
  }, [field]);

  const send = () => {
    if (empty || over > 0) {
      setAsked(true);
      field.current?.focus();
      return;
    }
    if (tray.files.length > 0) tray.send(text.trimEnd(), mentionsIn(text.trimEnd(), people));
    else talk.post(room, text.trimEnd(), mentionsIn(text.trimEnd(), people));
    setCaret(0);
    setAsked(false);
    field.current?.focus();
  };
  const choose = (p: Candidate) => {
    if (!naming) return;
    const head = `${text.slice(0, naming.from)}@${p.name} `;
    talk.setDraft(room, head + text.slice(caret));
    setCaret(0);
    setMention(0);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(head.length, head.length);
    });
  };
  /** Keys of the list of names; false: the key is the field's. */
  const listKey = (e: KeyboardEvent): boolean => {
    if (names.length === 0 || isComposingKey(e.nativeEvent, composition.composing)) return false;
    if (e.key === 'ArrowDown') setMention((mention + 1) % names.length);
    else if (e.key === 'ArrowUp') setMention((mention + names.length - 1) % names.length);
    else if (e.key === 'Escape') setCaret(0);
    else if (e.key === 'Enter' || e.key === 'Tab') choose(names[mention] ?? names[0]!);
    else return false;
    e.preventDefault();
    return true;
  };
  const onKey = (e: KeyboardEvent) => {
    if (listKey(e)) return;
    if (e.key === 'Escape' && !isComposingKey(e.nativeEvent, composition.composing)) field.current?.blur();
    if (decideEnter(e.nativeEvent, composition.composing, sendKey, isTouch()) === 'text') return;
    e.preventDefault();
    send();
  };
  const hintText = t(sendKey === 'enter' ? 'talk.composer.hint_enter' : 'talk.composer.hint_mod_enter');
  return (
    <div className="composer">
      {reply && (
        <div className="reply-bar">
          <p>{t('talk.composer.reply', { name: senderName(t, members, reply), text: lineOf(t, reply) })}</p>
          <button type="button" className="icon-button" aria-label={t('talk.composer.reply_end')} onClick={() => talk.setReply(room, null)}><CloseIcon size={20} /></button>
        </div>
      )}
      {dropping && <p className="drop-note" role="status">{t('talk.file.drop')}</p>}
      <FileTray tray={tray} />
      {names.length > 0 && <MentionList people={names} at={mention} choose={choose} />}
      <div className="composer-line">
        <button type="button" className="icon-button" aria-label={t('talk.stamp.title')} title={t('talk.stamp.title')} onClick={() => setStamps(true)}><StampIcon /></button>
        <button type="button" className="icon-button" aria-label={t('talk.more.title')} title={t('talk.more.title')} onClick={() => setMore(true)}><AddIcon /></button>
        <textarea
          ref={field} id="composer" rows={1} value={text} placeholder={t('talk.composer.placeholder')} aria-label={t('talk.composer.label')}
          aria-describedby="composer-note" aria-invalid={over > 0} autoComplete="off"
          aria-controls={names.length > 0 ? 'mention-list' : undefined} aria-activedescendant={names.length > 0 ? `mention-${mention}` : undefined}
          onChange={(e) => { talk.setDraft(room, e.target.value); setCaret(e.target.selectionStart); setMention(0); setAsked(false); if (e.target.value) talk.typing(room); }}
          onPaste={(e) => { if (e.clipboardData.files.length > 0) { e.preventDefault(); tray.add(e.clipboardData.files); } }}
          onKeyDown={onKey} onCompositionStart={composition.start} onCompositionEnd={composition.end}
        />
        <button
          type="button" className={empty || over > 0 ? 'send' : 'send ready'} aria-disabled={empty || over > 0}
          aria-label={t('talk.composer.send')} title={empty ? t('talk.composer.need_text') : t('talk.composer.send')} onClick={send}
        >
          <SendIcon />
        </button>
      </div>
      <p id="composer-note" className="composer-note" role="status">
        {over > 0 && <span className="danger">{t('talk.composer.too_long', { n: over })}</span>}
        {asked && empty && t('talk.composer.need_text')}
        {length >= COUNTER_FROM && (
          <span className="counter">{t('talk.composer.counter', { n: length.toLocaleString('en'), max: MAX_TEXT.toLocaleString('en') })}</span>
        )}
        {hint && !asked && length < COUNTER_FROM && <span className="hint">{hintText}</span>}
      </p>
      {stamps && <Suspense fallback={null}><StampPanel close={() => setStamps(false)} send={(stamp) => talk.postOther(room, { kind: 'stamp', stamp })} /></Suspense>}
      {more && <Suspense fallback={null}><More room={room} text={text} mentions={mentionsIn(text.trimEnd(), people)} attach={tray.add} close={() => setMore(false)} /></Suspense>}
    </div>
  );
}
