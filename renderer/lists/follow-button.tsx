/** Keeps the newest row of a growing list in view; only there while a capture runs. */
import { ArrowDownToLine } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import type { GrowingList } from './use-newest.ts';
import { useNewest } from './use-newest.ts';

interface FollowButtonProps {
  readonly list: GrowingList;
  /** Puts the list in the order of time: in another one, nothing can be followed. */
  readonly onSortByTime: () => void;
}

export function FollowButton({ list, onSortByTime }: FollowButtonProps) {
  const newest = useNewest(list);
  if (newest === undefined) return null;
  const isFollowing = newest.isFollowing && newest.at !== null;
  return (
    <IconButton
      label={isFollowing ? 'Stay where the list is' : 'Follow the newest'}
      pressed={isFollowing}
      icon={<ArrowDownToLine size={15} aria-hidden="true" />}
      onClick={() => {
        if (!isFollowing && newest.at === null) onSortByTime();
        newest.onFollowing(!isFollowing);
      }}
    />
  );
}
