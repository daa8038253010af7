// The password field of every form: can be shown, works with password managers.
import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { HideIcon, ShowIcon } from './icons.tsx';

export function Password({ ref, ...props }: PasswordInputProps & { ref?: Ref<HTMLInputElement> }) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  return (
    <PasswordInput
      {...props} {...(ref ? { ref } : {})} visible={visible} onVisibilityChange={setVisible} withAsterisk={false}
      visibilityToggleIcon={({ reveal }) => (reveal ? <HideIcon size={20} /> : <ShowIcon size={20} />)}
      visibilityToggleButtonProps={{ 'aria-label': t(visible ? 'base.act.hide_password' : 'base.act.show_password'), tabIndex: 0 }}
    />
  );
}
