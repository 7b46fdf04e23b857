/** What a rendered stream scrolls in. */
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { useFirstFocus } from '../ui/use-first-focus.ts';

export function StreamList({ children }: { readonly children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  useFirstFocus(list);
  return (
    <div
      ref={list}
      className="stream-list"
      tabIndex={0}
      role="region"
      aria-label="What the connection carried"
      data-pane
    >
      {children}
    </div>
  );
}
