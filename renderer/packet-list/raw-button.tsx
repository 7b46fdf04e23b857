/** Switches sequence numbers and windows between what they mean and what the wire says. */
import { Binary } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';

export function RawButton() {
  const { actions } = useApp();
  const isRaw = useAppState((state) => state.rawNumbers);
  return (
    <IconButton
      label={isRaw ? 'Show relative numbers and scaled windows' : 'Show numbers and windows as on the wire'}
      pressed={isRaw}
      icon={<Binary size={15} aria-hidden="true" />}
      onClick={() => {
        actions.setRawNumbers(!isRaw);
      }}
    />
  );
}
