/** Stands in place of a list that is not there yet, or could not be made. */
import { CircleAlert } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { RowFeed } from '../state/row-feed.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';

export function ListStatus<Query, Row>({ feed }: { readonly feed: RowFeed<Query, Row> }) {
  const { shown, error } = useSyncExternalStore(feed.subscribe, feed.getState);
  if (shown !== undefined) return null;
  if (error === undefined) {
    return (
      <div className="list-waiting">
        <Skeleton lines={10} label="The list is being made" />
      </div>
    );
  }
  return (
    <Empty
      icon={<CircleAlert size={28} strokeWidth={1.4} />}
      tone="bad"
      title="This list could not be made"
      actions={
        <Button
          onClick={() => {
            feed.retry();
          }}
        >
          Try again
        </Button>
      }
    >
      {error.message}
    </Empty>
  );
}
