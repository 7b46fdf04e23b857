/**
 * Joins a reset to what the kernel witness, the kernel of the capturing machine, said: by connection, direction and time.
 *
 * One event stands for one packet (and its copies). The resets of a connection are held against its events in order, so that
 * each reset of a burst gets its own. The kernel speaks of a packet that it sends before that passes the capture, and of a
 * packet that comes in afterwards.
 *
 * Silence of the kernel means something only about an address of this very machine, and while it was watched without a gap:
 * a router, a container's address or a translated connection proves nothing and stays without a word.
 */
import type { PacketNumber } from '../../../../shared/base/units.ts';
import { FLOW_ESTABLISHED, LAST_RESET, META, ipVersionOf } from '../../flow/record.ts';
import { FLAG_INBOUND, FLAG_OUTBOUND } from '../../store/packet-columns.ts';
import { MARK_DUPLICATE_CAPTURE } from '../../flow/marks.ts';
import { TCP_FLAGS_MASK } from '../../decode/facts.ts';
import { RST_PREVIOUS_RESET } from '../../store/reset-log.ts';
import type { WitnessedEnds, WitnessEvent } from '../../store/witness-log.ts';
import { EVENT_RECEIVED, EVENT_SENT } from '../../store/witness-log.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { portOf } from '../observe/flow-ends.ts';
import type { CaptureView } from '../observe/view.ts';

/** A queue or shaper of this machine may hold a packet back so long between its making and the capture of it. */
const HELD_BACK_NS = 1_000_000_000;
/**
 * The same for an address that is not the machine's own: nothing holds a container's packets back so long, and fewer events of
 * a stranger whose connection has the same ends (translated, or in another namespace) are taken for it.
 */
const HELD_BACK_FOR_ANOTHER_NS = 20_000_000;
/** The clocks of packets and of events are those of one machine, read apart and converted. */
const CLOCK_SKEW_NS = 10_000_000;
/** The same packet is captured again, on another interface of the machine, within this. */
const COPY_NS = 50_000_000;
/** Resets of one connection and direction that are told apart; in a longer burst silence proves nothing. */
const MOST_RESETS = 64;

/**
 * `sent`: the kernel made it. `not-sent-in`: it came in with this machine's own address, and the kernel did not make it.
 * `not-sent-out`: it left this machine in its own name, but its TCP did not make it. `received`: the kernel took it to a
 * socket. `not-received`: it came in for a socket of this machine, and the kernel did not take it.
 */
export type HeardWord = 'none' | 'sent' | 'not-sent-in' | 'not-sent-out' | 'received' | 'not-received';

/** What the witness says of one reset. One object, filled anew for every reset. */
export interface WitnessSays {
  word: HeardWord;
  /** The address that the reset carries is one of this machine. */
  isOwn: boolean;
  /** The machine told its addresses, and this is none of them: a host behind it, or a container. */
  isStranger: boolean;
  /** The event that stands for the reset, null without one. */
  event: WitnessEvent | null;
  /** Why the kernel was not to be heard at that moment, though somebody asked for it; for people. */
  trouble: string | undefined;
}

export function nothingHeard(): WitnessSays {
  return { word: 'none', isOwn: false, isStranger: false, event: null, trouble: undefined };
}

const resets = new Int32Array(MOST_RESETS);
const events = new Float64Array(2 * MOST_RESETS);

export function hearWitness(view: CaptureView, f: ResetFacts, into: WitnessSays): void {
  into.word = 'none';
  into.isOwn = false;
  into.isStranger = false;
  into.event = null;
  into.trouble = undefined;
  const log = view.witness;
  const timeline = view.timelineOf(view.packets.file(f.packet));
  if (!log.knows(timeline)) return;
  const family = ipVersionOf(view.flows.word(f.flow, META));
  const client = { words: view.flows.wideAddress(f.flow, 0), at: 0, port: portOf(view, f.flow, 0) };
  const server = { words: view.flows.wideAddress(f.flow, 1), at: 0, port: portOf(view, f.flow, 1) };
  const [sender, receiver] = f.sender === 0 ? [client, server] : [server, client];
  const ofSender: WitnessedEnds = { timeline, family, local: sender, remote: receiver };
  const receiverIsOwn = log.isOwn(timeline, view.addressText(f.flow, f.receiver));
  into.isOwn = log.isOwn(timeline, view.addressText(f.flow, f.sender));
  into.isStranger = !into.isOwn && log.tellsAddresses(timeline);
  // Between two sockets of one machine every packet leaves and comes in.
  const isInside = into.isOwn && receiverIsOwn;
  const watched = log.watched(timeline, f.time, view.timelineEndNs(view.packets.file(f.packet)));
  if (!watched) into.trouble = log.trouble(timeline, f.time);

  let heard = NOT_HEARD;
  const cameBack = f.in && leftBefore(view, f);
  if (!f.in || isInside || cameBack) {
    heard = matching(view, f, ofSender, EVENT_SENT, isInside, into.isOwn);
    if (heard >= 0) {
      into.word = 'sent';
      into.event = log.event(heard);
      return;
    }
  }
  if (into.isOwn && !isInside && watched) {
    if (f.in && !cameBack && heardNothing(view, f, ofSender)) {
      into.word = 'not-sent-in';
      return;
    }
    if (f.out && heard === NOT_HEARD && heardNothing(view, f, ofSender)) {
      into.word = 'not-sent-out';
      return;
    }
  }
  if (f.out) return;
  const ofReceiver: WitnessedEnds = { timeline, family, local: receiver, remote: sender };
  heard = matching(view, f, ofReceiver, EVENT_RECEIVED, isInside, receiverIsOwn);
  if (heard >= 0) {
    into.word = 'received';
    into.event = log.event(heard);
  } else if (
    heard === NOT_HEARD &&
    f.in &&
    receiverIsOwn &&
    watched &&
    (f.flowBits & FLOW_ESTABLISHED) !== 0
  ) {
    // Before its connection is established or after both FINs a reset ends something without passing tcp_reset.
    if (f.finAt[0] < 0 || f.finAt[1] < 0) into.word = 'not-received';
  }
}

/** No event for this packet. */
const NOT_HEARD = -1;
/** Too many to tell. */
const UNTOLD = -2;

/**
 * The event that stands for this reset.
 * @param both directions of capture count
 * @param isOwn whether the local end is the capturing machine's own address
 * @returns its id, NOT_HEARD or UNTOLD
 */
function matching(
  view: CaptureView,
  f: ResetFacts,
  ends: WitnessedEnds,
  kind: number,
  both: boolean,
  isOwn: boolean,
): number {
  const heldBack = isOwn ? HELD_BACK_NS : HELD_BACK_FOR_ANOTHER_NS;
  const early = kind === EVENT_SENT ? heldBack : CLOCK_SKEW_NS;
  const late = kind === EVENT_SENT ? CLOCK_SKEW_NS : heldBack;
  const count = gatherResets(view, f, kind, both, early + late);
  if (count === 0) return UNTOLD;
  const { packets, witness } = view;
  const earliestNs = packets.time(view.resets.packet(resets[0])) - early;
  const latestNs = packets.time(view.resets.packet(resets[count - 1])) + late;
  // The kernel does not tell whom a listening socket of this machine answered: such events fit any remote end.
  const orNobody = isOwn && kind === EVENT_SENT;
  const found = witness.find({ ...ends, kind, earliestNs, latestNs, orNobody }, events);
  if (found < 0) return UNTOLD;
  // Where there are as many events as resets, identical resets (answers to a retransmission) are no copies of each other.
  const areShared = found < count;
  // Events of sent resets are matched from the newest on: the last one before a packet is its own, those before that may be
  // of an older connection with the same ends. The kernel tells of received ones afterwards, so they go from the oldest on.
  const backwards = kind === EVENT_SENT;
  let next = backwards ? found - 1 : 0;
  let matchedPacket: PacketNumber | undefined = undefined;
  let matchedEvent = NOT_HEARD;
  for (let k = 0; k < count; k++) {
    const i = backwards ? count - 1 - k : k;
    const packet = view.resets.packet(resets[i]);
    const time = packets.time(packet);
    let event = NOT_HEARD;
    if (areShared && matchedPacket !== undefined && isCopy(view, packet, matchedPacket)) {
      event = matchedEvent;
    } else if (backwards) {
      while (next >= 0 && witness.time(events[next]) > time + late) next--;
      if (next >= 0 && witness.time(events[next]) >= time - early) event = events[next--];
    } else {
      while (next < found && witness.time(events[next]) < time - early) next++;
      if (next < found && witness.time(events[next]) <= time + late) event = events[next++];
    }
    if (event >= 0) {
      matchedPacket = packet;
      matchedEvent = event;
    }
    if (resets[i] === f.reset) return event;
  }
  return UNTOLD;
}

/**
 * Resets of this one's connection and direction near it in time, in capture order, those captured again left out.
 * @returns how many, this one among them; 0 where there are too many
 */
function gatherResets(view: CaptureView, f: ResetFacts, kind: number, both: boolean, near: number): number {
  const log = view.resets;
  const wrongWay = both ? 0 : kind === EVENT_SENT ? FLAG_INBOUND : FLAG_OUTBOUND;
  let id = view.flows.word(f.flow, LAST_RESET);
  let count = 0;
  // A chain of resets that each come soon after the one before it shares its events.
  let edge = f.time;
  while (id >= log.first) {
    const packet = view.resets.packet(id);
    const time = view.packets.time(packet);
    if (id < f.reset && time < edge - near) break;
    const isSame = log.direction(id) === f.sender;
    const counts =
      id === f.reset ||
      (isSame &&
        (view.packets.flags(packet) & wrongWay) === 0 &&
        (view.packets.marks(packet) & MARK_DUPLICATE_CAPTURE) === 0);
    if (counts && time <= f.time + near) {
      // Of a burst there are too many.
      if (count === MOST_RESETS || log.members(id) > 1) return 0;
      resets[count++] = id;
      if (id < f.reset) edge = time;
    }
    id = log.get(id, RST_PREVIOUS_RESET);
  }
  resets.subarray(0, count).sort();
  return resets.subarray(0, count).includes(f.reset) ? count : 0;
}

function isCopy(view: CaptureView, packet: PacketNumber, of: PacketNumber): boolean {
  const { packets } = view;
  return (
    Math.abs(packets.time(packet) - packets.time(of)) <= COPY_NS &&
    packets.seq(packet) === packets.seq(of) &&
    packets.ack(packet) === packets.ack(of) &&
    ((packets.flags(packet) ^ packets.flags(of)) & TCP_FLAGS_MASK) === 0 &&
    packets.ipId(packet) === packets.ipId(of)
  );
}

/** Whether the same reset left this machine before: a switch or a bridge handed it back. */
function leftBefore(view: CaptureView, f: ResetFacts): boolean {
  let id = view.resets.get(f.reset, RST_PREVIOUS_RESET);
  for (let i = 0; i < MOST_RESETS && id >= view.resets.first; i++) {
    const packet = view.resets.packet(id);
    if ((view.packets.flags(packet) & FLAG_OUTBOUND) !== 0 && isCopy(view, f.packet, packet)) return true;
    id = view.resets.get(id, RST_PREVIOUS_RESET);
  }
  return false;
}

/** Whether the kernel made no reset at all of this connection anywhere near: then there is none to mistake it for. */
function heardNothing(view: CaptureView, f: ResetFacts, ends: WitnessedEnds): boolean {
  const earliestNs = f.time - HELD_BACK_NS;
  const latestNs = f.time + HELD_BACK_NS;
  const query = { ...ends, kind: EVENT_SENT, earliestNs, latestNs, orNobody: true };
  return view.witness.find(query, events) === 0;
}
