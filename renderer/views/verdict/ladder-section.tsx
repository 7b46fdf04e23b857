/** The packets around the reset, marked by the evidence that rests on them. */
import { useMemo } from 'react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { Ladder } from './ladder.tsx';
import type { LadderMark } from './ladder-row.tsx';

export function LadderSection({ detail }: { readonly detail: ResetDetail }) {
  const { packets, row } = detail;
  const marks = useMemo(() => evidenceMarks(detail), [detail]);
  const reset = packets.find((packet) => packet.frame === row.frame && packet.file === row.file);
  return (
    <Ladder
      about="the reset"
      flow={detail.flow.id}
      packets={packets}
      marks={marks}
      it={reset}
      look={`origin-${detail.verdict.origin.kind}`}
    />
  );
}

/** Which side the heaviest evidence on a packet favours. */
function evidenceMarks(detail: ResetDetail): Map<number, LadderMark> {
  const marks = new Map<number, LadderMark>();
  for (const { favours, packets, text } of [...detail.evidence].sort((a, b) => a.weight - b.weight)) {
    if (favours === 'neither') continue;
    for (const packet of packets) marks.set(packet, { favours, text });
  }
  return marks;
}
