/** One failure: first the sentence that sums it up, last the packets. */
import { useCallback, useMemo } from 'react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import type { FailureDetail, FailureKind } from '../../../shared/model/failure.ts';
import { failureCommands } from '../../../shared/texts/commands.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { useApp } from '../../core/app-context.ts';
import { AroundLadder } from '../../ladder/compact-ladder.tsx';
import type { EvidenceMark } from '../../ladder/scene.ts';
import { DetailPane } from '../../lists/detail-pane.tsx';
import { useDetail } from '../../lists/use-detail.ts';
import { ENDING, failureSideText, triesText } from '../../words/ending.ts';
import { recoveredText } from '../../words/failure-text.ts';
import { hintFacts } from '../../words/hint-facts.ts';
import { secondsText } from '../../words/values.ts';
import { CheckList } from '../verdict/check-list.tsx';
import { HintSection } from '../verdict/hint-section.tsx';
import { NextStep } from '../verdict/next-step.tsx';
import { StorySection } from '../verdict/story-section.tsx';
import { SureOne } from '../verdict/sure-lines.tsx';
import { PieceList } from '../verdict/piece-list.tsx';
import { FailureHead } from './failure-head.tsx';
import { FailureStrip } from './failure-strip.tsx';

export function FailurePane({ id }: { readonly id: number }) {
  const { link } = useApp();
  const ask = useCallback(
    (failure: number, signal: AbortSignal) => link.call('failures.detail', { id: failure }, signal),
    [link],
  );
  return (
    <DetailPane
      label="Failure"
      waiting="The failure is being looked at"
      failed="Nothing to show"
      state={useDetail(id, ask)}
      idOf={({ row }) => row.id}
    >
      {(detail) => <FailureContent key={detail.row.id} detail={detail} />}
    </DetailPane>
  );
}

function FailureContent({ detail }: { readonly detail: FailureDetail }) {
  const { row, flow, hints, packets } = detail;
  return (
    <>
      <FailureHead detail={detail} />
      <div className="verdict-inner ending-failed">
        <StorySection summary={row.summary} story={detail.story} />
        <SureOne
          share={row.confidence}
          what={
            row.side === null
              ? ENDING[row.kind].name
              : `${ENDING[row.kind].name}, ${lowerFirst(failureSideText(row.side))}`
          }
        />
        <FailureStrip row={row} />
        <NextStep
          next={row.next}
          commands={failureCommands(row)}
          flow={flow === null ? null : row.id}
          packet={packets.find(({ frame, file }) => frame === row.frame && file === row.file)?.packet ?? null}
        />
        <EvidenceList detail={detail} />
        <FailureLadder detail={detail} />
        <Facts detail={detail} />
        {flow === null ? null : <HintSection facts={hintFacts({ hints, flow })} />}
      </div>
    </>
  );
}

function EvidenceList({ detail }: { readonly detail: FailureDetail }) {
  if (detail.evidence.length === 0) return null;
  return (
    <section className="card failure-evidence" aria-labelledby="failure-evidence-title">
      <h3 id="failure-evidence-title" className="card-label">
        Evidence
      </h3>
      <PieceList pieces={detail.evidence} flow={detail.flow === null ? null : detail.row.id} />
    </section>
  );
}

function Facts({ detail }: { readonly detail: FailureDetail }) {
  const { row, flow } = detail;
  return (
    <section className="card" aria-labelledby="failure-facts-title">
      <h3 id="failure-facts-title" className="card-label">
        What this kind of failure is
      </h3>
      <p className="card-lead">{ENDING[row.kind].about}</p>
      <dl className="terms">
        <dt>Whose doing</dt>
        <dd>
          {row.side === null ? 'This capture cannot tell whose doing it was.' : failureSideText(row.side)}
        </dd>
        <dt>How often</dt>
        <dd>
          {triesText(row.tries)}, {secondsText(row.seconds)} in all
        </dd>
        <dt>What programs see</dt>
        <dd>{FAILURE_KIND_TEXTS[row.kind].seen}</dd>
        <dt>What came after</dt>
        <dd>{recoveredText(row)}</dd>
        {flow === null ? null : (
          <>
            <dt>Data until then</dt>
            <dd>
              {bytesText(flow.clientBytes)} from the client, {bytesText(flow.serverBytes)} from the server
            </dd>
          </>
        )}
      </dl>
      <Checks kind={row.kind} />
    </section>
  );
}

function Checks({ kind }: { readonly kind: FailureKind }) {
  const { client, server, path, confirm } = FAILURE_KIND_TEXTS[kind];
  return (
    <details className="checks">
      <summary>What to check</summary>
      <CheckList title="On the client’s side" items={client} />
      <CheckList title="On the server’s side" items={server} />
      <CheckList title="Between the two" items={path} />
      <h4>To confirm it</h4>
      <p>{confirm}</p>
    </details>
  );
}

function FailureLadder({ detail }: { readonly detail: FailureDetail }) {
  const { row, flow, packets, evidence } = detail;
  const marks = useMemo(() => {
    const found = new Map<number, EvidenceMark>();
    for (const { packets: rests, text } of evidence) {
      for (const packet of rests) found.set(packet, { favours: 'neither', text });
    }
    return found;
  }, [evidence]);
  const ends = flow ?? { id: row.id, client: row.client, server: row.server, protocol: row.protocol };
  return (
    <AroundLadder
      about="the failure"
      flow={ends}
      packets={packets}
      marks={marks}
      at={packets.find(({ frame, file }) => frame === row.frame && file === row.file)}
    />
  );
}
