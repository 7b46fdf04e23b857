/** In the place of an answer that is on its way, or could not be had. */
import { CircleAlert } from 'lucide-react';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';
import type { Answer } from './use-answer.ts';

export function AnswerState({ answer, what }: { readonly answer: Answer<unknown>; readonly what: string }) {
  if (answer.error !== null) {
    return (
      <Empty
        icon={<CircleAlert size={26} strokeWidth={1.4} />}
        tone="bad"
        title={`${what} could not be read`}
      >
        {answer.error}
      </Empty>
    );
  }
  return (
    <div className="stream-waiting">
      <Skeleton lines={8} label={`${what} are being put together`} />
    </div>
  );
}
