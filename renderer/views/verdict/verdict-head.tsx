/** Who and why in one line, which stays in view while the rest is read. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { ResetJourney } from '../../../shared/model/join.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { lowerFirst, upperFirst } from '../../../shared/format/text.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { HandOverButton } from '../../hand-over/hand-over-button.tsx';
import { NoteBlock, NoteButton } from '../../notes/note-block.tsx';
import { Named } from '../../names/named.tsx';
import { useNames } from '../../names/use-names.ts';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { namedText } from '../../../shared/texts/named-text.ts';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { provenText } from '../../words/join-text.ts';
import { verdictAsText } from '../../words/verdict-text.ts';
import { FrameAndTime } from './frame-and-time.tsx';
import { SEEN_AT_ID } from './seen-at-section.tsx';
import { HeadButtons } from './head-buttons.tsx';

export function VerdictHead({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict } = detail;
  const { kind, label } = verdict.origin;
  const { actions } = useApp();
  const clock = useClock();
  const names = useNames();
  const join = useAppState((state) => state.join);
  return (
    <header className={`verdict-head is-sticky origin-${kind}`}>
      <div className="verdict-line">
        <span className="verdict-badge">
          <OriginMark kind={kind} size={13} />
          {ORIGIN[kind].name}
        </span>
        {detail.journey?.proven === true ? <Proven journey={detail.journey} /> : null}
        <MattersChip matters={row.matters} hint="It ended work that was not finished" />
        <FrameAndTime row={row} />
        <span className="spring" />
        <HandOverButton subject={{ kind: 'reset', id: row.id, at: row }} />
        <NoteButton target={{ kind: 'reset', id: row.id }} />
        <HeadButtons
          step="reset"
          onStep={(by) => void actions.stepReset(by)}
          shown="verdict"
          text={() => namedText(verdictAsText(detail, clock, join), names)}
        />
      </div>
      <h2 className="verdict-headline" title={verdict.summary}>
        <Named text={upperFirst(label)} />
        <span className="verdict-why"> — {lowerFirst(causeOf(verdict.cause.code).title)}</span>
      </h2>
      <NoteBlock target={{ kind: 'reset', id: row.id }} />
    </header>
  );
}

/** It leads to what it rests on. */
function Proven({ journey }: { readonly journey: ResetJourney }) {
  const join = useAppState((state) => state.join);
  return (
    <button
      type="button"
      className="chip proven"
      title={provenText(journey, join)}
      onClick={() => {
        const section = document.getElementById(SEEN_AT_ID);
        section?.scrollIntoView({ block: 'center' });
        section?.focus({ preventScroll: true });
      }}
    >
      PROVEN
    </button>
  );
}
