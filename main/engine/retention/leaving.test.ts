/** What an endless capture lets go of is told once, and whole, to whoever keeps it. */
import type { Milliseconds, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../../test/support/conversation.ts';
import { Session } from '../session.ts';
import type { RetentionOptions } from './retention-options.ts';
import { LIVE_RETENTION } from './retention-options.ts';

const TINY: RetentionOptions = {
  ...LIVE_RETENTION,
  maxPackets: 128,
  chunkPackets: 32,
  maxFlows: 40,
  idleSeconds: 1e6,
  settleSeconds: 1e6,
};
const TALKS = 100;
/** Every third of them is closed in order, every third is refused without a word, the others are aborted. */
const packets = interleave(
  ...Array.from({ length: TALKS }, (_, i) => {
    const talk = new Conversation({
      client: { address: `10.1.0.${i}` },
      startNs: DEFAULT_START_NS + BigInt(i) * 1_000_000_000n,
    });
    if (i % 3 === 0) return talk.syn();
    talk.handshake().clientSends(100).serverAcks();
    return i % 3 === 1 ? talk.closes('client') : talk.rst({ from: 'server' });
  }),
);

interface Told {
  readonly flows: { id: number; ending: string; failure: string | undefined }[];
  readonly resets: { id: number; cause: string; frame: number }[];
  unjudged: number;
}

function watched(options: RetentionOptions): { session: Session; told: Told } {
  const session = new Session(options);
  const told: Told = { flows: [], resets: [], unjudged: 0 };
  session.watchLeaving({
    flow: (flow, ended) => {
      const { id } = session.flowRow(flow);
      told.flows.push({ id, ending: ended?.ending ?? 'none', failure: ended?.failure()?.kind });
    },
    reset: ({ row, verdict }) =>
      told.resets.push({ id: row.id, cause: verdict.cause.code, frame: row.frame }),
    unjudged: (resets) => (told.unjudged += resets),
  });
  session.startFile('live.pcap', 'none', false);
  const bytes = writePcap({ nanos: true, packets });
  for (let at = 0; at < bytes.length; at += 4096) session.feed(bytes.slice(at, at + 4096));
  session.endFile(true);
  return { session, told };
}

const FOREVER = [Infinity as PacketNumber, Infinity as Nanoseconds] as const;
const whole = analyzePackets(packets);

describe('what is let go of', () => {
  const { session, told } = watched(TINY);

  it('is every flow that is not there any more, once, with the ending that the whole capture has', () => {
    const here = Array.from(session.liveFlows(), (flow) => session.flowRow(flow as never).id);
    expect(told.flows.length).toBeGreaterThan(TALKS / 2);
    expect([...told.flows.map(({ id }) => id), ...here].sort((a, b) => a - b)).toEqual(
      Array.from({ length: TALKS }, (_, i) => i),
    );
    for (const { id, ending, failure } of told.flows) {
      const row = whole.flowRow(whole.flows.flowOf(id as never));
      expect([id, ending]).toEqual([id, row.ending]);
      expect(failure).toBe(whole.failures.row(id as never)?.kind);
    }
    expect(told.flows.some(({ failure }) => failure !== undefined)).toBe(true);
  });

  it('is every reset, once, in its order; those that are left when they are asked for', () => {
    const before = told.resets.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(session.resets.count);
    expect(session.settleResets(...FOREVER, 2)).toBe(false);
    expect(told.resets.length).toBe(before + 2);
    expect(session.settleResets(...FOREVER, Infinity)).toBe(true);
    expect(told.resets.map(({ id }) => id)).toEqual([...whole.resetIds()]);
    expect(told.resets.map(({ cause, frame }) => [cause, frame])).toEqual(
      [...whole.resetIds()].map((id) => [
        whole.resetAccount(id).verdict.cause.code,
        whole.resetRow(id).frame,
      ]),
    );
    session.settleResets(...FOREVER, Infinity);
    expect(told.resets.length).toBe(whole.resets.count);
  });

  it('counts resets that nobody had the time to judge', () => {
    const given = watched(LIVE_RETENTION);
    given.session.judgeFor(0 as Milliseconds, () => 0 as Milliseconds);
    given.session.giveUpVerdicts();
    const { unjudged } = given.session.resets;
    given.session.settleResets(...FOREVER, Infinity);
    expect(unjudged).toBeGreaterThan(0);
    expect(given.told.unjudged).toBe(unjudged);
    expect(given.told.resets.length + unjudged).toBe(whole.resets.total);
  });

  it('does not tell of what lies behind the bounds', () => {
    const late = watched(LIVE_RETENTION);
    const ids = [...whole.resetIds()];
    const middle = ids[ids.length >> 1];
    const beforeNs = late.session.packets.time(late.session.resets.packet(middle));
    late.session.settleResets(0 as PacketNumber, beforeNs, Infinity);
    expect(late.told.resets.map(({ id }) => id)).toEqual(ids.filter((id) => id < middle));
  });
});
