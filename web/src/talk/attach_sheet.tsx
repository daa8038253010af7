// The ways to choose files, in a sheet of their own.
import { useTranslation } from 'react-i18next';
import { Dialog } from '../base/dialog.tsx';
import { AttachActs } from './attach.tsx';

export default function AttachSheet({ attach, close }: { attach: (files: Iterable<File>) => void; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('talk.more.file')}>
      <ul className="menu-acts"><AttachActs attach={(files) => { attach(files); close(); }} /></ul>
      <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>
    </Dialog>
  );
}
