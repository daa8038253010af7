// What messages are drawn with. It changes seldom, and then all that are drawn change; so rows ask for none of it themselves.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLang } from '../base/i18n.ts';
import type { Lang } from '../base/time.ts';
import type { Me, Member } from '../base/types.ts';
import type { Keyword } from './keywords.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { TFunction } from 'i18next';

export interface Look {
  t: TFunction;
  lang: Lang;
  me: Me;
  members: ReadonlyMap<string, Member>;
  /** The reader's own words, which are marked in what others write. */
  words: readonly Keyword[];
  /** What the button of every message's menu is called. */
  menu: string;
  /** A message that is answered is gone to. */
  jump: (seq: number) => void;
}

const nowhere = () => undefined;

export function useLook(jump: (seq: number) => void = nowhere): Look {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const words = useTalk((s) => s.keywords);
  const lang = currentLang();
  return useMemo(() => ({ t, lang, me, members, words, jump, menu: t('talk.menu.open') }), [t, lang, me, members, words, jump]);
}
