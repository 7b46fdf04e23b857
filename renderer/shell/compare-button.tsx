/** Holds what is open against another capture of the same traffic: one that is open in another tab, or a file. */
import * as Ariakit from '@ariakit/react';
import { FolderOpen, GitCompareArrows } from 'lucide-react';
import { canCompare } from '../core/compare-actions.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Button } from '../ui/button.tsx';
import { captureName } from '../words/capture-name.ts';

const ABOUT = 'Open a capture of the same traffic from another place, as one case with this one';

export function CompareButton() {
  const { actions } = useApp();
  const isOffered = useAppState(canCompare);
  const captures = useAppState((state) => state.captures);
  const others = captures.filter(({ isShown, paths }) => !isShown && paths.length > 0);
  if (!isOffered) return null;
  if (others.length > 0) return <CompareMenu others={others} />;
  return (
    <Button
      title={ABOUT}
      icon={<GitCompareArrows size={14} aria-hidden="true" />}
      onClick={() => void actions.pickToCompare()}
    >
      <span className="title-word">Compare</span>
    </Button>
  );
}

function CompareMenu({ others }: { readonly others: Parameters<typeof captureName>[0][] }) {
  const { actions } = useApp();
  const running = useAppState((state) => state.running);
  const caseNames = useAppState((state) => state.caseNames);
  const menu = Ariakit.useMenuStore({ placement: 'bottom-end' });
  return (
    <>
      <Ariakit.MenuButton store={menu} className="button" title={ABOUT}>
        <GitCompareArrows size={14} aria-hidden="true" />
        <span className="title-word">Compare</span>
      </Ariakit.MenuButton>
      <Ariakit.Menu store={menu} className="menu" gutter={4} portal unmountOnHide aria-label="Compare with">
        {others.map((tab) => (
          <Ariakit.MenuItem
            key={tab.capture}
            className="menu-item"
            onClick={() => void actions.compareWith(tab.paths)}
          >
            {captureName(tab, running, caseNames)}
          </Ariakit.MenuItem>
        ))}
        <Ariakit.MenuSeparator className="menu-line" />
        <Ariakit.MenuItem className="menu-item" onClick={() => void actions.pickToCompare()}>
          <FolderOpen size={13} aria-hidden="true" /> Another capture…
        </Ariakit.MenuItem>
      </Ariakit.Menu>
    </>
  );
}
