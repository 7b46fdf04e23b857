/** Files dragged over any part of the window. */
import { useEffect, useState } from 'react';
import { FileDown } from 'lucide-react';
import { useApp } from '../core/app-context.ts';

export function DropOverlay() {
  const { actions } = useApp();
  const [isOver, setIsOver] = useState(false);
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
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      set(0);
      void actions.openFiles(Array.from(event.dataTransfer?.files ?? []));
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
  }, [actions]);
  if (!isOver) return null;
  return (
    <div className="drop-overlay" aria-hidden="true">
      <div className="drop-target">
        <FileDown size={40} strokeWidth={1.4} />
        <strong>Drop to open</strong>
        <span>Several files of a rotated set open as one.</span>
      </div>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}
