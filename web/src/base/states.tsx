// The states that every screen has: loading, empty, error. One look and one wording for all of them.
import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from './api.ts';

/** Grey bars, only when loading takes longer than a glance. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status" aria-label={t('base.state.loading')}>
      {late && Array.from({ length: rows }, (_, i) => <span key={i} className="loading-bar" />)}
    </div>
  );
}

/** The server says that there is nothing here to be seen (any more). Any other error of a repeated question leaves what is shown as it is. */
export const isRefusal = (e: unknown): boolean => e instanceof ApiError && [403, 404, 410].includes(e.status);

/** Nothing is here yet: says why, and `act` is what brings the first. */
export function Empty({ children, act }: { children: ReactNode; act?: ReactNode }) {
  return act ? <div className="empty"><p>{children}</p>{act}</div> : <p className="empty">{children}</p>;
}

/** The sentence of an error for people: what happened and what to do. */
export function useErrorText(): (e: unknown) => string {
  const { t } = useTranslation();
  return (e) => {
    if (!(e instanceof ApiError)) return t('base.state.broken');
    if (e.code === 'offline') return t('base.state.offline');
    return e.retryAfter > 0 ? `${e.message}${t('base.state.wait', { n: e.retryAfter })}` : e.message;
  };
}

export function ErrorNote({ error, text, retry }: { error: unknown; text?: string; retry?: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const ref = error instanceof ApiError ? error.ref : '';
  return (
    <div className="error-note" role="alert">
      <p>{text ?? errorText(error)}</p>
      {retry && <Button variant="default" onClick={retry}>{t('base.act.reload')}</Button>}
      {ref && <p className="small-print">{t('base.state.ref', { ref })}</p>}
    </div>
  );
}
