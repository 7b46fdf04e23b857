/** Shows its children only after a while, so that what is quickly replaced never flickers. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

export const LATE_MS = 150;

export function Late({ children }: { readonly children: ReactNode }) {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsDue(true);
    }, LATE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return isDue ? children : null;
}

/** Grey bars where text will be. */
export function Skeleton({ lines, label }: { readonly lines: number; readonly label: string }) {
  return (
    <Late>
      <div className="skeleton" role="status" aria-label={label}>
        {Array.from({ length: lines }, (_, line) => (
          <span
            key={line}
            className="skeleton-line"
            style={{ width: `${[92, 74, 84, 58, 66][line % 5]}%` }}
          />
        ))}
      </div>
    </Late>
  );
}
