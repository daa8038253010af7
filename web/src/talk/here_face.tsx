// A colleague's face with a dot at its edge while the colleague is here; and the same in words.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Face, photoOf } from '../base/face.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import type { HereState } from './here.ts';
import type { Member } from '../base/types.ts';

/** Whether a colleague is here, for as long as the component stands on the screen. Of oneself nothing is said. */
function useHere(member: string | undefined): HereState | undefined {
  const talk = useTalkStore();
  const other = member === talk.me.id ? undefined : member;
  useEffect(() => (other ? talk.here.watch(other) : undefined), [talk, other]);
  return useTalk((s) => (other ? s.here.get(other) : undefined));
}

export function HereFace({ member, size = 'normal' }: { member: Member; size?: 'small' | 'normal' | 'large' }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const here = useHere(member.id);
  return (
    <span className="here-face">
      <Face id={member.id} name={member.family} kind="person" size={size} photo={photoOf(me.tenant, member)} />
      {here && <span className={`here-dot here-${here}`} title={t(`talk.here.${here}`)}><span className="hidden-text">{t(`talk.here.${here}`)}</span></span>}
    </span>
  );
}

export function HereLine({ member }: { member: string }) {
  const { t } = useTranslation();
  const here = useHere(member);
  return here ? <span className="here-line"><span className={`here-dot here-${here}`} aria-hidden />{t(`talk.here.${here}`)}</span> : null;
}
