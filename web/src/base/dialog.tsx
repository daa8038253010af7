// A question that needs an answer: title, what happens, buttons. A sheet from below on a phone.
import { Modal } from '@mantine/core';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import './dialog.css';
import type { ReactNode } from 'react';

export function Dialog({ opened, close, title, children }: {
  opened: boolean; close: () => void; title: string; children: ReactNode;
}) {
  return (
    <Modal.Root opened={opened} onClose={close} centered lockScroll={false} transitionProps={{ duration: 0 }}>
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        <Modal.Body>
          <Modal.Title>{title}</Modal.Title>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
