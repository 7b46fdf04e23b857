/** The frame of a dialog, and its head where it has a title. */
import * as Ariakit from '@ariakit/react';
import type { DialogProps as AriakitProps } from '@ariakit/react';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

interface DialogProps extends Pick<AriakitProps, 'open' | 'onClose' | 'initialFocus' | 'aria-label'> {
  /** A dialog without one names itself: by a heading of its own, or a label. */
  readonly title?: string;
  /** A class of its own, for another size or place. */
  readonly look?: string;
  readonly children: ReactNode;
}

export function Dialog({ title, look, children, ...rest }: DialogProps) {
  return (
    <Ariakit.Dialog
      {...rest}
      className={look === undefined ? 'dialog' : `dialog ${look}`}
      backdrop={<div className="backdrop" />}
      unmountOnHide
    >
      {title === undefined ? null : (
        <header className="dialog-head">
          <Ariakit.DialogHeading>{title}</Ariakit.DialogHeading>
          <Ariakit.DialogDismiss className="icon-button" aria-label="Close">
            <X size={15} aria-hidden="true" />
          </Ariakit.DialogDismiss>
        </header>
      )}
      {children}
    </Ariakit.Dialog>
  );
}
