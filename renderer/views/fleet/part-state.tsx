/** A card with what was answered: waiting, failed, or its content, which is dimmed while another scope is asked for. */
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { tableSentence } from '../../words/fleet-text.ts';
import type { Part } from './use-fleet-answers.ts';

interface PartCardProps<T> {
  readonly id: string;
  readonly title: string;
  /** Behind the title. */
  readonly about?: ReactNode;
  readonly part: Part<T>;
  readonly waiting: string;
  readonly lines: number;
  readonly onAgain: () => void;
  readonly isFlush?: boolean;
  readonly children: (value: T) => ReactNode;
}

export function PartCard<T>(props: PartCardProps<T>) {
  const { id, title, about, part, waiting, lines, onAgain, isFlush = false, children } = props;
  return (
    <section
      className={`card fleet-card ${isFlush ? 'card-flush' : ''}`}
      aria-labelledby={id}
      aria-busy={part.isAsking}
    >
      <h2 id={id}>
        {title} {about === undefined ? null : <small className="faint">{about}</small>}
      </h2>
      {part.error !== null && !part.isAsking ? (
        <div className="fleet-part-error" role="alert">
          <CircleAlert size={16} aria-hidden="true" />
          <p>{tableSentence(part.error)}</p>
          <Button onClick={onAgain}>Ask again</Button>
        </div>
      ) : part.value === null ? (
        <Skeleton lines={lines} label={waiting} />
      ) : (
        <div className="fleet-part">{children(part.value)}</div>
      )}
    </section>
  );
}
