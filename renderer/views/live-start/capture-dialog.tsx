/** The choice of what to capture in a dialog, for when another capture is open. */
import * as Ariakit from '@ariakit/react';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Dialog } from '../../ui/dialog.tsx';

export function CaptureDialog({ children }: { readonly children: ReactNode }) {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'capture');
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        actions.setDialog(null);
      }}
      look="capture-dialog"
      aria-label="Capture live"
    >
      <Ariakit.DialogDismiss className="icon-button capture-dialog-close" aria-label="Close">
        <X size={15} aria-hidden="true" />
      </Ariakit.DialogDismiss>
      {children}
    </Dialog>
  );
}
