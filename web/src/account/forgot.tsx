// パスワードを忘れた場合: an admin is told, who gives a new slip. The answer is one for every ID, whether somebody has it or not.
import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { reportForgotten } from '../base/api.ts';
import { Mark } from '../base/icons.tsx';
import { useErrorText } from '../base/states.tsx';
import { splitId } from './sign_in.tsx';

export function Forgot({ login, back }: { login: string; back: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const field = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<'form' | 'busy' | 'sent'>('form');
  const [problem, setProblem] = useState('');
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${t('account.forgot.title')} - Engawa`;
  }, [t]);
  useEffect(() => {
    if (state === 'sent') title.current?.focus();
  }, [state]);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const parts = splitId(field.current?.value ?? '');
    if (state === 'busy') return;
    if (!parts) {
      setProblem(t('account.sign_in.need_id'));
      field.current?.focus();
      return;
    }
    setState('busy');
    setProblem('');
    try {
      await reportForgotten(parts.workgroup, parts.id);
      setState('sent');
    } catch (error) {
      setProblem(errorText(error));
      setState('form');
    }
  };
  return (
    <main className="sign-in" id="content">
      <form className="sign-in-card" onSubmit={(e) => void submit(e)} noValidate aria-labelledby="forgot-title">
        <div className="sign-in-mark"><Mark size={48} /></div>
        <h1 id="forgot-title" ref={title} tabIndex={-1}>{t(state === 'sent' ? 'account.forgot.sent_title' : 'account.forgot.title')}</h1>
        <p>{t(state === 'sent' ? 'account.forgot.sent_text' : 'account.forgot.text')}</p>
        {state !== 'sent' && (
          <>
            <TextInput
              ref={field} name="username" label={t('account.sign_in.id')} description={t('account.sign_in.id_hint')} defaultValue={login}
              autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} inputMode="email" size="md"
              error={problem || false}
            />
            <Button type="submit" size="md" fullWidth loading={state === 'busy'}>{t('account.forgot.submit')}</Button>
          </>
        )}
        <Button variant={state === 'sent' ? 'filled' : 'subtle'} onClick={back}>{t('account.forgot.back')}</Button>
      </form>
    </main>
  );
}
