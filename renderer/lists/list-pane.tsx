/** A list under its toolbar, from whose filter the keys lead into the list. */
import { useRef } from 'react';
import type { ReactNode } from 'react';

interface ListPaneProps {
  readonly Toolbar: (props: { readonly onLeave: () => void }) => ReactNode;
  /** Between toolbar and list. */
  readonly below?: ReactNode;
  /** The list, and what stands in its place while it is empty. */
  readonly children: ReactNode;
}

export function ListPane({ Toolbar, below, children }: ListPaneProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} className="list-pane">
      <Toolbar
        onLeave={() => {
          place.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      />
      {below}
      <div className="list-place">{children}</div>
    </div>
  );
}
