// Nobody else is in the company yet: the next step for whoever may take it, for others what they wait for.
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { go } from '../base/route.ts';
import { isAdmin } from '../base/shell.tsx';
import { Empty } from '../base/states.tsx';
import { useTalk, useTalkStore } from './talk.ts';

export const useAlone = (): boolean => useTalk((s) => s.status === 'ready' && s.members.size === 1);

/** No talk with anybody yet: what the server told does not count. */
export const useBare = (): boolean => useTalk((s) => s.status === 'ready' && s.rooms.every((r) => r.kind === 'notice'));

export function Alone() {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  if (!isAdmin(me)) return <Empty>{t('talk.alone.wait')}</Empty>;
  return <Empty act={<Button onClick={() => go('/console/member-member')}>{t('talk.alone.add')}</Button>}>{t('talk.alone.admin')}</Empty>;
}
