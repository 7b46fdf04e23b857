/** A list, and the pane of what is selected in it: beside it where there is room, else below. Escape closes the pane. */
import type { KeyboardEvent, ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useApp } from '../core/app-context.ts';
import { useWidth } from '../ui/use-width.ts';
import './split.css';

/** Narrower than this, the pane goes below the list. */
const SIDE_BY_SIDE_PX = 980;

interface ListAndPaneProps {
  /** Names the pair, whose sizes are kept under it. */
  readonly id: string;
  readonly list: ReactNode;
  /** null while it is closed. */
  readonly pane: ReactNode;
  /** What the separator sizes, for assistive technology. */
  readonly paneName: string;
}

export function ListAndPane({ id, list, pane, paneName }: ListAndPaneProps) {
  const { actions } = useApp();
  const [frame, width] = useWidth<HTMLDivElement>();
  const isBeside = width >= SIDE_BY_SIDE_PX;
  const orientation = isBeside ? 'horizontal' : 'vertical';
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pane !== null && !event.defaultPrevented) {
      actions.setVerdictOpen(false);
      event.preventDefault();
    }
  };
  return (
    <div ref={frame} className="split-view" onKeyDown={onKeyDown}>
      <Group key={orientation} id={`${id}-${orientation}`} orientation={orientation} className="split">
        <Panel id="list" minSize={isBeside ? '380px' : '140px'} className="split-panel">
          {list}
        </Panel>
        {pane === null ? null : (
          <>
            <Separator className="separator" aria-label={`Size of ${paneName}`} />
            <Panel
              id="verdict"
              defaultSize={isBeside ? '42%' : '56%'}
              minSize={isBeside ? '420px' : '160px'}
              className="split-panel"
            >
              {pane}
            </Panel>
          </>
        )}
      </Group>
    </div>
  );
}
