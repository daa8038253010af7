// プロフィール: what a colleague shows of itself.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import { BackIcon, SettingsIcon, TalkIcon } from '../base/icons.tsx';
import { go } from '../base/route.ts';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { dayText, listTime } from '../base/time.ts';
import { Facts } from '../console/kit.tsx';
import { HereFace, HereLine } from '../talk/here_face.tsx';
import { fullName } from '../talk/names.ts';
import { useTalk, useTalkStore } from '../talk/talk.ts';
import type { Member, Profile } from '../base/types.ts';

/** The line on what somebody is doing, as long as it lasts. */
export function Presence({ member }: { member: Member }) {
  const { t } = useTranslation();
  if (!member.presence) return null;
  const until = member.presence_until ? listTime(new Date(member.presence_until), new Date(), currentLang()) : '';
  return <span className="presence">{until ? t('colleagues.profile.presence_until', { text: member.presence, time: until }) : member.presence}</span>;
}

export function States({ member }: { member: Member }) {
  const { t } = useTranslation();
  return (
    <>
      {member.on_leave && <span className="badge">{t('colleagues.state.on_leave')}</span>}
      {member.status === 'suspended' && <span className="badge">{t('colleagues.state.suspended')}</span>}
      {member.status === 'not_started' && <span className="badge">{t('colleagues.state.not_started')}</span>}
    </>
  );
}

/** Month and day as people read them: 02-28 → 2/28 */
const monthDay = (text: string): string => text.split('-').map(Number).join('/');

function factsOf(p: Profile, t: (key: string) => string): { label: string; value: ReactNode }[] {
  const phone = (n: string) => <a href={`tel:${n}`}>{n}</a>;
  const rows: [keyof Profile & string, ReactNode][] = [
    ['units', p.units.length > 0 && (
      <ul>{p.units.map((u) => <li key={u.unit}>{[u.name, u.title_name].filter(Boolean).join(' · ')}</li>)}</ul>
    )],
    ['grade_name', p.grade_name], ['phone', p.phone && phone(p.phone)], ['mobile', p.mobile && phone(p.mobile)],
    ['private_mail', p.private_mail && <a href={`mailto:${p.private_mail}`}>{p.private_mail}</a>],
    ['workplace', p.workplace], ['duties', p.duties], ['sns', p.sns], ['employee_number', p.employee_number],
    ['birthday', p.birthday && monthDay(p.birthday)], ['join_date', p.join_date && dayText(p.join_date)], ['related_contact', p.related_contact],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => ({ label: t(`colleagues.field.${name}`), value }));
}

/** What is done from here: talk with the colleague; the own profile is changed in the settings. */
function Acts({ member }: { member: Member }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const errorText = useErrorText();
  const own = useTalk((s) => s.rooms.find((r) => r.kind === 'direct' && r.peer === member.id)?.id);
  const begin = useMutation({
    mutationFn: async () => own ?? (await talk.createRoom({ kind: 'direct', members: [member.id] })).id,
    onSuccess: (room) => go(`/talk/${room}`),
  });
  if (member.id === talk.me.id)
    return <div className="profile-acts"><Button variant="default" leftSection={<SettingsIcon size={20} />} onClick={() => go('/settings')}>{t('colleagues.profile.own')}</Button></div>;
  if (member.status === 'suspended' && !own) return null;
  return (
    <div className="profile-acts">
      <Button leftSection={<TalkIcon size={20} />} loading={begin.isPending} onClick={() => begin.mutate()}>{t('colleagues.profile.talk')}</Button>
      {begin.isError && <p className="danger" role="alert">{errorText(begin.error)}</p>}
    </div>
  );
}

function Body({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const { member } = profile;
  const facts = factsOf(profile, t);
  const reading = `${member.family_reading} ${member.given_reading}`.trim();
  return (
    <div className="profile">
      <div className="profile-top">
        <HereFace member={member} size="large" />
        <div className="profile-who">
          <h1>{fullName(member)}</h1>
          {reading && <p className="small-print">{reading}</p>}
          {member.nickname && <p>{t('colleagues.profile.nickname', { name: member.nickname })}</p>}
          <p className="profile-states"><HereLine member={member.id} /><States member={member} /><Presence member={member} /></p>
        </div>
      </div>
      <Acts member={member} />
      {member.status === 'suspended' && <p className="notice">{t('colleagues.profile.suspended')}</p>}
      {facts.length > 0 ? <Facts facts={facts} /> : <p className="empty">{t('colleagues.profile.nothing')}</p>}
    </div>
  );
}

export function ProfilePane({ id }: { id: string }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const found = useQuery({ queryKey: ['member', me.tenant, id], queryFn: () => call(me.tenant, 'member.read', { params: { member: id } }) });
  return (
    <section className="room-pane" aria-label={t('colleagues.profile.label')}>
      <header className="room-head narrow-only">
        <button type="button" className="icon-button" aria-label={t('base.act.back')} onClick={() => go('/members')}><BackIcon /></button>
        <h2>{t('colleagues.profile.label')}</h2>
      </header>
      {found.isPending && <Loading />}
      {found.isError && <div className="room-state"><ErrorNote error={found.error} retry={() => void found.refetch()} /></div>}
      {found.data && <Body profile={found.data} />}
    </section>
  );
}
