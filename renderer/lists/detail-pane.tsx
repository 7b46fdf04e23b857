/** The pane of what is selected: waiting, failed, or its content; that of another row is read from its beginning. */
import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';
import type { DetailState } from './use-detail.ts';

interface DetailPaneProps<Detail> {
  readonly label: string;
  readonly waiting: string;
  readonly failed: string;
  readonly state: DetailState<Detail>;
  readonly idOf: (detail: Detail) => number;
  readonly children: (detail: Detail) => ReactNode;
}

export function DetailPane<Detail>(props: DetailPaneProps<Detail>) {
  const { label, waiting, failed, state, idOf, children } = props;
  const { detail, error, isOld, retry } = state;
  const pane = useRef<HTMLElement>(null);
  const shown = detail === null ? undefined : idOf(detail);
  useLayoutEffect(() => {
    if (pane.current !== null) pane.current.scrollTop = 0;
  }, [shown]);
  return (
    <section ref={pane} className="verdict" aria-label={label} aria-busy={isOld} data-pane tabIndex={0}>
      {error !== null ? (
        <Empty
          icon={<CircleAlert size={26} strokeWidth={1.4} />}
          tone="bad"
          title={failed}
          actions={<Button onClick={retry}>Try again</Button>}
        >
          {error}
        </Empty>
      ) : detail === null ? (
        <div className="verdict-waiting">
          <Skeleton lines={9} label={waiting} />
        </div>
      ) : (
        children(detail)
      )}
    </section>
  );
}
