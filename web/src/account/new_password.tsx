// Setting a new password: the rules light up while one types; what only the server knows is said after sending.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Password } from '../base/password.tsx';
import { DoneIcon } from '../base/icons.tsx';
import type { Me } from '../base/types.ts';

export type PasswordRules = NonNullable<Me['password']>;

interface Rule {
  id: string;
  holds: boolean;
  values?: Record<string, number>;
}

/** What the browser can judge. Characters are counted as the server does: by code points. */
export function rulesOf(rules: PasswordRules, password: string): Rule[] {
  const n = [...password].length;
  const list: Rule[] = [{ id: 'length', holds: n >= rules.min && n <= rules.max, values: { min: rules.min, max: rules.max } }];
  if (rules.format !== 'none') list.push({ id: 'alnum', holds: /[A-Za-z]/.test(password) && /[0-9]/.test(password) });
  if (rules.format === 'alnum_special') list.push({ id: 'special', holds: /[^A-Za-z0-9]/u.test(password) });
  return list;
}

export const passwordFits = (rules: PasswordRules, password: string): boolean => rulesOf(rules, password).every((r) => r.holds);

export function NewPassword({ rules, name = 'new', label, error, autoFocus = false, size }: {
  rules: PasswordRules; name?: string; label?: string; error?: string; autoFocus?: boolean; size?: 'md';
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <div className="new-password">
      <Password
        name={name} label={label ?? t('account.password.new')} autoComplete="new-password" required autoFocus={autoFocus}
        value={text} onChange={(e) => setText(e.currentTarget.value)} error={error || false} aria-describedby={`${name}-rules`}
        {...(size ? { size } : {})}
      />
      <ul className="password-rules" id={`${name}-rules`}>
        {rulesOf(rules, text).map((r) => (
          <li key={r.id} className={r.holds ? 'holds' : ''}>
            <span aria-hidden="true" className="rule-mark">{r.holds && <DoneIcon size={16} />}</span>
            {t(`account.password.rule_${r.id}`, r.values ?? {})}
            <span className="hidden-text">{t(r.holds ? 'account.password.holds' : 'account.password.not_yet')}</span>
          </li>
        ))}
        <li><span aria-hidden="true" className="rule-mark" />{t('account.password.rule_guess')}</li>
        {rules.generations > 0 && (
          <li><span aria-hidden="true" className="rule-mark" />{t('account.password.rule_reuse', { n: rules.generations })}</li>
        )}
      </ul>
    </div>
  );
}
