/** Answers about one flow for the view of a connection: account, packets as columns, series, messages. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { MethodResult, Params } from '../../shared/contract/methods.ts';
import type { FlowAccount, FlowReset, LadderPart } from '../../shared/model/connection.ts';

import { TCP_RST } from '../engine/decode/facts.ts';
import {
  flowAccount,
  ladderColumns,
  resetPackets,
  resetsOfFlow,
  windowShifts,
} from '../engine/answers/ladder-view.ts';
import { foldSeries } from '../engine/answers/series.ts';
import { BASE_SEQ, SEEN, SEEN_ANY } from '../engine/flow/record.ts';
import { FILE_HEADER_BYTES, MAX_RECORD_HEADER_BYTES, packetInRecord } from '../engine/read/record-at.ts';
import { PAYLOAD_ELSEWHERE } from '../engine/store/packet-columns.ts';
import { LABEL_BYTES, messageLabel } from '../engine/stream/message-label.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Analysis } from './analysis.ts';
import { connectionOf } from './join-answers.ts';
import { SlicedWork } from './sliced-work.ts';

type Session = Analysis['session'];

export function accountOf(session: Session, flow: FlowRecord): FlowAccount {
  const { ids, more } = resetsOfFlow(session.resets, session.flowView, flow);
  return flowAccount(session.flowView, flow, {
    hints: session.hints(flow) ?? null,
    resets: once(session, ids)
      .flatMap((id) => flowReset(session, id))
      .reverse(),
    moreResets: more,
    connection: connectionOf(session, flow),
  });
}

/** One record of each reset: several may be of one that another capture holds as a burst. */
function once({ join }: Session, ids: readonly number[]): number[] {
  const told = new Map(ids.map((id) => [join.primary(id), id]));
  return [...told.values()];
}

/** Nothing for a reset that waits for its verdict. */
function flowReset(session: Session, id: number): FlowReset[] {
  const account = session.hasReset(id) ? session.findAccount(id) : undefined;
  if (account === undefined) return [];
  const { row, verdict } = account;
  return [
    {
      row,
      packet: session.resets.packet(id),
      path: verdict.path,
      unacknowledged: verdict.unacknowledgedBytes,
      summary: verdict.summary,
    },
  ];
}

export function ladderPart(session: Session, flow: FlowRecord, from: number, count: number): LadderPart {
  const numbers = session.flowPackets(flow);
  const { ids } = resetsOfFlow(session.resets, session.flowView, flow);
  const records = resetPackets(session.resets, session.join, ids);
  const wanted = numbers.subarray(from, from + count);
  return {
    revision: session.revision,
    total: numbers.length,
    from,
    columns: ladderColumns(session.packets, session.flowView, flow, wanted, records),
  };
}

export async function seriesOf(
  session: Session,
  flow: FlowRecord,
  { side, fromNs, toNs, columns }: Params<'flows.series'>,
  signal: AbortSignal,
): Promise<MethodResult<'flows.series'>> {
  const { flowView, packets, revision } = session;
  const direction = side === 'client' ? 0 : 1;
  const shifts = windowShifts(flowView, flow);
  const shift = shifts[side === 'client' ? 'server' : 'client'];
  const isSeen = (flowView.directionWord(flow, direction, SEEN) & SEEN_ANY) !== 0;
  const numbers = session.flowPackets(flow);
  const { series, most } = await foldSeries(
    packets,
    numbers,
    {
      direction,
      base: isSeen ? flowView.directionWord(flow, direction, BASE_SEQ) : null,
      windowShift: shift ?? 0,
    },
    { fromNs, toNs, columns },
    new SlicedWork(signal).breathe,
  );
  const values = new Uint8Array(series.buffer);
  return {
    revision,
    side,
    fromNs,
    toNs,
    columns,
    values,
    most,
    isScaled: shift !== null,
    packets: numbers.length,
  };
}

/** What applications say in some packets. Packets whose file is gone, and whose bytes were not captured, say nothing. */
export async function messagesOf(
  analysis: Analysis,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labels: string[] = [];
  const headers = new Map<number, Uint8Array>();
  for (const number of numbers) {
    if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
    labels.push(await messageOf(analysis, number as PacketNumber, headers));
  }
  return labels;
}

async function messageOf(
  analysis: Analysis,
  packet: PacketNumber,
  headers: Map<number, Uint8Array>,
): Promise<string> {
  const { packets } = analysis.session;
  if (!packets.holds(packet)) return '';
  const payload = packets.payload(packet);
  const payloadAt = packets.payloadAt(packet);
  if (payload === 0 || payloadAt === PAYLOAD_ELSEWHERE || (packets.flags(packet) & TCP_RST) !== 0) return '';
  const file = packets.file(packet);
  const source = analysis.source(file);
  if (source === undefined) return '';
  let header = headers.get(file);
  if (header === undefined) {
    header = await source.readAt(0, FILE_HEADER_BYTES);
    headers.set(file, header);
  }
  const wanted = Math.min(payload, LABEL_BYTES);
  const length = MAX_RECORD_HEADER_BYTES + payloadAt + wanted;
  const record = await source.readAt(packets.fileOffset(packet), length);
  const { start, capturedLength } = packetInRecord(analysis.session.fileFormat(file), header, record);
  const captured = Math.max(0, Math.min(wanted, capturedLength - payloadAt));
  return messageLabel(record.subarray(start + payloadAt, start + payloadAt + captured), payload);
}
