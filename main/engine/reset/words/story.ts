/**
 * What happened with this connection, told in the order of time with its own numbers: how it began, what was said, how long
 * nobody spoke, how the reset came, and what came after it.
 *
 * Invariant: only what the packets show is told. Who made the reset is the verdict's to say, so that here it only carries an
 * address ("a reset with the server's address"), whoever the verdict names.
 */
import { seqDelta } from '../../../../shared/base/seq.ts';
import type { PacketNumber } from '../../../../shared/base/units.ts';
import { bytesText } from '../../../../shared/format/bytes.ts';
import { plural } from '../../../../shared/format/count.ts';
import { cutText, upperFirst } from '../../../../shared/format/text.ts';
import { isoTimeOfDay } from '../../../../shared/format/time.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import { MARK_KEEP_ALIVE } from '../../flow/marks.ts';
import { FLOW_MIDSTREAM } from '../../flow/record.ts';
import { RangeUnion } from '../../stream/range-union.ts';
import type { CauseContext } from '../cause/context.ts';
import { nextCaptureAt } from '../observe/captured-again.ts';
import { ABOUT, type FlowWindow, timeBetween } from '../observe/flow-window.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from '../observe/unacknowledged.ts';
import { measureTtl } from '../observe/place.ts';
import { otherSide } from '../observe/flow-ends.ts';
import { elsewhereStory } from './elsewhere.ts';
import { clockText, delayText, endText, sideName } from '../phrases.ts';

const LONGEST_TARGET = 60;
const LONGEST_NAME = 80;
/** Shorter silences are work and round trips, not pauses. */
const PAUSE_NS = 1e9;
/** A pause further back than this had nothing to do with the end. */
const LAST_PACKETS = 16;

export function storyOf(c: CauseContext): string {
  const data = dataBefore(c);
  return [beginning(c), exchange(c, data), waiting(c), ending(c), again(c), elsewhereStory(c), aftermath(c)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Payload and the packets that carried it, [0] from the client and [1] from the server, as far as the window reaches. */
interface DataBefore {
  readonly bytes: readonly [number, number];
  readonly packets: readonly [number, number];
}

function dataBefore({ f, w }: CauseContext): DataBefore {
  const sides = [new SideData(), new SideData()] as const;
  for (let i = w.first; i < f.at; i++) {
    const from = w.from[i];
    if (from === ABOUT || w.payload[i] === 0 || w.isDuplicate(i) || isProbe(w, i)) continue;
    sides[from].add(w.seq[i], w.payload[i]);
  }
  const [client, server] = sides;
  return { bytes: [client.bytes, server.bytes], packets: [client.packets, server.packets] };
}

/** What one side said, however often it had to send it. */
class SideData {
  bytes = 0;
  packets = 0;
  #origin: number | null = null;
  readonly #sent = new RangeUnion();

  add(seq: number, length: number): void {
    this.#origin ??= seq;
    const from = seqDelta(seq, this.#origin);
    const before = this.bytes;
    this.#sent.add(from, from + length, this.#take);
    if (this.bytes > before) this.packets++;
  }

  readonly #take = (from: number, to: number): void => {
    this.bytes += to - from;
  };
}

function beginning(c: CauseContext): string {
  const { view, f, w } = c;
  const client = endText(view, f.flow, 0);
  const name = view.name(f.flow, 1) ?? c.hints?.serverName ?? null;
  const server = endText(view, f.flow, 1) + (name === null ? '' : ` (${cutText(name, LONGEST_NAME)})`);
  if (f.synAt < 0) {
    const state =
      (f.flowBits & FLOW_MIDSTREAM) !== 0
        ? 'was open already when the capture began'
        : 'began before the packets that were looked at';
    return `The connection from ${client} to ${server} ${state}.`;
  }
  const when = timeOfDay(c, w.time[f.synAt]);
  if (f.synAckAt < 0 || f.synAckAt > f.at) return `${client} asked ${server} for a connection at ${when}.`;
  if (f.handshake < 0) {
    const answer = delayText(timeBetween(w, f.synAt, f.synAckAt));
    return `${client} asked ${server} for a connection at ${when}, and was answered after ${answer}.`;
  }
  return `${client} connected to ${server} at ${when}; the handshake took ${delayText(f.handshake)}.`;
}

function timeOfDay({ view }: CauseContext, ns: number): string {
  return view.epochNs === undefined
    ? clockText(view, ns)
    : `${isoTimeOfDay(view.epochNs, ns).slice(0, 12)} UTC`;
}

/** What was said until the reset, both sides in one sentence. */
function exchange(c: CauseContext, { bytes, packets }: DataBefore): string {
  const { w, f, hints } = c;
  if (packets[0] === 0 && packets[1] === 0)
    return f.established ? 'Neither side sent data before the reset.' : '';
  const known = w.cutBefore ? ' in the packets that were looked at' : '';
  const http = hints?.http ?? null;
  const request = http === null || http.direction !== 0 ? -1 : w.indexOf(http.requestPacket as PacketNumber);
  if (http !== null && request >= 0 && request < f.at) {
    const target = cutText(http.target, LONGEST_TARGET);
    const asked = `The client sent ${bytesText(bytes[0])}${known}, the newest request being ${http.method} ${target}`;
    return `${asked}; ${answerText(c, request, bytes[1])}.`;
  }
  const said = ([0, 1] as const).map((side) =>
    packets[side] === 0
      ? `the ${sideName(side)} nothing`
      : `the ${sideName(side)} ${side === 0 ? 'sent ' : ''}${bytesText(bytes[side])} in ${plural(packets[side], 'packet')}`,
  );
  if (packets[0] === 0) return `The client sent nothing${known}, ${said[1]}.`;
  return `${upperFirst(said[0])}${known}, ${said[1]}.`;
}

/** The byte of a keep-alive probe is one that was sent long before: no data. */
function isProbe(w: FlowWindow, i: number): boolean {
  return (w.marks[i] & MARK_KEEP_ALIVE) !== 0;
}

/** How the newest request was answered before the reset. */
function answerText({ f, w, hints }: CauseContext, request: number, serverBytes: number): string {
  const first = nextData(w, request + 1, f.at, 1);
  if (first < 0) {
    // It may be in the midst of an older answer, or stream without being asked.
    if (serverBytes > 0) return `the server had sent nothing after it when the reset came`;
    return `the server had sent no byte of an answer when the reset came`;
  }
  const status = hints?.httpStatus ?? null;
  const code =
    status === null || status.direction !== 1 || status.packet < w.packet[request]
      ? ''
      : ` with ${status.code}`;
  return `the server answered it${code} after ${delayText(timeBetween(w, request, first))}, ${bytesText(serverBytes)} in all`;
}

/** Index of the first data of one side; −1 for none. */
function nextData(w: FlowWindow, from: number, to: number, side: 0 | 1): number {
  for (let i = from; i < to; i++) if (w.from[i] === side && w.payload[i] > 0 && !w.isDuplicate(i)) return i;
  return -1;
}

function isOfTimer(f: CauseContext['f']): boolean {
  return f.silence >= PAUSE_NS && f.silenceEndAt >= 0;
}

/** Index of the packet that ended the pause which is told; −1 for none. */
function toldPauseEnd({ f, w }: CauseContext): number {
  const end = isOfTimer(f) ? f.silenceEndAt : pauseEnd(w, f.at);
  return end === f.at ? -1 : end;
}

/** The pause before the reset, told once: what the reset itself ended is told with it. */
function waiting(c: CauseContext): string {
  const { f, w } = c;
  const isTimer = isOfTimer(f);
  const end = toldPauseEnd(c);
  if (end < 0) return '';
  const pause = `For ${delayText(isTimer ? f.silence : w.time[end] - w.time[end - 1])} nobody sent anything`;
  if (w.from[end] === ABOUT) return `${pause}.`;
  const side = sideName(w.from[end] === 0 ? 0 : 1);
  if (isTimer && f.silenceBefore === 'fin')
    return `${pause}; then the ${side} closed its half of the connection.`;
  if ((isTimer && f.silenceBefore === 'probe') || isProbe(w, end))
    return `${pause}; then the ${side} sent a keep-alive probe.`;
  return w.payload[end] > 0
    ? `${pause}; then the ${side} sent ${bytesText(w.payload[end])}.`
    : `${pause}; then the ${side} spoke again.`;
}

/** Index of the packet that ended the newest pause among the last packets before the reset; −1 for none. */
function pauseEnd(w: FlowWindow, at: number): number {
  for (let i = at - 1; i > Math.max(w.first, at - LAST_PACKETS); i--)
    if (w.time[i] - w.time[i - 1] >= PAUSE_NS) return i;
  return -1;
}

/** How the reset came: when, in whose name, and how its TTL compares. */
function ending(c: CauseContext): string {
  const { f, w } = c;
  const sender = sideName(f.sender);
  const before = f.at - 1;
  const delay = delayText(f.time - w.time[before]);
  const since =
    before < w.first || w.from[before] === ABOUT
      ? 'A reset'
      : before === toldPauseEnd(c)
        ? `${delay} later a reset`
        : `${delay} after ${packetText(w, before)}, a reset`;
  const own = measureTtl(f);
  const others =
    f.measuredIn === 'flow' ? `the ${sender}'s other packets` : `the ${sender}'s other connections`;
  const ttl =
    own === 0
      ? `TTL ${f.ttl}`
      : own === f.ttl
        ? `TTL ${f.ttl}, as ${others} have`
        : `TTL ${f.ttl} where ${others} have ${own}`;
  return `${since} with the ${sender}'s address came, with ${ttl}.`;
}

/** That the same packet passed the capture point once more: two TTLs are not two senders. */
function again({ f, w }: CauseContext): string {
  const next = nextCaptureAt(w, f, f.at);
  if (next < 0) return '';
  return `The same packet was captured again ${delayText(timeBetween(w, f.at, next))} later, with TTL ${w.ttl[next]}.`;
}

/** "the client's segment of 656 B", "the client's FIN". */
function packetText(w: FlowWindow, i: number): string {
  const side = sideName(w.from[i] === 0 ? 0 : 1);
  if (isProbe(w, i)) return `the ${side}'s keep-alive probe`;
  if (w.payload[i] > 0) return `the ${side}'s segment of ${bytesText(w.payload[i])}`;
  const flags = w.flags[i];
  const kind =
    (flags & TCP_RST) !== 0
      ? 'reset'
      : (flags & TCP_SYN) !== 0
        ? (flags & TCP_ACK) !== 0
          ? 'SYN-ACK'
          : 'SYN'
        : (flags & TCP_FIN) !== 0
          ? 'FIN'
          : 'ACK';
  return `the ${side}'s ${kind}`;
}

function aftermath({ f, w, kind }: CauseContext): string {
  const sender = sideName(f.sender);
  const receiver = sideName(otherSide(f.sender));
  const told: string[] = [];
  const waitingOfSender = unacknowledgedOfSender(f) ?? 0;
  const waitingOfReceiver = unacknowledgedOfReceiver(f, kind) ?? 0;
  const open = [
    waitingOfReceiver > 0 ? `${bytesText(waitingOfReceiver)} of the ${receiver}` : '',
    waitingOfSender > 0 ? `${bytesText(waitingOfSender)} of the ${sender}` : '',
  ].filter((text) => text !== '');
  if (open.length > 0) told.push(`${upperFirst(open.join(' and '))} had not been acknowledged.`);
  if (f.burst > 1) told.push(`It is one of ${plural(f.burst, 'reset')} of that side within two seconds.`);
  if (f.afterDataAt >= 0)
    told.push(`${delayText(timeBetween(w, f.at, f.afterDataAt))} later the ${sender} still sent data.`);
  else if (f.afterAckAt >= 0)
    told.push(
      `${delayText(timeBetween(w, f.at, f.afterAckAt))} later the ${sender} still acknowledged data.`,
    );
  if (f.receiverWentOnAt >= 0) {
    const bytes = f.receiverWentOnBytes > 0 ? ` with ${bytesText(f.receiverWentOnBytes)}` : '';
    told.push(
      `The ${receiver} went on${bytes}, ${delayText(timeBetween(w, f.at, f.receiverWentOnAt))} after the reset.`,
    );
  }
  return told.join(' ');
}
