// The ways to choose files: on a phone the camera, its pictures, or any file; elsewhere the dialog of the system has all of them.
import { useTranslation } from 'react-i18next';
import { isTouch } from '../base/prefs.ts';

const WAYS = [
  { name: 'camera', accept: 'image/*', capture: 'environment', multiple: false },
  { name: 'pictures', accept: 'image/*,video/*', multiple: true },
  { name: 'any', multiple: true },
] as const;
const ONE = [{ name: 'file', multiple: true }] as const;

/** Items of a list. */
export function AttachActs({ attach }: { attach: (files: Iterable<File>) => void }) {
  const { t } = useTranslation();
  return (
    <>
      {(isTouch() ? WAYS : ONE).map(({ name, ...how }) => (
        <li key={name}>
          <label className="menu-act">
            {t(`talk.more.${name}`)}
            <input type="file" className="hidden-file" {...how} onChange={(e) => attach([...(e.target.files ?? [])])} />
          </label>
        </li>
      ))}
    </>
  );
}
