/** What happened, in the order of time; before it, where the headline does not say it, the verdict in a sentence. */
import { Named } from '../../names/named.tsx';

interface StorySectionProps {
  /** What failed, or what is open, in one sentence or two; null where headline and gauges say all of it. */
  readonly summary: string | null;
  readonly story: string;
}

export function StorySection({ summary, story }: StorySectionProps) {
  return (
    <section className="story" aria-labelledby="story-title">
      <h3 id="story-title" className="card-label">
        What happened
      </h3>
      {summary === null ? null : (
        <p className="verdict-summary">
          <Named text={summary} />
        </p>
      )}
      {story === '' ? null : (
        <p className="story-text">
          <Named text={story} />
        </p>
      )}
    </section>
  );
}
