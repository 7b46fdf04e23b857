/** Opens and closes the pane beside a list. */
import { PanelRight } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import type { Pane } from '../state/panes.ts';
import { IconButton } from '../ui/button.tsx';

interface PaneButtonProps {
  readonly of: Pane;
  /** What it shows: "the verdict". */
  readonly name: string;
}

export function PaneButton({ of, name }: PaneButtonProps) {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.openPanes[of]);
  return (
    <IconButton
      label={`${isOpen ? 'Hide' : 'Show'} ${name}`}
      pressed={isOpen}
      icon={<PanelRight size={15} aria-hidden="true" />}
      onClick={() => {
        actions.setPaneOpen(of, !isOpen);
      }}
    />
  );
}
