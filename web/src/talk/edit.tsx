// An own message in a field, in its place.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../base/api.ts';
import { isComposingKey, useComposition } from '../base/ime.ts';
import { mentionsKept } from './mention.ts';
import { MAX_TEXT, useTalkStore } from './talk.ts';
import type { Message } from '../base/types.ts';

export function EditMessage({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const composition = useComposition();
  const [text, setText] = useState(message.text);
  const [error, setError] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const save = () => {
    if (text.trim() === '' || text === message.text) {
      close();
      return;
    }
    talk.act('talk.edit', message, { text: text.trimEnd(), mentions: mentionsKept(message, text.trimEnd()) }).then(close, (e: unknown) => setError(e instanceof ApiError ? e.message : t('talk.menu.failed')));
  };
  return (
    <div>
      <textarea
        ref={field} autoFocus className="edit-area" value={text} maxLength={MAX_TEXT} aria-label={t('talk.menu.edit')} onChange={(e) => setText(e.target.value)}
        onCompositionStart={composition.start} onCompositionEnd={composition.end}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === 'Escape' && !isComposingKey(e.nativeEvent, composition.composing)) close();
        }}
      />
      {error && <p className="danger" role="alert">{error}</p>}
      <div className="failed-actions">
        <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button main" onClick={save}>{t('base.act.save')}</button>
      </div>
    </div>
  );
}
