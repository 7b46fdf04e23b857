/** How sure something is: a number, its word, and what that means, over a scale of the words. */
import type { ReactNode } from 'react';

export interface GaugeStep {
  /** Probability from which on the word holds. */
  readonly from: number;
  readonly word: string;
}

interface GaugeProps {
  readonly title: string;
  /** 0 … 1; null where it is open. */
  readonly share: number | null;
  /** "97.3%"; what stands instead where it is open. */
  readonly number: string;
  readonly word: string;
  /** From the least sure up. */
  readonly steps: readonly GaugeStep[];
  readonly look?: string;
  /** What is that sure, and what the number means. */
  readonly children: ReactNode;
}

export function Gauge({ title, share, number, word, steps, look = '', children }: GaugeProps) {
  return (
    <div className={`gauge ${look}`}>
      <dt>{title}</dt>
      <dd>
        <span className="gauge-value">
          <b className="gauge-number num">{number}</b>
          <span className="gauge-word">{word}</span>
        </span>
        <span className="gauge-scale" aria-hidden="true">
          {steps.map((step, at) => (
            <span
              key={step.word}
              className="gauge-step"
              title={`${step.word}: from ${Math.round(step.from * 100)} % on`}
            >
              <span style={{ width: `${filled(share, step.from, steps[at + 1]?.from ?? 1) * 100}%` }} />
            </span>
          ))}
        </span>
        <span className="gauge-text">{children}</span>
      </dd>
    </div>
  );
}

/** The part of a step that a share fills: the steps are equally long, since 99 % is as far from 90 % as that from 60 %. */
function filled(share: number | null, from: number, to: number): number {
  if (share === null || share <= from) return 0;
  return Math.min(1, (share - from) / (to - from));
}
