/** What a ladder says of a packet, a run or a silence: on its arrow, beside it, and as a sentence. */
import { bytesText } from '../../shared/format/bytes.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import { flagNames } from '../../shared/format/flags.ts';
import { MARK_ICMP } from '../../shared/model/packet-marks.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { icmpText as icmpTextOf } from '../../shared/texts/icmp.ts';
import { markNames } from '../../shared/texts/packet-marks.ts';
import { courseNotes, courseSentence } from './course-words.ts';
import type { FlowPackets } from './flow-packets.ts';
import { ACK, RST, isIcmp, relativeAck, seqRange, sideOf, usualTtlOf, windowOf } from './flow-packets.ts';
import type { LadderReset } from './scene.ts';

/** A part of what stands on an arrow; where there is too little room, what has the highest `rank` goes first. */
export interface LabelPart {
  readonly text: string;
  readonly tone: 'message' | 'strong' | 'plain';
  readonly rank: number;
}

export function arrowLabel(packets: FlowPackets, index: number, message: string): LabelPart[] {
  const { columns, isTcp } = packets;
  const payload = columns.payload[index];
  if (isIcmp(packets, index)) {
    return [{ text: icmpText(packets, columns.seq[index]), tone: 'strong', rank: 0 }];
  }
  const parts: LabelPart[] = [];
  if (message !== '') parts.push({ text: message, tone: 'message', rank: 0 });
  parts.push({
    text: isTcp ? flagNames(columns.flags[index]) : 'UDP',
    tone: 'strong',
    rank: message === '' ? 0 : 3,
  });
  if (isTcp) {
    const [low, high] = seqRange(packets, index);
    parts.push({ text: payload > 0 ? `seq ${low}–${high}` : `seq ${low}`, tone: 'plain', rank: 4 });
    if ((columns.flags[index] & ACK) !== 0) {
      parts.push({ text: `ack ${relativeAck(packets, index)}`, tone: 'plain', rank: 5 });
    }
  }
  if (payload > 0) parts.push({ text: `${countText(payload)} B`, tone: 'plain', rank: 2 });
  return parts;
}

function icmpText({ ipVersion }: FlowPackets, typeAndCode: number): string {
  return `ICMP: ${icmpTextOf(ipVersion, typeAndCode >> 8, typeAndCode & 0xff).name}`;
}

/** The number of its frame; behind that of its file, from 1, where packets of several files stand below each other. */
export function frameLabel({ columns, courses }: FlowPackets, index: number): string {
  const frame = columns.frame[index];
  return courses === null ? countText(frame) : `${columns.file[index] + 1}:${frame}`;
}

export function notesOf(packets: FlowPackets, index: number, reset: LadderReset | undefined): string[] {
  const { columns, repeats, repeatedBy, foreign, courses } = packets;
  const notes: string[] = [];
  if (foreign.has(index)) notes.push('another connection');
  if (courses !== null) notes.push(...courseNotes(courses, index, sideOf(packets, index) === 'client'));
  if (reset !== undefined) notes.push(...lossNotes(reset));
  if ((columns.marks[index] & MARK_ICMP) === 0) notes.push(...markNames(columns.marks[index]));
  if (repeats[index] >= 0) notes.push(`first sent in #${frameLabel(packets, repeats[index])}`);
  if (repeatedBy[index] >= 0) notes.push(`sent again in #${frameLabel(packets, repeatedBy[index])}`);
  if (hasOtherTtl(packets, index))
    notes.push(
      `TTL ${columns.ttl[index]}, the ${sideOf(packets, index)}’s others ${usualTtlOf(packets, index)}`,
    );
  return notes;
}

/** What the sender of a reset, or its receiver, had not seen acknowledged. */
function lossNotes({ unacknowledged, times }: LadderReset): string[] {
  const notes: string[] = [];
  if (times > 1) notes.push(`one of ${countText(times)} alike`);
  for (const side of ['client', 'server'] as const) {
    const bytes = unacknowledged[side];
    if (bytes !== null && bytes > 0) notes.push(`${side}’s ${bytesText(bytes)} unacknowledged`);
  }
  return notes;
}

/** Whether any packet has something to be said beside it. */
export function hasNotes(packets: FlowPackets, resets: ReadonlyMap<number, LadderReset>): boolean {
  for (let index = 0; index < packets.columns.count; index++) {
    if (notesOf(packets, index, resets.get(packets.columns.reset[index])).length > 0) return true;
  }
  return false;
}

export function hasOtherTtl(packets: FlowPackets, index: number): boolean {
  const usual = usualTtlOf(packets, index);
  return (
    usual >= 0 &&
    packets.columns.ttl[index] !== usual &&
    !packets.foreign.has(index) &&
    !isIcmp(packets, index)
  );
}

export function silenceText(packets: FlowPackets, index: number): string {
  const { timeNs } = packets.columns;
  return `${durationText(timeNs[index] - timeNs[index - 1])} of silence`;
}

/** `1,240 packets: 1.8 MB from the server in 620, all acknowledged`. */
export function runText(packets: FlowPackets, from: number, to: number): string {
  const { columns } = packets;
  const bytes = { client: 0, server: 0 };
  const carriers = { client: 0, server: 0 };
  let highest = 0;
  for (let i = from; i < to; i++) {
    if (columns.payload[i] === 0) continue;
    const side = sideOf(packets, i);
    bytes[side] += columns.payload[i];
    carriers[side]++;
    highest = Math.max(highest, seqRange(packets, i)[1]);
  }
  const all = plural(to - from, 'packet');
  const sender: Side | null = bytes.client > 0 ? 'client' : bytes.server > 0 ? 'server' : null;
  if (sender === null) return `${all} without data`;
  const data = `${bytesText(bytes[sender])} from the ${sender} in ${countText(carriers[sender])}`;
  if (!packets.isTcp) return `${all}: ${data}`;
  const isAcknowledged = packets.acknowledged[sender] >= highest;
  return `${all}: ${data}, ${isAcknowledged ? 'all acknowledged' : 'not all acknowledged'}`;
}

/** The whole row, for those who do not see it, and below the drawing. */
export function packetSentence(
  packets: FlowPackets,
  index: number,
  message: string,
  reset: LadderReset | undefined,
): string {
  const { columns, isTcp } = packets;
  const side = sideOf(packets, index);
  const parts = [
    `frame ${packets.courses === null ? columns.frame[index] : frameLabel(packets, index)}`,
    reset === undefined ? `from the ${side}` : senderText(reset, side),
  ];
  if (isIcmp(packets, index)) parts.push(icmpText(packets, columns.seq[index]));
  else if (isTcp) {
    const [low, high] = seqRange(packets, index);
    parts.push(
      flagNames(columns.flags[index]),
      high > low ? `sequence ${low} to ${high}` : `sequence ${low}`,
    );
    if ((columns.flags[index] & ACK) !== 0) parts.push(`acknowledges ${relativeAck(packets, index)}`);
    if ((columns.flags[index] & RST) === 0) parts.push(`window ${countText(windowOf(packets, index))}`);
  } else parts.push('UDP');
  if (message !== '') parts.push(message);
  if (columns.payload[index] > 0) parts.push(`${countText(columns.payload[index])} bytes`);
  if (packets.courses === null) parts.push(`TTL ${columns.ttl[index]}`);
  else parts.push(courseSentence(packets.courses, index, side === 'client'));
  if (index > 0)
    parts.push(`${durationText(Math.max(0, columns.timeNs[index] - columns.timeNs[index - 1]))} later`);
  return [...parts, ...notesOf(packets, index, reset)].join(', ');
}

function senderText({ kind, label, device }: LadderReset, claimed: Side): string {
  if (kind === 'endpoint') return `reset from the ${claimed}`;
  if (kind === 'unknown') return `reset in the ${claimed}’s name, whose sender cannot be told`;
  return `reset in the ${claimed}’s name, made by ${device ? label : 'a device on the path'}`;
}
