// ホーム of the console: what waits for this admin, and the guide of the first day, which may be put away.
import './settings.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Ops } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { setPrefs, usePrefs } from '../base/prefs.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { Card, PageHead, pathOf } from './kit.tsx';
import type { Me } from '../base/types.ts';

type Home = Ops['console.home']['output'];
type Has = (menu: string) => boolean;

function Tasks({ tasks, has }: { tasks: Home['tasks']; has: Has }) {
  const { t } = useTranslation();
  if (tasks.length === 0) return <p>{t('home.nothing')}</p>;
  return (
    <ul className="task-list">
      {tasks.map((task) => (
        <li key={task.id}>
          <span>{t(`home.task.${task.id}`, { n: task.count, count: task.count })}</span>
          {has(task.menu) && <Link to={pathOf(task.menu)} className="text-button">{t('home.open')}</Link>}
        </li>
      ))}
    </ul>
  );
}

function FirstDay({ steps, has, away }: { steps: Home['steps']; has: Has; away: () => void }) {
  const { t } = useTranslation();
  const all = steps.every((s) => s.done);
  return (
    <Card title={t('home.day.title')} text={all ? t('home.day.all', { n: steps.length }) : t('home.day.text')}>
      <ol className="step-list">
        {steps.map((s) => (
          <li key={s.id}>
            <span className={s.done ? 'badge done' : 'badge'}>{t(s.done ? 'home.day.done' : 'home.day.open')}</span>
            <span>{t(`home.step.${s.id}`)}</span>
            {has(s.menu) && (
              <Link to={pathOf(s.menu)} className="text-button">
                <span aria-hidden>{t('home.day.go')}</span><span className="hidden-text">{t('home.day.go_of', { step: t(`home.step.${s.id}`) })}</span>
              </Link>
            )}
          </li>
        ))}
      </ol>
      <div className="dialog-buttons"><Button variant="default" onClick={away}>{t('home.day.away')}</Button></div>
    </Card>
  );
}

export function HomePage({ me, has }: { me: Me; has: Has }) {
  const { t } = useTranslation();
  const { guideAway } = usePrefs();
  const home = useQuery({ queryKey: ['console', me.tenant, 'home'], queryFn: () => call(me.tenant, 'console.home'), staleTime: 0 });
  const mark = `${me.tenant}/${me.id}`;
  const away = guideAway.includes(mark);
  const put = () => {
    setPrefs({ guideAway: [...guideAway, mark] });
    toast(t('home.day.away_done'));
  };
  if (home.isPending) return <Loading />;
  if (!home.data || isRefusal(home.error)) return <ErrorNote error={home.error} retry={() => void home.refetch()} />;
  return (
    <>
      <PageHead title={t('home.title')} about={t('home.about')} />
      <Card title={t('home.tasks')}><Tasks tasks={home.data.tasks} has={has} /></Card>
      {home.data.malware_scanner === 'none' && has('security.file') && <Card title={t('home.unchecked.title')} text={t('home.unchecked.text')} />}
      {away
        ? <Button variant="default" onClick={() => setPrefs({ guideAway: guideAway.filter((g) => g !== mark) })}>{t('home.day.back')}</Button>
        : <FirstDay steps={home.data.steps} has={has} away={put} />}
    </>
  );
}
