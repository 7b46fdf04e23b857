/** Who and why, each with its own gauge: a sure sender says nothing of the reason. */
import type { Verdict } from '../../../shared/model/verdict.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { lowerFirst, upperFirst } from '../../../shared/format/text.ts';
import { CANNOT_TELL, causeWord, confidenceWord } from '../../../shared/texts/confidence.ts';
import { Named } from '../../names/named.tsx';
import { Gauge, type GaugeStep } from '../../ui/gauge.tsx';
import { oddsText, percentText, sureText } from '../../../shared/texts/origin.ts';

const WHO_STEPS: readonly GaugeStep[] = [
  { from: 0, word: CANNOT_TELL },
  { from: 0.6, word: 'suspected' },
  { from: 0.9, word: 'likely' },
  { from: 0.99, word: 'very likely' },
];
const WHY_STEPS: readonly GaugeStep[] = [
  { from: 0, word: 'perhaps' },
  { from: 0.6, word: 'probably' },
  { from: 0.9, word: 'likely' },
  { from: 0.99, word: 'very likely' },
];

interface SureLinesProps {
  readonly verdict: Verdict;
  /** Captures at several points leave no other reading of who sent it. */
  readonly isProven?: boolean;
}

export function SureLines({ verdict, isProven = false }: SureLinesProps) {
  const { origin, cause, claimed } = verdict;
  const isOpen = origin.kind === 'unknown';
  const text = causeOf(cause.code);
  return (
    <dl className={`gauges origin-${origin.kind}`}>
      <Gauge
        title="Who sent it"
        share={isOpen ? null : origin.confidence}
        number={isOpen ? '?' : percentText(origin.confidence)}
        word={isOpen ? 'cannot tell' : sureText(origin.kind, origin.confidence, isProven)}
        steps={WHO_STEPS}
      >
        {isOpen ? (
          <>
            This capture does not settle whether <Named text={origin.label} /> made it.
          </>
        ) : (
          <>
            <b>
              <Named text={upperFirst(origin.label)} />
            </b>
            {origin.kind === 'middlebox' ? `, not the ${claimed} whose address it carries. ` : '. '}
            {oddsText(origin.confidence)}
          </>
        )}
      </Gauge>
      <Gauge
        title="Why"
        share={cause.confidence}
        number={percentText(cause.confidence)}
        word={causeWord(cause.confidence)}
        steps={WHY_STEPS}
        look="gauge-why"
      >
        <b>{text.title}</b>. {oddsText(cause.confidence)}
        {cause.alternatives.length === 0
          ? ''
          : ` It could also be: ${cause.alternatives
              .slice(0, 2)
              .map((code) => lowerFirst(causeOf(code).title))
              .join(' or ')}.`}
      </Gauge>
    </dl>
  );
}

/** How sure a failure is: one question, one gauge. */
export function SureOne({ share, what }: { readonly share: number; readonly what: string }) {
  return (
    <dl className="gauges is-single">
      <Gauge
        title="How sure"
        share={share}
        number={percentText(share)}
        word={confidenceWord(share)}
        steps={WHO_STEPS}
        look="gauge-why"
      >
        <b>{what}</b>. {oddsText(share)}
      </Gauge>
    </dl>
  );
}
