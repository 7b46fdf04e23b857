/** A button that shows more below it, and folds it away again. */
import type { ReactNode } from 'react';

interface FoldProps {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function Fold({ isOpen, onChange, children }: FoldProps) {
  return (
    <button
      type="button"
      className="fold"
      aria-expanded={isOpen}
      onClick={() => {
        onChange(!isOpen);
      }}
    >
      {children}
    </button>
  );
}
