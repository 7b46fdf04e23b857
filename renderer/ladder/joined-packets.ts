/** Puts the packets of one connection at several capture points together: one row for each packet on its way. */
import { decodeLadder, makeLadderColumns } from '../../shared/columns/ladder.ts';
import type { LadderColumns } from '../../shared/columns/ladder.ts';
import { seqDelta } from '../../shared/base/seq.ts';
import type { FlowAccount } from '../../shared/model/connection.ts';
import type { JoinedLadder } from '../../shared/model/join.ts';
import { MARK_ICMP } from '../../shared/model/packet-marks.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { correctedNs } from '../../shared/model/vantage-clock.ts';
import type { CourseColumns, CourseVantage, Courses } from './courses.ts';
import { fatesOf, vantagePlaces } from './courses.ts';
import type { FlowPackets } from './flow-packets.ts';
import { flowPackets, ipVersionOf } from './flow-packets.ts';

/** When a capture point captured, by its own clock, ns; null where that is not known. */
export type SpanOf = (file: number) => readonly [from: number, to: number] | null;

interface Part {
  readonly columns: LadderColumns;
  /** By packet: its course. */
  readonly course: Uint32Array;
  readonly changes: Uint16Array;
}

/** @param accounts of the flows of the ladder's vantages, in their order */
export function joinedPackets(
  ladder: JoinedLadder,
  accounts: readonly FlowAccount[],
  spanOf: SpanOf,
): FlowPackets {
  const numbers = new Map<number, number>();
  const parts = ladder.parts.map((part): Part => {
    const columns = decodeLadder(part.columns);
    const journeys = new Uint32Array(part.journeys.slice().buffer);
    const course = journeys.map((journey) => {
      const known = numbers.get(journey);
      if (known !== undefined) return known;
      numbers.set(journey, numbers.size);
      return numbers.size - 1;
    });
    return { columns, course, changes: new Uint16Array(part.changes.slice().buffer) };
  });
  const places = vantagePlaces(ladder.vantages.length);
  const proxies: number[] = [];
  const vantages = ladder.vantages.map((vantage, index): CourseVantage => {
    if (vantage.isBehindProxy) proxies.push((places[index - 1] + places[index]) / 2);
    return { ...vantage, leg: proxies.length, at: places[index] };
  });
  const at = parts.map((part, index) => columnsOf(part, vantages[index], numbers.size));
  const from = sendersOf(parts, numbers.size);
  const first = firstOnTheWay(at, from);
  const order = inOrder(at, first);
  const sorted: Omit<Courses, 'fate'> = {
    vantages,
    proxies,
    isOrdered: ladder.isOrdered,
    at: at.map((columns) => permuted(columns, order)),
    first: Uint8Array.from(order, (course) => first[course]),
  };
  markOut(sorted, spanOf);
  const columns = ladderOf(parts, sorted, order, accounts);
  const [account] = accounts;
  return flowPackets(columns, {
    isTcp: account.row.protocol === 'tcp',
    ipVersion: ipVersionOf(account.row.client),
    // The numbers of each vantage were taken off: a device between may have changed them.
    baseSeq: { client: 0, server: 0 },
    windowShift: account.windowShift,
    courses: { ...sorted, fate: fatesOf(sorted, columns.from) },
    lookup: lookupOf(parts, order),
  });
}

function columnsOf({ columns, course, changes }: Part, clock: CourseVantage, count: number): CourseColumns {
  const at: CourseColumns = {
    seen: new Uint16Array(count),
    packet: new Uint32Array(count),
    file: new Uint32Array(count),
    frame: new Uint32Array(count),
    timeNs: new Float64Array(count),
    ttl: new Uint8Array(count),
    changes: new Uint16Array(count),
    isOut: new Uint8Array(count),
  };
  for (let i = 0; i < columns.count; i++) {
    const c = course[i];
    at.changes[c] |= changes[i];
    if (at.seen[c]++ > 0) continue;
    at.packet[c] = columns.packet[i];
    at.file[c] = columns.file[i];
    at.frame[c] = columns.frame[i];
    at.timeNs[c] = correctedNs(clock, columns.timeNs[i]);
    at.ttl[c] = columns.ttl[i];
  }
  return at;
}

function sendersOf(parts: readonly Part[], count: number): Uint8Array {
  const from = new Uint8Array(count);
  // The vantage nearest to the client has the last word: of connections without handshake a side may be guessed.
  for (const { columns, course } of [...parts].reverse()) {
    for (let i = 0; i < columns.count; i++) from[course[i]] = columns.from[i];
  }
  return from;
}

function firstOnTheWay(at: readonly CourseColumns[], from: Uint8Array): Uint8Array {
  return from.map((side, course) => {
    const order = side === 0 ? at.map((_, v) => v) : at.map((_, v) => at.length - 1 - v);
    return order.find((v) => at[v].seen[course] > 0) ?? 0;
  });
}

/**
 * Courses by the earliest of their corrected times. Of two that a vantage saw both the order there stands: their other times, which
 * clocks shift by their error, do not turn it.
 */
function inOrder(at: readonly CourseColumns[], first: Uint8Array): Uint32Array {
  const time = Float64Array.from(first, (v, course) =>
    at.reduce(
      (least, { seen, timeNs }) => (seen[course] > 0 ? Math.min(least, timeNs[course]) : least),
      at[v].timeNs[course],
    ),
  );
  const order = Uint32Array.from(first, (_, course) => course);
  return order.sort((a, b) => time[a] - time[b] || a - b);
}

function permuted(columns: CourseColumns, order: Uint32Array): CourseColumns {
  return {
    seen: Uint16Array.from(order, (course) => columns.seen[course]),
    packet: Uint32Array.from(order, (course) => columns.packet[course]),
    file: Uint32Array.from(order, (course) => columns.file[course]),
    frame: Uint32Array.from(order, (course) => columns.frame[course]),
    timeNs: Float64Array.from(order, (course) => columns.timeNs[course]),
    ttl: Uint8Array.from(order, (course) => columns.ttl[course]),
    changes: Uint16Array.from(order, (course) => columns.changes[course]),
    isOut: new Uint8Array(order.length),
  };
}

/** A vantage that had not begun, or had ended, cannot have missed anything. */
function markOut({ vantages, at, first }: Omit<Courses, 'fate'>, spanOf: SpanOf): void {
  for (const [v, vantage] of vantages.entries()) {
    const span = spanOf(vantage.file);
    if (span === null) continue;
    const [begin, end] = span.map((timeNs) => correctedNs(vantage, timeNs));
    const slack = vantage.offsetErrorNs ?? 0;
    for (let index = 0; index < first.length; index++) {
      const timeNs = at[first[index]].timeNs[index];
      if (timeNs < begin - slack || timeNs > end + slack) at[v].isOut[index] = 1;
    }
  }
}

function ladderOf(
  parts: readonly Part[],
  { at, first }: Omit<Courses, 'fate'>,
  order: Uint32Array,
  accounts: readonly FlowAccount[],
): LadderColumns {
  const columns = makeLadderColumns(order.length);
  const place = new Uint32Array(order.length);
  order.forEach((course, index) => {
    place[course] = index;
  });
  columns.reset.fill(-1);
  const isFilled = new Uint8Array(order.length);
  for (const [v, part] of parts.entries()) {
    const { columns: own, course } = part;
    const { baseSeq, resets } = accounts[v];
    const known = new Set(resets.map(({ row }) => row.id));
    for (let i = 0; i < own.count; i++) {
      const index = place[course[i]];
      // Of several sightings of a reset one has the record that verdicts are told by.
      if (own.reset[i] >= 0 && (columns.reset[index] < 0 || known.has(own.reset[i])))
        columns.reset[index] = own.reset[i];
      if (v !== first[index] || isFilled[index] === 1) continue;
      isFilled[index] = 1;
      columns.timeNs[index] = at[v].timeNs[index];
      columns.packet[index] = own.packet[i];
      columns.file[index] = own.file[i];
      columns.frame[index] = own.frame[i];
      columns.payload[index] = own.payload[i];
      columns.length[index] = own.length[i];
      columns.window[index] = own.window[i];
      columns.flags[index] = own.flags[i];
      columns.marks[index] = own.marks[i];
      columns.ttl[index] = own.ttl[i];
      columns.from[index] = own.from[i];
      const isIcmp = (own.marks[i] & MARK_ICMP) !== 0;
      const [mine, other]: readonly [Side, Side] =
        own.from[i] === 0 ? ['client', 'server'] : ['server', 'client'];
      columns.seq[index] = isIcmp ? own.seq[i] : seqDelta(own.seq[i], baseSeq[mine] ?? 0);
      columns.ack[index] = isIcmp ? own.ack[i] : seqDelta(own.ack[i], baseSeq[other] ?? 0);
    }
  }
  return columns;
}

/** By ascending number of every packet, at whichever vantage: the row that it is on. */
function lookupOf(parts: readonly Part[], order: Uint32Array): FlowPackets['lookup'] {
  const place = new Uint32Array(order.length);
  order.forEach((course, index) => {
    place[course] = index;
  });
  const count = parts.reduce((sum, { columns }) => sum + columns.count, 0);
  const all = new Float64Array(count);
  const rows = new Uint32Array(count);
  let at = 0;
  for (const { columns, course } of parts) {
    for (let i = 0; i < columns.count; i++, at++) {
      all[at] = columns.packet[i];
      rows[at] = place[course[i]];
    }
  }
  const sorted = Uint32Array.from(all, (_, index) => index).sort((a, b) => all[a] - all[b]);
  return {
    packets: Float64Array.from(sorted, (index) => all[index]),
    rows: Uint32Array.from(sorted, (index) => rows[index]),
  };
}
