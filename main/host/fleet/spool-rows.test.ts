/** Rows of a running capture: over all segments each flow and each reset has one, as the whole capture read at once has them. */
import type { Milliseconds, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { writePcap } from '../../../test/support/capture-writer.ts';
import {
  Conversation,
  type ConversationPacket,
  DEFAULT_START_NS,
  interleave,
} from '../../../test/support/conversation.ts';
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { undisguised } from '../../engine/fleet/disguise.ts';
import type { FleetCell, FleetContext } from '../../engine/fleet/fleet-row.ts';
import { LIVE_RETENTION } from '../../engine/retention/retention-options.ts';
import { Session } from '../../engine/session.ts';
import type { FleetRows } from './fleet-rows.ts';
import { keysWith, PUBLIC_FLEET_KEY } from './keys.ts';
import { rowsOfAnalysis } from './rows-of-analysis.ts';
import { SpoolRows, type SegmentRows } from './spool-rows.ts';

const SECOND_NS = 1_000_000_000n;
const TINY = { ...LIVE_RETENTION, maxPackets: 128, chunkPackets: 32, maxFlows: 40, settleSeconds: 30 };
const FOREVER = [Infinity as PacketNumber, Infinity as Nanoseconds, Infinity] as const;
const NOBODY = (): null => null;
const atOnce = (): Promise<void> => Promise.resolve();

type Cells = Record<string, FleetCell>;

function tableOf(rows: readonly FleetRows[], kind: FleetKind): Cells[] {
  return rows
    .filter((one) => one.kind === kind)
    .flatMap((one) => Array.from({ length: one.count }, (_, i) => one.cells(i) ?? []))
    .map((cells) => Object.fromEntries(FLEET_TABLES[kind].map(({ name }, i) => [name, cells[i]])));
}

function contextOf(session: Session, segment: number): FleetContext {
  return {
    ...{ capture: 7n, segment, keys: keysWith(PUBLIC_FLEET_KEY), disguise: undisguised(() => 'all.pcap') },
    get epochNs() {
      return session.clock.epochNs ?? 0n;
    },
  };
}

/** A capture that is fed piece by piece, and told of in as many segments. */
class Live {
  readonly session: Session;
  readonly rows: SpoolRows;
  readonly segments: SegmentRows[] = [];

  constructor(options = TINY) {
    this.session = new Session(options);
    this.rows = new SpoolRows(this.session, (segment) => contextOf(this.session, segment));
    this.session.watchLeaving(this.rows.watcher);
    this.session.startFile('all.pcap', 'none', false);
  }

  async cut(quietSinceNs = -Infinity): Promise<void> {
    await this.rows.tellEnded(quietSinceNs, atOnce);
    this.segments.push(this.rows.take(NOBODY));
  }

  async end(): Promise<FleetRows> {
    this.session.endFile(true);
    this.session.settleResets(...FOREVER);
    const rest = await this.rows.tellRest(atOnce);
    this.segments.push(this.rows.take(NOBODY));
    return rest;
  }
}

function feed(session: Session, bytes: Uint8Array): void {
  session.feed(bytes);
  session.reconsider(true);
  session.judgeFor(Infinity as Milliseconds, () => 0 as Milliseconds);
}

/** Every third of them is closed in order, every third is not answered, the others are aborted. */
function traffic(talks: number, secondsApart = 1n): ConversationPacket[] {
  return interleave(
    ...Array.from({ length: talks }, (_, i) => {
      const talk = new Conversation({
        client: { address: `10.1.0.${i}` },
        startNs: DEFAULT_START_NS + BigInt(i) * secondsApart * SECOND_NS,
      });
      if (i % 3 === 0) return talk.syn();
      talk.handshake().clientSends(100).serverAcks();
      return i % 3 === 1 ? talk.closes('client') : talk.rst({ from: 'server' });
    }),
  );
}

/** What a file of the same packets tells. */
function whole(packets: readonly ConversationPacket[]): readonly FleetRows[] {
  const session = analyzePackets(packets);
  const { flows, resets, failures } = rowsOfAnalysis(
    session,
    {
      flows: session.liveFlows(),
      openFlows: new Uint32Array(0),
      resets: session.resetSightings(),
      failures: session.failures.eachRow(),
      caseName: NOBODY,
    },
    contextOf(session, 0),
  );
  return [flows, resets, failures];
}

const byNumber = (name: string) => (a: Cells, b: Cells) => Number(a[name]) - Number(b[name]);

describe('the rows of a running capture', () => {
  const packets = traffic(100);

  it('are over all segments those of the same packets as a file, whatever is let go of on the way', async () => {
    const live = new Live();
    const bytes = writePcap({ nanos: true, packets });
    const piece = Math.ceil(bytes.length / 9);
    for (let at = 0; at < bytes.length; at += piece) {
      feed(live.session, bytes.slice(at, at + piece));
      live.session.settleResets(0 as PacketNumber, (live.session.lastNs - 30e9) as Nanoseconds, Infinity);
      await live.cut();
    }
    const rest = await live.end();
    const told = [...live.segments.flatMap(({ rows }) => rows), rest];
    expect(live.segments.filter(({ rows }) => tableOf(rows, 'flows').length > 0).length).toBeGreaterThan(3);
    expect(live.segments.reduce((sum, { untold }) => sum + untold, 0)).toBe(0);
    const flows = (rows: readonly FleetRows[]): Cells[] =>
      tableOf(rows, 'flows')
        .map((row) => ({ ...row, segment: null }))
        .sort(byNumber('flow'));
    expect(flows(told)).toEqual(flows(whole(packets)));
    // How long nothing came is as of the moment that it is told.
    const failures = (rows: readonly FleetRows[]): FleetCell[][] =>
      tableOf(rows, 'failures')
        .sort(byNumber('flow'))
        .map(({ flow, frame, time, kind, side, match_key }) => [flow, frame, time, kind, side, match_key]);
    expect(failures(told)).toEqual(failures(whole(packets)));
    const numbers = (rows: readonly FleetRows[]): FleetCell[][] =>
      tableOf(rows, 'resets').map(({ reset, flow, frame, time, match_key, reset_key, cause, count }) =>
        // What other flows show is let go of, so that confidence may differ and who and why may not.
        [reset, flow, frame, time, match_key, reset_key, cause, count],
      );
    expect(numbers(told)).toEqual(numbers(whole(packets)));
    expect(live.segments.reduce((sum, { settledResets }) => sum + settledResets, 0)).toBe(33);
    const findings = tableOf(told, 'findings');
    expect(findings.reduce((sum, { count }) => sum + Number(count), 0)).toBe(33);
  });

  it('name their segment, and the case that is kept of a reset', () => {
    const live = new Live(LIVE_RETENTION);
    feed(live.session, writePcap({ nanos: true, packets }));
    live.session.settleResets(...FOREVER);
    const first = live.rows.take((reset) => (reset === 1 ? 'kept.pcapng' : null));
    expect(
      tableOf(first.rows, 'resets')
        .map((row) => row['case_name'])
        .slice(0, 3),
    ).toEqual([null, 'kept.pcapng', null]);
    expect(tableOf(first.rows, 'findings').some((row) => row['case_name'] === 'kept.pcapng')).toBe(true);
    expect(new Set(tableOf(first.rows, 'resets').map(({ segment }) => segment))).toEqual(new Set([0]));
    expect(tableOf([live.rows.openFlows()], 'open_flows').every(({ segment }) => segment === 1)).toBe(true);
  });

  it('tell of a connection that is over and long quiet, of others not before the end', async () => {
    const live = new Live(LIVE_RETENTION);
    feed(live.session, writePcap({ nanos: true, packets: traffic(4, 20n) }));
    await live.cut(live.session.lastNs + 60e9);
    expect(tableOf(live.segments[0].rows, 'flows')).toEqual([]);
    expect(live.rows.openFlows().count).toBe(4);
    await live.cut(live.session.lastNs + 200e9);
    const told = tableOf(live.segments[1].rows, 'flows').map(({ flow, ending }) => [flow, ending]);
    expect(told).toEqual([
      [0, 'no-answer'],
      [1, 'clean'],
      [2, 'reset'],
    ]);
    // The newest packet is its SYN: by the capture's own clock no time has passed since.
    expect(tableOf([live.rows.openFlows()], 'open_flows').map(({ flow }) => flow)).toEqual([3]);
    expect((await live.end()).count).toBe(1);
    expect(live.segments[2].untold).toBe(0);
  });

  it('count a connection as untold that goes on after its row was made', async () => {
    const talk = new Conversation().handshake().clientSends(100).serverAcks().closes('client');
    const { length } = talk.packets;
    const later = talk.wait(400).clientSends(5).packets;
    const live = new Live(LIVE_RETENTION);
    const bytes = writePcap({ nanos: true, packets: later });
    const before = writePcap({ nanos: true, packets: later.slice(0, length) }).length;
    feed(live.session, bytes.slice(0, before));
    await live.cut(live.session.lastNs + 200e9);
    expect(tableOf(live.segments[0].rows, 'flows')).toHaveLength(1);
    feed(live.session, bytes.slice(before));
    expect((await live.end()).count).toBe(0);
    expect(live.segments[1].untold).toBe(1);
  });

  it('do not take a connection for ended that goes on after a reset', async () => {
    const talk = new Conversation().handshake().clientSends(100).rst({ from: 'server' }).serverSends(100);
    const live = new Live(LIVE_RETENTION);
    feed(live.session, writePcap({ nanos: true, packets: talk.packets }));
    await live.cut(live.session.lastNs + 200e9);
    expect(tableOf(live.segments[0].rows, 'flows')).toEqual([]);
    expect(live.rows.openFlows().count).toBe(1);
  });
});
