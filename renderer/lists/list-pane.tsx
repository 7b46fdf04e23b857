/** A list under its toolbar, from whose filter the keys lead into the list. */
import { useRef } from 'react';
import type { ReactNode } from 'react';

interface ListPaneProps {
  readonly Toolbar: (props: { readonly onLeave: () => void }) => ReactNode;
  /** What stands below it: strips, and the list in a `list-place`. */
  readonly children: ReactNode;
}

export function ListPane({ Toolbar, children }: ListPaneProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} className="list-pane">
      <Toolbar
        onLeave={() => {
          place.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      {children}
    </div>
  );
}
