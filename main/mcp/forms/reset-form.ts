/** A reset as a line of a list. */
import * as v from 'valibot';
import { confidenceWord } from '../../../shared/texts/confidence.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES, SIDES } from '../../../shared/model/verdict.ts';
import { untrustedOrNull, untrustedText } from '../untrusted.ts';
import {
  causeForm,
  causeJson,
  count,
  endpoint,
  frameNumber,
  probability,
  rounded,
  time,
  words,
} from './shared-parts.ts';

export const originForm = v.strictObject({
  kind: v.pipe(
    v.picklist(ORIGIN_KINDS),
    v.description(
      'endpoint: the host whose address the reset carries; middlebox: a device on the path forged it.',
    ),
  ),
  side: v.picklist(ORIGIN_SIDES),
  hops: v.pipe(v.nullable(count), v.description('Routers between the capture point and whoever sent it.')),
  confidence: probability,
  word: v.pipe(
    words,
    v.description('The confidence in words, “proven” only where several capture points leave nothing else.'),
  ),
});

export const resetForm = v.strictObject({
  reset: v.pipe(count, v.description('Its number, for “verdict”.')),
  file: count,
  frame: frameNumber,
  time,
  flow: count,
  client: endpoint,
  server: endpoint,
  serverName: v.nullable(untrustedText),
  claimed: v.pipe(v.picklist(SIDES), v.description('The side whose address the reset carries.')),
  origin: originForm,
  cause: causeForm,
  matters: v.pipe(v.boolean(), v.description('Whether it ended work that was not finished.')),
  count: v.pipe(count, v.description('Resets that this entry stands for: more than one of a burst.')),
});

export function originJson(row: ResetRow): v.InferInput<typeof originForm> {
  const { kind, side, hops, confidence, proven } = row;
  return {
    kind,
    side,
    hops: hops < 0 ? null : hops,
    confidence: rounded(confidence),
    word: confidenceWord(kind === 'unknown' ? 0 : confidence, proven),
  };
}

export function resetRowJson(row: ResetRow, clock: (ns: number) => string): v.InferInput<typeof resetForm> {
  return {
    reset: row.id,
    file: row.file,
    frame: row.frame,
    time: clock(row.timeNs),
    flow: row.flow,
    client: row.client,
    server: row.server,
    serverName: untrustedOrNull(row.serverName),
    claimed: row.claimed,
    origin: originJson(row),
    cause: causeJson(row.cause),
    matters: row.matters,
    count: row.count,
  };
}
