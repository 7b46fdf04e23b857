/** Files dragged over any part of the window. Over an open capture there are two places to drop them at: beside it, and to be held against it. */
import { useEffect, useState } from 'react';
import { FileDown, FilePlus2, GitCompareArrows } from 'lucide-react';
import { canCompare } from '../core/compare-actions.ts';
import { useApp, useAppState } from '../core/app-context.ts';

type Zone = 'compare' | 'beside';

export function DropOverlay() {
  const { actions, store } = useApp();
  const [isOver, setIsOver] = useState(false);
  const [zone, setZone] = useState<Zone>('beside');
  const isOpen = useAppState(canCompare);
  useEffect(() => {
    // Elements inside of the window enter and leave too: the depth tells when the window itself is left.
    let depth = 0;
    const set = (next: number): void => {
      depth = next;
      setIsOver(depth > 0);
    };
    const onEnter = (event: DragEvent): void => {
      if (hasFiles(event)) set(depth + 1);
    };
    const onLeave = (event: DragEvent): void => {
      if (hasFiles(event)) set(Math.max(0, depth - 1));
    };
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setZone(zoneAt(event));
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      set(0);
      const files = Array.from(event.dataTransfer?.files ?? []);
      const isCompared = zoneAt(event) === 'compare' && canCompare(store.getState());
      void (isCompared ? actions.compareWithFiles(files) : actions.openFiles(files));
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, [actions, store]);
  if (!isOver) return null;
  if (!isOpen)
    return (
      <div className="drop-overlay" aria-hidden="true">
        <div className="drop-target">
          <FileDown size={40} strokeWidth={1.4} />
          <strong>Drop to open</strong>
          <span>
            Several files of a rotated set open as one; captures of the same traffic from several places are
            joined.
          </span>
        </div>
      </div>
    );
  return (
    <div className="drop-overlay is-two" aria-hidden="true">
      <div className="drop-zone" data-drop="compare" data-over={zone === 'compare' ? '' : undefined}>
        <div className="drop-target">
          <GitCompareArrows size={38} strokeWidth={1.4} />
          <strong>Compare with this capture</strong>
          <span>The same traffic, captured elsewhere: one case of all of them</span>
        </div>
      </div>
      <div className="drop-zone" data-drop="beside" data-over={zone === 'beside' ? '' : undefined}>
        <div className="drop-target">
          <FilePlus2 size={38} strokeWidth={1.4} />
          <strong>Open beside it</strong>
          <span>In a tab of its own</span>
        </div>
      </div>
    </div>
  );
}

function zoneAt({ target }: DragEvent): Zone {
  const zone = target instanceof Element ? target.closest('[data-drop]') : null;
  return zone?.getAttribute('data-drop') === 'compare' ? 'compare' : 'beside';
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
