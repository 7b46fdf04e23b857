/**
 * A list, or what else is worked in, and the pane of what is selected in it: beside it where there is room, else below. Escape closes
 * the pane. Its size is the user's, and kept for each list and either place.
 */
import { useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { Layout, LayoutChangedMeta } from 'react-resizable-panels';
import { useApp } from '../core/app-context.ts';
import { keep, readKept } from '../core/kept.ts';
import type { Pane } from '../state/panes.ts';
import { useWidth } from '../ui/use-width.ts';
import { percentIn } from './pane-size.ts';
import './split.css';

/** Narrower than this, the pane goes below the list. */
const SIDE_BY_SIDE_PX = 980;

interface ListAndPaneProps {
  readonly id: Pane;
  readonly list: ReactNode;
  /** null while it is closed. */
  readonly pane: ReactNode;
  /** What the separator sizes, for assistive technology. */
  readonly paneName: string;
  /** Percent that the pane takes beside the list, as long as the user has not sized it. */
  readonly beside?: number;
}

const BELOW = 56;

export function ListAndPane({ id, list, pane, paneName, beside = 44 }: ListAndPaneProps) {
  const { actions } = useApp();
  const [frame, width] = useWidth<HTMLDivElement>();
  const paneElement = useRef<HTMLDivElement>(null);
  const isBeside = width >= SIDE_BY_SIDE_PX;
  const orientation = isBeside ? 'horizontal' : 'vertical';
  const name = `pane-size.${id}.${isBeside ? 'beside' : 'below'}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && pane !== null && !event.defaultPrevented) {
      actions.setPaneOpen(id, false);
      event.preventDefault();
      // The focus must not go with the pane.
      if (event.target instanceof Node && paneElement.current?.contains(event.target) === true)
        frame.current?.querySelector<HTMLElement>('[role="grid"], [role="listbox"]')?.focus();
    }
  };
  const onSized = (layout: Layout, { isUserInteraction }: LayoutChangedMeta): void => {
    if (isUserInteraction && typeof layout.pane === 'number') keep(name, String(layout.pane));
  };
  return (
    <div ref={frame} className="split-view" onKeyDown={onKeyDown}>
      <Group
        key={orientation}
        id={`${id}-${orientation}`}
        orientation={orientation}
        className={isBeside ? 'split' : 'split is-stacked'}
        onLayoutChanged={onSized}
      >
        <Panel id="list" minSize={isBeside ? '380px' : '140px'} className="split-panel">
          {list}
        </Panel>
        {pane === null ? null : (
          <>
            <Separator className="separator" aria-label={`Size of ${paneName}`} />
            <Panel
              id="pane"
              elementRef={paneElement}
              defaultSize={`${percentIn(readKept(name)) ?? (isBeside ? beside : BELOW)}%`}
              minSize={isBeside ? '360px' : '160px'}
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
