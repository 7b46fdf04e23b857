/** One capture is open at a time: what is to be opened would end the one that runs. */
import * as Ariakit from '@ariakit/react';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { fileName } from '../../words/file-text.ts';
import { placeText } from '../../words/live-text.ts';

export function LeaveDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'leave');
  const paths = useAppState((state) => state.waitingPaths);
  const place = useAppState((state) => placeText(state.live.options));
  const close = (): void => {
    actions.setDialog(null);
  };
  const name = paths.length === 0 ? 'another capture' : fileName(paths[0]);
  return (
    <Dialog open={isOpen} onClose={close} look="dialog-small">
      <div className="dialog-form">
        <Ariakit.DialogHeading className="dialog-title">Stop capturing {place}?</Ariakit.DialogHeading>
        <p>
          One capture is open at a time. To open {name}, the running capture ends; its files stay where they
          are.
        </p>
        <div className="dialog-buttons">
          {paths.length === 1 ? (
            <Button
              onClick={() => {
                void actions.copy(paths[0], 'the path');
                close();
              }}
            >
              Copy the path instead
            </Button>
          ) : null}
          <span className="spring" />
          <Button onClick={close}>Go on capturing</Button>
          <Button look="primary" onClick={() => void actions.leaveCapture()}>
            Stop and open
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
