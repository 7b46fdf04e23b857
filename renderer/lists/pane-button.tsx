/** Opens and closes the pane beside a list. */
import { PanelRight } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';

/** @param pane what it shows: "the verdict" */
export function PaneButton({ pane }: { readonly pane: string }) {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.verdictOpen);
  return (
    <IconButton
      label={`${isOpen ? 'Hide' : 'Show'} ${pane}`}
      pressed={isOpen}
      icon={<PanelRight size={15} aria-hidden="true" />}
      onClick={() => {
        actions.setVerdictOpen(!isOpen);
      }}
    />
  );
}
