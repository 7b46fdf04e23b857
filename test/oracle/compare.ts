/** Where tshark and the engine differ about a capture. */
import type { AnalysisMark, CaptureObservation } from './observation.ts';
import { ANALYSIS_MARKS } from './observation.ts';

export interface Difference {
  readonly what: 'frames' | 'is-tcp' | 'reset' | 'stream' | 'initial-rtt' | AnalysisMark;
  /** Number of the frame, from 1; 0 where it is about the whole file. */
  readonly frame: number;
  readonly tshark: string;
  readonly engine: string;
}

export function differences(tshark: CaptureObservation, engine: CaptureObservation): Difference[] {
  const found: Difference[] = [];
  const differ = (what: Difference['what'], frame: number, theirs: unknown, ours: unknown): void => {
    found.push({ what, frame, tshark: String(theirs), engine: String(ours) });
  };
  if (tshark.frames.length !== engine.frames.length) {
    differ('frames', 0, tshark.frames.length - 1, engine.frames.length - 1);
  }
  // Streams are numbered differently; they must pair off one to one.
  const flowOf = new Map<number, number>();
  const streamOf = new Map<number, number>();
  const rttSaid = new Set<number>();
  const rttDiffers = new Set<number>();
  const last = Math.min(tshark.frames.length, engine.frames.length);
  for (let frame = 1; frame < last; frame++) {
    const theirs = tshark.frames[frame];
    const ours = engine.frames[frame];
    if (theirs.stream >= 0 !== ours.stream >= 0) {
      differ('is-tcp', frame, theirs.stream >= 0, ours.stream >= 0);
      continue;
    }
    if (theirs.stream < 0) continue;
    if (theirs.reset !== ours.reset) differ('reset', frame, theirs.reset, ours.reset);
    const flow = flowOf.get(theirs.stream);
    const stream = streamOf.get(ours.stream);
    if (flow === undefined && stream === undefined) {
      flowOf.set(theirs.stream, ours.stream);
      streamOf.set(ours.stream, theirs.stream);
    } else if (flow !== ours.stream) {
      differ('stream', frame, theirs.stream, `${ours.stream} (stream ${stream ?? 'new'})`);
    }
    if (theirs.initialRttNs !== undefined && !rttSaid.has(theirs.stream)) {
      rttSaid.add(theirs.stream);
      if (ours.initialRttNs === undefined || Math.abs(theirs.initialRttNs - ours.initialRttNs) > 1) {
        if (!rttDiffers.has(ours.stream))
          differ('initial-rtt', frame, theirs.initialRttNs, ours.initialRttNs);
        rttDiffers.add(ours.stream);
      }
    }
    for (const mark of ANALYSIS_MARKS) {
      if (theirs.marks.has(mark) !== ours.marks.has(mark)) {
        differ(mark, frame, theirs.marks.has(mark), ours.marks.has(mark));
      }
    }
  }
  return found;
}

/** `retransmission (tshark false, engine true): 3× a.pcap 12, 14 …` by what differs. */
export function grouped(all: readonly { readonly file: string; readonly difference: Difference }[]): string {
  const groups = new Map<string, string[]>();
  for (const { file, difference } of all) {
    const { what, frame, tshark, engine } = difference;
    const boolean = tshark === 'true' || tshark === 'false';
    const key = boolean ? `${what} (tshark ${tshark}, engine ${engine})` : what;
    const detail = boolean ? `${file} ${frame}` : `${file} ${frame}: tshark ${tshark}, engine ${engine}`;
    groups.set(key, [...(groups.get(key) ?? []), detail]);
  }
  return [...groups]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([key, places]) => {
      const shown = places.slice(0, 12).join('\n    ');
      const more = places.length > 12 ? `\n    … ${places.length - 12} more` : '';
      return `${key}: ${places.length}×\n    ${shown}${more}`;
    })
    .join('\n');
}
