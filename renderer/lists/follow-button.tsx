/** Keeps the newest row of a growing list in view. */
import { ArrowDownToLine } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';

interface FollowButtonProps {
  readonly isFollowing: boolean;
  readonly onChange: (isFollowing: boolean) => void;
}

export function FollowButton({ isFollowing, onChange }: FollowButtonProps) {
  return (
    <IconButton
      label={isFollowing ? 'Stay where the list is' : 'Follow the newest'}
      pressed={isFollowing}
      icon={<ArrowDownToLine size={15} aria-hidden="true" />}
      onClick={() => {
        onChange(!isFollowing);
      }}
    />
  );
}
