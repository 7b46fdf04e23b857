/** Asks before a capture that runs is closed. */
import * as Ariakit from '@ariakit/react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { placeText } from '../../words/live-text.ts';

export function LeaveDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'leave');
  const place = useAppState((state) => placeText(state.running.options));
  const close = (): void => {
    actions.setDialog(null);
  };
  return (
    <Dialog open={isOpen} onClose={close} look="dialog-small">
      <div className="dialog-form">
        <Ariakit.DialogHeading className="dialog-title">Stop capturing {place}?</Ariakit.DialogHeading>
        <p>It ends with its tab. Its files stay where they are, and can be opened again.</p>
        <div className="dialog-buttons">
          <span className="spring" />
          <Button onClick={close}>Go on capturing</Button>
          <Button look="primary" onClick={() => void actions.leaveCapture()}>
            Stop and close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
