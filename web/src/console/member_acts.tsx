// What an admin does with a member by one question: the acts as a table, the question, and its answer.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { fullName } from '../talk/names.ts';
import { Confirm, useProof } from './kit.tsx';

export type Act = 'suspend' | 'resume' | 'logout' | 'delete' | 'restore' | 'unlock' | 'request' | 'back';
export interface Target {
  id: string;
  family: string;
  given: string;
}

const does: Record<Act, (tenant: string, id: string) => Promise<unknown>> = {
  suspend: (tenant, member) => call(tenant, 'console.member.suspend', { params: { member } }),
  resume: (tenant, member) => call(tenant, 'console.member.resume', { params: { member } }),
  logout: (tenant, member) => call(tenant, 'console.member.logout', { params: { member } }),
  delete: (tenant, member) => call(tenant, 'console.member.delete', { params: { member } }),
  restore: (tenant, leaver) => call(tenant, 'console.member.restore', { params: { leaver } }),
  unlock: (tenant, member) => call(tenant, 'console.member.unlock', { params: { member } }),
  request: (tenant, member) => call(tenant, 'console.member.request_password', { params: { member } }),
  back: (tenant, member) => call(tenant, 'console.member.back', { params: { member } }),
};
const HARMLESS = new Set<Act>(['resume', 'restore', 'unlock', 'back']);

export const memberKey = (tenant: string) => ['console', tenant, 'members'];

/** One act on one member, or `suspend` and `logout` on several. */
export function ActDialog({ tenant, act, members, close, done }: {
  tenant: string; act: Act; members: Target[]; close: () => void; done?: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const [only] = members;
  const name = only ? fullName(only) : '';
  const n = members.length;
  const one = n === 1;
  const run = async () => {
    try {
      for (const m of members) await prove(() => does[act](tenant, m.id));
    } finally {
      await queries.invalidateQueries({ queryKey: memberKey(tenant) });
    }
    done?.();
  };
  return (
    <Confirm
      title={one ? t(`members.ask_${act}`, { name }) : t(`members.bulk_ask_${act}`, { n })} text={t(`members.ask_${act}_text`)}
      act={one ? t(`members.do_${act}`, { name }) : t(`members.bulk_${act}`, { n })}
      done={one ? t(`members.${act}_done`, { name }) : t('members.bulk_done', { n })}
      close={close} run={run} danger={!HARMLESS.has(act)}
    />
  );
}
