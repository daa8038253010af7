// 設定 > キーワード通知: the member's own words, as chips; each one is stored at once.
import './keywords.css';
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { CloseIcon } from '../base/icons.tsx';
import { isComposingKey, useComposition } from '../base/ime.ts';
import { toast } from '../base/live.tsx';
import { Empty, ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { foldKeyword, KEYWORD_CHARS, KEYWORDS_MAX, type Keyword } from '../talk/keywords.ts';
import { useTalk, useTalkStore } from '../talk/talk.ts';
import en from './words/keywords.en.json';
import ja from './words/keywords.ja.json';
import type { TFunction } from 'i18next';

addWords('keywords', ja, en);

/** What is wrong with one more word; '' when nothing is. */
function wrong(t: TFunction, word: string, there: readonly Keyword[]): string {
  const n = [...word].length;
  const same = there.find((k) => k.folded === foldKeyword(word));
  if (n === 0) return t('keywords.need');
  if (n > KEYWORD_CHARS) return t('keywords.long', { max: KEYWORD_CHARS, n });
  if (same) return t('keywords.same', { word: same.word });
  if (there.length >= KEYWORDS_MAX) return t('keywords.many', { max: KEYWORDS_MAX });
  return '';
}

function useKeywords() {
  const talk = useTalkStore();
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const store = async (words: readonly string[], refused = ''): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem('');
    try {
      await talk.setKeywords(words);
      return true;
    } catch (e) {
      setProblem(refused && e instanceof ApiError && e.code === 'invalid_value' ? refused : errorText(e));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { t, busy, problem, setProblem, store };
}

function Words() {
  const there = useTalk((s) => s.keywords);
  const { t, busy, problem, setProblem, store } = useKeywords();
  const [text, setText] = useState('');
  const [removed, setRemoved] = useState<{ word: string; at: number } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const composition = useComposition();
  const words = there.map((k) => k.word);
  const add = async (e: FormEvent) => {
    e.preventDefault();
    const word = text.trim();
    const why = wrong(t, word, there);
    if (why) setProblem(why);
    else if (await store([...words, word], t('keywords.marks'))) {
      setText('');
      setRemoved(null);
      toast(t('keywords.added', { word }));
    }
    input.current?.focus();
  };
  const remove = async (at: number) => {
    if (!await store(words.filter((_, i) => i !== at))) return;
    setRemoved({ word: words[at]!, at });
    const rest = [...(list.current?.querySelectorAll('button') ?? [])];
    (rest[Math.min(at, words.length - 2)] ?? input.current)?.focus();
  };
  const undo = async () => {
    if (!removed || !await store([...words.slice(0, removed.at), removed.word, ...words.slice(removed.at)])) return;
    setRemoved(null);
    input.current?.focus();
  };
  // The Enter that ends a composition adds nothing.
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && isComposingKey(e.nativeEvent, composition.composing)) e.preventDefault();
  };
  return (
    <>
      <form className="keyword-form" onSubmit={(e) => void add(e)} noValidate>
        <TextInput
          ref={input} label={t('keywords.label')} description={t('keywords.hint', { max: KEYWORD_CHARS })} inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={text} autoComplete="off" error={problem || undefined} errorProps={{ role: 'alert' }} onKeyDown={onKey}
          onCompositionStart={composition.start} onCompositionEnd={composition.end}
          onChange={(e) => {
            setText(e.currentTarget.value);
            setProblem('');
          }}
        />
        <Button type="submit" loading={busy}>{t('keywords.add')}</Button>
      </form>
      <div className="keyword-head">
        <h3 id="keywords-list">{t('keywords.list')}</h3>
        <span className="small-print number">{t('keywords.count', { n: there.length, max: KEYWORDS_MAX })}</span>
      </div>
      {there.length === 0 && <Empty>{t('keywords.empty')}</Empty>}
      {there.length > 0 && (
        <ul className="keyword-list" ref={list} aria-labelledby="keywords-list">
          {there.map(({ word }, i) => (
            <li key={word} className="keyword-chip">
              {word}
              <button type="button" className="icon-button" aria-label={t('keywords.remove', { word })} onClick={() => void remove(i)}><CloseIcon size={20} /></button>
            </li>
          ))}
        </ul>
      )}
      <div role="status">
        {removed && (
          <p className="keyword-undo">
            {t('keywords.removed', { word: removed.word })}
            <button type="button" className="text-button" onClick={() => void undo()}>{t('keywords.undo')}</button>
          </p>
        )}
      </div>
    </>
  );
}

/** Nothing can be added before it is known what is there: the list is always stored whole. */
export function Keywords({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const asked = useQuery({ queryKey: ['keywords', tenant, talk.me.id], staleTime: 0, queryFn: async () => (await talk.loadKeywords(), true) });
  return (
    <section className="settings-part" aria-labelledby="part-keywords">
      <h2 id="part-keywords" tabIndex={-1}>{t('keywords.title')}</h2>
      <p>{t('keywords.about')}</p>
      {asked.isPending && <Loading rows={2} />}
      {asked.isError && <ErrorNote error={asked.error} retry={() => void asked.refetch()} />}
      {asked.isSuccess && <Words />}
      <p className="small-print">{t('keywords.own')}</p>
      <p className="small-print">{t('keywords.where')}</p>
    </section>
  );
}
