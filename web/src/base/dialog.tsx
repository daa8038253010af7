// A question that needs an answer: title, what happens, buttons. A sheet from below on a phone. Of several open ones only
// the top one answers Escape; what was begun in a field is not lost without a question; the focus goes back to where it was.
import { Modal } from '@mantine/core';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import './dialog.css';
import { useCallback, useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Began, layers, wayBack, type Layer } from './layers.ts';
import { isComposingNow } from './ime.ts';
import { isTouch } from './prefs.ts';

export function Dialog({ opened, close, title, children }: {
  opened: boolean; close: () => void; title: string; children: ReactNode;
}) {
  return opened ? <Open close={close} title={title}>{children}</Open> : null;
}

/** Its place among the open ones, and the way back of the focus when it goes. */
function useLayer(close: () => void): Layer {
  const closes = useRef(close);
  closes.current = close;
  const [layer] = useState((): Layer => ({ content: null, back: wayBack(document.activeElement, layers.top), close: () => closes.current() }));
  useEffect(() => {
    layers.add(layer);
    return () => {
      layers.remove(layer);
      layers.giveBack(layer);
    };
  }, [layer]);
  return layer;
}

function Open({ close, title, children }: { close: () => void; title: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [began] = useState(() => new Began());
  const ask = () => {
    if (asking) setAsking(false);
    else if (began.something()) setAsking(true);
    else close();
  };
  const layer = useLayer(ask);
  const heading = useRef<HTMLHeadingElement>(null);
  const place = useCallback((e: HTMLElement | null) => { // another one at each drawing would have the trap begin anew
    layer.content = e;
    /* What is chosen from a list is seen first: a search that takes the focus brings the keyboard of a phone over it. */
    if (isTouch() && e?.querySelector('input, textarea, select')?.matches('[type=search]')) heading.current?.setAttribute('data-autofocus', '');
  }, [layer]);
  const [keep] = useState<{ current: HTMLButtonElement | null; asked: boolean }>(() => ({ current: null, asked: false }));
  useEffect(() => {
    if (asking) keep.current?.focus();
    else if (keep.asked) began.last?.focus();
    keep.asked = asking;
  }, [asking, began, keep]);
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Tab') e.stopPropagation(); // a key pressed here is for nothing that lies below; Tab is watched by the trap
    if (e.key !== 'Escape' || e.defaultPrevented || isComposingNow(e.nativeEvent)) return;
    layers.top?.close();
  };
  return (
    <div hidden onKeyDown={onKeyDown} onTouchStart={(e) => e.stopPropagation()} onTouchMove={(e) => e.stopPropagation()} onWheel={(e) => e.stopPropagation()} onFocus={(e: FocusEvent) => began.entered(e.target)}>
      <Modal.Root opened onClose={ask} centered lockScroll={false} closeOnEscape={false} returnFocus={false} transitionProps={{ duration: 0 }}>
        <Modal.Overlay backgroundOpacity={0.4} />
        <Modal.Content ref={place}>
          <Modal.Body>
            <Modal.Title ref={heading} tabIndex={-1}>{asking ? t('base.dialog.leave') : title}</Modal.Title>
            {asking && (
              <>
                <p>{t('base.dialog.leave_text')}</p>
                <div className="dialog-acts">
                  <button type="button" className="text-button danger" onClick={close}>{t('base.dialog.drop')}</button>
                  <button ref={(e) => { keep.current = e; }} type="button" className="text-button" onClick={() => setAsking(false)}>{t('base.dialog.keep')}</button>
                </div>
              </>
            )}
            <div className={asking ? undefined : 'dialog-rest'} hidden={asking}>{children}</div>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </div>
  );
}
