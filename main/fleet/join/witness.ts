/** What one other capture says of a reset: that it holds it, that it would have to and does not, or nothing, and then why. */
import type { FleetWitness } from '../../../shared/model/fleet.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import type { Sample } from './clock.ts';
import { type FlowFacts, isEnd, otherSide, type ResetFacts, type SegmentFacts } from './facts.ts';
import { type Identity } from './identity.ts';
import { nearness } from './nearness.ts';
import { type Doubt, type Watch, watchDoubts } from './watch.ts';

/** A capture, as people call it. */
export interface Place {
  readonly capture: string;
  readonly host: string;
  readonly site: string;
  readonly interface: string | null;
  readonly keyId: string | null;
  /** Files are told once and whole; a running capture is told in parts. */
  readonly isFile: boolean;
}

/** A reset where it was captured. */
export interface Case {
  readonly reset: ResetFacts;
  readonly flow: FlowFacts;
  readonly place: Place;
  /** All resets of the connection’s ends there. */
  readonly resets: readonly ResetFacts[];
}

/** All that another capture holds of the connection. */
export interface Testimony {
  readonly place: Place;
  readonly flow: FlowFacts;
  readonly identity: Identity;
  /** More flows there that fit as well: which of them it is nobody knows. */
  readonly rivals: number;
  /** Flows there between the same ends, whenever and whichever side began; the flow itself among them. */
  readonly related: readonly FlowFacts[];
  readonly resets: readonly ResetFacts[];
  readonly samples: readonly Sample[];
  readonly watch: Watch | Doubt;
  readonly segments: readonly SegmentFacts[];
  /** Acknowledged bytes that it did not capture, of all its connections around that time. */
  readonly missedBytes: number;
  /** What of the store did not answer, where it may have held rows of that capture. */
  readonly unanswered: string | null;
}

export interface Weighed {
  readonly testimony: Testimony;
  readonly sees: FleetWitness['sees'];
  readonly isNearerSender: boolean | null;
  readonly because: readonly string[];
  readonly doubts: readonly Doubt[];
  /** Resets there with the same number and claim, and where the reset was captured. */
  readonly counts: { readonly here: number; readonly there: number };
}

/** The way may change while nothing is said for longer. */
const STILL_ON_WAY_NS = 1e9;
/** Resets of another connection of the same ends are looked for this far around. */
const AROUND_NS = 60e9;

export function weigh(the: Case, testimony: Testimony): Weighed {
  const { claimed } = the.reset;
  const near = nearness(the.flow, testimony.flow, claimed, {
    samples: testimony.samples,
    isSameHost: the.place.host === testimony.place.host,
  });
  const same = testimony.resets.filter((one) => isSame(one, the.reset, testimony));
  const counts = {
    here: countOf(the.resets.filter((one) => isSame(one, the.reset, { flow: the.flow }))),
    there: countOf(same),
  };
  const common = { testimony, isNearerSender: near.isNearer, counts };
  if (same.length > 0 && testimony.identity.by === 'isn-key' && testimony.identity.doubt !== null)
    return {
      ...common,
      sees: 'unclear',
      because: [testimony.identity.doubt],
      doubts: [{ why: testimony.identity.doubt, cure: null }],
    };
  if (same.length > 0) {
    const because = [
      `it holds the reset: the same sequence number, from the ${claimed}’s address, in this connection`,
      ...(counts.here === counts.there
        ? []
        : [`${plural(counts.there, 'time')} there and ${plural(counts.here, 'time')} where it was received`]),
      ...(near.doubt === null ? [] : [near.doubt]),
    ];
    return { ...common, sees: 'seen', because, doubts: [] };
  }
  const doubts = absenceDoubts(the, testimony);
  if (doubts.length > 0) {
    const because = [...doubts.map(({ why }) => why), ...(near.doubt === null ? [] : [near.doubt])];
    return { ...common, sees: 'unclear', because, doubts };
  }
  return {
    ...common,
    sees: 'absent',
    because: [...whyAbsent(testimony, claimed), ...(near.doubt === null ? [] : [near.doubt])],
    doubts: [],
  };
}

/** Everything that has to hold before it means anything that a reset is not there. */
function absenceDoubts(the: Case, testimony: Testimony): readonly Doubt[] {
  const { flow, identity, watch, rivals } = testimony;
  const { claimed } = the.reset;
  const doubts: Doubt[] = [];
  const doubt = (why: string, cure: string | null = null): void => void doubts.push({ why, cure });
  if (testimony.unanswered !== null)
    doubt(
      `${testimony.unanswered} did not answer, which may hold rows of it`,
      'ask again when all parts of the store answer',
    );
  if (identity.doubt !== null) {
    const cure =
      identity.by === 'ends-and-time'
        ? 'let the captures run from before the connections begin'
        : 'give both agents --clock-bound, or let chrony run';
    doubt(identity.doubt, cure);
  }
  if (rivals > 0) doubt(`${plural(rivals + 1, 'connection')} there fit as well`);
  if ('why' in watch) doubts.push(watch);
  else doubts.push(...watchDoubts(watch, testimony.segments, flow, testimony.place.isFile));
  const others = otherResets(the, testimony);
  if (others > 0)
    doubt(
      `it holds ${plural(others, 'other reset')} from the ${claimed}’s address in this connection, which may be the same one, changed on its way`,
      null,
    );
  const ofSender = flow.packets[claimed] - flow.resets[claimed];
  const ofReceiver = flow.packets[otherSide(claimed)];
  if (ofSender <= 0 || ofReceiver <= 0 || hasMark(flow, 'one-sided'))
    doubt(
      ofSender <= 0
        ? `no other packet of the ${claimed} was captured there in this connection: its packets may take another way`
        : 'only one direction of the connection was captured there',
      'capture where both directions pass, on the host itself or on both mirror ports',
    );
  if (flow.missedBytes !== 0 || hasMark(flow, 'gaps'))
    doubt(
      flow.missedBytes === null
        ? 'how much of this connection was missed there is not known'
        : `it missed packets of this very connection`,
      'lose nothing there: a capture filter for the servers in question, or a larger buffer',
    );
  if (testimony.missedBytes > 0)
    doubt(
      `it missed ${plural(testimony.missedBytes, 'acknowledged byte')} of connections of that time`,
      'lose nothing there: mirror ports and tunnels drop without counting; capture on the host itself',
    );
  if (!('why' in watch) && !isStillOnWay(the, testimony, watch))
    doubt(
      'nothing of this connection passed there shortly before the reset or after it, nor another connection of the two hosts after it: the way may have changed',
      'let the captures run on until the two hosts have talked again',
    );
  return doubts;
}

/** The same number and the same claim; in a flow whose sides were guessed the other way about, the claim is the other one, and so is the key. */
function isSame(one: ResetFacts, reset: ResetFacts, { flow }: Pick<Testimony, 'flow'>): boolean {
  return (
    reset.resetKey !== null &&
    one.resetKey === reset.resetKey &&
    one.claimed === reset.claimed &&
    isEnd(one.ends.server, flow.ends.server) &&
    isEnd(one.ends.client, flow.ends.client)
  );
}

/**
 * Resets there from the claimed sender’s address which the capture of the reset does not hold as well, so that they may be it.
 * The flow’s own counters count, too: they are there before a reset has been judged.
 */
function otherResets(the: Case, testimony: Testimony): number {
  const { claimed } = the.reset;
  const { flow, watch } = testimony;
  const isKnownHere = (one: ResetFacts): boolean =>
    one.resetKey !== null &&
    the.resets.some((other) => other.resetKey === one.resetKey && other.count >= one.count);
  const rows = testimony.resets.filter((one) => claimsSender(one.ends, one.claimed, flow, claimed));
  const around = (fromNs: bigint, toNs: bigint): boolean => {
    if ('why' in watch) return true;
    const at = Number(the.reset.timeNs - fromNs);
    const end = Number(toNs - the.reset.timeNs);
    return at + watch.offset.most + AROUND_NS >= 0 && end - watch.offset.least + AROUND_NS >= 0;
  };
  const unknown = rows.filter(
    (one) => !isKnownHere(one) && (one.flow === flow.flow || around(one.timeNs, one.timeNs)),
  );
  let count = countOf(unknown);
  for (const other of testimony.related) {
    const isOwn = other.flow === flow.flow;
    if (!isOwn && !around(other.timeNs, other.lastTimeNs)) continue;
    const side = isEnd(other.ends[claimed], flow.ends[claimed]) ? claimed : otherSide(claimed);
    const told = countOf(rows.filter((one) => one.flow === other.flow));
    count += Math.max(0, other.resets[side] - told);
  }
  return count;
}

/** Whether a reset carries the address that the claimed sender has in this flow. */
function claimsSender(ends: ResetFacts['ends'], claim: Side, flow: FlowFacts, claimed: Side): boolean {
  return isEnd(ends[claim], flow.ends[claimed]);
}

export function isStillOnWay(
  the: Pick<Case, 'reset'>,
  { flow, samples }: Pick<Testimony, 'flow' | 'samples'>,
  watch: Watch,
): boolean {
  const before = Number(the.reset.timeNs - flow.lastTimeNs) + watch.offset.most;
  return before <= STILL_ON_WAY_NS || samples.some(({ syn, isOfPair }) => isOfPair && syn > 0);
}

function hasMark(flow: FlowFacts, mark: string): boolean {
  return flow.marks.split(',').some((one) => one.trim() === mark);
}

function countOf(resets: readonly ResetFacts[]): number {
  return resets.reduce((sum, { count }) => sum + count, 0);
}

function whyAbsent({ flow, watch, segments }: Testimony, claimed: Side): readonly string[] {
  const back = otherSide(claimed);
  const lasted = segments.reduce((sum, one) => sum + Number(one.lastTimeNs - one.timeNs), 0);
  return [
    `it holds the connection, with ${plural(flow.packets[claimed], 'packet')} of the ${claimed} and ${countOfBack(flow, back)} of the ${back}`,
    `its capture lost nothing in the ${durationText(lasted)} around the reset`,
    ...('why' in watch ? [] : [watch.by]),
  ];
}

function countOfBack(flow: FlowFacts, back: Side): string {
  return String(flow.packets[back]);
}
